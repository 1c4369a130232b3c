//! The command line of dockerd: words to options, as pflag reads them.

use std::sync::Arc;

use super::check;
use super::layer::{Entry, Layer, node};
use super::options::{self, DaemonOption, Kind};
use super::words::{self, Word};
use crate::diagnostic::Diagnostic;
use crate::excerpt::excerpt;
use crate::nearest::nearest;
use crate::source::{Place, Source, Span};
use crate::yaml::{Key, Node, Value};

/// Reads the command line in a text; `None` when there is none.
pub(super) fn read(source: &Arc<Source>, problems: &mut Vec<Diagnostic>) -> Option<Layer> {
    let words = words::find(source.text())?;
    let (program, words) = words.split_first()?;
    let layer =
        Layer { source: Arc::clone(source), span: program.span, entries: Vec::new(), open: false };
    let mut reader = Reader { layer, problems, words: words.iter() };
    reader.all();
    let layer = reader.layer;
    check::values(&layer, problems);
    Some(layer)
}

struct Reader<'a, 'w> {
    layer: Layer,
    problems: &'a mut Vec<Diagnostic>,
    words: std::slice::Iter<'w, Word>,
}

/// A value and the word that it stands in.
struct Given<'w> {
    text: &'w str,
    word: &'w Word,
}

impl Reader<'_, '_> {
    fn all(&mut self) {
        let mut options = true;
        while let Some(word) = self.words.next() {
            if options && word.text == "--" {
                options = false;
            } else if !options {
                self.argument(word);
            } else if let Some(long) = word.text.strip_prefix("--") {
                self.long(long, word);
            } else if word.text.len() > 1 && word.text.starts_with('-') {
                self.letters(word);
            } else if word.variable {
                // `$DOCKER_OPTS`: anything.
                self.layer.open = true;
            } else {
                self.argument(word);
            }
        }
    }

    fn argument(&mut self, word: &Word) {
        self.problem(word, "dockerd takes no arguments, only options".into(), None);
    }

    fn long(&mut self, long: &str, word: &Word) {
        let (name, value) = match long.split_once('=') {
            Some((name, value)) => (name, Some(value)),
            None => (long, None),
        };
        let Some(option) = options::by_flag(name) else {
            if word.variable && value.is_none() {
                self.layer.open = true;
                return;
            }
            let known = options::OPTIONS.iter().chain(options::FLAGS_ONLY);
            let meant = nearest(name, known.map(|option| option.flag));
            let help = meant.map(|meant| format!("did you mean `--{meant}`?"));
            return self.problem(
                word,
                format!("dockerd has no option `--{}`", excerpt(name)),
                help,
            );
        };
        match value {
            Some(text) => self.set(option, word, &Given { text, word }),
            None => self.without_value(option, word),
        }
    }

    /// `-D`, `-Hfd://`, `-H=fd://`, `-Dl debug`.
    fn letters(&mut self, word: &Word) {
        let letters = word.text.get(1..).unwrap_or_default();
        let mut rest = letters.chars();
        while let Some(letter) = rest.next() {
            let Some(option) = options::by_short(letter) else {
                let name = excerpt(&letter.to_string());
                return self.problem(word, format!("dockerd has no option `-{name}`"), None);
            };
            let value = rest.as_str();
            if let Some(text) = value.strip_prefix('=') {
                return self.set(option, word, &Given { text, word });
            }
            if option.kind == Kind::Bool {
                self.set(option, word, &Given { text: "true", word });
                continue;
            }
            return match value {
                "" => self.without_value(option, word),
                text => self.set(option, word, &Given { text, word }),
            };
        }
    }

    fn without_value(&mut self, option: &'static DaemonOption, word: &Word) {
        if option.kind == Kind::Bool {
            return self.set(option, word, &Given { text: "true", word });
        }
        match self.words.next() {
            Some(value) => self.set(option, word, &Given { text: &value.text, word: value }),
            None => {
                self.problem(word, format!("`--{}` needs a value", option.flag), None);
            }
        }
    }

    fn set(&mut self, option: &'static DaemonOption, word: &Word, given: &Given<'_>) {
        let span = given.word.span;
        let value = (!given.word.variable).then(|| value(option.kind, given.text, span));
        if let Some(None) = value {
            let message = format!("`{}` is no value of `--{}`", excerpt(given.text), option.flag);
            let place = self.layer.place(span);
            self.problems.push(Diagnostic::error(message).at(place));
        }
        let value = value.flatten();
        let known = self.layer.entries.iter_mut().find(|entry| entry.option.key == option.key);
        match known {
            Some(entry) => entry.add(value),
            None => {
                let list = adds(option.kind);
                let partial = list && value.is_none();
                let value = value.or_else(|| list.then(|| empty(option.kind, span)));
                self.layer.entries.push(Entry { option, key: word.span, value, partial });
            }
        }
    }

    fn problem(&mut self, word: &Word, message: String, help: Option<String>) {
        let place = Place::new(&self.layer.source, word.span);
        let problem = Diagnostic::error(message).label(place, "dockerd does not start with this");
        self.problems.push(match help {
            Some(help) => problem.help(help),
            None => problem,
        });
    }
}

impl Entry {
    /// The same flag again: lists grow, of anything else the last one counts.
    fn add(&mut self, value: Option<Node>) {
        if !adds(self.option.kind) {
            self.value = value;
            return;
        }
        let Some(value) = value else {
            self.partial = true;
            return;
        };
        match (self.value.as_mut().map(|node| &mut node.value), value.value) {
            (Some(Value::Seq(items)), Value::Seq(more)) => items.extend(more),
            (Some(Value::Map(entries)), Value::Map(more)) => entries.extend(more),
            (_, value_of) => self.value = Some(node(value_of, value.span)),
        }
    }
}

/// Whether giving the flag again adds to what it gave before.
fn adds(kind: Kind) -> bool {
    !matches!(kind, Kind::Bool | Kind::Int | Kind::Text)
}

fn empty(kind: Kind, span: Span) -> Node {
    match kind {
        Kind::List | Kind::Pools => node(Value::Seq(Vec::new()), span),
        _ => node(Value::Map(Vec::new()), span),
    }
}

/// A value as `daemon.json` would have it; `None` when it has the wrong form.
fn value(kind: Kind, text: &str, span: Span) -> Option<Node> {
    let string = |text: &str| node(Value::Str(text.to_owned()), span);
    let entry = |name: &str, node: Node| {
        Value::Map(vec![(Key { text: name.to_owned(), span, is_string: true }, node)])
    };
    let value = match kind {
        Kind::Bool => Value::Bool(boolean(text)?),
        Kind::Int => Value::Int(text.parse().ok()?),
        Kind::Text => Value::Str(text.to_owned()),
        Kind::List => Value::Seq(vec![string(text)]),
        Kind::Map => {
            let (name, value) = text.split_once('=').unwrap_or((text, ""));
            entry(name, string(value))
        }
        Kind::NestedMap => {
            let (driver, rest) = text.split_once('=')?;
            let (name, value) = rest.split_once('=')?;
            entry(driver, node(entry(name, string(value)), span))
        }
        Kind::Features => {
            let (name, value) = text.split_once('=').unwrap_or((text, "true"));
            entry(name, node(Value::Bool(boolean(value)?), span))
        }
        Kind::Runtimes => {
            let (name, path) = text.split_once('=')?;
            entry(name, node(entry("path", string(path)), span))
        }
        Kind::Ulimits => {
            let (name, limits) = text.split_once('=')?;
            let (soft, hard) = limits.split_once(':').unwrap_or((limits, limits));
            let number = |text: &str| Some(node(Value::Int(text.parse().ok()?), span));
            let key = |text: &str| Key { text: text.to_owned(), span, is_string: true };
            let limits = vec![(key("Soft"), number(soft)?), (key("Hard"), number(hard)?)];
            entry(name, node(Value::Map(limits), span))
        }
        Kind::Pools => Value::Seq(vec![node(Value::Map(Vec::new()), span)]),
        Kind::Object => Value::Map(Vec::new()),
    };
    Some(node(value, span))
}

/// As Go's `strconv.ParseBool`.
fn boolean(text: &str) -> Option<bool> {
    match text {
        "1" | "t" | "T" | "true" | "TRUE" | "True" => Some(true),
        "0" | "f" | "F" | "false" | "FALSE" | "False" => Some(false),
        _ => None,
    }
}
