//! Names, profiles and variables.

use super::*;
use crate::document::compose::variables::Unset;

const ONE: &str = "services: {a: {image: '${COMPOSE_PROJECT_NAME}'}}\n";

#[test]
fn a_project_has_the_name_that_compose_gives_it() {
    let named = |option: &str, env: &str, name: &str, path: &str| {
        let text = if name.is_empty() { ONE.to_owned() } else { format!("name: {name}\n{ONE}") };
        let options = ComposeOptions {
            project_name: Some(option.to_owned()).filter(|name| !name.is_empty()),
            variables: vec![
                ("COMPOSE_PROJECT_NAME".to_owned(), env.to_owned()),
                ("N".to_owned(), "var".to_owned()),
            ],
            ..ComposeOptions::default()
        };
        load_with(&[(path, &text)], options)
    };
    for (option, env, name, path, expected) in [
        ("opt", "env", "file", "sub/compose.yaml", Some("opt")),
        ("", "env", "file", "sub/compose.yaml", Some("env")),
        ("", "", "file", "sub/compose.yaml", Some("file")),
        ("", "", "My App!", "sub/compose.yaml", Some("myapp")),
        ("", "", "'_${N}'", "sub/compose.yaml", Some("var")),
        ("", "", "'${NOPE}'", "sub/compose.yaml", None),
        ("", "", "", "My_Sub/compose.yaml", Some("my_sub")),
        // The folder that the user stands above.
        ("", "", "", "compose.yaml", Some("here")),
    ] {
        let loaded = named(option, env, name, path);
        assert_eq!(loaded.project.name.as_deref(), expected, "{option} {env} {name} {path}");
        assert_eq!(problems(&loaded), [""; 0], "{name}");
        let image = at(&loaded, "services.a.image");
        match expected {
            Some(name) => assert_eq!(image.text(), Some(name)),
            None => assert!(image.is_unknown()),
        }
    }
    assert_eq!(problems(&named("Foo", "", "", "compose.yaml")).len(), 1);
    assert_eq!(problems(&named("", "Foo", "", "compose.yaml")).len(), 1);
    let loaded = named("", "", "'!!'", "compose.yaml");
    let expected =
        ["error: nothing is left of the name of the project at here/compose.yaml:1:7 '!!'"];
    assert_eq!(problems(&loaded), expected);
}

#[test]
fn the_last_name_that_is_written_counts() {
    let options = ComposeOptions { files: vec!["b.yaml".to_owned()], ..ComposeOptions::default() };
    let one = format!("name: one\n{ONE}");
    let loaded = load_with(&[("a.yaml", &one), ("b.yaml", "name: two\nservices: {}\n")], options);
    assert_eq!(loaded.project.name.as_deref(), Some("two"));
    assert_eq!(places(&loaded, "name").0, "here/b.yaml:1:7 two");
    assert_eq!(texts(&loaded, &["services.a.image"]), ["two"]);
}

#[test]
fn services_without_an_active_profile_are_set_aside() {
    let text = "services:\n  a: {image: x}\n  b: {image: x, profiles: [p]}\n  c: {image: x, profiles: [q, r]}\n  \
                d: {image: x, profiles: ['${P}']}\n";
    for (profiles, env, enabled, disabled) in [
        (&[][..], "", "a d", "b c"),
        (&["p"], "", "a b d", "c"),
        (&["r", "x"], "p", "a c d", "b"),
        (&["*"], "", "a b c d", ""),
        (&[], "p, q", "a b c d", ""),
    ] {
        let options = ComposeOptions {
            profiles: profiles.iter().map(|&profile| profile.to_owned()).collect(),
            variables: vec![("COMPOSE_PROFILES".to_owned(), env.to_owned())],
            ..ComposeOptions::default()
        };
        let loaded = load_with(&[("compose.yaml", text)], options);
        assert_eq!(problems(&loaded), [""; 0]);
        assert_eq!(texts(&loaded, &["services"]), [enabled]);
        let names: Vec<_> = loaded.project.disabled.iter().map(|d| d.name.as_str()).collect();
        assert_eq!(names.join(" "), disabled);
    }
}

#[test]
fn variables_are_the_environments_and_then_those_of_the_dot_env() {
    let text = "services: {a: {image: '${A}-${B}-${C}'}}\n";
    let files =
        [("sub/compose.yaml", text), ("sub/.env", "A=dot\nB=dot\n"), ("x.env", "B=x\nC=${A}x\n")];
    let source = |name: &&str| {
        let (_, text) = files.iter().find(|(known, _)| known == name).unwrap();
        Source::new(*name, *text)
    };
    let image = |env_files: &[&str], variables: &[(&str, &str)], unset| {
        let own = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        let options = ComposeOptions {
            env_files: env_files.iter().map(source).collect(),
            variables: variables.iter().map(own).collect(),
            unset,
            ..ComposeOptions::default()
        };
        let loaded = load_with(&files, options);
        let node = at(&loaded, "services.a.image").clone();
        (node.text().unwrap().to_owned(), node.is_unknown())
    };
    let (unknown, empty) = (Unset::Unknown, Unset::Empty);
    assert_eq!(image(&[], &[], unknown), ("${A}-${B}-${C}".to_owned(), true));
    assert_eq!(image(&[], &[], empty), ("dot-dot-".to_owned(), false));
    assert_eq!(image(&[], &[("A", "env"), ("C", "c")], unknown), ("env-dot-c".to_owned(), false));
    assert_eq!(image(&["x.env"], &[("A", "a")], unknown), ("a-x-ax".to_owned(), false));
    assert_eq!(image(&["sub/.env", "x.env"], &[], unknown), ("dot-x-dotx".to_owned(), false));
    let disable = ("COMPOSE_DISABLE_ENV_FILE", "1");
    assert_eq!(image(&[], &[disable], empty), ("--".to_owned(), false));
}

#[test]
fn files_of_variables_add_to_a_service() {
    let text = "services:\n  a:\n    image: x\n    env_file: [a.env, {path: b.env, required: false}, {path: r.env, format: raw}]\n    \
                environment: {OWN: own, BOTH: own, BARE: null}\n    label_file: l.env\n    labels: {l: own}\n";
    let options = ComposeOptions { unset: Unset::Empty, ..ComposeOptions::default() };
    let loaded = load_with(
        &[
            ("sub/compose.yaml", text),
            ("sub/.env", "DOT=dot\nBARE=dot\n"),
            ("sub/a.env", "A=${OWN}-${DOT}\nBOTH=file\nDOT\nNOPE\n"),
            ("sub/r.env", "R='${OWN}'\n"),
            ("sub/l.env", "l=file\nm=$DOT\n"),
        ],
        options,
    );
    assert_eq!(problems(&loaded), [""; 0]);
    let environment = at(&loaded, "services.a.environment").map().unwrap();
    let found: Vec<_> = environment
        .iter()
        .map(|(name, entry)| format!("{name}={}", entry.node.text().unwrap_or("?")))
        .collect();
    assert_eq!(found.join(" "), "A=own-dot BOTH=own DOT=dot R='${OWN}' OWN=own BARE=dot");
    let (written, used) = places(&loaded, "services.a.environment.A");
    assert_eq!(written, "here/sub/a.env:1:3 ${OWN}-${DOT}");
    assert_eq!(used.unwrap(), "here/sub/compose.yaml:4:16 a.env");
    // Compose looks nothing up for labels.
    assert_eq!(texts(&loaded, &["services.a.labels.l", "services.a.labels.m"]), ["own", ""]);
    assert!(loaded.project.incomplete.is_empty());
}

#[test]
fn a_file_of_variables_that_is_not_there_is_told() {
    for (file, expected) in [
        ("nope.env", Some("warning: there is no `nope.env` here")),
        ("{path: nope.env, required: false}", None),
        ("/etc/x.env", Some("warning: `/etc/x.env` is not read")),
        ("../x.env", Some("warning: `../x.env` is not read")),
        ("'${NOPE}'", Some("warning: `${NOPE}` is not read")),
        ("bad.env", Some("error: ")),
    ] {
        let text = format!("services: {{a: {{image: x, env_file: [{file}]}}}}\n");
        let loaded = load_files(&[("compose.yaml", &text), ("bad.env", "A B\n")]);
        let found = problems(&loaded);
        match expected {
            Some(expected) => {
                assert_eq!(found.len(), 1, "{file} {found:?}");
                assert!(found[0].starts_with(expected), "{file} {found:?}");
                assert_eq!(loaded.project.incomplete, ["a"]);
            }
            None => {
                assert_eq!(found, [""; 0]);
                assert!(loaded.project.incomplete.is_empty());
            }
        }
    }
    let options = ComposeOptions { unset: Unset::Empty, ..ComposeOptions::default() };
    let text = "services: {a: {image: x, env_file: nope.env}}\n";
    let as_compose = load_with(&[("compose.yaml", text)], options);
    let expected = "error: cannot read `nope.env`: there is no such file";
    assert!(problems(&as_compose)[0].starts_with(expected));
}

#[test]
fn without_a_folder_only_the_text_is_read() {
    let source =
        Source::new("<stdin>", "services: {a: {image: x, extends: {file: b.yaml, service: b}}}\n");
    let loaded = load(&Input { source, folder: None }, &ReadOptions::default());
    let expected =
        "error: cannot read `b.yaml`: there is no folder to read it from at <stdin>:1:42 b.yaml";
    assert_eq!(problems(&loaded), [expected]);
    assert_eq!(loaded.project.name, None);
}

#[test]
fn what_is_set_aside_is_not_judged_but_is_not_there_either() {
    let aside = "b: {image: x, profiles: [p], env_file: nope.env, networks: [nope]}";
    for (service, errors) in [
        ("{image: x}", 0),
        ("{image: x, depends_on: {b: {condition: service_started, required: false}}}", 0),
        ("{image: x, depends_on: [b]}", 1),
    ] {
        let text = format!("services:\n  a: {service}\n  {aside}\n");
        let loaded = load_files(&[("compose.yaml", &text)]);
        assert_eq!(problems(&loaded).len(), errors, "{service}: {:?}", problems(&loaded));
    }
}
