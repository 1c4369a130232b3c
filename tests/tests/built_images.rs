//! What the default bundle says of an image whose layers were read. The pages of the rules cannot
//! show that: their documents are texts.

use plimsoll_engine::Engine;
use plimsoll_engine::document::{ReadOptions, image};
use plimsoll_engine::report::Report;
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

fn check(archive: &[u8]) -> Report {
    let engine = Engine::builder().bundle(checklist()).now("2026-11-22T00:00:00Z").build();
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
