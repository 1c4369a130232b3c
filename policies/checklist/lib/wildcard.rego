# METADATA
# title: Wildcards
# description: |
#   Patterns in parameters: `*` stands for any run of characters, none included, also for `/`; every
#   other character stands for itself. A pattern has to match the whole text, and case matters.
package checklist.lib.wildcard

# METADATA
# description: Whether the text matches the pattern; undefined when it does not.
# custom:
#   types: {pattern: string, text: string}
matches(pattern, text) if {
	not contains(pattern, "*")
	pattern == text
}

matches(pattern, text) if {
	parts := split(pattern, "*")
	count(parts) == 2
	count(text) >= count(pattern) - 1
	startswith(text, parts[0])
	endswith(text, parts[1])
}

matches(pattern, text) if {
	parts := split(pattern, "*")
	count(parts) > 2
	literals := [literal | some part in parts; literal := strings.replace_n(_escapes, part)]
	regex.match(concat("", ["^", concat(".*", literals), "$"]), text)
}

# METADATA
# description: Whether the text matches one of the patterns; undefined when it matches none.
# custom:
#   types: {patterns: [string], text: string}
matches_any(patterns, text) if {
	some pattern in patterns
	matches(pattern, text)
}

_escapes := {
	"\\": "\\\\",
	".": "\\.",
	"+": "\\+",
	"?": "\\?",
	"(": "\\(",
	")": "\\)",
	"[": "\\[",
	"]": "\\]",
	"{": "\\{",
	"}": "\\}",
	"|": "\\|",
	"^": "\\^",
	"$": "\\$",
}
