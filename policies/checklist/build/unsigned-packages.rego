# METADATA
# title: Package signatures are not checked
# description: |
#   A package manager is told to install packages without checking their signatures, by an option of
#   the command or by what is written into its configuration.
# related_resources:
#   - ref: https://manpages.debian.org/bookworm/apt/apt-secure.8.en.html
#   - ref: https://dnf.readthedocs.io/en/latest/conf_ref.html
# custom:
#   severity: high
#   kinds: [dockerfile]
#   subjects: [build]
#   profiles: [baseline, cis, strict]
#   checklist: ["K:160"]
#   cis: ["4.11"]
#   nist: ["4.1.5"]
#   equivalents:
#     checkov: [CKV2_DOCKER_7, CKV2_DOCKER_8, CKV2_DOCKER_9, CKV2_DOCKER_10, CKV2_DOCKER_11]
#   remedy: Import the key that the packages are signed with, and leave the check on.
#   params:
#     allowed_in_stages:
#       type: list<string>
#       default: []
#       description: Names of stages in which unsigned packages are accepted.
#   since: 0.1.0
package checklist.build["unsigned-packages"]

import data.checklist.lib.command
import data.plimsoll.finding

deny contains finding.at_item(cmd, "args", index, message) if {
	some run in input.build.runs
	run.needed == true
	some cmd in run.commands
	off := _off[cmd.name]
	some index, arg in cmd.args
	off[arg]
	_installs(cmd)
	_judged(run)
	message := sprintf("`%s` does not check signatures with `%s`", [cmd.name, arg])
}

deny contains finding.at_item(cmd, "args", option.index, message) if {
	some run in input.build.runs
	run.needed == true
	some cmd in run.commands
	setting := _setting_options[cmd.name]
	some option in command.options(cmd, setting.short, setting.long)
	regex.match(setting.pattern, option.value)
	_judged(run)
	message := sprintf("`%s` does not check signatures with `%s`", [cmd.name, option.value])
}

deny contains finding.at_item(cmd, "args", index, message) if {
	some run in input.build.runs
	run.needed == true
	some cmd in run.commands
	_writers[cmd.name]
	some index, arg in cmd.args
	some words, pattern in _settings
	contains(lower(arg), words)
	regex.match(pattern, _written(cmd, arg))
	_judged(run)
	message := sprintf("`%s` configures a package manager not to check signatures", [cmd.name])
}

unknown contains finding.unknown(input.build, reason) if {
	some reason in command.unread(input.build)
}

_judged(run) if {
	exempt := input.params["build/unsigned-packages"].allowed_in_stages
	count([name | some name in exempt; input.build.stages[run.stage].name == lower(name)]) == 0
}

_apt := {"--allow-unauthenticated", "--force-yes", "--allow-insecure-repositories"}

_yum := {"--nogpgcheck", "--no-gpgchecks"}

# Options that switch the check off, by program.
_off := {
	"apt-get": _apt,
	"apt": _apt,
	"aptitude": {"--allow-untrusted"},
	"apk": {"--allow-untrusted"},
	"yum": _yum,
	"dnf": _yum,
	"dnf5": _yum,
	"microdnf": _yum,
	"tdnf": _yum,
	"rpm": {"--nosignature", "--nodigest", "--noverify", "--nofiledigest"},
	"zypper": {"--no-gpg-checks", "--no-gpgcheck", "--allow-unsigned-rpm", "--gpgcheck-allow-unsigned"},
}

_installs(cmd) if cmd.name != "rpm"

# rpm's queries and verifications install nothing.
_installs(cmd) if {
	count([arg | some arg in cmd.args; regex.match(`^(-[a-zA-Z]*[qV]|--query|--verify)`, arg)]) == 0
}

_apt_option := {
	"short": "-o",
	"long": "--option",
	"pattern": `(?i)^(apt::get::(allowunauthenticated|force-yes)|acquire::allowinsecurerepositories)=(true|yes|1|on|with|enable)$`,
}

_yum_option := {
	"short": "--setopt",
	"long": "--setopt",
	"pattern": `(?i)^([^=]*\.)?(pkg_)?gpgcheck=(0|false|no|off)$`,
}

_setting_options := {
	"apt-get": _apt_option,
	"apt": _apt_option,
	"aptitude": _apt_option,
	"yum": _yum_option,
	"dnf": _yum_option,
	"dnf5": _yum_option,
	"microdnf": _yum_option,
	"tdnf": _yum_option,
	"yum-config-manager": _yum_option,
}

# Programs whose arguments end up in files.
_writers := {"echo", "printf", "sed", "add-apt-repository", "apt-add-repository"}

# What they write: of sed's `s/…/…/` what is put in.
_written(cmd, arg) := arg if {
	cmd.name != "sed"
} else := written if {
	startswith(arg, "s")
	written := split(arg, substring(arg, 1, 1))[2]
}

# What a configuration says, by a part of it in lower case that is quickly looked for.
# `repo_gpgcheck` is about the list of packages, and not about the packages.
_settings := {
	"trusted=yes": `(?i)\[[^\]]*\btrusted=yes\b`,
	"trusted: yes": `(?i)(^|\n|\\n)trusted: yes`,
	"allowunauthenticated": `(?i)\bapt::get::allowunauthenticated\W+(true|yes|1)\b`,
	"allowinsecurerepositories": `(?i)\bacquire::allowinsecurerepositories\W+(true|yes|1)\b`,
	"gpgcheck": `(?i)(^|[^_a-z]|\\n|pkg_)gpgcheck\s*=\s*(0|false|no)($|\W|n)`,
	"siglevel": `(?i)\bsiglevel\s*=\s*never\b`,
}
