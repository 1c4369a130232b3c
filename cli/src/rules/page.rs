//! One rule: how it is set, and its page.

use std::io::{self, Write};

use plimsoll_engine::policy::{Policy, PolicyRule};
use plimsoll_engine::report::{WriteOptions, escape, wrapped};
use plimsoll_engine::sdk::Severity;
use serde_json::Value;

/// The heading of a page below which its cases are.
const EXAMPLES: &str = "## Examples";

/// The column at which what is said begins.
const INDENT: usize = 12;

/// The longest line of running text.
const MEASURE: usize = 90;

pub(super) struct Page<'a> {
    pub(super) rule: &'a PolicyRule,
    pub(super) executor: Option<&'static str>,
    pub(super) policy: &'a Policy,
    /// Whether to show the cases, too.
    pub(super) all: bool,
}

impl Page<'_> {
    pub(super) fn write(&self, out: &mut dyn Write, options: WriteOptions) -> io::Result<()> {
        let paint = Paint(options.color);
        let measure = options.width.unwrap_or(MEASURE).clamp(40, MEASURE);
        let meta = &self.rule.meta;
        let (id, title) = (escape::line(&meta.id), escape::line(&meta.title));
        writeln!(out, "{}\n{title}\n", paint.bold(&id))?;
        for (name, text) in self.facts() {
            let name = paint.dim(&format!("{name:INDENT$}"));
            writeln!(out, "{name}{}", wrapped(&text, INDENT, measure))?;
        }
        if !meta.params.is_empty() {
            writeln!(out, "\n{}", paint.bold("Parameters"))?;
        }
        for (name, param) in &meta.params {
            let value = self.rule.params.get(name).unwrap_or(&param.default);
            let (name, ty) = (paint.bold(&escape::line(name)), escape::line(&param.ty));
            writeln!(out, "  {name} ({ty})")?;
            writeln!(out, "    {}", wrapped(&param.description, 4, measure))?;
            writeln!(out, "    value: {}", wrapped(&shown(value), 4, measure))?;
            if *value != param.default {
                writeln!(out, "    default: {}", wrapped(&shown(&param.default), 4, measure))?;
            }
            if let Some(allowed) = &param.allowed {
                let allowed: Vec<String> = allowed.iter().map(shown).collect();
                writeln!(out, "    allowed: {}", wrapped(&allowed.join(", "), 4, measure))?;
            }
        }
        writeln!(out)?;
        self.markdown(out, paint)
    }

    /// What is known of the rule, as names and texts; nothing for what it does not say.
    fn facts(&self) -> Vec<(&'static str, String)> {
        let (rule, meta) = (self.rule, &self.rule.meta);
        let mut severity = rule.severity.to_string();
        if rule.severity != meta.severity {
            severity += &format!(" (configured; otherwise {})", meta.severity);
        }
        for (level, of) in &meta.levels {
            severity += &format!(", {of} for {level}");
        }
        let state = if rule.enabled { "on" } else { "off" };
        let profile = self.policy.profile.as_str();
        let in_profile = meta.profiles.iter().any(|name| name == profile);
        let why = match in_profile == rule.enabled {
            true => format!("{state} with the profile `{profile}`"),
            false => format!("{state}, as configured"),
        };
        let equivalents: Vec<String> = meta
            .equivalents
            .iter()
            .map(|(tool, ids)| format!("{tool} {}", ids.join(" ")))
            .collect();
        let executor = self.executor.unwrap_or_default().to_owned();
        let facts = [
            ("severity", severity),
            ("state", why),
            ("profiles", meta.profiles.join(", ")),
            ("judges", format!("{} of {}", meta.subjects.join(", "), meta.kinds.join(", "))),
            ("finds", meta.description.clone()),
            ("fix", meta.remedy.clone()),
            ("checklist", meta.checklist.join(", ")),
            ("CIS", meta.cis.join(", ")),
            ("NIST", meta.nist.join(", ")),
            ("elsewhere", equivalents.join(", ")),
            ("read more", meta.references.join(" ")),
            (rule.from, rule.bundle.clone()),
            ("since", meta.since.clone().unwrap_or_default()),
            ("run by", executor),
        ];
        facts.into_iter().filter(|(_, text)| !text.is_empty()).collect()
    }

    /// The page without its title, which stands above.
    fn markdown(&self, out: &mut dyn Write, paint: Paint) -> io::Result<()> {
        let page = self.rule.page.trim_start();
        let body = match page.split_once('\n') {
            Some((title, body)) if title.starts_with("# ") => body,
            _ => page,
        };
        let cut = format!("\n{EXAMPLES}");
        let shown = match body.split_once(&cut) {
            Some((before, _)) if !self.all => before,
            _ => body,
        };
        let mut fenced = false;
        for line in shown.trim().lines() {
            let fence = line.starts_with("```");
            fenced ^= fence;
            let text = escape::line(line);
            match text.strip_prefix("## ").or_else(|| text.strip_prefix("### ")) {
                Some(heading) if !fenced => writeln!(out, "{}", paint.bold(heading))?,
                _ if fence => writeln!(out, "{}", paint.dim(&text))?,
                _ => writeln!(out, "{text}")?,
            }
        }
        Ok(())
    }
}

fn shown(value: &Value) -> String {
    match value {
        Value::Array(items) if items.is_empty() => "none".to_owned(),
        Value::Array(items) => items.iter().map(shown).collect::<Vec<_>>().join(", "),
        Value::Object(fields) if fields.is_empty() => "none".to_owned(),
        Value::Object(fields) => {
            let fields = fields.iter().map(|(name, value)| format!("{name}: {}", shown(value)));
            fields.collect::<Vec<_>>().join(", ")
        }
        Value::String(text) if text.is_empty() => "\"\"".to_owned(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// Whether to colour, and how.
#[derive(Clone, Copy)]
pub(super) struct Paint(pub(super) bool);

impl Paint {
    pub(super) fn bold(self, text: &str) -> String {
        self.styled("1", text)
    }

    pub(super) fn dim(self, text: &str) -> String {
        self.styled("2", text)
    }

    /// In the colours that findings have in reports.
    pub(super) fn severity(self, severity: Severity, text: &str) -> String {
        let code = match severity {
            Severity::Critical | Severity::High => "1;91",
            Severity::Medium => "33",
            Severity::Low => "94",
            Severity::Info => "92",
        };
        self.styled(code, text)
    }

    fn styled(self, code: &str, text: &str) -> String {
        if self.0 { format!("\x1b[{code}m{text}\x1b[0m") } else { text.to_owned() }
    }
}
