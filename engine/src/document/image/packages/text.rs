//! Databases that are text: paragraphs of lines.

use super::super::limits;
use super::Package;

/// dpkg: paragraphs of `Field: value`, as RFC 822 has them. Packages whose files are gone
/// (`deinstall ok config-files`) are left out. dpkg records no licence.
///
/// <https://www.debian.org/doc/debian-policy/ch-controlfields.html>
pub(in super::super) fn dpkg(text: &str) -> Vec<Package> {
    let mut packages = Vec::new();
    let mut package = Package { manager: "dpkg", ..Package::default() };
    let mut installed = true;
    for line in text.lines().chain([""]) {
        if line.trim().is_empty() {
            let done =
                std::mem::replace(&mut package, Package { manager: "dpkg", ..Package::default() });
            if std::mem::replace(&mut installed, true) {
                keep(done, &mut packages);
            }
            continue;
        }
        // A line that begins with a blank goes on with the field before.
        if line.starts_with([' ', '\t']) {
            continue;
        }
        let Some((field, value)) = line.split_once(':') else { continue };
        let value = value.trim();
        match field {
            "Package" => package.name = value.to_owned(),
            "Version" => package.version = value.to_owned(),
            "Architecture" => package.architecture = Some(value.to_owned()),
            // `glibc (2.36-9)`: the version is there when it is another one.
            "Source" => package.source = value.split(' ').next().map(str::to_owned),
            // Want, flag, status. Absent in status.d, where everything is installed.
            "Status" => {
                let status = value.rsplit(' ').next().unwrap_or_default();
                installed = !matches!(status, "config-files" | "not-installed");
            }
            _ => {}
        }
    }
    packages
}

/// apk: paragraphs of `letter:value`.
///
/// <https://wiki.alpinelinux.org/wiki/Apk_spec#Installed_Database_V2>
pub(in super::super) fn apk(text: &str) -> Vec<Package> {
    let mut packages = Vec::new();
    let new = || Package { manager: "apk", ..Package::default() };
    let mut package = new();
    for line in text.lines().chain([""]) {
        if line.is_empty() {
            keep(std::mem::replace(&mut package, new()), &mut packages);
            continue;
        }
        let Some((letter, value)) = line.split_once(':') else { continue };
        match letter {
            "P" => package.name = value.to_owned(),
            "V" => package.version = value.to_owned(),
            "A" => package.architecture = Some(value.to_owned()),
            "o" => package.source = Some(value.to_owned()),
            "L" => package.licence = Some(value.to_owned()),
            _ => {}
        }
    }
    packages
}

fn keep(package: Package, packages: &mut Vec<Package>) {
    let complete = !package.name.is_empty() && !package.version.is_empty();
    if complete && packages.len() < limits::PACKAGES {
        packages.push(package);
    }
}
