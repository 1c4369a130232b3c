//! What a plugin may use up.

use std::fmt;
use std::time::Duration;

use wasmtime::{ResourceLimiter, Result};

use crate::config::{PluginLimits, Spanned};

/// Core instances of one plugin: a component has one for its code and some for its wiring.
pub(super) const INSTANCES: usize = 16;
/// Tables of one plugin.
pub(super) const TABLES: usize = 8;
/// Memories of one plugin.
const MEMORIES: usize = 4;

/// What one plugin may use up on one document, and for saying what its rules are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Units of fuel: about one for each instruction. Counted, so that verdicts do not depend on the
    /// machine.
    pub fuel: u64,
    /// Wall time: a backstop that fuel should always come before.
    pub time: Duration,
    /// Bytes of memory.
    pub memory: usize,
    /// Elements of tables.
    pub table_elements: usize,
    /// Bytes of stack, from 16 KiB to 4 MiB.
    pub stack: usize,
    /// Bytes that it returns, as they are copied out of its memory.
    pub output: usize,
    /// Findings of one rule, and unknown subjects.
    pub findings: usize,
}

impl Limits {
    /// The stack that there may be, in bytes.
    pub const STACK: std::ops::RangeInclusive<usize> = (16 << 10)..=(4 << 20);

    /// The limits that a configuration sets, and the defaults of the others.
    #[must_use]
    pub fn of(setting: &PluginLimits) -> Self {
        let default = Limits::default();
        let size = |setting: &Option<Spanned<u64>>, default: usize| {
            let value = setting.as_ref().map(|setting| setting.value);
            value.map_or(default, |value| usize::try_from(value).unwrap_or(usize::MAX))
        };
        Limits {
            fuel: setting.fuel.as_ref().map_or(default.fuel, |setting| setting.value),
            time: setting.time.as_ref().map_or(default.time, |setting| setting.value),
            memory: size(&setting.memory, default.memory),
            table_elements: size(&setting.table_elements, default.table_elements),
            stack: size(&setting.stack, default.stack),
            output: size(&setting.output, default.output),
            findings: size(&setting.findings, default.findings),
        }
    }
}

impl Default for Limits {
    fn default() -> Self {
        Limits {
            fuel: 1_000_000_000,
            time: Duration::from_secs(10),
            memory: 64 << 20,
            table_elements: 10_000,
            stack: 512 << 10,
            output: 8 << 20,
            findings: 10_000,
        }
    }
}

/// What was asked for beyond the limits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Exceeded {
    Memory(usize),
    TableElements(usize),
}

impl fmt::Display for Exceeded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Exceeded::Memory(limit) => write!(f, "it wants more than {} of memory", bytes(*limit)),
            Exceeded::TableElements(limit) => {
                write!(f, "it wants tables with more than {limit} elements")
            }
        }
    }
}

impl std::error::Error for Exceeded {}

/// A number of bytes as people say it.
pub(super) fn bytes(count: usize) -> String {
    match count {
        _ if count >= 1 << 20 && count.is_multiple_of(1 << 20) => format!("{} MiB", count >> 20),
        _ if count >= 1 << 10 && count.is_multiple_of(1 << 10) => format!("{} KiB", count >> 10),
        _ => format!("{count} bytes"),
    }
}

/// What calls of a plugin used up.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Usage {
    /// Units of fuel, as [`Limits::fuel`].
    pub fuel: u64,
    /// Bytes of memory at the end, which never shrinks.
    pub memory: usize,
    /// Elements of tables.
    pub table_elements: usize,
}

/// Counts what an instance has taken.
pub(super) struct Meter {
    limits: Limits,
    memory: usize,
    table_elements: usize,
}

impl Meter {
    pub(super) fn new(limits: Limits) -> Self {
        Meter { limits, memory: 0, table_elements: 0 }
    }

    pub(super) fn usage(&self, fuel: u64) -> Usage {
        Usage { fuel, memory: self.memory, table_elements: self.table_elements }
    }
}

/// Counts what something grows by. A guest that cannot have more gives up anyhow; the error says why.
fn grow(
    taken: &mut usize,
    (current, desired, maximum): (usize, usize, Option<usize>),
    limit: usize,
    exceeded: fn(usize) -> Exceeded,
) -> Result<bool> {
    if maximum.is_some_and(|maximum| desired > maximum) {
        return Ok(false);
    }
    let total = taken.saturating_add(desired.saturating_sub(current));
    if total > limit {
        return Err(exceeded(limit).into());
    }
    *taken = total;
    Ok(true)
}

impl ResourceLimiter for Meter {
    fn memory_growing(
        &mut self,
        current: usize,
        desired: usize,
        maximum: Option<usize>,
    ) -> Result<bool> {
        let limit = self.limits.memory;
        grow(&mut self.memory, (current, desired, maximum), limit, Exceeded::Memory)
    }

    fn table_growing(
        &mut self,
        current: usize,
        desired: usize,
        maximum: Option<usize>,
    ) -> Result<bool> {
        let limit = self.limits.table_elements;
        // In a pool tables end at the limit, which is what the error is to say.
        let maximum = maximum.filter(|maximum| *maximum < limit);
        grow(&mut self.table_elements, (current, desired, maximum), limit, Exceeded::TableElements)
    }

    fn instances(&self) -> usize {
        INSTANCES
    }

    fn tables(&self) -> usize {
        TABLES
    }

    fn memories(&self) -> usize {
        MEMORIES
    }
}
