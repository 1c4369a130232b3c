//! Compose files.
//!
//! What Docker Compose's `config` prints is the model: files are read, their variables substituted,
//! short forms brought to long ones, `extends` and `include` followed, files merged, defaults filled
//! in. Every value keeps its place through all of it ([`tree`]).

pub mod complete;
pub mod config;
pub mod dotenv;
pub mod interpolate;
mod keys;
pub mod load;
pub mod lower;
mod part;
mod scalar;
pub mod short;
pub mod tree;
pub mod validate;
pub mod variables;

use super::{Document, Input, ReadOptions};

/// The word for this kind of document.
pub const KIND: &str = "compose";

/// Whether a file of this name is a compose file: `compose.yaml`, `docker-compose.prod.yml`,
/// `compose-dev.yaml`, `web.compose.yml`, in any case.
#[must_use]
pub fn has_name(file_name: &str) -> bool {
    let name = file_name.to_ascii_lowercase();
    let Some(stem) = name.strip_suffix(".yaml").or_else(|| name.strip_suffix(".yml")) else {
        return false;
    };
    const SEPARATORS: [char; 3] = ['.', '-', '_'];
    ["docker-compose", "compose"].into_iter().any(|word| {
        let begins = stem.strip_prefix(word);
        let ends = stem.strip_suffix(word);
        begins.is_some_and(|rest| rest.is_empty() || rest.starts_with(SEPARATORS))
            || ends.is_some_and(|front| front.ends_with(SEPARATORS))
    })
}

/// Whether a text is a compose file: its `services` are a mapping, and one of them has an image or
/// is built.
#[must_use]
pub fn has_content(text: &str) -> bool {
    let mut lines = text.lines().filter(|line| {
        let line = line.trim_start();
        !line.is_empty() && !line.starts_with('#')
    });
    let found = lines.by_ref().any(|line| line.trim_end() == "services:");
    let indented = |line: &&str| line.starts_with([' ', '\t']);
    let mut services = lines.take_while(indented).map(str::trim).peekable();
    let mapping = services.peek().is_some_and(|first| !first.starts_with('-'));
    let runs = |line: &str| line.contains("image:") || line.contains("build:");
    found && mapping && services.any(runs)
}

/// Reads a compose file, and all that belongs to it, into facts.
#[must_use]
pub fn read(input: &Input, options: &ReadOptions) -> Vec<Document> {
    let loaded = load::load(input, options);
    vec![lower::lower(loaded, input.folder.as_ref())]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names() {
        for name in [
            "compose.yaml",
            "compose.yml",
            "docker-compose.yml",
            "Docker-Compose.yaml",
            "docker-compose.prod.yml",
            "compose-dev.yaml",
            "web.compose.yml",
        ] {
            assert!(has_name(name), "{name}");
        }
        for name in ["compose.json", "decompose.yaml", "composer.yml", "docker.yml", "compose"] {
            assert!(!has_name(name), "{name}");
        }
    }

    #[test]
    fn contents() {
        assert!(has_content("# x\nname: a\nservices:\n  web:\n    image: nginx\n"));
        assert!(has_content("services:\n  web: {image: x}\n"));
        assert!(has_content("services:\n\n  web:\n    build: .\nvolumes:\n  a:\n"));
        assert!(!has_content("services:\n  App\\Foo:\n    autowire: true\n"));
        assert!(!has_content("services:\n  - image: docker:dind\n"));
        assert!(!has_content("jobs:\n  services:\n    db:\n      image: x\n"));
        assert!(!has_content("apiVersion: v1\nkind: Pod\n"));
    }
}
