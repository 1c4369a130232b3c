//! Layout, METADATA and tables, from texts in memory.

use super::*;

const VOCABULARY: Vocabulary<'static> =
    Vocabulary { kinds: &["dockerfile"], subjects: &["image", "build"], profiles: &["baseline"] };

const GOOD: &str = "# A comment of its own.\n\n# METADATA\n# title: A fault\n# description: >\n#   It is one.\n\
    # related_resources:\n#   - https://example.org/a\n#   - ref: https://example.org/b\n#     description: B\n\
    # custom:\n#   severity: high\n#   levels: {weak: low}\n#   kinds: [dockerfile]\n#   subjects: [image]\n\
    #   profiles: [baseline]\n#   needs: [config.user]\n#   checklist: [S1:1-2]\n#   cis: [\"5.5\"]\n\
    #   nist: [\"4.1\"]\n#   equivalents: {kics: [a, b]}\n#   remedy: Do something.\n#   params:\n\
    #     limit:\n#       type: integer\n#       default: 3\n#       description: The limit.\n\
    #       allowed: [1, 2, 3]\n#   since: \"0.1\"\n#   raw: true\npackage checklist.image[\"a-fault\"]\n";

fn bundle(files: &[(&str, &str)]) -> Result<Bundle, Vec<Diagnostic>> {
    let files =
        files.iter().map(|(path, text)| ((*path).to_owned(), Source::new(*path, *text))).collect();
    Bundle::from_sources("checklist", files, &VOCABULARY)
}

fn problems(files: &[(&str, &str)]) -> String {
    let problems = bundle(files).expect_err("problems");
    let mut text = String::new();
    for problem in problems {
        text.push_str(&format!("{}\n", problem.message));
        for label in &problem.labels {
            let (name, at) = (label.place.source.name(), label.place.start());
            let shown = label.place.text().lines().next().unwrap_or_default();
            text.push_str(&format!("  --> {name}:{at} `{shown}`\n"));
        }
        if let Some(help) = problem.help {
            text.push_str(&format!("  help: {help}\n"));
        }
    }
    text
}

fn with_metadata(metadata: &str) -> String {
    let commented: String = metadata.lines().map(|line| format!("# {line}\n")).collect();
    format!("{commented}package checklist.image.fault\n")
}

#[test]
fn everything_a_rule_declares_is_read() {
    let files = [
        ("image/a-fault.rego", GOOD),
        ("image/a-fault.md", "# A fault"),
        ("image/a-fault_test.rego", "not looked at"),
        ("lib/words/more.rego", "package checklist.lib.words.more\n"),
        ("data/bases.yaml", "as_of: 2026-01-31\nalpine: {small: true}\n"),
        ("data/ports.json", r#"{"as_of": "2026-01-31", "ports": [1, 2]}"#),
        ("checklist.yaml", "guides: []\n"),
        ("README.md", "ignored"),
        ("image/README.md", "ignored"),
        ("LICENSE", "ignored"),
    ];
    let bundle = bundle(&files).expect("a bundle");
    assert_eq!(bundle.name(), "checklist");
    let [rule] = bundle.rules() else { panic!("one rule") };
    insta::assert_json_snapshot!(**rule.meta());
    assert_eq!(rule.id(), "image/a-fault");
    assert_eq!(rule.package(), "data.checklist.image[\"a-fault\"]");
    assert_eq!(rule.page().text(), "# A fault");
    let line = |key: &str| rule.place(key).expect("a place").start().line;
    assert_eq!(
        (line("title"), line("custom.params.limit.default"), line("custom.raw")),
        (4, 26, 30)
    );
    assert_eq!((line("custom.levels.weak"), line("nothing"), line("custom.x")), (13, 3, 11));
    assert_eq!(rule.place("custom.params.limit.type").expect("a place").text(), "type");
    assert_eq!(bundle.libraries().len(), 1);
    assert_eq!(bundle.tests().len(), 1);
    let tables = merged_tables(&[&bundle]);
    assert_eq!(
        tables.to_string(),
        r#"{"bases":{"as_of":"2026-01-31","alpine":{"small":true}},"ports":{"as_of":"2026-01-31","ports":[1,2]}}"#
    );
    for table in bundle.tables() {
        assert_eq!(table.as_of(), Some("2026-01-31"));
        assert_eq!(table.as_of_place().text(), "2026-01-31");
    }
    assert!(bundle.checklist().is_some_and(|checklist| checklist.guides.is_empty()));
}

#[test]
fn tables_say_of_when_they_are() {
    let read = |bundle: &str, text: &str| {
        let files = vec![("data/a.yaml".to_owned(), Source::new("data/a.yaml", text))];
        let problems = Bundle::from_sources(bundle, files, &VOCABULARY).err().unwrap_or_default();
        problems.iter().map(|problem| problem.message.clone()).collect::<Vec<_>>()
    };
    let (missing, wrong) =
        ("the table `a` does not say of when it is", "`as_of` of the table `a` is no day");
    for (text, default, other) in [
        ("as_of: \"2026-01-31\"\n", None, None),
        ("as_of: 2026-01-31 # a day\n", None, None),
        ("a: 1\n", Some(missing), None),
        ("- a\n", Some(missing), None),
        ("b: {as_of: 2026-01-31}\n", Some(missing), None),
        ("as_of: 2026-02-30\n", Some(wrong), Some(wrong)),
        ("as_of: yesterday\n", Some(wrong), Some(wrong)),
        ("as_of: 2026\n", Some(wrong), Some(wrong)),
        ("as_of:\n", Some(wrong), Some(wrong)),
    ] {
        assert_eq!(read("checklist", text), Vec::from_iter(default), "{text}");
        assert_eq!(read("acme", text), Vec::from_iter(other), "{text}");
    }
}

#[test]
fn a_checklist_that_is_wrong_is_told_with_everything_else() {
    let files = [("checklist.yaml", "guides:\n- {id: a, titel: b}\n"), ("lib/a.rego", "package x")];
    let told = problems(&files);
    for message in ["no key `titel`", "`title` is missing", "the package of `lib/a.rego`"] {
        assert!(told.contains(message), "{told}");
    }
}

#[test]
fn metadata_that_is_wrong() {
    let cases = [
        ("nothing at all", "package checklist.image.fault\n".to_owned()),
        ("another comment", "# A fault\npackage checklist.image.fault\n".to_owned()),
        ("no keys", with_metadata("METADATA\njust words")),
        ("no YAML", with_metadata("METADATA\ntitle: [a\ncustom: 1")),
        ("a key twice", with_metadata("METADATA\ntitle: a\ntitle: b")),
        ("an anchor", with_metadata("METADATA\ntitle: &a b\ndescription: *a")),
        ("everything is missing", with_metadata("METADATA\ntitle: a")),
        (
            "unknown words",
            with_metadata(
                "METADATA\ntitel: a\nseverity: high\nscope: rule\ndescription: ''\ncustom:\n  sevrity: high\n  \
                 severity: hihg\n  kinds: [dockerfle]\n  subjects: []\n  profiles: baseline\n  \
                 remedy: 1\n  cis: [5.5]\n  raw: 'yes'\n  levels: {weak: lwo}\n  equivalents: [a]\n  since: 0.1",
            ),
        ),
        (
            "parameters",
            with_metadata(
                "METADATA\ntitle: a\ndescription: b\ncustom:\n  severity: low\n  kinds: [dockerfile]\n  \
                 subjects: [image]\n  profiles: [baseline]\n  remedy: c\n  params:\n    one: 1\n    \
                 Two: {type: string, default: a, description: b}\n    three: {type: strin, default: a, description: b}\n    \
                 four:\n      type: list<string>\n      default: [1]\n      description: b\n      allwed: [a]\n    \
                 five: {type: string, default: c, description: b, allowed: [a, b]}\n    six: {}",
            ),
        ),
    ];
    let mut text = String::new();
    for (name, rule) in cases {
        let found = problems(&[("image/fault.rego", rule.as_str()), ("image/fault.md", "#")]);
        text.push_str(&format!("== {name}\n{found}"));
    }
    insta::assert_snapshot!(text);
}

#[test]
fn files_that_are_not_in_order() {
    let good = with_metadata(
        "METADATA\ntitle: a\ndescription: b\ncustom:\n  severity: low\n  kinds: [dockerfile]\n  \
         subjects: [image]\n  profiles: [baseline]\n  remedy: c",
    );
    let cases: &[(&str, &[(&str, &str)])] = &[
        ("no page", &[("image/fault.rego", &good)]),
        ("no rule", &[("image/fault.md", "#")]),
        ("wrong package", &[("image/fult.rego", &good), ("image/fult.md", "#")]),
        ("no package", &[("image/fault.rego", "deny := 1"), ("image/fault.md", "#")]),
        ("wrong package of a library", &[("lib/a/b.rego", "package checklist.lib.b")]),
        (
            "misplaced",
            &[("fault.rego", ""), ("a/b/c.rego", ""), ("data/a.rego", ""), ("data/a/b.yaml", "")],
        ),
        ("names", &[("Image/_a--b-.rego", ""), ("data/with.rego", "")]),
        (
            "twice",
            &[
                ("data/a.yaml", "1"),
                ("data/a.json", "1"),
                ("lib/a.rego", "package checklist.lib.a"),
                ("lib/a.rego", "package checklist.lib.a"),
            ],
        ),
        (
            "tables",
            &[
                ("data/a.yaml", "a: 1\na: 2\n"),
                ("data/b.json", "[1,\n2"),
                ("data/c.yaml", "a: [\n"),
                ("data/d.yaml", "1: 2"),
            ],
        ),
        ("manifest", &[("bundle.yaml", "nmae: a\nversion: 1\n")]),
        ("manifest's name", &[("bundle.yaml", "name: 1\n")]),
        ("manifest's name", &[("bundle.yaml", "name: plimsoll\n")]),
        ("manifest is no map", &[("bundle.yaml", "[a]\n")]),
        ("manifest is no YAML", &[("bundle.yaml", "a: [\n")]),
    ];
    let mut text = String::new();
    for (name, files) in cases {
        text.push_str(&format!("== {name}\n{}", problems(files)));
    }
    insta::assert_snapshot!(text);
}

#[test]
fn the_manifest_names_the_bundle() {
    let rule = GOOD.replace("package checklist.image", "package acme.image");
    let files =
        [("bundle.yaml", "name: acme\n"), ("image/a-fault.rego", &rule), ("image/a-fault.md", "")];
    let bundle = bundle(&files).expect("a bundle");
    assert_eq!((bundle.name(), bundle.rules()[0].id()), ("acme", "acme/image/a-fault"));
}

#[test]
fn no_text_makes_it_panic() {
    let pieces = [
        "# METADATA\n",
        "#",
        "# a:",
        " ",
        "\n",
        "é",
        "package",
        "\"",
        ":",
        "- ",
        "|\n",
        "# b: c\n",
        "\t",
    ];
    let mut state = 1_u64;
    for _ in 0..2000 {
        let mut text = String::new();
        for _ in 0..12 {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            text.push_str(pieces[(state >> 33) as usize % pieces.len()]);
        }
        assert!(
            bundle(&[("image/fault.rego", &text), ("image/fault.md", "#")]).is_err(),
            "{text:?}"
        );
    }
}
