//! Facts as shortcuts see them: parts of the document, taken over as they are.
//!
//! To make values of the Rego engine of all facts would take longer than to evaluate most rules.
//! Rules take few steps into few of them, so that a [`Part`] becomes a value only where something
//! wants it whole. Objects of the same fields share a [`Shape`]: where in it a field is, is found
//! once for a bundle.

use std::cell::OnceCell;
use std::rc::Rc;

use regorus::Value;
use typed_arena::Arena;

use super::super::value::{self, Converter, Target};

/// What is made for one document, and lives as long as it is looked at.
#[derive(Default)]
pub(in super::super) struct Made<'d> {
    pub(super) values: Arena<Value>,
    pub(super) items: Arena<Item<'d>>,
    pub(super) parts: Arena<Part<'d>>,
}

/// Something that is known.
#[derive(Clone, Copy)]
pub(in super::super) enum Item<'d> {
    Value(&'d Value),
    Part(&'d Part<'d>),
}

/// An object or a list that is no value of the Rego engine yet.
pub(in super::super) struct Part<'d> {
    pub(super) form: Form<'d>,
    /// The same as a value, once it was wanted.
    whole: OnceCell<Value>,
}

pub(super) enum Form<'d> {
    /// As many items as the shape has names.
    Object(Rc<Shape>, &'d [Item<'d>]),
    List(&'d [Item<'d>]),
}

/// The names that an object has, in order.
pub(super) struct Shape {
    pub(super) number: usize,
    pub(super) names: Vec<Value>,
}

impl Shape {
    /// Where a field is.
    pub(super) fn place(&self, name: &Value) -> Option<usize> {
        let Value::String(name) = name else { return None };
        let is_it = |of: &Value| matches!(of, Value::String(of) if of == name);
        self.names.iter().position(is_it)
    }
}

impl<'d> Part<'d> {
    pub(super) fn list(items: &'d [Item<'d>]) -> Self {
        Part { form: Form::List(items), whole: OnceCell::new() }
    }

    pub(in super::super) fn whole(&self) -> &Value {
        self.whole.get_or_init(|| match &self.form {
            Form::Object(shape, items) => {
                let fields = shape.names.iter().zip(items.iter());
                value::sorted(fields.map(|(name, item)| (name.clone(), item.cloned())).collect())
            }
            Form::List(items) => {
                Value::from(items.iter().map(|it| it.cloned()).collect::<Vec<_>>())
            }
        })
    }

    pub(super) fn items(&self) -> &'d [Item<'d>] {
        match self.form {
            Form::Object(_, items) | Form::List(items) => items,
        }
    }

    pub(super) fn is_list(&self) -> bool {
        matches!(self.form, Form::List(_))
    }
}

impl<'d> Item<'d> {
    /// As a value of the Rego engine.
    pub(in super::super) fn whole(self) -> &'d Value {
        match self {
            Item::Value(value) => value,
            Item::Part(part) => part.whole(),
        }
    }

    pub(super) fn cloned(self) -> Value {
        self.whole().clone()
    }

    /// The items of a list; None for anything else.
    pub(super) fn listed(self) -> Option<Vec<Item<'d>>> {
        match self {
            Item::Part(Part { form: Form::List(items), .. }) => Some(items.to_vec()),
            Item::Value(Value::Array(items)) => Some(items.iter().map(Item::Value).collect()),
            _ => None,
        }
    }

    pub(super) fn is_collection(self) -> bool {
        match self {
            Item::Value(value) => {
                matches!(value, Value::Array(_) | Value::Set(_) | Value::Object(_))
            }
            Item::Part(_) => true,
        }
    }
}

/// A boolean.
pub(super) fn truth(value: bool) -> Item<'static> {
    static TRUE: Value = Value::Bool(true);
    static FALSE: Value = Value::Bool(false);
    Item::Value(if value { &TRUE } else { &FALSE })
}

/// Parts become values only to be compared with what may be equal to them.
impl PartialEq for Item<'_> {
    fn eq(&self, other: &Self) -> bool {
        match (*self, *other) {
            (Item::Value(a), Item::Value(b)) => a == b,
            (Item::Part(a), Item::Part(b)) if std::ptr::eq(a, b) => true,
            (Item::Part(a), Item::Part(b)) => {
                a.is_list() == b.is_list()
                    && a.items().len() == b.items().len()
                    && a.whole() == b.whole()
            }
            (Item::Part(part), Item::Value(value)) | (Item::Value(value), Item::Part(part)) => {
                match (value, part.is_list()) {
                    (Value::Array(items), true) => {
                        items.len() == part.items().len() && value == part.whole()
                    }
                    (Value::Object(fields), false) => {
                        fields.len() == part.items().len() && value == part.whole()
                    }
                    _ => false,
                }
            }
        }
    }
}

/// So many shapes are known; objects of others are values from the start.
const MAX_SHAPES: usize = 1 << 12;

/// The shapes that were met so far. Each is reached from the one without fields by the names of its
/// fields in their order.
pub(in super::super) struct Shapes(Vec<Reached>);

struct Reached {
    /// What it was reached from, and by which name.
    by: Option<(usize, Value)>,
    /// Where further names lead, by their addresses.
    further: Vec<((usize, usize), usize)>,
    shape: Option<Rc<Shape>>,
}

impl Reached {
    fn new(by: Option<(usize, Value)>) -> Self {
        Reached { by, further: Vec::new(), shape: None }
    }
}

impl Default for Shapes {
    fn default() -> Self {
        Shapes(vec![Reached::new(None)])
    }
}

impl Shapes {
    /// The shape of these names; None when there are too many shapes.
    ///
    /// A name is known by its address: it has to stay there as long as this does.
    fn of<'n>(
        &mut self,
        names: impl Iterator<Item = &'n str>,
        mut text: impl FnMut(&'n str) -> Value,
    ) -> Option<Rc<Shape>> {
        let mut at = 0;
        for name in names {
            let address = (name.as_ptr().addr(), name.len());
            let further = self.0.get(at)?.further.iter().find(|(of, _)| *of == address);
            at = match further {
                Some(&(_, next)) => next,
                None => self.reach(at, address, text(name))?,
            };
        }
        if let Some(Reached { shape: Some(shape), .. }) = self.0.get(at) {
            return Some(Rc::clone(shape));
        }
        let shape = Rc::new(Shape { number: at, names: self.names(at) });
        self.0.get_mut(at)?.shape = Some(Rc::clone(&shape));
        Some(shape)
    }

    fn reach(&mut self, from: usize, address: (usize, usize), name: Value) -> Option<usize> {
        let next = self.0.len();
        if next >= MAX_SHAPES {
            return None;
        }
        self.0.get_mut(from)?.further.push((address, next));
        self.0.push(Reached::new(Some((from, name))));
        Some(next)
    }

    fn names(&self, mut at: usize) -> Vec<Value> {
        let mut names = Vec::new();
        while let Some(Reached { by: Some((from, name)), .. }) = self.0.get(at) {
            names.push(name.clone());
            at = *from;
        }
        names.reverse();
        names
    }
}

/// Takes facts over.
pub(in super::super) struct Parts<'a, 'd> {
    pub(in super::super) names: &'a mut Converter,
    pub(in super::super) shapes: &'a mut Shapes,
    pub(in super::super) made: &'d Made<'d>,
}

impl<'d> Parts<'_, 'd> {
    /// The same object with more fields.
    pub(in super::super) fn with(
        &mut self,
        object: Item<'d>,
        more: &[(&'static str, Item<'d>)],
    ) -> Item<'d> {
        let of_facts: Vec<(&'d Value, Item<'d>)> = match object {
            Item::Part(Part { form: Form::Object(shape, items), .. }) => {
                shape.names.iter().zip(items.iter().copied()).collect()
            }
            Item::Value(Value::Object(fields)) => {
                fields.iter().map(|(name, value)| (name, Item::Value(value))).collect()
            }
            _ => Vec::new(),
        };
        let of_facts = of_facts.into_iter().map(|(name, item)| (name.clone(), item));
        let given = more.iter().map(|(name, item)| (self.names.name(name), *item));
        let (names, items): (Vec<Value>, Vec<Item<'d>>) = of_facts.chain(given).unzip();
        match self.shapes.of(names.iter().filter_map(text), value::string) {
            Some(shape) if shape.names.len() == items.len() => self.shaped(shape, items),
            _ => self.map(names.into_iter().zip(items).collect()),
        }
    }

    fn shaped(&self, shape: Rc<Shape>, items: impl IntoIterator<Item = Item<'d>>) -> Item<'d> {
        let items = self.made.items.alloc_extend(items);
        let form = Form::Object(shape, items);
        Item::Part(self.made.parts.alloc(Part { form, whole: OnceCell::new() }))
    }
}

fn text(value: &Value) -> Option<&str> {
    match value {
        Value::String(text) => Some(text),
        _ => None,
    }
}

impl<'d> Target for Parts<'_, 'd> {
    type Value = Item<'d>;

    fn scalar(&mut self, value: Value) -> Item<'d> {
        static NULL: Value = Value::Null;
        match value {
            Value::Null => Item::Value(&NULL),
            Value::Bool(value) => truth(value),
            value => Item::Value(self.made.values.alloc(value)),
        }
    }

    fn list(&mut self, items: Vec<Item<'d>>) -> Item<'d> {
        let items = self.made.items.alloc_extend(items);
        Item::Part(self.made.parts.alloc(Part::list(items)))
    }

    fn object(&mut self, fields: Vec<(&'static str, Item<'d>)>) -> Item<'d> {
        let names = fields.iter().map(|(name, _)| *name);
        let Some(shape) = self.shapes.of(names, |name| self.names.name(name)) else {
            let keyed = fields.into_iter().map(|(name, item)| (self.names.name(name), item));
            let keyed = keyed.collect();
            return self.map(keyed);
        };
        self.shaped(shape, fields.into_iter().map(|(_, item)| item))
    }

    fn map(&mut self, fields: Vec<(Value, Item<'d>)>) -> Item<'d> {
        let fields = fields.into_iter().map(|(name, item)| (name, item.cloned()));
        Item::Value(self.made.values.alloc(value::sorted(fields.collect())))
    }

    fn name(&mut self, name: &'static str) -> Value {
        self.names.name(name)
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::tests::facts;
    use super::super::super::value::take_over;
    use super::super::values::{Term, step};
    use super::*;

    fn parts<'d>(names: &mut Converter, shapes: &mut Shapes, made: &'d Made<'d>) -> Item<'d> {
        take_over(&facts(), &mut Parts { names, shapes, made }).expect("facts")
    }

    #[test]
    fn parts_are_what_the_rego_engine_would_have() {
        let whole = Converter::default().convert(&facts()).expect("facts");
        let (mut names, mut shapes, made) = Default::default();
        let first = parts(&mut names, &mut shapes, &made);
        let known = shapes.0.len();
        let second = parts(&mut names, &mut shapes, &made);
        assert!(matches!(first, Item::Part(_)) && first == second && first == Item::Value(&whole));
        assert_eq!(first.whole(), &whole);
        assert!(known > 1 && shapes.0.len() == known, "the same shapes again");
    }

    #[test]
    fn too_many_shapes_are_values() {
        let whole = Converter::default().convert(&facts()).expect("facts");
        let (mut names, mut shapes, made): (_, Shapes, _) = Default::default();
        shapes.0.resize_with(MAX_SHAPES, || Reached::new(None));
        let item = parts(&mut names, &mut shapes, &made);
        assert!(matches!(item, Item::Value(_)) && shapes.0.len() == MAX_SHAPES);
        assert_eq!(item.whole(), &whole);
    }

    #[test]
    fn fields_are_added() {
        let (mut names, mut shapes, made) = Default::default();
        let facts = parts(&mut names, &mut shapes, &made);
        let mut parts = Parts { names: &mut names, shapes: &mut shapes, made: &made };
        let given = value::string("x");
        let changed = parts.with(facts, &[("params", Item::Value(&given))]);
        let has =
            |item: Item<'_>, name: &str| matches!(step(item, &value::string(name)), Term::Known(_));
        assert!(has(facts, "build") && !has(facts, "params"));
        assert!(has(changed, "build") && has(changed, "params") && has(changed, "references"));
        assert!(parts.with(facts, &[]) == facts && changed != facts);
    }
}
