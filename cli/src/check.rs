//! `plimsoll check`: documents judged, and the report written.

use clap::{ArgAction, Args};
use plimsoll_engine::Engine;
use plimsoll_engine::config::FailOn;
use plimsoll_engine::diagnostic::Level;
use plimsoll_engine::report::{Detail, Report};

use crate::args::{PathArgs, PolicyArgs, ReadArgs, parse_fail_on, parse_now, parse_output};
use crate::failure::{self, Failure, INCOMPLETE};
use crate::output::{self, Output};
use crate::progress::Progress;
use crate::terminal::{self, When};
use crate::{configuration, inputs};

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

    /// Severity from which on a finding fails the run: info, low, medium, high, critical or never
    #[arg(long, value_name = "LEVEL", help_heading = "Policy", value_parser = parse_fail_on)]
    fail_on: Option<FailOn>,

    /// Let verdicts that could not be reached fail the run, too
    #[arg(long, help_heading = "Policy")]
    fail_on_unknown: bool,

    /// Time to judge by, RFC 3339, such as 2026-01-31T12:00:00Z [default: the clock]
    #[arg(long, value_name = "TIME", help_heading = "Policy", value_parser = parse_now)]
    now: Option<String>,

    #[command(flatten)]
    read: ReadArgs,

    /// Number of threads; the report does not depend on it [default: one per core]
    #[arg(long, value_name = "N", help_heading = "Reading")]
    #[arg(value_parser = clap::value_parser!(u16).range(1..=256))]
    threads: Option<u16>,

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
    let options = args.read.options()?;
    let engine = engine(args)?;
    let found = inputs::find(&args.paths.paths, &args.read);
    let progress = Progress::new(!args.quiet && terminal::redraws());
    let read = engine
        .pool()
        .install(|| found.read(&options, &|done, total| progress.tell("reading", done, total)));
    let total = read.documents.len();
    let mut report =
        engine.check_with(read.documents, &|done| progress.tell("checking", done, total));
    drop(progress);
    if total == 0 && read.problems.iter().any(|problem| problem.level == Level::Error) {
        // That there was nothing to check needs no words beside the reason.
        report.problems.clear();
    }
    report.add_problems(read.problems);
    Ok(write(&report, args, color))
}

fn engine(args: &CheckArgs) -> Result<Engine, Failure> {
    let first = inputs::first_path(&args.paths.paths);
    let mut configuration = configuration::load(&args.policy, &first)?;
    if !args.rule.is_empty() {
        configuration.only(&args.rule)?;
    }
    if let Some(level) = args.fail_on {
        configuration.fail_on(level);
    }
    if args.fail_on_unknown {
        configuration.fail_on_unknown();
    }
    let now = args.now.clone().unwrap_or_else(clock);
    let mut builder = Engine::builder().settings(configuration.settings).now(now);
    for bundle in configuration.bundles {
        builder = builder.bundle(bundle);
    }
    if let Some(threads) = args.threads {
        builder = builder.threads(threads.into());
    }
    Ok(builder.build()?)
}

/// Now, to the second.
fn clock() -> String {
    let now = jiff::Timestamp::now();
    jiff::Timestamp::from_second(now.as_second()).unwrap_or(now).to_string()
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
    let failed = output::write(report, &args.output, color, detail);
    if failed.is_empty() {
        return report.status.exit_code();
    }
    failure::tell(&failed, &report.masks, &color.stderr());
    INCOMPLETE
}
