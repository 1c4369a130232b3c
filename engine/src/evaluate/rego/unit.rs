//! One bundle, checked and compiled. Bundles do not refer to each other, so each is by itself.

use std::collections::{BTreeMap, BTreeSet};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, OnceLock};

use regorus::languages::rego::compiler::{Compiler, CompilerError};
use regorus::rvm::program::Program;
use regorus::{CompiledPolicy, Engine, PolicyLengthConfig};

use super::names::Names;
use super::schema::{self, Context, Schema};
use super::shortcut::{self, Shortcuts};
use super::syntax::Module;
use super::{FINDING_LIBRARY, agreement, check, failure, scan, stored, syntax};
use crate::bundle::{Bundle, File};
use crate::diagnostic::Diagnostic;

/// regorus takes at most 256 files and 65 535 instructions in a program. What does not fit is
/// divided, and smaller parts are also prepared faster.
const RULES_PER_PROGRAM: usize = 64;

/// The rules of one bundle.
pub(super) struct Unit {
    /// In the bundle's order.
    pub(super) rules: Vec<UnitRule>,
    pub(super) programs: Vec<Arc<Program>>,
    pub(super) shortcuts: Shortcuts,
    /// All texts by path, for places and for the interpreter.
    pub(super) files: BTreeMap<String, Arc<File>>,
    /// Made when a rule first needs it; the flag says whether it has all rules.
    interpreters: [OnceLock<Result<Engine, String>>; 2],
}

/// One rule.
pub(super) struct UnitRule {
    pub(super) path: String,
    /// The rule path of `deny`.
    pub(super) deny: String,
    /// The rule path of `unknown`, if the rule has that.
    pub(super) unknown: Option<String>,
    pub(super) raw: bool,
    pub(super) code: Option<Code>,
    pub(super) why_interpreted: Option<String>,
}

/// Where a rule's bytecode is.
#[derive(Clone, Copy, serde::Serialize, serde::Deserialize)]
pub(super) struct Code {
    pub(super) program: usize,
    /// The index of the entry point of `deny`.
    pub(super) deny: usize,
    /// The index of the entry point of `unknown`.
    pub(super) unknown: Option<usize>,
}

impl Unit {
    pub(super) fn load(bundle: &Bundle, tables: &BTreeSet<&str>) -> Result<Unit, Vec<Diagnostic>> {
        if let Some(unit) = bundle.stored().and_then(|stored| stored::unit(bundle, stored)) {
            return Ok(unit);
        }
        shielded(bundle, || Self::read(bundle, tables))
    }

    fn read(bundle: &Bundle, tables: &BTreeSet<&str>) -> Result<Unit, Vec<Diagnostic>> {
        let parsed = Parsed::of(bundle)?;
        let checked = parsed.check(bundle, tables);
        if !checked.problems.is_empty() {
            return Err(checked.problems);
        }
        parsed.compile(bundle, &checked.interpreted)
    }

    #[cfg(test)]
    pub(super) fn unchecked(bundle: &Bundle) -> Unit {
        let parsed = Parsed::of(bundle).and_then(|parsed| parsed.compile(bundle, &BTreeMap::new()));
        parsed.unwrap_or_else(|problems| panic!("{problems:?}"))
    }

    pub(super) fn new(files: BTreeMap<String, Arc<File>>) -> Unit {
        Unit {
            rules: Vec::new(),
            programs: Vec::new(),
            shortcuts: Shortcuts::default(),
            files,
            interpreters: Default::default(),
        }
    }

    /// The interpreter with all rules, or with those only that have no bytecode.
    pub(super) fn interpreter(&self, all: bool) -> Result<&Engine, &str> {
        let slot = &self.interpreters[usize::from(all)];
        let engine = slot.get_or_init(|| {
            let compiled: BTreeSet<&str> = (self.rules.iter())
                .filter(|rule| !all && rule.code.is_some())
                .map(|rule| rule.path.as_str())
                .collect();
            let mut engine = new_engine();
            for (path, file) in &self.files {
                if !compiled.contains(path.as_str()) {
                    let text = file.text().to_owned();
                    engine.add_policy(path.clone(), text).map_err(|e| failure::text(&e))?;
                }
            }
            Ok(engine)
        });
        engine.as_ref().map_err(String::as_str)
    }
}

/// Every text that is evaluated, by its path in the engine.
pub(super) fn files(bundle: &Bundle) -> BTreeMap<String, Arc<File>> {
    let library = File::embedded("plimsoll", "finding.rego", FINDING_LIBRARY);
    let mut files = BTreeMap::from([("plimsoll/finding.rego".to_owned(), Arc::new(library))]);
    let own = bundle.libraries().iter().chain(bundle.rules().iter().map(|rule| rule.file()));
    files.extend(own.map(|file| (file.path().to_owned(), Arc::clone(file))));
    files
}

pub(super) fn lint(
    bundle: &Bundle,
    tables: &BTreeSet<&str>,
) -> Result<Vec<Diagnostic>, Vec<Diagnostic>> {
    let checked = shielded(bundle, || Ok(Parsed::of(bundle)?.check(bundle, tables)))?;
    if checked.problems.is_empty() { Ok(checked.negations) } else { Err(checked.problems) }
}

/// Runs what gives regorus a text that it may panic on.
fn shielded<T>(
    bundle: &Bundle,
    run: impl FnOnce() -> Result<T, Vec<Diagnostic>>,
) -> Result<T, Vec<Diagnostic>> {
    catch_unwind(AssertUnwindSafe(run)).unwrap_or_else(|_| {
        let message = format!("the bundle `{}` made the Rego engine panic", bundle.name());
        Err(vec![Diagnostic::error(message)])
    })
}

fn new_engine() -> Engine {
    let mut engine = Engine::new();
    engine.set_strict_builtin_errors(false);
    engine.set_policy_length_config(PolicyLengthConfig::default());
    engine
}

/// What checking brought to light.
struct Checked {
    problems: Vec<Diagnostic>,
    /// What [`super::lint`] reports.
    negations: Vec<Diagnostic>,
    /// Packages that have to be interpreted, and why.
    interpreted: BTreeMap<Vec<String>, String>,
}

/// A bundle whose files have been parsed.
struct Parsed {
    files: BTreeMap<String, Arc<File>>,
    modules: Vec<Module>,
    engine: Engine,
}

impl Parsed {
    fn of(bundle: &Bundle) -> Result<Parsed, Vec<Diagnostic>> {
        let files = files(bundle);
        let mut engine = new_engine();
        let mut problems = Vec::new();
        let mut parsed = Vec::new();
        for (path, file) in &files {
            let added = scan::scan(file.source()).and_then(|()| {
                engine
                    .add_policy(path.clone(), file.text().to_owned())
                    .map_err(|error| failure::at_load(&files, &error))
            });
            match added {
                Ok(_) => parsed.push(file),
                Err(problem) => problems.push(problem),
            }
        }
        if !problems.is_empty() {
            return Err(problems);
        }
        let modules = engine.get_modules().iter().zip(parsed);
        let modules = modules.map(|(ast, file)| Module::new(file, ast)).collect();
        Ok(Parsed { files, modules, engine })
    }

    fn check(&self, bundle: &Bundle, tables: &BTreeSet<&str>) -> Checked {
        let names = Names::of(&self.modules);
        let rules: BTreeMap<&str, _> =
            bundle.rules().iter().map(|rule| (rule.path(), rule.meta())).collect();
        let is_rule = |module: &Module| rules.contains_key(module.file.path());
        let check::Checked { mut problems, edges } =
            check::check(bundle.name(), &self.modules, &names, is_rule);
        let mut negations = Vec::new();
        let mut context = Context {
            schema: Schema::facts(),
            rules: rules.values().map(|meta| (meta.id.as_str(), &***meta)).collect(),
            tables: tables.clone(),
            returns: BTreeMap::new(),
        };
        // Libraries first, twice: what they return is known to each other, then to the rules.
        let (own, libraries): (Vec<_>, Vec<_>) = self.modules.iter().partition(|m| is_rule(m));
        for module in &libraries {
            schema::check(module, true, &mut context);
        }
        for module in libraries.into_iter().chain(own) {
            let raw = rules.get(module.file.path()).is_none_or(|meta| meta.raw);
            let findings = schema::check(module, raw, &mut context);
            problems.extend(findings.errors);
            negations.extend(findings.negations);
        }
        let interpreted = agreement::disagreements(&self.modules, &edges);
        Checked { problems, negations, interpreted }
    }

    fn compile(
        mut self,
        bundle: &Bundle,
        interpreted: &BTreeMap<Vec<String>, String>,
    ) -> Result<Unit, Vec<Diagnostic>> {
        let names = Names::of(&self.modules);
        let unknown: BTreeSet<&str> = (self.modules.iter())
            .filter(|module| names.has(&module.package, "unknown"))
            .map(|module| module.file.path())
            .collect();
        let why: BTreeMap<&str, &String> = (self.modules.iter())
            .filter_map(|module| Some((module.file.path(), interpreted.get(&module.package)?)))
            .collect();
        let modules: BTreeMap<&str, usize> =
            self.modules.iter().enumerate().map(|(at, it)| (it.file.path(), at)).collect();
        let mut unit = Unit::new(std::mem::take(&mut self.files));
        let modules = bundle.rules().iter().map(|rule| modules.get(rule.path()).copied());
        unit.shortcuts = shortcut::compile(&self.modules, &names, modules);
        unit.rules = (bundle.rules().iter())
            .map(|rule| UnitRule {
                path: rule.path().to_owned(),
                deny: format!("{}.deny", rule.package()),
                unknown: (unknown.contains(rule.path()))
                    .then(|| format!("{}.unknown", rule.package())),
                raw: rule.meta().raw,
                code: None,
                why_interpreted: why.get(rule.path()).map(|why| (*why).clone()),
            })
            .collect();
        let libraries: Vec<String> = (unit.files.keys())
            .filter(|path| unit.rules.iter().all(|rule| rule.path != **path))
            .cloned()
            .collect();
        let indices: Vec<usize> = (0..unit.rules.len()).collect();
        let mut problems = Vec::new();
        for part in indices.chunks(RULES_PER_PROGRAM) {
            let policy = if part.len() == indices.len() {
                // What has been parsed and analysed already serves the interpreter as well.
                let policy = unit.prepare(&mut self.engine, part);
                for interpreter in &unit.interpreters {
                    let _empty_before = interpreter.set(Ok(self.engine.clone()));
                }
                policy
            } else {
                let own = |path: &&String| {
                    part.iter().any(|&rule| unit.rules.get(rule).is_some_and(|r| r.path == **path))
                };
                let paths = unit.files.keys().filter(|path| libraries.contains(path) || own(path));
                unit.parse(paths).and_then(|mut engine| unit.prepare(&mut engine, part))
            };
            let policy = policy.map_err(|problem| vec![problem])?;
            let agreed = |rule: &usize| {
                unit.rules.get(*rule).is_some_and(|rule| rule.why_interpreted.is_none())
            };
            let part: Vec<usize> = part.iter().copied().filter(agreed).collect();
            unit.compile(&policy, &part, &mut problems);
        }
        if !bundle.is_verified() {
            unit.forget_programs();
        }
        if problems.is_empty() { Ok(unit) } else { Err(problems) }
    }
}

impl Unit {
    /// Leaves all rules to the interpreter. They were compiled all the same: the compiler finds
    /// undefined variables that the interpreter stumbles over only when it gets there.
    fn forget_programs(&mut self) {
        self.programs.clear();
        for rule in &mut self.rules {
            rule.code = None;
            let why = "its bundle is not tested on bytecode";
            rule.why_interpreted.get_or_insert_with(|| why.to_owned());
        }
    }

    fn parse<'p>(&self, paths: impl Iterator<Item = &'p String>) -> Result<Engine, Diagnostic> {
        let mut engine = new_engine();
        for (path, file) in paths.filter_map(|path| self.files.get_key_value(path)) {
            engine
                .add_policy(path.clone(), file.text().to_owned())
                .map_err(|error| failure::at_load(&self.files, &error))?;
        }
        Ok(engine)
    }

    /// Has regorus analyse what an engine has parsed: variables, conflicts, order of statements.
    fn prepare(&self, engine: &mut Engine, rules: &[usize]) -> Result<CompiledPolicy, Diagnostic> {
        let first = rules.first().and_then(|&rule| self.rules.get(rule));
        let any = first.map(|rule| rule.deny.as_str()).unwrap_or_default();
        engine
            .compile_with_entrypoint(&any.into())
            .map_err(|error| failure::at_load(&self.files, &error))
    }

    /// Compiles rules into one program, or into several if they do not fit or do not all compile.
    fn compile(
        &mut self,
        policy: &CompiledPolicy,
        rules: &[usize],
        problems: &mut Vec<Diagnostic>,
    ) {
        let wanted = rules.iter().filter_map(|&rule| self.rules.get(rule));
        let paths: Vec<&str> = wanted
            .flat_map(|rule| std::iter::once(&rule.deny).chain(&rule.unknown))
            .map(String::as_str)
            .collect();
        match Compiler::compile_from_policy(policy, &paths) {
            Ok(program) if !program.has_host_await => {
                let entries = program.entry_points.clone();
                let program = self.add_program(program);
                let index = |path: &str| entries.get_index_of(path);
                for rule in rules {
                    let Some(rule) = self.rules.get_mut(*rule) else { continue };
                    rule.code = index(&rule.deny).map(|deny| Code {
                        program,
                        deny,
                        unknown: rule.unknown.as_deref().and_then(index),
                    });
                }
            }
            result => match rules {
                [] => {}
                [rule] => {
                    if let Err(error) = &result
                        && let CompilerError::UndefinedVariable { name } = &error.error
                    {
                        let problem = Diagnostic::error(format!("`{name}` is never defined"));
                        let place = error.span.as_ref().and_then(|span| {
                            let file = self.files.get(span.source.get_path())?;
                            Some(syntax::place(file, span))
                        });
                        problems.push(match place {
                            Some(place) => problem.at(place),
                            None => problem,
                        });
                    }
                    let why = result.err().map(|error| error.error.to_string());
                    if let Some(rule) = self.rules.get_mut(*rule) {
                        rule.why_interpreted = why.or_else(|| Some("it waits".to_owned()));
                    }
                }
                several => {
                    let (front, back) = several.split_at(several.len() / 2);
                    self.compile(policy, front, problems);
                    self.compile(policy, back, problems);
                }
            },
        }
    }

    /// Texts are kept once, by the unit.
    fn add_program(&mut self, program: Arc<Program>) -> usize {
        let mut program = Arc::unwrap_or_clone(program);
        for source in &mut program.sources {
            source.content.clear();
        }
        self.programs.push(Arc::new(program));
        self.programs.len() - 1
    }
}
