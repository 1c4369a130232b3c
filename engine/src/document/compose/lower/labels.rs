//! Lists of pairs and of words, wherever a service has them.

use plimsoll_sdk::Loc;
use plimsoll_sdk::facts::{Argument, Label};

use super::super::tree::{Node, Value};
use super::Lowering;
use super::read::{as_written, at, elements, provenance, scalar};

impl Lowering<'_, '_> {
    /// A mapping, or a list of `key=value`, as pairs.
    pub(super) fn pairs(&mut self, parent: Loc, node: Option<&Node>) -> Vec<Label> {
        let Some(node) = node else { return Vec::new() };
        match &node.value {
            Value::Map(map) => {
                let pairs = map.iter().map(|(key, entry)| {
                    let loc = self.entry(parent, &entry.key, &entry.node);
                    self.places.field_in(loc, "key", &entry.key.source, entry.key.span);
                    self.field(loc, "value", Some(&entry.node));
                    let value = match &entry.node.value {
                        Value::Null => Some(String::new()),
                        _ => scalar(&entry.node),
                    };
                    let (_, variables, _) = provenance(&entry.node);
                    Label { loc, key: Some(key.clone()), value, variables }
                });
                pairs.collect()
            }
            Value::Seq(items) => items.iter().map(|item| self.pair(parent, item)).collect(),
            _ => Vec::new(),
        }
    }

    fn pair(&mut self, parent: Loc, item: &Node) -> Label {
        let loc = self.object(parent, item);
        let text = as_written(item).unwrap_or_default();
        let (key, value) = text.split_once('=').unwrap_or((&text, ""));
        // The key is known as long as no variable stands in it.
        let known =
            |text: &str| (!item.is_unknown() || !text.contains('$')).then(|| text.to_owned());
        let (_, variables, _) = provenance(item);
        Label { loc, key: known(key), value: known(value), variables }
    }

    /// The items of a list as words, what is unknown as it is written; and whether all are known.
    pub(super) fn words(&mut self, parent: Loc, node: Option<&Node>) -> (Vec<Argument>, bool) {
        let mut complete = true;
        let mut words = Vec::new();
        for item in elements(node) {
            complete &= scalar(item).is_some();
            if let Some(text) = as_written(item) {
                words.push(Argument { loc: self.object(parent, item), text });
            }
        }
        (words, complete)
    }

    /// As [`Lowering::words`], of a key of a service; a list that is not all known is named.
    pub(super) fn list(
        &mut self,
        loc: Loc,
        node: &Node,
        (key, field): (&str, &'static str),
        incomplete: &mut Vec<String>,
    ) -> Vec<Argument> {
        let found = at(node, &[key]);
        self.field(loc, field, found);
        let (words, complete) = self.words(loc, found);
        if !complete {
            incomplete.push(field.into());
        }
        words
    }

    /// A command line as words.
    pub(super) fn command(
        &mut self,
        loc: Loc,
        (node, field): (Option<&Node>, &'static str),
        incomplete: &mut Vec<String>,
    ) -> Vec<String> {
        let items = elements(node);
        self.items(loc, field, items.iter().copied());
        if items.iter().any(|item| scalar(item).is_none()) {
            incomplete.push(field.into());
        }
        items.iter().filter_map(|item| as_written(item)).collect()
    }
}
