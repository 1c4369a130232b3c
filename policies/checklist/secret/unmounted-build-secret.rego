# METADATA
# title: Build uses a credential without a secret mount
# description: |
#   Looks for commands that read a credential from ARG or ENV, put one on a command line, or write it
#   into a file. All of that stays in a layer or in the history; a secret mount leaves nothing behind.
# related_resources:
#   - ref: https://docs.docker.com/build/building/secrets/
#   - ref: https://docs.docker.com/reference/dockerfile/#run---mounttypesecret
# custom:
#   severity: medium
#   kinds: [dockerfile]
#   subjects: [build]
#   profiles: [baseline, cis, strict]
#   checklist: ["S1:146", "S1:147-149", "K:281", "K:292"]
#   cis: ["4.10"]
#   nist: ["4.1.4"]
#   equivalents: {trivy: [DS-0031]}
#   remedy: Give the credential to the command with `RUN --mount=type=secret` or `--mount=type=ssh`.
#   params:
#     credential_commands:
#       type: list<string>
#       default:
#         - "aws configure set aws_secret_access_key"
#         - "aws configure set aws_session_token"
#         - "az login --password"
#         - "az login -p"
#         - "buildah login --password"
#         - "buildah login -p"
#         - "composer config *-oauth.*"
#         - "composer config http-basic.*"
#         - "docker login --password"
#         - "docker login -p"
#         - "doctl auth init -t"
#         - "doctl auth init --access-token"
#         - "gcloud auth activate-service-account"
#         - "gh auth login --with-token"
#         - "helm registry login --password"
#         - "helm registry login -p"
#         - "npm config set *_auth*"
#         - "npm set *_auth*"
#         - "podman login --password"
#         - "podman login -p"
#         - "yarn config set *npmAuthToken"
#       description: |
#         Commands that take a credential: a program, and words that are all among its arguments. `*`
#         stands for any text, and `--password` also for `--password=…`. The first that fits is reported.
#     credential_files:
#       type: list<string>
#       default: [.git-credentials, .netrc, .npmrc, .pgpass, .pypirc, .my.cnf]
#       description: Files that a command may only write with a secret mount beside it.
#   since: 0.1.0
package checklist.secret["unmounted-build-secret"]

import data.checklist.lib.wildcard
import data.plimsoll.finding

deny contains finding.at(used, sprintf("`%s` is read from ARG or ENV, and not from a secret mount", [used.name])) if {
	some run in input.build.runs
	run.needed == true
	some used in run.variables
	used.secret == "name"
	used.declared == true
	not _is_mounted(run, used.name)
}

deny contains finding.at(command, sprintf("`%s` is given a credential without a secret mount", [first])) if {
	some run in _bare_runs
	some command in run.commands
	command.name in _programs
	fitting := [pattern |
		some pattern in input.params["secret/unmounted-build-secret"].credential_commands
		words := split(pattern, " ")
		words[0] == command.name
		count([word | some index, word in words; index > 0; not _has_argument(command, word)]) == 0
	]
	first := fitting[0]
	not _reads_credential(run)
}

deny contains finding.at_item(command, "args", index, "a URL is given a credential without a secret mount") if {
	some run in _bare_runs
	some command in run.commands
	some index, argument in command.args
	contains(argument, "@")
	regex.match(`^[^/]*://[^/@]*\$[^/@]*@`, argument)
	not _reads_credential(run)
}

deny contains finding.at(redirect, sprintf("`%s` is written without a secret mount", [redirect.target])) if {
	some run in _bare_runs
	some command in run.commands
	some redirect in command.redirects
	redirect.operator in {">", ">>", ">|"}
	path := split(redirect.target, "/")
	path[count(path) - 1] in input.params["secret/unmounted-build-secret"].credential_files
	not _reads_credential(run)
}

unknown contains finding.unknown(input.build, "the commands of a RUN are not known") if {
	some run in input.build.runs
	run.needed == true
	"commands" in run.incomplete
}

# RUNs without a mount that a credential could come from.
_bare_runs := [run |
	some run in input.build.runs
	run.needed == true
	count([mount | some mount in run.mounts; _is_secret_mount(mount)]) == 0
]

_is_secret_mount(mount) if object.get(mount, "kind", "secret") in {"secret", "ssh"}

_is_mounted(run, name) if {
	some mount in run.mounts
	mount.env == name
}

# One fault, one finding: the variable is named already.
_reads_credential(run) if {
	some used in run.variables
	used.secret == "name"
	used.declared == true
}

_programs := {split(pattern, " ")[0] |
	some pattern in input.params["secret/unmounted-build-secret"].credential_commands
}

_has_argument(command, word) if {
	some argument in command.args
	startswith(argument, concat("", [word, "="]))
}

_has_argument(command, word) if {
	some argument in command.args
	wildcard.matches(word, argument)
}
