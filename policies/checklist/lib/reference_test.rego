package checklist.lib.reference_test

import data.checklist.lib.reference

image(name, familiar, tag, digest) := {
	"kind": "image",
	"name": name,
	"familiar": familiar,
	"tag": tag,
	"digest": digest,
}

alpine := image("docker.io/library/alpine", "alpine", "3.20", null)

untagged := image("docker.io/library/alpine", "alpine", null, null)

pinned := image("docker.io/library/alpine", "alpine", null, "sha256:0123")

static := image("gcr.io/distroless/static-debian12", "gcr.io/distroless/static-debian12", "nonroot", null)

chiseled := image("mcr.microsoft.com/dotnet/runtime", "mcr.microsoft.com/dotnet/runtime", "8.0-jammy-chiseled", null)

local := image("localhost:5000/acme/api", "localhost:5000/acme/api", "v1", null)

test_names if {
	reference.matches(alpine, "alpine")
	reference.matches(alpine, "docker.io/library/alpine")
	reference.matches(alpine, "docker.io/library/*")
	reference.matches(alpine, "*/alpine")
	reference.matches(alpine, "*")
	reference.matches(static, "gcr.io/distroless/*")
	reference.matches(chiseled, "mcr.microsoft.com/*")
	not reference.matches(alpine, "library/alpine")
	not reference.matches(alpine, "alp")
	not reference.matches(static, "gcr.io/distroless")
	not reference.matches(image("docker.io/acme/alpine", "acme/alpine", "1", null), "alpine")
	not reference.matches(image("ghcr.io/acme/alpine", "ghcr.io/acme/alpine", "1", null), "alpine")
}

test_tags if {
	reference.matches(alpine, "alpine:3.20")
	reference.matches(alpine, "alpine:3.*")
	reference.matches(alpine, "*:*20*")
	reference.matches(chiseled, "mcr.microsoft.com/dotnet/*:*chiseled*")
	reference.matches(static, "gcr.io/distroless/*:nonroot*")
	not reference.matches(alpine, "alpine:3")
	not reference.matches(alpine, "*:*slim*")
	not reference.matches(static, "gcr.io/distroless/*:debug*")
}

test_a_reference_without_tag_and_digest_has_the_tag_latest if {
	reference.matches(untagged, "alpine")
	reference.matches(untagged, "alpine:latest")
	reference.matches(untagged, "alpine:*")
	not reference.matches(untagged, "alpine:3*")
	reference.matches(image("localhost:5000/a", "localhost:5000/a", null, null), "localhost:5000/a:latest")
	not reference.matches(object.remove(untagged, ["tag"]), "alpine:latest")
	not reference.matches(object.remove(untagged, ["digest"]), "alpine:latest")
}

test_a_digest_alone_has_no_tag if {
	reference.matches(pinned, "alpine")
	not reference.matches(pinned, "alpine:latest")
	not reference.matches(pinned, "alpine:*")
}

test_digests if {
	reference.matches(pinned, "*@*")
	reference.matches(pinned, "alpine@sha256:*")
	not reference.matches(pinned, "alpine@sha512:*")
	not reference.matches(alpine, "*@*")
	both := image("docker.io/library/alpine", "alpine", "3.20", "sha256:0123")
	reference.matches(both, "alpine:3.20@sha256:0123")
	not reference.matches(both, "alpine:3.21@sha256:0123")
	not reference.matches(both, "alpine:3.20@sha256:4567")
	not reference.matches(both, "debian:3.20@sha256:0123")
	reference.matches(both, "alpine@sha256:0123")
	reference.matches(both, "alpine")
	reference.matches(both, "alpine:3.20")
	reference.matches(pinned, "docker.io/library/*@*")
	not reference.matches(pinned, "alpine:*@*")
	not reference.matches(alpine, "alpine:*@*")
	not reference.matches(pinned, "alpine@")
}

test_a_port_is_no_tag if {
	reference.matches(local, "localhost:5000/*")
	reference.matches(local, "localhost:5000/acme/api:v1")
	not reference.matches(local, "localhost:5000/acme/api:v2")
	not reference.matches(local, "localhost:5001/*")
	not reference.matches(local, "localhost:*")
	not reference.matches(local, "localhost:5000/acme/api:")
	not reference.matches(local, "localhost:5000/acme/api:v1:v1")
	reference.matches(local, "*:5000/*:v*")
	not reference.matches(local, "localhost:5000/acme/api@*")
}

test_scratch if {
	reference.matches({"kind": "scratch"}, "scratch")
	not reference.matches({"kind": "scratch"}, "*")
	not reference.matches(image("docker.io/library/scratch", "scratch", null, null), "alpine")
}

test_what_is_not_resolved_matches_nothing if {
	not reference.matches({"raw": "$BASE"}, "*")
	not reference.matches({"kind": "stage", "raw": "build"}, "*")
	patterns := ["alpine", "docker.io/library/alpine", "*", "alpine:*", "alpine:3.20@*"]
	both := image("docker.io/library/alpine", "alpine", "3.20", "sha256:0123")
	[pattern | some pattern in patterns; not reference.matches(both, pattern)] == []
	invalid := object.union(both, {"kind": "invalid"})
	[pattern | some pattern in patterns; reference.matches(invalid, pattern)] == []
}

test_any if {
	reference.matches_any(alpine, ["debian", "alpine"])
	not reference.matches_any(alpine, ["debian"])
	not reference.matches_any(alpine, [])
}

test_a_star_stays_within_its_part if {
	not reference.matches(image("docker.io/library/a", "a", "1-slim", null), "*slim")
	not reference.matches(pinned, "alpine*0123")
	reference.matches(local, "*/api")
	reference.matches_any(alpine, ["debian:*", "localhost:5000/*", "alp*:3.2*", "*@*"])
	not reference.matches_any(alpine, ["debian:*", "localhost:5000/*", "*@*"])
}

test_other_characters_stand_for_themselves if {
	not reference.matches(image("gcrxio/a", "gcrxio/a", "1", null), "gcr.io/*")
	not reference.matches(alpine, "alpin[e]")
}

test_a_tag_that_is_not_known_may_match if {
	unknown := {"kind": "image", "name": "docker.io/library/alpine", "familiar": "alpine"}
	reference.may_match_any(unknown, ["debian", "alpine:3.*"])
	reference.may_match_any(unknown, ["*@*"])
	not reference.may_match_any(unknown, ["alpine", "debian:12", "*"])
	reference.may_match_any(object.union(unknown, {"tag": "3.20"}), ["alpine@*"])
	not reference.may_match_any(alpine, ["alpine:3.*", "alpine@*"])
	not reference.matches_any(unknown, ["alpine:*", "*@*"])
}
