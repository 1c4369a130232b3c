//! What containers, services and images have in common: user, environment, health check, ports.

use plimsoll_sdk::facts::{EnvVar, Healthcheck, Port, User};
use plimsoll_sdk::{Loc, Nullable};

use super::lowering::{Known, Lowering, Owner};
use super::tree::At;
use crate::notation::port::{PortRange, Protocol, split_protocol};
use crate::notation::user::UserSpec;
use crate::yaml::Value;

/// Who a process runs as when nobody set a user.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unset {
    /// The engine's default, for what already says all that its image says.
    Default,
    /// Whoever the image names.
    Image,
}

impl Lowering<'_> {
    /// The user. `from` is what says so when one is set.
    pub(super) fn user(
        &mut self,
        parent: Loc,
        at: At<'_>,
        from: &str,
        unset: Unset,
        windows: bool,
    ) -> User {
        let loc = self.object(parent, at);
        let known = self.string(at);
        let mut user = User {
            loc,
            raw: Nullable::Null,
            text: None,
            name: None,
            uid: None,
            group: None,
            is_root: None,
            from: "unknown".into(),
            created_in_build: Nullable::Null,
            system: Nullable::Null,
            variables: Vec::new(),
            missing: Vec::new(),
        };
        match known {
            None => {}
            Some(Nullable::Null) if unset == Unset::Image => {}
            Some(Nullable::Null) => {
                let name = if windows { "ContainerAdministrator" } else { "root" };
                user.text = Some(Nullable::Null);
                user.name = Some(Nullable::Value(name.into()));
                user.is_root = Some(true);
                user.from = "default".into();
            }
            Some(Nullable::Value(text)) => {
                user.from = from.into();
                set_user(&mut user, &text, windows);
            }
        }
        user
    }

    /// `NAME=value`; a name alone is declared without a value.
    pub(super) fn environment(
        &mut self,
        owner: &mut Owner,
        field: &'static str,
        at: At<'_>,
        from: &str,
    ) -> Vec<EnvVar> {
        let mut environment = Vec::new();
        for item in self.list_field(owner, field, at) {
            let Some(text) = item.text() else {
                self.wrong(item, "a string");
                owner.incomplete(field);
                continue;
            };
            // Windows has variables whose name starts with the sign: `=C:=C:\app`.
            let split = text.char_indices().skip(1).find(|&(_, char)| char == '=');
            let split = split.map_or(text.len(), |(at, _)| at);
            let (name, rest) = text.split_at(split);
            let value = rest.strip_prefix('=');
            let loc = self.object(owner.loc, item);
            let name_span = self.part(item, 0..split);
            self.places.field(loc, "name", name_span);
            let value_span = self.part(item, split + 1..text.len().max(split + 1));
            self.places.field(loc, "value", value_span);
            environment.push(EnvVar {
                loc,
                name: name.to_owned(),
                value: Some(value.map(str::to_owned).into()),
                literal: true,
                variables: Vec::new(),
                missing: Vec::new(),
                from: from.into(),
                stage: Nullable::Null,
                needed: true,
                shipped: true,
                secret: Nullable::Null,
            });
        }
        environment
    }

    /// A health check; without a test it is none. Durations are nanoseconds.
    ///
    /// <https://docs.docker.com/reference/api/engine/> (`HealthConfig`)
    pub(super) fn healthcheck(
        &mut self,
        parent: Loc,
        at: At<'_>,
        from: &str,
    ) -> Known<Healthcheck> {
        self.place(parent, "healthcheck", at);
        match &at.node?.value {
            Value::Null => return Some(Nullable::Null),
            Value::Map(_) => {}
            _ => {
                self.wrong(at, "an object");
                return None;
            }
        }
        let loc = self.object(parent, at);
        let mut owner = Owner::new(loc);
        let mut words = self.words(&mut owner, "test", at.omittable("Test"));
        if !owner.incomplete.is_empty() {
            return None;
        }
        let form = match words.first().map(String::as_str) {
            None => return Some(Nullable::Null),
            Some("NONE") => "none",
            Some("CMD-SHELL") => "shell",
            Some(_) => "exec",
        };
        if matches!(words.first().map(String::as_str), Some("NONE" | "CMD" | "CMD-SHELL")) {
            words.remove(0);
            let spans = at.get("Test").items().skip(1).map(|item| item.span).collect();
            self.places.items(loc, "test", spans);
        }
        let retries = self.nonzero_field(loc, "retries", at.omittable("Retries"));
        Some(Nullable::Value(Healthcheck {
            loc,
            disabled: form == "none",
            form: form.into(),
            test: words,
            interval_s: self.seconds(loc, "interval_s", at.omittable("Interval")),
            timeout_s: self.seconds(loc, "timeout_s", at.omittable("Timeout")),
            start_period_s: self.seconds(loc, "start_period_s", at.omittable("StartPeriod")),
            retries: retries.map(|known| {
                known.value().map(|&count| u32::try_from(count).unwrap_or_default()).into()
            }),
            from: from.into(),
        }))
    }

    /// Nanoseconds as seconds; 0 stands for the engine's default.
    pub(super) fn seconds(&mut self, loc: Loc, field: &'static str, at: At<'_>) -> Known<f64> {
        #[expect(clippy::cast_precision_loss, reason = "a duration, not an identity")]
        let seconds = |&nanoseconds: &i64| nanoseconds as f64 / 1e9;
        self.nonzero_field(loc, field, at).map(|known| known.value().map(seconds).into())
    }

    /// Ports that an image or a container exposes: the keys of `ExposedPorts`.
    pub(super) fn exposed_ports(
        &mut self,
        owner: &mut Owner,
        field: &'static str,
        at: At<'_>,
    ) -> Vec<Port> {
        let mut ports = Vec::new();
        for (key, value) in self.map_field(owner, field, at) {
            let at = value.shown_at(key.span);
            let Some((range, protocol)) = self.port_key(at, &key.text) else {
                owner.incomplete(field);
                continue;
            };
            ports.push(Port {
                loc: self.object(owner.loc, at),
                target: range.start.into(),
                target_end: range.end.into(),
                protocol: protocol.as_str().into(),
            });
        }
        ports
    }

    /// `80/tcp`, as the keys of port maps are written.
    pub(super) fn port_key(&mut self, at: At<'_>, text: &str) -> Option<(PortRange, Protocol)> {
        let (port, protocol) = split_protocol(text);
        let parsed = PortRange::parse(port).ok().zip(Protocol::parse(protocol));
        if parsed.is_none() {
            self.invalid(at, format!("`{text}` is no port, such as `80/tcp`"));
        }
        parsed
    }
}

fn set_user(user: &mut User, text: &str, windows: bool) {
    let spec = UserSpec::parse(text);
    user.raw = Nullable::Value(text.to_owned());
    user.text = Some(Nullable::Value(text.to_owned()));
    user.group = Some(spec.group.map(str::to_owned).into());
    user.is_root = Some(spec.is_root(windows));
    (user.name, user.uid) = match spec.number() {
        Some(number) => (Some(Nullable::Null), u32::try_from(number).ok().map(Nullable::Value)),
        None => (Some(Nullable::Value(spec.user.to_owned())), None),
    };
}
