use plimsoll_sdk::testing::{run, run_with};
use plimsoll_sdk::{Facts, Loc};
use serde_json::json;

use super::RandomArgument;

/// What `plimsoll facts --show-secrets` prints for the Dockerfile beside it.
const FACTS: &str = include_str!("../tests/facts.json");

/// Cut in two, so that no scanner stumbles over it.
const NOISE: &str = concat!("q8Zr1vKx0Tn7", "Yw3Lb9Pd5HsJ");

/// The facts of `RUN tool WORDS`.
fn facts(words: &[&str]) -> Facts {
    let mut facts = Facts::from_json(&FACTS.replace("NOISE", NOISE)).expect("facts");
    let build = facts.build.as_mut().expect("a build");
    build.runs.truncate(1);
    let command = &mut build.runs[0].commands[0];
    command.name = Some("tool".to_owned()).into();
    command.args = words.iter().map(|&word| word.to_owned()).collect();
    command.loc = Loc(1000);
    build.runs[0].commands.truncate(1);
    facts
}

fn found(words: &[&str]) -> Vec<Option<u32>> {
    let verdict = run::<RandomArgument>(&facts(words)).expect("a verdict");
    verdict.findings.iter().map(|finding| finding.place.item).collect()
}

#[test]
fn a_build_as_the_engine_reads_it() {
    let verdict =
        run::<RandomArgument>(&Facts::from_json(&FACTS.replace("NOISE", NOISE)).expect("facts"));
    assert_eq!(
        verdict.expect("a verdict").messages(),
        [
            "an argument of `curl` looks like a credential: 4.6 bits of entropy per character",
            "the value of `DEPLOY` looks like a credential: 4.6 bits of entropy per character",
        ]
    );
}

#[test]
fn noise_is_found_wherever_it_stands() {
    let bearer = format!("Authorization: Bearer {NOISE}");
    let query = format!("https://downloads.example.com/a?sig={NOISE}");
    let user = format!("https://{NOISE}@git.example.com/a.git");
    assert_eq!(found(&["-v", NOISE, "--x", &bearer]), [Some(1), Some(3)]);
    assert_eq!(found(&[&query, &user]), [Some(0), Some(1)]);
}

#[test]
fn what_is_long_and_no_noise_is_not_found() {
    let words = [
        "x86_64-unknown-linux-musl",
        "Miniconda3-py311_23.5.2-0-Linux-x86_64.sh",
        "DEBIAN_FRONTEND_NONINTERACTIVE_2",
        "GoogleChromeStableCurrent64",
        &format!("https://dl.example.com/{NOISE}/file.tar.gz"),
        "f81d4fae-7dec-11d0-a765-00a0c91e6bf6",
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "aaaaaaaaaaaaaaaaaaaaaaaaa1A",
        &format!("/opt/{NOISE}"),
    ];
    assert_eq!(found(&words), []);
}

#[test]
fn parameters_decide_what_is_noise() {
    let digest = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    let facts = facts(&[NOISE, digest]);
    let count =
        |params| run_with::<RandomArgument>(&facts, &params).expect("a verdict").findings.len();
    assert_eq!(count(json!({})), 1);
    assert_eq!(count(json!({"hexadecimal": true})), 2);
    assert_eq!(count(json!({"min_length": 25})), 0);
    assert_eq!(count(json!({"min_entropy": 4.6})), 0);
    assert_eq!(count(json!({"ignored_values": ["q8Zr1*"]})), 0);
    assert_eq!(count(json!({"ignored_commands": ["to*"]})), 0);
}

#[test]
fn commands_that_were_not_read_are_unknown() {
    let mut facts = facts(&[]);
    let build = facts.build.as_mut().expect("a build");
    build.runs[0].incomplete.push("commands".to_owned());
    let verdict = run::<RandomArgument>(&facts).expect("a verdict");
    assert_eq!(verdict.unknowns[0].subject, facts.build.expect("a build").loc);
}
