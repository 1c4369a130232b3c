use plimsoll_sdk::Facts;
use plimsoll_sdk::testing::{run, run_with};
use serde_json::json;

use super::{MutableTag, SimilarImage, SimilarPackage};

/// What `plimsoll facts` prints for the Dockerfile beside it.
fn facts() -> Facts {
    Facts::from_json(include_str!("../tests/facts.json")).expect("facts")
}

#[test]
fn mistyped_images_are_found() {
    let verdict = run::<SimilarImage>(&facts()).expect("a verdict");
    assert_eq!(
        verdict.messages(),
        [
            "image `pyhton` is called nearly as `python`",
            "image `grafanna/grafana` is called nearly as `grafana/grafana`",
        ]
    );
    let reference = verdict.findings[0].place.clone();
    assert_eq!(reference.loc, facts().references[1].loc);
    assert_eq!(reference.field.as_deref(), Some("name"));
    let accepted = json!({"accepted": ["pyhton", "grafanna/grafana"]});
    let verdict = run_with::<SimilarImage>(&facts(), &accepted).expect("a verdict");
    assert_eq!(verdict.messages(), [""; 0]);
}

#[test]
fn mistyped_packages_are_found() {
    let verdict = run::<SimilarPackage>(&facts()).expect("a verdict");
    assert_eq!(
        verdict.messages(),
        [
            "package `loadsh` of npm is called nearly as `lodash`",
            "package `reqeusts` of pip is called nearly as `requests`",
        ]
    );
    let pip = json!({"managers": ["pip"]});
    let verdict = run_with::<SimilarPackage>(&facts(), &pip).expect("a verdict");
    assert_eq!(verdict.messages().len(), 1);
}

#[test]
fn floating_tags_are_found() {
    let verdict = run::<MutableTag>(&facts()).expect("a verdict");
    assert_eq!(
        verdict.messages(),
        ["tag `latest` of `grafanna/grafana:latest` moves from release to release"]
    );
    let exact = json!({"min_version_components": 2});
    let verdict = run_with::<MutableTag>(&facts(), &exact).expect("a verdict");
    assert_eq!(
        verdict.messages(),
        [
            "tag `22` of `node:22` does not name one release",
            "tag `latest` of `grafanna/grafana:latest` moves from release to release",
        ]
    );
}
