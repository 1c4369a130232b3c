//! Which file is what, and a bundle from them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use plimsoll_sdk::rule::RuleMeta;

use super::checklist::Checklist;
use super::file::File;
use super::table::{Table, parse_yaml};
use super::{Bundle, DEFAULT_BUNDLE, RuleModule, Vocabulary, declaration, digest, metadata};
use crate::diagnostic::Diagnostic;
use crate::nearest::nearest;
use crate::source::{Place, Source, Span};

/// The largest rule, in bytes: its METADATA is read before the file is parsed.
const MAX_BYTES: usize = 256 << 10;

const MANIFEST: &str = "bundle.yaml";

const CHECKLIST: &str = "checklist.yaml";

/// Words that cannot stand in a package path without brackets, or mean something else to Rego.
const RESERVED: &[&str] = &[
    "as", "contains", "data", "default", "else", "every", "false", "if", "import", "in", "input",
    "lib", "not", "null", "package", "plimsoll", "rego", "some", "true", "with",
];

/// What a path stands for.
pub(super) enum Role<'a> {
    Manifest,
    Checklist,
    /// `<area>/<name>`.
    Rule(&'a str),
    /// `<area>/<name>` of the rule it is about.
    Page(&'a str),
    /// `lib/…`, without the extension.
    Library(&'a str),
    Test,
    /// The name of the table.
    Table(&'a str),
    /// Nothing that a bundle needs: a README, a licence.
    Ignored,
    /// A place where a file of its sort would be overlooked.
    Misplaced(&'static str),
}

pub(super) fn role(path: &str) -> Role<'_> {
    if path == MANIFEST {
        return Role::Manifest;
    }
    if path == CHECKLIST {
        return Role::Checklist;
    }
    if path.ends_with("_test.rego") {
        return Role::Test;
    }
    let folders = path.matches('/').count();
    let in_library = path.starts_with("lib/");
    if let Some(stem) = path.strip_suffix(".rego") {
        return match (in_library, folders) {
            (true, _) => Role::Library(stem),
            (false, 1) if !path.starts_with("data/") => Role::Rule(stem),
            _ => Role::Misplaced("a rule is `<area>/<name>.rego`, a library `lib/<name>.rego`"),
        };
    }
    if let Some(table) = path.strip_prefix("data/") {
        let stem = [".yaml", ".yml", ".json"].iter().find_map(|end| table.strip_suffix(end));
        return match stem {
            Some(stem) if folders == 1 => Role::Table(stem),
            Some(_) => Role::Misplaced("a table is `data/<name>.yaml` or `data/<name>.json`"),
            None => Role::Ignored,
        };
    }
    match path.strip_suffix(".md") {
        Some(stem) if folders == 1 && !in_library && !stem.ends_with("/README") => Role::Page(stem),
        _ => Role::Ignored,
    }
}

/// Makes a bundle, or says everything that is wrong with it.
pub(super) fn read(
    name: &str,
    mut files: Vec<File>,
    vocabulary: &Vocabulary<'_>,
) -> Result<Bundle, Vec<Diagnostic>> {
    files.sort_by(|a, b| a.path().cmp(b.path()));
    let mut reader = Layout { problems: Vec::new(), vocabulary };
    let files: Vec<Arc<File>> = files.into_iter().map(Arc::new).collect();
    reader.duplicates(&files);
    let name = reader.name(name, &files);
    let pages = pages(&files);
    let mut bundle = Bundle {
        digest: digest::digest(files.iter().map(|file| (file.path(), file.text()))),
        name,
        rules: Vec::new(),
        libraries: Vec::new(),
        tests: Vec::new(),
        tables: Vec::new(),
        checklist: None,
        stored: None,
        verified: false,
    };
    for file in &files {
        reader.file(&mut bundle, file, &pages);
    }
    for (stem, page) in &pages {
        let rule = format!("{stem}.rego");
        if !files.iter().any(|file| file.path() == rule) {
            reader.problems.push(
                Diagnostic::error(format!("the page is about no rule: there is no `{rule}`"))
                    .at(start(page.source())),
            );
        }
    }
    bundle.rules.sort_by(|a, b| a.meta.id.cmp(&b.meta.id));
    if reader.problems.is_empty() { Ok(bundle) } else { Err(reader.problems) }
}

/// Makes a bundle whose rules are known already. None when the files are not those of the rules.
pub(super) fn restore(
    name: &str,
    files: &'static [(&'static str, &'static str)],
    rules: Vec<RuleMeta>,
    mut tables: BTreeMap<String, serde_json::Value>,
    stored: &'static [u8],
) -> Option<Bundle> {
    let mut metas: BTreeMap<String, RuleMeta> =
        rules.into_iter().map(|meta| (meta.id.clone(), meta)).collect();
    let mut bundle = Bundle {
        name: name.to_owned(),
        rules: Vec::with_capacity(metas.len()),
        libraries: Vec::new(),
        tests: Vec::new(),
        tables: Vec::new(),
        checklist: None,
        digest: Bundle::digest_of(files),
        stored: Some(stored),
        verified: true,
    };
    let mut files: Vec<Arc<File>> =
        files.iter().map(|(path, text)| Arc::new(File::embedded(name, path, text))).collect();
    files.sort_by(|a, b| a.path().cmp(b.path()));
    let pages = pages(&files);
    for file in &files {
        match role(file.path()) {
            Role::Rule(stem) => {
                let meta = Arc::new(metas.remove(&rule_id(name, stem))?);
                let page = Arc::clone(pages.get(stem)?);
                let (package, file) = (package(name, stem), Arc::clone(file));
                bundle.rules.push(RuleModule { meta, package, file, page });
            }
            Role::Library(_) => bundle.libraries.push(Arc::clone(file)),
            Role::Test => bundle.tests.push(Arc::clone(file)),
            Role::Table(table) => {
                bundle.tables.push(Table::new(table, file, tables.remove(table)?));
            }
            Role::Checklist => bundle.checklist = Some(Arc::clone(file)),
            _ => {}
        }
    }
    bundle.rules.sort_by(|a, b| a.meta.id.cmp(&b.meta.id));
    (metas.is_empty() && tables.is_empty()).then_some(bundle)
}

fn pages(files: &[Arc<File>]) -> BTreeMap<&str, &Arc<File>> {
    let page = |file| match role(File::path(file)) {
        Role::Page(stem) => Some(stem),
        _ => None,
    };
    files.iter().filter_map(|file| Some((page(file)?, file))).collect()
}

struct Layout<'a> {
    problems: Vec<Diagnostic>,
    vocabulary: &'a Vocabulary<'a>,
}

impl Layout<'_> {
    fn duplicates(&mut self, files: &[Arc<File>]) {
        let mut seen = BTreeSet::new();
        for file in files {
            // Two extensions of one table would otherwise hide each other.
            let key = match role(file.path()) {
                Role::Table(stem) => format!("data/{stem}"),
                _ => file.path().to_owned(),
            };
            if !seen.insert(key) {
                self.problems.push(
                    Diagnostic::error(format!("the bundle has `{}` twice", file.path()))
                        .at(start(file.source())),
                );
            }
        }
    }

    /// The bundle's name: the manifest's, else the given one.
    fn name(&mut self, given: &str, files: &[Arc<File>]) -> String {
        let manifest = files.iter().find(|file| file.path() == MANIFEST);
        let named = manifest.and_then(|file| self.manifest(file.source()));
        let place = manifest.map(|file| start(file.source()));
        let name = named.unwrap_or_else(|| given.to_owned());
        if !is_bundle_name(&name) {
            let mut problem = Diagnostic::error(format!("`{name}` cannot be a bundle's name"))
                .help("it is the root of the packages: lower-case letters, digits, underscores");
            problem
                .labels
                .extend(place.map(|place| crate::diagnostic::Label { place, text: String::new() }));
            self.problems.push(problem);
        }
        name
    }

    fn manifest(&mut self, source: &Arc<Source>) -> Option<String> {
        let value = match parse_yaml(source) {
            Ok(value) => value,
            Err(problem) => {
                self.problems.push(problem);
                return None;
            }
        };
        if value.is_null() {
            return None;
        }
        let Some(map) = value.as_mapping() else {
            self.problems.push(Diagnostic::error("the manifest has to be a map").at(start(source)));
            return None;
        };
        for key in map.keys().filter(|key| key.as_str() != Some("name")) {
            let shown = key.as_str().unwrap_or("?");
            let mut problem = Diagnostic::error(format!("the manifest has no key `{shown}`"))
                .at(line_that_begins_with(source, shown));
            problem.help = nearest(shown, ["name"]).map(|near| format!("did you mean `{near}`"));
            self.problems.push(problem);
        }
        match map.get("name")? {
            serde_yaml::Value::String(name) => Some(name.clone()),
            _ => {
                let problem = Diagnostic::error("the bundle's name has to be a string");
                self.problems.push(problem.at(line_that_begins_with(source, "name")));
                None
            }
        }
    }

    fn file(&mut self, bundle: &mut Bundle, file: &Arc<File>, pages: &BTreeMap<&str, &Arc<File>>) {
        if file.text().len() > MAX_BYTES && matches!(role(file.path()), Role::Rule(_)) {
            let problem = Diagnostic::error(format!("the rule is larger than {MAX_BYTES} bytes"));
            self.problems.push(problem.at(start(file.source())));
            return;
        }
        match role(file.path()) {
            Role::Rule(stem) => self.rule(bundle, file, stem, pages.get(stem).copied()),
            Role::Library(stem) => {
                let expected = package(&bundle.name, stem);
                self.package(file.source(), &expected, stem);
                bundle.libraries.push(Arc::clone(file));
            }
            Role::Test => bundle.tests.push(Arc::clone(file)),
            Role::Table(name) => match Table::read(name, file) {
                Ok(table) => {
                    let dated = table.check_day(bundle.name == DEFAULT_BUNDLE);
                    self.problems.extend(dated.err());
                    bundle.tables.push(table);
                }
                Err(problem) => self.problems.push(problem),
            },
            Role::Checklist => match Checklist::read(file.source()) {
                Ok(_) => bundle.checklist = Some(Arc::clone(file)),
                Err(problems) => self.problems.extend(problems),
            },
            Role::Misplaced(help) => self.problems.push(
                Diagnostic::error(format!(
                    "`{}` is not where a bundle has such files",
                    file.path()
                ))
                .at(start(file.source()))
                .help(help),
            ),
            Role::Manifest | Role::Page(_) | Role::Ignored => {}
        }
    }

    fn rule(
        &mut self,
        bundle: &mut Bundle,
        file: &Arc<File>,
        stem: &str,
        page: Option<&Arc<File>>,
    ) {
        let source = file.source();
        if let Some(bad) = stem.split('/').find(|part| !is_id_part(part)) {
            self.problems.push(
                Diagnostic::error(format!("`{bad}` cannot be part of a rule's id"))
                    .at(start(source))
                    .help("use lower-case letters, digits and single hyphens, and no word of Rego"),
            );
        }
        let expected = package(&bundle.name, stem);
        self.package(source, &expected, stem);
        let id = rule_id(&bundle.name, stem);
        let meta = declaration::read(&id, source, self.vocabulary);
        if page.is_none() {
            self.problems.push(
                Diagnostic::error(format!("the rule has no page: `{stem}.md` is missing"))
                    .at(start(source))
                    .help("say there why it matters and how to fix it, and show cases"),
            );
        }
        match (meta, page) {
            (Err(problems), _) => self.problems.extend(problems),
            (Ok(meta), Some(page)) => bundle.rules.push(RuleModule {
                meta: Arc::new(meta),
                package: expected,
                file: Arc::clone(file),
                page: Arc::clone(page),
            }),
            (Ok(_), None) => {}
        }
    }

    /// Checks that the package is the one that the path asks for.
    fn package(&mut self, source: &Arc<Source>, expected: &str, stem: &str) {
        let wanted = expected.strip_prefix("data.").unwrap_or(expected);
        let Some(line) = metadata::package_line(source) else {
            self.problems.push(
                Diagnostic::error("the file declares no package")
                    .at(start(source))
                    .help(format!("write `package {wanted}`")),
            );
            return;
        };
        let span = source.line_span(line);
        let text = source.slice(span).trim().trim_start_matches("package").trim();
        let text = text.split('#').next().unwrap_or_default().trim();
        if parts(text) != parts(wanted) {
            self.problems.push(
                Diagnostic::error(format!("the package of `{stem}.rego` is not `{text}`"))
                    .at(Place::new(source, span))
                    .help(format!("write `package {wanted}`, as the path has it")),
            );
        }
    }
}

fn rule_id(bundle: &str, stem: &str) -> String {
    if bundle == DEFAULT_BUNDLE { stem.to_owned() } else { format!("{bundle}/{stem}") }
}

/// `data.<bundle>.<area>.<name>`, in brackets what is no identifier.
fn package(bundle: &str, stem: &str) -> String {
    let mut package = format!("data.{bundle}");
    for part in stem.split('/') {
        let identifier = part.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
            && part.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
        if identifier {
            package.push('.');
            package.push_str(part);
        } else {
            package.push_str(&format!("[\"{part}\"]"));
        }
    }
    package
}

/// The parts of a package path, whichever way each is written.
fn parts(package: &str) -> Vec<String> {
    let dotted = package.replace("[\"", ".").replace("\"]", "");
    dotted.split('.').map(|part| part.trim().to_owned()).collect()
}

/// Whether ids of rules, and packages, may begin with this.
pub(crate) fn is_bundle_name(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_lowercase())
        && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
        && !RESERVED.contains(&name)
}

/// Whether this may be an area or a name in a rule's id.
pub(crate) fn is_id_part(part: &str) -> bool {
    part.starts_with(|c: char| c.is_ascii_lowercase())
        && part.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
        && !part.ends_with('-')
        && !part.contains("--")
        && !RESERVED.contains(&part)
}

fn line_that_begins_with(source: &Arc<Source>, key: &str) -> Place {
    let line = (1..=source.line_count())
        .find(|&line| source.slice(source.line_span(line)).trim_start().starts_with(key));
    Place::new(source, source.line_span(line.unwrap_or(1)))
}

fn start(source: &Arc<Source>) -> Place {
    Place::new(source, Span::default())
}
