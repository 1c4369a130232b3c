//! A volume, as `docker volume inspect` prints it.
//!
//! <https://docs.docker.com/reference/api/engine/> (`VolumeInspect`). Who mounts it is not in there.

use plimsoll_sdk::Nullable;
use plimsoll_sdk::facts::{Label, Volume};

use super::container::mounts::bound_device;
use super::lowering::{Lowering, Owner};
use super::paths;
use super::tree::At;

impl Lowering<'_> {
    /// The volume of one object; `number` is its number among the objects, from 1.
    pub(super) fn volume(&mut self, object: At<'_>, number: usize) -> Volume {
        let name_at = object.get("Name");
        let at = object.shown_at(name_at.span);
        let loc = self.places.object(None, at.span);
        let mut owner = Owner::new(loc);
        let name = self.string_field(loc, "name", name_at);
        let written = at.get("Options");
        let options = self.labels(&mut owner, "options", written);
        let known = owner.incomplete.is_empty();
        let option = |key: &str| {
            let found = options.iter().find(|option| option.key.as_deref() == Some(key));
            found.and_then(|option: &Label| option.value.as_deref())
        };
        let device = bound_device(option("type"), option("o"), option("device"));
        let file_system = option("type").filter(|kind| !matches!(*kind, "" | "none" | "bind"));
        self.place(loc, "bind_device", written.get("device"));
        self.place(loc, "fs_type", written.get("type"));
        let bind_device = device.map(paths::host);
        let fs_type = file_system.map(str::to_owned);
        owner.incomplete("used_by");
        Volume {
            loc,
            name: name
                .and_then(|name| name.value().cloned())
                .unwrap_or_else(|| format!("volume {number}")),
            driver: self.string_field(loc, "driver", at.get("Driver")),
            bind_device: known.then(|| bind_device.into()),
            fs_type: known.then(|| fs_type.into()),
            external: false,
            mountpoint: self.string_field(loc, "mountpoint", at.get("Mountpoint")),
            labels: self.labels(&mut owner, "labels", at.get("Labels")),
            created_at: self.string_field(loc, "created_at", at.omittable("CreatedAt")).map(
                |time| match time {
                    Nullable::Value(time) if time.starts_with("0001-") => Nullable::Null,
                    other => other,
                },
            ),
            used_by: Vec::new(),
            options,
            incomplete: owner.incomplete,
        }
    }
}
