# METADATA
# title: Changes of the engine leave no trace
# description: |
#   Looks for programs, settings and folders of Docker and containerd on the host that no rule of the
#   kernel's audit system watches. What is not there is not judged, and nothing is where the engine runs
#   without root.
# related_resources:
#   - ref: https://man7.org/linux/man-pages/man8/auditctl.8.html
#   - ref: https://man7.org/linux/man-pages/man7/audit.rules.7.html
# custom:
#   severity: low
#   kinds: [host]
#   subjects: [host]
#   profiles: [baseline, cis, strict]
#   needs: [files, audit_rules]
#   checklist: ["K:299", "K:362"]
#   cis: ["1.1.3", "1.1.4", "1.1.5", "1.1.6", "1.1.7", "1.1.8", "1.1.9", "1.1.10", "1.1.11", "1.1.12", "1.1.13", "1.1.14", "1.1.15", "1.1.16", "1.1.17", "1.1.18"]
#   nist: ["4.5.4"]
#   remedy: Add `-w PATH -k docker` to a file in `/etc/audit/rules.d`, and load it with `augenrules --load`.
#   params:
#     roles:
#       type: list<string>
#       default: [dockerd, containerd_folder, data_root, docker_folder, docker_service, containerd_socket, docker_socket, docker_api_socket, docker_default, daemon_configuration, containerd_configuration, docker_sysconfig, containerd, containerd_shim, runc]
#       description: What has to be watched, by what it is to the engine.
#     permissions:
#       type: string
#       default: w
#       description: Kinds of access that a rule has to record, of `r`, `w`, `x` and `a`.
#   since: 0.1.0
package checklist.host["missing-audit-rules"]

import data.checklist.lib.machine
import data.plimsoll.finding

deny contains finding.at(file, sprintf("no audit rule watches `%s`", [file.path])) if {
	some file in input.host.files
	file.exists == true
	file.role in input.params["host/missing-audit-rules"].roles
	not machine.is_rootless
	not "audit_rules" in input.host.incomplete
	not _is_watched(file)
}

_is_watched(file) if {
	some rule in input.host.audit_rules
	is_string(rule.path)
	rule.partial == false
	count(_unrecorded(rule.permissions)) == 0
	some watched in [rule.path, object.get(rule, "resolved", rule.path)]
	some path in [file.path, object.get(file, "resolved", file.path)]
	_covers(watched, path, rule.recursive)
}

_unrecorded(permissions) := [kind |
	some kind in split(input.params["host/missing-audit-rules"].permissions, "")
	not contains(permissions, kind)
]

_covers(watched, path, _) if watched == path

_covers(watched, path, recursive) if {
	recursive == true
	startswith(path, concat("", [trim_suffix(watched, "/"), "/"]))
}
