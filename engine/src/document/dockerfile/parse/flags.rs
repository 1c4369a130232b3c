//! Flags of an instruction: `--name=value` words before the arguments.

use std::ops::Range;

use super::super::syntax::{Flag, FlagOption, Text};
use super::problems::Problems;

/// Reads the flags at the start of a range of a logical line, as BuildKit's `extractBuilderFlags`.
///
/// Quotes and escapes are removed. Returns the flags and where the arguments start; `--` alone
/// ends the flags and is skipped.
pub(super) fn read(
    line: &Text,
    range: Range<usize>,
    escape: char,
    problems: &mut Problems<'_>,
) -> (Vec<Flag>, usize) {
    let mut flags = Vec::new();
    let mut at = range.start;
    loop {
        let rest = line.value.get(at..range.end).unwrap_or_default();
        let trimmed = rest.trim_start();
        at = range.end - trimmed.len();
        if !trimmed.starts_with("--") {
            return (flags, at);
        }
        let (word, end) = word(line, at..range.end, escape);
        if word.value == "--" {
            return (flags, end);
        }
        flags.push(flag(word, line, at..end, problems));
        at = end;
    }
}

/// One word with quotes and escapes removed, and where it ends.
fn word(line: &Text, range: Range<usize>, escape: char) -> (Text, usize) {
    let part = line.value.get(range.clone()).unwrap_or_default();
    let mut word = Text::default();
    let mut quote: Option<char> = None;
    let mut from = range.start;
    let mut chars = part.char_indices().map(|(at, c)| (range.start + at, c));
    while let Some((at, c)) = chars.next() {
        let next = at + c.len_utf8();
        if quote.is_none() && c.is_whitespace() {
            word.push_slice(line, from..at);
            return (word, at);
        }
        if c == escape || quote == Some(c) || (quote.is_none() && matches!(c, '\'' | '"')) {
            word.push_slice(line, from..at);
            from = next;
        }
        if c == escape {
            chars.next();
        } else if quote == Some(c) {
            quote = None;
        } else if quote.is_none() && matches!(c, '\'' | '"') {
            quote = Some(c);
        }
    }
    word.push_slice(line, from..range.end);
    (word, range.end)
}

fn flag(word: Text, line: &Text, range: Range<usize>, problems: &mut Problems<'_>) -> Flag {
    let span = line.span_of(range);
    let end = word.value.len();
    let equals = word.value.find('=');
    // The word starts with two hyphens, unless an escape or a quote stands between them.
    let name = word.slice_text(2.min(end)..equals.unwrap_or(end));
    let value = equals.map(|at| word.slice_text(at + 1..end));
    let mut options = Vec::new();
    if name.value == "mount"
        && let Some(value) = &value
    {
        match comma_separated(value) {
            Ok(fields) => options = fields.into_iter().map(option).collect(),
            Err(why) => {
                problems.error(value.span, format!("failed to parse csv mounts: {why}"));
            }
        }
    }
    Flag { span, name, value, options }
}

fn option(field: Text) -> FlagOption {
    let end = field.value.len();
    match field.value.find('=') {
        None => FlagOption { span: field.span, key: field, value: None },
        Some(at) => FlagOption {
            span: field.span,
            key: field.slice_text(0..at),
            value: Some(field.slice_text(at + 1..end)),
        },
    }
}

/// The fields of one record of comma-separated values, as Go's `encoding/csv` reads it.
fn comma_separated(text: &Text) -> Result<Vec<Text>, &'static str> {
    let value = text.value.as_str();
    let mut fields = Vec::new();
    let mut at = 0;
    loop {
        let rest = value.get(at..).unwrap_or_default();
        let length = if rest.starts_with('"') {
            let (field, length) = quoted_field(text, at)?;
            fields.push(field);
            length
        } else {
            let length = rest.find(',').unwrap_or(rest.len());
            if rest.get(..length).is_some_and(|field| field.contains('"')) {
                return Err("bare \" in non-quoted field");
            }
            fields.push(text.slice_text(at..at + length));
            length
        };
        at += length;
        if at >= value.len() {
            return Ok(fields);
        }
        at += 1;
    }
}

/// A field in double quotes that starts at `start`, and its length with the quotes.
fn quoted_field(text: &Text, start: usize) -> Result<(Text, usize), &'static str> {
    const ERROR: &str = "extraneous or missing \" in quoted-field";
    let mut field = Text::default();
    let mut from = start + 1;
    loop {
        let rest = text.value.get(from..).unwrap_or_default();
        let quote = from + rest.find('"').ok_or(ERROR)?;
        field.push_slice(text, from..quote);
        match text.value.as_bytes().get(quote + 1) {
            Some(b'"') => field.push("\"", text.span_of(quote..quote + 2)),
            Some(b',') | None => {
                field.span = text.span_of(start..quote + 1);
                return Ok((field, quote + 1 - start));
            }
            Some(_) => return Err(ERROR),
        }
        from = quote + 2;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::{Source, Span};

    fn values(text: &str) -> (Vec<(String, Option<String>)>, String) {
        let source = Source::new("a", text);
        let line = Text::verbatim(text, Span::new(0, text.len()));
        let (flags, rest) = read(&line, 0..text.len(), '\\', &mut Problems::new(&source));
        let pair = |flag: Flag| (flag.name.value, flag.value.map(|value| value.value));
        (flags.into_iter().map(pair).collect(), text[rest..].trim().to_owned())
    }

    #[test]
    fn flags_end_at_the_first_other_word() {
        for (text, flags, rest) in [
            ("--a=b --c x --d", vec![("a", Some("b")), ("c", None)], "x --d"),
            ("--a=\"b c\" x", vec![("a", Some("b c"))], "x"),
            ("--a\\ b=c' 'd x", vec![("a b", Some("c d"))], "x"),
            ("-- --x", vec![], "--x"),
            ("--a= --", vec![("a", Some(""))], ""),
            ("-a", vec![], "-a"),
            ("--a=é x", vec![("a", Some("é"))], "x"),
            ("--a=\"b", vec![("a", Some("b"))], ""),
            ("--a=b\\", vec![("a", Some("b"))], ""),
        ] {
            let flags: Vec<_> =
                flags.into_iter().map(|(k, v)| (k.to_owned(), v.map(str::to_owned))).collect();
            assert_eq!(values(text), (flags, rest.to_owned()), "{text}");
        }
    }

    #[test]
    fn mounts_are_comma_separated() {
        let text = Text::verbatim("type=bind,\"a=\"\"b,\",ro,", Span::new(0, 22));
        let fields = comma_separated(&text).unwrap();
        let values: Vec<&str> = fields.iter().map(Text::as_str).collect();
        assert_eq!(values, ["type=bind", "a=\"b,", "ro", ""]);
        assert_eq!(fields[1].span, Span::new(10, 18));
        for bad in ["a\"b", "\"a", "\"a\"b"] {
            assert!(comma_separated(&Text::verbatim(bad, Span::new(0, 9))).is_err(), "{bad}");
        }
    }
}
