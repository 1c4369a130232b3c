//! Packages that one script installs and removes again.

use std::collections::HashMap;

use super::{Action, Manager, PackageKind, PackageOperation};

/// How many patterns such as `python*` are compared with the packages of a script.
const MAX_PATTERNS: usize = 64;

/// A package that was installed and later removed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Removal {
    /// Index of the operation that installed it.
    pub installed_by: usize,
    /// Index of the package in that operation.
    pub package: usize,
    /// Index of the operation that removed it.
    pub removed_by: usize,
}

/// Managers that work on the same database.
fn database(manager: Manager) -> Manager {
    match manager {
        Manager::Dpkg => Manager::Apt,
        Manager::Yum | Manager::Dnf | Manager::Microdnf | Manager::Tdnf | Manager::Zypper => {
            Manager::Rpm
        }
        Manager::Yarn | Manager::Pnpm => Manager::Npm,
        other => other,
    }
}

/// Says which packages the operations, in the order they run, install and then remove.
///
/// Names are compared as written, so that `$BUILD_DEPS` matches itself. Removing a virtual package
/// of apk removes what was added with it. `*` at the end of a removed name matches any rest.
/// Packages that `autoremove` finds unused by itself are not known here.
#[must_use]
pub fn removed<'o>(operations: impl IntoIterator<Item = &'o PackageOperation>) -> Vec<Removal> {
    let mut installed: HashMap<(Manager, &str), Vec<(usize, usize)>> = HashMap::new();
    let mut removals = Vec::new();
    let mut patterns = 0_usize;
    for (index, operation) in operations.into_iter().enumerate() {
        if operation.dry_run {
            continue;
        }
        let database = database(operation.manager);
        let add = |name, package: usize, installed: &mut HashMap<_, Vec<_>>| {
            installed.entry((database, name)).or_default().push((index, package));
        };
        for (at, package) in operation.packages.iter().enumerate() {
            let named = !matches!(package.kind, PackageKind::Requirements | PackageKind::File);
            match operation.action {
                Action::Install => {
                    if let Some(name) = &operation.virtual_package {
                        add(name.as_str(), at, &mut installed);
                    } else if named {
                        add(package.name.as_str(), at, &mut installed);
                    }
                }
                Action::Remove if named => {
                    let mut found =
                        installed.remove(&(database, package.name.as_str())).unwrap_or_default();
                    if let Some(stem) = package.name.strip_suffix('*')
                        && patterns < MAX_PATTERNS
                    {
                        patterns += 1;
                        found.extend(matching(&mut installed, database, stem));
                    }
                    removals.extend(found.into_iter().map(|(installed_by, package)| Removal {
                        installed_by,
                        package,
                        removed_by: index,
                    }));
                }
                _ => {}
            }
        }
    }
    removals.sort_by_key(|removal| (removal.removed_by, removal.installed_by, removal.package));
    removals
}

/// Takes out what is installed under names that start with `stem`.
fn matching(
    installed: &mut HashMap<(Manager, &str), Vec<(usize, usize)>>,
    database: Manager,
    stem: &str,
) -> Vec<(usize, usize)> {
    let names = installed.keys().filter(|(of, name)| *of == database && name.starts_with(stem));
    let names: Vec<(Manager, &str)> = names.copied().collect();
    names.iter().filter_map(|name| installed.remove(name)).flatten().collect()
}
