//! What the terminal can do: colour, and how wide it is.

use std::io::{self, IsTerminal};

use clap::ValueEnum;
use plimsoll_engine::report::{Detail, WriteOptions};

/// When to colour. The words have no descriptions: with them, clap would spread every help text
/// over twice as many lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum When {
    Auto,
    Always,
    Never,
}

impl When {
    /// Whether to colour what goes to this stream. The option goes before NO_COLOR
    /// (<https://no-color.org>), that before CLICOLOR_FORCE (<https://bixense.com/clicolors>).
    fn colors(self, stream: &impl IsTerminal) -> bool {
        let set = |name| std::env::var_os(name).filter(|value| !value.is_empty());
        match self {
            When::Always => true,
            When::Never => false,
            When::Auto if set("NO_COLOR").is_some() => false,
            When::Auto if set("CLICOLOR_FORCE").is_some_and(|value| value != "0") => true,
            When::Auto => stream.is_terminal() && set("TERM").is_none_or(|term| term != "dumb"),
        }
    }

    /// How to write for people on standard output.
    pub(crate) fn stdout(self, detail: Detail) -> WriteOptions {
        let stdout = io::stdout();
        let width = terminal_size::terminal_size_of(&stdout).map(|(width, _)| width.0.into());
        WriteOptions { color: self.colors(&stdout), width, detail }
    }

    /// How to write for people on standard error.
    pub(crate) fn stderr(self) -> WriteOptions {
        let stderr = io::stderr();
        let width = terminal_size::terminal_size_of(&stderr).map(|(width, _)| width.0.into());
        WriteOptions { color: self.colors(&stderr), width, detail: Detail::Normal }
    }

    /// How to write for people into a file: without colour unless it is asked for by option.
    pub(crate) fn file(self, detail: Detail) -> WriteOptions {
        WriteOptions { color: self == When::Always, width: None, detail }
    }
}

/// Whether lines on standard error can be redrawn.
pub(crate) fn redraws() -> bool {
    io::stderr().is_terminal() && std::env::var_os("TERM").is_none_or(|term| term != "dumb")
}
