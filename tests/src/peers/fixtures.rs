//! The fixtures, in one shape for all tools.

use std::path::Path;

use serde_json::Value;

use crate::suites;

/// What another tool says of a file.
#[derive(Clone, Debug)]
pub struct Fixture {
    /// The tool, as METADATA calls it.
    pub tool: &'static str,
    /// Its rule, as METADATA calls it.
    pub rule: String,
    /// The file, below the folder of the suite.
    pub file: String,
    /// The format it is read as.
    pub format: &'static str,
    /// Whether the rule must find something in it.
    pub positive: bool,
    /// The lines in which it must, if they are known.
    pub lines: Option<Vec<u32>>,
    /// Its text.
    pub text: String,
}

/// What dockle's assessor of image configurations looks for, by its name in the tests and its code.
const DOCKLE: &[(&str, &str)] = &[
    ("AvoidRootDefault", "CIS-DI-0001"),
    ("AddHealthcheck", "CIS-DI-0006"),
    ("UseAptGetUpdateNoCache", "CIS-DI-0007"),
    ("UseCOPY", "CIS-DI-0009"),
    ("AvoidCredential", "CIS-DI-0010"),
    ("AvoidSudo", "DKL-DI-0001"),
    ("AvoidSensitiveDirectoryMounting", "DKL-DI-0002"),
    ("AvoidDistUpgrade", "DKL-DI-0003"),
    ("UseApkAddNoCache", "DKL-DI-0004"),
    ("MinimizeAptGet", "DKL-DI-0005"),
];

/// All fixtures; none when there are no suites.
///
/// # Panics
///
/// When the suite is not in the shape that its index describes.
#[must_use]
pub fn fixtures() -> Option<Vec<Fixture>> {
    let folder = suites::folder()?.join("07-policy-fixtures");
    let rows = suites::rows("07-policy-fixtures/index.jsonl")?;
    let mut fixtures: Vec<Fixture> = Vec::new();
    for row in &rows {
        fixtures.extend(read(&folder, row));
    }
    Some(fixtures)
}

fn read(folder: &Path, row: &Value) -> Vec<Fixture> {
    let string = |key: &str| row[key].as_str().unwrap_or_default().to_owned();
    let file = string("file");
    let path = folder.join(&file);
    let text = std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    let format = match string("platform").as_str() {
        "dockerCompose" => "compose",
        "image-config" => "image",
        _ => "dockerfile",
    };
    let positive = match string("kind").as_str() {
        "positive" => true,
        "negative" => false,
        _ => return Vec::new(),
    };
    let (tool, rule) = match string("suite").as_str() {
        "kics" => ("kics", string("rule")),
        "trivy-checks" => ("trivy", string("rule_id")),
        "checkov" => ("checkov", string("rule_id")),
        // The other test of dockle's is about its splitting of shell lines.
        "dockle" if string("rule") == "TestAssess" => return dockle(row, &file, &text),
        // dclint judges style, and has no equivalents.
        _ => return Vec::new(),
    };
    let lines = row["violations"].as_array().and_then(|violations| {
        let line = |violation: &Value| u32::try_from(violation["line"].as_u64()?).ok();
        violations.iter().map(line).collect::<Option<Vec<u32>>>()
    });
    vec![Fixture { tool, rule, file, format, positive, lines, text }]
}

/// One test says all that is found: every other code must not be.
fn dockle(row: &Value, file: &str, text: &str) -> Vec<Fixture> {
    let found: Vec<&str> = row["violations"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|violation| violation["Code"]["$go"].as_str()?.strip_prefix("types."))
        .collect();
    let fixture = |(name, code): &(&str, &str)| Fixture {
        tool: "dockle",
        rule: (*code).to_owned(),
        file: file.to_owned(),
        format: "image",
        positive: found.contains(name),
        lines: None,
        text: text.to_owned(),
    };
    DOCKLE.iter().map(fixture).collect()
}
