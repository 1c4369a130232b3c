//! Facts as values of the Rego engine, without a detour through text or JSON values.

use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::hash::{BuildHasherDefault, Hasher};
use std::sync::Arc;

use regorus::Value;
use serde::Serialize;
use serde::ser::{self, Impossible};

/// What data is turned into.
pub(super) trait Target {
    /// A value in this form.
    type Value;

    fn scalar(&mut self, value: Value) -> Self::Value;
    fn list(&mut self, items: Vec<Self::Value>) -> Self::Value;
    /// What has fields of its own, in their order.
    fn object(&mut self, fields: Vec<(&'static str, Self::Value)>) -> Self::Value;
    /// What has keys of others' choice.
    fn map(&mut self, fields: Vec<(Value, Self::Value)>) -> Self::Value;
    /// A name as a text.
    fn name(&mut self, name: &'static str) -> Value;
}

/// Turns data into something. A map with keys that are no strings is an error; facts have none.
pub(super) fn take_over<T: Serialize + ?Sized, F: Target>(
    data: &T,
    target: &mut F,
) -> Result<F::Value, Error> {
    data.serialize(Serializer(target))
}

/// Turns data into values of the Rego engine. Keys are allocated once for all conversions that use
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
    pub(super) fn convert<T: Serialize + ?Sized>(&mut self, data: &T) -> Result<Value, Error> {
        take_over(data, self)
    }
}

impl Target for Converter {
    type Value = Value;

    fn scalar(&mut self, value: Value) -> Value {
        value
    }

    fn list(&mut self, items: Vec<Value>) -> Value {
        Value::from(items)
    }

    fn object(&mut self, fields: Vec<(&'static str, Value)>) -> Value {
        let keyed = fields.into_iter().map(|(name, value)| (self.name(name), value));
        sorted(keyed.collect())
    }

    fn map(&mut self, fields: Vec<(Value, Value)>) -> Value {
        sorted(fields)
    }

    fn name(&mut self, name: &'static str) -> Value {
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

/// An object, of fields in any order. To sort them by their letters first is quicker than to have
/// the map compare them as values.
pub(super) fn sorted(mut fields: Vec<(Value, Value)>) -> Value {
    fn name(key: &Value) -> &str {
        match key {
            Value::String(name) => name,
            _ => "",
        }
    }
    fields.sort_by(|(a, _), (b, _)| name(a).cmp(name(b)));
    object(fields.into_iter().collect())
}

struct Serializer<'a, F>(&'a mut F);

impl<'a, F: Target> ser::Serializer for Serializer<'a, F> {
    type Ok = F::Value;
    type Error = Error;
    type SerializeSeq = List<'a, F>;
    type SerializeTuple = List<'a, F>;
    type SerializeTupleStruct = List<'a, F>;
    type SerializeTupleVariant = Variant<List<'a, F>>;
    type SerializeMap = Map<'a, F>;
    type SerializeStruct = Struct<'a, F>;
    type SerializeStructVariant = Variant<Struct<'a, F>>;

    fn serialize_bool(self, v: bool) -> Result<F::Value, Error> {
        Ok(self.0.scalar(Value::Bool(v)))
    }
    fn serialize_i8(self, v: i8) -> Result<F::Value, Error> {
        self.serialize_i64(v.into())
    }
    fn serialize_i16(self, v: i16) -> Result<F::Value, Error> {
        self.serialize_i64(v.into())
    }
    fn serialize_i32(self, v: i32) -> Result<F::Value, Error> {
        self.serialize_i64(v.into())
    }
    fn serialize_i64(self, v: i64) -> Result<F::Value, Error> {
        Ok(self.0.scalar(Value::from(v)))
    }
    fn serialize_u8(self, v: u8) -> Result<F::Value, Error> {
        self.serialize_u64(v.into())
    }
    fn serialize_u16(self, v: u16) -> Result<F::Value, Error> {
        self.serialize_u64(v.into())
    }
    fn serialize_u32(self, v: u32) -> Result<F::Value, Error> {
        self.serialize_u64(v.into())
    }
    fn serialize_u64(self, v: u64) -> Result<F::Value, Error> {
        Ok(self.0.scalar(Value::from(v)))
    }
    fn serialize_f32(self, v: f32) -> Result<F::Value, Error> {
        self.serialize_f64(v.into())
    }
    fn serialize_f64(self, v: f64) -> Result<F::Value, Error> {
        // As serde_json does: JSON has no other numbers.
        Ok(self.0.scalar(if v.is_finite() { Value::from(v) } else { Value::Null }))
    }
    fn serialize_char(self, v: char) -> Result<F::Value, Error> {
        self.serialize_str(v.encode_utf8(&mut [0; 4]))
    }
    fn serialize_str(self, v: &str) -> Result<F::Value, Error> {
        Ok(self.0.scalar(string(v)))
    }
    fn serialize_bytes(self, v: &[u8]) -> Result<F::Value, Error> {
        let items = v.iter().map(|&byte| self.0.scalar(Value::from(u64::from(byte)))).collect();
        Ok(self.0.list(items))
    }
    fn serialize_none(self) -> Result<F::Value, Error> {
        Ok(self.0.scalar(Value::Null))
    }
    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<F::Value, Error> {
        value.serialize(self)
    }
    fn serialize_unit(self) -> Result<F::Value, Error> {
        Ok(self.0.scalar(Value::Null))
    }
    fn serialize_unit_struct(self, _: &'static str) -> Result<F::Value, Error> {
        Ok(self.0.scalar(Value::Null))
    }
    fn serialize_unit_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
    ) -> Result<F::Value, Error> {
        let name = self.0.name(variant);
        Ok(self.0.scalar(name))
    }
    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        value: &T,
    ) -> Result<F::Value, Error> {
        value.serialize(self)
    }
    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        value: &T,
    ) -> Result<F::Value, Error> {
        let value = take_over(value, self.0)?;
        Ok(self.0.object(vec![(variant, value)]))
    }
    fn serialize_seq(self, length: Option<usize>) -> Result<List<'a, F>, Error> {
        Ok(List { target: self.0, items: Vec::with_capacity(length.unwrap_or(0).min(1024)) })
    }
    fn serialize_tuple(self, length: usize) -> Result<List<'a, F>, Error> {
        self.serialize_seq(Some(length))
    }
    fn serialize_tuple_struct(self, _: &'static str, length: usize) -> Result<List<'a, F>, Error> {
        self.serialize_seq(Some(length))
    }
    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        length: usize,
    ) -> Result<Variant<List<'a, F>>, Error> {
        Ok(Variant { variant, inner: self.serialize_seq(Some(length))? })
    }
    fn serialize_map(self, length: Option<usize>) -> Result<Map<'a, F>, Error> {
        Ok(Map {
            target: self.0,
            fields: Vec::with_capacity(length.unwrap_or(0).min(64)),
            key: None,
        })
    }
    fn serialize_struct(self, _: &'static str, length: usize) -> Result<Struct<'a, F>, Error> {
        Ok(Struct { target: self.0, fields: Vec::with_capacity(length) })
    }
    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        length: usize,
    ) -> Result<Variant<Struct<'a, F>>, Error> {
        Ok(Variant { variant, inner: self.serialize_struct(variant, length)? })
    }
}

struct List<'a, F: Target> {
    target: &'a mut F,
    items: Vec<F::Value>,
}

struct Map<'a, F: Target> {
    target: &'a mut F,
    fields: Vec<(Value, F::Value)>,
    key: Option<Value>,
}

struct Struct<'a, F: Target> {
    target: &'a mut F,
    fields: Vec<(&'static str, F::Value)>,
}

struct Variant<T> {
    variant: &'static str,
    inner: T,
}

macro_rules! list {
    ($trait:ident, $method:ident) => {
        impl<F: Target> ser::$trait for List<'_, F> {
            type Ok = F::Value;
            type Error = Error;
            fn $method<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
                self.items.push(take_over(value, self.target)?);
                Ok(())
            }
            fn end(self) -> Result<F::Value, Error> {
                Ok(self.target.list(self.items))
            }
        }
    };
}

list!(SerializeSeq, serialize_element);
list!(SerializeTuple, serialize_element);
list!(SerializeTupleStruct, serialize_field);

impl<F: Target> ser::SerializeTupleVariant for Variant<List<'_, F>> {
    type Ok = F::Value;
    type Error = Error;
    fn serialize_field<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
        ser::SerializeSeq::serialize_element(&mut self.inner, value)
    }
    fn end(self) -> Result<F::Value, Error> {
        let List { target, items } = self.inner;
        let inner = target.list(items);
        Ok(target.object(vec![(self.variant, inner)]))
    }
}

impl<F: Target> ser::SerializeMap for Map<'_, F> {
    type Ok = F::Value;
    type Error = Error;
    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), Error> {
        self.key = Some(key.serialize(Key)?);
        Ok(())
    }
    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
        let value = take_over(value, self.target)?;
        let key = self.key.take().ok_or_else(|| ser::Error::custom("a value without a key"))?;
        self.fields.push((key, value));
        Ok(())
    }
    fn end(self) -> Result<F::Value, Error> {
        Ok(self.target.map(self.fields))
    }
}

impl<F: Target> ser::SerializeStruct for Struct<'_, F> {
    type Ok = F::Value;
    type Error = Error;
    fn serialize_field<T: Serialize + ?Sized>(
        &mut self,
        name: &'static str,
        value: &T,
    ) -> Result<(), Error> {
        self.fields.push((name, take_over(value, self.target)?));
        Ok(())
    }
    fn end(self) -> Result<F::Value, Error> {
        Ok(self.target.object(self.fields))
    }
}

impl<F: Target> ser::SerializeStructVariant for Variant<Struct<'_, F>> {
    type Ok = F::Value;
    type Error = Error;
    fn serialize_field<T: Serialize + ?Sized>(
        &mut self,
        name: &'static str,
        value: &T,
    ) -> Result<(), Error> {
        ser::SerializeStruct::serialize_field(&mut self.inner, name, value)
    }
    fn end(self) -> Result<F::Value, Error> {
        let Struct { target, fields } = self.inner;
        let inner = target.object(fields);
        Ok(target.object(vec![(self.variant, inner)]))
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
