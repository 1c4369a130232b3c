//! What a service's `Privileges` say.

use plimsoll_sdk::facts::{Argument, Security, SecurityProfile, Selinux};
use plimsoll_sdk::{Loc, Nullable};

use super::super::container::security::{custom_seccomp, simple_profile};
use super::super::lowering::Lowering;
use super::super::tree::At;
use super::Inspected;

impl Lowering<'_> {
    pub(super) fn service_security(&mut self, it: Inspected<'_>) -> Security {
        let at = it.privileges;
        let loc = self.object(it.loc, at);
        self.place(it.loc, "security_opt", at);
        let nnp = at.part("NoNewPrivileges");
        let said = at.get("NoNewPrivileges").is_something();
        let known = at.is_map() || at.is_null();
        let seccomp = self.service_profile(loc, at.part("Seccomp"), "unconfined");
        let apparmor = self.service_profile(loc, at.part("AppArmor"), "disabled");
        let no_new_privileges = self.flag(loc, "no_new_privileges", nnp);
        let mut options = Vec::new();
        for key in ["Config", "File", "Registry"] {
            let credential = at.get("CredentialSpec").get(key);
            if let Some(value) = credential.filled() {
                let text = format!("credentialspec={}://{value}", key.to_ascii_lowercase());
                options.push(Argument { loc: self.object(loc, credential), text });
            }
        }
        Security {
            loc,
            no_new_privileges,
            no_new_privileges_from: match (said, known) {
                (true, _) => "container",
                (false, true) => "default",
                (false, false) => "unknown",
            }
            .into(),
            seccomp,
            apparmor,
            selinux: self.service_selinux(loc, at.part("SELinuxContext")),
            systempaths_unconfined: known.then_some(false),
            options,
            incomplete: Vec::new(),
        }
    }

    /// `Seccomp` or `AppArmor`; `off` is the mode that switches it off.
    fn service_profile(&mut self, parent: Loc, at: At<'_>, off: &str) -> SecurityProfile {
        let mode = at.omittable("Mode");
        let loc = self.object(parent, mode);
        if at.is_null() {
            return simple_profile(loc, Some("default"));
        }
        self.child(at);
        self.place(loc, "mode", mode);
        match self.string(mode) {
            None => simple_profile(loc, None),
            Some(Nullable::Null) => simple_profile(loc, Some("default")),
            Some(Nullable::Value(mode)) if mode == off => simple_profile(loc, Some("unconfined")),
            Some(Nullable::Value(mode)) if mode == "custom" => {
                // The profile's JSON is written in base64.
                let encoded = at.get("Profile").text().unwrap_or_default();
                let profile = base64(encoded).unwrap_or_else(|| encoded.to_owned());
                custom_seccomp(loc, &profile)
            }
            Some(Nullable::Value(mode)) => simple_profile(loc, Some(&mode)),
        }
    }

    fn service_selinux(&mut self, parent: Loc, at: At<'_>) -> Selinux {
        self.child(at);
        let loc = self.object(parent, at);
        if at.is_null() {
            let (r#type, level) = (Some(Nullable::Null), Some(Nullable::Null));
            return Selinux { loc, mode: Some("default".into()), r#type, level };
        }
        let disabled = self.flag(loc, "mode", at.omittable("Disable"));
        let r#type = self.string_field(loc, "type", at.omittable("Type"));
        let level = self.string_field(loc, "level", at.omittable("Level"));
        let custom =
            ["User", "Role", "Type", "Level"].iter().any(|key| at.get(key).filled().is_some());
        let mode = disabled.map(|disabled| match (disabled, custom) {
            (true, _) => "disabled",
            (false, true) => "custom",
            (false, false) => "default",
        });
        Selinux { loc, mode: mode.map(Into::into), r#type, level }
    }
}

/// Base64 with the usual alphabet, as Go writes bytes in JSON; `None` if it is none, or no text.
fn base64(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len() / 4 * 3);
    let (mut bits, mut count) = (0_u32, 0_u32);
    for byte in text.trim_end_matches('=').bytes() {
        let value = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            _ => return None,
        };
        bits = (bits << 6 | u32::from(value)) & 0xff_ffff;
        count += 6;
        if count >= 8 {
            count -= 8;
            bytes.push(u8::try_from(bits >> count & 0xff).unwrap_or_default());
        }
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_is_decoded() {
        assert_eq!(base64("aGVsbG8K").as_deref(), Some("hello\n"));
        assert_eq!(base64("e30=").as_deref(), Some("{}"));
        assert_eq!(base64("").as_deref(), Some(""));
        assert_eq!(base64("/w=="), None, "no text");
        assert_eq!(base64("{}"), None);
    }
}
