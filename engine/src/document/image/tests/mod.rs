//! Images built in the test, read back.

mod archive;
mod hostile;
mod loose;

use std::sync::Arc;

use plimsoll_sdk::Nullable;
use plimsoll_sdk::facts::{FileEntry, Image};
use plimsoll_sdk::finding::RawPlace;

use self::archive::{Layout, Recipe, Tar, descriptor, digest, gzip, index, zstd};
use super::{read_archive, read_layout};
use crate::diagnostic::Level;
use crate::document::{Document, Folder, ReadOptions};
use crate::files::MemoryFiles;

fn read(bytes: &[u8]) -> Document {
    let mut stream = bytes;
    let mut documents = read_archive("app.tar", &mut stream, &ReadOptions::default());
    assert_eq!(documents.len(), 1);
    documents.remove(0)
}

/// The only image of a document without problems.
fn image(document: &Document) -> &Image {
    assert!(document.problems.is_empty(), "{:?}", messages(document));
    assert_eq!(document.facts.images.len(), 1);
    &document.facts.images[0]
}

fn messages(document: &Document) -> Vec<&str> {
    document.problems.iter().map(|problem| problem.message.as_str()).collect()
}

fn errors(document: &Document) -> Vec<&str> {
    let errors = document.problems.iter().filter(|problem| problem.level == Level::Error);
    errors.map(|problem| problem.message.as_str()).collect()
}

fn paths(entries: &[FileEntry]) -> Vec<&str> {
    entries.iter().map(|entry| entry.path.as_str()).collect()
}

fn text_at(document: &Document, loc: plimsoll_sdk::Loc, field: Option<&str>) -> String {
    let raw = RawPlace { loc, field: field.map(str::to_owned), item: None };
    document.places.resolve(&raw).unwrap().text().to_owned()
}

fn base_layer() -> Tar {
    Tar::default()
        .folder("./", 0o755)
        .folder("tmp/", 0o1777)
        .file("etc/passwd", 0o644, "root:x:0:0::/root:/bin/sh\napp::0:0::/:\n")
        .file("etc/shadow", 0o600, "root:*:1:\n")
        .link("etc/os-release", b'2', "../usr/lib/os-release")
        .file("usr/lib/os-release", 0o644, "ID=alpine\nVERSION_ID=3.22.1\n")
        .file("lib/apk/db/installed", 0o644, "P:musl\nV:1.2.5-r10\nA:x86_64\nL:MIT\n\n")
        .file("bin/busybox", 0o4755, "x")
        .link("bin/sh", b'2', "/bin/busybox")
        .link("bin/ping", b'1', "bin/busybox")
        .folder("srv/open/", 0o777)
        .file("root/.env", 0o600, "A=b")
}

const CONFIG: &str = r#""created":"2026-01-02T03:04:05Z","author":"me","config":{"User":"app:app",
"Env":["PATH=/bin","A=b\u0026c"],"ExposedPorts":{"8080/tcp":{},"53/udp":{}},"Cmd":["/bin/sh","-c","x"],
"Entrypoint":["/app"],"WorkingDir":"/srv","Labels":{"org.opencontainers.image.base.name":"alpine:3.22"},
"Volumes":{"/data":{}},"StopSignal":"SIGINT","OnBuild":null},
"history":[{"created_by":"ADD rootfs.tar / # buildkit","created":"2026-01-01T00:00:00Z"},
{"created_by":"ENV A=b","empty_layer":true},
{"created_by":"RUN |1 V=2 /bin/sh -c apk add --no-cache curl \u0026\u0026 rm /x # buildkit"}],"#;

fn recipe() -> Recipe {
    let curl = "P:musl\nV:1.2.5-r10\nA:x86_64\nL:MIT\n\nP:curl\nV:8.1\nA:x86_64\nL:curl\n\n";
    let second = Tar::default()
        .file("lib/apk/db/installed", 0o644, curl)
        .file("usr/bin/curl", 0o755, "x")
        .file("root/.wh..env", 0o600, "");
    Recipe::new(CONFIG).layer(base_layer()).layer(second)
}

#[test]
fn an_archive_is_read_whatever_it_is_compressed_with() {
    let bare = read(&recipe().layout().archive());
    let image = image(&bare);
    assert_eq!(image.name, "docker.io/library/app:1");
    assert_eq!(image.source_type, "oci_layout");
    assert_eq!(image.refs[0].familiar.as_deref(), Some("app"));
    assert_eq!(image.digest, Some(digest(recipe().manifest_json().as_bytes())));
    assert_eq!(image.image_id, Some(digest(recipe().config_json().as_bytes())));
    assert_eq!(image.index_digest, Some(Nullable::Null));
    assert_eq!(image.layers.len(), 2);
    assert!(image.files.available && image.incomplete.is_empty());

    for pack in [gzip, zstd] {
        let packed = read(&pack(&recipe().layout().archive()));
        assert_eq!(packed.facts, bare.facts);
        let mut inner = Recipe::new(CONFIG);
        for (_, bytes) in recipe().layers {
            inner.layers.push((pack(&bytes), bytes));
        }
        let inner = read(&inner.layout().archive());
        assert_eq!(messages(&inner), <[&str; 0]>::default());
        assert_eq!(inner.facts.images[0].packages, image.packages);
        assert_eq!(inner.facts.images[0].files, image.files);
        assert_eq!(inner.facts.images[0].layers[1].diff_id, image.layers[1].diff_id);
        assert_ne!(inner.facts.images[0].layers[1].digest, image.layers[1].digest);
    }
}

#[test]
fn a_compressed_stream_in_several_parts_is_one() {
    let bytes = recipe().layout().archive();
    let (front, back) = bytes.split_at(1000);
    let skippable = [0x50, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 1, 2, 3];
    let parts = [gzip(front), gzip(back)].concat();
    assert_eq!(image(&read(&parts)).layers.len(), 2);
    let parts = [zstd(front), skippable.to_vec(), zstd(back)].concat();
    assert_eq!(image(&read(&parts)).layers.len(), 2);
}

#[test]
fn the_configuration_has_places() {
    let document = read(&recipe().layout().archive());
    let config = &image(&document).config;
    assert_eq!(config.user.text, Some(Nullable::Value("app:app".into())));
    // /etc/passwd says that `app` is 0.
    assert_eq!((config.user.uid, config.user.is_root), (Some(Nullable::Value(0)), Some(true)));
    assert_eq!(text_at(&document, config.user.loc, None), "\"app:app\"");
    assert_eq!(config.env[1].value, Some(Nullable::Value("b&c".into())));
    assert_eq!(text_at(&document, config.env[1].loc, Some("value")), r"b\u0026c");
    assert_eq!(text_at(&document, config.env[0].loc, Some("name")), "PATH");
    assert_eq!(
        (config.exposed_ports[1].target, config.exposed_ports[1].protocol.as_str()),
        (53, "udp")
    );
    assert_eq!(config.cmd_form, Some(Nullable::Value("shell".into())));
    assert_eq!(config.entrypoint_form, Some(Nullable::Value("exec".into())));
    assert_eq!(config.volumes[0].text, "/data");
    assert_eq!(config.labels.len(), 1);
    // OCI's configuration has no field for it.
    assert_eq!((config.healthcheck_supported, &config.healthcheck), (false, &None));
    let image = image(&document);
    assert_eq!(image.base.familiar.as_deref(), Some("alpine"));
    assert_eq!(image.base.evidence, "label");
    let roles: Vec<_> = document.facts.references.iter().map(|it| it.role.as_str()).collect();
    assert_eq!(roles, ["name", "base"]);
    assert_eq!(image.created_reproducible, Some(false));
    let place = document.places.place(image.loc).unwrap();
    let name = digest(recipe().manifest_json().as_bytes()).replace(':', "/");
    assert_eq!(place.source.name(), format!("app.tar!blobs/{name}"));
}

#[test]
fn history_is_what_a_dockerfile_would_say() {
    let document = read(&recipe().layout().archive());
    let image = image(&document);
    let instructions: Vec<_> =
        image.history.iter().map(|line| line.instruction.as_deref().unwrap()).collect();
    assert_eq!(instructions, ["ADD", "ENV", "RUN"]);
    let run = &image.history[2];
    assert_eq!(run.arguments.as_deref(), Some("apk add --no-cache curl && rm /x"));
    assert_eq!(run.layer, Some(Nullable::Value(1)));
    assert_eq!(image.history[1].layer, Some(Nullable::Null));
    assert_eq!(image.layers[1].history_index, Some(Nullable::Value(2)));
    assert_eq!(run.build_args[0].name, "V");
    assert_eq!(text_at(&document, run.build_args[0].loc, Some("value")), "2");
    assert_eq!(run.commands.len(), 2);
    assert_eq!(text_at(&document, run.commands[1].loc, None), "rm /x");
    let operation = &image.installs[0];
    assert_eq!((operation.manager.as_str(), operation.run), ("apk", 2));
    assert_eq!(text_at(&document, operation.packages[0].loc, None), "curl");
}

#[test]
fn files_say_which_layer_and_line_brought_them() {
    let document = read(&recipe().layout().archive());
    let image = image(&document);
    let files = &image.files;
    assert_eq!(paths(&files.setuid), ["/bin/busybox"]);
    assert_eq!(files.setuid[0].mode, "4755");
    assert_eq!((files.setuid[0].layer, files.setuid[0].history_index), (0, Nullable::Value(0)));
    assert_eq!(paths(&files.shells), ["/bin/busybox", "/bin/sh"]);
    assert_eq!(paths(&files.world_writable), ["/bin/ping", "/srv/open"]);
    assert_eq!(paths(&files.debug_tools), ["/usr/bin/curl"]);
    assert_eq!(files.debug_tools[0].history_index, Nullable::Value(2));
    let line = text_at(&document, files.debug_tools[0].loc, None);
    assert!(line.starts_with("\"RUN |1 V=2"), "{line}");
    assert_eq!(paths(&files.credentials), <[&str; 0]>::default());
    assert_eq!(paths(&files.removed_credentials), ["/root/.env"]);
    assert_eq!(files.removed_credentials[0].removed_by, Nullable::Value(1));
    let accounts: Vec<_> = files
        .accounts
        .iter()
        .map(|account| (account.name.as_str(), account.uid, account.password.as_deref()))
        .collect();
    assert_eq!(accounts, [("root", Some(0), Some("locked")), ("app", Some(0), Some("empty"))]);
    let packages: Vec<_> = image
        .packages
        .iter()
        .map(|package| (package.name.as_str(), package.version.as_str(), package.layer))
        .collect();
    // The second layer holds the whole database, and brought one package.
    assert_eq!(packages, [("curl", "8.1", 1), ("musl", "1.2.5-r10", 0)]);
    let Some(Nullable::Value(release)) = &image.os_release else { panic!("no os-release") };
    assert_eq!(release.id, Nullable::Value("alpine".into()));
    assert_eq!(release.layer, 0);
}

#[test]
fn upper_layers_hide_what_is_below() {
    let lower = Tar::default()
        .file("a/gone", 0o4755, "")
        .file("a/kept", 0o4755, "")
        .file("a/replaced", 0o4755, "")
        .file("folder/inside/deep", 0o4755, "")
        .file("opaque/below", 0o4755, "")
        .file("became/a/file", 0o4755, "")
        .file("back", 0o4755, "")
        .file("twice", 0o4755, "")
        .file("twice", 0o755, "")
        .file("whited/x", 0o4755, "");
    let middle = Tar::default()
        .file("a/.wh.gone", 0, "")
        .file("a/replaced", 0o755, "")
        .file(".wh.folder", 0, "")
        .file("opaque/above", 0o4755, "")
        .file("opaque/.wh..wh..opq", 0, "")
        .file("became", 0o644, "")
        .file(".wh.back", 0, "")
        .file("whited/.wh.x", 0, "")
        // A whiteout hides nothing of its own layer.
        .file("whited/x", 0o4711, "");
    let upper = Tar::default().file("back", 0o4755, "").folder("a", 0o755).file(
        ".wh..wh.plnk/1",
        0o644,
        "",
    );
    let recipe = Recipe::new("").layer(lower).layer(middle).layer(upper);
    let document = read(&recipe.layout().archive());
    let found: Vec<_> = image(&document)
        .files
        .setuid
        .iter()
        .map(|entry| (entry.path.as_str(), entry.layer, entry.mode.as_str()))
        .collect();
    let expected = [
        ("/a/kept", 0, "4755"),
        ("/back", 2, "4755"),
        ("/opaque/above", 1, "4755"),
        ("/whited/x", 1, "4711"),
    ];
    assert_eq!(found, expected);
}

fn saved(recipe: &Recipe, tags: &str) -> Tar {
    let config = recipe.config_json();
    let name = digest(config.as_bytes()).replace("sha256:", "");
    let mut tar = Tar::default();
    let mut layers = Vec::new();
    for (index, (bytes, _)) in recipe.layers.iter().enumerate() {
        layers.push(format!("\"{index}/layer.tar\""));
        tar = tar.file(&format!("{index}/layer.tar"), 0o644, bytes);
    }
    let layers = layers.join(",");
    let manifest = format!(r#"[{{"Config":"{name}.json","RepoTags":{tags},"Layers":[{layers}]}}]"#);
    tar.file(&format!("{name}.json"), 0o644, config).file("manifest.json", 0o644, manifest)
}

#[test]
fn docker_save_in_its_old_form() {
    let document = read(&saved(&recipe(), r#"["app:1","example.com/app:2"]"#).finish());
    let image = image(&document);
    assert_eq!(image.source_type, "docker_save");
    assert_eq!(image.name, "app:1");
    assert_eq!(image.refs[1].registry.as_deref(), Some("example.com"));
    assert_eq!((image.digest.as_ref(), image.id_kind.as_deref()), (None, Some("config")));
    assert_eq!(paths(&image.files.setuid), ["/bin/busybox"]);
    assert_eq!((image.size_kind.as_deref(), image.layers[0].size_bytes), (Some("unpacked"), None));
    let total: u64 = recipe().layers.iter().map(|(_, bytes)| bytes.len() as u64).sum();
    assert_eq!(image.size_bytes, Some(total));
    // Docker's configuration can have one, and has none.
    assert_eq!(image.config.healthcheck, Some(Nullable::Null));
    assert_eq!(image.incomplete, ["annotations", "attestations"]);
}

#[test]
fn layers_may_be_links_to_others() {
    let layer = Tar::default().file("a", 0o4755, "");
    let recipe = Recipe::new("").layer(layer.clone()).layer(layer);
    let config = recipe.config_json();
    let manifest =
        r#"[{"Config":"c.json","RepoTags":null,"Layers":["x/layer.tar","y/layer.tar"]}]"#;
    let tar = Tar::default()
        .file("x/layer.tar", 0o644, &recipe.layers[0].0)
        .link("y/layer.tar", b'2', "../x/layer.tar")
        .file("c.json", 0o644, config)
        .file("manifest.json", 0o644, manifest);
    let document = read(&tar.finish());
    assert_eq!(image(&document).files.setuid[0].layer, 1);
}

#[test]
fn docker_save_in_its_new_form_is_one_image() {
    let recipe = Recipe { docker: false, ..recipe() };
    let mut layout = recipe.layout();
    let config = digest(recipe.config_json().as_bytes()).replace(':', "/");
    let manifest =
        format!(r#"[{{"Config":"blobs/{config}","RepoTags":["app:1","app:2"],"Layers":[]}}]"#);
    layout.files.push(("manifest.json".into(), manifest.into_bytes()));
    let document = read(&layout.archive());
    let image = image(&document);
    assert_eq!(image.source_type, "docker_save");
    let names: Vec<_> = image.refs.iter().map(|name| name.raw.as_str()).collect();
    assert_eq!(names, ["docker.io/library/app:1", "app:2"]);
    assert_eq!(image.config.healthcheck, Some(Nullable::Null));
    assert!(image.digest.is_some());
}

#[test]
fn an_index_has_an_image_per_platform_and_statements() {
    let (one, two) = (recipe(), Recipe::new("").layer(Tar::default().file("x", 0o644, "")));
    let statement = br#"{"predicateType":"https://slsa.dev/provenance/v1","predicate":{"runDetails":{"builder":{"id":"https://example.com/b"}}}}"#;
    let annotated =
        r#","annotations":{"in-toto.io/predicate-type":"https://slsa.dev/provenance/v1"}"#;
    let layer = descriptor("application/vnd.in-toto+json", statement, annotated);
    let empty = descriptor("application/vnd.oci.image.config.v1+json", b"{}", "");
    let attestation = format!(r#"{{"schemaVersion":2,"config":{empty},"layers":[{layer}]}}"#);
    let about = digest(one.manifest_json().as_bytes());
    let entries = [
        one.entry(r#","platform":{"os":"linux","architecture":"amd64"}"#),
        two.entry(r#","platform":{"os":"linux","architecture":"arm","variant":"v7"}"#),
        descriptor(
            "application/vnd.oci.image.manifest.v1+json",
            attestation.as_bytes(),
            &format!(
                r#","annotations":{{"vnd.docker.reference.type":"attestation-manifest","vnd.docker.reference.digest":"{about}"}},"platform":{{"os":"unknown","architecture":"unknown"}}"#
            ),
        ),
    ];
    let inner = index(&entries);
    let media_type = "application/vnd.oci.image.index.v1+json";
    let more = r#","annotations":{"org.opencontainers.image.ref.name":"example.com/app:1"}"#;
    let outer = index(&[descriptor(media_type, inner.as_bytes(), more)]);
    let layout = Layout::new(&outer).blobs(one.blobs()).blobs(two.blobs()).blobs(vec![
        inner.clone().into(),
        attestation.into(),
        statement.to_vec(),
    ]);
    let document = read(&layout.archive());
    assert_eq!(messages(&document), <[&str; 0]>::default());
    let images = &document.facts.images;
    let names: Vec<_> = images.iter().map(|image| image.name.as_str()).collect();
    assert_eq!(names, ["example.com/app:1 (linux/amd64)", "example.com/app:1 (linux/arm/v7)"]);
    assert_eq!(images[0].index_digest, Some(Nullable::Value(digest(inner.as_bytes()))));
    let statement = &images[0].attestations[0];
    assert_eq!(statement.predicate_type.as_deref(), Some("https://slsa.dev/provenance/v1"));
    assert_eq!(statement.builder_id, Some(Nullable::Value("https://example.com/b".into())));
    assert!(images[1].attestations.is_empty());
}

#[test]
fn a_folder_is_read_like_an_archive() {
    let layout = recipe().layout();
    let files = layout.files.iter().fold(MemoryFiles::default(), |files, (path, data)| {
        files.with(format!("images/app/{path}"), data.clone())
    });
    let folder =
        Folder { files: Arc::new(files), path: "images/app".into(), file_name: String::new() };
    let from_folder = read_layout("app.tar", &folder, &ReadOptions::default()).remove(0);
    let from_archive = read(&layout.archive());
    assert_eq!(from_folder.facts, from_archive.facts);
    assert!(from_folder.problems.is_empty());
}

#[test]
fn what_is_missing_or_tampered_with_is_an_error() {
    let good = recipe().layout();
    let find = |bytes: &[u8]| {
        let path = format!("blobs/{}", digest(bytes).replace(':', "/"));
        good.files.iter().position(|(file, _)| *file == path).unwrap()
    };
    let (config, manifest) = (recipe().config_json(), recipe().manifest_json());
    let (config, manifest) = (find(config.as_bytes()), find(manifest.as_bytes()));
    let layer = find(&recipe().layers[1].0);
    for (at, said) in [
        (config, "the configuration sha256:"),
        (manifest, "the manifest sha256:"),
        (layer, "the layer sha256:"),
    ] {
        let mut layout = good.clone();
        layout.files.remove(at);
        let document = read(&layout.archive());
        assert!(errors(&document).iter().any(|error| error.starts_with(said)), "{said}");
        // Whoever judges the image without it must know that it does not know.
        let image = document.facts.images.first();
        assert_eq!(image.is_some(), at == layer);
        assert!(image.is_none_or(|image| !image.files.available));

        let mut layout = good.clone();
        layout.files[at].1.push(b' ');
        let document = read(&layout.archive());
        let found = errors(&document).join("\n");
        assert!(found.contains("its digest is sha256:") && found.contains("bytes, not"), "{found}");
        let image = document.facts.images.first();
        assert!(image.is_none_or(|image| !image.files.available));
        assert!(image.is_none_or(|image| image.incomplete.contains(&"packages".to_owned())));
    }
    // Another layer than the configuration means.
    let other = Tar::default().file("x", 0o644, "").finish();
    let mut recipe = recipe();
    recipe.layers[1].0 = other;
    let document = read(&recipe.layout().archive());
    assert!(errors(&document)[0].starts_with("the unpacked layer has the digest sha256:"));
}

#[test]
fn an_archive_of_something_else_is_no_image() {
    let document = read(&base_layer().finish());
    assert_eq!(errors(&document), ["there is no image in it"]);
    assert!(document.facts.images.is_empty());
    assert!(!errors(&read(b"")).is_empty());
}
