//! Variables that nothing declares before they are referred to.
//!
//! As BuildKit's checks UndefinedVar and UndefinedArgInFrom have it, with one difference: a reference
//! that says what holds without the variable (`${NAME:-default}`) is meant so.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use plimsoll_sdk::facts::UndeclaredVariable;

use super::super::syntax::{Arguments, Instruction, Keyword, Pair};
use super::Lowering;
use super::stage::At;
use crate::source::Span;

/// A reference to a variable that its scope does not have.
#[derive(Clone, Debug)]
pub(super) struct Undeclared {
    pub(super) name: String,
    pub(super) span: Span,
    /// Whether the base image may set it.
    pub(super) open: bool,
}

impl<'a> Lowering<'a> {
    /// Adds what an instruction referred to since the last call.
    pub(super) fn undeclared(&mut self, instruction: &Instruction, at: Option<At>) {
        let found = self.substitution.undeclared();
        self.undeclared_in(instruction, found, at);
    }

    /// Adds what the FROM of a stage referred to.
    pub(super) fn undeclared_in_from(&mut self, from: &Instruction, at: At) {
        let mut found = Vec::new();
        while let Some(last) = self
            .undeclared_in_froms
            .pop_if(|last| from.span.start <= last.span.start && last.span.end <= from.span.end)
        {
            found.push(last);
        }
        self.undeclared_in(from, found, Some(at));
    }

    fn undeclared_in(
        &mut self,
        instruction: &Instruction,
        mut found: Vec<Undeclared>,
        at: Option<At>,
    ) {
        found.sort_by_key(|found| found.span.start);
        if found.is_empty() {
            return;
        }
        let keys: HashSet<&str> = keys(instruction).collect();
        let mut seen = HashSet::new();
        for found in found {
            if seen.insert(found.name.clone()) {
                let own = match sets_itself(instruction, &found) {
                    true => Some("self"),
                    false => keys.contains(found.name.as_str()).then_some("same"),
                };
                self.undeclared_variable(instruction, found, own, at);
            }
        }
    }

    fn undeclared_variable(
        &mut self,
        instruction: &Instruction,
        found: Undeclared,
        own: Option<&str>,
        at: Option<At>,
    ) {
        let declared = if own.is_some() {
            own
        } else if instruction.keyword == Keyword::From || at.is_none() {
            None
        } else if self.declared_in_stage.contains(found.name.as_str()) {
            Some("later")
        } else {
            self.globals.get(&found.name).map(|_| "global")
        };
        let loc = self.object(at.map_or(self.build.loc, |at| at.loc), found.span);
        self.build.undeclared.push(UndeclaredVariable {
            loc,
            name: found.name,
            keyword: instruction.keyword.as_str().into(),
            stage: at.map(|at| at.index).into(),
            needed: at.is_none_or(|at| at.needed),
            shipped: at.is_some_and(|at| at.shipped),
            declared: declared.map(str::to_owned).into(),
            base_may_set: found.open,
        });
    }
}

/// The names that the ARGs and ENVs among some instructions declare.
pub(super) fn declared(body: &[Instruction]) -> HashSet<&str> {
    body.iter().flat_map(keys).collect()
}

/// Whether the pair that refers to the variable is the one that sets it.
fn sets_itself(instruction: &Instruction, found: &Undeclared) -> bool {
    let pairs = pairs(instruction);
    let after = pairs.partition_point(|pair| pair.span.start <= found.span.start);
    let pair = after.checked_sub(1).and_then(|at| pairs.get(at));
    pair.is_some_and(|pair| pair.key.value == found.name)
}

fn keys(instruction: &Instruction) -> impl Iterator<Item = &str> {
    pairs(instruction).iter().map(|pair| pair.key.value.as_str())
}

fn pairs(instruction: &Instruction) -> &[Pair] {
    match (instruction.keyword, &instruction.arguments) {
        (Keyword::Arg | Keyword::Env, Arguments::Pairs { pairs, .. }) => pairs,
        _ => &[],
    }
}

/// Where a word first refers to each variable without saying what holds if it is not set.
pub(super) fn references(word: &str, escape: char) -> HashMap<&str, Range<usize>> {
    let mut found = HashMap::new();
    for (at, _) in word.match_indices('$') {
        if word.get(..at).is_some_and(|before| before.ends_with(escape)) {
            continue;
        }
        let rest = word.get(at + 1..).unwrap_or_default();
        let (rest, braced) = rest.strip_prefix('{').map_or((rest, false), |rest| (rest, true));
        let is_end = |char: char| !(char.is_alphanumeric() || char == '_');
        let (name, after) = rest.split_at(rest.find(is_end).unwrap_or(rest.len()));
        let modifier = after.strip_prefix(':').unwrap_or(after);
        if name.is_empty() || braced && modifier.starts_with(['-', '+', '?']) {
            continue;
        }
        let closing = usize::from(braced && after.starts_with('}'));
        found.entry(name).or_insert(at..word.len() - after.len() + closing);
    }
    found
}

#[cfg(test)]
mod tests {
    use super::references;

    #[test]
    fn only_references_without_a_default_count() {
        for (word, want) in [
            ("$A", Some(0..2)),
            ("x${A}y", Some(1..5)),
            ("$AB-$A", Some(4..6)),
            ("${AB}", None),
            ("${A:-x}", None),
            ("${A-x}", None),
            ("${A:+x}", None),
            ("${A?x}", None),
            ("${A#x}", Some(0..3)),
            ("$A-x", Some(0..2)),
            ("${B:-$A}", Some(5..7)),
            ("\\$A $A", Some(4..6)),
            ("\\$A", None),
            ("A", None),
            ("é$A", Some(2..4)),
        ] {
            assert_eq!(references(word, '\\').get("A").cloned(), want, "{word}");
        }
    }
}
