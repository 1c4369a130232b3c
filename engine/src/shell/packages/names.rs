//! What one operand of a package manager names: package, version, file, address.

use super::super::Word;
use super::{Manager, Package, PackageKind};

/// Ends of the names of package files.
const ARCHIVES: [&str; 14] = [
    ".deb", ".rpm", ".apk", ".whl", ".gem", ".tgz", ".tar.gz", ".tar.bz2", ".tar.xz", ".tar.zst",
    ".zip", ".conda", ".phar", ".egg",
];

/// Reads an operand; none for one that takes a package away (`apt-get install name-`).
pub(super) fn package(manager: Manager, word: &Word, arg_index: usize) -> Option<Package> {
    let text = operand(&word.text);
    let (mut kind, mut name, mut version, mut exact) = (kind(manager, text), text, None, false);
    if kind == PackageKind::Name {
        let split = split(manager, text)?;
        (name, version, exact) = (split.name, split.version, split.exact);
        if manager == Manager::Apk && name.starts_with('.') {
            kind = PackageKind::Virtual;
        }
    } else if let (Manager::Npm | Manager::Yarn | Manager::Pnpm | Manager::Pip, PackageKind::Url) =
        (manager, kind)
    {
        name = named_address(text);
    }
    let variable = word.expands && name.contains(['$', '`']);
    let braces = !word.literal && name.contains('{') && name.contains(',');
    if (variable || braces) && kind != PackageKind::Url {
        kind = PackageKind::Variable;
    }
    Some(Package {
        name: name.to_owned(),
        version,
        exact,
        raw: text.to_owned(),
        arg_index,
        range: word.range.clone(),
        kind,
    })
}

/// The value of an option that has it attached (`--requirement=FILE`, `-rFILE`), or all of it.
fn operand(text: &str) -> &str {
    match text.strip_prefix("--") {
        Some(long) => long.split_once('=').map_or(text, |(_, value)| value),
        None if text.starts_with('-') && text.len() > 2 => {
            text.get(2..).unwrap_or(text).trim_start_matches('=')
        }
        None => text,
    }
}

/// The file that an option such as `-r` names.
pub(super) fn requirements(word: &Word, arg_index: usize) -> Package {
    let text = operand(&word.text);
    Package {
        name: text.to_owned(),
        version: None,
        exact: false,
        raw: text.to_owned(),
        arg_index,
        range: word.range.clone(),
        kind: PackageKind::Requirements,
    }
}

/// The version an option gives: exact unless it compares.
pub(super) fn option_version(version: &str) -> (Option<String>, bool) {
    let version = version.trim();
    let plain = version.trim_start_matches('=').trim();
    let exact = !plain.is_empty() && !plain.contains(['<', '>', '~', '^', '*', '!', ',']);
    (Some(if exact { plain } else { version }.to_owned()).filter(|v| !v.is_empty()), exact)
}

fn kind(manager: Manager, text: &str) -> PackageKind {
    let rpm = matches!(
        manager,
        Manager::Yum | Manager::Dnf | Manager::Microdnf | Manager::Tdnf | Manager::Zypper
    );
    let node = matches!(manager, Manager::Npm | Manager::Yarn | Manager::Pnpm);
    if text.contains("://")
        || ["git+", "git@", "hg+", "svn+", "github:", "gitlab:"]
            .iter()
            .any(|prefix| text.starts_with(prefix))
    {
        return PackageKind::Url;
    }
    // `user/repository` is a repository on GitHub: package spec of npm.
    if node
        && !text.starts_with(['@', '.', '/', '~'])
        && !text.contains('@')
        && text.matches('/').count() == 1
    {
        return PackageKind::Url;
    }
    // Neither a project on PyPI nor a crate has a slash in its name.
    let slash = matches!(manager, Manager::Pip | Manager::Pipx | Manager::Cargo)
        && text.contains('/')
        && !text.contains('=');
    let path =
        slash || text.starts_with(['/', '~']) || text.starts_with("./") || text.starts_with("../");
    if path
        || matches!(text, "." | "..")
        || text.starts_with(".[")
        || text.starts_with("file:")
        || ARCHIVES.iter().any(|end| text.ends_with(end))
    {
        return PackageKind::File;
    }
    let task = manager == Manager::Apt && text.ends_with('^');
    if (rpm && text.starts_with('@')) || task {
        return PackageKind::Group;
    }
    PackageKind::Name
}

/// The name before an address: `name @ https://…`, `name@git+https://…`.
fn named_address(text: &str) -> &str {
    let Some(at) = text.get(1..).and_then(|rest| rest.find('@')) else { return text };
    let name = text.get(..at + 1).unwrap_or(text).trim_end();
    if name.contains(':') { text } else { name }
}

struct Split<'t> {
    name: &'t str,
    version: Option<String>,
    exact: bool,
}

impl<'t> Split<'t> {
    fn bare(name: &'t str) -> Split<'t> {
        Split { name, version: None, exact: false }
    }

    fn exact(name: &'t str, version: &str) -> Split<'t> {
        let exact = !version.is_empty() && !version.contains('*');
        Split { name, version: Some(version.to_owned()).filter(|v| !v.is_empty()), exact }
    }
}

/// Offset of the first byte that is one of `any`, outside of `${…}`.
fn find_outside(text: &str, any: &[char]) -> Option<usize> {
    let mut braces = 0_usize;
    for (at, letter) in text.char_indices() {
        match letter {
            '{' => braces += 1,
            '}' => braces = braces.saturating_sub(1),
            _ if braces == 0 && any.contains(&letter) => return Some(at),
            _ => {}
        }
    }
    None
}

/// Splits at a comparison; `=` and `==` are exact, others keep their operator.
fn compared<'t>(text: &'t str, operators: &[char]) -> Split<'t> {
    let Some(at) = find_outside(text, operators) else { return Split::bare(text) };
    let name = text.get(..at).unwrap_or(text).trim_end();
    let constraint = text.get(at..).unwrap_or_default().trim();
    let plain = constraint.trim_start_matches('=');
    if plain.len() < constraint.len() && !plain.starts_with(operators) {
        return Split::exact(name, plain.trim_start());
    }
    Split { name, version: Some(constraint.to_owned()), exact: false }
}

fn split(manager: Manager, text: &str) -> Option<Split<'_>> {
    Some(match manager {
        Manager::Apt | Manager::Dpkg => return apt(text),
        Manager::Apk => apk(text),
        Manager::Yum | Manager::Dnf | Manager::Microdnf | Manager::Tdnf | Manager::Rpm => {
            match compared(text, &['=', '<', '>']) {
                Split { version: None, .. } => nevra(text),
                split => split,
            }
        }
        Manager::Zypper => {
            let split = compared(text, &['=', '<', '>']);
            Split { name: split.name.trim_start_matches(['+', '-', '!', '~']), ..split }
        }
        Manager::Pacman => {
            let split = compared(text, &['=', '<', '>']);
            // `repository/name`
            Split { name: split.name.rsplit('/').next().unwrap_or(split.name), ..split }
        }
        Manager::Pip | Manager::Pipx => pip(text),
        Manager::Npm | Manager::Yarn | Manager::Pnpm => node(text),
        Manager::Go | Manager::Cargo => at_version(text, manager),
        Manager::Gem | Manager::Composer => gem(text),
        Manager::Conda => conda(text),
        Manager::Brew => Split::bare(text),
    })
}

/// apt-get(8): `name[:arch][=version|/release]`, and `-` or `+` at the end.
fn apt(text: &str) -> Option<Split<'_>> {
    let split = match find_outside(text, &['=', '/']) {
        Some(at) if text.get(at..).is_some_and(|rest| rest.starts_with('=')) => {
            Split::exact(text.get(..at)?, text.get(at + 1..)?)
        }
        Some(at) => Split::bare(text.get(..at)?),
        None => Split::bare(text),
    };
    if split.version.is_none() && split.name.len() > 1 && split.name.ends_with('-') {
        return None;
    }
    let name = find_outside(split.name, &[':'])
        .and_then(|at| split.name.get(..at))
        .filter(|name| !name.is_empty())
        .unwrap_or(split.name);
    Some(Split { name, ..split })
}

/// apk-world(5): `[!]name[@tag][operator version]`.
fn apk(text: &str) -> Split<'_> {
    let split = compared(text, &['=', '<', '>', '~']);
    let name = split.name.trim_start_matches('!');
    let name = name.split('@').next().unwrap_or(name);
    Split { name, ..split }
}

/// `name-[epoch:]version-release.arch` and `name-version`, told from names by their digits.
fn nevra(text: &str) -> Split<'_> {
    let digit =
        |part: &str| part.starts_with(|c: char| c.is_ascii_digit()) || part.starts_with('$');
    let Some((rest, last)) = text.rsplit_once('-') else { return Split::bare(text) };
    if !digit(last) {
        return Split::bare(text);
    }
    if let Some((name, version)) = rest.rsplit_once('-')
        && digit(version)
        && !name.is_empty()
    {
        return Split::exact(name, text.get(name.len() + 1..).unwrap_or_default());
    }
    if last.contains('.') || last.starts_with('$') {
        return Split::exact(rest, last);
    }
    Split::bare(text)
}

/// PEP 508: `name[extras] operators version ; marker`.
fn pip(text: &str) -> Split<'_> {
    let requirement = find_outside(text, &[';']).and_then(|at| text.get(..at)).unwrap_or(text);
    let split = compared(requirement.trim(), &['=', '<', '>', '~', '!']);
    let name = split.name.split('[').next().unwrap_or(split.name).trim_end();
    let several = split.version.as_ref().is_some_and(|version| version.contains(','));
    Split { name, exact: split.exact && !several, ..split }
}

/// `[@scope/]name@version`; a tag or a range is not exact.
fn node(text: &str) -> Split<'_> {
    let from = usize::from(text.starts_with('@'));
    let Some(at) = text.get(from..).and_then(|rest| find_outside(rest, &['@'])) else {
        return Split::bare(text);
    };
    let name = text.get(..at + from).unwrap_or(text);
    let version = text.get(at + from + 1..).unwrap_or_default();
    Split { exact: is_release(version), ..Split::exact(name, version) }
}

/// Whether a version has three numbers, as semver wants, or is a variable.
fn is_release(version: &str) -> bool {
    let core = version.trim_start_matches(['v', '=']);
    let core = core.split(['-', '+']).next().unwrap_or(core);
    version.contains('$')
        || (core.split('.').count() >= 3
            && core
                .split('.')
                .all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit())))
}

fn at_version(text: &str, manager: Manager) -> Split<'_> {
    let Some(at) = find_outside(text, &['@']) else { return Split::bare(text) };
    let (name, version) = (text.get(..at).unwrap_or(text), text.get(at + 1..).unwrap_or_default());
    let commit = manager == Manager::Go
        && version.len() >= 12
        && version.bytes().all(|byte| byte.is_ascii_hexdigit());
    Split { exact: commit || is_release(version), ..Split::exact(name, version) }
}

/// `name:version`.
fn gem(text: &str) -> Split<'_> {
    let Some(at) = find_outside(text, &[':', '=']) else { return Split::bare(text) };
    let (name, version) = (text.get(..at).unwrap_or(text), text.get(at + 1..).unwrap_or_default());
    let (version, exact) = option_version(version);
    let exact = exact
        && version.as_ref().is_some_and(|version| {
            version.contains('$')
                || version.trim_start_matches('v').starts_with(|c: char| c.is_ascii_digit())
        });
    Split { name, version, exact }
}

/// `channel::name=version=build`; one `=` matches as a prefix, two exactly.
fn conda(text: &str) -> Split<'_> {
    let text = text.rsplit("::").next().unwrap_or(text);
    let split = compared(text, &['=', '<', '>', '~', '!']);
    let exact = split.exact && !split.version.as_ref().is_some_and(|v| v.contains(['|', ',']));
    Split { exact, ..split }
}
