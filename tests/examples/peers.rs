//! How the rules of the default bundle compare with those of other tools on these tools' fixtures.
//!
//! `cargo run -p plimsoll-tests --example peers` prints a table by rule and tool, and below it every
//! disagreement with its reason. Needs the conformance suites.
#![allow(clippy::print_stdout)]

use std::process::ExitCode;

use plimsoll_tests::peers::{compare, fixtures, reasons::Reasons, text};

fn main() -> ExitCode {
    let Some(fixtures) = fixtures() else { return ExitCode::FAILURE };
    let comparison = compare(&plimsoll_tests::checklist(), fixtures);
    let reasons = Reasons::read();
    print!("{}", text(&comparison, &reasons));
    if reasons.complaints(&comparison).is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
