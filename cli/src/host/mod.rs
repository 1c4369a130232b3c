//! `plimsoll host`: what a machine says of itself.
//!
//! Reads files and runs nothing. What cannot be read is left out, and told on standard error.

mod accounts;
mod collect;
mod engine;
mod files;
mod mounts;
mod root;

use std::fs::{self, Metadata};
use std::path::PathBuf;

use clap::Args;
use plimsoll_engine::diagnostic::Diagnostic;
use plimsoll_engine::document::host::File;
use plimsoll_engine::mask::Masks;
use plimsoll_engine::report;

use crate::failure::{self, Failure};
use crate::inputs::shown;
use crate::output;
use crate::terminal::When;

const EXAMPLES: &str = "\
Examples:
  sudo plimsoll host > host.json                this machine
  sudo plimsoll host | plimsoll check host:-
  plimsoll host --root /mnt                     a machine whose disk is mounted there
  plimsoll check host.json info.json            joined with what `docker info` says

It reads owners and modes of the files of Docker and containerd, groups, audit rules, mounts and
os-release, and runs nothing. What it may not read is left out and named on standard error: an
ordinary user sees less than root does. `plimsoll schema host` describes what it prints.";

/// Print what this machine says of itself, as JSON that `plimsoll check` reads
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct HostArgs {
    /// Root folder of the machine, such as where a container has it mounted; no link leads out of it
    #[arg(long, value_name = "DIR", default_value = "/")]
    root: PathBuf,
}

pub(crate) fn run(args: &HostArgs, color: When) -> Result<u8, Failure> {
    let name = shown(&args.root);
    let folder = fs::canonicalize(&args.root)
        .map_err(|error| Diagnostic::error(format!("cannot read the folder `{name}`: {error}")))?;
    if !folder.is_dir() {
        return Err(Diagnostic::error(format!("`{name}` is no folder")).into());
    }
    let (description, problems) = collect::describe(&root::Root::new(&folder));
    failure::tell(&problems, &Masks::default(), &color.stderr());
    output::stdout(false, |out| report::write_json(out, &description))?;
    Ok(0)
}

/// What a file's metadata say of it.
#[cfg(unix)]
fn attributes(file: &mut File, metadata: &Metadata) {
    use std::os::unix::fs::{FileTypeExt, MetadataExt};
    let kind = metadata.file_type();
    let kinds = [
        (kind.is_file(), "file"),
        (kind.is_dir(), "folder"),
        (kind.is_socket(), "socket"),
        (kind.is_fifo(), "fifo"),
        (kind.is_char_device(), "character_device"),
        (kind.is_block_device(), "block_device"),
    ];
    file.kind = kinds.iter().find(|(is, _)| *is).map(|(_, word)| (*word).to_owned());
    file.mode = Some(format!("{:04o}", metadata.mode() & 0o7777));
    (file.uid, file.gid) = (Some(metadata.uid()), Some(metadata.gid()));
}

/// Where files have no owners and modes, as Linux has them, nothing is said of them.
#[cfg(not(unix))]
fn attributes(_: &mut File, _: &Metadata) {}
