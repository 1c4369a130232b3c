//! Dockerfiles and Containerfiles.
//!
//! [`parse`](fn@parse) turns text into [`syntax`], as BuildKit reads it, and says what BuildKit
//! would refuse or warn about. [`expand`] substitutes variables. [`lower`] turns syntax into facts.
//! Nothing here fails: what can be read is read.

pub mod expand;
mod lower;
pub mod parse;
mod raw;
pub mod syntax;

pub use parse::parse;
pub(super) use raw::raw;

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

/// Whether a file that was come across under such a name is a Dockerfile. `Dockerfile` and
/// `Containerfile` are nothing else; of others, such as `dockerfile.rs`, the text tells. A name does
/// not: `Dockerfile.go` builds something as often as it is a program.
#[must_use]
pub fn is_met(file_name: &str, text: &str) -> bool {
    let is_exact = |word| file_name.eq_ignore_ascii_case(word);
    is_exact("dockerfile") || is_exact("containerfile") || begins_well(text)
}

/// Whether the first instruction of a text is one that a Dockerfile can begin with, ARG or FROM, and
/// has an argument. Directives and comments may precede it.
fn begins_well(text: &str) -> bool {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut lines = text.lines().map(str::trim);
    let first = lines.find(|line| !line.is_empty() && !line.starts_with('#')).unwrap_or_default();
    let mut words = first.split_ascii_whitespace();
    let keyword = Keyword::from_name(words.next().unwrap_or_default());
    let rest: Vec<&str> = words.collect();
    match keyword {
        Keyword::Arg => !rest.is_empty(),
        // Capitals are an instruction however it goes on; `from os import path` is none.
        Keyword::From => !rest.is_empty() && (first.starts_with("FROM") || is_base(&rest)),
        _ => false,
    }
}

/// Whether these are arguments of FROM.
fn is_base(words: &[&str]) -> bool {
    let rest = words.get(1..).unwrap_or_default();
    let is_named = rest.len() == 2 && rest.first().is_some_and(|it| it.eq_ignore_ascii_case("as"));
    words.first().is_some_and(|image| rest.is_empty() || is_named || image.starts_with("--"))
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
                if !is_base(&words.collect::<Vec<_>>()) {
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
    fn what_is_met_under_the_name_of_one() {
        for (name, text) in [
            ("Dockerfile", "FORM alpine\n"),
            ("containerfile", ""),
            ("Dockerfile.go", "# syntax=docker/dockerfile:1\n\nFROM golang\nRUNN x\n"),
            ("Dockerfile.dev", "\u{feff}from alpine as a"),
            ("web.dockerfile", "arg A=1\nFROM $A"),
            ("Dockerfile.x", "FROM alpine AS"),
            ("Dockerfile.y", "FROM --platform=linux/amd64 alpine AS x"),
        ] {
            assert!(is_met(name, text), "{name}");
        }
        for (name, text) in [
            ("dockerfile.rs", "//! Dockerfiles.\nuse std::fs;\n"),
            ("dockerfile.py", "from os import path\n"),
            ("dockerfile.dict", "\"ADD\"\n\"FROM\"\n"),
            ("dockerfile.vim", "ADD\nARG\nFROM\n"),
            ("Dockerfile.words", "FROM\nARG\n"),
            ("Dockerfile.part", "# for the others\nRUN true\n"),
            ("Dockerfile.notes", "# Notes\n"),
            ("Dockerfile.empty", ""),
        ] {
            assert!(!is_met(name, text), "{name}");
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
