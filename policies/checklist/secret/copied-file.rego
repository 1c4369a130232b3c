# METADATA
# title: Credential file is copied into the image
# description: |
#   Looks for private keys, credential stores and `.env` files among the sources and destinations of
#   COPY and ADD, by their names. A later RUN that deletes the file does not take it out of its layer.
#   In an image that was built, among its files, those that a later layer deletes included; where its
#   layers were not read, in its history.
# related_resources:
#   - ref: https://docs.docker.com/build/building/secrets/
#   - ref: https://docs.docker.com/build/concepts/context/#dockerignore-files
# custom:
#   severity: high
#   levels: {builder: medium}
#   kinds: [dockerfile, image]
#   subjects: [build, image]
#   profiles: [baseline, cis, strict]
#   checklist: ["S1:146", "K:135", "K:281-289"]
#   cis: ["4.10"]
#   nist: ["4.1.4"]
#   equivalents:
#     dockle: [CIS-DI-0010]
#     trivy: [DS-0031]
#   remedy: Mount it with `RUN --mount=type=secret`, or give it to the container when it runs.
#   params:
#     secret_files:
#       type: list<string>
#       default:
#         - "*.jks"
#         - "*.kdbx"
#         - "*.key"
#         - "*.keystore"
#         - "*.ovpn"
#         - "*.p12"
#         - "*.pem"
#         - "*.pfx"
#         - "*.ppk"
#         - "*.tfvars"
#         - ".dockercfg"
#         - ".dockerconfigjson"
#         - ".env"
#         - ".env.*"
#         - ".git-credentials"
#         - ".htpasswd"
#         - ".my.cnf"
#         - ".netrc"
#         - ".npmrc"
#         - ".pgpass"
#         - ".pypirc"
#         - ".vault-token"
#         - _netrc
#         - credentials
#         - credentials.json
#         - id_dsa
#         - id_ecdsa
#         - id_ed25519
#         - id_rsa
#         - kubeconfig
#         - secrets.json
#         - secrets.yaml
#         - secrets.yml
#         - "service-account*.json"
#         - terraform.tfstate
#       description: |
#         Names of files that hold credentials; `*` stands for any text. For files that were found in
#         layers the scanner has a list of its own, by their paths.
#     secret_folders:
#       type: list<string>
#       default: [.aws, .docker, .gnupg, .kube, .ssh]
#       description: Names of folders that hold credentials, when copied as a whole.
#     allow:
#       type: list<string>
#       default:
#         - "*.crt"
#         - "*.example"
#         - "*.gpg.key"
#         - "*.pub"
#         - "*.sample"
#         - "*.template"
#         - "*-ca.pem"
#         - "*-cert.pem"
#         - "*bundle*.pem"
#         - "*public*"
#         - ".env.dist"
#         - "ca*.pem"
#         - "cert*.pem"
#         - "chain*.pem"
#         - "dhparam*.pem"
#         - "fullchain*.pem"
#         - root.pem
#       description: Names that are harmless all the same.
#   since: 0.1.0
package checklist.secret["copied-file"]

import data.checklist.lib.script
import data.checklist.lib.wildcard
import data.plimsoll.finding

deny contains _weigh(copy, finding.at(source, sprintf("`%s` is copied into the image, and holds credentials by its name", [source.raw]))) if {
	some copy in input.build.copies
	copy.needed == true
	some source in copy.sources
	_is_secret_source(source)
}

deny contains _weigh(copy, finding.at_field(copy, "dest", sprintf("`%s` is written into the image, and holds credentials by its name", [copy.dest]))) if {
	some copy in input.build.copies
	copy.needed == true
	_is_secret_file(_base(copy.dest))
	count([source | some source in copy.sources; _is_secret_source(source)]) == 0
}

deny contains finding.at(file, sprintf("`%s` is in the image, and holds credentials by its name", [file.path])) if {
	some image in input.images
	some file in image.files.credentials
	_is_kept(file)
}

deny contains finding.at(file, sprintf("`%s` is in a layer of the image though a later one deletes it, and holds credentials by its name", [file.path])) if {
	some image in input.images
	some file in image.files.removed_credentials
	_is_kept(file)
}

deny contains finding.at_field(line, "arguments", sprintf("`%s` is copied into the image, and holds credentials by its name", [word])) if {
	some line in _unseen
	words := script.copied(line)
	some word in array.slice(words, 0, count(words) - 1)
	_is_secret_word(word)
}

deny contains finding.at_field(line, "arguments", sprintf("`%s` is written into the image, and holds credentials by its name", [dest])) if {
	some line in _unseen
	words := script.copied(line)
	dest := words[count(words) - 1]
	_is_secret_file(_base(dest))
	count([word | some word in array.slice(words, 0, count(words) - 1); _is_secret_word(word)]) == 0
}

unknown contains finding.unknown(image, "not all of its files are known") if {
	some image in input.images
	image.source_type != "dockerfile"
	"credentials" in image.files.incomplete
}

unknown contains finding.unknown(input.build, sprintf("the file that `%s` names is not known", [source.raw])) if {
	some copy in input.build.copies
	copy.needed == true
	some source in copy.sources
	object.get(source, "path", null) == null
	contains(_base(source.raw), "$")
}

unknown contains finding.unknown(input.build, "the destination of a COPY or ADD is not known") if {
	some copy in input.build.copies
	copy.needed == true
	object.get(copy, "dest", null) == null
}

_weigh(copy, found) := found if {
	copy.shipped == true
} else := finding.level("builder", found)

# A here-document has a name, but no file of that name.
_is_secret_source(source) if {
	object.get(source, "kind", "") != "heredoc"
	_is_secret_path(_path(source))
}

# The last part is often written out where the rest is not known.
_path(source) := object.get(source, "path", source.raw)

_base(path) := parts[count(parts) - 1] if parts := split(split(path, "?")[0], "/")

_is_secret_file(name) if {
	wildcard.matches_any(input.params["secret/copied-file"].secret_files, name)
	not wildcard.matches_any(input.params["secret/copied-file"].allow, name)
}

_is_kept(file) if not wildcard.matches_any(input.params["secret/copied-file"].allow, _base(file.path))

# What was copied by images whose files were not read.
_unseen := [line |
	some image in input.images
	image.files.available == false
	some line in image.history
	line.instruction in {"COPY", "ADD"}
]

_is_secret_word(word) if {
	not startswith(word, "<<")
	_is_secret_path(word)
}

_is_secret_path(path) if _is_secret_file(_base(path))

_is_secret_path(path) if _base(trim_suffix(path, "/")) in input.params["secret/copied-file"].secret_folders
