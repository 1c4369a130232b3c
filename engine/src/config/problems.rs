//! The wording of what can be wrong with a configuration file.

use super::{ParamSetting, RuleSetting};
use crate::diagnostic::Diagnostic;
use crate::excerpt::excerpt;
use crate::nearest::nearest;
use crate::params::{Mismatch, ParamSpec};
use crate::source::Place;

/// The most names that a help text lists.
const LISTED: usize = 12;

/// The file speaks of a rule that no bundle has; `known` are the ids that there are.
#[must_use]
pub fn unknown_rule(rule: &RuleSetting, known: &[&str]) -> Diagnostic {
    let id = &rule.id;
    let help = match nearest(&id.value, known.iter().copied()) {
        Some(right) => format!("did you mean `{right}`?"),
        None => {
            "`plimsoll rules` lists the rules; `extends`, `policies` and `plugins` say where they come from"
                .to_owned()
        }
    };
    Diagnostic::error(format!("there is no rule `{}`", excerpt(&id.value)))
        .at(id.place.clone())
        .help(help)
}

/// The file sets a parameter that the rule does not declare.
#[must_use]
pub fn unknown_param(
    rule: &RuleSetting,
    param: &ParamSetting,
    declared: &[ParamSpec],
) -> Diagnostic {
    let (rule, name) = (excerpt(&rule.id.value), &param.name);
    let declared: Vec<&str> = declared.iter().map(|spec| spec.name.as_str()).collect();
    let help = if declared.is_empty() {
        format!("`{rule}` has no parameters")
    } else {
        meant(&name.value, &declared, "its parameters are")
    };
    Diagnostic::error(format!("the rule `{rule}` has no parameter `{}`", excerpt(&name.value)))
        .at(name.place.clone())
        .help(help)
}

/// The value of a parameter does not fit its declaration; points at the element that does not.
#[must_use]
pub fn wrong_param(rule: &RuleSetting, param: &ParamSetting, mismatch: &Mismatch) -> Diagnostic {
    let (rule, name) = (excerpt(&rule.id.value), excerpt(&param.name.value));
    let label = format!("expected {}", mismatch.expected);
    Diagnostic::error(format!("the parameter `{name}` of `{rule}` does not fit: {mismatch}"))
        .label(param.place_of(&mismatch.path), label)
}

pub(super) fn wrong_type(place: Place, what: &str, expected: &str, found: &str) -> Diagnostic {
    Diagnostic::error(format!("{what}: expected {expected}, found {found}"))
        .label(place, format!("expected {expected}"))
}

pub(super) fn unknown_key(place: Place, key: &str, within: &str, known: &[&str]) -> Diagnostic {
    Diagnostic::error(format!("unknown key `{}`{within}", excerpt(key))).at(place).help(meant(
        key,
        known,
        "the keys are",
    ))
}

pub(super) fn unknown_word(place: Place, what: &str, word: &str, known: &[&str]) -> Diagnostic {
    Diagnostic::error(format!("{what}: unknown word `{}`", excerpt(word))).at(place).help(meant(
        word,
        known,
        "the words are",
    ))
}

pub(super) fn empty(place: Place, what: &str) -> Diagnostic {
    Diagnostic::error(format!("{what} is empty")).at(place)
}

pub(super) fn lacks(place: Place, what: &str, key: &str) -> Diagnostic {
    Diagnostic::error(format!("{what} lacks `{key}`")).at(place)
}

pub(super) fn twice(again: Place, first: Place, what: &str, name: &str) -> Diagnostic {
    Diagnostic::error(format!("{what} `{}` stands twice", excerpt(name)))
        .label(again, "again here")
        .label(first, "first here")
        .help("keep one of the two")
}

pub(super) fn same_rule(again: Place, first: Place, id: &str, other: &str) -> Diagnostic {
    let (id, other) = (excerpt(id), excerpt(other));
    Diagnostic::error(format!("`{id}` and `{other}` differ in upper and lower case only"))
        .label(again, "again here")
        .label(first, "first here")
        .help("rule ids are lower-case; keep one of the two")
}

pub(super) fn tag(place: Place, tag: &str) -> Diagnostic {
    Diagnostic::error(format!("the tag `{}` has no meaning here", excerpt(tag)))
        .at(place)
        .help("remove the tag, or put the value in quotes if it is meant as text")
}

pub(super) fn not_finite(place: Place, param: &str) -> Diagnostic {
    Diagnostic::error(format!("the parameter `{}` is not a finite number", excerpt(param)))
        .at(place)
}

fn meant(word: &str, known: &[&str], introduction: &str) -> String {
    if let Some(right) = nearest(word, known.iter().copied()) {
        return format!("did you mean `{right}`?");
    }
    let names: Vec<String> = known.iter().take(LISTED).map(|name| format!("`{name}`")).collect();
    let more = if known.len() > LISTED { ", …" } else { "" };
    format!("{introduction} {}{more}", names.join(", "))
}
