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
import data.checklist.lib.stage
import data.plimsoll.finding

deny contains finding.at(run.commands[first], message) if {
	input.params["lint/unset-pipefail"].require_pipefail == true
	some run in input.build.runs
	run.needed == true
	first := _hiding(run)[0]
	_is_plain(run)
	message := sprintf("a failure of `%s` goes unnoticed, as the pipe's result is that of its last command", [run.commands[first].name])
}

deny contains finding.at(cmd, "`/bin/sh` is replaced, which SHELL is meant for") if {
	some run in input.build.runs
	run.needed == true
	some cmd in run.commands
	cmd.name == "ln"
	cmd.args[count(cmd.args) - 1] in {"/bin/sh", "/usr/bin/sh"}
}

unknown contains finding.unknown(input.build, reason) if {
	some reason in command.unread(input.build)
}

# The positions of commands whose failure a pipe hides. `… | grep x || true` says that it does not matter.
_hiding(run) := [index |
	some index, cmd in run.commands
	is_number(cmd.pipe_to)
	not cmd.name in {"echo", "printf", "yes", "true", "set"}
	not _is_set(run.commands, index, cmd)
	count([reader |
		some reader in graph.reachable(command.readers(run), {index})
		run.commands[reader].separator == "||"
	]) == 0
]

# By `set -o pipefail` before it.
_is_set(commands, index, _) if {
	some setting in array.slice(commands, 0, index)
	setting.name == "set"
	"pipefail" in setting.args
}

# By the shell around it: `bash -o pipefail -c '…'`.
_is_set(commands, _, cmd) if "pipefail" in commands[cmd.wrapped_by].args

# A POSIX shell without pipefail.
_is_plain(run) if {
	count(run.shell) > 0
	not "pipefail" in run.shell
	not regex.match(`(?i)(powershell|pwsh|cmd)(\.exe)?$`, run.shell[0])
}

_is_plain(run) if {
	count(run.shell) == 0
	not _is_on_windows(run)
}

_is_on_windows(run) if {
	some index in stage.lineage(input.build, run.stage)
	_is_windows(input.build.stages[index])
}

_is_windows(below) if below.resolved_platform.os == "windows"

_is_windows(below) if startswith(input.references[below.base].name, "mcr.microsoft.com/windows")
