//! The component: what `wit/v1/plugin.wit` asks of a plugin, in terms of a [`Plugin`].
//!
//! Exists in builds for WebAssembly only.

use std::panic;

use bindings::plimsoll::plugin::types;

use crate::finding::{RawFinding, RawPlace, RawRelated, RawUnknown};
use crate::plugin::{Level, Plugin, Verdict};

#[doc(hidden)]
#[allow(missing_docs, unreachable_pub, unused_qualifications)]
pub mod bindings {
    wit_bindgen::generate!({
        path: "wit/v1",
        world: "plugin",
        pub_export_macro: true,
        export_macro_name: "export_component",
        default_bindings_module: "plimsoll_sdk::guest::bindings",
    });
}

/// A line for the host.
pub(crate) fn log(level: Level, message: &str) {
    let level = match level {
        Level::Debug => types::Level::Debug,
        Level::Info => types::Level::Info,
        Level::Warning => types::Level::Warning,
        Level::Error => types::Level::Error,
    };
    bindings::log(level, message);
}

/// The export `describe`.
#[must_use]
pub fn describe(plugin: &Plugin) -> String {
    tell_panics();
    // A map with keys that are no strings would be an error; there is none.
    serde_json::to_string(&plugin.describe()).unwrap_or_default()
}

/// The export `check`.
#[must_use]
pub fn check(
    plugin: &Plugin,
    facts: &str,
    rules: &[types::Wanted],
) -> Vec<Result<types::Verdict, String>> {
    tell_panics();
    let wanted: Vec<_> =
        rules.iter().map(|wanted| (wanted.rule.as_str(), wanted.params.as_str())).collect();
    let answers = plugin.check(facts, &wanted);
    answers.into_iter().map(|answer| answer.map(types::Verdict::from)).collect()
}

/// A panic is a trap that says nothing: the host hears the message first.
fn tell_panics() {
    panic::set_hook(Box::new(|info| log(Level::Error, &info.to_string())));
}

impl From<Verdict> for types::Verdict {
    fn from(verdict: Verdict) -> Self {
        types::Verdict {
            findings: verdict.findings.into_iter().map(types::Finding::from).collect(),
            unknowns: verdict.unknowns.into_iter().map(types::Unknown::from).collect(),
        }
    }
}

impl From<RawFinding> for types::Finding {
    fn from(finding: RawFinding) -> Self {
        types::Finding {
            place: finding.place.into(),
            message: finding.message,
            subject: finding.subject.map(|loc| loc.0),
            level: finding.level,
            related: finding.related.into_iter().map(types::Related::from).collect(),
        }
    }
}

impl From<RawPlace> for types::Place {
    fn from(place: RawPlace) -> Self {
        types::Place { loc: place.loc.0, field: place.field, item: place.item }
    }
}

impl From<RawRelated> for types::Related {
    fn from(related: RawRelated) -> Self {
        types::Related { place: related.place.into(), message: related.message }
    }
}

impl From<RawUnknown> for types::Unknown {
    fn from(unknown: RawUnknown) -> Self {
        types::Unknown { subject: unknown.subject.0, reason: unknown.reason }
    }
}

/// The exports of a component, which stand in the crate of the plugin.
#[doc(hidden)]
#[macro_export]
macro_rules! __export_component {
    ($plugin:expr) => {
        const _: () = {
            struct Component;

            impl $crate::guest::bindings::Guest for Component {
                fn describe() -> String {
                    $crate::guest::describe(&$plugin)
                }

                fn check(
                    facts: String,
                    rules: Vec<$crate::guest::bindings::Wanted>,
                ) -> Vec<Result<$crate::guest::bindings::Verdict, String>> {
                    $crate::guest::check(&$plugin, &facts, &rules)
                }
            }

            $crate::guest::bindings::export_component!(Component with_types_in $crate::guest::bindings);
        };
    };
}
