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
matches(ref, pattern) if matches_any(ref, [pattern])

# METADATA
# description: Whether the reference matches one of the patterns; undefined when none, or when not resolved.
# custom:
#   types: {patterns: [string]}
matches_any(ref, patterns) if {
	ref.kind == "scratch"
	"scratch" in patterns
}

matches_any(ref, patterns) if {
	ref.kind == "image"
	ref.familiar in patterns
}

matches_any(ref, patterns) if {
	ref.kind == "image"
	ref.name in patterns
}

matches_any(ref, patterns) if {
	ref.kind == "image"
	some pattern in patterns
	contains(pattern, "*")
	not contains(pattern, ":")
	_has_name(ref, pattern)
}

matches_any(ref, patterns) if {
	ref.kind == "image"
	some pattern in patterns
	contains(pattern, ":")
	[name, tag] := split(pattern, ":")
	wildcard.matches(tag, _tag(ref))
	_has_name(ref, name)
}

# Ports and digests: what is the name takes a regular expression.
matches_any(ref, patterns) if {
	ref.kind == "image"
	some pattern in patterns
	_is_intricate(pattern)
	[[_, name, tag, digest]] := regex.find_all_string_submatch_n(`^([^@]*?)(?::([^/:@]+))?(?:@(.+))?$`, pattern, 1)
	_has_name(ref, name)
	_has_tag(ref, tag)
	_has_digest(ref, digest)
}

# METADATA
# description: |
#   Whether the name of the reference is that of a pattern with a tag or a digest, while tag or digest
#   of the reference are not known: it may match. Undefined when not.
# custom:
#   types: {patterns: [string]}
may_match_any(ref, patterns) if {
	_is_known_in_part(ref)
	some pattern in patterns
	[[_, name, tag, digest]] := regex.find_all_string_submatch_n(`^([^@]*?)(?::([^/:@]+))?(?:@(.+))?$`, pattern, 1)
	concat("", [tag, digest]) != ""
	_has_name(ref, name)
}

_is_known_in_part(ref) if object.get(ref, "tag", "") == ""

_is_known_in_part(ref) if object.get(ref, "digest", "") == ""

_is_intricate(pattern) if contains(pattern, "@")

_is_intricate(pattern) if {
	contains(pattern, ":")
	regex.match(`:.*[:/]`, pattern)
}

_has_name(ref, pattern) if wildcard.matches(pattern, ref.name)

_has_name(ref, pattern) if wildcard.matches(pattern, ref.familiar)

_has_tag(_, pattern) if pattern == ""

_has_tag(ref, pattern) if wildcard.matches(pattern, _tag(ref))

_has_digest(_, pattern) if pattern == ""

_has_digest(ref, pattern) if {
	is_string(ref.digest)
	wildcard.matches(pattern, ref.digest)
}

# The tag that counts; undefined when there is only a digest.
_tag(ref) := ref.tag if {
	is_string(ref.tag)
} else := "latest" if {
	ref.tag == null
	ref.digest == null
}
