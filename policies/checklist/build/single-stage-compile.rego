# METADATA
# title: Application is compiled in the stage that ships
# description: |
#   A RUN of the image's own stages compiles, so that sources, compilers and build dependencies are in
#   the image. A RUN that removes what it installed to compile is left alone.
# related_resources:
#   - ref: https://docs.docker.com/build/building/multi-stage/
# custom:
#   severity: low
#   kinds: [dockerfile]
#   subjects: [image]
#   profiles: [baseline, strict]
#   checklist: ["S1:52", "S2:48-61", "K:118"]
#   nist: ["4.1.2"]
#   remedy: Compile in a stage of its own, and copy the result from it.
#   params:
#     compile_commands:
#       type: list<string>
#       default: [go build, go install, cargo build, cargo install, mvn package, mvn install, mvnw package, mvnw install, gradle build, gradle assemble, gradle bootJar, gradlew build, gradlew assemble, gradlew bootJar, npm run build, yarn build, yarn run build, pnpm build, pnpm run build, npx tsc, dotnet publish, dotnet build, make, cmake, ninja, gcc, g++, cc, c++, clang, clang++, rustc, javac, ng build, tsc, swift build, stack build, mix release]
#       description: Commands that compile, with the words that have to be among their arguments.
#   since: 0.1.0
package checklist.build["single-stage-compile"]

import data.checklist.lib.command
import data.plimsoll.finding

deny contains finding.of(image, finding.at(run.commands[first], message)) if {
	some image in input.images
	some number, run in input.build.runs
	run.shipped == true
	compiling := [index | some index, cmd in run.commands; _compiles(cmd)]
	first := compiling[0]
	not _cleaned(number, first)
	message := sprintf("`%s` compiles in the stage that ships, and its sources and tools stay in the image", [run.commands[first].name])
}

unknown contains finding.unknown(image, "what a RUN runs is not understood in full") if {
	some image in input.images
	some run in input.build.runs
	run.shipped == true
	"commands" in run.incomplete
}

_compiles(cmd) if {
	is_string(cmd.name)
	some wanted in _arguments[cmd.name]
	every word in wanted { word in cmd.args }
	_works(cmd)
}

# Names of programs, and the arguments that each of their lines wants.
_arguments := {name: wanted |
	some line in _lines
	name := line[0]
	wanted := [array.slice(other, 1, count(other)) | some other in _lines; other[0] == name]
}

_lines := [split(line, " ") | some line in input.params["build/single-stage-compile"].compile_commands]

# Asking for the version or for help compiles nothing.
_works(cmd) if count([arg | some arg in cmd.args; arg in {"--version", "--help"}]) == 0

# The same RUN removes packages afterwards: it cleans up after itself.
_cleaned(number, position) if {
	some operation in input.build.package_operations
	operation.run == number
	operation.action == "remove"
	operation.command > position
}
