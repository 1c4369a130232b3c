//! What the default bundle says of an image whose layers were read. The pages of the rules cannot
//! show that: their documents are texts.

use plimsoll_engine::config;
use plimsoll_engine::document::{ReadOptions, image};
use plimsoll_engine::report::Report;
use plimsoll_engine::source::Source;
use plimsoll_engine::{Engine, EngineBuilder};
use plimsoll_tests::{checklist, generated_images};

/// A database of apk with these packages.
fn installed(names: &[&str]) -> String {
    names.iter().map(|name| format!("P:{name}\nV:1.0-r0\nA:x86_64\n\n")).collect()
}

/// An image with a system, some packages and credentials, one of which a later layer deletes.
fn archive(id: &str, packages: &[&str], credentials: bool) -> Vec<u8> {
    let database = installed(packages);
    let release = format!("ID={id}\nVERSION_ID=3.22\n");
    let mut lower =
        vec![("etc/os-release", release.as_str()), ("lib/apk/db/installed", database.as_str())];
    let mut upper = vec![("app/server", "program")];
    if credentials {
        lower.extend([("root/.npmrc", "x"), ("app/server.key", "x"), ("app/public.key", "x")]);
        upper.push(("root/.wh..npmrc", ""));
    }
    let layer = |files: Vec<(&'static str, &str)>| {
        generated_images::files(files.iter().map(|(path, text)| (*path, text.as_bytes())))
    };
    let (lower, upper) = (layer(lower.clone()), layer(upper));
    let config = r#"{"os":"linux","architecture":"amd64","config":{"User":"10001"},
        "history":[{"created_by":"ADD rootfs.tar.gz / # buildkit"},
        {"created_by":"RUN /bin/sh -c apk add --no-cache curl # buildkit"}],
        "rootfs":{"type":"layers","diff_ids":null}}"#;
    let manifest = r#"[{"Config":"config.json","RepoTags":["acme/shop:1.4"],
        "Layers":["0/layer.tar","1/layer.tar"]}]"#;
    generated_images::files([
        ("0/layer.tar", lower.as_slice()),
        ("1/layer.tar", upper.as_slice()),
        ("config.json", config.as_bytes()),
        ("manifest.json", manifest.as_bytes()),
    ])
}

/// An image of these layers, with files of paths, permission bits and texts, that runs as a user.
fn layers(user: &str, layers: &[&[(&str, u32, &str)]]) -> Vec<u8> {
    let config = serde_json::json!({
        "os": "linux", "architecture": "amd64", "config": {"User": user},
        "history": layers.iter().map(|_| serde_json::json!({"created_by": "x"})).collect::<Vec<_>>(),
        "rootfs": {"type": "layers", "diff_ids": null},
    });
    let paths: Vec<String> = (0..layers.len()).map(|at| format!("{at}/layer.tar")).collect();
    let manifest = serde_json::json!([
        {"Config": "config.json", "RepoTags": ["acme/shop:1.4"], "Layers": paths}
    ]);
    let layer = |files: &&[(&str, u32, &str)]| {
        let files = files.iter().map(|(path, mode, text)| (*path, *mode, text.as_bytes()));
        generated_images::files_of_modes(files)
    };
    let (config, manifest) = (config.to_string(), manifest.to_string());
    let layers: Vec<Vec<u8>> = layers.iter().map(layer).collect();
    let named = paths.iter().map(String::as_str).zip(layers.iter().map(Vec::as_slice));
    let meta = [("config.json", config.as_bytes()), ("manifest.json", manifest.as_bytes())];
    generated_images::files(named.chain(meta))
}

/// The default bundle with this configuration.
fn check_with(archive: &[u8], settings: &str) -> Report {
    let settings = config::parse(&Source::new("plimsoll.yaml", settings)).expect("settings");
    judge(archive, Engine::builder().settings(settings))
}

fn check(archive: &[u8]) -> Report {
    judge(archive, Engine::builder())
}

fn judge(archive: &[u8], engine: EngineBuilder) -> Report {
    let engine = engine.bundle(checklist()).now("2026-11-22T00:00:00Z").build();
    let mut stream = archive;
    let documents = image::read_archive("shop.tar", &mut stream, &ReadOptions::default());
    engine.expect("an engine").check(documents)
}

/// What a rule finds, and otherwise its verdict.
fn says(report: &Report, rule: &str) -> Vec<String> {
    let findings = report.decisions.iter().map(|decision| &decision.finding);
    let found: Vec<String> = findings
        .filter(|finding| finding.rule.id == rule)
        .map(|finding| finding.message.clone())
        .collect();
    if !found.is_empty() {
        return found;
    }
    let rows = report.outcomes.iter().filter(|row| report.rules[row.rule].meta.id == rule);
    rows.map(|row| format!("{:?} {}", row.outcome, row.reason).trim_end().to_owned()).collect()
}

#[test]
fn packages_count_that_the_history_does_not_name() {
    let report = check(&archive("alpine", &["musl", "curl", "gcc", "make", "nano"], false));
    assert_eq!(
        says(&report, "image/unneeded-tools"),
        ["image `acme/shop:1.4` ships `nano`", "`curl` is installed in the final image"]
    );
    assert_eq!(says(&report, "image/build-tools"), ["image `acme/shop:1.4` ships `gcc`, `make`"]);
}

#[test]
fn credentials_count_that_a_later_layer_deletes() {
    let report = check(&archive("alpine", &["musl"], true));
    assert_eq!(
        says(&report, "secret/copied-file"),
        [
            "`/app/server.key` is in the image, and holds credentials by its name",
            "`/root/.npmrc` is in a layer of the image though a later one deletes it, and holds \
             credentials by its name",
        ]
    );
    let report = check(&archive("alpine", &["musl"], false));
    assert_eq!(says(&report, "secret/copied-file"), ["Pass"]);
}

#[test]
fn a_system_tells_what_an_image_is_built_on_that_does_not_name_it() {
    assert_eq!(says(&check(&archive("alpine", &[], false)), "image/bulky-base"), ["Pass"]);
    assert_eq!(
        says(&check(&archive("debian", &[], false)), "image/bulky-base"),
        ["Unknown nothing says what it is built on"]
    );
}

#[test]
fn programs_that_run_as_their_owner_are_those_of_the_last_layer() {
    let lower: &[(&str, u32, &str)] = &[
        ("usr/bin/passwd", 0o4755, "x"),
        ("usr/bin/wall", 0o2755, "x"),
        ("usr/bin/su", 0o6755, "x"),
        ("usr/bin/chsh", 0o4755, "x"),
        ("usr/bin/mount", 0o4755, "x"),
        ("usr/bin/env", 0o755, "x"),
    ];
    // One is stripped, one is deleted, and one is new.
    let upper: &[(&str, u32, &str)] = &[
        ("usr/bin/chsh", 0o755, "x"),
        ("usr/bin/.wh.mount", 0o644, ""),
        ("opt/tool", 0o4711, "x"),
    ];
    let report = check(&layers("10001", &[lower, upper]));
    assert_eq!(
        says(&report, "image/setuid-file"),
        [
            "`/usr/bin/passwd` runs as its owner, whoever starts it",
            "`/usr/bin/su` runs as its owner, whoever starts it",
            "`/usr/bin/wall` runs as its group, whoever starts it",
            "`/opt/tool` runs as its owner, whoever starts it",
        ]
    );
    let report = check(&layers("10001", &[&lower[5..], &upper[..2]]));
    assert_eq!(says(&report, "image/setuid-file"), ["Pass"]);
}

#[test]
fn shells_of_layers_count_where_there_must_be_none() {
    let forbidden = "rules: {image/debug-variant: {enabled: true, params: {forbid_shell: true}}}\n";
    let shell: &[(&str, u32, &str)] = &[("busybox/sh", 0o755, "x"), ("app/sh", 0o755, "x")];
    let says_of = |layers_of: &[&[(&str, u32, &str)]]| {
        says(&check_with(&layers("10001", layers_of), forbidden), "image/debug-variant")
    };
    assert_eq!(says_of(&[shell]), ["image `acme/shop:1.4` has a shell, `/busybox/sh`"]);
    let deleted: &[(&str, u32, &str)] = &[("busybox/.wh.sh", 0o644, "")];
    assert_eq!(says_of(&[shell, deleted]), ["Unknown nothing says what it is built on"]);
}

#[test]
fn accounts_of_layers_give_a_user_its_number() {
    let accounts = "root:x:0:0:root:/root:/bin/sh\napp:x:199:199::/:/sbin/nologin\n";
    let passwd: &[(&str, u32, &str)] = &[("etc/passwd", 0o644, accounts)];
    let low = "rules: {image/low-uid: {enabled: true}}\n";
    let report = check_with(&layers("app", &[passwd]), low);
    assert_eq!(
        says(&report, "image/low-uid"),
        ["image `acme/shop:1.4` runs as `app`, whose id 199 is below 10000"]
    );
    // A later layer makes another of it.
    let later = "root:x:0:0:root:/root:/bin/sh\napp:x:0:0::/:/sbin/nologin\n";
    let over: &[(&str, u32, &str)] = &[("etc/passwd", 0o644, later)];
    let report = check_with(&layers("app", &[passwd, over]), low);
    let root = says(&report, "image/root-user");
    assert_eq!(root.len(), 1, "{root:?}");
    assert!(root[0].contains("runs as root"), "{root:?}");
    let report = check_with(&layers("app", &[]), low);
    assert_eq!(says(&report, "image/low-uid"), ["Unknown the id of its user is not known"]);
}
