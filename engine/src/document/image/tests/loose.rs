//! JSON texts without what they lead to.

use plimsoll_sdk::Nullable;

use super::{errors, messages, recipe, text_at};
use crate::document::image::{has_content, is_archive, is_layout, read_json};
use crate::document::{Document, Input, ReadOptions};
use crate::source::Source;

fn read(text: &str) -> Document {
    let input = Input { source: Source::new("a.json", text), folder: None };
    read_json(&input, &ReadOptions::default()).remove(0)
}

#[test]
fn kinds_are_told_by_content() {
    let (config, manifest) = (recipe().config_json(), recipe().manifest_json());
    for text in [
        config.as_str(),
        &manifest,
        &super::index(&[recipe().entry("")]),
        HISTORY,
        r#"[{"Config":"x.json","RepoTags":["a:1"],"Layers":[]}]"#,
        r#"{"schemaVersion":1,"name":"a","tag":"b","fsLayers":[],"history":[]}"#,
    ] {
        assert!(has_content(text), "{text}");
        assert!(!read(text).facts.images.is_empty(), "{text}");
    }
    for text in [
        "",
        "{}",
        "[]",
        "schemaVersion",
        r#"{"schemaVersion":1}"#,
        r#"[{"Id":"sha256:x","RepoTags":["a"],"RootFS":{}}]"#,
        r#"{"SchemaVersion":2,"ArtifactName":"x","Results":[]}"#,
    ] {
        assert!(!has_content(text), "{text}");
    }
    assert!(is_layout(&|name| ["oci-layout", "index.json"].contains(&name)));
    assert!(!is_layout(&|name| name == "index.json"));
    assert!(is_archive(&recipe().layout().archive()[..512]));
    assert!(!is_archive(b"FROM scratch") && !is_archive(b""));
}

#[test]
fn a_manifest_alone_leaves_the_rest_unknown() {
    let document = read(&recipe().manifest_json());
    assert_eq!(messages(&document), <[&str; 0]>::default());
    let image = &document.facts.images[0];
    assert_eq!((image.layers.len(), image.size_kind.as_deref()), (2, Some("compressed")));
    assert_eq!((image.config.user.is_root, image.config.user.from.as_str()), (None, "unknown"));
    // The text may have been written anew: its digest says nothing.
    assert_eq!((&image.digest, image.os_release.as_ref()), (&None, None));
    for list in ["refs", "history", "installs", "packages", "attestations"] {
        assert!(image.incomplete.contains(&list.to_owned()), "{list}");
    }
}

#[test]
fn a_configuration_alone() {
    let config = r#"{"architecture":"amd64","os":"linux","config":{"Healthcheck":{"Test":["CMD-SHELL","x y"],
        "Interval":30000000000,"Retries":3},"Env":null},"rootfs":{"type":"layers","diff_ids":["sha256:aa"]}}"#;
    let document = read(config);
    assert_eq!(messages(&document), <[&str; 0]>::default());
    let image = &document.facts.images[0];
    let Some(Nullable::Value(check)) = &image.config.healthcheck else { panic!("no check") };
    assert_eq!((check.form.as_str(), check.test.as_slice()), ("shell", &["x y".to_owned()][..]));
    assert_eq!(check.interval_s, Some(Nullable::Value(30.0)));
    assert_eq!(
        (&check.timeout_s, &check.retries),
        (&Some(Nullable::Null), &Some(Nullable::Value(3)))
    );
    assert_eq!(image.layers[0].diff_id.as_deref(), Some("sha256:aa"));
    assert_eq!(image.config.user.is_root, Some(true));
    assert!(!image.files.available);
}

const HISTORY: &str = r#"{"Comment":"buildkit.dockerfile.v0","CreatedAt":"2026-01-02T00:00:00Z","CreatedBy":"RUN /bin/sh -c apt-get install -y gcc # buildkit","CreatedSince":"1 day ago","ID":"sha256:3b7bc1fbb1e9a3a5a4a2a5d4dd0a5e2a9b7c0e1f2a3b4c5d6e7f8a9b0c1d2e3f","Size":"1.5MB"}
{"Comment":"","CreatedAt":"2026-01-01T00:00:00Z","CreatedBy":"/bin/sh -c #(nop)  CMD [\"sh\"]","CreatedSince":"2 days ago","ID":"\u003cmissing\u003e","Size":"0B"}
"#;

#[test]
fn docker_history_is_turned_round() {
    let document = read(HISTORY);
    assert_eq!(messages(&document), <[&str; 0]>::default());
    let image = &document.facts.images[0];
    assert_eq!(image.source_type, "docker_history");
    assert!(image.image_id.as_ref().unwrap().starts_with("sha256:3b7b"));
    let instructions: Vec<_> =
        image.history.iter().map(|line| line.instruction.as_deref().unwrap()).collect();
    assert_eq!(instructions, ["CMD", "RUN"]);
    assert_eq!(
        (image.history[0].empty_layer, image.history[1].size_bytes),
        (true, Some(1_500_000))
    );
    assert_eq!(text_at(&document, image.installs[0].packages[0].loc, None), "gcc");
    assert!(!image.incomplete.contains(&"installs".to_owned()));
}

#[test]
fn the_first_form_of_manifest() {
    let old = r##"{"schemaVersion":1,"name":"app","tag":"1","architecture":"amd64","fsLayers":[
        {"blobSum":"sha256:a3ed95caeb02ffe68cdd9fd84406680ae93d633cb16422d00e8a7c22955b46d4"},
        {"blobSum":"sha256:1c8332001c9332001c9332001c9332001c9332001c9332001c9332001c933200"}],
        "history":[{"v1Compatibility":"{\"architecture\":\"amd64\",\"os\":\"linux\",\"config\":{\"User\":\"app\"},\"container_config\":{\"Cmd\":[\"/bin/sh\",\"-c\",\"#(nop)  USER app\"]},\"throwaway\":true}"},
        {"v1Compatibility":"{\"container_config\":{\"Cmd\":[\"/bin/sh\",\"-c\",\"apk add curl\"]}}"}]}"##;
    let document = read(old);
    assert_eq!(errors(&document), <[&str; 0]>::default());
    let image = &document.facts.images[0];
    assert_eq!(image.name, "app:1");
    assert_eq!(image.config.user.name, Some(Nullable::Value("app".into())));
    assert_eq!(image.history[1].instruction.as_deref(), Some("USER"));
    assert_eq!(text_at(&document, image.installs[0].packages[0].loc, None), "curl");
    assert!(image.layers[1].digest.as_ref().unwrap().starts_with("sha256:a3ed"));
}

#[test]
fn what_is_wrong_is_said_where_it_stands() {
    for (text, at) in [
        ("not JSON", "not"),
        (
            r#"{"schemaVersion":2,"manifests":[{"mediaType":"a/b","size":-1,"digest":"other:x"}]}"#,
            "-1",
        ),
        (r#"{"rootfs":{"type":"layers","diff_ids":[]},"os":1,"architecture":"x"}"#, "1"),
    ] {
        let document = read(text);
        let place = document.problems[0].place().unwrap();
        assert!(
            text.contains(place.text()) && place.text().contains(at),
            "{:?}",
            messages(&document)
        );
    }
}
