# METADATA
# title: File of the engine is open to others
# description: |
#   Looks for files, sockets and keys of Docker and containerd that are not root's, or grant more than
#   the table `host-files` allows. What is not there is not judged.
# related_resources:
#   - ref: https://docs.docker.com/engine/security/protect-access/
#   - ref: https://docs.docker.com/engine/install/linux-postinstall/#manage-docker-as-a-non-root-user
# custom:
#   severity: medium
#   levels: {owner: low}
#   kinds: [host]
#   subjects: [host]
#   profiles: [baseline, cis, strict]
#   needs: [files]
#   checklist: ["S1:119", "K:231", "K:241"]
#   cis: ["3.1", "3.2", "3.3", "3.4", "3.5", "3.6", "3.7", "3.8", "3.9", "3.10", "3.11", "3.12", "3.13", "3.14", "3.15", "3.16", "3.17", "3.18", "3.19", "3.20", "3.21", "3.22", "3.23", "3.24"]
#   nist: ["4.5.4", "4.5.5"]
#   remedy: Give the file to root with `chown`, and take away with `chmod` what the table does not allow.
#   params:
#     allowed_files:
#       type: list<string>
#       default: []
#       description: Paths of files that are not judged.
#   since: 0.1.0
package checklist.host["loose-file-permissions"]

import data.checklist.lib.machine
import data.checklist.lib.mode
import data.plimsoll.finding

deny contains finding.at_field(file, "uid", sprintf("`%s` belongs to %s, not to root (%s)", [file.path, _name(file, "owner", "user", file.uid), row.owner_cis])) if {
	some [file, row] in _judged
	file.uid != 0
}

deny contains finding.at_field(file, "gid", sprintf("`%s` has %s, not %s (%s)", [file.path, _name(file, "group", "group", file.gid), _group(row), row.owner_cis])) if {
	some [file, row] in _judged
	file.gid != 0
	object.get(file, "group", "") != _group(row)
}

deny contains finding.at_field(file, "mode", _beyond_message(file, row)) if {
	some [file, row] in _judged
	[special, _, group, others] := mode.beyond(file.mode, row.mode)
	special + group + others > 0
}

# Root may write anyway; the benchmark asks for it all the same.
deny contains finding.level("owner", finding.at_field(file, "mode", _beyond_message(file, row))) if {
	some [file, row] in _judged
	[special, owner, group, others] := mode.beyond(file.mode, row.mode)
	special + group + others == 0
	owner > 0
}

unknown contains finding.unknown(input.host, sprintf("owner, group or mode of `%s` is not known", [file.path])) if {
	some [file, _] in _judged
	count([field | some field in ["uid", "gid", "mode"]; file[field]]) < 3
}

# Files that are there, with what they may be. A unit that is a link to `/dev/null` is switched off.
_judged := [[file, row] |
	some file in input.host.files
	file.exists == true
	some role, row in input.data["host-files"].files
	role == file.role
	not object.get(file, "kind", "") in {"character_device", "block_device", "fifo"}
	not file.path in input.params["host/loose-file-permissions"].allowed_files
]

_beyond_message(file, row) := sprintf("`%s` has mode %s, which grants more than %s (%s)", [file.path, file.mode, row.mode, row.mode_cis])

_group(row) := machine.docker_group if {
	row.group == "docker"
} else := row.group

_name(file, field, word, number) := sprintf("%s `%s`", [word, file[field]]) if {
	is_string(file[field])
} else := sprintf("%s %d", [word, number])
