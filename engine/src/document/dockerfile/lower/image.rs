//! The image that the target stage becomes.

use plimsoll_sdk::facts::{
    self, Argument, Base, Healthcheck, Image, ImageConfig, ImageFiles, Label, Port,
};
use plimsoll_sdk::{Loc, Nullable};

use super::super::parse::duration::nanoseconds;
use super::super::syntax::{Arguments, Instruction, Text};
use super::Lowering;
use super::graph::flag;
use super::lists::command_line;
use super::stage::{self, CommandLine, StageState, platform_fact};
use super::user::{self, BaseUser};

/// What nobody knows of an image before it is built.
const UNBUILT: [&str; 6] = ["refs", "annotations", "layers", "history", "packages", "attestations"];

impl<'a> Lowering<'a> {
    /// Adds the image of the target stage.
    pub(super) fn image(&mut self, target: usize) {
        let Some(state) = self.states.get(target).cloned() else { return };
        let stage = &self.graph.stages[target];
        let head = stage.from.head;
        let name = stage.name.as_ref().map(|(name, _)| name.clone());
        let os = stage.platform.as_ref().map(|(_, value)| value.text.clone());
        let platform = match os {
            Some(text) => text.as_deref().and_then(stage::parse_platform),
            None => self.platform.clone(),
        };
        let loc = self.places.object(None, head);
        let (base, root) = self.base(target, loc);
        let config = self.config(loc, root, &state);
        let installs = self.shipped_installs(loc);
        let mut incomplete: Vec<String> = UNBUILT.map(str::to_owned).to_vec();
        if self.build.runs.iter().any(|run| run.shipped && !run.incomplete.is_empty()) {
            incomplete.push("installs".into());
        }
        let files = self.object(loc, head);
        self.images.push(Image {
            loc,
            name: name.unwrap_or_else(|| format!("stage {target}")),
            source_type: "dockerfile".into(),
            refs: Vec::new(),
            digest: None,
            index_digest: None,
            image_id: None,
            id_kind: None,
            media_type: None,
            created: None,
            created_reproducible: None,
            author: None,
            base,
            config,
            platform: platform.as_ref().map(platform_fact),
            annotations: Vec::new(),
            layers: Vec::new(),
            size_bytes: None,
            size_kind: None,
            history: Vec::new(),
            installs,
            files: ImageFiles::unknown(files),
            packages: Vec::new(),
            os_release: None,
            attestations: Vec::new(),
            incomplete,
        });
    }

    /// What the image is built on, and the index of the stage that says so.
    fn base(&mut self, target: usize, image: Loc) -> (Base, usize) {
        let mut chain = Vec::new();
        let mut root = target;
        while let Some(parent) = self.graph.stages[root].parent {
            root = parent;
            let stage = &self.graph.stages[root];
            let name = stage.name.as_ref().map(|(name, _)| name.clone());
            chain.insert(0, name.unwrap_or_else(|| root.to_string()));
        }
        let index = self.build.stages[root].base as usize;
        let reference = self.references[index].clone();
        let stage = &self.graph.stages[root];
        let span = stage.base.map_or(stage.from.head, |text| text.span);
        let loc = self.object(image, span);
        let evidence = match reference.kind.as_deref() {
            Some("scratch") => "scratch",
            Some("image" | "image_id") => "assumed",
            _ => "unknown",
        };
        let base = Base {
            loc,
            raw: reference.raw,
            kind: reference.kind,
            name: reference.name,
            familiar: reference.familiar,
            tag: reference.tag,
            digest: reference.digest,
            chain,
            evidence: evidence.into(),
        };
        (base, root)
    }

    fn config(&mut self, image: Loc, root: usize, state: &StageState<'a>) -> ImageConfig {
        let from = self.graph.stages[self.graph.target.unwrap_or(root)].from.head;
        let loc = self.object(image, from);
        let span = state.user.as_ref().map_or(from, |user| user.span);
        let user_loc = self.object(loc, span);
        let user =
            user::fact(user_loc, state.user.as_ref(), state.base, state.windows, &state.created);
        self.places.field(loc, "user", span);
        let known_base = state.base != BaseUser::Unknown;
        let (entrypoint, entrypoint_form) =
            self.command(loc, "entrypoint", state.entrypoint.as_ref(), known_base);
        let (cmd, cmd_form) = self.command(loc, "cmd", state.cmd.as_ref(), known_base);
        let healthcheck = match state.healthcheck {
            Some(instruction) => self.healthcheck(loc, instruction, state).map(Nullable::Value),
            None => known_base.then_some(Nullable::Null),
        };
        let stop_signal = match &state.stop_signal {
            Some((value, span)) => {
                self.places.field(loc, "stop_signal", *span);
                value.text.clone().map(Nullable::Value)
            }
            None => known_base.then_some(Nullable::Null),
        };
        let working_dir = match &state.workdir {
            Some(path) => path.clone().map(Nullable::Value),
            None => known_base.then_some(Nullable::Null),
        };
        if let Some((_, span)) = &state.shell {
            self.places.field(loc, "shell", *span);
        }
        let env = state.env.iter().map(|variable| self.inherit(loc, variable)).collect();
        let volumes = state.volumes.iter().map(|(path, span)| {
            let loc = self.places.object(Some(loc), *span);
            Argument { loc, text: path.clone() }
        });
        let volumes = volumes.collect();
        let mut incomplete = Vec::new();
        for (field, complete) in [
            ("exposed_ports", state.ports_complete && known_base),
            ("volumes", state.volumes_complete && known_base),
            ("env", known_base),
            ("labels", known_base),
            ("onbuild", known_base),
            ("entrypoint", known_base || state.entrypoint.is_some()),
            ("cmd", known_base || state.cmd.is_some()),
        ] {
            if !complete {
                incomplete.push(field.to_owned());
            }
        }
        ImageConfig {
            loc,
            user,
            env,
            exposed_ports: self.ports(loc, state),
            volumes,
            entrypoint,
            entrypoint_form,
            cmd,
            cmd_form,
            working_dir,
            labels: self.label_facts(loc, state),
            stop_signal,
            healthcheck,
            healthcheck_supported: true,
            shell: state.shell.as_ref().map(|(words, _)| words.clone()).unwrap_or_default(),
            onbuild: self.triggers(loc, state),
            incomplete,
        }
    }

    /// A variable of the image: the ENV that set it, in a place of its own.
    fn inherit(&mut self, config: Loc, variable: &facts::EnvVar) -> facts::EnvVar {
        let span_of = |field: &str| {
            let place = plimsoll_sdk::finding::RawPlace {
                loc: variable.loc,
                field: Some(field.to_owned()),
                item: None,
            };
            self.places.resolve(&place).map(|place| place.span)
        };
        let (whole, name, value) = (span_of(""), span_of("name"), span_of("value"));
        let loc = self.object(config, whole.unwrap_or_default());
        self.places.field(loc, "name", name.unwrap_or_default());
        self.places.field(loc, "value", value.unwrap_or_default());
        facts::EnvVar { loc, ..variable.clone() }
    }

    fn command(
        &mut self,
        config: Loc,
        field: &'static str,
        line: Option<&CommandLine>,
        known_base: bool,
    ) -> (Vec<String>, Option<Nullable<String>>) {
        let Some(line) = line else {
            return (Vec::new(), known_base.then_some(Nullable::Null));
        };
        self.places.items(config, field, line.items.clone());
        let form = if field == "cmd" { "cmd_form" } else { "entrypoint_form" };
        self.places.field(config, form, line.span);
        (line.words.clone(), Some(Nullable::Value(line.form.to_owned())))
    }

    fn ports(&mut self, config: Loc, state: &StageState<'_>) -> Vec<Port> {
        let ports = state.ports.iter().map(|(spec, span)| Port {
            loc: self.places.object(Some(config), *span),
            target: u32::from(spec.target.start),
            target_end: u32::from(spec.target.end),
            protocol: spec.protocol.as_str().into(),
        });
        ports.collect()
    }

    fn label_facts(&mut self, config: Loc, state: &StageState<'_>) -> Vec<Label> {
        let labels = state.labels.iter().map(|(key, value, pair)| {
            let loc = self.places.object(Some(config), pair.span);
            self.places.field(loc, "key", pair.key.span);
            let span = pair.value.as_ref().map_or(pair.span, |text| text.span);
            self.places.field(loc, "value", span);
            Label {
                loc,
                key: key.text.clone(),
                value: value.text.clone(),
                variables: value.variables.clone(),
            }
        });
        labels.collect()
    }

    fn triggers(&mut self, config: Loc, state: &StageState<'_>) -> Vec<Argument> {
        let triggers = state.onbuild.iter().map(|trigger| Argument {
            loc: self.places.object(Some(config), trigger.head),
            text: trigger.original.clone(),
        });
        triggers.collect()
    }

    fn healthcheck(
        &mut self,
        config: Loc,
        instruction: &Instruction,
        state: &StageState<'_>,
    ) -> Option<Healthcheck> {
        let Arguments::Healthcheck { kind, command } = &instruction.arguments else { return None };
        let loc = self.object(config, instruction.head);
        self.places.field(config, "healthcheck", instruction.head);
        let line = command.as_deref().and_then(|line| command_line(line, state, instruction.head));
        if let Some(line) = &line {
            self.places.items(loc, "test", line.items.clone());
        }
        let disabled = kind.value.eq_ignore_ascii_case("none");
        let mut seconds = |name: &str, field: &'static str| {
            let text = flag(instruction, name);
            if let Some(text) = text {
                self.places.field(loc, field, text.span);
            }
            duration(text)
        };
        Some(Healthcheck {
            loc,
            disabled,
            interval_s: seconds("interval", "interval_s"),
            timeout_s: seconds("timeout", "timeout_s"),
            start_period_s: seconds("start-period", "start_period_s"),
            retries: match flag(instruction, "retries") {
                None => Some(Nullable::Null),
                Some(text) => text.value.parse().ok().map(Nullable::Value),
            },
            form: line.as_ref().map_or("none", |line| line.form).into(),
            test: line.map(|line| line.words).unwrap_or_default(),
            from: "image".into(),
        })
    }
}

/// A duration as Go writes it (`1m30s`), in seconds; null without one or when it is 0, which stands
/// for the engine's default.
fn duration(text: Option<&Text>) -> Option<Nullable<f64>> {
    let Some(text) = text else { return Some(Nullable::Null) };
    let seconds = nanoseconds(&text.value).ok()? / 1e9;
    Some(if seconds == 0.0 { Nullable::Null } else { Nullable::Value(seconds) })
}
