//! Where expanded text goes: one text, or words; both count what they take.

use std::collections::HashMap;

use super::{Expansion, MAX_OUTPUT, MAX_WORDS};
use crate::document::partial::Partial;

/// A limit that was exceeded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Limit {
    Depth,
    Output,
    Words,
    Work,
}

/// What is left of the work that an expansion may take.
#[derive(Debug)]
pub(super) struct Budget(usize);

impl Budget {
    pub(super) fn new(work: usize) -> Self {
        Self(work)
    }

    pub(super) fn left(&self) -> usize {
        self.0
    }

    pub(super) fn charge(&mut self, work: usize) -> Result<(), Limit> {
        self.0 = self.0.checked_sub(work).ok_or(Limit::Work)?;
        Ok(())
    }
}

/// The place of a name in [`Names`], so in the order of first use.
pub(super) type NameId = u32;

/// The variables that were looked up.
#[derive(Debug, Default)]
pub(super) struct Names<'w> {
    ids: HashMap<&'w str, NameId>,
    /// With whether the variable is unset.
    names: Vec<(&'w str, bool)>,
}

impl<'w> Names<'w> {
    pub(super) fn record(&mut self, name: &'w str, unset: bool) -> NameId {
        let next = NameId::try_from(self.names.len()).unwrap_or(NameId::MAX);
        *self.ids.entry(name).or_insert_with(|| {
            self.names.push((name, unset));
            next
        })
    }

    fn length(&self, id: NameId) -> usize {
        self.names.get(id as usize).map_or(0, |(name, _)| name.len())
    }

    /// A text as the caller sees it.
    pub(super) fn describe(&self, text: Text) -> Expansion {
        let Text { text, between, after, mut unknown, mut names } = text;
        for ids in [&mut unknown, &mut names] {
            ids.sort_unstable();
            ids.dedup();
        }
        let select = |ids: &[NameId], wanted: bool| -> Vec<String> {
            let found = ids.iter().filter_map(|id| self.names.get(*id as usize));
            found
                .filter(|(_, unset)| *unset == wanted)
                .map(|(name, _)| (*name).to_owned())
                .collect()
        };
        let (value, partial) = if unknown.is_empty() {
            (Some(text), None)
        } else {
            (None, Some(Partial { before: text, between, after }))
        };
        Expansion {
            value,
            partial,
            used: select(&names, false),
            unset: select(&names, true),
            unknown: select(&unknown, false),
            literal: names.is_empty(),
        }
    }
}

/// Text, known if `unknown` is empty.
#[derive(Debug, Default)]
pub(super) struct Text {
    /// The text, or what precedes the first unknown variable.
    text: String,
    /// What is known between the first unknown variable and the last.
    between: String,
    /// What follows the last unknown variable.
    after: String,
    unknown: Vec<NameId>,
    names: Vec<NameId>,
}

impl Text {
    pub(super) fn read(name: NameId) -> Self {
        Self { names: vec![name], ..Self::default() }
    }

    pub(super) fn known(&self) -> Option<&str> {
        self.unknown.is_empty().then_some(self.text.as_str())
    }

    pub(super) fn push(&mut self, ch: char) -> Result<(), Limit> {
        self.push_str(ch.encode_utf8(&mut [0; 4]))
    }

    pub(super) fn push_all(&mut self, chars: &[char]) -> Result<(), Limit> {
        chars.iter().try_for_each(|ch| self.push(*ch))
    }

    pub(super) fn push_str(&mut self, text: &str) -> Result<(), Limit> {
        if self.len() + text.len() > MAX_OUTPUT {
            return Err(Limit::Output);
        }
        let known = if self.unknown.is_empty() { &mut self.text } else { &mut self.after };
        known.push_str(text);
        Ok(())
    }

    /// How many bytes of it are known.
    fn len(&self) -> usize {
        self.text.len() + self.between.len() + self.after.len()
    }

    pub(super) fn append(&mut self, other: &Self, budget: &mut Budget) -> Result<(), Limit> {
        budget.charge(other.len())?;
        self.push_str(&other.text)?;
        if !other.unknown.is_empty() {
            self.between.push_str(&std::mem::take(&mut self.after));
            self.unknown.extend(&other.unknown);
            self.push_str(&other.between)?;
            self.between.push_str(&std::mem::take(&mut self.after));
            self.push_str(&other.after)?;
        }
        self.names.extend(&other.names);
        Ok(())
    }

    /// Takes over the names that the other text read, but not its value.
    pub(super) fn mention(&mut self, other: &Self) {
        self.names.extend(&other.names);
    }

    /// Makes the value unknown if that of the other text is: nothing is known of it then.
    pub(super) fn depend_on(&mut self, other: &Self) {
        for name in &other.unknown {
            self.make_unknown(*name);
        }
    }

    pub(super) fn make_unknown(&mut self, name: NameId) {
        self.text.clear();
        self.between.clear();
        self.after.clear();
        self.unknown.push(name);
    }
}

/// What the grammar writes to.
pub(super) trait Sink {
    /// A character outside quotes, not escaped.
    fn plain(&mut self, ch: char) -> Result<(), Limit>;
    /// A character that is never a separator.
    fn kept(&mut self, ch: char) -> Result<(), Limit>;
    /// What was between quotes.
    fn quoted(&mut self, text: Text, budget: &mut Budget) -> Result<(), Limit>;
    /// The value of a reference outside quotes.
    fn expanded(&mut self, text: Text, names: &Names, budget: &mut Budget) -> Result<(), Limit>;
    /// The end of the input was reached.
    fn end(&mut self) -> Result<(), Limit>;
}

impl Sink for Text {
    fn plain(&mut self, ch: char) -> Result<(), Limit> {
        self.push(ch)
    }

    fn kept(&mut self, ch: char) -> Result<(), Limit> {
        self.push(ch)
    }

    fn quoted(&mut self, text: Text, budget: &mut Budget) -> Result<(), Limit> {
        self.append(&text, budget)
    }

    fn expanded(&mut self, text: Text, _: &Names, budget: &mut Budget) -> Result<(), Limit> {
        self.append(&text, budget)
    }

    fn end(&mut self) -> Result<(), Limit> {
        Ok(())
    }
}

/// Words split at blanks.
#[derive(Debug, Default)]
pub(super) struct Words {
    pub(super) finished: Vec<Text>,
    current: Text,
    /// Bytes in `finished`.
    size: usize,
}

impl Words {
    fn bounded(&self) -> Result<(), Limit> {
        if self.size + self.current.len() > MAX_OUTPUT { Err(Limit::Output) } else { Ok(()) }
    }

    /// Attaches the names that a value came from to the current word.
    ///
    /// A value of many names and many words would make a table of both; hence the charge.
    fn attach(&mut self, text: &Text, names: &Names, budget: &mut Budget) -> Result<(), Limit> {
        let owned = size_of::<String>();
        let cost = text.names.iter().map(|id| names.length(*id) + owned).sum();
        budget.charge(cost)?;
        self.current.mention(text);
        Ok(())
    }
}

impl Sink for Words {
    fn plain(&mut self, ch: char) -> Result<(), Limit> {
        if ch.is_whitespace() { self.end() } else { self.kept(ch) }
    }

    fn kept(&mut self, ch: char) -> Result<(), Limit> {
        self.current.push(ch)?;
        self.bounded()
    }

    fn quoted(&mut self, text: Text, budget: &mut Budget) -> Result<(), Limit> {
        self.current.append(&text, budget)?;
        self.bounded()
    }

    fn expanded(&mut self, text: Text, names: &Names, budget: &mut Budget) -> Result<(), Limit> {
        budget.charge(text.len())?;
        let Some(value) = text.known().filter(|value| !value.is_empty()) else {
            return self.quoted(text, budget);
        };
        let mut attached = false;
        for ch in value.chars() {
            if ch.is_whitespace() {
                attached = false;
            } else if !attached {
                self.attach(&text, names, budget)?;
                attached = true;
            }
            self.plain(ch)?;
        }
        Ok(())
    }

    fn end(&mut self) -> Result<(), Limit> {
        let word = std::mem::take(&mut self.current);
        if word.text.is_empty() && word.unknown.is_empty() {
            return Ok(());
        }
        if self.finished.len() == MAX_WORDS {
            return Err(Limit::Words);
        }
        self.size += word.len();
        self.finished.push(word);
        Ok(())
    }
}
