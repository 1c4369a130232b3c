# METADATA
# title: Comment switches off a check without a reason
# description: |
#   Looks for comments that tell hadolint, Checkov, Trivy, KICS, dclint, Semgrep or Docker's build checks to be
#   silent. The reason is other text in the same comment, or a comment on the line above.
# related_resources:
#   - ref: https://docs.docker.com/reference/dockerfile/#check
#   - ref: https://www.checkov.io/2.Basics/Suppressing%20and%20Skipping%20Policies.html
# custom:
#   severity: info
#   kinds: [dockerfile, compose]
#   subjects: [build, project]
#   profiles: [strict, lint]
#   checklist: ["K:151"]
#   equivalents: {hadolint: [DL1001]}
#   remedy: Say why in the comment, or waive the finding where waivers have a reason and an end.
#   params:
#     allow_with_reason:
#       type: boolean
#       default: true
#       description: Whether a reason makes it right; otherwise every such comment is found.
#   since: 0.1.0
package checklist.lint["unjustified-suppression"]

import data.plimsoll.finding

deny contains finding.at(comment, "this comment switches off a check without a reason") if {
	some comments in [input.build.comments]
	some comment in comments
	_is_unjustified(comment, comments)
}

deny contains finding.at(comment, "this comment switches off a check without a reason") if {
	some comments in [input.project.comments]
	some comment in comments
	_is_unjustified(comment, comments)
}

deny contains finding.at_field(directive, "value", "this directive switches off checks without a reason") if {
	some directive in input.build.directives
	directive.key == "check"
	contains(directive.value, "skip=")
	not _is_explained(input.build.comments, count(input.build.directives) + 1)
}

_words := {"ignore", "skip", "disable", "nosemgrep"}

_pattern := `(?i)(hadolint +(global +)?ignore *= *[A-Za-z0-9]+( *, *[A-Za-z0-9]+)*|checkov:skip=[A-Za-z0-9_]+(,[A-Za-z0-9_]+)*|(trivy|tfsec):ignore:[^ ]+|kics-scan +(ignore-line|ignore-block|ignore|disable=[^ ]+)|dclint +disable(-line|-next-line|-file)?|nosemgrep(: *[A-Za-z0-9_.-]+)?)`

_is_suppression(comment) if {
	some word in _words
	contains(lower(comment.text), word)
	regex.match(_pattern, comment.text)
}

_is_unjustified(comment, comments) if {
	_is_suppression(comment)
	not _has_reason(comment, comments)
}

_has_reason(comment, _) if {
	_allowed
	_is_text(regex.replace(comment.text, _pattern, " "))
}

_has_reason(comment, comments) if _is_explained(comments, comment.line - 1)

_is_explained(comments, line) if {
	_allowed
	some other in comments
	other.line == line
	other.alone == true
	_is_text(other.text)
	not _is_suppression(other)
}

_allowed if input.params["lint/unjustified-suppression"].allow_with_reason == true

# A word, in whatever language. The ranges leave out punctuation and what lines are drawn with: `\pL` would
# say the same, but is not understood wherever policies run.
_is_text(text) if regex.match(`[A-Za-z\x{C0}-\x{1FFF}\x{2C00}-\x{2DFF}\x{3040}-\x{D7FF}]{2,}`, text)
