# METADATA
# title: Files are writable by everybody
# description: |
#   A mode that lets every user of the container write: given by chmod, mkdir or install, or by --chmod
#   of COPY or ADD.
# related_resources:
#   - ref: https://docs.docker.com/reference/dockerfile/#copy---chown---chmod
# custom:
#   severity: medium
#   kinds: [dockerfile]
#   subjects: [build]
#   profiles: [baseline, strict]
#   checklist: ["K:293"]
#   nist: ["4.1.2"]
#   remedy: Give the files to the user that writes them, with --chown, and let others read.
#   params:
#     allowed_paths:
#       type: list<string>
#       default: [/tmp, /var/tmp]
#       description: Paths that everybody may write to; nothing below them.
#   since: 0.1.0
package checklist.build["world-writable"]

import data.checklist.lib.command
import data.checklist.lib.mode
import data.plimsoll.finding

deny contains finding.at_item(cmd, "args", index, message) if {
	some run in input.build.runs
	run.needed == true
	some cmd in run.commands
	cmd.name == "chmod"
	operands := [position |
		some position, arg in cmd.args
		_operand(arg)
	]
	index := operands[0]
	mode.world_writable(cmd.args[index])
	count([position |
		some position in operands
		position > index
		not _allowed(cmd.args[position])
	]) > 0
	message := sprintf("`chmod %s` lets everybody write", [cmd.args[index]])
}

deny contains finding.at_item(cmd, "args", option.index, message) if {
	some run in input.build.runs
	run.needed == true
	some cmd in run.commands
	cmd.name in {"mkdir", "install", "mkfifo"}
	some option in command.options(cmd, "-m", "--mode")
	mode.world_writable(option.value)
	not _allowed(cmd.args[count(cmd.args) - 1])
	message := sprintf("`%s` with mode `%s` lets everybody write", [cmd.name, option.value])
}

deny contains finding.at_field(copy, "chmod", message) if {
	some copy in input.build.copies
	copy.needed == true
	mode.world_writable(copy.chmod)
	not _allowed(copy.dest)
	message := sprintf("`--chmod=%s` lets everybody write", [copy.chmod])
}

unknown contains finding.unknown(input.build, "a --chmod depends on a variable") if {
	some copy in input.build.copies
	copy.needed == true
	object.get(copy, "chmod", "absent") == "absent"
}

unknown contains finding.unknown(input.build, reason) if {
	some reason in command.unread(input.build)
}

# `chmod -w x` takes permissions away; `-R` and `--recursive` are options.
_operand(arg) if not startswith(arg, "-")

_operand(arg) if regex.match(`^-[rwxXst]+$`, arg)

_allowed(path) if {
	some allowed in input.params["build/world-writable"].allowed_paths
	trim_suffix(path, "/") == trim_suffix(allowed, "/")
}
