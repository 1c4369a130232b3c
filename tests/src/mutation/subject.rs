//! A rule with what it needs to run by itself, and the cases of its page.

use std::collections::BTreeSet;

use plimsoll_engine::BuildError;
use plimsoll_engine::bundle::{Bundle, RuleModule};
use plimsoll_engine::document::FORMATS;
use plimsoll_engine::evaluate::rego::mutation::{Mutant, sample};
use plimsoll_engine::policy_test::{self, Case, Runner};
use plimsoll_engine::source::Source;
use serde_json::{Value, json};

/// A rule that is tried.
pub(super) struct Subject<'b> {
    pub(super) rule: &'b RuleModule,
    /// The rule, those whose parameters it reads, and their libraries.
    bundle: Bundle,
    paths: BTreeSet<String>,
    /// Those that find something first: they notice most.
    cases: Vec<Case>,
}

impl<'b> Subject<'b> {
    pub(super) fn new(bundle: &'b Bundle, rule: &'b RuleModule) -> Result<Self, String> {
        let kinds: Vec<&str> = FORMATS.iter().map(|format| format.name).collect();
        let page = policy_test::parse(rule.page(), &kinds)
            .map_err(|problems| BuildError(problems).to_string())?;
        let mut cases = page.cases;
        cases.sort_by_key(|case| !case.expected.iter().any(|line| line.starts_with("fail ")));
        let paths = needed(bundle, rule.path());
        let own = bundle.narrowed(|path| paths.contains(path), None);
        Ok(Subject { rule, bundle: own, paths, cases })
    }

    pub(super) fn uses(&self, path: &str) -> bool {
        self.paths.contains(path)
    }

    /// The first case that gives another outcome than its page says, with a mutant in the module of
    /// that path, or with another default of a parameter. An error when that does not load.
    pub(super) fn first_difference(
        &self,
        mutant: Option<(&str, &Mutant)>,
        default: Option<(&str, &Value)>,
    ) -> Result<Option<&str>, ()> {
        let bundle = match mutant {
            None => self.bundle.clone(),
            Some((path, mutant)) => {
                let source = self.source(path).ok_or(())?;
                let text = mutant.apply(source);
                self.bundle.narrowed(|_| true, Some((path, text)))
            }
        };
        let mut runner = Runner::new(vec![bundle]);
        for case in &self.cases {
            let changed;
            let case = match default {
                None => case,
                Some((name, value)) => match with_param(case, name, value) {
                    None => continue,
                    Some(case) => {
                        changed = case;
                        &changed
                    }
                },
            };
            let outcome = runner.run(self.rule.id(), case).map_err(|_| ())?;
            if outcome.actual != case.expected {
                return Ok(Some(&self.cases.iter().find(|c| c.name == case.name).ok_or(())?.name));
            }
        }
        Ok(None)
    }

    fn source(&self, path: &str) -> Option<&Source> {
        let rule = self.bundle.rules().iter().find(|rule| rule.path() == path);
        let library = self.bundle.libraries().iter().find(|library| library.path() == path);
        let rule = rule.map(|rule| &**rule.source());
        rule.or_else(|| library.map(|library| &**library.source()))
    }
}

/// A case with a parameter set; none when the case sets it itself.
fn with_param(case: &Case, name: &str, value: &Value) -> Option<Case> {
    let mut config: Value = match &case.config {
        None => json!({}),
        Some(source) => serde_yaml::from_str(source.text()).ok()?,
    };
    let params = config.as_object_mut()?.entry("params").or_insert_with(|| json!({}));
    let params = params.as_object_mut()?;
    if params.contains_key(name) {
        return None;
    }
    params.insert(name.to_owned(), value.clone());
    // JSON is YAML.
    Some(Case { config: Some(Source::new("config", config.to_string())), ..case.clone() })
}

/// The paths of the modules that a module needs, itself included.
fn needed(bundle: &Bundle, path: &str) -> BTreeSet<String> {
    let rules = || bundle.rules().iter().map(|rule| (rule.path(), rule.source()));
    let libraries = || bundle.libraries().iter().map(|file| (file.path(), file.source()));
    let imported = format!("import data.{}.lib.", bundle.name());
    let mut found = BTreeSet::new();
    let mut open = vec![path.to_owned()];
    while let Some(path) = open.pop() {
        let Some((_, source)) = rules().chain(libraries()).find(|(other, _)| **other == *path)
        else {
            continue;
        };
        for line in source.text().lines() {
            if let Some(name) = line.strip_prefix(&imported) {
                let name = name.split_whitespace().next().unwrap_or_default();
                open.push(format!("lib/{name}.rego"));
            }
            let ids = line.split("input.params[\"").skip(1).filter_map(|rest| rest.split('"').next());
            open.extend(ids.map(|id| format!("{id}.rego")));
        }
        found.insert(path);
        open.retain(|path| !found.contains(path));
    }
    found
}

/// Other values than a default, each with what is changed.
pub(super) fn other_values(default: &Value) -> Vec<(Value, String)> {
    match default {
        Value::Bool(flag) => vec![(json!(!flag), format!("{flag} → {}", !flag))],
        Value::Number(number) => number
            .as_i64()
            .into_iter()
            .flat_map(|number| [number.saturating_add(1), number.saturating_sub(1)])
            .map(|other| (json!(other), format!("{number} → {other}")))
            .collect(),
        Value::String(text) => {
            vec![(json!(format!("{text}~")), format!("`{text}` → `{text}~`"))]
        }
        Value::Array(items) => sample(items.len())
            .into_iter()
            .filter_map(|at| {
                let mut other = items.clone();
                let gone = other.remove(at);
                Some((Value::Array(other), format!("drop {gone}")))
            })
            .collect(),
        Value::Object(fields) => sample(fields.len())
            .into_iter()
            .filter_map(|at| {
                let (name, value) = fields.iter().nth(at)?;
                let mut other = fields.clone();
                other.shift_remove(name);
                Some((Value::Object(other), format!("drop {name}: {value}")))
            })
            .collect(),
        Value::Null => Vec::new(),
    }
}
