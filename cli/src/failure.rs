//! Why a command could not do its work, and how that is told.

use std::io::{self, Write};

use plimsoll_engine::BuildError;
use plimsoll_engine::diagnostic::Diagnostic;
use plimsoll_engine::mask::Masks;
use plimsoll_engine::report::{self, WriteOptions};

/// The exit status of misuse, of a wrong configuration, and of a run that is incomplete.
pub(crate) const INCOMPLETE: u8 = 2;

/// Everything that stood in the way, at once.
#[derive(Debug)]
pub(crate) enum Failure {
    /// Problems to be told.
    Problems(Vec<Diagnostic>),
    /// Nobody reads standard output any more: nothing is to be told.
    ClosedPipe,
}

impl Failure {
    /// Standard output could not be written.
    pub(crate) fn stdout(error: &io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::BrokenPipe => Failure::ClosedPipe,
            _ => Diagnostic::error(format!("cannot write to standard output: {error}")).into(),
        }
    }
}

impl From<Diagnostic> for Failure {
    fn from(problem: Diagnostic) -> Self {
        Failure::Problems(vec![problem])
    }
}

impl From<Vec<Diagnostic>> for Failure {
    fn from(problems: Vec<Diagnostic>) -> Self {
        Failure::Problems(problems)
    }
}

impl From<BuildError> for Failure {
    fn from(error: BuildError) -> Self {
        Failure::Problems(error.0)
    }
}

/// Tells problems on standard error. That it cannot be written is not worth a word: there is
/// nobody to read it.
pub(crate) fn tell(problems: &[Diagnostic], masks: &Masks, options: &WriteOptions) {
    let mut text = Vec::new();
    let _ = report::write_problems(problems, masks, &mut text, options);
    let _ = anstream::AutoStream::always(io::stderr().lock()).write_all(&text);
}
