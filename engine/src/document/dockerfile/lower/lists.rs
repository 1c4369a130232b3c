//! Instructions that set one thing each, and the list of all instructions.

use plimsoll_sdk::facts::{Expose, Instruction as InstructionFact, LabelSetting, Workdir};

use super::super::syntax::{Arguments, Instruction, Keyword};
use super::Lowering;
use super::references::narrow;
use super::stage::{At, CommandLine, StageState, only_word};
use crate::notation::port::PortSpec;
use crate::source::Span;

impl<'a> Lowering<'a> {
    /// Adds the instruction to the list of all.
    pub(super) fn instruction(&mut self, instruction: &Instruction, at: Option<At>) {
        let parent = at.map_or(self.build.loc, |at| at.loc);
        let loc = self.object(parent, instruction.head);
        self.places.field(loc, "keyword", instruction.keyword_text.span);
        let trigger = instruction.trigger.as_ref().map(|t| t.keyword.as_str().to_owned());
        self.build.instructions.push(InstructionFact {
            loc,
            keyword: if instruction.keyword == Keyword::Unknown {
                instruction.keyword_text.value.to_uppercase()
            } else {
                instruction.keyword.as_str().to_owned()
            },
            written: instruction.keyword_text.value.clone(),
            stage: at.map(|at| at.index).into(),
            needed: at.is_none_or(|at| at.needed),
            shipped: at.is_some_and(|at| at.shipped),
            form: form(instruction).map(str::to_owned).into(),
            trigger: trigger.into(),
            legacy: matches!(instruction.arguments, Arguments::Pairs { legacy: true, .. }),
            line: instruction.line,
            end_line: instruction.end_line,
        });
    }

    /// The index of the instruction that was added last.
    pub(super) fn current_instruction(&self) -> u32 {
        narrow(self.build.instructions.len().saturating_sub(1))
    }

    pub(super) fn labels(
        &mut self,
        instruction: &'a Instruction,
        state: &mut StageState<'a>,
        at: At,
    ) {
        let Arguments::Pairs { pairs, .. } = &instruction.arguments else { return };
        for pair in pairs {
            let Some(text) = &pair.value else { continue };
            let key = self.substitute(&pair.key, &state.scope);
            let value = self.substitute(text, &state.scope);
            let loc = self.object(at.loc, pair.span);
            self.places.field(loc, "key", pair.key.span);
            self.places.field(loc, "value", text.span);
            self.build.labels.push(LabelSetting {
                loc,
                key: key.text.clone(),
                value: value.text.clone(),
                literal: value.literal,
                stage: at.index,
                needed: at.needed,
                shipped: at.shipped,
            });
            if key.text.is_some() {
                state.labels.retain(|(old, _, _)| old.text != key.text);
            }
            state.labels.push((key, value, pair));
        }
    }

    pub(super) fn workdir(
        &mut self,
        instruction: &'a Instruction,
        state: &mut StageState<'a>,
        at: At,
    ) {
        let Some(text) = only_word(instruction) else { return };
        let value = self.substitute(text, &state.scope);
        let loc = self.object(at.loc, instruction.head);
        for field in ["raw", "path"] {
            self.places.field(loc, field, text.span);
        }
        let absolute = value.text.as_deref().map(|path| is_absolute(path, state.windows));
        let path = value.text.as_deref().and_then(|path| match &state.workdir {
            _ if absolute == Some(true) => Some(clean(path, state.windows)),
            Some(Some(before)) => Some(clean(&format!("{before}/{path}"), state.windows)),
            // Relative to the base's working directory, which is not known.
            _ => None,
        });
        self.build.workdirs.push(Workdir {
            loc,
            raw: text.value.clone(),
            path: path.clone(),
            absolute,
            after_absolute: state.workdir_absolute,
            stage: at.index,
            needed: at.needed,
            shipped: at.shipped,
        });
        state.workdir = Some(path);
        state.workdir_absolute = match (state.workdir_absolute, absolute) {
            (Some(true), _) | (_, Some(true)) => Some(true),
            (_, None) | (None, _) => None,
            (Some(false), Some(false)) => Some(false),
        };
    }

    pub(super) fn expose(
        &mut self,
        instruction: &'a Instruction,
        state: &mut StageState<'a>,
        at: At,
    ) {
        let Arguments::Words(words) = &instruction.arguments else { return };
        for word in words {
            let values = self.substitution.words(word, &state.scope, self.problems);
            for value in values {
                let loc = self.object(at.loc, word.span);
                let parsed = value.text.as_deref().map(PortSpec::parse);
                let protocol = value.text.as_deref().map(|text| {
                    text.rsplit_once('/').map(|(_, protocol)| protocol.to_owned()).into()
                });
                let host_part = value.text.as_deref().map(|text| text.contains(':'));
                self.build.exposes.push(Expose {
                    loc,
                    raw: word.value.clone(),
                    text: value.text.clone(),
                    stage: at.index,
                    needed: at.needed,
                    shipped: at.shipped,
                    problem: parsed
                        .as_ref()
                        .map(|parsed| parsed.as_ref().err().map(ToString::to_string).into()),
                    has_host_part: host_part,
                    protocol,
                });
                match parsed {
                    Some(Ok(spec)) => state.ports.push((spec, word.span)),
                    Some(Err(_)) => {}
                    None => state.ports_complete = false,
                }
            }
        }
    }

    pub(super) fn volume(&mut self, instruction: &'a Instruction, state: &mut StageState<'a>) {
        let (Arguments::Words(words) | Arguments::Exec(words)) = &instruction.arguments else {
            return;
        };
        for word in words {
            let value = self.substitute(word, &state.scope);
            match value.text {
                Some(path) => state.volumes.push((path, word.span)),
                None => state.volumes_complete = false,
            }
        }
    }

    pub(super) fn stop_signal(&mut self, instruction: &'a Instruction, state: &mut StageState<'a>) {
        let Some(text) = only_word(instruction) else { return };
        let value = self.substitute(text, &state.scope);
        state.stop_signal = Some((value, text.span));
    }

    /// CMD, ENTRYPOINT, and the command of HEALTHCHECK: not substituted by the build.
    pub(super) fn command_line(
        &self,
        instruction: &Instruction,
        state: &StageState<'_>,
    ) -> Option<CommandLine> {
        command_line(&instruction.arguments, state, instruction.head)
    }
}

/// The words of a command in either form.
pub(super) fn command_line(
    arguments: &Arguments,
    state: &StageState<'_>,
    fallback: Span,
) -> Option<CommandLine> {
    match arguments {
        Arguments::Exec(words) => Some(CommandLine {
            words: words.iter().map(|word| word.value.clone()).collect(),
            form: "exec",
            span: words.iter().map(|w| w.span).reduce(Span::cover).unwrap_or(fallback),
            items: words.iter().map(|word| word.span).collect(),
        }),
        Arguments::Shell(text) => {
            let mut words = shell_words(state);
            let items = vec![text.span; words.len() + 1];
            words.push(text.value.clone());
            Some(CommandLine { words, form: "shell", span: text.span, items })
        }
        _ => None,
    }
}

/// The shell of shell forms.
/// <https://docs.docker.com/reference/dockerfile/#shell>
pub(super) fn shell_words(state: &StageState<'_>) -> Vec<String> {
    match &state.shell {
        Some((words, _)) => words.clone(),
        None if state.windows => vec!["cmd".into(), "/S".into(), "/C".into()],
        None => vec!["/bin/sh".into(), "-c".into()],
    }
}

fn form(instruction: &Instruction) -> Option<&'static str> {
    let of = |arguments: &Arguments| match arguments {
        Arguments::Exec(_) => Some("exec"),
        Arguments::Shell(_) => Some("shell"),
        _ => None,
    };
    match (instruction.keyword, &instruction.arguments) {
        (Keyword::Run, _) if !instruction.heredocs.is_empty() => Some("heredoc"),
        (Keyword::Run | Keyword::Cmd | Keyword::Entrypoint, arguments) => of(arguments),
        (Keyword::Healthcheck, Arguments::Healthcheck { command, .. }) => {
            Some(command.as_deref().and_then(of).unwrap_or("none"))
        }
        _ => None,
    }
}

/// Whether a path is absolute where the image runs.
pub(super) fn is_absolute(path: &str, windows: bool) -> bool {
    let drive = || {
        let mut bytes = path.bytes();
        bytes.next().is_some_and(|b| b.is_ascii_alphabetic())
            && bytes.next() == Some(b':')
            && matches!(bytes.next(), Some(b'/' | b'\\'))
    };
    path.starts_with('/') || (windows && (path.starts_with('\\') || drive()))
}

/// A path without `.`, `..` and doubled separators.
fn clean(path: &str, windows: bool) -> String {
    if windows {
        return path.to_owned();
    }
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    format!("/{}", parts.join("/"))
}
