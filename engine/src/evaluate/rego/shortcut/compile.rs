//! From Rego's syntax tree to a shortcut.
//!
//! What is not understood becomes unclear where it stands, and so do the variables that it binds.

use std::collections::{BTreeMap, BTreeSet};

use regorus::Value;
use regorus::unstable::{AssignOp, Expr as Ast, Literal, Query, Ref, Rule, RuleHead};

use super::super::names::{Name, Names};
use super::super::syntax::{Module, Reference, Sort, head};
use super::literal::constant;
use super::program::{
    Alternative, Body, Branch, Constant, Definition, Expr, Key, Parameter, Pattern, Program,
    Statement,
};
use super::scope::{Meaning, Variables, variables};
use super::{Shortcuts, fixed};

/// The shortcuts of rules, by their positions in `modules`; without a position there is none.
pub(in super::super) fn compile(
    modules: &[Module],
    names: &Names,
    rules: impl Iterator<Item = Option<usize>>,
) -> Shortcuts {
    let mut compiler = Compiler::new(modules, names);
    let programs = rules.map(|rule| compiler.program(rule)).collect();
    fixed::find(&mut compiler.definitions);
    Shortcuts::new(programs, compiler.definitions)
}

/// A body and the value it gives, where they are written.
type Written<'a> = (Option<&'a Query>, Option<&'a Ref<Ast>>);

/// What the compilation of a bundle has come across.
pub(super) struct Compiler<'a> {
    modules: &'a [Module],
    pub(super) names: &'a Names,
    positions: BTreeMap<Name, u32>,
    keys: BTreeMap<Value, u32>,
    definitions: Vec<Definition>,
}

impl<'a> Compiler<'a> {
    fn new(modules: &'a [Module], names: &'a Names) -> Self {
        Compiler {
            modules,
            names,
            positions: BTreeMap::new(),
            keys: BTreeMap::new(),
            definitions: Vec::new(),
        }
    }

    pub(super) fn key(&mut self, constant: Constant) -> Key {
        let next = u32::try_from(self.keys.len()).unwrap_or(u32::MAX);
        let number = *self.keys.entry(constant.0.clone()).or_insert(next);
        Key { constant, number }
    }

    fn program(&mut self, rule: Option<usize>) -> Program {
        let modules = self.modules;
        let module = rule.and_then(|rule| modules.get(rule));
        let Some(module) = module else { return Program::unclear() };
        Program { deny: self.set(module, "deny"), unknown: self.set(module, "unknown") }
    }

    /// The bodies of one of the sets that a rule consists of.
    fn set(&mut self, module: &'a Module, name: &str) -> Vec<Body> {
        let mut bodies = Vec::new();
        for rule in module.ast.policy.iter().filter(|rule| head(rule).name == name) {
            self.bodies(module, rule, &mut bodies);
        }
        bodies
    }

    fn bodies(&mut self, module: &'a Module, rule: &Rule, bodies: &mut Vec<Body>) {
        let Rule::Spec { bodies: all, head: RuleHead::Set { key: Some(key), .. }, .. } = rule
        else {
            bodies.push(Body { slots: 0, branch: Branch::unclear() });
            return;
        };
        let queries: Vec<Option<&Query>> = if all.is_empty() {
            vec![None]
        } else {
            all.iter().map(|it| Some(&*it.query)).collect()
        };
        for query in queries {
            let mut scope = Scope::new(self, module);
            let branch = scope.branch(query, Some(key));
            bodies.push(Body { slots: scope.variables.slots, branch });
        }
    }

    /// The position of a definition, which is compiled when it is first come across.
    pub(super) fn definition(&mut self, name: &Name) -> u32 {
        if let Some(&position) = self.positions.get(name) {
            return position;
        }
        let position = u32::try_from(self.definitions.len()).unwrap_or(u32::MAX);
        self.definitions.push(Definition::default());
        self.positions.insert(name.clone(), position);
        let mut definition = Definition { affirms: true, ..Definition::default() };
        let modules = self.modules;
        for module in modules.iter().filter(|module| module.package == name.0) {
            for rule in &module.ast.policy {
                if head(rule).name == name.1 {
                    self.alternatives(module, rule, &mut definition);
                }
            }
        }
        if let Some(place) = self.definitions.get_mut(position as usize) {
            *place = definition;
        }
        position
    }

    fn alternatives(&mut self, module: &'a Module, rule: &Rule, definition: &mut Definition) {
        let Rule::Spec { head: rule_head, bodies, .. } = rule else {
            // `default`: holds when nothing else does, which no alternative can say.
            definition.affirms = false;
            definition.alternatives.push(Alternative::unclear());
            return;
        };
        let (first, keyed) = match rule_head {
            RuleHead::Set { key, .. } => (key.as_ref(), false),
            RuleHead::Compr { refr, assign, .. } => {
                (assign.as_ref().map(|assign| &assign.value), !Reference::of(refr).steps.is_empty())
            }
            RuleHead::Func { assign, .. } => (assign.as_ref().map(|assign| &assign.value), false),
        };
        definition.collects |= head(rule).sort == Sort::Set;
        if keyed {
            definition.affirms = false;
            definition.alternatives.push(Alternative::unclear());
            return;
        }
        let mut groups: Vec<Vec<Written<'_>>> = Vec::new();
        if bodies.is_empty() {
            groups.push(vec![(None, first)]);
        }
        for (index, body) in bodies.iter().enumerate() {
            let value = body.assign.as_ref().map(|assign| &assign.value);
            let value = if index == 0 { value.or(first) } else { value };
            let branch = (Some(&*body.query), value);
            match groups.last_mut() {
                Some(group) if body.is_else => group.push(branch),
                _ => groups.push(vec![branch]),
            }
        }
        for group in groups {
            let alternative = self.alternative(module, rule, &group);
            definition.affirms &= alternative.affirms();
            definition.alternatives.push(alternative);
        }
    }

    fn alternative(
        &mut self,
        module: &'a Module,
        rule: &Rule,
        group: &[Written<'_>],
    ) -> Alternative {
        let mut scope = Scope::new(self, module);
        let mut parameters = Vec::new();
        for arg in head(rule).args {
            parameters.push(match &**arg {
                Ast::Var { span, .. } if span.text() == "_" => Parameter::Any,
                // The same name twice asks for equal arguments.
                Ast::Var { span, .. } if matches!(scope.meaning(span.text()), Meaning::Slot(_)) => {
                    return Alternative::unclear();
                }
                Ast::Var { span, .. } => Parameter::Slot(scope.bind(span.text())),
                other => match constant(other) {
                    Some(constant) => Parameter::Literal(constant),
                    None => return Alternative::unclear(),
                },
            });
        }
        let mut branches = Vec::new();
        for (query, value) in group {
            scope.variables.enter_body();
            branches.push(scope.branch(*query, *value));
            scope.variables.leave();
        }
        Alternative { slots: scope.variables.slots, parameters, branches }
    }
}

impl Alternative {
    fn unclear() -> Self {
        Alternative { branches: vec![Branch::unclear()], ..Alternative::default() }
    }

    fn affirms(&self) -> bool {
        let affirms =
            |branch: &Branch| matches!(&branch.value, Expr::Constant(Constant(Value::Bool(true))));
        self.branches.iter().all(affirms)
    }
}

impl Program {
    fn unclear() -> Self {
        let body = Body { slots: 0, branch: Branch::unclear() };
        Program { deny: vec![body], unknown: Vec::new() }
    }
}

impl Branch {
    fn unclear() -> Self {
        Branch { statements: vec![Statement::Unclear], value: Expr::Unclear }
    }
}

/// What is compiled of one body, or of one function.
pub(super) struct Scope<'c, 'a> {
    pub(super) compiler: &'c mut Compiler<'a>,
    pub(super) module: &'a Module,
    pub(super) variables: Variables,
}

impl<'c, 'a> Scope<'c, 'a> {
    fn new(compiler: &'c mut Compiler<'a>, module: &'a Module) -> Self {
        Scope { compiler, module, variables: Variables::new() }
    }

    pub(super) fn bind(&mut self, name: &str) -> u16 {
        self.variables.bind(name)
    }

    pub(super) fn meaning(&self, name: &str) -> Meaning {
        let is_global = name == "input"
            || name == "data"
            || self.module.imports.contains_key(name)
            || self.compiler.names.has(&self.module.package, name);
        self.variables.meaning(name, is_global)
    }

    /// A body, and the value it gives: `true` where none is written.
    fn branch(&mut self, query: Option<&Query>, value: Option<&Ref<Ast>>) -> Branch {
        let mut statements = query.map(|query| self.query(query)).unwrap_or_default();
        let value = match value {
            Some(value) => self.expr(value, &mut statements),
            None => Expr::Constant(Constant(Value::Bool(true))),
        };
        Branch { statements, value }
    }

    pub(super) fn query(&mut self, query: &Query) -> Vec<Statement> {
        self.variables.declare(query);
        let mut statements = Vec::new();
        for statement in &query.stmts {
            if statement.with_mods.is_empty() {
                self.statement(&statement.literal, &mut statements);
            } else {
                self.give_up(&statement.literal, &mut statements);
            }
        }
        statements
    }

    /// A query with variables of its own.
    pub(super) fn inner<T>(&mut self, inside: impl FnOnce(&mut Self) -> T) -> T {
        self.variables.enter();
        let result = inside(self);
        self.variables.leave();
        result
    }

    fn statement(&mut self, literal: &Literal, out: &mut Vec<Statement>) {
        match literal {
            Literal::SomeVars { .. } => {}
            Literal::SomeIn { key, value, collection, .. } => {
                let of = self.expr(collection, out);
                let parts = (key.as_ref().map(|key| self.pattern(key)), self.pattern(value));
                let (key, value) = match parts {
                    (None | Some(Some(Pattern::Any)), Some(value)) => (None, value),
                    (Some(Some(Pattern::Slot(key))), Some(value)) => (Some(key), value),
                    _ => {
                        self.give_up(literal, out);
                        return;
                    }
                };
                match value {
                    Pattern::Any => out.push(Statement::Each { key, value: None, of }),
                    Pattern::Slot(value) => {
                        out.push(Statement::Each { key, value: Some(value), of });
                    }
                    pattern => {
                        let slot = self.variables.slot();
                        out.push(Statement::Each { key, value: Some(slot), of });
                        out.push(Statement::Match { pattern, value: Expr::Slot(slot) });
                    }
                }
            }
            Literal::Expr { expr, .. } => self.condition(literal, expr, out),
            Literal::NotExpr { expr, .. } => {
                let inner = self.inner(|scope| {
                    let mut inner = Vec::new();
                    let expr = scope.expr(expr, &mut inner);
                    inner.push(Statement::Holds(expr));
                    inner
                });
                out.push(Statement::Fails(inner));
            }
            Literal::Every { key, value, domain, query, .. } => {
                let of = self.expr(domain, out);
                let (key, value, body) = self.inner(|scope| {
                    let key = key.as_ref().map(|key| scope.bind(key.text()));
                    let value = scope.bind(value.text());
                    (key, value, scope.query(query))
                });
                out.push(Statement::Every { key, value, of, body });
            }
        }
    }

    /// What takes a value apart, and binds its variables; None when it is more than variables,
    /// constants and lists of them.
    fn pattern(&mut self, expr: &Ast) -> Option<Pattern> {
        if let Some(constant) = constant(expr) {
            return Some(Pattern::Literal(constant));
        }
        Some(match expr {
            Ast::Var { span, .. } if span.text() == "_" => Pattern::Any,
            Ast::Var { span, .. } => match self.meaning(span.text()) {
                // The same name twice asks for equal parts.
                Meaning::Slot(_) if self.variables.is_innermost(span.text()) => return None,
                _ => Pattern::Slot(self.bind(span.text())),
            },
            Ast::Array { items, .. } => {
                Pattern::Array(items.iter().map(|item| self.pattern(item)).collect::<Option<_>>()?)
            }
            _ => return None,
        })
    }

    fn condition(&mut self, literal: &Literal, expr: &Ast, out: &mut Vec<Statement>) {
        let Ast::AssignExpr { op, lhs, rhs, .. } = expr else {
            let expr = self.expr(expr, out);
            out.push(Statement::Holds(expr));
            return;
        };
        match (&**lhs, op) {
            (Ast::Var { span, .. }, AssignOp::ColEq) => {
                let value = self.expr(rhs, out);
                let slot = self.bind(span.text());
                out.push(Statement::Bind { slot, value });
            }
            (Ast::Array { .. }, AssignOp::ColEq) => {
                let value = self.expr(rhs, out);
                match self.pattern(lhs) {
                    Some(pattern) => out.push(Statement::Match { pattern, value }),
                    None => self.give_up(literal, out),
                }
            }
            (Ast::Var { span, .. }, AssignOp::Eq)
                if matches!(self.meaning(span.text()), Meaning::Open) =>
            {
                let value = self.expr(rhs, out);
                let slot = self.bind(span.text());
                out.push(Statement::Bind { slot, value });
            }
            _ => self.give_up(literal, out),
        }
    }

    /// What is not understood: it may hold or not, and what it binds may be anything.
    fn give_up(&mut self, literal: &Literal, out: &mut Vec<Statement>) {
        let mut names = BTreeSet::new();
        let mut patterns: Vec<&Ast> = Vec::new();
        match literal {
            Literal::SomeIn { key, value, .. } => {
                patterns.extend(key.iter().map(|key| &**key));
                patterns.push(value);
            }
            Literal::Expr { expr, .. } => {
                if let Ast::AssignExpr { lhs, rhs, .. } = &**expr {
                    patterns.extend([&**lhs, &**rhs]);
                }
            }
            Literal::SomeVars { .. } | Literal::NotExpr { .. } | Literal::Every { .. } => {}
        }
        for pattern in patterns {
            variables(pattern, &mut names);
        }
        out.push(Statement::Unclear);
        let declared = matches!(literal, Literal::SomeIn { .. })
            || matches!(literal, Literal::Expr { expr, .. }
                if matches!(&**expr, Ast::AssignExpr { op: AssignOp::ColEq, .. }));
        for name in names {
            if declared || matches!(self.meaning(&name), Meaning::Open) {
                let slot = self.bind(&name);
                out.push(Statement::Bind { slot, value: Expr::Unclear });
            }
        }
    }
}
