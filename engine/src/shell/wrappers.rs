//! Commands that run commands: `sudo`, `env`, `xargs`, `sh -c '…'`, `eval`, `find -exec`.
//!
//! The wrapper stays in the list; what it runs is listed right after it, with
//! [`Command::wrapped_by`]. A script in an argument is read as the text around it was.

use std::ops::Range;

use super::model::{Assignment, Command, Map, Script, Word, place};
use super::parser::Parser;
use super::wrapper_table::{INTERPRETERS, SU_VALUES, WRAPPERS, Wrapper, lists};
use super::{Dialect, MAX_COMMANDS, windows};

/// How often a command may be wrapped.
const MAX_WRAPPERS: usize = 16;

/// Reads a text and unwraps its commands.
pub(super) fn script(text: &str, dialect: Dialect) -> Script {
    read(text, dialect, 0, false)
}

fn read(text: &str, dialect: Dialect, wrapped: usize, skip_substitutions: bool) -> Script {
    let script = match dialect {
        Dialect::Posix => {
            let mut parser = Parser::new(text, 0);
            parser.skip_substitutions = skip_substitutions;
            parser.run();
            let Parser { commands, problem, .. } = parser;
            Script { commands, complete: problem.is_none(), problem }
        }
        Dialect::Cmd | Dialect::PowerShell => windows::split(text, dialect),
        Dialect::Exec => match windows::json_array(text) {
            Ok(arguments) => return exec(&arguments),
            Err(problem) => {
                let problem = Some((0..text.len(), problem));
                return Script { problem, ..Script::default() };
            }
        },
    };
    unwrap(script, text, wrapped)
}

/// One command from its arguments.
pub(super) fn exec<S: AsRef<str>>(arguments: &[(S, Range<usize>)]) -> Script {
    let mut words = arguments.iter().map(|(text, range)| Word::known(text.as_ref(), range.clone()));
    let name = words.next();
    let args: Vec<Word> = words.collect();
    let start = name.as_ref().map_or(0, |name| name.range.start);
    let end = args.last().or(name.as_ref()).map_or(start, |word| word.range.end);
    let command = Command { range: start..end.max(start), name, args, ..Command::default() };
    let commands = if command.name.is_some() { vec![command] } else { Vec::new() };
    unwrap(Script { commands, complete: true, problem: None }, "", 0)
}

/// What a wrapper runs.
enum Inner {
    /// Another command: its assignments, and the index of its name among the arguments.
    Command { assignments: Vec<Assignment>, words: Range<usize> },
    /// A script made of these arguments.
    Script { words: Range<usize>, dialect: Dialect },
    /// A script that a here-document holds.
    Body(Range<usize>),
}

/// Adds what the commands of a script run, as far as it is written in them.
fn unwrap(script: Script, text: &str, wrapped: usize) -> Script {
    let mut unwrapper = Unwrapper {
        text,
        out: Script { commands: Vec::with_capacity(script.commands.len()), ..script },
    };
    let mut moved = Vec::with_capacity(script.commands.len());
    for command in script.commands {
        moved.push(unwrapper.out.commands.len());
        unwrapper.out.commands.push(command);
        unwrapper.open(unwrapper.out.commands.len() - 1, wrapped);
    }
    let mut out = unwrapper.out;
    let to = |index: Option<usize>| index.and_then(|index| moved.get(index).copied());
    for &index in &moved {
        if let Some(command) = out.commands.get_mut(index) {
            command.pipe_from = to(command.pipe_from);
            command.pipe_to = to(command.pipe_to);
        }
    }
    inherit_pipes(&mut out.commands);
    if out.commands.len() > MAX_COMMANDS {
        out.complete = false;
        cut(&mut out.commands);
    }
    out
}

fn cut(commands: &mut Vec<Command>) {
    commands.truncate(MAX_COMMANDS);
    for command in commands {
        command.pipe_to = command.pipe_to.filter(|&index| index < MAX_COMMANDS);
    }
}

/// What is wrapped reads and writes what its wrapper reads and writes.
fn inherit_pipes(commands: &mut [Command]) {
    for index in 0..commands.len() {
        let outer = commands
            .get(index)
            .and_then(|command| commands.get(command.wrapped_by?))
            .map(|outer| (outer.pipe_from, outer.pipe_to, outer.substitution));
        let Some((from, to, substitution)) = outer else { continue };
        if let Some(command) = commands.get_mut(index)
            && command.substitution == substitution
        {
            command.pipe_from = command.pipe_from.or(from);
            command.pipe_to = command.pipe_to.or(to);
        }
    }
}

struct Unwrapper<'t> {
    text: &'t str,
    out: Script,
}

impl Unwrapper<'_> {
    /// Lists what the command at `index` runs, and what that runs.
    fn open(&mut self, index: usize, wrapped: usize) {
        let Some(outer) = self.out.commands.get(index) else { return };
        let inner = inner(outer);
        if inner.is_empty() || self.out.commands.len() >= MAX_COMMANDS {
            return;
        }
        if wrapped >= MAX_WRAPPERS {
            let range = outer.range.clone();
            self.report(range, format!("a command is wrapped more than {MAX_WRAPPERS} times"));
            return;
        }
        for inner in inner {
            match inner {
                Inner::Command { assignments, words } => {
                    self.command(index, assignments, words, wrapped);
                }
                Inner::Script { words, dialect } => self.script(index, words, dialect, wrapped),
                Inner::Body(body) => self.body(index, body, wrapped),
            }
        }
    }

    fn report(&mut self, range: Range<usize>, message: String) {
        self.out.complete = false;
        self.out.problem.get_or_insert((range, message));
    }

    fn command(
        &mut self,
        index: usize,
        assignments: Vec<Assignment>,
        words: Range<usize>,
        wrapped: usize,
    ) {
        let Some(outer) = self.out.commands.get(index) else { return };
        let mut words = outer.args.get(words).unwrap_or_default().iter().cloned();
        let Some(name) = words.next() else { return };
        let args: Vec<Word> = words.collect();
        let end = args.last().map_or(name.range.end, |word| word.range.end);
        let command = Command {
            range: name.range.start..end.max(name.range.start),
            name: Some(name),
            args,
            assignments,
            redirects: Vec::new(),
            pipe_from: None,
            pipe_to: None,
            wrapped_by: Some(index),
            ..*outer
        };
        self.out.commands.push(command);
        self.open(self.out.commands.len() - 1, wrapped + 1);
    }

    fn script(&mut self, index: usize, words: Range<usize>, dialect: Dialect, wrapped: usize) {
        let Some(outer) = self.out.commands.get(index) else { return };
        let words = outer.args.get(words).unwrap_or_default();
        let (Some(first), Some(last)) = (words.first(), words.last()) else { return };
        let range = first.range.start..last.range.end.max(first.range.start);
        let (mut text, mut map) = (String::new(), Map::default());
        for word in words {
            if !text.is_empty() {
                map.add(text.len(), word.range.start.saturating_sub(1));
                text.push(' ');
            }
            map.append(text.len(), &word.map, word.range.start);
            text.push_str(&word.text);
        }
        let substitutes = words.iter().any(|word| word.substitutes);
        let script = read(&text, dialect, wrapped + 1, substitutes);
        self.adopt(index, script, &map, &range);
    }

    fn body(&mut self, index: usize, body: Range<usize>, wrapped: usize) {
        let Some(text) = self.text.get(body.clone()) else { return };
        let script = read(text, Dialect::Posix, wrapped + 1, false);
        self.adopt(index, script, &Map::run(body.start), &body);
    }

    /// Lists the commands of a script that the command at `index` runs.
    fn adopt(&mut self, index: usize, script: Script, map: &Map, range: &Range<usize>) {
        if let Some((part, message)) = script.problem {
            self.report(place(map, part, range), message);
        }
        self.out.complete &= script.complete;
        let base = self.out.commands.len();
        let Some(outer) = self.out.commands.get(index) else { return };
        let (subshell, substitution) = (outer.subshell, outer.substitution);
        let (conditional, negated) = (outer.conditional, outer.negated);
        let separator = outer.separator;
        let last = script.commands.iter().rposition(|inner| !inner.substitution);
        for (at, mut command) in script.commands.into_iter().enumerate() {
            command.relocate(map, range);
            command.pipe_from = command.pipe_from.map(|index| index + base);
            command.pipe_to = command.pipe_to.map(|index| index + base);
            command.wrapped_by = Some(command.wrapped_by.map_or(index, |by| by + base));
            command.subshell |= subshell;
            command.substitution |= substitution;
            command.conditional |= conditional;
            command.negated ^= negated;
            if Some(at) == last && command.separator.as_str().trim().is_empty() {
                command.separator = separator;
            }
            self.out.commands.push(command);
        }
    }
}

fn inner(command: &Command) -> Vec<Inner> {
    let name = command.program();
    let args = &command.args;
    if let Some(interpreter) = INTERPRETERS.iter().find(|row| lists(row.names, name)) {
        return interpreted(command, interpreter.dialect);
    }
    match name {
        "eval" if !args.is_empty() => {
            vec![Inner::Script { words: 0..args.len(), dialect: Dialect::Posix }]
        }
        "su" | "runuser" => switched_user(args),
        "find" => found(args),
        _ => match WRAPPERS.iter().find(|row| lists(row.names, name)) {
            Some(wrapper) => wrapped(wrapper, name, args).into_iter().collect(),
            None => Vec::new(),
        },
    }
}

/// The script of a shell: the first operand after `-c`, or a here-document it reads.
fn interpreted(command: &Command, dialect: Dialect) -> Vec<Inner> {
    let args = &command.args;
    if dialect != Dialect::Posix {
        let flags: &[&str] =
            if dialect == Dialect::Cmd { &["/c", "/k", "/r"] } else { &["-command", "-c", "/c"] };
        let flag =
            args.iter().position(|word| flags.contains(&word.text.to_ascii_lowercase().as_str()));
        let words = flag.map(|flag| flag + 1..args.len()).filter(|words| !words.is_empty());
        return words.into_iter().map(|words| Inner::Script { words, dialect }).collect();
    }
    let (mut at, mut script) = (0, false);
    while let Some(word) = args.get(at) {
        let text = word.text.as_str();
        if text == "--" || text == "-" {
            at += 1;
            break;
        }
        let Some(cluster) = text.strip_prefix(['-', '+']).filter(|rest| !rest.is_empty()) else {
            break;
        };
        if cluster.starts_with('-') {
            at += usize::from(matches!(text, "--rcfile" | "--init-file"));
        } else {
            script |= text.starts_with('-') && cluster.contains('c');
            // `-o pipefail`: the name of the option is a word of its own.
            at += cluster.chars().filter(|letter| matches!(letter, 'o' | 'O')).count();
        }
        at += 1;
    }
    if script {
        return if at < args.len() {
            vec![Inner::Script { words: at..at + 1, dialect }]
        } else {
            Vec::new()
        };
    }
    // With an operand it reads a file, and standard input is data.
    let body = command.redirects.iter().rev().find_map(|redirect| redirect.body.clone());
    body.filter(|_| at >= args.len()).map(Inner::Body).into_iter().collect()
}

/// How many arguments an option is: itself, and its value if that is the next.
fn option_width(text: &str, values: &str) -> usize {
    if text.starts_with("--") {
        return if lists(values, text) { 2 } else { 1 };
    }
    for (at, letter) in text.char_indices().skip(1) {
        let takes_value = values
            .split_ascii_whitespace()
            .any(|value| value.strip_prefix('-').is_some_and(|short| short.chars().eq([letter])));
        if takes_value {
            return if at + letter.len_utf8() == text.len() { 2 } else { 1 };
        }
    }
    1
}

fn wrapped(wrapper: &Wrapper, name: &str, args: &[Word]) -> Option<Inner> {
    let (mut at, mut operands) = (0, wrapper.operands);
    let mut assignments = Vec::new();
    loop {
        let word = args.get(at)?;
        let text = word.text.as_str();
        if lists(wrapper.none, text) {
            return None;
        }
        if name == "env" && matches!(text, "-S" | "--split-string") {
            return script_at(args, at + 1..args.len());
        }
        if text == "--" {
            at += 1 + operands;
            break;
        }
        if name == "flock" && text == "-c" {
            return script_at(args, at + 1..at + 2);
        }
        if text.starts_with('-') && text.len() > 1 {
            at += option_width(text, wrapper.values);
        } else if let Some(assignment) = assigned(word).filter(|_| wrapper.assignments) {
            assignments.push(assignment);
            at += 1;
        } else if operands > 0 {
            operands -= 1;
            at += 1;
        } else if text == "-" && name == "env" {
            at += 1;
        } else {
            break;
        }
    }
    if name == "flock" && args.get(at).is_some_and(|word| word.text == "-c") {
        return script_at(args, at + 1..at + 2);
    }
    // After `--` assignments may still come.
    while let Some(assignment) = args.get(at).filter(|_| wrapper.assignments).and_then(assigned) {
        assignments.push(assignment);
        at += 1;
    }
    (at < args.len()).then_some(Inner::Command { assignments, words: at..args.len() })
}

fn script_at(args: &[Word], words: Range<usize>) -> Option<Inner> {
    (words.start < words.end && words.end <= args.len())
        .then_some(Inner::Script { words, dialect: Dialect::Posix })
}

/// `NAME=value` as an argument.
fn assigned(word: &Word) -> Option<Assignment> {
    let (name, _) = word.text.split_once('=')?;
    let mut letters = name.chars();
    let starts = letters.next().is_some_and(|first| first.is_ascii_alphabetic() || first == '_');
    if !starts || !letters.all(|letter| letter.is_ascii_alphanumeric() || letter == '_') {
        return None;
    }
    let value = word.tail(name.len() + 1);
    Some(Assignment { name: name.to_owned(), value, range: word.range.clone() })
}

/// `su [-] [user] -c 'script'`, `runuser -u user -- command`.
fn switched_user(args: &[Word]) -> Vec<Inner> {
    let (mut at, mut user) = (0, false);
    while let Some(word) = args.get(at) {
        let text = word.text.as_str();
        let clustered = text.starts_with('-') && !text.starts_with("--") && text.ends_with('c');
        if clustered || matches!(text, "--command" | "--session-command") {
            return script_at(args, at + 1..at + 2).into_iter().collect();
        }
        if matches!(text, "-u" | "--user") {
            user = true;
            at += 2;
        } else if text == "--" || (user && !text.starts_with('-')) {
            let words = at + usize::from(text == "--")..args.len();
            let found = user && !words.is_empty();
            return if found {
                vec![Inner::Command { assignments: Vec::new(), words }]
            } else {
                Vec::new()
            };
        } else {
            at += if text.starts_with('-') { option_width(text, SU_VALUES) } else { 1 };
        }
    }
    Vec::new()
}

/// The commands of `find … -exec command … ;`.
fn found(args: &[Word]) -> Vec<Inner> {
    let mut inner = Vec::new();
    let mut start = None;
    for (at, word) in args.iter().enumerate() {
        match (start, word.text.as_str()) {
            (None, "-exec" | "-execdir" | "-ok" | "-okdir") => start = Some(at + 1),
            (Some(from), ";" | "+") => {
                if from < at {
                    inner.push(Inner::Command { assignments: Vec::new(), words: from..at });
                }
                start = None;
            }
            _ => {}
        }
    }
    inner
}
