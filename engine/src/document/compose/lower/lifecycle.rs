//! How a service is started, checked, stopped and logged.

use plimsoll_sdk::facts::{Deploy, Healthcheck, Hook, IgnoredRestart, Logging, Restart};
use plimsoll_sdk::{Loc, Nullable};

use super::super::tree::Node;
use super::read::{Said, as_written, at, elements, flag, integer, scalar, seconds, text};
use super::{Lowering, Service};
use crate::notation::user::UserSpec;

impl Lowering<'_, '_> {
    /// Where its logs go; linking fills in what it leaves to the daemon.
    pub(super) fn logging(&mut self, service: &Service<'_>) -> Logging {
        let section = at(service.node, &["logging"]);
        let driver = at(service.node, &["logging", "driver"]);
        let loc = match driver {
            Some(driver) => self.object(service.loc, driver),
            None => self.section_of(service.loc, service, &["logging"]),
        };
        self.field(service.loc, "logging", section);
        self.field(loc, "driver", driver);
        let options = at(service.node, &["logging", "options"]);
        self.field(loc, "options", options);
        let known = text(driver);
        let from = if known == Some(Nullable::Null) { "unknown" } else { "container" };
        Logging {
            loc,
            driver: known.and_then(|driver| driver.value().cloned()),
            options: self.pairs(loc, options),
            from: from.into(),
            incomplete: Vec::new(),
        }
    }

    /// When it is started again: what `deploy` says wins, as in Compose's `getRestartPolicy`.
    pub(super) fn restart(&mut self, service: &Service<'_>) -> Restart {
        let deploy = at(service.node, &["deploy", "restart_policy"]);
        let node = at(service.node, &["restart"]);
        let (own, max_retries) = restart_of(node);
        if let Some(policy) = deploy {
            let ignored = node.map(|node| {
                let loc = self.object(service.loc, node);
                for field in ["policy", "max_retries"] {
                    self.field(loc, field, Some(node));
                }
                IgnoredRestart { loc, policy: own, max_retries }
            });
            let condition = at(policy, &["condition"]);
            let attempts = at(policy, &["max_attempts"]);
            let loc = self.object(service.loc, policy);
            self.field(service.loc, "restart", Some(policy));
            self.field(loc, "policy", condition);
            self.field(loc, "max_retries", attempts);
            let condition = text(condition);
            let policy =
                condition.map(|said| said.value().map_or("no", |text| policy_of(text)).into());
            let max_retries = retries(integer(attempts));
            return Restart { loc, policy, max_retries, ignored: ignored.into() };
        }
        let loc = self.object_or(service.loc, node, &service.key);
        for field in ["policy", "max_retries"] {
            self.field(loc, field, node);
        }
        self.field(service.loc, "restart", node);
        Restart { loc, policy: own, max_retries, ignored: Nullable::Null }
    }

    /// Its health check; `None` when its image says, and Compose at most how often.
    pub(super) fn healthcheck(&mut self, service: &Service<'_>) -> Said<Healthcheck> {
        let node = at(service.node, &["healthcheck"])?;
        self.field(service.loc, "healthcheck", Some(node));
        let test = at(node, &["test"]);
        let disabled = flag(at(node, &["disable"]))?;
        let words: Option<Vec<String>> = elements(test).into_iter().map(scalar).collect();
        let (form, words) = match (disabled, words) {
            (true, _) => ("none", Vec::new()),
            (false, words) => test_of(words?)?,
        };
        let loc = self.object(service.loc, node);
        self.field(loc, "test", test);
        self.field(loc, "disabled", at(node, &["disable"]).or(test));
        let mut time = |field: &'static str, key: &str| {
            let node = at(node, &[key]);
            self.field(loc, field, node);
            seconds(node).map(|said| said.value().copied().filter(|value| *value != 0.0).into())
        };
        let interval_s = time("interval_s", "interval");
        let timeout_s = time("timeout_s", "timeout");
        let start_period_s = time("start_period_s", "start_period");
        self.field(loc, "retries", at(node, &["retries"]));
        Some(Nullable::Value(Healthcheck {
            loc,
            disabled: form == "none",
            form: form.into(),
            test: words,
            interval_s,
            timeout_s,
            start_period_s,
            retries: retries(integer(at(node, &["retries"]))),
            from: "container".into(),
        }))
    }

    /// Commands that are run in it when it starts or stops.
    pub(super) fn hooks(&mut self, service: &Service<'_>) -> Vec<Hook> {
        let mut hooks = Vec::new();
        for phase in ["pre_start", "post_start", "pre_stop"] {
            for item in elements(at(service.node, &[phase])) {
                hooks.push(self.hook(service.loc, phase, item));
            }
        }
        hooks
    }

    fn hook(&mut self, parent: Loc, phase: &str, item: &Node) -> Hook {
        let loc = self.object(parent, item);
        let command = at(item, &["command"]);
        for (field, node) in [
            ("command", command),
            ("user", at(item, &["user"])),
            ("is_root", at(item, &["user"])),
            ("privileged", at(item, &["privileged"])),
        ] {
            self.field(loc, field, node);
        }
        let user = text(at(item, &["user"]));
        let name = user.as_ref().and_then(Nullable::value);
        Hook {
            loc,
            phase: phase.into(),
            command: elements(command).into_iter().filter_map(as_written).collect(),
            is_root: name.map(|name| UserSpec::parse(name).is_root(false)),
            privileged: flag(at(item, &["privileged"])),
            user,
        }
    }

    /// How many run.
    pub(super) fn deploy(&mut self, service: &Service<'_>) -> Nullable<Deploy> {
        let section = at(service.node, &["deploy"]);
        let scale = at(service.node, &["scale"]);
        let Some(node) = section.or(scale) else { return Nullable::Null };
        let loc = self.object(service.loc, node);
        let mode = at(service.node, &["deploy", "mode"]);
        let replicas = at(service.node, &["deploy", "replicas"]).or(scale);
        self.field(loc, "mode", mode);
        self.field(loc, "replicas", replicas);
        let count = |value: &i64| u64::try_from(*value).ok();
        Nullable::Value(Deploy {
            loc,
            mode: text(mode)
                .map(|said| said.value().cloned().unwrap_or_else(|| "replicated".into())),
            replicas: integer(replicas).map(|said| said.value().and_then(count).into()),
        })
    }
}

/// The engine's word for a policy (`mapRestartPolicyCondition`).
fn policy_of(word: &str) -> &str {
    match word {
        "none" | "" => "no",
        "any" => "always",
        word => word,
    }
}

/// The policy of `restart`, and its number of tries.
fn restart_of(node: Option<&Node>) -> (Option<String>, Said<u32>) {
    let Some(said) = text(node) else {
        let written = node.and_then(as_written).unwrap_or_default();
        // `on-failure:${N}` says when, if not how often.
        let policy = written.split_once(':').map(|(policy, _)| policy);
        return (policy.filter(|policy| !policy.contains('$')).map(str::to_owned), None);
    };
    let written = said.value().map_or("no", String::as_str);
    let (policy, count) = written.split_once(':').unwrap_or((written, ""));
    let count = match count {
        "" => Some(Nullable::Null),
        count => count.parse().ok().map(Nullable::Value),
    };
    (Some(policy_of(policy).into()), retries(count))
}

/// A number of tries; 0 is no limit.
fn retries(said: Said<i64>) -> Said<u32> {
    said.map(|said| {
        let value = said.value().and_then(|value| u32::try_from(*value).ok());
        value.filter(|value| *value > 0).into()
    })
}

/// The form and the words of a test. `None` when none is written: the image's is run.
fn test_of(words: Vec<String>) -> Option<(&'static str, Vec<String>)> {
    let (first, rest) = words.split_first()?;
    Some(match first.as_str() {
        "NONE" => ("none", Vec::new()),
        "CMD" => ("exec", rest.to_vec()),
        "CMD-SHELL" => ("shell", shell(&rest.join(" "))),
        // A single text, or what Compose would refuse.
        _ => ("shell", shell(&words.join(" "))),
    })
}

fn shell(command: &str) -> Vec<String> {
    vec!["/bin/sh".into(), "-c".into(), command.into()]
}
