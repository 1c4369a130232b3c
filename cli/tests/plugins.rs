//! Plugins of a configuration as a user meets them.
#![allow(clippy::unwrap_used)] // Clippy does not see that all of it belongs to tests.

#[path = "../../engine/src/evaluate/wasm/tests/guest.rs"]
#[allow(dead_code)]
mod guest;
mod support;

use std::path::{Path, PathBuf};

use guest::{Finding, Guest};
use support::{Project, ROOT, Run};

const RULES: &str = r#"[{
    "id": "zoo/image/labels", "title": "Label is missing", "description": "Looks for the label.",
    "severity": "high", "kinds": ["dockerfile"], "subjects": ["image"], "profiles": ["baseline"],
    "remedy": "Add the label.", "cis": ["4.6"],
    "params": {"name": {"type": "string", "default": "team", "description": "The label."}}
}, {
    "id": "zoo/image/extra", "title": "Something else", "description": "Looks for something else.",
    "severity": "low", "kinds": ["dockerfile"], "subjects": ["image"], "profiles": ["strict"],
    "remedy": "Mend it."
}]"#;

/// A plugin whose rules find something at this place.
fn zoo(loc: u32) -> Vec<u8> {
    let description = format!(r#"{{"name":"zoo","version":"1.0.0","facts":"0","rules":{RULES}}}"#);
    let found = [Finding { loc, message: b"the label is missing", ..Finding::default() }];
    // The letter that a guest looks at is the first one after `zoo/i`.
    Guest::new(&description).finds('a', &found).build()
}

/// The `loc` of the only image in the facts.
fn image(project: &Project) -> u32 {
    let run = project.run(&["facts", "Dockerfile", "--no-config"]);
    let at = run.stdout.find("\"images\"").expect("images");
    let loc = run.stdout[at..].split("\"loc\":").nth(1).expect("a loc");
    loc.split([',', '\n', '}']).next().and_then(|text| text.trim().parse().ok()).expect("a number")
}

fn project(name: &str, settings: &str) -> Project {
    let project = Project::bare(name).file("Dockerfile", ROOT);
    let bytes = zoo(image(&project));
    project.file("plugins/zoo.wasm", bytes).file("plimsoll.yaml", settings)
}

const PLAIN: &str = "extends: []\nplugins: [plugins/zoo.wasm]\n";

fn run(project: &Project, cache: &Path, args: &[&str]) -> Run {
    let mut command = project.command(args);
    command.env("XDG_CACHE_HOME", cache).env("HOME", cache);
    support::finish(command, "")
}

/// A cache folder beside the project: within it, a check would look at the files that come and go there.
fn cache(project: &str) -> PathBuf {
    let folder = Project::bare(&format!("{project}-cache")).path("cache");
    std::fs::create_dir_all(&folder).unwrap();
    #[cfg(unix)]
    {
        // Whatever the umask of whoever runs the tests.
        use std::os::unix::fs::PermissionsExt;
        std::fs::set_permissions(&folder, std::fs::Permissions::from_mode(0o700)).unwrap();
    }
    folder
}

#[test]
fn rules_of_a_plugin_are_checked_listed_and_shown() {
    let project = project("plugin-rules", PLAIN)
        .file("plugins/rules/image/labels.md", "# Label is missing\n\nNobody knows whose it is.\n");
    let cache = cache("plugin-rules");
    let shown = |args: &[&str]| run(&project, &cache, args).shown();
    insta::assert_snapshot!("a_finding_of_a_plugin", shown(&["check"]));
    insta::assert_snapshot!("rules_of_a_plugin", shown(&["rules", "--all"]));
    insta::assert_snapshot!("a_rule_of_a_plugin", shown(&["rules", "zoo/image/labels"]));
    let only = run(&project, &cache, &["check", "--rule", "zoo/image/extra"]);
    assert!(only.stdout.contains("zoo/image/extra"), "{}", only.shown());
    assert!(!only.stdout.contains("zoo/image/labels"), "{}", only.shown());
}

#[test]
fn what_is_wrong_with_plugins_points_at_their_names() {
    let settings = "extends: []\nplugins:\n  - plugins/zoo.wasm\n  - nowhere.wasm\n  - plugins\n  \
        - text.wasm\n  - path: copy.wasm\n    digest: \
        sha256:0000000000000000000000000000000000000000000000000000000000000000\n\
        rules:\n  zoo/image/labels: {params: {nam: x}}\n  zoo/image/label: off\n";
    let project = project("plugin-problems", settings).file("text.wasm", "hello");
    let project = project.file("copy.wasm", "\0asm\x0d\0\x01\0");
    let cache = cache("plugin-problems");
    insta::assert_snapshot!(run(&project, &cache, &["check"]).shown());
    let project = project
        .file("copy.wasm", zoo(1))
        .file("plimsoll.yaml", "extends: []\nplugins: [plugins/zoo.wasm, copy.wasm]\n");
    insta::assert_snapshot!("two_of_one_name", run(&project, &cache, &["check"]).shown());
}

#[cfg(unix)]
#[test]
fn compiled_code_is_kept_and_made_again_when_it_is_not_what_it_was() {
    let project = project("plugin-cache", PLAIN);
    let cache = cache("plugin-cache");
    let first = run(&project, &cache, &["check", "--no-cache"]);
    assert!(first.stdout.contains("the label is missing"), "{}", first.shown());
    assert_eq!(std::fs::read_dir(&cache).unwrap().count(), 0);
    // Every run says the same, whatever there is in the cache.
    let again = || {
        let run = run(&project, &cache, &["check"]);
        assert_eq!(run.shown(), first.shown());
        code(&cache)
    };
    let (path, bytes) = again();
    let written = || std::fs::metadata(&path).unwrap().modified().unwrap();
    let before = written();
    assert_eq!(again().1.len(), bytes.len());
    assert_eq!(written(), before, "it was taken from the cache");
    let mut damaged = bytes.clone();
    let middle = damaged.len() / 2;
    damaged[middle] ^= 0xff;
    std::fs::write(&path, &damaged).unwrap();
    assert_ne!(again().1, damaged);
    // A folder that others may write to is left alone.
    use std::os::unix::fs::PermissionsExt;
    let open = std::fs::Permissions::from_mode(0o777);
    std::fs::set_permissions(cache.join("plimsoll"), open).unwrap();
    std::fs::write(&path, &damaged).unwrap();
    assert_eq!(again().1, damaged);
}

/// The only file with code, and what is in it.
fn code(cache: &Path) -> (PathBuf, Vec<u8>) {
    let mut found = std::fs::read_dir(cache.join("plimsoll/plugins")).unwrap();
    let path = found.next().unwrap().unwrap().path();
    assert_eq!(found.count(), 0);
    let bytes = std::fs::read(&path).unwrap();
    (path, bytes)
}
