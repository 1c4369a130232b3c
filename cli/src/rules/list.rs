//! The rules as a table, and as JSON.

use std::collections::BTreeMap;
use std::io::{self, Write};

use plimsoll_engine::policy::{Policy, PolicyRule};
use plimsoll_engine::report::{self, WriteOptions, escape};
use plimsoll_engine::sdk::Severity;
use serde::Serialize;
use serde_json::Value;

use super::page::Paint;

pub(super) fn write(
    policy: &Policy,
    rules: &[&PolicyRule],
    options: WriteOptions,
    out: &mut dyn Write,
) -> io::Result<()> {
    let paint = Paint(options.color);
    let wide = rules.iter().map(|rule| rule.meta.id.chars().count()).max().unwrap_or_default();
    for rule in rules {
        let id = format!("{:wide$}", escape::line(&rule.meta.id));
        let severity = format!("{:8}", rule.severity);
        let title = escape::line(&rule.meta.title);
        if rule.enabled {
            let severity = paint.severity(rule.severity, &severity);
            writeln!(out, "{}  {severity}  {title}", paint.bold(&id))?;
        } else {
            let line = format!("{id}  {severity}  {title} (off; {})", profiles(rule));
            writeln!(out, "{}", paint.dim(&line))?;
        }
    }
    let on = policy.rules.iter().filter(|rule| rule.enabled).count();
    let off: Vec<&PolicyRule> = policy.rules.iter().filter(|rule| !rule.enabled).collect();
    let gap = if rules.is_empty() { "" } else { "\n" };
    let counted = if on == 1 { "1 rule is" } else { &format!("{on} rules are") };
    let profile = policy.profile.as_str();
    write!(out, "{gap}{counted} on with the profile `{profile}`, {} off", off.len())?;
    // Those that are off stand above already, or they follow.
    if off.is_empty() || rules.len() > on {
        return writeln!(out);
    }
    writeln!(out, "; --all describes them, too")?;
    let wide = off.iter().map(|rule| rule.meta.id.chars().count()).max().unwrap_or_default();
    for rule in off {
        let id = format!("{:wide$}", escape::line(&rule.meta.id));
        writeln!(out, "{}", paint.dim(&format!("  {id}  {}", profiles(rule))))?;
    }
    Ok(())
}

/// Which profiles have a rule that is off.
fn profiles(rule: &PolicyRule) -> String {
    format!("on with {}", rule.meta.profiles.join(", "))
}

/// A rule as `--json` shows it.
#[derive(Serialize)]
struct Row<'a> {
    id: &'a str,
    title: &'a str,
    description: &'a str,
    remedy: &'a str,
    severity: Severity,
    enabled: bool,
    /// What ships it, `bundle` or `plugin`, of which `bundle` is the name.
    from: &'a str,
    bundle: &'a str,
    kinds: &'a [String],
    subjects: &'a [String],
    profiles: &'a [String],
    checklist: &'a [String],
    cis: &'a [String],
    nist: &'a [String],
    equivalents: &'a BTreeMap<String, Vec<String>>,
    references: &'a [String],
    params: BTreeMap<&'a str, Param<'a>>,
}

#[derive(Serialize)]
struct Param<'a> {
    r#type: &'a str,
    description: &'a str,
    default: &'a Value,
    value: &'a Value,
}

impl<'a> Row<'a> {
    fn new(rule: &'a PolicyRule) -> Self {
        let meta = &rule.meta;
        let params = meta.params.iter().map(|(name, param)| {
            let value = rule.params.get(name).unwrap_or(&param.default);
            let (ty, description, default) = (&param.ty, &param.description, &param.default);
            (name.as_str(), Param { r#type: ty, description, default, value })
        });
        Row {
            id: &meta.id,
            title: &meta.title,
            description: &meta.description,
            remedy: &meta.remedy,
            severity: rule.severity,
            enabled: rule.enabled,
            from: rule.from,
            bundle: &rule.bundle,
            kinds: &meta.kinds,
            subjects: &meta.subjects,
            profiles: &meta.profiles,
            checklist: &meta.checklist,
            cis: &meta.cis,
            nist: &meta.nist,
            equivalents: &meta.equivalents,
            references: &meta.references,
            params: params.collect(),
        }
    }
}

pub(super) fn write_json(rules: &[&PolicyRule], out: &mut dyn Write) -> io::Result<()> {
    let rows: Vec<Row<'_>> = rules.iter().map(|rule| Row::new(rule)).collect();
    report::write_json(out, &rows)
}

pub(super) fn write_json_of(rule: &PolicyRule, out: &mut dyn Write) -> io::Result<()> {
    report::write_json(out, &Row::new(rule))
}
