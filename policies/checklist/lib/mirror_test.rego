package checklist.lib.mirror_test

import data.checklist.lib.mirror

ref(name) := {"name": name, "familiar": name, "tag": "1"}

mirrors := {
	"registry.example.com/": "ghcr.io/",
	"registry.example.com/hub/": "docker.io/",
}

test_a_name_without_a_mirror_stays if {
	mirror.original(ref("quay.io/a/b"), mirrors) == ref("quay.io/a/b")
	mirror.original(ref("quay.io/a/b"), {}) == ref("quay.io/a/b")
}

test_the_longest_prefix_counts if {
	original := mirror.original(ref("registry.example.com/hub/library/alpine"), mirrors)
	original == {"name": "docker.io/library/alpine", "familiar": "alpine", "tag": "1"}
}

test_other_registries_keep_their_name if {
	original := mirror.original(ref("registry.example.com/a/b"), mirrors)
	original == {"name": "ghcr.io/a/b", "familiar": "ghcr.io/a/b", "tag": "1"}
}
