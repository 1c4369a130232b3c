//! The notations against the test tables of the programs that define them.
//!
//! A row that a table's own test evaluates with Go code has that code restated here, by the name of
//! the test.

mod platforms;
mod references;

use plimsoll_engine::notation::git_url::{GitUrl, GitUrlError};
use plimsoll_engine::notation::pattern::{Form, Patterns};
use plimsoll_engine::notation::port::{self, PortRange, PortSpec, PortSpecError};
use plimsoll_engine::notation::size;
use plimsoll_tests::{ratchet, suites};
use serde_json::Value;

type Outcome = Result<(), String>;

/// Runs every row of a file and compares the outcomes with the ratchet.
fn run(file: &str, name: &str, suite: Option<&str>, check: impl Fn(&Value) -> Outcome) {
    let Some(rows) = suites::rows(file) else { return };
    let rows = rows.iter().filter(|row| suite.is_none_or(|suite| row["suite"] == suite));
    ratchet::check(name, rows.map(|row| (text(&row["id"]).to_owned(), check(row))));
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

fn list(value: &Value) -> Vec<&str> {
    value.as_array().map(|items| items.iter().map(text).collect()).unwrap_or_default()
}

fn equal<T: PartialEq + std::fmt::Debug>(what: &str, got: T, want: T) -> Outcome {
    if got == want { Ok(()) } else { Err(format!("{what}: got {got:?}, want {want:?}")) }
}

fn all(outcomes: impl IntoIterator<Item = Outcome>) -> Outcome {
    outcomes.into_iter().collect()
}

fn unknown(row: &Value) -> Outcome {
    Err(format!("the harness does not know the test {}", row["test"]))
}

#[test]
fn dockerignore() {
    run("03-refs-patterns/dockerignore.jsonl", "03-dockerignore", None, ignore);
}

fn ignore(row: &Value) -> Outcome {
    let case = &row["case"];
    match text(&row["test"]) {
        "TestMatches" => {
            let mut list = list(&case["patterns"]);
            list.extend(case["pattern"].as_str());
            let (patterns, errors) = Patterns::from_list(list);
            equal("errors", errors, Vec::new())?;
            let excluded = patterns.excludes(text(&case["text"]));
            equal("excluded", Some(excluded), case["pass"].as_bool())
        }
        "var matchTests" => {
            let (patterns, errors) = Patterns::from_list([text(&case["pattern"])]);
            all([
                equal("match", Some(patterns.excludes(text(&case["s"]))), case["match"].as_bool()),
                equal("error", !errors.is_empty(), !case["err"].is_null()),
            ])
        }
        "var compileTests" => {
            let (patterns, _) = Patterns::from_list([text(&case["pattern"])]);
            let form = patterns.patterns().first().map(|pattern| pattern.form());
            let (kind, expression) = match form {
                Some(Form::Exact) => ("exactMatch", ""),
                Some(Form::Prefix) => ("prefixMatch", ""),
                Some(Form::Suffix) => ("suffixMatch", ""),
                Some(Form::Expression(expression)) => ("regexpMatch", expression.as_str()),
                _ => ("none", ""),
            };
            all([
                equal("type", kind, text(&case["matchType"]["$go"])),
                equal("expression", expression, text(&case["compiledRegexp"])),
            ])
        }
        test if test.starts_with("TestCleanPatterns") => {
            let strings = list(&row["strings"]);
            let (patterns, errors) = Patterns::from_list(strings.iter().copied());
            let blank = strings.iter().filter(|pattern| pattern.trim().is_empty()).count();
            let lone = strings.iter().filter(|pattern| pattern.trim() == "!").count();
            let negated = strings.iter().any(|pattern| pattern.trim().starts_with('!'));
            all([
                equal("errors", errors.len(), lone),
                equal("patterns", patterns.patterns().len(), strings.len() - blank - lone),
                equal("exceptions", patterns.has_exceptions(), negated && lone == 0),
            ])
        }
        _ => unknown(row),
    }
}

#[test]
fn ports() {
    run("03-refs-patterns/ports.jsonl", "03-ports", None, nat);
}

fn number(value: &Value) -> u64 {
    value.as_u64().unwrap_or_default()
}

fn nat(row: &Value) -> Outcome {
    let case = &row["case"];
    let input = text(&case["input"]);
    let error = case["expErr"].as_str().or(case["expError"].as_str()).unwrap_or_default();
    match text(&row["test"]) {
        // An empty text is no port and no error there.
        "TestParsePort" if input.is_empty() => equal("port", number(&case["expPort"]), 0),
        "TestParsePort" => match port::parse_number(input) {
            Ok(port) => all([
                equal("port", u64::from(port), number(&case["expPort"])),
                equal("error", "", error),
            ]),
            Err(got) => equal("error", format!("invalid port '{input}': {got}").as_str(), error),
        },
        "TestParsePortNumber" => match port::parse_number(input) {
            Ok(port) => all([
                equal("port", u64::from(port), number(&case["exp"])),
                equal("error", "", error),
            ]),
            Err(got) => equal("error", got.to_string().as_str(), error),
        },
        "TestParsePortRange" | "TestParsePortRangeToInt" => match PortRange::parse(input) {
            Ok(range) => all([
                equal("begin", u64::from(range.start), number(&case["expBegin"])),
                equal("end", u64::from(range.end), number(&case["expEnd"])),
                equal("error", "", error),
            ]),
            Err(got) => equal("error", got.to_string().as_str(), error),
        },
        "TestSplitProtoPort" => {
            let want = (text(&case["expPort"]), text(&case["expProto"]));
            equal("parts", port::split_protocol(input), want)
        }
        "TestStringer" => {
            let spec = PortSpec::parse(text(&case["in"])).map_err(|error| error.to_string())?;
            let got = spec.bindings().map(|binding| binding.to_string()).collect::<Vec<_>>();
            equal("text", got, vec![text(&case["expected"]).to_owned()])
        }
        test if test.starts_with("TestParsePortSpec") || test.starts_with("TestPartPortSpec") => {
            specification(case, error)
        }
        _ => unknown(row),
    }
}

fn specification(case: &Value, error: &str) -> Outcome {
    let spec = match PortSpec::parse(text(&case["spec"])) {
        Ok(spec) => spec,
        Err(PortSpecError::NoPort(spec)) => {
            let got = format!("no port specified: {spec}<empty>");
            return equal("error", got.as_str(), error);
        }
        Err(got) => return equal("error", got.to_string().as_str(), error),
    };
    equal("error", "", error)?;
    let got: Vec<_> = spec
        .bindings()
        .map(|binding| {
            let published = binding.published.map(|port| port.to_string()).unwrap_or_default();
            let target = format!("{}/{}", binding.target, binding.protocol);
            (target, binding.host_ip.unwrap_or_default().to_owned(), published)
        })
        .collect();
    let want: Vec<_> = case["expected"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|mapping| {
            let binding = &mapping["Binding"];
            [&mapping["Port"], &binding["HostIP"], &binding["HostPort"]]
                .map(text)
                .map(str::to_owned)
        })
        .map(|[port, ip, host]| (port, ip, host))
        .collect();
    equal("mappings", got, want)
}

#[test]
fn expose() {
    run("01-buildkit/instructions.jsonl", "01-expose", Some("expose"), |row| {
        let specs =
            list(&row["specs"]).into_iter().map(PortSpec::parse).collect::<Result<Vec<_>, _>>();
        let specs = match specs {
            Ok(specs) => specs,
            Err(error) => {
                equal("expect", "error", text(&row["expect"]))?;
                let (got, want) = (error.to_string(), text(&row["error_contains"]));
                return if got.contains(want) {
                    Ok(())
                } else {
                    Err(format!("{got} lacks {want}"))
                };
            }
        };
        let got: Vec<_> = specs
            .iter()
            .flat_map(|spec| spec.bindings().map(|b| format!("{}/{}", b.target, b.protocol)))
            .collect();
        all([
            equal("expect", "ok", text(&row["expect"])),
            equal("ports", got.iter().map(String::as_str).collect(), list(&row["ports"])),
        ])
    });
}

#[test]
fn git_refs() {
    run("03-refs-patterns/git_refs.jsonl", "03-git-refs", None, |row| {
        let case = &row["case"];
        let input = text(&case["ref"]);
        let parsed = GitUrl::parse(input);
        let format: fn(&GitUrl) -> String = match text(&row["test"]) {
            "TestParseGitRef" => return git_ref(case, parsed),
            "TestFragmentFormat" => GitUrl::fragment_format,
            "TestFragmentFormatWithSubdir" => GitUrl::fragment_format_with_subdirectory,
            _ => return unknown(row),
        };
        all([
            equal("ok", Some(parsed.is_ok()), case["ok"].as_bool()),
            equal(
                "text",
                parsed.map_or(input.to_owned(), |url| format(&url)).as_str(),
                text(&case["expected"]),
            ),
        ])
    });
}

fn git_ref(case: &Value, parsed: Result<GitUrl, GitUrlError>) -> Outcome {
    let want = &case["expected"];
    let got = match parsed {
        Ok(got) => got,
        Err(error) => {
            let (got, want_error) = (error.to_string(), text(&case["err"]));
            equal("refused", true, want.is_null())?;
            return if got.contains(want_error) { Ok(()) } else { Err(format!("error: {got}")) };
        }
    };
    let optional = |name: &str| want[name].as_str();
    let flag = |name: &str| want[name].as_bool().unwrap_or_default();
    // A pointer to a boolean is Go code in the table.
    let pointer = |name: &str, got: Option<bool>| match &want[name] {
        Value::Null => equal(name, got, None),
        Value::Bool(want) => equal(name, got, Some(*want)),
        code => equal(name, got, Some(code.to_string().contains("true"))),
    };
    all([
        equal("Remote", Some(got.remote.as_str()), optional("Remote")),
        equal("ShortName", Some(got.short_name.as_str()), optional("ShortName")),
        equal("Ref", got.reference.as_deref(), optional("Ref")),
        equal("Checksum", got.checksum.as_deref(), optional("Checksum")),
        equal("SubDir", got.subdirectory.as_deref(), optional("SubDir")),
        equal("MTime", got.mtime.as_deref(), optional("MTime")),
        equal("FetchByCommit", got.fetch_by_commit, flag("FetchByCommit")),
        equal("local", got.like_local_path, flag("IndistinguishableFromLocal")),
        equal("UnencryptedTCP", got.unencrypted, flag("UnencryptedTCP")),
        pointer("KeepGitDir", got.keep_git_dir),
        pointer("Submodules", got.submodules),
    ])
}

#[test]
fn sizes() {
    run("03-refs-patterns/sizes.jsonl", "03-sizes", None, |row| {
        let got = match text(&row["op"]) {
            "FromHumanSize" => size::parse_decimal(text(&row["input"])),
            "RAMInBytes" => size::parse_binary(text(&row["input"])),
            op => return Err(format!("the harness does not know {op}")),
        };
        equal("bytes", got.ok(), row["expect"].as_u64())
    });
}

#[test]
fn units() {
    run("03-refs-patterns/units.jsonl", "03-units", None, |row| {
        let case = &row["case"];
        match text(&row["test"]) {
            "TestGetRlimit" => resource_limit(case),
            test if test.starts_with("TestParseUlimit") => {
                let got = size::Ulimit::parse(text(&case["in"]));
                let want = &case["expected"];
                let want = want["Name"].as_str().map(|name| size::Ulimit {
                    name: name.to_owned(),
                    soft: want["Soft"].as_i64().unwrap_or_default(),
                    hard: want["Hard"].as_i64().unwrap_or_default(),
                });
                equal("limit", got.ok(), want)
            }
            _ => unknown(row),
        }
    });
}

/// `{name, hard, soft}` gives `{number of Linux, hard, soft}`, where -1 is all bits set.
fn resource_limit(case: &Value) -> Outcome {
    const NUMBERS: [(&str, u32); 15] = [
        ("rlimitCPU", 0),
        ("rlimitFsize", 1),
        ("rlimitData", 2),
        ("rlimitStack", 3),
        ("rlimitCore", 4),
        ("rlimitRss", 5),
        ("rlimitNproc", 6),
        ("rlimitNofile", 7),
        ("rlimitMemlock", 8),
        ("rlimitLocks", 10),
        ("rlimitSigpending", 11),
        ("rlimitMsgqueue", 12),
        ("rlimitNice", 13),
        ("rlimitRtprio", 14),
        ("rlimitRttime", 15),
    ];
    let (given, want) = (&case["ulimit"], &case["rlimit"]);
    let constant = text(&want[0]["$go"]);
    let number = NUMBERS.iter().find(|(name, _)| *name == constant).map(|(_, number)| *number);
    let (name, hard, soft) = (text(&given[0]), given[1].as_i64(), given[2].as_i64());
    let written = format!("{name}={}:{}", soft.unwrap_or_default(), hard.unwrap_or_default());
    let value = |value: &Value| match value["$go"].as_str() {
        Some("math.MaxUint64") => Some(-1),
        _ => value.as_i64(),
    };
    all([
        equal("number", size::resource(name), number),
        equal("hard", hard, value(&want[1])),
        equal("soft", soft, value(&want[2])),
        // Go does not check the limits here; where they are in order, they parse.
        match size::Ulimit::parse(&written) {
            Ok(limit) => equal("limits", (Some(limit.hard), Some(limit.soft)), (hard, soft)),
            Err(size::UlimitError::SoftAboveHard { .. }) => Ok(()),
            Err(error) => Err(error.to_string()),
        },
    ])
}
