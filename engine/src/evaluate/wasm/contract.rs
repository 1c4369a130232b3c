//! The versions of the contract, and what each needs.

use plimsoll_sdk::finding::{RawFinding, RawUnknown};
use wasmtime::component::{Component, Linker};
use wasmtime::{Engine, Store};

use super::limits::Meter;
use super::plugin::{Log, LogLevel, LogLine};
use super::{code, v1};
use crate::diagnostic::Diagnostic;
use crate::excerpt::excerpt;

/// What every version's interface of types is called, before its version.
const TYPES: &str = "plimsoll:plugin/types@";

/// The one function that a plugin may import.
const LOG: &str = "log";

/// A version of the contract.
#[derive(Debug)]
pub struct Version {
    /// Its number: the folder below `sdk/wit`, and the first number of the package's version.
    pub number: u32,
    prepare: fn(&Linkable<'_>) -> wasmtime::Result<Box<dyn Contract>>,
}

/// Every version that plugins may be of.
pub const VERSIONS: &[Version] = &[Version { number: 1, prepare: v1::prepare }];

/// A component that imports nothing but what is there.
pub(super) struct Linkable<'a> {
    pub(super) engine: &'a Engine,
    pub(super) component: &'a Component,
}

impl Linkable<'_> {
    pub(super) fn linker(&self) -> Linker<Host> {
        Linker::new(self.engine)
    }
}

/// A plugin as the rest of the engine calls it, whatever version it is of. Every call makes an instance
/// of its own in a store of its own.
pub(super) trait Contract: Send + Sync {
    /// What the plugin and its rules are, as JSON.
    fn describe(&self, store: &mut Store<Host>) -> wasmtime::Result<String>;

    /// What the wanted rules say of a document, in their order.
    fn check(
        &self,
        store: &mut Store<Host>,
        facts: &str,
        wanted: &[Wanted<'_>],
    ) -> wasmtime::Result<Vec<Answer>>;
}

/// A rule that is to be run, with the values of its parameters as a JSON object.
#[derive(Clone, Copy)]
pub(super) struct Wanted<'a> {
    pub(super) rule: &'a str,
    pub(super) params: &'a str,
}

/// What a rule says, or why it says nothing.
pub(super) type Answer = Result<Verdict, String>;

/// What a rule says, as the plugin gave it.
pub(super) struct Verdict {
    pub(super) findings: Vec<RawFinding>,
    pub(super) unknowns: Vec<RawUnknown>,
}

/// What a plugin's calls to the host, and the limits, work on.
pub(super) struct Host {
    pub(super) meter: Meter,
    log: Option<Log>,
    lines: usize,
    /// The last error that it logged.
    pub(super) last_error: Option<String>,
}

impl Host {
    /// The most lines of one call that are passed on.
    const MAX_LINES: usize = 1000;
    /// The longest line, in bytes.
    const MAX_LINE: usize = 4096;

    pub(super) fn new(meter: Meter, log: Option<Log>) -> Self {
        Host { meter, log, lines: 0, last_error: None }
    }

    pub(super) fn log(&mut self, level: LogLevel, message: &str) {
        let message = super::super::bounds::cut(message, Host::MAX_LINE);
        if level == LogLevel::Error {
            self.last_error = Some(message.clone());
        }
        self.lines += 1;
        if let Some(log) = self.log.as_ref().filter(|_| self.lines <= Host::MAX_LINES) {
            log(&LogLine { level, message });
        }
    }
}

/// What a component imports: names, in its order.
pub(super) fn imports(engine: &Engine, component: &Component) -> Vec<String> {
    let ty = component.component_type();
    ty.imports(engine).map(|(name, _)| name.to_owned()).collect()
}

/// What a component exports, as [`imports`].
pub(super) fn exports(engine: &Engine, component: &Component) -> Vec<String> {
    let ty = component.component_type();
    ty.exports(engine).map(|(name, _)| name.to_owned()).collect()
}

/// Finds the version that a component is written for, and prepares it for calls.
pub(super) fn prepare(
    engine: &Engine,
    component: &Component,
) -> Result<(u32, Box<dyn Contract>), Diagnostic> {
    let imports = imports(engine, component);
    let foreign: Vec<String> = (imports.iter())
        .filter(|name| *name != LOG && !name.starts_with(TYPES))
        .map(|name| format!("`{}`", excerpt(name)))
        .collect();
    if !foreign.is_empty() {
        let shown = foreign.get(..foreign.len().min(8)).unwrap_or_default().join(", ");
        let more = if foreign.len() > 8 { ", …" } else { "" };
        let message = format!("it imports {shown}{more}, which no plugin gets");
        let help = match foreign.iter().any(|name| name.starts_with("`wasi:")) {
            true => {
                "a plugin has no files, clock, network or randomness: build it for \
                 wasm32-unknown-unknown, not for WASI"
            }
            false => "all that a plugin may import is `log`",
        };
        return Err(Diagnostic::error(message).help(help));
    }
    let exports = exports(engine, component);
    let mut missing = ["describe", "check"].into_iter();
    if let Some(missing) = missing.find(|name| !exports.iter().any(|export| export == name)) {
        let message = format!("it does not export `{missing}`");
        return Err(Diagnostic::error(message).help(
            "a plugin exports `describe` and `check`; in Rust `plimsoll_sdk::export!` makes them",
        ));
    }
    let written_for = (imports.iter().chain(&exports)).find_map(|name| name.strip_prefix(TYPES));
    let Some(written_for) = written_for else {
        return Err(Diagnostic::error("it does not say which version of the contract it is for")
            .help(format!("its types are those of `{TYPES}1.0.0`")));
    };
    let number = written_for.split('.').next().and_then(|number| number.parse::<u32>().ok());
    let Some(version) = VERSIONS.iter().find(|version| Some(version.number) == number) else {
        let known: Vec<String> = VERSIONS.iter().map(|row| row.number.to_string()).collect();
        let message = format!(
            "it is for version {} of the contract; this program knows {}",
            excerpt(written_for),
            known.join(", ")
        );
        return Err(Diagnostic::error(message));
    };
    let contract = (version.prepare)(&Linkable { engine, component }).map_err(|error| {
        let reason = code::excerpt_line(&error.root_cause().to_string());
        Diagnostic::error(format!(
            "it does not keep to version {} of the contract: {reason}",
            version.number
        ))
        .help("sdk/wit has the contract")
    })?;
    Ok((version.number, contract))
}
