//! The twin of `image/mutable-tag` of the default bundle: the same verdicts, in Rust.
//!
//! It is here to be compared with the rule in Rego; it says the same, word for word, of every document.

use plimsoll_sdk::facts::ImageRef;
use plimsoll_sdk::pattern::matches_any;
use plimsoll_sdk::{Check, Facts, Findings, Nullable, Param, Params, Rule, Severity};

/// References with a tag that moves from release to release.
pub struct MutableTag {
    mutable_tags: Vec<String>,
    min_version_components: i64,
}

impl Check for MutableTag {
    const RULE: Rule = Rule::new(
        "image/mutable-tag",
        "Image reference has a floating tag",
        Severity::Medium,
    )
    .description(
        "Looks for tags that move from release to release, such as `latest` and `lts`. With a \
                 digest beside it the tag says nothing any more, and passes.",
    )
    .remedy("Use the tag of a release, better still with its digest.")
    .references(&["https://docs.docker.com/build/building/best-practices/#pin-base-image-versions"])
    .kinds(&["dockerfile", "compose", "container"])
    .subjects(&["reference"])
    .profiles(&["strict"])
    .needs(&["tag"])
    .params(&[
        Param::strings(
            "mutable_tags",
            &[
                "canary",
                "current",
                "current-*",
                "dev",
                "devel",
                "develop",
                "edge",
                "latest",
                "latest-*",
                "lts",
                "lts-*",
                "main",
                "mainline",
                "mainline-*",
                "master",
                "nightly",
                "prod",
                "production",
                "rolling",
                "sid",
                "sid-slim",
                "snapshot",
                "stable",
                "stable-alpine*",
                "stable-slim",
                "staging",
                "test",
                "testing",
                "testing-slim",
                "unstable",
                "unstable-slim",
            ],
            "Tags that move; `*` stands for any text.",
        ),
        Param::integer(
            "min_version_components",
            0,
            "How many numbers the version in a tag has to have: with 2, `python:3` fails and \
                     `python:3.12` passes. 0 asks for no version.",
        ),
    ])
    .since("0.1.0");

    fn new(params: &Params) -> Self {
        MutableTag {
            mutable_tags: params.strings("mutable_tags"),
            min_version_components: params.integer("min_version_components"),
        }
    }

    fn check(&self, facts: &Facts, findings: &mut Findings) {
        for (reference, tag) in facts.references.iter().filter_map(tagged) {
            let what = if self.moves(tag) {
                "moves from release to release"
            } else if components(tag) < self.min_version_components {
                "does not name one release"
            } else {
                continue;
            };
            let message = format!("tag `{tag}` of `{}` {what}", reference.raw);
            findings.at_field(reference.loc, "tag", message);
        }
    }
}

impl MutableTag {
    fn moves(&self, tag: &str) -> bool {
        matches_any(&self.mutable_tags, tag) && !names_release(tag)
    }
}

/// A reference that is needed, with its tag; none beside a digest, known or not.
fn tagged(reference: &ImageRef) -> Option<(&ImageRef, &str)> {
    let tag = reference.tag.as_ref()?.value()?;
    let judged =
        reference.digest == Some(Nullable::Null) && reference.needed && reference.role != "syntax";
    judged.then_some((reference, tag.as_str()))
}

/// Stackage's `lts-22.30` is one release of its long-term branch: letters, `-`, and a version.
fn names_release(tag: &str) -> bool {
    let Some((word, version)) = tag.split_once('-') else { return false };
    let version = version.strip_prefix('v').unwrap_or(version);
    let Some((major, rest)) = version.split_once('.') else { return false };
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let letters = !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_lowercase());
    letters && digits(major) && rest.starts_with(|char: char| char.is_ascii_digit())
}

/// How many numbers the version at the start of a tag has: `v1.2.3-alpine` has three, `slim` none.
fn components(tag: &str) -> i64 {
    let version = tag.split('-').next().unwrap_or_default();
    let version = version.strip_prefix('v').unwrap_or(version);
    let number = |part: &&str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    version.split('.').filter(number).count() as i64
}

#[cfg(test)]
mod tests {
    use super::{components, names_release};

    #[test]
    fn versions_are_counted() {
        let tags =
            [("3", 1), ("v1.2.3-alpine", 3), ("slim", 0), ("3.x.1", 2), ("", 0), ("1..2", 2)];
        for (tag, expected) in tags {
            assert_eq!(components(tag), expected, "{tag}");
        }
    }

    #[test]
    fn a_branch_with_a_version_is_a_release() {
        for tag in ["lts-22.30", "lts-v1.0", "a-1.2-b"] {
            assert!(names_release(tag), "{tag}");
        }
        for tag in ["lts", "lts-22", "lts-alpine3.22", "-1.2", "Lts-1.2", "lts-1.x"] {
            assert!(!names_release(tag), "{tag}");
        }
    }
}
