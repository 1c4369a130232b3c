//! Values beside the name of a credential: `api-key: 9f8d…`, `--password hunter2`.
//!
//! Owns what is a name, what is its value, and whether a value looks random. Names and placeholders
//! are the table's.

use crate::source::Span;

/// How long a name may be, in bytes.
const LONGEST_NAME: usize = 80;

/// How long a value may be, in bytes: longer ones are files, not credentials.
const LONGEST_VALUE: usize = 512;

/// The shortest value that can be told to be random, in bytes: in hexadecimal digits, and otherwise.
const SHORTEST_RANDOM: (usize, usize) = (16, 20);

/// The shortest password that is looked at, in bytes.
const SHORTEST_PASSWORD: usize = 4;

/// A value with its name.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Assigned<'t> {
    pub(super) name: &'t str,
    pub(super) value: &'t str,
    pub(super) span: Span,
    /// Whether the name is an option of a command: `--password`.
    pub(super) is_option: bool,
    /// Whether nothing but white space stands between them.
    pub(super) is_apart: bool,
}

/// Every value of a text that has a name, and at least [`SHORTEST_PASSWORD`] bytes.
pub(super) fn assigned(text: &str) -> impl Iterator<Item = Assigned<'_>> {
    let bytes = text.as_bytes();
    let at = bytes.iter().enumerate().filter(|(_, byte)| matches!(byte, b'=' | b':' | b'-'));
    at.filter_map(move |(at, byte)| match byte {
        b'-' => option(text, at),
        _ => pair(text, at),
    })
}

/// `name=value`, `name: value`, `"name": "value"`, `name => value`, by its separator.
fn pair(text: &str, at: usize) -> Option<Assigned<'_>> {
    let before = text.get(..at)?.trim_end_matches([' ', '\t']);
    let before = before.strip_suffix(['"', '\'']).unwrap_or(before);
    let before = before.strip_suffix('\\').unwrap_or(before);
    let bytes = before.as_bytes();
    let length = bytes.iter().rev().take(LONGEST_NAME).take_while(|byte| is_of_name(**byte));
    let written = before.get(before.len() - length.count()..)?;
    let name = written.trim_start_matches('-');
    let from = at + 1 + usize::from(text.as_bytes().get(at + 1) == Some(&b'>'));
    value(text, from).filter(|_| !name.is_empty()).map(|(value, span)| Assigned {
        name,
        value,
        span,
        is_option: name.len() < written.len(),
        is_apart: false,
    })
}

/// `--name value`, and `"--name", "value"`, by its first `-`.
fn option(text: &str, at: usize) -> Option<Assigned<'_>> {
    let bytes = text.as_bytes();
    let is_first =
        at == 0 || matches!(bytes.get(at - 1), Some(b' ' | b'\t' | b'"' | b'\'' | b'\n'));
    if !is_first || bytes.get(at + 1) != Some(&b'-') {
        return None;
    }
    let start = at + 2;
    let named = bytes.get(start..)?.iter().take(LONGEST_NAME);
    let end = start + named.take_while(|byte| is_of_name(**byte)).count();
    let name = text.get(start..end).filter(|name| !name.is_empty())?;
    let rest = text.get(end..)?;
    let gap = if let Some(quote) = rest.chars().next().filter(|it| matches!(it, '"' | '\'')) {
        // A list of words: the comma, and the value's own quote.
        let rest = rest.get(1..)?.trim_start_matches([' ', '\t']).strip_prefix(',')?;
        let rest = rest.trim_start_matches([' ', '\t']);
        rest.starts_with(quote).then(|| text.len() - rest.len())?
    } else {
        rest.starts_with([' ', '\t']).then_some(end)?
    };
    let (value, span) = value(text, gap)?;
    (!value.starts_with('-')).then_some(Assigned {
        name,
        value,
        span,
        is_option: true,
        is_apart: true,
    })
}

/// The value that begins somewhere after a separator, on the same line: to the quote that ends it, or
/// to what cannot be in one.
fn value(text: &str, from: usize) -> Option<(&str, Span)> {
    let rest = text.get(from..)?;
    let value = rest.trim_start_matches([' ', '\t']);
    let value = value.strip_prefix('\\').unwrap_or(value);
    let opened = value.strip_prefix(['"', '\'']);
    let value = opened.unwrap_or(value);
    let start = text.len() - value.len();
    let bytes = value.as_bytes().iter().take(LONGEST_VALUE + 1);
    let length = bytes.take_while(|byte| !ends_value(**byte)).count();
    // What goes on with a bracket or a variable is no value that is written out.
    let is_whole = match value.as_bytes().get(length) {
        Some(byte) => !matches!(byte, b'$' | b'`' | b'(' | b'{' | b'[' | b'<'),
        None => true,
    };
    let is_right = is_whole && (SHORTEST_PASSWORD..=LONGEST_VALUE).contains(&length);
    let value = value.get(..length).filter(|_| is_right)?;
    Some((value, Span::new(start, start + length)))
}

fn is_of_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.')
}

fn ends_value(byte: u8) -> bool {
    byte.is_ascii_whitespace() || b"\"'`\\,;&|()<>{}[]$".contains(&byte)
}

/// Whether a value looks random: it has letters and digits of one alphabet, mixed, and says about as
/// much a character as random ones do (Shannon's entropy). A fingerprint, a UUID and a digest are
/// random, too, and no secret.
pub(super) fn is_random(value: &str) -> bool {
    let is_hex = value.bytes().all(|byte| byte.is_ascii_hexdigit());
    let shortest = if is_hex { SHORTEST_RANDOM.0 } else { SHORTEST_RANDOM.1 };
    let of_base64 = |byte: u8| byte.is_ascii_alphanumeric() || b"+/=_-~".contains(&byte);
    // Most values are out here.
    if value.len() < shortest || !(is_hex || changes(value) * 5 >= value.len()) {
        return false;
    }
    let has = |is: fn(&u8) -> bool| value.bytes().any(|byte| is(&byte));
    let is_mixed = has(u8::is_ascii_alphabetic) && has(u8::is_ascii_digit);
    // Few values have every character of an alphabet, so the bound grows with the length.
    let (most, share) = if is_hex { (3.0_f64, 0.7) } else { (4.3, 0.82) };
    #[allow(clippy::cast_precision_loss)] // No value is that long.
    let bound = most.min(share * (value.len() as f64).log2());
    is_mixed && value.bytes().all(of_base64) && !is_public(value) && entropy(value) >= bound
}

/// Whether a value has the form of something that is random and known to everybody.
fn is_public(value: &str) -> bool {
    let groups: Vec<usize> = value.split('-').map(str::len).collect();
    let is_uuid = groups == [8, 4, 4, 4, 12];
    let is_upper = value.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'A'..=b'F'));
    // Keys of OpenPGP are named by the last 16, or all 40, digits of their fingerprints.
    let is_fingerprint = is_upper && matches!(value.len(), 16 | 40);
    let lower = value.to_ascii_lowercase();
    let is_digest = ["sha1-", "sha256-", "sha384-", "sha512-", "0x"];
    // `ssh-ed25519 AAAAC3…`, `ssh-rsa AAAAB3…`
    let is_ssh = value.starts_with("AAAAB3NzaC1") || value.starts_with("AAAAC3NzaC1");
    is_uuid || is_fingerprint || is_ssh || is_digest.iter().any(|start| lower.starts_with(start))
}

/// Bits a character, of ASCII.
fn entropy(value: &str) -> f64 {
    let mut counts = [0_u32; 128];
    for byte in value.bytes() {
        if let Some(count) = counts.get_mut(usize::from(byte)) {
            *count += 1;
        }
    }
    #[allow(clippy::cast_precision_loss)] // No value is that long.
    let length = value.len() as f64;
    let shares = counts.iter().filter(|count| **count > 0).map(|count| f64::from(*count) / length);
    shares.map(|share| -share * share.log2()).sum()
}

/// How often it goes from digits to letters, or between capitals and others. Words change seldom.
fn changes(value: &str) -> usize {
    let class = |byte: u8| match byte {
        b'0'..=b'9' => Some(0),
        b'a'..=b'z' => Some(1),
        b'A'..=b'Z' => Some(2),
        _ => None,
    };
    // A capital and small letters after it are a word: `SecretName`.
    let is_change = |before: u8, class: u8| before != class && (before, class) != (2, 1);
    let (mut before, mut changes) = (None, 0);
    for class in value.bytes().filter_map(class) {
        changes += usize::from(before.is_some_and(|before| is_change(before, class)));
        before = Some(class);
    }
    changes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_values() {
        for (text, wanted) in [
            ("ENV A_KEY=abcd B='e f'", "A_KEY|abcd"),
            ("  api-key: \"abcdef\" # x", "api-key|abcdef"),
            (r#"{"token" : "abcdef"}"#, "token|abcdef"),
            (r#"{\"token\":\"abcdef\"}"#, "token|abcdef"),
            ("secret => 'abcdef'", "secret|abcdef"),
            ("x --password abcd", "--password|abcd"),
            ("x --password=abcd;", "--password|abcd"),
            (r#"["x", "--password", "abcd"]"#, "--password|abcd"),
            ("x --password --force", ""),
            ("x --password ${A}", ""),
            ("A=${abcd}", ""),
            ("A=abcd${B}", ""),
            ("A=abcd$(pwd)", ""),
            ("A=abc", ""),
            ("=abcd", ""),
            ("--", ""),
            ("é=é", ""),
        ] {
            let found = assigned(text).map(|it| {
                let dashes = if it.is_option { "--" } else { "" };
                assert_eq!(&text[it.span.start as usize..it.span.end as usize], it.value);
                format!("{dashes}{}|{}", it.name, it.value)
            });
            let found: Vec<String> = found.collect();
            assert_eq!(found.join(" "), wanted, "{text}");
        }
    }

    #[test]
    fn random_values() {
        for value in [
            "9f86d081884c7d65",
            "b7e23ec29af22b0b4e41da31e868d572",
            "q8Zr3vLx5Kc9WmP2nBd7",
            "k3j9x0q2m5v8c1z7w4t6p0r2",
            "3q2+7wGfK0sJ1bN5yXc8vR4tZ6uH9aPdLmQoEiTkWgE=",
        ] {
            assert!(is_random(value), "{value}");
        }
        for value in [
            "production-api-key-2",
            "projects/123456/secrets/db-password/versions/1",
            "myApplicationSecretName2024",
            "00000000000000000000000000000000",
            "12345678901234567890",
            "correcthorsebatterystaple",
            "550e8400-e29b-41d4-a716-446655440000",
            "0D96DF4D4110E5C43FBFB17F2D347EA6AA65421D",
            "sha512-Zq8rT3vLx5Kc9WmP2nBdZq8rT3vLx5Kc9WmP2nBd",
            "registry.example.com/acme/shop4",
            "",
        ] {
            assert!(!is_random(value), "{value}");
        }
    }
}
