//! Variables in a compose file are replaced by their values.
//!
//! Owns what compose-go's `interpolation` package does to a tree: every text that is a value (never
//! a key) is substituted, then converted where a number or boolean must stand. It changes values
//! only; what they were written as stays beside them ([`Substitution`]).

mod cast;
pub mod template;
#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::sync::Arc;

pub use template::{Variable, variables};

use crate::diagnostic::{Diagnostic, Level};
use crate::document::compose::part;
use crate::document::compose::tree::{Node, Substitution, Value};
use crate::document::compose::variables::{Unset, Variables};
use crate::document::partial::Partial;
use crate::source::Place;
use crate::yaml::MAX_PROBLEMS;
use cast::{Cast, Casts};
use template::{Fault, Lookup, Substituted, TemplateError};

/// The most text that substitution may write for one file, in bytes: a few short lines can ask
/// for gigabytes.
pub const MAX_OUTPUT: usize = 64 << 20;

/// Substitutes every text of a file's tree and converts those that must be numbers or booleans.
///
/// With [`Unset::Unknown`] a text with a variable that has neither a value nor a default stays as
/// it is written, and names it in [`Substitution::missing`]; with [`Unset::Empty`] the variable is
/// empty, with a warning. What Compose refuses is an error in `problems`, and the text stays as it
/// is written. The root must be the file's: paths decide on conversion. Recursion is as deep as
/// the tree.
pub fn interpolate(node: &mut Node, variables: &Variables, problems: &mut Vec<Diagnostic>) {
    let mut run = Run { variables, budget: MAX_OUTPUT, warned: BTreeSet::new(), told: 0, problems };
    run.node(node, &Casts::Root);
}

/// What the variables say of a name.
pub(super) fn ask<'a>(variables: &'a Variables, name: &str) -> Lookup<'a> {
    match variables.get(name) {
        Some(value) => Lookup::Set(Cow::Borrowed(value)),
        None if variables.is_unknown(name) => Lookup::Unknown,
        None => Lookup::Unset,
    }
}

/// What is wrong with a text that is written at `place` and reads `written`.
pub(super) fn problem(error: &TemplateError, place: &Place, written: &str) -> Diagnostic {
    let place = part::place(place, written, error.range.clone());
    match &error.fault {
        Fault::Invalid => Diagnostic::error("invalid interpolation format").at(place).help(
            "write `${NAME}` or `${NAME:-default}` for a variable, and `$$` for a dollar sign",
        ),
        Fault::Required { variable, reason } => {
            let colon = if reason.is_empty() { "" } else { ": " };
            let message = format!("required variable {variable} is missing a value{colon}{reason}");
            Diagnostic::error(message).at(place).help(format!("set `{variable}`"))
        }
        Fault::Depth => Diagnostic::error("defaults of variables are nested too deeply").at(place),
        Fault::Length => Diagnostic::error("variables expand to too much text").at(place),
    }
}

/// How a text was written; `None` for one without variables.
pub(super) fn substitution(raw: &str, found: &Substituted) -> Option<Arc<Substitution>> {
    if found.variables.is_empty() {
        return None;
    }
    let known = found.unknown.as_ref().and_then(|unknown| {
        Some(Partial {
            before: found.text.get(..unknown.start)?.to_owned(),
            between: found.text.get(unknown.clone())?.to_owned(),
            after: found.text.get(unknown.end..)?.to_owned(),
        })
    });
    Some(Arc::new(Substitution {
        raw: raw.to_owned(),
        variables: found.variables.iter().cloned().collect(),
        missing: found.missing.iter().cloned().collect(),
        known: known.unwrap_or_default(),
    }))
}

struct Run<'a> {
    variables: &'a Variables,
    budget: usize,
    /// The variables whose absence was told.
    warned: BTreeSet<String>,
    told: usize,
    problems: &'a mut Vec<Diagnostic>,
}

impl Run<'_> {
    fn tell(&mut self, problem: Diagnostic) {
        // Errors are never crowded out by warnings: one is enough to say that the file is refused.
        if self.told < MAX_PROBLEMS || (self.told == MAX_PROBLEMS && problem.level == Level::Error)
        {
            self.told += 1;
            self.problems.push(problem);
        }
    }

    fn node(&mut self, node: &mut Node, casts: &Casts) {
        match &mut node.value {
            Value::Map(map) => {
                for (key, entry) in map.iter_mut() {
                    self.child(&mut entry.node, casts, Some(key));
                }
            }
            Value::Seq(items) => {
                for item in items {
                    self.child(item, casts, None);
                }
            }
            Value::Str(_) => self.text(node, casts.here()),
            Value::Null | Value::Bool(_) | Value::Int(_) | Value::Float(_) => {}
        }
    }

    fn child(&mut self, node: &mut Node, casts: &Casts, key: Option<&str>) {
        if casts.is_over() { self.node(node, casts) } else { self.node(node, &casts.step(key)) }
    }

    fn text(&mut self, node: &mut Node, wanted: Option<Cast>) {
        let Value::Str(text) = &mut node.value else { return };
        if text.contains('$') {
            let lookup = |name: &str| ask(self.variables, name);
            match template::substitute(text, &lookup, self.variables.unset, &mut self.budget) {
                Ok(found) => {
                    let is_known = found.missing.is_empty() || self.variables.unset == Unset::Empty;
                    let mut written = substitution(text, &found);
                    if is_known {
                        *text = found.text;
                        if let Some(written) = written.as_mut().map(Arc::make_mut) {
                            written.missing.clear();
                        }
                        self.warn(&node.place, found.missing);
                    }
                    node.substitution = written;
                    if !is_known {
                        return;
                    }
                }
                Err(error) => {
                    let problem = problem(&error, &node.place, text);
                    self.tell(problem);
                    return;
                }
            }
        }
        if let Some(wanted) = wanted {
            self.cast(node, wanted);
        }
    }

    fn warn(&mut self, place: &Place, missing: impl IntoIterator<Item = String>) {
        for name in missing {
            if !self.warned.contains(&name) {
                self.tell(
                    Diagnostic::warning(format!(
                        "the variable `{name}` is not set, and stands for an empty text"
                    ))
                    .at(place.clone())
                    .help(format!("set it, or give it a default: `${{{name}:-default}}`")),
                );
                self.warned.insert(name);
            }
        }
    }

    fn cast(&mut self, node: &mut Node, wanted: Cast) {
        let Value::Str(text) = &node.value else { return };
        match cast::cast(wanted, text) {
            Ok(value) => {
                if let Value::Bool(is) = value
                    && !text.eq_ignore_ascii_case("true")
                    && !text.eq_ignore_ascii_case("false")
                {
                    let problem = Diagnostic::warning("not a boolean of YAML 1.2")
                        .at(node.place.clone())
                        .help(format!("write `{is}`"));
                    self.tell(problem);
                }
                node.value = value;
            }
            Err(expected) => {
                let is = if node.substitution.is_some() { "its value is not" } else { "is not" };
                let problem = Diagnostic::error(format!("this must be {expected}"))
                    .label(node.place.clone(), format!("{is} {expected}"));
                self.tell(problem);
            }
        }
    }
}
