//! `plugins`: which, pinned to what, and what each may use up.

use std::collections::HashMap;
use std::ops::RangeInclusive;
use std::time::Duration;

use super::read::Reader;
use super::{PluginLimits, PluginSetting, Spanned, problems};
use crate::excerpt::excerpt;
use crate::notation::size;
use crate::source::Place;
use crate::yaml::{Key, Node, Value};

/// The keys of a plugin's settings.
pub(super) const PLUGIN_KEYS: [&str; 3] = ["path", "digest", "limits"];

/// The keys of a plugin's limits.
pub(super) const LIMIT_KEYS: [&str; 7] =
    ["fuel", "time", "memory", "table-elements", "stack", "output", "findings"];

const MILLISECONDS: RangeInclusive<f64> = 10.0..=3_600_000.0;

impl Reader<'_> {
    pub(super) fn plugins(&mut self, key: &Key, node: &Node) -> Vec<PluginSetting> {
        let Value::Seq(items) = &node.value else {
            self.wrong_type(key, node, "a list of plugins");
            return Vec::new();
        };
        let mut plugins: Vec<PluginSetting> = Vec::with_capacity(items.len());
        let mut first: HashMap<String, Place> = HashMap::new();
        for item in items {
            let plugin = match &item.value {
                Value::Str(_) => self.plugin_path(key, item).map(PluginSetting::new),
                Value::Map(entries) => self.plugin(key, item, entries),
                other => {
                    let (place, found) = (self.place_of(item, key), other.kind());
                    let expected = "a file, or a mapping with `path`";
                    self.problem(|| problems::wrong_type(place, "a plugin", expected, found));
                    None
                }
            };
            let Some(plugin) = plugin else { continue };
            let path = &plugin.path;
            if let Some(before) = first.get(&path.value) {
                let (again, before) = (path.place.clone(), before.clone());
                self.problem(|| problems::twice(again, before, "the plugin", &path.value));
            } else {
                first.insert(path.value.clone(), path.place.clone());
            }
            plugins.push(plugin);
        }
        plugins
    }

    fn plugin(&mut self, key: &Key, node: &Node, entries: &[(Key, Node)]) -> Option<PluginSetting> {
        let mut path = None;
        let mut digest = None;
        let mut limits = PluginLimits::default();
        for (key, node) in entries {
            match key.text.as_str() {
                "path" => path = Some(self.plugin_path(key, node)),
                "digest" => digest = self.digest(key, node),
                "limits" => limits = self.limits(key, node),
                _ => self.unknown_key(key, " of a plugin", &PLUGIN_KEYS),
            }
        }
        if path.is_none() {
            let place = self.place_of(node, key);
            self.problem(|| problems::lacks(place, "the plugin", "path"));
        }
        Some(PluginSetting { digest, limits, ..PluginSetting::new(path??) })
    }

    fn plugin_path(&mut self, key: &Key, node: &Node) -> Option<Spanned<String>> {
        let Value::Str(path) = &node.value else {
            self.wrong_type(key, node, "the file of a plugin");
            return None;
        };
        if path.trim().is_empty() {
            let place = self.place_of(node, key);
            self.problem(|| problems::empty(place, "the file of a plugin"));
            return None;
        }
        Some(self.spanned(path.clone(), node, key))
    }

    fn digest(&mut self, key: &Key, node: &Node) -> Option<Spanned<String>> {
        if let Value::Str(digest) = &node.value
            && let Some(hex) = digest.strip_prefix("sha256:")
            && hex.len() == 64
            && hex.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
        {
            return Some(self.spanned(digest.clone(), node, key));
        }
        self.wrong_type(key, node, "`sha256:` and 64 hexadecimal digits in lower case");
        None
    }

    fn limits(&mut self, key: &Key, node: &Node) -> PluginLimits {
        let mut limits = PluginLimits::default();
        let Value::Map(entries) = &node.value else {
            self.wrong_type(key, node, "a mapping of limits to values");
            return limits;
        };
        for (key, node) in entries {
            match key.text.as_str() {
                "fuel" => limits.fuel = self.count(key, node, 1..=1_000_000_000_000_000),
                "time" => limits.time = self.seconds(key, node),
                "memory" => limits.memory = self.bytes(key, node, (64 << 10)..=(4 << 30)),
                "table-elements" => {
                    limits.table_elements = self.count(key, node, 1..=10_000_000);
                }
                "stack" => limits.stack = self.bytes(key, node, (16 << 10)..=(4 << 20)),
                "output" => limits.output = self.bytes(key, node, (1 << 10)..=(1 << 30)),
                "findings" => limits.findings = self.count(key, node, 1..=1_000_000),
                _ => self.unknown_key(key, " of a plugin's limits", &LIMIT_KEYS),
            }
        }
        limits
    }

    fn count(
        &mut self,
        key: &Key,
        node: &Node,
        range: RangeInclusive<u64>,
    ) -> Option<Spanned<u64>> {
        if let Value::Int(value) = node.value
            && let Ok(value) = u64::try_from(value)
            && range.contains(&value)
        {
            return Some(self.spanned(value, node, key));
        }
        let expected = format!("a whole number from {} to {}", range.start(), range.end());
        self.out_of_range(key, node, &expected)
    }

    fn bytes(
        &mut self,
        key: &Key,
        node: &Node,
        range: RangeInclusive<u64>,
    ) -> Option<Spanned<u64>> {
        let value = match &node.value {
            Value::Int(value) => u64::try_from(*value).ok(),
            Value::Str(text) => size::parse_binary(text).ok(),
            _ => None,
        };
        if let Some(value) = value.filter(|value| range.contains(value)) {
            return Some(self.spanned(value, node, key));
        }
        let (least, most) = (size_in_words(*range.start()), size_in_words(*range.end()));
        self.out_of_range(key, node, &format!("a size such as `64m`, from {least} to {most}"))
    }

    fn seconds(&mut self, key: &Key, node: &Node) -> Option<Spanned<Duration>> {
        let seconds = match node.value {
            // Exact up to 53 bits; the range is far below.
            Value::Int(value) => Some(value as f64),
            Value::Float(value) => Some(value),
            _ => None,
        };
        let milliseconds = seconds.map(|seconds| seconds * 1000.0);
        if let Some(value) = milliseconds.filter(|value| MILLISECONDS.contains(value)) {
            return Some(self.spanned(Duration::from_millis(value.round() as u64), node, key));
        }
        self.out_of_range(key, node, "a number of seconds from 0.01 to 3600")
    }

    fn out_of_range<T>(&mut self, key: &Key, node: &Node, expected: &str) -> Option<T> {
        let place = self.place_of(node, key);
        let written = match &node.value {
            Value::Int(value) => format!("the number `{value}`"),
            Value::Float(value) => format!("the number `{value}`"),
            Value::Str(text) => format!("the string `{}`", excerpt(text)),
            other => other.kind().to_owned(),
        };
        let what = format!("`{}`", excerpt(&key.text));
        self.problem(|| problems::wrong_type(place, &what, expected, &written));
        None
    }
}

fn size_in_words(bytes: u64) -> String {
    match bytes {
        _ if bytes >= 1 << 30 => format!("{}g", bytes >> 30),
        _ if bytes >= 1 << 20 => format!("{}m", bytes >> 20),
        _ => format!("{}k", bytes >> 10),
    }
}
