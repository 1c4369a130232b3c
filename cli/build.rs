//! Checks and compiles the default bundle, so that the program does not do it at every start.

use std::path::PathBuf;
use std::process::ExitCode;

use plimsoll_engine::BuildError;
use plimsoll_engine::bundle::{Bundle, DEFAULT_BUNDLE};
use plimsoll_engine::diagnostic::Diagnostic;
use plimsoll_engine::engine::vocabulary;
use plimsoll_engine::evaluate::rego;

fn main() -> ExitCode {
    println!("cargo::rerun-if-changed=build.rs");
    match compile() {
        Ok(()) => ExitCode::SUCCESS,
        Err(problems) => {
            println!("cargo::error=the default bundle is wrong");
            for line in BuildError(problems).to_string().lines() {
                println!("cargo::error={line}");
            }
            ExitCode::FAILURE
        }
    }
}

fn compile() -> Result<(), Vec<Diagnostic>> {
    let bundle = Bundle::embedded(DEFAULT_BUNDLE, plimsoll_policies::CHECKLIST, &vocabulary())?;
    let stored = rego::store(&bundle)?;
    let out = PathBuf::from(std::env::var_os("OUT_DIR").unwrap_or_default());
    let path = out.join("checklist.bin");
    std::fs::write(&path, stored)
        .map_err(|error| vec![Diagnostic::error(format!("{}: {error}", path.display()))])
}
