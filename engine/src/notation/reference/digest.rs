//! Content digests, as [go-digest] and the OCI image specification define them.
//!
//! [go-digest]: https://github.com/opencontainers/go-digest

use std::fmt;

use super::{Fault, ReferenceError};

/// The algorithms that the [OCI image specification] registers.
///
/// [OCI image specification]: https://github.com/opencontainers/image-spec/blob/main/descriptor.md#registered-algorithms
pub const ALGORITHMS: [&str; 3] = ["sha256", "sha384", "sha512"];

/// A digest: algorithm, `:`, lower-case hexadecimal digits.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Digest(String);

impl Digest {
    /// Parses and validates a digest: a registered algorithm, and as many digits as it needs.
    ///
    /// # Errors
    ///
    /// Says whether the format, the length or the algorithm is wrong, with ranges into `text`.
    pub fn parse(text: &str) -> Result<Self, ReferenceError> {
        Self::parse_with(text, &ALGORITHMS)
    }

    /// The same, where only the given algorithms are supported.
    pub(super) fn parse_with(text: &str, algorithms: &[&str]) -> Result<Self, ReferenceError> {
        let fault = |fault| Err(ReferenceError::new(fault, 0..text.len()));
        let Some((algorithm, encoded)) = text.split_once(':') else {
            return fault(Fault::DigestFormat);
        };
        if !algorithms.contains(&algorithm) {
            let known = is_general_digest(algorithm, encoded);
            let what = if known { Fault::DigestUnsupported } else { Fault::DigestFormat };
            return fault(what);
        }
        let expected = match algorithm {
            "sha256" => 64,
            "sha384" => 96,
            "sha512" => 128,
            _ => return fault(Fault::DigestUnsupported),
        };
        if encoded.len() != expected {
            let start = algorithm.len() + 1;
            let what = Fault::DigestLength { expected, found: encoded.len() };
            return Err(ReferenceError::new(what, start..text.len()));
        }
        if !encoded.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f')) {
            return fault(Fault::DigestFormat);
        }
        Ok(Digest(text.to_owned()))
    }

    /// Takes a text that has the shape of a digest without asking whether it is one.
    pub(super) fn unchecked(text: &str) -> Self {
        Digest(text.to_owned())
    }

    /// The whole digest, such as `sha256:e3b0…`.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The algorithm, such as `sha256`.
    #[must_use]
    pub fn algorithm(&self) -> &str {
        self.0.split_once(':').map_or("", |(algorithm, _)| algorithm)
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// go-digest's own grammar, wider than that of references: it only decides which error to give.
fn is_general_digest(algorithm: &str, encoded: &str) -> bool {
    let component = |part: &str| {
        !part.is_empty() && part.bytes().all(|b| matches!(b, b'a'..=b'z' | b'0'..=b'9'))
    };
    let encoding = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'=' | b'_' | b'-');
    algorithm.split(['.', '+', '-', '_']).all(component)
        && !encoded.is_empty()
        && encoded.bytes().all(encoding)
}
