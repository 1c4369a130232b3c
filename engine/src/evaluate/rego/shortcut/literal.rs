//! Values that are written out.

use std::collections::{BTreeMap, BTreeSet};

use regorus::Value;
use regorus::unstable::Expr as Ast;

use super::program::Constant;

/// A value that is written out, sets and lists of such values included.
pub(super) fn constant(expr: &Ast) -> Option<Constant> {
    value(expr).as_ref().and_then(Constant::of)
}

fn value(expr: &Ast) -> Option<Value> {
    Some(match expr {
        Ast::String { value, .. }
        | Ast::RawString { value, .. }
        | Ast::Number { value, .. }
        | Ast::Bool { value, .. }
        | Ast::Null { value, .. } => value.clone(),
        Ast::Array { items, .. } => {
            Value::from(items.iter().map(|item| value(item)).collect::<Option<Vec<_>>>()?)
        }
        Ast::Set { items, .. } => {
            Value::from(items.iter().map(|item| value(item)).collect::<Option<BTreeSet<_>>>()?)
        }
        Ast::Object { fields, .. } => Value::from(
            (fields.iter())
                .map(|(_, key, of)| Some((value(key)?, value(of)?)))
                .collect::<Option<BTreeMap<_, _>>>()?,
        ),
        _ => return None,
    })
}
