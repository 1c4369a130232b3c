//! Whether a path leads to something known in a fact, without writing the fact out.
//!
//! A field that is absent is unknown, and so is one that its object names in `incomplete`; `null` is
//! known to be nothing, and so is everything below it.

use std::fmt;

use serde::ser::{self, Impossible, Serialize};
use serde_json::Value;

/// Whether a path of fields, such as `resources.limits.pids`, leads to something known.
pub(super) fn is_known<T: Serialize + ?Sized>(fact: &T, path: &str) -> bool {
    fact.serialize(Walk(Some(path))) == Ok(true)
}

/// The steps that are left; None at the end of the path.
#[derive(Clone, Copy)]
struct Walk<'p>(Option<&'p str>);

impl<'p> Walk<'p> {
    /// What is no object: known, if the path ends here.
    fn end(self) -> Result<bool, NotWritten> {
        Ok(self.0.is_none())
    }

    /// The next step, and what is left behind it.
    fn step(self) -> Option<(&'p str, Walk<'p>)> {
        let path = self.0?;
        Some(match path.split_once('.') {
            Some((key, rest)) => (key, Walk(Some(rest))),
            None => (path, Walk(None)),
        })
    }
}

/// A fact whose serialisation fails, which none does.
#[derive(Debug, PartialEq, Eq)]
struct NotWritten;

impl fmt::Display for NotWritten {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the fact cannot be written")
    }
}

impl std::error::Error for NotWritten {}

impl ser::Error for NotWritten {
    fn custom<T: fmt::Display>(_: T) -> Self {
        NotWritten
    }
}

macro_rules! ends {
    ($($method:ident: $type:ty),* $(,)?) => {
        $(fn $method(self, _: $type) -> Result<bool, NotWritten> {
            self.end()
        })*
    };
}

impl<'p> ser::Serializer for Walk<'p> {
    type Ok = bool;
    type Error = NotWritten;
    type SerializeSeq = List<'p>;
    type SerializeTuple = List<'p>;
    type SerializeTupleStruct = List<'p>;
    type SerializeTupleVariant = Impossible<bool, NotWritten>;
    type SerializeMap = Object<'p>;
    type SerializeStruct = Object<'p>;
    type SerializeStructVariant = Impossible<bool, NotWritten>;

    ends! {
        serialize_bool: bool, serialize_i8: i8, serialize_i16: i16, serialize_i32: i32,
        serialize_i64: i64, serialize_u8: u8, serialize_u16: u16, serialize_u32: u32,
        serialize_u64: u64, serialize_f32: f32, serialize_f64: f64, serialize_char: char,
        serialize_str: &str, serialize_bytes: &[u8],
    }

    fn serialize_none(self) -> Result<bool, NotWritten> {
        Ok(true)
    }
    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<bool, NotWritten> {
        value.serialize(self)
    }
    fn serialize_unit(self) -> Result<bool, NotWritten> {
        Ok(true)
    }
    fn serialize_unit_struct(self, _: &'static str) -> Result<bool, NotWritten> {
        Ok(true)
    }
    fn serialize_unit_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
    ) -> Result<bool, NotWritten> {
        self.end()
    }
    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        value: &T,
    ) -> Result<bool, NotWritten> {
        value.serialize(self)
    }
    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        value: &T,
    ) -> Result<bool, NotWritten> {
        let mut object = Object::new(self);
        object.field(variant, value)?;
        object.end()
    }
    fn serialize_seq(self, _: Option<usize>) -> Result<List<'p>, NotWritten> {
        Ok(List(self))
    }
    fn serialize_tuple(self, _: usize) -> Result<List<'p>, NotWritten> {
        Ok(List(self))
    }
    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<List<'p>, NotWritten> {
        Ok(List(self))
    }
    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeTupleVariant, NotWritten> {
        Err(NotWritten)
    }
    fn serialize_map(self, _: Option<usize>) -> Result<Object<'p>, NotWritten> {
        Ok(Object::new(self))
    }
    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Object<'p>, NotWritten> {
        Ok(Object::new(self))
    }
    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeStructVariant, NotWritten> {
        Err(NotWritten)
    }
}

/// A list: no path leads into it.
struct List<'p>(Walk<'p>);

macro_rules! list {
    ($trait:ident, $method:ident) => {
        impl ser::$trait for List<'_> {
            type Ok = bool;
            type Error = NotWritten;
            fn $method<T: Serialize + ?Sized>(&mut self, _: &T) -> Result<(), NotWritten> {
                Ok(())
            }
            fn end(self) -> Result<bool, NotWritten> {
                self.0.end()
            }
        }
    };
}

list!(SerializeSeq, serialize_element);
list!(SerializeTuple, serialize_element);
list!(SerializeTupleStruct, serialize_field);

/// An object on the way.
struct Object<'p> {
    /// The field that the path goes on with, and what is left behind it; None at its end.
    step: Option<(&'p str, Walk<'p>)>,
    /// Whether what the field leads to is known.
    known: bool,
    /// Whether the object says that it does not know all of the field.
    incomplete: bool,
    /// The key of the entry that comes next, of a map.
    key: Option<String>,
}

impl<'p> Object<'p> {
    fn new(walk: Walk<'p>) -> Self {
        let step = walk.step();
        Object { step, known: step.is_none(), incomplete: false, key: None }
    }

    fn field<T: Serialize + ?Sized>(&mut self, name: &str, value: &T) -> Result<(), NotWritten> {
        let Some((wanted, rest)) = self.step else { return Ok(()) };
        if name == wanted {
            self.known = value.serialize(rest)?;
        }
        if name == "incomplete" {
            let fields = serde_json::to_value(value).map_err(|_| NotWritten)?;
            let fields = fields.as_array().map(Vec::as_slice).unwrap_or_default();
            self.incomplete = fields.iter().any(|field| field == wanted);
        }
        Ok(())
    }

    #[allow(clippy::unnecessary_wraps)] // As `end` of those that build something.
    fn end(self) -> Result<bool, NotWritten> {
        Ok(self.known && !self.incomplete)
    }
}

impl ser::SerializeStruct for Object<'_> {
    type Ok = bool;
    type Error = NotWritten;
    fn serialize_field<T: Serialize + ?Sized>(
        &mut self,
        key: &'static str,
        value: &T,
    ) -> Result<(), NotWritten> {
        self.field(key, value)
    }
    fn end(self) -> Result<bool, NotWritten> {
        self.end()
    }
}

impl ser::SerializeMap for Object<'_> {
    type Ok = bool;
    type Error = NotWritten;
    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), NotWritten> {
        self.key = match serde_json::to_value(key) {
            Ok(Value::String(key)) => Some(key),
            _ => None,
        };
        Ok(())
    }
    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), NotWritten> {
        match self.key.take() {
            Some(key) => self.field(&key, value),
            None => Ok(()),
        }
    }
    fn end(self) -> Result<bool, NotWritten> {
        self.end()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::is_known;

    #[test]
    fn what_is_absent_or_incomplete_is_unknown() {
        let fact = json!({
            "name": "x", "none": null, "list": [1], "empty": {},
            "inner": {"a": {"b": false}, "c": [], "incomplete": ["c", "d"]},
            "outer": {"e": {"f": 1}}, "incomplete": ["outer"],
        });
        for (path, known) in [
            ("name", true),
            ("name.x", false),
            ("none", true),
            ("none.a.b", true),
            ("list", true),
            ("list.0", false),
            ("empty", true),
            ("empty.a", false),
            ("absent", false),
            ("inner", true),
            ("inner.a.b", true),
            ("inner.a.c", false),
            ("inner.c", false),
            ("inner.d", false),
            ("outer.e.f", false),
            ("incomplete", true),
        ] {
            assert_eq!(is_known(&fact, path), known, "{path}");
        }
    }

    #[derive(serde::Serialize)]
    struct Flat {
        #[serde(flatten)]
        inner: Inner,
        value: Option<Word>,
    }

    #[derive(serde::Serialize)]
    struct Inner {
        deep: std::collections::BTreeMap<String, u8>,
    }

    #[derive(serde::Serialize)]
    #[serde(rename_all = "lowercase")]
    enum Word {
        Some(Inner),
    }

    #[test]
    fn types_are_walked_as_they_are_written() {
        let inner = || Inner { deep: [("a".to_owned(), 1)].into() };
        let fact = Flat { inner: inner(), value: Some(Word::Some(inner())) };
        for (path, known) in [
            ("deep.a", true),
            ("deep.b", false),
            ("value.some.deep.a", true),
            ("value.other", false),
        ] {
            assert_eq!(is_known(&fact, path), known, "{path}");
        }
        assert!(is_known(&Flat { inner: inner(), value: None }, "value.some"));
    }
}
