//! The history of an image: what made its layers.

use std::sync::Arc;

use plimsoll_sdk::facts::{History, Image, PackageOperation};
use plimsoll_sdk::{Loc, Nullable};

use super::super::created_by::{self, CreatedBy};
use super::super::limits;
use super::super::shape::{Json, StringPlaces};
use super::{Lowering, config, narrow};
use crate::document::script;
use crate::shell;
use crate::source::{Source, Span};
use crate::yaml::{Node, Value};

/// A line of a history, as a configuration or `docker history` has it.
pub(in super::super) struct HistoryLine<'n> {
    pub(in super::super) source: &'n Arc<Source>,
    pub(in super::super) node: &'n Node,
    pub(in super::super) created_by: Option<(&'n str, &'n Node)>,
    pub(in super::super) created: Option<&'n str>,
    pub(in super::super) author: Option<&'n str>,
    pub(in super::super) comment: Option<&'n str>,
    /// Whether `created_by` is the script that was run, without the shell that ran it.
    pub(in super::super) is_script: bool,
    pub(in super::super) empty_layer: bool,
    pub(in super::super) size_bytes: Option<u64>,
}

impl Lowering<'_> {
    /// Adds the history of a configuration.
    pub(super) fn history(&mut self, image: &mut Image, json: &Json) {
        let mut shape = self.shape(json);
        let items = shape.list(&json.node, "history");
        if items.len() > limits::LISTED {
            image.incomplete.extend(["history".into(), "installs".into()]);
        }
        let mut lines = Vec::new();
        for node in items.iter().take(limits::LISTED) {
            if !matches!(node.value, Value::Map(_)) {
                shape.error(node.span, "a line of the history is an object");
                continue;
            }
            lines.push(HistoryLine {
                source: &json.source,
                node,
                created_by: shape.text(node, "created_by"),
                created: shape.text(node, "created").map(|(text, _)| text),
                author: shape.text(node, "author").map(|(text, _)| text),
                comment: shape.text(node, "comment").map(|(text, _)| text),
                is_script: false,
                empty_layer: shape.flag(node, "empty_layer").unwrap_or_default(),
                size_bytes: None,
            });
        }
        self.lines(image, &lines);
    }

    /// Adds the history that the configurations of single layers make up, the oldest first.
    pub(super) fn first_form(&mut self, image: &mut Image, configs: &[Json]) {
        let mut lines = Vec::new();
        for json in configs {
            let mut shape = self.shape(json);
            let node = &*json.node;
            let ran = shape.object(node, "container_config");
            // The command as it was run: `["/bin/sh", "-c", "apk add curl"]`.
            let words = ran.map(|ran| shape.texts(ran, "Cmd")).unwrap_or_default();
            lines.push(HistoryLine {
                source: &json.source,
                node,
                created_by: words.last().copied(),
                is_script: words.len() == 3,
                created: shape.text(node, "created").map(|(text, _)| text),
                author: shape.text(node, "author").map(|(text, _)| text),
                comment: shape.text(node, "comment").map(|(text, _)| text),
                empty_layer: shape.flag(node, "throwaway").unwrap_or_default(),
                size_bytes: None,
            });
        }
        self.lines(image, &lines);
    }

    /// Adds lines, the oldest first.
    pub(super) fn lines(&mut self, image: &mut Image, lines: &[HistoryLine<'_>]) {
        for (index, line) in lines.iter().enumerate() {
            let fact = self.line(image, line, narrow(index));
            image.history.push(fact);
        }
    }

    fn line(&mut self, image: &mut Image, line: &HistoryLine<'_>, index: u32) -> History {
        let span = line.created_by.map_or(line.node.span, |(_, node)| node.span);
        let loc = self.places.object_in(Some(image.loc), line.source, span);
        let owned = |text: Option<&str>| {
            Nullable::from(text.filter(|text| !text.is_empty()).map(str::to_owned))
        };
        let mut history = History {
            loc,
            index,
            created_by: owned(line.created_by.map(|(text, _)| text)),
            instruction: None,
            arguments: None,
            commands: Vec::new(),
            package_operations: Vec::new(),
            build_args: Vec::new(),
            empty_layer: line.empty_layer,
            layer: line.empty_layer.then_some(Nullable::Null),
            created: owned(line.created),
            author: owned(line.author),
            comment: owned(line.comment),
            size_bytes: line.size_bytes,
            incomplete: Vec::new(),
        };
        let Some((text, node)) = line.created_by else { return history };
        let mut read = created_by::parse(text);
        if line.is_script && read.instruction.is_none() {
            read = CreatedBy::script(text);
        }
        let places = StringPlaces::new(line.source, node.span);
        let arguments = text.get(read.arguments.clone()).unwrap_or_default();
        self.places.field(loc, "created_by", node.span);
        self.places.field(loc, "arguments", places.span(read.arguments.clone()));
        history.instruction.clone_from(&read.instruction);
        history.arguments = read.instruction.is_some().then(|| arguments.to_owned());
        for arg in &read.build_args {
            let whole = places.span(arg.name.start..arg.value.end);
            let arg_loc = self.places.object_within(loc, whole);
            self.places.field(arg_loc, "name", places.span(arg.name.clone()));
            self.places.field(arg_loc, "value", places.span(arg.value.clone()));
            let name = text.get(arg.name.clone()).unwrap_or_default();
            let value = text.get(arg.value.clone());
            history.build_args.push(config::variable(arg_loc, name, value, "ARG"));
        }
        self.script(image, &mut history, &read, arguments, &places);
        history
    }

    fn script(
        &mut self,
        image: &mut Image,
        history: &mut History,
        read: &CreatedBy,
        arguments: &str,
        places: &StringPlaces,
    ) {
        let Some(dialect) = read.dialect else { return };
        let script = shell::commands(arguments, dialect);
        if !script.complete {
            history.incomplete.push("commands".into());
            if !image.incomplete.iter().any(|list| list == "installs") {
                image.incomplete.push("installs".into());
            }
        }
        let start = read.arguments.start;
        let span = |range: std::ops::Range<usize>| -> Span {
            places.span(start + range.start..start + range.end)
        };
        for command in &script.commands {
            let fact = script::command(&mut self.places, history.loc, command, 0, &span);
            history.commands.push(fact);
        }
        let site =
            script::Site { stage: Nullable::Null, run: history.index, needed: true, shipped: true };
        history.package_operations =
            script::operations(&mut self.places, history.loc, &script, 0, &span, &site);
        for operation in &history.package_operations {
            if operation.action == "install" {
                let install = self.install(image.loc, operation);
                image.installs.push(install);
            }
        }
    }

    /// An operation of the history as one of the image.
    fn install(&mut self, image: Loc, operation: &PackageOperation) -> PackageOperation {
        let mut install = operation.clone();
        install.loc = self.again(image, operation.loc);
        for package in &mut install.packages {
            package.loc = self.again(install.loc, package.loc);
        }
        install
    }

    /// Another object in the place of one.
    fn again(&mut self, parent: Loc, loc: Loc) -> Loc {
        match self.places.place(loc) {
            Some(place) => self.places.object_at(Some(parent), &place),
            None => loc,
        }
    }
}
