# METADATA
# title: Compose file has obsolete or conflicting keys
# description: |
#   Looks for `version`, which Compose ignores, for `links` and `external_links`, for limits that are written
#   twice and differ, and for a container_name where several containers are to run.
# related_resources:
#   - ref: https://docs.docker.com/reference/compose-file/version-and-name/
#   - ref: https://docs.docker.com/reference/compose-file/services/#links
#   - ref: https://docs.docker.com/reference/compose-file/services/#container_name
#   - ref: https://docs.docker.com/reference/compose-file/deploy/#resources
# custom:
#   severity: low
#   levels: {obsolete: info}
#   kinds: [compose]
#   subjects: [project, container]
#   profiles: [baseline, strict]
#   remedy: Remove what is obsolete, and write every setting once.
#   params:
#     checks:
#       type: list<string>
#       default: [version, links, limits, replicas]
#       description: |
#         What to look for; also `develop` and `profiles`, which find these keys in files that are meant for
#         production.
#   since: 0.1.0
package checklist.compose["conflicting-keys"]

import data.plimsoll.finding

deny contains finding.level("obsolete", finding.at_field(input.project, "version", "`version` is obsolete: Compose ignores it")) if {
	is_string(input.project.version)
	_checks("version")
}

deny contains finding.level("obsolete", finding.at(link, sprintf("service `%s` uses `links`: services of a network find each other by name", [container.name]))) if {
	some container in input.containers
	some link in container.links
	_checks("links")
}

deny contains finding.level("obsolete", finding.at(link, sprintf("service `%s` uses `external_links`: a common network does it", [container.name]))) if {
	some container in input.containers
	some link in container.external_links
	_checks("links")
}

deny contains finding.at(conflict, sprintf("service `%s` has two values of `%s`: %s", [container.name, conflict.field, conflict.message])) if {
	some container in input.containers
	some conflict in container.resources.conflicts
	_checks("limits")
}

deny contains finding.at_field(container, "container_name", sprintf("service `%s` has a container_name, and several containers", [container.name])) if {
	some container in input.containers
	is_string(container.container_name)
	container.deploy.replicas > 1
	_checks("replicas")
}

deny contains finding.at_field(container, "has_develop", sprintf("service `%s` has `develop`", [container.name])) if {
	some container in input.containers
	container.has_develop == true
	_checks("develop")
}

deny contains finding.at_field(container, "profiles", sprintf("service `%s` has `profiles`", [container.name])) if {
	some container in input.containers
	count(container.profiles) > 0
	_checks("profiles")
}

_checks(name) if name in input.params["compose/conflicting-keys"].checks
