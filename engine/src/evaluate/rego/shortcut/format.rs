//! What `sprintf` makes of the arguments that it is mostly given.

use regorus::Value;

use super::super::value::string;

/// The text; None for verbs, flags and arguments that are not understood here, and when there are
/// more or fewer of them than the format has.
pub(super) fn sprintf(format: &str, args: &[Value]) -> Option<Value> {
    let mut text = String::with_capacity(format.len() + 32);
    let mut args = args.iter();
    let mut rest = format;
    while let Some(at) = rest.find('%') {
        let (before, verb) = (rest.get(..at)?, rest.get(at + 1..)?);
        text.push_str(before);
        let sign = verb.chars().next()?;
        rest = verb.get(sign.len_utf8()..)?;
        match (sign, if sign == '%' { None } else { Some(args.next()?) }) {
            ('%', _) => text.push('%'),
            ('s' | 'v', Some(Value::String(value))) => text.push_str(value),
            ('d' | 'v', Some(Value::Number(number))) => {
                text.push_str(&number.as_i64()?.to_string())
            }
            _ => return None,
        }
    }
    text.push_str(rest);
    args.next().is_none().then(|| string(&text))
}
