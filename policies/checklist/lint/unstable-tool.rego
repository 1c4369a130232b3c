# METADATA
# title: RUN uses a tool that does not suit a build
# description: |
#   Looks for `apt`, whose options and output may change; for curl and wget side by side in one stage; for
#   wget that fills the log with its progress; for useradd that makes a huge log file; and for commands that
#   look after a host and do nothing in a build.
# related_resources:
#   - ref: https://docs.docker.com/build/building/best-practices/#apt-get
#   - ref: https://manpages.debian.org/bookworm/apt/apt.8.en.html
# custom:
#   severity: info
#   kinds: [dockerfile]
#   subjects: [build]
#   profiles: [strict, lint]
#   checklist: ["K:151"]
#   equivalents:
#     hadolint: [DL3001, DL3027, DL3046, DL3047, DL4001]
#     trivy: [DS-0014]
#     kics: [run_using_apt, run_using_wget_and_curl, run_utilities_and_posix_commands]
#     ddkics: [use_recommended_flags_with_useradd]
#     checkov: [CKV_DOCKER_9]
#   remedy: Use apt-get or apt-cache, one downloader, `wget -nv`, `useradd --no-log-init`, and no command for hosts.
#   params:
#     checks:
#       type: list<string>
#       default: [apt, two-downloaders, wget-progress, useradd-log, host-command]
#       description: What to look for.
#     high_uid:
#       type: integer
#       default: 100000
#       description: The lowest user id for which useradd has to be told not to write its log.
#     host_commands:
#       type: list<string>
#       default: [ssh, vim, shutdown, service, ps, free, top, kill, mount, ifconfig]
#       description: Commands that look after a host.
#   since: 0.1.0
package checklist.lint["unstable-tool"]

import data.checklist.lib.command
import data.checklist.lib.script
import data.plimsoll.finding

deny contains finding.at_field(cmd, "name", "`apt` is made for people: use `apt-get` or `apt-cache`") if {
	some run in input.build.runs
	some cmd in run.commands
	cmd.name == "apt"
	run.needed == true
	_checks("apt")
}

deny contains finding.at_field(cmd, "name", sprintf("`%s` is the second downloader of the stage", [cmd.name])) if {
	some index, run in input.build.runs
	some position, cmd in run.commands
	cmd.name in {"curl", "wget"}
	run.needed == true
	_checks("two-downloaders")
	before := {other.name |
		some other_index, other_run in input.build.runs
		other_run.stage == run.stage
		some other_position, other in other_run.commands
		other.name in {"curl", "wget"}
		[other_index, other_position] < [index, position]
	}
	count(before) == 1
	not cmd.name in before
}

deny contains finding.at_field(cmd, "name", "`wget` writes its progress to the log") if {
	some run in input.build.runs
	some cmd in run.commands
	cmd.name == "wget"
	run.needed == true
	_checks("wget-progress")
	not _is_quiet(cmd)
}

deny contains finding.at_item(cmd, "args", uid.index, sprintf("`useradd` writes a log file that is as large as the user id `%s` is high", [uid.value])) if {
	some run in input.build.runs
	some cmd in run.commands
	cmd.name == "useradd"
	run.needed == true
	_checks("useradd-log")
	some uid in command.options(cmd, "-u", "--uid")
	regex.match(`^[0-9]{1,10}$`, uid.value)
	to_number(uid.value) >= input.params["lint/unstable-tool"].high_uid
	count(command.flags(cmd, "l", "--no-log-init", _useradd_valued)) == 0
}

deny contains finding.at_field(cmd, "name", sprintf("`%s` looks after a host: it is of no use in a build", [cmd.name])) if {
	some run in input.build.runs
	run.needed == true
	some cmd in run.commands
	cmd.name in input.params["lint/unstable-tool"].host_commands
	_checks("host-command")
	not _is_given_ssh(run, cmd)
}

unknown contains unread if some unread in script.unread(input)

_checks(name) if name in input.params["lint/unstable-tool"].checks

# The letters of short options that take a value.
_useradd_valued := ["b", "c", "d", "g", "G", "k", "s"]

_wget_valued := ["e", "O", "P", "t", "U"]

_is_quiet(cmd) if count(command.flags(cmd, "q", "--quiet", _wget_valued)) > 0

_is_quiet(cmd) if count(command.flags(cmd, "o", "--output-file", ["O", "P", "n"])) > 0

_is_quiet(cmd) if count(command.flags(cmd, "a", "--append-output", ["O", "P", "n"])) > 0

_is_quiet(cmd) if {
	some arg in cmd.args
	_quiet_option(arg)
}

_quiet_option(arg) if startswith(arg, "--progress")

_quiet_option(arg) if startswith(arg, "-nv")

_quiet_option(arg) if arg == "--no-verbose"

_quiet_option(arg) if startswith(arg, "--output-file=")

_quiet_option(arg) if startswith(arg, "--append-output=")

# The build hands it an agent to use.
_is_given_ssh(run, cmd) if {
	cmd.name == "ssh"
	some mount in run.mounts
	mount.kind == "ssh"
}
