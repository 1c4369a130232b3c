//! What a stage does, instruction by instruction.

use plimsoll_sdk::facts::{self, EnvVar};
use plimsoll_sdk::{Loc, Nullable};

use super::super::syntax::{Arguments, Dockerfile, Instruction, Keyword, Pair, Text};
use super::Lowering;
use super::references::narrow;
use super::scope::{Binding, Scope, Value};
use super::undeclared;
use super::user::{self, BaseUser, CreatedUsers, UserSetting};
use crate::notation::platform::Platform;
use crate::notation::port::PortSpec;
use crate::source::Span;

/// What the instructions of a stage have set so far, those of the stages it is built on included.
#[derive(Clone, Debug)]
pub(super) struct StageState<'a> {
    pub(super) scope: Scope,
    pub(super) base: BaseUser,
    pub(super) windows: bool,
    pub(super) user: Option<UserSetting>,
    pub(super) created: CreatedUsers,
    /// The working directory; the inner `None` when it depends on an unknown variable.
    pub(super) workdir: Option<Option<String>>,
    /// Whether an absolute WORKDIR was seen; `None` when it depends on an unknown variable.
    pub(super) workdir_absolute: Option<bool>,
    pub(super) shell: Option<(Vec<String>, Span)>,
    pub(super) entrypoint: Option<CommandLine>,
    pub(super) cmd: Option<CommandLine>,
    /// Whether this very stage has a CMD: an ENTRYPOINT takes back one that is inherited.
    pub(super) cmd_is_own: bool,
    pub(super) healthcheck: Option<&'a Instruction>,
    pub(super) stop_signal: Option<(Value, Span)>,
    pub(super) env: Vec<EnvVar>,
    pub(super) labels: Vec<(Value, Value, &'a Pair)>,
    pub(super) volumes: Vec<(String, Span)>,
    pub(super) ports: Vec<(PortSpec, Span)>,
    pub(super) ports_complete: bool,
    pub(super) volumes_complete: bool,
    /// Triggers for the next stage that is built on this one.
    pub(super) onbuild: Vec<&'a Instruction>,
}

impl StageState<'_> {
    /// The working directory as a fact: null when nothing sets one.
    pub(super) fn working_dir(&self) -> Option<Nullable<String>> {
        match &self.workdir {
            None => Some(Nullable::Null),
            Some(path) => path.clone().map(Nullable::Value),
        }
    }
}

/// A CMD or an ENTRYPOINT.
#[derive(Clone, Debug)]
pub(super) struct CommandLine {
    pub(super) words: Vec<String>,
    pub(super) form: &'static str,
    pub(super) span: Span,
    pub(super) items: Vec<Span>,
}

/// The stage that an instruction is dispatched in.
#[derive(Clone, Copy, Debug)]
pub(super) struct At {
    pub(super) index: u32,
    pub(super) loc: Loc,
    pub(super) needed: bool,
    pub(super) shipped: bool,
}

impl<'a> Lowering<'a> {
    /// ARGs before the first FROM.
    pub(super) fn global_arguments(&mut self, syntax: &'a Dockerfile) {
        let before = |i: &&Instruction| i.keyword != Keyword::From;
        for instruction in syntax.instructions.iter().take_while(before) {
            self.instruction(instruction, None);
            if instruction.keyword == Keyword::Arg {
                let mut scope = std::mem::take(&mut self.globals);
                self.arguments(instruction, &mut scope, None);
                self.globals = scope;
                self.undeclared(instruction, None);
            }
        }
    }

    /// Dispatches every instruction of a stage, and gives the state that it ends with.
    pub(super) fn stage(&mut self, index: usize) -> StageState<'a> {
        let loc = self.stage_fact(index);
        let stage = &self.graph.stages[index];
        let (needed, shipped) = (stage.needed, stage.shipped);
        let at = At { index: narrow(index), loc, needed, shipped };
        let mut state = self.start(index);
        let (from, body) = (stage.from, stage.body);
        self.instruction(from, Some(at));
        self.undeclared_in_from(from, at);
        self.declared_in_stage = undeclared::declared(body);
        for trigger in std::mem::take(&mut state.onbuild) {
            self.dispatch(trigger, &mut state, at);
        }
        for instruction in body {
            self.instruction(instruction, Some(at));
            self.dispatch(instruction, &mut state, at);
        }
        let span = state.user.as_ref().map_or(from.head, |user| user.span);
        let user_loc = self.object(loc, span);
        let user =
            user::fact(user_loc, state.user.as_ref(), state.base, state.windows, &state.created);
        if let Some(fact) = self.build.stages.get_mut(index) {
            fact.user = user;
            fact.has_shell = state.shell.is_some();
        }
        state
    }

    /// The state a stage begins with.
    fn start(&self, index: usize) -> StageState<'a> {
        let stage = &self.graph.stages[index];
        if let Some(parent) = stage.parent.and_then(|parent| self.states.get(parent)) {
            return StageState { cmd_is_own: false, ..parent.clone() };
        }
        let reference = self.references.last();
        let kind = reference.and_then(|reference| reference.kind.as_deref());
        let base = match kind {
            Some("scratch") => BaseUser::None,
            Some("image" | "image_id") => BaseUser::Assumed,
            _ => BaseUser::Unknown,
        };
        let windows_base = reference
            .and_then(|reference| reference.name.as_deref())
            .is_some_and(|name| name.starts_with("mcr.microsoft.com/windows/"));
        let os = match &stage.platform {
            Some((_, value)) => value.text.as_deref().and_then(parse_platform),
            None => self.platform.clone(),
        };
        let mut scope = Scope::default();
        scope.open = base != BaseUser::None;
        StageState {
            scope,
            base,
            windows: os.map_or(windows_base, |platform| platform.os == "windows"),
            user: None,
            created: CreatedUsers::default(),
            workdir: None,
            workdir_absolute: Some(false),
            shell: None,
            entrypoint: None,
            cmd: None,
            cmd_is_own: false,
            healthcheck: None,
            stop_signal: None,
            env: Vec::new(),
            labels: Vec::new(),
            volumes: Vec::new(),
            ports: Vec::new(),
            ports_complete: true,
            volumes_complete: true,
            onbuild: Vec::new(),
        }
    }

    /// Adds the stage itself, and the reference to its base.
    fn stage_fact(&mut self, index: usize) -> Loc {
        let stage = &self.graph.stages[index];
        let (head, name) = (stage.from.head, stage.name.clone());
        let loc = self.places.object(Some(self.build.loc), head);
        if let Some((_, text)) = &name {
            self.places.field(loc, "name", text.span);
            self.places.field(loc, "written_name", text.span);
        }
        if let Some(text) = stage.written_as {
            self.places.field(loc, "written_as", text.span);
        }
        if let Some(text) = stage.base {
            self.places.field(loc, "default_problem", text.span);
        }
        if let Some((text, _)) = &stage.platform {
            self.places.field(loc, "platform", text.span);
        }
        let platform = stage.platform.as_ref().map(|(text, _)| text.value.clone());
        let resolved_platform = match &stage.platform {
            None => Some(Nullable::Null),
            Some((_, value)) => value
                .text
                .as_deref()
                .and_then(parse_platform)
                .map(|platform| Nullable::Value(platform_fact(&platform))),
        };
        let known = stage.base_value.text.is_some();
        let fact = facts::Stage {
            loc,
            index: narrow(index),
            written_name: name.as_ref().map(|(_, text)| text.value.clone()).into(),
            written_as: stage.written_as.map(|text| text.value.clone()).into(),
            name: name.map(|(name, _)| name).into(),
            base: 0,
            default_problem: stage.default_problem.clone().into(),
            parent: known.then(|| stage.parent.map(narrow).into()),
            is_target: self.graph.target == Some(index),
            needed: stage.needed,
            shipped: stage.shipped,
            platform: platform.into(),
            resolved_platform,
            user: user::fact(loc, None, BaseUser::Unknown, false, &CreatedUsers::default()),
            has_shell: false,
            length: narrow(stage.body.len()),
        };
        self.build.stages.push(fact);
        let base = self.base_reference(index, loc);
        self.build.stages[index].base = base;
        loc
    }

    fn dispatch(&mut self, instruction: &'a Instruction, state: &mut StageState<'a>, at: At) {
        match instruction.keyword {
            Keyword::Arg => {
                let mut scope = std::mem::take(&mut state.scope);
                self.arguments(instruction, &mut scope, Some(at));
                state.scope = scope;
            }
            Keyword::Env => self.environment(instruction, state, at),
            Keyword::Label => self.labels(instruction, state, at),
            Keyword::User => self.user(instruction, state),
            Keyword::Workdir => self.workdir(instruction, state, at),
            Keyword::Run => self.run(instruction, state, at),
            Keyword::Copy | Keyword::Add => self.copy(instruction, state, at),
            Keyword::Expose => self.expose(instruction, state, at),
            Keyword::Volume => self.volume(instruction, state),
            Keyword::Stopsignal => self.stop_signal(instruction, state),
            Keyword::Shell => {
                if let Arguments::Exec(words) = &instruction.arguments {
                    let words = words.iter().map(|word| word.value.clone()).collect();
                    state.shell = Some((words, instruction.head));
                }
            }
            Keyword::Cmd => {
                state.cmd = self.command_line(instruction, state);
                state.cmd_is_own = true;
            }
            Keyword::Entrypoint => {
                state.entrypoint = self.command_line(instruction, state);
                if !state.cmd_is_own {
                    state.cmd = None;
                }
            }
            Keyword::Healthcheck => state.healthcheck = Some(instruction),
            Keyword::Onbuild => state.onbuild.extend(instruction.trigger.as_deref()),
            Keyword::From | Keyword::Maintainer | Keyword::Unknown => {}
        }
        self.undeclared(instruction, Some(at));
    }

    /// ARG: a value given by the caller, else the default, else that of the global scope.
    fn arguments(&mut self, instruction: &'a Instruction, scope: &mut Scope, at: Option<At>) {
        let Arguments::Pairs { pairs, .. } = &instruction.arguments else { return };
        for pair in pairs {
            let name = pair.key.value.as_str();
            let given = self.given(name);
            let mut value = pair.value.as_ref().map(|text| self.substitute(text, scope));
            let binding = match (&given, &value) {
                (Some(given), _) => Some(given.clone()),
                (None, Some(value)) => {
                    Some(value.text.clone().map_or(Binding::Unknown, Binding::Set))
                }
                (None, None) if at.is_some() => self.globals.get(name).cloned(),
                (None, None) => None,
            };
            let known = match &binding {
                Some(Binding::Set(text)) => Some(Nullable::Value(text.clone())),
                Some(Binding::Unknown) => None,
                None => Some(Nullable::Null),
            };
            if given.is_some() {
                value = None;
            }
            self.variable(pair, value.unwrap_or_default(), known, "ARG", at);
            match binding {
                Some(binding) => scope.set(name, binding),
                // Declared without a value: an earlier one of the same name goes on.
                None if scope.get(name).is_none() => scope.set(name, Binding::Unknown),
                None => {}
            }
        }
    }

    /// What the caller gives for an ARG.
    fn given(&self, name: &str) -> Option<Binding> {
        let known = self.options.build_args.iter().rev().find(|(known, _)| known == name);
        known.map(|(_, value)| Binding::Set(value.clone())).or_else(|| {
            self.options
                .unknown_build_args
                .iter()
                .any(|known| known == name)
                .then_some(Binding::Unknown)
        })
    }

    /// ENV: every value sees the environment before the instruction.
    fn environment(&mut self, instruction: &'a Instruction, state: &mut StageState<'a>, at: At) {
        let Arguments::Pairs { pairs, .. } = &instruction.arguments else { return };
        let mut bindings = Vec::new();
        for pair in pairs {
            let Some(text) = &pair.value else { continue };
            let key = self.substitute(&pair.key, &state.scope);
            let name = key.text.unwrap_or_else(|| pair.key.value.clone());
            let value = self.substitute(text, &state.scope);
            let known = value.text.clone();
            let mut fact =
                self.variable(pair, value, known.clone().map(Nullable::Value), "ENV", Some(at));
            fact.name.clone_from(&name);
            if let Some(last) = self.build.variables.last_mut() {
                last.name.clone_from(&name);
            }
            state.env.retain(|old| old.name != name);
            state.env.push(fact);
            bindings.push((name, known.map_or(Binding::Unknown, Binding::Set)));
        }
        for (name, binding) in bindings {
            state.scope.set(&name, binding);
        }
    }

    fn variable(
        &mut self,
        pair: &Pair,
        value: Value,
        known: Option<Nullable<String>>,
        from: &str,
        at: Option<At>,
    ) -> EnvVar {
        let parent = at.map_or(self.build.loc, |at| at.loc);
        let loc = self.object(parent, pair.span);
        self.places.field(loc, "name", pair.key.span);
        self.places.field(loc, "value", pair.value.as_ref().map_or(pair.span, |text| text.span));
        let fact = EnvVar {
            loc,
            name: pair.key.value.clone(),
            value: known,
            literal: value.literal,
            variables: value.variables,
            missing: value.missing,
            from: from.into(),
            stage: at.map(|at| at.index).into(),
            needed: at.is_none_or(|at| at.needed),
            shipped: at.is_some_and(|at| at.shipped),
            secret: Nullable::Null,
        };
        self.build.variables.push(fact.clone());
        fact
    }

    fn user(&mut self, instruction: &'a Instruction, state: &mut StageState<'a>) {
        let Some(text) = only_word(instruction) else { return };
        let value = self.substitute(text, &state.scope);
        state.user = Some(UserSetting { raw: text.value.clone(), value, span: text.span });
    }

    /// One word after substitution.
    pub(super) fn substitute(&mut self, text: &Text, scope: &Scope) -> Value {
        self.substitution.word(text, scope, self.problems)
    }
}

/// The only argument of USER, WORKDIR, STOPSIGNAL.
pub(super) fn only_word(instruction: &Instruction) -> Option<&Text> {
    match &instruction.arguments {
        Arguments::Words(words) => words.first(),
        _ => None,
    }
}

/// A platform; what is left out of it is Linux on amd64, as Docker takes it to be.
pub(super) fn parse_platform(text: &str) -> Option<Platform> {
    Platform::parse(text, &Platform::new("linux", "amd64")).ok()
}

/// A platform as a fact.
pub(super) fn platform_fact(platform: &Platform) -> facts::Platform {
    facts::Platform {
        os: platform.os.clone(),
        architecture: platform.architecture.clone(),
        variant: platform.variant.clone().into(),
    }
}
