# METADATA
# title: Paths of the host
# description: |
#   How a path that is mounted lies to a path that a policy names. Paths are compared by segments, so
#   that `/variables` is not below `/var`; the segment `*` of a pattern stands for any one segment.
#   `/var/run` and `/run` are one, as on every Linux of today. A path with a drive letter is a Windows
#   path: its case does not count, and `\` is `/`.
package checklist.lib.host_path

# METADATA
# description: Whether the path is the pattern's, or below it; undefined when not.
# custom:
#   types: {path: string, pattern: string}
is_within(path, pattern) if {
	inner := _segments(path)
	outer := _segments(pattern)
	count(outer) <= count(inner)
	_agree(inner, outer, count(outer))
}

# METADATA
# description: |
#   Whether the one leads to the other: the path is the pattern's, below it, or above it, as `/run` is
#   above `/run/docker.sock`; undefined when not.
# custom:
#   types: {path: string, pattern: string}
leads_to(path, pattern) if {
	one := _segments(path)
	other := _segments(pattern)
	_agree(one, other, min([count(one), count(other)]))
}

# METADATA
# description: Whether the path is `/`, or a drive's; undefined when not.
# custom:
#   types: {path: string}
is_root(path) if count(_segments(path)) == 0

is_root(path) if {
	segments := _segments(path)
	count(segments) == 1
	endswith(segments[0], ":")
}

_agree(segments, pattern, length) if {
	count([at |
		some at, segment in array.slice(pattern, 0, length)
		not segment in {"*", segments[at]}
	]) == 0
}

_segments(path) := [segment | some segment in split(_posix(path), "/"); segment != ""]

_posix(path) := lower(replace(path, `\`, "/")) if {
	substring(path, 1, 1) == ":"
} else := "/run" if {
	path == "/var/run"
} else := trim_prefix(path, "/var") if {
	startswith(path, "/var/run/")
} else := path
