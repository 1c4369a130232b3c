//! Durations as Go's `time.ParseDuration` reads them.

use super::problems::quoted;

/// Nanoseconds of each unit.
const UNITS: [(&str, f64); 8] = [
    ("ns", 1.0),
    ("us", 1e3),
    ("µs", 1e3),
    ("μs", 1e3),
    ("ms", 1e6),
    ("s", 1e9),
    ("m", 60e9),
    ("h", 3600e9),
];

/// Nanoseconds of a duration such as `1m30s`.
///
/// # Errors
///
/// Go's message, when it is none.
pub(in crate::document) fn nanoseconds(text: &str) -> Result<f64, String> {
    let invalid = || format!("time: invalid duration {}", quoted(text));
    let (sign, mut rest) = match text.strip_prefix('-') {
        Some(rest) => (-1.0, rest),
        None => (1.0, text.strip_prefix('+').unwrap_or(text)),
    };
    if rest == "0" {
        return Ok(0.0);
    }
    if rest.is_empty() {
        return Err(invalid());
    }
    let mut total = 0.0;
    while !rest.is_empty() {
        let unit_at = rest.find(|c: char| c != '.' && !c.is_ascii_digit());
        let (number, tail) = rest.split_at(unit_at.unwrap_or(rest.len()));
        let digits = number.bytes().filter(u8::is_ascii_digit).count();
        if digits == 0 || number.len() - digits > 1 {
            return Err(invalid());
        }
        let end = tail.find(|c: char| c == '.' || c.is_ascii_digit()).unwrap_or(tail.len());
        let (unit, tail) = tail.split_at(end);
        if unit.is_empty() {
            return Err(format!("time: missing unit in duration {}", quoted(text)));
        }
        let Some((_, scale)) = UNITS.iter().find(|(name, _)| *name == unit) else {
            let unit = quoted(unit);
            return Err(format!("time: unknown unit {unit} in duration {}", quoted(text)));
        };
        total += number.parse::<f64>().map_err(|_| invalid())? * scale;
        rest = tail;
    }
    // Go counts in 64-bit nanoseconds.
    if total >= 9_223_372_036_854_775_807_i64 as f64 { Err(invalid()) } else { Ok(sign * total) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_those_of_go() {
        for (text, expected) in [
            ("0", Ok(0.0)),
            ("1m30s", Ok(90e9)),
            (".5s", Ok(5e8)),
            ("1.s", Ok(1e9)),
            ("-1µs", Ok(-1e3)),
            ("1", Err("missing unit")),
            ("1x", Err("unknown unit \"x\"")),
            ("", Err("invalid duration \"\"")),
            ("s", Err("invalid duration")),
            ("1..5s", Err("invalid duration")),
            ("999999999h", Err("invalid duration")),
        ] {
            match (nanoseconds(text), expected) {
                (Ok(found), Ok(expected)) => assert_eq!(found, expected, "{text}"),
                (Err(found), Err(expected)) => assert!(found.contains(expected), "{found}"),
                (found, _) => panic!("{text}: {found:?}"),
            }
        }
    }
}
