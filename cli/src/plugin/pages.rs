//! The pages of a plugin's rules: whether they are there, and whether their cases come out as they say.

use std::ffi::OsStr;
use std::fs::{self, File};
use std::io::Read as _;
use std::path::Path;
use std::sync::Arc;

use plimsoll_engine::Plugin;
use plimsoll_engine::diagnostic::Diagnostic;
use plimsoll_engine::document::FORMATS;
use plimsoll_engine::evaluate::wasm::Kind;
use plimsoll_engine::files::{DiskFiles, Files as _};
use plimsoll_engine::nearest::nearest;
use plimsoll_engine::policy_test::{self, Case, Page, Runner};
use plimsoll_engine::report::escape;
use plimsoll_engine::sdk::rule::RuleMeta;
use plimsoll_engine::source::{Place, Source, Span};

use crate::inputs::shown;
use crate::{bundles, output};

/// What came of a plugin's pages.
#[derive(Debug, Default)]
pub(super) struct Pages {
    /// How many cases came out as they say.
    pub(super) passed: usize,
    /// How many say only now what came out.
    pub(super) written: usize,
    /// What is wrong, and what is missing.
    pub(super) problems: Vec<Diagnostic>,
}

/// The most files that are looked at beside a plugin.
const MAX_FILES: usize = 1000;

/// Runs the cases of all pages in the folder of a plugin, with the tables of the default bundle. With
/// `bless` what comes out is written to the pages. `path` is the file of the plugin.
pub(super) fn run(plugin: &Plugin, path: &Path, folder: &Path, bless: bool) -> Pages {
    let bless = bless.then_some(folder);
    let mut pages = Pages { problems: stray(plugin, path, folder), ..Pages::default() };
    let bundle = match bundles::default_bundle() {
        Ok(bundle) => bundle,
        Err(problems) => {
            pages.problems.extend(problems);
            return pages;
        }
    };
    let kinds: Vec<&str> = FORMATS.iter().map(|format| format.name).collect();
    let mut runner = Runner::new(vec![bundle]).with_plugins(vec![plugin.clone()]);
    for (at, rule) in plugin.rules().iter().enumerate() {
        let Some(page) = plugin.page(at) else { continue };
        let file = file(&rule.id);
        if !plugin.has_page(at) {
            let message = format!("the rule `{}` has no page `{file}`", rule.id);
            let help = "a page says why, how to fix it, and in cases what the rule finds";
            pages.problems.push(Diagnostic::warning(message).help(help));
            continue;
        }
        match policy_test::parse(page, &kinds) {
            Err(problems) => pages.problems.extend(problems),
            Ok(parsed) => pages.check(&mut runner, &rule.id, page, &parsed, bless),
        }
    }
    pages
}

/// Pages that belong to no rule: what is in them is neither shown nor run. Where another plugin lies in
/// the folder, they may be its.
fn stray(plugin: &Plugin, path: &Path, folder: &Path) -> Vec<Diagnostic> {
    let own =
        [path.file_name().map(OsStr::to_owned), Some(format!("{}.wasm", plugin.name()).into())];
    let is_other = |entry: &fs::DirEntry| {
        let found = entry.path();
        let mut start = [0; 8];
        found.extension().is_some_and(|extension| extension == "wasm")
            && !own.contains(&Some(entry.file_name()))
            && found.is_file()
            && File::open(found).and_then(|mut file| file.read_exact(&mut start)).is_ok()
            && Kind::of(&start) == Kind::Component
    };
    let Ok(mut beside) = fs::read_dir(folder).map(|entries| entries.take(MAX_FILES).flatten())
    else {
        return Vec::new();
    };
    let listing = DiskFiles::open(folder).and_then(|files| files.list("rules", MAX_FILES));
    let (false, Ok(listing)) = (beside.any(|entry| is_other(&entry)), listing) else {
        return Vec::new();
    };
    let rules = plugin.rules();
    let is_page_of = |page: &str, rule: &RuleMeta| page.eq_ignore_ascii_case(stem(&rule.id));
    let pages = listing.files.iter().filter_map(|file| file.strip_suffix(".md"));
    let strays = pages
        .filter(|page| page.matches('/').count() == 1)
        .filter(|page| !rules.iter().any(|rule| is_page_of(page, rule)));
    let lacking = rules.iter().enumerate().filter(|(at, _)| !plugin.has_page(*at));
    let lacking: Vec<&str> = lacking.map(|(_, rule)| stem(&rule.id)).collect();
    let told = |page: &str| {
        let name = shown(&folder.join(format!("rules/{page}.md")));
        let help = match nearest(page, lacking.iter().copied()) {
            Some(near) => format!("did you mean `rules/{near}.md`?"),
            None => "a page is called by the id of its rule, without the plugin's name".to_owned(),
        };
        Diagnostic::warning(format!("the page `{name}` belongs to no rule")).help(help)
    };
    strays.map(told).collect()
}

/// The page of a rule, as a path from the folder of the plugin.
fn file(rule: &str) -> String {
    format!("rules/{}.md", stem(rule))
}

/// Area and name of a rule, without the plugin's name.
fn stem(rule: &str) -> &str {
    rule.split_once('/').map_or(rule, |(_, stem)| stem)
}

impl Pages {
    fn check(
        &mut self,
        runner: &mut Runner,
        rule: &str,
        page: &Arc<Source>,
        parsed: &Page,
        bless: Option<&Path>,
    ) {
        if parsed.cases.is_empty() {
            let message = format!("the page of the rule `{rule}` has no cases");
            let start = Place::new(page, page.line_span(1));
            self.problems.push(Diagnostic::warning(message).at(start));
        }
        let mut outcomes = Vec::new();
        for case in &parsed.cases {
            match runner.run(rule, case) {
                Ok(outcome) => {
                    match outcome.actual == case.expected {
                        true => self.passed += 1,
                        false if bless.is_some() => self.written += 1,
                        false => self.problems.push(differs(page, case, &outcome.actual)),
                    }
                    outcomes.push(outcome.actual);
                }
                Err(problems) => {
                    self.problems.extend(problems);
                    outcomes.push(case.expected.clone());
                }
            }
        }
        let Some(folder) = bless else { return };
        let text = policy_test::bless(page, &parsed.cases, &outcomes);
        if text != page.text()
            && let Err(error) =
                output::write_file(&folder.join(file(rule)), |out| out.write_all(text.as_bytes()))
        {
            let message = format!("cannot write `{}`: {error}", page.name());
            self.problems.push(Diagnostic::error(message));
        }
    }
}

fn differs(page: &Arc<Source>, case: &Case, actual: &[String]) -> Diagnostic {
    let message = "the rule says something else in this case";
    let place = match case.expected.is_empty() {
        true => case.place.clone(),
        // Without the line break.
        false => Place::new(page, Span::new(case.outcomes.start, case.outcomes.end - 1)),
    };
    let help = match actual {
        [] => "it says nothing; if that is right, --bless writes it".to_owned(),
        lines => {
            let lines: Vec<_> = lines.iter().map(|line| escape::line(line)).collect();
            format!("it says: {}; if that is right, --bless writes it", lines.join("; "))
        }
    };
    Diagnostic::error(message).at(place).help(help)
}
