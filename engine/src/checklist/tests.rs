//! The page of a small checklist, in every format, and with names that want to be markup.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde_json::Value;

use super::*;
use crate::config::{self, Settings};
use crate::document::{Document, Input, ReadOptions, daemon, dockerfile};
use crate::engine::{Engine, vocabulary};
use crate::report::Detail;
use crate::source::Source;

const PLAIN: WriteOptions = WriteOptions { color: false, width: None, detail: Detail::Normal };

const CHECKLIST: &str = "\
guides:
- id: one
  title: First <guide>
  sections:
  - title: Images
    items:
    - {id: 'S1:1-9', title: Run as a user, verification: V1, reason: A part is not seen., instead: The rest is.}
    - {id: 'S1:10', title: Pin digests}
    - {id: 'S1:11', title: Sign images, reason: 'It needs signatures, which are not read.'}
  - title: Closing list
    id: verification
    items:
    - {id: V1, title: Nothing runs as root}
    - {id: V2, title: Volumes and networks are judged}
- id: two
  title: Second guide
  sections:
  - title: Daemon
    items:
    - {id: 'K:1', title: 'Configure the daemon, which is a long title that has to be broken into two lines somewhere'}
";

/// A rule with `deny` of this body; without one it passes.
fn rule(codes: &str, kinds: &str, subjects: &str, profiles: &str, body: &str) -> String {
    let metadata = format!(
        "# METADATA\n# title: Fault of {subjects}\n# description: D\n# custom:\n#   severity: high\n\
         #   kinds: [{kinds}]\n#   subjects: [{subjects}]\n#   profiles: [{profiles}]\n\
         #   checklist: [{codes}]\n#   remedy: R\n"
    );
    metadata + body
}

fn bundle() -> Bundle {
    let root = rule(
        "'S1:3', V1, V9",
        "dockerfile",
        "image",
        "baseline",
        "package acme.image.root\nimport data.plimsoll.finding\n\
         deny contains finding.at(image, \"root\") if {\n\tsome image in input.images\n\
         \timage.config.user.is_root == true\n}\n",
    );
    let user = rule(
        "'S1:1-9'",
        "dockerfile",
        "image",
        "baseline",
        "package acme.image.user\nimport data.plimsoll.finding\n\
         deny contains finding.at(image, \"x\") if {\n\tsome image in input.images\n\
         \timage.name == \"x\"\n}\n\
         unknown contains finding.unknown(image, \"x\") if {\n\tsome image in input.images\n\
         \timage.config.user.is_root == false\n}\n",
    );
    let nothing = "import data.plimsoll.finding\ndeny contains finding.at(input, \"x\") if {\n\tinput.facts == \"x\"\n}\n";
    let pinned = format!("package acme.image.pinned\n{nothing}");
    let pinned = rule("'S1:10'", "dockerfile", "reference", "strict, cis", &pinned);
    let volume = format!("package acme.volume.plain\n{nothing}");
    let volume = rule("V2", "'dockerfile', compose", "volume", "baseline", &volume);
    let icc = format!("package acme.daemon.icc\n{nothing}");
    let icc = rule("'K:1'", "daemon", "daemon", "baseline", &icc);
    let files = [
        ("checklist.yaml", CHECKLIST.to_owned()),
        ("image/root.rego", root),
        ("image/user.rego", user),
        ("image/pinned.rego", pinned),
        ("volume/plain.rego", volume),
        ("daemon/icc.rego", icc),
    ];
    let mut sources = Vec::new();
    for (path, text) in files {
        if let Some(stem) = path.strip_suffix(".rego") {
            let page = format!("{stem}.md");
            sources.push((page.clone(), Source::new(page, "# T\n")));
        }
        sources.push((path.to_owned(), Source::new(path, text)));
    }
    Bundle::from_sources("acme", sources, &vocabulary()).unwrap()
}

fn dockerfiles(texts: &[(&str, &str)]) -> Vec<Document> {
    let read = |(name, text): &(&str, &str)| {
        let input = Input { source: Source::new(*name, *text), folder: None };
        dockerfile::read(&input, &ReadOptions::default())
    };
    texts.iter().flat_map(read).collect()
}

fn page(documents: Vec<Document>) -> Page {
    let engine = Engine::builder().bundle(bundle()).threads(1).build().unwrap();
    let report = engine.check(documents);
    Page::new(&[bundle()], engine.policy(), Some(&report))
}

fn alone() -> Page {
    let settings: Settings =
        config::parse(&Source::new("plimsoll.yaml", "profile: cis\n")).unwrap();
    let policy = Policy::new(&[bundle()], Some(&settings)).unwrap();
    Page::new(&[bundle()], &policy, None)
}

fn written(page: &Page, format: &str, options: &WriteOptions) -> String {
    let format = FORMATS.iter().find(|row| row.name == format).unwrap();
    let mut out = Vec::new();
    page.write(format, &mut out, options).unwrap();
    String::from_utf8(out).unwrap()
}

const TWO: [(&str, &str); 2] = [
    ("a/Dockerfile", "FROM alpine:3.20\nUSER root\n"),
    ("Dockerfile", "FROM alpine:3.20\nUSER 1\n"),
];

#[test]
fn the_state_of_an_item_is_the_gravest_of_its_rules() {
    let state = |page: &Page, id: &str| {
        let row = page.items().find(|row| row.item.id == id).unwrap();
        (row.state.unwrap(), row.uncovered.clone())
    };
    let both = page(dockerfiles(&TWO));
    assert_eq!(state(&both, "S1:1-9"), (State::Fail, None));
    assert_eq!(state(&both, "V1"), (State::Fail, None));
    let kinds = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
    let off = Uncovered::RulesOff(kinds(&["cis", "strict"]));
    assert_eq!(state(&both, "S1:10"), (State::NotCovered, Some(off)));
    let reason = Uncovered::NotCheckable("It needs signatures, which are not read.".to_owned());
    assert_eq!(state(&both, "S1:11"), (State::NotCovered, Some(reason)));
    let none = Uncovered::NoSubject(kinds(&["volume"]));
    assert_eq!(state(&both, "V2"), (State::NotCovered, Some(none)));
    let not_given = Uncovered::NotGiven(kinds(&["daemon"]));
    assert_eq!(state(&both, "K:1"), (State::NotCovered, Some(not_given)));
    let clean = page(dockerfiles(&TWO[1..]));
    assert_eq!(state(&clean, "S1:1-9"), (State::Unknown, None));
    assert_eq!(state(&clean, "V1"), (State::Pass, None));
    let input = Input { source: Source::new("daemon.json", "{\"icc\": false}"), folder: None };
    let daemon = page(daemon::read(&input, &ReadOptions::default()));
    assert_eq!(state(&daemon, "K:1"), (State::Pass, None));
    assert_eq!(daemon.count(State::Pass), 1);
}

#[test]
fn subjects_are_counted() {
    let page = page(dockerfiles(&TWO));
    let row = page.items().find(|row| row.item.id == "S1:1-9").unwrap();
    let counts: Vec<(&str, Counts)> =
        row.rules.iter().map(|rule| (rule.meta.id.as_str(), rule.counts)).collect();
    let root = Counts { pass: 1, fail: 1, ..Counts::default() };
    let user = Counts { pass: 1, unknown: 1, ..Counts::default() };
    assert_eq!(counts, [("acme/image/root", root), ("acme/image/user", user)]);
    assert_eq!(root.words(), "1 fail, 1 pass");
    let volume = page.items().find(|row| row.item.id == "V2").unwrap();
    assert_eq!(volume.rules[0].counts, Counts { not_applicable: 2, ..Counts::default() });
}

#[test]
fn a_rule_that_names_no_item_is_told() {
    let told = strays(&[bundle()], &[]);
    let [stray] = told.as_slice() else { panic!("{told:?}") };
    assert_eq!(stray.message, "`acme/image/root` serves `V9`, which is no item of a checklist");
    assert_eq!(stray.place().unwrap().start().line, 9);
}

#[test]
fn a_view_is_a_guide_or_a_section() {
    let ids = |page: Page| page.items().map(|row| row.item.id.clone()).collect::<Vec<_>>();
    assert_eq!(ids(alone().view("all").unwrap()).len(), 6);
    assert_eq!(ids(alone().view("two").unwrap()), ["K:1"]);
    assert_eq!(ids(alone().view("verification").unwrap()), ["V1", "V2"]);
    let problem = alone().view("verifikation").unwrap_err();
    assert_eq!(problem.help.as_deref(), Some("did you mean `verification`?"));
    let problem = alone().view("x\u{1b}").unwrap_err();
    assert_eq!(problem.message, "there is no view `x\\u{1b}`");
    assert_eq!(problem.help.as_deref(), Some("it is one of all, one, verification, two"));
}

#[test]
fn snapshots() {
    let run = page(dockerfiles(&TWO));
    for format in FORMATS {
        let unversioned = |text: String| text.replace(crate::VERSION, "[version]");
        insta::assert_snapshot!(
            format!("{}_of_a_run", format.name),
            unversioned(written(&run, format.name, &PLAIN))
        );
        insta::assert_snapshot!(
            format!("{}_alone", format.name),
            unversioned(written(&alone(), format.name, &PLAIN))
        );
    }
    let quiet = WriteOptions { detail: Detail::Quiet, ..PLAIN };
    insta::assert_snapshot!("human_quiet", written(&run, "human", &quiet));
    let narrow = WriteOptions { detail: Detail::Verbose, width: Some(60), ..PLAIN };
    insta::assert_snapshot!("human_narrow", written(&run, "human", &narrow));
}

#[test]
fn colour_adds_escape_sequences_and_nothing_else() {
    let run = page(dockerfiles(&TWO));
    let colored = written(&run, "human", &WriteOptions { color: true, ..PLAIN });
    assert!(colored.contains('\u{1b}'));
    let mut plain = String::new();
    for (number, piece) in colored.split('\u{1b}').enumerate() {
        plain += if number == 0 { piece } else { piece.split_once('m').unwrap().1 };
    }
    assert_eq!(plain, written(&run, "human", &PLAIN));
}

/// Names and texts that want to be markup, an attribute, a cell or a terminal's command.
const HOSTILE: [&str; 6] = [
    "<script>alert(1)</script>",
    "\" onmouseover=\"alert(1)",
    "x</title></style></td><img src=x onerror=alert(1)>",
    "a|b\n## c\r\n- d",
    "[l](javascript:alert(1)) `code` **bold** &lt;",
    "\u{1b}[31mred\u{202e}\u{200b}\0",
];

fn hostile() -> Page {
    let mut page = page(dockerfiles(&TWO));
    let text = HOSTILE.join(" ");
    let run = page.run.as_mut().unwrap();
    run.documents = HOSTILE.iter().map(|name| ((*name).to_owned(), "dockerfile")).collect();
    run.conclusion.clone_from(&text);
    for guide in &mut page.guides {
        guide.title.clone_from(&text);
        for section in &mut guide.sections {
            section.title.clone_from(&text);
            for row in &mut section.items {
                row.item.title.clone_from(&text);
                row.item.reason = Some(text.clone());
                row.item.instead = Some(text.clone());
                if let Some(uncovered) = &mut row.uncovered {
                    *uncovered = Uncovered::NotCheckable(text.clone());
                }
                for rule in &mut row.rules {
                    let mut meta = RuleMeta::clone(&rule.meta);
                    meta.title.clone_from(&text);
                    rule.meta = Arc::new(meta);
                }
            }
        }
    }
    page
}

#[test]
fn no_format_shows_a_dangerous_character() {
    for format in FORMATS {
        for detail in [Detail::Quiet, Detail::Normal, Detail::Verbose] {
            let text = written(&hostile(), format.name, &WriteOptions { detail, ..PLAIN });
            let shown = text.replace('\n', "");
            assert!(!shown.contains(crate::report::escape::is_dangerous), "{text}");
            assert!(text.ends_with('\n') && !text.ends_with("\n\n"), "{}", format.name);
            let trailing = text.lines().find(|line| line.trim_end() != *line);
            assert_eq!(trailing, None, "{}", format.name);
        }
    }
}

/// The tags of a page, without their attributes, and every attribute's name.
fn tags(html: &str) -> (BTreeSet<String>, BTreeSet<String>) {
    let (mut names, mut attributes) = (BTreeSet::new(), BTreeSet::new());
    for tag in html.split('<').skip(1) {
        let (tag, _) = tag.split_once('>').unwrap();
        let mut words = tag.split('"').step_by(2).flat_map(str::split_whitespace);
        names.insert(words.next().unwrap_or_default().trim_start_matches('/').to_owned());
        attributes.extend(words.map(|word| word.trim_end_matches('=').to_owned()));
    }
    (names, attributes)
}

#[test]
fn html_has_the_markup_of_the_page_and_no_other() {
    let text = written(&hostile(), "html", &PLAIN);
    let harmless = written(&page(dockerfiles(&TWO)), "html", &PLAIN);
    assert_eq!(tags(&text).0, tags(&harmless).0);
    assert_eq!(tags(&text).1, tags(&harmless).1);
    for forbidden in ["<script", "<img", "<link", "<iframe", "http:", "https:", "url(", "@import"] {
        assert!(!harmless.contains(forbidden), "{forbidden}");
    }
    assert!(text.contains("&lt;script&gt;alert(1)&lt;/script&gt;"));
    // Each opening tag is closed, but for those that have no end.
    for tag in tags(&harmless).0.iter().filter(|tag| !["!doctype", "meta"].contains(&tag.as_str()))
    {
        let opened =
            text.matches(&format!("<{tag}>")).count() + text.matches(&format!("<{tag} ")).count();
        assert_eq!(opened, text.matches(&format!("</{tag}>")).count(), "{tag}");
    }
    for needed in [
        "lang=\"en\"",
        "scope=\"row\"",
        "scope=\"col\"",
        "prefers-color-scheme: dark",
        "@media print",
    ] {
        assert!(harmless.contains(needed), "{needed}");
    }
}

#[test]
fn markdown_tables_keep_their_columns() {
    let text = written(&hostile(), "markdown", &PLAIN);
    for row in text.lines().filter(|line| line.starts_with("| ")) {
        let cells = row.replace("\\\\", "").replace("\\|", "");
        assert_eq!(cells.matches('|').count(), 5, "{row}");
    }
    assert!(!text.contains("<script") && !text.contains("<img"), "{text}");
    assert!(!text.contains("\n- d") && !text.replace("\\]", "").contains("](java"), "{text}");
}

#[test]
fn what_is_written_as_json_is_in_the_schema() {
    let schema = schema();
    insta::assert_snapshot!("json_schema", serde_json::to_string_pretty(&schema).unwrap());
    for page in [page(dockerfiles(&TWO)), alone(), hostile()] {
        let value: Value = serde_json::from_str(&written(&page, "json", &PLAIN)).unwrap();
        fits(&value, &schema, &schema);
    }
}

/// That objects have the fields of the schema, and all that are required.
fn fits(value: &Value, schema: &Value, root: &Value) {
    if let Some(reference) = schema["$ref"].as_str() {
        let name = reference.rsplit('/').next().unwrap();
        return fits(value, &root["$defs"][name], root);
    }
    if let Some(options) = schema["anyOf"].as_array() {
        return fits(value, &options[0], root);
    }
    match value {
        Value::Object(fields) => {
            for (name, field) in fields {
                let of = &schema["properties"][name];
                assert!(of["description"].is_string() || of["$ref"].is_string(), "{name}: {of}");
                fits(field, of, root);
            }
            for name in schema["required"].as_array().into_iter().flatten() {
                assert!(fields.contains_key(name.as_str().unwrap()), "{name}");
            }
        }
        Value::Array(items) => items.iter().for_each(|item| fits(item, &schema["items"], root)),
        Value::String(word) => {
            if let Some(options) = schema["oneOf"].as_array() {
                assert!(options.iter().any(|option| option["const"] == **word), "{word}");
            }
        }
        _ => {}
    }
}
