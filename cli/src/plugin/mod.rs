//! `plimsoll plugin`: for those who write plugins, and for those who are handed one.

mod bench;
mod build;
mod figures;
mod inspect;
mod new;
mod pages;

use clap::{Args, Subcommand, ValueEnum};

use crate::failure::Failure;
use crate::terminal::When;

const EXAMPLES: &str = "\
Examples:
  plimsoll plugin new owners               a crate with a rule, its tests and its page
  plimsoll plugin build owners             owners/owners.wasm
  plimsoll plugin inspect owners.wasm      its rules, its imports, its digest
  plimsoll plugin bench owners.wasm .      how long it takes, and what it uses up

Exit status:
  0  it is done
  2  it could not be done, or not all is well with the plugin";

/// Write, build, inspect and measure plugins: rules in WebAssembly
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES, disable_help_subcommand = true)]
pub(crate) struct PluginArgs {
    #[command(subcommand)]
    command: PluginCommand,
}

#[derive(Debug, Subcommand)]
enum PluginCommand {
    New(new::NewArgs),
    Build(build::BuildArgs),
    Inspect(inspect::InspectArgs),
    Bench(bench::BenchArgs),
}

/// For whom something is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    Human,
    Json,
}

pub(crate) fn run(args: &PluginArgs, color: When) -> Result<u8, Failure> {
    match &args.command {
        PluginCommand::New(args) => new::run(args),
        PluginCommand::Build(args) => build::run(args, color),
        PluginCommand::Inspect(args) => inspect::run(args, color),
        PluginCommand::Bench(args) => bench::run(args, color),
    }
}
