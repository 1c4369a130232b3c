//! Command lines as facts: those of a Dockerfile's RUNs, and those in the history of an image.

use std::collections::HashSet;
use std::ops::Range;

use plimsoll_sdk::facts::{self, PackageOperation};
use plimsoll_sdk::{Loc, Nullable};

use super::PlaceTable;
use crate::shell::{self, Script, packages};
use crate::source::Span;

/// What is the same for all package operations of a script.
#[derive(Clone, Debug)]
pub(super) struct Site {
    /// The index of the stage.
    pub(super) stage: Nullable<u32>,
    /// The index of the run, or of the line of the history.
    pub(super) run: u32,
    /// Whether the target stage needs the stage.
    pub(super) needed: bool,
    /// Whether it ships.
    pub(super) shipped: bool,
}

/// A command of a script as a fact. `offset` is how many commands of earlier scripts its list has
/// already; `span` gives the place of a range of the script's text.
pub(super) fn command(
    places: &mut PlaceTable,
    run: Loc,
    command: &shell::Command,
    offset: usize,
    span: &dyn Fn(Range<usize>) -> Span,
) -> facts::Command {
    let loc = places.object_within(run, span(command.range.clone()));
    if let Some(name) = &command.name {
        places.field(loc, "name", span(name.range.clone()));
    }
    let items = command.args.iter().map(|word| span(word.range.clone())).collect();
    places.items(loc, "args", items);
    let assignments = command.assignments.iter().map(|assignment| facts::Assignment {
        loc: places.object_within(loc, span(assignment.range.clone())),
        name: assignment.name.clone(),
        value: assignment.value.text.clone(),
    });
    let assignments = assignments.collect();
    let redirects = command.redirects.iter().map(|redirect| facts::Redirect {
        loc: places.object_within(loc, span(redirect.range.clone())),
        operator: redirect.operator.into(),
        target: redirect.target.text.clone(),
    });
    let redirects = redirects.collect();
    let index = |other: Option<usize>| other.map(|index| narrow(offset + index)).into();
    facts::Command {
        loc,
        name: command.name.as_ref().map(|_| command.program().to_owned()).into(),
        args: command.args.iter().map(|word| word.text.clone()).collect(),
        assignments,
        redirects,
        pipe_from: index(command.pipe_from),
        pipe_to: index(command.pipe_to),
        wrapped_by: index(command.wrapped_by),
        separator: match command.separator {
            shell::Separator::Newline => ";".into(),
            shell::Separator::End => "end".into(),
            other => other.as_str().into(),
        },
        conditional: command.conditional,
        subshell: command.subshell || command.substitution,
    }
}

/// What a script asks of package managers; arguments as for [`command`].
pub(super) fn operations(
    places: &mut PlaceTable,
    run: Loc,
    script: &Script,
    offset: usize,
    span: &dyn Fn(Range<usize>) -> Span,
    site: &Site,
) -> Vec<PackageOperation> {
    let found = script.package_operations();
    let removed: HashSet<(usize, usize)> =
        packages::removed(found.iter().map(|(_, operation)| operation))
            .into_iter()
            .map(|removal| (removal.installed_by, removal.package))
            .collect();
    let mut operations = Vec::with_capacity(found.len());
    for (number, (index, operation)) in found.into_iter().enumerate() {
        let range = script.commands[index].range.clone();
        let loc = places.object_within(run, span(range));
        let packages =
            operation.packages.into_iter().enumerate().map(|(at, package)| facts::Package {
                loc: places.object_within(loc, span(package.range)),
                name: package.name,
                version: package.version.into(),
                exact: package.exact,
                kind: package.kind.as_str().into(),
                removed: removed.contains(&(number, at)),
            });
        let packages = packages.collect();
        operations.push(PackageOperation {
            loc,
            manager: operation.manager.as_str().into(),
            program: operation.program,
            action: if operation.dry_run { "other" } else { operation.action.as_str() }.into(),
            stage: site.stage,
            run: site.run,
            command: narrow(offset + index),
            needed: site.needed,
            shipped: site.shipped,
            packages,
            assume_yes: operation.assume_yes,
            no_recommends: operation.no_recommends,
            no_cache: operation.no_cache,
            updates_index: operation.update,
            global: operation.global,
        });
    }
    operations
}

fn narrow(index: usize) -> u32 {
    u32::try_from(index).unwrap_or(u32::MAX)
}
