//! Dockerfiles of services, read with the arguments and the target that the service gives.

use std::sync::Arc;

use super::super::tree::{Node, Value};
use super::inline::relocation;
use super::path::join;
use super::read::{as_written, at, elements, scalar};
use super::{Lowering, Service};
use crate::diagnostic::Diagnostic;
use crate::document::{Folder, Input, MAX_BYTES, ReadOptions, ServiceBuild, dockerfile};
use crate::files::FileError;
use crate::source::Source;

/// How many Dockerfiles are read for one project.
const MAX_DOCKERFILES: usize = 200;
/// How many bytes they may hold together: each of many services may build the same large one.
const MAX_DOCKERFILE_BYTES: usize = 16 << 20;

/// What is left of the Dockerfiles that may be read.
#[derive(Debug)]
pub(super) struct Budget {
    files: usize,
    bytes: usize,
    told: bool,
}

impl Default for Budget {
    fn default() -> Self {
        Budget { files: MAX_DOCKERFILES, bytes: MAX_DOCKERFILE_BYTES, told: false }
    }
}

impl<'a> Lowering<'a, '_> {
    /// Reads the Dockerfile of a service that builds, for the container of that index.
    pub(super) fn dockerfile(&mut self, container: usize, service: &Service<'a>) {
        let Some(build) = at(service.node, &["build"]) else { return };
        let Some(input) = self.dockerfile_input(service, build) else { return };
        let size = input.source.text().len();
        let budget = &mut self.dockerfile_budget;
        if budget.files == 0 || budget.bytes < size {
            if !std::mem::replace(&mut budget.told, true) {
                let message = format!(
                    "the services build more than {MAX_DOCKERFILES} Dockerfiles or {} MiB of them: \
                     the rest is not read",
                    MAX_DOCKERFILE_BYTES >> 20,
                );
                self.problems.push(Diagnostic::error(message).at(build.place.clone()));
            }
            return;
        }
        budget.files -= 1;
        budget.bytes -= size;
        let options = self.dockerfile_options(service, build);
        let inline = at(build, &["dockerfile_inline"]);
        let relocation = inline.map(|node| relocation(node, &input.source));
        for mut document in dockerfile::read(&input, &options) {
            if let Some(relocation) = &relocation {
                document.places.relocate(relocation);
            }
            let relocation = relocation.clone();
            self.builds.push(ServiceBuild { container, document, relocation });
        }
    }

    /// The text of the Dockerfile; `None` when there is none that can be read here.
    fn dockerfile_input(&mut self, service: &Service<'a>, build: &Node) -> Option<Input> {
        let local = self.local_context(build);
        if let Some(inline) = at(build, &["dockerfile_inline"]) {
            let message = format!(
                "the Dockerfile of `{}` is written inline: what its image sets is judged, its \
                 instructions are not",
                service.name
            );
            self.problems.push(
                Diagnostic::warning(message)
                    .at(inline.place.clone())
                    .help("put it into a file, which is judged as any Dockerfile"),
            );
            let text = scalar(inline)?;
            let name = format!("{}#services.{}.build", self.main.name(), service.name);
            let folder = self.context.folder.zip(local);
            let folder = folder.map(|(folder, path)| Folder {
                files: Arc::clone(&folder.files),
                path,
                file_name: "Dockerfile".into(),
            });
            return Some(Input { source: Source::new(name, text), folder });
        }
        let folder = self.context.folder?;
        let context = local?;
        let node = at(build, &["dockerfile"]);
        let name = match node {
            Some(node) => scalar(node)?,
            None => "Dockerfile".to_owned(),
        };
        let place = node.filter(|node| !node.defaulted).unwrap_or(build).place.clone();
        let path = join(&context, &name)?;
        let bytes = match folder.files.read(&path, MAX_BYTES) {
            Ok(bytes) => bytes,
            Err(error) => {
                let message = match error {
                    FileError::NotFound => format!("there is no Dockerfile {path}"),
                    error => format!("cannot read the Dockerfile {path}: {error}"),
                };
                self.problems.push(
                    Diagnostic::warning(message)
                        .at(place)
                        .help("what its image sets is not known without it"),
                );
                return None;
            }
        };
        let source = Source::from_bytes(self.shown(folder, &path), bytes);
        let (path, file_name) = path.rsplit_once('/').unwrap_or(("", &path));
        let folder = Folder {
            files: Arc::clone(&folder.files),
            path: path.to_owned(),
            file_name: file_name.to_owned(),
        };
        Some(Input { source, folder: Some(folder) })
    }

    /// The folder below the root that is built, if it is one.
    fn local_context(&self, build: &Node) -> Option<String> {
        let context = match at(build, &["context"]) {
            Some(node) => scalar(node)?,
            None => ".".to_owned(),
        };
        join(&self.context.info.folder, &context).filter(|_| is_local(&context))
    }

    /// A path below the root as the user would name it: as the main file is named.
    fn shown(&self, folder: &Folder, path: &str) -> String {
        let main = join(&folder.path, &folder.file_name).unwrap_or_default();
        match self.main.name().strip_suffix(&main) {
            Some(front) if front.is_empty() || front.ends_with('/') => format!("{front}{path}"),
            _ => path.to_owned(),
        }
    }

    fn dockerfile_options(&self, service: &Service<'a>, build: &Node) -> ReadOptions {
        let mut options = ReadOptions {
            build_context: self.local_context(build),
            target: at(build, &["target"]).and_then(scalar).filter(|text| !text.is_empty()),
            platform: platform(service.node, build),
            ..ReadOptions::default()
        };
        let args = at(build, &["args"]);
        let pairs: Vec<(String, Option<String>)> = match args.map(|node| &node.value) {
            Some(Value::Map(map)) => {
                map.iter().map(|(name, entry)| (name.clone(), scalar(&entry.node))).collect()
            }
            Some(Value::Seq(items)) => items.iter().filter_map(argument).collect(),
            _ => Vec::new(),
        };
        for (name, value) in pairs {
            match value {
                Some(value) => options.build_args.push((name, value)),
                // The environment of who builds may set it: its default need not be in force.
                None => options.unknown_build_args.push(name),
            }
        }
        options
    }
}

/// The one platform that is built for, if that is known.
fn platform(service: &Node, build: &Node) -> Option<String> {
    let platform = at(service, &["platform"]).and_then(scalar).filter(|text| !text.is_empty());
    platform.or_else(|| match elements(at(build, &["platforms"])).as_slice() {
        [one] => scalar(one),
        _ => None,
    })
}

fn argument(item: &Node) -> Option<(String, Option<String>)> {
    let text = as_written(item)?;
    let (name, value) = match text.split_once('=') {
        Some((name, value)) if !item.is_unknown() => (name, Some(value.to_owned())),
        Some((name, _)) => (name, None),
        None => (text.as_str(), None),
    };
    Some((name.to_owned(), value))
}

/// Whether a context is a folder, and not a Git repository, an archive or an image.
fn is_local(context: &str) -> bool {
    !context.contains("://")
        && !context.starts_with("git@")
        && !context.starts_with("github.com/")
        && !context.starts_with("service:")
}
