//! From METADATA to what a rule declares.

use std::collections::BTreeMap;
use std::sync::Arc;

use plimsoll_sdk::Severity;
use plimsoll_sdk::rule::{ParamMeta, RuleMeta};
use serde_json::Value as Json;
use serde_yaml::{Mapping, Value};

use super::metadata::Block;
use super::{Vocabulary, metadata};
use crate::diagnostic::Diagnostic;
use crate::nearest::nearest;
use crate::params::{ParamSpec, ParamType};
use crate::source::{Place, Source};

/// Keys that OPA defines. `authors` and `organizations` are for people; nothing reads them.
const KEYS: &[&str] =
    &["title", "description", "related_resources", "scope", "authors", "organizations", "custom"];

/// Keys under `custom`.
const CUSTOM: &[&str] = &[
    "severity",
    "levels",
    "kinds",
    "subjects",
    "profiles",
    "needs",
    "checklist",
    "cis",
    "nist",
    "equivalents",
    "remedy",
    "params",
    "since",
    "raw",
];

const PARAM: &[&str] = &["type", "default", "description", "allowed"];

/// Reads what a rule declares, or says everything that is wrong with it.
pub(super) fn read(
    id: &str,
    source: &Arc<Source>,
    vocabulary: &Vocabulary<'_>,
) -> Result<RuleMeta, Vec<Diagnostic>> {
    let Some(block) = metadata::package_block(source) else {
        let line = metadata::package_line(source).unwrap_or(1);
        return Err(vec![
            Diagnostic::error("the rule has no METADATA")
                .at(Place::new(source, source.line_span(line)))
                .help("write a comment that begins with `# METADATA` above the package"),
        ]);
    };
    let value = block.value().map_err(|problem| vec![problem])?;
    let Value::Mapping(map) = value else {
        return Err(vec![Diagnostic::error("METADATA holds no keys").at(block.place(""))]);
    };
    Reader { name: "METADATA", block: Some(&block), problems: Vec::new() }
        .whole(id, &map, vocabulary)
}

/// Reads what a rule declares in JSON, as [`RuleMeta`] has it, as strictly as METADATA; only keys that
/// are not known are no problem.
pub(crate) fn from_json(
    id: &str,
    declared: &serde_json::Map<String, Json>,
    vocabulary: &Vocabulary<'_>,
) -> Result<RuleMeta, Vec<Diagnostic>> {
    let known = |keys: &'static [&'static str]| {
        move |(key, value): &(&String, &Json)| keys.contains(&key.as_str()) && !value.is_null()
    };
    let mut custom: serde_json::Map<String, Json> = declared
        .iter()
        .filter(known(CUSTOM))
        .map(|(key, value)| (key.clone(), value.clone()))
        .collect();
    if let Some(Json::Object(params)) = custom.get_mut("params") {
        for param in params.values_mut().filter_map(Json::as_object_mut) {
            param.retain(|key, value| {
                PARAM.contains(&key.as_str()) && (key == "default" || !value.is_null())
            });
        }
    }
    let mut map = serde_json::Map::new();
    for (key, ours) in
        [("title", "title"), ("description", "description"), ("references", "related_resources")]
    {
        if let Some(value) = declared.get(key).filter(|value| !value.is_null()) {
            map.insert(ours.to_owned(), value.clone());
        }
    }
    map.insert("custom".to_owned(), Json::Object(custom));
    let mut reader = Reader { name: "the rule", block: None, problems: Vec::new() };
    match serde_yaml::to_value(map) {
        Ok(Value::Mapping(map)) => reader.whole(id, &map, vocabulary),
        _ => {
            reader.problem("", "what the rule declares is no plain value");
            Err(reader.problems)
        }
    }
}

struct Reader<'a> {
    /// What is read, for messages.
    name: &'static str,
    /// Where it stands, if it stands anywhere.
    block: Option<&'a Block>,
    problems: Vec<Diagnostic>,
}

impl Reader<'_> {
    fn whole(
        mut self,
        id: &str,
        map: &Mapping,
        vocabulary: &Vocabulary<'_>,
    ) -> Result<RuleMeta, Vec<Diagnostic>> {
        match self.rule(id, map, vocabulary) {
            Some(meta) if self.problems.is_empty() => Ok(meta),
            _ => Err(self.problems),
        }
    }

    fn rule(&mut self, id: &str, map: &Mapping, words: &Vocabulary<'_>) -> Option<RuleMeta> {
        self.known_keys("", map, KEYS);
        if let Some(scope) = map.get("scope")
            && scope.as_str() != Some("package")
        {
            self.problem("scope", "a rule's METADATA has the scope `package`");
        }
        let empty = Mapping::new();
        let custom = match map.get("custom") {
            Some(Value::Mapping(custom)) => custom,
            Some(_) => {
                self.problem("custom", "`custom` has to be a map");
                &empty
            }
            None => &empty,
        };
        self.known_keys("custom", custom, CUSTOM);
        // Everything is read before anything is given up, so that all problems are said at once.
        let title = self.required_text("title", map);
        let description = self.required_text("description", map);
        let severity = self.severity("custom.severity", custom.get("severity"));
        let remedy = self.required_text("custom.remedy", custom);
        let kinds = self.words("custom.kinds", custom, words.kinds);
        let subjects = self.words("custom.subjects", custom, words.subjects);
        let profiles = self.words("custom.profiles", custom, words.profiles);
        let since = self.text("custom.since", custom.get("since"));
        let raw = self.flag("custom.raw", custom.get("raw"));
        Some(RuleMeta {
            id: id.to_owned(),
            levels: self.levels(custom),
            needs: self.list("custom.needs", custom.get("needs")),
            checklist: self.list("custom.checklist", custom.get("checklist")),
            cis: self.list("custom.cis", custom.get("cis")),
            nist: self.list("custom.nist", custom.get("nist")),
            equivalents: self.equivalents(custom),
            references: self.references(map),
            params: self.params(custom),
            title: title?,
            description: description?,
            severity: severity?,
            kinds,
            subjects,
            profiles,
            remedy: remedy?,
            since,
            raw,
        })
    }

    fn problem(&mut self, key: &str, message: impl Into<String>) {
        self.problem_with_help(key, message.into(), None);
    }

    fn problem_with_help(&mut self, key: &str, message: String, help: Option<String>) {
        let mut problem = Diagnostic::error(message);
        if let Some(block) = self.block {
            problem = problem.at(block.place(key));
        }
        problem.help = help;
        self.problems.push(problem);
    }

    fn known_keys(&mut self, under: &str, map: &Mapping, known: &[&str]) {
        for key in map.keys() {
            let Some(name) = key.as_str() else {
                self.problem(under, "a key has to be a string");
                continue;
            };
            if !known.contains(&name) {
                let help = match nearest(name, known.iter().copied()) {
                    Some(near) => format!("did you mean `{near}`"),
                    None if under.is_empty() && CUSTOM.contains(&name) => {
                        format!("`{name}` belongs under `custom`")
                    }
                    None => format!("known keys are {}", known.join(", ")),
                };
                let message = format!("{} has no key `{name}`", self.name);
                self.problem_with_help(&join(under, name), message, Some(help));
            }
        }
    }

    fn required_text(&mut self, key: &str, map: &Mapping) -> Option<String> {
        let value = map.get(last(key));
        if value.is_none() {
            self.missing(key);
        }
        let text = self.text(key, value)?;
        if text.is_empty() {
            self.problem(key, format!("`{}` is empty", last(key)));
        }
        Some(text)
    }

    fn missing(&mut self, key: &str) {
        let key_of = if self.block.is_some() { key } else { last(key) };
        self.problem(key, format!("{} lacks `{key_of}`", self.name));
    }

    fn text(&mut self, key: &str, value: Option<&Value>) -> Option<String> {
        match value? {
            Value::String(text) => Some(text.trim().to_owned()),
            Value::Number(_) | Value::Bool(_) => {
                let message = format!("`{}` has to be a string", last(key));
                self.problem_with_help(key, message, Some("put it in quotes".to_owned()));
                None
            }
            _ => {
                self.problem(key, format!("`{}` has to be a string", last(key)));
                None
            }
        }
    }

    fn flag(&mut self, key: &str, value: Option<&Value>) -> bool {
        match value {
            None => false,
            Some(Value::Bool(flag)) => *flag,
            Some(_) => {
                self.problem(key, format!("`{}` has to be true or false", last(key)));
                false
            }
        }
    }

    fn list(&mut self, key: &str, value: Option<&Value>) -> Vec<String> {
        let items = match value {
            None => return Vec::new(),
            Some(Value::Sequence(items)) => items,
            Some(_) => {
                self.problem(key, format!("`{}` has to be a list of strings", last(key)));
                return Vec::new();
            }
        };
        let mut list = Vec::with_capacity(items.len());
        for item in items {
            match item {
                Value::String(text) if !text.trim().is_empty() => list.push(text.clone()),
                other => {
                    let shown = serde_json::to_string(other).unwrap_or_default();
                    let message = format!("`{}` has an item that is no string", last(key));
                    let help = format!("put it in quotes: \"{shown}\"");
                    let help = matches!(other, Value::Number(_) | Value::Bool(_)).then_some(help);
                    self.problem_with_help(key, message, help);
                }
            }
        }
        list
    }

    /// A list that is required, of known words.
    fn words(&mut self, key: &str, map: &Mapping, known: &[&str]) -> Vec<String> {
        let value = map.get(last(key));
        if value.is_none() {
            self.missing(key);
            return Vec::new();
        }
        let before = self.problems.len();
        let list = self.list(key, value);
        if list.is_empty() && self.problems.len() == before {
            self.problem(key, format!("`{}` is empty", last(key)));
        }
        for word in &list {
            if !known.contains(&word.as_str()) {
                let help = match nearest(word, known.iter().copied()) {
                    Some(near) => format!("did you mean `{near}`"),
                    None => format!("known words are {}", known.join(", ")),
                };
                let message = format!("`{}` knows no `{word}`", last(key));
                self.problem_with_help(key, message, Some(help));
            }
        }
        list
    }

    fn severity(&mut self, key: &str, value: Option<&Value>) -> Option<Severity> {
        if value.is_none() {
            self.missing(key);
        }
        let word = self.text(key, value)?;
        if let Ok(severity) = word.parse() {
            return Some(severity);
        }
        let known = Severity::ALL.map(Severity::as_str);
        let help = match nearest(&word, known) {
            Some(near) => format!("did you mean `{near}`"),
            None => format!("a severity is one of {}", known.join(", ")),
        };
        self.problem_with_help(key, format!("`{word}` is no severity"), Some(help));
        None
    }

    /// The entries of an optional map.
    fn entries<'v>(&mut self, key: &str, map: &'v Mapping) -> Vec<(String, &'v Value)> {
        let entries = match map.get(last(key)) {
            None => return Vec::new(),
            Some(Value::Mapping(entries)) => entries,
            Some(_) => {
                self.problem(key, format!("`{}` has to be a map", last(key)));
                return Vec::new();
            }
        };
        let mut named = Vec::with_capacity(entries.len());
        for (name, value) in entries {
            match name.as_str() {
                Some(name) if !name.is_empty() => named.push((name.to_owned(), value)),
                _ => self.problem(key, "a key has to be a string"),
            }
        }
        named
    }

    fn levels(&mut self, custom: &Mapping) -> BTreeMap<String, Severity> {
        let key = "custom.levels";
        let mut levels = BTreeMap::new();
        for (name, value) in self.entries(key, custom) {
            if let Some(severity) = self.severity(&join(key, &name), Some(value)) {
                levels.insert(name, severity);
            }
        }
        levels
    }

    fn equivalents(&mut self, custom: &Mapping) -> BTreeMap<String, Vec<String>> {
        let key = "custom.equivalents";
        let mut equivalents = BTreeMap::new();
        for (tool, value) in self.entries(key, custom) {
            let ids = self.list(&join(key, &tool), Some(value));
            equivalents.insert(tool, ids);
        }
        equivalents
    }

    /// OPA allows a URL, or a map with `ref` and `description`.
    fn references(&mut self, map: &Mapping) -> Vec<String> {
        let key = "related_resources";
        let items = match map.get(key) {
            None => return Vec::new(),
            Some(Value::Sequence(items)) => items,
            Some(_) => {
                self.problem(key, "`related_resources` has to be a list");
                return Vec::new();
            }
        };
        let mut references = Vec::with_capacity(items.len());
        for item in items {
            match item.as_str().or_else(|| item.get("ref").and_then(Value::as_str)) {
                Some(url) => references.push(url.to_owned()),
                None => self.problem(key, "`related_resources` has an item without a URL"),
            }
        }
        references
    }

    fn params(&mut self, custom: &Mapping) -> BTreeMap<String, ParamMeta> {
        let mut params = BTreeMap::new();
        for (name, value) in self.entries("custom.params", custom) {
            let key = join("custom.params", &name);
            if !is_param_name(&name) {
                let message = format!("`{name}` is no name for a parameter");
                let help = "use lower-case letters, digits and underscores".to_owned();
                self.problem_with_help(&key, message, Some(help));
            }
            let Value::Mapping(map) = value else {
                self.problem(&key, format!("the parameter `{name}` has to be a map"));
                continue;
            };
            if let Some(param) = self.param(&key, map) {
                params.insert(name, param);
            }
        }
        params
    }

    fn param(&mut self, key: &str, map: &Mapping) -> Option<ParamMeta> {
        self.known_keys(key, map, PARAM);
        let ty = self.required_text(&join(key, "type"), map);
        let description = self.required_text(&join(key, "description"), map);
        if !map.contains_key("default") {
            self.missing(&join(key, "default"));
        }
        let default = self.json(&join(key, "default"), map.get("default"));
        let allowed = match self.json(&join(key, "allowed"), map.get("allowed")) {
            None => None,
            Some(serde_json::Value::Array(values)) if !values.is_empty() => Some(values),
            Some(_) => {
                self.problem(&join(key, "allowed"), "`allowed` has to be a list of values");
                None
            }
        };
        let ty = ty?;
        if ParamType::parse(&ty).is_none() {
            let known = ParamType::ALL.map(ParamType::as_str);
            let help = match nearest(&ty, known) {
                Some(near) => format!("did you mean `{near}`"),
                None => format!("a type is one of {}", known.join(", ")),
            };
            let message = format!("`{ty}` is no type of a parameter");
            self.problem_with_help(&join(key, "type"), message, Some(help));
            return None;
        }
        let param = ParamMeta { ty, default: default?, description: description?, allowed };
        let spec = ParamSpec::new(last(key), &param)?;
        if let Err(mismatch) = spec.check(&param.default) {
            let message = format!("the default does not fit: {mismatch}");
            self.problem(&join(key, "default"), message);
        }
        Some(param)
    }

    fn json(&mut self, key: &str, value: Option<&Value>) -> Option<serde_json::Value> {
        match serde_yaml::from_value(value?.clone()) {
            Ok(value) => Some(value),
            Err(error) => {
                self.problem(key, format!("`{}` is no plain value: {error}", last(key)));
                None
            }
        }
    }
}

fn is_param_name(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_lowercase())
        && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
}

fn join(under: &str, name: &str) -> String {
    if under.is_empty() { name.to_owned() } else { format!("{under}.{name}") }
}

fn last(key: &str) -> &str {
    key.rsplit('.').next().unwrap_or(key)
}
