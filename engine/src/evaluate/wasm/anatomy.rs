//! What can be told of a file without running anything of it.

use wasmtime::{Engine, Module};

use super::code::Compiled;
use super::limits::Limits;
use super::{code, contract, deep};
use crate::diagnostic::Diagnostic;

/// The most names that are listed, of imports and of exports.
const MAX_NAMES: usize = 1000;

/// What WebAssembly a file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A component, as every plugin is.
    Component,
    /// A core module, of which a component can be made.
    Module,
    /// Text, in the format of WebAssembly.
    Text,
    /// Something else.
    Other,
}

impl Kind {
    /// What bytes begin as.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Kind {
        let text = bytes.trim_ascii_start();
        if text.starts_with(b"(component") || text.starts_with(b"(module") {
            return Kind::Text;
        }
        match bytes.get(..8) {
            Some(b"\0asm\x0d\0\x01\0") => Kind::Component,
            Some(b"\0asm\x01\0\0\0") => Kind::Module,
            _ => Kind::Other,
        }
    }

    /// In a word or two, for people.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Kind::Component => "component",
            Kind::Module => "core module",
            Kind::Text => "WebAssembly as text",
            Kind::Other => "no WebAssembly",
        }
    }
}

/// The outside of a component or a module: also of one that is no plugin.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Anatomy {
    /// What it imports, in its order, at most a thousand; of a module `MODULE.NAME`.
    pub imports: Vec<String>,
    /// What it exports, in the same way.
    pub exports: Vec<String>,
}

impl Anatomy {
    /// Compiles a component or a module to look at it; nothing of it runs.
    ///
    /// # Errors
    ///
    /// When it is neither, or damaged.
    pub fn of(bytes: &[u8]) -> Result<Anatomy, Diagnostic> {
        let work = || match Kind::of(bytes) {
            Kind::Module => module(bytes),
            _ => component(bytes),
        };
        deep::install(work)
    }
}

fn component(bytes: &[u8]) -> Result<Anatomy, Diagnostic> {
    code::sniff(bytes)?;
    let Compiled { engine, component, .. } = code::compile(bytes, &Limits::default(), None)?;
    let few = |names: Vec<String>| names.into_iter().take(MAX_NAMES).collect();
    Ok(Anatomy {
        imports: few(contract::imports(&engine, &component)),
        exports: few(contract::exports(&engine, &component)),
    })
}

fn module(bytes: &[u8]) -> Result<Anatomy, Diagnostic> {
    if bytes.len() > code::MAX_BYTES {
        return Err(code::too_large(bytes.len() as u64));
    }
    let module = Module::from_binary(&Engine::default(), bytes).map_err(|error| {
        let reason = code::excerpt_line(&error.root_cause().to_string());
        Diagnostic::error(format!("it is damaged: {reason}"))
    })?;
    let imports = module.imports().map(|import| format!("{}.{}", import.module(), import.name()));
    let exports = module.exports().map(|export| export.name().to_owned());
    Ok(Anatomy {
        imports: imports.take(MAX_NAMES).collect(),
        exports: exports.take(MAX_NAMES).collect(),
    })
}
