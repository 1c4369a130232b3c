//! The types of the facts, from their JSON Schema.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use plimsoll_sdk::facts::Facts;
use serde_json::Value;

/// The type of a value, as far as it is known.
#[derive(Clone, Debug, PartialEq)]
pub(in super::super) enum Type {
    /// Nothing is known, everything is allowed.
    Any,
    /// A string, a number, a boolean: no fields, no items.
    Scalar,
    /// One of the facts' types, by name.
    Fact(Arc<str>),
    /// A list or a set of items.
    List(Box<Type>),
    /// An object with keys of the user's choosing.
    Map(Box<Type>),
    /// `input.params`.
    Params,
    /// `input.params["id"]`.
    ParamsOf(Arc<str>),
    /// `input.data`.
    Data,
}

impl Type {
    pub(in super::super) fn list(item: Type) -> Type {
        Type::List(Box::new(item))
    }

    /// The type of values that are one or the other.
    pub(in super::super) fn join(self, other: Type) -> Type {
        if self == other { self } else { Type::Any }
    }
}

/// A field of a type.
#[derive(Clone, Debug)]
pub(in super::super) struct Field {
    pub(in super::super) ty: Type,
    /// Whether it is always there.
    pub(in super::super) required: bool,
}

/// The types of the facts by name.
pub(in super::super) struct Schema {
    types: BTreeMap<Arc<str>, BTreeMap<String, Field>>,
}

/// The name of the type of `input` itself.
pub(in super::super) const ROOT: &str = "Facts";

impl Schema {
    /// The schema of the facts of this version.
    pub(in super::super) fn facts() -> &'static Schema {
        static SCHEMA: OnceLock<Schema> = OnceLock::new();
        SCHEMA.get_or_init(|| Schema::from_json(schemars::schema_for!(Facts).as_value()))
    }

    fn from_json(root: &Value) -> Schema {
        let mut types = BTreeMap::new();
        types.insert(Arc::from(ROOT), fields(root));
        let definitions = root.get("$defs").and_then(Value::as_object);
        for (name, definition) in definitions.into_iter().flatten() {
            if definition.get("properties").is_some() {
                types.insert(Arc::from(name.as_str()), fields(definition));
            }
        }
        // What a rule gets on top of the facts. `raw` is added by the facts themselves once they
        // have it; the check treats it apart either way.
        if let Some(facts) = types.get_mut(ROOT) {
            facts.insert("params".to_owned(), Field { ty: Type::Params, required: true });
            facts.insert("data".to_owned(), Field { ty: Type::Data, required: true });
            facts.insert("raw".to_owned(), Field { ty: Type::Any, required: false });
        }
        let mut schema = Schema { types };
        schema.forget_unknown();
        schema
    }

    /// References to definitions without fields (numbers, enumerations) are scalars.
    fn forget_unknown(&mut self) {
        fn settle(ty: &mut Type, known: &dyn Fn(&str) -> bool) {
            match ty {
                Type::Fact(name) if !known(name) => *ty = Type::Scalar,
                Type::List(item) | Type::Map(item) => settle(item, known),
                _ => {}
            }
        }
        let names: Vec<Arc<str>> = self.types.keys().cloned().collect();
        let known = |name: &str| names.iter().any(|known| **known == *name);
        for field in self.types.values_mut().flat_map(BTreeMap::values_mut) {
            settle(&mut field.ty, &known);
        }
    }

    /// The fields of a type.
    pub(in super::super) fn fields(&self, name: &str) -> Option<&BTreeMap<String, Field>> {
        self.types.get(name)
    }

    /// The names of all types.
    pub(in super::super) fn names(&self) -> impl Iterator<Item = &str> {
        self.types.keys().map(|name| &**name)
    }
}

fn fields(schema: &Value) -> BTreeMap<String, Field> {
    let required: Vec<&str> = (schema.get("required").and_then(Value::as_array))
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    let properties = schema.get("properties").and_then(Value::as_object);
    (properties.into_iter().flatten())
        .map(|(name, property)| {
            let required = required.contains(&name.as_str());
            (name.clone(), Field { ty: type_of(property), required })
        })
        .collect()
}

fn type_of(schema: &Value) -> Type {
    if let Some(reference) = schema.get("$ref").and_then(Value::as_str) {
        return Type::Fact(Arc::from(reference.rsplit('/').next().unwrap_or(reference)));
    }
    for several in ["anyOf", "oneOf", "allOf"] {
        if let Some(options) = schema.get(several).and_then(Value::as_array) {
            let mut types = options.iter().filter(|option| !is_null(option)).map(type_of);
            let first = types.next().unwrap_or(Type::Any);
            return types.fold(first, Type::join);
        }
    }
    match type_name(schema) {
        Some("array") => Type::list(schema.get("items").map_or(Type::Any, type_of)),
        Some("object") => match schema.get("additionalProperties") {
            Some(values @ Value::Object(_)) => Type::Map(Box::new(type_of(values))),
            _ => Type::Any,
        },
        Some(_) => Type::Scalar,
        None => Type::Any,
    }
}

fn is_null(schema: &Value) -> bool {
    schema.get("type").and_then(Value::as_str) == Some("null")
}

/// The only type besides null.
fn type_name(schema: &Value) -> Option<&str> {
    match schema.get("type")? {
        Value::String(name) => Some(name),
        Value::Array(names) => {
            let mut names = names.iter().filter_map(Value::as_str).filter(|name| *name != "null");
            let first = names.next();
            if names.all(|name| Some(name) == first) { first } else { None }
        }
        _ => None,
    }
}
