//! `plimsoll plugin` as authors of plugins meet it.
#![allow(clippy::unwrap_used)] // Clippy does not see that all of it belongs to tests.

#[path = "../../engine/src/evaluate/wasm/tests/guest.rs"]
#[allow(dead_code)]
mod guest;
mod support;

use std::fmt::Write as _;
use std::process::Command;

use guest::{Finding, Guest};
use plimsoll_tests::{generated, plugins, repository};
use serde_json::Value;
use support::{PLIMSOLL, Project, ROOT, Run};

const RULES: &str = r#"[{
    "id": "zoo/image/labels", "title": "Label is missing", "description": "Looks for the label.",
    "severity": "high", "kinds": ["dockerfile"], "subjects": ["image"], "profiles": ["baseline"],
    "remedy": "Add the label.", "levels": {"mild": "low"},
    "params": {"name": {"type": "string", "default": "team", "description": "The label."},
               "many": {"type": "list<string>", "default": ["a", "b"], "description": "Others."}}
}]"#;

/// A plugin whose rule cannot judge anything.
fn zoo() -> Guest {
    let description = format!(r#"{{"name":"zoo","version":"1.0.0","facts":"0","rules":{RULES}}}"#);
    Guest::new(&description).refuses('a', "no reason")
}

fn wat(text: &str) -> Vec<u8> {
    wat::parse_str(text).unwrap()
}

fn json(run: &Run) -> Value {
    serde_json::from_str(&run.stdout).unwrap_or_else(|error| panic!("{error}: {}", run.shown()))
}

/// Runs of the program one after the other, as a page. Nothing is kept of what was compiled.
fn session(project: &Project, commands: &[&[&str]]) -> String {
    let mut text = String::new();
    for arguments in commands {
        let shown = project.run(arguments).shown();
        let _ = writeln!(text, "$ plimsoll {}\n{shown}\n", arguments.join(" "));
    }
    let text = text.replace(PLIMSOLL, "plimsoll");
    without_digests(&text.replace(&repository().display().to_string(), "/REPOSITORY"))
}

/// Digests differ with every version of what makes components.
fn without_digests(text: &str) -> String {
    let mut parts = text.split("sha256:");
    let mut shown = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let rest = part.trim_start_matches(|c: char| c.is_ascii_hexdigit());
        assert_eq!(part.len() - rest.len(), 64, "{part}");
        shown += &format!("sha256:…{rest}");
    }
    shown
}

#[test]
fn what_cannot_be_a_new_plugin_is_refused() {
    let project = Project::bare("plugin-new-refused").file("full/file", "").file("text", "");
    let mut commands: Vec<Vec<&str>> = [
        "a/b",
        "..",
        "",
        "Owners",
        "1st",
        "a--b",
        "-a",
        "a-",
        "checklist",
        "lib",
        "struct",
        "plimsoll-sdk",
        "über",
    ]
    .iter()
    .map(|name| vec!["plugin", "new", "--", *name])
    .collect();
    commands.push(vec!["plugin", "new", "full"]);
    commands.push(vec!["plugin", "new", "a", "--path", "text"]);
    commands.push(vec!["plugin", "new", "a", "--path", "text/b"]);
    commands.push(vec!["plugin", "new", "a", "--sdk", "full"]);
    commands.push(vec!["plugin", "new"]);
    let commands: Vec<&[&str]> = commands.iter().map(Vec::as_slice).collect();
    insta::assert_snapshot!(session(&project, &commands));
    let left: Vec<_> = std::fs::read_dir(project.path("")).unwrap().flatten().collect();
    assert_eq!(left.len(), 3, "{left:?}");
}

#[test]
fn what_is_no_plugin_is_inspected_as_far_as_it_goes() {
    let wasi = r#"(component
        (import "wasi:clocks/wall-clock@0.2.0" (instance))
        (import "wasi:cli/environment@0.2.0" (instance)))"#;
    let zoo = zoo().build();
    let project = Project::bare("plugin-inspect")
        .file("folder/file", "")
        .file("empty.wasm", "")
        .file("text.wasm", "hello\n")
        .file("wat.wasm", "(module)")
        .file("module.wasm", wat(r#"(module (import "env" "now" (func)) (memory (export "m") 1))"#))
        .file("wasi.wasm", wat(wasi))
        .file("cut.wasm", &zoo[..zoo.len() / 2])
        .file("zoo.wasm", zoo);
    let commands: Vec<Vec<&str>> = [
        "zoo.wasm",
        "wasi.wasm",
        "module.wasm",
        "cut.wasm",
        "wat.wasm",
        "text.wasm",
        "empty.wasm",
        "folder",
        "nowhere.wasm",
    ]
    .iter()
    .map(|file| vec!["plugin", "inspect", "--no-cache", file])
    .collect();
    let commands: Vec<&[&str]> = commands.iter().map(Vec::as_slice).collect();
    insta::assert_snapshot!(session(&project, &commands));

    let as_json = |file| json(&project.run(&["plugin", "inspect", "--format", "json", file]));
    let good = as_json("zoo.wasm");
    assert_eq!(good["plugin"]["contract"], 1);
    assert_eq!(good["plugin"]["rules"][0]["id"], "zoo/image/labels");
    assert_eq!(good["plugin"]["rules"][0]["params"]["name"]["default"], "team");
    assert_eq!(
        (&good["imports"][1], &good["problems"]),
        (&Value::from("log"), &Value::Array(vec![]))
    );
    let bad = as_json("wasi.wasm");
    assert_eq!((&bad["plugin"], bad["imports"].as_array().map(Vec::len)), (&Value::Null, Some(2)));
    assert_eq!(bad["problems"].as_array().map(Vec::len), Some(1));
}

#[test]
fn a_module_of_another_compiler_becomes_a_plugin() {
    let foreign = r#"(module (import "wasi_snapshot_preview1" "fd_write" (func (param i32))))"#;
    let project = Project::bare("plugin-module")
        .file("out/rules.wasm", wat(&zoo().core()))
        .file("zoo.wasm", wat(&zoo().core()))
        .file("rules/image/labels.md", "# Label is missing\n\n## Examples\n\n### One\n\n```dockerfile\nFROM alpine\n```\n\n```outcomes\nerror \"another\"\n```\n")
        .file("component.wasm", zoo().build())
        .file("foreign.wasm", wat(foreign))
        .file("lying.wasm", wat(&Guest::new("{}").core()))
        .file("text.wasm", "hello");
    let commands: &[&[&str]] = &[
        &["plugin", "build", "--no-cache", "out/rules.wasm"],
        &["plugin", "build", "--no-cache", "zoo.wasm"],
        &["plugin", "build", "--no-cache", "zoo.wasm", "-o", "made.wasm"],
        &["plugin", "build", "--no-cache", "zoo.wasm", "-o", "made.wasm", "--bless"],
        &["plugin", "build", "--no-cache", "zoo.wasm", "-o", "made.wasm"],
        &["plugin", "build", "--no-cache", "component.wasm"],
        &["plugin", "build", "--no-cache", "foreign.wasm"],
        &["plugin", "build", "--no-cache", "lying.wasm"],
        &["plugin", "build", "--no-cache", "text.wasm"],
        &["plugin", "build", "--no-cache", "nowhere.wasm"],
        &["plugin", "build", "--no-cache", "out"],
    ];
    insta::assert_snapshot!(session(&project, commands));
    // What is written is the same component, whatever it is called.
    let bytes = |path: &str| std::fs::read(project.path(path)).unwrap();
    assert_eq!(bytes("out/zoo.wasm"), bytes("made.wasm"));
    assert!(!project.path("lying").exists() && !project.path("foreign").exists());
}

#[test]
fn a_page_of_no_rule_is_told_of() {
    let module = wat(&zoo().core());
    let project = Project::bare("plugin-stray")
        .file("module/zoo.wasm", module)
        .file("rules/image/label.md", "# Label is missing\n")
        .file("rules/secret/key.md", "# Key is not there\n")
        .file("rules/README.md", "")
        .file("rules/image/notes.txt", "");
    let build: &[&str] = &["plugin", "build", "--no-cache", "module/zoo.wasm", "-o", "./zoo.wasm"];
    let warnings = || {
        let run = project.run(build);
        let stray = |line: &&str| line.contains("no rule") || line.contains("did you mean");
        run.stderr.lines().filter(stray).map(str::to_owned).collect::<Vec<_>>().join("\n")
    };
    insta::assert_snapshot!(warnings(), @r"
    warning: the page `rules/image/label.md` belongs to no rule
     = help: did you mean `rules/image/labels.md`?
    warning: the page `rules/secret/key.md` belongs to no rule
    ");
    // They may be those of another plugin.
    std::fs::copy(project.path("zoo.wasm"), project.path("other.wasm")).unwrap();
    assert_eq!(warnings(), "");
}

#[test]
fn a_plugin_is_measured() {
    let found = [Finding { loc: 7, message: b"the label is missing", ..Finding::default() }];
    let good = format!(r#"{{"name":"zoo","version":"1.0.0","facts":"0","rules":{RULES}}}"#);
    let project = Project::bare("plugin-bench")
        .file("good.wasm", Guest::new(&good).finds('a', &found).build())
        .file("bad.wasm", zoo().build())
        .file("a/Dockerfile", ROOT)
        .file("b/Dockerfile", ROOT)
        .file("b/compose.yaml", "services: {}\n")
        .file("c/Dockerfile", "FROM alpine\nCOPPY a b\n");
    let bench = |arguments: &[&str]| {
        let mut all = vec!["plugin", "bench", "--no-cache", "--rounds", "2"];
        all.extend(arguments);
        project.run(&all)
    };
    let run = bench(&["good.wasm", "a", "b", "--format", "json"]);
    assert_eq!(run.code, Some(0), "{}", run.shown());
    let figures = json(&run);
    assert_eq!((&figures["documents"], &figures["judged"]), (&Value::from(3), &Value::from(2)));
    assert_eq!(
        (&figures["rules"][0]["fail"], &figures["rules"][0]["documents"]),
        (&Value::from(2), &Value::from(2))
    );
    assert!(figures["time_us"]["max"].as_u64() > Some(0), "{figures}");
    assert!(
        figures["load_us"]["compiling"].as_u64() > Some(0)
            && figures["load_us"]["cached"].is_null()
    );
    // What the guest's memory begins with: 32 pages.
    assert_eq!(figures["memory_bytes"]["max"], 32 << 16);
    let fuel = figures["fuel"]["max"].as_u64().unwrap();
    assert!(fuel > 10 && fuel < figures["fuel"]["limit"].as_u64().unwrap());
    // Fuel is counted, and so does not change.
    let again = json(&bench(&["good.wasm", "a", "b", "--format", "json"]));
    assert_eq!((&again["fuel"], &again["rules"]), (&figures["fuel"], &figures["rules"]));

    let shown = bench(&["good.wasm", "a"]);
    assert!(shown.stdout.contains("judged    1 of 1 documents"), "{}", shown.shown());
    for (arguments, said) in [
        (&["bad.wasm", "a"][..], "could not judge a/Dockerfile"),
        (&["good.wasm", "c"], "COPPY"),
        (&["good.wasm", "nowhere"], "nowhere"),
        (&["good.wasm", "b/compose.yaml"], "no rule in force judges anything"),
        (&["nowhere.wasm", "a"], "there is no plugin `nowhere.wasm`"),
    ] {
        let run = bench(arguments);
        assert_eq!(run.code, Some(2), "{}", run.shown());
        assert!(run.stderr.contains(said), "{said}: {}", run.shown());
    }
    assert_eq!(json(&bench(&["bad.wasm", "a", "--format", "json"]))["rules"][0]["error"], 1);
}

/// The template as a new plugin of this name.
fn template(path: &str, name: &str) -> String {
    let text = std::fs::read_to_string(repository().join("cli/plugin-template").join(path));
    text.unwrap().replace("my-plugin", name)
}

#[test]
fn the_template_is_built_like_the_example_plugins() {
    let profile = |text: &str| {
        let section = text.split("[profile.release]\n").nth(1).unwrap();
        section.lines().take_while(|line| !line.is_empty()).collect::<Vec<_>>().join("\n")
    };
    let examples = std::fs::read_to_string(repository().join("plugins/Cargo.toml")).unwrap();
    assert_eq!(profile(&template("Cargo.toml", "")), profile(&examples));
    assert!(examples.contains("edition = \"2024\"\nrust-version = \"1.95\""));
    assert!(template("Cargo.toml", "").contains("edition = \"2024\"\nrust-version = \"1.95\""));
}

#[test]
fn the_facts_of_the_template_are_real() {
    let mut facts = Command::new(PLIMSOLL);
    facts.args(["facts", "--no-config", "tests/Dockerfile"]);
    let output = facts.current_dir(repository().join("cli/plugin-template")).output().unwrap();
    let printed = String::from_utf8(output.stdout).unwrap();
    generated::file("cli/plugin-template/tests/facts.json", &printed);
}

/// A part of the page of the book that these commands are from: a command and what it prints.
fn shown_in_the_book(part: &str, command: &str, printed: &str) {
    let printed = without_digests(&printed.replace(PLIMSOLL, "plimsoll"));
    // It differs with every version of the compiler.
    let lines: Vec<&str> = printed.lines().filter(|line| !line.starts_with("  size ")).collect();
    let text = format!("```console\n$ {command}\n{}\n```\n", lines.join("\n").trim_end());
    generated::part("book/src/plugins/ten-minutes.md", part, &text);
}

#[test]
fn the_book_shows_the_page_of_the_template() {
    let page = template("rules/image/missing-owner.md", "owners");
    let text = format!("~~~markdown\n{page}~~~\n");
    generated::part("book/src/plugins/ten-minutes.md", "page", &text);
}

/// From nothing to a finding, with the commands of the book.
#[test]
fn a_new_plugin_is_tested_built_inspected_and_checks() {
    if plugins::toolchain().is_none() {
        return;
    }
    let target = format!("[build]\ntarget-dir = {:?}\n", plugins::target());
    let project = Project::bare("plugin-ten-minutes");
    let new = project.run(&["plugin", "new", "owners"]);
    assert_eq!((new.code, new.stderr.as_str()), (Some(0), ""), "{}", new.shown());
    shown_in_the_book("new", "plimsoll plugin new owners", &new.stdout);
    for file in
        ["src/lib.rs", "src/tests.rs", "rules/image/missing-owner.md", "README.md", ".gitignore"]
    {
        assert_eq!(project.read(&format!("owners/{file}")), template(file, "owners"), "{file}");
    }
    // What tests compile is shared; and as the versions are those of the example plugins, nothing has to
    // be downloaded.
    let lock = std::fs::read(repository().join("plugins/Cargo.lock")).unwrap();
    let project = project.file("owners/Cargo.lock", lock).file("owners/.cargo/config.toml", target);
    let mut test = Command::new(env!("CARGO"));
    test.args(["test", "--quiet"]).current_dir(project.path("owners"));
    let output = test.env_remove("CARGO_TARGET_DIR").output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));

    let build = |more: &[&str]| {
        let mut arguments = vec!["plugin", "build", "owners", "--no-cache"];
        arguments.extend(more);
        project.run(&arguments)
    };
    let run = build(&[]);
    assert_eq!(run.code, Some(0), "{}", run.shown());
    assert!(run.stdout.contains("size     "), "{}", run.shown());
    shown_in_the_book("build", "plimsoll plugin build owners", &run.stdout);

    // A page that says something else, and what `--bless` makes of it.
    let page = "owners/rules/image/missing-owner.md";
    let wrong = project.read(page).replace("is no address of an owner", "is wrong");
    let project = project.file(page, wrong);
    let run = project.run(&["plugin", "build", "owners", "--no-cache", "--locked"]);
    assert_eq!(run.code, Some(2), "{}", run.shown());
    assert!(run.stdout.contains("pages    3 cases passed\n"), "{}", run.shown());
    assert!(run.stderr.contains("the rule says something else in this case"), "{}", run.shown());
    let run = project.run(&["plugin", "build", "owners", "--no-cache", "--bless"]);
    assert_eq!(run.code, Some(0), "{}", run.shown());
    assert_eq!(project.read(page), template("rules/image/missing-owner.md", "owners"));

    let run =
        project.run(&["plugin", "inspect", "--no-cache", "owners/owners.wasm", "--format", "json"]);
    let inspected = json(&run);
    assert_eq!(inspected["plugin"]["rules"][0]["page"], true);
    let digest = inspected["digest"].as_str().unwrap();
    let project = project
        .file(
            "Dockerfile",
            "FROM alpine:3.22\nLABEL org.opencontainers.image.authors=\"the shop team\"\n",
        )
        .file(
            "plimsoll.yaml",
            format!("plugins:\n  - path: owners/owners.wasm\n    digest: {digest}\n"),
        );
    let id = "owners/image/missing-owner";
    let run = project.run(&["check", "--no-cache", "--rule", id, "Dockerfile"]);
    assert_eq!(run.code, Some(1), "{}", run.shown());
    let command = format!("plimsoll check --rule {id} Dockerfile");
    shown_in_the_book("check", &command, &run.stdout);
    let run = project.run(&["plugin", "bench", "--no-cache", "owners/owners.wasm", "Dockerfile"]);
    assert_eq!(run.code, Some(0), "{}", run.shown());
}
