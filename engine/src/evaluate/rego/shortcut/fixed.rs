//! Which definitions depend on parameters and tables only: they are evaluated once.

use super::program::{Alternative, Branch, Definition, Expr, Statement};

pub(super) fn find(definitions: &mut [Definition]) {
    // Definitions do not refer to themselves, so that each round settles at least one level.
    loop {
        let fixed: Vec<bool> = definitions.iter().map(|definition| definition.fixed).collect();
        let mut changed = false;
        for definition in definitions.iter_mut().filter(|definition| !definition.fixed) {
            definition.fixed = definition.alternatives.iter().all(|it| it.is_fixed(&fixed));
            changed |= definition.fixed;
        }
        if !changed {
            return;
        }
    }
}

impl Alternative {
    fn is_fixed(&self, fixed: &[bool]) -> bool {
        let is_fixed =
            |branch: &Branch| all(&branch.statements, fixed) && expr(&branch.value, fixed);
        self.branches.iter().all(is_fixed)
    }
}

fn all(statements: &[Statement], fixed: &[bool]) -> bool {
    statements.iter().all(|statement| match statement {
        Statement::Each { of, .. } => expr(of, fixed),
        Statement::Bind { value, .. } | Statement::Match { value, .. } => expr(value, fixed),
        Statement::Holds(condition) => expr(condition, fixed),
        Statement::Fails(inner) => all(inner, fixed),
        Statement::Every { of, body, .. } => expr(of, fixed) && all(body, fixed),
        Statement::Unclear => false,
    })
}

fn expr(expression: &Expr, fixed: &[bool]) -> bool {
    let each = |exprs: &[Expr]| exprs.iter().all(|it| expr(it, fixed));
    match expression {
        Expr::Constant(_) | Expr::Slot(_) | Expr::Params | Expr::Tables => true,
        Expr::Input | Expr::Unclear => false,
        Expr::Field(of, _) => expr(of, fixed),
        Expr::Index(a, b)
        | Expr::Compare(_, a, b)
        | Expr::Member(a, b)
        | Expr::Arithmetic(_, a, b) => expr(a, fixed) && expr(b, fixed),
        Expr::Definition(position) => is(*position, fixed),
        Expr::Call(position, args) => is(*position, fixed) && each(args),
        Expr::Builtin(_, args) | Expr::Array(args) | Expr::Set(args) => each(args),
        Expr::Object(fields) => fields.iter().all(|(key, of)| expr(key, fixed) && expr(of, fixed)),
        Expr::Listed(term, query) | Expr::Collected(term, query) => {
            expr(term, fixed) && all(query, fixed)
        }
        Expr::Mapped(key, term, query) => {
            expr(key, fixed) && expr(term, fixed) && all(query, fixed)
        }
    }
}

fn is(position: u32, fixed: &[bool]) -> bool {
    fixed.get(position as usize).copied().unwrap_or(false)
}
