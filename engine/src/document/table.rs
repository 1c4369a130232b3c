//! Tables of bundles as documents: of when they are.
//!
//! Owns the facts of the kind [`KIND`]. The engine adds such a document to a run by itself, made from
//! the tables of the policy; a file is read as one only where that is asked for.

use std::sync::Arc;

use plimsoll_sdk::facts::{Facts, Policy, Table};

use super::{Document, Input, PlaceTable, ReadOptions};
use crate::source::{Place, Source, Span};
use crate::yaml::{self, Limits, Value};

/// The word for this kind of document.
pub const KIND: &str = "policy";

/// The word for the format.
pub const FORMAT: &str = "table";

/// A table and of when it is.
#[derive(Clone, Debug)]
pub struct Dated<'a> {
    /// The name that rules read it by.
    pub name: &'a str,
    /// The day, as written.
    pub as_of: Option<&'a str>,
    /// Where that is written; without it, the beginning of the table.
    pub place: Place,
}

/// No name tells that a file is a table.
#[must_use]
pub fn has_name(_file_name: &str) -> bool {
    false
}

/// No content tells that a file is a table.
#[must_use]
pub fn has_content(_text: &str) -> bool {
    false
}

/// The document that these tables are; `None` when there is none.
#[must_use]
pub fn document(name: &str, tables: &[Dated<'_>]) -> Option<Document> {
    let first = &tables.first()?.place.source;
    let mut places = PlaceTable::new(first);
    let mut facts = Facts::new(KIND, name);
    let loc = places.object(None, Span::default());
    let mut policy = Policy { loc, tables: Vec::with_capacity(tables.len()) };
    let mut sources: Vec<Arc<Source>> = Vec::with_capacity(tables.len());
    for table in tables {
        let start = Place::new(&table.place.source, Span::default());
        let loc = places.object_at(Some(policy.loc), &start);
        places.field(loc, "as_of", table.place.span);
        let as_of = table.as_of.map(str::to_owned);
        policy.tables.push(Table { loc, name: table.name.to_owned(), as_of });
        sources.push(Arc::clone(&table.place.source));
    }
    facts.policy = Some(policy);
    Some(Document::new(KIND, sources, facts, places))
}

/// Reads a table that is named as such.
pub fn read(input: &Input, _: &ReadOptions) -> Vec<Document> {
    let source = &input.source;
    let file_name = source.name().rsplit('/').next().unwrap_or_default();
    let name = file_name.split_once('.').map_or(file_name, |(stem, _)| stem);
    let (root, problems) = match yaml::parse(source, Limits::default()) {
        Ok(root) => (Some(root), Vec::new()),
        Err(problems) => (None, problems),
    };
    let as_of = root.as_ref().and_then(|root| root.get("as_of"));
    let day = as_of.and_then(|node| match &node.value {
        Value::Str(day) => Some(day.as_str()),
        _ => None,
    });
    let span = as_of.map_or(Span::default(), |node| node.span);
    let dated = Dated { name, as_of: day, place: Place::new(source, span) };
    let mut documents: Vec<Document> = document(source.name(), &[dated]).into_iter().collect();
    for document in &mut documents {
        document.problems.extend(problems.iter().cloned());
    }
    documents
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(text: &str) -> Document {
        let source = Source::new("data/ports.yaml", text);
        let mut documents = read(&Input { source, folder: None }, &ReadOptions::default());
        assert_eq!(documents.len(), 1);
        documents.remove(0)
    }

    #[test]
    fn a_table_says_of_when_it_is() {
        let document = table("# Ports\nas_of: \"2026-01-31\"\nports: []\n");
        let tables = document.facts.policy.clone().unwrap().tables;
        assert_eq!(
            (tables[0].name.as_str(), tables[0].as_of.as_deref()),
            ("ports", Some("2026-01-31"))
        );
        let place = plimsoll_sdk::finding::RawPlace {
            loc: tables[0].loc,
            field: Some("as_of".into()),
            item: None,
        };
        assert_eq!(document.places.resolve(&place).unwrap().text(), "\"2026-01-31\"");
    }

    #[test]
    fn a_table_that_does_not_is_a_document_all_the_same() {
        for (text, problems) in [("", 0), ("- a\n", 0), ("as_of: 7\n", 0), ("a: [", 1)] {
            let document = table(text);
            assert_eq!(document.facts.policy.unwrap().tables[0].as_of, None);
            assert_eq!(document.problems.len(), problems, "{text}");
        }
        assert!(document("<policy>", &[]).is_none());
    }
}
