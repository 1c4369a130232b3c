//! The grammar of variables in text: `$NAME`, `${NAME}`, `${NAME:-default}`, `$$`.
//!
//! Owns what the `template` package of compose-go does, which is a regular expression and a search
//! for the closing brace; where the two make something odd of a text, so does this. It knows no
//! file: texts in, texts out.

use std::borrow::Cow;
use std::ops::Range;

use indexmap::IndexSet;

use crate::document::compose::variables::Unset;

/// How many variables one text may have.
pub const MAX_VARIABLES: usize = 10_000;

/// How deep defaults may lie in defaults.
pub const MAX_DEPTH: usize = 64;

/// What is known of a variable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Lookup<'a> {
    /// It has this value.
    Set(Cow<'a, str>),
    /// Nobody set it.
    Unset,
    /// It is set, to something nobody knows.
    Unknown,
}

/// A text whose variables were substituted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Substituted {
    /// The text; a variable that is [missing](Substituted::missing) is empty in it.
    pub text: String,
    /// The variables that were asked for, in order: not those of a default that did not apply.
    pub variables: IndexSet<String>,
    /// Those of them that are unknown, or have neither a value nor a default.
    pub missing: IndexSet<String>,
    /// Where in the text the first of them and the last would stand, in bytes.
    pub unknown: Option<Range<usize>>,
}

/// A text that cannot be substituted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TemplateError {
    /// What is wrong.
    pub fault: Fault,
    /// Where, in bytes of the text.
    pub range: Range<usize>,
}

/// What is wrong with a text that cannot be substituted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// `${` without a name, an operator that is none, or no closing brace on the line.
    Invalid,
    /// A variable that `?` requires is not set, or `:?` and it is empty.
    Required {
        /// Its name.
        variable: String,
        /// What is written after the `?`, substituted.
        reason: String,
    },
    /// Defaults in defaults, deeper than [`MAX_DEPTH`].
    Depth,
    /// More text than the budget has left, or more than [`MAX_VARIABLES`].
    Length,
}

/// What a braced variable does beside giving its value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::document::compose) enum Operator {
    Default,
    Alternative,
    Required,
}

/// A variable as it is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::document::compose) struct Reference<'t> {
    pub(in crate::document::compose) name: &'t str,
    pub(in crate::document::compose) operation: Option<Operation<'t>>,
}

/// What follows the name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::document::compose) struct Operation<'t> {
    pub(in crate::document::compose) operator: Operator,
    /// Whether there is a colon: an empty value counts as none.
    pub(in crate::document::compose) or_empty: bool,
    pub(in crate::document::compose) argument: &'t str,
    /// Where the argument starts, in bytes of the text.
    pub(in crate::document::compose) start: usize,
}

#[derive(Debug, PartialEq, Eq)]
pub(in crate::document::compose) enum Token<'t> {
    /// Text that stays as it is; for `$$` the second dollar.
    Text(&'t str),
    Reference(Reference<'t>, Range<usize>),
    Invalid(Range<usize>),
}

/// The tokens of a text, from left to right. Linear: no part of the text is read more than a
/// constant number of times.
pub(in crate::document::compose) struct Tokens<'t> {
    text: &'t str,
    at: usize,
    /// The end of the line that was looked at last, and its last closing brace.
    line: (usize, Option<usize>),
}

impl<'t> Tokens<'t> {
    pub(in crate::document::compose) fn new(text: &'t str) -> Self {
        Tokens { text, at: 0, line: (0, None) }
    }

    fn rest(&self, from: usize) -> &'t str {
        self.text.get(from..).unwrap_or_default()
    }

    fn slice(&self, range: Range<usize>) -> &'t str {
        self.text.get(range).unwrap_or_default()
    }

    /// The last `}` of the line that `from` lies in.
    fn last_brace(&mut self, from: usize) -> Option<usize> {
        if from >= self.line.0 {
            let rest = self.rest(from);
            let line = rest.split('\n').next().unwrap_or_default();
            self.line = (from + line.len() + 1, line.rfind('}').map(|brace| from + brace));
        }
        self.line.1
    }

    fn plain(&mut self, name: &'t str, start: usize, end: usize) -> Token<'t> {
        self.at = end;
        Token::Reference(Reference { name, operation: None }, start..end)
    }

    /// What stands at a `${`.
    fn braced(&mut self, start: usize) -> Token<'t> {
        let name_start = start + "${".len();
        let name = self.slice(name_start..name_start + name_length(self.rest(name_start)));
        let after = name_start + name.len();
        if name.is_empty() {
            return self.invalid(start..name_start);
        }
        if self.rest(after).starts_with('}') {
            return self.plain(name, start, after + 1);
        }
        let or_empty = self.rest(after).starts_with(':');
        let operator = match self.rest(after + usize::from(or_empty)).as_bytes().first() {
            Some(b'-') => Operator::Default,
            Some(b'+') => Operator::Alternative,
            Some(b'?') => Operator::Required,
            _ => return self.invalid(start..after),
        };
        let argument = after + usize::from(or_empty) + 1;
        // The expression takes all up to the last brace of the line …
        let Some(last) = self.last_brace(start).filter(|&last| last >= argument) else {
            return self.invalid(start..after);
        };
        // … of which the braces in between take back what is beyond the one that closes this.
        let end = closing_brace(self.slice(start..last + 1)).map_or(last, |index| start + index);
        self.at = end + 1;
        let operation =
            Operation { operator, or_empty, argument: self.slice(argument..end), start: argument };
        Token::Reference(Reference { name, operation: Some(operation) }, start..end + 1)
    }

    fn invalid(&mut self, range: Range<usize>) -> Token<'t> {
        self.at = range.end;
        Token::Invalid(range)
    }
}

impl<'t> Iterator for Tokens<'t> {
    type Item = Token<'t>;

    fn next(&mut self) -> Option<Token<'t>> {
        let (start, rest) = (self.at, self.rest(self.at));
        let dollar = rest.find('$').unwrap_or(rest.len());
        if dollar > 0 {
            self.at += dollar;
            return Some(Token::Text(self.slice(start..self.at)));
        }
        match rest.as_bytes().get(1) {
            None if rest.is_empty() => None,
            Some(b'$') => {
                self.at += 2;
                Some(Token::Text(self.slice(start + 1..self.at)))
            }
            Some(b'{') => Some(self.braced(start)),
            _ => {
                let name = self.slice(start + 1..start + 1 + name_length(self.rest(start + 1)));
                if name.is_empty() {
                    self.at += 1;
                    return Some(Token::Text(self.slice(start..self.at)));
                }
                Some(self.plain(name, start, start + 1 + name.len()))
            }
        }
    }
}

/// The length of the name that a text starts with.
fn name_length(text: &str) -> usize {
    // Letters of either case, as Go's expressions see them: U+017F folds to `s`, U+212A to `k`.
    let starts = |ch: char| ch.is_ascii_alphabetic() || matches!(ch, '_' | '\u{17f}' | '\u{212a}');
    if !text.starts_with(starts) {
        return 0;
    }
    text.find(|ch: char| !starts(ch) && !ch.is_ascii_digit()).unwrap_or(text.len())
}

/// The brace that closes the first one. The character after an opening brace is not looked at,
/// as in `getFirstBraceClosingIndex`: `${A:-{}}` has no closing brace by that count.
fn closing_brace(text: &str) -> Option<usize> {
    let mut open = 0_usize;
    let mut bytes = text.bytes().enumerate();
    while let Some((index, byte)) = bytes.next() {
        match byte {
            b'{' => {
                open += 1;
                bytes.next();
            }
            b'}' if open == 1 => return Some(index),
            b'}' => open = open.saturating_sub(1),
            _ => {}
        }
    }
    None
}

/// Substitutes the variables of a text.
///
/// With [`Unset::Unknown`] a variable that `?` requires and that is not set is missing; with
/// [`Unset::Empty`] it is an error, as it is for Compose. `budget` is the number of bytes that may
/// still be written, and goes down by those that are.
///
/// # Errors
///
/// The first thing that is wrong, from the left.
pub fn substitute<'v>(
    text: &str,
    lookup: &dyn Fn(&str) -> Lookup<'v>,
    unset: Unset,
    budget: &mut usize,
) -> Result<Substituted, TemplateError> {
    let mut run = Run { lookup, unset, budget, found: Substituted::default() };
    let mut out = String::new();
    run.expand(text, 0, 0, &mut out)?;
    Ok(Substituted { text: out, ..run.found })
}

struct Run<'r, 'v> {
    lookup: &'r dyn Fn(&str) -> Lookup<'v>,
    unset: Unset,
    budget: &'r mut usize,
    found: Substituted,
}

impl Run<'_, '_> {
    /// Substitutes `text`, which starts at `offset` of the whole.
    fn expand(
        &mut self,
        text: &str,
        offset: usize,
        depth: usize,
        out: &mut String,
    ) -> Result<(), TemplateError> {
        let error =
            |fault, range: Range<usize>| TemplateError { fault, range: shift(range, offset) };
        if depth > MAX_DEPTH {
            return Err(error(Fault::Depth, 0..text.len()));
        }
        for token in Tokens::new(text) {
            match token {
                Token::Text(text_part) => {
                    self.push(text_part, out).map_err(|fault| error(fault, 0..text.len()))?;
                }
                Token::Invalid(range) => return Err(error(Fault::Invalid, range)),
                Token::Reference(reference, range) => {
                    self.reference(&reference, shift(range, offset), offset, depth, out)?;
                }
            }
        }
        Ok(())
    }

    fn push(&mut self, text: &str, out: &mut String) -> Result<(), Fault> {
        *self.budget = self.budget.checked_sub(text.len()).ok_or(Fault::Length)?;
        out.push_str(text);
        Ok(())
    }

    fn reference(
        &mut self,
        reference: &Reference<'_>,
        range: Range<usize>,
        offset: usize,
        depth: usize,
        out: &mut String,
    ) -> Result<(), TemplateError> {
        let Reference { name, operation } = reference;
        let value = (self.lookup)(name);
        if !self.found.variables.contains(*name) {
            if self.found.variables.len() == MAX_VARIABLES {
                return Err(TemplateError { fault: Fault::Length, range });
            }
            self.found.variables.insert((*name).to_owned());
        }
        let Some(Operation { operator, or_empty, argument, start }) = operation else {
            match value {
                Lookup::Set(value) => return self.value(&value, range, out),
                Lookup::Unset | Lookup::Unknown => self.miss(name, out),
            }
            return Ok(());
        };
        let is_set = match &value {
            Lookup::Set(value) => !(*or_empty && value.is_empty()),
            Lookup::Unset => false,
            Lookup::Unknown => {
                self.miss(name, out);
                return Ok(());
            }
        };
        match (operator, value) {
            (Operator::Default | Operator::Required, Lookup::Set(value)) if is_set => {
                self.value(&value, range, out)
            }
            (Operator::Required, Lookup::Unset) if self.unset == Unset::Unknown => {
                self.miss(name, out);
                Ok(())
            }
            (Operator::Required, _) => {
                let mut reason = String::new();
                self.expand(argument, offset + start, depth + 1, &mut reason)?;
                let fault = Fault::Required { variable: (*name).to_owned(), reason };
                Err(TemplateError { fault, range })
            }
            (Operator::Alternative, _) if !is_set => Ok(()),
            (Operator::Default | Operator::Alternative, _) => {
                self.expand(argument, offset + start, depth + 1, out)
            }
        }
    }

    fn value(
        &mut self,
        value: &str,
        range: Range<usize>,
        out: &mut String,
    ) -> Result<(), TemplateError> {
        self.push(value, out).map_err(|fault| TemplateError { fault, range })
    }

    fn miss(&mut self, name: &str, out: &str) {
        self.found.unknown.get_or_insert(out.len()..out.len()).end = out.len();
        if !self.found.missing.contains(name) {
            self.found.missing.insert(name.to_owned());
        }
    }
}

fn shift(range: Range<usize>, offset: usize) -> Range<usize> {
    range.start + offset..range.end + offset
}

/// A variable that a text names.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Variable {
    /// Its name.
    pub name: String,
    /// What stands for it when it has no value, as written.
    pub default: Option<String>,
    /// What stands for it when it has one, as written.
    pub alternative: Option<String>,
    /// Whether the file cannot be used without it.
    pub required: bool,
}

/// The variables that a text names, with those inside defaults, each as often as it is named.
/// What is no variable is passed over, and so is what lies deeper than [`MAX_DEPTH`] or comes after
/// [`MAX_VARIABLES`].
#[must_use]
pub fn variables(text: &str) -> Vec<Variable> {
    let mut found = Vec::new();
    collect(text, 0, &mut found);
    found
}

fn collect(text: &str, depth: usize, found: &mut Vec<Variable>) {
    for token in Tokens::new(text) {
        let Token::Reference(Reference { name, operation }, _) = token else { continue };
        if found.len() >= MAX_VARIABLES {
            return;
        }
        let mut variable = Variable { name: name.to_owned(), ..Variable::default() };
        let mut inner = None;
        if let Some(operation) = operation {
            let argument = operation.argument.to_owned();
            match operation.operator {
                Operator::Default => variable.default = Some(argument),
                Operator::Alternative => variable.alternative = Some(argument),
                Operator::Required => variable.required = true,
            }
            // A message is shown to people only.
            inner = Some(operation.argument).filter(|_| operation.operator != Operator::Required);
        }
        found.push(variable);
        if let Some(inner) = inner.filter(|_| depth < MAX_DEPTH) {
            collect(inner, depth + 1, found);
        }
    }
}
