//! Images and packages whose name is nearly that of another.

use std::collections::BTreeSet;

use plimsoll_sdk::facts::{Build, ImageRef, PackageOperation};
use plimsoll_sdk::{Check, Facts, Findings, Param, Params, Rule, Severity};

use crate::distance::{distance, tolerance};

/// Images whose name is nearly that of a known one.
pub struct SimilarImage {
    known: BTreeSet<String>,
    accepted: BTreeSet<String>,
}

/// Packages whose name is nearly that of a known one.
pub struct SimilarPackage {
    known: BTreeSet<String>,
    accepted: BTreeSet<String>,
    managers: Vec<String>,
}

impl Check for SimilarImage {
    const RULE: Rule = Rule::new(
        "image/similar-name",
        "Image has nearly the name of another",
        Severity::High,
    )
    .description(
        "Compares the names of images, as Docker's tools shorten them, with those that are \
                 meant: a letter too many, too few, another or swapped. Whoever pushes an image \
                 under such a name waits for somebody to mistype.",
    )
    .remedy("Write the name that was meant, or add this one to `accepted`.")
    .references(&["https://attack.mitre.org/techniques/T1195/"])
    .kinds(&["dockerfile", "compose", "container"])
    .subjects(&["reference"])
    .profiles(&["baseline", "strict"])
    .needs(&["name"])
    .params(&[
        Param::strings(
            "known",
            &[
                "alpine",
                "almalinux",
                "amazonlinux",
                "busybox",
                "caddy",
                "cassandra",
                "centos",
                "composer",
                "consul",
                "couchdb",
                "debian",
                "docker",
                "eclipse-temurin",
                "elasticsearch",
                "elixir",
                "fedora",
                "ghost",
                "golang",
                "gradle",
                "grafana/grafana",
                "haproxy",
                "httpd",
                "influxdb",
                "jenkins/jenkins",
                "jetty",
                "kibana",
                "kong",
                "logstash",
                "mariadb",
                "maven",
                "memcached",
                "mongo",
                "mysql",
                "nats",
                "neo4j",
                "nextcloud",
                "nginx",
                "node",
                "openjdk",
                "oraclelinux",
                "perl",
                "php",
                "postgres",
                "prom/prometheus",
                "python",
                "rabbitmq",
                "redis",
                "registry",
                "rockylinux",
                "ruby",
                "rust",
                "scratch",
                "sonarqube",
                "swift",
                "tomcat",
                "traefik",
                "ubuntu",
                "vault",
                "wordpress",
                "zookeeper",
            ],
            "Names that are meant, as Docker's tools shorten them. Add your organisation's own.",
        ),
        Param::strings("accepted", &[], "Names that are near one of them and right all the same."),
    ])
    .since("0.1.0");

    fn new(params: &Params) -> Self {
        SimilarImage { known: set(params, "known"), accepted: set(params, "accepted") }
    }

    fn check(&self, facts: &Facts, findings: &mut Findings) {
        for reference in facts.references.iter().filter(|reference| reference.needed) {
            let Some(name) = pulled(reference) else { continue };
            if let Some(meant) = nearest(name, &self.known, &self.accepted) {
                let message = format!("image `{name}` is called nearly as `{meant}`");
                findings.at_field(reference.loc, "name", message);
            }
        }
    }
}

/// The name of what is pulled: neither a stage nor what a service builds.
fn pulled(reference: &ImageRef) -> Option<&str> {
    (reference.kind.as_deref() == Some("image")).then_some(reference.familiar.as_deref()).flatten()
}

impl Check for SimilarPackage {
    const RULE: Rule = Rule::new(
        "build/similar-package",
        "Package has nearly the name of another",
        Severity::High,
    )
    .description(
        "Compares the names of packages that a build asks a public registry for with those that \
                 are meant: a letter too many, too few, another or swapped.",
    )
    .remedy("Write the name that was meant, or add this one to `accepted`.")
    .references(&["https://attack.mitre.org/techniques/T1195/001/"])
    .kinds(&["dockerfile"])
    .subjects(&["build"])
    .profiles(&["baseline", "strict"])
    .params(&[
        Param::strings(
            "known",
            &[
                "angular",
                "axios",
                "beautifulsoup4",
                "boto3",
                "celery",
                "certifi",
                "chalk",
                "commander",
                "cryptography",
                "django",
                "dotenv",
                "eslint",
                "express",
                "fastapi",
                "flask",
                "gunicorn",
                "jinja2",
                "jquery",
                "lodash",
                "matplotlib",
                "mongoose",
                "nodemon",
                "numpy",
                "pandas",
                "pillow",
                "poetry",
                "prettier",
                "psycopg2",
                "pydantic",
                "pytest",
                "python-dateutil",
                "pyyaml",
                "rails",
                "react",
                "requests",
                "scikit-learn",
                "scipy",
                "selenium",
                "setuptools",
                "sqlalchemy",
                "tensorflow",
                "torch",
                "typescript",
                "urllib3",
                "uvicorn",
                "virtualenv",
                "webpack",
                "yarn",
            ],
            "Names that are meant.",
        ),
        Param::strings(
            "accepted",
            &["react-dom", "preact", "pytest-django", "requests2"],
            "Names that are near one of them and right all the same.",
        ),
        Param::strings(
            "managers",
            &["pip", "npm", "yarn", "pnpm", "gem", "uv", "pipx", "poetry"],
            "Package managers whose registry anybody may add to.",
        ),
    ])
    .since("0.1.0");

    fn new(params: &Params) -> Self {
        SimilarPackage {
            known: set(params, "known"),
            accepted: set(params, "accepted"),
            managers: params.strings("managers"),
        }
    }

    fn check(&self, facts: &Facts, findings: &mut Findings) {
        let Some(build) = &facts.build else { return };
        for operation in self.installs(build) {
            for package in operation.packages.iter().filter(|package| package.kind == "name") {
                let name = package.name.to_lowercase();
                if let Some(meant) = nearest(&name, &self.known, &self.accepted) {
                    let message = format!(
                        "package `{}` of {} is called nearly as `{meant}`",
                        package.name, operation.manager
                    );
                    findings.at_field(package.loc, "name", message);
                }
            }
        }
    }
}

impl SimilarPackage {
    /// Also of stages that nothing needs: they run on somebody's machine.
    fn installs<'b>(&self, build: &'b Build) -> impl Iterator<Item = &'b PackageOperation> {
        let managers = self.managers.clone();
        let installs = build.package_operations.iter().filter(|one| one.action == "install");
        installs.filter(move |one| managers.contains(&one.manager))
    }
}

fn set(params: &Params, name: &str) -> BTreeSet<String> {
    params.strings(name).into_iter().collect()
}

/// The known name that was probably meant; none when the name itself is known or accepted.
fn nearest<'k>(
    name: &str,
    known: &'k BTreeSet<String>,
    accepted: &BTreeSet<String>,
) -> Option<&'k str> {
    if known.contains(name) || accepted.contains(name) {
        return None;
    }
    let near = known.iter().filter_map(|other| {
        let shorter = name.chars().count().min(other.chars().count());
        let limit = tolerance(shorter);
        Some((distance(name, other, limit)?, other.as_str()))
    });
    near.min().map(|(_, other)| other)
}
