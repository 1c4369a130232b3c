# METADATA
# title: Whole build context is copied
# description: |
#   COPY or ADD takes the whole build context, and there is no `.dockerignore`, or it does not leave out
#   what does not belong into an image.
# related_resources:
#   - ref: https://docs.docker.com/build/concepts/context/#dockerignore-files
# custom:
#   severity: low
#   levels: {builder: info}
#   kinds: [dockerfile]
#   subjects: [build]
#   profiles: [baseline, cis, strict]
#   checklist: ["S1:48", "K:135"]
#   cis: ["4.10"]
#   nist: ["4.1.4"]
#   equivalents:
#     dockle: [DKL-LI-0003]
#   remedy: Copy the paths that are needed, and leave the rest out with .dockerignore.
#   params:
#     required_ignores:
#       type: list<string>
#       default: [.git, .env, private.pem, private.key, id_rsa]
#       description: |
#         Files and folders at the top of the build context that `.dockerignore` has to leave out. They
#         are paths and not patterns: `private.pem` is left out by `*.pem`, too.
#   since: 0.1.0
package checklist.build["unscoped-context"]

import data.plimsoll.finding

deny contains _leveled(copy, finding.at(source, message)) if {
	some copy in input.build.copies
	copy.needed == true
	some source in copy.sources
	_is_whole(source)
	message := _problem(copy)
}

unknown contains finding.unknown(input.build, "whether there is a `.dockerignore` is not known") if {
	object.get(input.build, "dockerignore", "absent") == "absent"
	some copy in input.build.copies
	copy.needed == true
	some source in copy.sources
	_is_whole(source)
}

_is_whole(source) if {
	source.kind == "local"
	trim_suffix(source.path, "/") in {"", ".", "./.", "*", "./*"}
}

_leveled(copy, raw) := raw if {
	copy.shipped == true
} else := finding.level("builder", raw)

_problem(copy) := sprintf("`%s` takes the whole build context, and there is no `.dockerignore`", [copy.keyword]) if {
	input.build.dockerignore.present == false
	count(_let_through(copy)) > 0
} else := sprintf("`%s` takes the whole build context, and `.dockerignore` does not leave out `%s`", [
	copy.keyword,
	concat("`, `", let_through),
]) if {
	input.build.dockerignore.present == true
	let_through := _let_through(copy)
	count(let_through) > 0
}

_let_through(copy) := [path |
	some path in input.params["build/unscoped-context"].required_ignores
	not _ignored(path)
	count([exclude | some exclude in copy.excludes; _matches(exclude, path)]) == 0
]

# The last pattern that matches decides.
_ignored(path) if {
	verdicts := [ignore.negated |
		some ignore in input.build.dockerignore.patterns
		_matches(ignore.pattern, path)
	]
	verdicts[count(verdicts) - 1] == false
}

# Whether a pattern matches a path at the top of the context, or all that is below it.
_matches(pattern, path) if _stem(pattern) == path

# Character classes are not understood: what they leave out counts as let through.
_matches(pattern, path) if {
	stem := _stem(pattern)
	regex.match(`^[^\[\]{}\\!]*[*?][^\[\]{}\\!]*$`, stem)
	glob.match(stem, ["/"], path)
}

# `**/x` also means `x`, and `x/**` and `x/*` all that is in `x`.
_stem(pattern) := stem if {
	inner := trim_prefix(trim_prefix(pattern, "/"), "**/")
	stem := trim_suffix(trim_suffix(trim_suffix(inner, "/"), "/**"), "/*")
}
