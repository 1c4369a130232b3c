//! A way to compile for WebAssembly on this machine.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use crate::process::{done, printed};
use crate::{BuildError, TARGET, debian};

/// How long `rustup` may take to download the standard library.
const DOWNLOAD: Duration = Duration::from_secs(300);

/// The ways, in the order in which they are tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// The compiler has the target.
    Installed,
    /// `rustup target add` brings it.
    Rustup,
    /// The compiler of Debian, with the sources of its standard library. Nothing is installed: it is
    /// unpacked in the user's cache folder.
    Debian,
}

impl Way {
    /// All of them.
    pub const ALL: [Way; 3] = [Way::Installed, Way::Rustup, Way::Debian];
}

/// A way to compile for WebAssembly that was found.
#[derive(Clone, Debug)]
pub struct Toolchain {
    /// Which one.
    pub way: Way,
    /// What cargo needs to know beside what it always does.
    environment: Vec<(OsString, OsString)>,
    arguments: Vec<String>,
    /// Paths of this machine, which are to stand in no plugin, and what stands there instead.
    hidden: Vec<(PathBuf, &'static str)>,
}

/// Where the user keeps what can be had again; `None` where there is no such folder.
#[must_use]
pub fn user_cache() -> Option<PathBuf> {
    let variable = |name| std::env::var_os(name).filter(|value| !value.is_empty());
    let path = |name| variable(name).map(PathBuf::from).filter(|path| path.is_absolute());
    match std::env::consts::OS {
        "windows" => path("LOCALAPPDATA"),
        "macos" => path("HOME").map(|home| home.join("Library/Caches")),
        _ => path("XDG_CACHE_HOME").or_else(|| Some(path("HOME")?.join(".cache"))),
    }
}

impl Toolchain {
    /// Tries the ways in their order. `tell` hears of what takes time, in words for the user; `cache` is
    /// where a compiler may be kept, such as [`Toolchain::cache`].
    ///
    /// # Errors
    ///
    /// When none is possible: why each is not.
    pub fn find(
        ways: &[Way],
        cache: Option<&Path>,
        tell: &dyn Fn(&str),
    ) -> Result<Self, BuildError> {
        let mut tried = Vec::new();
        for &way in ways {
            let found = match way {
                Way::Installed => installed(),
                Way::Rustup => rustup(tell),
                Way::Debian => debian::toolchain(cache, tell),
            };
            match found {
                Ok(toolchain) => return Ok(toolchain),
                Err(why) => tried.push(why),
            }
        }
        Err(BuildError::NoToolchain(tried))
    }

    /// A folder for compilers, where the user keeps what can be had again.
    #[must_use]
    pub fn cache() -> Option<PathBuf> {
        user_cache().map(|cache| cache.join("plimsoll").join("toolchains"))
    }

    pub(crate) fn new(way: Way) -> Self {
        Toolchain { way, environment: Vec::new(), arguments: Vec::new(), hidden: Vec::new() }
    }

    pub(crate) fn with(mut self, name: impl Into<OsString>, value: impl Into<OsString>) -> Self {
        self.environment.push((name.into(), value.into()));
        self
    }

    pub(crate) fn argument(mut self, argument: &str) -> Self {
        self.arguments.push(argument.to_owned());
        self
    }

    pub(crate) fn hide(mut self, path: &Path, name: &'static str) -> Self {
        self.hidden.push((path.to_owned(), name));
        self
    }

    /// Cargo in a folder, with what this way needs; a subcommand is to follow.
    pub(crate) fn cargo(&self, folder: &Path) -> Command {
        let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        command.current_dir(folder).args(&self.arguments);
        command.envs(self.environment.iter().map(|(name, value)| (name, value)));
        // What the caller was compiled with is not for the guest.
        command.env_remove("CARGO_TARGET_DIR");
        let own = ["RUSTFLAGS", "CARGO_ENCODED_RUSTFLAGS"];
        if own.iter().all(|name| std::env::var_os(name).is_none()) {
            command.env("CARGO_ENCODED_RUSTFLAGS", self.flags(folder));
        }
        command
    }

    /// Flags that keep paths of this machine out of what panics say, so that the same sources give the
    /// same plugin elsewhere.
    fn flags(&self, folder: &Path) -> OsString {
        let home = std::env::var_os("HOME").map(PathBuf::from).unwrap_or_default();
        let cargo = std::env::var_os("CARGO_HOME").map_or(home.join(".cargo"), PathBuf::from);
        let folder = std::fs::canonicalize(folder).unwrap_or_else(|_| folder.to_owned());
        // The SDK may be in the folder above: the last one that fits counts.
        let above = folder.parent().map(|above| (above.to_owned(), "plugin"));
        let paths = above.into_iter().chain([(cargo, "cargo")]).chain(self.hidden.iter().cloned());
        let mut flags = OsString::new();
        for (path, name) in paths.filter(|(path, _)| path.components().count() > 1) {
            if !flags.is_empty() {
                flags.push("\u{1f}");
            }
            flags.push("--remap-path-prefix=");
            flags.push(path);
            flags.push(format!("=/{name}"));
        }
        flags
    }
}

/// The compiler that cargo uses.
pub(crate) fn rustc() -> Command {
    Command::new(std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into()))
}

fn installed() -> Result<Toolchain, String> {
    let folder = printed(rustc().args(["--print", "target-libdir", "--target", TARGET]))
        .ok_or("`rustc` cannot be run")?;
    match std::fs::read_dir(folder.trim()).map(|mut files| files.next().is_some()) {
        Ok(true) => Ok(Toolchain::new(Way::Installed)),
        _ => Err("the compiler does not have the target".to_owned()),
    }
}

fn rustup(tell: &dyn Fn(&str)) -> Result<Toolchain, String> {
    if printed(Command::new("rustup").arg("--version")).is_none() {
        return Err("there is no `rustup`".to_owned());
    }
    tell(&format!("adding the target {TARGET} with rustup"));
    done(Command::new("rustup").args(["target", "add", TARGET]), DOWNLOAD)
        .map_err(|why| format!("{why} to add the target"))?;
    installed().map(|_| Toolchain::new(Way::Rustup))
}
