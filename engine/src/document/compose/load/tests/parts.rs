//! `extends` and `include`, and where their values come from.

use super::*;

#[test]
fn what_is_extended_keeps_its_place_and_says_where_it_is_used() {
    let loaded = load_files(&[
        (
            "app/compose.yaml",
            "services:\n  web:\n    extends: {file: ../lib/base.yaml, service: base}\n    tty: true\n",
        ),
        (
            "lib/base.yaml",
            "services:\n  base:\n    extends: {file: deep/root.yaml, service: root}\n    user: me\n",
        ),
        ("lib/deep/root.yaml", "services:\n  root:\n    image: x\n    user: you\n"),
    ]);
    assert_eq!(problems(&loaded), [""; 0]);
    let used = "here/app/compose.yaml:3:5 extends".to_owned();
    for (path, expected, used) in [
        ("services.web.image", "here/lib/deep/root.yaml:3:12 x", Some(&used)),
        ("services.web.user", "here/lib/base.yaml:4:11 me", Some(&used)),
        ("services.web.tty", "here/app/compose.yaml:4:10 true", None),
    ] {
        assert_eq!(places(&loaded, path), (expected.to_owned(), used.cloned()), "{path}");
    }
    let names: Vec<_> = loaded.sources.iter().map(|source| source.name()).collect();
    assert_eq!(names, ["here/app/compose.yaml", "here/lib/base.yaml", "here/lib/deep/root.yaml"]);
}

#[test]
fn services_of_the_same_file_are_extended_in_any_order() {
    let text = "services:\n  a: {extends: b}\n  b: {extends: {service: c}, user: b}\n  \
                c: {image: x, user: c}\n";
    let loaded = load_files(&[("compose.yaml", text)]);
    assert_eq!(problems(&loaded), [""; 0]);
    let paths = ["services.a.image", "services.a.user", "services.b.user", "services.c.user"];
    assert_eq!(texts(&loaded, &paths), ["x", "b", "b", "c"]);
    assert!(at(&loaded, "services.a").get("extends").is_none());
}

#[test]
fn what_cannot_be_extended_is_told_where_it_is_said() {
    let base = (
        "base.yaml",
        "services:\n  base: {image: x}\n  loop: {extends: {file: compose.yaml, service: a}}\n",
    );
    for (service, expected) in [
        ("extends: nope", "the service `a` extends `nope`, which is not defined at 2:16 nope"),
        (
            "extends: {file: base.yaml, service: bas}",
            "the service `a` extends `bas`, which is not defined in `base.yaml` at 2:43 bas",
        ),
        ("extends: a", "the service `a` extends itself at 2:16 a"),
        (
            "extends: {file: base.yaml, service: loop}",
            "services extend one another in a circle: `loop` extends `a` extends `loop` at 2:43 loop",
        ),
        ("extends: {}", "the service `a` does not say which service it extends at 2:7 extends"),
        (
            "extends: {file: base.yaml}",
            "the service `a` does not say which service it extends at 2:7 extends",
        ),
        (
            "extends: {file: nope.yaml, service: b}",
            "cannot read `nope.yaml`: there is no such file at 2:23 nope.yaml",
        ),
        (
            "extends: {file: ../base.yaml, service: b}",
            "`../base.yaml` leads out of the folder that is read at 2:23 ../base.yaml",
        ),
        (
            "extends: {file: 'https://example.com/b.git', service: b}",
            "`https://example.com/b.git` lies on another host, and nothing is fetched at 2:23 'https://example.com/b.git'",
        ),
        (
            "extends: {file: '${NOPE}/b.yaml', service: b}",
            "`${NOPE}/b.yaml` cannot be read, because its path is not known at 2:23 '${NOPE}/b.yaml'",
        ),
        (
            "extends: {file: empty.yaml, service: b}",
            "the service `a` extends a service of `empty.yaml`, which has none at 2:23 empty.yaml",
        ),
    ] {
        let text = format!("services:\n  a: {{{service}, image: own}}\n");
        let empty = ("empty.yaml", "volumes: {}\n");
        let loaded = load_files(&[("compose.yaml", &text), base, empty]);
        let found = problems(&loaded).join("\n").replace("here/compose.yaml:", "");
        // In the file that extends back, the service is written elsewhere.
        let found = found.replace("here/base.yaml:", "");
        assert_eq!(found.lines().count(), 1, "{service}: {found}");
        assert!(found.contains(expected), "{service}: {found}");
        assert_eq!(texts(&loaded, &["services.a.image"]), ["own"], "what is written is kept");
    }
}

#[test]
fn a_project_that_is_included_is_merged_and_the_own_definitions_win() {
    let loaded = load_files(&[
        (
            "compose.yaml",
            "include:\n  - lib/one.yaml\n  - path: [two.yaml, three.yaml]\n    project_directory: lib\n\
             services:\n  web: {user: own}\n",
        ),
        ("lib/one.yaml", "services:\n  web: {image: one, user: one}\nvolumes: {data: {}}\n"),
        ("two.yaml", "services:\n  db: {image: two, user: two}\n  web: {image: two}\n"),
        ("three.yaml", "services:\n  db: {user: three}\n"),
    ]);
    assert_eq!(problems(&loaded), [""; 0]);
    let first = Some("here/compose.yaml:2:5 lib/one.yaml".to_owned());
    let second = Some("here/compose.yaml:3:5 path".to_owned());
    for (path, expected, used) in [
        ("services.web.image", "here/lib/one.yaml:2:16 one", &first),
        ("services.web.user", "here/compose.yaml:6:15 own", &None),
        ("services.db.image", "here/two.yaml:2:15 two", &second),
        ("services.db.user", "here/three.yaml:2:14 three", &second),
    ] {
        assert_eq!(places(&loaded, path), (expected.to_owned(), used.clone()), "{path}");
    }
    assert!(loaded.root.get("include").is_none());
    assert!(at(&loaded, "volumes").get("data").is_some());
}

#[test]
fn an_included_project_has_its_own_variables() {
    let options = ComposeOptions {
        variables: vec![("A".to_owned(), "shell".to_owned())],
        ..ComposeOptions::default()
    };
    let loaded = load_with(
        &[
            (
                "compose.yaml",
                "include:\n  - lib/a.yaml\n  - {path: lib/b.yaml, env_file: own.env}\n\
                 services: {c: {image: '${A}-${B}-${C-none}'}}\n",
            ),
            (".env", "B=top\n"),
            ("lib/.env", "A=lib\nB=lib\nC=lib\n"),
            ("own.env", "C=own\n"),
            ("lib/a.yaml", "services: {a: {image: '${A}-${B}-${C-none}'}}\n"),
            ("lib/b.yaml", "services: {b: {image: '${A}-${B}-${C-none}'}}\n"),
        ],
        options,
    );
    assert_eq!(problems(&loaded), [""; 0]);
    let paths = ["services.a.image", "services.b.image", "services.c.image"];
    assert_eq!(texts(&loaded, &paths), ["shell-top-lib", "shell-top-own", "shell-top-none"]);
}

#[test]
fn what_cannot_be_included_is_told_where_it_is_said() {
    for (entry, expected) in [
        ("nope.yaml", "cannot read `nope.yaml`: there is no such file at 2:5 nope.yaml"),
        ("compose.yaml", "`compose.yaml` includes itself at 2:5 compose.yaml"),
        ("../x.yaml", "`../x.yaml` leads out of the folder that is read at 2:5 ../x.yaml"),
        ("/etc/x.yaml", "`/etc/x.yaml` leads out of the folder that is read at 2:5 /etc/x.yaml"),
        ("oci://x/y", "`oci://x/y` lies on another host, and nothing is fetched at 2:5 oci://x/y"),
        ("{env_file: a}", "an entry of `include` must say the path of a file at 2:5 {env_file: a}"),
        ("3", "an entry of `include` must say the path of a file at 2:5 3"),
        (
            "{path: a.yaml, env_file: nope.env}",
            "cannot read `nope.env`: there is no such file at 2:30 nope.env",
        ),
        (
            "{path: a.yaml, project_directory: ../..}",
            "`../..` leads out of the folder that is read at 2:39 ../..",
        ),
        (
            "back.yaml",
            "files include one another in a circle: `compose.yaml` includes `back.yaml` includes `compose.yaml` at here/back.yaml:1:11 compose.yaml",
        ),
    ] {
        let text = format!("include:\n  - {entry}\nservices: {{s: {{image: x}}}}\n");
        let loaded = load_files(&[
            ("compose.yaml", &text),
            ("a.yaml", "services: {a: {image: x}}\n"),
            ("back.yaml", "include: [compose.yaml]\nservices: {b: {image: x}}\n"),
        ]);
        let found = problems(&loaded).join("\n").replace("here/compose.yaml:", "");
        assert_eq!(found, format!("error: {expected}"), "{entry}");
        assert_eq!(texts(&loaded, &["services.s.image"]), ["x"], "what is written is kept");
    }
    let loaded = load_files(&[("compose.yaml", "include: a.yaml\nservices: {s: {image: x}}\n")]);
    assert!(problems(&loaded)[0].contains("`include` must be a list"), "{:?}", problems(&loaded));
}
