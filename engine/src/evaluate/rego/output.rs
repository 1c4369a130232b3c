//! What a rule returned, as findings.

use std::collections::BTreeSet;

use plimsoll_sdk::Loc;
use plimsoll_sdk::finding::{RawFinding, RawPlace, RawRelated, RawUnknown};
use plimsoll_sdk::rule::RuleMeta;
use regorus::Value;

use super::super::RuleError;
use super::super::bounds::{MAX_NAME, MAX_RELATED, cut, nonsense, too_many};
use super::Limits;

/// The findings in what `deny` returned.
pub(super) fn findings(
    value: &Value,
    meta: &RuleMeta,
    limits: &Limits,
) -> Result<Vec<RawFinding>, RuleError> {
    let reader = Reader { what: "a finding", several: "findings", limits };
    reader.all(value, |object| reader.finding(object, meta))
}

/// The subjects in what `unknown` returned.
pub(super) fn unknowns(value: &Value, limits: &Limits) -> Result<Vec<RawUnknown>, RuleError> {
    let reader = Reader { what: "an unknown subject", several: "unknown subjects", limits };
    reader.all(value, |object| reader.unknown(object))
}

struct Reader<'a> {
    what: &'static str,
    several: &'static str,
    limits: &'a Limits,
}

type Read<T> = Result<T, RuleError>;

impl Reader<'_> {
    fn all<T: Ord>(&self, value: &Value, read: impl Fn(&Value) -> Read<T>) -> Read<Vec<T>> {
        let items = match value {
            Value::Undefined => return Ok(Vec::new()),
            Value::Set(items) => items,
            _ => return Err(nonsense("the rule returned no set".to_owned())),
        };
        if items.len() > self.limits.findings {
            return Err(too_many(items.len(), self.several, self.limits.findings));
        }
        // Sorted, and without those that are the same once they are read.
        let read: BTreeSet<T> = items.iter().map(read).collect::<Read<_>>()?;
        Ok(read.into_iter().collect())
    }

    fn finding(&self, value: &Value, meta: &RuleMeta) -> Read<RawFinding> {
        let keys = ["loc", "field", "item", "message", "subject", "level", "related"];
        self.known(value, &keys)?;
        let level = self.name(value, "level")?;
        if let Some(level) = level.as_ref().filter(|level| !meta.levels.contains_key(*level)) {
            return Err(nonsense(format!("the rule declares no level `{level}`")));
        }
        Ok(RawFinding {
            place: self.place(value)?,
            message: self.message(value, "message")?,
            subject: self.number(value, "subject")?.map(Loc),
            level,
            related: self.related(value)?,
        })
    }

    fn related(&self, value: &Value) -> Read<Vec<RawRelated>> {
        let items = match get(value, "related") {
            None => return Ok(Vec::new()),
            Some(Value::Array(items)) => items,
            Some(_) => return Err(self.wrong("related", "a list")),
        };
        if items.len() > MAX_RELATED {
            return Err(self.wrong("related", &format!("at most {MAX_RELATED} places")));
        }
        (items.iter())
            .map(|item| {
                self.known(item, &["loc", "field", "item", "message"])?;
                let message = self.message(item, "message")?;
                Ok(RawRelated { place: self.place(item)?, message })
            })
            .collect()
    }

    fn unknown(&self, value: &Value) -> Read<RawUnknown> {
        self.known(value, &["subject", "reason"])?;
        let subject = self.number(value, "subject")?;
        let subject = subject.ok_or_else(|| self.lacks("subject"))?;
        Ok(RawUnknown { subject: Loc(subject), reason: self.message(value, "reason")? })
    }

    fn place(&self, value: &Value) -> Read<RawPlace> {
        let loc = self.number(value, "loc")?.ok_or_else(|| self.lacks("loc"))?;
        let (field, item) = (self.name(value, "field")?, self.number(value, "item")?);
        if item.is_some() && field.is_none() {
            return Err(nonsense(format!("{} has an `item` without a `field`", self.what)));
        }
        Ok(RawPlace { loc: Loc(loc), field, item })
    }

    fn known(&self, value: &Value, keys: &[&str]) -> Read<()> {
        let Value::Object(fields) = value else {
            return Err(nonsense(format!("{} is no object", self.what)));
        };
        let unknown = fields.iter().map(|(key, _)| key).find(|key| match key {
            Value::String(key) => !keys.contains(&&**key),
            _ => true,
        });
        match unknown {
            None => Ok(()),
            Some(Value::String(key)) => {
                let key: String = key.chars().take(40).collect();
                Err(nonsense(format!("{} has no `{key}`", self.what)))
            }
            Some(_) => Err(nonsense(format!("{} has a key that is no string", self.what))),
        }
    }

    fn number(&self, value: &Value, key: &str) -> Read<Option<u32>> {
        match get(value, key) {
            None => Ok(None),
            Some(number @ Value::Number(_)) => match number.as_u32() {
                Ok(number) => Ok(Some(number)),
                Err(_) => Err(self.wrong(key, "a whole number")),
            },
            Some(_) => Err(self.wrong(key, "a whole number")),
        }
    }

    fn name(&self, value: &Value, key: &str) -> Read<Option<String>> {
        match get(value, key) {
            None => Ok(None),
            Some(Value::String(name)) if name.len() <= MAX_NAME => Ok(Some(name.to_string())),
            Some(_) => Err(self.wrong(key, "a short string")),
        }
    }

    fn message(&self, value: &Value, key: &str) -> Read<String> {
        match get(value, key) {
            None => Err(self.lacks(key)),
            Some(Value::String(text)) if !text.trim().is_empty() => {
                Ok(cut(text, self.limits.message_bytes))
            }
            Some(_) => Err(self.wrong(key, "a string with something in it")),
        }
    }

    fn lacks(&self, key: &str) -> RuleError {
        nonsense(format!("{} lacks `{key}`", self.what))
    }

    fn wrong(&self, key: &str, expected: &str) -> RuleError {
        nonsense(format!("`{key}` of {} is not {expected}", self.what))
    }
}

fn get<'a>(value: &'a Value, key: &str) -> Option<&'a Value> {
    match value {
        Value::Object(fields) => {
            fields.iter().find(|(name, _)| matches!(name, Value::String(n) if **n == *key))
        }
        _ => None,
    }
    .map(|(_, value)| value)
}
