# METADATA
# title: Image starts its process through a shell
# description: |
#   The CMD or ENTRYPOINT in force is in shell form, so that a shell is the container's first process.
# related_resources:
#   - ref: https://docs.docker.com/reference/build-checks/json-args-recommended/
# custom:
#   severity: low
#   kinds: [dockerfile]
#   subjects: [image]
#   profiles: [baseline, strict, lint]
#   checklist: ["K:151"]
#   needs: [config.entrypoint_form, config.cmd_form]
#   equivalents:
#     hadolint: [DL3025]
#     kics: [not_using_json_in_cmd_and_entrypoint_arguments]
#     buildkit: [JSONArgsRecommended]
#   remedy: Write it as a JSON array of words.
#   params:
#     allow_exec:
#       type: boolean
#       default: true
#       description: Whether a shell form may start with `exec`, which puts the program in the shell's place.
#     allow_with_shell:
#       type: boolean
#       default: true
#       description: Whether a shell form is accepted where SHELL says that a shell is wanted.
#   since: 0.1.0
package checklist.lint["shell-form"]

import data.plimsoll.finding

deny contains finding.at_field(image.config, "entrypoint_form", _message("ENTRYPOINT", text)) if {
	some image in input.images
	image.config.entrypoint_form == "shell"
	text := image.config.entrypoint[count(image.config.entrypoint) - 1]
	_unwanted(image, text)
}

deny contains finding.at_field(image.config, "cmd_form", _message("CMD", text)) if {
	some image in input.images
	image.config.cmd_form == "shell"
	text := image.config.cmd[count(image.config.cmd) - 1]
	_unwanted(image, text)
}

_message(keyword, text) := sprintf("`%s` is in shell form", [keyword]) if {
	not startswith(text, "[")
} else := sprintf("`%s` is no valid JSON, so a shell runs it as it is", [keyword])

_unwanted(_, text) if startswith(text, "[")

_unwanted(image, text) if {
	_no_shell_wanted(image)
	_no_exec(text)
}

_no_shell_wanted(image) if count(image.config.shell) == 0

_no_shell_wanted(_) if input.params["lint/shell-form"].allow_with_shell == false

_no_exec(text) if not startswith(text, "exec ")

_no_exec(_) if input.params["lint/shell-form"].allow_exec == false
