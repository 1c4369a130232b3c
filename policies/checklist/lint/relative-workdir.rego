# METADATA
# title: Working directory is left to chance
# description: |
#   A WORKDIR that is relative to the base image's, a copy to a relative destination without any WORKDIR,
#   or a RUN that ends with cd, which has no effect.
# related_resources:
#   - ref: https://docs.docker.com/reference/build-checks/workdir-relative-path/
#   - ref: https://docs.docker.com/build/building/best-practices/#workdir
# custom:
#   severity: low
#   kinds: [dockerfile]
#   subjects: [build]
#   profiles: [baseline, strict, lint]
#   checklist: ["K:151"]
#   equivalents:
#     hadolint: [DL3000, DL3003, DL3045]
#     trivy: [DS-0009, DS-0013]
#     kics: [workdir_path_not_absolute, run_command_cd_instead_of_workdir]
#     checkov: [CKV_DOCKER_10]
#     buildkit: [WorkdirRelativePath]
#   remedy: Set an absolute WORKDIR.
#   params:
#     absolute_only:
#       type: boolean
#       default: false
#       description: Whether every WORKDIR has to be absolute, also below one that is.
#     forbid_cd:
#       type: boolean
#       default: false
#       description: Whether a RUN may not use cd at all.
#   since: 0.1.0
package checklist.lint["relative-workdir"]

import data.plimsoll.finding

deny contains finding.at_field(workdir, "raw", message) if {
	some workdir in input.build.workdirs
	workdir.needed == true
	workdir.absolute == false
	_depends(workdir)
	message := sprintf("`WORKDIR %s` is relative", [workdir.raw])
}

_depends(workdir) if workdir.after_absolute == false

_depends(_) if input.params["lint/relative-workdir"].absolute_only == true

deny contains finding.at_field(copy, "dest", message) if {
	some copy in input.build.copies
	copy.needed == true
	copy.dest_without_workdir == true
	message := sprintf("`%s` to a relative path, and no WORKDIR says where that is", [copy.keyword])
}

deny contains finding.at(cmd, "`cd` has no effect at the end of a RUN") if {
	input.params["lint/relative-workdir"].forbid_cd == false
	some run in input.build.runs
	run.needed == true
	cmd := run.commands[count(run.commands) - 1]
	cmd.name == "cd"
	cmd.subshell == false
}

deny contains finding.at(cmd, "`cd` is used instead of WORKDIR") if {
	input.params["lint/relative-workdir"].forbid_cd == true
	some run in input.build.runs
	run.needed == true
	some cmd in run.commands
	cmd.name == "cd"
}

unknown contains finding.unknown(input.build, reason) if {
	some workdir in input.build.workdirs
	workdir.needed == true
	object.get(workdir, "absolute", "absent") == "absent"
	reason := sprintf("`WORKDIR %s` depends on a variable", [workdir.raw])
}

unknown contains finding.unknown(input.build, "the destination of a copy depends on a variable") if {
	some copy in input.build.copies
	copy.needed == true
	object.get(copy, "dest_without_workdir", "absent") == "absent"
}
