//! The command line of Plimsoll: a thin user of `plimsoll-engine`.
//!
//! Everything that touches the clock, the environment, the terminal and the file system lives
//! here. A subcommand is a file of its own and a variant of [`args::Command`].

mod args;
mod bundles;
mod check;
mod checklist;
mod completions;
mod configuration;
mod facts;
mod failure;
mod host;
mod inputs;
mod internal;
mod judge;
mod output;
mod plugin;
mod plugins;
mod progress;
mod rules;
mod schema;
mod terminal;

use std::process::ExitCode;

use clap::Parser;
use plimsoll_engine::mask::Masks;

use args::{Cli, Command};
use failure::{Failure, INCOMPLETE};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let cli = Cli::parse();
    internal::guarded(move || ExitCode::from(run(&cli)))
}

fn run(cli: &Cli) -> u8 {
    let color = cli.color;
    let done = match &cli.command {
        Command::Check(args) => check::run(args, color),
        Command::Checklist(args) => checklist::run(args, color),
        Command::Facts(args) => facts::run(args, color),
        Command::Host(args) => host::run(args, color),
        Command::Rules(args) => rules::run(args, color),
        Command::Plugin(args) => plugin::run(args, color),
        Command::Schema(args) => schema::run(args),
        Command::Completions(args) => completions::run(args),
        Command::Version => output::print(format_args!("plimsoll {}\n", plimsoll_engine::VERSION)),
    };
    match done {
        Ok(status) => status,
        Err(Failure::ClosedPipe) => 0,
        Err(Failure::Problems(problems)) => {
            failure::tell(&problems, &Masks::default(), &color.stderr());
            INCOMPLETE
        }
    }
}
