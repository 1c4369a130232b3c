# METADATA
# title: Command lines
# description: |
#   What the arguments of a command say. Words are judged as they are written: quotes are gone,
#   variables are left. All functions give an empty list where there is nothing.
package checklist.lib.command

# METADATA
# description: |
#   The positions of a flag among the arguments: the long form exactly (`--insecure`), the short form
#   alone or bundled (`k` in `-k`, `-fsSLk`). `valued` are the letters of short options that take a
#   value: what follows one of them in a bundle is that value, so `-oklog` has no `k`.
# custom:
#   types: {command: Command, letter: string, long: string, valued: [string]}
flags(command, letter, long, valued) := [index |
	some index, arg in command.args
	_is_flag(arg, letter, long, valued)
]

_is_flag(arg, _, long, _) if arg == long

_is_flag(arg, letter, _, valued) if {
	startswith(arg, "-")
	contains(arg, letter)
	not startswith(arg, "--")
	before := split(arg, letter)[0]
	count([other | some other in valued; contains(before, other)]) == 0
}

# METADATA
# description: |
#   The values of an option, each with the position among the arguments that holds it: `-o x`, `-ox`,
#   `--output x`, `--output=x`, and `-so x` where the short option ends a bundle.
# custom:
#   types: {command: Command, short: string, long: string}
options(command, short, long) := [{"index": index, "value": value} |
	some position, arg in command.args
	[index, value] := _option(command.args, position, arg, short, long)
]

_option(args, position, arg, short, long) := [position + 1, value] if {
	arg in {short, long}
	value := args[position + 1]
} else := [position + 1, value] if {
	count(short) == 2
	endswith(arg, trim_prefix(short, "-"))
	regex.match(`^-[A-Za-z]+$`, arg)
	not startswith(arg, short)
	value := args[position + 1]
} else := [position, trim_prefix(rest, "=")] if {
	startswith(arg, long)
	rest := trim_prefix(arg, long)
	startswith(rest, "=")
} else := [position, trim_prefix(arg, short)] if {
	startswith(arg, short)
	arg != short
	not startswith(arg, "--")
}

# METADATA
# description: Programs that download what their arguments name.
downloaders := {"curl", "wget", "wget2", "aria2c"}

# Options whose value may be a URL that is not downloaded.
_not_downloaded := {
	"-x", "--proxy", "--preproxy", "-e", "--referer", "-H", "--header", "--proxy-header", "-d",
	"--data", "--data-raw", "--data-binary", "--data-urlencode", "--json", "-F", "--form", "-A",
	"--user-agent", "--doh-url", "-B", "--base", "--post-data", "--body-data", "-b", "--cookie",
}

# METADATA
# description: |
#   What curl, wget and the like download: each URL that is written with its scheme, and its position
#   among the arguments.
# custom:
#   types: {command: Command}
downloads(command) := [{"index": index, "url": url} |
	command.name in downloaders
	some index, arg in command.args
	contains(arg, "://")
	url := trim_prefix(arg, "--url=")
	lower(split(url, "://")[0]) in {"http", "https", "ftp", "ftps"}
	not _is_value(command.args, index)
]

# Of an option that takes a URL for something else.
_is_value(args, index) if args[index - 1] in _not_downloaded

# METADATA
# description: |
#   The pipes of a RUN against their direction, for graph.reachable: by the position of each command
#   that of the one that writes into it, or null, which leads nowhere. A wrapper such as sudo stands for what it runs.
# custom:
#   types: {run: Run}
writers(run) := {position: [command.pipe_from] | some position, command in run.commands}

# METADATA
# description: |
#   The pipes of a RUN in their direction, for graph.reachable: by the position of each command that
#   of the one that reads from it, or null. A wrapper such as sudo stands for what it runs.
# custom:
#   types: {run: Run}
readers(run) := {position: [command.pipe_to] | some position, command in run.commands}

# METADATA
# description: |
#   The host of a URL in lower case, without user and port; undefined for what is no URL.
# custom:
#   types: {url: string}
host(url) := lower(name) if {
	[[_, name]] := regex.find_all_string_submatch_n(`^[A-Za-z][A-Za-z0-9+.-]*://(?:[^/?#@]*@)?(\[[^\]]*\]|[^/?#:]*)`, url, 1)
}

# METADATA
# description: |
#   Why what a build runs is not known in full: one reason for each RUN that the target needs and
#   whose script was not understood in full.
# custom:
#   types: {build: Build}
unread(build) := [reason |
	some run in build.runs
	"commands" in run.incomplete
	run.needed == true
	reason := "what a RUN runs is not understood in full"
]
