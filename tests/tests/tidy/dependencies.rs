//! What deny.toml says of dependencies, checked without a tool and without a network.
//!
//! Bans and sources are judged by Cargo.lock, which has the crates of all platforms. Licences are in
//! the crates themselves: those of other platforms have to be fetched, as `./test` does.
//!
//! `cargo deny check licenses bans sources` reads the same file and says more.

use std::collections::BTreeSet;
use std::process::Command;

use plimsoll_tests::repository;
use serde_json::Value;

use super::report;

/// What cargo knows of the workspace, as `cargo metadata` prints it.
pub(crate) fn metadata(arguments: &[&str]) -> Value {
    try_metadata(arguments).unwrap_or_else(|error| panic!("{error}"))
}

fn try_metadata(arguments: &[&str]) -> Result<Value, String> {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version=1", "--locked", "--offline"])
        .args(arguments)
        .current_dir(repository())
        .output()
        .expect("cargo runs");
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into_owned());
    }
    Ok(serde_json::from_slice(&output.stdout).expect("cargo metadata prints JSON"))
}

/// Every crate, or else those that are built on this machine: after saying so.
fn with_dependencies() -> Value {
    try_metadata(&[]).unwrap_or_else(|error| {
        plimsoll_tests::skipped("crates of other platforms", error.trim());
        let rustc = Command::new("rustc").arg("-vV").output().expect("rustc runs");
        let about = String::from_utf8(rustc.stdout).expect("rustc prints text");
        let host = about.lines().find_map(|line| line.strip_prefix("host: ")).expect("a host");
        metadata(&["--filter-platform", host])
    })
}

fn lock() -> Vec<toml::Table> {
    let text = std::fs::read_to_string(repository().join("Cargo.lock")).expect("Cargo.lock");
    let table: toml::Table = text.parse().expect("Cargo.lock is TOML");
    let packages = table["package"].as_array().expect("a list of packages").clone();
    packages.into_iter().map(|package| package.try_into().expect("a table")).collect()
}

fn deny() -> toml::Table {
    let text = std::fs::read_to_string(repository().join("deny.toml")).expect("deny.toml");
    text.parse().expect("deny.toml is TOML")
}

fn words<'t>(table: &'t toml::Table, section: &str, key: &str) -> BTreeSet<&'t str> {
    let list = table[section][key].as_array().unwrap_or_else(|| panic!("{section}.{key}"));
    let name = |item: &'t toml::Value| item.as_str().or_else(|| item.get("crate")?.as_str());
    let words: BTreeSet<&str> = list.iter().filter_map(name).collect();
    assert_eq!(words.len(), list.len(), "{section}.{key}");
    words
}

fn packages(metadata: &Value) -> Vec<(&str, &Value)> {
    let all = metadata["packages"].as_array().expect("packages");
    all.iter().map(|package| (package["name"].as_str().unwrap_or_default(), package)).collect()
}

/// Whether a licence expression can be met with allowed licences: `OR` binds loosest, then `AND`.
fn permits(expression: &str, allowed: &BTreeSet<&str>) -> bool {
    let spaced = expression.replace('(', " ( ").replace(')', " ) ").replace('/', " OR ");
    let tokens: Vec<&str> = spaced.split_whitespace().collect();
    let mut rest = tokens.as_slice();
    let permitted = any(&mut rest, allowed);
    permitted && rest.is_empty()
}

fn any(rest: &mut &[&str], allowed: &BTreeSet<&str>) -> bool {
    let mut permitted = all(rest, allowed);
    while let ["OR", tail @ ..] = *rest {
        *rest = tail;
        permitted |= all(rest, allowed);
    }
    permitted
}

fn all(rest: &mut &[&str], allowed: &BTreeSet<&str>) -> bool {
    let mut permitted = one(rest, allowed);
    while let ["AND", tail @ ..] = *rest {
        *rest = tail;
        permitted &= one(rest, allowed);
    }
    permitted
}

fn one(rest: &mut &[&str], allowed: &BTreeSet<&str>) -> bool {
    match *rest {
        ["(", tail @ ..] => {
            *rest = tail;
            let permitted = any(rest, allowed);
            if let [")", tail @ ..] = *rest {
                *rest = tail;
            }
            permitted
        }
        [name, "WITH", exception, tail @ ..] => {
            *rest = tail;
            allowed.contains(format!("{name} WITH {exception}").as_str())
        }
        [name, tail @ ..] => {
            *rest = tail;
            allowed.contains(name)
        }
        [] => false,
    }
}

#[test]
fn licence_expressions_are_understood() {
    let allowed = BTreeSet::from(["MIT", "Apache-2.0", "Apache-2.0 WITH LLVM-exception"]);
    for good in ["MIT", "MIT OR GPL-3.0", "GPL-3.0 OR (MIT AND Apache-2.0)", "MIT/X", "X OR MIT"] {
        assert!(permits(good, &allowed), "{good}");
    }
    for bad in ["GPL-3.0", "MIT AND X", "(MIT OR X) AND X", "", "MIT WITH X", "MIT X"] {
        assert!(!permits(bad, &allowed), "{bad}");
    }
    assert!(permits("Apache-2.0 WITH LLVM-exception OR X", &allowed));
}

#[test]
fn licences_are_allowed() {
    let (deny, metadata) = (deny(), with_dependencies());
    let allowed = words(&deny, "licenses", "allow");
    let mut complaints = Vec::new();
    let mut used = BTreeSet::new();
    let packages = packages(&metadata);
    for (name, package) in &packages {
        let licence = package["license"].as_str().unwrap_or_default();
        used.extend(allowed.iter().copied().filter(|id| licence.contains(id)));
        if !permits(licence, &allowed) {
            complaints.push(format!("{name}: {licence:?}"));
        }
    }
    for unused in allowed.difference(&used) {
        complaints.push(format!("no crate has the licence {unused}: take it off the list"));
    }
    assert!(packages.len() > 50, "cargo knows {} packages", packages.len());
    report("licences are on the list of deny.toml", &complaints);
}

#[test]
fn banned_crates_are_absent() {
    let (deny, lock) = (deny(), lock());
    let banned = words(&deny, "bans", "deny");
    assert!(!banned.is_empty() && lock.len() > 50);
    let names = lock.iter().filter_map(|package| package["name"].as_str());
    let complaints: Vec<String> =
        names.filter(|name| banned.contains(name)).map(str::to_owned).collect();
    report("banned by deny.toml", &complaints);
}

#[test]
fn crates_come_from_one_registry() {
    let (deny, lock) = (deny(), lock());
    let allowed = words(&deny, "sources", "allow-registry");
    let mut complaints = Vec::new();
    let mut seen = 0;
    for package in &lock {
        let Some(source) = package.get("source").and_then(toml::Value::as_str) else { continue };
        seen += 1;
        if !source.strip_prefix("registry+").is_some_and(|url| allowed.contains(url)) {
            complaints.push(format!("{:?}: {source}", package["name"]));
        }
    }
    assert!(seen > 50, "Cargo.lock has {seen} crates of others");
    report("crates come from the registry of deny.toml", &complaints);
}
