//! Where facts stand, over several files; and the Dockerfiles of services.

use std::sync::Arc;

use plimsoll_sdk::facts::Facts;
use plimsoll_sdk::finding::RawPlace;

use super::{at, check_locs, json, read, text_at};
use crate::document::{ComposeOptions, Document};

/// An object below the container, a field and an item of it; where it is written, and used.
type Case = (&'static str, Option<&'static str>, Option<u32>, &'static str, Option<&'static str>);

fn project() -> Document {
    let files = [
        (
            "deploy/compose.yaml",
            "x-common: &common\n  cap_add: [SYS_ADMIN]\n\
             services:\n  web:\n    extends: {file: base.yaml, service: base}\n    \
             <<: *common\n    image: \"nginx:1.27\"\n    user: root\n    volumes:\n    \
             - /etc:/host:ro\n    env_file: e.env\n    ports: [\"127.0.0.1:80:8080\"]\n",
        ),
        (
            "deploy/base.yaml",
            "services:\n  base:\n    image: x\n    privileged: true\n    \
             security_opt: [\"seccomp:unconfined\"]\n",
        ),
        ("deploy/override.yaml", "x-more: 1\nservices:\n  web:\n    read_only: true\n"),
        ("deploy/e.env", "PASSWORD=hunter22\n"),
    ];
    let options =
        ComposeOptions { files: vec!["deploy/override.yaml".into()], ..Default::default() };
    read(&files, options)
}

#[test]
fn every_value_knows_where_it_is_written_and_used() {
    let document = project();
    check_locs(&document);
    let cases: &[Case] = &[
        ("", None, None, "compose.yaml: web", None),
        ("", Some("init"), None, "compose.yaml: web", None),
        ("", Some("read_only"), None, "override.yaml: true", None),
        ("", Some("privileged"), None, "base.yaml: true", Some("compose.yaml: extends")),
        ("/image", Some("tag"), None, "compose.yaml: 1.27", None),
        ("/user", None, None, "compose.yaml: root", None),
        ("/capabilities", Some("add"), Some(0), "compose.yaml: SYS_ADMIN", Some("*common")),
        (
            "/security_opt",
            Some("seccomp"),
            None,
            "base.yaml: \"seccomp:unconfined\"",
            Some("compose.yaml: extends"),
        ),
        ("/mounts/0", Some("host_path"), None, "compose.yaml: /etc", None),
        ("/mounts/0", Some("read_only"), None, "compose.yaml: ro", None),
        ("/ports/0", Some("published"), None, "compose.yaml: 80", None),
        ("/environment/0", Some("value"), None, "e.env: hunter22", Some("compose.yaml: e.env")),
        ("/resources/limits", Some("memory_bytes"), None, "compose.yaml: web", None),
        ("/namespaces/pid", None, None, "compose.yaml: web", None),
    ];
    for (pointer, field, item, written, used) in cases {
        let (found, used_at) =
            text_at(&document, &format!("/containers/0{pointer}"), *field, *item);
        assert_eq!(found, format!("deploy/{written}"), "{pointer} {field:?}");
        match used {
            None => assert_eq!(used_at, None, "{pointer} {field:?}"),
            Some(used) => {
                let used_at = used_at.unwrap_or_else(|| panic!("{pointer} {field:?} is not used"));
                assert!(used_at.ends_with(used), "{pointer} {field:?}: {used_at}");
            }
        }
    }
}

#[test]
fn what_is_included_is_used_where_it_is_included() {
    let files = [
        ("compose.yaml", "include: [sub/more.yaml]\nservices: {a: {image: x}}\n"),
        ("sub/more.yaml", "services: {b: {image: y, build: ./c, privileged: true}}\n"),
        ("sub/c/Dockerfile", "FROM scratch\n"),
    ];
    let document = read(&files, ComposeOptions::default());
    let facts = json(&document);
    let b = if at(&facts, "/containers/0/name") == "b" { 0 } else { 1 };
    let pointer = format!("/containers/{b}");
    let written = |field: Option<&str>| text_at(&document, &pointer, field, None);
    let used = || Some("compose.yaml: sub/more.yaml".to_owned());
    assert_eq!(written(None), ("sub/more.yaml: b".into(), used()));
    assert_eq!(written(Some("privileged")), ("sub/more.yaml: true".into(), used()));
    assert_eq!(document.builds[0].document.name.as_ref(), "sub/c/Dockerfile");
    assert_eq!(at(&facts, &format!("{pointer}/image/build/context")), "sub/c");
}

#[test]
fn what_stands_outside_of_services_is_the_projects() {
    let document = project();
    let project = document.facts.project.as_ref().unwrap();
    let container = document.facts.containers[0].loc;
    let owner = |file: usize, text: &str| {
        let source = &document.sources[file];
        let offset = u32::try_from(source.text().find(text).unwrap()).unwrap();
        let mut at = document.places.before(source, offset);
        while let Some(loc) = at {
            if loc == project.loc || loc == container {
                return Some(loc);
            }
            at = document.places.parent(loc);
        }
        None
    };
    let number = |name: &str| {
        document.sources.iter().position(|source| source.name().ends_with(name)).unwrap()
    };
    assert_eq!(owner(0, "/etc:/host"), Some(container));
    assert_eq!(owner(0, "x-common"), Some(project.loc));
    assert_eq!(owner(number("override.yaml"), "x-more"), Some(project.loc));
    assert_eq!(owner(number("override.yaml"), "true"), Some(container));
    assert_eq!(owner(number("e.env"), "hunter22"), Some(container));
    assert_eq!(project.files.len(), 3, "{:?}", project.files);
}

#[test]
fn dockerfiles_are_read_as_the_service_builds_them() {
    let files = [
        (
            "deploy/compose.yaml",
            "services:\n  \
             a: {build: {context: ../app, target: dev, args: {V: '3', U: '${NONE}'}}}\n  \
             b: {build: {context: ., dockerfile_inline: \"FROM scratch\\nUSER 5\"}}\n  \
             c: {build: ./gone}\n  \
             d: {build: ../../outside}\n  \
             e: {build: 'https://host/x.git'}\n  \
             f: {build: '${DIR}'}\n",
        ),
        (
            "app/Dockerfile",
            "ARG V=1\nARG U=2\nFROM alpine:$V AS dev\nUSER app\nFROM alpine:$U\nUSER root\n",
        ),
    ];
    let document = read(&files, ComposeOptions::default());
    let builds: Vec<(usize, &str)> =
        document.builds.iter().map(|build| (build.container, &*build.document.name)).collect();
    assert_eq!(
        builds,
        [(0, "app/Dockerfile"), (1, "deploy/compose.yaml#services.b.build")],
        "{:?}",
        document.problems
    );
    let first = json(&document.builds[0].document);
    assert_eq!(at(&first, "/images/0/name"), "dev");
    assert_eq!(at(&first, "/images/0/config/user/name"), "app");
    assert_eq!(at(&first, "/references/0/tag"), "3");
    assert_eq!(at(&first, "/references/1/text"), "absent", "U is given, nobody knows what");
    let second = json(&document.builds[1].document);
    assert_eq!(at(&second, "/images/0/config/user/uid"), 5);
    let told: Vec<&str> = document
        .problems
        .iter()
        .filter(|problem| problem.message.contains("Dockerfile"))
        .map(|problem| problem.message.as_str())
        .collect();
    assert_eq!(
        told,
        [
            "the Dockerfile of `b` is written inline: what its image sets is judged, its \
             instructions are not",
            "there is no Dockerfile deploy/gone/Dockerfile",
        ]
    );
}

#[test]
fn what_is_inline_stands_in_the_compose_file() {
    let text = "services:\n  \
                a:\n    build:\n      dockerfile_inline: |\n\n        \
                # syntax=x\n        FROM alpine:${V:-3}\n\n        ENV A=b \\\n            C=d\n        \
                USER 5\n  \
                b: {build: {dockerfile_inline: \"FROM scratch\\nUSER 6\"}}\n  \
                c:\n    build:\n      dockerfile_inline: >-\n        \
                FROM scratch\n\n        USER 7\n  \
                d:\n    build:\n      dockerfile_inline: |2+\n          FROM scratch\n        USER 8\n";
    let document = read(&[("compose.yaml", text)], ComposeOptions::default());
    let shown = |build: usize, of: &dyn Fn(&Facts) -> RawPlace| {
        let build = &document.builds[build].document;
        let place = build.places.resolve(&of(&build.facts)).unwrap();
        assert!(Arc::ptr_eq(&place.source, &document.sources[0]), "{place:?}");
        (place.start().line, place.text().to_owned())
    };
    let user =
        |facts: &Facts| RawPlace { loc: facts.images[0].config.user.loc, field: None, item: None };
    let base = |facts: &Facts| RawPlace { loc: facts.references[0].loc, field: None, item: None };
    let env = |facts: &Facts| RawPlace {
        loc: facts.images[0].config.env[1].loc,
        field: Some("value".into()),
        item: None,
    };
    assert_eq!(shown(0, &user), (11, "5".into()));
    assert_eq!(shown(0, &base), (7, "FROM alpine:${V:-3}".into()), "the line, for want of better");
    assert_eq!(shown(0, &env), (10, "d".into()));
    let folded = "\"FROM scratch\\nUSER 6\"";
    assert_eq!(shown(1, &user), (12, folded.into()));
    assert_eq!(shown(2, &user), (16, "FROM scratch\n\n        USER 7".into()));
    assert_eq!(shown(3, &user).0, 23);
}

#[test]
fn many_services_cannot_make_us_read_without_end() {
    let mut text = "services:\n".to_owned();
    for number in 0..300 {
        text += &format!("  s{number}: {{build: ., volumes_from: [s{}]}}\n", (number + 1) % 300);
    }
    let files = [("compose.yaml", text.as_str()), ("Dockerfile", "FROM scratch\n")];
    let document = read(&files, ComposeOptions::default());
    assert_eq!(document.builds.len(), 200);
    let told = document.problems.iter().filter(|problem| problem.message.contains("the rest"));
    assert_eq!(told.count(), 1);
}
