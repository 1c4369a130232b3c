//! `plimsoll schema`: the JSON Schemas of what Plimsoll reads and writes.

use clap::{Args, ValueEnum};
use plimsoll_engine::document::host;
use plimsoll_engine::{checklist, config, document, report};

use crate::failure::Failure;
use crate::output;

const EXAMPLES: &str = "\
Examples:
  plimsoll schema facts                     fields that rules can read
  plimsoll schema config > plimsoll.schema.json";

/// Print the JSON Schema of the facts, of what is written as JSON, of plimsoll.yaml, or of a host
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct SchemaArgs {
    /// What to describe
    #[arg(value_enum)]
    of: Subject,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Subject {
    /// What `plimsoll facts` prints and rules read as `input`
    Facts,
    /// What `plimsoll check -o json` writes
    Report,
    /// What `plimsoll checklist -o json` writes
    Checklist,
    /// plimsoll.yaml
    Config,
    /// What `plimsoll host` prints, and `plimsoll check` reads
    Host,
}

pub(crate) fn run(args: &SchemaArgs) -> Result<u8, Failure> {
    let schema = match args.of {
        Subject::Facts => document::facts_schema(),
        Subject::Report => report::json::schema(),
        Subject::Checklist => checklist::schema(),
        Subject::Config => config::schema(),
        Subject::Host => host::schema(),
    };
    output::stdout(false, |out| report::write_json(out, &schema))?;
    Ok(0)
}
