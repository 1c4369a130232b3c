//! A secret of a swarm, as `docker secret inspect` prints it.
//!
//! <https://docs.docker.com/reference/api/engine/> (`SecretInspect`). No engine tells what it holds.

use plimsoll_sdk::facts::SwarmSecret;

use super::lowering::{Lowering, Owner};
use super::tree::At;

impl Lowering<'_> {
    /// The secret of one object; `number` is its number among the objects, from 1.
    pub(super) fn secret(&mut self, object: At<'_>, number: usize) -> SwarmSecret {
        let spec = self.child(object.get("Spec"));
        let name_at = spec.get("Name");
        let at = object.shown_at(name_at.span);
        let loc = self.places.object(None, at.span);
        let mut owner = Owner::new(loc);
        let name = self.string_field(loc, "name", name_at);
        let driver = spec.omittable("Driver");
        let driver_name = if driver.is_null() { driver } else { self.child(driver).get("Name") };
        let mut time = |field, key| {
            let time = self.string_field(loc, field, at.get(key));
            time.map(|time| time.value().filter(|time| !time.starts_with("0001-")).cloned().into())
        };
        SwarmSecret {
            loc,
            name: name
                .and_then(|name| name.value().cloned())
                .unwrap_or_else(|| format!("secret {number}")),
            created_at: time("created_at", "CreatedAt"),
            updated_at: time("updated_at", "UpdatedAt"),
            driver: self.string_field(loc, "driver", driver_name),
            labels: self.labels(&mut owner, "labels", spec.omittable("Labels")),
            incomplete: owner.incomplete,
        }
    }
}
