//! `plimsoll check`: documents judged, and the report written.

use clap::{ArgAction, Args};
use plimsoll_engine::diagnostic::Level;
use plimsoll_engine::report::{Detail, Report};

use crate::args::{JudgeArgs, PathArgs, PolicyArgs, ReadArgs, parse_output};
use crate::failure::{self, Failure, INCOMPLETE};
use crate::judge::Run;
use crate::output::{self, Output};
use crate::terminal::When;

const EXAMPLES: &str = "\
Examples:
  plimsoll check                                  Dockerfiles and compose files below this folder
  plimsoll check services/api docker/Dockerfile   a folder and a file
  plimsoll check dockerfile:build/image.txt       a file whose name does not say what it is
  plimsoll check compose:compose.yaml,prod.yaml   compose files, merged in this order
  plimsoll check image:api.tar                    an image: archive, layout, manifest
  docker inspect $(docker ps -q) | plimsoll check -
  docker info --format '{{json .}}' | plimsoll check -
  plimsoll check --build-arg VERSION=1.4 --target release
  plimsoll check --rule image/root-user --fail-on low
  plimsoll check -o human -o sarif=plimsoll.sarif -o json=plimsoll.json

In a folder, files are found by name (Dockerfile, api.dockerfile, compose.yaml, daemon.json …), and
by content if their name has no ending or speaks of containers (docker, container, compose, stack,
swarm). What .gitignore excludes is left out; links to folders are not followed. Archives and image
layouts are read when they are named.

Exit status:
  0  nothing at or above the threshold was found (--fail-on, default medium)
  1  something was found
  2  not everything could be judged, or the command line or configuration is wrong";

/// Check documents and report what is wrong with them
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct CheckArgs {
    #[command(flatten)]
    paths: PathArgs,

    #[command(flatten)]
    policy: PolicyArgs,

    /// Only this rule, whether it is on or not; repeatable
    #[arg(long, value_name = "ID", help_heading = "Policy", value_delimiter = ',')]
    rule: Vec<String>,

    #[command(flatten)]
    judge: JudgeArgs,

    #[command(flatten)]
    read: ReadArgs,

    /// Report as human, json or sarif; repeatable, with at most one to standard output
    #[arg(short, long, value_name = "FORMAT[=FILE]", help_heading = "Output")]
    #[arg(value_parser = parse_output, default_value = "human")]
    output: Vec<Output>,

    /// Show only what fails the run or makes it incomplete
    #[arg(short, long, help_heading = "Output", conflicts_with = "verbose")]
    quiet: bool,

    /// Show also every unknown verdict, and the background of each finding
    #[arg(short, long, help_heading = "Output", action = ArgAction::SetTrue)]
    verbose: bool,
}

pub(crate) fn run(args: &CheckArgs, color: When) -> Result<u8, Failure> {
    output::verify(&args.output)?;
    let run = Run {
        paths: &args.paths.paths,
        policy: &args.policy,
        judge: &args.judge,
        read: &args.read,
        quiet: args.quiet,
    };
    let options = args.read.options()?;
    let mut configuration = run.configuration()?;
    if !args.rule.is_empty() {
        configuration.only(&args.rule)?;
    }
    let engine = run.engine(configuration)?;
    Ok(write(&run.report(&engine, &options), args, color))
}

/// Writes the report; gives the exit status.
fn write(report: &Report, args: &CheckArgs, color: When) -> u8 {
    let detail = match (args.quiet, args.verbose) {
        (true, _) => Detail::Quiet,
        (_, true) => Detail::Verbose,
        _ => Detail::Normal,
    };
    let shown = args.output.iter().any(|out| out.file.is_none() && out.format.for_people);
    if !shown {
        // A report that only programs read must not hide from people why it is incomplete.
        let problems: Vec<_> = report
            .problems
            .iter()
            .filter(|problem| !args.quiet || problem.level == Level::Error)
            .cloned()
            .collect();
        failure::tell(&problems, &report.masks, &color.stderr());
    }
    let failed = output::write(&args.output, color, detail, |format, out, options| {
        report.write(format, out, options)
    });
    if failed.is_empty() {
        return report.status.exit_code();
    }
    failure::tell(&failed, &report.masks, &color.stderr());
    INCOMPLETE
}
