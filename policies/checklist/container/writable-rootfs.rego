# METADATA
# title: Container can write to its root file system
# description: |
#   Looks for containers whose root file system is not read-only. What is mounted, volumes and tmpfs,
#   stays writable either way.
# related_resources:
#   - ref: https://docs.docker.com/reference/compose-file/services/#read_only
#   - ref: https://docs.docker.com/reference/cli/docker/container/run/#read-only
# custom:
#   severity: medium
#   levels: {scratch_space: info}
#   kinds: [compose, container]
#   subjects: [container]
#   profiles: [baseline, cis, strict]
#   needs: [read_only]
#   checklist: ["S1:178-185", "S2:85-95", "V8", "K:134", "K:294", "K:352", "K:361"]
#   cis: ["5.13"]
#   nist: ["4.4.4"]
#   remedy: Make the root file system read-only, and mount a tmpfs where the application has to write.
#   params:
#     allowed_images:
#       type: list<string>
#       default: []
#       description: Images that may write to their root file system, as patterns.
#     expected_writable:
#       type: list<string>
#       default: []
#       description: |
#         Paths of which a read-only container is expected to have one as a tmpfs or another mount, such
#         as `/tmp` and `/run`; without, the application may fail when it writes. Empty expects none.
#   since: 0.1.0
package checklist.container["writable-rootfs"]

import data.checklist.lib.host_path
import data.checklist.lib.workload
import data.plimsoll.finding

deny contains finding.at_field(container, "read_only", message) if {
	some container in input.containers
	container.read_only == false
	not workload.runs_any(container, input.params["container/writable-rootfs"].allowed_images)
	message := sprintf("container `%s` can write to its root file system", [container.name])
}

deny contains finding.level("scratch_space", finding.at_field(container, "read_only", message)) if {
	expected := input.params["container/writable-rootfs"].expected_writable
	count(expected) > 0
	some container in input.containers
	container.read_only == true
	not _has_scratch_space(container, expected)
	not _has_unread_mounts(container)
	message := sprintf("container `%s` has nothing mounted at `%s` to write to", [container.name, concat("` or `", expected)])
}

unknown contains finding.unknown(container, "not all of its mounts are known") if {
	expected := input.params["container/writable-rootfs"].expected_writable
	count(expected) > 0
	some container in input.containers
	container.read_only == true
	not _has_scratch_space(container, expected)
	_has_unread_mounts(container)
}

_has_scratch_space(container, expected) if {
	some mounts in [container.tmpfs, container.mounts]
	some mount in mounts
	some path in expected
	host_path.is_within(path, mount.target)
}

_has_unread_mounts(container) if {
	some list in ["mounts", "tmpfs"]
	list in container.incomplete
}

_has_unread_mounts(container) if {
	some mounts in [container.tmpfs, container.mounts]
	some mount in mounts
	object.get(mount, "target", "absent") == "absent"
}
