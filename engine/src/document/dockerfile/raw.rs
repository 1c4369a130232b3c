//! A Dockerfile as a list of instructions, for rules that want it as it is written.

use std::sync::Arc;

use serde_json::{Value as Json, json};

use super::parse::parse;
use super::syntax::{Arguments, Instruction, Keyword, Pair, Text};
use crate::diagnostic::Level;
use crate::source::Source;

/// The instructions in source order. `Cmd` to `Stage` are what conftest gives its policies, with two
/// differences: comments are no instructions, and no stage is null. The rest is named as in BuildKit's parser.
///
/// - `Cmd`: the instruction in lower case; `SubCmd`: that of an `ONBUILD`, else empty;
/// - `Flags`: as written, `--from=build`;
/// - `Value`: the words after them; of the exec form its strings; of the shell form the one command; of
///   `ENV` and `LABEL` key, value and `=` of each pair in turn; of `HEALTHCHECK` its kind first;
/// - `JSON`: whether it is in exec form;
/// - `Stage`: from 0; null before the first `FROM`;
/// - `Original`: the logical line; `StartLine`, `EndLine`: from 1;
/// - `Heredocs`: `Name` and `Content`.
///
/// Variables are not expanded. `None` where something cannot be parsed.
pub(in crate::document) fn raw(source: &Arc<Source>) -> Option<Json> {
    let (file, problems) = parse(source);
    if problems.iter().any(|problem| problem.level == Level::Error) {
        return None;
    }
    let mut stages = 0_u32;
    let instruction = |instruction: &Instruction| {
        stages += u32::from(instruction.keyword == Keyword::From);
        one(source, instruction, stages.checked_sub(1))
    };
    Some(file.instructions.iter().map(instruction).collect())
}

fn one(source: &Source, instruction: &Instruction, stage: Option<u32>) -> Json {
    let command = |of: &Instruction| of.keyword_text.as_str().to_lowercase();
    // What an `ONBUILD` does is in its trigger.
    let inner = instruction.trigger.as_deref().unwrap_or(instruction);
    let (is_exec, value) = value(inner.keyword, &inner.arguments);
    let flags = inner.flags.iter().map(|flag| source.slice(flag.span));
    let heredocs = instruction
        .heredocs
        .iter()
        .map(|heredoc| json!({"Name": heredoc.name, "Content": heredoc.body.as_str()}));
    json!({
        "Cmd": command(instruction),
        "SubCmd": instruction.trigger.as_deref().map(command).unwrap_or_default(),
        "Flags": flags.collect::<Vec<_>>(),
        "Value": value,
        "JSON": is_exec,
        "Original": instruction.original,
        "StartLine": instruction.line,
        "EndLine": instruction.end_line,
        "Heredocs": heredocs.collect::<Vec<_>>(),
        "Stage": stage,
    })
}

/// Whether it is the exec form, and the words.
fn value(keyword: Keyword, arguments: &Arguments) -> (bool, Vec<String>) {
    let texts = |texts: &[Text]| texts.iter().map(|text| text.value.clone()).collect();
    match arguments {
        Arguments::Words(words) => (false, texts(words)),
        Arguments::Exec(strings) => (true, texts(strings)),
        Arguments::Shell(line) => (false, vec![line.value.clone()]),
        Arguments::Pairs { pairs, .. } if keyword == Keyword::Arg => {
            let word = |pair: &Pair| match &pair.value {
                Some(value) => format!("{}={}", pair.key.as_str(), value.as_str()),
                None => pair.key.value.clone(),
            };
            (false, pairs.iter().map(word).collect())
        }
        Arguments::Pairs { pairs, legacy } => {
            let equals = if *legacy { "" } else { "=" };
            let words = |pair: &Pair| {
                let value = pair.value.as_ref().map_or("", Text::as_str);
                [pair.key.as_str(), value, equals].map(str::to_owned)
            };
            (false, pairs.iter().flat_map(words).collect())
        }
        Arguments::Healthcheck { kind, command } => {
            let command = command.as_deref().map(|command| value(keyword, command));
            let (is_exec, words) = command.unwrap_or_default();
            (is_exec, std::iter::once(kind.value.clone()).chain(words).collect())
        }
        Arguments::None => (false, Vec::new()),
    }
}
