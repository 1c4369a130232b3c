//! `volumes` of a service: `[source:]target[:options]`.
//!
//! Owns what compose-go's format/volume.go makes of one: a Windows drive keeps its colon, and so
//! does a variable that is still in the text.

use std::ops::Range;
use std::{iter, mem};

use super::Short;
use super::text::{Text, put};
use crate::diagnostic::Diagnostic;
use crate::document::compose::tree::{Map, Node, Value};
use crate::notation;

/// The short form as a mapping.
pub(super) fn volume(node: &mut Node, short: &mut Short<'_>) {
    let Some(text) = Text::new(node) else { return };
    let whole = text.shadow().len();
    let (sections, is_open) =
        if whole <= 2 { (iter::once(0..whole).collect(), false) } else { split(text.shadow()) };
    let fault = match sections.as_slice() {
        _ if whole == 0 => "invalid empty volume spec",
        [] | [_] if is_open => "missing a mount target",
        // One variable may be all of it.
        [only] if !text.is_known(only.clone()) => return,
        sections if sections.iter().any(Range::is_empty) => "empty section between colons",
        [_, _, _, _, ..] => "too many colons",
        sections => {
            let map = long(node, &text, sections, whole <= 2);
            *node = text.map(map);
            return;
        }
    };
    let written = text.slice(0..whole);
    let problem = if whole == 0 {
        Diagnostic::error(fault)
    } else {
        Diagnostic::error(format!("invalid spec: {written}: {fault}"))
    };
    let problem = problem.at(node.place.clone()).help("write `[source:]target[:options]`");
    short.tell(problem);
}

/// The sections between colons, and whether a variable stays open, which swallows the last one.
fn split(text: &str) -> (Vec<Range<usize>>, bool) {
    let mut sections = Vec::new();
    let (mut start, mut braces) = (0, 0_usize);
    let mut before = ' ';
    for (index, ch) in text.char_indices() {
        match ch {
            '{' if before == '$' || braces > 0 => braces += 1,
            '}' => braces = braces.saturating_sub(1),
            ':' if braces == 0 && !is_drive(text.get(start..index).unwrap_or_default()) => {
                sections.push(start..index);
                start = index + 1;
                if sections.len() > 3 {
                    // Too many already.
                    break;
                }
            }
            _ => {}
        }
        before = ch;
    }
    if braces == 0 {
        sections.push(start..text.len());
    }
    (sections, braces > 0)
}

/// Whether a colon after this text is that of a drive.
fn is_drive(text: &str) -> bool {
    let mut chars = text.chars();
    matches!((chars.next(), chars.next()), (Some(letter), None) if letter.is_alphabetic())
}

fn long(node: &Node, text: &Text<'_>, sections: &[Range<usize>], is_tiny: bool) -> Map {
    let (source, target, options) = match sections {
        [source, target, rest @ ..] => (Some(source.clone()), target.clone(), rest.first()),
        rest => (None, rest.first().cloned().unwrap_or_default(), None),
    };
    let written = source.as_ref().map(|source| text.slice(source.clone())).unwrap_or_default();
    // A variable at the start decides what it is.
    let is_open = source.clone().is_some_and(|source| !text.is_known(source))
        && text.shadow().starts_with('\u{1}');
    let is_bind = !is_open && is_path(written);
    let default = |value| Node::default_at(value, &node.place);

    let mut map = Map::new();
    let kind = match &source {
        Some(source) if is_open => text.part(source.clone()),
        _ => default(Value::Str(if is_bind { "bind" } else { "volume" }.to_owned())),
    };
    put(&mut map, "type", kind);
    if let Some(source) = source {
        put(&mut map, "source", text.part(source));
    }
    put(&mut map, "target", clean(text.part(target)));
    let options = options.map(|options| options_of(text, options.clone())).unwrap_or_default();
    if let Some(read_only) = options.read_only {
        put(&mut map, "read_only", read_only);
    }
    let (mut bind, mut volume) = (options.bind, options.volume);
    if is_bind {
        // For Compose V1's sake the short form creates the path on the host.
        put(&mut bind, "create_host_path", default(Value::Bool(true)));
    }
    if is_bind || !bind.is_empty() {
        put(&mut map, "bind", default(Value::Map(bind)));
    }
    let is_volume = !is_bind && !is_open && !is_tiny;
    if is_volume || !volume.is_empty() {
        put(&mut map, "volume", default(Value::Map(mem::take(&mut volume))));
    }
    map
}

/// Whether a source is a path on the host rather than the name of a volume.
fn is_path(source: &str) -> bool {
    source.starts_with(['.', '/', '~']) || source.starts_with(r"\\") || {
        let mut chars = source.chars();
        matches!((chars.next(), chars.next()), (Some(letter), Some(':')) if letter.is_alphabetic())
    }
}

#[derive(Default)]
struct Options {
    read_only: Option<Node>,
    bind: Map,
    volume: Map,
}

/// The options between commas; those that Compose does not know are passed over, as it does.
fn options_of(text: &Text<'_>, range: Range<usize>) -> Options {
    let mut options = Options::default();
    if !text.is_known(range.clone()) {
        options.read_only = Some(text.part(range.clone()));
    }
    let mut start = range.start;
    let section = text.shadow().get(range).unwrap_or_default();
    for option in section.split(',') {
        let at = start..start + option.len();
        start = at.end + 1;
        match option {
            "ro" => options.read_only = Some(text.with(at, Value::Bool(true))),
            "rw" => options.read_only = None,
            "nocopy" => put(&mut options.volume, "nocopy", text.with(at, Value::Bool(true))),
            "private" | "rprivate" | "shared" | "rshared" | "slave" | "rslave" => {
                put(&mut options.bind, "propagation", text.part(at));
            }
            "z" | "Z" => put(&mut options.bind, "selinux", text.part(at)),
            _ => {}
        }
    }
    options
}

/// Takes `.`, `..` and doubled slashes out of a path (`path.Clean`).
fn clean(mut node: Node) -> Node {
    if node.is_unknown() {
        return node;
    }
    if let Value::Str(path) = &mut node.value
        && !path.is_empty()
    {
        *path = notation::path::clean(path);
    }
    node
}
