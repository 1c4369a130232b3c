//! Which builtins rules may call.
//!
//! What depends on anything but the document, writes anywhere, or makes much out of little is not
//! available. What is left is bounded by the size of its arguments, except that text, lists and
//! integers can be doubled again and again by a chain of statements: that a policy's text is trusted
//! not to do.

use regorus::unstable::{BUILTINS, Expr, Ref};

use crate::nearest::nearest;

/// Builtins of OPA that are never available, and what to do instead. `units.parse` writes out
/// `1e999999999`: a document could keep a rule busy for hours with it.
const DENIED: &[(&str, &str)] = &[
    ("bits.lsh", "multiply instead"),
    ("graph.reachable_paths", "use graph.reachable"),
    ("http.send", "put what is needed into a table of the bundle"),
    ("net.cidr_expand", "use net.cidr_contains"),
    ("net.lookup_ip_addr", "put what is needed into a table of the bundle"),
    ("numbers.range_step", "iterate over a list"),
    ("opa.runtime", "there is no OPA"),
    ("print", "put it into the message of a finding"),
    ("rand.intn", "verdicts depend on the document alone"),
    ("time.now_ns", "use input.meta.now"),
    ("trace", "put it into the message of a finding"),
    ("units.parse", "the facts have numbers already"),
    ("units.parse_bytes", "the facts have sizes in bytes"),
    ("uuid.rfc4122", "verdicts depend on the document alone"),
];

/// The longest range of numbers.
const MAX_RANGE: i64 = 10_000;

/// What is wrong with a call.
pub(super) struct Fault {
    pub(super) message: String,
    pub(super) help: Option<String>,
}

/// Checks a call of something that no module defines.
pub(super) fn check(name: &str, args: &[Ref<Expr>]) -> Result<(), Fault> {
    if let Some((_, instead)) = DENIED.iter().find(|(denied, _)| *denied == name) {
        return fault(format!("`{name}` is not available to rules"), Some((*instead).to_owned()));
    }
    let Some(&(_, arity)) = BUILTINS.get(name) else {
        let known = BUILTINS.keys().copied().filter(|known| !known.starts_with("__"));
        let known = known.filter(|known| DENIED.iter().all(|(denied, _)| denied != known));
        // The order of the table is not fixed, and the first of equals wins.
        let mut known: Vec<&str> = known.collect();
        known.sort_unstable();
        let help = nearest(name, known).map(|near| format!("did you mean `{near}`"));
        return fault(format!("there is no function `{name}`"), help);
    };
    // One argument more is where the result goes: `walk(x, [path, value])`.
    let arity = usize::from(arity);
    if args.len() != arity && args.len() != arity + 1 {
        let arguments = if arity == 1 { "argument" } else { "arguments" };
        let message = format!("`{name}` takes {arity} {arguments}, not {}", args.len());
        return fault(message, None);
    }
    match name {
        "numbers.range" => range(args),
        "sprintf" => format_string(args),
        _ => Ok(()),
    }
}

fn fault(message: String, help: Option<String>) -> Result<(), Fault> {
    Err(Fault { message, help })
}

/// A range is made at once, before any budget can stop it.
fn range(args: &[Ref<Expr>]) -> Result<(), Fault> {
    let number = |arg: Option<&Ref<Expr>>| match arg.map(|arg| &**arg) {
        Some(Expr::Number { value, .. }) => value.as_i64().ok(),
        _ => None,
    };
    match (number(args.first()), number(args.get(1))) {
        (Some(from), Some(to)) if from.abs_diff(to) <= MAX_RANGE.unsigned_abs() => Ok(()),
        _ => fault(
            format!("`numbers.range` takes two literal numbers at most {MAX_RANGE} apart"),
            Some("iterate over a list: `some i, _ in list`".to_owned()),
        ),
    }
}

/// A width is a number of characters to make, and regorus panics on digits that are not ASCII.
fn format_string(args: &[Ref<Expr>]) -> Result<(), Fault> {
    let text = match args.first().map(|arg| &**arg) {
        Some(Expr::String { value, .. } | Expr::RawString { value, .. }) => value.as_string().ok(),
        _ => None,
    };
    let Some(text) = text else {
        let help = "pass what varies as an argument of the format".to_owned();
        return fault("the format of `sprintf` has to be a literal string".to_owned(), Some(help));
    };
    for part in text.replace("%%", "").split('%').skip(1) {
        let width = part.trim_start_matches('.');
        let digits = width.chars().take_while(|c| c.is_numeric()).collect::<String>();
        if digits.len() > 3 || !digits.is_ascii() {
            return fault("the format of `sprintf` has a width of more than 999".to_owned(), None);
        }
    }
    Ok(())
}
