//! From YAML nodes to settings, with every problem on the way.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::Arc;

use plimsoll_sdk::Severity;

use super::{
    FailOn, ParamSetting, Profile, RuleSetting, RuleWord, Settings, Spanned, UnknownBase, problems,
};
use crate::diagnostic::Diagnostic;
use crate::excerpt::excerpt;
use crate::source::{Place, Source, Span};
use crate::yaml::{self, Key, Limits, Node, Value};

/// The most problems that are told of one file.
const MAX_PROBLEMS: usize = 50;

/// The keys of the file.
pub(super) const KEYS: [&str; 8] = [
    "extends",
    "policies",
    "plugins",
    "rules",
    "fail-on",
    "fail-on-unknown",
    "unknown-base",
    "profile",
];

/// The keys of a rule's settings.
pub(super) const RULE_KEYS: [&str; 3] = ["enabled", "severity", "params"];

pub(super) fn read(source: &Arc<Source>) -> (Settings, Vec<Diagnostic>) {
    let root = match yaml::parse(source, Limits::default()) {
        Ok(root) => root,
        Err(problems) => return (Settings::empty(source), problems),
    };
    let mut reader = Reader { source, problems: Vec::new(), untold: 0 };
    reader.tags(&root);
    let settings = reader.settings(&root);
    (settings, reader.finish())
}

pub(super) struct Reader<'a> {
    source: &'a Arc<Source>,
    problems: Vec<Diagnostic>,
    untold: usize,
}

impl Reader<'_> {
    fn finish(mut self) -> Vec<Diagnostic> {
        self.problems.sort_by_key(|problem| problem.place().map(|place| place.span));
        if self.untold > 0 {
            let message = format!("{} more problems are not shown", self.untold);
            self.problems.push(Diagnostic::note(message));
        }
        self.problems
    }

    fn settings(&mut self, root: &Node) -> Settings {
        let mut settings = Settings::empty(self.source);
        let entries = match &root.value {
            Value::Map(entries) => entries.as_slice(),
            Value::Null => &[],
            other => {
                let (place, found) = (self.place(root.span), other.kind());
                self.problem(|| {
                    problems::wrong_type(place, "the file", "a mapping of settings", found)
                });
                &[]
            }
        };
        for (key, node) in entries {
            match key.text.as_str() {
                "extends" => settings.extends = self.names(key, node, "bundle names", "bundle"),
                "policies" => {
                    settings.policies =
                        self.names(key, node, "folders", "folder").unwrap_or_default();
                }
                "plugins" => settings.plugins = self.plugins(key, node),
                "rules" => settings.rules = self.rules(key, node),
                "fail-on" => settings.fail_on = self.word(key, node, fail_on_words()),
                "fail-on-unknown" => settings.fail_on_unknown = self.boolean(key, node),
                "unknown-base" => {
                    let words = UnknownBase::ALL.map(|word| (word.as_str(), word));
                    settings.unknown_base = self.word(key, node, words);
                }
                "profile" => {
                    let words = Profile::ALL.map(|word| (word.as_str(), word));
                    settings.profile = self.word(key, node, words);
                }
                _ => self.unknown_key(key, "", &KEYS),
            }
        }
        settings
    }

    /// A list of names that are not empty and stand there once.
    fn names(
        &mut self,
        key: &Key,
        node: &Node,
        plural: &str,
        singular: &str,
    ) -> Option<Vec<Spanned<String>>> {
        let Value::Seq(items) = &node.value else {
            self.wrong_type(key, node, &format!("a list of {plural}"));
            return None;
        };
        let mut names = Vec::with_capacity(items.len());
        let mut first: HashMap<&str, Place> = HashMap::new();
        for item in items {
            let place = self.place_of(item, key);
            let Value::Str(name) = &item.value else {
                let (what, expected) = (key.text.as_str(), format!("the name of a {singular}"));
                let found = item.value.kind();
                self.problem(|| {
                    problems::wrong_type(place, &format!("`{what}`"), &expected, found)
                });
                continue;
            };
            if name.trim().is_empty() {
                self.problem(|| problems::empty(place, &format!("the name of a {singular}")));
                continue;
            }
            match first.entry(name) {
                Entry::Vacant(vacant) => {
                    vacant.insert(place.clone());
                }
                Entry::Occupied(before) => {
                    let before = before.get().clone();
                    let what = format!("the {singular}");
                    self.problem(|| problems::twice(place.clone(), before, &what, name));
                }
            }
            names.push(Spanned { value: name.clone(), place });
        }
        Some(names)
    }

    fn rules(&mut self, key: &Key, node: &Node) -> Vec<RuleSetting> {
        let Value::Map(entries) = &node.value else {
            self.wrong_type(key, node, "a mapping of rule ids to settings");
            return Vec::new();
        };
        let mut first: HashMap<String, &Key> = HashMap::new();
        let mut rules = Vec::with_capacity(entries.len());
        for (id, node) in entries {
            let place = self.place(id.span);
            if id.text.trim().is_empty() {
                self.problem(|| problems::empty(place, "the id of a rule"));
                continue;
            }
            match first.entry(id.text.to_lowercase()) {
                Entry::Vacant(vacant) => {
                    vacant.insert(id);
                }
                Entry::Occupied(before) => {
                    let (before, again) = (*before.get(), place.clone());
                    let first = self.place(before.span);
                    self.problem(|| problems::same_rule(again, first, &id.text, &before.text));
                }
            }
            let id_setting = Spanned { value: id.text.clone(), place };
            rules.push(self.rule(id, id_setting, node));
        }
        rules
    }

    fn rule(&mut self, key: &Key, id: Spanned<String>, node: &Node) -> RuleSetting {
        let mut rule = RuleSetting { id, enabled: None, severity: None, params: Vec::new() };
        match &node.value {
            Value::Bool(on) => rule.enabled = Some(self.spanned(*on, node, key)),
            Value::Str(_) => {
                let words = RuleWord::ALL.map(|word| (word.as_str(), word));
                if let Some(Spanned { value, place }) = self.word(key, node, words) {
                    match value.severity() {
                        Some(value) => rule.severity = Some(Spanned { value, place }),
                        None => {
                            rule.enabled = Some(Spanned { value: value == RuleWord::On, place });
                        }
                    }
                }
            }
            Value::Map(entries) => self.rule_options(&mut rule, key, entries),
            _ => self.wrong_type(key, node, "`on`, `off`, a severity, or a mapping of settings"),
        }
        rule
    }

    fn rule_options(&mut self, rule: &mut RuleSetting, id: &Key, entries: &[(Key, Node)]) {
        for (key, node) in entries {
            match key.text.as_str() {
                "enabled" => rule.enabled = self.boolean(key, node),
                "severity" => {
                    let words = Severity::ALL.map(|word| (word.as_str(), word));
                    rule.severity = self.word(key, node, words);
                }
                "params" => rule.params = self.params(key, node),
                _ => {
                    let within = format!(" of the rule `{}`", excerpt(&id.text));
                    self.unknown_key(key, &within, &RULE_KEYS);
                }
            }
        }
    }

    fn params(&mut self, key: &Key, node: &Node) -> Vec<ParamSetting> {
        let Value::Map(entries) = &node.value else {
            self.wrong_type(key, node, "a mapping of parameter names to values");
            return Vec::new();
        };
        let mut params = Vec::with_capacity(entries.len());
        for (name, node) in entries {
            let place = self.place(name.span);
            if name.text.is_empty() {
                self.problem(|| problems::empty(place, "the name of a parameter"));
                continue;
            }
            match node.json() {
                Ok(value) => params.push(ParamSetting {
                    name: Spanned { value: name.text.clone(), place },
                    value: self.spanned(value, node, name),
                    node: node.clone(),
                }),
                Err(span) => {
                    let place = self.place(span);
                    self.problem(|| problems::not_finite(place, &name.text));
                }
            }
        }
        params
    }

    fn boolean(&mut self, key: &Key, node: &Node) -> Option<Spanned<bool>> {
        if let Value::Bool(value) = node.value {
            return Some(self.spanned(value, node, key));
        }
        self.wrong_type(key, node, "`true` or `false`");
        None
    }

    fn word<T: Copy, const N: usize>(
        &mut self,
        key: &Key,
        node: &Node,
        words: [(&'static str, T); N],
    ) -> Option<Spanned<T>> {
        let Value::Str(text) = &node.value else {
            let names = words.map(|(word, _)| format!("`{word}`"));
            self.wrong_type(key, node, &format!("one of {}", names.join(", ")));
            return None;
        };
        let found = words.iter().find(|(word, _)| word == text);
        if found.is_none() {
            let place = self.place_of(node, key);
            let what = format!("`{}`", excerpt(&key.text));
            self.problem(|| {
                problems::unknown_word(place, &what, text, &words.map(|(word, _)| word))
            });
        }
        found.map(|&(_, value)| self.spanned(value, node, key))
    }

    /// Tags that would have to mean something; those of YAML itself only say what a value is.
    fn tags(&mut self, node: &Node) {
        if let Some(tag) = node.tag.as_deref().filter(|tag| !tag.starts_with("tag:yaml.org,2002:"))
        {
            let place = self.place(node.span);
            self.problem(|| problems::tag(place, tag));
        }
        match &node.value {
            Value::Seq(items) => items.iter().for_each(|item| self.tags(item)),
            Value::Map(entries) => entries.iter().for_each(|(_, value)| self.tags(value)),
            _ => {}
        }
    }

    pub(super) fn unknown_key(&mut self, key: &Key, within: &str, known: &[&str]) {
        let place = self.place(key.span);
        self.problem(|| problems::unknown_key(place, &key.text, within, known));
    }

    pub(super) fn wrong_type(&mut self, key: &Key, node: &Node, expected: &str) {
        let place = self.place_of(node, key);
        let (what, found) = (format!("`{}`", excerpt(&key.text)), node.value.kind());
        self.problem(|| problems::wrong_type(place, &what, expected, found));
    }

    pub(super) fn spanned<T>(&self, value: T, node: &Node, key: &Key) -> Spanned<T> {
        Spanned { value, place: self.place_of(node, key) }
    }

    /// The value's place, or its key's if nothing is written.
    pub(super) fn place_of(&self, node: &Node, key: &Key) -> Place {
        self.place(if node.span.is_empty() { key.span } else { node.span })
    }

    fn place(&self, span: Span) -> Place {
        Place::new(self.source, span)
    }

    pub(super) fn problem(&mut self, diagnostic: impl FnOnce() -> Diagnostic) {
        if self.problems.len() < MAX_PROBLEMS {
            self.problems.push(diagnostic());
        } else {
            self.untold += 1;
        }
    }
}

fn fail_on_words() -> [(&'static str, FailOn); 6] {
    let [info, low, medium, high, critical] =
        Severity::ALL.map(|severity| (severity.as_str(), FailOn::AtLeast(severity)));
    [info, low, medium, high, critical, ("never", FailOn::Never)]
}
