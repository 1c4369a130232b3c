//! Definitions and functions, and what they come to.

use std::collections::BTreeSet;
use std::sync::Arc;

use regorus::Value;

use super::program::{Alternative, Branch, Constant, Definition, Expr, Parameter};
use super::run::{Frame, Taken, put};
use super::values::Term;

/// Calls within calls.
const DEPTH: u32 = 64;

/// So many calls are kept, and of so short texts.
const MAX_CALLS: usize = 512;
const MAX_ARGUMENT: usize = 256;

impl<'p> Taken<'p> {
    pub(super) fn definition(&mut self, position: u16) -> Term {
        let index = usize::from(position);
        let known = [&self.fixed.definitions, &self.values];
        let known = known.into_iter().find_map(|of| of.get(index)?.clone());
        if let Some(term) = known {
            return term;
        }
        let term = self.evaluated(position, &[]);
        let is_fixed = self.program.definitions.get(index).is_some_and(|it| it.fixed);
        // What was cut short may come out another time.
        let is_fixed = is_fixed && !matches!(term, Term::Unclear);
        let of = if is_fixed { &mut self.fixed.definitions } else { &mut self.values };
        if let Some(place) = of.get_mut(index) {
            *place = Some(term.clone());
        }
        term
    }

    pub(super) fn call(&mut self, position: u16, args: &[Value]) -> Term {
        let program = self.program;
        let is_fixed = (program.definitions.get(usize::from(position))).is_some_and(|it| it.fixed);
        let texts = if is_fixed { texts(args) } else { None };
        let Some(texts) = texts else { return self.evaluated(position, args) };
        let key = (position, texts);
        if let Some(term) = self.fixed.calls.get(&key) {
            self.steps += 1;
            return term.clone();
        }
        let term = self.evaluated(position, args);
        // What was cut short may come out another time.
        if !matches!(term, Term::Unclear) {
            if self.fixed.calls.len() >= MAX_CALLS {
                self.fixed.calls.clear();
            }
            self.fixed.calls.insert(key, term.clone());
        }
        term
    }

    fn evaluated(&mut self, position: u16, args: &[Value]) -> Term {
        let Some(definition) = self.program.definitions.get(usize::from(position)) else {
            return Term::Unclear;
        };
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

    fn collected(&mut self, definition: &'p Definition) -> Term {
        let mut all = BTreeSet::new();
        for alternative in &definition.alternatives {
            for Branch { statements, value } in &alternative.branches {
                let mut frame = vec![Term::Undefined; usize::from(alternative.slots)];
                match self.comprehension(value, statements, &mut frame) {
                    Some(items) => all.extend(items),
                    None => return Term::Unclear,
                }
            }
        }
        Term::Known(Value::from(all))
    }

    /// The value of a function, or of a rule that has one.
    fn chosen(&mut self, definition: &'p Definition, args: &[Value]) -> Term {
        let mut chosen = Term::Undefined;
        for alternative in &definition.alternatives {
            match (self.alternative(alternative, args), &chosen) {
                (Term::Undefined, _) => {}
                (Term::Unclear, _) => chosen = Term::Unclear,
                (term, _) if definition.affirms => return term,
                (Term::Known(value), Term::Undefined) => chosen = Term::Known(value),
                (Term::Known(value), Term::Known(before)) if value == *before => {}
                _ => chosen = Term::Unclear,
            }
        }
        chosen
    }

    fn alternative(&mut self, alternative: &'p Alternative, args: &[Value]) -> Term {
        let mut frame = vec![Term::Undefined; usize::from(alternative.slots)];
        for (parameter, arg) in alternative.parameters.iter().zip(args) {
            match parameter {
                Parameter::Slot(slot) => put(&mut frame, Some(*slot), Term::Known(arg.clone())),
                Parameter::Any => {}
                Parameter::Literal(Constant(literal)) if literal == arg => {}
                Parameter::Literal(_) => return Term::Undefined,
            }
        }
        for branch in &alternative.branches {
            match self.branch(branch, &mut frame) {
                Term::Undefined => {}
                term => return term,
            }
        }
        Term::Undefined
    }

    fn branch(&mut self, branch: &'p Branch, frame: &mut Frame) -> Term {
        let mut result = Term::Undefined;
        let is_constant = matches!(branch.value, Expr::Constant(_));
        self.solve(&branch.statements, frame, true, &mut |run, frame, sure| {
            let value = run.value(&branch.value, frame);
            result = match (value, &result) {
                (Term::Undefined, _) if sure => return true,
                (Term::Known(value), Term::Undefined) if sure => Term::Known(value),
                (Term::Known(value), Term::Known(before)) if sure && value == *before => {
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

/// The arguments, if they are short texts.
fn texts(args: &[Value]) -> Option<Vec<Arc<str>>> {
    let text = |value: &Value| match value {
        Value::String(text) if text.len() <= MAX_ARGUMENT => Some(Arc::clone(text)),
        _ => None,
    };
    args.iter().map(text).collect()
}
