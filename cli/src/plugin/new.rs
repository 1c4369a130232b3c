//! `plimsoll plugin new`: a crate to begin with.
//!
//! The crate is `cli/plugin-template`, with another name and the way to the SDK. The SDK comes with the
//! repository of Plimsoll and is not published: it is looked for around the program, which lies below the
//! repository when it was built there, and around the new crate.

use std::ffi::OsString;
use std::fs;
use std::io;
use std::path::{Path, PathBuf, absolute};

use clap::Args;
use plimsoll_engine::diagnostic::Diagnostic;
use plimsoll_engine::evaluate::wasm::check_name;
use plimsoll_engine::report::escape;

use crate::failure::Failure;
use crate::inputs::shown;
use crate::output;

const EXAMPLES: &str = "\
Examples:
  plimsoll plugin new owners
  plimsoll plugin new owners --path policy/owners
  plimsoll plugin new owners --sdk ~/src/plimsoll/sdk

The crate has a rule that works, native tests, and the page of the rule with its cases. The ids of
the plugin's rules begin with NAME.";

/// Write a crate for a plugin, with a rule to begin with
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct NewArgs {
    /// What the plugin is called: lower-case letters, digits and hyphens
    name: String,

    /// Folder to write; it must not exist, or be empty [default: NAME]
    #[arg(long, value_name = "FOLDER")]
    path: Option<PathBuf>,

    /// Folder `sdk` of a copy of Plimsoll's repository; without it, that of the repository that this
    /// program was built in, or that FOLDER is in
    #[arg(long, value_name = "FOLDER")]
    sdk: Option<PathBuf>,
}

/// The template's files, and their texts.
macro_rules! template {
    ($($path:literal),+ $(,)?) => {
        &[$(($path, include_str!(concat!("../../plugin-template/", $path)))),+]
    };
}

const FILES: &[(&str, &str)] = template![
    "Cargo.toml",
    ".gitignore",
    "README.md",
    "src/lib.rs",
    "src/tests.rs",
    "rules/image/missing-owner.md",
    "tests/Dockerfile",
    "tests/facts.json",
];

/// What the template calls itself.
const NAME: &str = "my-plugin";

/// How the template names the SDK.
const SDK: &str = "\"../../sdk\"";

/// Names that plugins may have and crates with the template's dependencies may not.
const NO_CRATES: &str = "\
    abstract alloc async await become box break build const continue core crate do dyn enum extern \
    final fn for gen impl let loop match mod move mut plimsoll-sdk \
    pub ref return self serde serde-json static std struct super \
    test trait try type typeof unsafe unsized use virtual where";

pub(super) fn run(args: &NewArgs) -> Result<u8, Failure> {
    let name = &args.name;
    check(name)?;
    let folder = args.path.clone().unwrap_or_else(|| PathBuf::from(name));
    vacant(&folder)?;
    let sdk = match &args.sdk {
        Some(given) => sdk_at(given)
            .or_else(|| sdk_at(&given.join("sdk")))
            .ok_or_else(|| no_sdk(format!("`{}` is not the SDK of Plimsoll", shown(given))))?,
        None => {
            find_sdk(&folder).ok_or_else(|| no_sdk("the SDK of Plimsoll was not found".into()))?
        }
    };
    write(&folder, name, &sdk).map_err(|error| {
        Diagnostic::error(format!("cannot write the folder `{}`: {error}", shown(&folder)))
    })?;
    let (shown, quoted) = (escape::line(&shown(&folder)).into_owned(), quoted(&folder));
    let program = program();
    let mut text = format!(
        "the plugin `{name}` is in the folder {shown}, its rule in {shown}/src/lib.rs\n\n\
         Test the rule, and build the plugin:\n\n  \
         cargo test --manifest-path {quoted}/Cargo.toml\n  {program} plugin build {quoted}\n",
    );
    if within(&folder, &sdk).is_none() {
        let sdk = escape::line(&sdk.to_string_lossy()).into_owned();
        text += &format!(
            "\nCargo.toml names the SDK by its place on this machine, {sdk}:\n\
             whoever builds the plugin elsewhere changes that line.\n"
        );
    }
    output::print(format_args!("{text}"))
}

/// What the user calls this program.
fn program() -> String {
    match std::env::args_os().next() {
        Some(program) if !program.is_empty() => quoted(Path::new(&program)),
        _ => "plimsoll".to_owned(),
    }
}

/// A path, as a shell takes it.
fn quoted(path: &Path) -> String {
    let text = escape::line(&path.to_string_lossy()).into_owned();
    let is_plain = |c: char| c.is_alphanumeric() || "/\\:._-+@%".contains(c);
    if text.chars().all(is_plain) { text } else { format!("'{}'", text.replace('\'', r"'\''")) }
}

fn check(name: &str) -> Result<(), Diagnostic> {
    check_name(name)?;
    if NO_CRATES.split(' ').any(|taken| taken == name) {
        let message = format!("`{name}` cannot be the name of a crate");
        return Err(
            Diagnostic::error(message).help("Rust, or the crate, means something else by it")
        );
    }
    if name.len() > 64 {
        return Err(Diagnostic::error("the name is longer than 64 characters"));
    }
    Ok(())
}

/// Refuses a folder that has something in it.
fn vacant(folder: &Path) -> Result<(), Diagnostic> {
    let shown = shown(folder);
    let help = "choose another one with --path";
    match fs::read_dir(folder).map(|mut entries| entries.next().is_none()) {
        Ok(true) => Ok(()),
        Ok(false) => {
            Err(Diagnostic::error(format!("the folder `{shown}` is not empty")).help(help))
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) if error.kind() == io::ErrorKind::NotADirectory => {
            Err(Diagnostic::error(format!("`{shown}` is no folder")).help(help))
        }
        Err(error) => Err(Diagnostic::error(format!("cannot read the folder `{shown}`: {error}"))),
    }
}

fn no_sdk(message: String) -> Diagnostic {
    Diagnostic::error(message).help(
        "it is the folder `sdk` of Plimsoll's repository, and not published yet: get a copy of the \
         repository, and name the folder with --sdk",
    )
}

/// The SDK of the repository around the program, or around the new crate.
fn find_sdk(folder: &Path) -> Option<PathBuf> {
    let program = std::env::current_exe().and_then(fs::canonicalize).ok();
    let starts = program.into_iter().chain(absolute(folder).ok());
    let mut above = starts.flat_map(|start| {
        start.ancestors().skip(1).map(|above| above.join("sdk")).collect::<Vec<_>>()
    });
    above.find_map(|folder| sdk_at(&folder))
}

/// The folder, as a whole path, if it is the SDK.
fn sdk_at(folder: &Path) -> Option<PathBuf> {
    let manifest = fs::read_to_string(folder.join("Cargo.toml")).ok()?;
    let is_sdk = manifest.lines().any(|line| line.trim() == "name = \"plimsoll-sdk\"");
    if is_sdk { fs::canonicalize(folder).ok() } else { None }
}

fn write(folder: &Path, name: &str, sdk: &Path) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    let sdk = dependency(folder, sdk)?;
    for (path, text) in FILES {
        let path = folder.join(path);
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent)?;
        }
        let text = text.replace(NAME, name).replace(SDK, &sdk);
        let mut file = fs::File::options().write(true).create_new(true).open(&path)?;
        io::Write::write_all(&mut file, text.as_bytes())?;
    }
    Ok(())
}

/// The way to the SDK, as a string of TOML: relative from within its repository, so that it is the same
/// for everybody who has the repository.
fn dependency(folder: &Path, sdk: &Path) -> io::Result<String> {
    let path = within(folder, sdk).unwrap_or_else(|| sdk.to_owned());
    let text = path.to_str().ok_or_else(|| io::Error::other("the path of the SDK is no text"))?;
    // Every string of JSON as it is written here is one of TOML.
    serde_json::to_string(text).map_err(io::Error::other)
}

/// The way from a folder to the SDK, if they are in one repository.
fn within(folder: &Path, sdk: &Path) -> Option<PathBuf> {
    let folder = fs::canonicalize(folder).unwrap_or_else(|_| folder.to_owned());
    let within = folder.strip_prefix(sdk.parent()?).ok()?;
    let mut path = OsString::new();
    within.components().for_each(|_| path.push("../"));
    path.push(sdk.file_name()?);
    Some(PathBuf::from(path))
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn the_sdk_is_named_from_where_the_crate_is() {
        for (folder, want) in [
            ("/src/plimsoll/mine", "\"../sdk\""),
            ("/src/plimsoll/a/b", "\"../../sdk\""),
            ("/src/mine", "\"/src/plimsoll/sdk\""),
        ] {
            let named = dependency(Path::new(folder), Path::new("/src/plimsoll/sdk")).ok();
            assert_eq!(named.as_deref(), Some(want), "{folder}");
        }
        let named = dependency(Path::new("/a"), Path::new("/b/\"c\\/sdk")).ok();
        assert_eq!(named.as_deref(), Some(r#""/b/\"c\\/sdk""#));
    }

    #[test]
    fn what_the_template_is_to_be_changed_in_is_there() {
        let count = |word: &str| FILES.iter().filter(|(_, text)| text.contains(word)).count();
        assert_eq!(count(SDK), 1);
        assert!(count(NAME) > 2);
    }

    #[test]
    fn paths_are_quoted_for_a_shell() {
        for (path, want) in [
            ("a/b-c.d", "a/b-c.d"),
            ("target/debug/plimsoll", "target/debug/plimsoll"),
            ("my plugin", "'my plugin'"),
            ("it's", r"'it'\''s'"),
        ] {
            assert_eq!(quoted(Path::new(path)), want);
        }
    }
}
