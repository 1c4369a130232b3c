//! From syntax to facts.
//!
//! One pass over the stages in source order, as BuildKit dispatches them: a stage starts from the
//! state that the stage it is built on ended with, and the target's last state is the image. What
//! needs the whole file (which stages the target needs) is worked out before, in [`graph`].

mod context;
mod copy;
mod graph;
mod image;
mod lists;
mod references;
mod run;
mod scope;
mod stage;
#[cfg(test)]
mod tests;
mod undeclared;
mod user;

use std::collections::HashSet;
use std::sync::Arc;

use plimsoll_sdk::facts::{Build, Comment, Facts, Image, ImageRef, Label};
use plimsoll_sdk::{Loc, Nullable};

use super::syntax::{Dockerfile, Text};
use super::{KIND, parse};
use crate::diagnostic::Diagnostic;
use crate::document::{Document, Input, PlaceTable, ReadOptions};
use crate::notation::platform::Platform;
use crate::source::{Source, Span};
use graph::Graph;
use references::narrow;
use scope::{Scope, Substitution};
use stage::StageState;

/// Reads and lowers a Dockerfile.
pub(super) fn lower(input: &Input, options: &ReadOptions) -> Document {
    let (syntax, mut problems) = parse(&input.source);
    let source = Arc::clone(&input.source);
    let mut lowering = Lowering::new(&source, &syntax, options, &mut problems);
    lowering.directives(&syntax);
    lowering.stages();
    lowering.context(input);
    let (facts, places) = lowering.finish(&source);
    Document { problems, ..Document::new(KIND, vec![source], facts, places) }
}

/// What is being built up.
struct Lowering<'a> {
    options: &'a ReadOptions,
    problems: &'a mut Vec<Diagnostic>,
    substitution: Substitution<'a>,
    /// The scope before the first FROM.
    globals: Scope,
    graph: Graph<'a>,
    /// The platform that is built for, when the caller said.
    platform: Option<Platform>,
    places: PlaceTable,
    build: Build,
    references: Vec<ImageRef>,
    images: Vec<Image>,
    /// What FROM lines refer to and no ARG before them declares, the last first.
    undeclared_in_froms: Vec<undeclared::Undeclared>,
    /// The names that the ARGs and ENVs of the stage at hand declare.
    declared_in_stage: HashSet<&'a str>,
    /// The state each stage ended with.
    states: Vec<StageState<'a>>,
}

impl<'a> Lowering<'a> {
    fn new(
        source: &'a Arc<Source>,
        syntax: &'a Dockerfile,
        options: &'a ReadOptions,
        problems: &'a mut Vec<Diagnostic>,
    ) -> Self {
        let substitution = Substitution::new(syntax.escape, source);
        let platform = options.platform.as_deref().and_then(|text| {
            Platform::parse(text, &Platform::new("linux", "amd64"))
                .map_err(|error| {
                    let message = format!("`{text}` is no platform: {error}");
                    problems.push(Diagnostic::error(message).help("name one like linux/arm64"));
                })
                .ok()
        });
        let mut places = PlaceTable::new(source);
        let build = empty_build(places.object(None, Span::new(0, source.text().len())));
        let mut lowering = Lowering {
            options,
            globals: scope::platform_arguments(platform.as_ref()),
            graph: Graph::default(),
            platform,
            substitution,
            problems,
            places,
            build,
            references: Vec::new(),
            images: Vec::new(),
            undeclared_in_froms: Vec::new(),
            declared_in_stage: HashSet::new(),
            states: Vec::new(),
        };
        lowering.global_arguments(syntax);
        lowering.graph = Graph::build(
            syntax,
            &lowering.globals,
            &scope::default_arguments(syntax, lowering.platform.as_ref(), &lowering.substitution),
            options.target.as_deref(),
            &lowering.substitution,
            lowering.problems,
        );
        lowering.undeclared_in_froms = lowering.substitution.undeclared();
        lowering.undeclared_in_froms.reverse();
        lowering
    }

    fn directives(&mut self, syntax: &Dockerfile) {
        for directive in &syntax.directives {
            let span = directive.name.span.cover(directive.value.span);
            let loc = self.places.object(Some(self.build.loc), span);
            self.places.field(loc, "value", directive.value.span);
            self.build.directives.push(Label {
                loc,
                key: Some(directive.name.value.clone()),
                value: Some(directive.value.value.clone()),
                variables: Vec::new(),
            });
            if directive.name.value == "syntax" {
                self.syntax_reference(&directive.value);
            }
        }
        for comment in &syntax.comments {
            let loc = self.places.object(Some(self.build.loc), comment.span);
            let (text, line) = (comment.text.clone(), comment.line);
            self.build.comments.push(Comment { loc, text, line, alone: true });
        }
    }

    fn stages(&mut self) {
        for index in 0..self.graph.stages.len() {
            let state = self.stage(index);
            self.states.push(state);
        }
        self.build.target = self.graph.target.map(narrow).into();
        if let Some(target) = self.graph.target {
            self.image(target);
        }
    }

    fn finish(self, source: &Source) -> (Facts, PlaceTable) {
        let facts = Facts {
            images: self.images,
            references: self.references,
            build: Some(self.build),
            ..Facts::new(KIND, source.name())
        };
        (facts, self.places)
    }

    /// Registers an object below a stage, or below the build.
    fn object(&mut self, parent: Loc, span: Span) -> Loc {
        self.places.object(Some(parent), span)
    }

    /// Registers an object for a text.
    fn text_object(&mut self, parent: Loc, text: &Text) -> Loc {
        self.places.object(Some(parent), text.span)
    }
}

fn empty_build(loc: Loc) -> Build {
    Build {
        loc,
        target: Nullable::Null,
        stages: Vec::new(),
        instructions: Vec::new(),
        variables: Vec::new(),
        undeclared: Vec::new(),
        labels: Vec::new(),
        runs: Vec::new(),
        package_operations: Vec::new(),
        copies: Vec::new(),
        exposes: Vec::new(),
        workdirs: Vec::new(),
        dockerignore: None,
        context: None,
        directives: Vec::new(),
        comments: Vec::new(),
    }
}
