//! What a plugin says that it is.

use std::collections::BTreeSet;

use plimsoll_sdk::facts;
use plimsoll_sdk::rule::RuleMeta;
use serde_json::{Map, Value as Json};

use crate::bundle::{self, DEFAULT_BUNDLE, Vocabulary, is_bundle_name, is_id_part};
use crate::diagnostic::Diagnostic;
use crate::excerpt::excerpt;

/// The most rules of one plugin.
const MAX_RULES: usize = 1000;

/// A plugin's description, found to be in order.
pub(super) struct Described {
    pub(super) name: String,
    pub(super) version: String,
    /// Sorted by id.
    pub(super) rules: Vec<RuleMeta>,
}

/// Reads what `describe` returned, or says everything that is wrong with it.
pub(super) fn read(text: &str, vocabulary: &Vocabulary<'_>) -> Result<Described, Vec<Diagnostic>> {
    let one = |message: String| vec![Diagnostic::error(message)];
    let value: Json = serde_json::from_str(text)
        .map_err(|error| one(format!("what `describe` returns is no JSON: {error}")))?;
    let Json::Object(map) = value else {
        return Err(one("what `describe` returns is no JSON object".to_owned()));
    };
    let mut reader = Reader { problems: Vec::new(), vocabulary };
    let facts_version = reader.text(&map, "facts");
    if let Some(version) = facts_version.filter(|version| version != facts::VERSION) {
        let message = format!(
            "it is for version `{}` of the facts; this program has `{}`",
            excerpt(&version),
            facts::VERSION
        );
        // What else it says may mean something else.
        return Err(one(message));
    }
    let version = reader.text(&map, "version");
    let name = reader.text(&map, "name").filter(|name| reader.name(name));
    let rules = match (map.get("rules"), &name) {
        (Some(Json::Array(rules)), Some(name)) => reader.rules(rules, name),
        (Some(Json::Array(_)), None) => Vec::new(),
        (Some(_), _) => reader.wrong("`rules` is no list"),
        (None, _) => reader.wrong("`rules` is missing"),
    };
    match (name, version) {
        (Some(name), Some(version)) if reader.problems.is_empty() => {
            Ok(Described { name, version, rules })
        }
        _ => Err(reader.problems),
    }
}

/// Whether a plugin may have this name.
///
/// # Errors
///
/// Why it may not.
pub fn check_name(name: &str) -> Result<(), Diagnostic> {
    let shown = excerpt(name);
    if name == DEFAULT_BUNDLE {
        let message = format!("`{shown}` cannot be a plugin's name: it is the default bundle's");
        return Err(Diagnostic::error(message));
    }
    if !is_bundle_name(name) && !is_id_part(name) {
        let message = format!("`{shown}` cannot be a plugin's name");
        let help = "the ids of its rules begin with it: lower-case letters, digits, hyphens";
        return Err(Diagnostic::error(message).help(help));
    }
    Ok(())
}

struct Reader<'a> {
    problems: Vec<Diagnostic>,
    vocabulary: &'a Vocabulary<'a>,
}

impl Reader<'_> {
    fn wrong<T: Default>(&mut self, message: impl Into<String>) -> T {
        self.problems.push(Diagnostic::error(message));
        T::default()
    }

    fn text(&mut self, map: &Map<String, Json>, key: &str) -> Option<String> {
        match map.get(key) {
            Some(Json::String(text)) if !text.trim().is_empty() && text.len() <= 100 => {
                Some(text.clone())
            }
            Some(Json::String(_)) => {
                self.wrong(format!("`{key}` is empty or longer than 100 bytes"))
            }
            Some(_) => self.wrong(format!("`{key}` is no string")),
            None => self.wrong(format!("`{key}` is missing")),
        }
    }

    fn name(&mut self, name: &str) -> bool {
        let checked = check_name(name);
        let is_good = checked.is_ok();
        self.problems.extend(checked.err());
        is_good
    }

    fn rules(&mut self, rules: &[Json], plugin: &str) -> Vec<RuleMeta> {
        if rules.is_empty() {
            return self.wrong("it has no rules");
        }
        if rules.len() > MAX_RULES {
            let count = rules.len();
            return self.wrong(format!("it has {count} rules; a plugin has at most {MAX_RULES}"));
        }
        let mut metas = Vec::with_capacity(rules.len());
        let mut seen = BTreeSet::new();
        for (at, rule) in rules.iter().enumerate() {
            let Json::Object(map) = rule else {
                self.wrong::<()>(format!("rule {at} is no JSON object"));
                continue;
            };
            let Some(Json::String(id)) = map.get("id") else {
                self.wrong::<()>(format!("rule {at} has no `id`"));
                continue;
            };
            if !seen.insert(id) {
                self.wrong::<()>(format!("it has two rules `{}`", excerpt(id)));
            }
            if self.id(id, plugin) {
                metas.extend(self.rule(id, map));
            }
        }
        metas.sort_by(|a, b| a.id.cmp(&b.id));
        metas
    }

    fn id(&mut self, id: &str, plugin: &str) -> bool {
        let parts: Vec<&str> = id.split('/').collect();
        let fits = matches!(*parts, [name, area, rule]
            if name == plugin && is_id_part(area) && is_id_part(rule));
        if !fits {
            let message = match parts.len() {
                2 => format!("`{}` is an id of the default bundle", excerpt(id)),
                _ => format!("`{}` cannot be the id of one of its rules", excerpt(id)),
            };
            let help = format!(
                "write `{plugin}/AREA/NAME`, each of lower-case letters, digits and single hyphens"
            );
            self.problems.push(Diagnostic::error(message).help(help));
        }
        fits
    }

    fn rule(&mut self, id: &str, map: &Map<String, Json>) -> Option<RuleMeta> {
        match bundle::from_json(id, map, self.vocabulary) {
            // Silence would be taken for a pass.
            Ok(meta) if meta.raw => {
                let message = format!("in `{id}`, `raw` asks for what no plugin is given yet");
                let help = "judge by the facts alone, without `raw`";
                self.problems.push(Diagnostic::error(message).help(help));
                None
            }
            Ok(meta) => Some(meta),
            Err(problems) => {
                self.problems.extend(problems.into_iter().map(|mut problem| {
                    problem.message = format!("in `{id}`, {}", problem.message);
                    problem
                }));
                None
            }
        }
    }
}
