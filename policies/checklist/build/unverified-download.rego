# METADATA
# title: Download is not verified
# description: |
#   What a build downloads is piped into a shell, comes over plain HTTP, or is added from a URL or a
#   git repository without saying which content is expected.
# related_resources:
#   - ref: https://docs.docker.com/reference/dockerfile/#add---checksum
# custom:
#   severity: medium
#   kinds: [dockerfile]
#   subjects: [build]
#   profiles: [baseline, cis, strict]
#   checklist: ["K:160", "S2:28"]
#   cis: ["4.12"]
#   nist: ["4.1.5"]
#   equivalents:
#     kics: [curl_or_wget_instead_of_add]
#   remedy: Download with ADD --checksum, or compare the checksum or the signature before use.
#   params:
#     require:
#       type: list<string>
#       default: [no_pipe_shell, add_checksum, no_http]
#       description: |
#         What is required: `no_pipe_shell` (nothing downloaded is run unseen), `add_checksum` (ADD of a
#         URL or a git repository names its content), `no_http` (no plain HTTP), `download_checksum`
#         (archives and programs that a RUN downloads are verified later in the stage).
#       allowed: [no_pipe_shell, add_checksum, no_http, download_checksum]
#     allowed_hosts:
#       type: list<string>
#       default: [localhost, 127.0.0.1]
#       description: Hosts whose content is accepted as it is.
#   since: 0.1.0
package checklist.build["unverified-download"]

import data.checklist.lib.command
import data.plimsoll.finding

deny contains finding.at_item(cmd, "args", download.index, message) if {
	_required("no_pipe_shell")
	some run in input.build.runs
	run.needed == true
	some [source, reader] in _runs_download(run)
	cmd := run.commands[source]
	some download in command.downloads(cmd)
	_from_outside(download.url)
	message := sprintf("what `%s` downloads from `%s` is piped into `%s`", [
		cmd.name,
		command.host(download.url),
		run.commands[reader].name,
	])
}

# The address is a variable, or has no scheme.
deny contains finding.at(cmd, message) if {
	_required("no_pipe_shell")
	some run in input.build.runs
	run.needed == true
	some [source, reader] in _runs_download(run)
	cmd := run.commands[source]
	count(command.downloads(cmd)) == 0
	message := sprintf("what `%s` downloads is piped into `%s`", [cmd.name, run.commands[reader].name])
}

deny contains finding.at_item(cmd, "args", index, message) if {
	_required("no_pipe_shell")
	some run in input.build.runs
	run.needed == true
	some cmd in run.commands
	_shells[cmd.name]
	some index, arg in cmd.args
	regex.match("(\\$\\(|`|<\\()\\s*(curl|wget)\\s", arg)
	message := sprintf("`%s` runs what it downloads", [cmd.name])
}

deny contains finding.at_item(cmd, "args", download.index, message) if {
	_required("no_http")
	some number, run in input.build.runs
	run.needed == true
	some position, cmd in run.commands
	some download in command.downloads(cmd)
	startswith(lower(download.url), "http://")
	_from_outside(download.url)
	not _verified_later(run.stage, number, position)
	message := sprintf("`%s` downloads from `%s` over plain HTTP", [cmd.name, command.host(download.url)])
}

deny contains finding.at_item(cmd, "args", download.index, message) if {
	_required("download_checksum")
	some number, run in input.build.runs
	run.needed == true
	some position, cmd in run.commands
	some download in command.downloads(cmd)
	_from_outside(download.url)
	_artefact(run, position, download.url)
	not _verified_later(run.stage, number, position)
	message := sprintf("what `%s` downloads from `%s` is not verified", [cmd.name, command.host(download.url)])
}

deny contains finding.at(source, message) if {
	some copy in input.build.copies
	copy.needed == true
	copy.checksum == null
	some source in copy.sources
	source.kind == "url"
	_from_outside(source.path)
	message := _add_problem(source.path)
}

deny contains finding.at(source, message) if {
	_required("add_checksum")
	some copy in input.build.copies
	copy.needed == true
	copy.checksum == null
	some source in copy.sources
	source.pinned == false
	message := "`ADD` takes a git repository at whatever commit it is"
}

unknown contains finding.unknown(input.build, reason) if {
	some reason in command.unread(input.build)
}

unknown contains finding.unknown(input.build, "what ADD takes depends on a variable") if {
	some copy in input.build.copies
	copy.keyword == "ADD"
	copy.needed == true
	copy.checksum == null
	count([source | some source in copy.sources; is_string(source.kind)]) < count(copy.sources)
}

_required(what) if what in input.params["build/unverified-download"].require

_from_outside(url) if {
	allowed := input.params["build/unverified-download"].allowed_hosts
	host := command.host(url)
	count([name | some name in allowed; lower(name) == host]) == 0
}

_add_problem(url) := sprintf("`ADD` downloads from `%s` over plain HTTP and without a checksum", [command.host(url)]) if {
	_required("no_http")
	startswith(lower(url), "http://")
} else := sprintf("`ADD` downloads from `%s` without a checksum", [command.host(url)]) if {
	_required("add_checksum")
}

# Pairs of a command that downloads and one that runs what comes out of the pipe.
_runs_download(run) := pairs if {
	sources := [index |
		some index, cmd in run.commands
		command.downloaders[cmd.name]
		count([arg | some arg in cmd.args; not startswith(arg, "-")]) > 0
	]
	pairs := [[source, reader] |
		some reader, cmd in run.commands
		is_number(cmd.pipe_from)
		_runs_input(cmd)
		above := graph.reachable(command.writers(run), {reader})
		some source in sources
		_among(above, source, run.commands[source])
	]
}

# A pipe leads to the wrapper, if there is one: `sudo curl … | sh`.
_among(above, source, _) if above[source]

_among(above, _, cmd) if above[cmd.wrapped_by]

_shells := {"sh", "bash", "dash", "ash", "zsh", "ksh", "eval", "source", "."}

# What else runs a program that it reads from its input, and the options with which it does not.
_interpreters := {
	"sh": `^-[a-zA-Z]*c`,
	"bash": `^-[a-zA-Z]*c`,
	"dash": `^-[a-zA-Z]*c`,
	"ash": `^-[a-zA-Z]*c`,
	"zsh": `^-[a-zA-Z]*c`,
	"ksh": `^-[a-zA-Z]*c`,
	"python": `^-[a-zA-Z]*[cm]`,
	"python3": `^-[a-zA-Z]*[cm]`,
	"perl": `^-[a-zA-Z]*[eEnp]`,
	"ruby": `^-[a-zA-Z]*[enp]`,
	"node": `^(-[a-zA-Z]*[ep]|--eval|--print)`,
	"php": `^-[a-zA-Z]*[rfBRF]`,
}

_runs_input(cmd) if {
	_interpreters[cmd.name]
	count([arg | some arg in cmd.args; regex.match(_interpreters[cmd.name], arg)]) == 0
	_reads_input(cmd)
}

# No operand names a file.
_reads_input(cmd) if {
	count([arg | some arg in cmd.args; not startswith(arg, "-")]) == 0
}

_reads_input(cmd) if {
	some arg in cmd.args
	arg in {"-", "/dev/stdin", "/proc/self/fd/0"}
}

_reads_input(cmd) if {
	_shells[cmd.name]
	some arg in cmd.args
	regex.match(`^-[a-zA-Z]*s`, arg)
}

# Whether a later command of the stage compares a checksum or a signature.
_verified_later(stage, number, position) if {
	some later, run in input.build.runs
	run.stage == stage
	some at, cmd in run.commands
	_after(later, at, number, position)
	_verifies(cmd)
}

_after(later, _, number, _) if later > number

_after(later, at, number, position) if {
	later == number
	at > position
}

_checkers := {
	"md5sum": `^(-[a-z]*c|--check)`,
	"sha1sum": `^(-[a-z]*c|--check)`,
	"sha224sum": `^(-[a-z]*c|--check)`,
	"sha256sum": `^(-[a-z]*c|--check)`,
	"sha384sum": `^(-[a-z]*c|--check)`,
	"sha512sum": `^(-[a-z]*c|--check)`,
	"b2sum": `^(-[a-z]*c|--check)`,
	"b3sum": `^(-[a-z]*c|--check)`,
	"shasum": `^(-[a-z]*c|--check)`,
	"gpg": `^--(batch-)?verify|^--decrypt`,
	"gpg2": `^--verify`,
	"gpgv": `.`,
	"cosign": `^verify`,
	"minisign": `^-[a-zA-Z]*V`,
	"signify": `^-[a-zA-Z]*V`,
	"slsa-verifier": `^verify`,
	"gh": `^attestation`,
	"rpm": `^(-K|--checksig)`,
	"rpmkeys": `^(-K|--checksig)`,
	"jarsigner": `^-verify`,
}

_verifies(cmd) if {
	some arg in cmd.args
	regex.match(_checkers[cmd.name], arg)
}

# An archive or a program: by its name, or because it is unpacked at once.
_artefact(_, _, url) if {
	regex.match(`(?i)\.(tar|t[gbx]z2?|tzst|gz|bz2|xz|zst|zip|7z|deb|rpm|apk|jar|war|whl|gem|exe|msi|dll|so|bin|run|appimage|sh|py|pl)$`, split(split(url, "?")[0], "#")[0])
}

_artefact(run, position, _) if {
	some reader in graph.reachable(command.readers(run), {position})
	run.commands[reader].name in {"tar", "bsdtar", "gunzip", "zcat", "unzip", "cpio", "xz", "unxz", "bunzip2", "zstd"}
}

_artefact(run, position, _) if {
	cmd := run.commands[position]
	some short, long in {"-o": "--output", "-O": "--output-document"}
	some option in command.options(cmd, short, long)
	regex.match(`(^|/)s?bin/`, option.value)
}
