# METADATA
# title: Mirrors of registries
# description: |
#   What parameters such as `mirrors: {registry.example.com/hub/: docker.io/}` mean: a name that begins
#   with a key is the name that begins with its value instead. Of several keys the longest counts.
package checklist.lib.mirror

# METADATA
# description: The reference under the name that it has where the mirror takes it from.
# custom:
#   types: {ref: ImageRef}
original(ref, mirrors) := ref if count(_prefixes(ref, mirrors)) == 0

original(ref, mirrors) := object.union(ref, {"name": name, "familiar": familiar}) if {
	prefixes := _prefixes(ref, mirrors)
	count(prefixes) > 0

	# Each of them begins the name, so that each begins the longer ones: the greatest is the longest.
	prefix := max(prefixes)
	name := concat("", [mirrors[prefix], trim_prefix(ref.name, prefix)])
	familiar := trim_prefix(trim_prefix(name, "docker.io/"), "library/")
}

_prefixes(ref, mirrors) := [prefix |
	some prefix, _ in mirrors
	startswith(ref.name, prefix)
]
