//! Sizes such as `512m` and limits such as `nofile=1024:2048`, as [go-units] parses them.
//!
//! [go-units]: https://github.com/docker/go-units

use std::fmt;

/// Why a text is not a size.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SizeError {
    /// There is no number, or it is malformed or negative.
    Number,
    /// The unit is not one of `b`, `k`, `m`, `g`, `t`, `p`, with `b` or `ib` after it.
    Unit,
    /// More bytes than a signed 64-bit number holds.
    TooLarge,
}

impl fmt::Display for SizeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            SizeError::Number => "a size is a number that is not negative, and a unit",
            SizeError::Unit => "the unit of a size is one of b, k, m, g, t and p",
            SizeError::TooLarge => "the size is too large",
        })
    }
}

impl std::error::Error for SizeError {}

/// Bytes in a size in powers of 1000 (`FromHumanSize`): `32k` is 32,000. Fractions of a byte are
/// cut off.
///
/// # Errors
///
/// See [`SizeError`].
pub fn parse_decimal(text: &str) -> Result<u64, SizeError> {
    parse(text, 1000.0)
}

/// Bytes in a size in powers of 1024 (`RAMInBytes`): `32k` is 32,768. This is what memory limits
/// use; their `-1` for "no limit" is not a size.
///
/// # Errors
///
/// See [`SizeError`].
pub fn parse_binary(text: &str) -> Result<u64, SizeError> {
    parse(text, 1024.0)
}

fn parse(text: &str, base: f64) -> Result<u64, SizeError> {
    // The number ends at the last character that could belong to one; one space may follow it.
    let last = text.rfind(|c: char| c.is_ascii_digit() || matches!(c, '.' | ' '));
    let (number, unit) = text.split_at(last.map_or(0, |at| at + 1));
    let number = number.strip_suffix(' ').unwrap_or(number);
    // `parse` would also take `inf` and `nan`.
    if !number.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'.' | b'+' | b'-' | b'e' | b'E')) {
        return Err(SizeError::Number);
    }
    let number: f64 = number.parse().map_err(|_| SizeError::Number)?;
    if number < 0.0 {
        return Err(SizeError::Number);
    }
    let bytes = number * multiplier(&unit.to_lowercase(), base).ok_or(SizeError::Unit)?;
    if bytes >= 9_223_372_036_854_775_808.0 {
        return Err(SizeError::TooLarge);
    }
    Ok(bytes as u64)
}

fn multiplier(unit: &str, base: f64) -> Option<f64> {
    let Some((prefix, rest)) = unit.split_at_checked(1) else {
        return unit.is_empty().then_some(1.0);
    };
    let power = match prefix {
        "b" => return rest.is_empty().then_some(1.0),
        "k" => 1,
        "m" => 2,
        "g" => 3,
        "t" => 4,
        "p" => 5,
        _ => return None,
    };
    matches!(rest, "" | "b" | "ib").then(|| base.powi(power))
}

/// A resource limit of a process; -1 is "no limit".
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ulimit {
    /// One of the names that [`resource`] knows.
    pub name: String,
    /// The limit that applies.
    pub soft: i64,
    /// How far the process may raise it.
    pub hard: i64,
}

/// Why a text is not a resource limit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum UlimitError {
    /// There is no `=`.
    NoValue,
    /// There is no limit of this name.
    Name(String),
    /// More than two values.
    TooManyValues,
    /// Not a 64-bit number or `infinity`.
    Value(String),
    /// The soft limit is above the hard one.
    SoftAboveHard {
        /// The soft limit.
        soft: i64,
        /// The hard limit.
        hard: i64,
    },
}

impl fmt::Display for UlimitError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            UlimitError::NoValue => f.write_str("a limit has the form name=soft[:hard]"),
            UlimitError::Name(name) => write!(f, "there is no limit named {name}"),
            UlimitError::TooManyValues => f.write_str("a limit has at most two values, soft:hard"),
            UlimitError::Value(value) => write!(f, "{value} is not a number"),
            UlimitError::SoftAboveHard { soft, hard } => {
                write!(f, "the soft limit {soft} must not be above the hard limit {hard}")
            }
        }
    }
}

impl std::error::Error for UlimitError {}

/// Linux's number for a resource limit, such as 7 for `nofile`; `as` is not offered by Docker.
#[must_use]
pub fn resource(name: &str) -> Option<u32> {
    Some(match name {
        "cpu" => 0,
        "fsize" => 1,
        "data" => 2,
        "stack" => 3,
        "core" => 4,
        "rss" => 5,
        "nproc" => 6,
        "nofile" => 7,
        "memlock" => 8,
        "locks" => 10,
        "sigpending" => 11,
        "msgqueue" => 12,
        "nice" => 13,
        "rtprio" => 14,
        "rttime" => 15,
        _ => return None,
    })
}

impl Ulimit {
    /// Parses `name=soft[:hard]`; without a hard limit it is the soft one (`ParseUlimit`).
    ///
    /// # Errors
    ///
    /// The first thing that is wrong.
    pub fn parse(text: &str) -> Result<Self, UlimitError> {
        let (name, values) = text.split_once('=').ok_or(UlimitError::NoValue)?;
        if resource(name).is_none() {
            return Err(UlimitError::Name(name.to_owned()));
        }
        let mut values = values.split(':');
        let first = values.next().unwrap_or_default();
        let second = values.next();
        if values.next().is_some() {
            return Err(UlimitError::TooManyValues);
        }
        let hard = second.map(parse_limit).transpose()?;
        let soft = parse_limit(first)?;
        let hard = hard.unwrap_or(soft);
        if hard != -1 && (soft == -1 || soft > hard) {
            return Err(UlimitError::SoftAboveHard { soft, hard });
        }
        Ok(Ulimit { name: name.to_owned(), soft, hard })
    }
}

impl fmt::Display for Ulimit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}={}:{}", self.name, self.soft, self.hard)
    }
}

fn parse_limit(text: &str) -> Result<i64, UlimitError> {
    match text {
        "infinity" => Ok(-1),
        text => text.parse().map_err(|_| UlimitError::Value(text.to_owned())),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn sizes() {
        let cases = [
            ("512m", Ok(536_870_912)),
            ("0.5 GiB", Ok(536_870_912)),
            (".5g", Ok(536_870_912)),
            ("1e3", Ok(1000)),
            ("1.9", Ok(1)),
            ("+1k", Ok(1024)),
            ("1ki", Err(SizeError::Unit)),
            ("1bib", Err(SizeError::Unit)),
            ("1e", Err(SizeError::Unit)),
            ("1é", Err(SizeError::Unit)),
            ("-1", Err(SizeError::Number)),
            ("inf ", Err(SizeError::Number)),
            ("nan ", Err(SizeError::Number)),
            ("m", Err(SizeError::Number)),
            ("1e400", Err(SizeError::TooLarge)),
            ("8192p", Err(SizeError::TooLarge)),
            ("8191p", Ok(8191 << 50)),
        ];
        for (text, expected) in cases {
            assert_eq!(parse_binary(text), expected, "{text}");
        }
    }

    #[test]
    fn limits() {
        let cases = [
            ("nofile=1024", Ok((1024, 1024))),
            ("nofile=1024:2048", Ok((1024, 2048))),
            ("core=0:-1", Ok((0, -1))),
            ("core=infinity", Ok((-1, -1))),
            ("nofile", Err(UlimitError::NoValue)),
            ("as=1", Err(UlimitError::Name("as".into()))),
            ("nofile=1:2:3", Err(UlimitError::TooManyValues)),
            ("nofile=a", Err(UlimitError::Value("a".into()))),
            ("nofile=1:", Err(UlimitError::Value(String::new()))),
            ("nofile=2:1", Err(UlimitError::SoftAboveHard { soft: 2, hard: 1 })),
            ("nofile=-1:1", Err(UlimitError::SoftAboveHard { soft: -1, hard: 1 })),
        ];
        for (text, expected) in cases {
            let limits = Ulimit::parse(text).map(|ulimit| (ulimit.soft, ulimit.hard));
            assert_eq!(limits, expected, "{text}");
        }
    }

    proptest! {
        #[test]
        fn arbitrary_text_never_panics(text in "\\PC*|[0-9.eE+ kmb-]{0,10}") {
            if let (Ok(decimal), Ok(binary)) = (parse_decimal(&text), parse_binary(&text)) {
                prop_assert!(decimal <= binary);
            }
            if let Ok(ulimit) = Ulimit::parse(&text) {
                prop_assert_eq!(Ulimit::parse(&ulimit.to_string()), Ok(ulimit));
            }
        }
    }
}
