//! A plugin, run as its component would be.

use serde_json::{Value, json};

use super::{Check, Findings, Params, Plugin, Rule, Verdict};
use crate::finding::{RawFinding, RawPlace, RawRelated, RawUnknown};
use crate::{Facts, Loc, Param, Severity, testing};

/// Says everything that a rule can say.
struct Talkative {
    word: String,
    numbers: Vec<i64>,
}

const fn rule(id: &'static str) -> Rule {
    Rule::new(id, "A fault", Severity::Low)
        .description("Looks for faults.")
        .remedy("Mend it.")
        .kinds(&["dockerfile"])
        .subjects(&["build"])
        .profiles(&["baseline"])
}

impl Check for Talkative {
    const RULE: Rule = rule("area/name")
        .levels(&[("grave", Severity::High)])
        .params(&[
            Param::choice("word", "one", &["one", "two"], "A word."),
            Param::integers("numbers", &[1, 2], "Numbers."),
            Param::boolean("flag", true, "A flag."),
            Param::number("ratio", 0.5, "A ratio."),
            Param::strings("list", &["a"], "A list."),
            Param::map("map", &[("a", "b")], "A map."),
        ])
        .since("0.1.0");

    fn new(params: &Params) -> Self {
        assert!(params.boolean("flag") && params.number("ratio") > 0.0);
        assert_eq!(params.map("map").get("a"), Some(&"b".to_owned()));
        assert_eq!(params.strings("list"), ["a"]);
        Talkative { word: params.string("word"), numbers: params.integers("numbers") }
    }

    fn check(&self, _: &Facts, findings: &mut Findings) {
        findings.at(Loc(1), self.word.as_str()).level("grave").of(Loc(9)).related(Loc(2), "see");
        findings.at_item(Loc(3), "list", 4, format!("{:?}", self.numbers)).related_field(
            Loc(5),
            "field",
            "and here",
        );
        findings.unknown(Loc(6), "nobody knows");
    }
}

/// Reads a parameter that it does not declare, and one as what it is not.
struct Careless;

impl Check for Careless {
    const RULE: Rule = rule("area/careless").params(&[Param::string("text", "", "A text.")]);

    fn new(params: &Params) -> Self {
        assert_eq!(params.integer("text"), 0);
        assert!(params.string("undeclared").is_empty());
        Careless
    }

    fn check(&self, _: &Facts, findings: &mut Findings) {
        findings.at(Loc(1), "never said");
    }
}

/// Wants the source.
struct Raw;

impl Check for Raw {
    const RULE: Rule = rule("area/raw").raw();

    fn new(_: &Params) -> Self {
        Raw
    }

    fn check(&self, _: &Facts, findings: &mut Findings) {
        findings.error("there is no source");
    }

    fn check_raw(&self, _: &Facts, raw: &Value, findings: &mut Findings) {
        findings.at(Loc(1), raw.to_string());
    }
}

#[allow(unreachable_pub)]
mod exported {
    crate::export!("acme": super::Talkative, super::Raw);
}

const ACME: Plugin = exported::PLUGIN;

#[test]
fn a_plugin_describes_its_rules() {
    let description = serde_json::to_value(ACME.describe()).unwrap();
    assert_eq!(description["name"], "acme");
    assert_eq!(description["version"], env!("CARGO_PKG_VERSION"));
    assert_eq!(description["facts"], crate::facts::VERSION);
    let rule = &description["rules"][0];
    assert_eq!(rule["id"], "acme/area/name");
    assert_eq!(rule["levels"], json!({"grave": "high"}));
    assert_eq!(
        rule["params"]["word"],
        json!({"type": "string", "default": "one", "description": "A word.", "allowed": ["one", "two"]})
    );
    let types: Vec<_> = rule["params"].as_object().unwrap().values().map(|p| &p["type"]).collect();
    let expected = ["boolean", "list<string>", "map<string>", "list<integer>", "number", "string"];
    assert_eq!(types, expected);
    assert_eq!(description["rules"][1]["raw"], true);
}

#[test]
fn a_description_of_a_newer_sdk_is_read() {
    let mut description = serde_json::to_value(ACME.describe()).unwrap();
    description["authors"] = json!(["somebody"]);
    description["rules"][0]["mood"] = json!("good");
    let read: super::Description = serde_json::from_value(description).unwrap();
    assert_eq!(read, ACME.describe());
}

#[test]
fn rules_answer_in_the_order_in_which_they_are_asked() {
    let mut facts = serde_json::to_value(Facts::new("dockerfile", "Dockerfile")).unwrap();
    facts["raw"] = json!({"a": 1});
    facts["weather"] = json!("fine");
    let params = Talkative::RULE.defaults().to_string();
    let wanted = [("acme/area/raw", "{}"), ("area/name", "{}"), ("acme/area/name", &params)];
    let answers = ACME.check(&facts.to_string(), &wanted);
    assert_eq!(answers[0].as_ref().unwrap().messages(), [r#"{"a":1}"#]);
    assert_eq!(answers[1], Err("the plugin has no rule `area/name`".to_owned()));
    let place = RawPlace::object;
    let expected = Verdict {
        findings: vec![
            RawFinding {
                place: place(Loc(1)),
                message: "one".into(),
                subject: Some(Loc(9)),
                level: Some("grave".into()),
                related: vec![RawRelated { place: place(Loc(2)), message: "see".into() }],
            },
            RawFinding {
                place: RawPlace::item(Loc(3), "list", 4),
                message: "[1, 2]".into(),
                subject: None,
                level: None,
                related: vec![RawRelated {
                    place: RawPlace::field(Loc(5), "field"),
                    message: "and here".into(),
                }],
            },
        ],
        unknowns: vec![RawUnknown { subject: Loc(6), reason: "nobody knows".into() }],
    };
    assert_eq!(answers[2], Ok(expected));
}

#[test]
fn what_cannot_be_judged_is_an_error() {
    let facts = Facts::new("dockerfile", "Dockerfile");
    assert_eq!(testing::run::<Raw>(&facts), Err("there is no source".to_owned()));
    assert_eq!(
        testing::run::<Careless>(&facts),
        Err("the rule reads its parameter `text` as an integer, which it is not".to_owned())
    );
    let wrong = testing::run_with::<Talkative>(&facts, &json!({"wrod": "two"}));
    assert_eq!(wrong, Err("the rule declares no parameter `wrod`".to_owned()));
    let other = testing::run_with::<Talkative>(&facts, &json!({"word": "two"}));
    assert_eq!(other.unwrap().messages()[0], "two");
    for (facts, params) in [("{}", "{}"), ("[", "{}"), ("", "{}")] {
        let answers = ACME.check(facts, &[("acme/area/name", params)]);
        assert!(matches!(&answers[..], [Err(reason)] if reason.starts_with("the facts are not")));
    }
    let facts = serde_json::to_string(&facts).unwrap();
    let answers = ACME.check(&facts, &[("acme/area/name", "[]")]);
    assert!(matches!(&answers[..], [Err(reason)] if reason.starts_with("the parameters are no")));
}

#[test]
fn facts_are_read_as_they_are_written() {
    let facts = Facts::new("dockerfile", "Dockerfile");
    let text = serde_json::to_string(&facts).unwrap();
    assert_eq!(Facts::from_json(&text).unwrap(), facts);
    assert!(Facts::from_json(&format!("{text}]")).is_err());
    // Structs are objects only.
    let array = text.replace(r#"{"profile":""}"#, r#"[null,""]"#);
    assert_ne!(array, text);
    assert!(Facts::from_json(&array).is_err());
}
