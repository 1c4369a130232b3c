//! RUN: the commands it runs, and what they ask of package managers.

use std::ops::Range;

use plimsoll_sdk::facts::{self, Argument, PackageOperation, Run, RunMount, VariableUse};
use plimsoll_sdk::{Loc, Nullable};

use super::super::syntax::{Arguments, Flag, Heredoc, Instruction, Text};
use super::Lowering;
use super::graph::flag;
use super::lists::shell_words;
use super::references::{Use, narrow};
use super::scope::Binding;
use super::stage::{At, StageState};
use crate::document::script;
use crate::shell::{self, Dialect, Script};
use crate::source::Span;

impl<'a> Lowering<'a> {
    pub(super) fn run(&mut self, instruction: &'a Instruction, state: &mut StageState<'a>, at: At) {
        let loc = self.object(at.loc, instruction.head);
        let mut run = Run {
            loc,
            stage: at.index,
            needed: at.needed,
            shipped: at.shipped,
            form: "shell".into(),
            shell: state.shell.as_ref().map(|(words, _)| words.clone()).unwrap_or_default(),
            commands: Vec::new(),
            variables: Vec::new(),
            mounts: Vec::new(),
            network: self.run_flag(instruction, "network", "network", state, loc),
            security: self.run_flag(instruction, "security", "security", state, loc),
            devices: Vec::new(),
            instruction: self.current_instruction(),
            working_dir: state.working_dir(),
            incomplete: Vec::new(),
        };
        for flag in instruction.flags.iter().filter(|flag| flag.name.value == "mount") {
            let mount = self.mount(flag, state, at, loc);
            run.mounts.push(mount);
        }
        for flag in instruction.flags.iter().filter(|flag| flag.name.value == "device") {
            let text = flag.value.as_ref().map(|text| text.value.clone()).unwrap_or_default();
            run.devices.push(Argument { loc: self.object(loc, flag.span), text });
        }
        let mut operations = Vec::new();
        let dialect = dialect(state);
        match &instruction.arguments {
            Arguments::Shell(text) => {
                if !instruction.heredocs.is_empty() {
                    run.form = "heredoc".into();
                }
                self.shell_form(instruction, text, dialect, &mut run, &mut operations, state);
            }
            Arguments::Exec(words) => {
                run.form = "exec".into();
                // Placed in one made-up text, in which every word has room for its own bytes.
                let mut arguments = Vec::new();
                let mut offset = 0;
                for word in words {
                    arguments.push((word.value.as_str(), offset..offset + word.value.len()));
                    offset += word.value.len() + 1;
                }
                let script = shell::exec_form(&arguments);
                let span = |range: Range<usize>| exec_span(words, &range);
                self.script(&script, &span, &mut run, &mut operations, state);
            }
            _ => {}
        }
        for command in &run.commands {
            let name = command.name.value().map_or("", |name| name.as_str());
            state.created.command(name, &command.args, &|variable| state.scope.get(variable));
            command.redirects.iter().for_each(|redirect| state.created.writes(&redirect.target));
        }
        let index = narrow(self.build.runs.len());
        let numbered = |operation| PackageOperation { run: index, ..operation };
        self.build.package_operations.extend(operations.into_iter().map(numbered));
        self.build.runs.push(run);
    }

    fn run_flag(
        &mut self,
        instruction: &Instruction,
        name: &str,
        field: &'static str,
        state: &StageState<'_>,
        loc: Loc,
    ) -> Option<Nullable<String>> {
        let Some(text) = flag(instruction, name) else { return Some(Nullable::Null) };
        self.places.field(loc, field, text.span);
        self.substitute(text, &state.scope).text.map(Nullable::Value)
    }

    fn mount(&mut self, flag: &Flag, state: &StageState<'_>, at: At, run: Loc) -> RunMount {
        let loc = self.object(run, flag.span);
        let mut mount = RunMount {
            loc,
            kind: Some("bind".into()),
            id: Some(Nullable::Null),
            source: Some(Nullable::Null),
            target: Some(Nullable::Null),
            env: Some(Nullable::Null),
            from: Nullable::Null,
        };
        for option in &flag.options {
            let Some(text) = &option.value else { continue };
            let key = option.key.value.to_ascii_lowercase();
            if key == "from" {
                let stage = Some(at.index as usize);
                let used = Use { role: "mount_from", stage, text, parent: at.loc };
                mount.from = Nullable::Value(self.source_reference(used));
                continue;
            }
            let value = self.substitute(text, &state.scope).text;
            let (field, slot) = match key.as_str() {
                "type" => {
                    self.places.field(loc, "kind", text.span);
                    mount.kind = value;
                    continue;
                }
                "id" => ("id", &mut mount.id),
                "source" | "src" => ("source", &mut mount.source),
                "target" | "dst" | "destination" => ("target", &mut mount.target),
                "env" => ("env", &mut mount.env),
                _ => continue,
            };
            *slot = value.map(Nullable::Value);
            self.places.field(loc, field, text.span);
        }
        mount
    }

    /// The shell form, and here-documents: a script of its own, or what a command reads.
    /// <https://docs.docker.com/reference/dockerfile/#here-documents>
    fn shell_form(
        &mut self,
        instruction: &Instruction,
        text: &Text,
        dialect: Dialect,
        run: &mut Run,
        operations: &mut Vec<PackageOperation>,
        state: &StageState<'a>,
    ) {
        let markers = |heredoc: &Heredoc| heredoc.marker;
        let only_marker = match instruction.heredocs.as_slice() {
            [heredoc] => text.trimmed().span == markers(heredoc),
            _ => false,
        };
        if !only_marker {
            // As BuildKit hands it to the shell: the bodies follow the line.
            let mut whole = text.value.clone();
            for heredoc in &instruction.heredocs {
                whole.push('\n');
                whole.push_str(&heredoc.body.value);
                whole.push_str(&heredoc.name);
            }
            let script = shell::commands(&whole, dialect);
            // No command is in a body: `script` lists what the line says.
            self.script(&script, &|range| text.span_of(range), run, operations, state);
        }
        for heredoc in &instruction.heredocs {
            let reads_script = only_marker && is_shell_script(&heredoc.body.value)
                || !only_marker && run.commands.iter().any(|c| reads_as_script(c, heredoc));
            if reads_script {
                let body = &heredoc.body;
                let script = shell::commands(&body.value, dialect);
                self.script(&script, &|range| body.span_of(range), run, operations, state);
            } else if only_marker {
                // A script in another language: nothing is known of what it runs.
                run.incomplete = vec!["commands".into()];
            }
        }
    }

    fn script(
        &mut self,
        script: &Script,
        span: &dyn Fn(Range<usize>) -> Span,
        run: &mut Run,
        operations: &mut Vec<PackageOperation>,
        state: &StageState<'a>,
    ) {
        let offset = run.commands.len();
        if !script.complete && run.incomplete.is_empty() {
            run.incomplete.push("commands".into());
        }
        for command in &script.commands {
            let fact = script::command(&mut self.places, run.loc, command, offset, span);
            self.variable_uses(command, span, run, state);
            run.commands.push(fact);
        }
        let site = script::Site {
            stage: Nullable::Value(run.stage),
            run: 0,
            needed: run.needed,
            shipped: run.shipped,
        };
        operations.extend(script::operations(
            &mut self.places,
            run.loc,
            script,
            offset,
            span,
            &site,
        ));
    }

    /// The variables that the words of a command read; each name once a run, at its first place.
    fn variable_uses(
        &mut self,
        command: &shell::Command,
        span: &dyn Fn(Range<usize>) -> Span,
        run: &mut Run,
        state: &StageState<'a>,
    ) {
        let words = command
            .name
            .iter()
            .chain(&command.args)
            .chain(command.assignments.iter().map(|assignment| &assignment.value))
            .chain(command.redirects.iter().map(|redirect| &redirect.target));
        for word in words {
            for name in &word.variables {
                if run.variables.iter().any(|used| used.name == *name) {
                    continue;
                }
                let declared =
                    matches!(state.scope.get(name), Some(Binding::Set(_) | Binding::Unknown));
                let loc = self.object(run.loc, span(word.range.clone()));
                let secret = Nullable::Null;
                run.variables.push(VariableUse { loc, name: name.clone(), declared, secret });
            }
        }
    }

    /// The package operations of the target's lineage, as facts of the image.
    pub(super) fn shipped_installs(&mut self, image: Loc) -> Vec<PackageOperation> {
        let shipped: Vec<PackageOperation> = self
            .build
            .package_operations
            .iter()
            .filter(|operation| operation.shipped && operation.action == "install")
            .cloned()
            .collect();
        let mut installs = Vec::with_capacity(shipped.len());
        for mut operation in shipped {
            let span = self.span_of(operation.loc);
            operation.loc = self.object(image, span);
            for package in &mut operation.packages {
                let span = self.span_of(package.loc);
                package.loc = self.object(operation.loc, span);
            }
            installs.push(operation);
        }
        installs
    }

    fn span_of(&self, loc: Loc) -> Span {
        self.places.place(loc).map(|place| place.span).unwrap_or_default()
    }
}

/// Which language the shell form is written in.
fn dialect(state: &StageState<'_>) -> Dialect {
    let shell = shell_words(state);
    let program = shell.first().map_or("", String::as_str).to_ascii_lowercase();
    let program = program.rsplit(['/', '\\']).next().unwrap_or_default();
    match program.strip_suffix(".exe").unwrap_or(program) {
        "cmd" => Dialect::Cmd,
        "powershell" | "pwsh" => Dialect::PowerShell,
        _ => Dialect::Posix,
    }
}

/// Whether a here-document that is run as it is is a shell script: it names no other interpreter.
fn is_shell_script(body: &str) -> bool {
    match body.lines().next().and_then(|line| line.strip_prefix("#!")) {
        None => true,
        Some(line) => line.split_ascii_whitespace().any(is_shell),
    }
}

fn is_shell(path: &str) -> bool {
    matches!(path.rsplit('/').next(), Some("sh" | "bash" | "dash" | "ash" | "zsh" | "ksh"))
}

/// Whether a command reads this here-document as a script: `bash <<EOF`.
fn reads_as_script(command: &facts::Command, heredoc: &Heredoc) -> bool {
    command.name.value().is_some_and(|name| is_shell(name))
        && command
            .redirects
            .iter()
            .any(|redirect| redirect.operator.starts_with("<<") && redirect.target == heredoc.name)
}

/// The span of a range of the made-up text of an exec form.
fn exec_span(words: &[Text], range: &Range<usize>) -> Span {
    let mut offset = 0;
    let mut covered: Option<Span> = None;
    for word in words {
        let (start, end) = (offset, offset + word.value.len());
        offset = end + 1;
        if range.end < start || range.start > end {
            continue;
        }
        let whole = range.start <= start && range.end >= end;
        let span = if whole {
            word.span
        } else {
            word.span_of(range.start.saturating_sub(start)..range.end.min(end) - start)
        };
        covered = Some(covered.map_or(span, |before| before.cover(span)));
    }
    covered.unwrap_or_default()
}
