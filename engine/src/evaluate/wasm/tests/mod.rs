//! Guests made of text, and what the host makes of them.

#[cfg(unix)]
mod cache;
mod guest;
mod hostile;
mod load;
mod run;

use std::sync::Arc;

use serde_json::{Value, json};

use super::{Limits, Plugin, PluginOptions, Usage, WasmEvaluator};
use crate::diagnostic::Diagnostic;
use crate::document::{Document, FORMATS, Input, ReadOptions};
use crate::engine::vocabulary;
use crate::evaluate::{Evaluator, RuleError, RuleOutput};
use crate::source::Source;
pub(super) use guest::{Guest, component};

/// A rule as `describe` gives it.
fn rule(id: &str) -> Value {
    json!({
        "id": id,
        "title": "Something is wrong",
        "description": "Looks for what is wrong.",
        "severity": "medium",
        "levels": {"minor": "low"},
        "kinds": ["dockerfile"],
        "subjects": ["image"],
        "profiles": ["baseline"],
        "remedy": "Put it right.",
    })
}

fn description(rules: &[Value]) -> Value {
    json!({"name": "zoo", "version": "1.2.3", "facts": "0", "rules": rules})
}

/// A guest with a rule for each of these words, `zoo/a/WORD`.
fn zoo(words: &[&str]) -> Guest {
    let rules: Vec<Value> = words.iter().map(|word| rule(&format!("zoo/a/{word}"))).collect();
    Guest::new(&description(&rules).to_string())
}

fn load(bytes: &[u8], options: &PluginOptions) -> Result<Plugin, Vec<Diagnostic>> {
    Plugin::from_bytes("zoo.wasm", bytes, options, &vocabulary())
}

fn plugin(guest: &Guest) -> Plugin {
    load(&guest.build(), &PluginOptions::default()).unwrap()
}

/// The messages of what is wrong with a plugin.
fn wrong(bytes: &[u8]) -> Vec<String> {
    let problems = load(bytes, &PluginOptions::default()).map(|_| ()).unwrap_err();
    problems.into_iter().map(|problem| problem.message).collect()
}

fn limits(change: impl FnOnce(&mut Limits)) -> PluginOptions {
    let mut options = PluginOptions::default();
    change(&mut options.limits);
    options
}

fn dockerfile() -> Document {
    let format = FORMATS.iter().find(|format| format.name == "dockerfile").unwrap();
    let source = Source::new("Dockerfile", "FROM debian:12\nRUN true\n");
    let input = Input { source, folder: None };
    (format.read)(&input, &ReadOptions::default()).remove(0)
}

/// What the rules of a plugin say of a Dockerfile, by the last word of their ids.
fn judge(plugin: &Plugin) -> Vec<(String, Result<RuleOutput, RuleError>)> {
    let evaluator = WasmEvaluator::load(std::slice::from_ref(plugin), &json!({})).unwrap();
    let wanted: Vec<usize> = (0..evaluator.rules().len()).collect();
    let word = |rule: usize| evaluator.rules()[rule].id.rsplit('/').next().unwrap().to_owned();
    let answers = evaluator.session().check(&dockerfile().facts, &wanted);
    answers.into_iter().map(|(rule, answer)| (word(rule), answer)).collect()
}

/// Why the only rule of a plugin has no answer.
fn failure(plugin: &Plugin) -> RuleError {
    let mut answers = judge(plugin);
    assert_eq!(answers.len(), 1);
    answers.remove(0).1.unwrap_err()
}

fn image_loc() -> u32 {
    dockerfile().facts.images[0].loc.0
}

fn page() -> Arc<Source> {
    Source::new("rules/a/good.md", "# Good\n\nIt is a page.\n")
}
