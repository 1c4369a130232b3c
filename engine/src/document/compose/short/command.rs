//! Command lines as words.
//!
//! Owns what go-shellwords makes of a line: quotes and backslashes as in a shell, `$(…)` and
//! backquotes kept together, and an end where a shell would go on to another command.

use std::ops::Range;

use super::Short;
use super::text::{Text, around};
use crate::diagnostic::Diagnostic;
use crate::document::compose::tree::{Node, Value};

/// `command` and the like: a line as a list of words.
pub(super) fn words(node: &mut Node, short: &mut Short<'_>) {
    let Some(text) = Text::new(node) else { return };
    let Some(words) = split(text.shadow()) else {
        if !node.is_unknown() {
            let problem = Diagnostic::error("invalid command line string").at(node.place.clone());
            short.tell(problem.help("close the quotes, or write a list of words"));
        }
        return;
    };
    let words = words.into_iter().map(|(word, range)| {
        if text.is_known(range.clone()) {
            let word = if node.is_unknown() { word.replace("$$", "$") } else { word };
            text.with(range, Value::Str(word))
        } else {
            text.part(range)
        }
    });
    *node = around(node, Value::Seq(words.collect()));
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Quote {
    None,
    Single,
    Double,
    Back,
    Dollar,
}

/// Whether what stands in it is kept as it is.
fn is_kept(quote: Quote) -> bool {
    matches!(quote, Quote::Back | Quote::Dollar)
}

/// The words of a line and where each is; `None` when a quote stays open or a parenthesis is where
/// none may be.
fn split(line: &str) -> Option<Vec<(String, Range<usize>)>> {
    let mut words = Vec::new();
    let mut word = String::new();
    let mut start = None;
    let (mut quote, mut escaped) = (Quote::None, false);
    let mut end = line.len();
    for (index, ch) in line.char_indices() {
        if escaped {
            escaped = false;
            word.push(match ch {
                't' if !is_kept(quote) => '\t',
                'n' if !is_kept(quote) => '\n',
                ch => ch,
            });
            continue;
        }
        if matches!(ch, ' ' | '\t' | '\r' | '\n') && quote == Quote::None {
            if let Some(start) = start.take() {
                words.push((std::mem::take(&mut word), start..index));
            }
            continue;
        }
        if quote == Quote::None && matches!(ch, ';' | '&' | '|' | '<' | '>') {
            // The number of a file that is redirected is no word.
            if ch == '>' && !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_digit()) {
                start = None;
            }
            end = index;
            break;
        }
        start.get_or_insert(index);
        quote = match (quote, ch) {
            (Quote::None | Quote::Double | Quote::Back | Quote::Dollar, '\\') => {
                escaped = true;
                if is_kept(quote) {
                    word.push(ch);
                }
                continue;
            }
            (Quote::None, '\'') => Quote::Single,
            (Quote::None, '"') => Quote::Double,
            (Quote::Single, '\'') | (Quote::Double, '"') => Quote::None,
            (from, ch) => {
                let to = match (from, ch) {
                    (Quote::None, '`') => Quote::Back,
                    (Quote::Back, '`') | (Quote::Dollar, ')') => Quote::None,
                    (Quote::None, '(') if word.ends_with('$') => Quote::Dollar,
                    (Quote::None | Quote::Dollar, '(') | (Quote::None, ')') => return None,
                    (from, _) => from,
                };
                word.push(ch);
                to
            }
        };
    }
    if quote != Quote::None || escaped {
        return None;
    }
    if let Some(start) = start {
        words.push((word, start..end));
    }
    Some(words)
}
