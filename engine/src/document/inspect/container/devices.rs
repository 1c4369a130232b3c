//! Devices of the host that a container may use.

use plimsoll_sdk::Nullable;
use plimsoll_sdk::facts::{Device, DeviceRequest};

use super::super::lowering::{Lowering, Owner};
use super::super::tree::At;

/// The driver of a request for devices by their CDI names.
const CDI: &str = "cdi";

impl Lowering<'_> {
    pub(super) fn devices(&mut self, owner: &mut Owner, at: At<'_>) -> Vec<Device> {
        let mut devices = Vec::new();
        for item in self.list_field(owner, "devices", at) {
            if !item.is_map() {
                self.wrong(item, "an object");
                owner.incomplete("devices");
                continue;
            }
            let [source, target, permissions] =
                ["PathOnHost", "PathInContainer", "CgroupPermissions"].map(|key| item.get(key));
            let loc = self.object(owner.loc, item.shown_at(source.span));
            let path = self.string_field(loc, "source", source);
            devices.push(Device {
                loc,
                source: path.and_then(|path| path.value().cloned()),
                target: self.string_field(loc, "target", target),
                permissions: self.string_field(loc, "permissions", permissions),
                cdi: Nullable::Null,
            });
        }
        devices
    }

    /// Requests to drivers. One for CDI devices names them: `vendor.com/gpu=all`.
    pub(super) fn device_requests(&mut self, owner: &mut Owner, at: At<'_>) -> Vec<DeviceRequest> {
        let mut requests = Vec::new();
        for item in self.list_field(owner, "device_requests", at) {
            if !item.is_map() {
                self.wrong(item, "an object");
                owner.incomplete("device_requests");
                continue;
            }
            let driver = item.get("Driver");
            let loc = self.object(owner.loc, item.shown_at(driver.span));
            let mut lists = Owner::new(loc);
            let device_ids = self.words(&mut lists, "device_ids", item.omittable("DeviceIDs"));
            let count = self.nonzero_field(loc, "count", item.omittable("Count"));
            let mut capabilities = Vec::new();
            let mut spans = Vec::new();
            // Any of the lists is enough, each with all of its words.
            for alternative in item.get("Capabilities").items() {
                for word in alternative.items() {
                    capabilities.extend(word.text().map(str::to_owned));
                    spans.extend(word.text().map(|_| word.span));
                }
            }
            if !spans.is_empty() && spans.len() == capabilities.len() {
                self.places.items(loc, "capabilities", spans);
            }
            requests.push(DeviceRequest {
                loc,
                driver: self.string_field(loc, "driver", item.omittable("Driver")),
                count,
                device_ids,
                capabilities,
                options: self.labels(&mut lists, "options", item.omittable("Options")),
            });
        }
        requests
    }

    /// CDI devices that requests name are devices, too.
    pub(super) fn cdi_devices(&mut self, owner: &Owner, at: At<'_>) -> Vec<Device> {
        let requests = at.items().filter(|item| item.get("Driver").text() == Some(CDI));
        let ids = requests.flat_map(|item| item.get("DeviceIDs").items());
        let devices = ids.filter_map(|id| {
            let name = id.filled()?.to_owned();
            Some(Device {
                loc: self.object(owner.loc, id),
                source: Some(name.clone()),
                target: Some(Nullable::Null),
                permissions: Some(Nullable::Null),
                cdi: Nullable::Value(name),
            })
        });
        devices.collect()
    }
}
