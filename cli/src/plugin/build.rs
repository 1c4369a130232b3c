//! `plimsoll plugin build`: from a crate to a plugin that loads and says what its pages say.

use std::fs;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};

use clap::Args;
use plimsoll_engine::diagnostic::{Diagnostic, Level};
use plimsoll_engine::evaluate::wasm::{CodeCache, Kind, MAX_BYTES};
use plimsoll_engine::files::{DiskFiles, FileError, Files, Listing};
use plimsoll_engine::mask::Masks;
use plimsoll_engine::report::escape;
use plimsoll_engine::{Plugin, PluginOptions};
use plimsoll_plugin_build::{BuildError, Options, TARGET, Toolchain, Way, build, componentise};

use super::figures::size;
use super::pages;
use crate::failure::{self, Failure, INCOMPLETE};
use crate::inputs::shown;
use crate::output;
use crate::plugins;
use crate::terminal::When;

const EXAMPLES: &str = "\
Examples:
  plimsoll plugin build                     the crate in this folder
  plimsoll plugin build plugins             every plugin of a workspace
  plimsoll plugin build zig-out/rules.wasm  a module that another compiler made

A crate is compiled with `cargo build --release` for wasm32-unknown-unknown. Where the compiler does
not know that target, rustup adds it; where there is no rustup, Debian's compiler is downloaded into
the cache folder. The module becomes a component, which is loaded as for a check, and the cases on
the pages of its rules are run: rules/AREA/NAME.md beside Cargo.toml, or beside what is made of a
module.

Exit status:
  0  the plugin is written
  2  it cannot be built, nothing is written; or a page says something else than its rule";

/// Build a plugin: compile it, make it a component, load it, run the cases of its pages
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct BuildArgs {
    /// Folder of a crate or of a workspace; or a file, a core module
    #[arg(value_name = "FOLDER|FILE", default_value = ".")]
    path: PathBuf,

    /// File to write [default: NAME.wasm beside Cargo.toml, or beside the module]
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,

    /// Write what the rules say in the cases of their pages into the pages
    #[arg(long)]
    bless: bool,

    /// Do not change Cargo.lock
    #[arg(long)]
    locked: bool,

    /// Keep no compiled code for the first check
    #[arg(long)]
    no_cache: bool,
}

/// A component, before anything of it was run.
struct Made {
    /// What to call it until it says its name.
    name: String,
    /// Where it is written, and where its pages are.
    folder: PathBuf,
    module_size: usize,
    component: Vec<u8>,
}

pub(super) fn run(args: &BuildArgs, color: When) -> Result<u8, Failure> {
    let made = if args.path.is_dir() {
        of_crate(args)?
    } else {
        vec![of_module(&args.path, args.output.as_deref())?]
    };
    if let (Some(output), true) = (&args.output, made.len() > 1) {
        let names: Vec<String> = made.iter().map(|made| format!("`{}`", made.name)).collect();
        let message = format!("{} cannot all be written to `{}`", names.join(", "), shown(output));
        return Err(Diagnostic::error(message).help("build one of them, by its folder").into());
    }
    let cache = plugins::cache(args.no_cache);
    let mut problems = Vec::new();
    for made in made {
        match finish(&made, args, cache.as_ref()) {
            Ok(said) => problems.extend(said),
            Err(Failure::Problems(said)) => problems.extend(said),
            Err(closed) => return Err(closed),
        }
    }
    failure::tell(&problems, &Masks::default(), &color.stderr());
    let is_error = |problem: &Diagnostic| problem.level == Level::Error;
    Ok(if problems.iter().any(is_error) { INCOMPLETE } else { 0 })
}

fn of_crate(args: &BuildArgs) -> Result<Vec<Made>, Failure> {
    let folder = &args.path;
    if !folder.join("Cargo.toml").is_file() {
        let message = format!("there is no Cargo.toml in the folder `{}`", shown(folder));
        let help = "`plimsoll plugin new NAME` writes a crate to begin with";
        return Err(Diagnostic::error(message).help(help).into());
    }
    let tell = |text: &str| {
        let _ = writeln!(std::io::stderr(), "{text}");
    };
    let toolchain = Toolchain::find(&Way::ALL, Toolchain::cache().as_deref(), &tell);
    let toolchain = toolchain.map_err(|error| told(&error))?;
    let options = Options { locked: args.locked, progress: true, ..Options::default() };
    let built = build(folder, &toolchain, &options).map_err(|error| told(&error))?;
    let made = built.into_iter().map(|built| Made {
        name: built.name,
        folder: built.folder,
        module_size: built.module_size,
        component: built.component,
    });
    Ok(made.collect())
}

/// What went wrong, and what to do about it.
fn told(error: &BuildError) -> Diagnostic {
    let problem = Diagnostic::error(error.to_string());
    match error {
        BuildError::NoToolchain(_) => {
            problem.help(format!("install Rust with rustup, and run `rustup target add {TARGET}`"))
        }
        BuildError::NotStarted(..) => problem.help("install Rust: it brings cargo"),
        BuildError::Cargo(_) => problem.help("what it says above is to be mended first"),
        BuildError::Component { reason, .. } => problem.help(foreign(reason).unwrap_or(
            "`plimsoll_sdk::export!` in lib.rs names the rules, and makes the exports of a plugin",
        )),
        BuildError::NoPlugin(_) | BuildError::File(..) => problem,
    }
}

/// What to do about a module that imports what no plugin gets.
fn foreign(reason: &str) -> Option<&'static str> {
    reason.contains("import").then_some(
        "all that a plugin may import is `log`: compile for a machine without a system, not for WASI \
         or a browser",
    )
}

fn of_module(path: &Path, output: Option<&Path>) -> Result<Made, Diagnostic> {
    let name = shown(path);
    let wrong = |what: &str| Diagnostic::error(format!("`{name}` {what}"));
    let bytes = read(path)?;
    match Kind::of(&bytes) {
        Kind::Module => {}
        Kind::Component => {
            let help = format!("`plimsoll plugin inspect {name}` says whether it is a plugin");
            return Err(wrong("is a component already: there is nothing to build").help(help));
        }
        Kind::Text => {
            let help = "turn it into bytes with `wasm-tools parse`";
            return Err(wrong("is WebAssembly as text, not as bytes").help(help));
        }
        Kind::Other => {
            let help = "name the folder of a crate, or a module that a compiler made";
            return Err(wrong("is no WebAssembly").help(help));
        }
    }
    let component = componentise(&bytes).map_err(|reason| {
        let help = foreign(&reason)
            .unwrap_or("a plugin exports `describe` and `check`: sdk/wit/v1/plugin.wit says how");
        wrong(&format!("is no plugin: {}", escape::bounded(&reason, 400))).help(help)
    })?;
    let beside = output.unwrap_or(path).parent();
    let folder = beside.filter(|folder| !folder.as_os_str().is_empty());
    Ok(Made {
        name: path.file_stem().unwrap_or_default().to_string_lossy().into_owned(),
        folder: folder.unwrap_or(Path::new(".")).to_owned(),
        module_size: bytes.len(),
        component,
    })
}

/// A file that may be a plugin or a module.
///
/// # Errors
///
/// When there is none, or it is larger than plugins may be.
pub(super) fn read(path: &Path) -> Result<Vec<u8>, Diagnostic> {
    let name = shown(path);
    let problem =
        |what: &dyn std::fmt::Display| Diagnostic::error(format!("cannot read `{name}`: {what}"));
    let metadata = fs::metadata(path).map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound => Diagnostic::error(format!("there is no file `{name}`")),
        _ => problem(&error),
    })?;
    if metadata.is_dir() {
        let help = format!("name the file, `{name}/….wasm`");
        return Err(Diagnostic::error(format!("`{name}` is a folder")).help(help));
    }
    if !metadata.is_file() {
        return Err(problem(&"it is no regular file"));
    }
    let limit = MAX_BYTES as u64;
    let mut bytes = Vec::new();
    fs::File::open(path)
        .and_then(|file| file.take(limit + 1).read_to_end(&mut bytes))
        .map_err(|error| problem(&error))?;
    if bytes.len() > MAX_BYTES {
        return Err(problem(&format!("it is larger than {MAX_BYTES} bytes")));
    }
    Ok(bytes)
}

/// Loads a component, writes it, runs its pages and says what it is. Gives what is not well with it.
fn finish(
    made: &Made,
    args: &BuildArgs,
    cache: Option<&CodeCache>,
) -> Result<Vec<Diagnostic>, Failure> {
    let plugin = load(made, cache)?;
    let path = match &args.output {
        Some(output) => output.clone(),
        None => made.folder.join(format!("{}.wasm", plugin.name())),
    };
    if args.output.is_none() && is_same(&path, &args.path) {
        let message = format!("the plugin would be written over its module `{}`", shown(&path));
        return Err(Diagnostic::error(message).help("name another file with --output").into());
    }
    output::write_file(&path, |out| out.write_all(&made.component))
        .map_err(|error| Diagnostic::error(format!("cannot write `{}`: {error}", shown(&path))))?;
    let pages = pages::run(&plugin, &path, &made.folder, args.bless);
    let mut text = format!("{}\n", escape::line(&shown(&path)));
    let sizes = (size(plugin.size()), size(made.module_size));
    text += &format!("  plugin   {} {}\n", plugin.name(), escape::line(plugin.version()));
    text += &format!("  size     {}, of which the module has {}\n", sizes.0, sizes.1);
    text += &format!("  digest   {}\n", plugin.digest());
    for (at, rule) in plugin.rules().iter().enumerate() {
        let name = if at == 0 { "rules" } else { "" };
        text += &format!("  {name:7}  {} ({})\n", rule.id, rule.severity);
    }
    let cases = if pages.passed == 1 { "1 case" } else { &format!("{} cases", pages.passed) };
    text += &format!("  pages    {cases} passed");
    if pages.written > 0 {
        text += &format!(", {} written anew", pages.written);
    }
    text += "\n";
    output::print(format_args!("{text}"))?;
    Ok(pages.problems)
}

fn is_same(one: &Path, other: &Path) -> bool {
    let whole = |path: &Path| fs::canonicalize(path).ok();
    whole(one).is_some_and(|one| whole(other) == Some(one))
}

/// Loads a component as if it lay in its folder already.
fn load(made: &Made, cache: Option<&CodeCache>) -> Result<Plugin, Failure> {
    let name = format!("{}.wasm", made.name);
    let disk = DiskFiles::open(&made.folder).map_err(|error| {
        Diagnostic::error(format!("cannot read the folder `{}`: {error}", shown(&made.folder)))
    })?;
    let files = Beside { name: &name, bytes: &made.component, disk };
    let file = shown(&made.folder.join(&name));
    Ok(plugins::open_in(&files, &name, &file, PluginOptions::default(), cache)?)
}

/// A folder, with a file in it that is not there yet.
struct Beside<'a> {
    name: &'a str,
    bytes: &'a [u8],
    disk: DiskFiles,
}

impl Files for Beside<'_> {
    fn read(&self, path: &str, limit: u64) -> Result<Vec<u8>, FileError> {
        match path == self.name {
            true if self.bytes.len() as u64 > limit => Err(FileError::TooLarge(limit)),
            true => Ok(self.bytes.to_vec()),
            false => self.disk.read(path, limit),
        }
    }

    fn open(&self, path: &str) -> Result<Box<dyn Read + Send>, FileError> {
        self.disk.open(path)
    }

    fn list(&self, folder: &str, limit: usize) -> Result<Listing, FileError> {
        self.disk.list(folder, limit)
    }
}
