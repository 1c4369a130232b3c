//! The few lines of a source that show a place.
//!
//! Owns which lines are shown, how much of a long one, and where the places lie in what is shown.
//! What it gives out is bounded whatever the source is, has no dangerous character in it, and takes
//! its text from the masked source only.

use std::borrow::Cow;
use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

use super::escape;
use crate::mask::Masks;
use crate::source::{LineColumn, Place, Source, Span};

/// Places in one source that are so many lines apart, or more, are shown in excerpts of their own.
const FAR: u32 = 20;

/// A place of more lines than this is shown by its beginning.
const LONGEST: u32 = 40;

/// How many lines of a place that is too long are shown.
const BEGINNING: u32 = 4;

/// Stands for what was cut out of a line.
const CUT: &str = " … ";

/// The columns that [`CUT`] takes.
const CUT_COLUMNS: usize = 3;

/// A place to show, with a word about it.
pub(super) struct Mark<'a> {
    /// Where.
    pub(super) place: &'a Place,
    /// What is there, safe to show; may be empty.
    pub(super) label: String,
    /// Whether it is the fault itself.
    pub(super) primary: bool,
}

/// Lines of one source that follow each other, and marks in them.
pub(super) struct Excerpt {
    /// The source's name, safe to show.
    pub(super) name: String,
    /// The place of the first mark in the source, as editors count.
    pub(super) at: LineColumn,
    /// The number of the first line in `text`.
    pub(super) first_line: u32,
    /// The lines, cut and escaped.
    pub(super) text: String,
    /// The marks: bytes of `text`, word, whether it is the fault itself.
    pub(super) marks: Vec<(Range<usize>, String, bool)>,
    /// Bytes of `text` to show though nothing in it is marked.
    pub(super) context: Option<Range<usize>>,
}

/// The masked text of every source that was asked for.
pub(super) struct Texts<'a> {
    masks: &'a Masks,
    // By the source's address: sources live as long as the report that is written.
    texts: HashMap<usize, Cow<'a, str>>,
}

impl<'a> Texts<'a> {
    pub(super) fn new(masks: &'a Masks) -> Self {
        Texts { masks, texts: HashMap::new() }
    }

    fn of(&mut self, source: &'a Arc<Source>) -> &str {
        let masks = self.masks;
        self.texts.entry(Arc::as_ptr(source).addr()).or_insert_with(|| masks.source_text(source))
    }
}

/// The excerpts that show all marks, the one with the first mark first; no line takes more than
/// about `width` columns.
pub(super) fn excerpts<'a>(
    marks: Vec<Mark<'a>>,
    texts: &mut Texts<'a>,
    width: usize,
) -> Vec<Excerpt> {
    let placed = marks.into_iter().map(Placed::new).collect();
    clusters(placed).into_iter().map(|cluster| excerpt(cluster, texts, width)).collect()
}

/// A mark with the lines it covers, cut down to what is shown.
struct Placed<'a> {
    source: &'a Arc<Source>,
    span: Span,
    at: LineColumn,
    first: u32,
    last: u32,
    label: String,
    primary: bool,
}

impl<'a> Placed<'a> {
    fn new(mark: Mark<'a>) -> Self {
        let source = &mark.place.source;
        let at = mark.place.start();
        let first_line = source.line_span(at.line);
        let start = floor(source, mark.place.span.start).min(first_line.end);
        let mut end = floor(source, mark.place.span.end).max(start);
        let mut last = source.line_column(end).line;
        if last > at.line && end == source.line_span(last).start {
            // The line feed belongs to the place, the line after it does not.
            last -= 1;
        }
        let mut label = mark.label;
        if last - at.line >= LONGEST {
            let hidden = format!("and {} more lines", last - at.line + 1 - BEGINNING);
            label = if label.is_empty() { hidden } else { format!("{label} ({hidden})") };
            last = at.line + BEGINNING - 1;
        }
        end = end.min(source.line_span(last).end).max(start);
        let span = Span { start, end };
        Placed { source, span, at, first: at.line, last, label, primary: mark.primary }
    }
}

fn floor(source: &Source, offset: u32) -> u32 {
    let text = source.text();
    let offset = text.floor_char_boundary((offset as usize).min(text.len()));
    u32::try_from(offset).unwrap_or(u32::MAX)
}

/// Groups marks whose lines are near each other, in the order of the first mark of each group.
fn clusters(mut marks: Vec<Placed<'_>>) -> Vec<Vec<Placed<'_>>> {
    let mut clusters: Vec<(u32, u32, Vec<Placed<'_>>)> = Vec::new();
    marks.reverse();
    while let Some(mark) = marks.pop() {
        let near = clusters.iter_mut().find(|(first, last, members)| {
            members.iter().any(|member| Arc::ptr_eq(member.source, mark.source))
                && mark.first < last.saturating_add(FAR)
                && *first < mark.last.saturating_add(FAR)
        });
        match near {
            Some((first, last, members)) => {
                *first = (*first).min(mark.first);
                *last = (*last).max(mark.last);
                members.push(mark);
            }
            None => clusters.push((mark.first, mark.last, vec![mark])),
        }
    }
    clusters.into_iter().map(|(_, _, members)| members).collect()
}

fn excerpt<'a>(cluster: Vec<Placed<'a>>, texts: &mut Texts<'a>, width: usize) -> Excerpt {
    let head = &cluster[0];
    let source = head.source;
    let first = cluster.iter().map(|mark| mark.first).min().unwrap_or(1);
    let last = cluster.iter().map(|mark| mark.last).max().unwrap_or(first);
    // A caret below a line without text says little: the line before it says where that is.
    let blank = source.slice(source.line_span(first)).trim().is_empty();
    let before = u32::from(blank && first > 1);
    let masked = texts.of(source);

    let mut text = String::new();
    let mut shown: HashMap<u32, usize> = HashMap::new();
    let mut context = None;
    for number in first - before..=last {
        if !text.is_empty() || number > first - before {
            text.push('\n');
        }
        let start = text.len();
        let line = source.line_span(number);
        let points = points(&cluster, line);
        push_line(&mut text, &mut shown, masked, line, &points, width);
        if number < first {
            context = Some(start..text.len());
        }
    }
    if text.is_empty() || text.ends_with('\n') {
        // The renderer knows no empty last line.
        text.push(' ');
    }
    let at = |offset: u32| shown.get(&offset).copied().unwrap_or(0);
    let name = escape::bounded(source.name(), 1000).into_owned();
    let head_at = head.at;
    let marks = cluster
        .into_iter()
        .map(|mark| (at(mark.span.start)..at(mark.span.end), mark.label, mark.primary))
        .collect();
    Excerpt { name, at: head_at, first_line: first - before, text, marks, context }
}

/// The offsets in a line at which a mark starts or ends, ascending.
fn points(cluster: &[Placed<'_>], line: Span) -> Vec<u32> {
    let ends = cluster.iter().flat_map(|mark| [mark.span.start, mark.span.end]);
    let mut points: Vec<u32> =
        ends.filter(|&offset| line.start <= offset && offset <= line.end).collect();
    points.sort_unstable();
    points.dedup();
    points
}

/// Appends what is shown of a line, and notes where the points come to lie.
fn push_line(
    text: &mut String,
    shown: &mut HashMap<u32, usize>,
    masked: &str,
    line: Span,
    points: &[u32],
    width: usize,
) {
    let parts = parts(masked, line, points, width);
    let mut points = points.iter().copied().peekable();
    let mut end_before = line.start;
    for part in parts {
        if part.start > end_before {
            text.push_str(CUT);
        }
        let mut offset = part.start;
        for character in masked.get(part.range()).unwrap_or_default().chars() {
            while let Some(point) = points.next_if(|&point| point <= offset) {
                shown.insert(point, text.len());
            }
            push_character(text, character);
            offset += character.len_utf8() as u32;
        }
        while let Some(point) = points.next_if(|&point| point <= offset) {
            shown.insert(point, text.len());
        }
        end_before = part.end;
    }
    if end_before < line.end {
        text.push_str(CUT.trim_end());
    }
}

/// The parts of a line that are shown: all of it, or as much around the points as there is room
/// for. Ascending and disjoint; every point is in one or at its end. Takes time for what is shown,
/// not for the length of the line.
fn parts(masked: &str, line: Span, points: &[u32], width: usize) -> Vec<Span> {
    let text = masked.get(line.range()).unwrap_or_default();
    if text.len() <= width.saturating_mul(4) && text.chars().map(columns).sum::<usize>() <= width {
        return vec![line];
    }
    let fallback = [line.start];
    let points = if points.is_empty() { &fallback } else { points };
    let around = |room: usize| -> Vec<Span> {
        let mut parts: Vec<Span> = Vec::new();
        for &point in points {
            let part = around_point(masked, line, point, room);
            match parts.last_mut() {
                Some(last) if part.start <= last.end => last.end = last.end.max(part.end),
                _ => parts.push(part),
            }
        }
        parts
    };
    let taken = |parts: &[Span]| -> usize {
        let cost = |part: &Span| {
            masked.get(part.range()).unwrap_or_default().chars().map(columns).sum::<usize>()
        };
        parts.iter().map(cost).sum::<usize>() + CUT_COLUMNS * (parts.len() + 1)
    };
    // The more room on each side of a point, the more is taken: look for the most that fits.
    let (mut fits, mut too_much) = (3, width.max(4));
    while too_much - fits > 1 {
        let middle = fits.midpoint(too_much);
        if taken(&around(middle)) <= width { fits = middle } else { too_much = middle }
    }
    around(fits)
}

/// What is shown for one point: at most `room` columns on each side, within the line.
fn around_point(masked: &str, line: Span, point: u32, room: usize) -> Span {
    let before = masked.get(line.start as usize..point as usize).unwrap_or_default();
    let after = masked.get(point as usize..line.end as usize).unwrap_or_default();
    let reach = |characters: &mut dyn Iterator<Item = char>| -> u32 {
        let mut taken = 0;
        let within = characters.take_while(|&character| {
            taken += columns(character);
            taken <= room
        });
        within.map(|character| character.len_utf8() as u32).sum()
    };
    let start = point - reach(&mut before.chars().rev());
    let end = point + reach(&mut after.chars());
    Span { start, end }
}

/// An upper bound of the columns that a character takes when it is shown. A combining mark takes
/// none, and counts all the same: a line of a million of them must be cut too.
fn columns(character: char) -> usize {
    match character {
        '\t' => 4,
        ' '..='~' => 1,
        other if escape::is_dangerous(other) => other.escape_default().count(),
        _ => 2,
    }
}

fn push_character(text: &mut String, character: char) {
    match character {
        '\t' => text.push_str("    "),
        other => escape::push(text, other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str, spans: &[(usize, usize)], width: usize) -> Vec<(String, Vec<String>)> {
        let source = Source::new("Dockerfile", text);
        let places: Vec<Place> =
            spans.iter().map(|&(a, b)| Place::new(&source, Span::new(a, b))).collect();
        let marks = places.iter().map(|place| Mark { place, label: String::new(), primary: true });
        let masks = Masks::default();
        let mut texts = Texts::new(&masks);
        let cut = |e: Excerpt| {
            let marked = e.marks.iter().map(|(range, ..)| e.text[range.clone()].to_owned());
            let marked = marked.collect();
            (e.text, marked)
        };
        excerpts(marks.collect(), &mut texts, width).into_iter().map(cut).collect()
    }

    #[test]
    fn a_mark_covers_the_same_text_as_in_the_source() {
        for (text, spans, want_text, want_marked) in [
            ("FROM a\nUSER root\n", &[(12, 16)][..], "USER root", &["root"][..]),
            ("RUN\ta\tb", &[(6, 7), (4, 5)], "RUN    a    b", &["b", "a"]),
            ("é日x", &[(2, 5)], "é日x", &["日"]),
            ("é日x", &[(1, 4)], "é日x", &["é"]),
            ("a\u{1b}[31mb", &[(1, 2)], "a\\u{1b}[31mb", &["\\u{1b}"]),
            ("a\r\nb\r\n", &[(0, 3)], "a", &["a"]),
            ("a\nb\nc", &[(0, 3)], "a\nb", &["a\nb"]),
            ("a\nb\n", &[(4, 4)], "b\n ", &[""]),
            ("a\n\n\n", &[(1, 2)], "a", &[""]),
            ("", &[(0, 0)], " ", &[""]),
            ("", &[(7, 9)], " ", &[""]),
        ] {
            let got = shown(text, spans, 80);
            assert_eq!(got.len(), 1, "{text:?}");
            assert_eq!(got[0].0, want_text, "{text:?}");
            assert_eq!(got[0].1, want_marked, "{text:?}");
        }
    }

    #[test]
    fn a_long_line_is_cut_around_what_is_marked() {
        let line = format!("{}PASSWORD=x{}", "a".repeat(500_000), "b".repeat(500_000));
        let got = shown(&line, &[(500_000, 500_010)], 40);
        assert_eq!(got[0].0, " … aaaaaaaaaaaaPASSWORD=xbbbbbbbbbbbb …");
        assert_eq!(got[0].1, ["PASSWORD=x"]);
        let got = shown(&line, &[(4, 900_000)], 40);
        assert_eq!(got[0].0, "aaaaaaaaaaaaa … bbbbbbbbbbbbbbbbbb …");
        assert_eq!(got[0].1, ["aaaaaaaaa … bbbbbbbbb"]);
    }

    #[test]
    fn places_far_apart_have_excerpts_of_their_own() {
        let text = "x\n".repeat(100);
        let got = shown(&text, &[(100, 101), (0, 1), (110, 111)], 80);
        let lines: Vec<usize> = got.iter().map(|(text, _)| text.lines().count()).collect();
        assert_eq!(lines, [6, 1]);
    }

    #[test]
    fn a_very_long_place_is_shown_by_its_beginning() {
        let text = "x\n".repeat(100_000);
        let got = shown(&text, &[(0, 200_000)], 80);
        assert_eq!(got[0].0, "x\nx\nx\nx");
    }
}
