//! From the crate of a plugin to a component.
//!
//! Owns what it takes to build a plugin, before anything is loaded: it finds a way to compile for
//! WebAssembly on this machine ([`Toolchain`]), compiles ([`build`]), and makes a component of the module
//! ([`componentise`]). A crate of its own, because tests build plugins, too, and nobody needs the engine
//! for it. It knows nothing of rules: whether the component is a good plugin, the host says.
//!
//! `plimsoll plugin build` is all of it, and the host.

mod component;
mod debian;
mod process;
mod toolchain;

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;

pub use component::{WIT, componentise};
pub use toolchain::{Toolchain, Way, user_cache};

/// The target that plugins are compiled for.
pub const TARGET: &str = "wasm32-unknown-unknown";

/// How to build.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Where cargo puts what it compiles; without it, where it always does.
    pub target_dir: Option<PathBuf>,
    /// Whether the lock file has to be up to date.
    pub locked: bool,
    /// Whether cargo tells its progress on standard error; else it is silent unless it fails.
    pub progress: bool,
}

/// A plugin that was built.
#[derive(Clone, Debug)]
pub struct Built {
    /// The name of its crate.
    pub name: String,
    /// The folder of its `Cargo.toml`.
    pub folder: PathBuf,
    /// The size of the module, in bytes.
    pub module_size: usize,
    /// The component.
    pub component: Vec<u8>,
}

/// Why there is no component.
#[derive(Debug)]
pub enum BuildError {
    /// Nothing on this machine compiles for WebAssembly: what was tried, and what came of it.
    NoToolchain(Vec<String>),
    /// A program could not be started.
    NotStarted(String, io::Error),
    /// Cargo failed; what it said, unless it said it on standard error already.
    Cargo(String),
    /// Nothing was built that could be a plugin.
    NoPlugin(PathBuf),
    /// A file could not be read or written.
    File(PathBuf, io::Error),
    /// The module is none of a plugin.
    Component {
        /// What was built.
        name: String,
        /// What is wrong with it.
        reason: String,
    },
}

impl fmt::Display for BuildError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            BuildError::NoToolchain(tried) => {
                write!(f, "nothing here compiles for {TARGET}")?;
                tried.iter().try_for_each(|why| write!(f, "; {why}"))
            }
            BuildError::NotStarted(program, error) => write!(f, "cannot run `{program}`: {error}"),
            BuildError::Cargo(said) if said.is_empty() => f.write_str("cargo failed"),
            BuildError::Cargo(said) => write!(f, "cargo failed: {said}"),
            BuildError::NoPlugin(folder) => write!(
                f,
                "no crate of `{}` is a plugin: in Cargo.toml one has `[lib]` with \
                 `crate-type = [\"cdylib\", \"lib\"]`",
                folder.display()
            ),
            BuildError::File(path, error) => write!(f, "`{}`: {error}", path.display()),
            BuildError::Component { name, reason } => {
                write!(f, "`{name}` is no plugin: {reason}")
            }
        }
    }
}

impl std::error::Error for BuildError {}

/// Builds every plugin of a crate or a workspace, optimised: in the order of their names.
///
/// # Errors
///
/// When it does not compile, or what is compiled is no plugin.
pub fn build(
    folder: &Path,
    toolchain: &Toolchain,
    options: &Options,
) -> Result<Vec<Built>, BuildError> {
    let mut command = toolchain.cargo(folder);
    command.args(["build", "--release", "--target", TARGET]);
    command.arg("--message-format=json-render-diagnostics");
    if options.locked {
        command.arg("--locked");
    }
    if let Some(target) = &options.target_dir {
        command.arg("--target-dir").arg(target);
    }
    let messages = run(&mut command, options.progress)?;
    let mut built = modules(&messages)
        .into_iter()
        .map(|module| module.into_component())
        .collect::<Result<Vec<_>, _>>()?;
    if built.is_empty() {
        return Err(BuildError::NoPlugin(folder.to_owned()));
    }
    built.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(built)
}

/// What cargo prints on standard output.
fn run(command: &mut Command, progress: bool) -> Result<String, BuildError> {
    let stderr = if progress { Stdio::inherit() } else { Stdio::piped() };
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(stderr);
    let child = command.spawn().and_then(std::process::Child::wait_with_output);
    let output = child.map_err(|error| BuildError::NotStarted("cargo".into(), error))?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        return Err(BuildError::Cargo(said.trim().to_owned()));
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// A module that cargo built.
struct Module {
    name: String,
    folder: PathBuf,
    path: PathBuf,
}

/// The dynamic libraries among the artefacts that cargo tells of, one JSON object a line.
///
/// <https://doc.rust-lang.org/cargo/reference/external-tools.html#artifact-messages>
fn modules(messages: &str) -> Vec<Module> {
    let messages = messages.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let module = |message: Value| {
        let target = message.get("target")?;
        let kinds = target.get("crate_types")?.as_array()?;
        if message.get("reason")? != "compiler-artifact" || !kinds.iter().any(|k| k == "cdylib") {
            return None;
        }
        let files = message.get("filenames")?.as_array()?.iter().filter_map(Value::as_str);
        let path =
            files.map(PathBuf::from).find(|path| path.extension().is_some_and(|e| e == "wasm"));
        let manifest = Path::new(message.get("manifest_path")?.as_str()?);
        Some(Module {
            name: target.get("name")?.as_str()?.replace('_', "-"),
            folder: manifest.parent()?.to_owned(),
            path: path?,
        })
    };
    messages.filter_map(module).collect()
}

impl Module {
    fn into_component(self) -> Result<Built, BuildError> {
        let module =
            std::fs::read(&self.path).map_err(|e| BuildError::File(self.path.clone(), e))?;
        let component = componentise(&module)
            .map_err(|reason| BuildError::Component { name: self.name.clone(), reason })?;
        Ok(Built { name: self.name, folder: self.folder, module_size: module.len(), component })
    }
}

#[cfg(test)]
mod tests {
    use super::modules;

    #[test]
    fn modules_are_found_among_the_messages_of_cargo() {
        let line = |reason: &str, types: &str, file: &str| {
            format!(
                r#"{{"reason":"{reason}","manifest_path":"/a/b/Cargo.toml","target":{{"name":"my_rules","crate_types":[{types}]}},"filenames":["/t/x.rlib","{file}"]}}"#
            )
        };
        let messages = [
            "Compiling a".to_owned(),
            line("compiler-artifact", r#""lib""#, "/t/lib.rlib"),
            line("compiler-artifact", r#""cdylib","lib""#, "/t/my_rules.wasm"),
            line("compiler-artifact", r#""cdylib""#, "/t/libhost.so"),
            line("build-script-executed", r#""cdylib""#, "/t/other.wasm"),
            r#"{"reason":"build-finished","success":true}"#.to_owned(),
        ];
        let found = modules(&messages.join("\n"));
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].name, "my-rules");
        assert!(found[0].folder.ends_with("b") && found[0].path.ends_with("my_rules.wasm"));
    }
}
