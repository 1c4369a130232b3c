//! The checklist of a bundle: `checklist.yaml`, what rules serve, item by item.
//!
//! Owns the file's grammar, with every problem at once, and which item a rule's code stands for. It
//! does not know which rules name an item (their METADATA does), nor what came of them.
//!
//! # Codes
//!
//! An item's id is a word (`V1`), or a word and the lines of a document where the item stands
//! (`S1:29-32`, `S1:34`). A rule's code names the item of the same id, else the smallest whose lines
//! hold those of the code: `S1:42` is part of `S1:36-45`.

use std::collections::HashMap;
use std::sync::Arc;

use crate::diagnostic::Diagnostic;
use crate::excerpt::excerpt;
use crate::nearest::nearest;
use crate::source::{Place, Source, Span};
use crate::yaml::{self, Key, Limits, Node, Value};

/// The largest file, in bytes.
const MAX_BYTES: usize = 1 << 20;

/// The most problems that are told of one file.
const MAX_PROBLEMS: usize = 50;

const FILE_KEYS: [&str; 2] = ["guides", "limits"];
const GUIDE_KEYS: [&str; 3] = ["id", "title", "sections"];
const SECTION_KEYS: [&str; 3] = ["id", "title", "items"];
const ITEM_KEYS: [&str; 5] = ["id", "title", "verification", "reason", "instead"];
const LIMIT_KEYS: [&str; 4] = ["of", "title", "reason", "instead"];

/// The checklist of a bundle.
#[derive(Clone, Debug, Default)]
pub struct Checklist {
    /// The documents it is made of, in their order.
    pub guides: Vec<Guide>,
    /// What other catalogues ask for and nobody can check.
    pub limits: Vec<Limit>,
}

/// A document of the checklist.
#[derive(Clone, Debug)]
pub struct Guide {
    /// What a view of it alone is called: lower-case letters, digits, hyphens.
    pub id: String,
    /// Its name.
    pub title: String,
    /// Its sections, in its order.
    pub sections: Vec<Section>,
}

/// A section of a guide.
#[derive(Clone, Debug)]
pub struct Section {
    /// What a view of it alone is called, if there is one.
    pub id: Option<String>,
    /// Its heading.
    pub title: String,
    /// Its items, in the guide's order.
    pub items: Vec<Item>,
}

/// An item of the checklist.
#[derive(Clone, Debug)]
pub struct Item {
    /// Its id, as rules name it: `S1:29-32`, `V1`.
    pub id: String,
    /// What is to be done, in a few words.
    pub title: String,
    /// The id of the item of a closing list that sums it up.
    pub verification: Option<String>,
    /// Why it cannot be checked, or where checking it ends: a sentence or two.
    pub reason: Option<String>,
    /// What is checked in its place: a sentence or two.
    pub instead: Option<String>,
    /// Where its id is written.
    pub place: Place,
}

/// Something that cannot be checked, and is no item.
#[derive(Clone, Debug)]
pub struct Limit {
    /// Who asks for it: `CIS 5.7`.
    pub of: String,
    /// What is asked for.
    pub title: String,
    /// Why it cannot be checked: a sentence or two.
    pub reason: String,
    /// What is checked in its place: a sentence or two.
    pub instead: Option<String>,
}

/// An item's id or a rule's code, taken apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Code<'a> {
    word: &'a str,
    lines: Option<(u32, u32)>,
}

impl<'a> Code<'a> {
    fn parse(text: &'a str) -> Option<Self> {
        let (word, lines) = match text.split_once(':') {
            None => (text, None),
            Some((word, lines)) => {
                let (first, last) = lines.split_once('-').unwrap_or((lines, lines));
                let (first, last) = (number(first)?, number(last)?);
                (word, Some((first, last)).filter(|_| first <= last).map(Some)?)
            }
        };
        let plain = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '.';
        (word.starts_with(|c: char| c.is_ascii_alphabetic()) && word.chars().all(plain))
            .then_some(Code { word, lines })
    }

    fn holds(self, other: Code<'_>) -> bool {
        let within = match (self.lines, other.lines) {
            (Some((first, last)), Some((from, to))) => first <= from && to <= last,
            (None, None) => true,
            _ => false,
        };
        self.word == other.word && within
    }
}

fn number(text: &str) -> Option<u32> {
    let digits = text.bytes().all(|byte| byte.is_ascii_digit()) && !text.starts_with('0');
    text.parse().ok().filter(|_| digits)
}

impl Checklist {
    /// Reads the file, or says everything that is wrong with it.
    pub(super) fn read(source: &Arc<Source>) -> Result<Checklist, Vec<Diagnostic>> {
        if source.text().len() > MAX_BYTES {
            let message = format!("the checklist is larger than {MAX_BYTES} bytes");
            let start = Place::new(source, Span::default());
            return Err(vec![Diagnostic::error(message).at(start)]);
        }
        let root = yaml::parse(source, Limits::default())?;
        let mut reader = Reader { source, problems: Vec::new() };
        let checklist = reader.checklist(&root);
        reader.unique(&checklist);
        if reader.problems.is_empty() { Ok(checklist) } else { Err(reader.problems) }
    }

    /// Every item, in order.
    pub fn items(&self) -> impl Iterator<Item = &Item> {
        self.guides.iter().flat_map(|guide| &guide.sections).flat_map(|section| &section.items)
    }

    /// The item that a rule's code names; `None` when there is none.
    #[must_use]
    pub fn item(&self, code: &str) -> Option<&Item> {
        if let Some(exact) = self.items().find(|item| item.id == code) {
            return Some(exact);
        }
        let code = Code::parse(code)?;
        let holding = self.items().filter_map(|item| Some((Code::parse(&item.id)?, item)));
        let holding = holding.filter(|(id, _)| id.holds(code));
        let lines = |(id, _): &(Code<'_>, &Item)| id.lines.map_or(0, |(first, last)| last - first);
        holding.min_by_key(lines).map(|(_, item)| item)
    }
}

struct Reader<'a> {
    source: &'a Arc<Source>,
    problems: Vec<Diagnostic>,
}

type Entry<'n> = (&'n Key, &'n Node);

impl Reader<'_> {
    fn checklist(&mut self, root: &Node) -> Checklist {
        let entries = self.entries(root, root.span, "the checklist", &FILE_KEYS);
        Checklist {
            guides: self.list(&entries, "guides", Self::guide),
            limits: self.list(&entries, "limits", Self::limit),
        }
    }

    fn guide(&mut self, node: &Node) -> Option<Guide> {
        let entries = self.entries(node, node.span, "a guide", &GUIDE_KEYS);
        let id = self.required(node, &entries, "id").map(|(text, span)| self.view(text, span));
        let title = self.required(node, &entries, "title").map(|(text, _)| text);
        let sections = self.list(&entries, "sections", Self::section);
        Some(Guide { id: id?, title: title?, sections })
    }

    fn section(&mut self, node: &Node) -> Option<Section> {
        let entries = self.entries(node, node.span, "a section", &SECTION_KEYS);
        let id = self.text(&entries, "id").map(|(text, span)| self.view(text, span));
        let title = self.required(node, &entries, "title").map(|(text, _)| text);
        let items = self.list(&entries, "items", Self::item);
        Some(Section { id, title: title?, items })
    }

    fn item(&mut self, node: &Node) -> Option<Item> {
        let entries = self.entries(node, node.span, "an item", &ITEM_KEYS);
        let id = self.required(node, &entries, "id");
        if let Some((id, span)) = &id
            && Code::parse(id).is_none()
        {
            let message = format!("`{}` cannot be an item's id", excerpt(id));
            let help = "write a word, or a word and lines, like `S1:29-32`";
            self.problem(message, *span, Some(help.to_owned()));
        }
        let title = self.required(node, &entries, "title").map(|(text, _)| text);
        let mut optional = |key| self.text(&entries, key).map(|(text, _)| text);
        let (verification, reason, instead) =
            (optional("verification"), optional("reason"), optional("instead"));
        let (id, span) = id?;
        let place = Place::new(self.source, span);
        Some(Item { id, title: title?, verification, reason, instead, place })
    }

    fn limit(&mut self, node: &Node) -> Option<Limit> {
        let entries = self.entries(node, node.span, "a limit", &LIMIT_KEYS);
        let mut required = |key| self.required(node, &entries, key).map(|(text, _)| text);
        let (of, title, reason) = (required("of"), required("title"), required("reason"));
        let instead = self.text(&entries, "instead").map(|(text, _)| text);
        Some(Limit { of: of?, title: title?, reason: reason?, instead })
    }

    /// That no two things are called the same, and that `verification` names an item.
    fn unique(&mut self, checklist: &Checklist) {
        let mut seen: HashMap<&str, &Place> = HashMap::new();
        for item in checklist.items() {
            if let Some(first) = seen.insert(&item.id, &item.place) {
                let message = format!("the item `{}` is there twice", excerpt(&item.id));
                let problem = Diagnostic::error(message).at(item.place.clone());
                self.push(problem.label(first.clone(), "here, too"));
            }
        }
        for item in checklist.items() {
            let Some(named) = item.verification.as_deref() else { continue };
            if !seen.contains_key(named) {
                let message = format!("the item `{}` names `{}`, which is no item", item.id, named);
                let help = nearest(named, seen.keys().copied());
                let help = help.map(|near| format!("did you mean `{near}`"));
                self.problem(message, item.place.span, help);
            }
        }
        let mut views: Vec<&str> = vec!["all"];
        for guide in &checklist.guides {
            let sections = guide.sections.iter().filter_map(|section| section.id.as_deref());
            for id in std::iter::once(guide.id.as_str()).chain(sections) {
                if views.contains(&id) {
                    let message = format!("`{}` is the name of two views", excerpt(id));
                    let help = "guides and sections have names of their own; `all` is every item";
                    self.problem(message, Span::default(), Some(help.to_owned()));
                }
                views.push(id);
            }
        }
    }

    /// The name of a view, which is typed on the command line.
    fn view(&mut self, id: String, span: Span) -> String {
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        if !id.chars().all(plain) {
            let message = format!("`{}` cannot be the name of a view", excerpt(&id));
            let help = "use lower-case letters, digits and hyphens";
            self.problem(message, span, Some(help.to_owned()));
        }
        id
    }

    fn entries<'n>(
        &mut self,
        node: &'n Node,
        span: Span,
        what: &str,
        known: &[&str],
    ) -> Vec<Entry<'n>> {
        let Value::Map(entries) = &node.value else {
            let message = format!("{what} has to be a map, not {}", node.value.kind());
            self.problem(message, span, None);
            return Vec::new();
        };
        for (key, _) in entries {
            if !known.contains(&key.text.as_str()) {
                let message = format!("{what} has no key `{}`", excerpt(&key.text));
                let help = match nearest(&key.text, known.iter().copied()) {
                    Some(near) => format!("did you mean `{near}`"),
                    None => format!("known keys are {}", known.join(", ")),
                };
                self.problem(message, key.span, Some(help));
            }
        }
        entries.iter().map(|(key, node)| (key, node)).collect()
    }

    /// The things of a list, as far as they are in order.
    fn list<T>(
        &mut self,
        entries: &[Entry<'_>],
        key: &str,
        read: impl Fn(&mut Self, &Node) -> Option<T>,
    ) -> Vec<T> {
        let Some((at, node)) = entries.iter().find(|(at, _)| at.text == key) else {
            return Vec::new();
        };
        let Value::Seq(items) = &node.value else {
            let message = format!("`{key}` has to be a list, not {}", node.value.kind());
            self.problem(message, at.span, None);
            return Vec::new();
        };
        items.iter().filter_map(|item| read(self, item)).collect()
    }

    fn required(
        &mut self,
        node: &Node,
        entries: &[Entry<'_>],
        key: &str,
    ) -> Option<(String, Span)> {
        let is_map = matches!(node.value, Value::Map(_));
        if is_map && !entries.iter().any(|(at, _)| at.text == key) {
            self.problem(format!("`{key}` is missing"), node.span, None);
        }
        self.text(entries, key)
    }

    /// A text, its white space made single: long ones are broken into lines.
    fn text(&mut self, entries: &[Entry<'_>], key: &str) -> Option<(String, Span)> {
        let (at, node) = entries.iter().find(|(at, _)| at.text == key)?;
        match &node.value {
            Value::Str(text) if !text.trim().is_empty() => {
                let words: Vec<&str> = text.split_whitespace().collect();
                Some((words.join(" "), node.span))
            }
            Value::Str(_) | Value::Null => {
                self.problem(format!("`{key}` is empty"), at.span, None);
                None
            }
            other => {
                let message = format!("`{key}` has to be a text, not {}", other.kind());
                self.problem(message, node.span, None);
                None
            }
        }
    }

    fn problem(&mut self, message: String, span: Span, help: Option<String>) {
        let mut problem = Diagnostic::error(message).at(Place::new(self.source, span));
        problem.help = help;
        self.push(problem);
    }

    fn push(&mut self, problem: Diagnostic) {
        if self.problems.len() < MAX_PROBLEMS {
            self.problems.push(problem);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GUIDE: &str = "guides:\n- id: one\n  title: One\n  sections:\n  - title: A\n    items:\n";

    fn read(items: &str) -> Result<Checklist, Vec<Diagnostic>> {
        Checklist::read(&Source::new("checklist.yaml", format!("{GUIDE}{items}")))
    }

    #[test]
    fn a_code_names_the_smallest_item_that_holds_it() {
        let items = ["S1:10-20", "S1:15", "S1:14-18", "S2:10-20", "V1"];
        let items: String =
            items.iter().map(|id| format!("    - {{id: '{id}', title: T}}\n")).collect();
        let checklist = read(&items).unwrap();
        for (code, item) in [
            ("S1:10-20", Some("S1:10-20")),
            ("S1:10", Some("S1:10-20")),
            ("S1:13-18", Some("S1:10-20")),
            ("S1:14", Some("S1:14-18")),
            ("S1:15", Some("S1:15")),
            ("S1:15-16", Some("S1:14-18")),
            ("S1:9-10", None),
            ("S1:20-21", None),
            ("S1:20-10", None),
            ("S3:10", None),
            ("S1", None),
            ("V1", Some("V1")),
            ("V10", None),
            ("V1:1", None),
            ("S1:015", None),
            ("S1:+15", None),
            ("", None),
        ] {
            assert_eq!(checklist.item(code).map(|item| item.id.as_str()), item, "{code}");
        }
    }

    #[test]
    fn everything_that_is_wrong_is_told_at_once() {
        for (items, messages) in [
            (
                "    - {id: V1, title: T}\n    - {id: V1, title: U}\n",
                &["the item `V1` is there twice"][..],
            ),
            (
                "    - {id: 'V 1', titel: T}\n",
                &[
                    "an item has no key `titel`",
                    "`V 1` cannot be an item's id",
                    "`title` is missing",
                ],
            ),
            (
                "    - {id: V1, title: [a], reason: ' '}\n    - 7\n",
                &[
                    "`title` has to be a text, not a list",
                    "`reason` is empty",
                    "an item has to be a map, not a number",
                ],
            ),
            (
                "    - {id: V1, title: T, verification: V2}\n",
                &["the item `V1` names `V2`, which is no item"],
            ),
            (
                "  - {id: one, title: B}\n  - {id: Two, title: C, items: x}\n",
                &[
                    "`Two` cannot be the name of a view",
                    "`items` has to be a list, not a string",
                    "`one` is the name of two views",
                ],
            ),
            ("limits:\n- {of: CIS 1, title: T}\n", &["`reason` is missing"]),
        ] {
            let items = if items.starts_with("    ") {
                items.to_owned()
            } else {
                format!("     []\n{items}")
            };
            let problems = read(&items).unwrap_err();
            let told: Vec<&str> = problems.iter().map(|problem| problem.message.as_str()).collect();
            assert_eq!(told, messages, "{items}");
            assert!(problems.iter().all(|problem| problem.place().is_some()));
        }
        let big = Source::new("checklist.yaml", "#".repeat(MAX_BYTES + 1));
        assert!(Checklist::read(&big).is_err());
        for text in ["guides: [", "- a", "guides: 7", "a: &a [*a]"] {
            assert!(Checklist::read(&Source::new("checklist.yaml", text)).is_err(), "{text}");
        }
    }
}
