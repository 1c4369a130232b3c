//! `daemon.json`, as dockerd's `daemon/config` reads it.
//!
//! dockerd refuses to start on a key that is no option, and ignores in silence what has the name of
//! a flag where the file has another (`host`), or stands in an object that it does not expect.

use std::sync::Arc;

use super::check;
use super::layer::{Entry, Layer, node};
use super::options::{self, DaemonOption, Kind};
use crate::diagnostic::Diagnostic;
use crate::excerpt::excerpt;
use crate::nearest::nearest;
use crate::source::{Place, Source, Span};
use crate::yaml::{Key, Node, Value};

/// What stands in the object `proxies`.
const PROXIES: [&str; 3] = ["http-proxy", "https-proxy", "no-proxy"];

/// Reads the tree of a `daemon.json`; `None` when it is no object.
pub(super) fn read(
    source: &Arc<Source>,
    tree: Node,
    problems: &mut Vec<Diagnostic>,
) -> Option<Layer> {
    let span = Span::new(tree.span.start as usize, tree.span.start as usize + 1);
    let Value::Map(entries) = tree.value else {
        let message = format!("daemon.json must hold an object, found {}", tree.value.kind());
        problems.push(Diagnostic::error(message).at(Place::new(source, tree.span)));
        return None;
    };
    let mut reader = Reader { source, problems, entries: Vec::new() };
    for (key, value) in entries {
        reader.entry(key, value);
    }
    let layer = Layer { source: Arc::clone(source), span, entries: reader.entries, open: false };
    check::values(&layer, problems);
    Some(layer)
}

/// A file without text: dockerd takes it for one that sets nothing.
pub(super) fn empty(source: &Arc<Source>) -> Layer {
    Layer { source: Arc::clone(source), span: Span::default(), entries: Vec::new(), open: false }
}

struct Reader<'a> {
    source: &'a Arc<Source>,
    problems: &'a mut Vec<Diagnostic>,
    entries: Vec<Entry>,
}

impl Reader<'_> {
    fn entry(&mut self, key: Key, value: Node) {
        let option = options::by_key(&key.text);
        let proxy = PROXIES.contains(&key.text.as_str());
        match (option, value.value) {
            (Some(option), value_of) if !proxy => {
                let value = Node { value: value_of, ..node(Value::Null, value.span) };
                self.option(option, &key, value);
            }
            (_, Value::Map(inner)) if key.text == "proxies" => self.proxies(inner),
            (None, Value::Map(inner)) => self.group(&key, &inner),
            (Some(_), _) => {
                self.ignored(&key, format!("write it as `{}` in the object `proxies`", key.text));
            }
            (None, _) if key.text == "proxies" => self.wrong_type(&key, Kind::Object),
            (None, _) => self.unknown(&key),
        }
    }

    fn option(&mut self, option: &'static DaemonOption, key: &Key, value: Node) {
        let fits = check::fits(option.kind, &value);
        if !fits {
            let message = format!("`{}` must be {}", option.key, option.kind.expected());
            let place = Place::new(self.source, value.span);
            self.problems.push(
                Diagnostic::error(message).label(place, "dockerd does not start with this value"),
            );
        }
        let value = fits.then_some(value);
        self.entries.push(Entry { option, key: key.span, value, partial: false });
    }

    fn proxies(&mut self, inner: Vec<(Key, Node)>) {
        for (key, value) in inner {
            match options::by_key(&key.text).filter(|_| PROXIES.contains(&key.text.as_str())) {
                Some(option) => self.option(option, &key, value),
                None => self.unknown(&key),
            }
        }
    }

    /// An object with the name of no option: dockerd looks for its keys among the flags, and then
    /// does nothing with them.
    fn group(&mut self, key: &Key, inner: &[(Key, Node)]) {
        let unknown: Vec<&Key> = inner
            .iter()
            .map(|(key, _)| key)
            .filter(|key| options::by_key(&key.text).is_none() && !is_flag(&key.text))
            .collect();
        if inner.is_empty() || unknown.is_empty() {
            self.ignored(key, "no option is an object of this name".into());
        } else {
            self.unknown(key);
        }
    }

    fn ignored(&mut self, key: &Key, help: String) {
        let message = format!("dockerd ignores the key `{}`", excerpt(&key.text));
        let place = Place::new(self.source, key.span);
        self.problems.push(Diagnostic::warning(message).at(place).help(help));
    }

    fn wrong_type(&mut self, key: &Key, kind: Kind) {
        let message = format!("`{}` must be {}", excerpt(&key.text), kind.expected());
        self.problems.push(Diagnostic::error(message).at(Place::new(self.source, key.span)));
    }

    fn unknown(&mut self, key: &Key) {
        if let Some(option) = options::by_flag(&key.text).filter(|_| is_flag(&key.text)) {
            let help = if option.key == option.flag {
                "it is an option of the command line only".into()
            } else {
                format!("in daemon.json it is called `{}`", option.key)
            };
            return self.ignored(key, help);
        }
        let message = format!("`{}` is no option of dockerd", excerpt(&key.text));
        let place = Place::new(self.source, key.span);
        let problem =
            Diagnostic::error(message).label(place, "dockerd does not start with this key");
        let known = options::OPTIONS.iter().chain(options::FILE_ONLY).map(|option| option.key);
        self.problems.push(match nearest(&key.text, known.chain(["proxies"])) {
            Some(meant) => problem.help(format!("did you mean `{meant}`?")),
            None => problem,
        });
    }
}

fn is_flag(key: &str) -> bool {
    options::by_flag(key).is_some()
}
