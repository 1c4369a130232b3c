//! The stages of a Dockerfile and what they need of each other.
//!
//! Names are compared in lower case. FROM sees the stages before it; `COPY --from` and
//! `RUN --mount=from` see all of them, by name or by number, as BuildKit resolves them.

use std::collections::HashMap;

use super::super::syntax::{Arguments, Dockerfile, Instruction, Keyword, Text};
use super::scope::{Scope, Substitution, Value};
use crate::diagnostic::Diagnostic;
use crate::notation::reference::Reference;

/// One stage.
#[derive(Debug)]
pub(super) struct Stage<'a> {
    pub(super) from: &'a Instruction,
    /// What follows FROM up to the next one.
    pub(super) body: &'a [Instruction],
    /// The name in lower case, and as written.
    pub(super) name: Option<(String, &'a Text)>,
    /// The word before the name.
    pub(super) written_as: Option<&'a Text>,
    /// The base as written; `None` when FROM has no argument.
    pub(super) base: Option<&'a Text>,
    /// The base after substitution.
    pub(super) base_value: Value,
    /// Why the base is no reference when no build argument is given.
    pub(super) default_problem: Option<String>,
    /// `--platform` as written and after substitution.
    pub(super) platform: Option<(&'a Text, Value)>,
    /// The stage it is built on.
    pub(super) parent: Option<usize>,
    /// Whether the target needs it.
    pub(super) needed: bool,
    /// Whether it is in the target's lineage.
    pub(super) shipped: bool,
}

/// Every stage, and which one is the target.
#[derive(Debug, Default)]
pub(super) struct Graph<'a> {
    pub(super) stages: Vec<Stage<'a>>,
    pub(super) target: Option<usize>,
    by_name: HashMap<String, usize>,
}

impl<'a> Graph<'a> {
    /// Reads the FROM lines; `globals` is the scope that they see.
    pub(super) fn build(
        syntax: &'a Dockerfile,
        globals: &Scope,
        defaults: &Scope,
        target: Option<&str>,
        substitution: &Substitution<'_>,
        problems: &mut Vec<Diagnostic>,
    ) -> Self {
        let mut graph = Graph::default();
        let all = &syntax.instructions;
        let starts: Vec<usize> =
            (0..all.len()).filter(|&at| all[at].keyword == Keyword::From).collect();
        for (number, &start) in starts.iter().enumerate() {
            let end = starts.get(number + 1).copied().unwrap_or(all.len());
            let body = &all[start + 1..end];
            graph.add(&all[start], body, (globals, defaults), substitution, problems);
        }
        graph.target = match target {
            None => graph.stages.len().checked_sub(1),
            Some(name) => graph.find(name),
        };
        if let Some(name) = target
            && graph.target.is_none()
        {
            let names: Vec<&str> =
                graph.stages.iter().filter_map(|s| s.name.as_ref().map(|n| n.0.as_str())).collect();
            let help = if names.is_empty() {
                "no stage of this Dockerfile has a name".to_owned()
            } else {
                format!("its stages are {}", names.join(", "))
            };
            let message = format!("target stage `{name}` could not be found");
            problems.push(Diagnostic::error(message).help(help));
        }
        graph.mark();
        graph
    }

    fn add(
        &mut self,
        from: &'a Instruction,
        body: &'a [Instruction],
        (globals, defaults): (&Scope, &Scope),
        substitution: &Substitution<'_>,
        problems: &mut Vec<Diagnostic>,
    ) {
        let words: &[Text] = match &from.arguments {
            Arguments::Words(words) => words,
            _ => &[],
        };
        let base = words.first();
        let base_value = base.map(|text| substitution.word(text, globals, problems));
        let base_value = base_value.unwrap_or_default();
        let written = base.filter(|_| !base_value.literal);
        let default_problem = written.and_then(|text| self.problem(text, defaults, substitution));
        let named = words.get(1).is_some_and(|word| word.value.eq_ignore_ascii_case("as"));
        let name = words.get(2).filter(|_| named).map(|text| (text.value.to_lowercase(), text));
        let written_as = words.get(1).filter(|_| name.is_some());
        let platform =
            flag(from, "platform").map(|text| (text, substitution.word(text, globals, problems)));
        let parent = base_value
            .text
            .as_ref()
            .and_then(|text| self.by_name.get(&text.to_lowercase()).copied());
        if let Some((name, _)) = &name {
            self.by_name.insert(name.clone(), self.stages.len());
        }
        let (needed, shipped) = (false, false);
        self.stages.push(Stage {
            from,
            body,
            name,
            written_as,
            base,
            base_value,
            default_problem,
            platform,
            parent,
            needed,
            shipped,
        });
    }

    /// Why the base of a stage is no valid reference under these arguments.
    fn problem(
        &self,
        text: &Text,
        defaults: &Scope,
        substitution: &Substitution<'_>,
    ) -> Option<String> {
        let base = substitution.quiet(text, defaults).text?;
        if base == "scratch" || self.by_name.contains_key(&base.to_lowercase()) {
            return None;
        }
        Reference::parse_normalized(&base).err().map(|error| error.to_string())
    }

    /// The stage of this name or number.
    pub(super) fn find(&self, name: &str) -> Option<usize> {
        let by_name = self.by_name.get(&name.to_lowercase()).copied();
        by_name.or_else(|| self.by_number(name))
    }

    fn by_number(&self, text: &str) -> Option<usize> {
        text.parse().ok().filter(|&index: &usize| index < self.stages.len())
    }

    /// The stage that `COPY --from` or `RUN --mount=from` means: a number comes before a name.
    pub(super) fn source(&self, text: &str) -> Option<usize> {
        if text.parse::<usize>().is_ok() {
            return self.by_number(text);
        }
        self.by_name.get(&text.to_lowercase()).copied()
    }

    /// Marks what the target needs, and its lineage.
    fn mark(&mut self) {
        let mut at = self.target;
        while let Some(index) = at {
            self.stages[index].shipped = true;
            // A stage is only ever built on an earlier one, so this ends.
            at = self.stages[index].parent;
        }
        let mut open: Vec<usize> = self.target.into_iter().collect();
        while let Some(index) = open.pop() {
            if std::mem::replace(&mut self.stages[index].needed, true) {
                continue;
            }
            open.extend(self.stages[index].parent);
            for instruction in self.stages[index].body {
                let instruction = instruction.trigger.as_deref().unwrap_or(instruction);
                open.extend(sources(instruction).filter_map(|text| self.source(&text.value)));
            }
        }
    }
}

/// The value of a flag.
pub(super) fn flag<'a>(instruction: &'a Instruction, name: &str) -> Option<&'a Text> {
    let flag = instruction.flags.iter().find(|flag| flag.name.value == name)?;
    flag.value.as_ref()
}

/// What an instruction takes files from: `--from`, and `from` of `--mount`.
fn sources(instruction: &Instruction) -> impl Iterator<Item = &Text> {
    let copied = flag(instruction, "from").filter(|_| instruction.keyword == Keyword::Copy);
    let mounted = instruction
        .flags
        .iter()
        .filter(|flag| instruction.keyword == Keyword::Run && flag.name.value == "mount")
        .flat_map(|flag| &flag.options)
        .filter(|option| option.key.value.eq_ignore_ascii_case("from"))
        .filter_map(|option| option.value.as_ref());
    copied.into_iter().chain(mounted)
}
