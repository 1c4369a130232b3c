//! Users and groups, as `/etc/passwd` and `/etc/group` name them.
//!
//! What other services know (LDAP, SSSD) is not asked: that would mean running something.

use std::collections::{BTreeMap, BTreeSet};

use plimsoll_engine::document::host::Group;

/// Names of users and groups.
#[derive(Debug, Default)]
pub(super) struct Accounts {
    /// The names of users by their number; the first of a number counts.
    users: BTreeMap<u32, String>,
    /// Names of users by the number of their own group.
    own_groups: BTreeMap<u32, BTreeSet<String>>,
    groups: Vec<GroupLine>,
}

#[derive(Debug)]
struct GroupLine {
    name: String,
    gid: u32,
    members: Vec<String>,
}

impl Accounts {
    /// Takes the lines of `/etc/passwd`.
    pub(super) fn users(&mut self, text: &str) {
        for line in text.lines() {
            let fields: Vec<&str> = line.split(':').collect();
            let [name, _, uid, gid, ..] = fields.as_slice() else { continue };
            let (Ok(uid), Ok(gid)) = (uid.parse(), gid.parse()) else { continue };
            self.users.entry(uid).or_insert_with(|| (*name).to_owned());
            self.own_groups.entry(gid).or_default().insert((*name).to_owned());
        }
    }

    /// Takes the lines of `/etc/group`.
    pub(super) fn groups(&mut self, text: &str) {
        for line in text.lines() {
            let fields: Vec<&str> = line.split(':').collect();
            let [name, _, gid, members, ..] = fields.as_slice() else { continue };
            let Ok(gid) = gid.parse() else { continue };
            let members = members.split(',').map(str::trim).filter(|name| !name.is_empty());
            let members = members.map(str::to_owned).collect();
            self.groups.push(GroupLine { name: (*name).to_owned(), gid, members });
        }
    }

    pub(super) fn user(&self, uid: u32) -> Option<String> {
        self.users.get(&uid).cloned()
    }

    pub(super) fn group(&self, gid: u32) -> Option<String> {
        self.groups.iter().find(|group| group.gid == gid).map(|group| group.name.clone())
    }

    /// The groups that are wanted by name, in the order of the file, with all their members.
    pub(super) fn wanted(&self, is_wanted: impl Fn(&str) -> bool) -> Vec<Group> {
        let wanted = self.groups.iter().filter(|group| is_wanted(&group.name));
        let whole = wanted.map(|group| {
            let mut members: BTreeSet<String> = group.members.iter().cloned().collect();
            members.extend(self.own_groups.get(&group.gid).into_iter().flatten().cloned());
            Group {
                name: group.name.clone(),
                gid: Some(group.gid),
                members: members.into_iter().collect(),
            }
        });
        whole.collect()
    }
}
