//! Image references of a Dockerfile: FROM, `COPY --from`, `RUN --mount=from`, `# syntax=`.

use plimsoll_sdk::facts::ImageRef;
use plimsoll_sdk::{Loc, Nullable};

use super::super::syntax::Text;
use super::Lowering;
use super::scope::Value;
use crate::document::reference;

/// Where a reference stands.
#[derive(Clone, Copy, Debug)]
pub(super) struct Use<'t> {
    pub(super) role: &'static str,
    /// The stage that uses it.
    pub(super) stage: Option<usize>,
    pub(super) text: &'t Text,
    pub(super) parent: Loc,
}

impl Lowering<'_> {
    /// Adds the reference of a FROM.
    pub(super) fn base_reference(&mut self, stage: usize, parent: Loc) -> u32 {
        let (text, value, target) = {
            let stage = &self.graph.stages[stage];
            let nothing = || Text::verbatim("", stage.from.head);
            let text = stage.base.cloned().unwrap_or_else(nothing);
            (text, stage.base_value.clone(), stage.parent)
        };
        let shipped = self.graph.stages[stage].shipped && target.is_none();
        let used = Use { role: "from", stage: Some(stage), text: &text, parent };
        let index = self.reference(used, &value, target, true);
        if let Some(reference) = self.references.get_mut(index as usize) {
            reference.shipped = shipped;
        }
        index
    }

    /// Adds the reference of `COPY --from` or `RUN --mount=from`, which take no variables.
    pub(super) fn source_reference(&mut self, used: Use<'_>) -> u32 {
        let text = &used.text.value;
        let target = self.graph.source(text);
        let value = Value { text: Some(text.clone()), literal: true, ..Value::default() };
        let index = self.reference(used, &value, target, false);
        let reference = &mut self.references[index as usize];
        if text.contains('$') {
            reference.kind = Some("invalid".into());
            reference.problem =
                Nullable::Value("variables are not substituted here; name a stage".into());
        } else if target.is_none() && text.parse::<usize>().is_ok() {
            reference.kind = Some("invalid".into());
            reference.problem = Nullable::Value(format!("there is no stage number {text}"));
        } else if target.is_some() && target == used.stage {
            reference.problem = Nullable::Value("a stage cannot copy from itself".into());
        }
        index
    }

    /// Adds the reference of the `syntax` directive.
    pub(super) fn syntax_reference(&mut self, text: &Text) {
        let value = Value { text: Some(text.value.clone()), literal: true, ..Value::default() };
        let used = Use { role: "syntax", stage: None, text, parent: self.build.loc };
        self.reference(used, &value, None, false);
    }

    fn reference(
        &mut self,
        used: Use<'_>,
        value: &Value,
        target: Option<usize>,
        scratch: bool,
    ) -> u32 {
        let loc = self.places.object(Some(used.parent), used.text.span);
        let stage = used.stage.map(|index| &self.graph.stages[index]);
        let mut reference = ImageRef {
            stage: used.stage.map(narrow).into(),
            needed: stage.is_none_or(|stage| stage.needed),
            text: value.text.clone(),
            literal: value.literal,
            variables: value.variables.clone(),
            missing: value.missing.clone(),
            ..reference::unresolved(loc, used.role, &used.text.value)
        };
        if let Some(text) = &value.text {
            reference.stage_index = Some(target.map(narrow).into());
            if target.is_some() {
                reference.kind = Some("stage".into());
            } else if scratch && text == "scratch" {
                reference.kind = Some("scratch".into());
            } else {
                reference::resolve(&mut reference, text);
                if reference.literal {
                    self.part_places(&reference, used.text);
                }
            }
        } else if let Some(known) = &value.partial {
            reference::resolve_partly(&mut reference, known);
        }
        self.references.push(reference);
        narrow(self.references.len() - 1)
    }

    /// Tag and digest have places of their own in a reference written without variables.
    fn part_places(&mut self, reference: &ImageRef, text: &Text) {
        let (tag, digest) = reference::parts(reference, &text.value);
        for (name, part) in [("tag", tag), ("digest", digest)] {
            if let Some(part) = part {
                self.places.field(reference.loc, name, text.span_of(part));
            }
        }
    }
}

pub(super) fn narrow(index: usize) -> u32 {
    u32::try_from(index).unwrap_or(u32::MAX)
}
