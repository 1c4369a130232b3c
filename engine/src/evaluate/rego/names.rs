//! What the modules of a bundle define, and who refers to whom.

use std::collections::BTreeMap;

use regorus::unstable::Span;

use super::syntax::{Head, Module, Sort, head};

/// A rule or a function by its package and its name.
pub(super) type Name = (Vec<String>, String);

/// What is known of a definition.
#[derive(Clone)]
pub(super) struct Definition {
    pub(super) sort: Sort,
    /// The number of arguments of a function.
    pub(super) arity: usize,
    /// The index of the module that defines it first.
    pub(super) module: usize,
    /// Where that is.
    pub(super) span: Span,
}

/// Everything that a bundle's modules define.
pub(super) struct Names {
    packages: BTreeMap<Vec<String>, BTreeMap<String, Definition>>,
}

impl Names {
    pub(super) fn of(modules: &[Module]) -> Self {
        let mut packages: BTreeMap<_, BTreeMap<_, _>> = BTreeMap::new();
        for (index, module) in modules.iter().enumerate() {
            let names = packages.entry(module.package.clone()).or_default();
            for rule in &module.ast.policy {
                let Head { name, span, sort, args } = head(rule);
                names.entry(name.to_owned()).or_insert_with(|| Definition {
                    sort,
                    arity: args.len(),
                    module: index,
                    span: span.clone(),
                });
            }
        }
        Names { packages }
    }

    /// Whether a package defines a name.
    pub(super) fn has(&self, package: &[String], name: &str) -> bool {
        self.packages.get(package).is_some_and(|names| names.contains_key(name))
    }

    pub(super) fn get(&self, name: &Name) -> Option<&Definition> {
        self.packages.get(&name.0)?.get(&name.1)
    }

    /// The package that a path without `data` begins with, the longest if there are several.
    pub(super) fn package_of<'p>(&self, path: &'p [String]) -> Option<&'p [String]> {
        (1..=path.len())
            .rev()
            .filter_map(|end| path.get(..end))
            .find(|package| self.packages.contains_key(*package))
    }

    /// The names of a package.
    pub(super) fn in_package(&self, package: &[String]) -> impl Iterator<Item = &str> {
        self.packages.get(package).into_iter().flat_map(|names| names.keys().map(String::as_str))
    }
}
