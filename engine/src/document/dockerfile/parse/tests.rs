//! The parser as a whole: tricky texts, laws that hold for every text, and big texts.

use std::fmt::Write as _;
use std::sync::Arc;
use std::time::{Duration, Instant};

use proptest::prelude::*;
use proptest::test_runner::RngSeed;

use super::super::syntax::{Arguments, Dockerfile, Flag, Instruction, Text};
use super::problems::MAX_DIAGNOSTICS;
use super::{MAX_INSTRUCTIONS, heredoc, parse};
use crate::diagnostic::{Diagnostic, Level};
use crate::source::{Place, Source, Span};

/// What was read, one thing a line, with places.
fn sketch(text: &str) -> String {
    let source = Source::new("Dockerfile", text);
    let (file, problems) = parse(&source);
    let mut out = String::new();
    for directive in &file.directives {
        let at = place(&source, directive.value.span);
        let _ = writeln!(out, "# {}={} {at}", directive.name.value, directive.value.value);
    }
    for instruction in &file.instructions {
        sketch_instruction(&mut out, &source, instruction, 0);
    }
    for comment in &file.comments {
        let _ = writeln!(out, "comment {:?} {}", comment.text, place(&source, comment.span));
    }
    for problem in &problems {
        let at = problem.place().map_or_else(String::new, |at| place(&source, at.span));
        let _ = writeln!(out, "{} {at} {}", problem.level.as_str(), problem.message);
        if let Some(help) = &problem.help {
            let _ = writeln!(out, "  {help}");
        }
    }
    out
}

fn place(source: &Arc<Source>, span: Span) -> String {
    let place = Place::new(source, span);
    format!("{}..{}", place.start(), place.end())
}

fn sketch_instruction(out: &mut String, source: &Arc<Source>, i: &Instruction, depth: usize) {
    let indent = "  ".repeat(depth);
    let (keyword, written) = (i.keyword.as_str(), &i.keyword_text.value);
    let (head, span) = (place(source, i.head), place(source, i.span));
    let _ = writeln!(out, "{indent}{keyword} {written:?} {}-{} {head} {span}", i.line, i.end_line);
    for Flag { name, value, span, options } in &i.flags {
        let (value, at) = (value.as_ref().map(Text::as_str), place(source, *span));
        let _ = writeln!(out, "{indent}  --{} {value:?} {at}", name.value);
        for option in options {
            let (value, at) = (option.value.as_ref().map(Text::as_str), place(source, option.span));
            let _ = writeln!(out, "{indent}    {} {value:?} {at}", option.key.value);
        }
    }
    sketch_arguments(out, source, &i.arguments, &indent);
    for heredoc in &i.heredocs {
        let (body, marker) = (&heredoc.body, place(source, heredoc.marker));
        let (at, end) = (place(source, body.span), place(source, heredoc.end));
        let _ = writeln!(out, "{indent}  <<{} {marker} {at} {end} {:?}", heredoc.name, body.value);
    }
    if let Some(trigger) = &i.trigger {
        sketch_instruction(out, source, trigger, depth + 1);
    }
}

fn sketch_arguments(out: &mut String, source: &Arc<Source>, arguments: &Arguments, indent: &str) {
    let mut one = |kind: &str, text: &Text| {
        let _ = writeln!(out, "{indent}  {kind} {:?} {}", text.value, place(source, text.span));
    };
    match arguments {
        Arguments::Words(words) => words.iter().for_each(|word| one("word", word)),
        Arguments::Exec(words) => words.iter().for_each(|word| one("json", word)),
        Arguments::Shell(text) => one("shell", text),
        Arguments::Pairs { pairs, legacy } => {
            for pair in pairs {
                one(if *legacy { "old key" } else { "key" }, &pair.key);
                if let Some(value) = &pair.value {
                    one("value", value);
                }
            }
        }
        Arguments::Healthcheck { kind, command } => {
            one("health", kind);
            if let Some(command) = command {
                sketch_arguments(out, source, command, indent);
            }
        }
        Arguments::None => {}
    }
}

#[test]
fn tricky_texts() {
    for (name, text) in [
        (
            "heredoc_that_looks_like_instructions",
            "FROM a\nRUN <<EOF bash\nUSER root\n# no comment \\\nEOF\nUSER b\n",
        ),
        (
            "heredocs",
            "FROM a\nCOPY <<A 3<<-'B C' /d\nx\nA\n\ty\n\t\tz\n\tB C\nONBUILD RUN <<E\nls\nE\n",
        ),
        ("lower_case", "from a as b\nrun ls\nhealthcheck --interval=1s cmd x\nonbuild user c\n"),
        (
            "windows",
            "# escape=`\nFROM a\nCOPY c:\\x `\n  d:\\\nENV a=`\n  b\\ c=`\"\nWORKDIR c:\\\n",
        ),
        (
            "crlf",
            "# syntax=x\r\nFROM a\r\nRUN a \\\r\n# c\r\n  b\r\nCOPY <<E /x\r\n1\r\nE\r\nENV a=b\r\n",
        ),
        (
            "unterminated_json",
            "FROM a\nRUN [\"a\", \"b\"\nCMD [\"a\", 1]\nENTRYPOINT [\"a\\\"\", \"\\u0062\"] \n",
        ),
        (
            "continuations",
            "FROM a\nRUN a \\\n\n  # c\n  b \\ \n  c\nLABEL a=\"b \\\n  c\" d=e\nRUN x \\",
        ),
        (
            "flags",
            "FROM --platform=x a\nRUN --mount=type=cache,target=/a\\\n,id=b --netwrk=none --mount=typ=x ls\n",
        ),
        ("pairs", "ARG a b=c d='e f'\nFROM a\nENV a b c\nENV a=b c d=e\nLABEL =x\n"),
        ("directives", "#!/bin/sh\n# syntax=a b\n# escape=`\nFROM a\n"),
        ("duplicate_directive", "#escape=\\\n#Escape=`\n#check=skip=all\nFROM a\\\n AS b\n"),
        ("no_stage", "ARG a\nRUN b\nUSER c\nFROM 1 2\nFROM a AS 1b\nFOM x\n"),
        (
            "onbuild",
            "FROM a\nONBUILD\nONBUILD FROM b\nONBUILD ONBUILD RUN c\nONBUILD COPY d\nONBUILD CMD [1]\n",
        ),
        (
            "health",
            "FROM a\nHEALTHCHECK --interval=1 --retries=-1 CMD [\"x\"]\nHEALTHCHECK NONE x\nHEALTHCHECK FOO\nHEALTHCHECK --timeout=1us CMD\n",
        ),
        ("empty", ""),
        ("nothing", "# a\n\n \\\n"),
    ] {
        insta::assert_snapshot!(name, format!("{text}\n---\n{}", sketch(text)));
    }
}

/// Every text that was read, and whether it may differ from the source (JSON, quoted CSV).
fn texts(i: &Instruction, each: &mut impl FnMut(&Text, bool)) {
    each(&i.keyword_text, false);
    for flag in &i.flags {
        each(&flag.name, false);
        flag.value.iter().for_each(|value| each(value, false));
        for option in &flag.options {
            each(&option.key, true);
            option.value.iter().for_each(|value| each(value, true));
        }
    }
    i.heredocs.iter().for_each(|heredoc| each(&heredoc.body, false));
    argument_texts(&i.arguments, each);
    if let Some(trigger) = &i.trigger {
        texts(trigger, each);
    }
}

fn argument_texts(arguments: &Arguments, each: &mut impl FnMut(&Text, bool)) {
    match arguments {
        Arguments::Words(words) => words.iter().for_each(|word| each(word, false)),
        Arguments::Exec(words) => words.iter().for_each(|word| each(word, true)),
        Arguments::Shell(text) => each(text, false),
        Arguments::Pairs { pairs, .. } => {
            for pair in pairs {
                each(&pair.key, false);
                pair.value.iter().for_each(|value| each(value, false));
            }
        }
        Arguments::Healthcheck { kind, command } => {
            each(kind, false);
            command.iter().for_each(|command| argument_texts(command, each));
        }
        Arguments::None => {}
    }
}

fn assert_inside(source: &Source, outer: Span, span: Span) {
    assert!(span.start <= span.end, "{span:?}");
    assert!(outer.start <= span.start && span.end <= outer.end, "{span:?} outside of {outer:?}");
    let boundary = |at: u32| source.text().is_char_boundary(at as usize);
    assert!(boundary(span.start) && boundary(span.end), "{span:?} cuts a character");
}

/// Each character of the text comes from where it says.
fn assert_faithful(source: &Source, outer: Span, text: &Text, escapes: bool) {
    assert_inside(source, outer, text.span);
    for (at, c) in text.value.char_indices() {
        let span = text.span_of(at..at + c.len_utf8());
        assert_inside(source, text.span, span);
        let written = source.slice(span);
        let same = written.eq_ignore_ascii_case(c.encode_utf8(&mut [0; 4]));
        assert!(same || escapes && written.starts_with(['\\', '"', '{']), "{c:?} from {written:?}");
    }
    let length = text.value.len();
    for start in 0..=length.min(6) {
        for end in (0..=length + 1).rev().take(6).chain(start..=start + 6) {
            let span = text.span_of(start..end);
            assert_inside(source, text.span, span);
            let part = text.slice_text(start..end);
            assert!(text.value.contains(&part.value));
            assert_eq!(part.span, span);
            assert_eq!(part.span_of(0..part.value.len()), span, "{part:?}");
        }
    }
}

fn assert_lawful(text: &str) {
    let source = Source::new("Dockerfile", text);
    let (file, problems) = parse(&source);
    let whole = Span::new(0, source.text().len());
    for problem in &problems {
        problem.labels.iter().for_each(|label| assert_inside(&source, whole, label.place.span));
        assert!(!problem.labels.is_empty() || problems.len() > MAX_DIAGNOSTICS);
    }
    for directive in &file.directives {
        assert_faithful(&source, whole, &directive.name, true);
        assert_inside(&source, whole, directive.value.span);
    }
    for comment in &file.comments {
        assert_inside(&source, whole, comment.span);
        assert!(source.slice(comment.span).starts_with('#'));
    }
    let mut end = 0;
    for instruction in &file.instructions {
        assert_inside(&source, whole, instruction.span);
        assert_inside(&source, instruction.span, instruction.head);
        assert!(end <= instruction.span.start, "instructions overlap");
        end = instruction.span.end;
        if instruction.heredocs.last().is_none_or(|heredoc| heredoc.terminated) {
            assert!(source.line_column(instruction.span.end).line <= instruction.end_line);
        }
        assert!(instruction.line <= source.line_column(instruction.span.start).line);
        for heredoc in &instruction.heredocs {
            assert_inside(&source, instruction.head, heredoc.marker);
            assert_inside(&source, instruction.span, heredoc.end);
        }
        for flag in &instruction.flags {
            assert_inside(&source, instruction.head, flag.span);
            flag.options.iter().for_each(|o| assert_inside(&source, flag.span, o.span));
        }
        texts(instruction, &mut |text, escapes| {
            assert_faithful(&source, instruction.span, text, escapes);
        });
    }
}

const FRAGMENTS: [&str; 64] = [
    "FROM a",
    "FROM a AS b",
    "RUN ",
    "RUN [\"a\", \"b\"]",
    "CMD [1]",
    "COPY ",
    "ENV ",
    "LABEL a=b",
    "ARG a=b",
    "ONBUILD ",
    "HEALTHCHECK ",
    "healthcheck cmd",
    "SHELL [\"a\"]",
    "EXPOSE 80",
    "VOLUME ",
    "USER",
    "FOO",
    "--mount=type=bind,",
    "--mount=\"a,\"\"",
    "--from=",
    "--a\\ b='c d'",
    "-- ",
    "<<A",
    "<<-\"B C\"",
    "3<<A",
    "A",
    "\tB C",
    "<<",
    "\n",
    "\n",
    "\n",
    "\n",
    "\r\n",
    " \\\n",
    "\\\n",
    "`\n",
    "\\\r\n",
    " ",
    "\t",
    "\u{a0}",
    "\u{2003}",
    "\\",
    "`",
    "\"",
    "'",
    "$",
    "${a:-",
    "}",
    "[",
    "]",
    ",",
    "=",
    "# c",
    "\n#\n",
    "# escape=`\n",
    "# syntax=a\n",
    "//syntax=b\n",
    "{\"syntax\":\"c\"}",
    "é",
    "\u{1f600}",
    "\\u00e9",
    "[\"\\u0041\\\"é\"]",
    "--interval=5µs",
    "\0",
];

proptest! {
    #![proptest_config(ProptestConfig {
        rng_seed: RngSeed::Fixed(1),
        failure_persistence: None,
        cases: 1000,
        ..ProptestConfig::default()
    })]

    #[test]
    fn any_text_is_read_lawfully(text in any::<String>()) {
        assert_lawful(&text);
    }

    #[test]
    fn any_dockerfile_is_read_lawfully(
        parts in prop::collection::vec(prop::sample::select(&FRAGMENTS[..]), 0..40)
    ) {
        assert_lawful(&parts.concat());
    }
}

fn read(text: &str) -> (Dockerfile, Vec<Diagnostic>) {
    parse(&Source::new("Dockerfile", text))
}

#[test]
fn big_texts_take_linear_time() {
    const BYTES: usize = 1 << 18;
    // Linear work takes a fraction of a second, quadratic work takes many minutes.
    const LIMIT: Duration = Duration::from_secs(30);
    for (start, part) in [
        ("RUN a ", "\\\n"),
        ("RUN a ", " b \\\n"),
        ("RUN a ", "\n"),
        ("RUN a \\\n", "# c\n"),
        ("RUN a \\\n", "\n"),
        ("RUN ", "<<A "),
        ("RUN <<A\n", "B\n"),
        ("RUN ", "\""),
        ("RUN <<A ", "$"),
        ("RUN <<A ", "${a:-"),
        ("RUN ", "--a=\\\n"),
        ("RUN ", "--mount=type=cache "),
        ("RUN --mount=", "a,"),
        ("RUN --mount=", "\"\","),
        ("RUN --mount=", "\"\\\"\""),
        ("ENV ", "a=b \\\n"),
        ("ENV ", "a "),
        ("ENV a=\"", "\\\n"),
        ("ONBUILD ", "ONBUILD "),
        ("RUN [", "\"a\","),
        ("RUN [", "["),
        ("RUN [\"", "\\u0041"),
        ("COPY ", "a \\\n"),
        ("", "RUN a\n"),
        ("", "FROM a\n# c\n"),
        ("", "# c\n"),
        ("", "RUN <<A\nA\n"),
        ("FROM a AS ", "1"),
        ("{\"a\":", "["),
    ] {
        let text = format!("{start}{}", part.repeat(BYTES / part.len()));
        let clock = Instant::now();
        let (_, problems) = read(&text);
        assert!(problems.len() <= MAX_DIAGNOSTICS + 1);
        assert!(clock.elapsed() < LIMIT, "{start:?} {part:?}: {:?}", clock.elapsed());
    }
}

#[test]
fn limits_are_said() {
    let says = |text: &str, expected: &str| {
        let (file, problems) = read(text);
        let error = problems.iter().find(|problem| problem.message.contains(expected));
        assert!(
            error.is_some_and(|problem| problem.level == Level::Error),
            "{expected}: {problems:?}"
        );
        file
    };
    let file = says(&format!("FROM a\n{}", "USER b\n".repeat(MAX_INSTRUCTIONS)), "instructions");
    assert_eq!(file.instructions.len(), MAX_INSTRUCTIONS);
    let markers = "<<A ".repeat(heredoc::MAX_HEREDOCS + 1);
    let bodies = "A\n".repeat(heredoc::MAX_HEREDOCS);
    let file = says(&format!("FROM a\nRUN {markers}\n{bodies}USER b\n"), "here-documents");
    assert_eq!(file.instructions.len(), 3);
    says("FROM a\nONBUILD ONBUILD ONBUILD ONBUILD RUN b", "nested too deeply");
    let long = "x".repeat(65_529);
    assert_eq!(read(&format!("FROM a\nUSER {long}x\n")).1.len(), 0);
    says(&format!("FROM a\nUSER {long}xx\n"), "max allowed size of 65535");
    says(
        &format!("FROM a\n{}", "FOO\n".repeat(MAX_DIAGNOSTICS + 7)),
        "7 more problems are not shown",
    );
}

#[test]
fn triggers_are_refused_only_when_they_run() {
    let (_, problems) = read("FROM a\nONBUILD COPY b\n");
    assert_eq!(problems.len(), 1);
    assert_eq!(problems[0].level, Level::Warning);
}
