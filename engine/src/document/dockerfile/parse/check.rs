//! What an instruction demands of its flags and arguments: BuildKit's `instructions` package.
//!
//! The messages are BuildKit's own, so that what is found there is found by searching for them.

use super::super::syntax::{Arguments, Flag, Instruction, Keyword, Pair, Text};
use super::problems::{Problems, quoted, shortened};
use super::{duration, heredoc, mount};
use crate::diagnostic::Diagnostic;
use crate::nearest::nearest;
use crate::source::Span;

/// Says what BuildKit would refuse in an instruction that could be read.
pub(super) fn check(instruction: &Instruction, problems: &mut Problems<'_>) {
    match instruction.keyword {
        Keyword::Add | Keyword::Copy => copy(instruction, problems),
        Keyword::Arg | Keyword::Env | Keyword::Label => pairs(instruction, problems),
        Keyword::Cmd | Keyword::Entrypoint => flags(instruction, problems),
        Keyword::Expose => {
            at_least_one(instruction, problems);
            flags(instruction, problems);
        }
        Keyword::From => from(instruction, problems),
        Keyword::Healthcheck => healthcheck(instruction, problems),
        Keyword::Maintainer | Keyword::User | Keyword::Workdir => {
            exactly_one(instruction, problems);
            flags(instruction, problems);
        }
        Keyword::Onbuild => onbuild(instruction, problems),
        Keyword::Run => run(instruction, problems),
        Keyword::Shell => shell(instruction, problems),
        Keyword::Stopsignal => {
            exactly_one(instruction, problems);
            ignored_flags(instruction, problems);
        }
        Keyword::Unknown => unknown(instruction, problems),
        Keyword::Volume => volume(instruction, problems),
    }
}

#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Bool,
    String,
    /// May be given more than once.
    Strings,
}

fn known_flags(keyword: Keyword) -> &'static [(&'static str, Kind)] {
    match keyword {
        Keyword::Add => &[
            ("exclude", Kind::Strings),
            ("chown", Kind::String),
            ("chmod", Kind::String),
            ("link", Kind::Bool),
            ("keep-git-dir", Kind::Bool),
            ("checksum", Kind::String),
            ("unpack", Kind::Bool),
        ],
        Keyword::Copy => &[
            ("exclude", Kind::Strings),
            ("parents", Kind::Bool),
            ("chown", Kind::String),
            ("from", Kind::String),
            ("chmod", Kind::String),
            ("link", Kind::Bool),
        ],
        Keyword::From => &[("platform", Kind::String)],
        Keyword::Healthcheck => &[
            ("interval", Kind::String),
            ("timeout", Kind::String),
            ("start-period", Kind::String),
            ("start-interval", Kind::String),
            ("retries", Kind::String),
        ],
        Keyword::Run => &[
            ("mount", Kind::Strings),
            ("network", Kind::String),
            ("security", Kind::String),
            ("device", Kind::Strings),
        ],
        _ => &[],
    }
}

fn flags(instruction: &Instruction, problems: &mut Problems<'_>) {
    let known = known_flags(instruction.keyword);
    let mut seen: Vec<&str> = Vec::new();
    for flag in &instruction.flags {
        let name = flag.name.value.as_str();
        let Some(&(name, kind)) = known.iter().find(|(known, _)| *known == name) else {
            let help = nearest(name, known.iter().map(|(name, _)| *name));
            let help = help.map(|name| format!("did you mean `--{name}`?"));
            problems.error_with(flag.span, format!("unknown flag: --{}", shortened(name)), help);
            continue;
        };
        if seen.contains(&name) && kind != Kind::Strings {
            problems.error(flag.span, format!("duplicate flag specified: --{name}"));
            continue;
        }
        seen.push(name);
        let value = flag.value.as_ref().map(|value| value.value.as_str());
        match (kind, value) {
            (Kind::Bool, Some("")) | (Kind::String | Kind::Strings, None) => {
                problems.error(flag.span, format!("missing a value on flag: --{name}"));
            }
            (Kind::Bool, Some(value)) if !is_boolean(value) => {
                let value = shortened(value);
                let message = format!("expecting boolean value for flag --{name}, not: {value}");
                problems.error(flag.span, message);
            }
            _ => {}
        }
    }
}

fn is_boolean(value: &str) -> bool {
    value.eq_ignore_ascii_case("true") || value.eq_ignore_ascii_case("false")
}

fn ignored_flags(instruction: &Instruction, problems: &mut Problems<'_>) {
    for flag in &instruction.flags {
        let keyword = instruction.keyword.as_str();
        let problem = Diagnostic::warning(format!("{keyword} takes no flags and ignores this one"));
        problems.add(problem.at(problems.place(flag.span)));
    }
}

/// How many arguments BuildKit counts.
fn count(arguments: &Arguments) -> usize {
    match arguments {
        Arguments::Words(words) | Arguments::Exec(words) => words.len(),
        Arguments::Pairs { pairs, .. } => pairs.len(),
        Arguments::Shell(_) | Arguments::Healthcheck { .. } => 1,
        Arguments::None => 0,
    }
}

fn at_least_one(instruction: &Instruction, problems: &mut Problems<'_>) {
    if count(&instruction.arguments) == 0 {
        let keyword = instruction.keyword.as_str();
        let message = format!("{keyword} requires at least one argument");
        problems.error(instruction.head, message);
    }
}

fn exactly_one(instruction: &Instruction, problems: &mut Problems<'_>) {
    if count(&instruction.arguments) != 1 {
        let keyword = instruction.keyword.as_str();
        let message = format!("{keyword} requires exactly one argument");
        problems.error(instruction.head, message);
    }
}

fn copy(instruction: &Instruction, problems: &mut Problems<'_>) {
    let keyword = instruction.keyword.as_str();
    let words = match &instruction.arguments {
        Arguments::Words(words) | Arguments::Exec(words) => words.as_slice(),
        _ => &[],
    };
    if words.len() < 2 {
        let message = format!(
            "{keyword} requires at least two arguments, but only one was provided. \
             Destination could not be determined"
        );
        problems.error(instruction.head, message);
    } else if let Some(target) = words.last()
        && heredoc::marker(&target.value).is_ok_and(|marker| marker.is_some())
    {
        let message = format!("{keyword} cannot accept a heredoc as a destination");
        problems.error(target.span, message);
    }
    flags(instruction, problems);
}

fn pairs(instruction: &Instruction, problems: &mut Problems<'_>) {
    at_least_one(instruction, problems);
    if instruction.keyword == Keyword::Arg {
        ignored_flags(instruction, problems);
    } else {
        flags(instruction, problems);
    }
    let Arguments::Pairs { pairs, .. } = &instruction.arguments else { return };
    for Pair { key, span, .. } in pairs {
        if key.is_empty() {
            let keyword = instruction.keyword.as_str();
            problems.error(*span, format!("{keyword} names can not be blank"));
        }
    }
}

fn from(instruction: &Instruction, problems: &mut Problems<'_>) {
    let words = match &instruction.arguments {
        Arguments::Words(words) => words.as_slice(),
        _ => &[],
    };
    match words {
        [_] => {}
        [_, keyword, name] if keyword.value.eq_ignore_ascii_case("as") => {
            if !is_stage_name(&name.value) {
                let message = format!(
                    "invalid name for build stage: {}, \
                     name can't start with a number or contain symbols",
                    quoted(&name.value)
                );
                problems.error(name.span, message);
            }
        }
        _ => problems.error(instruction.head, "FROM requires either one or three arguments"),
    }
    flags(instruction, problems);
}

fn is_stage_name(name: &str) -> bool {
    let name = name.to_lowercase();
    name.starts_with(|c: char| c.is_ascii_lowercase())
        && name.bytes().all(|b| matches!(b, b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.'))
}

fn healthcheck(instruction: &Instruction, problems: &mut Problems<'_>) {
    let Arguments::Healthcheck { kind, command } = &instruction.arguments else {
        at_least_one(instruction, problems);
        return;
    };
    if kind.value == "NONE" {
        if let Some(command) = command {
            let span = span_of(command).unwrap_or(instruction.head);
            if count(command) > 0 {
                problems.error(span, "HEALTHCHECK NONE takes no arguments");
            }
        }
        ignored_flags(instruction, problems);
        return;
    }
    flags(instruction, problems);
    if kind.value != "CMD" {
        let name = quoted(&kind.value);
        problems.error(kind.span, format!("Unknown type {name} in HEALTHCHECK (try CMD)"));
    } else if command.as_ref().is_none_or(|command| count(command) == 0) {
        problems.error(instruction.head, "Missing command after HEALTHCHECK CMD");
    }
    for flag in &instruction.flags {
        if let Some(value) = &flag.value
            && let Err(message) = health_option(flag, value)
        {
            problems.error(value.span, message);
        }
    }
}

fn health_option(flag: &Flag, value: &Text) -> Result<(), String> {
    const MILLISECOND: f64 = 1e6;
    let value = value.value.as_str();
    let name = flag.name.value.as_str();
    match name {
        _ if value.is_empty() => Ok(()),
        "interval" | "timeout" | "start-period" | "start-interval" => {
            let length = duration::nanoseconds(value)?;
            if length != 0.0 && length < MILLISECOND {
                return Err(format!("Interval \"{name}\" cannot be less than 1ms"));
            }
            Ok(())
        }
        "retries" => match value.parse::<i32>() {
            Ok(number) if number < 0 => Err(format!("--retries cannot be negative ({number})")),
            Ok(_) => Ok(()),
            Err(_) => Err(format!("strconv.ParseInt: parsing {}: invalid syntax", quoted(value))),
        },
        _ => Ok(()),
    }
}

fn span_of(arguments: &Arguments) -> Option<Span> {
    match arguments {
        Arguments::Shell(text) => Some(text.span),
        Arguments::Words(words) | Arguments::Exec(words) => {
            words.iter().map(|word| word.span).reduce(Span::cover)
        }
        _ => None,
    }
}

fn onbuild(instruction: &Instruction, problems: &mut Problems<'_>) {
    flags(instruction, problems);
    let Some(trigger) = &instruction.trigger else {
        // Without a trigger and with arguments it was nested too deeply, which was said.
        if instruction.head == instruction.keyword_text.span {
            at_least_one(instruction, problems);
        }
        return;
    };
    let span = trigger.keyword_text.span;
    match trigger.keyword {
        Keyword::Onbuild => {
            problems.error(span, "Chaining ONBUILD via `ONBUILD ONBUILD` isn't allowed");
        }
        Keyword::Maintainer | Keyword::From => {
            let keyword = trigger.keyword.as_str();
            problems.error(span, format!("{keyword} isn't allowed as an ONBUILD trigger"));
        }
        _ => {
            problems.set_deferred(true);
            check(trigger, problems);
            problems.set_deferred(false);
        }
    }
}

fn run(instruction: &Instruction, problems: &mut Problems<'_>) {
    flags(instruction, problems);
    for flag in &instruction.flags {
        let Some(value) = &flag.value else { continue };
        let text = value.value.as_str();
        match flag.name.value.as_str() {
            "mount" => mount::check(flag, problems),
            "network" if !matches!(text, "default" | "none" | "host") => {
                problems.error(value.span, format!("invalid network mode {}", quoted(text)));
            }
            "security" if !matches!(text, "insecure" | "sandbox") => {
                problems.error(value.span, format!("security {} is not valid", quoted(text)));
            }
            _ => {}
        }
    }
}

fn shell(instruction: &Instruction, problems: &mut Problems<'_>) {
    flags(instruction, problems);
    at_least_one(instruction, problems);
    if let Arguments::Shell(text) = &instruction.arguments {
        problems.error(text.span, "SHELL requires the arguments to be in JSON form");
    }
}

fn unknown(instruction: &Instruction, problems: &mut Problems<'_>) {
    let name = &instruction.keyword_text;
    let known = Keyword::ALL.iter().map(|keyword| keyword.as_str());
    let help = nearest(&name.value.to_uppercase(), known);
    let help = help.map(|keyword| format!("did you mean `{keyword}`?"));
    let message = format!("unknown instruction: {}", shortened(&name.value));
    problems.error_with(name.span, message, help);
}

fn volume(instruction: &Instruction, problems: &mut Problems<'_>) {
    at_least_one(instruction, problems);
    flags(instruction, problems);
    let Arguments::Exec(paths) = &instruction.arguments else { return };
    for path in paths.iter().filter(|path| path.value.trim().is_empty()) {
        problems.error(path.span, "VOLUME specified can not be an empty string");
    }
}

#[cfg(test)]
mod tests {
    use crate::diagnostic::Level;
    use crate::document::dockerfile::parse;
    use crate::source::Source;

    fn errors(instruction: &str) -> Vec<String> {
        let source = Source::new("Dockerfile", format!("FROM a\n{instruction}\n"));
        let (_, problems) = parse(&source);
        let errors = problems.into_iter().filter(|problem| problem.level == Level::Error);
        errors.map(|problem| problem.message).collect()
    }

    #[test]
    fn refusals_have_the_words_of_buildkit() {
        for (instruction, expected) in [
            ("ADD a", "ADD requires at least two arguments"),
            ("COPY [\"a\"]", "COPY requires at least two arguments"),
            ("COPY a <<E\nE", "COPY cannot accept a heredoc as a destination"),
            ("COPY --link=x a b", "expecting boolean value for flag --link, not: x"),
            ("COPY --link= a b", "missing a value on flag: --link"),
            ("COPY --from a b", "missing a value on flag: --from"),
            ("COPY --from=a --from=b c d", "duplicate flag specified: --from"),
            ("ARG", "ARG requires at least one argument"),
            ("ARG =a", "ARG names can not be blank"),
            ("ENV", "ENV requires at least one argument"),
            ("ENV a", "ENV must have two arguments"),
            ("CMD --a b", "unknown flag: --a"),
            ("FROM a b", "FROM requires either one or three arguments"),
            ("FROM a AS b/c", "invalid name for build stage: \"b/c\""),
            ("HEALTHCHECK", "HEALTHCHECK requires at least one argument"),
            ("HEALTHCHECK CMD []", "Missing command after HEALTHCHECK CMD"),
            ("HEALTHCHECK --retries=x CMD a", "parsing \"x\": invalid syntax"),
            ("ONBUILD MAINTAINER a", "MAINTAINER isn't allowed as an ONBUILD trigger"),
            ("RUN --network=a b", "invalid network mode \"a\""),
            ("RUN --security=a b", "security \"a\" is not valid"),
            ("SHELL []", "SHELL requires at least one argument"),
            ("SHELL a", "SHELL requires the arguments to be in JSON form"),
            ("USER", "USER requires exactly one argument"),
            ("VOLUME [\" \"]", "VOLUME specified can not be an empty string"),
        ] {
            let found = errors(instruction);
            assert_eq!(found.len(), 1, "{instruction}: {found:?}");
            assert!(found[0].contains(expected), "{instruction}: {found:?}");
        }
    }

    #[test]
    fn what_buildkit_takes_is_not_refused() {
        for instruction in [
            "RUN",
            "CMD",
            "CMD []",
            "COPY --link --exclude=a --exclude=b --parents --chmod= c d",
            "ADD --keep-git-dir=TRUE --unpack=false --checksum=x c d",
            "HEALTHCHECK --interval=0 --timeout=1ms --start-interval= --retries=0 CMD a",
            "HEALTHCHECK --foo NONE",
            "FROM --platform=$A a As B_1.c-d",
            "FROM $A",
            "STOPSIGNAL --x 9",
            "USER a b",
            "ONBUILD FOO bar",
        ] {
            assert_eq!(errors(instruction), Vec::<String>::new(), "{instruction}");
        }
    }
}
