//! The regular expression that moby/patternmatcher makes of a pattern, and its meaning.
//!
//! Docker does not match patterns with `path.Match`: it checks them with it, and then rewrites them
//! to a Go regular expression, character by character. What the rewriting does not foresee (a
//! wildcard inside brackets, `^`, `\d`) has the meaning that it has in the regular expression; so
//! this module makes the same text and then reads it as Go would. Only the constructs that the
//! rewriting can produce are read.

use super::automaton::{Item, Set, Step};

/// How Docker matches a pattern.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Form {
    /// The path is the pattern.
    Exact,
    /// The path starts with the pattern without its `**` at the end.
    Prefix,
    /// The path ends with the pattern without its `**` at the beginning.
    Suffix,
    /// The path matches this Go regular expression.
    Expression(String),
}

/// Rewrites a cleaned pattern.
pub(super) fn translate(pattern: &str) -> Form {
    let mut expression = String::from("^");
    let mut form = Form::Exact;
    let regular = || Form::Expression(String::new());
    let mut rest = pattern.chars();
    let mut first = true;
    while let Some(character) = rest.next() {
        match character {
            '*' if rest.as_str().starts_with('*') => {
                rest.next();
                if rest.as_str().starts_with('/') {
                    rest.next();
                }
                if !rest.as_str().is_empty() {
                    expression.push_str("(.*/)?");
                    form = regular();
                } else if form == Form::Exact {
                    form = Form::Prefix;
                } else {
                    expression.push_str(".*");
                    form = regular();
                }
                if first {
                    form = Form::Suffix;
                }
            }
            '*' => {
                expression.push_str("[^/]*");
                form = regular();
            }
            '?' => {
                expression.push_str("[^/]");
                form = regular();
            }
            '.' | '+' | '(' | ')' | '|' | '{' | '}' | '$' => {
                expression.push('\\');
                expression.push(character);
            }
            '\\' => {
                expression.push('\\');
                if let Some(escaped) = rest.next() {
                    expression.push(escaped);
                    form = regular();
                }
            }
            '[' | ']' => {
                expression.push(character);
                form = regular();
            }
            character => expression.push(character),
        }
        first = false;
    }
    expression.push('$');
    if matches!(form, Form::Expression(_)) { Form::Expression(expression) } else { form }
}

/// Reads an expression that [`translate`] made; `None` where Go refuses it, or where an escape has
/// a meaning that paths cannot use.
pub(super) fn read(expression: &str) -> Option<Vec<Step>> {
    let mut rest = expression.strip_prefix('^')?.strip_suffix('$')?;
    let mut steps = Vec::new();
    while let Some(character) = rest.chars().next() {
        if let Some(after) = rest.strip_prefix("(.*/)?") {
            // Skip the group, or take anything up to a slash.
            steps.push(Step::Skip(3));
            steps.push(Step::Many(Set::not('\n')));
            steps.push(Step::One(Set::one('/')));
            rest = after;
            continue;
        }
        if let Some(after) = rest.strip_prefix(".*") {
            steps.push(Step::Many(Set::not('\n')));
            rest = after;
            continue;
        }
        let after = rest.get(character.len_utf8()..)?;
        let (set, after) = match character {
            '^' => {
                steps.push(Step::Begin);
                rest = after;
                continue;
            }
            '\\' if after.starts_with(['A', 'z']) => {
                steps.push(if after.starts_with('A') { Step::Begin } else { Step::End });
                rest = after.get(1..)?;
                continue;
            }
            '[' => class(after)?,
            '\\' => match perl_class(after) {
                Some((item, after)) => (Set { negated: false, items: vec![item] }, after),
                None => escape(after).map(|(character, after)| (Set::one(character), after))?,
            },
            '*' | '?' => return None,
            character => (Set::one(character), after),
        };
        // Go refuses a repeated repetition, which cannot arise here.
        rest = match after.chars().next() {
            Some('*') => {
                steps.push(Step::Many(set));
                after.get(1..)?
            }
            Some('?') => {
                steps.push(Step::Maybe(set));
                after.get(1..)?
            }
            _ => {
                steps.push(Step::One(set));
                after
            }
        };
    }
    Some(steps)
}

/// Reads a bracket expression after its `[`, as `regexp/syntax` does with Perl flags.
fn class(text: &str) -> Option<(Set, &str)> {
    let (negated, mut rest) = match text.strip_prefix('^') {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    let mut items = Vec::new();
    loop {
        if !items.is_empty()
            && let Some(after) = rest.strip_prefix(']')
        {
            return Some((Set { negated, items }, after));
        }
        if rest.starts_with("[:")
            && let Some(end) = rest.get(2..).and_then(|inner| inner.find(":]"))
        {
            items.extend(posix_class(rest.get(2..end + 2)?)?);
            rest = rest.get(end + 4..)?;
            continue;
        }
        if let Some((item, after)) = rest.strip_prefix('\\').and_then(perl_class) {
            items.push(item);
            rest = after;
            continue;
        }
        let (low, after) = class_character(rest)?;
        rest = after;
        let mut high = low;
        if let Some(after) = rest.strip_prefix('-')
            && !after.is_empty()
            && !after.starts_with(']')
        {
            (high, rest) = class_character(after)?;
        }
        if high < low {
            return None;
        }
        items.push(Item::Range(low, high));
    }
}

fn class_character(text: &str) -> Option<(char, &str)> {
    let character = text.chars().next()?;
    let after = text.get(character.len_utf8()..)?;
    if character == '\\' { escape(after) } else { Some((character, after)) }
}

/// What an escaped character stands for, after the backslash. Octal, hexadecimal and Unicode
/// escapes, quotations and word boundaries are not read.
fn escape(text: &str) -> Option<(char, &str)> {
    let character = text.chars().next()?;
    let meaning = match character {
        'a' => '\u{7}',
        'f' => '\u{c}',
        'n' => '\n',
        'r' => '\r',
        't' => '\t',
        'v' => '\u{b}',
        character if character.is_ascii() && !character.is_ascii_alphanumeric() => character,
        _ => return None,
    };
    Some((meaning, text.get(1..)?))
}

const DIGIT: &[(char, char)] = &[('0', '9')];
const SPACE: &[(char, char)] = &[('\t', '\n'), ('\u{c}', '\r'), (' ', ' ')];
const WORD: &[(char, char)] = &[('0', '9'), ('A', 'Z'), ('_', '_'), ('a', 'z')];

fn perl_class(text: &str) -> Option<(Item, &str)> {
    const NOT_DIGIT: &[(char, char)] = &[('\0', '/'), (':', char::MAX)];
    const NOT_SPACE: &[(char, char)] =
        &[('\0', '\u{8}'), ('\u{b}', '\u{b}'), ('\u{e}', '\u{1f}'), ('!', char::MAX)];
    const NOT_WORD: &[(char, char)] =
        &[('\0', '/'), (':', '@'), ('[', '^'), ('`', '`'), ('{', char::MAX)];
    let item = match text.chars().next()? {
        'd' => Item::Except(NOT_DIGIT),
        'D' => Item::Except(DIGIT),
        's' => Item::Except(NOT_SPACE),
        'S' => Item::Except(SPACE),
        'w' => Item::Except(NOT_WORD),
        'W' => Item::Except(WORD),
        _ => return None,
    };
    Some((item, text.get(1..)?))
}

/// The items of `[:name:]` or `[:^name:]`; `None` for unknown names, which Go refuses.
fn posix_class(name: &str) -> Option<Vec<Item>> {
    let (negated, name) = match name.strip_prefix('^') {
        Some(name) => (true, name),
        None => (false, name),
    };
    let ranges: &'static [(char, char)] = match name {
        "alnum" => &[('0', '9'), ('A', 'Z'), ('a', 'z')],
        "alpha" => &[('A', 'Z'), ('a', 'z')],
        "ascii" => &[('\0', '\u{7f}')],
        "blank" => &[('\t', '\t'), (' ', ' ')],
        "cntrl" => &[('\0', '\u{1f}'), ('\u{7f}', '\u{7f}')],
        "digit" => DIGIT,
        "graph" => &[('!', '~')],
        "lower" => &[('a', 'z')],
        "print" => &[(' ', '~')],
        "punct" => &[('!', '/'), (':', '@'), ('[', '`'), ('{', '~')],
        "space" => &[('\t', '\r'), (' ', ' ')],
        "upper" => &[('A', 'Z')],
        "word" => WORD,
        "xdigit" => &[('0', '9'), ('A', 'F'), ('a', 'f')],
        _ => return None,
    };
    Some(if negated {
        vec![Item::Except(ranges)]
    } else {
        ranges.iter().map(|(low, high)| Item::Range(*low, *high)).collect()
    })
}
