# METADATA
# title: Image is large or has many layers
# description: |
#   Looks at the size of an image that was built, and at its layers. Of a Dockerfile only the layers are
#   known that its own RUN, COPY and ADD make: those of its base are not counted.
# related_resources:
#   - ref: https://docs.docker.com/build/building/best-practices/#use-multi-stage-builds
#   - ref: https://docs.docker.com/build/building/best-practices/#run
# custom:
#   severity: info
#   kinds: [dockerfile, image]
#   subjects: [image]
#   profiles: [baseline, strict]
#   checklist: ["S1:29-32", "S2:48-61", "S2:61", "K:101", "K:102"]
#   nist: ["4.1.2"]
#   equivalents:
#     kics: [multiple_run_add_copy_instructions_listed]
#     hadolint: [DL3059]
#   remedy: Build in one stage and ship from another, on a smaller base, and join commands into one RUN.
#   params:
#     max_size_bytes:
#       type: integer
#       default: 524288000
#       description: How large an image may be on disk, unpacked.
#     max_compressed_bytes:
#       type: integer
#       default: 209715200
#       description: How large an image may be as a registry distributes it, where only that is known.
#     max_layers:
#       type: integer
#       default: 30
#       description: How many layers that change files an image may have.
#     max_consecutive_runs:
#       type: integer
#       default: 0
#       description: |
#         How many RUNs may follow each other in a Dockerfile: with 1, two in a row fail. 0 sets no limit.
#   since: 0.1.0
package checklist.image.oversized

import data.plimsoll.finding

deny contains finding.at(image, sprintf("image `%s` has %d MiB, more than the %d allowed", [image.name, _mebibytes(size), _mebibytes(limit)])) if {
	some image in input.images
	size := _unpacked(image)
	limit := input.params["image/oversized"].max_size_bytes
	size > limit
}

deny contains finding.at(image, sprintf("image `%s` has %d MiB compressed, more than the %d allowed", [image.name, _mebibytes(image.size_bytes), _mebibytes(limit)])) if {
	some image in input.images
	image.size_kind == "compressed"
	not _unpacked(image)
	limit := input.params["image/oversized"].max_compressed_bytes
	image.size_bytes > limit
}

deny contains finding.at(image, sprintf("image `%s` has %d layers, more than the %d allowed", [image.name, layers, limit])) if {
	some image in input.images
	layers := _layers(image)
	limit := input.params["image/oversized"].max_layers
	layers > limit
}

deny contains finding.of(image, finding.at(change, sprintf("`%s` makes layer %d of image `%s`, more than the %d allowed", [change.written, limit + 1, image.name, limit]))) if {
	limit := input.params["image/oversized"].max_layers
	change := _changes[limit]
	some image in input.images
}

deny contains finding.of(image, finding.at(last, sprintf("%d RUNs follow each other, more than the %d allowed", [limit + 1, limit]))) if {
	limit := input.params["image/oversized"].max_consecutive_runs
	limit > 0
	some index, last in input.build.instructions
	last.keyword == "RUN"
	last.shipped == true
	row := array.slice(input.build.instructions, index - limit, index)
	count([other | some other in row; other.keyword == "RUN"]) == limit
	not _is_run((index - limit) - 1)
	some image in input.images
}

unknown contains finding.unknown(image, "its size is not known") if {
	some image in input.images
	image.source_type != "dockerfile"
	object.get(image, "size_bytes", null) == null
}

# What is distributed may be counted with it: then only a small number says something.
unknown contains finding.unknown(image, "its size is not known") if {
	some image in input.images
	object.get(image, "size_kind", null) == null
	image.size_bytes > input.params["image/oversized"].max_size_bytes
}

# The instructions of the lineage that make a layer each.
_changes := [instruction |
	some instruction in input.build.instructions
	instruction.shipped == true
	instruction.keyword in {"RUN", "COPY", "ADD"}
]

# Between those of two stages there is a FROM.
_is_run(index) if input.build.instructions[index].keyword == "RUN"

_unpacked(image) := image.size_bytes if {
	image.size_kind == "unpacked"
} else := sum(sizes) if {
	sizes := [size | some layer in image.layers; size := layer.unpacked_bytes]
	count(sizes) == count(image.layers)
}

# An image may not say its layers, but its history; and the other way round.
_layers(image) := max([
	count(image.layers),
	count([line | some line in image.history; line.empty_layer == false]),
])

_mebibytes(bytes) := ceil(bytes / 1048576)
