//! Rego's syntax tree as the checks need it: references flattened, names resolved.
//!
//! The only module that walks regorus' own tree (which is exported as unstable) without being about
//! one particular check.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use regorus::Value;
use regorus::unstable::{self as ast, Expr, Literal, Query, Ref, Rule, RuleHead};

use crate::bundle::File;
use crate::source::{self, Place};

/// A parsed file.
pub(super) struct Module {
    pub(super) file: Arc<File>,
    pub(super) ast: Ref<ast::Module>,
    /// The package without `data`: `["checklist", "container", "privileged"]`.
    pub(super) package: Vec<String>,
    /// What imports bind, each to a full path: `finding` → `["data", "plimsoll", "finding"]`.
    pub(super) imports: BTreeMap<String, Vec<String>>,
}

impl Module {
    pub(super) fn new(file: &Arc<File>, ast: &Ref<ast::Module>) -> Self {
        let package = static_path(&ast.package.refr);
        let mut imports = BTreeMap::new();
        for import in &ast.imports {
            let path = static_path(&import.refr);
            let alias = import.r#as.as_ref().map(|span| span.text().to_owned());
            if let Some(name) = alias.or_else(|| path.last().cloned()) {
                imports.insert(name, path);
            }
        }
        Module { file: Arc::clone(file), ast: ast.clone(), package, imports }
    }

    pub(super) fn place(&self, span: &ast::Span) -> Place {
        place(&self.file, span)
    }

    /// The full path that a reference means, if its root is `data`, `input`, an import, or a rule of
    /// the module; `is_rule` tells which names are rules of the package.
    pub(super) fn resolve(
        &self,
        reference: &Reference<'_>,
        is_rule: impl Fn(&str) -> bool,
    ) -> Option<(Vec<String>, usize)> {
        let root = reference.root_name()?;
        let mut path = if root == "data" || root == "input" {
            vec![root.to_owned()]
        } else if is_rule(root) {
            let mut path = vec!["data".to_owned()];
            path.extend(self.package.iter().cloned());
            path.push(root.to_owned());
            path
        } else {
            self.imports.get(root)?.clone()
        };
        let mut fixed = 0;
        for step in &reference.steps {
            let Step::Field(name, _) = step else { break };
            path.push(name.clone());
            fixed += 1;
        }
        Some((path, fixed))
    }
}

pub(super) fn place(file: &File, span: &ast::Span) -> Place {
    Place::new(file.source(), source::Span::new(span.start as usize, span.end as usize))
}

/// One step of a reference behind its root.
pub(super) enum Step<'a> {
    /// `.name` or `["name"]`.
    Field(String, &'a ast::Span),
    /// `[anything else]`.
    Index(&'a Expr),
}

/// A reference: a root and the steps behind it.
pub(super) struct Reference<'a> {
    pub(super) root: &'a Expr,
    pub(super) steps: Vec<Step<'a>>,
}

impl<'a> Reference<'a> {
    pub(super) fn of(expr: &'a Expr) -> Self {
        let mut steps = Vec::new();
        let mut root = expr;
        loop {
            match root {
                Expr::RefDot { refr, field, .. } => {
                    steps.push(Step::Field(text(&field.1), &field.0));
                    root = refr;
                }
                Expr::RefBrack { refr, index, .. } => {
                    steps.push(match &**index {
                        Expr::String { value, span, .. } | Expr::RawString { value, span, .. } => {
                            Step::Field(text(value), span)
                        }
                        other => Step::Index(other),
                    });
                    root = refr;
                }
                _ => break,
            }
        }
        steps.reverse();
        Reference { root, steps }
    }

    /// The name of the variable at its root, if that is what is there.
    pub(super) fn root_name(&self) -> Option<&'a str> {
        match self.root {
            Expr::Var { span, .. } => Some(span.text()),
            _ => None,
        }
    }

    /// Its path as far as it is written out.
    pub(super) fn dotted(&self) -> Option<String> {
        let mut path = self.root_name()?.to_owned();
        for step in &self.steps {
            let Step::Field(name, _) = step else { return None };
            path.push('.');
            path.push_str(name);
        }
        Some(path)
    }
}

fn text(value: &Value) -> String {
    value.as_string().map(|text| text.to_string()).unwrap_or_default()
}

/// The names of a reference that is written out, root included.
pub(super) fn static_path(expr: &Expr) -> Vec<String> {
    let reference = Reference::of(expr);
    let root = reference.root_name().map(str::to_owned);
    let steps = reference.steps.into_iter().map_while(|step| match step {
        Step::Field(name, _) => Some(name),
        Step::Index(_) => None,
    });
    root.into_iter().chain(steps).collect()
}

/// A rule's head: what it is called, and by what sort of definition.
pub(super) struct Head<'a> {
    pub(super) name: &'a str,
    pub(super) span: &'a ast::Span,
    pub(super) sort: Sort,
    pub(super) args: &'a [Ref<Expr>],
}

/// The sorts of definition.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Sort {
    /// `name contains …`.
    Set,
    /// `name(…) …`.
    Function,
    /// Everything else.
    Value,
}

pub(super) fn head(rule: &Rule) -> Head<'_> {
    let (refr, sort, args): (&Expr, Sort, &[Ref<Expr>]) = match rule {
        Rule::Spec { head: RuleHead::Set { refr, .. }, .. } => (refr, Sort::Set, &[]),
        Rule::Spec { head: RuleHead::Func { refr, args, .. }, .. } => (refr, Sort::Function, args),
        Rule::Spec { head: RuleHead::Compr { refr, .. }, .. } => (refr, Sort::Value, &[]),
        Rule::Default { refr, args, .. } if args.is_empty() => (refr, Sort::Value, &[]),
        Rule::Default { refr, args, .. } => (refr, Sort::Function, args),
    };
    let root = Reference::of(refr).root;
    Head { name: root.span().text(), span: refr.span(), sort, args }
}

/// What a walk over a rule comes across.
pub(super) enum Node<'a> {
    /// A reference or a variable, that is not the name of a called function.
    Reference(Reference<'a>, &'a Expr),
    /// A call.
    Call { name: Reference<'a>, args: &'a [Ref<Expr>], expr: &'a Expr },
    /// `{key: value | …}`; what it consists of is visited too.
    ObjectComprehension,
    /// What `not` negates; it is visited too.
    Negated(&'a Expr),
}

/// Visits every [`Node`] of a rule, outer ones first. The depth of the tree is bounded by what
/// [`super::scan`] lets through.
pub(super) fn walk<'a>(rule: &'a Rule, visit: &mut dyn FnMut(Node<'a>)) {
    match rule {
        Rule::Spec { head, bodies, .. } => {
            match head {
                RuleHead::Compr { refr, assign, .. } => {
                    walk_head(refr, visit);
                    walk_all(assign.iter().map(|assign| &assign.value), visit);
                }
                RuleHead::Set { refr, key, .. } => {
                    walk_head(refr, visit);
                    walk_all(key.iter(), visit);
                }
                RuleHead::Func { args, assign, .. } => {
                    walk_all(args.iter(), visit);
                    walk_all(assign.iter().map(|assign| &assign.value), visit);
                }
            }
            for body in bodies {
                walk_all(body.assign.iter().map(|assign| &assign.value), visit);
                walk_query(&body.query, visit);
            }
        }
        Rule::Default { value, .. } => walk_expr(value, visit),
    }
}

/// The name of a rule is no reference, but what stands in its brackets may be.
fn walk_head<'a>(refr: &'a Expr, visit: &mut dyn FnMut(Node<'a>)) {
    for step in Reference::of(refr).steps {
        if let Step::Index(index) = step {
            walk_expr(index, visit);
        }
    }
}

fn walk_all<'a>(exprs: impl Iterator<Item = &'a Ref<Expr>>, visit: &mut dyn FnMut(Node<'a>)) {
    for expr in exprs {
        walk_expr(expr, visit);
    }
}

/// As [`walk`], of a body.
pub(super) fn walk_query<'a>(query: &'a Query, visit: &mut dyn FnMut(Node<'a>)) {
    for statement in &query.stmts {
        match &statement.literal {
            Literal::SomeVars { .. } => {}
            Literal::SomeIn { key, value, collection, .. } => {
                walk_all(key.iter().chain([value, collection]), visit);
            }
            Literal::Expr { expr, .. } => walk_expr(expr, visit),
            Literal::NotExpr { expr, .. } => {
                visit(Node::Negated(expr));
                walk_expr(expr, visit);
            }
            Literal::Every { domain, query, .. } => {
                walk_expr(domain, visit);
                walk_query(query, visit);
            }
        }
        for with in &statement.with_mods {
            walk_expr(&with.refr, visit);
            walk_expr(&with.r#as, visit);
        }
    }
}

fn walk_expr<'a>(expr: &'a Expr, visit: &mut dyn FnMut(Node<'a>)) {
    match expr {
        Expr::Var { .. } | Expr::RefDot { .. } | Expr::RefBrack { .. } => {
            let reference = Reference::of(expr);
            let root = reference.root;
            let indices: Vec<&Expr> = (reference.steps.iter())
                .filter_map(|step| match step {
                    Step::Index(index) => Some(*index),
                    Step::Field(..) => None,
                })
                .collect();
            visit(Node::Reference(reference, expr));
            if !matches!(root, Expr::Var { .. }) {
                walk_expr(root, visit);
            }
            for index in indices {
                walk_expr(index, visit);
            }
        }
        Expr::Call { fcn, params, .. } => {
            visit(Node::Call { name: Reference::of(fcn), args: params, expr });
            walk_all(params.iter(), visit);
        }
        Expr::ArrayCompr { term, query, .. } | Expr::SetCompr { term, query, .. } => {
            walk_expr(term, visit);
            walk_query(query, visit);
        }
        Expr::ObjectCompr { key, value, query, .. } => {
            visit(Node::ObjectComprehension);
            walk_expr(key, visit);
            walk_expr(value, visit);
            walk_query(query, visit);
        }
        other => walk_all(operands(other).into_iter(), visit),
    }
}

/// The operands of an expression that is no reference, call or comprehension.
pub(super) fn operands(expr: &Expr) -> Vec<&Ref<Expr>> {
    match expr {
        Expr::Array { items, .. } | Expr::Set { items, .. } => items.iter().collect(),
        Expr::Object { fields, .. } => {
            fields.iter().flat_map(|(_, key, value)| [key, value]).collect()
        }
        Expr::UnaryExpr { expr, .. } => vec![expr],
        Expr::BinExpr { lhs, rhs, .. }
        | Expr::BoolExpr { lhs, rhs, .. }
        | Expr::ArithExpr { lhs, rhs, .. }
        | Expr::AssignExpr { lhs, rhs, .. } => vec![lhs, rhs],
        Expr::Membership { key, value, collection, .. } => {
            key.iter().chain([value, collection]).collect()
        }
        _ => Vec::new(),
    }
}

/// The names that a rule declares for itself: arguments, `some`, `every`, `:=`.
pub(super) fn locals(rule: &Rule) -> BTreeSet<&str> {
    let mut names = BTreeSet::new();
    for arg in head(rule).args {
        pattern_names(arg, &mut names);
    }
    let Rule::Spec { bodies, .. } = rule else { return names };
    for body in bodies {
        query_locals(&body.query, &mut names);
    }
    let mut in_comprehensions = Vec::new();
    collect_queries(rule, &mut in_comprehensions);
    for query in in_comprehensions {
        query_locals(query, &mut names);
    }
    names
}

fn query_locals<'a>(query: &'a Query, names: &mut BTreeSet<&'a str>) {
    for statement in &query.stmts {
        match &statement.literal {
            Literal::SomeVars { vars, .. } => names.extend(vars.iter().map(ast::Span::text)),
            Literal::SomeIn { key, value, .. } => {
                for expr in key.iter().chain([value]) {
                    pattern_names(expr, names);
                }
            }
            Literal::Every { key, value, query, .. } => {
                names.extend(key.iter().chain([value]).map(ast::Span::text));
                query_locals(query, names);
            }
            Literal::Expr { expr, .. } => {
                if let Expr::AssignExpr { op: ast::AssignOp::ColEq, lhs, .. } = &**expr {
                    pattern_names(lhs, names);
                }
            }
            Literal::NotExpr { .. } => {}
        }
    }
}

fn pattern_names<'a>(expr: &'a Expr, names: &mut BTreeSet<&'a str>) {
    match expr {
        Expr::Var { span, .. } => {
            names.insert(span.text());
        }
        other => {
            for operand in operands(other) {
                pattern_names(operand, names);
            }
        }
    }
}

/// The queries of comprehensions, wherever they stand in a rule.
fn collect_queries<'a>(rule: &'a Rule, queries: &mut Vec<&'a Query>) {
    fn of_query<'a>(query: &'a Query, queries: &mut Vec<&'a Query>) {
        for statement in &query.stmts {
            match &statement.literal {
                Literal::SomeVars { .. } => {}
                Literal::SomeIn { collection, .. } => of_expr(collection, queries),
                Literal::Expr { expr, .. } | Literal::NotExpr { expr, .. } => {
                    of_expr(expr, queries)
                }
                Literal::Every { domain, query, .. } => {
                    of_expr(domain, queries);
                    of_query(query, queries);
                }
            }
        }
    }
    fn of_expr<'a>(expr: &'a Expr, queries: &mut Vec<&'a Query>) {
        match expr {
            Expr::ArrayCompr { term, query, .. } | Expr::SetCompr { term, query, .. } => {
                queries.push(query);
                of_expr(term, queries);
                of_query(query, queries);
            }
            Expr::ObjectCompr { key, value, query, .. } => {
                queries.push(query);
                of_expr(key, queries);
                of_expr(value, queries);
                of_query(query, queries);
            }
            Expr::Call { params, .. } => params.iter().for_each(|param| of_expr(param, queries)),
            Expr::RefDot { refr, .. } => of_expr(refr, queries),
            Expr::RefBrack { refr, index, .. } => {
                of_expr(refr, queries);
                of_expr(index, queries);
            }
            other => operands(other).into_iter().for_each(|part| of_expr(part, queries)),
        }
    }
    let Rule::Spec { head, bodies, .. } = rule else { return };
    match head {
        RuleHead::Compr { refr, assign, .. } => {
            of_expr(refr, queries);
            assign.iter().for_each(|assign| of_expr(&assign.value, queries));
        }
        RuleHead::Set { key, .. } => key.iter().for_each(|key| of_expr(key, queries)),
        RuleHead::Func { assign, .. } => {
            assign.iter().for_each(|assign| of_expr(&assign.value, queries));
        }
    }
    for body in bodies {
        body.assign.iter().for_each(|assign| of_expr(&assign.value, queries));
        of_query(&body.query, queries);
    }
}

/// Where an expression iterates with `[_]`; what comprehensions iterate over does not count.
pub(super) fn wildcard(expr: &Expr) -> Option<&ast::Span> {
    match expr {
        Expr::Var { span, .. } => (span.text() == "_").then_some(span),
        Expr::RefDot { .. } | Expr::RefBrack { .. } => {
            let reference = Reference::of(expr);
            let indices = reference.steps.iter().filter_map(|step| match step {
                Step::Index(index) => Some(*index),
                Step::Field(..) => None,
            });
            std::iter::once(reference.root).chain(indices).find_map(wildcard)
        }
        Expr::Call { params, .. } => params.iter().find_map(|param| wildcard(param)),
        other => operands(other).into_iter().find_map(|part| wildcard(part)),
    }
}
