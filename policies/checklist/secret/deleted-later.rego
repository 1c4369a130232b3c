# METADATA
# title: Credential is deleted in a later layer only
# description: |
#   Looks for files that hold credentials, by their names or because a secret variable went into them, that one
#   instruction writes and a later one deletes. A layer takes nothing out of those below it: whoever has the
#   image has the file. To write and delete it in one RUN leaves nothing behind.
# related_resources:
#   - ref: https://docs.docker.com/build/building/secrets/
#   - ref: https://docs.docker.com/engine/storage/drivers/#images-and-layers
# custom:
#   severity: medium
#   levels: {builder: low}
#   kinds: [dockerfile, image]
#   subjects: [build, image]
#   profiles: [baseline, cis, strict]
#   checklist: ["S1:85-87"]
#   cis: ["4.10"]
#   nist: ["4.1.4"]
#   remedy: Mount it with `RUN --mount=type=secret`, which leaves nothing in a layer, and replace what is out.
#   params:
#     allow:
#       type: list<string>
#       default: []
#       description: |
#         Paths that may be deleted later, as absolute as the build tells; `*` stands for any text. Which names
#         hold credentials is set at `secret/copied-file`.
#   since: 0.1.0
package checklist.secret["deleted-later"]

import data.checklist.lib.command
import data.checklist.lib.script
import data.checklist.lib.wildcard
import data.plimsoll.finding

deny contains _weigh(run, finding.related(finding.at_item(cmd, "args", index, sprintf("`%s` is deleted here, but stays in the layer that has it", [arg])), source.fact, "it is written here")) if {
	some run in input.build.runs
	run.needed == true
	some cmd in run.commands
	cmd.name in {"rm", "shred", "unlink"}
	some index, arg in cmd.args
	removed := _absolute(arg, run, run)
	not wildcard.matches_any(input.params["secret/deleted-later"].allow, removed)
	source := _last([write |
		some write in _writes
		write.instruction < run.instruction
		_are_of_one_image(write, run)
		_covers(removed, write)
	])
}

deny contains finding.at(_of_layer(image, file), sprintf("`%s` is deleted here, but stays in the layer that has it", [file.path])) if {
	some image in input.images
	some file in image.files.removed_credentials
	not wildcard.matches_any(input.params["secret/copied-file"].allow, _base(file.path))
	not wildcard.matches_any(input.params["secret/deleted-later"].allow, file.path)
}

# Of an image whose files were not read the history says what was copied, and what was deleted.
deny contains finding.related(finding.at_item(cmd, "args", index, sprintf("`%s` is deleted here, but stays in the layer that has it", [arg])), copied, "it is written here") if {
	some image in input.images
	image.files.available == false
	some line in image.history
	some cmd in line.commands
	cmd.name in {"rm", "shred", "unlink"}
	some index, arg in cmd.args
	not wildcard.matches_any(input.params["secret/deleted-later"].allow, arg)
	copied := _last([earlier |
		some earlier in array.slice(image.history, 0, line.index)
		earlier.instruction in {"COPY", "ADD"}
		words := script.copied(earlier)
		some word in words
		name := _base(trim_suffix(word, "/"))
		_is_secret_name(name)
		_is_named(arg, name, words[count(words) - 1])
	])
}

unknown contains finding.unknown(input.build, reason) if {
	some reason in command.unread(input.build)
}

unknown contains finding.unknown(image, "not all of its files are known") if {
	some image in input.images
	image.source_type != "dockerfile"
	"removed_credentials" in image.files.incomplete
}

_weigh(run, found) := found if {
	run.shipped == true
} else := finding.level("builder", found)

_last(list) := list[count(list) - 1]

_are_of_one_image(write, run) if write.stage == run.stage

_are_of_one_image(write, run) if {
	write.shipped == true
	run.shipped == true
}

# The path itself, a folder above it, or a pattern; of a copied folder any file that holds credentials.
_covers(removed, write) if {
	write.whole == false
	wildcard.matches(trim_suffix(removed, "/"), write.path)
}

_covers(removed, write) if {
	write.whole == false
	startswith(write.path, concat("", [trim_suffix(removed, "/"), "/"]))
}

_covers(removed, write) if {
	write.whole == true
	startswith(removed, write.path)
	_is_secret_name(_base(removed))
	not _is_left_out(removed, write)
}

# By its name, or with all that is in the folder that it was copied to. A lone `*` is no name.
_is_named(arg, name, _) if {
	pattern := _base(trim_suffix(arg, "/"))
	pattern != "*"
	wildcard.matches(pattern, name)
}

_is_named(arg, _, dest) if trim_suffix(trim_suffix(arg, "*"), "/") == trim_suffix(dest, "/")

# A file that the build context does not have, or that `.dockerignore` keeps out of it.
_is_left_out(removed, write) if {
	is_string(write.folder)
	input.build.context.incomplete == []
	inner := concat("", [write.folder, trim_prefix(removed, write.path)])
	count([file |
		some file in input.build.context.files
		file.ignored == false
		wildcard.matches(inner, file.path)
	]) == 0
}

# What is written, with the instruction that does: paths that hold credentials, and whole folders.
_writes := array.concat(array.concat(_copied_files, _copied_folders), _run)

_copied_files := [write |
	some copy in input.build.copies
	some source in copy.sources
	name := _base(trim_suffix(split(_path(source), "?")[0], "/"))
	path := _target(_absolute(copy.dest, copy, {"commands": []}), name)
	_is_secret_name(_base(path))
	write := {"instruction": copy.instruction, "stage": copy.stage, "shipped": copy.shipped, "fact": source, "path": path, "whole": false}
]

_copied_folders := [write |
	some copy in input.build.copies
	some source in copy.sources
	source.kind in {"local", "stage"}
	_is_folder(_base(_path(source)))
	path := concat("", [trim_suffix(_absolute(copy.dest, copy, {"commands": []}), "/"), "/"])
	write := {"instruction": copy.instruction, "stage": copy.stage, "shipped": copy.shipped, "fact": source, "path": path, "whole": true, "folder": _folder(source)}
]

# A folder as far as its name tells.
_is_folder(name) if not contains(name, ".")

_is_folder(name) if name == "."

_is_folder(name) if name in input.params["secret/copied-file"].secret_folders

# The folder of the build context, as paths in it begin.
_folder(source) := "" if {
	source.kind == "local"
	source.path in {".", "./", "/"}
} else := concat("", [trim_suffix(trim_prefix(trim_prefix(source.path, "./"), "/"), "/"), "/"]) if {
	source.kind == "local"
	not contains(source.path, "*")
} else := null

# A single file may get a new name; where that is none of a credential, a folder is taken to be meant.
_target(dest, name) := concat("", [trim_suffix(dest, "/"), "/", name]) if {
	endswith(dest, "/")
} else := dest if {
	not _is_secret_name(name)
} else := dest if {
	_is_secret_name(_base(dest))
	not _base(dest) in input.params["secret/copied-file"].secret_folders
} else := concat("", [dest, "/", name])

_run := [{"instruction": run.instruction, "stage": run.stage, "shipped": run.shipped, "fact": run, "path": path, "whole": false} |
	some run in input.build.runs
	some cmd in run.commands
	some file in _written(cmd)
	_holds_secret(file, cmd, run)
	path := _absolute(file, run, run)
	not _deletes(run, path)
]

# Files that a command writes.
_written(cmd) := array.concat(
	[redirect.target |
		some redirect in cmd.redirects
		redirect.operator in {">", ">>", ">|", "&>", "&>>"}
	],
	_written_by_name(cmd),
)

_written_by_name(cmd) := array.slice(cmd.args, count(cmd.args) - 1, count(cmd.args)) if {
	cmd.name in {"cp", "mv", "install", "touch"}
} else := cmd.args if {
	cmd.name == "tee"
} else := [option.value | some option in command.options(cmd, "-f", "--file")] if {
	cmd.name == "ssh-keygen"
} else := [option.value | some option in command.options(cmd, "-o", "--output")] if {
	cmd.name == "curl"
} else := [option.value | some option in command.options(cmd, "-O", "--output-document")] if {
	cmd.name == "wget"
} else := []

_holds_secret(file, _, _) if _is_secret_name(_base(file))

_holds_secret(file, cmd, run) if {
	cmd.name in {"echo", "printf"}
	some variable in run.variables
	variable.secret == "name"
	some arg in cmd.args
	contains(arg, variable.name)
}

# What a RUN writes and deletes is in no layer.
_deletes(run, path) if {
	some cmd in run.commands
	cmd.name in {"rm", "shred", "unlink"}
	some arg in cmd.args
	removed := trim_suffix(_absolute(arg, run, run), "/")
	_is_or_contains(removed, path)
}

_is_or_contains(removed, path) if wildcard.matches(removed, path)

_is_or_contains(removed, path) if startswith(path, concat("", [removed, "/"]))

# A path from the root, or from the folder of a base that sets one: `.`. Undefined where not known.
_absolute(path, step, run) := _clean(path) if {
	startswith(path, "/")
} else := _clean(replace(replace(replace(path, "~/", "/root/"), "${HOME}/", "/root/"), "$HOME/", "/root/")) if {
	_is_of_home(path)
} else := _clean(concat("/", [folder, path])) if {
	not startswith(path, "$")
	folder := _folder_of(step, run)
}

_is_of_home(path) if startswith(path, "~/")

_is_of_home(path) if startswith(path, "$HOME/")

_is_of_home(path) if startswith(path, "${HOME}/")

# Where a step works, and where `cd` takes it.
_folder_of(step, run) := folders[0] if {
	folders := [cmd.args[0] | some cmd in run.commands; cmd.name == "cd"]
	count(folders) == 1
} else := step.working_dir if {
	count([cmd | some cmd in run.commands; cmd.name == "cd"]) == 0
	is_string(step.working_dir)
} else := "." if {
	count([cmd | some cmd in run.commands; cmd.name == "cd"]) == 0
	step.working_dir == null
}

# `/app//./x` is `/app/x`. A slash at the end stays.
_clean(path) := replace(replace(replace(_without_dot(path), "/./", "/"), "//", "/"), "/./", "/")

_without_dot(path) := trim_suffix(path, ".") if {
	endswith(path, "/.")
} else := path

_path(source) := object.get(source, "path", source.raw)

_base(path) := parts[count(parts) - 1] if parts := split(path, "/")

_is_secret_name(name) if {
	name in input.params["secret/copied-file"].secret_folders
}

_is_secret_name(name) if {
	wildcard.matches_any(input.params["secret/copied-file"].secret_files, name)
	not wildcard.matches_any(input.params["secret/copied-file"].allow, name)
}

# What a layer is shown by: the line of the history that made it, or itself.
_of_layer(image, file) := lines[0] if {
	lines := [line | some line in image.history; line.layer == file.removed_by]
	count(lines) > 0
} else := image.layers[file.removed_by]
