//! Small faults, put into a module one at a time: what the cases of a page have to notice.
//!
//! Owns which faults there are and where in a text they go. Each is one a person could make: a
//! comparison turned around, a condition forgotten, a word or a number mistyped, a `not` too few, an
//! alternative left out. What a rule says in words is left alone, in the heads of `deny` and
//! `unknown` and in `sprintf`: pages quote it, and would notice whatever they test.
//!
//! A fault is found on the syntax tree and made in the text, so that every other byte stays.

use std::collections::BTreeSet;
use std::sync::Arc;

use regorus::unstable::{AssignOp, BoolOp, Expr, Literal, LiteralStmt, Query, Ref, Rule, RuleHead};

use super::syntax::{Reference, head, operands, static_path};
use super::{FINDING_LIBRARY, failure, scan};
use crate::diagnostic::Diagnostic;
use crate::excerpt::excerpt;
use crate::source::{Place, Source, Span};

/// How many members of a long list are left out, each in a mutant of its own, spread evenly.
pub const SAMPLE: usize = 8;

/// A fault that could be put into a module.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mutant {
    /// The bytes that are replaced.
    pub span: Span,
    /// What replaces them.
    pub replacement: String,
    /// The rule or function that it is in.
    pub definition: String,
    /// What is changed, in words that do not depend on the line.
    pub what: String,
}

impl Mutant {
    /// The text with the fault in it.
    #[must_use]
    pub fn apply(&self, source: &Source) -> String {
        let mut text = source.text().to_owned();
        text.replace_range(self.span.range(), &self.replacement);
        text
    }
}

/// The faults that can be put into a module, in the order of the text.
///
/// # Errors
///
/// A text that is no module.
pub fn mutants(source: &Arc<Source>) -> Result<Vec<Mutant>, Diagnostic> {
    scan::scan(source)?;
    let mut engine = regorus::Engine::new();
    engine.add_policy(source.name().to_owned(), source.text().to_owned()).map_err(|error| {
        Diagnostic::error(failure::text(&error)).at(Place::new(source, Span::default()))
    })?;
    let modules = engine.get_modules();
    let rules = || modules.iter().flat_map(|module| &module.policy);
    let mut quoted = Quoted::default();
    for rule in rules() {
        rule_exprs(rule).into_iter().for_each(|expr| quoted.note(expr));
    }
    let mut maker = Maker { source, quoted, definition: String::new(), mutants: Vec::new() };
    for rule in rules() {
        maker.rule(rule);
    }
    let mut mutants = maker.mutants;
    mutants.sort_by_key(|mutant| (mutant.span.start, mutant.span.end));
    Ok(mutants)
}

/// The unit tests of a module of tests that do not hold: its rules `test_…` that are not true. `modules`
/// are the paths and texts of what it may import.
///
/// # Errors
///
/// A text that is no module, or that does not go with the others.
pub fn failing_tests(
    test: &Arc<Source>,
    modules: &[(&str, &str)],
) -> Result<BTreeSet<String>, Diagnostic> {
    scan::scan(test)?;
    let mut engine = regorus::Engine::new();
    engine.set_strict_builtin_errors(false);
    let library = ("plimsoll/finding.rego", FINDING_LIBRARY);
    let all = modules.iter().copied().chain([library, (test.name(), test.text())]);
    let problem = |error: &dyn std::fmt::Display| Diagnostic::error(failure::text(error));
    for (path, text) in all {
        engine.add_policy(path.to_owned(), text.to_owned()).map_err(|error| problem(&error))?;
    }
    let parsed = engine.get_modules().last().cloned();
    let Some(module) = parsed else { return Ok(BTreeSet::new()) };
    let package = static_path(&module.package.refr).join(".");
    let mut failing = BTreeSet::new();
    for name in module.policy.iter().map(|rule| head(rule).name) {
        if !name.starts_with("test_") {
            continue;
        }
        let value = engine.eval_rule(format!("data.{package}.{name}"));
        if !matches!(value, Ok(regorus::Value::Bool(true))) {
            failing.insert(name.to_owned());
        }
    }
    Ok(failing)
}

/// Where the spans of texts begin and end. regorus leaves the quotation marks out, and so out of
/// whatever begins or ends with a text, too.
#[derive(Default)]
struct Quoted {
    starts: BTreeSet<u32>,
    ends: BTreeSet<u32>,
}

impl Quoted {
    fn note(&mut self, expr: &Expr) {
        if let Expr::String { span, .. } | Expr::RawString { span, .. } = expr {
            self.starts.insert(span.start);
            self.ends.insert(span.end);
        }
        for part in parts(expr) {
            self.note(part);
        }
    }

    /// The bytes of something, quotation marks included.
    fn extent(&self, span: &regorus::unstable::Span) -> Span {
        let start = span.start - u32::from(self.starts.contains(&span.start));
        let end = span.end + u32::from(self.ends.contains(&span.end));
        Span::new(start as usize, end as usize)
    }
}

struct Maker<'s> {
    source: &'s Source,
    quoted: Quoted,
    definition: String,
    mutants: Vec<Mutant>,
}

impl Maker<'_> {
    fn rule(&mut self, rule: &Rule) {
        self.definition = head(rule).name.to_owned();
        match rule {
            Rule::Default { span, value, .. } => self.expr(value, self.quoted.extent(span)),
            Rule::Spec { head, bodies, .. } => {
                self.head(head);
                for body in bodies {
                    let whole = self.quoted.extent(&body.span);
                    if let Some(assign) = &body.assign {
                        self.expr(&assign.value, whole);
                    }
                    if body.is_else {
                        self.push(whole, "", format!("drop `{}`", self.quote(whole)));
                    } else {
                        self.never(&body.query);
                    }
                    self.query(&body.query);
                }
            }
        }
    }

    fn head(&mut self, head: &RuleHead) {
        match head {
            RuleHead::Set { key: Some(key), span, .. } if !self.speaks() => {
                self.expr(key, self.quoted.extent(span));
            }
            RuleHead::Set { .. } => {}
            RuleHead::Compr { assign, span, .. } => {
                if let Some(assign) = assign {
                    self.expr(&assign.value, self.quoted.extent(span));
                }
            }
            RuleHead::Func { args, assign, span, .. } => {
                let whole = self.quoted.extent(span);
                let values = args.iter().chain(assign.iter().map(|assign| &assign.value));
                values.for_each(|value| self.expr(value, whole));
            }
        }
    }

    /// Whether what is being read is what the rule says.
    fn speaks(&self) -> bool {
        self.definition == "deny" || self.definition == "unknown"
    }

    /// The body of an alternative, made false.
    fn never(&mut self, query: &Query) {
        let Some(last) = query.stmts.last() else { return };
        let what = format!("drop the alternative `{}`", self.quote(self.body(query)));
        // A declaration has to stay for what uses its names.
        let condition = query.stmts.iter().find(|stmt| is_condition(stmt));
        if let Some(condition) = condition {
            self.push(self.quoted.extent(&condition.span), "false", what);
            return;
        }
        let span = self.quoted.extent(&last.span);
        let text = self.source.slice(span).to_owned();
        let braced = self.source.slice(self.quoted.extent(&query.span)).starts_with('{');
        let text = if braced { format!("{text}\nfalse") } else { format!("{{\n{text}\nfalse\n}}") };
        self.push(span, &text, what);
    }

    /// From the first statement to the last.
    fn body(&self, query: &Query) -> Span {
        let spans = query.stmts.iter().map(|stmt| self.quoted.extent(&stmt.span));
        spans.reduce(Span::cover).unwrap_or_default()
    }

    fn query(&mut self, query: &Query) {
        for statement in &query.stmts {
            let whole = self.quoted.extent(&statement.span);
            if is_condition(statement) {
                self.push(whole, "true", format!("drop `{}`", self.quote(whole)));
            }
            match &statement.literal {
                Literal::SomeVars { .. } => {}
                Literal::SomeIn { key, value, collection, .. } => {
                    for expr in key.iter().chain([value, collection]) {
                        self.expr(expr, whole);
                    }
                }
                Literal::Expr { expr, .. } => {
                    if let Expr::Membership { .. } = &**expr {
                        let text = format!("not {}", self.source.slice(whole));
                        self.push(whole, &text, format!("negate `{}`", self.quote(whole)));
                    }
                    self.expr(expr, whole);
                }
                Literal::NotExpr { expr, .. } => {
                    let text = self.source.slice(self.quoted.extent(expr.span())).to_owned();
                    self.push(whole, &text, format!("drop the `not` of `{}`", self.quote(whole)));
                    self.expr(expr, whole);
                }
                Literal::Every { domain, query, .. } => {
                    self.expr(domain, whole);
                    self.query(query);
                }
            }
            for with in &statement.with_mods {
                self.expr(&with.r#as, whole);
            }
        }
    }

    /// What can be changed in an expression. `whole` is what is quoted around it.
    fn expr(&mut self, expr: &Expr, whole: Span) {
        match expr {
            Expr::String { .. } | Expr::RawString { .. } => {
                let span = self.quoted.extent(expr.span());
                let mut text = self.source.slice(span).to_owned();
                text.insert(text.len().saturating_sub(1), '~');
                self.change(span, &text, whole);
            }
            Expr::Number { span, .. } => self.number(self.quoted.extent(span), whole),
            Expr::Bool { span, .. } => {
                let span = self.quoted.extent(span);
                let other = if self.source.slice(span) == "true" { "false" } else { "true" };
                self.change(span, other, whole);
            }
            Expr::Null { span, .. } => self.change(self.quoted.extent(span), "\"~\"", whole),
            Expr::Array { items, span, .. } => self.members(items, span, "[]", whole),
            Expr::Set { items, span, .. } => self.members(items, span, "set()", whole),
            Expr::Object { fields, .. } => {
                for (_, _, value) in fields {
                    self.expr(value, whole);
                }
            }
            Expr::BoolExpr { op, lhs, rhs, .. } => self.comparison(op, lhs, rhs, whole),
            Expr::AssignExpr { op: AssignOp::Eq, lhs, rhs, .. } => {
                self.operator(lhs, rhs, "=", &["!="], whole);
            }
            _ => {}
        }
        self.below(expr, whole);
    }

    fn below(&mut self, expr: &Expr, whole: Span) {
        match expr {
            Expr::Array { .. } | Expr::Set { .. } | Expr::Object { .. } => {}
            Expr::Call { fcn, params, .. } => {
                let name = Reference::of(fcn).dotted().unwrap_or_default();
                if name != "sprintf" && !name.starts_with("finding.") {
                    params.iter().for_each(|param| self.expr(param, whole));
                }
            }
            Expr::RefDot { refr, .. } => self.expr(refr, whole),
            Expr::RefBrack { refr, index, .. } => {
                self.expr(refr, whole);
                // The name of a field is no constant: rules with names that do not exist do not load.
                if !matches!(&**index, Expr::String { .. } | Expr::RawString { .. }) {
                    self.expr(index, whole);
                }
            }
            Expr::ArrayCompr { term, query, .. } | Expr::SetCompr { term, query, .. } => {
                self.expr(term, whole);
                self.query(query);
            }
            Expr::ObjectCompr { key, value, query, .. } => {
                self.expr(key, whole);
                self.expr(value, whole);
                self.query(query);
            }
            Expr::AssignExpr { op: AssignOp::ColEq, rhs, .. } => self.expr(rhs, whole),
            other => operands(other).into_iter().for_each(|part| self.expr(part, whole)),
        }
    }

    fn comparison(&mut self, op: &BoolOp, lhs: &Expr, rhs: &Expr, whole: Span) {
        let (operator, others): (&str, &[&str]) = match op {
            BoolOp::Eq => ("==", &["!="]),
            BoolOp::Ne => ("!=", &["=="]),
            BoolOp::Lt => ("<", &["<=", ">="]),
            BoolOp::Le => ("<=", &["<", ">"]),
            BoolOp::Gt => (">", &[">=", "<="]),
            BoolOp::Ge => (">=", &[">", "<"]),
        };
        self.operator(lhs, rhs, operator, others, whole);
    }

    fn operator(&mut self, lhs: &Expr, rhs: &Expr, operator: &str, others: &[&str], whole: Span) {
        let from = self.quoted.extent(lhs.span()).end;
        let to = self.quoted.extent(rhs.span()).start;
        let gap = Span { start: from, end: to.max(from) };
        let Some(at) = self.source.slice(gap).find(operator) else { return };
        let start = gap.start as usize + at;
        for other in others {
            self.change(Span::new(start, start + operator.len()), other, whole);
        }
    }

    fn number(&mut self, span: Span, whole: Span) {
        if let Ok(number) = self.source.slice(span).parse::<i64>() {
            for other in [number.saturating_add(1), number.saturating_sub(1)] {
                self.change(span, &other.to_string(), whole);
            }
        }
    }

    /// A list or a set without one of its members.
    fn members(
        &mut self,
        items: &[Ref<Expr>],
        span: &regorus::unstable::Span,
        empty: &str,
        whole: Span,
    ) {
        let spans: Vec<Span> = items.iter().map(|item| self.quoted.extent(item.span())).collect();
        for at in sample(items.len()) {
            let (Some(item), Some(own)) = (items.get(at), spans.get(at).copied()) else { continue };
            // Members that are computed are shapes as a rule, of a key or of a message.
            if !is_constant(item) {
                continue;
            }
            let before = at.checked_sub(1).and_then(|before| spans.get(before));
            let what = format!("drop `{}` from `{}`", self.quote(own), self.quote(whole));
            match (before, spans.get(at + 1)) {
                (_, Some(next)) => {
                    self.push(Span { start: own.start, end: next.start }, "", what);
                }
                (Some(before), None) => {
                    self.push(Span { start: before.end, end: own.end }, "", what);
                }
                (None, None) => self.push(self.quoted.extent(span), empty, what),
            }
        }
        for item in items.iter().filter(|item| !is_constant(item)) {
            self.expr(item, whole);
        }
    }

    fn change(&mut self, span: Span, replacement: &str, whole: Span) {
        let before = self.quote(span);
        let what = format!("`{before}` → `{replacement}` in `{}`", self.quote(whole));
        self.push(span, replacement, what);
    }

    fn push(&mut self, span: Span, replacement: &str, what: String) {
        let (replacement, definition) = (replacement.to_owned(), self.definition.clone());
        self.mutants.push(Mutant { span, replacement, definition, what });
    }

    /// A piece of the text on one line.
    fn quote(&self, span: Span) -> String {
        let words: Vec<&str> = self.source.slice(span).split_whitespace().collect();
        excerpt(&words.join(" "))
    }
}

/// Indices of at most [`SAMPLE`] of so many things, spread evenly.
pub fn sample(count: usize) -> Vec<usize> {
    let wanted = count.min(SAMPLE);
    (0..wanted).map(|at| at * count / wanted).collect()
}

/// Whether a statement can be left out: it declares nothing.
fn is_condition(statement: &LiteralStmt) -> bool {
    match &statement.literal {
        Literal::SomeVars { .. } | Literal::SomeIn { .. } => false,
        Literal::Expr { expr, .. } => {
            !matches!(&**expr, Expr::AssignExpr { op: AssignOp::ColEq, .. })
        }
        Literal::NotExpr { .. } | Literal::Every { .. } => true,
    }
}

fn is_constant(expr: &Expr) -> bool {
    matches!(
        expr,
        Expr::String { .. }
            | Expr::RawString { .. }
            | Expr::Number { .. }
            | Expr::Bool { .. }
            | Expr::Null { .. }
    )
}

/// The expressions directly within one.
fn parts(expr: &Expr) -> Vec<&Ref<Expr>> {
    match expr {
        Expr::ArrayCompr { term, query, .. } | Expr::SetCompr { term, query, .. } => {
            let mut parts = vec![term];
            query_exprs(query, &mut parts);
            parts
        }
        Expr::ObjectCompr { key, value, query, .. } => {
            let mut parts = vec![key, value];
            query_exprs(query, &mut parts);
            parts
        }
        Expr::Call { fcn, params, .. } => std::iter::once(fcn).chain(params).collect(),
        Expr::RefDot { refr, .. } => vec![refr],
        Expr::RefBrack { refr, index, .. } => vec![refr, index],
        other => operands(other),
    }
}

fn query_exprs<'a>(query: &'a Query, parts: &mut Vec<&'a Ref<Expr>>) {
    for statement in &query.stmts {
        match &statement.literal {
            Literal::SomeVars { .. } => {}
            Literal::SomeIn { key, value, collection, .. } => {
                parts.extend(key.iter().chain([value, collection]));
            }
            Literal::Expr { expr, .. } | Literal::NotExpr { expr, .. } => parts.push(expr),
            Literal::Every { domain, query, .. } => {
                parts.push(domain);
                query_exprs(query, parts);
            }
        }
        for with in &statement.with_mods {
            parts.extend([&with.refr, &with.r#as]);
        }
    }
}

fn rule_exprs(rule: &Rule) -> Vec<&Ref<Expr>> {
    let (head, bodies) = match rule {
        Rule::Default { value, .. } => return vec![value],
        Rule::Spec { head, bodies, .. } => (head, bodies),
    };
    let mut exprs: Vec<&Ref<Expr>> = match head {
        RuleHead::Compr { refr, assign, .. } => {
            std::iter::once(refr).chain(assign.iter().map(|assign| &assign.value)).collect()
        }
        RuleHead::Set { refr, key, .. } => std::iter::once(refr).chain(key).collect(),
        RuleHead::Func { args, assign, .. } => {
            args.iter().chain(assign.iter().map(|assign| &assign.value)).collect()
        }
    };
    for body in bodies {
        exprs.extend(body.assign.iter().map(|assign| &assign.value));
        query_exprs(&body.query, &mut exprs);
    }
    exprs
}
