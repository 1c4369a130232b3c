//! Matching by simulating an automaton: time is steps × characters, whatever the pattern.

/// A set of characters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Set {
    pub(super) negated: bool,
    pub(super) items: Vec<Item>,
}

/// A part of a [`Set`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Item {
    /// Both ends included; empty if they are reversed.
    Range(char, char),
    /// Everything but these ranges.
    Except(&'static [(char, char)]),
}

impl Set {
    pub(super) fn one(character: char) -> Self {
        Set { negated: false, items: vec![Item::Range(character, character)] }
    }

    pub(super) fn not(character: char) -> Self {
        Set { negated: true, ..Set::one(character) }
    }

    fn contains(&self, character: char) -> bool {
        let within = |(low, high): (char, char)| low <= character && character <= high;
        let any = self.items.iter().any(|item| match item {
            Item::Range(low, high) => within((*low, *high)),
            Item::Except(ranges) => !ranges.iter().any(|range| within(*range)),
        });
        any != self.negated
    }
}

/// One state of the automaton, with what leads on from it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// Exactly one character.
    One(Set),
    /// Any number of characters.
    Many(Set),
    /// One character or none.
    Maybe(Set),
    /// Nothing; may also jump this many steps ahead.
    Skip(usize),
    /// Nothing, but only at the beginning of the text.
    Begin,
    /// Nothing, but only at the end of the text.
    End,
}

/// Whether the steps match the whole text or, with `parents`, what is before one of its slashes.
pub(super) fn matches(steps: &[Step], text: &str, parents: bool) -> bool {
    let mut current = vec![false; steps.len() + 1];
    let mut next = current.clone();
    mark(&mut current, 0);
    let mut characters = text.chars();
    let mut at_begin = true;
    loop {
        let character = characters.next();
        let boundary = character.is_none() || (parents && character == Some('/'));
        if boundary && accepts(steps, current.clone(), at_begin, true) {
            return true;
        }
        let Some(character) = character else { return false };
        follow(steps, &mut current, at_begin, false);
        next.fill(false);
        let mut alive = false;
        for (index, step) in steps.iter().enumerate() {
            if !current.get(index).copied().unwrap_or_default() {
                continue;
            }
            let target = match step {
                Step::One(set) | Step::Maybe(set) if set.contains(character) => index + 1,
                Step::Many(set) if set.contains(character) => index,
                _ => continue,
            };
            alive = true;
            mark(&mut next, target);
        }
        if !alive {
            return false;
        }
        std::mem::swap(&mut current, &mut next);
        at_begin = false;
    }
}

fn accepts(steps: &[Step], mut states: Vec<bool>, at_begin: bool, at_end: bool) -> bool {
    follow(steps, &mut states, at_begin, at_end);
    states.last().copied().unwrap_or_default()
}

/// Adds the states that are reached without a character. They all lie ahead, so one pass does.
fn follow(steps: &[Step], states: &mut [bool], at_begin: bool, at_end: bool) {
    for (index, step) in steps.iter().enumerate() {
        if !states.get(index).copied().unwrap_or_default() {
            continue;
        }
        match step {
            Step::Many(_) | Step::Maybe(_) => mark(states, index + 1),
            Step::Skip(count) => {
                mark(states, index + 1);
                mark(states, index + count);
            }
            Step::Begin if at_begin => mark(states, index + 1),
            Step::End if at_end => mark(states, index + 1),
            Step::One(_) | Step::Begin | Step::End => {}
        }
    }
}

fn mark(states: &mut [bool], index: usize) {
    if let Some(state) = states.get_mut(index) {
        *state = true;
    }
}
