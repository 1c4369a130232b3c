# METADATA
# title: Secret is overdue for rotation
# description: |
#   Looks for secrets of a swarm that were made longer ago than is allowed. A label may say when what the
#   secret holds was made, where that is another day.
# related_resources:
#   - ref: https://docs.docker.com/engine/swarm/secrets/#example-rotate-a-secret
# custom:
#   severity: low
#   kinds: [secret]
#   subjects: [secret]
#   profiles: [baseline, cis, strict]
#   checklist: ["S1:153", "K:300"]
#   cis: ["7.6"]
#   nist: ["4.1.4"]
#   remedy: Make a secret under a new name with a new value, have the services use it, and remove the old one.
#   params:
#     max_secret_age_days:
#       type: integer
#       default: 90
#       description: How many days a secret may be used.
#     age_label:
#       type: string
#       default: rotated-at
#       description: The label that says since when the value is in use, as a day or an RFC 3339 time.
#   since: 0.1.0
package checklist.secret["overdue-rotation"]

import data.plimsoll.finding

deny contains finding.at_field(label, "value", sprintf("secret `%s` has been in use since %s, longer than %d days", [secret.name, label.value, _max_age])) if {
	some secret in input.swarm_secrets
	some label in _dated(secret)
	substring(label.value, 0, 10) < _limit
}

deny contains finding.at_field(secret, "created_at", sprintf("secret `%s` has been in use since %s, longer than %d days", [secret.name, substring(secret.created_at, 0, 10), _max_age])) if {
	some secret in input.swarm_secrets
	is_string(secret.created_at)
	count(_dated(secret)) == 0
	substring(secret.created_at, 0, 10) < _limit
}

unknown contains finding.unknown(secret, "the day of the run is not known") if {
	some secret in input.swarm_secrets
	not _limit
}

unknown contains finding.unknown(secret, sprintf("since when secret `%s` is in use is not known", [secret.name])) if {
	some secret in input.swarm_secrets
	not is_string(object.get(secret, "created_at", null))
	count(_dated(secret)) == 0
}

_max_age := input.params["secret/overdue-rotation"].max_secret_age_days

# The first day on which a secret may have been made.
_limit := substring(time.format(time.add_date(time.parse_rfc3339_ns(input.meta.now), 0, 0, 0 - _max_age)), 0, 10)

# The label, where it is a date.
_dated(secret) := [label |
	some label in secret.labels
	label.key == input.params["secret/overdue-rotation"].age_label
	regex.match(`^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])(T.*)?$`, label.value)
]
