//! From bytes to compiled code.

use std::fmt::Write as _;
use std::num::NonZeroUsize;
use std::sync::OnceLock;
use std::thread::available_parallelism;

use sha2::{Digest as _, Sha256};
use wasmtime::component::Component;
use wasmtime::{Config, Enabled, Engine, InstanceAllocationStrategy, PoolingAllocationConfig};

use super::cache::CodeCache;
use super::limits::{INSTANCES, Limits, TABLES, bytes as in_words};
use super::slots::Slots;
use crate::diagnostic::Diagnostic;
use crate::excerpt::excerpt;

/// The largest plugin, in bytes. A megabyte takes about two seconds to compile.
pub const MAX_BYTES: usize = 16 << 20;

/// The fewest and the most calls of a plugin at once that there is a pool for: each takes 4 GiB of addresses.
const MIN_SLOTS: usize = 4;
const MAX_SLOTS: usize = 64;

/// The most bytes of one memory, and of one table, that stay the process' own between calls.
const KEPT: usize = 1 << 20;

/// The largest tables that there is a pool for, in elements.
const MAX_POOLED_ELEMENTS: usize = 100_000;

/// What every WebAssembly file begins with, and what follows it in a component.
const MAGIC: &[u8; 4] = b"\0asm";
const COMPONENT: [u8; 4] = [0x0d, 0, 1, 0];

/// The digest of a file as configuration has it: `sha256:` and 64 hexadecimal digits.
#[must_use]
pub fn digest(bytes: &[u8]) -> String {
    let mut text = String::from("sha256:");
    for byte in Sha256::digest(bytes) {
        let _ = write!(text, "{byte:02x}");
    }
    text
}

/// Whether bytes can be a component at all, told without reading them.
pub(super) fn sniff(bytes: &[u8]) -> Result<(), Diagnostic> {
    if bytes.len() > MAX_BYTES {
        return Err(too_large(bytes.len() as u64));
    }
    let text = bytes.trim_ascii_start();
    if text.starts_with(b"(component") || text.starts_with(b"(module") {
        return Err(Diagnostic::error("it is WebAssembly as text, not as bytes")
            .help("turn it into bytes with `wasm-tools parse`"));
    }
    let Some(rest) = bytes.strip_prefix(MAGIC) else {
        let message = if bytes.is_empty() { "the file is empty" } else { "it is no WebAssembly" };
        return Err(Diagnostic::error(message).help("a plugin is a WebAssembly component"));
    };
    match rest.get(..4) {
        Some(version) if version == COMPONENT => Ok(()),
        Some([1, 0, 0, 0]) => Err(Diagnostic::error("it is a core module, not a component")
            .help("`plimsoll plugin build FILE` makes a component of it")),
        Some(version) => Err(Diagnostic::error(format!(
            "it is WebAssembly of the version {version:02x?}, which is not known"
        ))),
        None => Err(Diagnostic::error("the file is cut short")),
    }
}

pub(super) fn too_large(size: u64) -> Diagnostic {
    let limit = in_words(MAX_BYTES);
    Diagnostic::error(format!("the file has {size} bytes; a plugin has at most {limit}"))
}

/// A component that can be called.
pub(super) struct Compiled {
    pub(super) engine: Engine,
    pub(super) component: Component,
    /// How many calls there may be at once, where memory is kept for them.
    pub(super) slots: Option<Slots>,
}

/// Compiles a component, or takes its code from a cache: that of the plugin with a digest.
pub(super) fn compile(
    bytes: &[u8],
    limits: &Limits,
    cache: Option<(&CodeCache, &str)>,
) -> Result<Compiled, Diagnostic> {
    let config = config(limits);
    if let Some((pool, slots)) = pool(limits) {
        let mut config = config.clone();
        config.allocation_strategy(InstanceAllocationStrategy::Pooling(pool));
        // A pool may be larger than what this process may address, and a component may not fit into it.
        if let Ok((engine, component)) = build(&config, bytes, cache) {
            return Ok(Compiled { engine, component, slots: Some(Slots::new(slots)) });
        }
    }
    let (engine, component) = build(&config, bytes, cache).or_else(|error| match cache {
        // Whatever is wrong with the cache.
        Some(_) => build(&config, bytes, None),
        None => Err(error),
    })?;
    Ok(Compiled { engine, component, slots: None })
}

fn build(
    config: &Config,
    bytes: &[u8],
    cache: Option<(&CodeCache, &str)>,
) -> Result<(Engine, Component), Diagnostic> {
    let engine = Engine::new(config)
        .map_err(|error| failed("the limits of the plugin cannot be had", &error))?;
    let component = match cache {
        Some((cache, digest)) => cache.component(&engine, bytes, digest),
        None => Component::from_binary(&engine, bytes),
    };
    let component =
        component.map_err(|error| failed("it is damaged, or wants what no plugin gets", &error))?;
    Ok((engine, component))
}

fn failed(what: &str, error: &wasmtime::Error) -> Diagnostic {
    Diagnostic::error(format!("{what}: {}", excerpt_line(&error.root_cause().to_string())))
}

/// A pool of memory for calls, and for how many at once.
///
/// Mapping memory for every call, touching it and giving it back costs more than the call, and threads wait
/// for each other while the system does it. In a pool wasmtime puts memory back to what it was at the
/// beginning after each call. That is cheap only where the system says which pages were written to
/// (Linux 6.7), so elsewhere there is none. Most of a pool is addresses, not memory.
fn pool(limits: &Limits) -> Option<(PoolingAllocationConfig, usize)> {
    let slots = cores().clamp(MIN_SLOTS, MAX_SLOTS);
    let count = u32::try_from(slots).ok()?;
    if limits.table_elements > MAX_POOLED_ELEMENTS
        || !PoolingAllocationConfig::is_pagemap_scan_available()
    {
        return None;
    }
    let mut pool = PoolingAllocationConfig::new();
    pool.pagemap_scan(Enabled::Yes)
        .linear_memory_keep_resident(KEPT)
        .table_keep_resident(KEPT)
        // The place that was used last is taken first: as many are ever touched as run at once.
        .max_unused_warm_slots(0)
        .table_elements(limits.table_elements)
        .max_memories_per_component(1)
        .max_tables_per_component(TABLES as u32)
        .max_core_instances_per_component(INSTANCES as u32)
        .total_component_instances(count)
        .total_memories(count)
        .total_tables(count * TABLES as u32)
        .total_core_instances(count * INSTANCES as u32);
    Some((pool, slots))
}

/// How many threads run at once here. Asked once: for every answer the system reads several files.
fn cores() -> usize {
    static CORES: OnceLock<usize> = OnceLock::new();
    *CORES.get_or_init(|| available_parallelism().map_or(1, usize::from))
}

fn config(limits: &Limits) -> Config {
    let mut config = Config::new();
    config
        .consume_fuel(true)
        .epoch_interruption(true)
        .max_wasm_stack(limits.stack)
        // Of no use to anybody who judges facts, and each is code to go wrong.
        .wasm_simd(false)
        .wasm_relaxed_simd(false)
        .wasm_memory64(false)
        .wasm_multi_memory(false)
        .wasm_tail_call(false)
        // The same bits on every machine.
        .cranelift_nan_canonicalization(true)
        .wasm_backtrace_max_frames(NonZeroUsize::new(1))
        // Nobody is shown where in a plugin it failed: a seventh of what is kept, and read at every start.
        .generate_address_map(false);
    // Nor does anybody else unwind through it; on Windows there is no code without.
    #[cfg(not(windows))]
    config.native_unwind_info(false);
    config
}

/// One line of what a library says, shortened.
pub(super) fn excerpt_line(text: &str) -> String {
    let line = text.lines().next().unwrap_or_default();
    // Two lengths of an excerpt: the reasons of wasmtime are longer than names.
    let end = line.floor_char_boundary(72);
    let (first, rest) = line.split_at(end);
    format!("{}{}", excerpt(first), excerpt(rest))
}
