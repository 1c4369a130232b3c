//! Names of sources as URIs (RFC 3986).

use std::fmt::Write as _;

/// A source's name as a URI.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Uri {
    /// The URI, or a reference relative to the root of the project.
    pub(super) uri: String,
    /// Whether it is relative to the root of the project, and stays below it.
    pub(super) below_root: bool,
}

/// The URI of a source's name: a path with forward slashes, absolute or not, or a name in angle
/// brackets that is no path at all.
pub(super) fn of(name: &str) -> Uri {
    let drive = matches!(name.as_bytes(), [letter, b':', b'/', ..] if letter.is_ascii_alphabetic());
    if name.starts_with('/') || drive {
        let slash = if drive { "/" } else { "" };
        return Uri { uri: format!("file://{slash}{}", encode(name, true)), below_root: false };
    }
    let mut path = name;
    while let Some(rest) = path.strip_prefix("./") {
        path = rest.trim_start_matches('/');
    }
    // RFC 3986 §4.2: a colon in the first segment would make it a scheme.
    let (first, rest) = path.split_at(path.find('/').unwrap_or(path.len()));
    let is_path = !name.starts_with('<') && !path.is_empty();
    let below_root = is_path && path.split('/').all(|segment| segment != "..");
    Uri { uri: encode(first, false) + &encode(rest, true), below_root }
}

/// Percent-encodes what may not stand in a path; slashes stay.
fn encode(path: &str, colon: bool) -> String {
    let mut encoded = String::with_capacity(path.len());
    for byte in path.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' => encoded.push(char::from(byte)),
            b'-' | b'.' | b'_' | b'~' | b'/' | b'@' | b'+' | b',' | b'=' => {
                encoded.push(char::from(byte));
            }
            b':' if colon => encoded.push(':'),
            _ => {
                let _ = write!(encoded, "%{byte:02X}");
            }
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_become_uris() {
        for (name, uri, below_root) in [
            ("Dockerfile", "Dockerfile", true),
            ("./api/Dockerfile", "api/Dockerfile", true),
            (".//./Dockerfile", "Dockerfile", true),
            ("a b/100%/ü#?.yml", "a%20b/100%25/%C3%BC%23%3F.yml", true),
            ("c:d/e:f", "c%3Ad/e:f", true),
            ("../x/Dockerfile", "../x/Dockerfile", false),
            ("/srv/Dockerfile", "file:///srv/Dockerfile", false),
            ("C:/x y/Dockerfile", "file:///C:/x%20y/Dockerfile", false),
            ("<stdin>", "%3Cstdin%3E", false),
            ("a\u{1b}[31m", "a%1B%5B31m", true),
        ] {
            assert_eq!(of(name), Uri { uri: uri.to_owned(), below_root }, "{name}");
        }
    }
}
