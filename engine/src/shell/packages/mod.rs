//! Package managers: what a command installs, removes or refreshes.
//!
//! Owns the reading of each manager's arguments, from one table row per manager. It knows no
//! repository: whether a package exists, or what a group or a requirements file holds, is not
//! said here. An option that no row names is taken to have no separate value.

mod names;
mod read;
mod removal;
mod table;

use std::ops::Range;

use super::{Command, Script};

pub use removal::{Removal, removed};

/// A package manager; programs that take the same arguments share one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Manager {
    /// `apt-get`, `apt`, `aptitude`.
    Apt,
    /// `dpkg`.
    Dpkg,
    /// `apk`.
    Apk,
    /// `yum`.
    Yum,
    /// `dnf`, `dnf5`.
    Dnf,
    /// `microdnf`.
    Microdnf,
    /// `tdnf`.
    Tdnf,
    /// `zypper`.
    Zypper,
    /// `rpm`.
    Rpm,
    /// `pacman`.
    Pacman,
    /// `pip`, `pip3`, `python -m pip`, `uv pip`.
    Pip,
    /// `pipx`.
    Pipx,
    /// `npm`.
    Npm,
    /// `yarn`.
    Yarn,
    /// `pnpm`.
    Pnpm,
    /// `gem`.
    Gem,
    /// `go`.
    Go,
    /// `cargo`.
    Cargo,
    /// `composer`.
    Composer,
    /// `conda`, `mamba`, `micromamba`.
    Conda,
    /// `brew`.
    Brew,
}

impl Manager {
    /// The name in facts and messages: the manager's main program, lower case.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Manager::Apt => "apt",
            Manager::Dpkg => "dpkg",
            Manager::Apk => "apk",
            Manager::Yum => "yum",
            Manager::Dnf => "dnf",
            Manager::Microdnf => "microdnf",
            Manager::Tdnf => "tdnf",
            Manager::Zypper => "zypper",
            Manager::Rpm => "rpm",
            Manager::Pacman => "pacman",
            Manager::Pip => "pip",
            Manager::Pipx => "pipx",
            Manager::Npm => "npm",
            Manager::Yarn => "yarn",
            Manager::Pnpm => "pnpm",
            Manager::Gem => "gem",
            Manager::Go => "go",
            Manager::Cargo => "cargo",
            Manager::Composer => "composer",
            Manager::Conda => "conda",
            Manager::Brew => "brew",
        }
    }
}

/// What an operation does to the file system.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Action {
    /// Adds packages; without packages, those a manifest names (`npm ci`).
    Install,
    /// Removes packages.
    Remove,
    /// Fetches the lists of packages.
    UpdateIndex,
    /// Brings installed packages, all or the named, to newer versions.
    Upgrade,
    /// Removes caches.
    Clean,
    /// Anything else: queries, configuration, downloads.
    Other,
}

impl Action {
    /// The name in facts: `install`, `remove`, `update_index`, `upgrade`, `clean`, `other`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Action::Install => "install",
            Action::Remove => "remove",
            Action::UpdateIndex => "update_index",
            Action::Upgrade => "upgrade",
            Action::Clean => "clean",
            Action::Other => "other",
        }
    }
}

/// What an operand of a package manager names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PackageKind {
    /// A package of a repository.
    Name,
    /// A file or folder.
    File,
    /// Something to download from a given address.
    Url,
    /// A group, pattern or task of packages.
    Group,
    /// A virtual package of apk that stands for others (`.build-deps`).
    Virtual,
    /// A file that lists packages (`-r requirements.txt`).
    Requirements,
    /// A name that is not known before the command runs.
    Variable,
}

impl PackageKind {
    /// The name in facts, lower case.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            PackageKind::Name => "name",
            PackageKind::File => "file",
            PackageKind::Url => "url",
            PackageKind::Group => "group",
            PackageKind::Virtual => "virtual",
            PackageKind::Requirements => "requirements",
            PackageKind::Variable => "variable",
        }
    }
}

/// One package that an operation names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Package {
    /// The name without version, architecture, extras and channel; files and addresses as written.
    pub name: String,
    /// The version as written, without `=` or `@`; other comparisons keep their operator (`>=2`).
    pub version: Option<String>,
    /// Whether the version admits one release only; a variable counts as one.
    pub exact: bool,
    /// The whole operand after quote removal.
    pub raw: String,
    /// Index of the operand in [`Command::args`].
    pub arg_index: usize,
    /// Where the operand is written, in bytes.
    pub range: Range<usize>,
    /// What it names.
    pub kind: PackageKind,
}

/// What one command asks of a package manager.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PackageOperation {
    /// The manager.
    pub manager: Manager,
    /// The program as it was called, without its folder.
    pub program: String,
    /// What it does.
    pub action: Action,
    /// The subcommand as written (`dist-upgrade`, `cache clean`); none for managers without.
    pub subcommand: Option<String>,
    /// The packages that [`Action::Install`], [`Action::Remove`] and [`Action::Upgrade`] name.
    pub packages: Vec<Package>,
    /// The virtual package that an `apk add` collects its packages in.
    pub virtual_package: Option<String>,
    /// Questions are answered with yes, or none is asked.
    pub assume_yes: bool,
    /// Recommended or weak dependencies are left out.
    pub no_recommends: bool,
    /// Nothing that was downloaded is kept.
    pub no_cache: bool,
    /// The lists of packages are fetched first (`apk add --update`, `pacman -Sy`).
    pub update: bool,
    /// Installed packages are upgraded too (`pacman -Syu`, `pip install --upgrade`).
    pub upgrade: bool,
    /// Nothing is changed (`--dry-run`, `--download-only`).
    pub dry_run: bool,
    /// For the whole system or user, not the project (`npm -g`, `yarn global`).
    pub global: bool,
}

/// Reads a command as an operation of a package manager; none if it calls none.
///
/// Wrappers are not looked through: what `sudo` runs is listed as a command of its own.
#[must_use]
pub fn package_operation(command: &Command) -> Option<PackageOperation> {
    read::operation(command)
}

impl Script {
    /// All operations of package managers, each with the index of its command.
    #[must_use]
    pub fn package_operations(&self) -> Vec<(usize, PackageOperation)> {
        let operation = |(index, command)| Some((index, package_operation(command)?));
        self.commands.iter().enumerate().filter_map(operation).collect()
    }
}
