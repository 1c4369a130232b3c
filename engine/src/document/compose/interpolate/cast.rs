//! Which values must be numbers or booleans, and how text becomes one.
//!
//! Owns compose-go's `interpolateTypeCastMapping` (loader/interpolate.go): after substitution every
//! text at one of these paths is converted, whether it had variables or not.

use crate::document::compose::tree::Value;

/// What a text is converted to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Cast {
    Bool,
    Int,
    Float,
}

/// A key of a path: `*` is any key, `[]` any item of a list.
type Keys = &'static [&'static str];

/// Where a container is declared: services, jobs, and what runs before a service starts.
const CONTAINER: &[(Keys, Cast)] = &[
    (&["cpu_count"], Cast::Int),
    (&["cpu_percent"], Cast::Float),
    (&["cpu_period"], Cast::Int),
    (&["cpu_quota"], Cast::Int),
    (&["cpu_rt_period"], Cast::Int),
    (&["cpu_rt_runtime"], Cast::Int),
    (&["cpu_shares"], Cast::Int),
    (&["cpus"], Cast::Float),
    (&["init"], Cast::Bool),
    (&["oom_kill_disable"], Cast::Bool),
    (&["oom_score_adj"], Cast::Int),
    (&["pids_limit"], Cast::Int),
    (&["privileged"], Cast::Bool),
    (&["read_only"], Cast::Bool),
    (&["ulimits", "*"], Cast::Int),
    (&["ulimits", "*", "hard"], Cast::Int),
    (&["ulimits", "*", "soft"], Cast::Int),
    (&["volumes", "[]", "read_only"], Cast::Bool),
    (&["volumes", "[]", "volume", "nocopy"], Cast::Bool),
];

/// Services and jobs.
const WORKLOAD: &[(Keys, Cast)] = &[
    (&["depends_on", "*", "required"], Cast::Bool),
    (&["depends_on", "*", "restart"], Cast::Bool),
    (&["healthcheck", "disable"], Cast::Bool),
    (&["healthcheck", "retries"], Cast::Int),
    (&["ports", "[]", "target"], Cast::Int),
    (&["stdin_open"], Cast::Bool),
    (&["tty"], Cast::Bool),
];

/// Services alone.
const SERVICE: &[(Keys, Cast)] = &[
    (&["deploy", "placement", "max_replicas_per_node"], Cast::Int),
    (&["deploy", "replicas"], Cast::Int),
    (&["deploy", "restart_policy", "max_attempts"], Cast::Int),
    (&["deploy", "rollback_config", "max_failure_ratio"], Cast::Float),
    (&["deploy", "rollback_config", "parallelism"], Cast::Int),
    (&["deploy", "update_config", "max_failure_ratio"], Cast::Float),
    (&["deploy", "update_config", "parallelism"], Cast::Int),
    (&["scale"], Cast::Int),
];

const TOP: &[(Keys, Cast)] = &[
    (&["networks", "*", "external"], Cast::Bool),
    (&["networks", "*", "internal"], Cast::Bool),
    (&["networks", "*", "attachable"], Cast::Bool),
    (&["networks", "*", "enable_ipv4"], Cast::Bool),
    (&["networks", "*", "enable_ipv6"], Cast::Bool),
    (&["volumes", "*", "external"], Cast::Bool),
    (&["secrets", "*", "external"], Cast::Bool),
    (&["configs", "*", "external"], Cast::Bool),
];

/// The paths that are still possible at some place of the tree.
#[derive(Clone, Debug)]
pub(super) enum Casts {
    /// At the root.
    Root,
    /// In `services`, where each key is a service.
    Services,
    /// In `jobs`, where each key is a job.
    Jobs,
    /// In a service.
    Service,
    /// In the list of what runs before a service starts.
    PreStart,
    /// What is left of the paths that led here.
    Rest(Vec<(Keys, Cast)>),
}

impl Casts {
    /// The paths that go on through a key; `None` is an item of a list.
    pub(super) fn step(&self, key: Option<&str>) -> Casts {
        match (self, key) {
            (Casts::Root, Some("services")) => Casts::Services,
            (Casts::Root, Some("jobs")) => Casts::Jobs,
            (Casts::Root, _) => after(TOP, key),
            (Casts::Services, Some(_)) => Casts::Service,
            (Casts::Jobs, Some(_)) => Casts::Rest([CONTAINER, WORKLOAD].concat()),
            (Casts::Services | Casts::Jobs, None) => Casts::Rest(Vec::new()),
            (Casts::Service, Some("pre_start")) => Casts::PreStart,
            (Casts::Service, _) => after(&[CONTAINER, WORKLOAD, SERVICE].concat(), key),
            (Casts::PreStart, _) => Casts::Rest(CONTAINER.to_vec()),
            (Casts::Rest(rest), _) => after(rest, key),
        }
    }

    /// What a text here is converted to.
    pub(super) fn here(&self) -> Option<Cast> {
        let Casts::Rest(rest) = self else { return None };
        rest.iter().find(|(keys, _)| keys.is_empty()).map(|(_, cast)| *cast)
    }

    /// Whether nothing below can be converted.
    pub(super) fn is_over(&self) -> bool {
        matches!(self, Casts::Rest(rest) if rest.is_empty())
    }
}

/// What is left of the paths that go on through a key.
fn after(table: &[(Keys, Cast)], key: Option<&str>) -> Casts {
    let next = table.iter().filter_map(|(keys, cast)| {
        let (first, rest) = keys.split_first()?;
        let fits = match key {
            Some(key) => *first == "*" || *first == key,
            None => *first == "[]",
        };
        fits.then_some((rest, *cast))
    });
    Casts::Rest(next.collect())
}

/// Converts a text. `Err` says what it should be.
pub(super) fn cast(cast: Cast, text: &str) -> Result<Value, &'static str> {
    match cast {
        Cast::Int => text.parse().map(Value::Int).map_err(|_| "an integer"),
        Cast::Float => match text.parse::<f64>() {
            // Where Go says that a number is out of range, Rust says infinity.
            Ok(number) if number.is_infinite() && text.contains(|ch: char| ch.is_ascii_digit()) => {
                Err("a number within range")
            }
            Ok(number) => Ok(Value::Float(number)),
            Err(_) => Err("a number"),
        },
        Cast::Bool => match text.to_ascii_lowercase().as_str() {
            "true" | "y" | "yes" | "on" => Ok(Value::Bool(true)),
            "false" | "n" | "no" | "off" => Ok(Value::Bool(false)),
            _ => Err("`true` or `false`"),
        },
    }
}
