//! Everything wired together: documents in, a report out.
//!
//! [`EngineBuilder`] takes bundles, plugins and configuration and says everything that is wrong with them at
//! once; [`Engine`] is immutable, shared between threads, and checks documents. No logic of its own
//! lives here.

mod tables;

use std::fmt;
use std::sync::{Arc, OnceLock};

use rayon::prelude::*;

use crate::bundle::{Bundle, Shipped, Vocabulary, merged_tables};
use crate::config::Settings;
use crate::decide;
use crate::diagnostic::{Diagnostic, Level};
use crate::document::{self, Document};
use crate::evaluate::rego::{Limits, RegoEvaluator, STACK_BYTES};
use crate::evaluate::wasm::{Plugin, WasmEvaluator};
use crate::evaluate::{Evaluator, Session, Several};
use crate::finding::{self, Finding, Judged, Subjects};
use crate::link::{self, Tables};
use crate::policy::Policy;
use crate::report::{DocumentRow, Outcome, OutcomeRow, Report, RuleRow, Status};

/// Stack of a worker thread, in bytes: rules and YAML are read recursively. Only what is used of it
/// takes memory.
const WORKER_STACK: usize = 2 * STACK_BYTES;

/// The most threads that are started, whatever is asked for.
const MAX_THREADS: usize = 256;

/// Why an engine could not be built: everything that is wrong, at once.
#[derive(Debug)]
pub struct BuildError(pub Vec<Diagnostic>);

impl fmt::Display for BuildError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, problem) in self.0.iter().enumerate() {
            let line = if index == 0 { "" } else { "\n" };
            match problem.place() {
                Some(place) => {
                    let (name, start) = (place.source.name(), place.start());
                    write!(f, "{line}{name}:{start}: {}", problem.message)?;
                }
                None => write!(f, "{line}{}", problem.message)?,
            }
        }
        Ok(())
    }
}

impl std::error::Error for BuildError {}

impl From<Vec<Diagnostic>> for BuildError {
    fn from(problems: Vec<Diagnostic>) -> Self {
        BuildError(problems)
    }
}

/// The words that rules may use in their declarations.
#[must_use]
pub fn vocabulary() -> Vocabulary<'static> {
    const PROFILES: [&str; 4] = ["baseline", "cis", "strict", "lint"];
    Vocabulary { kinds: &document::KINDS, subjects: &finding::SUBJECT_KINDS, profiles: &PROFILES }
}

/// What an engine is built from.
#[derive(Debug, Default)]
pub struct EngineBuilder {
    bundles: Vec<Bundle>,
    plugins: Vec<Plugin>,
    settings: Option<Settings>,
    now: Option<String>,
    threads: Option<usize>,
    limits: Limits,
}

impl EngineBuilder {
    /// Adds a bundle. Its rules join those of the bundles before it.
    #[must_use]
    pub fn bundle(mut self, bundle: Bundle) -> Self {
        self.bundles.push(bundle);
        self
    }

    /// Adds a plugin. Its rules join those of the bundles.
    #[must_use]
    pub fn plugin(mut self, plugin: Plugin) -> Self {
        self.plugins.push(plugin);
        self
    }

    /// Applies a configuration.
    #[must_use]
    pub fn settings(mut self, settings: Settings) -> Self {
        self.settings = Some(settings);
        self
    }

    /// The time to judge by, RFC 3339. Without it, what depends on the time is unknown.
    #[must_use]
    pub fn now(mut self, now: impl Into<String>) -> Self {
        self.now = Some(now.into());
        self
    }

    /// The number of threads, at most 256; without it, one per core. The report does not depend on
    /// it.
    #[must_use]
    pub fn threads(mut self, threads: usize) -> Self {
        self.threads = Some(threads);
        self
    }

    /// Limits on what rules of bundles may use up; a plugin brings its own.
    #[must_use]
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// Compiles the policy.
    ///
    /// # Errors
    ///
    /// Everything that is wrong with bundles, configuration and rules, at once; no rule at all is
    /// an error, too.
    pub fn build(self) -> Result<Engine, BuildError> {
        let shipped: Vec<Shipped> = (self.bundles.iter().map(Bundle::shipped))
            .chain(self.plugins.iter().map(Plugin::shipped))
            .collect();
        let policy = Policy::of(&shipped, self.settings.as_ref())?;
        let tables = Tables::new(&self.bundles)?;
        if policy.rules.iter().all(|rule| !rule.enabled) {
            let message = format!(
                "no rule is in force ({} known, profile `{}`)",
                policy.rules.len(),
                policy.profile.as_str()
            );
            let help = "add a bundle with `extends` or `policies`, or turn rules on";
            return Err(BuildError(vec![Diagnostic::error(message).help(help)]));
        }
        let tables_document = tables::document(&self.bundles, &policy);
        let bundles: Vec<&Bundle> = self.bundles.iter().collect();
        let data = merged_tables(&bundles);
        let rego = RegoEvaluator::load(&bundles, policy.params(), data, self.limits)?;
        let mut parts: Vec<Box<dyn Evaluator>> = vec![Box::new(rego)];
        if !self.plugins.is_empty() {
            let params = policy.params_of("plugin");
            parts.push(Box::new(WasmEvaluator::load(&self.plugins, &params)?));
        }
        let evaluator = Several::new(parts);
        let wanted = wanted(&policy, &evaluator);
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(self.threads.unwrap_or(0).min(MAX_THREADS))
            .stack_size(WORKER_STACK)
            .thread_name(|index| format!("plimsoll-{index}"))
            .build()
            .map_err(|error| {
                BuildError(vec![Diagnostic::error(format!("cannot start threads: {error}"))])
            })?;
        Ok(Engine {
            policy,
            tables,
            tables_document,
            stale: OnceLock::new(),
            evaluator,
            wanted,
            now: self.now,
            pool,
        })
    }
}

/// For every enabled rule of the policy, in its order, the evaluator's index.
fn wanted(policy: &Policy, evaluator: &Several) -> Vec<Wanted> {
    let index = |id: &str| evaluator.rules().iter().position(|rule| rule.id == id);
    let enabled = policy.rules.iter().enumerate().filter(|(_, rule)| rule.enabled);
    let wanted = enabled
        .filter_map(|(at, rule)| Some(Wanted { policy: at, evaluator: index(&rule.meta.id)? }));
    wanted.collect()
}

/// A rule in force, as indices into the policy and into the evaluator.
#[derive(Clone, Copy, Debug)]
struct Wanted {
    policy: usize,
    evaluator: usize,
}

/// A policy, compiled and ready to check documents.
pub struct Engine {
    policy: Policy,
    tables: Tables,
    /// The policy's own tables as a document, where a rule in force judges them.
    tables_document: Option<Document>,
    /// What is wrong with them; it is the same for every run.
    stale: OnceLock<Option<(Document, Checked)>>,
    evaluator: Several,
    wanted: Vec<Wanted>,
    now: Option<String>,
    pool: rayon::ThreadPool,
}

/// What checking one document gave.
#[derive(Clone, Default)]
struct Checked {
    findings: Vec<Finding>,
    outcomes: Vec<OutcomeRow>,
    problems: Vec<Diagnostic>,
}

impl Engine {
    /// Starts building an engine.
    #[must_use]
    pub fn builder() -> EngineBuilder {
        EngineBuilder::default()
    }

    /// The policy in force.
    #[must_use]
    pub fn policy(&self) -> &Policy {
        &self.policy
    }

    /// The threads that documents are checked on, for work of the caller's own: reading documents.
    #[must_use]
    pub fn pool(&self) -> &rayon::ThreadPool {
        &self.pool
    }

    /// How a rule is run: `bytecode`, `interpreter` or `webassembly`; `None` when there is no such rule.
    #[must_use]
    pub fn executor(&self, id: &str) -> Option<&'static str> {
        let index = self.evaluator.rules().iter().position(|rule| rule.id == id)?;
        Some(self.evaluator.executor(index))
    }

    /// Joins the documents of a run with what the policy knows and with each other, as
    /// [`Engine::check`] does before it evaluates.
    pub fn link(&self, documents: &mut [Document]) {
        self.pool.install(|| link::link(documents, &self.tables, self.policy.unknown_base));
        for document in documents {
            document.facts.meta.now.clone_from(&self.now);
            document.facts.meta.profile = self.policy.profile.as_str().into();
        }
    }

    /// Checks documents. The report lists them in the order given.
    #[must_use]
    pub fn check(&self, documents: Vec<Document>) -> Report {
        self.check_with(documents, &|_| {})
    }

    /// As [`Engine::check`], and tells after each document how many are done.
    #[must_use]
    pub fn check_with(
        &self,
        mut documents: Vec<Document>,
        progress: &(dyn Fn(usize) + Sync),
    ) -> Report {
        self.link(&mut documents);
        let done = std::sync::atomic::AtomicUsize::new(0);
        let checked: Vec<Checked> = self.pool.install(|| {
            documents
                .par_iter()
                .enumerate()
                .map_init(
                    || self.evaluator.session(),
                    |session, (index, document)| {
                        let checked = self.check_one(session.as_mut(), index, document);
                        progress(1 + done.fetch_add(1, std::sync::atomic::Ordering::Relaxed));
                        checked
                    },
                )
                .collect()
        });
        self.report(documents, checked)
    }

    fn check_one(&self, session: &mut dyn Session, index: usize, document: &Document) -> Checked {
        let applies = |wanted: &&Wanted| {
            let rule = &self.policy.rules[wanted.policy];
            rule.meta.kinds.iter().any(|kind| kind == document.kind)
        };
        let wanted: Vec<(usize, Wanted)> =
            self.wanted.iter().copied().enumerate().filter(|(_, w)| applies(&w)).collect();
        let subjects = Subjects::of(&document.facts);
        let mut checked = Checked::default();
        let asks_for_raw = |wanted: &Wanted| self.policy.rules[wanted.policy].meta.raw;
        let raw = wanted.iter().any(|(_, wanted)| asks_for_raw(wanted)).then(|| document.raw());
        let raw = raw.flatten();
        let (wanted, blind): (Vec<_>, Vec<_>) =
            wanted.into_iter().partition(|(_, wanted)| raw.is_some() || !asks_for_raw(wanted));
        for (rule, wanted) in blind {
            let kinds = &self.policy.rules[wanted.policy].meta.subjects;
            checked.outcomes.extend(subjects.of_kinds(kinds).map(|subject| OutcomeRow {
                rule,
                document: index,
                subject: subject.subject.clone(),
                outcome: Outcome::Unknown,
                reason: "the file cannot be given as it is written".to_owned(),
            }));
        }
        let asked: Vec<usize> = wanted.iter().map(|(_, wanted)| wanted.evaluator).collect();
        let outputs = session.check_with_raw(&document.facts, raw.as_ref(), &asked);
        for ((at, wanted), (_, output)) in wanted.into_iter().zip(outputs) {
            let rule = &self.policy.rules[wanted.policy];
            let placed = match &output {
                Ok(output) => {
                    finding::place(document, &rule.meta, rule.severity, &subjects, output)
                        .map_err(|message| (message, None))
                }
                Err(error) => Err((error.message.clone(), error.place.clone())),
            };
            let row = |subject, outcome, reason| OutcomeRow {
                rule: at,
                document: index,
                subject,
                outcome,
                reason,
            };
            match placed {
                Ok((findings, judged)) => {
                    checked.findings.extend(findings);
                    checked.outcomes.extend(judged.into_iter().map(|judged| match judged {
                        Judged::Pass(subject) => row(subject, Outcome::Pass, String::new()),
                        Judged::Fail(subject, _) => row(subject, Outcome::Fail, String::new()),
                        Judged::Unknown(subject, why) => row(subject, Outcome::Unknown, why),
                    }));
                }
                Err((message, place)) => {
                    let message = document.masks.message(&message).into_owned();
                    for subject in subjects.of_kinds(&rule.meta.subjects) {
                        let subject = subject.subject.clone();
                        checked.outcomes.push(row(subject, Outcome::Error, message.clone()));
                    }
                    let (id, name) = (&rule.meta.id, &document.name);
                    let text = format!("rule `{id}` could not judge {name}: {message}");
                    let problem = Diagnostic::error(text);
                    checked.problems.push(match place {
                        Some(place) => problem.at(place),
                        None => problem,
                    });
                }
            }
        }
        sort(&mut checked.findings);
        unite(&mut checked.findings);
        finding::identify(&mut checked.findings, document);
        checked
    }

    fn report(&self, documents: Vec<Document>, checked: Vec<Checked>) -> Report {
        let mut report = Report {
            status: Status::Clean,
            documents: Vec::with_capacity(documents.len()),
            rules: self.wanted.iter().map(|wanted| self.rule_row(wanted.policy)).collect(),
            decisions: Vec::new(),
            outcomes: Vec::new(),
            problems: Vec::new(),
            fail_on: self.policy.fail_on,
            masks: crate::mask::Masks::default(),
        };
        let mut findings = Vec::new();
        for (document, checked) in documents.into_iter().zip(checked) {
            report.documents.push(DocumentRow { name: document.name, kind: document.kind });
            report.problems.extend(document.problems);
            report.problems.extend(checked.problems);
            report.outcomes.extend(checked.outcomes);
            report.masks.merge(document.masks);
            findings.extend(checked.findings);
        }
        finding::unite(&mut findings);
        report.decisions = decide::decide(findings, self.policy.fail_on);
        if report.documents.is_empty() {
            let message = "there was nothing to check";
            let help = "give a Dockerfile, a compose file or an image, or a folder with one in it";
            report.problems.push(Diagnostic::error(message).help(help));
        }
        if !report.documents.is_empty()
            && report.outcomes.is_empty()
            && report.problems(Level::Error) == 0
        {
            let message = "no rule in force judges anything of what was given";
            let help = "`plimsoll rules` lists what each rule judges; `--profile strict` has all";
            report.problems.push(Diagnostic::error(message).help(help));
        }
        self.add_tables(&mut report);
        report.status = self.status(&report);
        report
    }

    /// Adds what is wrong with the policy's own tables, after everything else: it says nothing of
    /// what was given.
    fn add_tables(&self, report: &mut Report) {
        if report.documents.is_empty() {
            return;
        }
        let Some((document, checked)) = self.stale.get_or_init(|| self.judged_tables()) else {
            return;
        };
        let number = report.documents.len();
        let name = Arc::clone(&document.name);
        report.documents.push(DocumentRow { name, kind: document.kind });
        report.problems.extend(checked.problems.iter().cloned());
        let outcomes = checked.outcomes.iter().cloned();
        report.outcomes.extend(outcomes.map(|row| OutcomeRow { document: number, ..row }));
        report.decisions.extend(decide::decide(checked.findings.clone(), self.policy.fail_on));
    }

    /// How the run ended. Callers that add problems of their own use [`Report::add_problems`].
    fn status(&self, report: &Report) -> Status {
        let unknown = self.policy.fail_on_unknown && report.count(Outcome::Unknown) > 0;
        if report.problems(Level::Error) > 0 {
            Status::Incomplete
        } else if report.failures() > 0 || unknown {
            Status::Failed
        } else {
            Status::Clean
        }
    }

    fn rule_row(&self, policy: usize) -> RuleRow {
        let rule = &self.policy.rules[policy];
        RuleRow {
            meta: Arc::clone(&rule.meta),
            severity: rule.severity,
            page: Some(Arc::clone(&rule.page)),
        }
    }
}

/// By place, rule, message: the order that reports keep within a document.
fn sort(findings: &mut [Finding]) {
    findings.sort_by(|a, b| {
        let key = |finding: &Finding| (finding.place.span.start, finding.place.span.end);
        key(a)
            .cmp(&key(b))
            .then_with(|| a.place.source.name().cmp(b.place.source.name()))
            .then_with(|| a.rule.id.cmp(&b.rule.id))
            .then_with(|| a.message.cmp(&b.message))
            .then_with(|| a.subject.cmp(&b.subject))
            .then_with(|| a.related.len().cmp(&b.related.len()))
    });
}

/// Keeps one of findings that say the same of the same thing: what is written once, and used again
/// through an alias or `extends`, is one fault.
fn unite(findings: &mut Vec<Finding>) {
    findings.dedup_by(|next, first| {
        next.place.span == first.place.span
            && Arc::ptr_eq(&next.place.source, &first.place.source)
            && next.rule.id == first.rule.id
            && next.message == first.message
            && next.subject == first.subject
    });
}
