//! Documents that are parts of other documents of the run.
//!
//! A compose file that another one includes is judged there, with the variables and the networks
//! that it has there. Come across in the same walk, it is no project of its own.

use std::collections::HashMap;
use std::sync::Arc;

use plimsoll_engine::document::Document;
use plimsoll_engine::source::Source;

/// Texts by name.
type Texts<'d> = HashMap<&'d str, &'d Arc<Source>>;

/// Drops documents that nobody named and that are parts of others which stay. `named` says of each
/// whether somebody did.
pub(super) fn drop(documents: &mut Vec<Document>, named: &[bool]) {
    let mut dropped = parts(documents, named).into_iter();
    documents.retain(|_| dropped.next() != Some(true));
}

/// Of each document, whether it is dropped.
fn parts(documents: &[Document], named: &[bool]) -> Vec<bool> {
    let included: Vec<Texts<'_>> = documents.iter().map(|whole| texts(&whole.included)).collect();
    let mut wholes: HashMap<&str, Vec<usize>> = HashMap::new();
    for (at, texts) in included.iter().enumerate() {
        texts.keys().for_each(|name| wholes.entry(name).or_default().push(at));
    }
    let (included, wholes) = (&included, &wholes);
    // Those that a document is all part of.
    let wholes_of = move |at: usize| {
        let own = own(&documents[at]);
        let known = own.first().and_then(|first| wholes.get(first.name()));
        let known = known.into_iter().flatten().copied();
        known.filter(move |whole| own.iter().all(|text| has(&included[*whole], text)))
    };
    // Files that include one another are refused, and each of them is told of.
    let mutual = |at: usize, whole: usize| {
        own(&documents[whole]).iter().all(|text| has(&included[at], text))
    };
    let is_part = |at: usize| wholes_of(at).any(|whole| !mutual(at, whole));
    let may_go: Vec<bool> =
        (0..documents.len()).map(|at| named.get(at) == Some(&false) && is_part(at)).collect();
    // Nothing goes but with what stays.
    (0..documents.len()).map(|at| may_go[at] && wholes_of(at).any(|whole| !may_go[whole])).collect()
}

/// The texts that a document was asked to be read from.
fn own(document: &Document) -> &[Arc<Source>] {
    match document.merged.as_slice() {
        [] => document.sources.get(..1).unwrap_or_default(),
        merged => merged,
    }
}

fn texts(sources: &[Arc<Source>]) -> Texts<'_> {
    sources.iter().map(|source| (source.name(), source)).collect()
}

fn has(texts: &Texts<'_>, text: &Arc<Source>) -> bool {
    texts.get(text.name()).is_some_and(|known| known.text() == text.text())
}
