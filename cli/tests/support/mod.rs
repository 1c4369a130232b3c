//! A folder of its own for a test, and the program run in it.
#![allow(dead_code)] // Each test binary uses some of it.
#![allow(clippy::unwrap_used)] // Clippy does not see that it belongs to tests.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The program under test.
pub(crate) const PLIMSOLL: &str = env!("CARGO_BIN_EXE_plimsoll");

/// A Dockerfile with one finding, of severity high, by [`ROOT_USER`].
pub(crate) const ROOT: &str = "FROM alpine:3.20\n";

/// A Dockerfile without findings.
pub(crate) const CLEAN: &str = "FROM alpine:3.20\nUSER 1000:1000\n";

/// A rule of severity high.
const ROOT_USER: &str = r#"# METADATA
# title: Image runs as root
# description: Looks at the user of the image.
# custom:
#   severity: high
#   kinds: [dockerfile]
#   subjects: [image]
#   profiles: [baseline, cis, strict]
#   needs: [config.user.is_root]
#   remedy: Add `USER 10001:10001`.
#   equivalents: {hadolint: [DL3002]}
#   params:
#     contact:
#       type: string
#       default: nobody
#       description: Whom to ask.
#     names:
#       type: list<string>
#       default: [app]
#       description: Names of users.
package acme.image["root-user"]

import data.plimsoll.finding

deny contains finding.at_field(image.config, "user", sprintf("image runs as root, ask %s", [contact])) if {
	contact := input.params["acme/image/root-user"].contact
	some image in input.images
	image.config.user.is_root == true
}
"#;

/// A rule of severity low, which is off in the profile `baseline`.
const UNPINNED: &str = r#"# METADATA
# title: Image reference has no digest
# description: Looks for references without a digest.
# custom:
#   severity: low
#   kinds: [dockerfile]
#   subjects: [reference]
#   profiles: [strict]
#   remedy: Add the digest.
package acme.image.unpinned

import data.plimsoll.finding

deny contains finding.at(reference, sprintf("`%s` has no digest", [reference.raw])) if {
	some reference in input.references
	reference.digest == null
}
"#;

const PAGE: &str = "\n\nWhoever breaks out of it is root.\n\n## How to fix\n\nSay `USER`.\n\n\
                    ## Examples\n\n### Root\n\n```dockerfile\nFROM alpine\n```\n\n```outcomes\n```\n";

/// What a run of the program gave.
pub(crate) struct Run {
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Run {
    /// Everything, for a snapshot.
    pub(crate) fn shown(&self) -> String {
        let (code, out, err) = (self.code.unwrap_or(-1), &self.stdout, &self.stderr);
        format!("exit status {code}\n--- standard output\n{out}--- standard error\n{err}")
    }
}

/// A folder with a configuration that turns on rules of its own alone: what these tests show does
/// not depend on the default bundle.
pub(crate) struct Project {
    root: PathBuf,
}

impl Project {
    /// An empty one, the root of a repository.
    pub(crate) fn bare(name: &str) -> Self {
        let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        let _ = fs::remove_dir_all(&root);
        fs::create_dir_all(root.join(".git")).unwrap();
        Project { root }
    }

    /// One with rules.
    pub(crate) fn new(name: &str) -> Self {
        Project::bare(name).file("plimsoll.yaml", "extends: []\npolicies: [acme]\n").rules()
    }

    fn rules(self) -> Self {
        self.file("acme/image/root-user.rego", ROOT_USER)
            .file("acme/image/root-user.md", format!("# Image runs as root{PAGE}"))
            .file("acme/image/unpinned.rego", UNPINNED)
            .file("acme/image/unpinned.md", format!("# Image reference has no digest{PAGE}"))
    }

    pub(crate) fn file(self, path: &str, text: impl AsRef<[u8]>) -> Self {
        let path = self.path(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
        self
    }

    pub(crate) fn path(&self, path: &str) -> PathBuf {
        self.root.join(path)
    }

    pub(crate) fn read(&self, path: &str) -> String {
        fs::read_to_string(self.path(path)).unwrap()
    }

    #[cfg(unix)]
    pub(crate) fn link(self, path: &str, target: &str) -> Self {
        std::os::unix::fs::symlink(target, self.path(path)).unwrap();
        self
    }

    /// The program, to be run in the folder with nothing in its environment that it looks at.
    pub(crate) fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(PLIMSOLL);
        command.args(args).current_dir(&self.root).stdin(Stdio::null());
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        for name in ["NO_COLOR", "CLICOLOR_FORCE", "TERM", "COLUMNS", "VERSION"] {
            command.env_remove(name);
        }
        command
    }

    pub(crate) fn run(&self, args: &[&str]) -> Run {
        finish(self.command(args), "")
    }

    pub(crate) fn run_with_input(&self, args: &[&str], input: &str) -> Run {
        let mut command = self.command(args);
        command.stdin(Stdio::piped());
        finish(command, input)
    }
}

/// Runs to the end.
pub(crate) fn finish(mut command: Command, input: &str) -> Run {
    let mut child = command.spawn().unwrap();
    if let Some(mut stdin) = child.stdin.take() {
        // Whoever refuses it without reading closes the pipe.
        let _ = stdin.write_all(input.as_bytes());
    }
    let output = child.wait_with_output().unwrap();
    Run {
        code: output.status.code(),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
    }
}

/// The names of the documents of a JSON report.
pub(crate) fn documents(report: &str) -> Vec<String> {
    let report: serde_json::Value = serde_json::from_str(report).unwrap();
    let documents = report["documents"].as_array().unwrap().iter();
    documents.map(|document| document["path"].as_str().unwrap().to_owned()).collect()
}
