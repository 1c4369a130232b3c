# METADATA
# title: Install asks before it goes on
# description: |
#   A package manager that asks for confirmation is called without the option that gives it. Nobody
#   answers during a build.
# related_resources:
#   - ref: https://docs.docker.com/build/building/best-practices/#apt-get
# custom:
#   severity: low
#   kinds: [dockerfile]
#   subjects: [build]
#   profiles: [baseline, strict, lint]
#   checklist: ["K:151"]
#   equivalents:
#     hadolint: [DL3014, DL3030, DL3034, DL3038]
#     trivy: [DS-0021]
#     kics:
#       - apt_get_missing_flags_to_avoid_manual_input
#       - missing_flag_from_dnf_install
#       - yum_install_allows_manual_input
#       - missing_zypper_non_interactive_switch
#   remedy: Add -y.
#   since: 0.1.0
package checklist.lint["interactive-install"]

import data.checklist.lib.apt
import data.checklist.lib.command
import data.plimsoll.finding

deny contains finding.at(operation, message) if {
	some operation in input.build.package_operations
	operation.assume_yes == false
	operation.needed == true
	operation.action in {"install", "upgrade"}
	commands := input.build.runs[operation.run].commands
	not _answered(commands, commands[operation.command])
	not _configured(operation)
	message := sprintf("`%s` asks for confirmation, which `%s` would give", [
		operation.program,
		_options[operation.manager],
	])
}

unknown contains finding.unknown(input.build, reason) if {
	some reason in command.unread(input.build)
}

# What confirms, by package manager.
_options := {
	"apt": "-y",
	"yum": "-y",
	"dnf": "-y",
	"tdnf": "-y",
	"zypper": "--non-interactive",
	"pacman": "--noconfirm",
}

# Something is piped into it, or it reads something, perhaps through the sudo that runs it:
# `yes | apt-get …`, `sudo apt-get … <<< y`.
_answered(_, cmd) if is_number(cmd.pipe_from)

_answered(_, cmd) if _reads(cmd)

_answered(commands, cmd) if _reads(commands[cmd.wrapped_by])

_reads(cmd) if {
	some redirect in cmd.redirects
	startswith(redirect.operator, "<")
	redirect.target != "/dev/null"
}

_configured(operation) if {
	operation.manager == "apt"
	apt.is_configured(input.build, operation, `(?i)\bapt::get::assume-yes\W+(true|yes|1)\b`)
}
