//! The laws that every bundle is held to when it is loaded.
//!
//! - `deny` is a partial set, and every rule has one; `unknown` is a partial set, if there is one.
//! - Modules import `data.plimsoll.…` and their own bundle's `data.<bundle>.lib.…`, nothing else,
//!   and every name that they refer to exists.
//! - Every function that is called exists and gets the number of arguments that it takes, whether
//!   the call is ever reached or not.
//! - `not` stands before nothing that iterates with `[_]`, which regorus misreads.
//! - Nothing refers to itself, however indirectly, and no chain of references is longer than
//!   [`MAX_CHAIN`]: regorus evaluates them on the stack.

use std::collections::{BTreeMap, BTreeSet};

use regorus::unstable::{Expr, Ref, Rule};

use super::builtins;
use super::names::{Name, Names};
use super::syntax::{Module, Node, Reference, Sort, Step, head, locals, walk, wildcard};
use crate::diagnostic::Diagnostic;
use crate::nearest::nearest;

/// The longest chain of rules and functions that refer to each other.
pub(crate) const MAX_CHAIN: usize = 32;

/// The most definitions in one file.
const MAX_RULES: usize = 1000;

/// What came of it.
pub(super) struct Checked {
    pub(super) problems: Vec<Diagnostic>,
    /// Who refers to whom.
    pub(super) edges: BTreeMap<Name, BTreeSet<Name>>,
}

/// Checks the modules of one bundle. `rules` are the packages of its rules, `bundle` its name.
pub(super) fn check(
    bundle: &str,
    modules: &[Module],
    names: &Names,
    is_rule: impl Fn(&Module) -> bool,
) -> Checked {
    let mut checker = Checker { bundle, names, problems: Vec::new(), edges: BTreeMap::new() };
    for module in modules {
        checker.imports(module);
        if module.ast.policy.len() > MAX_RULES {
            let span = &module.ast.package.span;
            checker.problems.push(
                Diagnostic::error(format!("the file has more than {MAX_RULES} definitions"))
                    .at(module.place(span)),
            );
        }
        for rule in &module.ast.policy {
            checker.rule(module, rule);
        }
        if is_rule(module) {
            checker.shape(module);
        }
    }
    checker.chains(modules);
    Checked { problems: checker.problems, edges: checker.edges }
}

struct Checker<'a> {
    bundle: &'a str,
    names: &'a Names,
    problems: Vec<Diagnostic>,
    edges: BTreeMap<Name, BTreeSet<Name>>,
}

impl Checker<'_> {
    fn imports(&mut self, module: &Module) {
        for import in &module.ast.imports {
            let path = super::syntax::static_path(&import.refr);
            let place = module.place(import.refr.span());
            match path.first().map(String::as_str) {
                Some("rego" | "future" | "input") => {}
                Some("data") => {
                    if let Err(problem) = self.target(module, &path, true) {
                        self.problems.push(problem.at(place));
                    }
                }
                _ => self.problems.push(
                    Diagnostic::error(format!("`{}` cannot be imported", path.join(".")))
                        .at(place)
                        .help(self.allowed()),
                ),
            }
        }
    }

    fn allowed(&self) -> String {
        format!("modules refer to data.plimsoll and data.{}.lib only", self.bundle)
    }

    /// What a path that begins with `data` leads to. An import may end at a package.
    fn target(
        &self,
        module: &Module,
        path: &[String],
        import: bool,
    ) -> Result<Option<Name>, Diagnostic> {
        let shown = path.join(".");
        let inside = path.get(1..).unwrap_or_default();
        let within = |prefix: &[&str]| {
            inside.len() >= prefix.len() && inside.iter().zip(prefix).all(|(a, b)| a == b)
        };
        let own = inside.starts_with(&module.package);
        if !own && !within(&["plimsoll"]) && !within(&[self.bundle, "lib"]) {
            let help = if within(&["plimsoll"]) || inside.is_empty() {
                self.allowed()
            } else {
                format!("{}; tables are input.data[…]", self.allowed())
            };
            return Err(Diagnostic::error(format!("rules cannot refer to `{shown}`")).help(help));
        }
        let Some(package) = self.names.package_of(inside) else {
            return Err(Diagnostic::error(format!("there is no package `{shown}`")));
        };
        let Some(name) = inside.get(package.len()) else {
            return if import {
                Ok(None)
            } else {
                Err(Diagnostic::error(format!("`{shown}` is a whole package"))
                    .help("refer to one of its rules by name"))
            };
        };
        if self.names.has(package, name) {
            return Ok(Some((package.to_vec(), name.clone())));
        }
        let mut problem = Diagnostic::error(format!("`{}` has no `{name}`", package.join(".")));
        problem.help = nearest(name, self.names.in_package(package))
            .map(|near| format!("did you mean `{near}`"));
        Err(problem)
    }

    fn rule(&mut self, module: &Module, rule: &Rule) {
        let from: Name = (module.package.clone(), head(rule).name.to_owned());
        let locals = locals(rule);
        self.edges.entry(from.clone()).or_default();
        let mut nodes = Vec::new();
        walk(rule, &mut |node| nodes.push(node));
        for node in nodes {
            match node {
                Node::Reference(reference, expr) => {
                    if let Some(to) = self.reference(module, &locals, &reference, expr) {
                        self.edges.entry(from.clone()).or_default().insert(to);
                    }
                }
                Node::ObjectComprehension => {}
                Node::Negated(expr) => self.negated(module, expr),
                Node::Call { name, args, expr } => {
                    if let Some(to) = self.call(module, &name, args, expr) {
                        self.edges.entry(from.clone()).or_default().insert(to);
                    }
                }
            }
        }
    }

    /// regorus iterates first and negates each item, where Rego negates that there is one.
    fn negated(&mut self, module: &Module, expr: &Expr) {
        if let Some(span) = wildcard(expr) {
            let problem = Diagnostic::error("`not` cannot be put before what iterates with `[_]`")
                .at(module.place(span))
                .help("count what is meant: `count([1 | some x in …; …]) == 0`, or negate a rule");
            self.problems.push(problem);
        }
    }

    fn reference(
        &mut self,
        module: &Module,
        locals: &BTreeSet<&str>,
        reference: &Reference<'_>,
        expr: &Expr,
    ) -> Option<Name> {
        if locals.contains(reference.root_name()?) {
            return None;
        }
        let is_rule = |name: &str| self.names.has(&module.package, name);
        let (path, fixed) = module.resolve(reference, is_rule)?;
        if path.first().is_none_or(|root| root != "data") {
            return None;
        }
        match self.target(module, &path, false) {
            Ok(name) => name,
            Err(problem) => {
                let place = match reference.steps.get(fixed.wrapping_sub(1)) {
                    Some(Step::Field(_, span)) => module.place(span),
                    _ => module.place(expr.span()),
                };
                self.problems.push(problem.at(place));
                None
            }
        }
    }

    fn call(
        &mut self,
        module: &Module,
        name: &Reference<'_>,
        args: &[Ref<Expr>],
        expr: &Expr,
    ) -> Option<Name> {
        let Some(dotted) = name.dotted() else {
            let problem = Diagnostic::error("only a function can be called, by its name");
            self.problems.push(problem.at(module.place(expr.span())));
            return None;
        };
        let place = module.place(name.steps.last().map_or(name.root.span(), |step| match step {
            Step::Field(_, span) => span,
            Step::Index(index) => index.span(),
        }));
        let is_rule = |name: &str| self.names.has(&module.package, name);
        let target = match module.resolve(name, is_rule) {
            Some((path, _)) if path.first().is_some_and(|root| root == "data") => path,
            _ => {
                if let Err(fault) = builtins::check(&dotted, args) {
                    let mut problem = Diagnostic::error(fault.message).at(place);
                    problem.help = fault.help;
                    self.problems.push(problem);
                }
                return None;
            }
        };
        let target = match self.target(module, &target, false) {
            Ok(target) => target?,
            Err(problem) => {
                self.problems.push(problem.at(place));
                return None;
            }
        };
        let definition = self.names.get(&target)?;
        if definition.sort != Sort::Function {
            let problem = Diagnostic::error(format!("`{dotted}` is no function")).at(place);
            self.problems.push(problem);
        } else if args.len() != definition.arity && args.len() != definition.arity + 1 {
            let arity = definition.arity;
            let arguments = if arity == 1 { "argument" } else { "arguments" };
            let message = format!("`{dotted}` takes {arity} {arguments}, not {}", args.len());
            self.problems.push(Diagnostic::error(message).at(place));
        }
        Some(target)
    }

    /// `deny` and `unknown` of a rule's package.
    fn shape(&mut self, module: &Module) {
        let mut denies = false;
        for rule in &module.ast.policy {
            let head = head(rule);
            if head.name != "deny" && head.name != "unknown" {
                continue;
            }
            denies |= head.name == "deny";
            if head.sort != Sort::Set {
                self.problems.push(
                    Diagnostic::error(format!("`{}` is not a set of findings", head.name))
                        .at(module.place(head.span))
                        .help(format!("write `{} contains … if {{ … }}`", head.name)),
                );
            }
        }
        if !denies {
            self.problems.push(
                Diagnostic::error("the rule never denies anything")
                    .at(module.place(&module.ast.package.span))
                    .help("write `deny contains … if { … }`"),
            );
        }
    }

    /// Recursion, and chains that are too long. Depth first over the graph, with its own stack: the
    /// graph is what has not been proven shallow yet.
    fn chains(&mut self, modules: &[Module]) {
        // None while a name is on the path that is being followed, then the length below it.
        let mut lengths: BTreeMap<&Name, Option<usize>> = BTreeMap::new();
        let mut found = BTreeSet::new();
        for start in self.edges.keys() {
            let mut stack = vec![(start, false)];
            while let Some((name, done)) = stack.pop() {
                let next = self.edges.get(name);
                if done {
                    let below = |next: &Name| lengths.get(next).copied().flatten().unwrap_or(0);
                    let length = 1 + next.into_iter().flatten().map(below).max().unwrap_or(0);
                    lengths.insert(name, Some(length));
                    if length == MAX_CHAIN + 1 {
                        found.insert((name, false));
                    }
                    continue;
                }
                match lengths.get(name) {
                    Some(Some(_)) => {}
                    Some(None) => {
                        found.insert((name, true));
                    }
                    None => {
                        lengths.insert(name, None);
                        stack.push((name, true));
                        stack.extend(next.into_iter().flatten().map(|next| (next, false)));
                    }
                }
            }
        }
        for (name, recursive) in found {
            let Some(definition) = self.names.get(name) else { continue };
            let Some(module) = modules.get(definition.module) else { continue };
            let shown = &name.1;
            let problem = if recursive {
                Diagnostic::error(format!("`{shown}` refers to itself"))
                    .help("iterate over a list, or use `walk`")
            } else {
                let message = format!(
                    "`{shown}` begins a chain of more than {MAX_CHAIN} rules and functions"
                );
                Diagnostic::error(message)
            };
            self.problems.push(problem.at(module.place(&definition.span)));
        }
    }
}
