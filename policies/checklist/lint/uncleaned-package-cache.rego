# METADATA
# title: Package cache stays in the image
# description: |
#   A RUN of the image's own stages installs packages and leaves the lists or the cache of the package
#   manager in its layer. What a later RUN removes stays in the earlier layer.
# related_resources:
#   - ref: https://docs.docker.com/build/building/best-practices/#apt-get
# custom:
#   severity: low
#   kinds: [dockerfile]
#   subjects: [image]
#   profiles: [baseline, strict, lint]
#   checklist: ["K:102", "K:121", "K:151"]
#   equivalents:
#     hadolint: [DL3009, DL3019, DL3032, DL3036, DL3040, DL3042, DL3060]
#     trivy: [DS-0015, DS-0019, DS-0020, DS-0025, DS-0027]
#     kics:
#       - apk_add_using_local_cache_path
#       - apt_get_install_lists_were_not_deleted
#       - missing_dnf_clean_all
#       - missing_zypper_clean
#       - pip_install_keeping_cached_packages
#       - yum_clean_all_missing
#     dockle: [DKL-DI-0004, DKL-DI-0005]
#   remedy: Clean up in the same RUN, or keep the cache in a cache mount.
#   params:
#     managers:
#       type: list<string>
#       default: [apt, apk, yum, dnf, microdnf, tdnf, zypper, pip, yarn]
#       description: Package managers to look at.
#   since: 0.1.0
package checklist.lint["uncleaned-package-cache"]

import data.plimsoll.finding

deny contains finding.of(image, finding.at(operation, message)) if {
	some image in input.images
	some operation in input.build.package_operations
	_leaves(operation)
	not _cleaned(operation)
	not _unclear(operation)
	message := sprintf("`%s` leaves its %s in the image", [operation.program, _caches[operation.manager].word])
}

unknown contains finding.unknown(image, "the target of a mount depends on a variable") if {
	some image in input.images
	some operation in input.build.package_operations
	_leaves(operation)
	not _cleaned(operation)
	_unclear(operation)
}

unknown contains finding.unknown(image, "what a RUN runs is not understood in full") if {
	some image in input.images
	some run in input.build.runs
	run.shipped == true
	"commands" in run.incomplete
}

_rpm := {"word": "cache", "folders": ["/var/cache/yum", "/var/cache/dnf", "/var/cache/libdnf5", "/var/cache/tdnf"]}

# What each manager leaves behind, and where.
_caches := {
	"apt": {"word": "package lists", "folders": ["/var/lib/apt/lists"]},
	"apk": {"word": "cache", "folders": ["/var/cache/apk", "/etc/apk/cache"]},
	"yum": _rpm,
	"dnf": _rpm,
	"microdnf": _rpm,
	"tdnf": _rpm,
	"zypper": {"word": "cache", "folders": ["/var/cache/zypp"]},
	"pacman": {"word": "cache", "folders": ["/var/cache/pacman"]},
	"pip": {"word": "cache", "folders": ["/.cache"]},
	"yarn": {"word": "cache", "folders": ["/.cache", "/.yarn"]},
	"npm": {"word": "cache", "folders": ["/.npm"]},
}

# The first operation of a RUN that fills the cache stands for all of them.
_leaves(operation) if {
	operation.shipped == true
	operation.manager in input.params["lint/uncleaned-package-cache"].managers
	_caches[operation.manager]
	_fills(operation)
	count([earlier |
		some earlier in input.build.package_operations
		earlier.run == operation.run
		earlier.manager == operation.manager
		earlier.command < operation.command
		_fills(earlier)
	]) == 0
}

# Debian's images do not keep what apt downloads; the lists come with the update.
_fills(operation) if {
	operation.manager == "apt"
	operation.action == "update_index"
}

_fills(operation) if {
	operation.manager == "apt"
	operation.updates_index == true
}

_fills(operation) if {
	operation.manager != "apt"
	operation.action in {"install", "upgrade", "update_index"}
	operation.no_cache == false
	not _is_switched_off(operation)
}

_cleaned(operation) if {
	some cleaning in input.build.package_operations
	cleaning.action == "clean"
	cleaning.run == operation.run
	cleaning.command > operation.command
	_caches[cleaning.manager] == _caches[operation.manager]
	_empties(cleaning)
}

_cleaned(operation) if {
	some index, cmd in input.build.runs[operation.run].commands
	index > operation.command
	cmd.name in {"rm", "find"}
	some arg in cmd.args
	some folder in _caches[operation.manager].folders
	_covers(arg, folder)
}

_cleaned(operation) if {
	some mount in input.build.runs[operation.run].mounts
	mount.kind in {"cache", "tmpfs"}
	some folder in _caches[operation.manager].folders
	_covers(mount.target, folder)
}

# `apt-get clean` leaves the lists, `apk cache clean` empties a cache that is off by default.
_empties(cleaning) if not cleaning.manager in {"apt", "apk"}

_empties(cleaning) if {
	some arg in input.build.runs[cleaning.run].commands[cleaning.command].args
	arg in {"distclean", "dist-clean"}
}

# Any value switches pip's cache off, "false" included.
# <https://pip.pypa.io/en/stable/topics/caching/#disabling-caching>
_no_cache_names := {"PIP_NO_CACHE_DIR", "UV_NO_CACHE"}

_is_switched_off(operation) if {
	operation.manager == "pip"
	some variable in input.build.variables
	_no_cache_names[variable.name]
	variable.shipped == true
	object.get(variable, "value", "set") != null
}

_is_switched_off(operation) if {
	operation.manager == "pip"
	some assignment in input.build.runs[operation.run].commands[operation.command].assignments
	_no_cache_names[assignment.name]
}

_is_switched_off(operation) if {
	operation.manager == "pip"
	some cmd in array.slice(input.build.runs[operation.run].commands, 0, operation.command)
	cmd.name == "export"
	some arg in cmd.args
	_no_cache_names[split(arg, "=")[0]]
}

_unclear(operation) if {
	some mount in input.build.runs[operation.run].mounts
	object.get(mount, "target", "absent") == "absent"
}

# Whether a path is the folder, in it or above it: `/var/lib/apt`, `~/.cache/pip`, `/var/lib/{apt,dpkg}/*`.
_covers(path, folder) if contains(path, folder)

_covers(path, folder) if {
	above := trim_suffix(trim_suffix(path, "*"), "/")
	startswith(above, "/")
	startswith(folder, concat("", [above, "/"]))
}

_covers(path, folder) if {
	names := split(folder, "/")
	startswith(folder, split(path, "{")[0])
	contains(path, names[3])
}
