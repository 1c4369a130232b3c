//! The objects of SARIF 2.1.0 that a report needs, field by field in the order they are written.
//!
//! Names are the specification's; the number of its section is beside each type.

use std::borrow::Cow;
use std::collections::BTreeMap;

use plimsoll_sdk::Severity;
use serde::Serialize;

/// `sarifLog`, §3.13.
#[derive(Serialize)]
pub(super) struct Log<'a> {
    #[serde(rename = "$schema")]
    pub(super) schema: &'static str,
    pub(super) version: &'static str,
    pub(super) runs: [Run<'a>; 1],
}

/// `run`, §3.14.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Run<'a> {
    pub(super) tool: Tool<'a>,
    pub(super) invocations: [Invocation<'a>; 1],
    pub(super) original_uri_base_ids: BTreeMap<&'static str, ArtifactLocation<'a>>,
    pub(super) artifacts: Vec<Artifact<'a>>,
    pub(super) results: Vec<SarifResult<'a>>,
    pub(super) column_kind: &'static str,
    pub(super) properties: RunProperties<'a>,
}

/// Property bag of a run.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct RunProperties<'a> {
    pub(super) status: &'static str,
    pub(super) fail_on: &'a str,
    pub(super) passed: usize,
    pub(super) unknown: usize,
}

/// `tool`, §3.18.
#[derive(Serialize)]
pub(super) struct Tool<'a> {
    pub(super) driver: Driver<'a>,
}

/// `toolComponent`, §3.19.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Driver<'a> {
    pub(super) name: &'static str,
    pub(super) semantic_version: &'static str,
    pub(super) rules: Vec<Descriptor<'a>>,
}

/// `reportingDescriptor`, §3.49.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Descriptor<'a> {
    pub(super) id: &'a str,
    pub(super) name: String,
    pub(super) short_description: Message<'a>,
    pub(super) full_description: Message<'a>,
    pub(super) help: Multiformat,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) help_uri: Option<&'a str>,
    pub(super) default_configuration: Configuration,
    pub(super) properties: RuleProperties<'a>,
}

/// `multiformatMessageString`, §3.12.
#[derive(Serialize)]
pub(super) struct Multiformat {
    pub(super) text: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) markdown: Option<String>,
}

/// `reportingConfiguration`, §3.50.
#[derive(Serialize)]
pub(super) struct Configuration {
    pub(super) level: &'static str,
}

/// Property bag of a rule. `tags`, `precision` and `security-severity` are what GitHub reads.
#[derive(Serialize)]
pub(super) struct RuleProperties<'a> {
    pub(super) tags: Vec<&'a str>,
    pub(super) precision: &'static str,
    #[serde(rename = "security-severity", skip_serializing_if = "Option::is_none")]
    pub(super) security_severity: Option<&'static str>,
    pub(super) severity: Severity,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    pub(super) checklist: &'a [String],
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    pub(super) cis: &'a [String],
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    pub(super) nist: &'a [String],
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub(super) equivalents: &'a BTreeMap<String, Vec<String>>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    pub(super) references: &'a [String],
}

/// `invocation`, §3.20.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Invocation<'a> {
    pub(super) exit_code: u8,
    pub(super) exit_code_description: &'static str,
    pub(super) tool_execution_notifications: Vec<Notification<'a>>,
    pub(super) execution_successful: bool,
}

/// `notification`, §3.58.
#[derive(Serialize)]
pub(super) struct Notification<'a> {
    pub(super) level: &'static str,
    pub(super) message: Message<'a>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) locations: Vec<Location<'a>>,
}

/// `artifact`, §3.24.
#[derive(Serialize)]
pub(super) struct Artifact<'a> {
    pub(super) location: ArtifactLocation<'a>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    pub(super) roles: &'static [&'static str],
}

/// `artifactLocation`, §3.4.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ArtifactLocation<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) uri: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) uri_base_id: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) index: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) description: Option<Message<'a>>,
}

impl<'a> ArtifactLocation<'a> {
    /// A location that is only described: whoever reads the log has to find it.
    pub(super) fn described(description: Message<'a>) -> Self {
        let description = Some(description);
        ArtifactLocation { uri: None, uri_base_id: None, index: None, description }
    }
}

/// `result`, §3.27.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct SarifResult<'a> {
    pub(super) rule_id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) rule_index: Option<usize>,
    pub(super) kind: &'static str,
    pub(super) level: &'static str,
    pub(super) message: Message<'a>,
    pub(super) locations: [Location<'a>; 1],
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) related_locations: Vec<Location<'a>>,
    pub(super) partial_fingerprints: BTreeMap<&'static str, &'a str>,
    pub(super) suppressions: [(); 0],
    pub(super) properties: ResultProperties<'a>,
}

/// Property bag of a result.
#[derive(Serialize)]
pub(super) struct ResultProperties<'a> {
    pub(super) severity: Severity,
    pub(super) verdict: &'static str,
    pub(super) document: &'a str,
    pub(super) subject: Subject<'a>,
}

/// What was judged.
#[derive(Serialize)]
pub(super) struct Subject<'a> {
    pub(super) kind: &'a str,
    pub(super) name: Cow<'a, str>,
}

/// `location`, §3.28.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Location<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) id: Option<usize>,
    pub(super) physical_location: PhysicalLocation<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) message: Option<Message<'a>>,
}

/// `physicalLocation`, §3.29.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct PhysicalLocation<'a> {
    pub(super) artifact_location: ArtifactLocation<'a>,
    pub(super) region: Region,
}

/// `region`, §3.30: lines and columns count from 1, the end column is the one after the last.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Region {
    pub(super) start_line: u32,
    pub(super) start_column: u32,
    pub(super) end_line: u32,
    pub(super) end_column: u32,
}

/// `message`, §3.11, of plain text.
#[derive(Serialize)]
pub(super) struct Message<'a> {
    text: Cow<'a, str>,
}

impl<'a> Message<'a> {
    /// Plain text. `[text](target)` would be a link there (§3.11.6), and a scanned file could put
    /// one into the report: the two halves are moved apart.
    pub(super) fn new(text: Cow<'a, str>) -> Self {
        let text = if text.contains("](") { text.replace("](", "] (").into() } else { text };
        Message { text }
    }
}
