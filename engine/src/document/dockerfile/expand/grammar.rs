//! The grammar: quotes, escapes, references. One pass over the input, no second look.

use super::output::{Budget, Limit, Names, Sink, Text};
use super::substitution::Variable;
use super::{ExpandError, ExpandErrorKind, Expander, Lookup};
use super::{MAX_DEPTH, MAX_OUTPUT, MAX_WORDS, MAX_WORK};

/// Expands the input into the sink; gives the variables that were looked up.
pub(super) fn expand<'w, 'v>(
    options: &Expander,
    input: &'w str,
    lookup: &dyn Fn(&str) -> Lookup<'v>,
    allowance: &mut usize,
    sink: &mut impl Sink,
) -> Result<Names<'w>, ExpandError> {
    let granted = (*allowance).min(MAX_WORK);
    let mut run = Run {
        options,
        input,
        at: 0,
        raw_escapes: options.raw_escapes,
        depth: 0,
        lookup,
        names: Names::default(),
        budget: Budget::new(granted),
    };
    let done = run.until(None, options.raw_escapes, sink);
    // Reading the input is work, too.
    *allowance -= (granted - run.budget.left() + input.len()).min(*allowance);
    done?;
    sink.end().map_err(|limit| run.place(0, limit.into()))?;
    Ok(run.names)
}

/// Why the expansion of a part stopped.
pub(super) enum Stop {
    Error(ExpandError),
    /// Its place is given by the innermost part that knows where it began.
    Limit(Limit),
}

impl From<ExpandError> for Stop {
    fn from(error: ExpandError) -> Self {
        Self::Error(error)
    }
}

impl From<Limit> for Stop {
    fn from(limit: Limit) -> Self {
        Self::Limit(limit)
    }
}

/// An expansion under way.
pub(super) struct Run<'r, 'w, 'v> {
    pub(super) options: &'r Expander,
    pub(super) input: &'w str,
    /// Bytes read.
    pub(super) at: usize,
    /// Whether escape characters stay where we are now.
    raw_escapes: bool,
    /// How many `${` are open.
    pub(super) depth: usize,
    lookup: &'r dyn Fn(&str) -> Lookup<'v>,
    names: Names<'w>,
    pub(super) budget: Budget,
}

impl<'w, 'v> Run<'_, 'w, 'v> {
    fn rest(&self) -> &'w str {
        self.input.get(self.at..).unwrap_or_default()
    }

    pub(super) fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    pub(super) fn next(&mut self) -> Option<char> {
        let ch = self.peek()?;
        self.at += ch.len_utf8();
        Some(ch)
    }

    pub(super) fn error(&self, from: usize, kind: ExpandErrorKind, message: String) -> ExpandError {
        ExpandError { kind, message, range: from..self.at }
    }

    pub(super) fn syntax(&self, from: usize, message: impl Into<String>) -> ExpandError {
        self.error(from, ExpandErrorKind::Syntax, message.into())
    }

    /// Says where an expansion stopped, if that is not said yet.
    fn place(&self, from: usize, stop: Stop) -> ExpandError {
        let message = match stop {
            Stop::Error(error) => return error,
            Stop::Limit(Limit::Depth) => {
                format!("substitutions are nested more than {MAX_DEPTH} deep")
            }
            Stop::Limit(Limit::Output) => {
                format!("the expansion is longer than {MAX_OUTPUT} bytes")
            }
            Stop::Limit(Limit::Words) => format!("the expansion has more than {MAX_WORDS} words"),
            Stop::Limit(Limit::Work) => format!("the expansion takes more than {MAX_WORK} steps"),
        };
        self.error(from, ExpandErrorKind::Limit, message)
    }

    /// Expands up to the stop character, which is consumed, or to the end if there is none.
    pub(super) fn until<S: Sink>(
        &mut self,
        stop: Option<char>,
        raw_escapes: bool,
        sink: &mut S,
    ) -> Result<(), ExpandError> {
        let outer = std::mem::replace(&mut self.raw_escapes, raw_escapes);
        let result = self.pieces(stop, sink);
        self.raw_escapes = outer;
        result
    }

    fn pieces<S: Sink>(&mut self, stop: Option<char>, sink: &mut S) -> Result<(), ExpandError> {
        let begin = self.at;
        loop {
            let start = self.at;
            let Some(ch) = self.next() else { break };
            if Some(ch) == stop {
                return Ok(());
            }
            self.piece(ch, start, sink).map_err(|stop| self.place(start, stop))?;
        }
        let Some(stop) = stop else { return Ok(()) };
        let message = format!("unexpected end of statement while looking for matching {stop}");
        Err(self.syntax(begin, message))
    }

    /// One character, or what it opens.
    fn piece<S: Sink>(&mut self, ch: char, start: usize, sink: &mut S) -> Result<(), Stop> {
        let quotes = !self.options.skip_quotes;
        match ch {
            '$' => {
                let text = self.dollar(start)?;
                sink.expanded(text, &self.names, &mut self.budget)?;
            }
            '\'' if quotes => {
                let text = self.single_quoted(start)?;
                sink.quoted(text, &mut self.budget)?;
            }
            '"' if quotes => {
                let text = self.double_quoted(start)?;
                sink.quoted(text, &mut self.budget)?;
            }
            '<' => self.less_than(sink)?,
            ch if ch == self.options.escape => self.escaped(sink)?,
            ch => sink.plain(ch)?,
        }
        Ok(())
    }

    /// After `<`: blanks between `<<` and the name of a heredoc belong to the word.
    fn less_than(&mut self, sink: &mut impl Sink) -> Result<(), Limit> {
        sink.kept('<')?;
        if self.peek() != Some('<') {
            return Ok(());
        }
        self.at += 1;
        sink.kept('<')?;
        while let Some(blank @ (' ' | '\t' | '\r')) = self.peek() {
            self.at += 1;
            sink.kept(blank)?;
        }
        Ok(())
    }

    /// After the escape character: at the end of the input it is nothing.
    fn escaped(&mut self, sink: &mut impl Sink) -> Result<(), Limit> {
        if self.raw_escapes {
            sink.kept(self.options.escape)?;
        }
        self.next().map_or(Ok(()), |ch| sink.kept(ch))
    }

    fn single_quoted(&mut self, start: usize) -> Result<Text, Stop> {
        let rest = self.rest();
        let Some((inside, _)) = rest.split_once('\'') else {
            self.at = self.input.len();
            return Err(self.unclosed(start, "single-quote").into());
        };
        self.at += inside.len() + 1;
        let quote = if self.options.raw_quotes { "'" } else { "" };
        let mut text = Text::default();
        for piece in [quote, inside, quote] {
            text.push_str(piece)?;
        }
        Ok(text)
    }

    fn unclosed(&self, start: usize, quote: &str) -> ExpandError {
        let message = format!("unexpected end of statement while looking for matching {quote}");
        self.syntax(start, message)
    }

    fn double_quoted(&mut self, start: usize) -> Result<Text, Stop> {
        let mut text = Text::default();
        if self.options.raw_quotes {
            text.push('"')?;
        }
        loop {
            let from = self.at;
            match self.next() {
                None => return Err(self.unclosed(start, "double-quote").into()),
                Some('"') => break,
                Some('$') => {
                    let value = self.dollar(from)?;
                    text.append(&value, &mut self.budget)?;
                }
                Some(ch) if ch == self.options.escape => self.escaped_in_quotes(&mut text)?,
                Some(ch) => text.push(ch)?,
            }
        }
        if self.options.raw_quotes {
            text.push('"')?;
        }
        Ok(text)
    }

    /// After the escape character between double quotes. It escapes `"`, `$` and itself. Before
    /// any other character it stays, and where escapes are kept BuildKit then writes it twice.
    fn escaped_in_quotes(&mut self, text: &mut Text) -> Result<(), Limit> {
        let escape = self.options.escape;
        if self.raw_escapes {
            text.push(escape)?;
        }
        match self.peek() {
            None => Ok(()),
            Some(ch) if ch == '"' || ch == '$' || ch == escape => {
                self.at += ch.len_utf8();
                text.push(ch)
            }
            Some(_) => text.push(escape),
        }
    }

    /// A variable's name: a number, one special parameter, or letters, digits and `_`.
    ///
    /// <https://pubs.opengroup.org/onlinepubs/9799919799/utilities/V3_chap02.html#tag_19_05_02>
    pub(super) fn name(&mut self) -> &'w str {
        let rest = self.rest();
        let length_while =
            |wanted: fn(char) -> bool| rest.find(|ch: char| !wanted(ch)).unwrap_or(rest.len());
        let length = match self.peek() {
            Some('0'..='9') => length_while(|ch| ch.is_ascii_digit()),
            Some('@' | '*' | '#' | '?' | '-' | '$' | '!') => 1,
            _ => length_while(|ch| ch.is_alphabetic() || ch.is_ascii_digit() || ch == '_'),
        };
        self.at += length;
        rest.get(..length).unwrap_or_default()
    }

    pub(super) fn look_up(&mut self, name: &'w str) -> Variable<'w, 'v> {
        let value = (self.lookup)(name);
        let id = self.names.record(name, value == Lookup::Unset);
        Variable { id, name, value }
    }
}
