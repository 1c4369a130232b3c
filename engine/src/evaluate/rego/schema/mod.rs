//! Whether rules read fields that the facts have.
//!
//! A misspelt field is undefined, and a rule that reads one silently never finds anything. So every
//! reference to `input` is checked against the JSON Schema of the facts when a bundle is loaded, and
//! an error names the field that was probably meant.
//!
//! # How far it sees
//!
//! The type of an expression is followed through
//!
//! - `input.…` and what imports of it bind;
//! - `some x in …`, `some i, x in …`, `every x in … { … }`, `…[_]`, `…[i]`, and a number as an index;
//! - `x := …` and `x = …` with a single variable on the left;
//! - list, set and object comprehensions, `|`, `&`, `array.concat`, `array.slice`, `array.reverse`,
//!   `sort`, and lists and sets written out whose items have one type;
//! - the parameters of a function whose METADATA declares them: `custom: {types: {c: Command}}`, the
//!   names of the facts' types as the schema has them, `[Command]` for a list, `string` for any
//!   value without fields;
//! - what rules and functions of the bundle return, when all their definitions return one type.
//!
//! It then checks
//!
//! - fields, by `.name` and by `["name"]`, also of a value that has none;
//! - `object.get(fact, "field", …)`, and the field given to `finding.at_field`, `finding.at_item`
//!   and `finding.related_field`;
//! - `input.params["id"]`: the rule exists and declares the parameter;
//! - `input.data["table"]`: there is such a table;
//! - `input.raw`: only where METADATA says `raw: true`.
//!
//! It does not see through keys that are computed (`x[key]` of an object), parameters without a
//! declared type, patterns (`[a, b] := …`), values that other builtins return, `walk`, `with`, and
//! rules whose definitions return different types. What it does not see, it lets pass.
//!
//! The [lint](super::lint) of the default bundle stands on the same types.

mod check;
mod context;
mod negation;
mod types;

pub(super) use check::check;
pub(super) use context::Context;
pub(super) use types::Schema;
