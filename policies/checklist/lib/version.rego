# METADATA
# title: Versions
# description: What a version is made of, whatever a distribution has put behind it.
package checklist.lib.version

# METADATA
# description: |
#   The numbers that a version begins with: `v20.10.24+dfsg1` gives [20, 10, 24]. They compare as
#   arrays do: number by number. Undefined for a text that does not begin with a number.
# custom:
#   types: {text: string}
numbers(text) := [to_number(part) | some part in split(found[0], ".")] if {
	found := regex.find_n(`^[0-9]{1,9}(\.[0-9]{1,9})*`, trim_prefix(text, "v"), 1)
	count(found) == 1
}

# METADATA
# description: |
#   The numbers of a version and of the build that follows a hyphen: `5.14.0-503.11.1.el9` gives
#   [5, 14, 0, 503, 11, 1]. Undefined for a text that does not begin with a number.
# custom:
#   types: {text: string}
with_build(text) := numbers(replace(text, "-", "."))
