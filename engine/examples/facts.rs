//! Prints the facts of a Dockerfile.
#![allow(clippy::print_stdout, clippy::print_stderr, clippy::unwrap_used)]
use plimsoll_engine::{document, source::Source};
fn main() {
    let path = std::env::args().nth(1).unwrap();
    let source = Source::from_bytes(path.clone(), std::fs::read(&path).unwrap());
    let dir = std::path::Path::new(&path).parent().unwrap().to_path_buf();
    let dir = if dir.as_os_str().is_empty() { ".".into() } else { dir };
    let files = std::sync::Arc::new(plimsoll_engine::files::DiskFiles::open(&dir).unwrap());
    let name = std::path::Path::new(&path).file_name().unwrap().to_string_lossy().into_owned();
    let folder = Some(document::Folder { files, path: String::new(), file_name: name });
    let input = document::Input { source, folder };
    let doc = document::dockerfile::read(&input, &document::ReadOptions::default());
    println!("{}", serde_json::to_string_pretty(&doc.facts).unwrap());
    for problem in &doc.problems {
        eprintln!("{problem:?}");
    }
}
