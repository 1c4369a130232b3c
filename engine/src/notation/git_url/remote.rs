//! Taking the URL of a repository apart: RFC 3986 as Go's `net/url` reads it, and the SSH form.

use crate::notation::percent;

/// A URL without its options, and the options.
pub(super) struct Parts {
    /// In lower case; `ssh` for `user@host:path`.
    pub(super) scheme: String,
    /// The path, decoded.
    pub(super) path: String,
    /// The URL without query and fragment.
    pub(super) remote: String,
    /// The fragment, decoded; absent when empty.
    pub(super) fragment: Option<String>,
    /// Keys and values of the query, decoded, in order.
    pub(super) query: Vec<(String, String)>,
}

/// Parses a URL that `git` can clone; `None` for everything else.
pub(super) fn parse(text: &str) -> Option<Parts> {
    let Some((scheme, rest)) = text.split_once("://").filter(|(scheme, _)| is_scheme(scheme))
    else {
        return parse_ssh_form(text);
    };
    let scheme = scheme.to_ascii_lowercase();
    if !matches!(scheme.as_str(), "http" | "https" | "ssh" | "git") {
        return None;
    }
    if text.bytes().any(|byte| byte.is_ascii_control()) {
        return None;
    }
    let options = Options::split(rest);
    let path_start = options.rest.find('/').unwrap_or(options.rest.len());
    let (authority, path) = options.rest.split_at(path_start);
    if !is_authority(authority) {
        return None;
    }
    let decoded = percent::decode(path)?;
    Some(Parts {
        remote: format!("{scheme}://{authority}{}", encode_path(path, &decoded)),
        scheme,
        path: decoded,
        fragment: options.decoded_fragment()?,
        query: options.query(),
    })
}

/// Parses `github.com/user/repository`.
pub(super) fn parse_without_scheme(text: &str) -> Option<Parts> {
    if text.bytes().any(|byte| byte.is_ascii_control()) {
        return None;
    }
    let options = Options::split(text);
    let decoded = percent::decode(options.rest)?;
    Some(Parts {
        scheme: "https".to_owned(),
        remote: encode_path(options.rest, &decoded),
        path: decoded,
        fragment: options.decoded_fragment()?,
        query: options.query(),
    })
}

/// Parses `[user@]host:path`. What Go takes for a URL with a scheme, such as `host:/path`, is none.
fn parse_ssh_form(text: &str) -> Option<Parts> {
    let (before, after) = text.split_once(':')?;
    if after.contains('\n') || (is_go_scheme(before) && after.starts_with('/')) {
        return None;
    }
    let (user, host) = match before.split_once('@') {
        Some((user, host)) => (Some(user), host),
        None => (None, before),
    };
    let word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
    let is_user = |user: &str| !user.is_empty() && user.bytes().all(|b| word(b) || b == b'_');
    if !user.is_none_or(is_user) || host.is_empty() {
        return None;
    }
    if !host.bytes().all(|byte| word(byte) || byte == b'.') {
        return None;
    }
    let options = Options::split(after);
    Some(Parts {
        scheme: "ssh".to_owned(),
        path: options.rest.to_owned(),
        remote: format!("{before}:{}", options.rest),
        // Only URLs proper are decoded.
        fragment: options.fragment.filter(|fragment| !fragment.is_empty()).map(str::to_owned),
        query: options.query(),
    })
}

/// A text without query and fragment, and these.
struct Options<'a> {
    rest: &'a str,
    query: &'a str,
    fragment: Option<&'a str>,
}

impl<'a> Options<'a> {
    fn split(text: &'a str) -> Self {
        let (rest, fragment) = match text.split_once('#') {
            Some((rest, fragment)) => (rest, Some(fragment)),
            None => (text, None),
        };
        let (rest, query) = rest.split_once('?').unwrap_or((rest, ""));
        Options { rest, query, fragment }
    }

    /// The fragment, or `None` outside when it is malformed.
    fn decoded_fragment(&self) -> Option<Option<String>> {
        match self.fragment {
            Some(fragment) if !fragment.is_empty() => percent::decode(fragment).map(Some),
            _ => Some(None),
        }
    }

    /// Keys and values; malformed pairs are left out, as `URL.Query` does.
    fn query(&self) -> Vec<(String, String)> {
        let decode = |text: &str| percent::decode(&text.replace('+', " "));
        self.query
            .split('&')
            .filter(|pair| !pair.is_empty() && !pair.contains(';'))
            .filter_map(|pair| {
                let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
                Some((decode(key)?, decode(value)?))
            })
            .collect()
    }
}

fn is_scheme(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

/// A scheme by RFC 3986, which has more characters than those that BuildKit looks for.
fn is_go_scheme(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_alphabetic())
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'-' | b'.'))
}

/// `[user[:password]@]host[:port]`.
fn is_authority(text: &str) -> bool {
    let (user, host) = text.rsplit_once('@').unwrap_or(("", text));
    let user_fits =
        user.bytes().all(|b| b.is_ascii_alphanumeric() || b"-._:~!$&'()*+,;=%@".contains(&b));
    if !user_fits || percent::decode(user).is_none() {
        return false;
    }
    let (host, port) = match host.strip_prefix('[') {
        Some(rest) => match rest.rsplit_once(']') {
            Some(parts) => parts,
            None => return false,
        },
        None => host.split_at(host.find(':').unwrap_or(host.len())),
    };
    let port_fits = port.is_empty()
        || port.strip_prefix(':').is_some_and(|port| port.bytes().all(|b| b.is_ascii_digit()));
    // Go encodes what is not ASCII and refuses the other characters that RFC 3986 does not list.
    let host_fits = host.bytes().all(|b| {
        b.is_ascii_alphanumeric() || !b.is_ascii() || b"-._~!$&'()*+,;=:[]<>\"%".contains(&b)
    });
    port_fits && host_fits && percent::decode(host).is_some()
}

/// The path as Go writes it: as it was if that is a valid encoding, else encoded anew.
fn encode_path(raw: &str, decoded: &str) -> String {
    use std::fmt::Write as _;
    let kept = |b: u8| b.is_ascii_alphanumeric() || b"-._~$&+,/:;=@".contains(&b);
    let valid = |b: u8| kept(b) || b"!'()*[]%".contains(&b);
    if raw.bytes().all(valid) {
        return raw.to_owned();
    }
    let mut encoded = String::with_capacity(raw.len());
    for byte in decoded.bytes() {
        if kept(byte) {
            encoded.push(char::from(byte));
        } else {
            let _ = write!(encoded, "%{byte:02X}");
        }
    }
    encoded
}
