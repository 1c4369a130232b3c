//! What a single value means: numbers, sizes, times, flags.
//!
//! Owns the reading of scalars as compose-go decodes them, and how it writes them as JSON. It refuses
//! what compose-go cannot decode.

use serde_json::{Number, Value as Json};

use super::keys::Meaning;
use super::tree::Value;
use crate::notation::size;

/// A value as decoded.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Decoded {
    /// As JSON has it.
    pub(super) json: Json,
    /// Whether it is the zero of its type, which JSON leaves out in most places.
    pub(super) is_zero: bool,
}

impl Decoded {
    fn new(json: impl Into<Json>, is_zero: bool) -> Self {
        Decoded { json: json.into(), is_zero }
    }
}

/// Decodes a single value.
///
/// # Errors
///
/// What it must be: `a size such as 64m`.
pub(super) fn decode(meaning: Meaning, value: &Value) -> Result<Decoded, &'static str> {
    match meaning {
        Meaning::Text => Ok(text(value)),
        Meaning::Id if matches!(value, Value::Float(_)) => Err("a string or a whole number"),
        Meaning::Id => Ok(text(value)),
        Meaning::Variable if *value == Value::Null => Ok(Decoded::new(Json::Null, true)),
        Meaning::Variable => Ok(text(value)),
        Meaning::Flag => flag(value).map(|flag| Decoded::new(flag, !flag)),
        Meaning::Integer => integer(value).map(|number| Decoded::new(number, number == 0)),
        Meaning::Unsigned => unsigned(value),
        Meaning::Bits if matches!(value, Value::Str(_)) => Err("a number, not a string"),
        Meaning::Bits => unsigned(value),
        Meaning::Fraction => fraction(value),
        Meaning::Bytes => bytes(value).map(|size| Decoded::new(size.to_string(), size == 0)),
        Meaning::Duration => nanoseconds(value).map(|time| Decoded::new(duration(time), time == 0)),
        Meaning::Mode => mode(value).map(|bits| Decoded::new(format!("0{bits:o}"), false)),
        Meaning::Count => count(value).map(|number| Decoded::new(number, number == 0)),
    }
}

fn text(value: &Value) -> Decoded {
    let text = match value {
        Value::Bool(flag) => flag.to_string(),
        Value::Int(number) => number.to_string(),
        Value::Float(number) => float(*number),
        Value::Str(text) => text.clone(),
        Value::Null | Value::Seq(_) | Value::Map(_) => String::new(),
    };
    let is_empty = text.is_empty();
    Decoded::new(text, is_empty)
}

/// A number as Go's `%v` writes it: `1e+06`, `0.5`, `1`.
pub(super) fn float(number: f64) -> String {
    if !number.is_finite() {
        let sign = if number > 0.0 { "+" } else { "-" };
        return if number.is_nan() { "NaN".to_owned() } else { format!("{sign}Inf") };
    }
    let scientific = format!("{number:e}");
    let (digits, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    // Go takes the shortest digits, and an exponent where six digits would not do.
    if (-4..6).contains(&exponent) {
        return number.to_string();
    }
    let sign = if exponent < 0 { '-' } else { '+' };
    format!("{digits}e{sign}{:02}", exponent.abs())
}

/// What compose-go takes for true and false: also what YAML 1.1 took.
pub(super) fn flag(value: &Value) -> Result<bool, &'static str> {
    match value {
        Value::Bool(flag) => Ok(*flag),
        Value::Null => Ok(false),
        Value::Str(text) => match text.to_ascii_lowercase().as_str() {
            "true" | "y" | "yes" | "on" => Ok(true),
            "false" | "n" | "no" | "off" => Ok(false),
            _ => Err("`true` or `false`"),
        },
        _ => Err("`true` or `false`"),
    }
}

/// An integer; a fraction is cut off.
pub(super) fn integer(value: &Value) -> Result<i64, &'static str> {
    match value {
        Value::Int(number) => Ok(*number),
        Value::Null => Ok(0),
        // The cast saturates; NaN is 0.
        Value::Float(number) => Ok(*number as i64),
        Value::Str(text) => text.parse().map_err(|_| "an integer"),
        _ => Err("an integer"),
    }
}

fn unsigned(value: &Value) -> Result<Decoded, &'static str> {
    let number = integer(value)?;
    if number < 0 {
        return Err("an integer that is not negative");
    }
    Ok(Decoded::new(number, number == 0))
}

/// A number of 32 bits, as compose-go keeps it.
pub(super) fn single(value: &Value) -> Result<f32, &'static str> {
    match value {
        Value::Int(number) => Ok(*number as f32),
        Value::Null => Ok(0.0),
        Value::Float(number) => Ok(*number as f32),
        Value::Str(text) => text.parse().map_err(|_| "a number"),
        _ => Err("a number"),
    }
}

fn fraction(value: &Value) -> Result<Decoded, &'static str> {
    let single = single(value)?;
    if single.fract() == 0.0 && single.abs() < 1e15 {
        return Ok(Decoded::new(single as i64, single == 0.0));
    }
    // Through its shortest text, so that 0.1 does not become 0.10000000149011612.
    let double: f64 = single.to_string().parse().map_err(|_| "a number")?;
    let number = Number::from_f64(double).ok_or("a finite number")?;
    Ok(Decoded::new(number, false))
}

/// A number of bytes; -1 is no limit.
pub(super) fn bytes(value: &Value) -> Result<i64, &'static str> {
    const EXPECTED: &str = "a size such as 512m or 2g";
    match value {
        Value::Int(number) => Ok(*number),
        // compose-go decodes neither, and leaves the zero.
        Value::Float(_) | Value::Null => Ok(0),
        Value::Str(text) if text == "-1" => Ok(-1),
        Value::Str(text) => {
            let size = size::parse_binary(text).map_err(|_| EXPECTED)?;
            i64::try_from(size).map_err(|_| EXPECTED)
        }
        _ => Err(EXPECTED),
    }
}

/// Nanoseconds of each unit: those of Go, days and weeks.
const UNITS: [(&str, f64); 10] = [
    ("ns", 1.0),
    ("us", 1e3),
    ("µs", 1e3),
    ("μs", 1e3),
    ("ms", 1e6),
    ("s", 1e9),
    ("m", 60e9),
    ("h", 3600e9),
    ("d", 24.0 * 3600e9),
    ("w", 7.0 * 24.0 * 3600e9),
];

/// Nanoseconds of a time such as `1m30s`.
pub(super) fn nanoseconds(value: &Value) -> Result<i64, &'static str> {
    const EXPECTED: &str = "a time with units, such as 1m30s";
    let Value::Str(text) = value else {
        return if *value == Value::Null { Ok(0) } else { Err(EXPECTED) };
    };
    let (sign, mut rest) = match text.strip_prefix('-') {
        Some(rest) => (-1.0, rest),
        None => (1.0, text.strip_prefix('+').unwrap_or(text)),
    };
    if rest == "0" {
        return Ok(0);
    }
    let mut total = 0.0;
    if rest.is_empty() {
        return Err(EXPECTED);
    }
    while !rest.is_empty() {
        let is_number = |c: char| c == '.' || c.is_ascii_digit();
        let (number, tail) = rest.split_at(rest.find(|c| !is_number(c)).unwrap_or(rest.len()));
        let (unit, tail) = tail.split_at(tail.find(is_number).unwrap_or(tail.len()));
        let scale = UNITS.iter().find(|(name, _)| *name == unit).ok_or(EXPECTED)?.1;
        total += number.parse::<f64>().map_err(|_| EXPECTED)? * scale;
        rest = tail;
    }
    // Go counts in 64-bit nanoseconds.
    let is_too_long = total >= i64::MAX as f64;
    if is_too_long { Err("a time of less than 292 years") } else { Ok((sign * total) as i64) }
}

/// A time as Go writes it: `1h30m0s`, `1.5s`, `100ms`.
fn duration(nanoseconds: i64) -> String {
    let sign = if nanoseconds < 0 { "-" } else { "" };
    let total = nanoseconds.unsigned_abs();
    let fraction = |unit: u64, name: &str| {
        let digits = unit.ilog10() as usize;
        let rest = format!("{:0digits$}", total % unit);
        let rest = rest.trim_end_matches('0');
        let point = if rest.is_empty() { "" } else { "." };
        format!("{sign}{}{point}{rest}{name}", total / unit)
    };
    match total {
        0 => "0s".to_owned(),
        1..1_000 => format!("{sign}{total}ns"),
        1_000..1_000_000 => fraction(1_000, "µs"),
        1_000_000..1_000_000_000 => fraction(1_000_000, "ms"),
        _ => {
            let seconds = total / 1_000_000_000;
            let below = format!("{:09}", total % 1_000_000_000);
            let below = below.trim_end_matches('0');
            let point = if below.is_empty() { "" } else { "." };
            let rest = format!("{}{point}{below}s", seconds % 60);
            match (seconds / 3600, seconds / 60 % 60) {
                (0, 0) => format!("{sign}{rest}"),
                (0, minutes) => format!("{sign}{minutes}m{rest}"),
                (hours, minutes) => format!("{sign}{hours}h{minutes}m{rest}"),
            }
        }
    }
}

fn mode(value: &Value) -> Result<i64, &'static str> {
    const EXPECTED: &str = "the mode of a file in octal, such as 0440";
    match value {
        Value::Int(bits) => Ok(*bits),
        Value::Str(text) => i64::from_str_radix(text, 8).map_err(|_| EXPECTED),
        _ => Err(EXPECTED),
    }
}

fn count(value: &Value) -> Result<i64, &'static str> {
    const EXPECTED: &str = "`all` or a number of devices";
    match value {
        Value::Int(number) => Ok(*number),
        Value::Str(text) if text.eq_ignore_ascii_case("all") => Ok(-1),
        Value::Str(text) => text.parse().map_err(|_| EXPECTED),
        _ => Err(EXPECTED),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn string(text: &str) -> Value {
        Value::Str(text.to_owned())
    }

    #[test]
    fn values_are_decoded_as_compose_does() {
        use Meaning::*;
        let cases = [
            (Text, Value::Float(1.0), "1"),
            (Text, Value::Float(1e23), "1e+23"),
            (Text, Value::Float(1e-7), "1e-07"),
            (Text, Value::Float(100_000.0), "100000"),
            (Text, Value::Float(1_234_567.5), "1.2345675e+06"),
            (Text, Value::Float(0.1), "0.1"),
            (Text, Value::Float(f64::INFINITY), "+Inf"),
            (Text, Value::Null, ""),
            (Duration, string("90s"), "1m30s"),
            (Duration, string("0"), "0s"),
            (Duration, string("1d"), "24h0m0s"),
            (Duration, string("-1m"), "-1m0s"),
            (Duration, string("1.5h"), "1h30m0s"),
            (Duration, string("1500us"), "1.5ms"),
            (Duration, string("1ms"), "1ms"),
            (Duration, string("1500ms"), "1.5s"),
            (Duration, string("12ns"), "12ns"),
            (Bytes, string("10 MB"), "10485760"),
            (Bytes, string("1kb"), "1024"),
            (Bytes, string("-1"), "-1"),
            (Bytes, Value::Float(10.7), "0"),
            (Mode, Value::Int(9999), "023417"),
            (Mode, string("0444"), "0444"),
        ];
        for (meaning, value, expected) in cases {
            let found = decode(meaning, &value).map(|decoded| decoded.json);
            assert_eq!(found, Ok(Json::from(expected)), "{meaning:?} {value:?}");
        }
        for (value, expected) in [(0.25, 0.25), (0.123_456_789_123, 0.123_456_79)] {
            let found = decode(Fraction, &Value::Float(value)).map(|decoded| decoded.json);
            assert_eq!(found, Ok(Json::from(expected)));
        }
        assert_eq!(count(&string("all")), Ok(-1));
        assert_eq!(flag(&string("On")), Ok(true));
    }

    #[test]
    fn what_compose_cannot_decode_is_refused() {
        use Meaning::*;
        let cases = [
            (Duration, string("10")),
            (Duration, string("")),
            (Duration, string("abc")),
            (Duration, string("1..5s")),
            (Duration, string("99999999999w")),
            (Bytes, string("abc")),
            (Bytes, string("")),
            (Bytes, string("99999999999999999999999g")),
            (Flag, string("1")),
            (Unsigned, Value::Int(-1)),
            (Bits, string("0755")),
            (Mode, Value::Float(1.5)),
            (Count, string("foo")),
            (Id, Value::Float(2.0)),
            (Fraction, string("abc")),
            (Integer, string("1.5")),
        ];
        for (meaning, value) in cases {
            assert!(decode(meaning, &value).is_err(), "{meaning:?} {value:?}");
        }
    }
}
