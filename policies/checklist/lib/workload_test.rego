package checklist.lib.workload_test

import data.checklist.lib.workload

test_privileged if {
	workload.is_privileged({"privileged": true})
	not workload.is_privileged({"privileged": false})
	not workload.is_privileged({})
}

_redis := {"image": {"name": "docker.io/library/redis", "familiar": "redis", "tag": "8", "digest": null}}

test_images if {
	workload.runs_any(_redis, ["redis"])
	workload.runs_any(_redis, ["nginx", "redis:8*"])
	not workload.runs_any(_redis, ["acme/redis", "redis:7"])
	not workload.runs_any(_redis, [])
}

test_an_image_that_is_not_known_is_none_of_them if {
	not workload.runs_any({"image": {"raw": "${IMAGE}"}}, ["*"])
	not workload.runs_any({"image": {"raw": null}}, ["*"])
}

test_network if {
	workload.is_on_host_network({"namespaces": {"network": {"mode": "service", "effective": "host"}}})
	not workload.is_on_host_network({"namespaces": {"network": {"mode": "network", "effective": "network"}}})
	not workload.is_on_host_network({"namespaces": {"network": {}}})
}

test_programs if {
	workload.names_program(["/usr/sbin/gosu", "app"], ["gosu"])
	workload.names_program(["su-exec"], ["gosu", "su-exec"])
	not workload.names_program(["/gosu/app"], ["gosu"])
	not workload.names_program([], ["gosu"])
}
