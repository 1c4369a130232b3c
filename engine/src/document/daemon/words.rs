//! The words of a command line that starts dockerd.
//!
//! Owns where the command line is: alone, as `ps` shows it; after `ExecStart=`; in a systemd unit,
//! where the last one counts. It expands nothing: a word with a variable says so.

use crate::source::Span;

/// A word of a command line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Word {
    /// Without quotes; variables as written.
    pub(super) text: String,
    pub(super) span: Span,
    /// Whether it has a variable, or another part that is filled in when it runs.
    pub(super) variable: bool,
}

/// The words that start dockerd, from the program on; `None` when the text is no such thing.
pub(super) fn find(text: &str) -> Option<Vec<Word>> {
    let start = match unit(text) {
        Some(start) => start?,
        None => plain(text)?,
    };
    let words = split(text, start);
    let at = words.iter().position(|word| !precedes(word))?;
    let program = words.get(at)?;
    let next = words.get(at + 1);
    // Prose may begin with the name, too.
    let option = |word: &Word| word.variable || word.text.starts_with('-');
    if names(program, "dockerd") && next.is_none_or(option) {
        return Some(words.into_iter().skip(at).collect());
    }
    // Before there was dockerd: `docker daemon`, and `docker -d`.
    let daemon = ["daemon", "-d", "--daemon"].contains(&next?.text.as_str());
    let found = names(program, "docker") && daemon && words.get(at + 2).is_none_or(option);
    found.then(|| words.into_iter().skip(at + 1).collect())
}

/// What may stand before the program: what starts it, and variables for its environment.
fn precedes(word: &Word) -> bool {
    ["sudo", "exec", "nohup", "env"].contains(&word.text.as_str())
        || word.text.split_once('=').is_some_and(|(name, _)| {
            !name.is_empty()
                && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
        })
}

fn names(word: &Word, program: &str) -> bool {
    let path = word.text.trim_start_matches(['-', '@', ':', '+', '!', '|']);
    let name = path.rsplit(['/', '\\']).next().unwrap_or(path);
    name.strip_suffix(".exe").unwrap_or(name) == program
}

/// The offset of what the unit starts; `None` if this is no unit, `Some(None)` if it starts nothing.
fn unit(text: &str) -> Option<Option<usize>> {
    let mut found = None;
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        if let Some(value) = line.trim_start().strip_prefix("ExecStart")
            && let Some(value) = value.trim_start_matches([' ', '\t']).strip_prefix('=')
        {
            // One without a value takes back those before it.
            let start = at + line.len() - value.len();
            found = Some((!value.trim().is_empty()).then_some(start));
        }
        at += line.len();
    }
    found
}

/// The offset of the first line that is no comment.
fn plain(text: &str) -> Option<usize> {
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let content = line.trim_start();
        if !content.is_empty() && !content.starts_with(['#', ';']) {
            return Some(at + line.len() - content.len());
        }
        at += line.len();
    }
    None
}

/// The words from an offset to the end of the line; a backslash at the end of a line continues it.
fn split(text: &str, start: usize) -> Vec<Word> {
    let mut words = Vec::new();
    let mut word: Option<Word> = None;
    let mut quote: Option<char> = None;
    let mut chars = text.get(start..).unwrap_or_default().char_indices().peekable();
    while let Some((offset, char)) = chars.next() {
        let at = start + offset;
        let next = chars.peek().map(|&(_, next)| next);
        let end = at + char.len_utf8();
        let blank = char.is_whitespace() || char == '\0';
        match char {
            '\\' if matches!(next, Some('\n' | '\r')) => {
                while chars.next_if(|&(_, c)| c == '\r').is_some() {}
                chars.next_if(|&(_, c)| c == '\n');
                if quote.is_none() {
                    words.extend(word.take());
                }
            }
            '\n' if quote.is_none() => break,
            _ if blank && quote.is_none() => words.extend(word.take()),
            _ => {
                let word = word.get_or_insert_with(|| Word {
                    text: String::new(),
                    span: Span::new(at, at),
                    variable: false,
                });
                word.span = Span::new(word.span.start as usize, end);
                match (quote, char) {
                    (Some(open), _) if char == open => quote = None,
                    (None, '"' | '\'') => quote = Some(char),
                    (None | Some('"'), '\\') => {
                        if let Some((offset, escaped)) = chars.next() {
                            word.text.push(escaped);
                            let end = start + offset + escaped.len_utf8();
                            word.span = Span::new(word.span.start as usize, end);
                        }
                    }
                    _ => {
                        let name = |c: char| c.is_ascii_alphabetic() || "_{(@*".contains(c);
                        word.variable |= char == '$' && next.is_some_and(name) || char == '`';
                        word.text.push(char);
                    }
                }
            }
        }
    }
    words.extend(word);
    words
}
