//! A build service that asks Plimsoll before it builds: the Dockerfile comes from memory, and what
//! is wrong with it goes back to whoever sent it.
#![allow(clippy::print_stdout)]

use std::io::Read;
use std::process::ExitCode;

use plimsoll_engine::bundle::Bundle;
use plimsoll_engine::document::{Input, ReadOptions, dockerfile};
use plimsoll_engine::source::Source;
use plimsoll_engine::{BuildError, Engine, engine};

fn main() -> Result<ExitCode, Box<dyn std::error::Error>> {
    // Once, when the service starts: the policy is compiled, and every mistake in it is told.
    let rules = Bundle::embedded("checklist", plimsoll_policies::CHECKLIST, &engine::vocabulary());
    let engine = Engine::builder().bundle(rules.map_err(BuildError)?).build()?;

    // For each request, from any thread.
    let mut text = Vec::new();
    std::io::stdin().read_to_end(&mut text)?;
    let input = Input { source: Source::from_bytes("upload/Dockerfile", text), folder: None };
    let report = engine.check(dockerfile::read(&input, &ReadOptions::default()));

    for decision in &report.decisions {
        let finding = &decision.finding;
        let (line, rule) = (finding.place.start(), &finding.rule);
        println!("{line}: {} [{}] {}", finding.message, rule.id, rule.remedy);
    }
    println!("{}", report.status.as_str());
    Ok(ExitCode::from(report.status.exit_code()))
}
