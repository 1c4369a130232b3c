# METADATA
# title: Engine is outdated
# description: |
#   Looks for an engine, or a component such as runc, that is older than the oldest version that is
#   accepted, or of a version that is refused.
# related_resources:
#   - ref: https://docs.docker.com/engine/release-notes/
#   - ref: https://github.com/opencontainers/runc/security/advisories
# custom:
#   severity: high
#   kinds: [daemon]
#   subjects: [daemon]
#   profiles: [baseline, cis, strict]
#   needs: [server_version]
#   checklist: ["S2:16", "S1:135"]
#   cis: ["1.2.2"]
#   nist: ["4.4.1"]
#   remedy: Update the engine, containerd and runc.
#   params:
#     min_engine_version:
#       type: string
#       default: "20.10.0"
#       description: The oldest engine that is accepted.
#     min_component_versions:
#       type: map<string>
#       default: {containerd: "1.6.0", runc: "1.1.12"}
#       description: The oldest versions of components that are accepted, by their names in `docker version`.
#     denied_versions:
#       type: list<string>
#       default: []
#       description: Engine versions that are refused, exactly as the engine writes them.
#   since: 0.1.0
package checklist.daemon["outdated-version"]

import data.checklist.lib.version
import data.plimsoll.finding

deny contains finding.at_field(input.daemon, "server_version", message) if {
	found := input.daemon.server_version
	least := input.params["daemon/outdated-version"].min_engine_version
	version.numbers(found) < version.numbers(least)
	message := sprintf("engine %s is older than %s", [found, least])
}

deny contains finding.at_field(component, "version", message) if {
	some component in input.daemon.components
	some name, least in input.params["daemon/outdated-version"].min_component_versions
	lower(component.name) == lower(name)
	version.numbers(component.version) < version.numbers(least)
	message := sprintf("%s %s is older than %s", [component.name, component.version, least])
}

deny contains finding.at_field(input.daemon, "server_version", sprintf("engine %s must not be used", [found])) if {
	found := input.daemon.server_version
	found in input.params["daemon/outdated-version"].denied_versions
}
