# METADATA
# title: Failure in a pipe goes unnoticed
# description: |
#   A RUN pipes a command that may fail into another, in a shell that only looks at the last one; or it
#   replaces /bin/sh where SHELL would choose the shell.
# related_resources:
#   - ref: https://docs.docker.com/build/building/best-practices/#using-pipes
# custom:
#   severity: low
#   kinds: [dockerfile]
#   subjects: [build]
#   profiles: [baseline, strict, lint]
#   checklist: ["K:151"]
#   equivalents:
#     hadolint: [DL4005, DL4006]
#     kics: [shell_running_a_pipe_without_pipefail_flag, changing_default_shell_using_run_command]
#   remedy: 'Set SHELL ["/bin/bash", "-o", "pipefail", "-c"] before the RUN.'
#   params:
#     require_pipefail:
#       type: boolean
#       default: true
#       description: Whether pipes need pipefail.
#   since: 0.1.0
package checklist.lint["unset-pipefail"]

import data.checklist.lib.command
import data.plimsoll.finding

deny contains finding.at(run.commands[first], message) if {
	some run in input.build.runs
	run.needed == true
	pipes := _pipes(run)
	count(pipes) > 0
	_shell(run) == "plain"
	first := pipes[0]
	message := sprintf("a failure of `%s` goes unnoticed, as the pipe's result is that of its last command", [run.commands[first].name])
}

deny contains finding.at(cmd, "`/bin/sh` is replaced, which SHELL is meant for") if {
	some run in input.build.runs
	run.needed == true
	some cmd in run.commands
	cmd.name == "ln"
	count(cmd.args) > 0
	cmd.args[count(cmd.args) - 1] in {"/bin/sh", "/usr/bin/sh"}
}

unknown contains finding.unknown(input.build, reason) if {
	some reason in command.unread(input.build)
}

# Commands whose failure a pipe hides. `… | grep x || true` says that it does not matter.
_pipes(run) := pipes if {
	input.params["lint/unset-pipefail"].require_pipefail == true
	count([cmd | some cmd in run.commands; is_number(cmd.pipe_to)]) > 0
	readers := command.readers(run)
	pipes := [index |
		some index, cmd in run.commands
		is_number(cmd.pipe_to)
		not cmd.name in {"echo", "printf", "yes", "true", "set"}
		count([reader |
			some reader in graph.reachable(readers, {index})
			run.commands[reader].separator == "||"
		]) == 0
		_unset(run.commands, index, cmd)
	]
}

# No `set -o pipefail` before, and no shell around it that has the option.
_unset(commands, index, cmd) if {
	count([position |
		some position, setting in commands
		position < index
		setting.name == "set"
		"pipefail" in setting.args
	]) == 0
	not _wrapped(commands, cmd)
}

_wrapped(commands, cmd) if "pipefail" in commands[cmd.wrapped_by].args

# `plain` (no pipefail), `pipefail`, `other` (no POSIX shell).
_shell(run) := _kind(run.shell) if {
	count(run.shell) > 0
} else := "plain" if {
	count(run.shell) == 0
	not _windows(input.build.stages[run.stage])
} else := "other" if {
	count(run.shell) == 0
	_windows(input.build.stages[run.stage])
}

_kind(words) := "pipefail" if {
	"pipefail" in words
} else := "other" if {
	regex.match(`(?i)(powershell|pwsh|cmd)(\.exe)?$`, words[0])
} else := "plain" if {
	not "pipefail" in words
	not regex.match(`(?i)(powershell|pwsh|cmd)(\.exe)?$`, words[0])
}

_windows(stage) if stage.resolved_platform.os == "windows"

_windows(stage) if startswith(input.references[stage.base].name, "mcr.microsoft.com/windows")
