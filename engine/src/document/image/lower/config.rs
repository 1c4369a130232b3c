//! The configuration of an image: what it runs, and how.
//!
//! OCI's fields, and those that only Docker has (Healthcheck, Shell, OnBuild).
//! <https://github.com/opencontainers/image-spec/blob/main/config.md>
//! <https://github.com/moby/docker-image-spec/blob/main/spec.md>

use plimsoll_sdk::facts::{Argument, EnvVar, Healthcheck, Image, ImageConfig, Label, Port};
use plimsoll_sdk::{Loc, Nullable};

use super::super::built::Built;
use super::super::shape::{Json, Shape, StringPlaces, get};
use super::super::user;
use super::{Lowering, platform};
use crate::document::PlaceTable;
use crate::notation::port::{PortRange, Protocol, split_protocol};
use crate::source::Span;
use crate::yaml::{Node, Value};

/// Nanoseconds, in which Go writes durations.
const NANOSECONDS: f64 = 1e9;

/// The configuration of an image that is not there.
pub(super) fn unknown(places: &mut PlaceTable, loc: Loc, span: Span) -> ImageConfig {
    let user = places.object_within(loc, span);
    let lists = ["env", "exposed_ports", "volumes", "entrypoint", "cmd", "labels", "onbuild"];
    ImageConfig {
        loc,
        user: plimsoll_sdk::facts::User {
            loc: user,
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
        },
        env: Vec::new(),
        exposed_ports: Vec::new(),
        volumes: Vec::new(),
        entrypoint: Vec::new(),
        entrypoint_form: None,
        cmd: Vec::new(),
        cmd_form: None,
        working_dir: None,
        labels: Vec::new(),
        stop_signal: None,
        healthcheck: None,
        healthcheck_supported: false,
        shell: Vec::new(),
        onbuild: Vec::new(),
        incomplete: lists.map(str::to_owned).to_vec(),
    }
}

impl Lowering<'_> {
    /// Fills in what a configuration says.
    pub(super) fn configuration(&mut self, image: &mut Image, built: &Built, json: &Json) {
        let root = &*json.node;
        let mut shape = self.shape(json);
        if !built.first_form {
            shape.required(root, "rootfs");
        }
        if let Some(rootfs) = shape.object(root, "rootfs") {
            shape.required_list(rootfs, "diff_ids");
            shape.required(rootfs, "type");
            if let Some((kind, node)) = shape.text(rootfs, "type")
                && kind != "layers"
            {
                shape.error(node.span, "`type` is `layers`");
            }
        }
        let own = shape.platform(root);
        if !own.os.is_empty() && !own.architecture.is_empty() {
            image.platform = Some(platform(&own));
        }
        let windows = own.os == "windows";
        let created = shape.text(root, "created").map(|(text, node)| (text.to_owned(), node.span));
        let author = shape.text(root, "author").map(|(text, node)| (text.to_owned(), node.span));
        image.created = Some(created.as_ref().map(|(text, _)| text.clone()).into());
        image.created_reproducible = created.as_ref().map(|(text, _)| is_fixed(text));
        image.author = Some(
            author.as_ref().map(|(text, _)| text.clone()).filter(|text| !text.is_empty()).into(),
        );
        for (field, found) in [("created", created), ("author", author)] {
            if let Some((_, span)) = found {
                self.places.field_in(image.loc, field, &json.source, span);
            }
        }
        let empty =
            Node { value: Value::Map(Vec::new()), span: root.span, used_at: None, tag: None };
        let node = self.shape(json).object(root, "config").unwrap_or(&empty);
        let accounts = Some(image.files.accounts.as_slice())
            .filter(|_| !image.files.incomplete.iter().any(|list| list == "accounts"));
        let context = user::Context { windows, accounts };
        let loc = self.places.object_in(Some(image.loc), &json.source, node.span);
        let user = self.user(loc, json, node, &context);
        let mut config = ImageConfig { user, incomplete: Vec::new(), ..image.config.clone() };
        config.loc = loc;
        self.lists(&mut config, json, node);
        self.commands(&mut config, json, node);
        self.texts(&mut config, json, node);
        let supported = built.has_healthcheck || get(node, "Healthcheck").is_some();
        config.healthcheck_supported = supported;
        config.healthcheck = match self.healthcheck(loc, json, node) {
            Some(healthcheck) => Some(Nullable::Value(healthcheck)),
            None => supported.then_some(Nullable::Null),
        };
        image.config = config;
    }

    fn user(
        &mut self,
        config: Loc,
        json: &Json,
        node: &Node,
        context: &user::Context<'_>,
    ) -> plimsoll_sdk::facts::User {
        let found = self.shape(json).text(node, "User");
        let span = found.map_or(node.span, |(_, node)| node.span);
        self.places.field(config, "user", span);
        let loc = self.places.object_within(config, span);
        user::fact(loc, found.map(|(text, _)| text), context)
    }

    fn lists(&mut self, config: &mut ImageConfig, json: &Json, node: &Node) {
        let loc = config.loc;
        for (text, item) in self.shape(json).texts(node, "Env") {
            let variable = self.variable(loc, json, text, item);
            config.env.push(variable);
        }
        for (key, _) in self.shape(json).entries(node, "ExposedPorts") {
            let (range, protocol) = split_protocol(&key.text);
            let parsed = PortRange::parse(range).ok().zip(Protocol::parse(protocol));
            let Some((range, protocol)) = parsed else {
                let message = format!("`{}` is no port", key.text);
                self.shape(json).error(key.span, message);
                config.incomplete.push("exposed_ports".into());
                continue;
            };
            config.exposed_ports.push(Port {
                loc: self.places.object_within(loc, key.span),
                target: u32::from(range.start),
                target_end: u32::from(range.end),
                protocol: protocol.as_str().into(),
            });
        }
        config.incomplete.dedup();
        for (key, _) in self.shape(json).entries(node, "Volumes") {
            let loc = self.places.object_within(loc, key.span);
            config.volumes.push(Argument { loc, text: key.text.clone() });
        }
        for (key, value, span) in self.shape(json).strings(node, "Labels") {
            let loc = self.places.object_within(loc, key.span.cover(span));
            self.places.field(loc, "key", key.span);
            self.places.field(loc, "value", span);
            let (key, value) = (Some(key.text.clone()), Some(value.to_owned()));
            config.labels.push(Label { loc, key, value, variables: Vec::new() });
        }
        for (text, item) in self.shape(json).texts(node, "OnBuild") {
            let loc = self.places.object_within(loc, item.span);
            config.onbuild.push(Argument { loc, text: text.to_owned() });
        }
    }

    fn variable(&mut self, config: Loc, json: &Json, text: &str, item: &Node) -> EnvVar {
        let (name, value) = match text.split_once('=') {
            Some((name, value)) => (name, Some(value)),
            None => (text, None),
        };
        if value.is_none() || name.is_empty() {
            let message = format!("`{name}` sets no variable: it has no `=`");
            self.shape(json).warning(item.span, message);
        }
        let places = StringPlaces::new(&json.source, item.span);
        let loc = self.places.object_within(config, item.span);
        self.places.field(loc, "name", places.span(0..name.len()));
        if value.is_some() {
            self.places.field(loc, "value", places.span(name.len() + 1..text.len()));
        }
        variable(loc, name, value, "image")
    }

    fn commands(&mut self, config: &mut ImageConfig, json: &Json, node: &Node) {
        let mut read = |name: &str, field: &'static str, form: Option<&'static str>| {
            let found = self.shape(json).texts(node, name);
            if let Some(node) = get(node, name) {
                let spans = found.iter().map(|(_, item)| item.span).collect();
                self.places.items(config.loc, field, spans);
                if let Some(form) = form {
                    self.places.field(config.loc, form, node.span);
                }
            }
            found.into_iter().map(|(text, _)| text.to_owned()).collect::<Vec<_>>()
        };
        config.shell = read("Shell", "shell", None);
        config.entrypoint = read("Entrypoint", "entrypoint", Some("entrypoint_form"));
        config.cmd = read("Cmd", "cmd", Some("cmd_form"));
        config.entrypoint_form = Some(form(&config.entrypoint, &config.shell));
        config.cmd_form = Some(form(&config.cmd, &config.shell));
    }

    fn texts(&mut self, config: &mut ImageConfig, json: &Json, node: &Node) {
        let mut read = |name: &str, field: &'static str| {
            let found = self.shape(json).text(node, name).filter(|(text, _)| !text.is_empty());
            if let Some((_, node)) = found {
                self.places.field(config.loc, field, node.span);
            }
            Some(found.map(|(text, _)| text.to_owned()).into())
        };
        config.working_dir = read("WorkingDir", "working_dir");
        config.stop_signal = read("StopSignal", "stop_signal");
    }

    fn healthcheck(&mut self, config: Loc, json: &Json, node: &Node) -> Option<Healthcheck> {
        let node = self.shape(json).object(node, "Healthcheck")?;
        let loc = self.places.object_within(config, node.span);
        let mut shape = self.shape(json);
        let test = shape.texts(node, "Test");
        let spans = test.iter().map(|(_, item)| item.span).collect();
        let words: Vec<String> = test.iter().map(|(text, _)| (*text).to_owned()).collect();
        // An empty test is inherited from nobody.
        let (kind, words) = words.split_first()?;
        let form = match kind.as_str() {
            "CMD" => "exec",
            "CMD-SHELL" => "shell",
            _ => "none",
        };
        let mut seconds = |name: &str| Some(duration(&mut shape, node, name));
        let (interval_s, timeout_s) = (seconds("Interval"), seconds("Timeout"));
        let start_period_s = seconds("StartPeriod");
        let retries = shape.integer(node, "Retries").map(|(number, _)| number);
        let retries = retries.and_then(|number| u32::try_from(number).ok());
        self.places.items(loc, "test", spans);
        self.places.field(config, "healthcheck", node.span);
        Some(Healthcheck {
            loc,
            disabled: kind == "NONE",
            form: form.into(),
            test: words.to_vec(),
            interval_s,
            timeout_s,
            start_period_s,
            retries: Some(retries.filter(|number| *number > 0).into()),
            from: "image".into(),
        })
    }
}

/// Seconds; zero means the engine's default.
fn duration(shape: &mut Shape<'_>, node: &Node, name: &str) -> Nullable<f64> {
    let nanoseconds = shape.integer(node, name).map(|(number, _)| number);
    let nanoseconds = nanoseconds.filter(|number| *number > 0);
    #[allow(clippy::cast_precision_loss)] // A hundred days are exact to the nanosecond.
    nanoseconds.map(|number| number as f64 / NANOSECONDS).into()
}

/// A variable that is written without others.
pub(super) fn variable(loc: Loc, name: &str, value: Option<&str>, from: &str) -> EnvVar {
    EnvVar {
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
    }
}

/// A shell form is what begins with a shell that is told to run a text.
fn form(words: &[String], shell: &[String]) -> Nullable<String> {
    let default: [&[&str]; 4] = [
        &["/bin/sh", "-c"],
        &["cmd", "/S", "/C"],
        &["cmd", "/s", "/c"],
        &["powershell", "-Command"],
    ];
    let begins = |shell: &[&str]| {
        words.len() > shell.len() && words.iter().zip(shell).all(|(word, other)| word == other)
    };
    let own: Vec<&str> = shell.iter().map(String::as_str).collect();
    let is_shell = default.into_iter().any(begins) || !own.is_empty() && begins(&own);
    let form = if is_shell { "shell" } else { "exec" };
    (!words.is_empty()).then(|| form.to_owned()).into()
}

/// Whether a time is one that reproducible builds write: long before containers.
fn is_fixed(created: &str) -> bool {
    created.get(..4).and_then(|year| year.parse::<u32>().ok()).is_some_and(|year| year < 1981)
}
