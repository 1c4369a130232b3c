# METADATA
# title: ADD takes local files
# description: |
#   An ADD whose sources are plain files of the build context, or here-documents. ADD also downloads
#   and unpacks; where neither is wanted, COPY does the same and nothing else. In an image that was
#   built, an ADD of its history, except the root file system that it begins with.
# related_resources:
#   - ref: https://docs.docker.com/build/building/best-practices/#add-or-copy
# custom:
#   severity: low
#   kinds: [dockerfile, image]
#   subjects: [build, image]
#   profiles: [baseline, cis, strict]
#   cis: ["4.9"]
#   nist: ["4.1.2"]
#   equivalents:
#     hadolint: [DL3020]
#     trivy: [DS-0005]
#     kics: [add_instead_of_copy]
#     checkov: [CKV_DOCKER_4]
#     dockle: [CIS-DI-0009]
#   remedy: Replace ADD by COPY.
#   params:
#     allow_archives:
#       type: boolean
#       default: true
#       description: Whether ADD may take local archives, which it unpacks.
#     allow_remote:
#       type: boolean
#       default: true
#       description: Whether ADD may take URLs and git repositories.
#   since: 0.1.0
package checklist.build["add-instead-of-copy"]

import data.checklist.lib.script
import data.plimsoll.finding

deny contains finding.at_field(copy, "keyword", "`ADD` takes nothing that `COPY` could not copy") if {
	some copy in input.build.copies
	copy.keyword == "ADD"
	copy.needed == true
	count([source | some source in copy.sources; _plain(source)]) == count(copy.sources)
}

deny contains finding.at(source, sprintf("`ADD` unpacks the local archive `%s`", [source.raw])) if {
	input.params["build/add-instead-of-copy"].allow_archives == false
	some copy in input.build.copies
	copy.keyword == "ADD"
	copy.needed == true
	some source in copy.sources
	source.kind == "local"
	_archive(source.path)
}

deny contains finding.at(source, sprintf("`ADD` takes `%s` from afar", [source.raw])) if {
	input.params["build/add-instead-of-copy"].allow_remote == false
	some copy in input.build.copies
	copy.needed == true
	some source in copy.sources
	source.kind in {"url", "git"}
}

deny contains finding.at_field(line, "arguments", "`ADD` takes nothing that `COPY` could not copy") if {
	some line in _recorded
	words := _sources(line)
	count(words) > 0
	count([word | some word in words; _is_plain_word(word)]) == count(words)
}

deny contains finding.at_field(line, "arguments", sprintf("`ADD` unpacks the local archive `%s`", [word])) if {
	input.params["build/add-instead-of-copy"].allow_archives == false
	some line in _recorded
	some word in _sources(line)
	_archive(word)
	not _is_remote(word)
}

deny contains finding.at_field(line, "arguments", sprintf("`ADD` takes `%s` from afar", [word])) if {
	input.params["build/add-instead-of-copy"].allow_remote == false
	some line in _recorded
	some word in _sources(line)
	_is_remote(word)
}

unknown contains unrecorded if some unrecorded in script.unrecorded(input)

unknown contains finding.unknown(image, reason) if {
	some image in input.images
	some line in _adds(image)
	some word in _sources(line)
	_has_digest(word)
	reason := "its history has a digest for what ADD took, which may have been unpacked"
}

unknown contains finding.unknown(input.build, reason) if {
	some copy in input.build.copies
	copy.keyword == "ADD"
	copy.needed == true
	known := [source | some source in copy.sources; is_string(source.kind)]
	count([source | some source in known; _plain(source)]) == count(known)
	reason := "what ADD takes depends on a variable"
}

_plain(source) if source.kind == "heredoc"

_plain(source) if {
	source.kind == "local"
	not _archive(source.path)
}

# Names that archives have which ADD unpacks: tar, also compressed.
_archive(path) if regex.match(`(?i)\.(tar|tgz|tbz2?|txz|tzst|tlz|taz|gz|bz2|xz|zst|lzma)$`, path)

# Lines of the history of images that were built: ADD, not of the root file system.
_recorded := [line |
	some image in input.images
	some line in _adds(image)
]

_adds(image) := [line |
	some line in image.history
	line.instruction == "ADD"
	not _is_rootfs(image, line)
]

_is_rootfs(image, line) if {
	script.is_lowest(image, line)
	some word in _sources(line)
	_is_from_archive(word)
}

_is_from_archive(word) if _archive(word)

_is_from_archive(word) if _has_digest(word)

_sources(line) := array.slice(words, 0, count(words) - 1) if words := script.copied(line)

_is_plain_word(word) if startswith(word, "<<")

_is_plain_word(word) if startswith(word, "dir:")

_is_plain_word(word) if {
	not _has_digest(word)
	not _is_remote(word)
	not _archive(word)
}

# A folder is copied as it is; of a file or of several things nobody knows whether they were archives.
_has_digest(word) if regex.match(`^(file|dir|multi):[0-9a-f]{32,}$`, word)

_is_remote(word) if regex.match(`^(?i)(https?|ftp|git|ssh)://|^git@`, word)
