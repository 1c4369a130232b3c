//! How well the pages of the default bundle test its rules.
//!
//! `cargo run -p plimsoll-tests --example mutation -- [PART-OF-A-PATH]` puts one small fault after the
//! other into each rule and library, runs the cases, and prints what no case noticed. It ends with 1
//! when fewer than nine in ten were noticed.
#![allow(clippy::print_stdout)]

use std::process::ExitCode;

use plimsoll_tests::mutation::{LEAST, study, text};

fn main() -> ExitCode {
    let only = std::env::args().nth(1).unwrap_or_default();
    let bundle = plimsoll_tests::checklist();
    let study = study(&bundle, &only, 1, &mut |module| print!("{}", text(module)));
    for complaint in &study.complaints {
        println!("{complaint}");
    }
    println!("all: {}", study.score());
    let enough = study.score().percent() >= LEAST && !study.tried.is_empty();
    if enough && study.complaints.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
