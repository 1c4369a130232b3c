# METADATA
# title: Package is installed in no particular version
# description: |
#   A package that is installed by name without a version, or with one that new releases satisfy. Files,
#   URLs, groups and variables are left alone.
# related_resources:
#   - ref: https://docs.docker.com/build/building/best-practices/#version-pinning
# custom:
#   severity: low
#   kinds: [dockerfile]
#   subjects: [build]
#   profiles: [strict, lint]
#   checklist: ["K:151"]
#   cis: ["4.7", "4.11"]
#   equivalents:
#     hadolint: [DL3008, DL3013, DL3016, DL3018, DL3028, DL3033, DL3037, DL3041, DL3062]
#     kics:
#       - apt_get_install_pin_version_not_defined
#       - unpinned_package_version_in_apk_add
#       - unpinned_package_version_in_pip_install
#       - npm_install_without_pinned_version
#       - gem_install_without_version
#       - yum_install_without_version
#       - missing_version_specification_in_dnf_install
#       - zypper_install_without_version
#   remedy: Name the version, or install from a lock file or from a snapshot of the repository.
#   params:
#     managers:
#       type: list<string>
#       default: [apt, apk, yum, dnf, microdnf, tdnf, zypper, pip, npm, yarn, pnpm, gem, go]
#       description: Package managers to look at.
#     allow_requirements_files:
#       type: boolean
#       default: true
#       description: Whether a file that lists packages, such as requirements.txt, counts as pinned.
#   since: 0.1.0
package checklist.lint["unpinned-package"]

import data.checklist.lib.command
import data.plimsoll.finding

deny contains finding.at(wanted, message) if {
	some operation in input.build.package_operations
	operation.action == "install"
	operation.needed == true
	operation.manager in input.params["lint/unpinned-package"].managers
	some wanted in operation.packages
	wanted.kind == "name"
	_loose(wanted.version)
	not _constrained(operation)
	message := sprintf("%s is installed in no particular version: `%s`", [operation.manager, wanted.name])
}

deny contains finding.at(wanted, message) if {
	input.params["lint/unpinned-package"].allow_requirements_files == false
	some operation in input.build.package_operations
	operation.action == "install"
	operation.needed == true
	operation.manager in input.params["lint/unpinned-package"].managers
	some wanted in operation.packages
	wanted.kind == "requirements"
	message := sprintf("%s installs what a file lists: `%s`", [operation.manager, wanted.name])
}

unknown contains finding.unknown(input.build, reason) if {
	some reason in command.unread(input.build)
}

_loose(version) if version == null

# `~=1.2`, `=1.*` and `1.2.x` admit releases of one line only; the rest admits whatever comes.
_loose(version) if {
	is_string(version)
	regex.match(`^([<>!^*]|latest$|next$|$)`, version)
}

# pip's constraints pin what the command names.
_constrained(operation) if {
	operation.manager == "pip"
	cmd := input.build.runs[operation.run].commands[operation.command]
	some arg in cmd.args
	regex.match(`^(-c|--constraints?)(=|$)`, arg)
}
