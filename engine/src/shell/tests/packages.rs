//! Package managers: one line per case, `command => what is understood`.

use std::fmt::Write as _;

use super::super::packages::{PackageOperation, removed};
use super::super::{Dialect, commands};

fn render(operation: &PackageOperation) -> String {
    let mut out = format!("{} {}", operation.manager.as_str(), operation.action.as_str());
    for (set, name) in [
        (operation.assume_yes, "yes"),
        (operation.no_recommends, "no-recommends"),
        (operation.no_cache, "no-cache"),
        (operation.update, "update"),
        (operation.upgrade, "upgrade"),
        (operation.dry_run, "dry-run"),
        (operation.global, "global"),
    ] {
        if set {
            let _ = write!(out, " +{name}");
        }
    }
    if let Some(name) = &operation.virtual_package {
        let _ = write!(out, " in {name}");
    }
    for package in &operation.packages {
        let kind = match package.kind.as_str() {
            "name" => "",
            other => other,
        };
        let _ = write!(out, " {}<{}", kind, package.name);
        if let Some(version) = &package.version {
            let _ = write!(out, " {}{version}", if package.exact { "==" } else { "~ " });
        }
        out.push('>');
    }
    out
}

#[test]
fn operations() {
    let mut complaints = String::new();
    let mut count = 0;
    for case in include_str!("packages.txt").lines().filter(|line| !line.trim().is_empty()) {
        let (text, expected) = case.split_once(" => ").unwrap();
        let script = commands(text, Dialect::Posix);
        let found: Vec<String> =
            script.package_operations().iter().map(|(_, operation)| render(operation)).collect();
        let found = if found.is_empty() { "none".to_owned() } else { found.join("; ") };
        count += 1;
        if found != expected {
            let _ = writeln!(complaints, "{text}\n  found    {found}\n  expected {expected}");
        }
    }
    assert!(count > 100, "{count} cases");
    assert!(complaints.is_empty(), "\n{complaints}");
}

#[test]
fn a_package_has_the_place_of_its_operand() {
    let text = r#"sudo sh -c "apt-get -o Dpkg::Use-Pty=0 install -y 'curl=7.*' git""#;
    let script = commands(text, Dialect::Posix);
    let (index, operation) = script.package_operations().remove(0);
    let curl = &operation.packages[0];
    assert_eq!(&text[curl.range.clone()], "'curl=7.*'");
    assert_eq!(script.commands[index].args[curl.arg_index].text, curl.raw);
}

#[test]
fn packages_that_are_removed_again() {
    for (text, expected) in [
        ("apt-get install -y curl gcc git && apt-get purge -y gcc curl:amd64", "curl gcc"),
        ("apk add -t .b gcc make && apk add curl && apk del .b", "gcc make"),
        ("apk add --virtual=.b gcc && apk del .c", ""),
        ("apt-get install -y $DEPS x && apt-get purge -y --auto-remove $DEPS", "$DEPS"),
        (
            "apt-get install -y python3 python3-dev perl; apt-get remove 'python*'",
            "python3 python3-dev",
        ),
        ("yum install -y gcc && rpm -e gcc && pip install gcc", "gcc"),
        ("apt-get remove -y gcc && apt-get install -y gcc", ""),
        ("pip install wheel && pip uninstall -y wheel && pip uninstall -y wheel", "wheel"),
        ("apt-get install gcc && apt-get -s purge gcc && apt-get autoremove", ""),
        ("dnf install 'gcc-8.5.0-1' && npm remove gcc", ""),
    ] {
        let operations: Vec<PackageOperation> = commands(text, Dialect::Posix)
            .package_operations()
            .into_iter()
            .map(|(_, o)| o)
            .collect();
        let names: Vec<&str> = removed(&operations)
            .iter()
            .map(|r| operations[r.installed_by].packages[r.package].name.as_str())
            .collect();
        let mut names = names;
        names.sort_unstable();
        assert_eq!(names.join(" "), expected, "{text}");
    }
}
