# METADATA
# title: Patterns of image references
# description: |
#   What parameters such as `minimal_bases: [alpine, gcr.io/distroless/*, "*:*slim*"]` mean.
#
#   A pattern is `NAME`, `NAME:TAG`, `NAME@DIGEST` or `NAME:TAG@DIGEST`; in each part `*` stands for
#   any run of characters, none included, also for `/`, but never for a part's separator. The tag of
#   a pattern begins at the first `:` after its last `/`.
#
#   - NAME is held against the canonical name, `docker.io/library/alpine`, and against the name as
#     Docker's tools shorten it, `alpine`; one match is enough. So `alpine` means Docker's own, and
#     neither `acme/alpine` nor `ghcr.io/acme/alpine`; `*/alpine` means all of them.
#   - Without TAG every tag matches, and none. With TAG the reference's tag has to match. A reference
#     with neither tag nor digest has the tag `latest`, as Docker does; one with only a digest has
#     no tag, and matches no TAG, not even `*`.
#   - Without DIGEST every digest matches, and none. With DIGEST the reference's digest has to match:
#     `*@*` means every reference that is pinned by digest.
#   - The pattern `scratch` matches `FROM scratch`, and nothing else does, not even `*`.
#
#   The functions take an entry of `input.references` or the `base` of an image. They are undefined
#   where the reference does not match and where it is not resolved: before `not`, make sure that it
#   is an image (`ref.kind == "image"`).
package checklist.lib.reference

import data.checklist.lib.wildcard

# METADATA
# description: Whether the reference matches the pattern; undefined when not, or when not resolved.
# custom:
#   types: {pattern: string}
matches(ref, pattern) if {
	ref.kind == "scratch"
	pattern == "scratch"
}

matches(ref, pattern) if {
	ref.kind == "image"
	halves := split(pattern, "@")
	parts := _name_and_tag(halves[0])
	_name_matches(ref, parts.name)
	_tag_matches(ref, parts)
	_digest_matches(ref, halves)
}

# METADATA
# description: Whether the reference matches one of the patterns; undefined when none, or when not resolved.
# custom:
#   types: {patterns: [string]}
matches_any(ref, patterns) if {
	some pattern in patterns
	matches(ref, pattern)
}

_name_and_tag(text) := {"name": text} if {
	not contains(text, ":")
}

_name_and_tag(text) := {"name": name, "tag": tag} if {
	contains(text, ":")
	path := split(text, "/")
	last := path[count(path) - 1]
	colon := indexof(last, ":")
	colon >= 0
	length := count(text) - (count(last) - colon)
	name := substring(text, 0, length)
	tag := substring(text, length + 1, -1)
}

# The colon is that of a registry's port.
_name_and_tag(text) := {"name": text} if {
	contains(text, ":")
	path := split(text, "/")
	not contains(path[count(path) - 1], ":")
}

_name_matches(ref, pattern) if wildcard.matches(pattern, ref.name)

_name_matches(ref, pattern) if wildcard.matches(pattern, ref.familiar)

_tag_matches(_, parts) if not parts.tag

_tag_matches(ref, parts) if {
	is_string(ref.tag)
	wildcard.matches(parts.tag, ref.tag)
}

_tag_matches(ref, parts) if {
	ref.tag == null
	ref.digest == null
	wildcard.matches(parts.tag, "latest")
}

_digest_matches(_, halves) if count(halves) == 1

_digest_matches(ref, halves) if {
	count(halves) == 2
	is_string(ref.digest)
	wildcard.matches(halves[1], ref.digest)
}
