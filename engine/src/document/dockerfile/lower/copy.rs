//! COPY and ADD.

use plimsoll_sdk::Nullable;
use plimsoll_sdk::facts::{Copy, CopySource};

use super::super::syntax::{Arguments, Instruction, Keyword, Text};
use super::Lowering;
use super::graph::flag;
use super::lists::is_absolute;
use super::references::Use;
use super::scope::Scope;
use super::stage::{At, StageState};
use crate::notation::git_url::{self, GitUrl};

impl<'a> Lowering<'a> {
    pub(super) fn copy(
        &mut self,
        instruction: &'a Instruction,
        state: &mut StageState<'a>,
        at: At,
    ) {
        let (Arguments::Words(words) | Arguments::Exec(words)) = &instruction.arguments else {
            return;
        };
        let Some((dest, sources)) = words.split_last() else { return };
        let loc = self.object(at.loc, instruction.head);
        self.places.field(loc, "keyword", instruction.keyword_text.span);
        let stage = Some(at.index as usize);
        let from = flag(instruction, "from").map(|text| {
            self.source_reference(Use { role: "copy_from", stage, text, parent: at.loc })
        });
        let sources = sources
            .iter()
            .map(|text| self.copy_source(instruction, text, &state.scope, loc, from.is_some()))
            .collect();
        for heredoc in instruction.heredocs.iter().filter(|heredoc| heredoc.expand) {
            self.substitution.body(&heredoc.body, &state.scope);
        }
        self.places.field(loc, "dest", dest.span);
        let dest = self.substitute(dest, &state.scope).text;
        if let Some(dest) = &dest {
            state.created.writes(dest);
        }
        let without_workdir = match (&dest, &state.workdir) {
            (Some(dest), _) if is_absolute(dest, state.windows) => Some(false),
            (Some(_), Some(_)) => Some(false),
            (Some(_), None) => Some(true),
            (None, _) => None,
        };
        let mut text = |name: &str, field: &'static str| match flag(instruction, name) {
            None => Some(Nullable::Null),
            Some(text) => {
                self.places.field(loc, field, text.span);
                let value = self.substitution.word(text, &state.scope, self.problems);
                value.text.map(Nullable::Value)
            }
        };
        let (chown, chmod) = (text("chown", "chown"), text("chmod", "chmod"));
        let checksum = text("checksum", "checksum");
        let switch = |name: &str| {
            let flag = instruction.flags.iter().find(|flag| flag.name.value == name);
            flag.is_some_and(|flag| flag.value.as_ref().is_none_or(|text| text.value == "true"))
        };
        let excludes = instruction.flags.iter().filter(|flag| flag.name.value == "exclude");
        let excludes = excludes.filter_map(|flag| flag.value.as_ref());
        self.build.copies.push(Copy {
            loc,
            keyword: instruction.keyword.as_str().into(),
            stage: at.index,
            needed: at.needed,
            shipped: at.shipped,
            sources,
            dest,
            instruction: self.current_instruction(),
            working_dir: state.working_dir(),
            dest_without_workdir: without_workdir,
            from: from.into(),
            chown,
            chmod,
            checksum,
            link: switch("link"),
            parents: switch("parents"),
            keep_git_dir: switch("keep-git-dir"),
            excludes: excludes.map(|text| text.value.clone()).collect(),
        });
    }

    fn copy_source(
        &mut self,
        instruction: &Instruction,
        text: &Text,
        scope: &Scope,
        copy: plimsoll_sdk::Loc,
        has_from: bool,
    ) -> CopySource {
        let loc = self.text_object(copy, text);
        let here = instruction.heredocs.iter().find(|heredoc| heredoc.marker == text.span);
        if let Some(heredoc) = here {
            return CopySource {
                loc,
                raw: heredoc.name.clone(),
                path: Some(heredoc.name.clone()),
                kind: Some("heredoc".into()),
                pinned: Nullable::Null,
                ignored: Some(Nullable::Null),
            };
        }
        let path = self.substitute(text, scope).text;
        let remote = instruction.keyword == Keyword::Add && !has_from;
        let mut pinned = Nullable::Null;
        let kind = path.as_deref().map(|path| {
            if has_from {
                "stage"
            } else if remote && git_url::is_git(path) {
                let git = GitUrl::parse(path).ok();
                pinned = Nullable::Value(git.is_some_and(|git| is_pinned(&git)));
                "git"
            } else if remote && git_url::is_url(path) {
                "url"
            } else {
                "local"
            }
        });
        // With --from the source is a stage's, whatever its path is.
        let kind = if has_from { Some("stage") } else { kind };
        let local = kind.is_none_or(|kind| kind == "local");
        CopySource {
            loc,
            raw: text.value.clone(),
            path,
            kind: kind.map(str::to_owned),
            pinned,
            // Of local files the context says.
            ignored: (!local).then_some(Nullable::Null),
        }
    }
}

/// Whether a git source always gives the same files: it names a commit, or a checksum.
fn is_pinned(git: &GitUrl) -> bool {
    let is_commit = |text: &str| {
        matches!(text.len(), 40 | 64) && text.bytes().all(|byte| byte.is_ascii_hexdigit())
    };
    git.checksum.is_some() || git.reference.as_deref().is_some_and(is_commit)
}
