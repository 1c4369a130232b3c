# METADATA
# title: Scripts
# description: |
#   What was run to make an image, whatever says so: the RUNs of a build, those that the target needs, or
#   the history of an image that was built. A rule that asks this library judges both. Functions take
#   the whole of the facts, `input`, unless they say otherwise.
package checklist.lib.script

import data.plimsoll.finding

# METADATA
# description: All commands.
# custom:
#   types: {facts: Facts}
commands(facts) := array.concat(
	[command |
		some run in facts.build.runs
		run.needed == true
		some command in run.commands
	],
	[command |
		some image in facts.images
		some line in image.history
		some command in line.commands
	],
)

# METADATA
# description: The commands that call one of these programs, by the last part of its path.
# custom:
#   types: {facts: Facts}
calls(facts, names) := array.concat(
	[command |
		some run in facts.build.runs
		run.needed == true
		some command in run.commands
		command.name in names
	],
	[command |
		some image in facts.images
		some line in image.history
		some command in line.commands
		command.name in names
	],
)

# METADATA
# description: |
#   What package managers were asked for: lists in which each `run` stands for one script.
# custom:
#   types: {facts: Facts}
package_operations(facts) := array.concat(
	[operations | operations := facts.build.package_operations],
	[line.package_operations |
		some image in facts.images
		some line in image.history
		count(line.package_operations) > 0
	],
)

# METADATA
# description: |
#   Every ARG and ENV that the target needs, or the environment of an image that was built.
# custom:
#   types: {facts: Facts}
variables(facts) := array.concat(
	[variable |
		some variable in facts.build.variables
		variable.needed == true
	],
	[variable |
		some image in facts.images
		image.source_type != "dockerfile"
		some variable in image.config.env
	],
)

# METADATA
# description: The build arguments that the history of an image gives away, once for each RUN.
# custom:
#   types: {image: Image}
build_arguments(image) := [argument |
	some line in image.history
	some argument in line.build_args
]

# METADATA
# description: Of variables with the same name only the first.
# custom:
#   types: {variables: [EnvVar]}
first_of_each(variables) := [variable |
	some index, variable in variables
	count([at | some at, other in variables; at < index; other.name == variable.name]) == 0
]

# METADATA
# description: |
#   What makes the verdict unknown where no command is found: scripts that were not understood in full,
#   and what `unrecorded` gives.
# custom:
#   types: {facts: Facts}
unread(facts) := array.concat(
	[finding.unknown(facts.build, "what a RUN runs is not understood in full") |
		some run in facts.build.runs
		"commands" in run.incomplete
		run.needed == true
	],
	array.concat(
		unrecorded(facts),
		[finding.unknown(image, "what a RUN of its history runs is not understood in full") |
			some image in facts.images
			some line in image.history
			"commands" in line.incomplete
		],
	),
)

# METADATA
# description: |
#   Images that were built and of which nothing says, or not in full, how. Their lowest layer may come from
#   anywhere: it is a root file system.
# custom:
#   types: {facts: Facts}
unrecorded(facts) := array.concat(
	[finding.unknown(image, "its history is not known") |
		some image in facts.images
		"history" in image.incomplete
		image.source_type != "dockerfile"
	],
	array.concat(
		[finding.unknown(image, "its history does not say how a layer was made") |
			some image in facts.images
			some line in image.history
			line.empty_layer == false
			object.get(line, "instruction", "") == ""
			not is_lowest(image, line)
		],
		[finding.unknown(image, "its history does not say how a layer was made") |
			some image in facts.images
			some layer in image.layers
			object.get(layer, "history_index", null) == null
			not "history" in image.incomplete
		],
	),
)

# METADATA
# description: |
#   The words of a COPY or an ADD in the history of an image: what is taken, and last where to. BuildKit
#   records `SOURCE… DEST`, the classic builder `file:DIGEST in DEST`.
# custom:
#   types: {line: History}
copied(line) := [word |
	some word in split(line.arguments, " ")
	not word in {"", "in"}
	not startswith(word, "--")
]

# METADATA
# description: Whether a line of an image's history made its lowest layer; undefined when not.
# custom:
#   types: {image: Image, line: History}
is_lowest(image, line) if {
	line.empty_layer == false
	count([other | some other in image.history; other.index < line.index; other.empty_layer == false]) == 0
}
