//! Which of the documents of one text a credential belongs to.

use std::sync::Arc;

use crate::document::Document;
use crate::source::Source;

/// Which document a part of a text belongs to that several documents were read from, as the output
/// of `docker inspect`: that of the nearest fact before it.
pub(in crate::link) struct Shares {
    texts: Vec<Shared>,
}

struct Shared {
    source: Arc<Source>,
    /// Where facts begin, and the index of their document.
    starts: Vec<(u32, usize)>,
}

impl Shared {
    fn add(&mut self, at: usize, document: &Document) {
        let starts = document.places.starts(&self.source);
        self.starts.extend(starts.into_iter().map(|start| (start, at)));
    }
}

impl Shares {
    pub(in crate::link) fn of(documents: &[Document]) -> Self {
        let mut texts: Vec<Shared> = Vec::new();
        for (at, pair) in documents.windows(2).enumerate() {
            // Documents of one text come one after the other.
            let [before, document] = pair else { continue };
            for source in &document.sources {
                if !before.sources.iter().any(|other| Arc::ptr_eq(other, source)) {
                    continue;
                }
                let known = texts.iter_mut().rev().find(|text| Arc::ptr_eq(&text.source, source));
                if let Some(text) = known {
                    text.add(at + 1, document);
                    continue;
                }
                let mut text = Shared { source: Arc::clone(source), starts: Vec::new() };
                text.add(at, before);
                text.add(at + 1, document);
                texts.push(text);
            }
        }
        texts.iter_mut().for_each(|text| text.starts.sort_unstable());
        Shares { texts }
    }

    /// Leaves every credential to the document that it belongs to.
    pub(in crate::link) fn divide(&self, documents: &mut [Document]) {
        if self.texts.is_empty() {
            return;
        }
        for (at, document) in documents.iter_mut().enumerate() {
            let places = &document.places;
            document.facts.secrets.retain(|secret| {
                let Some(place) = places.place(secret.loc) else { return true };
                let is_it = |text: &&Shared| Arc::ptr_eq(&text.source, &place.source);
                let Some(text) = self.texts.iter().find(is_it) else { return true };
                let end = text.starts.partition_point(|(start, _)| *start <= place.span.start);
                let owner = text.starts.get(end.saturating_sub(1)).map(|(_, owner)| *owner);
                owner.is_none_or(|owner| owner == at)
            });
        }
    }
}
