//! Patterns of `${v#p}` and `${v/p/r}`: `*`, `?` and escapes, without backtracking.
//!
//! BuildKit compiles a pattern to a Go regular expression. Its match starts as far left as any
//! does, and from there a greedy one ends as far right, a lazy one as far left, as any does: were
//! there a match from the same start with a better end, the first star at which it gets ahead could
//! have got there too. So a set of states finds it, in at most value times pattern steps.

use super::output::{Budget, Limit};

/// One element of a pattern.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Element {
    Exactly(char),
    /// `?`: one character. Go's `.` is not a line feed.
    One,
    /// `*`: any number of characters, none of them a line feed.
    Any,
}

/// A pattern.
#[derive(Debug)]
pub(super) struct Pattern(Vec<Element>);

impl Pattern {
    /// Reads a pattern; the error is the character after a backslash that may not be escaped,
    /// or `None` at the end.
    ///
    /// Here the escape character is always the backslash, whatever the Dockerfile's is.
    pub(super) fn parse(pattern: impl IntoIterator<Item = char>) -> Result<Self, Option<char>> {
        let mut elements = Vec::new();
        let mut chars = pattern.into_iter().peekable();
        while let Some(ch) = chars.next() {
            elements.push(match ch {
                '*' => Element::Any,
                '?' => Element::One,
                '\\' => match chars.next() {
                    // `/` and `}` are escaped for the sake of `${}`, not of the pattern.
                    Some(ch @ ('*' | '?' | '\\' | '/' | '}')) => Element::Exactly(ch),
                    other => return Err(other),
                },
                ch => Element::Exactly(ch),
            });
        }
        elements.dedup_by(|a, b| *a == Element::Any && *b == Element::Any);
        Ok(Self(elements))
    }

    /// The end of a match that starts at the first character, counted in characters.
    pub(super) fn prefix(
        &self,
        value: &[char],
        greedy: bool,
        budget: &mut Budget,
    ) -> Result<Option<usize>, Limit> {
        let mut states = States::new(&self.0);
        let mut end = None;
        for at in 0..=value.len() {
            if states.accepting() {
                end = Some(at);
                if !greedy {
                    break;
                }
            }
            let Some(ch) = value.get(at) else { break };
            budget.charge(states.len())?;
            if !states.step(&self.0, *ch) {
                break;
            }
        }
        Ok(end)
    }

    /// Where matches start: for each position (and the end), whether one does.
    fn starts(&self, value: &[char], budget: &mut Budget) -> Result<Vec<bool>, Limit> {
        let reversed: Vec<Element> = self.0.iter().rev().copied().collect();
        let mut states = States::new(&reversed);
        budget.charge(value.len().saturating_mul(states.len()))?;
        let mut starts = vec![false; value.len() + 1];
        for (at, start) in starts.iter_mut().enumerate().rev() {
            states.add(&reversed, 0);
            *start = states.accepting();
            if let Some(ch) = at.checked_sub(1).and_then(|before| value.get(before)) {
                states.step(&reversed, *ch);
            }
        }
        Ok(starts)
    }

    /// The matches to replace, first to last, as ranges of characters; only the first unless `all`.
    ///
    /// As Go's `ReplaceAll`: an empty match directly after another match is none.
    pub(super) fn matches(
        &self,
        value: &[char],
        all: bool,
        budget: &mut Budget,
    ) -> Result<Vec<(usize, usize)>, Limit> {
        let starts = self.starts(value, budget)?;
        let mut found = Vec::new();
        let mut last_end = None;
        let mut at = 0;
        while let Some(start) = starts.get(at..).and_then(|rest| rest.iter().position(|s| *s)) {
            let start = at + start;
            let rest = value.get(start..).unwrap_or_default();
            let end = start + self.prefix(rest, true, budget)?.unwrap_or(0);
            if end > start || last_end != Some(start) {
                found.push((start, end));
            }
            if !all {
                break;
            }
            last_end = Some(end);
            at = if end > start { end } else { start + 1 };
        }
        Ok(found)
    }
}

/// The elements before which a match may stand; the last state is past the whole pattern.
struct States {
    now: Vec<bool>,
    next: Vec<bool>,
}

impl States {
    fn new(elements: &[Element]) -> Self {
        let empty = vec![false; elements.len() + 1];
        let mut states = Self { now: empty.clone(), next: empty };
        states.add(elements, 0);
        states
    }

    fn len(&self) -> usize {
        self.now.len()
    }

    fn accepting(&self) -> bool {
        self.now.last().copied().unwrap_or(false)
    }

    fn add(&mut self, elements: &[Element], state: usize) {
        Self::enter(&mut self.now, elements, state);
    }

    /// Enters a state, and the one after it if a star may match nothing; stars are never adjacent.
    fn enter(states: &mut [bool], elements: &[Element], state: usize) {
        let reached = if elements.get(state) == Some(&Element::Any) { 2 } else { 1 };
        for flag in states.iter_mut().skip(state).take(reached) {
            *flag = true;
        }
    }

    /// Reads one character; whether any state is left.
    fn step(&mut self, elements: &[Element], ch: char) -> bool {
        self.next.fill(false);
        let mut alive = false;
        for (state, element) in elements.iter().enumerate() {
            if !self.now.get(state).copied().unwrap_or(false) {
                continue;
            }
            let reached = match element {
                Element::Exactly(wanted) if *wanted == ch => state + 1,
                Element::One if ch != '\n' => state + 1,
                Element::Any if ch != '\n' => state,
                _ => continue,
            };
            Self::enter(&mut self.next, elements, reached);
            alive = true;
        }
        std::mem::swap(&mut self.now, &mut self.next);
        alive
    }
}
