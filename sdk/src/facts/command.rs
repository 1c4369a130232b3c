//! What a command line does.

use serde::{Deserialize, Serialize};

use crate::{Loc, Nullable};

/// A simple command of a shell script.
///
/// A wrapper and what it wraps (`sudo apt-get install`, `sh -c '…'`) are two commands.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Command {
    /// Its place.
    pub loc: Loc,
    /// The last component of what is run, `apt-get`; null when it is only assignments or
    /// redirections; variables are left as written.
    pub name: Nullable<String>,
    /// Its arguments: quotes removed, variables left as written.
    pub args: Vec<String>,
    /// Assignments in front of it.
    pub assignments: Vec<Assignment>,
    /// Its redirections.
    pub redirects: Vec<Redirect>,
    /// The index in the same list of the command that writes into it; null without one.
    pub pipe_from: Nullable<u32>,
    /// The index in the same list of the command that reads from it; null without one.
    pub pipe_to: Nullable<u32>,
    /// The index in the same list of the command that runs it (`sudo`, `sh -c`); null without one.
    pub wrapped_by: Nullable<u32>,
    /// What follows it: `&&`, `||`, `;`, `&`, `|`, or `end`.
    pub separator: String,
    /// Whether it may be skipped: in a branch, or after `||`.
    pub conditional: bool,
    /// Whether it runs in a subshell or a command substitution.
    pub subshell: bool,
}

/// An assignment in front of a command.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Assignment {
    /// Its place.
    pub loc: Loc,
    /// The name.
    pub name: String,
    /// The value: quotes removed, variables left as written.
    pub value: String,
}

/// A redirection of a command.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Redirect {
    /// Its place.
    pub loc: Loc,
    /// `>`, `>>`, `<`, `<<<`, `>&` …
    pub operator: String,
    /// The file or descriptor: quotes removed, variables left as written.
    pub target: String,
}

/// What one command asks a package manager to do.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PackageOperation {
    /// Its place: the command.
    pub loc: Loc,
    /// `apt`, `apk`, `yum`, `dnf`, `microdnf`, `tdnf`, `zypper`, `pacman`, `pip`, `npm` …
    pub manager: String,
    /// The program as it was called: `apt-get`, `pip3`.
    pub program: String,
    /// `install`, `remove`, `update_index`, `upgrade`, `clean`, `other`.
    pub action: String,
    /// The index of the stage; null in an image that was built.
    pub stage: Nullable<u32>,
    /// The index in `build.runs`; in an image that was built, in its `history`.
    pub run: u32,
    /// The index in that run's `commands`.
    pub command: u32,
    /// Whether the target stage needs the stage.
    pub needed: bool,
    /// Whether the stage is in the target's lineage.
    pub shipped: bool,
    /// What it is about.
    pub packages: Vec<Package>,
    /// Whether it asks no questions: `-y`.
    pub assume_yes: bool,
    /// Whether it leaves out recommended packages: `--no-install-recommends`.
    pub no_recommends: bool,
    /// Whether it keeps no cache: `--no-cache`, `--no-cache-dir`.
    pub no_cache: bool,
    /// Whether it also updates the index: `apk add --update`, `pacman -Sy`.
    pub updates_index: bool,
    /// Whether it is for the whole system and not for a project: `npm -g`.
    pub global: bool,
}

/// A package that a package manager is asked for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Package {
    /// Its place: the argument.
    pub loc: Loc,
    /// The name without a version.
    pub name: String,
    /// The version as asked for, `1.2*`, `>=3`; null when none is asked for.
    pub version: Nullable<String>,
    /// Whether the version admits one release only; a variable counts as one.
    pub exact: bool,
    /// `name`, `file`, `url`, `group`, `virtual`, `requirements`, `variable`.
    pub kind: String,
    /// Whether a later command of the same run removes it again.
    pub removed: bool,
}
