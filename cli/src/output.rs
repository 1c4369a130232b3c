//! Where reports go: standard output and files.

use std::ffi::OsString;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use plimsoll_engine::checklist;
use plimsoll_engine::diagnostic::Diagnostic;
use plimsoll_engine::report::{Detail, FormatRow, WriteOptions};

use crate::failure::Failure;
use crate::terminal::When;

/// A format that something is written in.
pub(crate) trait Format {
    /// What the user calls it.
    fn name(&self) -> &'static str;
    /// Whether it is for people to read in a terminal.
    fn for_people(&self) -> bool;
}

impl Format for FormatRow {
    fn name(&self) -> &'static str {
        self.name
    }

    fn for_people(&self) -> bool {
        self.for_people
    }
}

impl Format for checklist::FormatRow {
    fn name(&self) -> &'static str {
        self.name
    }

    fn for_people(&self) -> bool {
        self.for_people
    }
}

/// A format, and where it goes.
#[derive(Clone, Debug)]
pub(crate) struct Output<F: 'static = FormatRow> {
    pub(crate) format: &'static F,
    /// The file; `None` for standard output.
    pub(crate) file: Option<PathBuf>,
}

/// Refuses what cannot be meant: two reports in one place.
///
/// # Errors
///
/// Every place that is named twice.
pub(crate) fn verify<F: Format>(outputs: &[Output<F>]) -> Result<(), Failure> {
    let mut problems = Vec::new();
    for (at, output) in outputs.iter().enumerate() {
        let before = outputs.iter().take(at).find(|before| before.file == output.file);
        let Some(before) = before else { continue };
        let (one, other) = (before.format.name(), output.format.name());
        let place = match &output.file {
            Some(file) => format!("`{}`", file.display()),
            None => "standard output".to_owned(),
        };
        let message = format!("the reports `{one}` and `{other}` would both go to {place}");
        let help = format!("send one of them elsewhere: -o {other}=FILE");
        problems.push(Diagnostic::error(message).help(help));
    }
    if problems.is_empty() { Ok(()) } else { Err(problems.into()) }
}

/// Writes a report wherever it is wanted. Gives what could not be written.
pub(crate) fn write<F: Format>(
    outputs: &[Output<F>],
    color: When,
    detail: Detail,
    report: impl Fn(&'static F, &mut dyn Write, &WriteOptions) -> io::Result<()>,
) -> Vec<Diagnostic> {
    let mut problems = Vec::new();
    for output in outputs {
        let Some(file) = &output.file else { continue };
        let options = color.file(detail);
        let write = |out: &mut dyn Write| report(output.format, out, &options);
        if let Err(error) = write_file(file, write) {
            let message = format!("cannot write `{}`: {error}", file.display());
            problems.push(Diagnostic::error(message));
        }
    }
    for output in outputs.iter().filter(|output| output.file.is_none()) {
        let options = color.stdout(detail);
        let written =
            stdout(output.format.for_people(), |out| report(output.format, out, &options));
        if let Err(Failure::Problems(failed)) = written {
            problems.extend(failed);
        }
    }
    problems
}

/// Writes text to standard output; the exit status is 0.
///
/// # Errors
///
/// When it cannot be written, or is not read to its end.
pub(crate) fn print(text: std::fmt::Arguments<'_>) -> Result<u8, Failure> {
    stdout(true, |out| out.write_fmt(text))?;
    Ok(0)
}

/// Writes to standard output, buffered. `styled` text has escape sequences that the terminal may
/// not know by itself.
///
/// # Errors
///
/// When it cannot be written, or is not read to its end.
pub(crate) fn stdout(
    styled: bool,
    write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> Result<(), Failure> {
    let lock = io::stdout().lock();
    let written = if styled {
        let mut out = io::BufWriter::new(anstream::AutoStream::always(lock));
        write(&mut out).and_then(|()| out.flush())
    } else {
        let mut out = io::BufWriter::new(lock);
        write(&mut out).and_then(|()| out.flush())
    };
    written.map_err(|error| Failure::stdout(&error))
}

/// Writes a file as a whole or not at all: beside it first, and then in its place. What is no
/// regular file, such as a device or a pipe, is written as it is.
///
/// # Errors
///
/// When it cannot be written.
pub(crate) fn write_file(
    path: &Path,
    write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> io::Result<()> {
    let existing = fs::metadata(path);
    if existing.as_ref().is_ok_and(|metadata| !metadata.is_file()) {
        return fill(OpenOptions::new().write(true).open(path)?, write);
    }
    // A symbolic link stays one, and what it leads to is replaced.
    let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let name = path.file_name().ok_or(io::ErrorKind::InvalidFilename)?;
    let mut beside = OsString::from(".");
    beside.push(name);
    beside.push(format!(".{}.tmp", std::process::id()));
    let beside = path.with_file_name(beside);
    let file = OpenOptions::new().write(true).create_new(true).open(&beside)?;
    let written = fill(file, write)
        .and_then(|()| match &existing {
            Ok(existing) => fs::set_permissions(&beside, existing.permissions()),
            Err(_) => Ok(()),
        })
        .and_then(|()| fs::rename(&beside, &path));
    if written.is_err() {
        let _ = fs::remove_file(&beside);
    }
    written
}

fn fill(file: File, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<()> {
    let mut out = io::BufWriter::new(file);
    write(&mut out)?;
    out.flush()
}
