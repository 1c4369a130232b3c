//! `plimsoll rules`: which rules there are, and what one of them is about.

mod list;
mod page;

use clap::Args;
use plimsoll_engine::report::Detail;

use crate::args::PolicyArgs;
use crate::configuration::{self, unknown_rule};
use crate::failure::Failure;
use crate::output;
use crate::terminal::When;

const EXAMPLES: &str = "\
Examples:
  plimsoll rules                       the rules that are on, and the names of those that are off
  plimsoll rules --all --profile cis   all rules, and which of them the profile turns on
  plimsoll rules image/root-user       one rule: why, how to fix it, its parameters
  plimsoll rules --json | jq -r '.[].id'";

/// List the rules, or show the page of one
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct RulesArgs {
    /// Rule to show
    #[arg(value_name = "ID")]
    id: Option<String>,

    #[command(flatten)]
    policy: PolicyArgs,

    /// Describe also the rules that are off; for one rule, also the examples it is tested with
    #[arg(long, help_heading = "Output")]
    all: bool,

    /// Print JSON
    #[arg(long, help_heading = "Output")]
    json: bool,
}

pub(crate) fn run(args: &RulesArgs, color: When) -> Result<u8, Failure> {
    let configuration = configuration::load(&args.policy, std::path::Path::new("."))?;
    let policy = configuration.policy()?;
    let options = color.stdout(Detail::Normal);
    let Some(id) = &args.id else {
        let rules: Vec<_> = policy.rules.iter().filter(|rule| args.all || rule.enabled).collect();
        output::stdout(!args.json, |out| match args.json {
            true => list::write_json(&rules, out),
            false => list::write(&policy, &rules, options, out),
        })?;
        return Ok(0);
    };
    let Some(rule) = policy.rule(id) else {
        return Err(unknown_rule(id, policy.rules.iter().map(|rule| rule.meta.id.as_str())).into());
    };
    if args.json {
        output::stdout(false, |out| list::write_json_of(rule, out))?;
        return Ok(0);
    }
    // How it is run is decided when it is loaded, and only rules that are on are loaded.
    let mut only = configuration;
    only.only(std::slice::from_ref(id))?;
    let engine = only.builder().threads(1).build()?;
    let page = page::Page { rule, executor: engine.executor(id), policy: &policy, all: args.all };
    output::stdout(true, |out| page.write(out, options))?;
    Ok(0)
}
