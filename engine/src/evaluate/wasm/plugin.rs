//! A plugin: loaded, checked, and ready to be called.

use std::fmt;
use std::sync::Arc;

use plimsoll_sdk::rule::RuleMeta;
use wasmtime::{Engine, Store, Trap, UpdateDeadline};

use super::cache::CodeCache;
use super::code::Compiled;
use super::contract::{self, Answer, Contract, Host, Wanted};
use super::description::{self, Described};
use super::failure::Failure;
use super::limits::{Limits, Meter, Usage};
use super::slots::Slots;
use super::ticker::Ticker;
use super::{MAX_BYTES, code, deep};
use crate::bundle::{Shipped, ShippedRule, Vocabulary};
use crate::diagnostic::Diagnostic;
use crate::excerpt::excerpt;
use crate::files::{FileError, Files};
use crate::source::{Place, Source};

/// The folder beside a plugin that has the pages of its rules.
const PAGES: &str = "rules";

/// The largest page, in bytes.
const MAX_PAGE: u64 = 4 << 20;

/// How much a line of a plugin's log matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum LogLevel {
    /// Of interest while the plugin is being written.
    Debug,
    /// Of interest to whoever runs it.
    Info,
    /// Something is not as it should be.
    Warning,
    /// Something went wrong.
    Error,
}

/// A line of a plugin's log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogLine {
    /// How much it matters.
    pub level: LogLevel,
    /// The line, at most 4096 bytes of it.
    pub message: String,
}

/// Who gets the lines that a plugin logs: at most a thousand of each call, from any thread.
pub type Log = Arc<dyn Fn(&LogLine) + Send + Sync>;

/// How a plugin is loaded and run.
#[derive(Clone, Default)]
pub struct PluginOptions {
    /// What it may use up.
    pub limits: Limits,
    /// The digest that it has to have, as [`super::digest`] writes it.
    pub digest: Option<String>,
    /// Where the configuration says so, for the error when the file has another one.
    pub digest_place: Option<Place>,
    /// Where compiled code is kept; without it, code is compiled at every start.
    pub cache: Option<CodeCache>,
    /// Who gets what it logs; without it, nobody.
    pub log: Option<Log>,
}

impl fmt::Debug for PluginOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let PluginOptions { limits, digest, cache, log, .. } = self;
        f.debug_struct("PluginOptions")
            .field("limits", limits)
            .field("digest", digest)
            .field("cache", cache)
            .field("log", &log.is_some())
            .finish_non_exhaustive()
    }
}

/// A plugin, compiled, whose rules are known. Cheap to clone.
///
/// ```no_run
/// use std::path::Path;
///
/// use plimsoll_engine::engine::vocabulary;
/// use plimsoll_engine::evaluate::wasm::CodeCache;
/// use plimsoll_engine::files::DiskFiles;
/// use plimsoll_engine::{BuildError, Engine, Plugin, PluginOptions};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let files = DiskFiles::open(Path::new("plugins"))?;
/// let cache = Some(CodeCache::at("/var/cache/shop".into()));
/// let options = PluginOptions { cache, ..PluginOptions::default() };
/// let name = "plugins/licences.wasm"; // for messages
/// let plugin = Plugin::open(&files, "licences.wasm", name, &options, &vocabulary());
/// let engine = Engine::builder().plugin(plugin.map_err(BuildError)?).build()?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Plugin(Arc<Loaded>);

struct Loaded {
    file: String,
    name: String,
    version: String,
    contract_version: u32,
    digest: String,
    size: usize,
    imports: Vec<String>,
    exports: Vec<String>,
    rules: Vec<Arc<RuleMeta>>,
    pages: Vec<Page>,
    limits: Limits,
    log: Option<Log>,
    engine: Engine,
    slots: Option<Slots>,
    contract: Box<dyn Contract>,
}

/// The page of a rule.
struct Page {
    source: Arc<Source>,
    /// Whether somebody wrote it.
    is_written: bool,
}

impl fmt::Debug for Plugin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Loaded { file, name, digest, .. } = &*self.0;
        f.debug_struct("Plugin")
            .field("file", file)
            .field("name", name)
            .field("digest", digest)
            .finish_non_exhaustive()
    }
}

impl Plugin {
    /// Loads a plugin from the bytes of its file, which the user knows as `file`. Pages of its rules
    /// are made of what they declare.
    ///
    /// # Errors
    ///
    /// Everything that is wrong with it, each naming the file.
    pub fn from_bytes(
        file: &str,
        bytes: &[u8],
        options: &PluginOptions,
        vocabulary: &Vocabulary<'_>,
    ) -> Result<Plugin, Vec<Diagnostic>> {
        let loaded = Loaded::load(file, bytes, options, vocabulary);
        loaded.map(|loaded| Plugin(Arc::new(loaded))).map_err(|problems| named(problems, file))
    }

    /// Loads the plugin at `path`, and the pages of its rules from the folder `rules` beside it,
    /// `rules/AREA/NAME.md`. The user knows it as `file`.
    ///
    /// # Errors
    ///
    /// When it cannot be read, and everything that is wrong with it or with a page.
    pub fn open(
        files: &dyn Files,
        path: &str,
        file: &str,
        options: &PluginOptions,
        vocabulary: &Vocabulary<'_>,
    ) -> Result<Plugin, Vec<Diagnostic>> {
        let bytes = files.read(path, MAX_BYTES as u64).map_err(|error| {
            vec![match error {
                FileError::NotFound => Diagnostic::error(format!("there is no plugin `{file}`")),
                FileError::TooLarge(_) => Diagnostic::error(format!(
                    "the plugin `{file}` is larger than {MAX_BYTES} bytes"
                )),
                other => Diagnostic::error(format!("cannot read the plugin `{file}`: {other}")),
            }]
        })?;
        let mut loaded = Loaded::load(file, &bytes, options, vocabulary)
            .map_err(|problems| named(problems, file))?;
        let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
        let shown = file.rsplit_once('/').map_or("", |(folder, _)| folder);
        loaded.read_pages(files, folder, shown)?;
        Ok(Plugin(Arc::new(loaded)))
    }

    /// The plugin's name, with which the ids of its rules begin.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.0.name
    }

    /// How the user knows its file.
    #[must_use]
    pub fn file(&self) -> &str {
        &self.0.file
    }

    /// The plugin's own version, for people.
    #[must_use]
    pub fn version(&self) -> &str {
        &self.0.version
    }

    /// The version of the contract that it is written for.
    #[must_use]
    pub fn contract_version(&self) -> u32 {
        self.0.contract_version
    }

    /// The digest of its file: `sha256:` and 64 hexadecimal digits.
    #[must_use]
    pub fn digest(&self) -> &str {
        &self.0.digest
    }

    /// The size of its file, in bytes.
    #[must_use]
    pub fn size(&self) -> usize {
        self.0.size
    }

    /// What it imports, by name.
    #[must_use]
    pub fn imports(&self) -> &[String] {
        &self.0.imports
    }

    /// What it exports, by name.
    #[must_use]
    pub fn exports(&self) -> &[String] {
        &self.0.exports
    }

    /// What it may use up.
    #[must_use]
    pub fn limits(&self) -> &Limits {
        &self.0.limits
    }

    /// Its rules, sorted by id.
    #[must_use]
    pub fn rules(&self) -> &[Arc<RuleMeta>] {
        &self.0.rules
    }

    /// The page of a rule, the index being that of [`Plugin::rules`].
    #[must_use]
    pub fn page(&self, rule: usize) -> Option<&Arc<Source>> {
        self.0.pages.get(rule).map(|page| &page.source)
    }

    /// Whether the page of a rule is a file beside the plugin, rather than what the rule declares.
    #[must_use]
    pub fn has_page(&self, rule: usize) -> bool {
        self.0.pages.get(rule).is_some_and(|page| page.is_written)
    }

    /// Its rules, as whoever configures and lists them sees them.
    #[must_use]
    pub fn shipped(&self) -> Shipped {
        let rules = self.rules().iter().zip(&self.0.pages);
        Shipped {
            what: "plugin",
            name: self.name().to_owned(),
            file: format!("the file `{}`", self.file()),
            rules: rules
                .map(|(meta, page)| ShippedRule::new(Arc::clone(meta), Arc::clone(&page.source)))
                .collect(),
        }
    }

    pub(super) fn engine(&self) -> &Engine {
        &self.0.engine
    }

    /// Whether its calls run in a pool of memory.
    #[cfg(test)]
    pub(super) fn is_pooled(&self) -> bool {
        self.0.slots.is_some()
    }

    /// One call, in an instance of its own, while the ticker runs.
    pub(super) fn check(
        &self,
        facts: &str,
        wanted: &[Wanted<'_>],
        ticker: &Ticker,
    ) -> Result<Vec<Answer>, Failure> {
        self.measure(facts, wanted, ticker)?.0
    }

    /// As [`Plugin::check`], and what the call used up.
    pub(super) fn measure(
        &self,
        facts: &str,
        wanted: &[Wanted<'_>],
        ticker: &Ticker,
    ) -> Result<(Result<Vec<Answer>, Failure>, Usage), Failure> {
        let Loaded { engine, limits, log, slots, contract, .. } = &*self.0;
        let _slot = slots.as_ref().map(Slots::take);
        let mut store = store(engine, limits, log.clone(), ticker)?;
        let answers = contract.check(&mut store, facts, wanted);
        let left = store.get_fuel().unwrap_or_default();
        let usage = store.data().meter.usage(limits.fuel.saturating_sub(left));
        Ok((answers.map_err(|error| Failure::of(&error, &store, limits)), usage))
    }
}

/// A store that holds to the limits.
fn store(
    engine: &Engine,
    limits: &Limits,
    log: Option<Log>,
    ticker: &Ticker,
) -> Result<Store<Host>, Failure> {
    let mut store = Store::new(engine, Host::new(Meter::new(*limits), log));
    store.limiter(|host| &mut host.meter);
    store.set_fuel(limits.fuel).map_err(|error| Failure::of(&error, &store, limits))?;
    let is_over = ticker.deadline(limits.time);
    store.set_epoch_deadline(1);
    store.epoch_deadline_callback(move |_| match is_over() {
        true => Err(Trap::Interrupt.into()),
        false => Ok(UpdateDeadline::Continue(1)),
    });
    store.set_hostcall_fuel(limits.output);
    Ok(store)
}

impl Loaded {
    fn load(
        file: &str,
        bytes: &[u8],
        options: &PluginOptions,
        vocabulary: &Vocabulary<'_>,
    ) -> Result<Loaded, Vec<Diagnostic>> {
        code::sniff(bytes).map_err(|problem| vec![problem])?;
        let digest = code::digest(bytes);
        if let Some(wanted) = options.digest.as_ref().filter(|wanted| **wanted != digest) {
            let message = format!("its digest is {digest}, not {}", excerpt(wanted));
            let help = "it is another file than the one that was pinned";
            let mut problem = Diagnostic::error(message).help(help);
            if let Some(place) = &options.digest_place {
                problem = problem.at(place.clone());
            }
            return Err(vec![problem]);
        }
        if !Limits::STACK.contains(&options.limits.stack) {
            return Err(vec![Diagnostic::error("its stack may have from 16 KiB to 4 MiB")]);
        }
        let work = || Ok(Loaded::prepare(file, bytes, digest, options, vocabulary));
        deep::install(work).map_err(|problem| vec![problem])?
    }

    fn prepare(
        file: &str,
        bytes: &[u8],
        digest: String,
        options: &PluginOptions,
        vocabulary: &Vocabulary<'_>,
    ) -> Result<Loaded, Vec<Diagnostic>> {
        let PluginOptions { limits, cache, log, .. } = options;
        let one = |problem: Diagnostic| vec![problem];
        let cache = cache.as_ref().map(|cache| (cache, digest.as_str()));
        let Compiled { engine, component, slots } =
            code::compile(bytes, limits, cache).map_err(one)?;
        let imports = contract::imports(&engine, &component);
        let exports = contract::exports(&engine, &component);
        let (contract_version, contract) = contract::prepare(&engine, &component).map_err(one)?;
        let text =
            describe(&engine, contract.as_ref(), limits, log.clone()).map_err(|failure| {
                one(Diagnostic::error(format!("it does not say what it is: {}", failure.reason)))
            })?;
        let Described { name, version, rules } = description::read(&text, vocabulary)?;
        Ok(Loaded {
            file: file.to_owned(),
            name,
            version,
            contract_version,
            digest,
            size: bytes.len(),
            imports,
            exports,
            pages: rules.iter().map(|rule| declared_page(file, rule)).collect(),
            rules: rules.into_iter().map(Arc::new).collect(),
            limits: *limits,
            log: log.clone(),
            engine,
            slots,
            contract,
        })
    }

    /// Takes the pages that there are.
    fn read_pages(
        &mut self,
        files: &dyn Files,
        folder: &str,
        shown: &str,
    ) -> Result<(), Vec<Diagnostic>> {
        let mut problems = Vec::new();
        for (rule, page) in self.rules.iter().zip(&mut self.pages) {
            let stem = rule.id.split_once('/').map_or(rule.id.as_str(), |(_, stem)| stem);
            let path = below(folder, &format!("{PAGES}/{stem}.md"));
            let name = below(shown, &format!("{PAGES}/{stem}.md"));
            match files.read(&path, MAX_PAGE) {
                Ok(bytes) => {
                    let source = Source::from_bytes(name, bytes);
                    if source.is_lossy() {
                        let message = format!("`{}` is not UTF-8 text", source.name());
                        problems.push(Diagnostic::error(message));
                    }
                    *page = Page { source, is_written: true };
                }
                Err(FileError::NotFound) => {}
                Err(error) => {
                    problems.push(Diagnostic::error(format!("cannot read `{name}`: {error}")));
                }
            }
        }
        if problems.is_empty() { Ok(()) } else { Err(problems) }
    }
}

fn describe(
    engine: &Engine,
    contract: &dyn Contract,
    limits: &Limits,
    log: Option<Log>,
) -> Result<String, Failure> {
    let ticker = Ticker::new(vec![engine.clone()]);
    let _ticking = ticker.start();
    let mut store = store(engine, limits, log, &ticker)?;
    let text = contract.describe(&mut store);
    text.map_err(|error| Failure::of(&error, &store, limits))
}

/// What a rule declares, as a page.
fn declared_page(file: &str, rule: &RuleMeta) -> Page {
    let RuleMeta { id, title, description, remedy, .. } = rule;
    let text = format!("# {title}\n\n{description}\n\n## How to fix it\n\n{remedy}\n");
    Page { source: Source::new(format!("{file} ({id})"), text), is_written: false }
}

fn below(folder: &str, path: &str) -> String {
    if folder.is_empty() { path.to_owned() } else { format!("{folder}/{path}") }
}

fn named(problems: Vec<Diagnostic>, file: &str) -> Vec<Diagnostic> {
    let name = |mut problem: Diagnostic| {
        problem.message = format!("the plugin `{file}` cannot be used: {}", problem.message);
        problem
    };
    problems.into_iter().map(name).collect()
}
