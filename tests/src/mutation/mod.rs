//! Whether the pages of rules notice faults in the rules: each is put in alone, and the cases run.
//!
//! A mutant is *killed* when a case gives another outcome than its page says, and *survives* when
//! all give what they did. One that does not load is none: nobody would have committed it. Those that
//! cannot change any verdict are listed by hand ([`Equivalent`]).
//!
//! Mutants run as the rules do, on the bytecode machine where they can, and each in a bundle
//! of its rule, the rules whose parameters that reads, and the libraries that these need.

mod equivalent;
mod subject;

use std::fmt::Write as _;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use plimsoll_engine::bundle::{Bundle, RuleModule};
use plimsoll_engine::evaluate::rego::STACK_BYTES;
use plimsoll_engine::evaluate::rego::mutation::{Mutant, mutants};

pub use equivalent::Equivalent;
use subject::Subject;

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

/// Tries the mutants of every rule and library whose path contains `only`, or of every `every`th.
///
/// # Panics
///
/// When a module cannot be read that was loaded before.
#[must_use]
pub fn study(bundle: &Bundle, only: &str, every: usize) -> Study {
    let list = Equivalent::read();
    let mut study = Study::default();
    let rules: Vec<&RuleModule> = bundle.rules().iter().collect();
    // A library's mutants may be noticed by any page.
    let library = bundle.libraries().iter().any(|library| library.path().contains(only));
    let wanted = |rule: &&&RuleModule| library || rule.path().contains(only);
    let rules: Vec<&RuleModule> = rules.iter().filter(wanted).copied().collect();
    let mut subjects = Vec::new();
    for read in parallel(&rules, |rule| Subject::new(bundle, rule)) {
        match read {
            Ok(subject) => subjects.push(subject),
            Err(complaint) => study.complaints.push(complaint),
        }
    }
    let own: Vec<[usize; 1]> = (0..subjects.len()).map(|at| [at]).collect();
    let users: Vec<Vec<usize>> = bundle
        .libraries()
        .iter()
        .map(|library| (0..own.len()).filter(|&at| subjects[at].uses(library.path())).collect())
        .collect();
    let mut jobs = Vec::new();
    for (subject, own) in subjects.iter().zip(&own) {
        jobs.extend(text_jobs(subject.rule.path(), subject.rule.source(), own));
        jobs.extend(default_jobs(subject, own));
    }
    for (library, users) in bundle.libraries().iter().zip(&users) {
        jobs.extend(text_jobs(library.path(), library.source(), users));
    }
    jobs.retain(|job| job.path.contains(only));
    let jobs: Vec<Job<'_>> = jobs.into_iter().step_by(every.max(1)).collect();
    let states = parallel(&jobs, |job| tried(&subjects, job));
    for (job, state) in jobs.iter().zip(states) {
        let key = format!("{}: {}", job.path, job.what);
        let state = match state {
            State::Survived if list.covers(&key) => State::Equivalent,
            other => other,
        };
        let (path, what) = (job.path.to_owned(), job.what.clone());
        study.tried.push(Tried { path, line: job.line, what, state });
    }
    if every <= 1 {
        study.complaints.extend(list.stale(only, &study.tried));
    }
    study
}

fn text_jobs<'s>(
    path: &'s str,
    source: &std::sync::Arc<plimsoll_engine::source::Source>,
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

fn default_jobs<'s>(subject: &'s Subject<'_>, pages: &'s [usize]) -> Vec<Job<'s>> {
    let mut jobs = Vec::new();
    for (name, param) in &subject.rule.meta().params {
        let place = subject.rule.place(&format!("custom.params.{name}.default"));
        for (value, what) in subject::other_values(&param.default) {
            jobs.push(Job {
                path: subject.rule.path(),
                line: place.as_ref().map_or(1, |place| place.start().line),
                what: format!("default of {name}: {what}"),
                change: Change::Default { name: name.clone(), value },
                pages,
            });
        }
    }
    jobs
}

fn tried(subjects: &[Subject<'_>], job: &Job<'_>) -> State {
    for &at in job.pages {
        let found = match &job.change {
            Change::Text(mutant) => subjects[at].notices(Some((job.path, mutant)), None),
            Change::Default { name, value } => subjects[at].notices(None, Some((name, value))),
        };
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

    /// The report: a line for each module, below it what survived, the whole at the end.
    #[must_use]
    pub fn text(&self) -> String {
        let mut text = String::new();
        for module in self.tried.chunk_by(|a, b| a.path == b.path) {
            let score = Score::of(module);
            let path = module.first().map(|tried| tried.path.as_str()).unwrap_or_default();
            let mark = if score.percent() < 90.0 { "  <- below 90 %" } else { "" };
            let _ = writeln!(text, "{path}: {score}{mark}");
            for survivor in module.iter().filter(|tried| tried.state == State::Survived) {
                let _ =
                    writeln!(text, "    {}:{}: {}", survivor.path, survivor.line, survivor.what);
            }
        }
        for complaint in &self.complaints {
            let _ = writeln!(text, "{complaint}");
        }
        let _ = writeln!(text, "all: {}", self.score());
        text
    }
}

impl std::fmt::Display for Score {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let total = self.killed + self.survived;
        write!(f, "{} of {total} killed, {:.1} %", self.killed, self.percent())?;
        write!(f, " ({} equivalent, {} do not load)", self.equivalent, self.refused)
    }
}
