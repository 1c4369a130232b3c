//! Where every fact stands.
//!
//! Owns the table from a fact's handle ([`Loc`]) to its place. The facts themselves carry only the
//! handle; whoever lowers a document registers each object, its fields and its items here.

use std::sync::Arc;

use plimsoll_sdk::Loc;
use plimsoll_sdk::finding::RawPlace;

use crate::source::{Place, Source, Span};

/// The places of the facts of one document.
#[derive(Clone, Debug, Default)]
pub struct PlaceTable {
    sources: Vec<Arc<Source>>,
    objects: Vec<Object>,
}

#[derive(Clone, Debug)]
struct Object {
    parent: Option<Loc>,
    source: u32,
    span: Span,
    fields: Vec<(&'static str, Field)>,
}

#[derive(Clone, Debug)]
struct Field {
    span: Span,
    items: Vec<Span>,
}

impl PlaceTable {
    /// A table whose objects stand in this source, unless said otherwise.
    #[must_use]
    pub fn new(source: &Arc<Source>) -> Self {
        PlaceTable { sources: vec![Arc::clone(source)], objects: Vec::new() }
    }

    /// Registers an object that stands in the first source.
    pub fn object(&mut self, parent: Option<Loc>, span: Span) -> Loc {
        self.push(parent, 0, span)
    }

    /// Registers an object that stands in another source.
    pub fn object_in(&mut self, parent: Option<Loc>, source: &Arc<Source>, span: Span) -> Loc {
        let known = self.sources.iter().position(|s| Arc::ptr_eq(s, source));
        let index = known.unwrap_or_else(|| {
            self.sources.push(Arc::clone(source));
            self.sources.len() - 1
        });
        self.push(parent, u32::try_from(index).unwrap_or_default(), span)
    }

    /// Registers an object that stands in the source of its parent.
    pub fn object_within(&mut self, parent: Loc, span: Span) -> Loc {
        let source = self.objects.get(parent.0 as usize).map_or(0, |object| object.source);
        self.push(Some(parent), source, span)
    }

    fn push(&mut self, parent: Option<Loc>, source: u32, span: Span) -> Loc {
        let loc = Loc(u32::try_from(self.objects.len()).unwrap_or(u32::MAX));
        self.objects.push(Object { parent, source, span, fields: Vec::new() });
        loc
    }

    /// Registers the place of a field: the value if it has one, else what should have had it.
    pub fn field(&mut self, loc: Loc, name: &'static str, span: Span) {
        self.set(loc, name, Field { span, items: Vec::new() });
    }

    /// Registers the places of the items of a list field.
    pub fn items(&mut self, loc: Loc, name: &'static str, items: Vec<Span>) {
        let span = items.iter().copied().reduce(Span::cover);
        let span = span.or_else(|| self.objects.get(loc.0 as usize).map(|object| object.span));
        self.set(loc, name, Field { span: span.unwrap_or_default(), items });
    }

    fn set(&mut self, loc: Loc, name: &'static str, field: Field) {
        if let Some(object) = self.objects.get_mut(loc.0 as usize) {
            object.fields.retain(|(known, _)| *known != name);
            object.fields.push((name, field));
        }
    }

    /// The object that an object is part of; `None` for the outermost, or for a foreign handle.
    #[must_use]
    pub fn parent(&self, loc: Loc) -> Option<Loc> {
        self.objects.get(loc.0 as usize)?.parent
    }

    /// The place that a rule named: the item, else the field, else the object. `None` when the
    /// handle is not one of this document.
    #[must_use]
    pub fn resolve(&self, place: &RawPlace) -> Option<Place> {
        let object = self.objects.get(place.loc.0 as usize)?;
        let source = self.sources.get(object.source as usize)?;
        let field = place.field.as_deref().and_then(|name| {
            object.fields.iter().find(|(known, _)| *known == name).map(|(_, field)| field)
        });
        let item = field
            .and_then(|field| field.items.get(place.item? as usize))
            .or(field.map(|field| &field.span));
        Some(Place::new(source, item.copied().unwrap_or(object.span)))
    }

    /// The object that starts last before an offset of a source: of what is written there it is
    /// part, or next to it.
    #[must_use]
    pub fn before(&self, source: &Arc<Source>, offset: u32) -> Option<Loc> {
        let index = self.sources.iter().position(|known| Arc::ptr_eq(known, source))?;
        let index = u32::try_from(index).ok()?;
        let objects = self.objects.iter().enumerate();
        let here = objects.filter(|(_, o)| o.source == index && o.span.start <= offset);
        let (at, _) = here.max_by_key(|(at, object)| (object.span.start, *at))?;
        Some(Loc(u32::try_from(at).unwrap_or(u32::MAX)))
    }

    /// Registers an object at a place.
    pub fn object_at(&mut self, parent: Option<Loc>, place: &Place) -> Loc {
        self.object_in(parent, &place.source, place.span)
    }

    /// The place of an object itself.
    #[must_use]
    pub fn place(&self, loc: Loc) -> Option<Place> {
        self.resolve(&RawPlace { loc, field: None, item: None })
    }

    /// The number of objects.
    #[must_use]
    pub fn len(&self) -> usize {
        self.objects.len()
    }

    /// Whether there is no object.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.objects.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_most_precise_place_wins() {
        let source = Source::new("a", "USER a b c");
        let mut table = PlaceTable::new(&source);
        let outer = table.object(None, Span::new(0, 10));
        let inner = table.object(Some(outer), Span::new(5, 10));
        table.field(outer, "user", Span::new(5, 6));
        table.items(outer, "args", vec![Span::new(7, 8), Span::new(9, 10)]);
        let text = |loc, field: Option<&str>, item| {
            let place = RawPlace { loc, field: field.map(String::from), item };
            table.resolve(&place).map(|place| place.text().to_owned())
        };
        assert_eq!(text(outer, Some("user"), None).as_deref(), Some("a"));
        assert_eq!(text(outer, Some("args"), Some(1)).as_deref(), Some("c"));
        assert_eq!(text(outer, Some("args"), Some(2)).as_deref(), Some("b c"));
        assert_eq!(text(outer, Some("other"), None).as_deref(), Some("USER a b c"));
        assert_eq!(text(inner, None, None).as_deref(), Some("a b c"));
        assert_eq!(text(Loc(7), None, None), None);
        assert_eq!(table.parent(inner), Some(outer));
    }
}
