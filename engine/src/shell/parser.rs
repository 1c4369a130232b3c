//! The state of one parse: cursor, limits, the commands found so far.

use std::ops::Range;

use super::model::{Command, Map, Separator, Word, place};
use super::{MAX_COMMANDS, MAX_DEPTH};

/// What a command inherits from where it stands.
#[derive(Clone, Copy, Default)]
pub(super) struct Context {
    pub(super) subshell: bool,
    pub(super) substitution: bool,
    pub(super) conditional: bool,
    pub(super) negated: bool,
    /// How many substitutions are around it.
    pub(super) level: u16,
}

/// A here-document whose lines come after the next line end.
pub(super) struct Pending {
    pub(super) delimiter: String,
    pub(super) strip_tabs: bool,
    pub(super) quoted: bool,
    pub(super) command: usize,
    pub(super) redirect: usize,
}

/// One pass over one text.
pub(super) struct Parser<'t> {
    pub(super) text: &'t str,
    /// Where reading stops: the end of the text, or of the here-document being searched.
    pub(super) limit: usize,
    pub(super) at: usize,
    pub(super) commands: Vec<Command>,
    /// For each command, how many substitutions are around it.
    pub(super) levels: Vec<u16>,
    pub(super) context: Context,
    pub(super) depth: usize,
    /// What ends the lists being read, innermost last.
    pub(super) closers: Vec<&'static [&'static str]>,
    pub(super) pending: Vec<Pending>,
    pub(super) problem: Option<(Range<usize>, String)>,
    /// Substitutions were listed already, by the text around this one.
    pub(super) skip_substitutions: bool,
    /// Bytes that may still be read ahead, over the whole parse.
    pub(super) lookahead: usize,
}

impl<'t> Parser<'t> {
    pub(super) fn new(text: &'t str, depth: usize) -> Parser<'t> {
        Parser {
            text,
            limit: text.len(),
            at: 0,
            commands: Vec::new(),
            levels: Vec::new(),
            context: Context::default(),
            depth,
            closers: Vec::new(),
            pending: Vec::new(),
            problem: None,
            skip_substitutions: false,
            lookahead: text.len().saturating_mul(4),
        }
    }

    /// Reads the whole text.
    pub(super) fn run(&mut self) {
        self.list(&[]);
        self.read_here_documents();
    }

    pub(super) fn peek(&self) -> Option<u8> {
        self.peek_at(0)
    }

    pub(super) fn peek_at(&self, ahead: usize) -> Option<u8> {
        let at = self.at.checked_add(ahead).filter(|&at| at < self.limit)?;
        self.text.as_bytes().get(at).copied()
    }

    pub(super) fn starts_with(&self, token: &str) -> bool {
        self.rest().starts_with(token)
    }

    pub(super) fn rest(&self) -> &'t str {
        self.text.get(self.at..self.limit).unwrap_or_default()
    }

    pub(super) fn slice(&self, range: Range<usize>) -> &'t str {
        self.text.get(range).unwrap_or_default()
    }

    /// Moves past one character.
    pub(super) fn advance(&mut self) {
        self.at += self.rest().chars().next().map_or(0, char::len_utf8);
    }

    /// Remembers the first problem.
    pub(super) fn report(&mut self, range: Range<usize>, message: impl Into<String>) {
        if self.problem.is_none() {
            self.problem = Some((range, message.into()));
        }
    }

    /// Gives up on the rest of the text.
    pub(super) fn stop(&mut self, message: String) {
        self.report(self.at..self.limit, message);
        self.at = self.limit;
        self.pending.clear();
    }

    /// Goes one level deeper, if that is allowed.
    pub(super) fn enter(&mut self) -> bool {
        if self.depth >= MAX_DEPTH {
            self.stop(format!("nesting is deeper than {MAX_DEPTH} levels; the rest was not read"));
            return false;
        }
        self.depth += 1;
        true
    }

    pub(super) fn leave(&mut self) {
        self.depth -= 1;
    }

    /// Opens a command at the cursor and says its index.
    pub(super) fn begin(&mut self) -> Option<usize> {
        if self.commands.len() >= MAX_COMMANDS {
            self.stop(format!(
                "there are more than {MAX_COMMANDS} commands; the rest was not read"
            ));
            return None;
        }
        let Context { subshell, substitution, conditional, negated, level } = self.context;
        self.commands.push(Command {
            range: self.at..self.at,
            subshell,
            substitution,
            conditional,
            negated,
            ..Command::default()
        });
        self.levels.push(level);
        Some(self.commands.len() - 1)
    }

    /// Lists the commands of a text that was unquoted, such as that between backticks.
    pub(super) fn adopt(&mut self, text: &str, map: &Map, range: &Range<usize>) {
        if !self.enter() {
            return;
        }
        let mut inner = Parser::new(text, self.depth);
        inner.context = self.context;
        inner.skip_substitutions = self.skip_substitutions;
        inner.run();
        self.leave();
        if let Some((part, message)) = inner.problem {
            self.report(place(map, part, range), message);
        }
        let base = self.commands.len();
        for (mut command, level) in inner.commands.into_iter().zip(inner.levels) {
            if self.commands.len() >= MAX_COMMANDS {
                self.stop(format!("there are more than {MAX_COMMANDS} commands"));
                break;
            }
            command.relocate(map, range);
            command.pipe_from = command.pipe_from.map(|index| index + base);
            command.pipe_to =
                command.pipe_to.map(|index| index + base).filter(|&index| index < MAX_COMMANDS);
            self.commands.push(command);
            self.levels.push(level);
        }
    }

    /// Indices of the commands of `range` that stand directly in this context.
    fn direct(&self, range: Range<usize>) -> impl DoubleEndedIterator<Item = usize> {
        let level = self.context.level;
        range.filter(move |&index| self.levels.get(index) == Some(&level))
    }

    /// Connects what `left` writes with what `right` reads.
    pub(super) fn connect(&mut self, left: Range<usize>, right: Range<usize>) {
        let Some(reader) = self.direct(right.clone()).next() else { return };
        let Some(writer) = self.direct(left.clone()).next_back() else { return };
        let writers: Vec<usize> = self.direct(left).collect();
        let readers: Vec<usize> = self.direct(right).collect();
        for index in writers {
            if let Some(command) = self.commands.get_mut(index) {
                command.pipe_to.get_or_insert(reader);
            }
        }
        for index in readers {
            if let Some(command) = self.commands.get_mut(index) {
                command.pipe_from.get_or_insert(writer);
            }
        }
    }

    /// Says what follows the last command of `range`.
    pub(super) fn separate(&mut self, range: Range<usize>, separator: Separator) {
        let last = self.direct(range).next_back();
        if let Some(command) = last.and_then(|index| self.commands.get_mut(index))
            && command.separator == Separator::End
        {
            command.separator = separator;
        }
    }

    /// Whether a list being read ends at this token. A word does not end what is outside of `( )`.
    pub(super) fn closes(&self, token: &str) -> bool {
        for closer in self.closers.iter().rev() {
            if closer.contains(&token) {
                return true;
            }
            if closer.contains(&")") && token != ")" {
                return false;
            }
        }
        false
    }

    /// Stretches a command to the cursor.
    pub(super) fn stretch(&mut self, command: usize) {
        let at = self.at;
        if let Some(command) = self.commands.get_mut(command) {
            command.range.end = at;
        }
    }
}

/// A word while it is being read.
pub(super) struct Builder {
    pub(super) word: Word,
    /// Above zero inside an expansion, which is copied as a whole when it ends.
    pub(super) muted: usize,
}

impl Builder {
    pub(super) fn new(start: usize) -> Builder {
        let word = Word { range: start..start, literal: true, ..Word::default() };
        Builder { word, muted: 0 }
    }

    /// Adds text that is written at `source`.
    pub(super) fn push(&mut self, text: &str, source: usize) {
        if self.muted == 0 && !text.is_empty() {
            self.word.map.add(self.word.text.len(), source);
            self.word.text.push_str(text);
        }
    }

    pub(super) fn variable(&mut self, name: &str) {
        self.word.variables.push(name.to_owned());
        self.expands();
    }

    pub(super) fn expands(&mut self) {
        self.word.expands = true;
        self.word.literal = false;
    }

    pub(super) fn finish(mut self, end: usize) -> Word {
        self.word.range.end = end;
        self.word
    }
}
