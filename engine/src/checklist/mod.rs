//! The checklist as a page: items in their order, the rules that serve each, and what came of them.
//!
//! Owns which rules serve an item (derived from what they declare, nowhere written twice), the state
//! of an item, why one is not covered, and the formats of the page: a file of this folder and a row of
//! [`FORMATS`] each. It judges nothing: it counts what a [`Report`] has.

mod escape;
mod html;
mod human;
mod json;
mod markdown;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::sync::Arc;

use plimsoll_sdk::Severity;
use plimsoll_sdk::rule::RuleMeta;

use crate::bundle::{Bundle, Checklist, Item, Shipped};
use crate::diagnostic::Diagnostic;
use crate::nearest::nearest;
use crate::policy::Policy;
use crate::report::{Outcome, Report, Status, WriteOptions};

pub use json::{VERSION, schema};

/// The view of every item.
pub const ALL: &str = "all";

/// Every format of the page; the first is the default.
pub const FORMATS: &[FormatRow] = &[human::FORMAT, json::FORMAT, markdown::FORMAT, html::FORMAT];

/// A format of the page.
#[derive(Clone, Copy, Debug)]
pub struct FormatRow {
    /// What the user calls it: `markdown`.
    pub name: &'static str,
    /// What it is for, in a few words.
    pub description: &'static str,
    /// How the names of its files end, with the dot.
    pub ending: &'static str,
    /// Whether it is for people to read in a terminal: only then do colour and width matter.
    pub for_people: bool,
    /// Writes a page; fails only as the writer does.
    write: fn(&Page, &mut dyn io::Write, &WriteOptions) -> io::Result<()>,
}

/// The checklist, with the rules that serve it and perhaps with what a run gave.
#[derive(Clone, Debug)]
pub struct Page {
    /// The profile in force.
    pub profile: &'static str,
    /// What was run; `None` for the page alone.
    pub run: Option<Run>,
    /// The guides, in order.
    pub guides: Vec<GuideRows>,
}

/// The run that states come from.
#[derive(Clone, Debug)]
pub struct Run {
    /// How it ended.
    pub status: Status,
    /// The same in words.
    pub conclusion: String,
    /// The names and kinds of the documents, in the order they were given.
    pub documents: Vec<(String, &'static str)>,
}

/// A guide and its sections.
#[derive(Clone, Debug)]
pub struct GuideRows {
    /// What a view of it alone is called.
    pub id: String,
    /// Its name.
    pub title: String,
    /// Its sections, in order.
    pub sections: Vec<SectionRows>,
}

/// A section and its items.
#[derive(Clone, Debug)]
pub struct SectionRows {
    /// What a view of it alone is called, if there is one.
    pub id: Option<String>,
    /// Its heading.
    pub title: String,
    /// Its items, in order.
    pub items: Vec<ItemRow>,
}

/// An item, its rules, and what came of them.
#[derive(Clone, Debug)]
pub struct ItemRow {
    /// The item.
    pub item: Item,
    /// The rules that serve it, by id, also those that are off.
    pub rules: Vec<RuleOfItem>,
    /// What came of it; `None` where nothing was run.
    pub state: Option<State>,
    /// Why it is not covered; `None` where it is, or nothing was run.
    pub uncovered: Option<Uncovered>,
}

/// A rule that serves an item.
#[derive(Clone, Debug)]
pub struct RuleOfItem {
    /// What it declares.
    pub meta: Arc<RuleMeta>,
    /// Its severity in force.
    pub severity: Severity,
    /// Whether it is on.
    pub enabled: bool,
    /// What it says of the subjects of the run.
    pub counts: Counts,
}

/// How many subjects a rule says what of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Without fault.
    pub pass: usize,
    /// With a finding.
    pub fail: usize,
    /// The facts do not say.
    pub unknown: usize,
    /// The rule could not be run.
    pub error: usize,
    /// Subjects of the run that some rule judges, and this one does not.
    pub not_applicable: usize,
}

impl Counts {
    fn judged(self) -> usize {
        self.pass + self.fail + self.unknown + self.error
    }

    /// What there is of each, in words: `1 fail, 2 pass`; empty where nothing was judged.
    #[must_use]
    pub fn words(self) -> String {
        let all = [
            (self.fail, "fail"),
            (self.error, "not judged"),
            (self.unknown, "unknown"),
            (self.pass, "pass"),
        ];
        let some = all.iter().filter(|(number, _)| *number > 0);
        some.map(|(number, word)| format!("{number} {word}")).collect::<Vec<_>>().join(", ")
    }
}

/// What came of an item. Fail wins over unknown, unknown over pass.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum State {
    /// A rule fails.
    Fail,
    /// No rule fails, and one could not tell, or could not be run.
    Unknown,
    /// A rule passes, and no other says more.
    Pass,
    /// No rule judged anything.
    NotCovered,
}

impl State {
    /// All of them, the gravest first.
    pub const ALL: [State; 4] = [State::Fail, State::Unknown, State::Pass, State::NotCovered];

    /// The words for it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            State::Fail => "fail",
            State::Unknown => "unknown",
            State::Pass => "pass",
            State::NotCovered => "not covered",
        }
    }
}

/// Why an item is not covered by a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Uncovered {
    /// It cannot be checked, or not yet: the item says why.
    NotCheckable(String),
    /// Its rules are off; the profiles that turn one of them on.
    RulesOff(Vec<String>),
    /// Its rules judge documents of these kinds, and none was given.
    NotGiven(Vec<String>),
    /// Its rules judge subjects of these kinds, and there is none in what was given.
    NoSubject(Vec<String>),
}

impl Uncovered {
    /// In words, without a full stop unless it is the item's own sentence.
    #[must_use]
    pub fn words(&self) -> String {
        let list = |names: &[String]| names.join(", ");
        match self {
            Uncovered::NotCheckable(reason) => reason.clone(),
            Uncovered::RulesOff(profiles) if profiles.is_empty() => "its rules are off".to_owned(),
            Uncovered::RulesOff(profiles) => {
                format!("its rules are off; profiles that have them: {}", list(profiles))
            }
            Uncovered::NotGiven(kinds) => {
                format!("nothing that its rules judge was given: {}", list(kinds))
            }
            Uncovered::NoSubject(subjects) => {
                format!("what was given has none of what its rules judge: {}", list(subjects))
            }
        }
    }
}

impl Page {
    /// The checklist of these bundles, served by the rules of this policy, with what came of a run.
    #[must_use]
    pub fn new(bundles: &[Bundle], policy: &Policy, report: Option<&Report>) -> Page {
        let checklist = merged(bundles);
        let mut serving = serving(&checklist, policy, report);
        let kinds = report.map(|report| report.documents.iter().map(|row| row.kind).collect());
        let row = |item: &Item| {
            let rules = serving.remove(item.id.as_str()).unwrap_or_default();
            ItemRow::new(item, rules, kinds.as_ref())
        };
        let guides = rows(&checklist, row);
        Page { profile: policy.profile.as_str(), run: report.map(Run::new), guides }
    }

    /// Only the guide or the section of this name; [`ALL`] is the whole page.
    ///
    /// # Errors
    ///
    /// When there is neither; the help names the nearest.
    pub fn view(mut self, name: &str) -> Result<Page, Diagnostic> {
        if name == ALL {
            return Ok(self);
        }
        let known: Vec<String> = self.views().map(str::to_owned).collect();
        self.guides.retain_mut(|guide| {
            if guide.id != name {
                guide.sections.retain(|section| section.id.as_deref() == Some(name));
            }
            !guide.sections.is_empty()
        });
        if self.guides.is_empty() {
            let help = match nearest(name, known.iter().map(String::as_str)) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("it is one of {}", known.join(", ")),
            };
            let name = crate::excerpt::excerpt(name);
            return Err(Diagnostic::error(format!("there is no view `{name}`")).help(help));
        }
        Ok(self)
    }

    /// The names that [`Page::view`] knows.
    fn views(&self) -> impl Iterator<Item = &str> {
        let guides = self.guides.iter().flat_map(|guide| {
            let sections = guide.sections.iter().filter_map(|section| section.id.as_deref());
            std::iter::once(guide.id.as_str()).chain(sections)
        });
        std::iter::once(ALL).chain(guides)
    }

    /// Every item, in order.
    pub fn items(&self) -> impl Iterator<Item = &ItemRow> {
        self.guides.iter().flat_map(|guide| &guide.sections).flat_map(|section| &section.items)
    }

    /// The number of items with this state.
    #[must_use]
    pub fn count(&self, state: State) -> usize {
        self.items().filter(|row| row.state == Some(state)).count()
    }

    /// Writes the page. The same page and options give the same bytes.
    ///
    /// # Errors
    ///
    /// Those of the writer.
    pub fn write(
        &self,
        format: &FormatRow,
        out: &mut dyn io::Write,
        options: &WriteOptions,
    ) -> io::Result<()> {
        (format.write)(self, out, options)
    }

    /// The totals in words.
    fn totals(&self) -> String {
        let items = self.items().count();
        let noun = if items == 1 { "item" } else { "items" };
        if self.run.is_none() {
            let served = self.items().filter(|row| !row.rules.is_empty()).count();
            return format!("{items} {noun}, {served} with rules");
        }
        let states = State::ALL.map(|state| format!("{} {}", self.count(state), state.as_str()));
        format!("{items} {noun}: {}", states.join(", "))
    }
}

/// The checklists of bundles as one: a guide of a later bundle stands for one of the same id before.
#[must_use]
pub fn merged(bundles: &[Bundle]) -> Checklist {
    let mut all = Checklist::default();
    for checklist in bundles.iter().filter_map(Bundle::checklist) {
        for guide in checklist.guides {
            match all.guides.iter_mut().find(|known| known.id == guide.id) {
                Some(known) => *known = guide,
                None => all.guides.push(guide),
            }
        }
        all.limits.extend(checklist.limits);
    }
    all
}

/// What does not fit together: rules that name an item which there is not. Warnings, since the rules
/// judge all the same. Bundles without any checklist have nothing to fit, nor have plugins then.
#[must_use]
pub fn strays(bundles: &[Bundle], plugins: &[Shipped]) -> Vec<Diagnostic> {
    let checklist = merged(bundles);
    if checklist.guides.is_empty() {
        return Vec::new();
    }
    let mut problems = Vec::new();
    let of_bundles = bundles.iter().map(Bundle::shipped);
    for rule in of_bundles.chain(plugins.iter().cloned()).flat_map(|shipped| shipped.rules) {
        for code in rule.meta().checklist.iter().filter(|code| checklist.item(code).is_none()) {
            let (id, code) = (rule.id(), crate::excerpt::excerpt(code));
            let message = format!("`{id}` serves `{code}`, which is no item of a checklist");
            let mut problem = Diagnostic::warning(message);
            if let Some(place) = rule.place("custom.checklist") {
                problem = problem.at(place);
            }
            problem.help = nearest(&code, checklist.items().map(|item| item.id.as_str()))
                .map(|near| format!("did you mean `{near}`?"));
            problems.push(problem);
        }
    }
    problems
}

fn rows(checklist: &Checklist, mut row: impl FnMut(&Item) -> ItemRow) -> Vec<GuideRows> {
    let mut guides = Vec::with_capacity(checklist.guides.len());
    for guide in &checklist.guides {
        let sections = guide.sections.iter().map(|section| SectionRows {
            id: section.id.clone(),
            title: section.title.clone(),
            items: section.items.iter().map(&mut row).collect(),
        });
        let (id, title) = (guide.id.clone(), guide.title.clone());
        guides.push(GuideRows { sections: sections.collect(), id, title });
    }
    guides
}

/// The rules that serve each item, by the item's id.
fn serving<'c>(
    checklist: &'c Checklist,
    policy: &Policy,
    report: Option<&Report>,
) -> BTreeMap<&'c str, Vec<RuleOfItem>> {
    let counted = report.map(counts).unwrap_or_default();
    let mut serving: BTreeMap<&str, Vec<RuleOfItem>> = BTreeMap::new();
    for rule in &policy.rules {
        let codes = rule.meta.checklist.iter();
        let items: BTreeSet<&str> =
            codes.filter_map(|code| Some(checklist.item(code)?.id.as_str())).collect();
        for item in items {
            serving.entry(item).or_default().push(RuleOfItem {
                meta: Arc::clone(&rule.meta),
                severity: rule.severity,
                enabled: rule.enabled,
                counts: counted.get(rule.meta.id.as_str()).copied().unwrap_or_default(),
            });
        }
    }
    serving
}

/// What each rule in force says of how many subjects.
fn counts(report: &Report) -> BTreeMap<&str, Counts> {
    let mut counts = vec![Counts::default(); report.rules.len()];
    let mut subjects = BTreeSet::new();
    for row in &report.outcomes {
        subjects.insert((row.document, &row.subject));
        let Some(counts) = counts.get_mut(row.rule) else { continue };
        match row.outcome {
            Outcome::Pass => counts.pass += 1,
            Outcome::Fail => counts.fail += 1,
            Outcome::Unknown => counts.unknown += 1,
            Outcome::Error => counts.error += 1,
        }
    }
    let rules = report.rules.iter().map(|rule| rule.meta.id.as_str());
    rules
        .zip(counts)
        .map(|(id, counts)| {
            let not_applicable = subjects.len().saturating_sub(counts.judged());
            (id, Counts { not_applicable, ..counts })
        })
        .collect()
}

impl ItemRow {
    fn new(item: &Item, rules: Vec<RuleOfItem>, kinds: Option<&BTreeSet<&'static str>>) -> Self {
        let Some(kinds) = kinds else {
            return ItemRow { item: item.clone(), rules, state: None, uncovered: None };
        };
        let any = |of: fn(&Counts) -> usize| rules.iter().any(|rule| of(&rule.counts) > 0);
        let state = if any(|counts| counts.fail) {
            State::Fail
        } else if any(|counts| counts.unknown + counts.error) {
            State::Unknown
        } else if any(|counts| counts.pass) {
            State::Pass
        } else {
            State::NotCovered
        };
        let uncovered = (state == State::NotCovered).then(|| uncovered(item, &rules, kinds));
        ItemRow { item: item.clone(), rules, state: Some(state), uncovered }
    }

    /// What is to be known of what was checked, or not: the item's reason and what is done instead.
    fn caveat(&self) -> Option<String> {
        let (reason, instead) = (&self.item.reason, &self.item.instead);
        let sentences: Vec<&str> = reason.iter().chain(instead).map(String::as_str).collect();
        (!sentences.is_empty()).then(|| sentences.join(" "))
    }
}

fn uncovered(item: &Item, rules: &[RuleOfItem], kinds: &BTreeSet<&'static str>) -> Uncovered {
    fn names<'r>(
        rules: impl Iterator<Item = &'r RuleOfItem>,
        of: fn(&RuleMeta) -> &[String],
    ) -> Vec<String> {
        let names: BTreeSet<&String> = rules.flat_map(|rule| of(&rule.meta)).collect();
        names.into_iter().cloned().collect()
    }
    if rules.is_empty() {
        let reason = item.reason.clone();
        return Uncovered::NotCheckable(reason.unwrap_or_else(|| "no rule serves it".to_owned()));
    }
    let on = || rules.iter().filter(|rule| rule.enabled);
    if on().next().is_none() {
        return Uncovered::RulesOff(names(rules.iter(), |meta| &meta.profiles));
    }
    let judged = names(on(), |meta| &meta.kinds);
    if judged.iter().all(|kind| !kinds.contains(kind.as_str())) {
        return Uncovered::NotGiven(judged);
    }
    Uncovered::NoSubject(names(on(), |meta| &meta.subjects))
}

impl Run {
    fn new(report: &Report) -> Self {
        let name = |name: &str| report.masks.message(name).into_owned();
        let documents = report.documents.iter().map(|row| (name(&row.name), row.kind));
        Run {
            status: report.status,
            conclusion: report.conclusion(),
            documents: documents.collect(),
        }
    }
}
