//! Facts of Dockerfiles: what must hold of any text, and what is easy to get wrong.

use std::collections::HashSet;
use std::sync::Arc;

use plimsoll_sdk::facts::Facts;
use plimsoll_sdk::finding::RawPlace;
use plimsoll_sdk::{Loc, Nullable};
use proptest::prelude::*;
use serde_json::Value;

use crate::document::{Document, Folder, Input, ReadOptions};
use crate::files::MemoryFiles;
use crate::source::Source;

fn read(text: &str) -> Document {
    read_with(text, &ReadOptions::default(), MemoryFiles::default())
}

fn read_with(text: &str, options: &ReadOptions, files: MemoryFiles) -> Document {
    let folder =
        Folder { files: Arc::new(files), path: String::new(), file_name: "Dockerfile".into() };
    let input = Input { source: Source::new("Dockerfile", text), folder: Some(folder) };
    super::lower(&input, options)
}

fn args(pairs: &[(&str, &str)]) -> ReadOptions {
    let build_args = pairs.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
    ReadOptions { build_args, ..ReadOptions::default() }
}

/// The user of the image: its text, whether it is root, and who says so.
fn user(document: &Document) -> (Option<String>, Option<bool>, String) {
    let user = &document.facts.images[0].config.user;
    let text = user.text.as_ref().and_then(Nullable::value).cloned();
    (text, user.is_root, user.from.clone())
}

#[test]
fn the_user_is_that_of_the_targets_lineage() {
    let cases: &[(&str, Option<&str>, Option<bool>, &str)] = &[
        ("FROM a AS b\nUSER app\nFROM c\n", None, Some(true), "assumed"),
        ("ARG U=root\nFROM a\nARG U\nUSER ${U}\n", Some("root"), Some(true), "image"),
        ("FROM a\nARG U=root\nUSER ${U}\n", Some("root"), Some(true), "image"),
        (
            "FROM a AS base\nUSER app\nFROM b AS build\nUSER root\nFROM base\nCOPY --from=build x x\n",
            Some("app"),
            Some(false),
            "image",
        ),
        ("FROM a\nUSER 0:0\n", Some("0:0"), Some(true), "image"),
        ("FROM a\nUSER root:root\n", Some("root:root"), Some(true), "image"),
        ("FROM a\nUSER 00\n", Some("00"), Some(true), "image"),
        ("FROM a\nUSER +0\n", Some("+0"), Some(true), "image"),
        ("FROM a\nUSER 'root'\n", Some("root"), Some(true), "image"),
        ("FROM a\nUSER 1000\n", Some("1000"), Some(false), "image"),
        ("FROM a\nUSER rooty\n", Some("rooty"), Some(false), "image"),
        ("FROM a\nARG U\nUSER $U\n", None, None, "image"),
        ("FROM a\nUSER $FROM_BASE\n", None, None, "image"),
        ("FROM scratch\nUSER $NOBODY_SETS_IT\n", None, Some(true), "default"),
        ("FROM a\nARG U\nUSER ${U:-app}\n", None, None, "image"),
        ("FROM a\nRUN useradd -o -u 0 toor\nUSER toor\n", Some("toor"), Some(true), "image"),
        ("from a\nuser app\n", Some("app"), Some(false), "image"),
        ("FROM scratch\n", None, Some(true), "default"),
        ("FROM $X\n", None, None, "unknown"),
        ("FROM a\nRUN <<EOF\nUSER app\nEOF\n", None, Some(true), "assumed"),
        ("FROM a\nONBUILD USER app\n", None, Some(true), "assumed"),
        ("FROM a AS base\nONBUILD USER app\nFROM base\n", Some("app"), Some(false), "image"),
        ("FROM a AS Base\nUSER app\nFROM bAsE\n", Some("app"), Some(false), "image"),
        (
            "FROM --platform=windows/amd64 a\nUSER ContainerAdministrator\n",
            Some("ContainerAdministrator"),
            Some(true),
            "image",
        ),
        (
            "FROM a\nUSER ContainerAdministrator\n",
            Some("ContainerAdministrator"),
            Some(true),
            "image",
        ),
    ];
    for (text, name, is_root, from) in cases {
        let document = read(text);
        let want = (name.map(str::to_owned), *is_root, (*from).to_owned());
        assert_eq!(user(&document), want, "{text}");
    }
}

/// The number that USER has, and whether its account is one of the system.
#[test]
fn a_user_has_the_number_that_the_build_gives_it() {
    let cases: &[(&str, Option<u32>, Nullable<bool>)] = &[
        ("RUN useradd -u 10001 app", Some(10001), Nullable::Value(false)),
        ("RUN useradd -mu10001 app", Some(10001), Nullable::Value(false)),
        ("RUN useradd -ru 999 app", Some(999), Nullable::Value(false)),
        ("RUN useradd --uid=10001 --system app", Some(10001), Nullable::Value(false)),
        ("RUN useradd --uid 10001 app", Some(10001), Nullable::Value(false)),
        ("RUN useradd --system app", None, Nullable::Value(true)),
        ("RUN useradd -rm app", None, Nullable::Value(true)),
        ("RUN useradd -m app", None, Nullable::Value(false)),
        ("RUN useradd -d /r app", None, Nullable::Value(false)),
        ("RUN adduser -S -G app app", None, Nullable::Value(true)),
        ("RUN adduser -D -u 10001 app", Some(10001), Nullable::Value(false)),
        ("RUN useradd -r app\nRUN usermod -aG x app", None, Nullable::Value(true)),
        ("RUN useradd -r app\nRUN usermod -u 10001 app", Some(10001), Nullable::Value(false)),
        ("RUN useradd -u 10001 app\nRUN usermod -rG x app", Some(10001), Nullable::Value(false)),
        ("RUN usermod -u 10001 app", Some(10001), Nullable::Null),
        ("RUN useradd -u 5 app\nRUN userdel app && useradd app", None, Nullable::Value(false)),
        ("ARG N=10001\nRUN adduser --uid \"${N}\" app", Some(10001), Nullable::Value(false)),
        ("ARG N=10001\nRUN useradd -u$N app", Some(10001), Nullable::Value(false)),
        ("ARG N=10001\nRUN useradd --uid=$N app", Some(10001), Nullable::Value(false)),
        ("ARG N\nRUN useradd -u $N app", None, Nullable::Value(false)),
        ("ARG U=app\nRUN useradd -u 10001 $U", Some(10001), Nullable::Value(false)),
        ("RUN useradd -u 10001 other", None, Nullable::Null),
        ("", None, Nullable::Null),
    ];
    for (lines, uid, system) in cases {
        let document = read(&format!("FROM a\n{lines}\nUSER app\n"));
        let user = &document.facts.images[0].config.user;
        assert_eq!((user.uid, user.system), (uid.map(Nullable::Value), *system), "{lines}");
    }
}

/// Where a RUN and a COPY stand, and what they start from.
#[test]
fn runs_and_copies_know_their_instruction_and_folder() {
    let document = read(
        "FROM a\nCOPY a b\nWORKDIR /app\nRUN --device=v.com/gpu=all,required --device=x true\n\
         ARG D\nWORKDIR $D\nADD a b\n",
    );
    let build = document.facts.build.as_ref().unwrap();
    let (run, copies) = (&build.runs[0], &build.copies);
    let devices: Vec<&str> = run.devices.iter().map(|device| device.text.as_str()).collect();
    assert_eq!(devices, ["v.com/gpu=all,required", "x"]);
    assert_eq!((run.instruction, &run.working_dir), (3, &Some(Nullable::Value("/app".into()))));
    assert_eq!((copies[0].instruction, &copies[0].working_dir), (1, &Some(Nullable::Null)));
    assert_eq!((copies[1].instruction, &copies[1].working_dir), (6, &None));
}

#[test]
fn what_is_not_resolved_names_its_variable() {
    let document = read("ARG VERSION\nFROM python:${VERSION}\n");
    let reference = &document.facts.references[0];
    assert_eq!((reference.kind.as_deref(), &reference.tag), (None, &None));
    assert_eq!(reference.missing, ["VERSION"]);
    let document = read_with(
        "ARG VERSION\nFROM python:${VERSION}\n",
        &args(&[("VERSION", "3.12")]),
        MemoryFiles::default(),
    );
    assert_eq!(document.facts.references[0].tag, Some(Nullable::Value("3.12".into())));
    assert!(document.problems.is_empty(), "{:?}", document.problems);
}

#[test]
fn scopes_are_those_of_buildkit() {
    let env = |text: &str, options: &ReadOptions| {
        let document = read_with(text, options, MemoryFiles::default());
        let env = &document.facts.images[0].config.env;
        let text = |value: &Option<Nullable<String>>| match value {
            None => "?".to_owned(),
            Some(Nullable::Null) => "null".to_owned(),
            Some(Nullable::Value(text)) => text.clone(),
        };
        env.iter().map(|v| format!("{}={}", v.name, text(&v.value))).collect::<Vec<_>>().join(" ")
    };
    let none = ReadOptions::default();
    // A global ARG is seen only through an ARG of the same name.
    assert_eq!(env("ARG A=1\nFROM scratch\nENV B=[$A]\n", &none), "B=[]");
    assert_eq!(env("ARG A=1\nFROM scratch\nARG A\nENV B=[$A]\n", &none), "B=[1]");
    assert_eq!(env("ARG A=1\nFROM scratch\nARG A=2\nENV B=[$A]\n", &none), "B=[2]");
    assert_eq!(env("ARG A=1\nFROM scratch\nARG A=2\nENV B=[$A]\n", &args(&[("A", "3")])), "B=[3]");
    // A later ENV wins over an ARG, and every value of one ENV sees what was before it.
    assert_eq!(env("FROM scratch\nARG A=1\nENV A=2\nENV B=$A\n", &none), "A=2 B=2");
    assert_eq!(env("FROM scratch\nENV A=1\nENV A=2 B=$A\n", &none), "A=2 B=1");
    // A stage inherits from the stage it is built on, and from no other.
    assert_eq!(env("FROM scratch AS x\nENV A=1\nFROM x\nENV B=$A\n", &none), "A=1 B=1");
    assert_eq!(env("FROM scratch AS x\nENV A=1\nFROM scratch\nENV B=[$A]\n", &none), "B=[]");
    // `--build-arg` does nothing for what is not declared.
    assert_eq!(env("FROM scratch\nENV B=[$A]\n", &args(&[("A", "3")])), "B=[]");
    let platform =
        ReadOptions { platform: Some("linux/arm64/v8".into()), ..ReadOptions::default() };
    assert_eq!(env("FROM scratch\nARG TARGETARCH\nENV B=$TARGETARCH\n", &platform), "B=arm64");
    assert_eq!(env("FROM scratch\nARG TARGETARCH\nENV B=$TARGETARCH\n", &none), "B=?");
}

#[test]
fn stages_are_needed_by_name_and_by_number() {
    let text = "FROM a\nFROM b AS two\nFROM c AS three\nFROM d AS dead\nFROM e\n\
                COPY --from=0 x x\nCOPY --from=TWO y y\nRUN --mount=type=bind,from=three true\n\
                COPY --from=nginx:latest z z\nCOPY --from=9 z z\n";
    let document = read(text);
    let build = document.facts.build.as_ref().unwrap();
    let needed: Vec<bool> = build.stages.iter().map(|stage| stage.needed).collect();
    assert_eq!(needed, [true, true, true, false, true]);
    let kinds: Vec<_> = document.facts.references[5..]
        .iter()
        .map(|r| (r.raw.as_str(), r.kind.as_deref().unwrap_or_default()))
        .collect();
    let want = [
        ("0", "stage"),
        ("TWO", "stage"),
        ("three", "stage"),
        ("nginx:latest", "image"),
        ("9", "invalid"),
    ];
    assert_eq!(kinds, want);
    let target = ReadOptions { target: Some("two".into()), ..ReadOptions::default() };
    let document = read_with(text, &target, MemoryFiles::default());
    assert_eq!(document.facts.images[0].name, "two");
    let target = ReadOptions { target: Some("nope".into()), ..ReadOptions::default() };
    let document = read_with(text, &target, MemoryFiles::default());
    assert!(document.facts.images.is_empty());
    assert!(document.problems[0].message.contains("nope"));
}

#[test]
fn the_context_is_what_lies_beside() {
    let files = || {
        MemoryFiles::default()
            .with("Dockerfile", "x")
            .with(".dockerignore", "*.pem\n!ok.pem\n")
            .with("a.pem", "")
            .with("ok.pem", "")
    };
    let document = read_with("FROM a\nCOPY . .\n", &ReadOptions::default(), files());
    let build = document.facts.build.as_ref().unwrap();
    let listed: Vec<_> = build
        .context
        .as_ref()
        .unwrap()
        .files
        .iter()
        .map(|f| (f.path.as_str(), f.ignored))
        .collect();
    let want =
        [(".dockerignore", false), ("Dockerfile", false), ("a.pem", true), ("ok.pem", false)];
    assert_eq!(listed, want);
    let ignore = build.dockerignore.as_ref().unwrap();
    assert!(ignore.present && ignore.patterns[1].negated);
    let pattern = document.places.place(ignore.patterns[1].loc).unwrap();
    assert_eq!((pattern.source.name(), pattern.text()), (".dockerignore", "!ok.pem"));
    // The Dockerfile's own comes first.
    let own = files().with("Dockerfile.dockerignore", "x\n");
    let document = read_with("FROM a\nCOPY . .\n", &ReadOptions::default(), own);
    let ignore = document.facts.build.unwrap().dockerignore.unwrap();
    assert_eq!(ignore.file, Nullable::Value("Dockerfile.dockerignore".into()));
}

#[test]
fn what_nobody_declares_is_listed() {
    let undeclared = |text: &str| {
        let document = read(text);
        let build = document.facts.build.as_ref().unwrap();
        let one = |found: &plimsoll_sdk::facts::UndeclaredVariable| {
            let place = document.places.place(found.loc).unwrap();
            let declared = found.declared.value().map_or("-", String::as_str);
            let open = if found.base_may_set { "?" } else { "" };
            format!("{} {} {declared}{open}", found.keyword, place.text())
        };
        build.undeclared.iter().map(one).collect::<Vec<_>>().join(", ")
    };
    for (text, want) in [
        ("FROM scratch\nCOPY $a x\n", "COPY $a -"),
        ("FROM a\nCOPY $a $a ${b} x\n", "COPY $a -?, COPY ${b} -?"),
        ("FROM a\nCOPY ${a:-x} ${b-x} \\$c x\n", ""),
        ("FROM a\nRUN echo $a\nCMD $a\nHEALTHCHECK CMD $a\n", ""),
        ("FROM scratch\nUSER $a\nARG a\nUSER $a\n", "USER $a later"),
        ("ARG a\nFROM scratch\nUSER $a\n", "USER $a global"),
        ("FROM scratch\nUSER $TARGETARCH\n", "USER $TARGETARCH global"),
        ("FROM scratch\nENV a=1 b=$a\n", "ENV $a same"),
        ("FROM scratch\nENV a=$a:1\n", "ENV $a self"),
        ("FROM scratch\nENV a=1\nENV a=2 b=$a\n", ""),
        ("FROM scratch AS x\nENV a=1\nFROM x\nUSER $a\nFROM scratch\nUSER $a\n", "USER $a -"),
        ("FROM --platform=$P a:$T\nFROM $T\n", "FROM $P -, FROM $T -, FROM $T -"),
        ("ARG a=$b\nFROM x\n", "ARG $b -"),
        ("FROM scratch\nCOPY <<E <<'F' /x/\n$a \"$b\nE\n$c\nF\n", "COPY $a -, COPY $b -"),
        ("FROM scratch AS x\nONBUILD USER $a\nFROM x\n", "USER $a -"),
    ] {
        assert_eq!(undeclared(text), want, "{text}");
    }
}

#[test]
fn a_base_is_judged_without_build_arguments_too() {
    for (text, want) in [
        ("ARG T\nFROM a:$T\n", Some("invalid reference format")),
        ("ARG T=1\nFROM a:$T\n", None),
        ("ARG T\nFROM a:1$T\n", None),
        ("ARG T\nFROM a:${T:-1}\n", None),
        ("ARG I\nFROM $I\n", Some("invalid reference format")),
        ("ARG I=scratch\nFROM $I\n", None),
        ("FROM a AS build_amd64\nFROM build_${TARGETARCH}\n", None),
        ("FROM a:$BUILDARCH\n", None),
        ("FROM a:\n", None),
    ] {
        let document = read_with(text, &args(&[("T", "2"), ("I", "b")]), MemoryFiles::default());
        let build = document.facts.build.as_ref().unwrap();
        let problem = build.stages.last().unwrap().default_problem.value().map(String::as_str);
        assert_eq!(problem.is_some(), want.is_some(), "{text}: {problem:?}");
    }
}

#[test]
fn names_and_labels_are_there_as_written() {
    let document = read("FROM a As BuIlD\nARG V\nLABEL a=1 b=$V\nLABEL a=2\n# c\n");
    let build = document.facts.build.as_ref().unwrap();
    let stage = &build.stages[0];
    assert_eq!(stage.name, Nullable::Value("build".into()));
    assert_eq!(stage.written_name, Nullable::Value("BuIlD".into()));
    assert_eq!(stage.written_as, Nullable::Value("As".into()));
    let labels: Vec<_> = build
        .labels
        .iter()
        .map(|l| (l.key.as_deref().unwrap(), l.value.as_deref(), l.literal))
        .collect();
    assert_eq!(labels, [("a", Some("1"), true), ("b", None, false), ("a", Some("2"), true)]);
    let comment = &build.comments[0];
    assert_eq!((comment.text.as_str(), comment.line, comment.alone), ("c", 5, true));
}

#[test]
fn sources_that_dockerignore_leaves_out_are_known() {
    let ignored = |ignore: &str, source: &str| {
        let files = MemoryFiles::default().with(".dockerignore", ignore);
        let text = format!("FROM a\nCOPY {source} /x/\n");
        let document = read_with(&text, &ReadOptions::default(), files);
        document.facts.build.unwrap().copies[0].sources[0].ignored
    };
    let known = |value: bool| Some(Nullable::Value(value));
    for (ignore, source, want) in [
        ("a.txt", "./a.txt", known(true)),
        ("a.txt", "b.txt", known(false)),
        ("dir", "/dir/a.txt", known(true)),
        ("*", ".", known(true)),
        ("a", ".", known(false)),
        ("*\n!a", ".", known(false)),
        ("**\n!a.txt", "./a.txt", known(false)),
        ("**\n!dir/a.txt", "./dir", None),
        ("**\n!*.txt", "dir", None),
        ("dir\n!a.txt", "dir/b", known(true)),
        ("dir\n!dirs/a.txt", "dir", known(true)),
        ("a*", "a*", None),
        ("a", "--from=x a", Some(Nullable::Null)),
    ] {
        assert_eq!(ignored(ignore, source), want, "{ignore} {source}");
    }
}

#[test]
fn doubling_a_variable_does_not_fill_the_memory() {
    let mut text = String::from("FROM scratch\nENV A=0123456789abcdef\n");
    for _ in 0..200 {
        text.push_str("ENV A=$A$A$A$A$A$A$A$A\nENV B=${A%x*}${A#*x}\n");
    }
    let document = read(&text);
    assert!(
        document.problems.iter().any(|p| p.message.contains("long") || p.message.contains("limit"))
    );
}

#[test]
fn many_costly_words_end_soon() {
    let value = "x".repeat(60_000);
    let mut text = format!("FROM scratch\nENV A={value}\n");
    for _ in 0..20_000 {
        text.push_str("ENV B=${A#*y}${A%y*}\n");
    }
    let document = read(&text);
    let stopped = document.problems.iter().filter(|p| p.message.contains("takes too long"));
    assert_eq!(stopped.count(), 1);
    assert!(document.problems.len() < 10);
}

/// Every `loc` of a value, with the names of the fields beside it.
fn locs(value: &Value, found: &mut Vec<(u32, Vec<String>)>) {
    match value {
        Value::Object(map) => {
            if let Some(loc) = map.get("loc").and_then(Value::as_u64) {
                let fields = map.keys().filter(|key| *key != "loc").cloned().collect();
                found.push((u32::try_from(loc).unwrap(), fields));
            }
            map.values().for_each(|value| locs(value, found));
        }
        Value::Array(items) => items.iter().for_each(|value| locs(value, found)),
        _ => {}
    }
}

/// What must hold of the facts of any text.
fn check(document: &Document) {
    let json = serde_json::to_value(&document.facts).unwrap();
    let back: Facts = serde_json::from_value(json.clone()).unwrap();
    assert_eq!(back, document.facts, "facts survive JSON");
    let mut found = Vec::new();
    locs(&json, &mut found);
    let mut seen = HashSet::new();
    for (loc, fields) in found {
        assert!(seen.insert(loc), "loc {loc} stands twice");
        for field in fields.into_iter().map(Some).chain([None]) {
            for item in [None, Some(0), Some(7)] {
                let place = RawPlace { loc: Loc(loc), field: field.clone(), item };
                let place = document.places.resolve(&place).expect("every loc has a place");
                let (text, span) = (place.source.text(), place.span);
                assert!(text.get(span.range()).is_some(), "{span:?} of {loc} {field:?}");
            }
        }
    }
}

fn line() -> impl Strategy<Value = String> {
    let word = prop::sample::select(vec![
        "a",
        "$A",
        "${A:-x}",
        "${B%%*}",
        "root",
        "0:0",
        "'q",
        "\"é\"",
        "--from=x",
        "--from=0",
        "--mount=type=secret,id=a,env=B",
        "--platform=$T",
        "<<EOF",
        "EOF",
        "\\\n",
        "&&",
        "|",
        ";",
        "apt-get install -y curl",
        "sh -c 'apk add x'",
        "[\"a\",\"b\"]",
        "A=b",
        "A=\"b c\"",
        "as x",
        "80/tcp",
        "1-2",
        "http://x/y.git#main",
        "/",
        "-",
        "CMD x",
        "NONE",
        "# c",
        "\t",
        "𝄞",
    ]);
    let keyword = prop::sample::select(vec![
        "FROM",
        "from",
        "RUN",
        "COPY",
        "ADD",
        "ARG",
        "ENV",
        "USER",
        "WORKDIR",
        "EXPOSE",
        "VOLUME",
        "LABEL",
        "CMD",
        "ENTRYPOINT",
        "HEALTHCHECK",
        "ONBUILD",
        "SHELL",
        "STOPSIGNAL",
        "NOPE",
        "# escape=`",
        "# syntax=x",
        "EOF",
    ]);
    (keyword, prop::collection::vec(word, 0..6))
        .prop_map(|(keyword, words)| format!("{keyword} {}\n", words.join(" ")))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, ..ProptestConfig::default() })]

    #[test]
    fn any_lines_give_facts_with_places(lines in prop::collection::vec(line(), 0..14)) {
        check(&read(&lines.concat()));
    }

    #[test]
    fn any_text_gives_facts_with_places(text in "\\PC{0,200}") {
        check(&read(&text));
        check(&read(&format!("FROM a\nRUN {text}\nENV {text}\n")));
    }
}
