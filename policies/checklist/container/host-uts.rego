# METADATA
# title: Container shares the host's name
# description: |
#   Looks for containers in the UTS namespace of the host, in which they see its name, and may change it if
#   they have the capability to.
# related_resources:
#   - ref: https://docs.docker.com/engine/containers/run/#uts-settings---uts
#   - ref: https://docs.docker.com/reference/compose-file/services/#uts
# custom:
#   severity: low
#   kinds: [compose, container]
#   subjects: [container]
#   profiles: [baseline, cis, strict]
#   needs: [namespaces.uts.mode]
#   checklist: ["K:347-350"]
#   cis: ["5.21"]
#   nist: ["4.4.3"]
#   remedy: 'Remove `uts: host`; to name the container set `hostname`.'
#   since: 0.1.0
package checklist.container["host-uts"]

import data.plimsoll.finding

deny contains finding.at(container.namespaces.uts, message) if {
	some container in input.containers
	container.namespaces.uts.mode == "host"
	message := sprintf("container `%s` shares the name of the host", [container.name])
}
