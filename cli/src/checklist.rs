//! `plimsoll checklist`: the checklist item by item, with the rules that serve each, and with what
//! came of them where documents are given.

use std::ffi::OsString;
use std::path::Path;

use clap::Args;
use plimsoll_engine::Plugin;
use plimsoll_engine::bundle::Shipped;
use plimsoll_engine::checklist::{self, FormatRow, Page};
use plimsoll_engine::diagnostic::Diagnostic;
use plimsoll_engine::mask::Masks;
use plimsoll_engine::report::Detail;

use crate::args::{JudgeArgs, PolicyArgs, ReadArgs, parse_page};
use crate::configuration::{self, Configuration};
use crate::failure::{self, Failure, INCOMPLETE};
use crate::judge::Run;
use crate::output::{self, Output};
use crate::terminal::When;

const EXAMPLES: &str = "\
Examples:
  plimsoll checklist                            items, their rules, and what cannot be checked
  plimsoll checklist .                          with what came of the documents below this folder
  plimsoll checklist --view verification .      the ten questions that the second guide ends with
  plimsoll checklist --profile strict -o checklist.html .
  docker inspect $(docker ps -q) | plimsoll checklist -o markdown -

An item fails if one of its rules does; else it is unknown if one of them is, and passes if one of
them does. Otherwise it is not covered: it cannot be checked, its rules are off, or nothing that
they judge was given.

Exit status: as `plimsoll check` has it for the same documents; 0 without any.";

/// Show the checklist item by item: its rules, and with PATHs what came of them
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct ChecklistArgs {
    /// Files, folders, `-` for standard input; KIND:PATH says what a file is; without any, the page alone
    #[arg(value_name = "PATH")]
    paths: Vec<OsString>,

    #[command(flatten)]
    policy: PolicyArgs,

    #[command(flatten)]
    judge: JudgeArgs,

    #[command(flatten)]
    read: ReadArgs,

    /// Part of the checklist: all, guide1, guide2, krol3, or verification, the second guide's closing list
    #[arg(long, value_name = "NAME", help_heading = "Output", default_value = checklist::ALL)]
    view: String,

    /// Write as human, json, markdown or html; a FILE alone is written as its ending says; repeatable
    #[arg(short, long, value_name = "FORMAT[=FILE]", help_heading = "Output")]
    #[arg(value_parser = parse_page, default_value = "human")]
    output: Vec<Output<FormatRow>>,

    /// Show only items that fail or are unknown
    #[arg(short, long, help_heading = "Output", conflicts_with = "verbose")]
    quiet: bool,

    /// Show every rule of every item
    #[arg(short, long, help_heading = "Output")]
    verbose: bool,
}

pub(crate) fn run(args: &ChecklistArgs, color: When) -> Result<u8, Failure> {
    output::verify(&args.output)?;
    let (page, status) = match args.paths.is_empty() {
        true => (alone(args, color)?, 0),
        false => judged(args, color)?,
    };
    let detail = match (args.quiet, args.verbose) {
        (true, _) => Detail::Quiet,
        (_, true) => Detail::Verbose,
        _ => Detail::Normal,
    };
    let page = page.view(&args.view)?;
    let failed = output::write(&args.output, color, detail, |format, out, options| {
        page.write(format, out, options)
    });
    if failed.is_empty() {
        return Ok(status);
    }
    failure::tell(&failed, &Masks::default(), &color.stderr());
    Ok(INCOMPLETE)
}

/// The page without a run.
fn alone(args: &ChecklistArgs, color: When) -> Result<Page, Failure> {
    let configuration = configuration::load(&args.policy, Path::new("."))?;
    tell(
        &checklist::strays(&configuration.bundles, &of_plugins(&configuration)),
        &Masks::default(),
        color,
    );
    let policy = configuration.policy()?;
    Ok(Page::new(&configuration.bundles, &policy, None))
}

/// The page of a run, and its exit status.
fn judged(args: &ChecklistArgs, color: When) -> Result<(Page, u8), Failure> {
    let run = Run {
        paths: &args.paths,
        policy: &args.policy,
        judge: &args.judge,
        read: &args.read,
        quiet: args.quiet,
    };
    let options = args.read.options()?;
    let configuration = run.configuration()?;
    let bundles = configuration.bundles.clone();
    let plugins = of_plugins(&configuration);
    // A view that there is not is told before the work is done.
    Page::new(&bundles, &configuration.policy()?, None).view(&args.view)?;
    let engine = run.engine(configuration)?;
    let report = run.report(&engine, &options);
    tell(&checklist::strays(&bundles, &plugins), &Masks::default(), color);
    // The page has no room for them, and must not hide why it is incomplete.
    tell(&report.problems, &report.masks, color);
    let page = Page::new(&bundles, engine.policy(), Some(&report));
    Ok((page, report.status.exit_code()))
}

fn of_plugins(configuration: &Configuration) -> Vec<Shipped> {
    configuration.plugins.iter().map(Plugin::shipped).collect()
}

fn tell(problems: &[Diagnostic], masks: &Masks, color: When) {
    failure::tell(problems, masks, &color.stderr());
}
