# METADATA
# title: Volume or working directory is a system folder
# description: |
#   Looks at the paths that VOLUME declares and that WORKDIR changes to. A volume over a folder of the
#   system hides what later images bring, and keeps what somebody wrote there; a process that works in
#   `/proc` or `/dev` writes to the kernel.
# related_resources:
#   - ref: https://docs.docker.com/reference/dockerfile/#volume
#   - ref: https://docs.docker.com/reference/dockerfile/#workdir
#   - ref: https://refspecs.linuxfoundation.org/FHS_3.0/fhs/index.html
# custom:
#   severity: low
#   kinds: [dockerfile, image]
#   subjects: [image]
#   profiles: [baseline, cis, strict]
#   cis: ["5.6"]
#   nist: ["4.5.5"]
#   equivalents:
#     trivy: [DS-0030]
#     dockle: [DKL-DI-0002]
#   remedy: Keep the application in a folder of its own, such as `/app`, and its data in one such as `/data`.
#   params:
#     volume_dirs:
#       type: list<string>
#       default: [/bin, /boot, /dev, /etc, /initrd, /lib, /lib64, "/lost+found", /proc, /root/.ssh, /sbin, /sys, /usr]
#       description: Folders that must not be volumes, nor what is below them.
#     workdir_dirs:
#       type: list<string>
#       default: [/bin, /boot, /dev, /initrd, "/lost+found", /proc, /root/.ssh, /sbin, /sys]
#       description: Folders that must not be working directories, nor what is below them.
#     allowed_dirs:
#       type: list<string>
#       default: [/dev/shm, /usr/local, /usr/share, /usr/src]
#       description: Folders below these in which both are accepted.
#   since: 0.1.0
package checklist.image["sensitive-path"]

import data.checklist.lib.host_path
import data.plimsoll.finding

deny contains finding.at(volume, sprintf("volume `%s` is a folder of the system", [volume.text])) if {
	some image in input.images
	some volume in image.config.volumes
	_is_within(volume.text, input.params["image/sensitive-path"].volume_dirs)
	not _is_within(volume.text, input.params["image/sensitive-path"].allowed_dirs)
}

deny contains finding.of(image, finding.at_field(workdir, "path", sprintf("working directory `%s` is a folder of the system", [workdir.path]))) if {
	some workdir in input.build.workdirs
	workdir.shipped == true
	_is_within(workdir.path, input.params["image/sensitive-path"].workdir_dirs)
	not _is_within(workdir.path, input.params["image/sensitive-path"].allowed_dirs)
	some image in input.images
}

deny contains finding.at_field(image.config, "working_dir", sprintf("working directory `%s` is a folder of the system", [image.config.working_dir])) if {
	some image in input.images
	image.source_type != "dockerfile"
	_is_within(image.config.working_dir, input.params["image/sensitive-path"].workdir_dirs)
	not _is_within(image.config.working_dir, input.params["image/sensitive-path"].allowed_dirs)
}

unknown contains finding.unknown(image, "not all of its volumes are known") if {
	some image in input.images
	"volumes" in image.config.incomplete
}

unknown contains finding.unknown(image, sprintf("where `WORKDIR %s` leads is not known", [workdir.raw])) if {
	some workdir in input.build.workdirs
	workdir.shipped == true
	object.get(workdir, "path", "") == ""
	contains(workdir.raw, "$")
	some image in input.images
}

unknown contains finding.unknown(image, "its working directory is not known") if {
	some image in input.images
	image.source_type != "dockerfile"
	object.get(image.config, "working_dir", "absent") == "absent"
}

_is_within(path, folders) if {
	some folder in folders
	_begin_alike(path, folder)
	host_path.is_within(path, folder)
}

# To compare one letter is cheap. `/var/run` is `/run`, and `*` is any segment.
_begin_alike(path, folder) if substring(path, 1, 1) == substring(folder, 1, 1)

_begin_alike(path, _) if startswith(path, "/var/run")

_begin_alike(_, folder) if startswith(folder, "/var/run")

_begin_alike(_, folder) if startswith(folder, "/*")
