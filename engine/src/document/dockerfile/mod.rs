//! Dockerfiles and Containerfiles.
//!
//! [`parse`](fn@parse) turns text into [`syntax`], as BuildKit reads it, and says what BuildKit
//! would refuse or warn about. [`expand`] substitutes variables. [`lower`] turns syntax into facts.
//! Nothing here fails: what can be read is read.

pub mod expand;
mod lower;
pub mod parse;
pub mod syntax;

pub use parse::parse;

use super::{Document, Input, ReadOptions};
use syntax::Keyword;

/// The word for this kind of document.
pub const KIND: &str = "dockerfile";

/// Endings of `Dockerfile.…` that say it is something else: templates, notes, backups.
const FOREIGN_ENDINGS: [&str; 20] = [
    "dockerignore",
    "md",
    "rst",
    "txt",
    "html",
    "j2",
    "jinja",
    "jinja2",
    "tmpl",
    "tpl",
    "template",
    "erb",
    "m4",
    "mustache",
    "bak",
    "orig",
    "rej",
    "swp",
    "json",
    "rego",
];

/// Whether a file of this name is a Dockerfile: `Dockerfile`, `Containerfile`, `Dockerfile.dev`,
/// `web.dockerfile`, in any case. Templates (`Dockerfile.j2`) are none.
#[must_use]
pub fn has_name(file_name: &str) -> bool {
    let name = file_name.to_ascii_lowercase();
    ["dockerfile", "containerfile"].into_iter().any(|word| {
        name == word
            || name.strip_suffix(word).is_some_and(|front| front.ends_with(['.', '-', '_']))
            || name
                .strip_prefix(word)
                .and_then(|rest| rest.strip_prefix(['.', '-', '_']))
                .is_some_and(|ending| {
                    let last = ending.rsplit('.').next().unwrap_or(ending);
                    !FOREIGN_ENDINGS.contains(&last)
                })
    })
}

/// Whether a text is a Dockerfile: it begins with FROM, perhaps after ARGs, and what follows begins
/// with known instructions, too.
#[must_use]
pub fn has_content(text: &str) -> bool {
    let mut stages = 0;
    let mut continued = false;
    for line in text.lines().take(200) {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let ends_open = line.ends_with(['\\', '`']);
        if std::mem::replace(&mut continued, ends_open) {
            continue;
        }
        let mut words = line.split_ascii_whitespace();
        let keyword = Keyword::from_name(words.next().unwrap_or_default());
        match keyword {
            Keyword::Unknown => return false,
            Keyword::From if stages == 0 => {
                stages = 1;
                let image = words.next().unwrap_or_default();
                let rest: Vec<&str> = words.collect();
                let named = rest.len() == 2 && rest[0].eq_ignore_ascii_case("as");
                let flagged = image.starts_with("--");
                if image.is_empty() || !(rest.is_empty() || named || flagged) {
                    return false;
                }
            }
            Keyword::Arg | Keyword::From => {}
            _ if stages == 0 => return false,
            // Here-documents may follow: what was seen is enough.
            _ => return true,
        }
    }
    stages > 0
}

/// Reads a Dockerfile into facts.
#[must_use]
pub fn read(input: &Input, options: &ReadOptions) -> Vec<Document> {
    vec![lower::lower(input, options)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names() {
        for name in [
            "Dockerfile",
            "dockerfile",
            "Containerfile",
            "Dockerfile.dev",
            "web.Dockerfile",
            "api.dockerfile",
            "Dockerfile-alpine",
            "prod_Dockerfile",
        ] {
            assert!(has_name(name), "{name}");
        }
        for name in [
            "Dockerfile.dockerignore",
            "Dockerfile.j2",
            "mydockerfile",
            "Dockerfiles",
            "README.md",
            "Dockerfile.prod.md",
        ] {
            assert!(!has_name(name), "{name}");
        }
    }

    #[test]
    fn contents() {
        assert!(has_content("# syntax=docker/dockerfile:1\nARG A\nfrom alpine AS x\nrun true\n"));
        assert!(has_content("FROM scratch"));
        assert!(has_content("FROM --platform=linux/amd64 alpine AS x\nCOPY . ."));
        assert!(!has_content("FROM users SELECT name\nWHERE x\n"));
        assert!(!has_content("From: somebody\nTo: x\n"));
        assert!(!has_content("RUN x\n"));
        assert!(!has_content("ARG x\n"));
        assert!(!has_content(""));
    }
}
