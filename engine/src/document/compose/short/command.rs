//! Command lines as words.
//!
//! Owns what go-shellwords makes of a line: quotes and backslashes as in a shell, `$(…)` and
//! backquotes kept together, and an end where a shell would go on to another command.

use std::mem;
use std::ops::Range;

use super::Short;
use super::text::{Text, around};
use crate::diagnostic::Diagnostic;
use crate::document::compose::tree::{Node, Value};

/// The most words that the command lines of one project may have.
pub const MAX_WORDS: usize = 100_000;

/// `command` and the like: a line as a list of words.
pub(super) fn words(node: &mut Node, short: &mut Short<'_>) {
    let Some(text) = Text::new(node) else { return };
    let words = match split(text.shadow(), short.words) {
        Ok(words) => words,
        Err(Fault::Open) if node.is_unknown() => return,
        Err(fault) => {
            let problem = match fault {
                Fault::Open => Diagnostic::error("invalid command line string")
                    .help("close the quotes, or write a list of words"),
                Fault::Length => Diagnostic::error("command lines of too many words"),
            };
            short.tell(problem.at(node.place.clone()));
            return;
        }
    };
    short.words -= words.len();
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

/// Why a line has no words.
enum Fault {
    /// A quote stays open, or a parenthesis is where none may be.
    Open,
    /// There are more words than asked for.
    Length,
}

/// The words of a line and where each is, if they are no more than `most`.
fn split(line: &str, most: usize) -> Result<Vec<(String, Range<usize>)>, Fault> {
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
                words.push((mem::take(&mut word), start..index));
            }
            if words.len() > most {
                return Err(Fault::Length);
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
                    (Quote::None | Quote::Dollar, '(') | (Quote::None, ')') => {
                        return Err(Fault::Open);
                    }
                    (from, _) => from,
                };
                word.push(ch);
                to
            }
        };
    }
    if quote != Quote::None || escaped {
        return Err(Fault::Open);
    }
    if let Some(start) = start {
        words.push((word, start..end));
    }
    if words.len() > most { Err(Fault::Length) } else { Ok(words) }
}
