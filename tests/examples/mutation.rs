//! How well the pages of the default bundle test its rules.
//!
//! `cargo run -p plimsoll-tests --example mutation -- [PART-OF-A-PATH]` puts one small fault after the
//! other into each rule and library, runs the cases, and prints what no case noticed. It ends with 1
//! when fewer than nine in ten were noticed.
#![allow(clippy::print_stdout)]

use std::process::ExitCode;

fn main() -> ExitCode {
    let only = std::env::args().nth(1).unwrap_or_default();
    let study = plimsoll_tests::mutation::study(&plimsoll_tests::checklist(), &only, 1);
    print!("{}", study.text());
    if study.tried.is_empty() {
        println!("nothing is called `{only}`");
    }
    let enough = study.score().percent() >= 90.0 && !study.tried.is_empty();
    if enough && study.complaints.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
