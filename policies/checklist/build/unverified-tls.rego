# METADATA
# title: TLS certificates are not verified
# description: |
#   A command is told to accept any certificate, by an option, by its configuration, or by a variable
#   that the build, the image or the container sets. Commands of an image that was built are those of
#   its history.
# related_resources:
#   - ref: https://curl.se/docs/sslcerts.html
# custom:
#   severity: high
#   kinds: [dockerfile, image, compose, container]
#   subjects: [build, image, container]
#   profiles: [baseline, strict]
#   checklist: ["K:160"]
#   nist: ["4.1.5"]
#   equivalents:
#     checkov: [CKV2_DOCKER_2, CKV2_DOCKER_3, CKV2_DOCKER_4, CKV2_DOCKER_5, CKV2_DOCKER_6, CKV2_DOCKER_12, CKV2_DOCKER_13, CKV2_DOCKER_14, CKV2_DOCKER_15, CKV2_DOCKER_16]
#   remedy: Install the certificate of the authority that signed the server's certificate.
#   params:
#     insecure_env:
#       type: map<string>
#       default:
#         NODE_TLS_REJECT_UNAUTHORIZED: "0"
#         PYTHONHTTPSVERIFY: "0"
#         GIT_SSL_NO_VERIFY: "*"
#         NPM_CONFIG_STRICT_SSL: "false"
#         npm_config_strict_ssl: "false"
#         YARN_ENABLE_STRICT_SSL: "false"
#         PIP_TRUSTED_HOST: "*"
#         HEX_UNSAFE_HTTPS: "1"
#         BUNDLE_SSL_VERIFY_MODE: "0"
#       description: Variables that switch verification off, and the values that do; `*` stands for any text.
#     allowed_hosts:
#       type: list<string>
#       default: [localhost, 127.0.0.1]
#       description: Hosts that commands may talk to without verification.
#   since: 0.1.0
package checklist.build["unverified-tls"]

import data.checklist.lib.command
import data.checklist.lib.script
import data.checklist.lib.wildcard
import data.plimsoll.finding

deny contains finding.at_item(cmd, "args", index, message) if {
	some cmd in script.calls(input, _programs)
	some index in _switches(cmd)
	message := sprintf("`%s` does not verify certificates", [cmd.name])
}

# What is written into a configuration of apt.
deny contains finding.at_item(cmd, "args", index, message) if {
	some cmd in script.calls(input, {"echo", "printf"})
	some index, arg in cmd.args
	contains(lower(arg), "::verify-")
	regex.match(`(?i)\bacquire::https(::[^:=\s]+)?::verify-(peer|host)\W+(0|false|no|off)\b`, arg)
	message := sprintf("`%s` configures apt not to verify certificates", [cmd.name])
}

deny contains finding.at(assignment, _message(assignment.name)) if {
	some cmd in script.commands(input)
	some assignment in cmd.assignments
	_insecure(assignment.name, assignment.value)
}

deny contains finding.at_item(cmd, "args", index, _message(name)) if {
	some cmd in script.calls(input, {"export"})
	some index, arg in cmd.args
	contains(arg, "=")
	name := split(arg, "=")[0]
	_insecure(name, trim_prefix(arg, sprintf("%s=", [name])))
}

deny contains finding.at_field(variable, "value", _message(variable.name)) if {
	some variable in script.variables(input)
	_insecure(variable.name, variable.value)
}

deny contains finding.at_field(argument, "value", _message(argument.name)) if {
	some image in input.images
	some argument in script.first_of_each([given |
		some given in script.build_arguments(image)
		_insecure(given.name, given.value)
	])
}

# What an image sets is judged in the image.
deny contains finding.at_field(variable, "value", _message(variable.name)) if {
	some container in input.containers
	some variable in container.environment
	variable.from != "image"
	_insecure(variable.name, variable.value)
}

deny contains finding.at_field(argument, "value", _message(argument.name)) if {
	some container in input.containers
	some argument in container.image.build.args
	_insecure(argument.name, argument.value)
}

unknown contains unread if some unread in script.unread(input)

unknown contains finding.unknown(input.build, _unresolved(variable)) if {
	some variable in input.build.variables
	variable.needed == true
	_may_be_insecure(variable)
}

unknown contains finding.unknown(container, _unresolved(variable)) if {
	some container in input.containers
	some variable in container.environment
	_may_be_insecure(variable)
}

unknown contains finding.unknown(container, _unresolved(argument)) if {
	some container in input.containers
	some argument in container.image.build.args
	_may_be_insecure(argument)
}

unknown contains finding.unknown(container, "not all of its environment is known") if {
	some container in input.containers
	"environment" in container.incomplete
}

_message(name) := sprintf("`%s` switches the verification of certificates off", [name])

_unresolved(variable) := sprintf("the value of `%s` depends on a variable", [variable.name])

_may_be_insecure(variable) if {
	input.params["build/unverified-tls"].insecure_env[variable.name]
	object.get(variable, "value", "?") == "?"
}

_insecure(name, value) if {
	pattern := input.params["build/unverified-tls"].insecure_env[name]
	wildcard.matches(pattern, value)
}

_programs := {
	"curl", "wget", "apk", "pip", "pip2", "pip3", "python", "python3", "npm", "yarn", "pnpm", "git",
	"yum", "dnf", "dnf5", "microdnf", "tdnf", "yum-config-manager",
	"dnf-config-manager", "apt", "apt-get",
}

# Short options of curl that take a value. <https://curl.se/docs/manpage.html>
_curl_valued := [
	"A", "b", "c", "C", "d", "D", "e", "E", "F", "h", "H", "K", "m", "o", "P", "Q", "r", "t", "T", "u",
	"U", "w", "x", "X", "y", "Y", "z",
]

# Where a command says that it does not verify: positions among its arguments.
_switches(cmd) := command.flags(cmd, "k", "--insecure", _curl_valued) if {
	cmd.name == "curl"
	_goes_elsewhere(cmd)
} else := [index | some index, arg in cmd.args; arg == "--no-check-certificate"] if {
	cmd.name in {"wget", "apk"}
	_goes_elsewhere(cmd)
} else := array.concat(options, settings) if {
	cmd.name in {"pip", "pip2", "pip3", "python", "python3"}
	options := [option.index |
		some option in command.options(cmd, "--trusted-host", "--trusted-host")
		_elsewhere(split(option.value, ":")[0])
	]
	settings := [index |
		some index, arg in cmd.args
		endswith(arg, ".trusted-host")
		"set" in cmd.args
		some at, value in cmd.args
		at == index + 1
		_elsewhere(split(value, ":")[0])
	]
} else := array.concat(options, settings) if {
	cmd.name in {"npm", "yarn", "pnpm"}
	options := [index | some index, arg in cmd.args; regex.match(`^(--strict-ssl=false|--no-strict-ssl|strict-ssl=false)$`, arg)]
	settings := [index |
		some index, arg in cmd.args
		arg in {"strict-ssl", "--strict-ssl", "enableStrictSsl"}
		_is_setting(cmd, arg)
		some at, value in cmd.args
		at == index + 1
		value == "false"
	]
} else := array.concat(options, settings) if {
	cmd.name == "git"
	options := [option.index |
		some option in command.options(cmd, "-c", "--config")
		regex.match(`(?i)^http\.(.*\.)?sslverify=(false|0|no|off)$`, option.value)
	]
	settings := [index |
		some index, arg in cmd.args
		regex.match(`(?i)^http\.(.*\.)?sslverify$`, arg)
		some at, value in cmd.args
		at == index + 1
		lower(value) in {"false", "0", "no", "off"}
	]
} else := [option.index |
	some option in command.options(cmd, "--setopt", "--setopt")
	regex.match(`(?i)^([^=]*\.)?sslverify=(0|false|no)$`, option.value)
] if {
	cmd.name in {"yum", "dnf", "dnf5", "microdnf", "tdnf", "yum-config-manager", "dnf-config-manager"}
# What is left are apt and apt-get.
} else := [option.index |
	some option in command.options(cmd, "-o", "--option")
	regex.match(`(?i)^acquire::https(::[^:=]+)?::verify-(peer|host)=(0|false|no|off)$`, option.value)
]

# Other commands take such words as names of packages.
_is_setting(_, arg) if startswith(arg, "--")

_is_setting(cmd, _) if "set" in cmd.args

# Unless all that it downloads is on hosts that are allowed.
_goes_elsewhere(cmd) if count(command.downloads(cmd)) == 0

_goes_elsewhere(cmd) if {
	some download in command.downloads(cmd)
	_elsewhere(command.host(download.url))
}

_elsewhere(host) if {
	allowed := input.params["build/unverified-tls"].allowed_hosts
	count([name | some name in allowed; lower(name) == host]) == 0
}
