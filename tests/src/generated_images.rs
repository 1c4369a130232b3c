//! Archives of images, made up: as `docker save` writes them.

use std::fmt;
use std::io::{self, Read};

/// How large an image is.
#[derive(Clone, Copy, Debug)]
pub struct Layers {
    /// The number of layers.
    pub layers: usize,
    /// The number of files of each.
    pub files: usize,
    /// The length of each file.
    pub bytes: usize,
}

impl fmt::Display for Layers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} layers of {} files of {} bytes", self.layers, self.files, self.bytes)
    }
}

/// The archive, in memory.
#[must_use]
pub fn archive(layers: Layers) -> Vec<u8> {
    let mut bytes = Vec::new();
    // What is made here does not fail.
    let _ = stream(layers).read_to_end(&mut bytes);
    bytes
}

/// The archive, made while it is read: it may be larger than memory.
#[must_use]
pub fn stream(layers: Layers) -> Box<dyn Read + Send> {
    let paths: Vec<String> = (0..layers.layers).map(|n| format!("\"{n}/layer.tar\"")).collect();
    let manifest = format!(
        r#"[{{"Config":"config.json","RepoTags":["app:1"],"Layers":[{}]}}]"#,
        paths.join(",")
    );
    // The digests are not known before the layers are made: history and all, but none of them.
    let lines: Vec<String> = (0..layers.layers).map(line).collect();
    let config = format!(
        r#"{{"os":"linux","architecture":"amd64","history":[{}],"rootfs":{{"type":"layers","diff_ids":null}}}}"#,
        lines.join(",")
    );
    let mut parts: Vec<Box<dyn Read + Send>> = Vec::new();
    for number in 0..layers.layers {
        let length = layers.files * (512 + layers.bytes.next_multiple_of(512)) + 1024;
        parts.push(Box::new(io::Cursor::new(header(
            &format!("{number}/layer.tar"),
            0o644,
            length,
        ))));
        parts.push(Box::new(layer(layers, number)));
    }
    for (path, text) in [("config.json", config), ("manifest.json", manifest)] {
        let mut bytes = header(path, 0o644, text.len()).to_vec();
        bytes.extend(text.as_bytes());
        bytes.resize(bytes.len().next_multiple_of(512), 0);
        parts.push(Box::new(io::Cursor::new(bytes)));
    }
    parts.push(Box::new(io::repeat(0).take(1024)));
    let empty: Box<dyn Read + Send> = Box::new(io::empty());
    parts.into_iter().fold(empty, |front, part| Box::new(front.chain(part)))
}

/// An archive of files: paths and contents.
#[must_use]
pub fn files<'a>(files: impl IntoIterator<Item = (&'a str, &'a [u8])>) -> Vec<u8> {
    files_of_modes(files.into_iter().map(|(path, content)| (path, 0o644, content)))
}

/// An archive of files: paths, permission bits and contents.
#[must_use]
pub fn files_of_modes<'a>(files: impl IntoIterator<Item = (&'a str, u32, &'a [u8])>) -> Vec<u8> {
    let mut archive = Vec::new();
    for (path, mode, content) in files {
        archive.extend(header(path, mode, content.len()));
        archive.extend(content);
        archive.resize(archive.len().next_multiple_of(512), 0);
    }
    archive.resize(archive.len() + 1024, 0);
    archive
}

/// The archive of an image with these packages of Alpine: names and licences.
#[must_use]
pub fn with_packages(packages: &[(&str, &str)]) -> Vec<u8> {
    let database: String = packages
        .iter()
        .map(|(name, licence)| format!("P:{name}\nV:1.0-r0\nA:x86_64\nL:{licence}\n\n"))
        .collect();
    let layer = files([
        ("etc/os-release", &b"ID=alpine\nVERSION_ID=3.22.2\n"[..]),
        ("lib/apk/db/installed", database.as_bytes()),
    ]);
    let config = br#"{"os":"linux","architecture":"amd64","config":{"User":"10001"},"history":[{"created_by":"ADD rootfs.tar.gz / # buildkit"}],"rootfs":{"type":"layers","diff_ids":null}}"#;
    let manifest =
        br#"[{"Config":"config.json","RepoTags":["packages:1"],"Layers":["0/layer.tar"]}]"#;
    files([
        ("0/layer.tar", &layer[..]),
        ("config.json", &config[..]),
        ("manifest.json", &manifest[..]),
    ])
}

fn layer(layers: Layers, number: usize) -> impl Read + Send {
    let padded = layers.bytes.next_multiple_of(512);
    let mut file = 0;
    let next = move || {
        (file < layers.files).then(|| {
            let mode = if file % 100 == 0 { 0o4755 } else { 0o644 };
            let mut bytes = header(
                &format!("usr/lib/folder{}/file{number}-{file}", file % 50),
                mode,
                layers.bytes,
            )
            .to_vec();
            bytes.resize(512 + padded, 0x5a);
            file += 1;
            bytes
        })
    };
    Pieces { next, piece: io::Cursor::new(Vec::new()) }.chain(io::repeat(0).take(1024))
}

/// Bytes that are made piece by piece.
struct Pieces<F> {
    next: F,
    piece: io::Cursor<Vec<u8>>,
}

impl<F: FnMut() -> Option<Vec<u8>>> Read for Pieces<F> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            let count = self.piece.read(buffer)?;
            if count > 0 || buffer.is_empty() {
                return Ok(count);
            }
            match (self.next)() {
                Some(bytes) => self.piece = io::Cursor::new(bytes),
                None => return Ok(0),
            }
        }
    }
}

fn header(path: &str, mode: u32, size: usize) -> [u8; 512] {
    let mut block = [0; 512];
    let mut put =
        |at: usize, text: &str| block[at..at + text.len()].copy_from_slice(text.as_bytes());
    put(0, path);
    put(100, &format!("{mode:07o}"));
    put(124, &format!("{size:011o}"));
    put(148, "        ");
    put(156, "0");
    put(257, "ustar");
    put(263, "00");
    let sum: u32 = block.iter().map(|byte| u32::from(*byte)).sum();
    block[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
    block
}

fn line(number: usize) -> String {
    format!(
        r#"{{"created_by":"RUN |1 V={number} /bin/sh -c apt-get update \u0026\u0026 apt-get install -y gcc{number} # buildkit"}}"#
    )
}

/// A configuration with a history of so many lines.
#[must_use]
pub fn history(lines: usize) -> String {
    let lines: Vec<String> = (0..lines).map(line).collect();
    format!(
        r#"{{"os":"linux","architecture":"amd64","history":[{}],"rootfs":{{"type":"layers","diff_ids":[]}}}}"#,
        lines.join(",")
    )
}
