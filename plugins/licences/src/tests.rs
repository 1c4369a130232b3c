use plimsoll_sdk::testing::run_with;
use plimsoll_sdk::{Facts, Loc, Nullable};
use serde_json::{Value, json};

use super::ForbiddenLicence;

/// What `plimsoll facts` prints for an image of one layer, with two packages.
const FACTS: &str = include_str!("../tests/image.json");

/// The facts of that image, its packages replaced by these names and licences.
fn facts(packages: &[(&str, Option<&str>)]) -> Facts {
    let mut facts = Facts::from_json(FACTS).expect("facts");
    let image = &mut facts.images[0];
    let model = image.packages[0].clone();
    let package = |(index, (name, licence)): (usize, &(&str, Option<&str>))| {
        let mut package = model.clone();
        package.loc = Loc(1000 + index as u32);
        package.name = (*name).to_owned();
        package.licence = Nullable::from(licence.map(str::to_owned));
        package
    };
    image.packages = packages.iter().enumerate().map(package).collect();
    facts
}

/// Messages with their levels, then reasons.
fn says(packages: &[(&str, Option<&str>)], params: &Value) -> Vec<String> {
    let verdict = run_with::<ForbiddenLicence>(&facts(packages), params).expect("a verdict");
    let findings = verdict.findings.iter().map(|finding| {
        assert_eq!(finding.place.field.as_deref(), Some("licence"));
        format!("{}: {}", finding.level.as_deref().unwrap_or_default(), finding.message)
    });
    findings.chain(verdict.unknowns.iter().map(|unknown| unknown.reason.clone())).collect()
}

#[test]
fn an_image_as_the_engine_reads_it() {
    let facts = Facts::from_json(FACTS).expect("facts");
    let deny = json!({"deny": ["GPL-2.0-*"]});
    let verdict = run_with::<ForbiddenLicence>(&facts, &deny).expect("a verdict");
    assert_eq!(
        verdict.messages(),
        ["package `busybox` is under `GPL-2.0-only`, which must not be used"]
    );
    assert_eq!(verdict.findings[0].place.loc, facts.images[0].packages[0].loc);
    assert_eq!(verdict.findings[0].subject, Some(facts.images[0].loc));
}

#[test]
fn what_is_denied_is_found_and_nothing_else() {
    let packages = [
        ("musl", Some("MIT")),
        ("mongodb", Some("SSPL-1.0")),
        ("ghostscript", Some("AGPL-3.0-or-later")),
        ("readline", Some("GPL-3.0-or-later")),
        ("choice", Some("AGPL-3.0-only OR MIT")),
        ("both", Some("AGPL-3.0-only AND MIT")),
        ("apt", None),
    ];
    assert_eq!(
        says(&packages, &json!({})),
        [
            "denied: package `mongodb` is under `SSPL-1.0`, which must not be used",
            "denied: package `ghostscript` is under `AGPL-3.0-or-later`, which must not be used",
            "denied: package `both` is under `AGPL-3.0-only`, which must not be used",
        ]
    );
    let ignored = json!({"ignored_packages": ["mongo*", "ghostscript", "both"]});
    assert_eq!(says(&packages, &ignored), [""; 0]);
}

#[test]
fn what_nobody_allowed_is_found_when_there_is_a_list() {
    let packages = [
        ("musl", Some("MIT")),
        ("zlib", Some("Zlib")),
        ("openjdk", Some("GPL-2.0-only WITH Classpath-exception-2.0")),
        ("gcc", Some("GPL-2.0-only WITH GCC-exception-3.1")),
        ("llvm", Some("Apache-2.0 WITH LLVM-exception")),
    ];
    let params = json!({
        "allow": ["MIT", "Apache-2.0", "GPL-2.0-only WITH Classpath-exception-2.0"],
        "deny": ["GPL-*"],
    });
    assert_eq!(
        says(&packages, &params),
        [
            "unlisted: package `zlib` is under `Zlib`, which nobody has allowed",
            "denied: package `gcc` is under `GPL-2.0-only WITH GCC-exception-3.1`, which must not be used",
        ]
    );
}

#[test]
fn what_is_not_known_is_said() {
    let packages = [("apt", None), ("dpkg", None), ("odd", Some("see the file COPYING, §2"))];
    let odd = "`see the file COPYING, §2`, the licence of package `odd`, is no expression";
    assert_eq!(says(&packages, &json!({})), [odd]);
    assert_eq!(
        says(&packages, &json!({"unrecorded": "unknown"})),
        [odd, "the licences of 2 packages are not recorded"]
    );
}
