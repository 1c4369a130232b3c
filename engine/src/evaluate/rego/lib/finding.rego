# METADATA
# title: Findings
# description: |
#   What a rule returns. A finding is an object with `loc` and `message`; these functions make and
#   refine it, so that no rule has to know its shape. Plain Rego: it runs unchanged everywhere.
package plimsoll.finding

# A fault of a whole object of the facts.
at(fact, message) := {"loc": fact.loc, "message": message}

# A fault of one field of it.
at_field(fact, field, message) := {"loc": fact.loc, "field": field, "message": message}

# A fault of one item, counted from 0, of a list that is a field of it.
at_item(fact, field, index, message) := {
	"loc": fact.loc,
	"field": field,
	"item": index,
	"message": message,
}

# The same finding about a subject that does not contain its place.
of(subject, finding) := object.union(finding, {"subject": subject.loc})

# The same finding at one of the levels that the rule's METADATA declares.
level(name, finding) := object.union(finding, {"level": name})

# The same finding with another object of the facts that helps to understand it.
related(finding, fact, message) := object.union(finding, {"related": array.concat(
	object.get(finding, "related", []),
	[{"loc": fact.loc, "message": message}],
)})

# The same finding with one field of another object that helps to understand it.
related_field(finding, fact, field, message) := object.union(finding, {"related": array.concat(
	object.get(finding, "related", []),
	[{"loc": fact.loc, "field": field, "message": message}],
)})

# A subject that the rule cannot judge, and what is not known.
unknown(subject, reason) := {"subject": subject.loc, "reason": reason}
