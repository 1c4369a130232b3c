# METADATA
# title: Variable is not declared
# description: |
#   Looks for references to variables that nothing declares before them, and for bases that are no image
#   unless somebody gives a build argument. A variable that the base image may set is a lesser finding. Scripts
#   are not looked at, and neither is a reference with a default such as `${NAME:-x}`.
# related_resources:
#   - ref: https://docs.docker.com/reference/build-checks/undefined-var/
#   - ref: https://docs.docker.com/reference/build-checks/undefined-arg-in-from/
#   - ref: https://docs.docker.com/reference/build-checks/invalid-default-arg-in-from/
# custom:
#   severity: low
#   levels: {base: info}
#   kinds: [dockerfile]
#   subjects: [build]
#   profiles: [baseline, strict, lint]
#   checklist: ["K:151"]
#   equivalents:
#     hadolint: [DL3044]
#     ddkics: [env_no_refer_envvar]
#     buildkit: [UndefinedVar, UndefinedArgInFrom, InvalidDefaultArgInFrom]
#   remedy: Declare the variable with ARG or ENV before it is used, or give the reference a default.
#   params:
#     known_env:
#       type: list<string>
#       default:
#         - PATH
#         - HOME
#         - LANG
#         - LC_ALL
#         - LD_LIBRARY_PATH
#         - PYTHONPATH
#         - PYTHON_VERSION
#         - NODE_VERSION
#         - YARN_VERSION
#         - GOPATH
#         - GOLANG_VERSION
#         - JAVA_HOME
#         - JAVA_VERSION
#         - CATALINA_HOME
#         - MAVEN_HOME
#         - GRADLE_HOME
#         - CARGO_HOME
#         - RUSTUP_HOME
#         - RUST_VERSION
#         - GEM_HOME
#         - RUBY_VERSION
#         - PHP_INI_DIR
#         - PHP_VERSION
#         - HTTPD_PREFIX
#         - NGINX_VERSION
#         - PGDATA
#         - PG_MAJOR
#         - PG_VERSION
#       description: Variables that base images set, and PATH, which is always set.
#   since: 0.1.0
package checklist.lint["unresolved-variable"]

import data.plimsoll.finding

deny contains finding.at(variable, sprintf("`%s` is not declared by an `ARG` before the first `FROM`", [variable.name])) if {
	some variable in input.build.undeclared
	variable.keyword == "FROM"
	variable.needed == true
}

deny contains finding.at(variable, sprintf("`%s` is not declared: %s", [variable.name, _where[variable.declared]])) if {
	some variable in input.build.undeclared
	variable.declared in {"same", "later", "global"}
	variable.needed == true
}

deny contains finding.at(variable, sprintf("`%s` is not declared", [variable.name])) if {
	some variable in input.build.undeclared
	variable.base_may_set == false
	variable.needed == true
	variable.keyword != "FROM"
	not variable.declared in {"same", "later", "global"}
	variable.name != "PATH"
}

deny contains finding.level("base", finding.at(variable, sprintf("`%s` is not declared, unless the base image sets it", [variable.name]))) if {
	some variable in input.build.undeclared
	variable.base_may_set == true
	variable.needed == true
	not variable.declared in {"same", "later", "global"}
	not variable.name in input.params["lint/unresolved-variable"].known_env
}

deny contains finding.at_field(stage, "default_problem", sprintf("without build arguments `%s` is no image: %s", [input.references[stage.base].raw, stage.default_problem])) if {
	some stage in input.build.stages
	is_string(stage.default_problem)
	stage.needed == true
	count([variable | some variable in input.build.undeclared; variable.keyword == "FROM"; variable.stage == stage.index]) == 0
}

_where := {
	"same": "what the same instruction sets is seen after it only",
	"later": "that comes further down in the stage",
	"global": "what is before the first `FROM` needs an `ARG` in the stage, too",
}
