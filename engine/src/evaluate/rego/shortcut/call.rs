//! Definitions and functions, and what they come to.

use std::collections::BTreeSet;

use regorus::Value;

use super::memo::{Call, LastingCall};
use super::part::Item;
use super::program::{Alternative, Branch, Constant, Definition, Expr, Parameter};
use super::run::{Frame, Taken};
use super::values::Term;

/// Calls within calls.
const DEPTH: u32 = 64;

impl<'d> Taken<'_, 'd> {
    pub(super) fn definition(&mut self, position: u32) -> Term<'d> {
        if let Some((term, steps)) = self.memo.value(position) {
            self.steps = self.steps.saturating_add(steps);
            return term;
        }
        if let Some((term, steps)) = self.memo.fixed(position) {
            self.steps = self.steps.saturating_add(steps);
            if let Term::Known(Item::Value(value)) = term {
                self.memory.note_fixed(value);
            }
            // From here on it is found at once.
            self.memo.remember(position, (term, steps), false);
            return term;
        }
        let Some(definition) = self.get(position) else { return Term::Unclear };
        let before = self.steps;
        let term = self.evaluated(definition, &[]);
        let steps = self.steps - before;
        self.memo.remember(position, (term, steps), definition.fixed);
        term
    }

    pub(super) fn call(&mut self, position: u32, args: &[Item<'d>]) -> Term<'d> {
        let call = Call::of(position, args);
        if let Some((term, steps)) = call.as_ref().and_then(|call| self.memo.call(call)) {
            self.steps = self.steps.saturating_add(steps);
            return term;
        }
        let before = self.steps;
        let term = self.called(position, args);
        if let Some(call) = call {
            self.memo.remember_call(call, (term, self.steps - before));
        }
        term
    }

    /// As [`Taken::call`], for arguments that this document has not had before.
    fn called(&mut self, position: u32, args: &[Item<'d>]) -> Term<'d> {
        let Some(definition) = self.get(position) else { return Term::Unclear };
        if !definition.fixed {
            return self.evaluated(definition, args);
        }
        let lasting = self.memo.given.lasting;
        let is_costly = self.memory.is_costly(position);
        let call =
            is_costly.then(|| LastingCall::of(position, args, lasting, self.memory)).flatten();
        if let Some((value, steps)) = call.as_ref().and_then(|call| self.memory.call(call)) {
            self.steps = self.steps.saturating_add(steps);
            return value.map_or(Term::Undefined, |value| self.memo.keep(value));
        }
        let before = self.steps;
        let term = self.evaluated(definition, args);
        let steps = self.steps - before;
        match call {
            Some(call) => self.memory.remember_call(call, (term, steps)),
            None => self.memory.note_cost(position, steps),
        }
        term
    }

    fn get(&self, position: u32) -> Option<&'d Definition> {
        let shortcuts = self.memo.shortcuts;
        shortcuts.definitions.get(position as usize)?.get()
    }

    fn evaluated(&mut self, definition: &'d Definition, args: &[Item<'d>]) -> Term<'d> {
        if self.is_tired() || self.depth >= DEPTH {
            return Term::Unclear;
        }
        self.depth += 1;
        let term = if definition.collects {
            self.collected(definition)
        } else {
            self.chosen(definition, args)
        };
        self.depth -= 1;
        term
    }

    fn collected(&mut self, definition: &'d Definition) -> Term<'d> {
        let mut all = BTreeSet::new();
        for alternative in &definition.alternatives {
            for Branch { statements, value } in &alternative.branches {
                let items = self.in_frame(alternative.slots, |run, frame| {
                    run.comprehension(value, statements, frame)
                });
                match items {
                    Some(items) => all.extend(items.into_iter().map(Item::cloned)),
                    None => return Term::Unclear,
                }
            }
        }
        self.memo.keep(Value::from(all))
    }

    /// The value of a function, or of a rule that has one.
    fn chosen(&mut self, definition: &'d Definition, args: &[Item<'d>]) -> Term<'d> {
        let mut chosen = Term::Undefined;
        for alternative in &definition.alternatives {
            let term = self.in_frame(alternative.slots, |run, frame| {
                run.alternative(alternative, args, frame)
            });
            match (term, chosen) {
                (Term::Undefined, _) => {}
                (Term::Unclear, _) => chosen = Term::Unclear,
                (term, _) if definition.affirms => return term,
                (Term::Known(value), Term::Undefined) => chosen = Term::Known(value),
                (Term::Known(value), Term::Known(before)) if value == before => {}
                _ => chosen = Term::Unclear,
            }
        }
        chosen
    }

    fn alternative(
        &mut self,
        alternative: &'d Alternative,
        args: &[Item<'d>],
        frame: Frame,
    ) -> Term<'d> {
        for (parameter, arg) in alternative.parameters.iter().zip(args) {
            match parameter {
                Parameter::Slot(slot) => self.put(frame, Some(*slot), Term::Known(*arg)),
                Parameter::Any => {}
                Parameter::Literal(Constant(literal)) if Item::Value(literal) == *arg => {}
                Parameter::Literal(_) => return Term::Undefined,
            }
        }
        for branch in &alternative.branches {
            match self.branch(branch, frame) {
                Term::Undefined => {}
                term => return term,
            }
        }
        Term::Undefined
    }

    fn branch(&mut self, branch: &'d Branch, frame: Frame) -> Term<'d> {
        let mut result = Term::Undefined;
        let is_constant = matches!(branch.value, Expr::Constant(_));
        self.solve(&branch.statements, frame, true, &mut |run, sure| {
            let value = run.value(&branch.value, frame);
            result = match (value, result) {
                (Term::Undefined, _) if sure => return true,
                (Term::Known(value), Term::Undefined) if sure => Term::Known(value),
                (Term::Known(value), Term::Known(before)) if sure && value == before => {
                    return true;
                }
                (Term::Known(value), Term::Unclear) if sure && is_constant => Term::Known(value),
                (Term::Known(_), Term::Known(_)) if is_constant => return true,
                _ => Term::Unclear,
            };
            // More ways to hold do not change a constant.
            !(is_constant && matches!(result, Term::Known(_)))
        });
        result
    }
}
