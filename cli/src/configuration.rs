//! Finding and reading `plimsoll.yaml`, and the bundles and plugins that it names.

use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf, absolute};
use std::sync::Arc;

use plimsoll_engine::bundle::{Bundle, DEFAULT_BUNDLE, Shipped};
use plimsoll_engine::config::{self, FILE_NAMES, FailOn, RuleSetting, Settings, Spanned};
use plimsoll_engine::diagnostic::Diagnostic;
use plimsoll_engine::nearest::nearest;
use plimsoll_engine::policy::Policy;
use plimsoll_engine::source::{Place, Source, Span};
use plimsoll_engine::{BuildError, EngineBuilder, Plugin};
use rayon::prelude::*;

use crate::args::PolicyArgs;
use crate::bundles::{self, command_line};
use crate::failure::Failure;
use crate::inputs::shown;
use crate::plugins;

/// The largest configuration file, in bytes.
const MAX_BYTES: u64 = 4 << 20;

/// A configuration with its bundles and plugins.
#[derive(Debug)]
pub(crate) struct Configuration {
    pub(crate) settings: Settings,
    /// Lowest layer first.
    pub(crate) bundles: Vec<Bundle>,
    pub(crate) plugins: Vec<Plugin>,
}

/// Reads the configuration for what lies at `path`, and the bundles.
///
/// # Errors
///
/// Everything that is wrong with file and bundles, at once.
pub(crate) fn load(args: &PolicyArgs, path: &Path) -> Result<Configuration, Failure> {
    let file = match &args.config {
        Some(file) => Some(file.clone()),
        None if args.no_config => None,
        None => find(path),
    };
    let (mut settings, mut problems) = match &file {
        Some(file) => config::parse_partly(&read(file)?),
        None => (Settings::default(), Vec::new()),
    };
    if let Some(profile) = args.profile {
        settings.profile = Some(said(profile, format!("--profile {}", profile.as_str())));
    }
    let folder = file.as_deref().and_then(Path::parent).unwrap_or(Path::new(""));
    let (bundles, unloaded) = bundles(&settings, folder);
    problems.extend(unloaded);
    let (plugins, unloaded) = plugins(&settings, folder, args);
    problems.extend(unloaded);
    let mut configuration = Configuration { settings, bundles, plugins };
    if problems.is_empty() {
        return Ok(configuration);
    }
    // What the file says of rules is judged as far as there are rules: that there is none may be
    // because of what is wrong already.
    let mut settings = std::mem::take(&mut configuration.settings);
    settings.rules.retain(|rule| configuration.knows(&rule.id.value) || configuration.surely(rule));
    let policy = Policy::of(&configuration.shipped(), Some(&settings));
    problems.extend(policy.err().into_iter().flatten());
    // The file from top to bottom, then the bundles.
    problems.sort_by_key(|problem| match problem.place() {
        Some(place) if Arc::ptr_eq(&place.source, &settings.source) => (0, place.span),
        _ => (1, Span::default()),
    });
    Err(Failure::Problems(problems))
}

impl Configuration {
    /// The rules of bundles and plugins.
    pub(crate) fn shipped(&self) -> Vec<Shipped> {
        let bundles = self.bundles.iter().map(Bundle::shipped);
        bundles.chain(self.plugins.iter().map(Plugin::shipped)).collect()
    }

    /// The ids of all rules.
    fn ids(&self) -> Vec<String> {
        let shipped = self.shipped();
        shipped.iter().flat_map(|from| &from.rules).map(|rule| rule.id().to_owned()).collect()
    }

    fn knows(&self, id: &str) -> bool {
        let of_bundles = self.bundles.iter().flat_map(Bundle::rules).map(|rule| rule.id());
        let of_plugins = self.plugins.iter().flat_map(Plugin::rules).map(|rule| rule.id.as_str());
        of_bundles.chain(of_plugins).any(|known| known == id)
    }

    /// Whether a rule that is not known would be one of the default bundle, and that was read.
    fn surely(&self, rule: &RuleSetting) -> bool {
        rule.id.value.matches('/').count() < 2
            && self.bundles.iter().any(|bundle| bundle.name() == DEFAULT_BUNDLE)
    }

    /// Lets findings from this severity on fail the run.
    pub(crate) fn fail_on(&mut self, level: FailOn) {
        self.settings.fail_on = Some(said(level, format!("--fail-on {}", level.as_str())));
    }

    /// Lets verdicts that are unknown fail the run.
    pub(crate) fn fail_on_unknown(&mut self) {
        self.settings.fail_on_unknown = Some(said(true, "--fail-on-unknown".to_owned()));
    }

    /// Turns on these rules, and every other off.
    ///
    /// # Errors
    ///
    /// For every id that is no rule's.
    pub(crate) fn only(&mut self, ids: &[String]) -> Result<(), Failure> {
        let known = self.ids();
        let problems: Vec<Diagnostic> = ids
            .iter()
            .filter(|id| !self.knows(id))
            .map(|id| unknown_rule(id, known.iter().map(String::as_str)))
            .collect();
        if !problems.is_empty() {
            return Err(problems.into());
        }
        // Later settings go before earlier ones, so those of the file need not go.
        for rule in known {
            let enabled = ids.contains(&rule);
            self.settings.rules.push(RuleSetting {
                id: said(rule.clone(), rule),
                enabled: Some(said(enabled, format!("--rule {}", ids.join(" --rule ")))),
                severity: None,
                params: Vec::new(),
            });
        }
        Ok(())
    }

    /// What an engine is built from.
    pub(crate) fn builder(self) -> EngineBuilder {
        let mut builder = EngineBuilder::default().settings(self.settings);
        for bundle in self.bundles {
            builder = builder.bundle(bundle);
        }
        for plugin in self.plugins {
            builder = builder.plugin(plugin);
        }
        builder
    }

    /// The rules as configured, without compiling them.
    ///
    /// # Errors
    ///
    /// Everything in the file that does not fit the rules.
    pub(crate) fn policy(&self) -> Result<Policy, BuildError> {
        Ok(Policy::of(&self.shipped(), Some(&self.settings))?)
    }
}

/// There is no rule of this id among these.
pub(crate) fn unknown_rule<'a>(id: &str, known: impl Iterator<Item = &'a str>) -> Diagnostic {
    let help = match nearest(id, known) {
        Some(near) => format!("did you mean `{near}`?"),
        None => "`plimsoll rules --all` lists the rules".to_owned(),
    };
    Diagnostic::error(format!("there is no rule `{id}`")).help(help)
}

fn said<T>(value: T, text: String) -> Spanned<T> {
    let source = command_line(&text);
    Spanned { value, place: Place::new(&source, Span::new(0, text.len())) }
}

/// The nearest file upwards. The search ends with the folder of a repository: what lies around
/// somebody's working copies is not meant for them.
fn find(path: &Path) -> Option<PathBuf> {
    let path = absolute(path).ok()?;
    let mut folder = Some(if path.is_dir() { path.as_path() } else { path.parent()? });
    while let Some(at) = folder {
        let found = FILE_NAMES.iter().map(|name| at.join(name)).find(|file| file.exists());
        if found.is_some() || at.join(".git").exists() {
            return found;
        }
        folder = at.parent();
    }
    None
}

fn read(file: &Path) -> Result<Arc<Source>, Diagnostic> {
    let name = shown(file);
    let problem = |what: String| Diagnostic::error(format!("cannot read `{name}`: {what}"));
    let metadata = fs::metadata(file).map_err(|error| problem(error.to_string()))?;
    if !metadata.is_file() {
        return Err(problem("it is no regular file".into()));
    }
    let mut bytes = Vec::new();
    fs::File::open(file)
        .and_then(|file| file.take(MAX_BYTES + 1).read_to_end(&mut bytes))
        .map_err(|error| problem(error.to_string()))?;
    if bytes.len() as u64 > MAX_BYTES {
        return Err(problem(format!("it is larger than {MAX_BYTES} bytes")));
    }
    let source = Source::from_bytes(name.clone(), bytes);
    if source.is_lossy() { Err(problem("it is not UTF-8 text".into())) } else { Ok(source) }
}

/// The bundles that a configuration names, and what is wrong with the others.
fn bundles(settings: &Settings, folder: &Path) -> (Vec<Bundle>, Vec<Diagnostic>) {
    let mut bundles = Vec::new();
    let mut problems = Vec::new();
    let mut take = |loaded: Result<Bundle, Vec<Diagnostic>>| match loaded {
        Ok(bundle) => bundles.push(bundle),
        Err(wrong) => problems.extend(wrong),
    };
    match &settings.extends {
        None => take(bundles::default_bundle()),
        Some(names) => names.iter().for_each(|name| take(named(name))),
    }
    for policies in &settings.policies {
        let loaded = bundles::open(&folder.join(&policies.value));
        // What is wrong in a file points there; what is wrong with the folder, to its name.
        take(loaded.map_err(|wrong| wrong.into_iter().map(|p| placed(p, policies)).collect()));
    }
    (bundles, problems)
}

/// The plugins that a configuration names, and what is wrong with the others.
fn plugins(
    settings: &Settings,
    folder: &Path,
    args: &PolicyArgs,
) -> (Vec<Plugin>, Vec<Diagnostic>) {
    let mut loaded = Vec::new();
    let mut problems = Vec::new();
    if settings.plugins.is_empty() {
        return (loaded, problems);
    }
    let cache = plugins::cache(args.no_cache);
    let opened: Vec<Result<Plugin, Vec<Diagnostic>>> = (settings.plugins.par_iter())
        .map(|setting| plugins::open(setting, folder, cache.as_ref()))
        .collect();
    for opened in opened {
        match opened {
            Ok(plugin) => loaded.push(plugin),
            Err(wrong) => problems.extend(wrong),
        }
    }
    (loaded, problems)
}

fn named(name: &Spanned<String>) -> Result<Bundle, Vec<Diagnostic>> {
    if bundles::NAMES.contains(&name.value.as_str()) {
        return bundles::default_bundle();
    }
    let help = match nearest(&name.value, bundles::NAMES) {
        Some(near) => format!("did you mean `{near}`?"),
        None => "the bundle is `checklist`; folders of your own go under `policies`".to_owned(),
    };
    let message = format!("there is no bundle `{}`", name.value);
    Err(vec![Diagnostic::error(message).at(name.place.clone()).help(help)])
}

fn placed(problem: Diagnostic, at: &Spanned<String>) -> Diagnostic {
    if problem.labels.is_empty() { problem.at(at.place.clone()) } else { problem }
}
