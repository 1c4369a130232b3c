//! Whether the pages of rules notice faults in the rules: each is put in alone, and the cases run.
//!
//! A mutant is *killed* when a case gives another outcome than its page says, and *survives* when
//! all give what they did. One that does not load is none: nobody would have committed it. Those that
//! cannot change any verdict are listed by hand ([`Equivalent`]).
//!
//! Mutants run as the rules do, on the bytecode machine where they can, and each in a bundle
//! of its rule, the rules whose parameters that reads, and the libraries that these need. One of a
//! library may be noticed by the library's unit tests, or by any page of a rule that needs it.

mod equivalent;
mod subject;

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, OnceLock};

use plimsoll_engine::bundle::{Bundle, RuleModule};
use plimsoll_engine::evaluate::rego::STACK_BYTES;
use plimsoll_engine::evaluate::rego::mutation::{Mutant, failing_tests, mutants};
use plimsoll_engine::source::Source;

pub use equivalent::Equivalent;
use subject::Subject;

/// How many in a hundred have to be killed.
pub const LEAST: f64 = 90.0;

/// What came of a mutant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// A case noticed it.
    Killed,
    /// No case did.
    Survived,
    /// It cannot be noticed, as the list says.
    Equivalent,
    /// It does not load.
    Refused,
}

/// A mutant that was tried.
#[derive(Clone, Debug)]
pub struct Tried {
    /// The path of the module within the bundle.
    pub path: String,
    /// The line of the change.
    pub line: u32,
    /// What was changed: the definition, and the words of the mutant. Does not depend on the line.
    pub what: String,
    /// What came of it.
    pub state: State,
}

/// What a study found.
#[derive(Debug, Default)]
pub struct Study {
    /// The mutants, in the order of the bundle.
    pub tried: Vec<Tried>,
    /// Pages that do not say what their rule does, and lines of the list that are about nothing.
    pub complaints: Vec<String>,
}

/// What is changed: a text, or the default of a parameter.
enum Change {
    Text(Mutant),
    Default { name: String, value: serde_json::Value },
}

struct Job<'s> {
    path: &'s str,
    line: u32,
    what: String,
    change: Change,
    /// The pages that may notice, by index of the subject.
    pages: &'s [usize],
}

/// A rule's page, read when a mutant first needs it.
struct Page<'b> {
    rule: &'b RuleModule,
    /// The modules that the rule needs.
    paths: BTreeSet<String>,
    subject: OnceLock<Result<Subject<'b>, String>>,
}

impl<'b> Page<'b> {
    fn new(bundle: &Bundle, rule: &'b RuleModule) -> Self {
        Page { rule, paths: crate::needed(bundle, rule.path()), subject: OnceLock::new() }
    }

    fn subject(&self, bundle: &Bundle) -> Result<&Subject<'b>, ()> {
        let subject = self.subject.get_or_init(|| Subject::new(bundle, self.rule, &self.paths));
        subject.as_ref().map_err(|_| ())
    }
}

/// Tries the mutants of every rule and library whose path contains `only`, or every `every`th of them.
/// `done` is given those of each module as soon as they have been tried.
///
/// # Panics
///
/// When a module cannot be read that was loaded before.
#[must_use]
pub fn study(bundle: &Bundle, only: &str, every: usize, done: &mut dyn FnMut(&[Tried])) -> Study {
    let list = Equivalent::read();
    let mut study = Study::default();
    let pages: Vec<Page<'_>> = bundle.rules().iter().map(|rule| Page::new(bundle, rule)).collect();
    let own: Vec<[usize; 1]> = (0..pages.len()).map(|at| [at]).collect();
    let users: Vec<Vec<usize>> = bundle
        .libraries()
        .iter()
        .map(|library| {
            (0..own.len()).filter(|&at| pages[at].paths.contains(library.path())).collect()
        })
        .collect();
    let mut jobs = Vec::new();
    for (page, own) in pages.iter().zip(&own) {
        jobs.extend(text_jobs(page.rule.path(), page.rule.source(), own));
        jobs.extend(default_jobs(page.rule, own));
    }
    for (library, users) in bundle.libraries().iter().zip(&users) {
        jobs.extend(text_jobs(library.path(), library.source(), users));
    }
    jobs.retain(|job| job.path.contains(only));
    let jobs: Vec<Job<'_>> = jobs.into_iter().step_by(every.max(1)).collect();
    for module in jobs.chunk_by(|a, b| a.path == b.path) {
        let from = study.tried.len();
        let states = parallel(module, |job| tried(bundle, &pages, job));
        study.tried.extend(module.iter().zip(states).map(|(job, state)| {
            let (path, what) = (job.path.to_owned(), job.what.clone());
            let listed = list.covers(&format!("{path}: {what}"));
            let equivalent = listed && state == State::Survived;
            let state = if equivalent { State::Equivalent } else { state };
            Tried { path, line: job.line, what, state }
        }));
        done(study.tried.get(from..).unwrap_or_default());
    }
    let broken = pages.iter().filter_map(|page| page.subject.get()?.as_ref().err().cloned());
    study.complaints.extend(broken);
    if every <= 1 {
        study.complaints.extend(list.stale(only, &study.tried));
    }
    study
}

fn text_jobs<'s>(
    path: &'s str,
    source: &std::sync::Arc<Source>,
    pages: &'s [usize],
) -> Vec<Job<'s>> {
    let found = mutants(source).unwrap_or_else(|problem| panic!("{path}: {problem:?}"));
    let job = |mutant: Mutant| Job {
        path,
        line: source.line_column(mutant.span.start).line,
        what: format!("{}: {}", mutant.definition, mutant.what),
        change: Change::Text(mutant),
        pages,
    };
    found.into_iter().map(job).collect()
}

fn default_jobs<'s>(rule: &'s RuleModule, pages: &'s [usize]) -> Vec<Job<'s>> {
    let mut jobs = Vec::new();
    for (name, param) in &rule.meta().params {
        let place = rule.place(&format!("custom.params.{name}.default"));
        for (value, what) in subject::other_values(&param.default) {
            jobs.push(Job {
                path: rule.path(),
                line: place.as_ref().map_or(1, |place| place.start().line),
                what: format!("default of {name}: {what}"),
                change: Change::Default { name: name.clone(), value },
                pages,
            });
        }
    }
    jobs
}

/// Whether a unit test of a library notices a mutant of it: one that held does not any more.
fn unit_tests_notice(bundle: &Bundle, path: &str, mutant: &Mutant) -> bool {
    let test = path.replace(".rego", "_test.rego");
    // What is embedded has no unit tests.
    let place = crate::repository().join("policies").join(bundle.name()).join(&test);
    let Ok(text) = std::fs::read_to_string(place) else { return false };
    let test = Source::new(test, text);
    let failing = |mutant: Option<&Mutant>| {
        let text = |file: &plimsoll_engine::bundle::File| match mutant {
            Some(mutant) if file.path() == path => mutant.apply(file.source()),
            _ => file.text().to_owned(),
        };
        let texts: Vec<(&str, String)> =
            bundle.libraries().iter().map(|file| (file.path(), text(file))).collect();
        let texts: Vec<(&str, &str)> =
            texts.iter().map(|(path, text)| (*path, text.as_str())).collect();
        failing_tests(&test, &texts)
    };
    matches!((failing(None), failing(Some(mutant))), (Ok(before), Ok(after)) if before != after)
}

fn tried(bundle: &Bundle, pages: &[Page<'_>], job: &Job<'_>) -> State {
    if let Change::Text(mutant) = &job.change
        && unit_tests_notice(bundle, job.path, mutant)
    {
        return State::Killed;
    }
    for &at in job.pages {
        let found = pages[at].subject(bundle).and_then(|subject| match &job.change {
            Change::Text(mutant) => subject.notices(Some((job.path, mutant)), None),
            Change::Default { name, value } => subject.notices(None, Some((name, value))),
        });
        match found {
            Ok(false) => {}
            Ok(true) => return State::Killed,
            Err(()) => return State::Refused,
        }
    }
    State::Survived
}

/// The answers for all items, in their order, by as many threads as there are cores.
fn parallel<T: Sync, R: Send>(items: &[T], run: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let next = AtomicUsize::new(0);
    let answers: Mutex<Vec<(usize, R)>> = Mutex::new(Vec::with_capacity(items.len()));
    std::thread::scope(|scope| {
        for _ in 0..threads {
            let worker = std::thread::Builder::new().stack_size(4 * STACK_BYTES);
            let spawned = worker.spawn_scoped(scope, || {
                loop {
                    let at = next.fetch_add(1, Ordering::Relaxed);
                    let Some(item) = items.get(at) else { return };
                    let answer = run(item);
                    answers
                        .lock()
                        .unwrap_or_else(std::sync::PoisonError::into_inner)
                        .push((at, answer));
                }
            });
            spawned.unwrap_or_else(|error| panic!("a thread: {error}"));
        }
    });
    let mut answers = answers.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
    answers.sort_by_key(|(at, _)| *at);
    answers.into_iter().map(|(_, answer)| answer).collect()
}

/// Counts of a module, or of all.
#[derive(Clone, Copy, Debug, Default)]
pub struct Score {
    /// Mutants that a case noticed.
    pub killed: usize,
    /// Mutants that no case noticed.
    pub survived: usize,
    /// Mutants that cannot be noticed.
    pub equivalent: usize,
    /// Changes that do not load.
    pub refused: usize,
}

impl Score {
    /// Counts mutants.
    #[must_use]
    pub fn of<'t>(tried: impl IntoIterator<Item = &'t Tried>) -> Score {
        let mut score = Score::default();
        for tried in tried {
            *match tried.state {
                State::Killed => &mut score.killed,
                State::Survived => &mut score.survived,
                State::Equivalent => &mut score.equivalent,
                State::Refused => &mut score.refused,
            } += 1;
        }
        score
    }

    /// Killed of those that can be killed, in per cent.
    #[must_use]
    #[allow(clippy::cast_precision_loss)]
    pub fn percent(&self) -> f64 {
        let total = self.killed + self.survived;
        if total == 0 { 100.0 } else { 100.0 * self.killed as f64 / total as f64 }
    }
}

impl Study {
    /// The score of all mutants.
    #[must_use]
    pub fn score(&self) -> Score {
        Score::of(&self.tried)
    }
}

/// A line on the mutants of a module, and below it those that survived.
#[must_use]
pub fn text(module: &[Tried]) -> String {
    let score = Score::of(module);
    let path = module.first().map(|tried| tried.path.as_str()).unwrap_or_default();
    let mark = if score.percent() < LEAST { "  <- too few" } else { "" };
    let mut text = format!("{path}: {score}{mark}\n");
    for survivor in module.iter().filter(|tried| tried.state == State::Survived) {
        let _ = writeln!(text, "    {}:{}: {}", survivor.path, survivor.line, survivor.what);
    }
    text
}

impl std::fmt::Display for Score {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let total = self.killed + self.survived;
        write!(f, "{} of {total} killed, {:.1} %", self.killed, self.percent())?;
        write!(f, " ({} equivalent, {} do not load)", self.equivalent, self.refused)
    }
}
