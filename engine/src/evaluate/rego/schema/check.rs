//! The walk over a module with the types of its variables.

use std::collections::BTreeMap;

use regorus::unstable::{
    AssignOp, Expr, Literal, LiteralStmt, Query, Ref, Rule, RuleBody, RuleHead,
};
use serde_yaml::Value as Yaml;

use super::super::names::Name;
use super::super::syntax::{Head, Module, Reference, Sort, Step, head, operands};
use super::context::{Context, Missing};
use super::types::{ROOT, Type};
use crate::bundle;
use crate::diagnostic::Diagnostic;
use crate::nearest::nearest;
use crate::source::Place;

/// What the walk found.
#[derive(Default)]
pub(in super::super) struct Findings {
    /// Fields that are not there.
    pub(in super::super) errors: Vec<Diagnostic>,
    /// `not` on facts, which is true of the unknown.
    pub(in super::super) negations: Vec<Diagnostic>,
}

/// Checks a module, and notes what its rules and functions return. `raw` says whether it may read
/// `input.raw`.
pub(in super::super) fn check(module: &Module, raw: bool, context: &mut Context<'_>) -> Findings {
    let mut findings = Findings::default();
    let signatures = signatures(module, context, &mut findings.errors);
    // Rules may stand before what they refer to: the first round only learns what is returned.
    for last in [false, true] {
        let mut returns: BTreeMap<Name, Type> = BTreeMap::new();
        for rule in &module.ast.policy {
            let mut walker = Walker {
                module,
                raw,
                context,
                scopes: vec![BTreeMap::new()],
                findings: last.then_some(&mut findings),
                steps: 0,
            };
            let ty = walker.rule(rule, &signatures);
            let name = (module.package.clone(), head(rule).name.to_owned());
            match returns.remove(&name) {
                Some(before) => returns.insert(name, before.join(ty)),
                None => returns.insert(name, ty),
            };
        }
        context.returns.extend(returns);
    }
    findings
}

/// The declared types of the parameters of functions, by the line that the function begins on.
fn signatures(
    module: &Module,
    context: &Context<'_>,
    errors: &mut Vec<Diagnostic>,
) -> BTreeMap<u32, BTreeMap<String, Type>> {
    let mut signatures = BTreeMap::new();
    if !module.file.text().contains("types:") {
        return signatures;
    }
    for block in bundle::all_blocks(module.file.source()) {
        let Ok(value) = block.value() else { continue };
        let Some(types) = value.get("custom").and_then(|custom| custom.get("types")) else {
            continue;
        };
        let mut parameters = BTreeMap::new();
        for (name, ty) in types.as_mapping().into_iter().flatten() {
            let Some(name) = name.as_str() else { continue };
            match declared(ty, context) {
                Ok(ty) => {
                    parameters.insert(name.to_owned(), ty);
                }
                Err(missing) => {
                    let place = block.place(&format!("custom.types.{name}"));
                    errors.push(diagnostic(missing, place));
                }
            }
        }
        signatures.insert(block.subject_line, parameters);
    }
    signatures
}

fn declared(ty: &Yaml, context: &Context<'_>) -> Result<Type, Missing> {
    match ty {
        Yaml::String(name) => context.named(name).ok_or_else(|| {
            let help = nearest(name, context.schema.names());
            Missing {
                message: format!("the facts have no type `{name}`"),
                help: help.map(|near| format!("did you mean `{near}`")),
            }
        }),
        Yaml::Sequence(items) => match items.as_slice() {
            [item] => Ok(Type::list(declared(item, context)?)),
            _ => Err(Missing { message: "a list has one type of items".to_owned(), help: None }),
        },
        _ => Err(Missing {
            message: "a type is the name of one of the facts' types".to_owned(),
            help: Some("write `Command`, or `[Command]` for a list".to_owned()),
        }),
    }
}

fn diagnostic(missing: Missing, place: Place) -> Diagnostic {
    let mut diagnostic = Diagnostic::error(missing.message).at(place);
    diagnostic.help = missing.help;
    diagnostic
}

pub(super) struct Walker<'a, 'c> {
    pub(super) module: &'a Module,
    raw: bool,
    pub(super) context: &'a Context<'c>,
    scopes: Vec<BTreeMap<String, Type>>,
    /// Where to put findings; none in a round that only learns.
    pub(super) findings: Option<&'a mut Findings>,
    steps: u32,
}

/// Comprehensions inside of assignments are looked at several times at each level. What is left of a
/// rule after this many expressions is not looked at.
const MAX_STEPS: u32 = 100_000;

impl Walker<'_, '_> {
    fn rule(&mut self, rule: &Rule, signatures: &BTreeMap<u32, BTreeMap<String, Type>>) -> Type {
        let Head { args, sort, .. } = head(rule);
        let signature = signatures.get(&rule.span().line);
        for arg in args {
            if let Expr::Var { span, .. } = &**arg {
                let ty = signature.and_then(|types| types.get(span.text()));
                self.bind(span.text(), ty.cloned().unwrap_or(Type::Any));
            } else {
                self.pattern(arg);
            }
        }
        match rule {
            Rule::Default { value, .. } => self.value(value),
            Rule::Spec { head, bodies, .. } => {
                let ty = self.bodies(head, bodies);
                if sort == Sort::Set { Type::list(ty) } else { ty }
            }
        }
    }

    fn bodies(&mut self, head: &RuleHead, bodies: &[RuleBody]) -> Type {
        let value = match head {
            RuleHead::Set { key, .. } => key.as_ref(),
            RuleHead::Compr { assign, .. } | RuleHead::Func { assign, .. } => {
                assign.as_ref().map(|assign| &assign.value)
            }
        };
        let keyed = match head {
            RuleHead::Compr { refr, .. } => !Reference::of(refr).steps.is_empty(),
            _ => false,
        };
        let of_value = |walker: &mut Self, value: Option<&Ref<Expr>>| {
            value.map_or(Type::Scalar, |value| walker.value(value))
        };
        let mut ty = None;
        for (index, body) in bodies.iter().enumerate() {
            let value = if index == 0 { value } else { None };
            let value = body.assign.as_ref().map(|assign| &assign.value).or(value);
            let this = self.scoped(|walker| {
                walker.query(&body.query);
                of_value(walker, value)
            });
            ty = Some(match ty {
                Some(before) => Type::join(before, this),
                None => this,
            });
        }
        let ty = ty.unwrap_or_else(|| of_value(self, value));
        // A partial object: its keys are of its own making.
        if keyed { Type::Any } else { ty }
    }

    fn scoped<T>(&mut self, inside: impl FnOnce(&mut Self) -> T) -> T {
        self.scopes.push(BTreeMap::new());
        let result = inside(self);
        self.scopes.pop();
        result
    }

    fn bind(&mut self, name: &str, ty: Type) {
        if let Some(scope) = self.scopes.last_mut() {
            scope.insert(name.to_owned(), ty);
        }
    }

    /// Binds the names of a pattern to nothing in particular, so that they hide what is outside.
    fn pattern(&mut self, expr: &Expr) {
        match expr {
            Expr::Var { span, .. } => self.bind(span.text(), Type::Any),
            other => operands(other).into_iter().for_each(|part| self.pattern(part)),
        }
    }

    fn lookup(&self, name: &str) -> Option<&Type> {
        self.scopes.iter().rev().find_map(|scope| scope.get(name))
    }

    /// Statements may use what a later one binds: bindings first, twice for those that depend on
    /// each other, then the statements as a whole.
    fn query(&mut self, query: &Query) {
        let findings = self.findings.take();
        for _ in 0..2 {
            for statement in &query.stmts {
                self.bindings(statement);
            }
        }
        self.findings = findings;
        for statement in &query.stmts {
            self.statement(statement);
        }
    }

    fn bindings(&mut self, statement: &LiteralStmt) {
        match &statement.literal {
            Literal::SomeVars { vars, .. } => {
                for var in vars {
                    if self.scopes.last().is_some_and(|scope| !scope.contains_key(var.text())) {
                        self.bind(var.text(), Type::Any);
                    }
                }
            }
            Literal::SomeIn { key, value, collection, .. } => {
                let collection = self.value(collection);
                if let Some(key) = key {
                    match &**key {
                        Expr::Var { span, .. } => self.bind(span.text(), Type::Scalar),
                        other => self.pattern(other),
                    }
                }
                match &**value {
                    Expr::Var { span, .. } => {
                        let item = self.context.item(&collection);
                        self.bind(span.text(), item);
                    }
                    other => self.pattern(other),
                }
            }
            Literal::Expr { expr, .. } => {
                if let Expr::AssignExpr { op, lhs, rhs, .. } = &**expr {
                    self.assignment(op, lhs, rhs);
                }
            }
            Literal::NotExpr { .. } | Literal::Every { .. } => {}
        }
    }

    fn assignment(&mut self, op: &AssignOp, lhs: &Expr, rhs: &Expr) {
        match (op, lhs, rhs) {
            (_, Expr::Var { span, .. }, value) if self.may_bind(op, span.text()) => {
                let ty = self.value(value);
                self.bind(span.text(), ty);
            }
            (AssignOp::Eq, value, Expr::Var { span, .. }) if self.may_bind(op, span.text()) => {
                let ty = self.value(value);
                self.bind(span.text(), ty);
            }
            (AssignOp::ColEq, other, _) => self.pattern(other),
            _ => {}
        }
    }

    /// `:=` always makes a variable, `=` only where there is none and no rule of that name.
    fn may_bind(&self, op: &AssignOp, name: &str) -> bool {
        if *op == AssignOp::ColEq {
            return true;
        }
        let own = (self.module.package.clone(), name.to_owned());
        let known_here = self.scopes.last().is_some_and(|scope| scope.contains_key(name));
        known_here
            || (self.lookup(name).is_none()
                && name != "input"
                && name != "data"
                && !self.module.imports.contains_key(name)
                && !self.context.returns.contains_key(&own))
    }

    fn statement(&mut self, statement: &LiteralStmt) {
        match &statement.literal {
            Literal::SomeVars { .. } => {}
            Literal::SomeIn { collection, .. } => {
                self.value(collection);
            }
            Literal::Expr { expr, .. } => {
                self.value(expr);
            }
            Literal::NotExpr { expr, .. } => {
                self.value(expr);
                self.negation(expr);
            }
            Literal::Every { key, value, domain, query, .. } => {
                let domain = self.value(domain);
                let item = self.context.item(&domain);
                self.scoped(|walker| {
                    if let Some(key) = key {
                        walker.bind(key.text(), Type::Scalar);
                    }
                    walker.bind(value.text(), item);
                    walker.query(query);
                });
            }
        }
    }

    /// The type of an expression; what is wrong in it is said on the way.
    fn value(&mut self, expr: &Expr) -> Type {
        self.steps += 1;
        if self.steps > MAX_STEPS {
            return Type::Any;
        }
        match expr {
            Expr::String { .. }
            | Expr::RawString { .. }
            | Expr::Number { .. }
            | Expr::Bool { .. }
            | Expr::BoolExpr { .. }
            | Expr::UnaryExpr { .. }
            | Expr::Membership { .. } => {
                self.each(operands(expr));
                Type::Scalar
            }
            Expr::Null { .. } => Type::Any,
            Expr::Var { .. } | Expr::RefDot { .. } | Expr::RefBrack { .. } => {
                self.reference(&Reference::of(expr))
            }
            Expr::Array { items, .. } | Expr::Set { items, .. } => {
                let mut types = items.iter().map(|item| self.value(item));
                let first = types.next().unwrap_or(Type::Any);
                let joined = types.fold(first, Type::join);
                Type::list(joined)
            }
            Expr::ArrayCompr { term, query, .. } | Expr::SetCompr { term, query, .. } => {
                Type::list(self.scoped(|walker| {
                    walker.query(query);
                    walker.value(term)
                }))
            }
            Expr::ObjectCompr { key, value, query, .. } => {
                Type::Map(Box::new(self.scoped(|walker| {
                    walker.query(query);
                    walker.value(key);
                    walker.value(value)
                })))
            }
            Expr::Call { fcn, params, .. } => self.call(&Reference::of(fcn), params),
            Expr::BinExpr { lhs, rhs, .. } => {
                let left = self.value(lhs);
                left.join(self.value(rhs))
            }
            // `-` is also the difference of sets, and an object is what its author makes of it.
            other => {
                self.each(operands(other));
                Type::Any
            }
        }
    }

    fn each(&mut self, exprs: Vec<&Ref<Expr>>) {
        for expr in exprs {
            self.value(expr);
        }
    }

    fn reference(&mut self, reference: &Reference<'_>) -> Type {
        let (mut ty, skip) = self.root(reference);
        for step in reference.steps.iter().skip(skip) {
            ty = match step {
                Step::Index(index) => {
                    self.value(index);
                    self.context.item(&ty)
                }
                Step::Field(name, span) => {
                    if *name == "raw" && ty == Type::Fact(ROOT.into()) && !self.raw {
                        let place = self.module.place(span);
                        self.error(
                            Diagnostic::error("only rules that say so may read `input.raw`")
                                .at(place)
                                .help("write `raw: true` under `custom` in METADATA"),
                        );
                        return Type::Any;
                    }
                    match self.context.field(&ty, name) {
                        Ok(field) => field.ty,
                        Err(missing) => {
                            let place = self.module.place(span);
                            self.error(diagnostic(missing, place));
                            return Type::Any;
                        }
                    }
                }
            };
        }
        ty
    }

    /// The type of a reference's root, and how many of its steps belong to it.
    pub(super) fn root(&mut self, reference: &Reference<'_>) -> (Type, usize) {
        let Some(name) = reference.root_name() else {
            return (self.value(reference.root), 0);
        };
        if let Some(ty) = self.lookup(name) {
            return (ty.clone(), 0);
        }
        if name == "input" {
            return (Type::Fact(ROOT.into()), 0);
        }
        let own = (self.module.package.clone(), name.to_owned());
        if let Some(ty) = self.context.returns.get(&own) {
            return (ty.clone(), 0);
        }
        let Some((path, fixed)) = self.module.resolve(reference, |_| false) else {
            return (Type::Any, 0);
        };
        if path.first().is_some_and(|root| root == "input") {
            // An import of something in the input: its own steps come before the reference's.
            let mut ty = Type::Fact(ROOT.into());
            for name in path.get(1..path.len() - fixed).unwrap_or_default() {
                ty = self.context.field(&ty, name).map_or(Type::Any, |field| field.ty);
            }
            return (ty, 0);
        }
        self.returned(&path, fixed)
    }

    /// What a rule of another module returns.
    fn returned(&self, path: &[String], fixed: usize) -> (Type, usize) {
        for end in (2..path.len()).rev() {
            let (Some(package), Some(name)) = (path.get(1..end), path.get(end)) else { continue };
            if let Some(ty) = self.context.returns.get(&(package.to_vec(), name.clone())) {
                let behind = path.len() - end - 1;
                return (ty.clone(), fixed.saturating_sub(behind));
            }
        }
        (Type::Any, fixed)
    }

    fn call(&mut self, name: &Reference<'_>, args: &[Ref<Expr>]) -> Type {
        let types: Vec<Type> = args.iter().map(|arg| self.value(arg)).collect();
        let dotted = name.dotted().unwrap_or_default();
        let first = types.first().cloned().unwrap_or(Type::Any);
        match dotted.as_str() {
            "array.concat" => {
                return types.into_iter().reduce(Type::join).unwrap_or(Type::Any);
            }
            "array.slice" | "array.reverse" | "sort" => return first,
            "object.get" => {
                self.named_field(&first, args.get(1));
                return Type::Any;
            }
            _ => {}
        }
        let is_rule = |name: &str| {
            let own = (self.module.package.clone(), name.to_owned());
            self.context.returns.contains_key(&own)
        };
        let Some((path, fixed)) = self.module.resolve(name, is_rule) else { return Type::Any };
        if path.get(1).is_some_and(|root| root == "plimsoll") {
            match path.last().map(String::as_str) {
                Some("at_field" | "at_item") => self.named_field(&first, args.get(1)),
                Some("related_field") => {
                    let fact = types.get(1).cloned().unwrap_or(Type::Any);
                    self.named_field(&fact, args.get(2));
                }
                _ => {}
            }
        }
        self.returned(&path, fixed).0
    }

    /// A field that is given as a literal string.
    fn named_field(&mut self, ty: &Type, name: Option<&Ref<Expr>>) {
        let Some(Expr::String { value, span, .. }) = name.map(|name| &**name) else { return };
        let Ok(name) = value.as_string() else { return };
        if let Err(missing) = self.context.field(ty, name) {
            let place = self.module.place(span);
            self.error(diagnostic(missing, place));
        }
    }

    fn error(&mut self, problem: Diagnostic) {
        if let Some(findings) = self.findings.as_deref_mut() {
            findings.errors.push(problem);
        }
    }
}
