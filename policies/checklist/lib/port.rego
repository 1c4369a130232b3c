# METADATA
# title: Published ports
# description: |
#   What a published port leads to, and from where. The functions take an entry of a container's `ports`,
#   which may stand for a range.
package checklist.lib.port

# METADATA
# description: |
#   Whether the port is bound to every address of the host, IPv4 or IPv6; undefined when not, and when
#   the address is not known.
# custom:
#   types: {port: PublishedPort}
is_wildcard(port) if port.effective_host_ip in {"", "0.0.0.0", "::", "[::]"}

# METADATA
# description: Whether the port can be reached from the host only; undefined when not, or not known.
# custom:
#   types: {port: PublishedPort}
is_loopback(port) if startswith(port.effective_host_ip, "127.")

is_loopback(port) if port.effective_host_ip in {"::1", "[::1]"}

# METADATA
# description: Whether the address that the port is bound to is known.
# custom:
#   types: {port: PublishedPort}
has_address(port) if is_string(port.effective_host_ip)

# METADATA
# description: |
#   The names of the services in a table (`{port, protocols, service}`) whose ports in the container
#   are among the published ones, in the table's order.
# custom:
#   types: {port: PublishedPort, table: any}
services(port, table) := [entry.service |
	some entry in table
	port.target <= entry.port
	entry.port <= port.target_end
	object.get(port, "protocol", "tcp") in entry.protocols
]

# METADATA
# description: |
#   Whether all ports of the host that it takes are among these numbers; undefined when not, and when
#   the engine chooses the port or it is not known.
# custom:
#   types: {port: PublishedPort, numbers: [number]}
is_published_within(port, numbers) if {
	is_number(port.published)
	taken := {number |
		some number in numbers
		port.published <= number
		number <= port.published_end
	}
	count(taken) == (port.published_end - port.published) + 1
}

# METADATA
# description: |
#   Whether one of these numbers is among its ports in the container; undefined when not, and when the
#   port is not known.
# custom:
#   types: {port: PublishedPort, numbers: [number]}
is_any_of(port, numbers) if {
	some number in numbers
	port.target <= number
	number <= port.target_end
}
