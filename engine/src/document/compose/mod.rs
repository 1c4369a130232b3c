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

/// Whether a file of this name is a compose file: `compose.yaml`, `docker-compose.yml`,
/// `compose.prod.yaml`, in any case.
#[must_use]
pub fn has_name(file_name: &str) -> bool {
    let name = file_name.to_ascii_lowercase();
    let stem = name.strip_suffix(".yaml").or_else(|| name.strip_suffix(".yml"));
    stem.is_some_and(|stem| {
        ["compose", "docker-compose"].into_iter().any(|word| {
            stem.strip_prefix(word)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '-']))
        })
    })
}

/// Whether a text is a compose file: a mapping with `services` and no key of another format that has
/// them, too.
#[must_use]
pub fn has_content(text: &str) -> bool {
    let mut has_services = false;
    for line in text.lines() {
        // A key at the top: not indented, or the first one in braces.
        let line = match line.strip_prefix('{') {
            Some(rest) => rest.trim_start(),
            None => line,
        };
        let Some((key, _)) = line.split_once(':') else { continue };
        match key.trim_matches(['"', '\'']) {
            "services" => has_services = true,
            // Kubernetes, OpenAPI, a Symfony application.
            "apiVersion" | "openapi" | "swagger" | "parameters" => return false,
            _ => {}
        }
    }
    has_services
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
        for name in ["compose.yaml", "docker-compose.yml", "Compose.Prod.YAML", "compose-dev.yml"] {
            assert!(has_name(name), "{name}");
        }
        for name in ["compose.json", "composer.yaml", "docker-compose.yml.j2", "my-compose.yaml"] {
            assert!(!has_name(name), "{name}");
        }
    }

    #[test]
    fn contents() {
        assert!(has_content("# x\nversion: '3'\nservices:\n  a: {image: x}\n"));
        assert!(has_content("{\"services\": {}}"));
        assert!(!has_content("apiVersion: v1\nservices: []\n"));
        assert!(!has_content("x:\n  services: y\n"));
        assert!(!has_content(""));
    }
}
