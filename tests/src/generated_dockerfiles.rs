//! Dockerfiles by the number, each different and each the same on every machine.

use std::fmt::Write as _;

/// A Dockerfile with this many stages, each with a long RUN line.
#[must_use]
pub fn large(stages: usize) -> String {
    let mut text = String::from("# syntax=docker/dockerfile:1\nARG VERSION=1.2.3\n");
    for stage in 0..stages {
        let _ = writeln!(text, "FROM debian:12.{stage}-slim AS stage{stage}");
        let _ =
            writeln!(text, "ARG VERSION\nENV PATH=/opt/{stage}/bin:$PATH NAME=app-${{VERSION}}");
        text.push_str("RUN apt-get update \\\n && apt-get install -y --no-install-recommends");
        for package in 0..20 {
            let _ = write!(text, " \\\n      lib{stage}-{package}=1.{package}");
        }
        text.push_str(" \\\n && rm -rf /var/lib/apt/lists/*\n");
        if let Some(before) = stage.checked_sub(1) {
            let _ = writeln!(text, "COPY --from=stage{before} /opt/{before} /opt/{before}");
        }
        let _ = writeln!(text, "COPY --chown=1000:1000 src/{stage} /opt/{stage}");
    }
    text.push_str("USER 1000:1000\nHEALTHCHECK CMD [\"/opt/0/bin/app\", \"health\"]\n");
    text.push_str("ENTRYPOINT [\"/opt/0/bin/app\"]\n");
    text
}
