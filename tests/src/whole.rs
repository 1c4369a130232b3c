//! The whole default bundle, every rule on: what benchmarks measure.

use plimsoll_engine::Engine;
use plimsoll_engine::bundle::merged_tables;
use plimsoll_engine::config::{self, Settings};
use plimsoll_engine::evaluate::Evaluator;
use plimsoll_engine::evaluate::rego::{Limits, RegoEvaluator};
use plimsoll_engine::source::Source;

use crate::checklist;

/// An engine on one thread, as it is when all profiles are wanted.
///
/// # Panics
///
/// When the default bundle cannot be loaded.
#[must_use]
pub fn engine() -> Engine {
    let bundle = checklist();
    let ids: Vec<String> =
        bundle.rules().iter().map(|rule| format!("  {}: on\n", rule.id())).collect();
    let settings: Settings =
        config::parse(&Source::new("bench", format!("rules:\n{}", ids.concat())))
            .unwrap_or_else(|problems| panic!("{}", plimsoll_engine::BuildError(problems)));
    let engine = Engine::builder().bundle(bundle).settings(settings).threads(1).build();
    engine.unwrap_or_else(|error| panic!("{error}"))
}

/// The rules alone, and the positions of those for a kind of document.
///
/// # Panics
///
/// When the default bundle cannot be loaded.
#[must_use]
pub fn rules_for(kind: &str) -> (RegoEvaluator, Vec<usize>) {
    let bundle = checklist();
    let (tables, limits) = (merged_tables(&[&bundle]), Limits::default());
    let evaluator = RegoEvaluator::load(&[&bundle], serde_json::json!({}), tables, limits)
        .unwrap_or_else(|problems| panic!("{}", plimsoll_engine::BuildError(problems)));
    let metas = evaluator.rules().iter().enumerate();
    let of_kind = metas.filter(|(_, meta)| meta.kinds.iter().any(|of| of == kind));
    let positions = of_kind.map(|(at, _)| at).collect();
    (evaluator, positions)
}
