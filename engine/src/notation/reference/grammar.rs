//! The grammar of image references, as predicates and one split.
//!
//! Mirrors `regexp.go` of [distribution/reference]; every function decides on a whole string, as
//! the anchored expressions there do.
//!
//! [distribution/reference]: https://github.com/distribution/reference

use std::ops::Range;

/// The places of the parts of a reference in the text it was split from.
pub(super) struct Parts {
    pub(super) domain: Option<Range<usize>>,
    pub(super) path: Range<usize>,
    pub(super) tag: Option<Range<usize>>,
    pub(super) digest: Option<Range<usize>>,
}

/// The first part of a text that the grammar refuses.
pub(super) struct Misfit {
    pub(super) range: Range<usize>,
    pub(super) reason: &'static str,
}

/// Splits `name[:tag][@digest]`, or says which part is wrong.
///
/// No production but the digest may contain `@`, none but the digest and the port `:`, and a tag
/// contains neither `/` nor `:`; so there is only one way to split.
pub(super) fn split(text: &str) -> Result<Parts, Misfit> {
    let misfit = |range, reason| Err(Misfit { range, reason });
    let (rest, digest) = match text.split_once('@') {
        Some((rest, digest)) => (rest, Some((rest.len() + 1..text.len(), digest))),
        None => (text, None),
    };
    let last_slash = rest.rfind('/').map_or(0, |at| at + 1);
    let last = rest.get(last_slash..).unwrap_or_default();
    let (name, tag) = match last.split_once(':') {
        Some((end, tag)) => {
            let end = last_slash + end.len();
            (rest.get(..end).unwrap_or_default(), Some((end + 1..rest.len(), tag)))
        }
        None => (rest, None),
    };
    let (domain, path) = split_name(name)?;
    if let Some((range, tag)) = &tag
        && !is_tag(tag)
    {
        let reason = if tag.is_empty() {
            "the tag is empty"
        } else if tag.len() > 128 {
            "a tag has at most 128 characters"
        } else {
            "a tag consists of letters, digits, `_`, `.` and `-`, and does not start with `.` or `-`"
        };
        return misfit(range.clone(), reason);
    }
    if let Some((range, digest)) = &digest
        && !is_digest(digest)
    {
        let reason = "a digest is an algorithm, `:` and at least 32 hexadecimal digits";
        return misfit(range.clone(), reason);
    }
    Ok(Parts {
        domain: domain.map(|end| 0..end),
        path,
        tag: tag.map(|(range, _)| range),
        digest: digest.map(|(range, _)| range),
    })
}

/// Splits a name into the end of its domain, if it has one, and the range of its path.
pub(super) fn split_name(name: &str) -> Result<(Option<usize>, Range<usize>), Misfit> {
    if let Some((domain, path)) = name.split_once('/')
        && is_domain(domain)
    {
        // The domain is optional but greedy; what is a domain and cannot stay one because of what
        // follows it would not be a path either.
        return match path_misfit(path, domain.len() + 1) {
            None => Ok((Some(domain.len()), domain.len() + 1..name.len())),
            Some(misfit) => Err(misfit),
        };
    }
    match path_misfit(name, 0) {
        None => Ok((None, 0..name.len())),
        Some(misfit) => Err(misfit),
    }
}

fn path_misfit(path: &str, offset: usize) -> Option<Misfit> {
    let mut start = offset;
    for component in path.split('/') {
        if !is_path_component(component) {
            let reason = if component.is_empty() {
                "a component of the name is empty"
            } else {
                "a component of the name consists of lower-case letters and digits, separated by \
                 `.`, `_`, `__` or dashes"
            };
            return Some(Misfit { range: start..start + component.len(), reason });
        }
        start += component.len() + 1;
    }
    None
}

fn is_path_component(text: &str) -> bool {
    let alphanumeric = |byte: &u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    let bytes = text.as_bytes();
    if !bytes.first().is_some_and(alphanumeric) || !bytes.last().is_some_and(alphanumeric) {
        return false;
    }
    bytes.split(alphanumeric).all(|separator| {
        matches!(separator, [] | [b'.' | b'_'] | [b'_', b'_'])
            || separator.iter().all(|byte| *byte == b'-')
    })
}

/// A host name, an IPv4 address or a bracketed IPv6 address, with or without a port number.
fn is_domain(text: &str) -> bool {
    let (host, port) = match text.strip_prefix('[') {
        Some(rest) => {
            let Some((address, port)) = rest.split_once(']') else { return false };
            let hex = |byte: u8| byte.is_ascii_hexdigit() || byte == b':';
            if address.is_empty() || !address.bytes().all(hex) {
                return false;
            }
            (None, port)
        }
        None => {
            let end = text.find(':').unwrap_or(text.len());
            (text.get(..end), text.get(end..).unwrap_or_default())
        }
    };
    let port_fits = port.is_empty()
        || port
            .strip_prefix(':')
            .is_some_and(|port| !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit()));
    port_fits && host.is_none_or(|host| host.split('.').all(is_domain_component))
}

fn is_domain_component(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.first().is_some_and(u8::is_ascii_alphanumeric)
        && bytes.last().is_some_and(u8::is_ascii_alphanumeric)
        && bytes.iter().all(|byte| byte.is_ascii_alphanumeric() || *byte == b'-')
}

pub(super) fn is_tag(text: &str) -> bool {
    let word = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_';
    let bytes = text.as_bytes();
    bytes.len() <= 128
        && bytes.first().is_some_and(word)
        && bytes.iter().all(|byte| word(byte) || matches!(byte, b'.' | b'-'))
}

/// Whether the text has the shape of a digest; whether it is one depends on the algorithm.
pub(super) fn is_digest(text: &str) -> bool {
    let Some((algorithm, hex)) = text.split_once(':') else { return false };
    let component = |part: &str| {
        part.as_bytes().first().is_some_and(u8::is_ascii_alphabetic)
            && part.bytes().all(|byte| byte.is_ascii_alphanumeric())
    };
    algorithm.split(['-', '_', '+', '.']).all(component)
        && hex.len() >= 32
        && hex.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// Whether the text is a bare 64-digit image id.
pub(super) fn is_identifier(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}
