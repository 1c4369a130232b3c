# METADATA
# title: Image has reached its end of life
# description: |
#   Holds the version in a tag, and the distribution named in the tag or the repository, against a
#   table of days on which security support ended. Nobody fixes what is found after that day.
# related_resources:
#   - ref: https://endoflife.date
#   - ref: https://docs.docker.com/build/building/best-practices/#rebuild-your-images-often
# custom:
#   severity: medium
#   levels: {builder: low}
#   kinds: [dockerfile, compose, container, image]
#   subjects: [reference]
#   profiles: [baseline, cis, strict]
#   needs: [name]
#   checklist: ["S1:135", "K:360", "K:158"]
#   cis: ["4.4"]
#   nist: ["4.1.1", "4.2.2"]
#   remedy: Move to a release that still gets security fixes.
#   params:
#     grace_days:
#       type: integer
#       default: 0
#       description: Days after the end of support in which nothing is said yet.
#     mirrors:
#       type: map<string>
#       default: {}
#       description: |
#         Prefixes of mirrors and what they stand for, such as `registry.example.com/hub/:
#         docker.io/`: images behind them are judged by their original name.
#   since: 0.1.0
package checklist.image["end-of-life"]

import data.checklist.lib.mirror
import data.plimsoll.finding

deny contains _weigh(ref, finding.at_field(ref, "tag", message)) if {
	some ref in _images
	release := _release(ref)
	_is_over(release.eol)
	message := sprintf("`%s` is %s %s, without security support since %s", [ref.raw, release.title, release.version, release.eol])
}

deny contains _weigh(ref, finding.at_field(ref, "tag", _contains(ref, distribution))) if {
	some ref in _images
	is_string(ref.tag)
	some part in split(ref.tag, "-")
	distribution := input.data["end-of-life"].suffixes[part]
	_is_over(distribution.eol)
	not _is_release(ref, part)
}

deny contains _weigh(ref, finding.at(ref, _contains(ref, distribution))) if {
	some ref in _images
	path := split(ref.name, "/")
	some part in split(path[count(path) - 1], "-")
	distribution := input.data["end-of-life"].suffixes[part]

	# `groovy` is a release of Ubuntu in a tag only.
	regex.match(`[0-9]$`, part)
	_is_over(distribution.eol)
}

_contains(ref, distribution) := sprintf(
	"`%s` contains %s, without security support since %s",
	[ref.raw, distribution.title, distribution.eol],
)

unknown contains finding.unknown(ref, "the day of the run is not known") if {
	_now == ""
	some ref in _images
}

unknown contains finding.unknown(ref, sprintf("which release `%s` is cannot be told from a digest", [ref.raw])) if {
	some ref in _images
	ref.tag == null
	ref.digest != null
	_product(ref).releases
}

unknown contains finding.unknown(ref, sprintf("the tag of `%s` is not known", [ref.raw])) if {
	some ref in _images
	_has_unknown_tag(ref)
}

_has_unknown_tag(ref) if object.get(ref, "tag", "") == ""

_has_unknown_tag(ref) if {
	ref.tag == null
	object.get(ref, "digest", "") == ""
}

# What has a name is an image, also where its tag depends on a variable.
_images := [ref |
	some ref in input.references
	is_string(ref.name)
	ref.needed == true
	ref.role != "syntax"
]

_now := object.get(input.meta, "now", "")

# The last day of support counts in full.
_is_over(eol) if {
	_now != ""
	ended := time.parse_rfc3339_ns(sprintf("%sT00:00:00Z", [eol]))
	days := input.params["image/end-of-life"].grace_days
	time.parse_rfc3339_ns(_now) >= time.add_date(ended, 0, 0, days + 1)
}

# Only of a build it can be said that an image does not ship.
_weigh(ref, found) := finding.level("builder", found) if {
	ref.shipped == false
	input.document.kind == "dockerfile"
} else := found

_product(ref) := input.data["end-of-life"].products[original.name] if {
	original := mirror.original(ref, input.params["image/end-of-life"].mirrors)
}

# The release that the tag begins with, if the table has it. `3.9.18-slim` may be listed as 3, 3.9 or
# 3.9.18: the longest counts.
_release(ref) := {"title": product.title, "version": version, "eol": product.releases[version]} if {
	product := _product(ref)
	numbers := split(split(_tag(ref), "-")[0], ".")
	versions := [version |
		some last, _ in numbers
		version := concat(".", array.slice(numbers, 0, last + 1))
		product.releases[version]
	]
	version := versions[count(versions) - 1]
}

_tag(ref) := ref.tag if {
	is_string(ref.tag)
} else := "latest" if {
	ref.digest == null
}

# What names the product itself is not a distribution below it.
_is_release(ref, part) if _release(ref).version == part
