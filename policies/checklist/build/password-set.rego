# METADATA
# title: Build sets the password of an account
# description: |
#   Looks for commands that give an account a password, or take it away. The password, or its hash, is
#   in the image and in its history, the same in every container; processes in containers need none.
# related_resources:
#   - ref: https://docs.docker.com/reference/dockerfile/#user
#   - ref: https://man7.org/linux/man-pages/man8/chpasswd.8.html
# custom:
#   severity: high
#   levels: {builder: low}
#   kinds: [dockerfile]
#   subjects: [build]
#   profiles: [baseline, cis, strict]
#   checklist: ["K:135"]
#   cis: ["4.10"]
#   nist: ["4.1.2"]
#   equivalents:
#     checkov: [CKV2_DOCKER_17]
#     dockle: [DKL-LI-0001, DKL-LI-0002]
#   remedy: Leave the account without a password, and choose the user with USER.
#   params:
#     allow_locked:
#       type: boolean
#       default: true
#       description: Whether `!` and `*`, with which nobody can log in, are fine as a password.
#   since: 0.1.0
package checklist.build["password-set"]

import data.plimsoll.finding

deny contains _weigh(run, finding.at(command, sprintf("`%s` sets the password of an account", [command.name]))) if {
	some run in input.build.runs
	run.needed == true
	some command in run.commands
	_sets_password(command)
}

deny contains _weigh(run, finding.at(redirect, sprintf("`%s` is written", [redirect.target]))) if {
	some run in input.build.runs
	run.needed == true
	some command in run.commands
	some redirect in command.redirects
	redirect.target in {"/etc/shadow", "/etc/gshadow"}
	redirect.operator in {">", ">>", ">|"}
}

deny contains _weigh(run, finding.at_item(command, "args", index, sprintf("`%s` is written", [file]))) if {
	some run in input.build.runs
	run.needed == true
	some command in run.commands
	command.name == "tee"
	some index, file in command.args
	file in {"/etc/shadow", "/etc/gshadow"}
}

unknown contains finding.unknown(input.build, "the commands of a RUN are not known") if {
	some run in input.build.runs
	run.needed == true
	"commands" in run.incomplete
}

_weigh(run, found) := found if {
	run.shipped == true
} else := finding.level("builder", found)

_sets_password(command) if command.name == "chpasswd"

_sets_password(command) if {
	command.name == "passwd"
	some argument in command.args
	argument in {"-d", "--delete", "--stdin", "-s"}
}

# `echo secret | passwd app`
_sets_password(command) if {
	command.name == "passwd"
	command.pipe_from != null
	not _only_locks(command)
}

_sets_password(command) if {
	command.name in {"useradd", "usermod"}
	some index, argument in command.args

	# `-p`, alone or behind options that take no value: `-mp`.
	regex.match(`^(--password|-[DLMNUalmor]*p)$`, argument)
	count([next | some next in array.slice(command.args, index + 1, index + 2); _is_locked(next)]) == 0
}

_sets_password(command) if {
	command.name in {"useradd", "usermod"}
	some argument in command.args
	startswith(argument, "--password=")
	not _is_locked(trim_prefix(argument, "--password="))
}

_only_locks(command) if {
	some argument in command.args
	argument in {"-l", "--lock", "-e", "--expire", "-S", "--status"}
}

_is_locked(password) if {
	input.params["build/password-set"].allow_locked == true
	password in {"!", "!!", "*", "!*", "x"}
}
