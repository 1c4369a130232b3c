//! `plimsoll plugin inspect`: what a file is, also when it is no plugin.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use clap::Args;
use plimsoll_engine::diagnostic::Diagnostic;
use plimsoll_engine::evaluate::wasm::{self, Anatomy, Kind};
use plimsoll_engine::mask::Masks;
use plimsoll_engine::report::{self, escape};
use plimsoll_engine::sdk::facts;
use plimsoll_engine::sdk::rule::RuleMeta;
use plimsoll_engine::{Plugin, PluginOptions};
use serde::Serialize;

use super::Format;
use super::build::read;
use super::figures::size;
use crate::failure::{self, Failure, INCOMPLETE};
use crate::inputs::shown;
use crate::output;
use crate::plugins;
use crate::terminal::When;

const EXAMPLES: &str = "\
Examples:
  plimsoll plugin inspect owners.wasm
  plimsoll plugin inspect owners.wasm --format json | jq -r '.rules[].id'

Nothing of a plugin but its description is run. Of a file that is no plugin it says what it is, as
far as that can be told, and what is wrong with it.

Exit status:
  0  it is a plugin
  2  it is none, or there is no such file";

/// Show what a plugin is: its rules, their parameters, what it imports, its digest
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct InspectArgs {
    /// The plugin
    file: PathBuf,

    /// For people or for programs
    #[arg(long, value_enum, default_value_t = Format::Human)]
    format: Format,

    /// Compile it anew, and keep nothing of it
    #[arg(long)]
    no_cache: bool,
}

/// What is known of a file.
#[derive(Serialize)]
struct Inspection<'a> {
    file: String,
    kind: &'static str,
    size: usize,
    digest: String,
    /// Null unless it is a plugin.
    plugin: Option<About<'a>>,
    /// Null when they cannot be told.
    imports: Option<Vec<String>>,
    exports: Option<Vec<String>>,
    /// What is wrong with it.
    problems: Vec<&'a str>,
}

/// What a plugin says of itself.
#[derive(Serialize)]
struct About<'a> {
    name: &'a str,
    version: &'a str,
    /// The version of the contract.
    contract: u32,
    /// The version of the facts.
    facts: &'a str,
    rules: Vec<Row<'a>>,
}

#[derive(Serialize)]
struct Row<'a> {
    #[serde(flatten)]
    meta: &'a RuleMeta,
    /// Whether there is a page beside the plugin.
    page: bool,
}

pub(super) fn run(args: &InspectArgs, color: When) -> Result<u8, Failure> {
    let bytes = read(&args.file)?;
    let cache = plugins::cache(args.no_cache);
    let opened = plugins::open_file(&args.file, PluginOptions::default(), cache.as_ref());
    let (plugin, problems) = match &opened {
        Ok(plugin) => (Some(plugin), &[][..]),
        Err(problems) => (None, problems.as_slice()),
    };
    let anatomy = match plugin {
        Some(plugin) => {
            Some(Anatomy { imports: plugin.imports().to_vec(), exports: plugin.exports().to_vec() })
        }
        None => Anatomy::of(&bytes).ok(),
    };
    let inspection = Inspection::new(&args.file, &bytes, plugin, anatomy, problems);
    output::stdout(args.format == Format::Human, |out| match args.format {
        Format::Human => inspection.write(out),
        Format::Json => report::write_json(out, &inspection),
    })?;
    failure::tell(problems, &Masks::default(), &color.stderr());
    Ok(if problems.is_empty() { 0 } else { INCOMPLETE })
}

impl<'a> Inspection<'a> {
    fn new(
        file: &Path,
        bytes: &[u8],
        plugin: Option<&'a Plugin>,
        anatomy: Option<Anatomy>,
        problems: &'a [Diagnostic],
    ) -> Self {
        let (imports, exports) = anatomy.map(|of| (of.imports, of.exports)).unzip();
        Inspection {
            file: shown(file),
            kind: Kind::of(bytes).as_str(),
            size: bytes.len(),
            digest: wasm::digest(bytes),
            plugin: plugin.map(About::new),
            imports,
            exports,
            problems: problems.iter().map(|problem| problem.message.as_str()).collect(),
        }
    }

    fn write(&self, out: &mut dyn Write) -> io::Result<()> {
        writeln!(out, "{}", escape::line(&self.file))?;
        if let Some(About { name, version, contract, facts, .. }) = &self.plugin {
            line(out, "plugin", &format!("{name} {version}"))?;
            line(out, "contract", &format!("version {contract}, for facts of version {facts}"))?;
        } else {
            line(out, "kind", self.kind)?;
        }
        let exactly = if self.size < 1024 { "" } else { &format!(" ({} bytes)", self.size) };
        line(out, "size", &format!("{}{exactly}", size(self.size)))?;
        line(out, "digest", &self.digest)?;
        names(out, "imports", self.imports.as_deref())?;
        names(out, "exports", self.exports.as_deref())?;
        let Some(about) = &self.plugin else { return Ok(()) };
        for row in &about.rules {
            writeln!(out)?;
            row.write(out)?;
        }
        let is_plain = |c: char| c.is_alphanumeric() || "/._-".contains(c);
        let path = match self.file.chars().all(is_plain) {
            true => self.file.clone(),
            // Every string of JSON is one of YAML.
            false => escape::line(&serde_json::to_string(&self.file)?).into_owned(),
        };
        writeln!(out, "\nIn plimsoll.yaml, pinned to what it is now:\n")?;
        writeln!(out, "plugins:\n  - path: {path}\n    digest: {}", self.digest)
    }
}

fn line(out: &mut dyn Write, name: &str, text: &str) -> io::Result<()> {
    writeln!(out, "  {name:9} {}", escape::line(text))
}

/// The most names that people are shown.
const MAX_SHOWN: usize = 40;

fn names(out: &mut dyn Write, name: &str, names: Option<&[String]>) -> io::Result<()> {
    match names {
        None => line(out, name, "not known"),
        Some([]) => line(out, name, "nothing"),
        Some(names) => {
            let few: Vec<_> =
                names.iter().take(MAX_SHOWN).map(|name| escape::bounded(name, 100)).collect();
            let more = names.len().saturating_sub(MAX_SHOWN);
            let more = if more > 0 { format!(", and {more} more") } else { String::new() };
            line(out, name, &format!("{}{more}", few.join(", ")))
        }
    }
}

impl<'a> About<'a> {
    fn new(plugin: &'a Plugin) -> Self {
        let rules = plugin.rules().iter().enumerate();
        About {
            name: plugin.name(),
            version: plugin.version(),
            contract: plugin.contract_version(),
            facts: facts::VERSION,
            rules: rules.map(|(at, meta)| Row { meta, page: plugin.has_page(at) }).collect(),
        }
    }
}

impl Row<'_> {
    fn write(&self, out: &mut dyn Write) -> io::Result<()> {
        let meta = self.meta;
        writeln!(out, "{}", escape::line(&meta.id))?;
        let mut severity = meta.severity.to_string();
        for (level, of) in &meta.levels {
            severity += &format!(", {of} for {level}");
        }
        line(out, "title", &meta.title)?;
        line(out, "severity", &severity)?;
        line(out, "judges", &format!("{} of {}", meta.subjects.join(", "), meta.kinds.join(", ")))?;
        line(out, "profiles", &meta.profiles.join(", "))?;
        line(
            out,
            "page",
            if self.page { "yes" } else { "none; it is made of what the rule declares" },
        )?;
        for (at, (name, param)) in meta.params.iter().enumerate() {
            let text = format!("{name} ({}): {}", param.ty, param.default);
            line(out, if at == 0 { "params" } else { "" }, &text)?;
        }
        Ok(())
    }
}
