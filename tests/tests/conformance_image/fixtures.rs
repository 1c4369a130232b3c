//! Archives, layouts and manifests of other projects: which images they are, and which are damaged.

use std::collections::BTreeMap;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;

use plimsoll_engine::document::{Document, Folder, ReadOptions, image};
use plimsoll_engine::files::DiskFiles;
use plimsoll_engine::sdk::facts::Image;
use plimsoll_tests::{ratchet, suites};

use super::{errors, read_json};

/// Every file below a folder, by its path from there.
fn files(root: &Path) -> BTreeMap<String, PathBuf> {
    let mut files = BTreeMap::new();
    let mut folders = vec![root.to_path_buf()];
    while let Some(folder) = folders.pop() {
        let entries = std::fs::read_dir(&folder).unwrap_or_else(|e| panic!("{folder:?}: {e}"));
        for path in entries.filter_map(Result::ok).map(|entry| entry.path()) {
            if path.is_dir() {
                folders.push(path);
            } else if let Ok(name) = path.strip_prefix(root) {
                files.insert(name.to_string_lossy().into_owned(), path);
            }
        }
    }
    files
}

fn archive(name: &str, stream: &mut dyn Read) -> Document {
    image::read_archive(name, stream, &ReadOptions::default()).remove(0)
}

/// The stream of a file; one that xz packed is unpacked, if there is an xz.
fn open(path: &Path) -> Option<Box<dyn Read>> {
    if path.extension().is_some_and(|ending| ending == "xz") {
        let child = Command::new("xz")
            .arg("-dc")
            .arg(path)
            .stdout(Stdio::piped())
            .spawn()
            .inspect_err(|error| plimsoll_tests::skipped("xz", &error.to_string()))
            .ok()?;
        return child.stdout.map(|stream| Box::new(stream) as Box<dyn Read>);
    }
    let file = std::fs::File::open(path).unwrap_or_else(|e| panic!("{path:?}: {e}"));
    Some(Box::new(file))
}

/// One line about a document: what is wrong with it, and of each image its name, its layers, and
/// whether all of their files were seen.
fn summary(document: &Document) -> String {
    let image = |image: &Image| {
        let files = if image.files.available { "files" } else { "no files" };
        let digest = image.name.strip_prefix("sha256:").and_then(|hex| hex.get(..12));
        let name = digest.map_or_else(|| image.name.clone(), |hex| format!("sha256:{hex}"));
        let (layers, history) = (image.layers.len(), image.history.len());
        format!("{name}: {layers} layers, {history} lines, {files}")
    };
    let images: Vec<String> = document.facts.images.iter().map(image).collect();
    let errors = errors(document).len();
    format!("{errors} errors; {}", images.join("; "))
}

/// What each archive holds, as its project's tests say or as `tar tf` shows.
const ARCHIVES: [(&str, &str); 10] = [
    (
        "containers-image/docker/archive/fixtures/almostempty.tar",
        "0 errors; emptyimage:latest: 1 layers, 1 lines, files",
    ),
    ("ggshield/docker-example.tar.xz", "0 errors; gg/example:latest: 3 layers, 6 lines, files"),
    // Files, not images.
    ("go-containerregistry/pkg/crane/testdata/content.tar", "1 errors; "),
    ("go-containerregistry/pkg/crane/testdata/content.tar.zst", "1 errors; "),
    (
        "go-containerregistry/pkg/v1/mutate/testdata/whiteout_image.tar",
        "0 errors; bazel/pkg/v1/mutate:whiteout_image: 3 layers, 3 lines, files",
    ),
    ("go-containerregistry/pkg/v1/tarball/testdata/content.tar", "1 errors; "),
    // Without a tag, and with an index that lists nothing.
    (
        "go-containerregistry/pkg/v1/tarball/testdata/hello-world-v25.tar",
        "0 errors; sha256:ee301c921b8a: 1 layers, 2 lines, files",
    ),
    // The form before Docker 1.10, which has no manifest.
    ("go-containerregistry/pkg/v1/tarball/testdata/no_manifest.tar", "1 errors; "),
    (
        "go-containerregistry/pkg/v1/tarball/testdata/test_image_1.tar",
        "0 errors; bazel/v1/tarball:test_image_1: 1 layers, 1 lines, files",
    ),
    (
        "oras-go/content/oci/testdata/hello-world.tar",
        "0 errors; docker.io/library/hello-world:latest (linux/amd64): 1 layers, 2 lines, files",
    ),
];

#[test]
fn archives() {
    let Some(root) = suites::folder() else { return };
    let root = root.join("04-oci-images");
    let expected: BTreeMap<&str, &str> = ARCHIVES.into_iter().collect();
    let named = |name: &str| [".tar", ".tar.xz", ".tar.zst"].iter().any(|end| name.ends_with(end));
    let cases =
        files(&root).into_iter().filter(|(name, _)| named(name)).filter_map(|(name, path)| {
            let found = summary(&archive("image.tar", &mut *open(&path)?));
            let wanted = expected.get(name.as_str()).copied().unwrap_or_default();
            let outcome =
                if found == wanted { Ok(()) } else { Err(format!("{found:?}, not {wanted:?}")) };
            Some((name, outcome))
        });
    ratchet::check("04-archives", cases);
}

/// What each layout holds. Most are parts of what their tests make of them.
const LAYOUTS: [(&str, &str); 6] = [
    // The configuration has another length than the manifest says, and the layer is no archive.
    (
        "containers-image/oci/layout/fixtures/delete_image_only_one_image",
        "2 errors; sha256:eaa95f3cfaac: 1 layers, 2 lines, no files",
    ),
    ("containers-image/oci/layout/fixtures/manifest", "1 errors; "),
    ("containers-image/oci/layout/fixtures/name_lookups", "5 errors; "),
    ("containers-image/oci/layout/fixtures/two_images_manifest", "2 errors; "),
    (
        "go-containerregistry/pkg/v1/layout/testdata/test_gc_index",
        "0 errors; sha256:eebff607b162: 1 layers, 1 lines, files",
    ),
    (
        "go-containerregistry/pkg/v1/layout/testdata/test_index",
        "0 errors; sha256:eebff607b162: 1 layers, 1 lines, files; \
         sha256:325899857025: 1 layers, 1 lines, files",
    ),
];

#[test]
fn layouts() {
    let Some(root) = suites::folder() else { return };
    let root = root.join("04-oci-images");
    let expected: BTreeMap<&str, &str> = LAYOUTS.into_iter().collect();
    let cases = files(&root).into_keys().filter_map(|name| {
        let name = name.strip_suffix("/index.json")?.to_owned();
        let disk = DiskFiles::open(&root.join(&name)).unwrap_or_else(|e| panic!("{name}: {e}"));
        let folder =
            Folder { files: Arc::new(disk), path: String::new(), file_name: String::new() };
        let documents = image::read_layout("layout", &folder, &ReadOptions::default());
        let found = documents.first().map(summary).unwrap_or_default();
        let wanted = expected.get(name.as_str()).copied().unwrap_or_default();
        let outcome =
            if found == wanted { Ok(()) } else { Err(format!("{found:?}, not {wanted:?}")) };
        Some((name, outcome))
    });
    ratchet::check("04-layouts", cases);
}

/// Those that the schema of the specification refuses, too.
const WRONG: [&str; 3] = [
    // A size of -1.
    "containers-image/internal/image/fixtures/schema1-to-oci1.json",
    // An empty digest.
    "containers-image/internal/manifest/testdata/ociv1nomime.artifact.json",
    "containers-image/manifest/fixtures/ociv1nomime.artifact.json",
];

/// Manifests, indexes and configurations: those that are wrong have an error, the others have none.
/// The names of some say that they are invalid: for a conversion, which is not done here.
#[test]
fn json_files() {
    let Some(root) = suites::folder() else { return };
    let root = root.join("04-oci-images");
    let folders = ["manifest/fixtures/", "internal/manifest/testdata/", "internal/image/fixtures/"];
    let wanted = |name: &str| {
        let below = name.strip_prefix("containers-image/");
        below.is_some_and(|name| folders.iter().any(|folder| name.starts_with(folder)))
    };
    let cases = files(&root).into_iter().filter(|(name, _)| wanted(name)).map(|(name, path)| {
        let text = std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{name}: {e}"));
        let document = read_json(&name, &text);
        let (errors, wrong) = (errors(&document).join("; "), WRONG.contains(&name.as_str()));
        let outcome = match (errors.is_empty(), wrong) {
            (true, true) => Err("there is no error".into()),
            (false, false) => Err(errors),
            _ => Ok(()),
        };
        (name, outcome)
    });
    ratchet::check("04-json", cases);
}
