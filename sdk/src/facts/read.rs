//! Reading facts in little code.
//!
//! A plugin carries the code that reads every one of the hundred types of facts, and compiled code is read
//! at every start. So what does not depend on the type is here once: JSON becomes a list of tokens first
//! ([`Tape`]), of which the types are read. And there are no ways that nobody takes: objects are no arrays,
//! facts have no `enum`s, and in a plugin wrong facts are the end (`trusted`).

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use serde::de::{
    self, Deserialize, DeserializeSeed, Deserializer, Expected, MapAccess, SeqAccess, Unexpected,
    Visitor,
};
use serde::forward_to_deserialize_any;

use super::Facts;

/// Reads facts, and nothing after them.
pub(super) fn from_json(text: &str) -> Result<Facts, serde_json::Error> {
    let tape = Tape::of(text)?;
    Facts::deserialize(&mut Reader::<serde_json::Error>::of(&tape))
}

/// A part of JSON.
#[derive(Debug)]
enum Token<'de> {
    Null,
    Bool(bool),
    Unsigned(u64),
    Signed(i64),
    Float(f64),
    Text(Cow<'de, str>),
    /// What follows are items; the index is that of the end.
    List(usize),
    /// What follows are keys and values; the index is that of the end.
    Object(usize),
    End,
}

/// JSON, token by token.
#[derive(Default)]
pub(super) struct Tape<'de>(Vec<Token<'de>>);

impl<'de> Tape<'de> {
    pub(super) fn of(text: &'de str) -> Result<Self, serde_json::Error> {
        let mut tape = Tape::default();
        let mut reader = serde_json::Deserializer::from_str(text);
        tape.deserialize(&mut reader)?;
        reader.end()?;
        Ok(tape)
    }

    fn put<E>(&mut self, token: Token<'de>) -> Result<(), E> {
        self.0.push(token);
        Ok(())
    }

    /// Ends what began at an index.
    fn end<E>(&mut self, start: usize) -> Result<(), E> {
        let end = self.0.len();
        if let Some(Token::List(at) | Token::Object(at)) = self.0.get_mut(start) {
            *at = end;
        }
        self.put(Token::End)
    }
}

impl<'de> DeserializeSeed<'de> for &mut Tape<'de> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, from: D) -> Result<(), D::Error> {
        from.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for &mut Tape<'de> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        self.put(Token::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<(), E> {
        self.put(Token::Bool(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<(), E> {
        self.put(Token::Unsigned(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<(), E> {
        self.put(Token::Signed(value))
    }

    fn visit_f64<E>(self, value: f64) -> Result<(), E> {
        self.put(Token::Float(value))
    }

    fn visit_borrowed_str<E>(self, value: &'de str) -> Result<(), E> {
        self.put(Token::Text(Cow::Borrowed(value)))
    }

    fn visit_str<E>(self, value: &str) -> Result<(), E> {
        self.put(Token::Text(Cow::Owned(value.to_owned())))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
        let start = self.0.len();
        self.put(Token::List(0))?;
        while items.next_element_seed(&mut *self)?.is_some() {}
        self.end(start)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<(), A::Error> {
        let start = self.0.len();
        self.put(Token::Object(0))?;
        while fields.next_key_seed(&mut *self)?.is_some() {
            fields.next_value_seed(&mut *self)?;
        }
        self.end(start)
    }
}

/// A place in the list of tokens. What is not generic is not inlined: that is the point of it.
struct Place<'t> {
    tokens: &'t [Token<'t>],
    at: usize,
}

impl<'t> Place<'t> {
    fn token(&self) -> &'t Token<'t> {
        self.tokens.get(self.at).unwrap_or(&Token::End)
    }

    fn step(&mut self) -> &'t Token<'t> {
        let token = self.token();
        self.at += 1;
        token
    }

    /// Takes what comes, if it is that.
    #[inline(never)]
    fn takes(&mut self, is_that: fn(&Token<'_>) -> bool) -> bool {
        let is_that = is_that(self.token());
        self.at += usize::from(is_that);
        is_that
    }

    fn is_null(&mut self) -> bool {
        self.takes(|token| matches!(token, Token::Null))
    }

    fn is_object(&mut self) -> bool {
        self.takes(|token| matches!(token, Token::Object(_)))
    }

    fn is_list(&mut self) -> bool {
        self.takes(|token| matches!(token, Token::List(_)))
    }

    /// The end of a list or an object.
    fn is_end(&mut self) -> bool {
        self.takes(|token| matches!(token, Token::End))
    }

    #[inline(never)]
    fn text(&mut self) -> Option<&'t str> {
        let Token::Text(text) = self.token() else { return None };
        self.at += 1;
        Some(text)
    }

    /// Leaves out a value.
    #[inline(never)]
    fn skip(&mut self) {
        self.at = match self.token() {
            Token::List(end) | Token::Object(end) => end + 1,
            _ => self.at + 1,
        };
    }

    #[inline(never)]
    fn unexpected(&self) -> Unexpected<'t> {
        match self.token() {
            Token::Null | Token::End => Unexpected::Unit,
            Token::Bool(value) => Unexpected::Bool(*value),
            Token::Unsigned(value) => Unexpected::Unsigned(*value),
            Token::Signed(value) => Unexpected::Signed(*value),
            Token::Float(value) => Unexpected::Float(*value),
            Token::Text(text) => Unexpected::Str(text),
            Token::List(_) => Unexpected::Seq,
            Token::Object(_) => Unexpected::Map,
        }
    }
}

/// Reads values; `E` is what goes wrong.
pub(super) struct Reader<'t, E> {
    place: Place<'t>,
    error: PhantomData<E>,
}

impl<'t, E: de::Error> Reader<'t, E> {
    pub(super) fn of(tape: &'t Tape<'t>) -> Self {
        Reader { place: Place { tokens: &tape.0, at: 0 }, error: PhantomData }
    }

    fn wrong(&self, wanted: &dyn Expected) -> E {
        E::invalid_type(self.place.unexpected(), wanted)
    }
}

impl<'de, E: de::Error> Deserializer<'de> for &mut Reader<'_, E> {
    type Error = E;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, E> {
        match self.place.step() {
            Token::Null | Token::End => visitor.visit_unit(),
            Token::Bool(value) => visitor.visit_bool(*value),
            Token::Unsigned(value) => visitor.visit_u64(*value),
            Token::Signed(value) => visitor.visit_i64(*value),
            Token::Float(value) => visitor.visit_f64(*value),
            Token::Text(text) => visitor.visit_str(text),
            Token::List(_) => visitor.visit_seq(self),
            Token::Object(_) => visitor.visit_map(self),
        }
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, E> {
        match self.place.is_object() {
            true => visitor.visit_map(self),
            false => Err(self.wrong(&visitor)),
        }
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, E> {
        self.deserialize_map(visitor)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, E> {
        match self.place.is_list() {
            true => visitor.visit_seq(self),
            false => Err(self.wrong(&visitor)),
        }
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, E> {
        match self.place.text() {
            Some(text) => visitor.visit_str(text),
            None => Err(self.wrong(&visitor)),
        }
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, E> {
        self.deserialize_str(visitor)
    }

    fn deserialize_identifier<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, E> {
        self.deserialize_str(visitor)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, E> {
        match self.place.is_null() {
            true => visitor.visit_none(),
            false => visitor.visit_some(self),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, E> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, E> {
        self.place.skip();
        visitor.visit_unit()
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char bytes byte_buf unit unit_struct tuple
        tuple_struct enum
    }
}

impl<'de, E: de::Error> SeqAccess<'de> for &mut Reader<'_, E> {
    type Error = E;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, E> {
        match self.place.is_end() {
            true => Ok(None),
            false => seed.deserialize(&mut **self).map(Some),
        }
    }
}

impl<'de, E: de::Error> MapAccess<'de> for &mut Reader<'_, E> {
    type Error = E;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, E> {
        match self.place.is_end() {
            true => Ok(None),
            false => seed.deserialize(&mut **self).map(Some),
        }
    }

    fn next_value_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<T::Value, E> {
        seed.deserialize(&mut **self)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn wrong_facts_say_what_is_wrong() {
        let wrong = [
            (json!([]), "invalid type: sequence, expected struct Facts"),
            (json!({}), "missing field"),
            (json!({"facts": null}), "invalid type: null, expected a string"),
            (json!({"facts": [-1]}), "invalid type: sequence, expected a string"),
        ];
        for (facts, message) in wrong {
            let error = from_json(&facts.to_string()).unwrap_err().to_string();
            assert!(error.starts_with(message), "{error}");
        }
        let error = from_json("{\"facts\": \"0\", \"facts\": \"0\"}").unwrap_err();
        assert_eq!(error.to_string(), "duplicate field `facts`");
    }
}
