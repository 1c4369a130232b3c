//! The environment of a service, the files it is read from, and the secrets and configs it is given.

use std::sync::Arc;

use plimsoll_sdk::facts::{EnvFile, EnvVar, Grant};
use plimsoll_sdk::{Loc, Nullable};

use super::super::tree::{Node, Value};
use super::read::{as_written, at, elements, mode, provenance, scalar, text};
use super::{Lowering, Service};
use crate::files::FileError;
use crate::source::Place;

impl<'a> Lowering<'a, '_> {
    pub(super) fn environment(
        &mut self,
        service: &Service<'a>,
        incomplete: &mut Vec<String>,
    ) -> Vec<EnvVar> {
        let node = at(service.node, &["environment"]);
        self.field(service.loc, "environment", node);
        let (variables, complete) = self.variables(service.loc, node, "environment");
        if !complete || self.unread.contains(service.name) {
            incomplete.push("environment".into());
        }
        variables
    }

    /// Variables of a mapping, or of a list of `NAME=value`; and whether these are all.
    pub(super) fn variables(
        &mut self,
        parent: Loc,
        node: Option<&Node>,
        from: &str,
    ) -> (Vec<EnvVar>, bool) {
        let mut complete = true;
        let mut variables = Vec::new();
        match node.map(|node| &node.value) {
            Some(Value::Map(map)) => {
                for (name, entry) in map {
                    variables.push(self.variable(parent, name, &entry.key, &entry.node, from));
                }
            }
            Some(Value::Seq(items)) => {
                for item in items {
                    let written = as_written(item).unwrap_or_default();
                    let (name, value) = match written.split_once('=') {
                        Some((name, value)) => (name, Some(value.to_owned())),
                        None => (written.as_str(), None),
                    };
                    if name.contains('$') {
                        complete = false;
                        continue;
                    }
                    let value = match value {
                        Some(value) => item.with(Value::Str(value)),
                        None => item.with(Value::Null),
                    };
                    variables.push(self.variable(parent, name, &item.place, &value, from));
                }
            }
            Some(Value::Null) | None => {}
            Some(_) => complete = false,
        }
        (variables, complete)
    }

    fn variable(
        &mut self,
        parent: Loc,
        name: &str,
        key: &Place,
        node: &Node,
        from: &str,
    ) -> EnvVar {
        let loc = self.entry(parent, key, node);
        self.places.field_in(loc, "name", &key.source, key.span);
        let valued = !node.place.span.is_empty();
        self.field(loc, "value", Some(node).filter(|_| valued));
        let (literal, variables, missing) = provenance(node);
        let in_file = from == "environment" && self.is_env_file(&node.place);
        EnvVar {
            loc,
            name: name.to_owned(),
            value: match &node.value {
                Value::Null => Some(Nullable::Null),
                _ => scalar(node).map(Nullable::Value),
            },
            literal,
            variables,
            missing,
            from: if in_file { "env_file" } else { from }.into(),
            stage: Nullable::Null,
            needed: true,
            shipped: true,
            secret: Nullable::Null,
        }
    }

    /// Whether a place lies in a file of variables, and not in one of the project's own.
    fn is_env_file(&self, place: &Place) -> bool {
        !self.context.files.iter().any(|source| Arc::ptr_eq(source, &place.source))
    }

    pub(super) fn env_files(&mut self, service: &Service<'a>) -> Vec<EnvFile> {
        let list = at(service.node, &["env_file"]);
        self.field(service.loc, "env_files", list);
        let files = elements(list).into_iter().map(|item| {
            let (path, required) = match item.map() {
                Some(_) => (at(item, &["path"]), at(item, &["required"])),
                None => (Some(item), None),
            };
            let loc = self.object(service.loc, item);
            self.field(loc, "path", path);
            self.field(loc, "required", required);
            let path = path.and_then(scalar);
            EnvFile {
                loc,
                required: super::read::boolean(required)
                    .map(|said| said.value().copied().unwrap_or(true)),
                exists: path.as_deref().and_then(|path| self.exists(path)),
                path,
            }
        });
        files.collect()
    }

    /// Whether a file beside the project is there; `None` when that cannot be seen.
    pub(super) fn exists(&self, path: &str) -> Option<bool> {
        self.exists_below(&self.beside(path)?)
    }

    /// Whether a file below the root is there; `None` when that cannot be seen.
    pub(super) fn exists_below(&self, path: &str) -> Option<bool> {
        match self.context.folder?.files.read(path, 0) {
            Ok(_) | Err(FileError::TooLarge(_)) => Some(true),
            Err(FileError::NotFound) => Some(false),
            Err(FileError::NotAFile | FileError::Other(_)) => None,
        }
    }

    /// Secrets or configs that a service is given.
    pub(super) fn grants(&mut self, service: &Service<'a>, kind: &'static str) -> Vec<Grant> {
        let list = at(service.node, &[kind]);
        self.field(service.loc, kind, list);
        let grants = self.grant_list(service.loc, list);
        for grant in &grants {
            let key = (kind, grant.source.clone());
            self.consumers.entry(key).or_default().push(service.name.to_owned());
        }
        grants
    }

    pub(super) fn grant_list(&mut self, parent: Loc, list: Option<&Node>) -> Vec<Grant> {
        let mut grants = Vec::new();
        for item in elements(list) {
            let source = match item.map() {
                Some(_) => at(item, &["source"]),
                None => Some(item),
            };
            let Some(source) = source.and_then(as_written) else { continue };
            let loc = self.object(parent, item);
            for field in ["source", "target", "uid", "gid", "mode"] {
                self.field(loc, field, at(item, &[field]));
            }
            // Compose's own default is no more than what the engine would do.
            let wrote = |key: &str| at(item, &[key]).filter(|node| !node.defaulted);
            grants.push(Grant {
                loc,
                source,
                target: text(wrote("target")),
                uid: text(wrote("uid")),
                gid: text(wrote("gid")),
                mode: mode(wrote("mode")),
            });
        }
        grants
    }
}
