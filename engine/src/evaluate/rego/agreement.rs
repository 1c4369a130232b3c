//! Where regorus' two executors would not agree.
//!
//! When two definitions of a rule or a function give different values, or two entries of an object
//! comprehension the same key, Rego has it that evaluation fails. The interpreter does so; the
//! bytecode machine takes the value for undefined, or the last entry, and a rule that should have
//! failed has found nothing. So what might come to that is left to the interpreter. `else` and sets
//! cannot.
//!
//! After a body with a loop (`some x in …`) that does not hold the machine forgets the `else` behind it.
//!
//! One difference remains: where a value has the wrong type for arithmetic or for `some x in …` (a
//! list that is null), the machine takes the expression for undefined, as OPA does, and the
//! interpreter fails. A rule that compares with null first is the same on both.

use std::collections::{BTreeMap, BTreeSet};

use regorus::Value;
use regorus::unstable::{Expr, Literal, Query, Ref, Rule, RuleHead};

use super::names::Name;
use super::syntax::{Module, Node, Reference, Sort, Step, head, walk, walk_query};

/// For packages that have to be interpreted, why.
pub(super) fn disagreements(
    modules: &[Module],
    edges: &BTreeMap<Name, BTreeSet<Name>>,
) -> BTreeMap<Vec<String>, String> {
    let suspects = suspects(modules);
    let mut found = BTreeMap::new();
    for module in modules {
        let entry = |name: &str| (module.package.clone(), name.to_owned());
        let mut reached = BTreeSet::new();
        let mut next = vec![entry("deny"), entry("unknown")];
        while let Some(name) = next.pop() {
            if let Some(why) = suspects.get(&name) {
                found.entry(module.package.clone()).or_insert_with(|| why.clone());
            }
            next.extend(edges.get(&name).into_iter().flatten().cloned());
            next.retain(|name| !reached.contains(name));
            reached.insert(name);
        }
    }
    found
}

fn suspects(modules: &[Module]) -> BTreeMap<Name, String> {
    let mut suspects = BTreeMap::new();
    let mut definitions: BTreeMap<Name, Vec<&Rule>> = BTreeMap::new();
    for module in modules {
        for rule in &module.ast.policy {
            let name = (module.package.clone(), head(rule).name.to_owned());
            let shown = name.1.clone();
            let mut comprehends = false;
            walk(rule, &mut |node| comprehends |= matches!(node, Node::ObjectComprehension));
            if comprehends {
                let why = format!("two entries of an object in `{shown}` may have the same key");
                suspects.insert(name.clone(), why);
            }
            if is_partial_object(rule) {
                let why = format!("two entries of the object `{shown}` may have the same key");
                suspects.insert(name.clone(), why);
            }
            if has_loop_before_else(rule) {
                let why = format!("a loop of `{shown}` stands before an `else`");
                suspects.entry(name.clone()).or_insert(why);
            }
            if head(rule).sort != Sort::Set {
                definitions.entry(name).or_default().push(rule);
            }
        }
    }
    for (name, rules) in definitions {
        if may_differ(&rules) {
            let why = format!("two definitions of `{}` may give different values", name.1);
            suspects.entry(name).or_insert(why);
        }
    }
    suspects
}

fn is_partial_object(rule: &Rule) -> bool {
    match rule {
        Rule::Spec { head: RuleHead::Compr { refr, .. }, .. } => {
            !Reference::of(refr).steps.is_empty()
        }
        _ => false,
    }
}

/// Whether a body that an `else` follows goes over several values.
fn has_loop_before_else(rule: &Rule) -> bool {
    let Rule::Spec { bodies, .. } = rule else { return false };
    let followers = bodies.iter().skip(1);
    bodies.iter().zip(followers).any(|(body, next)| next.is_else && has_loop(&body.query))
}

fn has_loop(query: &Query) -> bool {
    let mut loops = query.stmts.iter().any(|statement| {
        matches!(statement.literal, Literal::SomeIn { .. } | Literal::SomeVars { .. })
    });
    walk_query(query, &mut |node| {
        if let Node::Reference(reference, _) = node {
            loops |= reference.steps.iter().any(
                |step| matches!(step, Step::Index(Expr::Var { span, .. }) if span.text() == "_"),
            );
        }
    });
    loops
}

/// Whether two of the definitions may hold at once and give different values.
fn may_differ(rules: &[&Rule]) -> bool {
    let mut count = 0;
    let mut values: Vec<Option<&Value>> = Vec::new();
    let mut args: Vec<&[Ref<Expr>]> = Vec::new();
    for rule in rules {
        let Rule::Spec { head: rule_head, bodies, .. } = rule else { continue };
        let assigned = match rule_head {
            RuleHead::Compr { assign, .. } | RuleHead::Func { assign, .. } => assign.as_ref(),
            RuleHead::Set { .. } => None,
        };
        // Bodies behind `else` only hold when those before them do not.
        count += bodies.iter().skip(1).filter(|body| !body.is_else).count() + 1;
        values.push(assigned.map_or(Some(&Value::Bool(true)), |assign| literal(&assign.value)));
        let others = bodies.iter().skip(1).map(|body| match &body.assign {
            Some(assign) => literal(&assign.value),
            None => Some(&Value::Bool(true)),
        });
        values.extend(others);
        args.push(head(rule).args);
    }
    let same = values
        .first()
        .is_none_or(|first| first.is_some() && values.iter().all(|value| value == first));
    count > 1 && !same && !told_apart(&args)
}

/// Whether some argument of every definition is another literal: they never hold at once.
fn told_apart(args: &[&[Ref<Expr>]]) -> bool {
    let arity = args.first().map_or(0, |args| args.len());
    (0..arity).any(|position| {
        let literals: Option<BTreeSet<&Value>> =
            args.iter().map(|args| args.get(position).and_then(|arg| literal(arg))).collect();
        literals.is_some_and(|literals| literals.len() == args.len())
    })
}

fn literal(expr: &Expr) -> Option<&Value> {
    match expr {
        Expr::String { value, .. }
        | Expr::RawString { value, .. }
        | Expr::Number { value, .. }
        | Expr::Bool { value, .. }
        | Expr::Null { value, .. } => Some(value),
        _ => None,
    }
}
