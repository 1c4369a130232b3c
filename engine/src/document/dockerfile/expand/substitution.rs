//! References: `$v`, `${v}` and `${v…}`.

use super::grammar::{Run, Stop};
use super::output::{Budget, Limit, NameId, Text};
use super::pattern::Pattern;
use super::{ExpandError, ExpandErrorKind, Lookup, MAX_DEPTH};

/// A variable that is referred to.
pub(super) struct Variable<'w, 'v> {
    pub(super) id: NameId,
    pub(super) name: &'w str,
    pub(super) value: Lookup<'v>,
}

impl Variable<'_, '_> {
    fn unset(&self) -> bool {
        self.value == Lookup::Unset
    }

    /// Its value, or `None` if it is unknown. An unset variable is empty.
    fn known(&self) -> Option<&str> {
        match &self.value {
            Lookup::Set(value) => Some(value),
            Lookup::Unset => Some(""),
            Lookup::Unknown => None,
        }
    }

    /// Its value as text.
    fn text(&self, budget: &mut Budget) -> Result<Text, Limit> {
        let mut text = Text::read(self.id);
        match self.known() {
            Some(value) => {
                budget.charge(value.len())?;
                text.push_str(value)?;
            }
            None => text.make_unknown(self.id),
        }
        Ok(text)
    }

    /// A value that depends on the variable and the operands, one of which is unknown.
    fn undecided(&self, operands: &[&Text]) -> Text {
        let mut text = Text::read(self.id);
        if self.value == Lookup::Unknown {
            text.make_unknown(self.id);
        }
        for operand in operands {
            text.mention(operand);
            text.depend_on(operand);
        }
        text
    }
}

/// `-`, `+` or `?`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Condition {
    Default,
    Alternative,
    Required,
}

impl<'w> Run<'_, 'w, '_> {
    /// After `$`.
    pub(super) fn dollar(&mut self, start: usize) -> Result<Text, Stop> {
        if self.peek() == Some('{') {
            self.at += 1;
            if self.depth == MAX_DEPTH {
                return Err(Limit::Depth.into());
            }
            self.depth += 1;
            let text = self.braces(start);
            self.depth -= 1;
            return text;
        }
        let name = self.name();
        if name.is_empty() {
            let mut text = Text::default();
            text.push('$')?;
            return Ok(text);
        }
        self.reference(start, name)
    }

    /// `$v` or `${v}`, which has just been read.
    fn reference(&mut self, start: usize, name: &'w str) -> Result<Text, Stop> {
        let variable = self.look_up(name);
        let written = self.written(start, self.at);
        if let Some(text) = self.kept(&variable, &[(written, None)])? {
            return Ok(text);
        }
        Ok(variable.text(&mut self.budget)?)
    }

    fn written(&self, from: usize, to: usize) -> &'w str {
        self.input.get(from..to).unwrap_or_default()
    }

    /// After `${`.
    fn braces(&mut self, start: usize) -> Result<Text, Stop> {
        match self.peek() {
            None => return Err(self.missing_brace(start).into()),
            Some('{' | '}' | ':') => {
                return Err(self.syntax(start, "syntax error: bad substitution").into());
            }
            Some(_) => {}
        }
        let name = self.name();
        match self.next() {
            None => Err(self.missing_brace(start).into()),
            Some('}') => self.reference(start, name),
            Some('/') => self.replaced(start, name),
            Some(operator @ ('#' | '%')) => self.trimmed(start, name, operator),
            Some(':') => match self.next() {
                None => Err(self.missing_brace(start).into()),
                Some(operator @ ('#' | '%')) => Err(self.unsupported(start, ":", operator).into()),
                Some(operator) => self.conditional(start, name, ":", operator),
            },
            Some(operator @ ('-' | '+' | '?')) => self.conditional(start, name, "", operator),
            Some(operator) => Err(self.unsupported(start, "", operator).into()),
        }
    }

    fn missing_brace(&self, start: usize) -> ExpandError {
        self.syntax(start, "syntax error: missing '}'")
    }

    fn unsupported(&self, start: usize, colon: &str, operator: char) -> ExpandError {
        self.syntax(start, format!("unsupported modifier ({colon}{operator}) in substitution"))
    }

    /// An operand up to its stop character. What goes wrong at the end of the input is that the
    /// stop is missing, whatever else was open.
    fn operand(&mut self, start: usize, stop: char, raw_escapes: bool) -> Result<Text, Stop> {
        let mut text = Text::default();
        match self.until(Some(stop), raw_escapes, &mut text) {
            Ok(()) => Ok(text),
            Err(error) if error.kind == ExpandErrorKind::Limit || self.peek().is_some() => {
                Err(error.into())
            }
            Err(_) if stop == '}' => Err(self.missing_brace(start).into()),
            Err(_) => Err(self.syntax(start, "syntax error: missing '/' in ${}").into()),
        }
    }

    /// A reference to an unset variable if those are kept: pieces as written, each with the
    /// operand after it. If the variable may be unset, what the reference becomes is unknown.
    fn kept(
        &mut self,
        variable: &Variable<'_, '_>,
        pieces: &[(&str, Option<&Text>)],
    ) -> Result<Option<Text>, Stop> {
        if !self.options.skip_unset || matches!(variable.value, Lookup::Set(_)) {
            return Ok(None);
        }
        if variable.unset() {
            return Ok(Some(self.joined(variable, pieces)?));
        }
        let operands: Vec<&Text> = pieces.iter().filter_map(|(_, operand)| *operand).collect();
        Ok(Some(variable.undecided(&operands)))
    }

    fn joined(
        &mut self,
        variable: &Variable<'_, '_>,
        pieces: &[(&str, Option<&Text>)],
    ) -> Result<Text, Limit> {
        let mut text = Text::read(variable.id);
        for (piece, operand) in pieces {
            text.push_str(piece)?;
            if let Some(operand) = operand {
                text.append(operand, &mut self.budget)?;
            }
        }
        Ok(text)
    }

    /// `${v-w}`, `${v+w}`, `${v?w}`, read up to the operator.
    fn conditional(
        &mut self,
        start: usize,
        name: &'w str,
        colon: &str,
        operator: char,
    ) -> Result<Text, Stop> {
        let variable = self.look_up(name);
        let begin = self.at;
        let operand = self.operand(start, '}', false)?;
        let pieces = [(self.written(start, begin), Some(&operand)), ("}", None)];
        if let Some(text) = self.kept(&variable, &pieces)? {
            return Ok(text);
        }
        let condition = match operator {
            '-' => Condition::Default,
            '+' => Condition::Alternative,
            '?' => Condition::Required,
            // BuildKit too refuses these only now, after what is wrong with the operand.
            _ => return Err(self.unsupported(start, colon, operator).into()),
        };
        let missing = match variable.known() {
            None if condition == Condition::Required => false,
            None => return Ok(variable.undecided(&[&operand])),
            Some(value) => variable.unset() || (!colon.is_empty() && value.is_empty()),
        };
        match (condition, missing) {
            (Condition::Required, true) => {
                let written = self.written(begin, self.at.saturating_sub(1));
                Err(self.required(start, &variable, operand.known().unwrap_or(written)).into())
            }
            (Condition::Default, true) | (Condition::Alternative, false) => {
                Ok(self.joined(&variable, &[("", Some(&operand))])?)
            }
            (Condition::Alternative, true) => {
                let mut text = Text::read(variable.id);
                text.mention(&operand);
                Ok(text)
            }
            (Condition::Default | Condition::Required, false) => {
                let mut text = variable.text(&mut self.budget)?;
                text.mention(&operand);
                Ok(text)
            }
        }
    }

    /// The failure that `${v?m}` asks for. A message that is not known is shown as written.
    fn required(&self, start: usize, variable: &Variable<'_, '_>, message: &str) -> ExpandError {
        let message = match message {
            "" if variable.unset() => "is not allowed to be unset",
            "" => "is not allowed to be empty",
            message => message,
        };
        self.error(start, ExpandErrorKind::Required, format!("{}: {message}", variable.name))
    }

    fn pattern(&mut self, start: usize, pattern: &str, backwards: bool) -> Result<Pattern, Stop> {
        self.budget.charge(pattern.len())?;
        let parsed = if backwards {
            Pattern::parse(reversed(pattern))
        } else {
            Pattern::parse(pattern.chars())
        };
        parsed.map_err(|escaped| {
            // Go prints the end of the input as a replacement character.
            let escaped = escaped.unwrap_or(char::REPLACEMENT_CHARACTER);
            let reason = format!("invalid escape '\\{escaped}'");
            let message = format!("invalid pattern ({pattern}) in substitution: {reason}");
            self.syntax(start, message).into()
        })
    }

    /// `${v#p}`, `${v##p}`, `${v%p}` or `${v%%p}`, read up to the operator.
    fn trimmed(&mut self, start: usize, name: &'w str, operator: char) -> Result<Text, Stop> {
        let variable = self.look_up(name);
        let begin = self.at;
        let operand = self.operand(start, '}', true)?;
        let pieces = [(self.written(start, begin), Some(&operand)), ("}", None)];
        if let Some(text) = self.kept(&variable, &pieces)? {
            return Ok(text);
        }
        let Some(pattern) = operand.known() else { return Ok(variable.undecided(&[&operand])) };
        // The second `#` or `%` may come from a variable.
        let longest = pattern.strip_prefix(operator);
        let backwards = operator == '%';
        let parsed = self.pattern(start, longest.unwrap_or(pattern), backwards)?;
        let Some(value) = variable.known() else { return Ok(variable.undecided(&[&operand])) };
        self.budget.charge(value.len())?;
        let mut characters: Vec<char> = value.chars().collect();
        if backwards {
            characters.reverse();
        }
        let end = parsed.prefix(&characters, longest.is_some(), &mut self.budget)?.unwrap_or(0);
        let mut kept = characters.split_off(end);
        if backwards {
            kept.reverse();
        }
        let mut text = Text::read(variable.id);
        text.mention(&operand);
        text.push_str(&String::from_iter(kept))?;
        Ok(text)
    }

    /// `${v/p/r}` or `${v//p/r}`, read up to the first slash.
    fn replaced(&mut self, start: usize, name: &'w str) -> Result<Text, Stop> {
        let variable = self.look_up(name);
        let begin = self.at;
        let all = self.peek() == Some('/');
        if all {
            self.at += 1;
        }
        let pattern = self.operand(start, '/', true)?;
        let replacement = self.operand(start, '}', true)?;
        // BuildKit forgets the second slash of `//`.
        let begin = self.written(start, begin);
        let pieces = [(begin, Some(&pattern)), ("/", Some(&replacement)), ("}", None)];
        if let Some(text) = self.kept(&variable, &pieces)? {
            return Ok(text);
        }
        let undecided = || variable.undecided(&[&pattern, &replacement]);
        let Some(wanted) = pattern.known() else { return Ok(undecided()) };
        let wanted = self.pattern(start, wanted, false)?;
        let Some(value) = variable.known() else { return Ok(undecided()) };
        self.budget.charge(value.len())?;
        let value: Vec<char> = value.chars().collect();
        let found = wanted.matches(&value, all, &mut self.budget)?;
        if replacement.known().is_none() && !found.is_empty() {
            return Ok(undecided());
        }
        let mut text = Text::read(variable.id);
        text.mention(&pattern);
        text.mention(&replacement);
        let replacement = replacement.known().unwrap_or_default();
        fill(&mut text, &value, &found, (replacement, all), &mut self.budget)?;
        Ok(text)
    }
}

/// A pattern for the reversed value: a backslash stays before the character that it escapes.
fn reversed(pattern: &str) -> Vec<char> {
    let mut out = Vec::with_capacity(pattern.len());
    let mut chars = pattern.chars();
    while let Some(ch) = chars.next() {
        if ch == '\\' {
            out.extend(chars.next());
        }
        out.push(ch);
    }
    out.reverse();
    out
}

/// Writes the value with each match replaced; a replacement of all matches is a template.
fn fill(
    text: &mut Text,
    value: &[char],
    found: &[(usize, usize)],
    (replacement, is_template): (&str, bool),
    budget: &mut Budget,
) -> Result<(), Limit> {
    let mut written = 0;
    for (start, end) in found {
        text.push_all(value.get(written..*start).unwrap_or_default())?;
        budget.charge(replacement.len())?;
        if is_template {
            template(text, replacement, value.get(*start..*end).unwrap_or_default())?;
        } else {
            text.push_str(replacement)?;
        }
        written = *end;
    }
    text.push_all(value.get(written..).unwrap_or_default())
}

/// Writes a replacement of `${v//p/r}`, which BuildKit hands to Go's `Regexp.ReplaceAllString`:
/// `$0` and `${0}` are the match, `$$` is `$`, other `$name` and `${name}` are groups that a
/// pattern does not have, so nothing.
///
/// <https://pkg.go.dev/regexp#Regexp.Expand>
fn template(text: &mut Text, replacement: &str, matched: &[char]) -> Result<(), Limit> {
    let mut rest = replacement;
    while let Some((before, after)) = rest.split_once('$') {
        text.push_str(before)?;
        if let Some(after) = after.strip_prefix('$') {
            text.push('$')?;
            rest = after;
        } else if let Some((name, after)) = group(after) {
            if name == "0" {
                text.push_all(matched)?;
            }
            rest = after;
        } else {
            text.push('$')?;
            rest = after;
        }
    }
    text.push_str(rest)
}

/// The name of a group at the start of the text, and what follows it.
fn group(text: &str) -> Option<(&str, &str)> {
    let (inside, braced) = text.strip_prefix('{').map_or((text, false), |inside| (inside, true));
    let is_name = |ch: char| ch.is_alphanumeric() || ch == '_';
    let end = inside.find(|ch| !is_name(ch)).unwrap_or(inside.len());
    let (name, after) = inside.split_at_checked(end)?;
    let after = if braced { after.strip_prefix('}')? } else { after };
    (!name.is_empty()).then_some((name, after))
}
