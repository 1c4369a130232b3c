# METADATA
# title: Table of the policy is out of date
# description: |
#   Looks at the day that each data table of the policy is of: which releases have reached their end,
#   which users base images set, what credentials look like. The world moves on, and a rule that reads
#   an old table passes what it should not.
# related_resources:
#   - ref: https://endoflife.date
# custom:
#   severity: low
#   kinds: [policy]
#   subjects: [table]
#   profiles: [baseline, cis, strict, lint]
#   needs: [as_of]
#   remedy: Update Plimsoll, or bring a newer table of the same name in a bundle of your own.
#   params:
#     max_age_days:
#       type: integer
#       default: 365
#       description: The age in days up to which a table is taken to be up to date.
#   since: 0.1.0
package checklist.policy["stale-table"]

import data.plimsoll.finding

deny contains finding.at_field(table, "as_of", sprintf("table `%s` is of %s, more than %d days ago", [table.name, table.as_of, days])) if {
	some table in input.policy.tables
	days := input.params["policy/stale-table"].max_age_days
	day := time.parse_rfc3339_ns(sprintf("%sT00:00:00Z", [table.as_of]))
	time.parse_rfc3339_ns(sprintf("%sT00:00:00Z", [substring(input.meta.now, 0, 10)])) > time.add_date(day, 0, 0, days)
}

unknown contains finding.unknown(table, "the day of the run is not known") if {
	some table in input.policy.tables
	not input.meta.now
}
