//! Documents found, read and judged: what `check` and `checklist` have in common.

use std::ffi::OsString;

use plimsoll_engine::diagnostic::Level;
use plimsoll_engine::document::ReadOptions;
use plimsoll_engine::report::Report;
use plimsoll_engine::{BuildError, Engine};

use crate::args::{JudgeArgs, PolicyArgs, ReadArgs};
use crate::configuration::{self, Configuration};
use crate::failure::Failure;
use crate::progress::Progress;
use crate::{inputs, terminal};

/// What is to be judged, and how.
pub(crate) struct Run<'a> {
    pub(crate) paths: &'a [OsString],
    pub(crate) policy: &'a PolicyArgs,
    pub(crate) judge: &'a JudgeArgs,
    pub(crate) read: &'a ReadArgs,
    /// Whether to keep quiet about how far the work is.
    pub(crate) quiet: bool,
}

impl Run<'_> {
    /// The configuration for the first path, with what the command line says.
    ///
    /// # Errors
    ///
    /// Everything that is wrong with configuration and bundles.
    pub(crate) fn configuration(&self) -> Result<Configuration, Failure> {
        let first = inputs::first_path(self.paths);
        let mut configuration = configuration::load(self.policy, &first)?;
        if let Some(level) = self.judge.fail_on {
            configuration.fail_on(level);
        }
        if self.judge.fail_on_unknown {
            configuration.fail_on_unknown();
        }
        Ok(configuration)
    }

    /// The policy, compiled.
    ///
    /// # Errors
    ///
    /// Everything that is wrong with it.
    pub(crate) fn engine(&self, configuration: Configuration) -> Result<Engine, BuildError> {
        let now = self.judge.now.clone().unwrap_or_else(clock);
        let mut builder = configuration.builder().now(now);
        if let Some(threads) = self.judge.threads {
            builder = builder.threads(threads.into());
        }
        builder.build()
    }

    /// Finds, reads and judges the documents.
    pub(crate) fn report(&self, engine: &Engine, options: &ReadOptions) -> Report {
        let found = inputs::find(self.paths, self.read);
        let progress = Progress::new(!self.quiet && terminal::redraws());
        let read = engine
            .pool()
            .install(|| found.read(options, &|done, total| progress.tell("reading", done, total)));
        let total = read.documents.len();
        let mut report =
            engine.check_with(read.documents, &|done| progress.tell("checking", done, total));
        drop(progress);
        if total == 0 && read.problems.iter().any(|problem| problem.level == Level::Error) {
            // That there was nothing to check needs no words beside the reason.
            report.problems.clear();
        }
        report.add_problems(read.problems);
        report
    }
}

/// Now, to the second.
fn clock() -> String {
    let now = jiff::Timestamp::now();
    jiff::Timestamp::from_second(now.as_second()).unwrap_or(now).to_string()
}
