# METADATA
# title: Label is malformed
# description: |
#   Looks for keys of labels that do not follow Docker's guide, for keys in namespaces that Docker reserves for
#   itself, and for values that are not what their key calls for. Values with variables are not looked at.
# related_resources:
#   - ref: https://docs.docker.com/engine/manage-resources/labels/
#   - ref: https://github.com/opencontainers/image-spec/blob/main/annotations.md
# custom:
#   severity: info
#   kinds: [dockerfile, image]
#   subjects: [build, image]
#   profiles: [baseline, strict, lint]
#   checklist: ["K:137", "K:151"]
#   equivalents:
#     hadolint: [DL3048, DL3050, DL3052, DL3053, DL3054, DL3055, DL3056, DL3058]
#   remedy: Write keys as org.example.some-key, and values as their key calls for.
#   params:
#     label_schema:
#       type: map<string>
#       default:
#         org.opencontainers.image.created: rfc3339
#         org.opencontainers.image.authors: text
#         org.opencontainers.image.url: url
#         org.opencontainers.image.documentation: url
#         org.opencontainers.image.source: url
#         org.opencontainers.image.version: text
#         org.opencontainers.image.revision: text
#         org.opencontainers.image.vendor: text
#         org.opencontainers.image.licenses: spdx
#         org.opencontainers.image.ref.name: text
#         org.opencontainers.image.title: text
#         org.opencontainers.image.description: text
#         org.opencontainers.image.base.digest: digest
#         org.opencontainers.image.base.name: text
#       description: |
#         The format of the value by key: `text`, `url`, `semver`, `spdx`, `rfc3339`, `hash` (of a Git commit),
#         `digest` or `email`.
#     strict:
#       type: boolean
#       default: false
#       description: Whether a label that `label_schema` does not name is a fault.
#     allowed_namespaces:
#       type: list<string>
#       default: [com.docker.desktop.extension, com.docker.extension, com.docker.image.source]
#       description: Reserved namespaces whose labels images are asked to set.
#   since: 0.1.0
package checklist.lint["malformed-label"]

import data.plimsoll.finding

deny contains _finding(fault, label) if {
	some label in input.build.labels
	label.needed == true
	some fault in ["key", "reserved", "value", "superfluous"]
	_has(fault, label)
}

deny contains _finding(fault, label) if {
	some image in input.images
	image.source_type != "dockerfile"
	some label in image.config.labels
	some fault in ["key", "reserved", "value", "superfluous"]
	_has(fault, label)
}

unknown contains finding.unknown(input.build, "the key of a label depends on a variable") if {
	some label in input.build.labels
	object.get(label, "key", "") == ""
	label.needed == true
}

_finding(fault, label) := finding.at_field(label, "key", sprintf("label key `%s` is not made of lower-case words with single `.`, `-`, `_` or `/` between them", [label.key])) if {
	fault == "key"
} else := finding.at_field(label, "key", sprintf("label key `%s` is in a namespace that Docker reserves for itself", [label.key])) if {
	fault == "reserved"
} else := finding.at_field(label, "value", sprintf("label `%s` is not %s", [label.key, _expected(label.key)])) if {
	fault == "value"
} else := finding.at_field(label, "key", sprintf("label `%s` is not one of those that there are to be", [label.key]))

_has("key", label) if {
	is_string(label.key)
	not regex.match(`^[a-z][a-z0-9]*([._/-][a-z0-9]+|__[a-z0-9]+)*$`, label.key)
}

_has("reserved", label) if {
	is_string(label.key)
	some namespace in ["com.docker.", "io.docker.", "org.dockerproject."]
	startswith(label.key, namespace)
	not _is_allowed(label.key)
}

_has("value", label) if {
	is_string(label.key)
	is_string(label.value)
	label.value != ""
	object.get(label, "literal", true) == true
	_expected(label.key) != ""
	not _fits(label.value, _format(label.key))
}

_has("superfluous", label) if {
	input.params["lint/malformed-label"].strict == true
	is_string(label.key)
	object.get(input.params["lint/malformed-label"].label_schema, label.key, "") == ""
}

_format(key) := object.get(input.params["lint/malformed-label"].label_schema, key, "text")

# What the value of a label is to be, in words; empty when it may be anything.
_expected(key) := object.get(_formats, _format(key), "")

_is_allowed(key) if {
	some namespace in input.params["lint/malformed-label"].allowed_namespaces
	startswith(key, sprintf("%s.", [namespace]))
}

_formats := {
	"url": "a URL",
	"semver": "a semantic version",
	"spdx": "an SPDX licence expression",
	"rfc3339": "a date and time by RFC 3339",
	"hash": "the hash of a Git commit",
	"digest": "a digest",
	"email": "an e-mail address",
}

_patterns := {
	"url": `^[A-Za-z][A-Za-z0-9+.-]*://[^\s/?#]+[^\s]*$`,
	"semver": `^(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)(-(0|[1-9][0-9]*|[0-9]*[A-Za-z-][0-9A-Za-z-]*)(\.(0|[1-9][0-9]*|[0-9]*[A-Za-z-][0-9A-Za-z-]*))*)?(\+[0-9A-Za-z-]+(\.[0-9A-Za-z-]+)*)?$`,
	"rfc3339": `^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])[Tt]([01][0-9]|2[0-3]):[0-5][0-9]:([0-5][0-9]|60)(\.[0-9]+)?([Zz]|[+-]([01][0-9]|2[0-3]):[0-5][0-9])$`,
	"hash": `^([0-9a-f]{7,40}|[0-9a-f]{64})$`,
	"digest": `^[a-z0-9]+([+._-][a-z0-9]+)*:[A-Za-z0-9=_-]+$`,
	"email": `^[^\s@]+@[^\s@.]+(\.[^\s@.]+)+$`,
	"spdx": `^\(* *[A-Za-z0-9.+:-]+( +WITH +[A-Za-z0-9.-]+)? *\)*( +(AND|OR) +\(* *[A-Za-z0-9.+:-]+( +WITH +[A-Za-z0-9.-]+)? *\)*)*$`,
}

_fits(value, format) if {
	format != "spdx"
	regex.match(_patterns[format], value)
}

_fits(value, "spdx") if {
	expression := replace(replace(upper(value), "(", " ( "), ")", " ) ")
	count(split(expression, "(")) == count(split(expression, ")"))
	regex.match(_patterns.spdx, trim_space(upper(value)))
	words := [lower(word) | some word in split(expression, " "); not word in {"", "(", ")", "AND", "OR", "WITH"}]
	count([word | some word in words; not _is_spdx(word)]) == 0
}

_is_spdx(word) if trim_suffix(word, "+") in input.data.spdx.licenses

_is_spdx(word) if word in input.data.spdx.exceptions

_is_spdx(word) if startswith(word, "licenseref-")

_is_spdx(word) if startswith(word, "documentref-")
