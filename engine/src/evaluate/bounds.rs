//! What is asked of everything that a rule returns, whatever it is written in.

use super::{RuleError, RuleErrorKind};

/// The longest field or level, in bytes.
pub(super) const MAX_NAME: usize = 200;

/// The most related places of one finding.
pub(super) const MAX_RELATED: usize = 100;

/// A text of at most so many bytes. What is longer is cut off, with an ellipsis.
pub(super) fn cut(text: &str, limit: usize) -> String {
    if text.len() <= limit {
        return text.to_owned();
    }
    let end = text.floor_char_boundary(limit);
    format!("{}…", text.get(..end).unwrap_or_default())
}

/// The rule returned something that is no finding.
pub(super) fn nonsense(message: String) -> RuleError {
    RuleError { message, place: None, kind: RuleErrorKind::Nonsense }
}

/// The rule returned more than it may.
pub(super) fn too_many(count: usize, things: &str, limit: usize) -> RuleError {
    let message = format!("the rule returned {count} {things}, more than {limit}");
    RuleError { message, place: None, kind: RuleErrorKind::Limit }
}
