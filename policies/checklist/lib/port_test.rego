package checklist.lib.port_test

import data.checklist.lib.port

test_wildcard if {
	port.is_wildcard({"effective_host_ip": "0.0.0.0"})
	port.is_wildcard({"effective_host_ip": "::"})
	not port.is_wildcard({"effective_host_ip": "127.0.0.1"})
	not port.is_wildcard({})
}

test_loopback if {
	port.is_loopback({"effective_host_ip": "127.0.0.1"})
	port.is_loopback({"effective_host_ip": "127.8.0.1"})
	port.is_loopback({"effective_host_ip": "::1"})
	not port.is_loopback({"effective_host_ip": "0.0.0.0"})
	not port.is_loopback({})
}

_table := [
	{"port": 5432, "protocols": ["tcp"], "service": "PostgreSQL"},
	{"port": 11211, "protocols": ["tcp", "udp"], "service": "memcached"},
]

test_services if {
	port.services({"target": 5432, "target_end": 5432, "protocol": "tcp"}, _table) == ["PostgreSQL"]
	port.services({"target": 5432, "target_end": 5432, "protocol": "udp"}, _table) == []
	port.services({"target": 11211, "target_end": 11211, "protocol": "udp"}, _table) == ["memcached"]
	port.services({"target": 5000, "target_end": 12000}, _table) == ["PostgreSQL", "memcached"]
	port.services({"target": 5433, "target_end": 5440}, _table) == []
	port.services({}, _table) == []
}

test_published_within if {
	port.is_published_within({"published": 80, "published_end": 80}, [80, 443])
	port.is_published_within({"published": 80, "published_end": 82}, [82, 80, 81, 80])
	not port.is_published_within({"published": 80, "published_end": 82}, [80, 82])
	not port.is_published_within({"published": null, "published_end": null}, [80])
	not port.is_published_within({}, [80])
}

test_any_of if {
	port.is_any_of({"target": 80, "target_end": 80}, [443, 80])
	port.is_any_of({"target": 8000, "target_end": 8100}, [8080])
	not port.is_any_of({"target": 80, "target_end": 80}, [])
	not port.is_any_of({"target": 80, "target_end": 80}, [8080])
	not port.is_any_of({}, [80])
}
