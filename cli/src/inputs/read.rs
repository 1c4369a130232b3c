//! Reading one file as a document.

use std::borrow::Cow;
use std::fs::{File, canonicalize, metadata};
use std::io::{self, Read};
use std::path::Path;
use std::sync::Arc;

use plimsoll_engine::diagnostic::Diagnostic;
use plimsoll_engine::document::{
    Document, FORMATS, FormatRow, Input, MAX_BYTES, ReadOptions, detect_archive, detect_content,
    detect_name_part,
};
use plimsoll_engine::sdk::Nullable;
use plimsoll_engine::source::Source;

use super::{Base, Candidate, Certainty, Origin, shown};

/// The largest file that is looked into because of its name alone, in bytes.
pub(super) const MAX_SUSPECT: u64 = 1 << 20;

/// How much of a file tells whether it is an archive, in bytes.
const BEGINNING: u64 = 512;

/// Reads the documents of a file; none when it was come across and is no document.
///
/// # Errors
///
/// When it cannot be read, or is no document although the user named it.
pub(super) fn read(
    candidate: &Candidate,
    options: &ReadOptions,
) -> Result<Vec<Document>, Diagnostic> {
    if let (Certainty::Suspected, Origin::File(path)) = (candidate.certainty, &candidate.origin) {
        match look(path) {
            Ok(true) => {}
            Ok(false) => return Ok(Vec::new()),
            // Most such files are something else, and not being allowed to read them is no harm.
            Err(error) => {
                let message = unreadable(&candidate.name, &error);
                return Err(Diagnostic::warning(message).help(
                    "it was only to be seen whether it is a document; name it if it is one",
                ));
            }
        }
    }
    let known = match candidate.certainty {
        Certainty::Known(format) | Certainty::Likely(format) => Some(format),
        _ => None,
    };
    if let Origin::Folder(_) = &candidate.origin {
        return Ok(folder(candidate, known, options));
    }
    let mut stream = open(candidate)?;
    let unreadable = |error: io::Error| Diagnostic::error(unreadable(&candidate.name, &error));
    let mut beginning = Vec::new();
    stream.by_ref().take(BEGINNING).read_to_end(&mut beginning).map_err(unreadable)?;
    let archive = known
        .map_or_else(|| detect_archive(&beginning), Some)
        .and_then(|format| format.archive.as_ref())
        .filter(|archive| (archive.is)(&beginning));
    let mut stream = beginning.as_slice().chain(stream);
    if let Some(archive) = archive {
        return Ok((archive.read)(&candidate.name, &mut stream, options));
    }
    let bytes = limited(stream).map_err(unreadable)?;
    if bytes.len() as u64 > MAX_BYTES {
        return Err(Diagnostic::error(too_large(&candidate.name)));
    }
    if let Certainty::Likely(format) = candidate.certainty
        && !(format.is_met)(&file_name(candidate), &String::from_utf8_lossy(&bytes))
    {
        return Ok(Vec::new());
    }
    let source = text(candidate, bytes, known)?;
    let called = || match candidate.certainty {
        Certainty::Named => detect_name_part(&file_name(candidate)),
        _ => None,
    };
    let detected = known.or_else(|| detect_content(source.text())).or_else(called);
    let Some(format) = detected else {
        return match candidate.certainty {
            Certainty::Suspected => Ok(Vec::new()),
            _ => Err(undetected(candidate, &source)),
        };
    };
    Ok(documents(candidate, source, format, options))
}

/// The last part of a candidate's path.
fn file_name(candidate: &Candidate) -> Cow<'_, str> {
    let path = match &candidate.origin {
        Origin::StandardInput => None,
        Origin::File(path) | Origin::Folder(path) | Origin::Link { path, .. } => path.file_name(),
    };
    path.unwrap_or_default().to_string_lossy()
}

/// Reads a text that is of this format.
fn documents(
    candidate: &Candidate,
    source: Arc<Source>,
    format: &FormatRow,
    options: &ReadOptions,
) -> Vec<Document> {
    let lossy = source.is_lossy();
    let input = Input { source, folder: candidate.folder.clone() };
    let mut options = options.clone();
    options.compose.files.clone_from(&candidate.overlays);
    let mut documents = (format.read)(&input, &options);
    if let Some(base) = &candidate.base
        && documents.iter().any(is_fragment)
        && let Some(whole) = merged(candidate, base, format, options)
    {
        documents = whole;
    }
    if lossy && let Some(first) = documents.first_mut() {
        let message = format!("`{}` is not UTF-8 throughout", candidate.name);
        let help = "the bytes that are not were read as replacement characters (U+FFFD)";
        first.problems.push(Diagnostic::warning(message).help(help));
    }
    documents
}

/// Whether a compose file is only a part of a project: a service has neither image nor build.
fn is_fragment(document: &Document) -> bool {
    let mut images = document.facts.containers.iter().map(|container| &container.image);
    images.any(|image| image.raw == Nullable::Null && image.build == Nullable::Null)
}

/// The project that a compose file makes when it is merged over the default one.
fn merged(
    candidate: &Candidate,
    base: &Base,
    format: &FormatRow,
    mut options: ReadOptions,
) -> Option<Vec<Document>> {
    let over = candidate.folder.as_ref()?;
    let path = format!("{}/{}", over.path, over.file_name);
    options.compose.files = vec![path.trim_start_matches('/').to_owned()];
    let source = text_file(&base.path).ok()?;
    let mut documents = (format.read)(&Input { source, folder: base.folder.clone() }, &options);
    for document in &mut documents {
        document.facts.document.name.clone_from(&candidate.name);
        document.name = Arc::from(candidate.name.as_str());
    }
    Some(documents)
}

/// Reads a folder that is one document.
fn folder(
    candidate: &Candidate,
    known: Option<&FormatRow>,
    options: &ReadOptions,
) -> Vec<Document> {
    let reader = known.and_then(|format| format.folder.as_ref());
    let read = reader.zip(candidate.folder.as_ref());
    read.map(|(reader, folder)| (reader.read)(&candidate.name, folder, options)).unwrap_or_default()
}

/// Whether a file of at most [`MAX_SUSPECT`] bytes is a document.
fn look(path: &Path) -> io::Result<bool> {
    let mut bytes = Vec::new();
    File::open(path)?.take(MAX_SUSPECT).read_to_end(&mut bytes)?;
    Ok(!bytes.contains(&0) && detect_content(&String::from_utf8_lossy(&bytes)).is_some())
}

/// Reads a text that options name.
///
/// # Errors
///
/// When it cannot be read, or is too large.
pub(crate) fn text_file(path: &Path) -> Result<Arc<Source>, Diagnostic> {
    let name = shown(path);
    let bytes = regular(path, &name)?.and_then(limited);
    let bytes = bytes.map_err(|error| Diagnostic::error(unreadable(&name, &error)))?;
    if bytes.len() as u64 > MAX_BYTES {
        return Err(Diagnostic::error(too_large(&name)));
    }
    Ok(Source::from_bytes(name, bytes))
}

fn too_large(name: &str) -> String {
    format!("`{name}` is too large: more than {} MiB are not read", MAX_BYTES >> 20)
}

/// Opens what a candidate names; not a folder.
fn open(candidate: &Candidate) -> Result<Box<dyn Read>, Diagnostic> {
    let name = &candidate.name;
    let path = match &candidate.origin {
        Origin::StandardInput => return Ok(Box::new(io::stdin().lock())),
        Origin::File(path) | Origin::Folder(path) => path,
        Origin::Link { path, root } => {
            let target = canonicalize(path).map_err(|error| match error.kind() {
                io::ErrorKind::NotFound => {
                    Diagnostic::error(format!("`{name}` is a link that leads nowhere"))
                }
                _ => Diagnostic::error(unreadable(name, &error)),
            })?;
            if !target.starts_with(root) {
                let message = format!("`{name}` is a link that leads out of the folder checked");
                let help = "it was not followed; name it to have it read";
                return Err(Diagnostic::error(message).help(help));
            }
            path
        }
    };
    let file = regular(path, name)?;
    Ok(Box::new(file.map_err(|error| Diagnostic::error(unreadable(name, &error)))?))
}

fn regular(path: &Path, name: &str) -> Result<io::Result<File>, Diagnostic> {
    // Before opening: opening a pipe would wait for somebody to write into it.
    if metadata(path).is_ok_and(|metadata| !metadata.is_file()) {
        let message = format!("`{name}` is no regular file");
        let help = "to check what a program writes, pipe it into `plimsoll check -`";
        return Err(Diagnostic::error(message).help(help));
    }
    Ok(File::open(path))
}

fn limited(reader: impl Read) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    reader.take(MAX_BYTES + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn text(
    candidate: &Candidate,
    bytes: Vec<u8>,
    known: Option<&FormatRow>,
) -> Result<Arc<Source>, Diagnostic> {
    let name = &candidate.name;
    if bytes.contains(&0) {
        let wide = bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]);
        let (what, help) = if wide {
            ("is UTF-16, which builders do not read", "save it as UTF-8")
        } else {
            ("is binary, not text", "an image is read as a tar archive, as `docker save` writes it")
        };
        return Err(Diagnostic::error(format!("`{name}` {what}")).help(help));
    }
    if known.is_none() && bytes.iter().all(u8::is_ascii_whitespace) {
        return Err(Diagnostic::error(format!("`{name}` is empty")));
    }
    Ok(Source::from_bytes(name.clone(), bytes))
}

fn undetected(candidate: &Candidate, source: &Source) -> Diagnostic {
    let kinds: Vec<_> =
        FORMATS.iter().map(|format| format!("{} ({})", format.name, format.description)).collect();
    let path = match &candidate.origin {
        Origin::StandardInput => "-",
        _ => source.name(),
    };
    let kind = FORMATS.first().map_or("KIND", |format| format.name);
    let help =
        format!("say what it is, as in `{kind}:{path}`; the kinds are: {}", kinds.join(", "));
    Diagnostic::error(format!("cannot tell what `{}` is", source.name())).help(help)
}

pub(super) fn unreadable(name: &str, error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => format!("there is no `{name}`"),
        io::ErrorKind::PermissionDenied => format!("no permission to read `{name}`"),
        _ => format!("cannot read `{name}`: {error}"),
    }
}
