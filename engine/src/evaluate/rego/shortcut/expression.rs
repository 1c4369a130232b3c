//! Expressions, as the bodies of rules have them.

use regorus::Value;
use regorus::unstable::{ArithOp, BinOp, BoolOp, Expr as Ast, Query, Ref};

use super::super::names::Name;
use super::super::syntax::{Reference, Step};
use super::builtins::Builtin;
use super::compile::Scope;
use super::literal::constant;
use super::program::{Comparison, Constant, Expr, Operation, Statement};
use super::scope::Meaning;

impl Scope<'_, '_> {
    pub(super) fn exprs(&mut self, exprs: &[Ref<Ast>], out: &mut Vec<Statement>) -> Vec<Expr> {
        exprs.iter().map(|expr| self.expr(expr, out)).collect()
    }

    /// An expression. What it iterates over without `some` becomes a statement before it.
    pub(super) fn expr(&mut self, expr: &Ast, out: &mut Vec<Statement>) -> Expr {
        if let Some(constant) = constant(expr) {
            return Expr::Constant(constant);
        }
        match expr {
            Ast::Var { .. } | Ast::RefDot { .. } | Ast::RefBrack { .. } => {
                self.reference(expr, out)
            }
            Ast::Array { items, .. } => Expr::Array(self.exprs(items, out)),
            Ast::Set { items, .. } => Expr::Set(self.exprs(items, out)),
            Ast::Object { fields, .. } => Expr::Object(
                (fields.iter())
                    .map(|(_, key, value)| (self.expr(key, out), self.expr(value, out)))
                    .collect(),
            ),
            Ast::ArrayCompr { term, query, .. } => {
                let (term, query) = self.comprehension(term, query);
                Expr::Listed(term, query)
            }
            Ast::SetCompr { term, query, .. } => {
                let (term, query) = self.comprehension(term, query);
                Expr::Collected(term, query)
            }
            Ast::ObjectCompr { key, value, query, .. } => self.inner(|scope| {
                let mut statements = scope.query(query);
                let key = scope.expr(key, &mut statements);
                let value = scope.expr(value, &mut statements);
                Expr::Mapped(Box::new(key), Box::new(value), statements)
            }),
            Ast::Call { fcn, params, .. } => self.call(fcn, params, out),
            Ast::BoolExpr { op, lhs, rhs, .. } => {
                let op = match op {
                    BoolOp::Lt => Comparison::Less,
                    BoolOp::Le => Comparison::LessOrEqual,
                    BoolOp::Eq => Comparison::Equal,
                    BoolOp::Ge => Comparison::GreaterOrEqual,
                    BoolOp::Gt => Comparison::Greater,
                    BoolOp::Ne => Comparison::NotEqual,
                };
                let (lhs, rhs) = self.both(lhs, rhs, out);
                Expr::Compare(op, lhs, rhs)
            }
            Ast::Membership { key: None, value, collection, .. } => {
                let (value, collection) = self.both(value, collection, out);
                Expr::Member(value, collection)
            }
            Ast::ArithExpr { op, lhs, rhs, .. } => {
                let op = match op {
                    ArithOp::Add => Operation::Add,
                    ArithOp::Sub => Operation::Subtract,
                    ArithOp::Mul => Operation::Multiply,
                    ArithOp::Div | ArithOp::Mod => return Expr::Unclear,
                };
                let (lhs, rhs) = self.both(lhs, rhs, out);
                Expr::Arithmetic(op, lhs, rhs)
            }
            Ast::BinExpr { op, lhs, rhs, .. } => {
                let op = match op {
                    BinOp::Intersection => Operation::And,
                    BinOp::Union => Operation::Or,
                };
                let (lhs, rhs) = self.both(lhs, rhs, out);
                Expr::Arithmetic(op, lhs, rhs)
            }
            _ => Expr::Unclear,
        }
    }

    fn both(&mut self, lhs: &Ast, rhs: &Ast, out: &mut Vec<Statement>) -> (Box<Expr>, Box<Expr>) {
        (Box::new(self.expr(lhs, out)), Box::new(self.expr(rhs, out)))
    }

    fn comprehension(&mut self, term: &Ast, query: &Query) -> (Box<Expr>, Vec<Statement>) {
        self.inner(|scope| {
            let mut statements = scope.query(query);
            let term = scope.expr(term, &mut statements);
            (Box::new(term), statements)
        })
    }

    fn call(&mut self, fcn: &Ast, params: &[Ref<Ast>], out: &mut Vec<Statement>) -> Expr {
        let reference = Reference::of(fcn);
        let args = self.exprs(params, out);
        if let Some(name) = self.resolve(&reference)
            && let (name, 0) = name
        {
            // With one more argument a function binds it to its value.
            let arity = self.compiler.names.get(&name).map_or(0, |definition| definition.arity);
            if arity != args.len() {
                return Expr::Unclear;
            }
            return Expr::Call(self.compiler.definition(&name), args);
        }
        match reference.dotted().and_then(|name| Builtin::named(&name)) {
            Some(builtin) => Expr::Builtin(builtin, args),
            None => Expr::Unclear,
        }
    }

    /// The definition that a reference begins with, and how many of its steps lie behind it.
    fn resolve(&self, reference: &Reference<'_>) -> Option<(Name, usize)> {
        let root = reference.root_name()?;
        if root == "input" || !matches!(self.meaning(root), Meaning::Global) {
            return None;
        }
        let is_rule = |name: &str| self.compiler.names.has(&self.module.package, name);
        let (path, fixed) = self.module.resolve(reference, is_rule)?;
        if path.first().map(String::as_str) != Some("data") {
            return None;
        }
        let package = self.compiler.names.package_of(path.get(1..)?)?.to_vec();
        let name = path.get(1 + package.len())?.clone();
        let behind = path.len() - 2 - package.len();
        let steps = reference.steps.len();
        let name = (package, name);
        self.compiler.names.get(&name)?;
        Some((name, behind + (steps - fixed)))
    }

    fn reference(&mut self, expr: &Ast, out: &mut Vec<Statement>) -> Expr {
        let reference = Reference::of(expr);
        let steps = reference.steps.len();
        let (mut at, from) = if let Some((name, behind)) = self.resolve(&reference) {
            (Expr::Definition(self.compiler.definition(&name)), steps - behind)
        } else {
            match reference.root_name() {
                Some("input") => match reference.steps.first() {
                    Some(Step::Field(name, _)) if name == "params" => (Expr::Params, 1),
                    Some(Step::Field(name, _)) if name == "data" => (Expr::Tables, 1),
                    _ => (Expr::Input, 0),
                },
                Some(name) => match self.meaning(name) {
                    Meaning::Slot(slot) => (Expr::Slot(slot), 0),
                    Meaning::Open | Meaning::Early | Meaning::Global => return Expr::Unclear,
                },
                None => (self.expr(reference.root, out), 0),
            }
        };
        for step in reference.steps.into_iter().skip(from) {
            at = match step {
                Step::Field(name, _) => {
                    let name = Constant(Value::from(name.as_str()));
                    Expr::Field(Box::new(at), self.compiler.key(name))
                }
                Step::Index(index) => self.index(at, index, out),
            };
        }
        at
    }

    fn index(&mut self, of: Expr, index: &Ast, out: &mut Vec<Statement>) -> Expr {
        if let Ast::Var { span, .. } = index {
            let name = span.text();
            let key = match name {
                "_" => None,
                name => match self.meaning(name) {
                    Meaning::Open => Some(self.bind(name)),
                    Meaning::Early => return Expr::Unclear,
                    Meaning::Slot(slot) => {
                        return Expr::Index(Box::new(of), Box::new(Expr::Slot(slot)));
                    }
                    Meaning::Global => {
                        let key = self.reference(index, out);
                        return Expr::Index(Box::new(of), Box::new(key));
                    }
                },
            };
            let value = self.variables.slot();
            out.push(Statement::Each { key, value: Some(value), of });
            return Expr::Slot(value);
        }
        let index = self.expr(index, out);
        match index {
            Expr::Constant(constant) => Expr::Field(Box::new(of), self.compiler.key(constant)),
            index => Expr::Index(Box::new(of), Box::new(index)),
        }
    }
}
