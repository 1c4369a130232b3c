//! The command line as it is written: one struct per group of options.
//!
//! Owns names, defaults and help texts. What an option does is its command's business.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};
use plimsoll_engine::checklist as page;
use plimsoll_engine::config::{FailOn, Profile};
use plimsoll_engine::diagnostic::Diagnostic;
use plimsoll_engine::document::{ComposeOptions, ReadOptions};
use plimsoll_engine::nearest::nearest;
use plimsoll_engine::notation::platform::Platform;
use plimsoll_engine::{document, report};

use crate::output::Output;
use crate::terminal::When;
use crate::{check, checklist, completions, facts, host, inputs, plugin, rules, schema};

const EXAMPLES: &str = "\
Examples:
  plimsoll check                        check what describes containers in this folder
  plimsoll check Dockerfile             check one file
  plimsoll checklist .                  the checklist, item by item, with what came of each
  plimsoll rules image/root-user        what a rule asks for, and how to fix it
  plimsoll facts Dockerfile             what rules get to see

Exit status:
  0  nothing at or above the threshold was found (--fail-on, default medium)
  1  something was found
  2  not everything could be judged, or the command line or configuration is wrong";

/// Judges containers by a policy, how they are built, run and hosted: what is known to be wrong, and what is not known.
#[derive(Debug, Parser)]
#[command(name = "plimsoll", version, after_help = EXAMPLES, arg_required_else_help = true)]
#[command(max_term_width = 100, disable_help_subcommand = true)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,

    /// Colour: auto is on terminals, unless NO_COLOR is set
    #[arg(long, value_name = "WHEN", value_enum, default_value_t = When::Auto, global = true)]
    pub(crate) color: When,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Check(check::CheckArgs),
    Checklist(checklist::ChecklistArgs),
    Facts(facts::FactsArgs),
    Host(host::HostArgs),
    Rules(rules::RulesArgs),
    Plugin(plugin::PluginArgs),
    Schema(schema::SchemaArgs),
    Completions(completions::CompletionsArgs),
    /// Print the version
    Version,
}

/// Which policy is in force.
#[derive(Debug, Args)]
#[command(next_help_heading = "Policy")]
pub(crate) struct PolicyArgs {
    /// Configuration file; without it, plimsoll.yaml is looked for from the first PATH upwards
    #[arg(long, value_name = "FILE", conflicts_with = "no_config")]
    pub(crate) config: Option<PathBuf>,

    /// Ignore every plimsoll.yaml
    #[arg(long)]
    pub(crate) no_config: bool,

    /// Set of rules that are on: baseline (the default: what every container should keep to), cis
    /// (those with a number in the CIS Docker Benchmark), strict (every rule, also the demanding and
    /// the noisy) or lint (style and mistakes of what is written)
    #[arg(long, value_name = "NAME", value_parser = parse_profile)]
    pub(crate) profile: Option<Profile>,

    /// Compile plugins anew, and keep nothing of it
    #[arg(long)]
    pub(crate) no_cache: bool,
}

/// What a run is judged by, besides the policy.
#[derive(Debug, Args)]
pub(crate) struct JudgeArgs {
    /// Severity from which on a finding fails the run: info, low, medium, high, critical or never
    #[arg(long, value_name = "LEVEL", help_heading = "Policy", value_parser = parse_fail_on)]
    pub(crate) fail_on: Option<FailOn>,

    /// Let verdicts that could not be reached fail the run, too
    #[arg(long, help_heading = "Policy")]
    pub(crate) fail_on_unknown: bool,

    /// Time to judge by, RFC 3339, such as 2026-01-31T12:00:00Z [default: the clock]
    #[arg(long, value_name = "TIME", help_heading = "Policy", value_parser = parse_now)]
    pub(crate) now: Option<String>,

    /// Number of threads; the report does not depend on it [default: one per core]
    #[arg(long, value_name = "N", help_heading = "Reading", display_order = 900)]
    #[arg(value_parser = clap::value_parser!(u16).range(1..=256))]
    pub(crate) threads: Option<u16>,
}

/// How documents are found and read.
#[derive(Debug, Args)]
#[command(next_help_heading = "Reading")]
pub(crate) struct ReadArgs {
    /// Value of an ARG; without a value it is taken from the environment
    #[arg(long, value_name = "KEY[=VALUE]", value_parser = parse_build_arg)]
    build_arg: Vec<BuildArg>,

    /// Stage that is built, by name or number; without it, the last
    #[arg(long, value_name = "STAGE")]
    target: Option<String>,

    /// Platform that is built for, like linux/arm64
    #[arg(long, value_name = "PLATFORM", value_parser = parse_platform)]
    platform: Option<String>,

    /// File of variables for compose files, instead of the .env beside them; repeatable
    #[arg(long, value_name = "FILE")]
    env_file: Vec<PathBuf>,

    /// Let compose files use the variables of this environment
    #[arg(long)]
    use_env: bool,

    /// Walk into what .gitignore excludes, too
    #[arg(long)]
    pub(crate) no_ignore: bool,
}

impl ReadArgs {
    /// What the engine wants to know. A build argument without a value that the environment does
    /// not have either is not set, as with `docker build`.
    ///
    /// # Errors
    ///
    /// A file of variables that cannot be read.
    pub(crate) fn options(&self) -> Result<ReadOptions, Diagnostic> {
        let build_args = self.build_arg.iter().filter_map(|arg| {
            let value = match &arg.value {
                Some(value) => value.clone(),
                None => std::env::var_os(&arg.key)?.to_string_lossy().into_owned(),
            };
            Some((arg.key.clone(), value))
        });
        let env_files = self.env_file.iter().map(|path| inputs::text_file(path));
        let variables = std::env::vars_os().filter(|_| self.use_env).map(|(name, value)| {
            (name.to_string_lossy().into_owned(), value.to_string_lossy().into_owned())
        });
        Ok(ReadOptions {
            build_args: build_args.collect(),
            target: self.target.clone(),
            platform: self.platform.clone(),
            compose: ComposeOptions {
                env_files: env_files.collect::<Result<_, _>>()?,
                variables: variables.collect(),
                // Whoever runs the file chooses among profiles: each may be what runs.
                profiles: vec!["*".into()],
                ..ComposeOptions::default()
            },
            ..ReadOptions::default()
        })
    }
}

/// What to look at.
#[derive(Debug, Args)]
pub(crate) struct PathArgs {
    /// Files, folders, `-` for standard input; KIND:PATH says what a file is (dockerfile:build.txt)
    #[arg(value_name = "PATH", default_value = ".")]
    pub(crate) paths: Vec<OsString>,
}

/// A build argument as written.
#[derive(Clone, Debug)]
struct BuildArg {
    key: String,
    value: Option<String>,
}

fn parse_build_arg(text: &str) -> Result<BuildArg, String> {
    let (key, value) = match text.split_once('=') {
        Some((key, value)) => (key, Some(value.to_owned())),
        None => (text, None),
    };
    // A null byte would make looking it up in the environment panic.
    if key.is_empty() || key.contains('\0') {
        return Err("it has no name; write KEY=VALUE".into());
    }
    Ok(BuildArg { key: key.to_owned(), value })
}

fn parse_platform(text: &str) -> Result<String, String> {
    match Platform::parse(text, &Platform::new("linux", "amd64")) {
        Ok(_) => Ok(text.to_owned()),
        Err(error) => Err(format!("{error}; write it like linux/arm64")),
    }
}

fn parse_profile(text: &str) -> Result<Profile, String> {
    let known = Profile::ALL.map(|profile| (profile.as_str(), profile));
    parse_word(text, &known)
}

pub(crate) fn parse_fail_on(text: &str) -> Result<FailOn, String> {
    let severities = plimsoll_engine::sdk::Severity::ALL.map(FailOn::AtLeast);
    let known: Vec<(&str, FailOn)> = severities
        .into_iter()
        .chain([FailOn::Never])
        .map(|level| (level.as_str(), level))
        .collect();
    parse_word(text, &known)
}

/// A time, RFC 3339; a day alone is its beginning in UTC.
pub(crate) fn parse_now(text: &str) -> Result<String, String> {
    let time = text.parse::<jiff::Timestamp>().ok().or_else(|| {
        let day: jiff::civil::Date = text.parse().ok()?;
        Some(day.to_zoned(jiff::tz::TimeZone::UTC).ok()?.timestamp())
    });
    match time {
        Some(time) => Ok(time.to_string()),
        None => Err("it is no time; write it like 2026-01-31T12:00:00Z or 2026-01-31".into()),
    }
}

pub(crate) fn parse_output(text: &str) -> Result<Output, String> {
    let (name, file) = match text.split_once('=') {
        Some((name, file)) => (name, Some(file)),
        None => (text, None),
    };
    let known: Vec<_> = report::FORMATS.iter().map(|format| (format.name, format)).collect();
    let format = parse_word(name, &known)?;
    Ok(Output { format, file: output_file(name, file)? })
}

/// As [`parse_output`], for the checklist; the ending of a file tells its format, too.
pub(crate) fn parse_page(text: &str) -> Result<Output<page::FormatRow>, String> {
    let (name, file) = match text.split_once('=') {
        Some((name, file)) => (name, Some(file)),
        None => (text, None),
    };
    let ends = |format: &&page::FormatRow| file.is_none() && name.ends_with(format.ending);
    if let Some(format) = page::FORMATS.iter().find(ends) {
        return Ok(Output { format, file: Some(PathBuf::from(name)) });
    }
    let known: Vec<_> = page::FORMATS.iter().map(|format| (format.name, format)).collect();
    let format = parse_word(name, &known)?;
    Ok(Output { format, file: output_file(name, file)? })
}

fn output_file(format: &str, file: Option<&str>) -> Result<Option<PathBuf>, String> {
    match file {
        Some("") => Err(format!("it names no file; write {format}=FILE")),
        Some("-") | None => Ok(None),
        Some(file) => Ok(Some(PathBuf::from(file))),
    }
}

/// The kind that `KIND:PATH` names, and the path.
pub(crate) fn split_kind(path: &OsString) -> (Option<&'static document::FormatRow>, OsString) {
    let split = path.to_str().and_then(|text| {
        let (kind, path) = text.split_once(':')?;
        let format = document::FORMATS.iter().find(|format| format.name == kind)?;
        Some((format, path))
    });
    match split {
        Some((format, path)) => (Some(format), path.into()),
        None => (None, path.clone()),
    }
}

fn parse_word<T: Copy>(text: &str, known: &[(&str, T)]) -> Result<T, String> {
    if let Some(&(_, value)) = known.iter().find(|(word, _)| *word == text) {
        return Ok(value);
    }
    let words: Vec<&str> = known.iter().map(|&(word, _)| word).collect();
    Err(match nearest(text, words.iter().copied()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("it is one of {}", words.join(", ")),
    })
}
