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
	is_string(text)
	contains(pattern, "*")
	_fits(split(pattern, "*"), text)
}

# METADATA
# description: Whether the text matches one of the patterns; undefined when it matches none.
# custom:
#   types: {patterns: [string], text: string}
matches_any(patterns, text) if text in patterns

matches_any(patterns, text) if {
	is_string(text)
	some pattern in patterns
	contains(pattern, "*")
	_fits(split(pattern, "*"), text)
}

_fits(parts, text) if {
	[before, after] := parts
	startswith(text, before)
	endswith(text, after)
	count(text) >= count(before) + count(after)
}

_fits(parts, text) if {
	[before, middle, after] := parts
	startswith(text, before)
	endswith(text, after)
	count(text) >= count(before) + count(middle) + count(after)
	contains(trim_suffix(trim_prefix(text, before), after), middle)
}

_fits(parts, text) if {
	count(parts) > 3
	regex.match(_expression(parts), text)
}

_expression(parts) := concat("", ["^(?s:", concat(".*", literals), ")$"]) if {
	literals := [regex.replace(part, `[\\.+?()\[\]{}|^$]`, `\$0`) | some part in parts]
}
