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
	contains(pattern, "*")
	regex.match(expression([pattern]), text)
}

# METADATA
# description: Whether the text matches one of the patterns; undefined when it matches none.
# custom:
#   types: {patterns: [string], text: string}
matches_any(patterns, text) if regex.match(expression(patterns), text)

# METADATA
# description: |
#   The regular expression of the texts that match one of the patterns. To hold many texts against the
#   same patterns, make it once, in a rule of its own, and use `regex.match`.
# custom:
#   types: {patterns: [string]}
expression(patterns) := concat("", ["^(?s:", replace(replace(literal, "\n", "|"), "*", ".*"), ")$"]) if {
	count(patterns) > 0
	literal := regex.replace(concat("\n", patterns), `[\\.+?()\[\]{}|^$]`, `\$0`)
}

# What matches nothing.
expression(patterns) := "$.^" if count(patterns) == 0
