# METADATA
# title: No security module confines containers
# description: |
#   Looks for a daemon that confines its containers neither by AppArmor nor by SELinux. A daemon on
#   Windows passes: it has neither.
# related_resources:
#   - ref: https://docs.docker.com/engine/security/apparmor/
#   - ref: https://docs.docker.com/reference/cli/dockerd/
# custom:
#   severity: medium
#   kinds: [daemon]
#   subjects: [daemon]
#   profiles: [baseline, cis, strict]
#   checklist: ["S1:129", "S1:139", "K:149", "K:230", "K:277", "K:347"]
#   cis: ["5.2", "5.3"]
#   nist: ["4.4.3"]
#   remedy: 'Switch AppArmor on in the kernel of the host, or SELinux with `"selinux-enabled": true` in daemon.json.'
#   params:
#     modules:
#       type: list<string>
#       default: [apparmor, selinux]
#       description: Security modules of which one has to confine containers, `apparmor` and `selinux`.
#     accept_rootless:
#       type: boolean
#       default: true
#       description: Whether rootless mode, which cannot use AppArmor, is accepted instead.
#   since: 0.1.0
package checklist.daemon["missing-lsm"]

import data.plimsoll.finding

deny contains finding.at_field(input.daemon, modules[0], sprintf("containers are not confined: no `%s`", [concat("` and no `", modules)])) if {
	modules := input.params["daemon/missing-lsm"].modules
	count([module | some module in modules; object.get(input.daemon, module, "unknown") == false]) == count(modules)
	not _is_exempt
}

unknown contains finding.unknown(input.daemon, sprintf("whether `%s` confines containers is not known", [module])) if {
	modules := input.params["daemon/missing-lsm"].modules
	not _is_exempt
	count([module | some module in modules; object.get(input.daemon, module, "unknown") == true]) == 0
	some module in modules
	object.get(input.daemon, module, "unknown") == "unknown"
}

_is_exempt if {
	input.daemon.rootless == true
	input.params["daemon/missing-lsm"].accept_rootless == true
}

_is_exempt if input.daemon.os_type == "windows"
