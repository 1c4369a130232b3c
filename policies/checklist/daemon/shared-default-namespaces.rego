# METADATA
# title: Containers share namespaces by default
# description: |
#   Looks for a daemon that gives containers which say nothing of it a shared memory that others may
#   join, or the cgroups of the host.
# related_resources:
#   - ref: https://docs.docker.com/reference/cli/dockerd/
#   - ref: https://docs.docker.com/engine/containers/run/#ipc-settings---ipc
# custom:
#   severity: medium
#   kinds: [daemon]
#   subjects: [daemon]
#   profiles: [baseline, cis, strict]
#   needs: [ipc_default, cgroup_ns_default]
#   checklist: ["K:230"]
#   cis: ["5.17"]
#   nist: ["4.4.3"]
#   remedy: 'Set `"default-ipc-mode"` and `"default-cgroupns-mode"` to `"private"` in daemon.json.'
#   since: 0.1.0
package checklist.daemon["shared-default-namespaces"]

import data.plimsoll.finding

deny contains finding.at_field(input.daemon, "ipc_default", sprintf("the IPC namespace of containers is `%s` by default", [mode])) if {
	mode := input.daemon.ipc_default
	mode in {"shareable", "host"}
}

deny contains finding.at_field(input.daemon, "cgroup_ns_default", "containers see the cgroups of the host by default") if {
	input.daemon.cgroup_ns_default == "host"
}
