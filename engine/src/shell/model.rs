//! What a command line is made of, and the way from unquoted text back to where it was written.

use std::ops::Range;

/// The commands of one text, in the order they are written.
///
/// A command comes before those inside its own substitutions and those it wraps.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Script {
    /// All simple commands, wherever they are nested.
    pub commands: Vec<Command>,
    /// False when something could not be understood; the commands that were found are listed.
    pub complete: bool,
    /// The first thing that could not be understood: a byte range and one sentence.
    pub problem: Option<(Range<usize>, String)>,
}

/// One simple command.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Command {
    /// From its first word, assignment or redirection to its last, in bytes.
    pub range: Range<usize>,
    /// The command name; none for bare assignments and for the redirections of a group or loop.
    pub name: Option<Word>,
    /// The words after the name.
    pub args: Vec<Word>,
    /// Assignments before the name, or those that `env` and `sudo` were given.
    pub assignments: Vec<Assignment>,
    /// Redirections, in order.
    pub redirects: Vec<Redirect>,
    /// Index of the command whose output it reads.
    pub pipe_from: Option<usize>,
    /// Index of the command that reads its output.
    pub pipe_to: Option<usize>,
    /// What follows it.
    pub separator: Separator,
    /// Inside `( )`.
    pub subshell: bool,
    /// Inside `$( )`, backticks or `<( )`.
    pub substitution: bool,
    /// May not run although all before it succeeded: in a branch of `if` or `case`, the body of
    /// `while`, `until` or a function, or after `||`.
    pub conditional: bool,
    /// In a pipeline after `!`.
    pub negated: bool,
    /// Index of the command that runs this one (`sudo`, `env`, `sh -c`, …).
    pub wrapped_by: Option<usize>,
}

impl Command {
    /// The name without its folder: `apt-get` for `/usr/bin/apt-get`; as written when a command
    /// substitution makes it; empty without a name.
    #[must_use]
    pub fn program(&self) -> &str {
        match &self.name {
            None => "",
            Some(name) if name.substitutes => &name.text,
            Some(name) => base_name(&name.text),
        }
    }
}

pub(super) fn base_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

/// One word after quote removal.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Word {
    /// The text without its quotes; expansions and substitutions stay as written.
    pub text: String,
    /// Where the word is written, with its quotes.
    pub range: Range<usize>,
    /// Names of the variables read, in order; positional and special parameters included.
    pub variables: Vec<String>,
    /// Whether a variable, a substitution or arithmetic changes the text when it runs.
    pub expands: bool,
    /// Whether a command substitution is part of it.
    pub substitutes: bool,
    /// Nothing at all changes it: no expansion, and no unquoted glob, brace list or tilde.
    pub literal: bool,
    pub(super) map: Map,
}

impl Word {
    /// The value, if it is known without running anything. Globs and braces are left as written.
    #[must_use]
    pub fn value(&self) -> Option<&str> {
        (!self.expands).then_some(self.text.as_str())
    }

    /// The byte range of a part of [`Word::text`].
    #[must_use]
    pub fn place(&self, part: Range<usize>) -> Range<usize> {
        self.map.place(part, &self.range)
    }

    /// The rest of the word from a byte of its text on, as a word of its own.
    pub(super) fn tail(&self, from: usize) -> Word {
        let text = self.text.get(from..).unwrap_or_default().to_owned();
        let range = self.place(from..self.text.len());
        let map = if self.map.whole { Map::whole() } else { self.map.tail(from) };
        Word { text, range, map, ..self.clone() }
    }

    /// A word whose text is known and whose places inside are exact if the lengths agree.
    pub(super) fn known(text: &str, range: Range<usize>) -> Word {
        let map = if range.len() == text.len() { Map::run(range.start) } else { Map::whole() };
        Word { text: text.to_owned(), range, map, literal: true, ..Word::default() }
    }

    fn relocate(&mut self, outer: &Map, outer_range: &Range<usize>) {
        self.map.relocate(self.text.len(), outer);
        self.range = outer.place(self.range.clone(), outer_range);
    }
}

/// `NAME=value` before a command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assignment {
    /// The name, without a subscript.
    pub name: String,
    /// The value; empty for `NAME=`, as written for an array.
    pub value: Word,
    /// Name and value, in bytes.
    pub range: Range<usize>,
}

/// One redirection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Redirect {
    /// The operator as written: `>`, `>>`, `<`, `<<`, `<<-`, `<<<`, `>&`, `<&`, `<>`, `>|`, `&>`,
    /// `&>>`.
    pub operator: &'static str,
    /// File, descriptor, or the delimiter of a here-document.
    pub target: Word,
    /// The descriptor before the operator, if one is written.
    pub fd: Option<u32>,
    /// Descriptor, operator and target, in bytes.
    pub range: Range<usize>,
    /// The lines of a here-document, in bytes, without the delimiter's.
    pub body: Option<Range<usize>>,
}

/// What follows a command.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Separator {
    /// `&&`.
    And,
    /// `||`.
    Or,
    /// `;`, or `;;` and its like in `case`.
    Sequence,
    /// `|` or `|&`.
    Pipe,
    /// `&`.
    Background,
    /// A line end.
    Newline,
    /// The end of the text or of the enclosing group.
    #[default]
    End,
}

impl Separator {
    /// As written; a line feed for [`Separator::Newline`], empty for [`Separator::End`].
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Separator::And => "&&",
            Separator::Or => "||",
            Separator::Sequence => ";",
            Separator::Pipe => "|",
            Separator::Background => "&",
            Separator::Newline => "\n",
            Separator::End => "",
        }
    }
}

/// Where the bytes of an unquoted text come from: runs of (offset in the text, offset in the source).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Map {
    runs: Vec<(u32, u32)>,
    /// Places inside are not known.
    whole: bool,
}

fn narrow(offset: usize) -> u32 {
    u32::try_from(offset).unwrap_or(u32::MAX)
}

impl Map {
    pub(super) fn whole() -> Map {
        Map { runs: Vec::new(), whole: true }
    }

    pub(super) fn run(source: usize) -> Map {
        Map { runs: vec![(0, narrow(source))], whole: false }
    }

    /// Says that the text from `at` on is written at `source`.
    pub(super) fn add(&mut self, at: usize, source: usize) {
        let continues = self.runs.last().is_some_and(|&(text, start)| {
            (source as u64) == u64::from(start) + (at as u64 - u64::from(text))
        });
        if !continues {
            self.runs.push((narrow(at), narrow(source)));
        }
    }

    /// Appends what another map says, for a text that is appended at `at`.
    pub(super) fn append(&mut self, at: usize, other: &Map, fallback: usize) {
        self.whole |= other.whole;
        if other.runs.is_empty() {
            self.add(at, fallback);
        }
        for &(text, source) in &other.runs {
            self.add(at + text as usize, source as usize);
        }
    }

    fn source(&self, offset: usize) -> Option<usize> {
        let index = self.runs.partition_point(|&(text, _)| text as usize <= offset);
        let &(text, source) = self.runs.get(index.checked_sub(1)?)?;
        Some(source as usize + (offset - text as usize))
    }

    fn place(&self, part: Range<usize>, range: &Range<usize>) -> Range<usize> {
        if self.whole {
            return range.clone();
        }
        let Some(start) = self.source(part.start) else { return range.clone() };
        if part.is_empty() {
            return start..start;
        }
        let end = self.source(part.end - 1).map_or(start, |last| last + 1);
        start..end.max(start)
    }

    fn tail(&self, from: usize) -> Map {
        let mut map = Map::default();
        if let Some(source) = self.source(from) {
            map.add(0, source);
        }
        let later = self.runs.iter().filter(|&&(text, _)| text as usize > from);
        map.runs.extend(later.map(|&(text, source)| (text - narrow(from), source)));
        map
    }

    /// Makes the sources, offsets into a text that `outer` describes, offsets into its source.
    fn relocate(&mut self, length: usize, outer: &Map) {
        if self.whole || outer.whole {
            *self = Map::whole();
            return;
        }
        let mut map = Map::default();
        for (index, &(text, source)) in self.runs.iter().enumerate() {
            let (text, source) = (text as usize, source as usize);
            let end = self.runs.get(index + 1).map_or(length, |&(next, _)| next as usize);
            let from = outer.runs.partition_point(|&(at, _)| at as usize <= source);
            if let Some(start) = outer.source(source) {
                map.add(text, start);
            }
            for &(at, to) in outer.runs.get(from..).unwrap_or_default() {
                if at as usize >= source + end.saturating_sub(text) {
                    break;
                }
                map.add(text + at as usize - source, to as usize);
            }
        }
        *self = map;
    }
}

impl Command {
    /// Moves everything from a text that was unquoted to where it was written.
    pub(super) fn relocate(&mut self, map: &Map, range: &Range<usize>) {
        self.range = map.place(self.range.clone(), range);
        for word in self.name.iter_mut().chain(&mut self.args) {
            word.relocate(map, range);
        }
        for assignment in &mut self.assignments {
            assignment.value.relocate(map, range);
            assignment.range = map.place(assignment.range.clone(), range);
        }
        for redirect in &mut self.redirects {
            redirect.target.relocate(map, range);
            redirect.range = map.place(redirect.range.clone(), range);
            redirect.body = redirect.body.take().map(|body| map.place(body, range));
        }
    }
}

pub(super) fn place(map: &Map, part: Range<usize>, range: &Range<usize>) -> Range<usize> {
    map.place(part, range)
}
