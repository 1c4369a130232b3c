//! What the layers of an image hold, as facts.

use std::collections::HashMap;

use plimsoll_sdk::facts::{Account, FileEntry, Image, ImageFiles, InstalledPackage, OsRelease};
use plimsoll_sdk::{Loc, Nullable};

use super::super::interest::Interest;
use super::super::layer::LayerFile;
use super::super::limits;
use super::super::overlay::{Fate, Found, Overlay};
use super::super::packages::Package;
use super::super::records::Record;
use super::super::tar::Kind;
use super::{Lowering, narrow};

/// Lists of the image, besides those of its files, that come from its layers.
const LISTS: [&str; 1] = ["packages"];

impl Lowering<'_> {
    /// Fills in files, packages and the system. `complete` says that every layer was read.
    pub(super) fn overlay(&mut self, image: &mut Image, overlay: &Overlay<'_>, complete: bool) {
        image.files.available = complete;
        if complete {
            image.files.incomplete.clear();
        } else {
            image.incomplete.extend(LISTS.map(str::to_owned));
        }
        self.files(image, overlay);
        self.accounts(image, overlay);
        self.os_release(image, overlay, complete);
        self.packages(image, overlay);
    }

    /// The place of what a layer brought: the line of the history that made it, else the layer.
    fn brought(&mut self, image: &Image, layer: usize) -> (Loc, Nullable<u32>) {
        let layer = image.layers.get(layer);
        let line = layer.and_then(|layer| layer.history_index.as_ref()).and_then(Nullable::value);
        let history = line.and_then(|line| image.history.get(*line as usize));
        let at = history.map(|line| line.loc).or_else(|| layer.map(|layer| layer.loc));
        let place = at.and_then(|loc| self.places.place(loc));
        let loc = match place {
            Some(place) => self.places.object_at(Some(image.files.loc), &place),
            None => image.files.loc,
        };
        (loc, history.map(|line| line.index).into())
    }

    fn files(&mut self, image: &mut Image, overlay: &Overlay<'_>) {
        for found in &overlay.files {
            for interest in INTERESTS {
                if !found.item.interests.has(interest) {
                    continue;
                }
                match found.fate {
                    Fate::Present => self.list(image, found, List::Of(interest)),
                    Fate::Removed(_) if interest == Interest::Credential => {
                        self.list(image, found, List::RemovedCredentials);
                    }
                    _ => {}
                }
            }
        }
        for list in INTERESTS.map(List::Of).into_iter().chain([List::RemovedCredentials]) {
            list.of(&mut image.files).1.sort_by(|a, b| a.path.cmp(&b.path));
        }
    }

    fn list(&mut self, image: &mut Image, found: &Found<'_, LayerFile>, list: List) {
        let (name, entries) = list.of(&mut image.files);
        if entries.len() >= limits::LISTED || self.entries_left == 0 {
            if !image.files.incomplete.iter().any(|known| known == name) {
                image.files.incomplete.push(name.into());
            }
            return;
        }
        let (loc, history_index) = self.brought(image, found.layer);
        let file = found.item;
        self.entries_left -= 1;
        list.of(&mut image.files).1.push(FileEntry {
            loc,
            path: format!("/{}", file.path),
            kind: kind(file.kind).into(),
            mode: format!("{:04o}", file.mode),
            uid: file.uid,
            gid: file.gid,
            size_bytes: file.size,
            layer: narrow(found.layer),
            history_index,
            removed_by: match found.fate {
                Fate::Removed(layer) => Nullable::Value(narrow(layer)),
                _ => Nullable::Null,
            },
        });
    }

    fn accounts(&mut self, image: &mut Image, overlay: &Overlay<'_>) {
        let shadow = present(overlay, "etc/shadow");
        let passwords = match shadow.map(|found| &found.item.1) {
            Some(Record::Passwords(list)) => list.as_slice(),
            _ => &[],
        };
        let passwords: HashMap<&str, Option<&str>> =
            passwords.iter().map(|(name, word)| (name.as_str(), word.as_str())).collect();
        let Some(found) = present(overlay, "etc/passwd") else { return };
        let Record::Accounts(lines) = &found.item.1 else {
            image.files.incomplete.push("accounts".into());
            return;
        };
        for line in lines {
            let Some(left) = self.entries_left.checked_sub(1) else {
                image.files.incomplete.push("accounts".into());
                return;
            };
            self.entries_left = left;
            let (loc, _) = self.brought(image, found.layer);
            let own = line.password.as_str();
            let password = own.or_else(|| passwords.get(line.name.as_str()).copied().flatten());
            image.files.accounts.push(Account {
                loc,
                name: line.name.clone(),
                uid: line.uid,
                gid: line.gid,
                shell: line.shell.clone().into(),
                password: password.map(str::to_owned),
            });
        }
    }

    fn os_release(&mut self, image: &mut Image, overlay: &Overlay<'_>, complete: bool) {
        // The first is usually a link to the second.
        let found =
            present(overlay, "etc/os-release").or_else(|| present(overlay, "usr/lib/os-release"));
        let Some((found, Record::OsRelease(pairs))) = found.map(|found| (found, &found.item.1))
        else {
            image.os_release = (complete && found.is_none()).then_some(Nullable::Null);
            return;
        };
        let value = |key: &str| pairs.iter().rev().find(|(k, _)| k == key).map(|(_, v)| v.clone());
        let (loc, _) = self.brought(image, found.layer);
        image.os_release = Some(Nullable::Value(OsRelease {
            loc,
            id: value("ID").into(),
            id_like: value("ID_LIKE")
                .map(|list| list.split_ascii_whitespace().map(str::to_owned).collect())
                .unwrap_or_default(),
            version_id: value("VERSION_ID").into(),
            version_codename: value("VERSION_CODENAME").into(),
            pretty_name: value("PRETTY_NAME").into(),
            layer: narrow(found.layer),
        }));
    }

    fn packages(&mut self, image: &mut Image, overlay: &Overlay<'_>) {
        // The lowest layer whose database has a package of this version.
        let mut first: HashMap<(&str, &Package), usize> = HashMap::new();
        for found in &overlay.records {
            let (path, record) = found.item;
            if let Record::Packages(list) = record {
                for package in list {
                    let layer = first.entry((path, package)).or_insert(found.layer);
                    *layer = found.layer.min(*layer);
                }
            }
        }
        for found in overlay.records.iter().filter(|found| found.fate == Fate::Present) {
            let (path, record) = found.item;
            let list = match record {
                Record::Packages(list) => list,
                Record::Unread(_) if is_database(path) => {
                    image.incomplete.push("packages".into());
                    continue;
                }
                _ => continue,
            };
            for package in list {
                if image.packages.len() >= limits::PACKAGES || self.entries_left == 0 {
                    image.incomplete.push("packages".into());
                    return;
                }
                self.entries_left -= 1;
                let layer = first.get(&(path.as_str(), package)).copied().unwrap_or(found.layer);
                let (loc, history_index) = self.brought(image, layer);
                image.packages.push(InstalledPackage {
                    loc,
                    name: package.name.clone(),
                    version: package.version.clone(),
                    manager: package.manager.into(),
                    architecture: package.architecture.clone().into(),
                    source: package.source.clone().into(),
                    licence: package.licence.clone().into(),
                    layer: narrow(layer),
                    history_index,
                });
            }
        }
        image.packages.sort_by(|a, b| (&a.manager, &a.name).cmp(&(&b.manager, &b.name)));
    }
}

const INTERESTS: [Interest; 8] = [
    Interest::Setuid,
    Interest::Setgid,
    Interest::WorldWritable,
    Interest::Shell,
    Interest::PackageManager,
    Interest::DebugTool,
    Interest::Credential,
    Interest::Device,
];

/// A list of the facts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum List {
    Of(Interest),
    RemovedCredentials,
}

impl List {
    fn of(self, files: &mut ImageFiles) -> (&'static str, &mut Vec<FileEntry>) {
        match self {
            List::Of(Interest::Setuid) => ("setuid", &mut files.setuid),
            List::Of(Interest::Setgid) => ("setgid", &mut files.setgid),
            List::Of(Interest::WorldWritable) => ("world_writable", &mut files.world_writable),
            List::Of(Interest::Shell) => ("shells", &mut files.shells),
            List::Of(Interest::PackageManager) => ("package_managers", &mut files.package_managers),
            List::Of(Interest::DebugTool) => ("debug_tools", &mut files.debug_tools),
            List::Of(Interest::Credential) => ("credentials", &mut files.credentials),
            List::Of(Interest::Device) => ("devices", &mut files.devices),
            List::RemovedCredentials => ("removed_credentials", &mut files.removed_credentials),
        }
    }
}

/// The record of a path that is there in the end.
fn present<'o, 'l>(
    overlay: &'o Overlay<'l>,
    path: &str,
) -> Option<&'o Found<'l, (String, Record)>> {
    let is =
        |found: &&Found<'l, (String, Record)>| found.fate == Fate::Present && found.item.0 == path;
    overlay.records.iter().find(is)
}

fn is_database(path: &str) -> bool {
    path.contains("/dpkg/") || path.contains("/apk/") || path.contains("rpm")
}

fn kind(kind: Kind) -> &'static str {
    match kind {
        Kind::File | Kind::HardLink | Kind::Other => "file",
        Kind::Symlink => "symlink",
        Kind::Folder => "folder",
        Kind::CharacterDevice => "character_device",
        Kind::BlockDevice => "block_device",
        Kind::Fifo => "fifo",
    }
}
