//! What is wrong with a reference, and where.

use std::fmt;
use std::ops::Range;

/// Why a text is not the reference that was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReferenceError {
    fault: Fault,
    range: Range<usize>,
}

/// The kinds of [`ReferenceError`]; they are those of distribution/reference and go-digest.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Fault {
    /// There is no text.
    Empty,
    /// A part does not follow the grammar, for this reason.
    Format(&'static str),
    /// It would be a reference if the name were in lower case.
    Uppercase,
    /// The path of the name has more than 255 bytes.
    NameTooLong,
    /// A name was wanted that is already in its full form.
    NotCanonical,
    /// 64 hexadecimal digits are an image id, not a name.
    Identifier,
    /// Not a valid tag.
    TagFormat,
    /// Not a valid digest.
    DigestFormat,
    /// The algorithm needs another number of digits.
    DigestLength {
        /// Digits that the algorithm produces.
        expected: usize,
        /// Digits found.
        found: usize,
    },
    /// The algorithm of the digest is not registered.
    DigestUnsupported,
}

impl ReferenceError {
    pub(super) fn new(fault: Fault, range: Range<usize>) -> Self {
        ReferenceError { fault, range }
    }

    /// What kind of error it is.
    #[must_use]
    pub fn fault(&self) -> &Fault {
        &self.fault
    }

    /// The part of the text that is wrong, in bytes; never outside the text.
    #[must_use]
    pub fn range(&self) -> Range<usize> {
        self.range.clone()
    }

    /// The same error about a text of which the one examined was a rewritten form that ends alike.
    pub(super) fn about(self, original: usize, examined: usize) -> Self {
        let shift = |at: usize| (at + original).saturating_sub(examined).min(original);
        ReferenceError { range: shift(self.range.start)..shift(self.range.end), ..self }
    }

    /// The same error about a text that has `before` bytes more in front.
    pub(super) fn after(self, before: usize) -> Self {
        ReferenceError { range: self.range.start + before..self.range.end + before, ..self }
    }
}

impl fmt::Display for ReferenceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.fault {
            Fault::Empty => f.write_str("the image reference is empty"),
            Fault::Format(reason) => write!(f, "invalid image reference: {reason}"),
            Fault::Uppercase => f.write_str("the name of an image must be in lower case"),
            Fault::NameTooLong => {
                f.write_str("the name of an image must not have more than 255 characters")
            }
            Fault::NotCanonical => f.write_str("the name of the image is not in its full form"),
            Fault::Identifier => {
                f.write_str("64 hexadecimal digits are an image id and cannot be a name")
            }
            Fault::TagFormat => f.write_str("invalid tag"),
            Fault::DigestFormat => f.write_str("invalid digest"),
            Fault::DigestLength { expected, found } => {
                write!(f, "the digest has {found} digits, its algorithm makes {expected}")
            }
            Fault::DigestUnsupported => f.write_str("the digest's algorithm is not supported"),
        }
    }
}

impl std::error::Error for ReferenceError {}
