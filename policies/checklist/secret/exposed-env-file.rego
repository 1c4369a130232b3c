# METADATA
# title: File of variables with credentials is exposed
# description: |
#   Looks for files of variables, those that services name and the project's own `.env`, that hold a
#   credential and that Git tracks, that Git does not ignore, or that others on the host may use. A file
#   without credentials may lie open. What Git says is read from the work tree that the file lies in;
#   whether a user ignores it in all their work trees is not seen, and protects nobody else.
# related_resources:
#   - ref: https://docs.docker.com/compose/how-tos/environment-variables/best-practices/
#   - ref: https://git-scm.com/docs/gitignore
# custom:
#   severity: medium
#   levels: {mode: low}
#   kinds: [compose]
#   subjects: [project]
#   profiles: [baseline, strict]
#   checklist: ["S2:143-148", "V7"]
#   nist: ["4.1.4"]
#   remedy: Add the file to .gitignore, take it out of Git, and run chmod 600 on it; better still, use secrets.
#   params:
#     max_mode:
#       type: string
#       default: "0600"
#       description: What the group and others may do with such a file at most, as octal digits.
#     require_gitignore:
#       type: boolean
#       default: true
#       description: Whether a file that Git does not track has to be ignored.
#     examples:
#       type: list<string>
#       default: ["*.default", "*.defaults", "*.dist", "*.example", "*.sample", "*.template"]
#       description: |
#         Names of files that show which variables there are. What they give variables with the names of
#         credentials counts for nothing; a value that has the shape of a credential does.
#   since: 0.1.0
package checklist.secret["exposed-env-file"]

import data.checklist.lib.mode
import data.checklist.lib.wildcard
import data.plimsoll.finding

deny contains finding.at(file, sprintf("`%s` holds credentials, and Git tracks it", [file.path])) if {
	some file in input.project.env_files
	file.git_tracked == true
	_holds(file)
}

deny contains finding.at(file, sprintf("`%s` holds credentials, and Git does not ignore it", [file.path])) if {
	some file in input.project.env_files
	file.git_ignored == false
	file.git_tracked == false
	input.params["secret/exposed-env-file"].require_gitignore == true
	_holds(file)
}

deny contains finding.level("mode", finding.at(file, sprintf("`%s` holds credentials, and others on the host may use it: its mode is 0%s", [file.path, format_int(file.mode, 8)]))) if {
	some file in input.project.env_files
	mode.is_wider(file.mode, input.params["secret/exposed-env-file"].max_mode)
	_holds(file)
}

unknown contains finding.unknown(input.project, sprintf("whether there is a `%s` is not known", [file.path])) if {
	some file in input.project.env_files
	not is_boolean(object.get(file, "exists", "unknown"))
}

unknown contains finding.unknown(input.project, sprintf("`%s` is not here", [file.path])) if {
	some file in input.project.env_files
	file.exists == false
	object.get(file, "required", true) == true
}

unknown contains finding.unknown(input.project, sprintf("what `%s` holds is not known", [file.path])) if {
	some file in input.project.env_files
	file.exists == true
	"credentials" in file.incomplete
}

unknown contains finding.unknown(input.project, sprintf("whether Git tracks `%s` is not known", [file.path])) if {
	some file in input.project.env_files
	not is_boolean(object.get(file, "git_tracked", "unknown"))
	_holds(file)
}

unknown contains finding.unknown(input.project, sprintf("whether Git ignores `%s` is not known", [file.path])) if {
	some file in input.project.env_files
	file.git_tracked == false
	input.params["secret/exposed-env-file"].require_gitignore == true
	not is_boolean(object.get(file, "git_ignored", "unknown"))
	_holds(file)
}

unknown contains finding.unknown(input.project, sprintf("the mode of `%s` is not known", [file.path])) if {
	some file in input.project.env_files
	not is_number(object.get(file, "mode", "unknown"))
	_holds(file)
}

_holds(file) if count(file.secrets) > 0

_holds(file) if {
	count(file.credentials) > 0
	not _is_example(file.path)
}

_is_example(path) if {
	parts := split(path, "/")
	wildcard.matches_any(input.params["secret/exposed-env-file"].examples, parts[count(parts) - 1])
}
