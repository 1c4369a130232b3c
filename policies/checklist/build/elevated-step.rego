# METADATA
# title: Build step runs with extra privileges
# description: |
#   Looks for RUN steps that give up BuildKit's sandbox, share the host's network or use its devices, and for
#   builds of services that are allowed to, are privileged, or lend out the whole SSH agent.
# related_resources:
#   - ref: https://docs.docker.com/reference/dockerfile/#run---security
#   - ref: https://docs.docker.com/reference/dockerfile/#run---network
#   - ref: https://docs.docker.com/reference/compose-file/build/#entitlements
# custom:
#   severity: high
#   levels: {network: medium, agent: low}
#   kinds: [dockerfile, compose]
#   subjects: [build, container]
#   profiles: [baseline, strict]
#   checklist: ["K:131"]
#   nist: ["4.1.2"]
#   remedy: Take the flag away, and do in a separate, trusted step what needs it.
#   params:
#     allowed_entitlements:
#       type: list<string>
#       default: []
#       description: |
#         What builds may use nevertheless: `security.insecure`, `network.host`, `device`, `ssh`, and
#         `privileged` for a service's build.
#   since: 0.1.0
package checklist.build["elevated-step"]

import data.plimsoll.finding

deny contains finding.at_field(run, "security", "a RUN has all privileges with `--security=insecure`") if {
	some run in input.build.runs
	run.security == "insecure"
	run.needed == true
	not _is_allowed("security.insecure")
}

deny contains finding.level("network", finding.at_field(run, "network", "a RUN uses the network of the host with `--network=host`")) if {
	some run in input.build.runs
	run.network == "host"
	run.needed == true
	not _is_allowed("network.host")
}

deny contains finding.at(device, sprintf("a RUN uses the device `%s` of the host", [device.text])) if {
	some run in input.build.runs
	some device in run.devices
	run.needed == true
	not _is_allowed("device")
}

deny contains finding.at_field(container.image.build, "privileged", sprintf("the build of `%s` is privileged", [container.name])) if {
	some container in input.containers
	container.image.build.privileged == true
	not _is_allowed("privileged")
}

deny contains _weigh(kind, finding.at_item(container.image.build, "entitlements", index, sprintf("the build of `%s` may use `%s`", [container.name, entitlement]))) if {
	some container in input.containers
	some index, entitlement in container.image.build.entitlements
	kind := split(entitlement, "=")[0]
	kind in {"security.insecure", "network.host", "device"}
	not _is_allowed(kind)
}

deny contains finding.level("network", finding.at_field(container.image.build, "network", sprintf("the build of `%s` uses the network of the host", [container.name]))) if {
	some container in input.containers
	container.image.build.network == "host"
	not _is_allowed("network.host")
}

deny contains finding.level("agent", finding.at(agent, sprintf("the build of `%s` may use every key of the SSH agent `%s`", [container.name, agent.text]))) if {
	some container in input.containers
	some agent in container.image.build.ssh
	not contains(agent.text, "=")
	not _is_allowed("ssh")
}

unknown contains finding.unknown(container, sprintf("`%s` of its build is not known", [field])) if {
	some container in input.containers
	is_object(container.image.build)
	some field in ["privileged", "network"]
	object.get(container.image.build, field, "absent") == "absent"
}

unknown contains finding.unknown(container, "not all entitlements of its build are known") if {
	some container in input.containers
	"entitlements" in container.image.build.incomplete
}

_weigh(kind, found) := found if {
	kind != "network.host"
} else := finding.level("network", found)

_is_allowed(entitlement) if entitlement in input.params["build/elevated-step"].allowed_entitlements
