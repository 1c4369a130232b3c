//! Native tests of a plugin's rules: `cargo test`, without WebAssembly and without a host.

use serde_json::Value;

use crate::facts::Facts;
use crate::plugin::{Check, Verdict, judge_facts};

/// Runs a rule over facts, with its parameters at their defaults.
///
/// ```
/// # use plimsoll_sdk::{Check, Facts, Findings, Params, Rule, Severity};
/// # struct MyRule;
/// # impl Check for MyRule {
/// #     const RULE: Rule = Rule::new("a/b", "t", Severity::Low);
/// #     fn new(_: &Params) -> Self { MyRule }
/// #     fn check(&self, _: &Facts, _: &mut Findings) {}
/// # }
/// let facts = Facts::new("dockerfile", "Dockerfile");
/// let verdict = plimsoll_sdk::testing::run::<MyRule>(&facts);
/// assert_eq!(verdict.unwrap().messages(), [""; 0]);
/// ```
///
/// # Errors
///
/// The reason why the rule could not judge, as the host would report it.
pub fn run<C: Check>(facts: &Facts) -> Result<Verdict, String> {
    judge_facts::<C>(&C::RULE.defaults().to_string(), facts.clone())
}

/// As [`run`], with other values for some parameters: `json!({"max": 3})`.
///
/// # Errors
///
/// As [`run`]; and when a parameter is not declared, which the host would not let through.
pub fn run_with<C: Check>(facts: &Facts, params: &Value) -> Result<Verdict, String> {
    let mut all = C::RULE.defaults();
    let given = params.as_object().ok_or("the parameters are no JSON object")?;
    for (name, value) in given {
        match all.get_mut(name) {
            Some(slot) => *slot = value.clone(),
            None => return Err(format!("the rule declares no parameter `{name}`")),
        }
    }
    judge_facts::<C>(&all.to_string(), facts.clone())
}
