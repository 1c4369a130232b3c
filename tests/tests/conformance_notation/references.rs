//! distribution/reference.

use plimsoll_engine::notation::reference::{AnyReference, Fault, Reference, ReferenceError};
use serde_json::Value;

use super::{Outcome, all, equal, list, run, text, unknown};

/// Whether it is the error that the Go tests name: a variable of the package reference, or the
/// words of one of go-digest.
fn same_error(error: &ReferenceError, want: &str) -> Outcome {
    let words: &[&str] = match error.fault() {
        Fault::Empty => &["ErrNameEmpty"],
        Fault::Format(_) => &["ErrReferenceInvalidFormat"],
        Fault::Uppercase => &["ErrNameContainsUppercase"],
        Fault::NameTooLong => &["ErrNameTooLong"],
        Fault::NotCanonical => &["ErrNameNotCanonical"],
        Fault::TagFormat => &["ErrTagInvalidFormat"],
        Fault::DigestFormat => &["digest", "format"],
        Fault::DigestLength { .. } => &["digest", "length"],
        Fault::DigestUnsupported => &["digest", "unsupported"],
        _ => &["none of the tests"],
    };
    if words.iter().all(|word| want.contains(word)) {
        Ok(())
    } else {
        Err(format!("error: got {error:?}, want {want}"))
    }
}

#[test]
fn references() {
    run("03-refs-patterns/references.jsonl", "03-references", None, reference);
}

fn reference(row: &Value) -> Outcome {
    let case = &row["case"];
    let input = text(&case["input"]);
    match text(&row["test"]) {
        // The tests link in sha256 only.
        "TestReferenceParse" => parts(case, Reference::parse_with(input, &["sha256"]), true),
        "TestSerialization" => parts(case, Reference::parse_with(input, &["sha256"]), false),
        "TestWithNameFailure" => parts(case, Reference::from_name(input), false),
        "TestDomainAndPath" => domain_and_path(case, Reference::from_name(input)),
        "TestParseNamed" => domain_and_path(case, Reference::parse_canonical(input)),
        "TestNormalizedSplitHostname" => domain_and_path(case, Reference::parse_normalized(input)),
        "TestWithTag" | "TestWithDigest" => combined(case),
        "TestValidateReferenceName" => names(row),
        "TestParseRepositoryInfo" => repository_info(case),
        "TestParseAnyReference" => any_reference(case),
        "TestMatch" | "TestFamiliarMatch" => {
            let reference = AnyReference::parse(text(&case["reference"]));
            let Ok(AnyReference::Named(reference)) = reference else {
                return Err(format!("{reference:?}"));
            };
            let matched = reference.familiar_matches(text(&case["pattern"])).unwrap_or_default();
            equal("match", Some(matched), case["expected"].as_bool())
        }
        "TestParseDockerRef" => {
            let got = Reference::parse_docker(input).map_err(|error| error.to_string())?;
            equal("reference", got.to_string().as_str(), text(&case["expected"]))
        }
        _ => unknown(row),
    }
}

/// Compares with the columns of a row, or with the error it wants.
fn parts(case: &Value, got: Result<Reference, ReferenceError>, has_domain: bool) -> Outcome {
    let got = match got {
        Ok(got) => got,
        Err(error) => {
            let range = error.range();
            assert!(text(&case["input"]).get(range).is_some(), "{error:?} is outside");
            return same_error(&error, text(&case["err"]));
        }
    };
    equal("error", "", text(&case["err"]))?;
    let name = if has_domain { "repository" } else { "name" };
    all([
        equal("name", got.name().as_str(), text(&case[name])),
        equal("tag", got.tag().unwrap_or_default(), text(&case["tag"])),
        equal("digest", got.digest().map_or("", |d| d.as_str()), text(&case["digest"])),
        if has_domain {
            equal("domain", got.registry().unwrap_or_default(), text(&case["domain"]))
        } else {
            Ok(())
        },
        equal("text", got.to_string().as_str(), text(&case["input"])),
    ])
}

fn domain_and_path(case: &Value, got: Result<Reference, ReferenceError>) -> Outcome {
    match got {
        Ok(got) => all([
            equal("error", "", text(&case["err"])),
            equal("domain", got.registry().unwrap_or_default(), text(&case["domain"])),
            equal("path", got.repository(), text(&case["path"])),
        ]),
        Err(error) => same_error(&error, text(&case["err"])),
    }
}

fn combined(case: &Value) -> Outcome {
    let build = || {
        let mut reference = Reference::from_name(text(&case["name"]))?;
        if let Some(digest) = case["digest"].as_str() {
            reference = reference.with_digest(digest)?;
        }
        if let Some(tag) = case["tag"].as_str() {
            reference = reference.with_tag(tag)?;
        }
        Ok::<_, ReferenceError>(reference.to_string())
    };
    let got = build().map_err(|error| error.to_string())?;
    equal("combined", got.as_str(), text(&case["combined"]))
}

fn names(row: &Value) -> Outcome {
    let valid = text(&row["var"]).starts_with("valid");
    all(list(&row["strings"])
        .into_iter()
        .map(|name| equal(name, Reference::parse_normalized(name).is_ok(), valid)))
}

fn repository_info(case: &Value) -> Outcome {
    let columns = ["FamiliarName", "FullName", "AmbiguousName"].map(|column| text(&case[column]));
    all(columns.into_iter().filter(|name| !name.is_empty()).map(|name| {
        let got = Reference::parse_normalized(name).map_err(|error| format!("{name}: {error}"))?;
        all([
            equal("familiar", got.familiar_name().as_str(), text(&case["FamiliarName"])),
            equal("full", got.to_string().as_str(), text(&case["FullName"])),
            equal("domain", got.registry().unwrap_or_default(), text(&case["Domain"])),
            equal("path", got.repository(), text(&case["RemoteName"])),
        ])
    }))
}

fn any_reference(case: &Value) -> Outcome {
    let got = AnyReference::parse(text(&case["Reference"])).map_err(|error| error.to_string())?;
    let wants_digest = text(&case["Expected"]["$go"]).starts_with("digestReference(");
    all([
        equal("text", got.to_string().as_str(), text(&case["Equivalent"])),
        equal("digest", matches!(got, AnyReference::Digest(_)), {
            // Where the column is not given, the text tells.
            wants_digest || text(&case["Equivalent"]).starts_with("sha256:")
        }),
    ])
}
