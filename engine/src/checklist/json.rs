//! The page for programs: JSON with a published schema.
//!
//! Owns the shape, which is versioned: [`VERSION`] changes when a field changes its meaning or goes
//! away; a new field changes nothing. The types here are only written, never read.

use std::io;

use plimsoll_sdk::Severity;
use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde::Serialize;

use super::{Counts, FormatRow, ItemRow, Page, RuleOfItem, State, Uncovered};
use crate::report::{WriteOptions, write_json};

/// The version of the shape. `"0"` may still change.
pub const VERSION: &str = "0";

pub(super) const FORMAT: FormatRow = FormatRow {
    name: "json",
    description: "everything, for programs; the schema is published",
    ending: ".json",
    for_people: false,
    write,
};

/// The JSON Schema (draft 2020-12) of what this format writes.
#[must_use]
pub fn schema() -> serde_json::Value {
    let settings = SchemaSettings::draft2020_12().for_serialize();
    settings.into_generator().into_root_schema_for::<JsonPage<'_>>().to_value()
}

fn write(page: &Page, out: &mut dyn io::Write, _: &WriteOptions) -> io::Result<()> {
    write_json(out, &JsonPage::new(page))
}

/// The checklist, with the rules that serve it and, where documents were given, what came of them.
#[derive(Serialize, JsonSchema)]
#[schemars(title = "Plimsoll checklist")]
struct JsonPage<'a> {
    /// The version of this shape: `"0"`.
    checklist: &'a str,
    /// The version of Plimsoll that wrote it, as Semantic Versioning 2.0 has it.
    version: &'a str,
    /// The profile in force.
    profile: &'a str,
    /// What was run; absent where no documents were given.
    #[serde(skip_serializing_if = "Option::is_none")]
    run: Option<JsonRun<'a>>,
    /// The number of items by state; absent where no documents were given.
    #[serde(skip_serializing_if = "Option::is_none")]
    summary: Option<Summary>,
    /// The documents that the checklist is made of, in their order.
    guides: Vec<JsonGuide<'a>>,
}

/// What was run.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Run")]
struct JsonRun<'a> {
    /// How it ended: `clean`, `failed` or `incomplete`, with exit code 0, 1 or 2.
    status: &'a str,
    /// What was judged, in the order it was given.
    documents: Vec<JsonDocument<'a>>,
}

/// A document that was judged.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Document")]
struct JsonDocument<'a> {
    /// The name the user knows it by: a path with forward slashes, or `<stdin>`.
    path: &'a str,
    /// `dockerfile`, `compose` …
    kind: &'a str,
}

/// The number of items by state.
#[derive(Serialize, JsonSchema)]
struct Summary {
    /// All of them.
    items: usize,
    /// A rule fails.
    fail: usize,
    /// No rule fails, and one could not tell.
    unknown: usize,
    /// A rule passes, and no other says more.
    pass: usize,
    /// No rule judged anything.
    not_covered: usize,
}

/// A document of the checklist.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Guide")]
struct JsonGuide<'a> {
    /// What `--view` calls it.
    id: &'a str,
    /// Its name.
    title: &'a str,
    /// Its sections, in its order.
    sections: Vec<JsonSection<'a>>,
}

/// A section of a guide.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Section")]
struct JsonSection<'a> {
    /// What `--view` calls it; absent where it has no view of its own.
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<&'a str>,
    /// Its heading.
    title: &'a str,
    /// Its items, in order.
    items: Vec<JsonItem<'a>>,
}

/// An item of the checklist.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Item")]
struct JsonItem<'a> {
    /// Where it stands: the guide's letters and its lines, or its number.
    id: &'a str,
    /// What is to be done.
    title: &'a str,
    /// The id of the item of the closing list that sums it up; absent where none does.
    #[serde(skip_serializing_if = "Option::is_none")]
    verification: Option<&'a str>,
    /// What came of it; absent where no documents were given.
    #[serde(skip_serializing_if = "Option::is_none")]
    state: Option<JsonState>,
    /// Why it is not covered; absent where it is, or where no documents were given.
    #[serde(skip_serializing_if = "Option::is_none")]
    not_covered: Option<NotCovered>,
    /// Why it cannot be checked, or where checking it ends; absent where it is checked wholly.
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'a str>,
    /// What is checked in its place; absent where nothing is.
    #[serde(skip_serializing_if = "Option::is_none")]
    instead: Option<&'a str>,
    /// The rules that serve it, by id, also those that are off.
    rules: Vec<JsonRule<'a>>,
}

/// What came of an item.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "State")]
enum JsonState {
    /// A rule fails.
    Fail,
    /// No rule fails, and one could not tell, or could not be run.
    Unknown,
    /// A rule passes, and no other says more.
    Pass,
    /// No rule judged anything.
    NotCovered,
}

/// Why an item is not covered.
#[derive(Serialize, JsonSchema)]
struct NotCovered {
    /// The sort of reason.
    why: Why,
    /// The same in words.
    text: String,
}

/// The sorts of reason for which an item is not covered.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum Why {
    /// It cannot be checked, or not yet.
    NotCheckable,
    /// Its rules are off.
    RulesOff,
    /// No document of a kind that its rules judge was given.
    NotGiven,
    /// The documents that were given have nothing in them that its rules judge.
    NoSubject,
}

/// A rule that serves an item.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Rule")]
struct JsonRule<'a> {
    /// `area/name`, or `bundle/area/name` outside the default bundle.
    id: &'a str,
    /// The fault in a few words.
    title: &'a str,
    /// Its severity in force.
    severity: Severity,
    /// Whether it is on.
    enabled: bool,
    /// The profiles that turn it on.
    profiles: &'a [String],
    /// What it says of how many subjects; absent where no documents were given, or it is off.
    #[serde(skip_serializing_if = "Option::is_none")]
    subjects: Option<JsonCounts>,
}

/// The number of subjects by what a rule says of them.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Counts")]
struct JsonCounts {
    /// Without fault.
    pass: usize,
    /// With at least one finding.
    fail: usize,
    /// The facts do not say.
    unknown: usize,
    /// The rule could not be run.
    error: usize,
    /// Subjects of the run that some rule judges, and this one does not.
    not_applicable: usize,
}

impl<'a> JsonPage<'a> {
    fn new(page: &'a Page) -> Self {
        let run = page.run.as_ref().map(|run| JsonRun {
            status: run.status.as_str(),
            documents: (run.documents.iter())
                .map(|(path, kind)| JsonDocument { path, kind })
                .collect(),
        });
        let summary = page.run.is_some().then(|| Summary {
            items: page.items().count(),
            fail: page.count(State::Fail),
            unknown: page.count(State::Unknown),
            pass: page.count(State::Pass),
            not_covered: page.count(State::NotCovered),
        });
        let has_run = page.run.is_some();
        let guides = page.guides.iter().map(|guide| JsonGuide {
            id: &guide.id,
            title: &guide.title,
            sections: (guide.sections.iter())
                .map(|section| JsonSection {
                    id: section.id.as_deref(),
                    title: &section.title,
                    items: section.items.iter().map(|row| JsonItem::new(row, has_run)).collect(),
                })
                .collect(),
        });
        JsonPage {
            checklist: VERSION,
            version: crate::VERSION,
            profile: page.profile,
            run,
            summary,
            guides: guides.collect(),
        }
    }
}

impl<'a> JsonItem<'a> {
    fn new(row: &'a ItemRow, has_run: bool) -> Self {
        let item = &row.item;
        JsonItem {
            id: &item.id,
            title: &item.title,
            verification: item.verification.as_deref(),
            state: row.state.map(|state| match state {
                State::Fail => JsonState::Fail,
                State::Unknown => JsonState::Unknown,
                State::Pass => JsonState::Pass,
                State::NotCovered => JsonState::NotCovered,
            }),
            not_covered: row.uncovered.as_ref().map(|uncovered| NotCovered {
                why: match uncovered {
                    Uncovered::NotCheckable(_) => Why::NotCheckable,
                    Uncovered::RulesOff(_) => Why::RulesOff,
                    Uncovered::NotGiven(_) => Why::NotGiven,
                    Uncovered::NoSubject(_) => Why::NoSubject,
                },
                text: uncovered.words(),
            }),
            reason: item.reason.as_deref(),
            instead: item.instead.as_deref(),
            rules: row.rules.iter().map(|rule| JsonRule::new(rule, has_run)).collect(),
        }
    }
}

impl<'a> JsonRule<'a> {
    fn new(rule: &'a RuleOfItem, has_run: bool) -> Self {
        let Counts { pass, fail, unknown, error, not_applicable } = rule.counts;
        let counts = JsonCounts { pass, fail, unknown, error, not_applicable };
        JsonRule {
            id: &rule.meta.id,
            title: &rule.meta.title,
            severity: rule.severity,
            enabled: rule.enabled,
            profiles: &rule.meta.profiles,
            subjects: Some(counts).filter(|_| has_run && rule.enabled),
        }
    }
}
