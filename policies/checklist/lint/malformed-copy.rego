# METADATA
# title: COPY or ADD has arguments that do not fit
# description: |
#   Looks for several sources and a destination that is no folder, for the whole file system of a stage or
#   an image, for archives that ADD would unpack, and for sources that `.dockerignore` leaves out.
# related_resources:
#   - ref: https://docs.docker.com/reference/dockerfile/#copy
#   - ref: https://docs.docker.com/reference/build-checks/copy-ignored-file/
# custom:
#   severity: low
#   levels: {style: info}
#   kinds: [dockerfile]
#   subjects: [build]
#   profiles: [baseline, strict, lint]
#   checklist: ["K:151"]
#   equivalents:
#     hadolint: [DL3010, DL3021, DL3067]
#     trivy: [DS-0011]
#     kics: [copy_with_more_than_two_arguments_not_ending_with_slash, chown_flag_exists]
#     buildkit: [CopyIgnoredFile]
#   remedy: End the destination of several sources with `/`, name what is copied, and use ADD for archives.
#   params:
#     checks:
#       type: list<string>
#       default: [destination, file-system, archive, ignored]
#       description: What to look for; also `owner`, which finds `--chown` to a user other than root.
#   since: 0.1.0
package checklist.lint["malformed-copy"]

import data.plimsoll.finding

deny contains finding.at_field(copy, "dest", sprintf("`%s` takes several sources, and its destination does not end with `/`", [copy.keyword])) if {
	some copy in input.build.copies
	count(copy.sources) > 1
	copy.needed == true
	_checks("destination")
	is_string(copy.dest)
	not _is_folder(copy.dest)
}

deny contains finding.at(source, sprintf("`%s` takes the whole file system of `%s`", [copy.keyword, input.references[copy.from].raw])) if {
	some copy in input.build.copies
	is_number(copy.from)
	copy.needed == true
	copy.dest == "/"
	some source in copy.sources
	source.path in {"/", "/.", "/*"}
	_checks("file-system")
}

deny contains finding.level("style", finding.at(source, sprintf("archive `%s` is unpacked by a later `RUN`: `ADD` would do it", [source.raw]))) if {
	some copy in input.build.copies
	copy.keyword == "COPY"
	copy.needed == true
	some source in copy.sources
	source.kind == "local"
	some suffix in _archives
	endswith(source.path, suffix)
	_checks("archive")
	path := split(source.path, "/")
	_is_unpacked(copy, path[count(path) - 1])
}

deny contains finding.at(source, sprintf("`.dockerignore` leaves out `%s`", [source.raw])) if {
	some copy in input.build.copies
	some source in copy.sources
	source.ignored == true
	copy.needed == true
	_checks("ignored")
}

deny contains finding.level("style", finding.at_field(copy, "chown", sprintf("`%s` gives what it copies away with `--chown`", [copy.keyword]))) if {
	some copy in input.build.copies
	is_string(copy.chown)
	copy.needed == true
	_checks("owner")
	not split(copy.chown, ":")[0] in {"root", "0"}
}

unknown contains finding.unknown(input.build, "the destination of several sources depends on a variable") if {
	some copy in input.build.copies
	count(copy.sources) > 1
	copy.needed == true
	object.get(copy, "dest", "") == ""
	_checks("destination")
}

_checks(name) if name in input.params["lint/malformed-copy"].checks

_is_folder(path) if path in {".", ".."}

_is_folder(path) if endswith(path, "/")

_is_folder(path) if endswith(path, "/.")

_is_folder(path) if endswith(path, "/..")

_is_folder(path) if endswith(path, "\\")

# What ADD unpacks: tar archives, as they are or compressed.
_archives := [".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tbz", ".tbz2", ".tar.xz", ".txz", ".tar.zst", ".tzst"]

_is_unpacked(copy, name) if {
	some run in input.build.runs
	run.stage == copy.stage
	some cmd in run.commands
	cmd.name in {"tar", "bsdtar"}
	some arg in cmd.args
	endswith(arg, name)
	some option in cmd.args
	regex.match(`^(--extract|--get|-?[A-Za-wyz]*x[A-Za-z]*)$`, option)
}
