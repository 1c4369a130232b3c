//! Command lines: from the text a shell would be given to a flat list of simple commands.
//!
//! Owns the shell grammar (POSIX sh with the bash extensions that images use), a modest split of
//! cmd.exe and PowerShell lines, and what is known of package managers ([`packages`]). Every
//! command and word keeps its byte range in the text that was given.
//!
//! It lists commands; it runs, expands and resolves nothing: variables stay as written, globs and
//! braces are marked, functions are not followed. Parsing never fails: what could not be
//! understood is one problem in [`Script::problem`], and the commands that were found are listed.
//!
//! Why not a parser from crates.io: of those with a fitting licence the one alive overflows the
//! stack on a thousand nested `$(`, which aborts the process; it gives all or nothing (an
//! unfinished here-document yields no command at all), leaves substitutions inside words as text,
//! and costs 76 crates.
//!
//! Time is linear in the text; [`MAX_LENGTH`], [`MAX_DEPTH`] and [`MAX_COMMANDS`] bound the rest.

mod grammar;
mod heredoc;
mod model;
pub mod packages;
mod parser;
mod simple;
#[cfg(test)]
mod tests;
mod windows;
mod words;
mod wrapper_table;
mod wrappers;

use std::ops::Range;

pub use model::{Assignment, Command, Redirect, Script, Separator, Word};

/// The longest text that is read, in bytes; the rest is not looked at.
pub const MAX_LENGTH: usize = 1 << 20;
/// How deep groups, substitutions and quotes may nest.
pub const MAX_DEPTH: usize = 64;
/// How many commands are listed at most.
pub const MAX_COMMANDS: usize = 10_000;

/// Which language a command line is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Dialect {
    /// POSIX sh, with the extensions of bash: [Shell Command Language].
    ///
    /// [Shell Command Language]: https://pubs.opengroup.org/onlinepubs/9799919799/utilities/V3_chap02.html
    Posix,
    /// cmd.exe: split at `&`, `&&`, `||`, `|` and line ends.
    Cmd,
    /// PowerShell: split at `;`, `|`, `&&`, `||` and line ends.
    PowerShell,
    /// A JSON array of strings, executed without a shell.
    Exec,
}

/// Lists the commands of a text.
///
/// Ranges are byte offsets into `text` and lie on character boundaries. For [`Dialect::Exec`] the
/// text is a JSON array; anything else gives no command and a problem.
#[must_use]
pub fn commands(text: &str, dialect: Dialect) -> Script {
    let whole = text;
    let text = &text[..text.floor_char_boundary(MAX_LENGTH)];
    let mut script = wrappers::script(text, dialect);
    if text.len() < whole.len() {
        script.complete = false;
        script.problem = Some((
            text.len()..whole.len(),
            format!("the text is longer than {MAX_LENGTH} bytes; the rest was not read"),
        ));
    }
    script
}

/// The command of an exec form, and those of the script it hands to a shell (`["sh", "-c", "…"]`).
///
/// Each argument comes with its byte range in the caller's text. Where a range is as long as its
/// argument, places inside the argument are exact; otherwise they are the whole range.
#[must_use]
pub fn exec_form<S: AsRef<str>>(arguments: &[(S, Range<usize>)]) -> Script {
    wrappers::exec(arguments)
}
