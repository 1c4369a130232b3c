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
	name := object.get(ref, "name", null)
	familiar := object.get(ref, "familiar", null)
	_match_any(name, familiar, _tag(ref), object.get(ref, "digest", null), patterns)
}

# The parts of a reference, and null for those that it lacks. It is these that are asked for again and
# again, for the same image in one document and in others.
_match_any(_, familiar, _, _, patterns) if familiar in patterns

_match_any(name, _, _, _, patterns) if name in patterns

_match_any(name, familiar, _, _, patterns) if {
	some pattern in patterns
	contains(pattern, "*")
	not contains(pattern, ":")
	_is_name(name, familiar, pattern)
}

_match_any(name, familiar, tag, _, patterns) if {
	some pattern in patterns
	contains(pattern, ":")
	[wanted, wanted_tag] := split(pattern, ":")
	wildcard.matches(wanted_tag, tag)
	_is_name(name, familiar, wanted)
}

# Ports and digests: what is the name takes a regular expression.
_match_any(name, familiar, tag, digest, patterns) if {
	some pattern in patterns
	_is_intricate(pattern)
	[[_, wanted, wanted_tag, wanted_digest]] := regex.find_all_string_submatch_n(`^([^@]*?)(?::([^/:@]+))?(?:@(.+))?$`, pattern, 1)
	_is_name(name, familiar, wanted)
	_is_part(tag, wanted_tag)
	_is_part(digest, wanted_digest)
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
	_is_name(object.get(ref, "name", null), object.get(ref, "familiar", null), name)
}

_is_known_in_part(ref) if object.get(ref, "tag", "") == ""

_is_known_in_part(ref) if object.get(ref, "digest", "") == ""

_is_intricate(pattern) if contains(pattern, "@")

_is_intricate(pattern) if {
	contains(pattern, ":")
	regex.match(`:.*[:/]`, pattern)
}

_is_name(name, _, pattern) if wildcard.matches(pattern, name)

_is_name(_, familiar, pattern) if wildcard.matches(pattern, familiar)

_is_part(_, pattern) if pattern == ""

_is_part(part, pattern) if wildcard.matches(pattern, part)

# The tag that counts; null when there is only a digest, and when it is not known.
_tag(ref) := ref.tag if {
	is_string(ref.tag)
} else := "latest" if {
	ref.tag == null
	ref.digest == null
} else := null
