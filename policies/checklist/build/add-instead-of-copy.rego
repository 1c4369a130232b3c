# METADATA
# title: ADD takes local files
# description: |
#   An ADD whose sources are plain files of the build context, or here-documents. ADD also downloads
#   and unpacks; where neither is wanted, COPY does the same and nothing else.
# related_resources:
#   - ref: https://docs.docker.com/build/building/best-practices/#add-or-copy
# custom:
#   severity: low
#   kinds: [dockerfile]
#   subjects: [build]
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
	copy.keyword == "ADD"
	copy.needed == true
	some source in copy.sources
	source.kind in {"url", "git"}
}

unknown contains finding.unknown(input.build, reason) if {
	some copy in input.build.copies
	copy.keyword == "ADD"
	copy.needed == true
	known := [source | some source in copy.sources; is_string(source.kind)]
	count(known) < count(copy.sources)
	count([source | some source in known; _plain(source)]) == count(known)
	reason := "what ADD takes depends on a variable"
}

_plain(source) if source.kind == "heredoc"

_plain(source) if {
	source.kind == "local"
	is_string(source.path)
	not _archive(source.path)
}

# Names that archives have which ADD unpacks: tar, also compressed.
_archive(path) if regex.match(`(?i)\.(tar|tgz|tbz2?|txz|tzst|tlz|taz|gz|bz2|xz|zst|lzma)$`, path)
