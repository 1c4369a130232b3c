//! Reading cases from a page, and writing outcomes back.

use std::ops::Range;
use std::sync::Arc;

use crate::diagnostic::Diagnostic;
use crate::document::FORMATS;
use crate::source::{Place, Source, Span};

/// A rule's page.
#[derive(Clone, Debug)]
pub struct Page {
    /// The text of its first heading.
    pub title: String,
    /// Its cases, in order.
    pub cases: Vec<Case>,
}

/// A case: documents, and what the rule says of them.
#[derive(Clone, Debug)]
pub struct Case {
    /// Its heading.
    pub name: String,
    /// Where its heading stands.
    pub place: Place,
    /// Its files; those with a kind are checked.
    pub files: Vec<CaseFile>,
    /// The text of its `config` fence, in YAML.
    pub config: Option<Arc<Source>>,
    /// The lines of its `outcomes` fence.
    pub expected: Vec<String>,
    /// The bytes of the page that those lines are.
    pub outcomes: Range<usize>,
}

/// A file of a case.
#[derive(Clone, Debug)]
pub struct CaseFile {
    /// Its path.
    pub name: String,
    /// The kind of document it is checked as; `None` for a file that only lies beside.
    pub kind: Option<String>,
    /// Its text.
    pub text: String,
    /// Its permission bits, by `mode=0600`; `None` when the case does not say.
    pub mode: Option<u32>,
    /// Whether Git tracks it, by `tracked`. A case with such a file lies in a work tree.
    pub is_tracked: bool,
}

struct Fence<'p> {
    info: &'p str,
    body: Range<usize>,
    line: u32,
}

/// Reads a page. `kinds` are the words for kinds of documents, and so for fences that are checked.
///
/// # Errors
///
/// Cases without a document or without outcomes, and fences that are not closed.
pub fn parse(page: &Arc<Source>, kinds: &[&str]) -> Result<Page, Vec<Diagnostic>> {
    let mut reader =
        Reader { page, kinds, title: String::new(), cases: Vec::new(), problems: vec![] };
    reader.read();
    reader.finish();
    let Reader { title, cases, problems, .. } = reader;
    if problems.is_empty() { Ok(Page { title, cases }) } else { Err(problems) }
}

struct Reader<'p> {
    page: &'p Arc<Source>,
    kinds: &'p [&'p str],
    title: String,
    cases: Vec<Case>,
    problems: Vec<Diagnostic>,
}

impl<'p> Reader<'p> {
    fn read(&mut self) {
        let text: &'p str = self.page.text();
        let mut offset = 0;
        let mut fence: Option<(&str, Fence<'p>)> = None;
        for (number, line) in (1_u32..).zip(text.split_inclusive('\n')) {
            let start = offset;
            offset += line.len();
            let content = line.trim_end();
            if let Some((marker, open)) = &mut fence {
                if content == *marker {
                    open.body.end = start;
                    if let Some((_, closed)) = fence.take() {
                        self.fence(&closed);
                    }
                }
                continue;
            }
            let ticks = content.len() - content.trim_start_matches('`').len();
            if ticks >= 3 {
                let (marker, info) = content.split_at(ticks);
                fence = Some((marker, Fence { info, body: offset..offset, line: number }));
            } else if let Some(heading) = content.strip_prefix("### ") {
                self.heading(heading, number);
            } else if let Some(title) = content.strip_prefix("# ")
                && self.title.is_empty()
            {
                self.title = title.trim().to_owned();
            }
        }
        if let Some((_, open)) = fence {
            self.problem(open.line, "this fence is not closed");
        }
    }

    fn heading(&mut self, heading: &str, line: u32) {
        self.finish();
        self.cases.push(Case {
            name: heading.trim().to_owned(),
            place: Place::new(self.page, self.page.line_span(line)),
            files: Vec::new(),
            config: None,
            expected: Vec::new(),
            outcomes: 0..0,
        });
    }

    fn fence(&mut self, fence: &Fence<'p>) {
        let mut words = fence.info.split_ascii_whitespace();
        let language = words.next().unwrap_or_default();
        let rest: Vec<&str> = words.collect();
        let body = self.page.text().get(fence.body.clone()).unwrap_or_default();
        // An illustration (`dockerfile before`) is no case.
        let name = rest.iter().find_map(|word| word.strip_prefix("name="));
        let mode = rest.iter().find_map(|word| word.strip_prefix("mode="));
        let is_tracked = rest.contains(&"tracked");
        if name.is_none() && mode.is_none() && !is_tracked && !rest.is_empty() {
            return;
        }
        let mode = match mode.map(|digits| u32::from_str_radix(digits, 8)) {
            Some(Ok(mode)) => Some(mode),
            Some(Err(_)) => return self.problem(fence.line, "this mode is no octal number"),
            None => None,
        };
        let Some(case) = self.cases.last_mut() else { return };
        let is_kind = self.kinds.contains(&language);
        if language == "outcomes" {
            case.expected = body.lines().map(str::to_owned).collect();
            case.outcomes = fence.body.clone();
        } else if language == "config" {
            case.config = Some(Source::new(format!("{} (config)", case.name), body));
        } else if is_kind || name.is_some() {
            let format = FORMATS.iter().find(|format| format.name == language);
            let default = format.map_or(language, |format| format.file_name);
            case.files.push(CaseFile {
                name: name.unwrap_or(default).to_owned(),
                kind: is_kind.then(|| language.to_owned()),
                text: body.to_owned(),
                mode,
                is_tracked,
            });
        }
    }

    /// Says what the last case lacks.
    fn finish(&mut self) {
        let Some(case) = self.cases.last() else { return };
        let line = case.place.start().line;
        if case.files.iter().all(|file| file.kind.is_none()) {
            self.problem(line, "this case has no document");
        } else if case.outcomes == (0..0) {
            self.problem(line, "this case has no `outcomes` fence");
        }
    }

    fn problem(&mut self, line: u32, message: &str) {
        let place = Place::new(self.page, self.page.line_span(line));
        self.problems.push(Diagnostic::error(message).at(place));
    }
}

/// The text of a page with other outcomes: one list of lines for each case.
#[must_use]
pub fn bless(page: &Arc<Source>, cases: &[Case], outcomes: &[Vec<String>]) -> String {
    let mut text = page.text().to_owned();
    for (case, lines) in cases.iter().zip(outcomes).rev() {
        let body: String = lines.iter().map(|line| format!("{line}\n")).collect();
        text.replace_range(case.outcomes.clone(), &body);
    }
    text
}

/// The whole of a page as a place, for problems that are nowhere in it.
pub(super) fn whole(page: &Arc<Source>) -> Place {
    Place::new(page, Span::new(0, 0))
}
