//! Running the cases of a page.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use serde::Deserialize;
use serde_json::{Value, json};

use super::page::{Case, whole};
use crate::bundle::Bundle;
use crate::config;
use crate::diagnostic::{Diagnostic, Level};
use crate::document::{self, Document, Folder, Input, ReadOptions};
use crate::engine::Engine;
use crate::evaluate::wasm::Plugin;
use crate::files::MemoryFiles;
use crate::git;
use crate::report::{self, Report};
use crate::source::Source;

/// The time that cases are judged by unless they name one.
const NOW: &str = "2026-11-22T00:00:00Z";

/// What came of a case.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// The lines that its `outcomes` fence should have.
    pub actual: Vec<String>,
    /// The documents that were checked, linked.
    pub documents: Vec<Document>,
}

/// The keys of a case's `config` fence.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct CaseConfig {
    #[serde(default)]
    params: serde_json::Map<String, Value>,
    #[serde(default)]
    build_args: HashMap<String, String>,
    target: Option<String>,
    platform: Option<String>,
    /// `null` is no time at all.
    #[serde(default = "today")]
    now: Option<String>,
    unknown_base: Option<String>,
}

fn today() -> Option<String> {
    Some(NOW.into())
}

impl Default for CaseConfig {
    fn default() -> Self {
        CaseConfig {
            params: serde_json::Map::new(),
            build_args: HashMap::new(),
            target: None,
            platform: None,
            now: today(),
            unknown_base: None,
        }
    }
}

/// Runs cases. Engines are kept, so that cases with the same configuration share one.
pub struct Runner {
    bundles: Vec<Bundle>,
    plugins: Vec<Plugin>,
    engines: HashMap<String, Arc<Engine>>,
}

impl Runner {
    /// Runs cases against the rules of these bundles, all of them on.
    #[must_use]
    pub fn new(bundles: Vec<Bundle>) -> Self {
        Runner { bundles, plugins: Vec::new(), engines: HashMap::new() }
    }

    /// Runs them against the rules of these plugins, too.
    #[must_use]
    pub fn with_plugins(self, plugins: Vec<Plugin>) -> Self {
        Runner { plugins, ..self }
    }

    /// Runs one case of a rule's page, and gives what the rule says.
    ///
    /// # Errors
    ///
    /// A `config` fence that makes no sense, or a policy that does not build with it.
    pub fn run(&mut self, rule: &str, case: &Case) -> Result<Outcome, Vec<Diagnostic>> {
        let config = read_config(case)?;
        let engine = self.engine(rule, case, &config)?;
        let documents = documents(case, &config);
        let mut linked = documents.clone();
        engine.link(&mut linked);
        let report = engine.check(documents);
        let mut actual = lines(&report, rule, linked.len());
        // Of the documents only: what other rules fail on is on their own pages.
        let problems = linked.iter().flat_map(|document| &document.problems);
        let errors = problems.filter(|problem| problem.level == Level::Error);
        actual.extend(errors.map(|problem| format!("problem {}", quote(&problem.message))));
        Ok(Outcome { actual, documents: linked })
    }

    fn engine(
        &mut self,
        rule: &str,
        case: &Case,
        config: &CaseConfig,
    ) -> Result<Arc<Engine>, Vec<Diagnostic>> {
        let of_bundles = self.bundles.iter().flat_map(Bundle::rules).map(|rule| rule.id());
        let of_plugins = self.plugins.iter().flat_map(Plugin::rules).map(|rule| rule.id.as_str());
        let ids = of_bundles.chain(of_plugins).map(str::to_owned);
        let mut rules: serde_json::Map<String, Value> =
            ids.map(|id| (id, json!({"enabled": true}))).collect();
        if !config.params.is_empty() {
            rules.insert(rule.to_owned(), json!({"enabled": true, "params": config.params}));
        }
        let unknown_base = config.unknown_base.as_deref().unwrap_or("assume");
        let now = config.now.as_deref();
        // JSON is YAML, and so the settings of a case are checked like everybody's.
        let text = json!({"rules": rules, "unknown-base": unknown_base}).to_string();
        let key = format!("{} {text}", now.unwrap_or_default());
        if let Some(engine) = self.engines.get(&key) {
            return Ok(Arc::clone(engine));
        }
        let settings = config::parse(&Source::new(format!("{} (config)", case.name), text))?;
        let mut builder = Engine::builder().settings(settings).threads(1);
        if let Some(now) = now {
            builder = builder.now(now);
        }
        for bundle in &self.bundles {
            builder = builder.bundle(bundle.clone());
        }
        for plugin in &self.plugins {
            builder = builder.plugin(plugin.clone());
        }
        let engine = Arc::new(builder.build().map_err(|error| error.0)?);
        self.engines.insert(key, Arc::clone(&engine));
        Ok(engine)
    }
}

fn read_config(case: &Case) -> Result<CaseConfig, Vec<Diagnostic>> {
    let Some(source) = &case.config else { return Ok(CaseConfig::default()) };
    serde_yaml::from_str(source.text()).map_err(|error| {
        vec![
            Diagnostic::error(format!("the config of this case is wrong: {error}"))
                .at(whole(source)),
        ]
    })
}

fn documents(case: &Case, config: &CaseConfig) -> Vec<Document> {
    let mut build_args: Vec<(String, String)> = config.build_args.clone().into_iter().collect();
    build_args.sort();
    let options = ReadOptions {
        build_args,
        target: config.target.clone(),
        platform: config.platform.clone(),
        ..ReadOptions::default()
    };
    let files = Arc::new(files(case));
    let checked = case.files.iter().filter_map(|file| {
        let format = document::FORMATS.iter().find(|f| Some(f.name) == file.kind.as_deref())?;
        let (path, name) = file.name.rsplit_once('/').unwrap_or(("", &file.name));
        let folder = Folder {
            files: Arc::clone(&files) as Arc<dyn crate::files::Files>,
            path: path.to_owned(),
            file_name: name.to_owned(),
        };
        let source = Source::new(file.name.clone(), file.text.clone());
        Some((format.read)(&Input { source, folder: Some(folder) }, &options))
    });
    checked.flatten().collect()
}

/// The files of a case, with what it says of them.
fn files(case: &Case) -> MemoryFiles {
    let mut files = MemoryFiles::default();
    for file in &case.files {
        files = files.with(file.name.clone(), file.text.clone());
        if let Some(mode) = file.mode {
            files = files.with_mode(file.name.clone(), mode);
        }
    }
    let tracked = case.files.iter().filter(|file| file.is_tracked);
    let tracked: BTreeSet<String> = tracked.map(|file| file.name.clone()).collect();
    if tracked.is_empty() {
        return files;
    }
    files
        .with(".git/HEAD", "ref: refs/heads/main\n")
        .with(".git/index", git::index::write(&tracked))
}

/// What the rule says of the documents that were given, as the lines of an `outcomes` fence. What the
/// engine adds to a run of its own, the policy's tables, comes after them.
fn lines(report: &Report, rule: &str, given: usize) -> Vec<String> {
    let several = given > 1;
    let added: Vec<&str> = report.documents.iter().skip(given).map(|row| &*row.name).collect();
    let mut lines = Vec::new();
    for decision in &report.decisions {
        let finding = &decision.finding;
        if finding.rule.id != rule || added.contains(&&*finding.document) {
            continue;
        }
        let here = *finding.place.source.name() == *finding.document && !several;
        let file = if here { String::new() } else { format!("{}:", finding.place.source.name()) };
        let message = quote(&finding.message);
        let mut line = format!("fail {file}{} {message}", finding.place.start());
        if finding.severity != finding.rule.severity {
            line.push(' ');
            line.push_str(finding.severity.as_str());
        }
        lines.push(line);
    }
    let is_of = |row: &&report::OutcomeRow| report.rules[row.rule].meta.id == rule;
    let rows = report.outcomes.iter().filter(|row| row.document < given).filter(is_of);
    lines.extend(rows.filter_map(|row| match row.outcome {
        report::Outcome::Pass => Some(format!("pass {}", row.subject)),
        report::Outcome::Unknown => Some(format!("unknown {} {}", row.subject, quote(&row.reason))),
        report::Outcome::Error => Some(format!("error {}", quote(&row.reason))),
        report::Outcome::Fail => None,
    }));
    lines
}

fn quote(text: &str) -> String {
    Value::from(text).to_string()
}
