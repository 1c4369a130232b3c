# METADATA
# title: Wildcards
# description: |
#   Patterns in parameters: `*` stands for any run of characters, none included, also for `/`; every
#   other character stands for itself. A pattern has to match the whole text, and case matters.
package checklist.lib.wildcard

# Comparisons of text come first: a regular expression costs fifty times as much to call.

# METADATA
# description: Whether the text matches the pattern; undefined when it does not.
# custom:
#   types: {pattern: string, text: string}
matches(pattern, text) if pattern == text

matches(pattern, text) if {
	contains(pattern, "*")
	_fits(split(pattern, "*"), text)
}

# METADATA
# description: Whether the text matches one of the patterns; undefined when it matches none.
# custom:
#   types: {patterns: [string], text: string}
matches_any(patterns, text) if text in patterns

matches_any(patterns, text) if {
	some pattern in patterns
	contains(pattern, "*")
	_fits(split(pattern, "*"), text)
}

_fits(parts, text) if {
	count(parts) == 2
	startswith(text, parts[0])
	endswith(text, parts[1])
	count(text) >= count(parts[0]) + count(parts[1])
}

_fits(parts, text) if {
	_is_middle(parts)
	contains(text, parts[1])
}

_fits(parts, text) if {
	count(parts) > 2
	not _is_middle(parts)
	regex.match(_expression(parts), text)
}

_is_middle(parts) if {
	count(parts) == 3
	parts[0] == ""
	parts[2] == ""
}

_expression(parts) := concat("", ["^(?s:", concat(".*", literals), ")$"]) if {
	literals := [regex.replace(part, `[\\.+?()\[\]{}|^$]`, `\$0`) | some part in parts]
}
