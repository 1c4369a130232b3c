//! The seam to the YAML crate: text to its spanned values, and nothing decided.

use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_saphyr::options::{DuplicateKeyPolicy, MergeKeyPolicy, NonFiniteFloatPolicy};
use serde_saphyr::{Error, Options, Spanned, Tagged};

use super::Limits;

/// A value with its places and its tag.
pub(super) type Raw = Tagged<Spanned<RawValue>>;

/// A value as the crate resolves it. Untagged or flattened serde types would lose the places.
pub(super) enum RawValue {
    Null,
    Bool(bool),
    Int(i64),
    Float(f64),
    Str(String),
    Seq(Vec<Raw>),
    Map(Vec<(Spanned<RawKey>, Raw)>),
}

/// A key as the crate resolves it.
pub(super) enum RawKey {
    Str(String),
    /// Some other scalar; its text is what the source says.
    Scalar,
    Collection,
}

/// Reads one document; `None` for a text without any node.
pub(super) fn read(text: &str, limits: Limits) -> Result<Option<Raw>, Error> {
    match serde_saphyr::from_str_with_options::<Raw>(text, options(limits)) {
        Ok(raw) => Ok(Some(raw)),
        Err(Error::Eof { .. }) => Ok(None),
        Err(error) => Err(error),
    }
}

/// Reads every document in which something is written.
pub(super) fn read_all(text: &str, limits: Limits) -> Result<Vec<Raw>, Error> {
    match serde_saphyr::from_multiple_with_options::<Raw>(text, options(limits)) {
        Err(Error::Eof { .. }) => Ok(Vec::new()),
        result => result,
    }
}

fn options(limits: Limits) -> Options {
    serde_saphyr::options! {
        strict_booleans: true,
        legacy_octal_numbers: true,
        // Duplicates come through, so that they can all be told, each with both places.
        duplicate_keys: DuplicateKeyPolicy::PassThrough,
        // Applied while lowering: the crate lets `<<` stand twice and hides an inline mapping's duplicates.
        merge_keys: MergeKeyPolicy::AsOrdinary,
        non_finite_float_policy: NonFiniteFloatPolicy::PassThrough,
        ignore_binary_tag_for_string: true,
        with_snippet: false,
        budget: serde_saphyr::budget! {
            max_depth: limits.depth,
            max_nodes: limits.nodes,
            max_events: limits.nodes.saturating_mul(3),
            // One anchor used by hundreds of services is good style; the nodes are counted.
            enforce_alias_anchor_ratio: false,
        },
    }
}

impl<'de> Deserialize<'de> for RawValue {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ValueVisitor)
    }
}

struct ValueVisitor;

impl<'de> Visitor<'de> for ValueVisitor {
    type Value = RawValue;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any value")
    }

    fn visit_unit<E>(self) -> Result<RawValue, E> {
        Ok(RawValue::Null)
    }

    fn visit_none<E>(self) -> Result<RawValue, E> {
        Ok(RawValue::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<RawValue, E> {
        Ok(RawValue::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<RawValue, E> {
        Ok(RawValue::Int(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<RawValue, E> {
        #[allow(clippy::cast_precision_loss)] // Documented at `Value::Float`.
        Ok(i64::try_from(value).map_or(RawValue::Float(value as f64), RawValue::Int))
    }

    fn visit_f64<E>(self, value: f64) -> Result<RawValue, E> {
        Ok(RawValue::Float(value))
    }

    fn visit_str<E>(self, value: &str) -> Result<RawValue, E> {
        Ok(RawValue::Str(value.to_owned()))
    }

    fn visit_string<E>(self, value: String) -> Result<RawValue, E> {
        Ok(RawValue::Str(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<RawValue, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = seq.next_element()? {
            items.push(item);
        }
        Ok(RawValue::Seq(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<RawValue, A::Error> {
        let mut entries = Vec::new();
        while let Some(entry) = map.next_entry()? {
            entries.push(entry);
        }
        Ok(RawValue::Map(entries))
    }
}

impl<'de> Deserialize<'de> for RawKey {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(KeyVisitor)
    }
}

struct KeyVisitor;

impl<'de> Visitor<'de> for KeyVisitor {
    type Value = RawKey;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }

    fn visit_unit<E>(self) -> Result<RawKey, E> {
        Ok(RawKey::Scalar)
    }

    fn visit_none<E>(self) -> Result<RawKey, E> {
        Ok(RawKey::Scalar)
    }

    fn visit_bool<E>(self, _: bool) -> Result<RawKey, E> {
        Ok(RawKey::Scalar)
    }

    fn visit_i64<E>(self, _: i64) -> Result<RawKey, E> {
        Ok(RawKey::Scalar)
    }

    fn visit_u64<E>(self, _: u64) -> Result<RawKey, E> {
        Ok(RawKey::Scalar)
    }

    fn visit_f64<E>(self, _: f64) -> Result<RawKey, E> {
        Ok(RawKey::Scalar)
    }

    fn visit_str<E>(self, value: &str) -> Result<RawKey, E> {
        Ok(RawKey::Str(value.to_owned()))
    }

    fn visit_string<E>(self, value: String) -> Result<RawKey, E> {
        Ok(RawKey::Str(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<RawKey, A::Error> {
        while seq.next_element::<IgnoredAny>()?.is_some() {}
        Ok(RawKey::Collection)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<RawKey, A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(RawKey::Collection)
    }
}
