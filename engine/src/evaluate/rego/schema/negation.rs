//! `not` on facts: what the lint of the default bundle is about.

use regorus::unstable::Expr;

use super::super::syntax::{Reference, Step};
use super::check::Walker;
use super::types::Type;
use crate::diagnostic::Diagnostic;

impl Walker<'_, '_> {
    /// `not` on a fact, or on a comparison with one that may be unknown.
    pub(super) fn negation(&mut self, expr: &Expr) {
        let faulty = match expr {
            Expr::RefDot { .. } | Expr::RefBrack { .. } => {
                self.fact_field(expr).then_some("compare it: `… == false`, `… == null`")
            }
            Expr::BoolExpr { lhs, rhs, .. } | Expr::AssignExpr { lhs, rhs, .. } => {
                let open = self.may_be_unknown(lhs) || self.may_be_unknown(rhs);
                open.then_some("turn the comparison round: `!=` instead of `not … ==`")
            }
            _ => None,
        };
        let place = self.module.place(expr.span());
        if let (Some(help), Some(findings)) = (faulty, self.findings.as_deref_mut()) {
            findings.negations.push(
                Diagnostic::error("`not` is also true of what is unknown").at(place).help(help),
            );
        }
    }

    /// Whether an expression is a field of the facts.
    fn fact_field(&mut self, expr: &Expr) -> bool {
        self.last_field(expr).is_some()
    }

    fn may_be_unknown(&mut self, expr: &Expr) -> bool {
        matches!(expr, Expr::RefDot { .. } | Expr::RefBrack { .. })
            && self.last_field(expr) == Some(false)
    }

    /// For a field of a fact, whether it is always there, as are the ones on the way to it.
    fn last_field(&mut self, expr: &Expr) -> Option<bool> {
        let findings = self.findings.take();
        let reference = Reference::of(expr);
        let (mut ty, skip) = self.root(&reference);
        let mut known = None;
        for step in reference.steps.iter().skip(skip) {
            let Step::Field(name, _) = step else {
                ty = self.context.item(&ty);
                continue;
            };
            let of_fact = matches!(ty, Type::Fact(_));
            let Ok(field) = self.context.field(&ty, name) else { break };
            let given = matches!(field.ty, Type::Params | Type::Data);
            if of_fact && !given {
                known = Some(known.unwrap_or(true) && field.required);
            }
            ty = field.ty;
        }
        self.findings = findings;
        known
    }
}
