//! What names mean where they stand in a body.

use std::collections::{BTreeSet, HashMap};

use regorus::unstable::{AssignOp, Expr as Ast, Literal, Query};

use super::super::syntax::operands;

/// The variables of one body, or of one function.
pub(super) struct Variables {
    /// The body, and the comprehensions and negations around what is being compiled.
    levels: Vec<Level>,
    /// How many of the levels are not within a comprehension or a negation.
    base: usize,
    /// How many there are.
    pub(super) slots: u16,
}

/// The variables of one query.
#[derive(Default)]
struct Level {
    bound: HashMap<String, u16>,
    /// Declared in it and not bound yet; whether by `some` alone, so that any use may bind it.
    declared: HashMap<String, bool>,
}

/// What a name means where it stands.
pub(super) enum Meaning {
    Slot(u16),
    /// A variable that this use binds.
    Open,
    /// A variable that another statement binds. Rego puts statements into an order in which that
    /// comes first; here they stay as written, and it is unclear.
    Early,
    /// No variable: a rule, an import, `input`, `data`.
    Global,
}

impl Variables {
    pub(super) fn new() -> Self {
        Variables { levels: vec![Level::default()], base: 1, slots: 0 }
    }

    /// Enters a comprehension or a negation.
    pub(super) fn enter(&mut self) {
        self.levels.push(Level::default());
    }

    /// Enters one of the bodies of a function, below its parameters.
    pub(super) fn enter_body(&mut self) {
        self.enter();
        self.base = self.levels.len();
    }

    pub(super) fn leave(&mut self) {
        self.levels.pop();
    }

    pub(super) fn slot(&mut self) -> u16 {
        self.slots = self.slots.saturating_add(1);
        self.slots - 1
    }

    pub(super) fn bind(&mut self, name: &str) -> u16 {
        let slot = self.slot();
        if let Some(level) = self.levels.last_mut() {
            level.declared.remove(name);
            level.bound.insert(name.to_owned(), slot);
        }
        slot
    }

    /// Whether the innermost query has bound a name already.
    pub(super) fn is_innermost(&self, name: &str) -> bool {
        self.levels.last().is_some_and(|level| level.bound.contains_key(name))
    }

    /// What a name means here; `is_global` says whether it is the name of something else.
    pub(super) fn meaning(&self, name: &str, is_global: bool) -> Meaning {
        for (depth, level) in self.levels.iter().rev().enumerate() {
            match (level.declared.get(name), level.bound.get(name)) {
                (Some(true), _) if depth == 0 => return Meaning::Open,
                (Some(_), _) => return Meaning::Early,
                (None, Some(&slot)) => return Meaning::Slot(slot),
                (None, None) => {}
            }
        }
        if is_global {
            Meaning::Global
        } else if self.levels.len() > self.base {
            // A statement around the comprehension or the negation may bind it, now or later.
            Meaning::Early
        } else {
            Meaning::Open
        }
    }

    /// Notes what the statements of a query declare, before any of them is looked at.
    pub(super) fn declare(&mut self, query: &Query) {
        let Some(level) = self.levels.last_mut() else { return };
        for statement in &query.stmts {
            let mut names = BTreeSet::new();
            match &statement.literal {
                Literal::SomeVars { vars, .. } => {
                    level.declared.extend(vars.iter().map(|var| (var.text().to_owned(), true)));
                }
                Literal::SomeIn { key, value, .. } => {
                    key.iter().chain([value]).for_each(|part| variables(part, &mut names));
                }
                Literal::Expr { expr, .. } => {
                    if let Ast::AssignExpr { op: AssignOp::ColEq, lhs, .. } = &**expr {
                        variables(lhs, &mut names);
                    }
                }
                Literal::NotExpr { .. } | Literal::Every { .. } => {}
            }
            level.declared.extend(names.into_iter().map(|name| (name, false)));
        }
    }
}

/// The variables of a pattern.
pub(super) fn variables(expr: &Ast, names: &mut BTreeSet<String>) {
    match expr {
        Ast::Var { span, .. } if span.text() != "_" => {
            names.insert(span.text().to_owned());
        }
        Ast::Array { .. } | Ast::Object { .. } | Ast::Set { .. } => {
            for part in operands(expr) {
                variables(part, names);
            }
        }
        _ => {}
    }
}
