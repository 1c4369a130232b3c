//! `build FOLDER`: builds the plugins of a crate or a workspace, and writes each beside its `Cargo.toml`.
#![allow(clippy::print_stdout, clippy::print_stderr)]

use std::path::Path;
use std::process::ExitCode;

use plimsoll_plugin_build::{BuildError, Options, Toolchain, Way, build};

fn main() -> ExitCode {
    let Some(folder) = std::env::args_os().nth(1) else {
        eprintln!("build: it takes the folder of a crate or of a workspace");
        return ExitCode::FAILURE;
    };
    match write(Path::new(&folder)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("build: {error}");
            ExitCode::FAILURE
        }
    }
}

fn write(folder: &Path) -> Result<(), BuildError> {
    let tell = |text: &str| eprintln!("{text}");
    let toolchain = Toolchain::find(&Way::ALL, Toolchain::cache().as_deref(), &tell)?;
    let options = Options { progress: true, ..Options::default() };
    for built in build(folder, &toolchain, &options)? {
        let path = built.folder.join(format!("{}.wasm", built.name));
        std::fs::write(&path, &built.component)
            .map_err(|error| BuildError::File(path.clone(), error))?;
        println!("{} ({} bytes)", path.display(), built.component.len());
    }
    Ok(())
}
