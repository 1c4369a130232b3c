//! Facts as values of the Rego engine, without a detour through text or JSON values.

use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::hash::{BuildHasherDefault, Hasher};
use std::sync::Arc;

use regorus::Value;
use serde::Serialize;
use serde::ser::{self, Impossible};

/// Turns anything serialisable into a value. Keys are allocated once for all conversions that use
/// the same converter: facts have few, and many times each.
#[derive(Default)]
pub(super) struct Converter {
    keys: HashMap<(usize, usize), Value, BuildHasherDefault<AddressHasher>>,
}

/// Hashes numbers that nobody chooses: names of fields are constants, and where they are tells them
/// apart; the same name at another address is only another entry.
#[derive(Default)]
pub(super) struct AddressHasher(u64);

impl Hasher for AddressHasher {
    fn write(&mut self, _: &[u8]) {}

    fn write_u32(&mut self, part: u32) {
        self.write_u64(part.into());
    }

    fn write_u64(&mut self, part: u64) {
        self.0 = (self.0.rotate_left(5) ^ part).wrapping_mul(0x517c_c1b7_2722_0a95);
    }

    fn write_usize(&mut self, part: usize) {
        self.write_u64(part as u64);
    }

    fn finish(&self) -> u64 {
        // The table looks at the lowest and the highest bits: all of them have to be mixed.
        self.0.rotate_left(26)
    }
}

impl Converter {
    /// The value. A map with keys that are no strings is an error; facts have none.
    pub(super) fn convert<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<Value, Error> {
        value.serialize(Serializer(self))
    }

    fn key(&mut self, name: &'static str) -> Value {
        let address = (name.as_ptr().addr(), name.len());
        self.keys.entry(address).or_insert_with(|| string(name)).clone()
    }
}

/// What could not be converted.
#[derive(Debug)]
pub(super) struct Error(String);

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Error {}

impl ser::Error for Error {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Error(message.to_string())
    }
}

pub(super) fn string(text: &str) -> Value {
    Value::String(Arc::from(text))
}

pub(super) fn object(fields: BTreeMap<Value, Value>) -> Value {
    Value::from(fields)
}

struct Serializer<'a>(&'a mut Converter);

impl<'a> ser::Serializer for Serializer<'a> {
    type Ok = Value;
    type Error = Error;
    type SerializeSeq = List<'a>;
    type SerializeTuple = List<'a>;
    type SerializeTupleStruct = List<'a>;
    type SerializeTupleVariant = Variant<List<'a>>;
    type SerializeMap = Map<'a>;
    type SerializeStruct = Map<'a>;
    type SerializeStructVariant = Variant<Map<'a>>;

    fn serialize_bool(self, v: bool) -> Result<Value, Error> {
        Ok(Value::Bool(v))
    }
    fn serialize_i8(self, v: i8) -> Result<Value, Error> {
        self.serialize_i64(v.into())
    }
    fn serialize_i16(self, v: i16) -> Result<Value, Error> {
        self.serialize_i64(v.into())
    }
    fn serialize_i32(self, v: i32) -> Result<Value, Error> {
        self.serialize_i64(v.into())
    }
    fn serialize_i64(self, v: i64) -> Result<Value, Error> {
        Ok(Value::from(v))
    }
    fn serialize_u8(self, v: u8) -> Result<Value, Error> {
        self.serialize_u64(v.into())
    }
    fn serialize_u16(self, v: u16) -> Result<Value, Error> {
        self.serialize_u64(v.into())
    }
    fn serialize_u32(self, v: u32) -> Result<Value, Error> {
        self.serialize_u64(v.into())
    }
    fn serialize_u64(self, v: u64) -> Result<Value, Error> {
        Ok(Value::from(v))
    }
    fn serialize_f32(self, v: f32) -> Result<Value, Error> {
        self.serialize_f64(v.into())
    }
    fn serialize_f64(self, v: f64) -> Result<Value, Error> {
        // As serde_json does: JSON has no other numbers.
        Ok(if v.is_finite() { Value::from(v) } else { Value::Null })
    }
    fn serialize_char(self, v: char) -> Result<Value, Error> {
        Ok(string(v.encode_utf8(&mut [0; 4])))
    }
    fn serialize_str(self, v: &str) -> Result<Value, Error> {
        Ok(string(v))
    }
    fn serialize_bytes(self, v: &[u8]) -> Result<Value, Error> {
        Ok(Value::from(v.iter().map(|&b| Value::from(u64::from(b))).collect::<Vec<_>>()))
    }
    fn serialize_none(self) -> Result<Value, Error> {
        Ok(Value::Null)
    }
    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<Value, Error> {
        value.serialize(self)
    }
    fn serialize_unit(self) -> Result<Value, Error> {
        Ok(Value::Null)
    }
    fn serialize_unit_struct(self, _: &'static str) -> Result<Value, Error> {
        Ok(Value::Null)
    }
    fn serialize_unit_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
    ) -> Result<Value, Error> {
        Ok(self.0.key(variant))
    }
    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        value: &T,
    ) -> Result<Value, Error> {
        value.serialize(self)
    }
    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        value: &T,
    ) -> Result<Value, Error> {
        let key = self.0.key(variant);
        Ok(object(BTreeMap::from([(key, value.serialize(self)?)])))
    }
    fn serialize_seq(self, length: Option<usize>) -> Result<List<'a>, Error> {
        Ok(List { converter: self.0, items: Vec::with_capacity(length.unwrap_or(0).min(1024)) })
    }
    fn serialize_tuple(self, length: usize) -> Result<List<'a>, Error> {
        self.serialize_seq(Some(length))
    }
    fn serialize_tuple_struct(self, _: &'static str, length: usize) -> Result<List<'a>, Error> {
        self.serialize_seq(Some(length))
    }
    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        length: usize,
    ) -> Result<Variant<List<'a>>, Error> {
        let key = self.0.key(variant);
        Ok(Variant { key, inner: self.serialize_seq(Some(length))? })
    }
    fn serialize_map(self, length: Option<usize>) -> Result<Map<'a>, Error> {
        Ok(Map {
            converter: self.0,
            fields: Vec::with_capacity(length.unwrap_or(0).min(64)),
            key: None,
        })
    }
    fn serialize_struct(self, _: &'static str, length: usize) -> Result<Map<'a>, Error> {
        self.serialize_map(Some(length))
    }
    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Variant<Map<'a>>, Error> {
        let key = self.0.key(variant);
        Ok(Variant { key, inner: self.serialize_map(None)? })
    }
}

struct List<'a> {
    converter: &'a mut Converter,
    items: Vec<Value>,
}

impl List<'_> {
    fn push<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
        self.items.push(self.converter.convert(value)?);
        Ok(())
    }
}

struct Map<'a> {
    converter: &'a mut Converter,
    fields: Vec<(Value, Value)>,
    key: Option<Value>,
}

/// An object, of fields in any order. To sort them by their letters first is quicker than to have
/// the map compare them as values.
fn sorted(mut fields: Vec<(Value, Value)>) -> Value {
    fn name(key: &Value) -> &str {
        match key {
            Value::String(name) => name,
            _ => "",
        }
    }
    fields.sort_by(|(a, _), (b, _)| name(a).cmp(name(b)));
    object(fields.into_iter().collect())
}

struct Variant<T> {
    key: Value,
    inner: T,
}

macro_rules! list {
    ($trait:ident, $method:ident) => {
        impl ser::$trait for List<'_> {
            type Ok = Value;
            type Error = Error;
            fn $method<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
                self.push(value)
            }
            fn end(self) -> Result<Value, Error> {
                Ok(Value::from(self.items))
            }
        }
    };
}

list!(SerializeSeq, serialize_element);
list!(SerializeTuple, serialize_element);
list!(SerializeTupleStruct, serialize_field);

impl ser::SerializeTupleVariant for Variant<List<'_>> {
    type Ok = Value;
    type Error = Error;
    fn serialize_field<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
        self.inner.push(value)
    }
    fn end(self) -> Result<Value, Error> {
        Ok(object(BTreeMap::from([(self.key, Value::from(self.inner.items))])))
    }
}

impl ser::SerializeMap for Map<'_> {
    type Ok = Value;
    type Error = Error;
    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), Error> {
        self.key = Some(key.serialize(Key)?);
        Ok(())
    }
    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
        let value = self.converter.convert(value)?;
        let key = self.key.take().ok_or_else(|| ser::Error::custom("a value without a key"))?;
        self.fields.push((key, value));
        Ok(())
    }
    fn end(self) -> Result<Value, Error> {
        Ok(sorted(self.fields))
    }
}

impl ser::SerializeStruct for Map<'_> {
    type Ok = Value;
    type Error = Error;
    fn serialize_field<T: Serialize + ?Sized>(
        &mut self,
        key: &'static str,
        value: &T,
    ) -> Result<(), Error> {
        let value = self.converter.convert(value)?;
        let key = self.converter.key(key);
        self.fields.push((key, value));
        Ok(())
    }
    fn end(self) -> Result<Value, Error> {
        Ok(sorted(self.fields))
    }
}

impl ser::SerializeStructVariant for Variant<Map<'_>> {
    type Ok = Value;
    type Error = Error;
    fn serialize_field<T: Serialize + ?Sized>(
        &mut self,
        key: &'static str,
        value: &T,
    ) -> Result<(), Error> {
        ser::SerializeStruct::serialize_field(&mut self.inner, key, value)
    }
    fn end(self) -> Result<Value, Error> {
        Ok(object(BTreeMap::from([(self.key, sorted(self.inner.fields))])))
    }
}

/// Keys of maps: strings only.
struct Key;

fn no_key<T>() -> Result<T, Error> {
    Err(ser::Error::custom("a key that is no string"))
}

impl ser::Serializer for Key {
    type Ok = Value;
    type Error = Error;
    type SerializeSeq = Impossible<Value, Error>;
    type SerializeTuple = Impossible<Value, Error>;
    type SerializeTupleStruct = Impossible<Value, Error>;
    type SerializeTupleVariant = Impossible<Value, Error>;
    type SerializeMap = Impossible<Value, Error>;
    type SerializeStruct = Impossible<Value, Error>;
    type SerializeStructVariant = Impossible<Value, Error>;

    fn serialize_str(self, v: &str) -> Result<Value, Error> {
        Ok(string(v))
    }
    fn serialize_char(self, v: char) -> Result<Value, Error> {
        Ok(string(v.encode_utf8(&mut [0; 4])))
    }
    fn serialize_unit_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
    ) -> Result<Value, Error> {
        Ok(string(variant))
    }
    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        value: &T,
    ) -> Result<Value, Error> {
        value.serialize(self)
    }
    fn serialize_bool(self, _: bool) -> Result<Value, Error> {
        no_key()
    }
    fn serialize_i8(self, _: i8) -> Result<Value, Error> {
        no_key()
    }
    fn serialize_i16(self, _: i16) -> Result<Value, Error> {
        no_key()
    }
    fn serialize_i32(self, _: i32) -> Result<Value, Error> {
        no_key()
    }
    fn serialize_i64(self, _: i64) -> Result<Value, Error> {
        no_key()
    }
    fn serialize_u8(self, _: u8) -> Result<Value, Error> {
        no_key()
    }
    fn serialize_u16(self, _: u16) -> Result<Value, Error> {
        no_key()
    }
    fn serialize_u32(self, _: u32) -> Result<Value, Error> {
        no_key()
    }
    fn serialize_u64(self, _: u64) -> Result<Value, Error> {
        no_key()
    }
    fn serialize_f32(self, _: f32) -> Result<Value, Error> {
        no_key()
    }
    fn serialize_f64(self, _: f64) -> Result<Value, Error> {
        no_key()
    }
    fn serialize_bytes(self, _: &[u8]) -> Result<Value, Error> {
        no_key()
    }
    fn serialize_none(self) -> Result<Value, Error> {
        no_key()
    }
    fn serialize_some<T: Serialize + ?Sized>(self, _: &T) -> Result<Value, Error> {
        no_key()
    }
    fn serialize_unit(self) -> Result<Value, Error> {
        no_key()
    }
    fn serialize_unit_struct(self, _: &'static str) -> Result<Value, Error> {
        no_key()
    }
    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: &T,
    ) -> Result<Value, Error> {
        no_key()
    }
    fn serialize_seq(self, _: Option<usize>) -> Result<Self::SerializeSeq, Error> {
        no_key()
    }
    fn serialize_tuple(self, _: usize) -> Result<Self::SerializeTuple, Error> {
        no_key()
    }
    fn serialize_tuple_struct(
        self,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeTupleStruct, Error> {
        no_key()
    }
    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeTupleVariant, Error> {
        no_key()
    }
    fn serialize_map(self, _: Option<usize>) -> Result<Self::SerializeMap, Error> {
        no_key()
    }
    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Self::SerializeStruct, Error> {
        no_key()
    }
    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeStructVariant, Error> {
        no_key()
    }
}
