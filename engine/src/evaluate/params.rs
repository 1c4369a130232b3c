//! The values of parameters that rules are run with.

use std::sync::Arc;

use plimsoll_sdk::rule::RuleMeta;
use serde_json::{Map, Value as Json};

use crate::diagnostic::Diagnostic;
use crate::nearest::nearest;
use crate::params::ParamSpec;

/// The parameters of every rule: those given, else their defaults.
pub(super) fn resolve(
    rules: &[&Arc<RuleMeta>],
    given: &Json,
    problems: &mut Vec<Diagnostic>,
) -> Json {
    let empty = Map::new();
    let given = given.as_object().unwrap_or(&empty);
    for id in given.keys().filter(|id| rules.iter().all(|rule| rule.id != **id)) {
        let mut problem =
            Diagnostic::error(format!("there is no rule `{id}` to set parameters of"));
        problem.help = nearest(id, rules.iter().map(|rule| rule.id.as_str()))
            .map(|near| format!("did you mean `{near}`"));
        problems.push(problem);
    }
    let mut params = Map::new();
    for rule in rules {
        let values = given.get(&rule.id).and_then(Json::as_object).unwrap_or(&empty);
        for name in values.keys().filter(|name| !rule.params.contains_key(*name)) {
            let message = format!("`{}` has no parameter `{name}`", rule.id);
            let mut problem = Diagnostic::error(message);
            problem.help = nearest(name, rule.params.keys().map(String::as_str))
                .map(|near| format!("did you mean `{near}`"));
            problems.push(problem);
        }
        let mut resolved = Map::new();
        for (name, param) in &rule.params {
            let value = values.get(name).unwrap_or(&param.default);
            let fits = ParamSpec::new(name, param).map(|spec| spec.check(value));
            if let Some(Err(mismatch)) = fits {
                let id = &rule.id;
                let message = format!("the parameter `{name}` of `{id}` does not fit: {mismatch}");
                problems.push(Diagnostic::error(message));
            }
            resolved.insert(name.clone(), value.clone());
        }
        params.insert(rule.id.clone(), Json::Object(resolved));
    }
    Json::Object(params)
}
