//! What made a line of an image's history, as builders record it.
//!
//! BuildKit writes the instruction (`RUN /bin/sh -c apk add curl # buildkit`), the classic builder
//! the command it ran (`/bin/sh -c apk add curl`) or would have run (`/bin/sh -c #(nop)  CMD …`).
//! Both put build arguments in front: `|1 VERSION=2 /bin/sh -c …`. Others write what they like.

use std::ops::Range;

use crate::shell::Dialect;

/// The instructions of a Dockerfile that leave a line.
const INSTRUCTIONS: [&str; 17] = [
    "ADD",
    "ARG",
    "CMD",
    "COPY",
    "ENTRYPOINT",
    "ENV",
    "EXPOSE",
    "FROM",
    "HEALTHCHECK",
    "LABEL",
    "MAINTAINER",
    "ONBUILD",
    "RUN",
    "SHELL",
    "STOPSIGNAL",
    "USER",
    "VOLUME",
];

const NOP: &str = "#(nop)";
const BUILDKIT: &str = " # buildkit";

/// A recorded instruction; ranges are of bytes of the recorded text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct CreatedBy {
    /// In upper case; `None` when the text is nobody's known form.
    pub(super) instruction: Option<String>,
    /// What follows it, without the shell that runs it.
    pub(super) arguments: Range<usize>,
    /// Build arguments: name, value, and both.
    pub(super) build_args: Vec<BuildArg>,
    /// The language of the arguments of a RUN.
    pub(super) dialect: Option<Dialect>,
}

/// A build argument that was recorded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct BuildArg {
    pub(super) name: Range<usize>,
    pub(super) value: Range<usize>,
}

impl CreatedBy {
    /// A RUN of this script, for the default shell.
    pub(super) fn script(text: &str) -> Self {
        CreatedBy {
            instruction: Some("RUN".into()),
            arguments: 0..text.len(),
            build_args: Vec::new(),
            dialect: Some(Dialect::Posix),
        }
    }
}

/// Reads what made a line.
pub(super) fn parse(text: &str) -> CreatedBy {
    let end = text.trim_end().strip_suffix(BUILDKIT).unwrap_or(text.trim_end()).len();
    let mut line = Line { text, at: 0, end };
    line.blank();
    if let Some(at) = line.rest().find(NOP) {
        // Only the shell stands before it.
        let shell = line.rest().get(..at).unwrap_or_default();
        if shell.split_ascii_whitespace().count() <= 5 {
            line.at += at + NOP.len();
            line.blank();
            return line.instruction();
        }
    }
    let word = line.word();
    if word == "RUN" {
        line.at += word.len();
        line.blank();
        return line.run();
    }
    if word.starts_with('|') || program(word).is_some() {
        return line.run();
    }
    line.instruction()
}

struct Line<'t> {
    text: &'t str,
    at: usize,
    end: usize,
}

impl<'t> Line<'t> {
    fn rest(&self) -> &'t str {
        self.text.get(self.at..self.end).unwrap_or_default()
    }

    fn word(&self) -> &'t str {
        let rest = self.rest();
        rest.split(|char: char| char.is_ascii_whitespace()).next().unwrap_or_default()
    }

    fn blank(&mut self) {
        let rest = self.rest();
        self.at += rest.len() - rest.trim_start().len();
    }

    fn instruction(mut self) -> CreatedBy {
        let word = self.word();
        let known = INSTRUCTIONS.contains(&word) || word == "WORKDIR";
        if known {
            self.at += word.len();
            self.blank();
        }
        CreatedBy {
            instruction: known.then(|| word.to_owned()),
            arguments: self.at..self.end,
            ..CreatedBy::default()
        }
    }

    /// What a RUN runs: build arguments, a shell, a script.
    fn run(mut self) -> CreatedBy {
        let build_args = self.build_args();
        let dialect = self.shell();
        CreatedBy {
            instruction: Some("RUN".into()),
            arguments: self.at..self.end,
            build_args,
            dialect: Some(dialect.unwrap_or(Dialect::Posix)),
        }
    }

    /// `|2 NAME=value OTHER=a b `: values may hold blanks, so that a value ends where the next name
    /// or the shell begins.
    fn build_args(&mut self) -> Vec<BuildArg> {
        let mut args: Vec<BuildArg> = Vec::new();
        let count = self.word().strip_prefix('|').and_then(|count| count.parse::<usize>().ok());
        let Some(count) = count else { return args };
        self.at += self.word().len();
        self.blank();
        loop {
            let word = self.word();
            let name = word.split('=').next().unwrap_or_default();
            let assigns = word.contains('=')
                && !name.is_empty()
                && name.chars().all(|char| char.is_ascii_alphanumeric() || char == '_');
            if assigns && args.len() < count {
                let start = self.at + name.len() + 1;
                let name = self.at..self.at + name.len();
                args.push(BuildArg { name, value: start..self.at + word.len() });
            } else if word.is_empty() || args.is_empty() || program(word).is_some() {
                return args;
            } else if let Some(last) = args.last_mut() {
                last.value.end = self.at + word.len();
            }
            self.at += word.len();
            self.blank();
        }
    }

    /// The shell and its options, if the rest begins with one.
    fn shell(&mut self) -> Option<Dialect> {
        let (start, dialect) = (self.at, program(self.word())?);
        for _ in 0..8 {
            self.at += self.word().len();
            self.blank();
            let word = self.word();
            let script = match dialect {
                Dialect::Cmd => word.eq_ignore_ascii_case("/c"),
                Dialect::PowerShell => word.eq_ignore_ascii_case("-command"),
                _ => word.starts_with('-') && !word.starts_with("--") && word.ends_with('c'),
            };
            if script {
                self.at += word.len();
                self.blank();
                return Some(dialect);
            }
        }
        // A shell that runs no script: the line is what it is.
        self.at = start;
        None
    }
}

/// The language of a program, if it is a shell.
fn program(word: &str) -> Option<Dialect> {
    let name = word.rsplit(['/', '\\']).next().unwrap_or_default().to_ascii_lowercase();
    match name.strip_suffix(".exe").unwrap_or(&name) {
        "sh" | "bash" | "dash" | "ash" | "zsh" | "ksh" => Some(Dialect::Posix),
        "cmd" => Some(Dialect::Cmd),
        "powershell" | "pwsh" => Some(Dialect::PowerShell),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_of_builders() {
        for (text, instruction, arguments) in [
            ("/bin/sh -c #(nop)  CMD [\"sh\"]", Some("CMD"), "[\"sh\"]"),
            ("/bin/sh -c #(nop) ADD file:a3b in / ", Some("ADD"), "file:a3b in /"),
            ("/bin/sh -c apk add curl", Some("RUN"), "apk add curl"),
            ("RUN /bin/sh -c apk add curl # buildkit", Some("RUN"), "apk add curl"),
            ("RUN /bin/bash -o pipefail -ec a | b # buildkit", Some("RUN"), "a | b"),
            ("RUN curl -f x # buildkit", Some("RUN"), "curl -f x"),
            ("COPY /src /dst # buildkit", Some("COPY"), "/src /dst"),
            ("WORKDIR /x", Some("WORKDIR"), "/x"),
            ("|2 A=b c D=e /bin/sh -c make D=f", Some("RUN"), "make D=f"),
            ("RUN |1 A= /bin/sh -c x # buildkit", Some("RUN"), "x"),
            ("cmd /S /C echo x", Some("RUN"), "echo x"),
            ("powershell -NoProfile -Command dir", Some("RUN"), "dir"),
            ("# debian.sh --arch 'amd64'", None, "# debian.sh --arch 'amd64'"),
            ("bazel build ...", None, "bazel build ..."),
            ("/bin/sh", Some("RUN"), "/bin/sh"),
            ("", None, ""),
        ] {
            let found = parse(text);
            assert_eq!(found.instruction.as_deref(), instruction, "{text}");
            assert_eq!(&text[found.arguments], arguments, "{text}");
        }
    }

    #[test]
    fn build_arguments() {
        let text = "|3 A=b c D=e EMPTY= /bin/sh -c make D=f";
        let found = parse(text);
        let args: Vec<_> = found
            .build_args
            .iter()
            .map(|arg| (&text[arg.name.clone()], &text[arg.value.clone()]))
            .collect();
        assert_eq!(args, [("A", "b c"), ("D", "e"), ("EMPTY", "")]);
        assert_eq!(parse("|x /bin/sh -c y").build_args, []);
    }
}
