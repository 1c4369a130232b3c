//! Running the rules on the fixtures.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use plimsoll_engine::bundle::Bundle;
use plimsoll_engine::config;
use plimsoll_engine::document::{FORMATS, Folder, Input, ReadOptions};
use plimsoll_engine::files::MemoryFiles;
use plimsoll_engine::source::Source;
use plimsoll_engine::{BuildError, Engine};
use serde_json::{Map, Value, json};

use super::Fixture;

/// Switches that make a rule judge as another tool does, where both ways have their merits: tool,
/// rule, parameter, value. They are set for that tool's fixtures only; what a rule does not have
/// (yet) is left out.
pub const PRESETS: &[(&str, &str, &str, &str)] =
    &[("kics", "container/privileged-port", "check_container_port", "true")];

/// A rule of ours that found something, and the first and the last line of what it points at.
type Found = (String, u32, u32);

/// What both say of one rule in one file.
#[derive(Clone, Debug)]
pub struct Compared {
    /// What the other tool says.
    pub fixture: Fixture,
    /// The rules of ours that mean the same.
    pub rules: Vec<String>,
    /// The lines, first and last, of what they found.
    pub found: Vec<(u32, u32)>,
    /// Lines of the fixture's that nothing was found in.
    pub missed: Vec<u32>,
    /// Lines that something was found in which the fixture does not name.
    pub extra: Vec<u32>,
}

impl Compared {
    /// What the disagreement is about: the file as a whole, or a line.
    #[must_use]
    pub fn disagreement(&self) -> Option<String> {
        let lines = |lines: &[u32]| {
            lines.iter().map(|line| format!("{line}")).collect::<Vec<_>>().join(", ")
        };
        match (self.fixture.positive, self.found.is_empty()) {
            (true, true) => Some("they find something, we do not".to_owned()),
            (false, false) => {
                Some(format!("we find something in line {}, they do not", lines(&self.extra)))
            }
            _ if !self.missed.is_empty() && !self.extra.is_empty() => Some(format!(
                "they name line {}, we name line {}",
                lines(&self.missed),
                lines(&self.extra)
            )),
            _ if !self.missed.is_empty() => {
                Some(format!("they also name line {}", lines(&self.missed)))
            }
            _ if !self.extra.is_empty() => {
                Some(format!("we also name line {}", lines(&self.extra)))
            }
            _ => None,
        }
    }
}

/// What came of all fixtures.
#[derive(Debug, Default)]
pub struct Comparison {
    /// Those of rules that have an equivalent.
    pub compared: Vec<Compared>,
    /// Those of rules that have none: tool, rule, number of files.
    pub uncovered: BTreeMap<(String, String), usize>,
}

/// Runs every rule on every fixture.
///
/// # Panics
///
/// When the bundle or a preset is broken.
#[must_use]
pub fn compare(bundle: &Bundle, fixtures: Vec<Fixture>) -> Comparison {
    let mut comparison = Comparison::default();
    let mut engines: BTreeMap<&str, Engine> = BTreeMap::new();
    let mut found: BTreeMap<(&str, String), Vec<Found>> = BTreeMap::new();
    for fixture in fixtures {
        let rules = equivalents(bundle, &fixture);
        if rules.is_empty() {
            let key = (fixture.tool.to_owned(), fixture.rule.clone());
            *comparison.uncovered.entry(key).or_default() += 1;
            continue;
        }
        let engine = engines.entry(fixture.tool).or_insert_with(|| engine(bundle, fixture.tool));
        let all = found
            .entry((fixture.tool, fixture.file.clone()))
            .or_insert_with(|| check(engine, &fixture));
        let ours: BTreeSet<(u32, u32)> = all
            .iter()
            .filter(|(rule, ..)| rules.contains(rule))
            .map(|(_, first, last)| (*first, *last))
            .collect();
        comparison.compared.push(aligned(fixture, rules, ours.into_iter().collect()));
    }
    comparison
}

fn equivalents(bundle: &Bundle, fixture: &Fixture) -> Vec<String> {
    let means = |ids: &Vec<String>| ids.contains(&fixture.rule);
    let rules = bundle
        .rules()
        .iter()
        .filter(|rule| rule.meta().equivalents.get(fixture.tool).is_some_and(means));
    rules.map(|rule| rule.id().to_owned()).collect()
}

fn engine(bundle: &Bundle, tool: &str) -> Engine {
    let mut rules: Map<String, Value> = bundle
        .rules()
        .iter()
        .map(|rule| (rule.id().to_owned(), json!({"enabled": true})))
        .collect();
    for (_, rule, param, value) in PRESETS.iter().filter(|(for_tool, ..)| *for_tool == tool) {
        let has = |known: &&_| {
            let known: &plimsoll_engine::bundle::RuleModule = known;
            known.id() == *rule && known.meta().params.contains_key(*param)
        };
        if bundle.rules().iter().any(|known| has(&known)) {
            let value: Value =
                serde_json::from_str(value).unwrap_or_else(|e| panic!("{rule}: {e}"));
            rules.insert((*rule).to_owned(), json!({"enabled": true, "params": {*param: value}}));
        }
    }
    let text = json!({"rules": rules}).to_string();
    let settings = config::parse(&Source::new("presets", text))
        .unwrap_or_else(|problems| panic!("{}", BuildError(problems)));
    let builder = Engine::builder().bundle(bundle.clone()).settings(settings);
    builder.now("2026-11-22T00:00:00Z").build().unwrap_or_else(|error| panic!("{error}"))
}

/// Everything that is found in a file: the rule, and the lines of what it points at.
fn check(engine: &Engine, fixture: &Fixture) -> Vec<Found> {
    let name = fixture.file.rsplit('/').next().unwrap_or_default();
    let files = MemoryFiles::default().with(name.to_owned(), fixture.text.clone());
    let folder = Folder { files: Arc::new(files), path: String::new(), file_name: name.to_owned() };
    let source = Source::new(name, fixture.text.clone());
    let input = Input { source, folder: Some(folder) };
    let format = FORMATS.iter().find(|format| format.name == fixture.format);
    let documents = format.map(|format| (format.read)(&input, &ReadOptions::default()));
    let report = engine.check(documents.unwrap_or_default());
    let findings = report.decisions.iter().map(|decision| &decision.finding);
    findings
        .map(|finding| {
            let (start, end) = (finding.place.start().line, finding.place.end().line);
            (finding.rule.id.clone(), start, end.max(start))
        })
        .collect()
}

fn aligned(fixture: Fixture, rules: Vec<String>, found: Vec<(u32, u32)>) -> Compared {
    let first = first_lines(&fixture);
    let head = |line: u32| first.get(line as usize).copied().unwrap_or(line);
    let same = |line: u32, &(start, end): &(u32, u32)| {
        head(line) == head(start) || (start..=end).contains(&line)
    };
    let lines = fixture.lines.clone().unwrap_or_default();
    let known = !fixture.positive || fixture.lines.is_some();
    let missed = |line: &u32| !found.iter().any(|found| same(*line, found));
    let extra = |found: &&(u32, u32)| known && !lines.iter().any(|line| same(*line, found));
    let missed: BTreeSet<u32> = lines.iter().copied().filter(missed).collect();
    let extra: BTreeSet<u32> = found.iter().filter(extra).map(|(start, _)| *start).collect();
    let (missed, extra) = (missed.into_iter().collect(), extra.into_iter().collect());
    Compared { fixture, rules, missed, extra, found }
}

/// For each line of a Dockerfile, counted from 1, the first line of its instruction.
fn first_lines(fixture: &Fixture) -> Vec<u32> {
    if fixture.format != "dockerfile" {
        return Vec::new();
    }
    let mut first = vec![0];
    let mut start = None;
    for (number, line) in (1..).zip(fixture.text.lines()) {
        let line = line.trim();
        first.push(start.unwrap_or(number));
        let inside = line.is_empty() || line.starts_with('#');
        if line.ends_with('\\') {
            start = start.or(Some(number));
        } else if !(inside && start.is_some()) {
            start = None;
        }
    }
    first
}
