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

_option(args, position, arg, short, long) := [position + 1, args[position + 1]] if {
	arg in {short, long}
	position + 1 < count(args)
} else := [position + 1, args[position + 1]] if {
	count(short) == 2
	count(arg) > 2
	position + 1 < count(args)
	endswith(arg, substring(short, 1, 1))
	regex.match(`^-[A-Za-z]+$`, arg)
	not startswith(arg, short)
} else := [position, substring(arg, count(long) + 1, -1)] if {
	startswith(arg, long)
	substring(arg, count(long), 1) == "="
} else := [position, substring(arg, count(short), -1)] if {
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
downloads(command) := [] if {
	not downloaders[command.name]
} else := urls if {
	downloaders[command.name]
	urls := [{"index": index, "url": url} |
		some index, arg in command.args
		contains(arg, "://")
		url := trim_prefix(arg, "--url=")
		regex.match(`^(?i)(https?|ftps?)://`, url)
		count([before | some at, before in command.args; at == index - 1; _not_downloaded[before]]) == 0
	]
}

# METADATA
# description: |
#   The pipes of a RUN against their direction, for graph.reachable: by the position of each command
#   that of the one that writes into it. A wrapper such as sudo stands for what it runs.
# custom:
#   types: {run: Run}
writers(run) := {position: _neighbours(command.pipe_from) | some position, command in run.commands}

# METADATA
# description: |
#   The pipes of a RUN in their direction, for graph.reachable: by the position of each command that
#   of the one that reads from it. A wrapper such as sudo stands for what it runs.
# custom:
#   types: {run: Run}
readers(run) := {position: _neighbours(command.pipe_to) | some position, command in run.commands}

_neighbours(index) := [index] if {
	is_number(index)
} else := [] if {
	index == null
}

# METADATA
# description: |
#   The host of a URL in lower case, without user and port; undefined for what is no URL.
# custom:
#   types: {url: string}
host(url) := lower(parts[0][1]) if {
	parts := regex.find_all_string_submatch_n(`^[A-Za-z][A-Za-z0-9+.-]*://(?:[^/?#@]*@)?(\[[^\]]*\]|[^/?#:]*)`, url, 1)
	count(parts) > 0
}

# METADATA
# description: |
#   Why what a build runs is not known in full: one reason for each RUN that the target needs and
#   whose script was not understood in full.
# custom:
#   types: {build: Build}
unread(build) := [reason |
	some run in build.runs
	count(run.incomplete) > 0
	run.needed == true
	"commands" in run.incomplete
	reason := "what a RUN runs is not understood in full"
]
