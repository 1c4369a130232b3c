//! A bundle that is part of the program, compiled ahead.
//!
//! At every start the default bundle would have to be parsed, checked and compiled, which takes a
//! hundred times as long as judging a document. [`store`] does it once, when the program is built;
//! [`restore`] takes it up again. What is stored is only taken up by the version of Plimsoll and of
//! regorus that wrote it, and with the files that it was made from; otherwise the bundle is to be
//! read as any other. It is not proof against forgery: bytecode belongs into the program itself, not
//! into a file that somebody else may write.

use std::collections::BTreeMap;
use std::sync::Arc;

use plimsoll_sdk::rule::RuleMeta;
use regorus::rvm::program::{DeserializationResult, Program};
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use super::shortcut::Shortcuts;
use super::unit::{self, Code, Unit, UnitRule};
use crate::bundle::{Bundle, merged_tables};
use crate::diagnostic::Diagnostic;

const MAGIC: &[u8; 8] = b"plimsoll";
/// The version of this format.
const FORMAT: u32 = 4;

/// What the bundle is made from again.
#[derive(Serialize, Deserialize)]
struct Contents {
    digest: u64,
    rules: Vec<RuleMeta>,
    tables: BTreeMap<String, Json>,
}

/// What follows: the rules' shortcuts, their definitions, and programs.
#[derive(Serialize, Deserialize)]
struct Compiled {
    rules: Vec<CompiledRule>,
    definitions: usize,
}

/// How a rule is run, in the order of the bundle's rules.
#[derive(Serialize, Deserialize)]
struct CompiledRule {
    unknown: bool,
    code: Option<Code>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    why_interpreted: Option<String>,
}

/// Checks and compiles a bundle to be embedded with its files.
///
/// # Errors
///
/// Everything that is wrong with the bundle.
pub fn store(bundle: &Bundle) -> Result<Vec<u8>, Vec<Diagnostic>> {
    let data = merged_tables(&[bundle]);
    let tables = data.as_object().into_iter().flat_map(|map| map.keys()).map(String::as_str);
    let unit = Unit::load(bundle, &tables.collect())?;
    write(bundle, &unit).map_err(|message| vec![Diagnostic::error(message)])
}

fn write(bundle: &Bundle, unit: &Unit) -> Result<Vec<u8>, String> {
    let contents = Contents {
        digest: bundle.digest(),
        rules: bundle.rules().iter().map(|rule| RuleMeta::clone(rule.meta())).collect(),
        tables: (bundle.tables().iter())
            .map(|table| (table.name().to_owned(), Json::clone(table.value())))
            .collect(),
    };
    let rules = (unit.rules.iter())
        .map(|rule| CompiledRule {
            unknown: rule.unknown.is_some(),
            code: rule.code,
            why_interpreted: rule.why_interpreted.clone(),
        })
        .collect();
    let compiled = Compiled { rules, definitions: unit.shortcuts.definitions() };
    let contents = serde_json::to_vec(&contents).map_err(|error| error.to_string())?;
    let compiled = serde_json::to_vec(&compiled).map_err(|error| error.to_string())?;
    let mut stored = Vec::from(MAGIC);
    stored.extend(FORMAT.to_le_bytes());
    section(&mut stored, version().as_bytes())?;
    section(&mut stored, &contents)?;
    section(&mut stored, &compiled)?;
    for shortcut in unit.shortcuts.store()? {
        section(&mut stored, &shortcut)?;
    }
    for program in &unit.programs {
        section(&mut stored, &program.serialize_binary()?)?;
    }
    Ok(stored)
}

fn version() -> String {
    // The compiler stamps its own version on every program.
    format!("{}+{}", env!("CARGO_PKG_VERSION"), Program::new().metadata.compiler_version)
}

fn section(stored: &mut Vec<u8>, bytes: &[u8]) -> Result<(), String> {
    let length = u32::try_from(bytes.len()).map_err(|error| error.to_string())?;
    stored.extend(length.to_le_bytes());
    stored.extend(bytes);
    Ok(())
}

/// A bundle that was stored, together with the files it was made from. None when it was stored by
/// another version or from other files: then it is to be read with [`Bundle::embedded`].
#[must_use]
pub fn restore(
    name: &str,
    files: &'static [(&'static str, &'static str)],
    stored: &'static [u8],
) -> Option<Bundle> {
    let contents: Contents = serde_json::from_slice(Sections::of(stored)?.next()?).ok()?;
    if contents.digest != Bundle::digest_of(files) {
        return None;
    }
    Bundle::restored(name, files, contents.rules, contents.tables, stored)
}

/// The compiled rules of a restored bundle.
pub(super) fn unit(bundle: &Bundle, stored: &'static [u8]) -> Option<Unit> {
    let mut sections = Sections::of(stored)?;
    let _contents = sections.next()?;
    let compiled: Compiled = serde_json::from_slice(sections.next()?).ok()?;
    let mut unit = Unit::new(unit::files(bundle));
    let mut several = |count: usize| -> Option<Vec<&'static [u8]>> {
        (0..count).map(|_| sections.next()).collect()
    };
    let (rules, definitions) = (several(compiled.rules.len())?, several(compiled.definitions)?);
    unit.shortcuts = Shortcuts::restored(&rules, &definitions);
    let compiled = compiled.rules;
    while let Some(section) = sections.next() {
        match Program::deserialize_binary(section) {
            Ok(DeserializationResult::Complete(program)) => unit.programs.push(Arc::new(program)),
            _ => return None,
        }
    }
    let known = |code: &Code| code.program < unit.programs.len();
    let whole = sections.0.is_empty() && compiled.iter().filter_map(|c| c.code.as_ref()).all(known);
    if !whole || compiled.len() != bundle.rules().len() {
        return None;
    }
    for (rule, compiled) in bundle.rules().iter().zip(compiled) {
        unit.rules.push(UnitRule {
            path: rule.path().to_owned(),
            deny: format!("{}.deny", rule.package()),
            unknown: compiled.unknown.then(|| format!("{}.unknown", rule.package())),
            raw: rule.meta().raw,
            code: compiled.code,
            why_interpreted: compiled.why_interpreted,
        });
    }
    Some(unit)
}

struct Sections<'a>(&'a [u8]);

impl<'a> Sections<'a> {
    /// What follows a heading of this version.
    fn of(stored: &'a [u8]) -> Option<Sections<'a>> {
        let rest = stored.strip_prefix(MAGIC)?;
        let rest = rest.strip_prefix(&FORMAT.to_le_bytes())?;
        let mut sections = Sections(rest);
        (sections.next()? == version().as_bytes()).then_some(sections)
    }

    fn next(&mut self) -> Option<&'a [u8]> {
        let (length, rest) = self.0.split_first_chunk::<4>()?;
        let (section, rest) = rest.split_at_checked(u32::from_le_bytes(*length) as usize)?;
        self.0 = rest;
        Some(section)
    }
}
