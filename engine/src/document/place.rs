//! Where every fact stands.
//!
//! Owns the table from a fact's handle ([`Loc`]) to its place. The facts themselves carry only the
//! handle; whoever lowers a document registers each object, its fields and its items here.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::sync::Arc;

use plimsoll_sdk::Loc;
use plimsoll_sdk::finding::RawPlace;

use super::relocation::Relocation;
use crate::source::{Place, Source, Span};

/// The places of the facts of one document.
#[derive(Clone, Debug, Default)]
pub struct PlaceTable {
    sources: Vec<Arc<Source>>,
    /// The index of the source that was asked for last.
    recent: usize,
    objects: Vec<Object>,
}

#[derive(Clone, Debug)]
struct Object {
    parent: Option<Loc>,
    at: At,
    used_at: Option<At>,
    fields: Vec<(&'static str, Field)>,
}

#[derive(Clone, Debug, Default)]
struct Field {
    at: At,
    used_at: Option<At>,
    items: Vec<At>,
    /// Where items are used, by their numbers: few are used elsewhere.
    items_used_at: Vec<(u32, At)>,
}

/// A place, its source by number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct At {
    source: u32,
    span: Span,
}

/// Where something stands, and where it came from there, for registering.
#[derive(Clone, Debug)]
pub struct Written {
    /// Where it is written.
    pub place: Place,
    /// The alias, `extends` or `include` through which it is used, if one was needed.
    pub used_at: Option<Place>,
}

impl PlaceTable {
    /// A table whose objects stand in this source, unless said otherwise.
    #[must_use]
    pub fn new(source: &Arc<Source>) -> Self {
        PlaceTable { sources: vec![Arc::clone(source)], recent: 0, objects: Vec::new() }
    }

    /// Registers an object that stands in the first source.
    pub fn object(&mut self, parent: Option<Loc>, span: Span) -> Loc {
        self.push(parent, At { source: 0, span })
    }

    /// Registers an object that stands in another source.
    pub fn object_in(&mut self, parent: Option<Loc>, source: &Arc<Source>, span: Span) -> Loc {
        let source = self.source(source);
        self.push(parent, At { source, span })
    }

    /// Registers an object at a place.
    pub fn object_at(&mut self, parent: Option<Loc>, place: &Place) -> Loc {
        self.object_in(parent, &place.source, place.span)
    }

    /// Registers an object that may be used elsewhere than it is written.
    pub fn object_written(&mut self, parent: Option<Loc>, written: &Written) -> Loc {
        let used_at = written.used_at.as_ref().map(|place| self.at(place));
        let loc = self.object_at(parent, &written.place);
        if let Some(object) = self.objects.get_mut(loc.0 as usize) {
            object.used_at = used_at;
        }
        loc
    }

    /// The index of a source, which is added if it is new.
    fn source(&mut self, source: &Arc<Source>) -> u32 {
        // What is registered one after the other mostly stands in one source.
        let is = |known: &Arc<Source>| Arc::ptr_eq(known, source);
        if !self.sources.get(self.recent).is_some_and(is) {
            self.recent = self.sources.iter().position(is).unwrap_or_else(|| {
                self.sources.push(Arc::clone(source));
                self.sources.len() - 1
            });
        }
        u32::try_from(self.recent).unwrap_or_default()
    }

    fn at(&mut self, place: &Place) -> At {
        At { source: self.source(&place.source), span: place.span }
    }

    /// Registers an object that stands in the source of its parent.
    pub fn object_within(&mut self, parent: Loc, span: Span) -> Loc {
        let source = self.objects.get(parent.0 as usize).map_or(0, |object| object.at.source);
        self.push(Some(parent), At { source, span })
    }

    fn push(&mut self, parent: Option<Loc>, at: At) -> Loc {
        let loc = Loc(u32::try_from(self.objects.len()).unwrap_or(u32::MAX));
        self.objects.push(Object { parent, at, used_at: None, fields: Vec::new() });
        loc
    }

    /// Registers the place of a field, in the source of its object: the value if it has one, else
    /// what should have had it.
    pub fn field(&mut self, loc: Loc, name: &'static str, span: Span) {
        let source = self.objects.get(loc.0 as usize).map_or(0, |object| object.at.source);
        self.set(loc, name, Field { at: At { source, span }, ..Field::default() });
    }

    /// As [`PlaceTable::field`], in another source.
    pub fn field_in(&mut self, loc: Loc, name: &'static str, source: &Arc<Source>, span: Span) {
        let at = At { source: self.source(source), span };
        self.set(loc, name, Field { at, ..Field::default() });
    }

    /// As [`PlaceTable::field`], for one that may be used elsewhere than it is written.
    pub fn field_written(&mut self, loc: Loc, name: &'static str, written: &Written) {
        let at = self.at(&written.place);
        let used_at = written.used_at.as_ref().map(|place| self.at(place));
        self.set(loc, name, Field { at, used_at, ..Field::default() });
    }

    /// Registers the places of the items of a list field, in the source of its object.
    pub fn items(&mut self, loc: Loc, name: &'static str, items: Vec<Span>) {
        let source = self.objects.get(loc.0 as usize).map_or(0, |object| object.at.source);
        let items = items.into_iter().map(|span| At { source, span }).collect();
        self.set_items(loc, name, items, Vec::new());
    }

    /// As [`PlaceTable::items`], for items of any source.
    pub fn items_written(&mut self, loc: Loc, name: &'static str, items: &[Written]) {
        let ats = items.iter().map(|item| self.at(&item.place)).collect();
        let mut used = Vec::new();
        for (number, item) in (0..).zip(items) {
            if let Some(place) = &item.used_at {
                used.push((number, self.at(place)));
            }
        }
        self.set_items(loc, name, ats, used);
    }

    /// The field itself covers its items as far as they stand where the first one does.
    fn set_items(
        &mut self,
        loc: Loc,
        name: &'static str,
        items: Vec<At>,
        items_used_at: Vec<(u32, At)>,
    ) {
        let first = items.first().copied();
        let object = self.objects.get(loc.0 as usize).map(|object| object.at);
        let at = first.or(object).unwrap_or_default();
        let here = items.iter().filter(|item| item.source == at.source).map(|item| item.span);
        let span = here.reduce(Span::cover).unwrap_or(at.span);
        let used_at = items_used_at.iter().find(|(number, _)| *number == 0).map(|(_, at)| *at);
        self.set(loc, name, Field { at: At { span, ..at }, used_at, items, items_used_at });
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
        let (object, field) = self.named(place)?;
        let item = field.and_then(|field| field.items.get(place.item? as usize));
        let at = item.copied().or(field.map(|field| field.at)).unwrap_or(object.at);
        self.place_at(at)
    }

    /// Where the place that a rule named is used, when it is written elsewhere: an alias, an
    /// `extends`.
    #[must_use]
    pub fn used_at(&self, place: &RawPlace) -> Option<Place> {
        let (object, field) = self.named(place)?;
        let item = field.zip(place.item).filter(|(field, item)| field.items.len() > *item as usize);
        let at = match (item, field) {
            (Some((field, item)), _) => {
                field.items_used_at.iter().find(|(number, _)| *number == item).map(|(_, at)| *at)
            }
            (None, Some(field)) => field.used_at,
            (None, None) => object.used_at,
        };
        self.place_at(at?)
    }

    fn named(&self, place: &RawPlace) -> Option<(&Object, Option<&Field>)> {
        let object = self.objects.get(place.loc.0 as usize)?;
        let field = place.field.as_deref().and_then(|name| {
            object.fields.iter().find(|(known, _)| *known == name).map(|(_, field)| field)
        });
        Some((object, field))
    }

    fn place_at(&self, at: At) -> Option<Place> {
        Some(Place::new(self.sources.get(at.source as usize)?, at.span))
    }

    /// The object that starts last before an offset of a source, itself or with a field or an item:
    /// of what is written there it is part, or next to it.
    #[must_use]
    pub fn before(&self, source: &Arc<Source>, offset: u32) -> Option<Loc> {
        let index = self.sources.iter().position(|known| Arc::ptr_eq(known, source))?;
        let index = u32::try_from(index).ok()?;
        let mut nearest: Option<(u32, usize)> = None;
        let mut consider = |at: &At, object: usize| {
            if at.source == index && at.span.start <= offset {
                nearest = nearest.max(Some((at.span.start, object)));
            }
        };
        for (number, object) in self.objects.iter().enumerate() {
            consider(&object.at, number);
            for (_, field) in &object.fields {
                consider(&field.at, number);
                field.items.iter().for_each(|item| consider(item, number));
            }
        }
        nearest.map(|(_, object)| Loc(u32::try_from(object).unwrap_or(u32::MAX)))
    }

    /// Where the facts of a text begin, in no order: bytes, one for each fact.
    pub fn starts(&self, source: &Arc<Source>) -> Vec<u32> {
        let index = self.sources.iter().position(|known| Arc::ptr_eq(known, source));
        let Some(index) = index.and_then(|index| u32::try_from(index).ok()) else {
            return Vec::new();
        };
        let own = self.objects.iter().filter(|object| object.at.source == index);
        own.map(|object| object.at.span.start).collect()
    }

    /// Takes over some objects of another table, with those that they lie in: what each is called
    /// here, by what it is called there.
    pub fn adopt(
        &mut self,
        other: &PlaceTable,
        objects: impl IntoIterator<Item = Loc>,
    ) -> BTreeMap<Loc, Loc> {
        let mut wanted = BTreeMap::new();
        for loc in objects {
            let mut way = std::iter::successors(Some(loc), |loc| other.parent(*loc));
            // The way from one that was met before was taken then.
            while let Some(Entry::Vacant(vacant)) = way.next().map(|loc| wanted.entry(loc)) {
                vacant.insert(Loc::default());
            }
        }
        let sources: Vec<u32> = other.sources.iter().map(|source| self.source(source)).collect();
        let moved = |at: At| At {
            source: sources.get(at.source as usize).copied().unwrap_or_default(),
            ..at
        };
        // An object comes after the one that it lies in.
        let theirs: Vec<Loc> = wanted.keys().copied().collect();
        for their in theirs {
            let Some(object) = other.objects.get(their.0 as usize) else { continue };
            let parent = object.parent.and_then(|parent| wanted.get(&parent).copied());
            let fields = object.fields.iter().map(|(name, field)| (*name, field.moved(moved)));
            let taken = Object {
                parent,
                at: moved(object.at),
                used_at: object.used_at.map(moved),
                fields: fields.collect(),
            };
            let ours = Loc(u32::try_from(self.objects.len()).unwrap_or(u32::MAX));
            self.objects.push(taken);
            wanted.insert(their, ours);
        }
        wanted
    }

    /// Says that what stands in one text stands in another.
    pub fn relocate(&mut self, relocation: &Relocation) {
        let mut sources = self.sources.iter_mut().enumerate();
        let Some((index, source)) =
            sources.find(|(_, source)| Arc::ptr_eq(source, relocation.from()))
        else {
            return;
        };
        *source = Arc::clone(relocation.to());
        let map = |span| relocation.map(span);
        let moved = |at: At| {
            if at.source as usize == index { At { span: map(at.span), ..at } } else { at }
        };
        for object in &mut self.objects {
            object.at = moved(object.at);
            object.used_at = object.used_at.map(moved);
            for (_, field) in &mut object.fields {
                *field = field.moved(moved);
            }
        }
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

impl Field {
    fn moved(&self, moved: impl Fn(At) -> At) -> Field {
        Field {
            at: moved(self.at),
            used_at: self.used_at.map(&moved),
            items: self.items.iter().map(|at| moved(*at)).collect(),
            items_used_at: self
                .items_used_at
                .iter()
                .map(|(item, at)| (*item, moved(*at)))
                .collect(),
        }
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

    #[test]
    fn what_is_used_elsewhere_says_so() {
        let (main, base) = (Source::new("a", "extends: b"), Source::new("b", "x\ny z"));
        let written = |start, end, used: bool| Written {
            place: Place::new(&base, Span::new(start, end)),
            used_at: used.then(|| Place::new(&main, Span::new(0, 7))),
        };
        let mut table = PlaceTable::new(&main);
        let outer = table.object(None, Span::new(0, 10));
        let inner = table.object_written(Some(outer), &written(0, 1, true));
        table.field_written(outer, "user", &written(2, 3, true));
        table.items_written(outer, "args", &[written(2, 3, false), written(4, 5, true)]);
        table.field_in(outer, "plain", &base, Span::new(0, 1));
        let mut other = PlaceTable::new(&base);
        let unused = table.object(Some(outer), Span::new(0, 7));
        other.object(None, Span::new(0, 1));
        let taken = other.adopt(&table, [inner]);
        assert_eq!(taken.keys().copied().collect::<Vec<_>>(), [outer, inner], "not {unused:?}");
        for (table, offset) in [(&table, 0), (&other, 1)] {
            let text = |loc: Loc, field: Option<&str>, item| {
                let loc = Loc(loc.0 + offset);
                let place = RawPlace { loc, field: field.map(String::from), item };
                let text = |place: Option<Place>| place.map(|place| place.text().to_owned());
                (text(table.resolve(&place)).unwrap(), text(table.used_at(&place)))
            };
            let used = || Some(String::from("extends"));
            assert_eq!(text(inner, None, None), ("x".into(), used()));
            assert_eq!(text(outer, None, None), ("extends: b".into(), None));
            assert_eq!(text(outer, Some("user"), None), ("y".into(), used()));
            assert_eq!(text(outer, Some("plain"), None), ("x".into(), None));
            assert_eq!(text(outer, Some("args"), None), ("y z".into(), None));
            assert_eq!(text(outer, Some("args"), Some(0)), ("y".into(), None));
            assert_eq!(text(outer, Some("args"), Some(1)), ("z".into(), used()));
        }
    }
}
