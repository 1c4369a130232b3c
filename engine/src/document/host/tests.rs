use serde_json::{Value, json};

use super::*;
use crate::diagnostic::Level;
use crate::document::{FORMATS, detect_content};

fn document(text: &str) -> Document {
    let input = Input { source: Source::new("host.json", text), folder: None };
    read(&input, &ReadOptions::default()).remove(0)
}

fn facts(document: &Document) -> Value {
    serde_json::to_value(&document.facts.host).unwrap()
}

fn messages(document: &Document, level: Level) -> Vec<&str> {
    let problems = document.problems.iter().filter(|problem| problem.level == level);
    problems.map(|problem| problem.message.as_str()).collect()
}

/// Everything that the format has, set.
fn description() -> Description {
    let text = |text: &str| Some(text.to_owned());
    Description {
        plimsoll_host: VERSION.into(),
        hostname: text("build-1"),
        os_release: Some(OsRelease {
            id: text("ubuntu"),
            id_like: vec!["debian".into()],
            variant_id: text("server"),
            version_id: text("24.04"),
            version_codename: text("noble"),
            pretty_name: text("Ubuntu 24.04.3 LTS"),
        }),
        kernel: text("6.8.0-49-generic"),
        lsm: Some(vec!["lockdown".into(), "apparmor".into()]),
        rootless: Some(false),
        data_root: text("/srv/docker/"),
        docker_group: text("docker"),
        files: Some(vec![File {
            path: "/var/run/docker.sock".into(),
            role: text("docker_api_socket"),
            exists: true,
            resolved: text("/run/docker.sock"),
            kind: text("socket"),
            mode: text("660"),
            uid: Some(0),
            gid: Some(999),
            owner: text("root"),
            group: text("docker"),
        }]),
        groups: Some(vec![Group {
            name: "docker".into(),
            gid: Some(999),
            members: vec!["deploy".into(), "ci".into()],
        }]),
        audit_rules: Some(vec![AuditRule {
            rule: "-w /var/run/docker.sock -p wa -k docker".into(),
            resolved: text("/run/docker.sock"),
            file: text("/etc/audit/rules.d/docker.rules"),
        }]),
        mounts: Some(vec![Mount {
            target: "/srv/docker".into(),
            source: text("/dev/mapper/data"),
            device: text("253:1"),
            fstype: text("ext4"),
            options: Some(vec!["rw".into(), "nodev".into()]),
            encrypted: Some(true),
        }]),
        incomplete: vec!["files".into()],
    }
}

/// Names that the schema gives to the fields of a type.
fn fields(schema: &Value) -> Vec<&str> {
    schema["properties"].as_object().unwrap().keys().map(String::as_str).collect()
}

#[test]
fn everything_that_is_written_is_read() {
    let text = serde_json::to_string_pretty(&description()).unwrap();
    let document = document(&text);
    assert_eq!(document.problems.len(), 0, "{:?}", document.problems);
    assert_eq!((document.kind, &*document.name), ("host", "host.json"));
    insta::assert_json_snapshot!(document.facts.host);
    let host = document.facts.host.as_ref().unwrap();
    let text = |loc, field: Option<&str>, item| {
        let place = plimsoll_sdk::finding::RawPlace { loc, field: field.map(Into::into), item };
        document.places.resolve(&place).unwrap().text().to_owned()
    };
    for (loc, field, item, want) in [
        (host.loc, None, None, "\"build-1\""),
        (host.loc, Some("os"), None, "\"Ubuntu 24.04.3 LTS\""),
        (host.loc, Some("os_version"), None, "\"24.04\""),
        (host.loc, Some("kernel_version"), None, "\"6.8.0-49-generic\""),
        (host.loc, Some("data_root"), None, "\"/srv/docker/\""),
        (host.loc, Some("lsm"), Some(1), "\"apparmor\""),
        (host.files[0].loc, None, None, "\"path\": \"/var/run/docker.sock\""),
        (host.files[0].loc, Some("mode"), None, "\"660\""),
        (host.files[0].loc, Some("uid"), None, "0"),
        (host.groups[0].loc, Some("members"), Some(1), "\"ci\""),
        (
            host.audit_rules[0].loc,
            Some("path"),
            None,
            "\"rule\": \"-w /var/run/docker.sock -p wa -k docker\"",
        ),
        (host.audit_rules[0].loc, Some("raw"), None, "\"-w /var/run/docker.sock -p wa -k docker\""),
        (host.mounts[0].loc, Some("encrypted"), None, "true"),
        (host.os_release.loc, Some("id"), None, "\"ubuntu\""),
    ] {
        assert_eq!(text(loc, field, item), want, "{field:?}");
    }
}

#[test]
fn the_schema_has_the_keys_that_are_read() {
    let schema = schema();
    assert_eq!(fields(&schema), lower::KEYS[0].1);
    for (name, keys) in &lower::KEYS[1..] {
        assert_eq!(fields(&schema["$defs"][name]), *keys, "{name}");
    }
}

#[test]
fn what_is_left_out_is_unknown() {
    let document = document(r#"{"plimsoll_host": "0"}"#);
    assert_eq!(document.problems.len(), 0, "{:?}", document.problems);
    let host = facts(&document);
    for field in ["os", "os_version", "kernel_version", "rootless", "data_root", "docker_group"] {
        assert!(host.get(field).is_none(), "{field}");
    }
    assert_eq!(host["name"], "host");
    assert_eq!(host["incomplete"], json!(["lsm", "files", "groups", "audit_rules", "mounts"]));
    let text = r#"{"plimsoll_host": "0", "files": [], "groups": [{"name": "docker"}], "os_release": {},
        "incomplete": ["groups"]}"#;
    let known = facts(&tests::document(text));
    assert_eq!(known["incomplete"], json!(["lsm", "audit_rules", "mounts", "groups"]));
    assert_eq!(known["groups"][0]["incomplete"], json!(["members"]));
    // The default of `PRETTY_NAME`.
    assert_eq!((&known["os"], known.get("os_version")), (&json!("Linux"), None));
    assert_eq!(known["os_release"]["version_id"], Value::Null);
}

#[test]
fn what_is_wrong_is_told() {
    for (text, level, want) in [
        (
            r#"{"plimsoll_host": "1"}"#,
            Level::Error,
            "this is version `1` of the format, and only `0` is read",
        ),
        (r#"{"plimsoll_host": 0}"#, Level::Error, "a string is expected here, the version `0`"),
        (
            "[]",
            Level::Error,
            "this describes no host: it is no object with the key `plimsoll_host`",
        ),
        (
            r#"{"plimsoll_host": "0", "file": []}"#,
            Level::Warning,
            "the format has no key `file` here",
        ),
        (
            r#"{"plimsoll_host": "0", "files": {}}"#,
            Level::Error,
            "a list is expected here, not a mapping",
        ),
        (
            r#"{"plimsoll_host": "0", "files": [1]}"#,
            Level::Error,
            "an object is expected here, not a number",
        ),
        (r#"{"plimsoll_host": "0", "files": [{}]}"#, Level::Error, "this has no `path`"),
        (
            r#"{"plimsoll_host": "0", "files": [{"path": "x"}]}"#,
            Level::Error,
            "`x` is no absolute path",
        ),
        (
            r#"{"plimsoll_host": "0", "files": [{"path": "/x", "mode": "rwx"}]}"#,
            Level::Error,
            "`rwx` is no mode, such as `0644`",
        ),
        (
            r#"{"plimsoll_host": "0", "files": [{"path": "/x", "mode": "64"}]}"#,
            Level::Error,
            "`64` is no mode, such as `0644`",
        ),
        (
            r#"{"plimsoll_host": "0", "files": [{"path": "/x", "uid": -1}]}"#,
            Level::Error,
            "-1 is no number of a user or a group",
        ),
        (r#"{"plimsoll_host": "0", "incomplete": ["x"]}"#, Level::Error, "there is no list `x`"),
        (
            r#"{"plimsoll_host": "0", "os_release": 1}"#,
            Level::Error,
            "an object is expected here, not a number",
        ),
    ] {
        assert_eq!(messages(&document(text), level), [want], "{text}");
    }
    // An item that says nothing leaves its list unknown in part.
    let host =
        facts(&document(r#"{"plimsoll_host": "0", "files": [{}], "mounts": [{"target": "/"}]}"#));
    assert_eq!(host["files"], json!([]));
    assert_eq!(host["incomplete"], json!(["lsm", "files", "groups", "audit_rules"]));
}

#[test]
fn texts_are_recognised_by_the_key() {
    let whole = serde_json::to_string(&description()).unwrap();
    let cut = &whole[..whole.len() / 2];
    for text in [&whole, cut, "{\"a\": 1, \"plimsoll_host\": \"0\"}", "\n{ \"plimsoll_host\""] {
        let format = detect_content(text).map(|format| format.name);
        assert_eq!(format, Some("host"), "{text}");
        assert!(FORMATS.iter().filter(|format| (format.has_content)(text)).count() == 1);
    }
    for text in [
        "",
        "{}",
        "[{\"plimsoll_host\": \"0\"}]",
        "{\"a\": \"\\\"plimsoll_host\\\"\"}",
        "{\"a\": {\"plimsoll_host\": 1}}",
    ] {
        assert!(!has_content(text), "{text}");
    }
    assert!(!document(cut).problems.is_empty() && document(cut).facts.host.is_none());
}

/// A small generator of numbers (Knuth's MMIX): the same cases on every machine.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap_or_default() % limit.max(1)
    }
}

/// Replaces some of the values.
fn change(value: &mut Value, random: &mut Random) {
    let values = [
        json!(null),
        json!(true),
        json!(-1),
        json!(u64::MAX),
        json!(1.5),
        json!(""),
        json!("/"),
        json!("-w"),
        json!("\u{e9}\u{1f980}\u{0}"),
        json!([]),
        json!([null, 1, "a", [[]], {}]),
        json!({"": {"": ""}, "path": "/../..", "name": "", "rule": "-a always,exit -F path=/"}),
    ];
    if random.below(12) == 0 {
        *value = values[random.below(values.len())].clone();
        return;
    }
    match value {
        Value::Object(map) => map
            .iter_mut()
            .filter(|(key, _)| *key != MARK)
            .for_each(|(_, value)| change(value, random)),
        Value::Array(items) => items.iter_mut().for_each(|value| change(value, random)),
        _ => {}
    }
}

fn locs(value: &Value, found: &mut Vec<u32>) {
    match value {
        Value::Object(map) => {
            let loc = map.get("loc").and_then(Value::as_u64);
            found.extend(loc.and_then(|loc| u32::try_from(loc).ok()));
            map.values().for_each(|value| locs(value, found));
        }
        Value::Array(items) => items.iter().for_each(|value| locs(value, found)),
        _ => {}
    }
}

#[test]
fn everything_has_a_place_whatever_is_written() {
    let all = serde_json::to_value(description()).unwrap();
    let mut random = Random(1);
    let mut read = 0;
    for _ in 0..1000 {
        let mut changed = all.clone();
        change(&mut changed, &mut random);
        if !changed.is_object() {
            continue;
        }
        let document = document(&changed.to_string());
        let text = document.sources[0].text();
        let mut found = Vec::new();
        locs(&facts(&document), &mut found);
        for &loc in &found {
            let place = document.places.place(plimsoll_sdk::Loc(loc)).unwrap();
            assert!(text.get(place.span.range()).is_some_and(|it| !it.is_empty()), "{text}");
        }
        let count = found.len();
        found.sort_unstable();
        found.dedup();
        assert_eq!(found.len(), count, "a handle is given once: {text}");
        read += count;
    }
    assert!(read > 3000, "{read}");
}

#[test]
fn problems_are_counted() {
    let objects: Vec<Value> = (0..1000).map(|_| json!({})).collect();
    let document = document(&json!({"plimsoll_host": "0", "files": objects}).to_string());
    let errors = messages(&document, Level::Error);
    assert_eq!((errors.len(), errors[50]), (51, "950 further problems are not shown"));
}
