//! What is known around the rules of a bundle.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use plimsoll_sdk::rule::{ParamMeta, RuleMeta};

use super::super::names::Name;
use super::types::{Field, ROOT, Schema, Type};
use crate::nearest::nearest;

/// What a field access is checked against.
pub(in super::super) struct Context<'a> {
    pub(in super::super) schema: &'a Schema,
    /// The bundle's rules by id.
    pub(in super::super) rules: BTreeMap<&'a str, &'a RuleMeta>,
    /// The names of the tables.
    pub(in super::super) tables: BTreeSet<&'a str>,
    /// What rules and functions return.
    pub(in super::super) returns: BTreeMap<Name, Type>,
}

/// A field that is not there.
pub(super) struct Missing {
    pub(super) message: String,
    pub(super) help: Option<String>,
}

impl Missing {
    fn new(message: String, help: Option<String>) -> Self {
        Missing { message, help }
    }

    fn near<'n>(message: String, name: &str, known: impl IntoIterator<Item = &'n str>) -> Self {
        let help = nearest(name, known).map(|near| format!("did you mean `{near}`"));
        Missing { message, help }
    }
}

impl Context<'_> {
    /// The type of a field.
    pub(super) fn field(&self, ty: &Type, name: &str) -> Result<Field, Missing> {
        let known = |ty| Ok(Field { ty, required: true });
        match ty {
            Type::Any => known(Type::Any),
            Type::Map(value) => Ok(Field { ty: (**value).clone(), required: false }),
            Type::Fact(fact) => self.fact_field(fact, name),
            Type::Params => match self.rules.contains_key(name) {
                true => known(Type::ParamsOf(Arc::from(name))),
                false => Err(Missing::near(
                    format!("the bundle has no rule `{name}`"),
                    name,
                    self.rules.keys().copied(),
                )),
            },
            Type::ParamsOf(id) => self.param(id, name),
            Type::Data => match self.tables.contains(name) {
                true => known(Type::Any),
                false => Err(Missing::near(
                    format!("there is no table `{name}`"),
                    name,
                    self.tables.iter().copied(),
                )),
            },
            Type::Scalar => Err(Missing::new(format!("a plain value has no field `{name}`"), None)),
            Type::List(_) => Err(Missing::new(
                format!("a list has no field `{name}`"),
                Some("go through its items: `some x in …`".to_owned()),
            )),
        }
    }

    fn fact_field(&self, fact: &str, name: &str) -> Result<Field, Missing> {
        let Some(fields) = self.schema.fields(fact) else {
            return Ok(Field { ty: Type::Any, required: false });
        };
        if let Some(field) = fields.get(name) {
            return Ok(field.clone());
        }
        let message = if fact == ROOT {
            format!("the facts have no field `{name}`")
        } else {
            format!("`{fact}` has no field `{name}`")
        };
        Err(Missing::near(message, name, fields.keys().map(String::as_str)))
    }

    fn param(&self, id: &str, name: &str) -> Result<Field, Missing> {
        let Some(rule) = self.rules.get(id) else {
            return Ok(Field { ty: Type::Any, required: false });
        };
        match rule.params.get(name) {
            Some(param) => Ok(Field { ty: type_of_param(param), required: true }),
            None => {
                let message = format!("`{id}` declares no parameter `{name}`");
                let mut missing =
                    Missing::near(message, name, rule.params.keys().map(String::as_str));
                let declare = || "declare it in METADATA, under `custom.params`".to_owned();
                missing.help.get_or_insert_with(declare);
                Err(missing)
            }
        }
    }

    /// The type of the items that iteration, or an index that is not written out, gives.
    pub(super) fn item(&self, ty: &Type) -> Type {
        match ty {
            Type::List(item) | Type::Map(item) => (**item).clone(),
            _ => Type::Any,
        }
    }

    /// A type as METADATA of a function names it. None when there is none of that name.
    pub(super) fn named(&self, name: &str) -> Option<Type> {
        match name {
            "string" | "number" | "boolean" => Some(Type::Scalar),
            "any" => Some(Type::Any),
            _ => self.schema.fields(name).map(|_| Type::Fact(Arc::from(name))),
        }
    }
}

fn type_of_param(param: &ParamMeta) -> Type {
    if param.ty.starts_with("list<") {
        Type::list(Type::Scalar)
    } else if param.ty.starts_with("map<") {
        Type::Map(Box::new(Type::Scalar))
    } else {
        Type::Scalar
    }
}
