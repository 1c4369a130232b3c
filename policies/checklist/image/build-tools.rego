# METADATA
# title: Image ships a build toolchain
# description: |
#   Looks for compilers, build systems and development headers in the image that ships: as its base,
#   or installed in one of its stages and not removed in the same RUN. An image that was built is judged
#   by the base it names, by its history, and by its package database where that was read.
# related_resources:
#   - ref: https://docs.docker.com/build/building/multi-stage/
# custom:
#   severity: medium
#   kinds: [dockerfile, image]
#   subjects: [image]
#   profiles: [baseline, cis, strict]
#   needs: [base.kind]
#   checklist: ["S1:52", "S2:48", "K:118-120"]
#   cis: ["4.3"]
#   nist: ["4.1.2"]
#   remedy: Compile in a build stage, and copy only the result into the final one.
#   params:
#     sdk_images:
#       type: list<string>
#       default:
#         - sbtscala/scala-sbt
#         - emscripten/emsdk
#         - mcr.microsoft.com/dotnet/sdk
#         - mcr.microsoft.com/openjdk/jdk
#         - "*/library/buildpack-deps"
#         - "*/library/eclipse-temurin"
#         - "*/library/gcc"
#         - "*/library/golang"
#         - "*/library/gradle"
#         - "*/library/haskell"
#         - "*/library/maven"
#         - "*/library/openjdk"
#         - "*/library/rust"
#         - "*/library/swift"
#       description: Images that bring a compiler or a build system along, as patterns.
#     runtime_images:
#       type: list<string>
#       default: ["*:*jre*", "*/library/buildpack-deps:*curl*", "*/library/swift:*slim*"]
#       description: Exceptions from `sdk_images`, variants made to run programs only.
#     build_packages:
#       type: list<string>
#       default:
#         - alpine-sdk
#         - autoconf
#         - automake
#         - build-base
#         - build-essential
#         - cargo
#         - clang
#         - cmake
#         - g++
#         - gcc
#         - gcc-c++
#         - gfortran
#         - git
#         - go
#         - golang
#         - gradle
#         - libtool
#         - llvm
#         - make
#         - maven
#         - meson
#         - ninja
#         - ninja-build
#         - rust
#         - rustc
#         - "*-dev"
#         - "*-devel"
#         - "default-jdk*"
#         - "openjdk*-jdk*"
#       description: Names of packages that build programs; `*` stands for any text.
#   since: 0.1.0
package checklist.image["build-tools"]

import data.checklist.lib.installed
import data.checklist.lib.reference
import data.checklist.lib.wildcard
import data.plimsoll.finding

deny contains finding.at(
	image.base,
	sprintf("image `%s` is built on `%s`, which ships a build toolchain", [image.name, image.base.raw]),
) if {
	some image in input.images
	reference.matches_any(image.base, input.params["image/build-tools"].sdk_images)
	not reference.matches_any(image.base, input.params["image/build-tools"].runtime_images)
}

deny contains finding.at(item, sprintf("`%s` is installed in the final image", [item.name])) if {
	some image in input.images
	some operation in image.installs
	operation.manager in {"apt", "apk", "yum", "dnf", "microdnf", "tdnf", "zypper", "pacman"}
	some item in operation.packages
	item.removed == false
	_builds(item.name)
}

deny contains finding.at(group.first, sprintf("image `%s` ships %s", [image.name, group.names])) if {
	some image in input.images
	names := {item.name | some item in image.packages; _builds(item.name)}
	some group in installed.beside_history(image, names)
}

unknown contains finding.unknown(image, "what it installs is not known in full") if {
	some image in input.images
	"installs" in image.incomplete
	"packages" in image.incomplete
}

_builds(name) if wildcard.matches_any(input.params["image/build-tools"].build_packages, name)
