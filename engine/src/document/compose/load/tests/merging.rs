//! Several files and several documents.

use super::*;

fn merged(base: &str, over: &str) -> Loaded {
    let options = ComposeOptions {
        files: vec!["over.yaml".to_owned()],
        profiles: vec!["*".to_owned()],
        ..ComposeOptions::default()
    };
    load_with(&[("compose.yaml", base), ("over.yaml", over)], options)
}

#[test]
fn a_later_file_says_more_or_something_else() {
    let loaded = merged(
        "services:\n  a:\n    image: one\n    command: [a, b]\n    profiles: [p]\n    labels: [x=1, y=2]\n",
        "services:\n  a:\n    image: two\n    command: [c]\n    profiles: [p, q]\n    labels: {y: 3}\n  b: {image: b}\n",
    );
    assert_eq!(problems(&loaded), [""; 0]);
    let paths = ["services", "services.a.image", "services.a.command", "services.a.profiles"];
    assert_eq!(texts(&loaded, &paths), ["a b", "two", "c", "p q"]);
    assert_eq!(places(&loaded, "services.a.image").0, "here/over.yaml:3:12 two");
    assert_eq!(places(&loaded, "services.a.labels.y").0, "here/over.yaml:6:17 3");
    assert_eq!(places(&loaded, "services.a.labels.x").0, "here/compose.yaml:6:16 1");
    let labels = at(&loaded, "services.a.labels").map().unwrap();
    assert_eq!(place(&labels["x"].key), "here/compose.yaml:6:14 x");
    let service = at(&loaded, "services.a").map().unwrap();
    let keys = ["image", "command", "profiles", "labels"].map(|key| place(&service[key].key));
    assert_eq!(
        keys,
        [
            "here/over.yaml:3:5 image",
            "here/over.yaml:4:5 command",
            "here/compose.yaml:5:5 profiles",
            "here/compose.yaml:6:5 labels",
        ]
    );
}

#[test]
fn tags_reset_and_replace_what_was_said_before() {
    let base = "services:\n  a:\n    image: x\n    ports: ['80:80']\n    environment: {A: '1', B: '2'}\n    \
                networks: {n: {aliases: [one]}}\n    profiles: [p]\nnetworks: {n: {}}\n";
    let over = "services:\n  a:\n    image: !reset\n    build: .\n    ports: !override ['81:81']\n    \
                environment: {A: !reset null}\n    networks: {n: {aliases: !override [two]}}\n    \
                profiles: [q, !reset r]\n";
    let loaded = merged(base, over);
    assert_eq!(problems(&loaded), [""; 0]);
    assert!(at(&loaded, "services.a").get("image").is_none());
    assert_eq!(at(&loaded, "services.a.ports").items().len(), 1);
    let paths = ["services.a.environment", "services.a.networks.n.aliases", "services.a.profiles"];
    assert_eq!(texts(&loaded, &paths), ["B", "two", "p q"]);
}

#[test]
fn documents_of_one_file_are_merged_in_order() {
    let text = "name: one\nservices: {a: {image: x, user: x}}\n---\nservices: {a: {user: y}}\n";
    let loaded = load_files(&[("compose.yaml", text)]);
    assert_eq!(problems(&loaded), [""; 0]);
    assert_eq!(texts(&loaded, &["services.a.image", "services.a.user"]), ["x", "y"]);
    for (text, expected) in [
        ("services: {a: {image: x}}\n---\n", "4:1"),
        ("---\n# nothing\n---\nservices: {a: {image: x}}\n", "1:1 ---"),
        ("services: {a: {image: x}}\n--- ~\n", "2:1 ---"),
        ("services: {a: {image: x}}\n---\n[]\n", "3:1 []"),
    ] {
        let loaded = load_files(&[("compose.yaml", text)]);
        let found = problems(&loaded);
        let message = "error: a compose file must be a mapping at the top at here/compose.yaml:";
        assert_eq!(found.len(), 1, "{text:?} {found:?}");
        assert!(found[0].starts_with(message), "{text:?} {found:?}");
        assert!(found[0].ends_with(expected) || expected == "4:1", "{text:?} {found:?}");
        assert_eq!(texts(&loaded, &["services.a.image"]), ["x"]);
    }
}

#[test]
fn what_does_not_fit_together_is_told_with_both_places() {
    let loaded = merged(
        "services:\n  a:\n    image: x\n    cap_add: [A]\n    deploy: {replicas: 1}\n    logging: {driver: x}\n",
        "services:\n  a:\n    cap_add: B\n    deploy: [1]\n    logging: x\n",
    );
    let errors = |key: &str| {
        let problems = loaded.problems.iter();
        let found =
            problems.filter(|p| p.message.contains("overridden") && p.message.contains(key));
        found.map(|p| p.labels.iter().map(|l| place(&l.place)).collect::<Vec<_>>()).next().unwrap()
    };
    assert_eq!(errors("cap_add"), ["here/over.yaml:3:14 B", "here/compose.yaml:4:14 [A]"]);
    assert_eq!(
        errors("deploy"),
        ["here/over.yaml:4:13 [1]", "here/compose.yaml:5:13 {replicas: 1}"]
    );
    assert_eq!(errors("logging"), ["here/over.yaml:5:14 x", "here/compose.yaml:6:14 {driver: x}"]);
}

#[test]
fn an_unknown_value_is_no_mistake() {
    let loaded = merged(
        "services:\n  a: {image: x, cap_add: [A]}\n",
        "services:\n  a: {cap_add: '${CAPS}'}\n",
    );
    assert_eq!(problems(&loaded), [""; 0]);
    assert!(at(&loaded, "services.a.cap_add").is_unknown());
}

#[test]
fn keys_must_be_strings() {
    let loaded =
        load_files(&[("compose.yaml", "services:\n  80: {image: x}\n  '81': {image: y}\n")]);
    let expected = ["error: the key `80` is not a string at here/compose.yaml:2:3 80"];
    assert_eq!(problems(&loaded), expected);
    assert_eq!(texts(&loaded, &["services"]), ["80 81"]);
}

#[test]
fn an_obsolete_version_is_a_warning() {
    let loaded = load_files(&[("compose.yaml", "version: '3'\nservices: {a: {image: x}}\n")]);
    let expected =
        ["warning: `version` is obsolete and means nothing at here/compose.yaml:1:1 version"];
    assert_eq!(problems(&loaded), expected);
    assert!(loaded.root.get("version").is_none());
}

#[test]
fn a_file_that_says_nothing_is_no_project() {
    for text in ["", "# nothing\n"] {
        let loaded = load_files(&[("compose.yaml", text)]);
        assert_eq!(
            problems(&loaded),
            ["error: the compose file is empty at here/compose.yaml:1:1 "]
        );
    }
    let loaded = load_files(&[("compose.yaml", "services: [\n")]);
    assert_eq!(problems(&loaded).len(), 1, "{:?}", problems(&loaded));
}
