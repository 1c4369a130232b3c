//! The Dockerfile parser against BuildKit's own tests and its own parser.
//!
//! The oracle rows are what BuildKit v0.12.5 says; we follow its main branch, and the ratchet says
//! where the two differ.

use std::path::Path;

use plimsoll_engine::diagnostic::{Diagnostic, Level};
use plimsoll_engine::document::dockerfile::parse::{heredoc, parse};
use plimsoll_engine::document::dockerfile::syntax::{
    Arguments, Dockerfile, Flag, Heredoc, Instruction, Keyword,
};
use plimsoll_engine::source::Source;
use plimsoll_tests::{ratchet, suites};
use serde_json::{Map, Value, json};

const NO_STAGE: &str = "no build stage in current context";

struct Parsed {
    source: std::sync::Arc<Source>,
    file: Dockerfile,
    problems: Vec<Diagnostic>,
}

impl Parsed {
    fn new(text: &str) -> Self {
        let source = Source::new("Dockerfile", text);
        let (file, problems) = parse(&source);
        Parsed { source, file, problems }
    }

    fn errors(&self) -> Vec<&str> {
        let errors = self.problems.iter().filter(|problem| problem.level == Level::Error);
        errors.map(|problem| problem.message.as_str()).collect()
    }

    /// As [`Parsed::errors`], for a text that need not be a whole Dockerfile.
    fn errors_in_part(&self) -> Vec<&str> {
        self.errors().into_iter().filter(|message| *message != NO_STAGE).collect()
    }
}

fn same<T: PartialEq + std::fmt::Debug>(found: T, expected: T) -> Result<(), String> {
    if found == expected {
        Ok(())
    } else {
        Err(format!("found    {found:?}\n  expected {expected:?}"))
    }
}

fn text<'r>(row: &'r Value, key: &str) -> &'r str {
    row[key].as_str().unwrap_or_else(|| panic!("{key} is no text in {row}"))
}

/// The arguments as BuildKit's tree has them.
fn values(instruction: &Instruction, source: &Source) -> Vec<String> {
    // A node without a value, but for its children.
    if instruction.keyword == Keyword::Unknown || instruction.trigger.is_some() {
        return vec![String::new()];
    }
    argument_values(&instruction.arguments, instruction.keyword, source)
}

fn argument_values(arguments: &Arguments, keyword: Keyword, source: &Source) -> Vec<String> {
    match arguments {
        Arguments::Words(words) | Arguments::Exec(words) => {
            words.iter().map(|word| word.value.clone()).collect()
        }
        Arguments::Shell(text) => vec![text.value.clone()],
        Arguments::Pairs { pairs, .. } => pairs
            .iter()
            .flat_map(|pair| {
                let key = pair.key.value.clone();
                match (&pair.value, keyword) {
                    (None, _) => vec![key],
                    (Some(value), Keyword::Arg) => vec![format!("{key}={}", value.value)],
                    (Some(value), _) => vec![key, value.value.clone()],
                }
            })
            .collect(),
        Arguments::Healthcheck { kind, command } => {
            // The kind is in upper case here; in BuildKit's tree it is as written.
            let written = source.slice(kind.span);
            let is_same = written.eq_ignore_ascii_case(&kind.value);
            let mut values = vec![if is_same { written } else { &kind.value }.to_owned()];
            if let Some(command) = command {
                values.extend(argument_values(command, keyword, source));
            }
            values
        }
        Arguments::None => Vec::new(),
    }
}

fn flag(flag: &Flag) -> String {
    match &flag.value {
        Some(value) => format!("--{}={}", flag.name.value, value.value),
        None => format!("--{}", flag.name.value),
    }
}

fn is_json(arguments: &Arguments) -> bool {
    match arguments {
        Arguments::Exec(_) => true,
        Arguments::Healthcheck { command: Some(command), .. } => is_json(command),
        _ => false,
    }
}

/// The lines of a here-document with the tabs that `<<-` takes away.
fn raw_body(heredoc: &Heredoc, source: &Source) -> String {
    if heredoc.body.is_empty() {
        return String::new();
    }
    let first = source.line_column(heredoc.body.span.start).line;
    let start = source.line_span(first).start;
    let end = source.line_span(source.line_column(heredoc.end.start).line).start;
    source.text()[start as usize..end as usize].to_owned()
}

/// An instruction as the oracle describes it: empty things are left out.
fn command(instruction: &Instruction, source: &Source) -> Value {
    let mut row = Map::new();
    row.insert("cmd".into(), json!(instruction.keyword_text.value));
    let inner = instruction.trigger.as_deref().unwrap_or(instruction);
    if instruction.trigger.is_some() {
        row.insert("sub".into(), json!(inner.keyword_text.value));
    }
    if is_json(&inner.arguments) {
        row.insert("json".into(), json!(true));
    }
    if !instruction.flags.is_empty() {
        row.insert("flags".into(), instruction.flags.iter().map(flag).collect());
    }
    let values = values(inner, source);
    row.insert("value".into(), json!(values));
    row.insert("lines".into(), json!([instruction.line, instruction.end_line]));
    // The oracle's bindings lose the here-documents of an ONBUILD.
    if !instruction.heredocs.is_empty() && instruction.trigger.is_none() {
        let heredoc = |heredoc: &Heredoc| {
            let content = raw_body(heredoc, source);
            json!({"name": heredoc.name, "fd": heredoc.fd, "content": content})
        };
        row.insert("heredocs".into(), instruction.heredocs.iter().map(heredoc).collect());
    }
    Value::Object(row)
}

fn oracle(text: &str, row: &Value) -> Result<(), String> {
    let parsed = Parsed::new(text);
    if row["ok"] != json!(true) {
        let error = row["error"].as_str().unwrap_or_default();
        let error = error.trim_start_matches("GoParseError: ");
        let found = parsed.errors();
        return match found.iter().any(|message| message.contains(error)) {
            true => Ok(()),
            false => Err(format!("found {found:?}\n  expected {error:?}")),
        };
    }
    let command = |instruction| command(instruction, &parsed.source);
    let found: Vec<Value> = parsed.file.instructions.iter().map(command).collect();
    let mut expected = row["commands"].as_array().cloned().unwrap_or_default();
    for command in expected.iter_mut().filter_map(Value::as_object_mut) {
        command.entry("value").or_insert_with(|| json!([]));
    }
    for (found, expected) in found.iter().zip(&expected) {
        same(found, expected)?;
    }
    same(found.len(), expected.len())
}

#[test]
fn oracle_files() {
    let Some(rows) = suites::rows("01-buildkit/oracle_parse_files.jsonl") else { return };
    let folder = suites::folder().unwrap();
    let outcomes = rows.iter().map(|row| {
        let file = text(row, "file");
        let content = std::fs::read(folder.join(file)).unwrap();
        (file.to_owned(), oracle(&String::from_utf8_lossy(&content), row))
    });
    ratchet::check("dockerfile_oracle_files", outcomes);
}

#[test]
fn oracle_inline() {
    let Some(rows) = suites::rows("01-buildkit/oracle_parse_inline.jsonl") else { return };
    let mut files: std::collections::BTreeMap<String, Vec<Value>> = Default::default();
    let outcomes: Vec<_> = rows
        .iter()
        .map(|row| {
            let reference = text(row, "ref");
            let (file, id) = reference.split_once('#').unwrap();
            let known = files.entry(file.to_owned()).or_insert_with(|| suites::rows(file).unwrap());
            let case = known.iter().find(|case| case["id"] == json!(id));
            let case = case.unwrap_or_else(|| panic!("{reference} is missing"));
            (reference.to_owned(), oracle(text(case, "dockerfile"), row))
        })
        .collect();
    ratchet::check("dockerfile_oracle_inline", outcomes);
}

#[test]
fn oracle_dockerfile_utils() {
    let file = "07-policy-fixtures/dockerfile_utils";
    let Some(rows) = suites::rows(&format!("{file}.oracle_parse.jsonl")) else { return };
    let cases: std::collections::BTreeMap<String, String> = suites::rows(&format!("{file}.jsonl"))
        .unwrap()
        .iter()
        .map(|case| (text(case, "id").to_owned(), text(case, "content").to_owned()))
        .collect();
    let outcomes = rows.iter().map(|row| {
        let id = text(row, "ref");
        (id.to_owned(), oracle(&cases[id], row))
    });
    ratchet::check("dockerfile_oracle_utils", outcomes);
}

/// BuildKit's `Node.Dump`.
fn dump(instruction: &Instruction, source: &Source) -> String {
    let mut line = instruction.keyword_text.value.to_lowercase();
    if !instruction.flags.is_empty() {
        let flags: Vec<String> =
            instruction.flags.iter().map(|f| format!("{:?}", flag(f))).collect();
        line += &format!(" [{}]", flags.join(" "));
    }
    if let Some(trigger) = &instruction.trigger {
        return format!("{line} ({})", dump(trigger, source));
    }
    let separator = |pairs: &Arguments| match pairs {
        Arguments::Pairs { legacy: true, .. } => "",
        _ => "=",
    };
    if let Arguments::Pairs { pairs, .. } = &instruction.arguments
        && instruction.keyword != Keyword::Arg
    {
        for pair in pairs {
            let value = pair.value.as_ref().map(|value| value.value.as_str()).unwrap_or_default();
            let separator = separator(&instruction.arguments);
            line += &format!(" {:?} {value:?} {separator:?}", pair.key.value);
        }
        return line;
    }
    for value in values(instruction, source) {
        line += &format!(" {value:?}");
    }
    line
}

#[test]
fn parser_testfiles() {
    let Some(rows) = suites::rows("01-buildkit/parser.jsonl") else { return };
    let folder = suites::folder().unwrap().join("01-buildkit");
    let read = |file: &str| std::fs::read_to_string(Path::new(&folder).join(file)).unwrap();
    let outcomes = rows.iter().map(|row| {
        let parsed = Parsed::new(&read(text(row, "file")));
        let id = format!("{}/{}", text(row, "suite"), text(row, "id"));
        let outcome = if row["expect"] == json!("error") {
            same(parsed.errors().is_empty(), false)
        } else if let Some(lines) = row["instruction_lines"].as_array() {
            let found: Vec<Value> =
                parsed.file.instructions.iter().map(|i| json!([i.line, i.end_line])).collect();
            same(&found, lines)
        } else {
            let dumped: Vec<String> = parsed
                .file
                .instructions
                .iter()
                .map(|instruction| format!("({})", dump(instruction, &parsed.source)))
                .collect();
            same(dumped.join("\n").trim(), read(text(row, "expect_dump")).trim())
        };
        (id, outcome)
    });
    ratchet::check("dockerfile_parser", outcomes);
}

#[test]
fn instructions() {
    let Some(rows) = suites::rows("01-buildkit/instructions.jsonl") else { return };
    let outcomes = rows.iter().filter(|row| text(row, "suite") != "expose").map(|row| {
        let outcome = match text(row, "suite") {
            "heredoc-token" => heredoc_token(row),
            "heredoc-line" => heredoc_line(row),
            "json-form" => json_form(row),
            "directive" => directive(row),
            _ => instruction(row),
        };
        (text(row, "id").to_owned(), outcome)
    });
    ratchet::check("dockerfile_instructions", outcomes);
}

fn heredoc_token(row: &Value) -> Result<(), String> {
    let found = match heredoc::marker(text(row, "token")) {
        Ok(Some(marker)) => ("valid", json!(marker.name)),
        Ok(None) => ("none", Value::Null),
        Err(_) => ("error", Value::Null),
    };
    same(found, (text(row, "expect"), row["name"].clone()))
}

/// As BuildKit's test does: what is found is what is listed, in that order. What is listed need
/// not be found (`<<- EOF` is listed, and is none in a line).
fn heredoc_line(row: &Value) -> Result<(), String> {
    let parsed = Parsed::new(text(row, "line"));
    let names = parsed.file.instructions[0].heredocs.iter().map(|heredoc| json!(heredoc.name));
    let names: Vec<Value> = names.collect();
    let mut expected = row["names"].as_array().cloned().unwrap_or_default();
    if text(row, "line").contains("<<- ") {
        expected.truncate(names.len());
    }
    same(names, expected)
}

fn json_form(row: &Value) -> Result<(), String> {
    let parsed = Parsed::new(&format!("FROM a\nCMD {}", text(row, "text")));
    let found = match &parsed.file.instructions[1].arguments {
        Arguments::Exec(words) => {
            Some(words.iter().map(|word| json!(word.value)).collect::<Vec<Value>>())
        }
        _ => None,
    };
    let expected = match text(row, "expect") {
        "json-form" => Some(row["value"].as_array().cloned().unwrap_or_default()),
        _ => None,
    };
    same(found, expected)
}

fn directive(row: &Value) -> Result<(), String> {
    let parsed = Parsed::new(text(row, "dockerfile"));
    for name in ["syntax", "check", "escape"] {
        let Some(expected) = row.get(name) else { continue };
        let found = parsed.file.directives.iter().find(|d| d.name.value == name);
        let whole = found.map(|directive| directive.value.value.as_str());
        let first = whole.map(|value| value.split(' ').next().unwrap_or_default());
        same(json!(first), expected.clone())?;
        if let Some(cmdline) = row.get("cmdline") {
            same(json!(whole), cmdline.clone())?;
        }
        if let Some(line) = row.get("line") {
            let found = found.map(|d| parsed.source.line_column(d.name.span.start).line);
            same(json!(found), line.clone())?;
        }
    }
    Ok(())
}

fn instruction(row: &Value) -> Result<(), String> {
    let parsed = Parsed::new(text(row, "dockerfile"));
    if text(row, "expect") == "error" {
        let error = text(row, "error_contains");
        let found = parsed.errors_in_part();
        return match found.iter().any(|message| message.contains(error)) {
            true => Ok(()),
            false => Err(format!("found {found:?}\n  expected {error:?}")),
        };
    }
    // That text is for the parser alone and has a line that is no instruction.
    if text(row, "suite") != "heredoc-doc" {
        same(parsed.errors_in_part(), Vec::new())?;
    }
    let first = &parsed.file.instructions[0];
    if let Some(expected) = row.get("copy") {
        same(&copy(first), expected)?;
    }
    if let Some(expected) = row.get("run") {
        same(&run(first, &parsed.source), expected)?;
    }
    if let Some(expected) = row["heredocs"].as_array() {
        for (instruction, expected) in parsed.file.instructions.iter().skip(1).zip(expected) {
            same(&heredocs(instruction, &parsed.source), expected)?;
        }
        same(parsed.file.instructions.len() > expected.len(), true)?;
    }
    if let Some(expected) = row["doc_comments"].as_object() {
        for (what, expected) in expected {
            same(json!(doc_comment(&parsed.file, what)), expected.clone())?;
        }
    }
    Ok(())
}

fn copy(instruction: &Instruction) -> Value {
    let (Arguments::Words(words) | Arguments::Exec(words)) = &instruction.arguments else {
        return Value::Null;
    };
    let Some((target, sources)) = words.split_last() else { return Value::Null };
    let mut row = Map::new();
    row.insert("DestPath".into(), json!(target.value));
    let marker = |word: &str| heredoc::marker(word).ok().flatten();
    let paths: Vec<&str> = sources
        .iter()
        .map(|source| source.value.as_str())
        .filter(|source| marker(source).is_none())
        .collect();
    if !paths.is_empty() {
        row.insert("SourcePaths".into(), json!(paths));
    }
    let contents = sources.iter().filter_map(|source| marker(&source.value)).map(|marker| {
        let heredoc = instruction.heredocs.iter().rfind(|heredoc| heredoc.name == marker.name);
        let data = heredoc.map(|heredoc| heredoc.body.value.as_str()).unwrap_or_default();
        json!({"Path": marker.name, "Data": data, "Expand": marker.expand})
    });
    let contents: Vec<Value> = contents.collect();
    if !contents.is_empty() {
        row.insert("SourceContents".into(), json!(contents));
    }
    Value::Object(row)
}

fn run(instruction: &Instruction, source: &Source) -> Value {
    let files = instruction.heredocs.iter().map(|heredoc| {
        let mut file = Map::new();
        file.insert("Name".into(), json!(heredoc.name));
        file.insert("Data".into(), json!(raw_body(heredoc, source)));
        if heredoc.chomp {
            file.insert("Chomp".into(), json!(true));
        }
        Value::Object(file)
    });
    json!({
        "shell": !is_json(&instruction.arguments),
        "command": values(instruction, source),
        "files": files.collect::<Vec<Value>>(),
    })
}

fn heredocs(instruction: &Instruction, source: &Source) -> Value {
    if instruction.heredocs.is_empty() {
        return Value::Null;
    }
    let heredocs = instruction.heredocs.iter().map(|heredoc| {
        let mut row = Map::new();
        row.insert("Name".into(), json!(heredoc.name));
        row.insert("Content".into(), json!(raw_body(heredoc, source)));
        row.insert("Expand".into(), json!(heredoc.expand));
        if heredoc.chomp {
            row.insert("Chomp".into(), json!(true));
        }
        if heredoc.fd > 0 {
            row.insert("FileDescriptor".into(), json!(heredoc.fd));
        }
        Value::Object(row)
    });
    heredocs.collect()
}

/// The comment that documents `stage:NAME`, `global arg NAME` or `STAGE arg NAME`.
fn doc_comment(file: &Dockerfile, what: &str) -> String {
    let mut stage = "global".to_owned();
    for instruction in &file.instructions {
        let names: Vec<(String, &str)> = match (&instruction.keyword, &instruction.arguments) {
            (Keyword::From, Arguments::Words(words)) => {
                stage = words.get(2).map(|name| name.value.clone()).unwrap_or_default();
                vec![(format!("stage:{stage}"), words.last().map_or("", |name| &name.value))]
            }
            (Keyword::Arg, Arguments::Pairs { pairs, .. }) => pairs
                .iter()
                .map(|pair| (format!("{stage} arg {}", pair.key.value), pair.key.as_str()))
                .collect(),
            _ => continue,
        };
        if let Some((_, name)) = names.iter().find(|(key, _)| key == what) {
            let comments = &instruction.previous_comments;
            let comment = comments.iter().find_map(|c| c.strip_prefix(&format!("{name} ")));
            return comment.unwrap_or_default().to_owned();
        }
    }
    panic!("nothing is {what}");
}

#[test]
fn dockerfiles_of_integration_tests() {
    let Some(rows) = suites::rows("01-buildkit/test_dockerfiles.jsonl") else { return };
    let outcomes = rows.iter().map(|row| {
        let content = text(row, "dockerfile").replace("%s", "x");
        let parsed = Parsed::new(&content);
        (text(row, "id").to_owned(), same(parsed.errors_in_part(), Vec::new()))
    });
    ratchet::check("dockerfile_integration", outcomes);
}
