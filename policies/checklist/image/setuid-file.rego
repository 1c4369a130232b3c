# METADATA
# title: Image contains setuid or setgid programs
# description: |
#   Looks for programs that run as their owner or their group, whoever starts them. In an image that was
#   built, among its files; in a Dockerfile for modes that chmod, install, COPY and ADD set. What the base
#   and its packages bring along a Dockerfile does not show: it passes only if its last step takes the bits
#   from all files, or if nothing brings any. Folders with these bits are harmless.
# related_resources:
#   - ref: https://man7.org/linux/man-pages/man7/inode.7.html
#   - ref: https://docs.docker.com/engine/security/#linux-kernel-capabilities
# custom:
#   severity: medium
#   levels: {setgid: low}
#   kinds: [dockerfile, image]
#   subjects: [image]
#   profiles: [baseline, cis, strict]
#   checklist: ["K:129"]
#   cis: ["4.8"]
#   nist: ["4.1.2"]
#   equivalents:
#     dockle: [CIS-DI-0008]
#   remedy: "Take the bits away in the final stage: `RUN find / -xdev -perm /6000 -type f -exec chmod a-s {} +`"
#   params:
#     allowed_setuid:
#       type: list<string>
#       default: []
#       description: Paths of programs that may have these bits; `*` stands for any text.
#     clean_bases:
#       type: list<string>
#       default: [cgr.dev/chainguard/static, "gcr.io/distroless/*"]
#       description: Base images, as patterns of a name and perhaps a tag, that bring no such program.
#     require_strip:
#       type: boolean
#       default: false
#       description: Whether a Dockerfile fails whose final stage does not take the bits from all files.
#   since: 0.1.0
package checklist.image["setuid-file"]

import data.checklist.lib.command
import data.checklist.lib.mode
import data.checklist.lib.reference
import data.checklist.lib.wildcard
import data.plimsoll.finding

deny contains finding.at(file, sprintf("`%s` runs as its owner, whoever starts it", [file.path])) if {
	some image in input.images
	some file in image.files.setuid
	not _is_allowed(file.path)
}

deny contains finding.level("setgid", finding.at(file, sprintf("`%s` runs as its group, whoever starts it", [file.path]))) if {
	some image in input.images
	some file in image.files.setgid
	not _is_allowed(file.path)
	not file.path in {other.path | some other in image.files.setuid}
}

deny contains _weigh(set.mode, finding.of(image, finding.at_item(cmd, "args", set.index, sprintf("`%s` with mode `%s` makes a setuid or setgid program", [cmd.name, set.mode])))) if {
	some run in input.build.runs
	run.shipped == true
	some cmd in run.commands
	some set in _set(cmd)
	_sets_id(set.mode)
	_is_for_files(set, cmd, run)
	not _is_stripped(run.instruction)
	some image in input.images
}

deny contains _weigh(copy.chmod, finding.of(image, finding.at_field(copy, "chmod", sprintf("`--chmod=%s` makes setuid or setgid programs", [copy.chmod])))) if {
	some copy in input.build.copies
	copy.shipped == true
	is_string(copy.chmod)
	_sets_id(copy.chmod)
	not _is_allowed(copy.dest)
	not _is_stripped(copy.instruction)
	some image in input.images
}

# Of an image whose files were not read the history says how they were made.
deny contains _weigh(set.mode, finding.at_item(cmd, "args", set.index, sprintf("`%s` with mode `%s` makes a setuid or setgid program", [cmd.name, set.mode]))) if {
	some image in input.images
	image.files.available == false
	some line in image.history
	some cmd in line.commands
	some set in _set(cmd)
	_sets_id(set.mode)
	_is_for_files(set, cmd, line)
}

deny contains finding.at(image.base, sprintf("image `%s` does not take setuid and setgid bits away", [image.name])) if {
	input.params["image/setuid-file"].require_strip == true
	some image in input.images
	image.source_type == "dockerfile"
	count(_strips) == 0
	not _brings_none(image)
}

unknown contains finding.unknown(image, sprintf("what setuid programs base image `%s` and packages bring is not known", [image.base.raw])) if {
	some image in input.images
	image.source_type == "dockerfile"
	not _is_cleaned
	not _brings_none(image)
}

unknown contains finding.unknown(image, "what a RUN runs is not understood in full") if {
	some image in input.images
	some run in input.build.runs
	run.shipped == true
	"commands" in run.incomplete
	not _is_stripped(run.instruction)
}

unknown contains finding.unknown(image, "a --chmod depends on a variable") if {
	some image in input.images
	some copy in input.build.copies
	copy.shipped == true
	object.get(copy, "chmod", "absent") == "absent"
	not _is_stripped(copy.instruction)
}

unknown contains finding.unknown(image, "not all of its files are known") if {
	some image in input.images
	image.source_type != "dockerfile"
	"setuid" in image.files.incomplete
}

_weigh(text, found) := found if {
	mode.sets_user_id(text)
} else := finding.level("setgid", found)

_sets_id(text) if mode.sets_user_id(text)

_sets_id(text) if mode.sets_group_id(text)

# The modes that a command sets, each with its position among the arguments and what gets it.
_set(cmd) := [{"index": index, "mode": cmd.args[index], "paths": paths} |
	some index in array.slice(_operands(cmd), 0, 1)
	paths := [cmd.args[at] | some at in _operands(cmd); at > index]
] if {
	cmd.name == "chmod"
} else := [{"index": option.index, "mode": option.value, "paths": [cmd.args[count(cmd.args) - 1]]} |
	some option in command.options(cmd, "-m", "--mode")
	not "-d" in cmd.args
	not "--directory" in cmd.args
] if {
	cmd.name == "install"
}

_operands(cmd) := [index |
	some index, arg in cmd.args
	not startswith(arg, "-")
]

# The owner's bit is about programs alone; the group's makes folders hand down their group.
_is_for_files(set, cmd, run) if {
	mode.sets_user_id(set.mode)
	_has_unlisted(set.paths)
}

_is_for_files(set, cmd, run) if {
	not _is_of_folders(set, cmd, run)
	_has_unlisted(set.paths)
}

_has_unlisted(paths) if {
	some path in paths
	not _is_allowed(path)
}

# `xargs chmod u+s` names nothing.
_has_unlisted(paths) if count(paths) == 0

_is_of_folders(set, _, run) if {
	made := {trim_suffix(arg, "/") | some cmd in run.commands; cmd.name == "mkdir"; some arg in cmd.args}
	count([path | some path in set.paths; not endswith(path, "/"); not path in made]) == 0
	count(set.paths) > 0
}

_is_of_folders(_, cmd, run) if "d" in run.commands[cmd.wrapped_by].args

_is_allowed(path) if wildcard.matches_any(input.params["image/setuid-file"].allowed_setuid, path)

# The instructions that take the bits from all files of the image.
_strips := [run.instruction |
	some run in input.build.runs
	run.shipped == true
	some cmd in run.commands
	cmd.name == "find"
	"/" in cmd.args
	_looks_for_both(cmd.args)
	some other in run.commands
	other.name == "chmod"
	some arg in other.args
	arg in {"a-s", "-s", "ug-s", "u-s,g-s", "ugo-s"}
]

# `/6000`, or one after the other.
_looks_for_both(words) if {
	some word in words
	endswith(word, "6000")
}

_looks_for_both(words) if {
	count([word | some word in words; endswith(word, "2000")]) > 0
	count([word | some word in words; endswith(word, "4000")]) > 0
}

_looks_for_both(words) if {
	some word in words
	contains(word, "u+s")
	contains(word, "g+s")
}

# Whether a later instruction takes away what this one sets.
_is_stripped(instruction) if {
	some strip in _strips
	strip >= instruction
}

# Packages bring programs of their own.
_is_cleaned if {
	count(_strips) > 0
	count([operation |
		some operation in input.build.package_operations
		operation.shipped == true
		operation.action in {"install", "upgrade"}
		input.build.runs[operation.run].instruction > max(_strips)
	]) == 0
}

_brings_none(image) if {
	image.base.kind == "scratch"
}

_brings_none(image) if {
	count(image.installs) == 0
	reference.matches_any(image.base, input.params["image/setuid-file"].clean_bases)
}
