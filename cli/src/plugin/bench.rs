//! `plimsoll plugin bench`: how long a plugin takes, and what it uses up.

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::io::{self, Write};
use std::path::PathBuf;
use std::time::{Duration, Instant};

use clap::Args;
use plimsoll_engine::diagnostic::{Diagnostic, Level};
use plimsoll_engine::document::Document;
use plimsoll_engine::evaluate::Evaluator;
use plimsoll_engine::evaluate::wasm::{CodeCache, Usage, WasmEvaluator};
use plimsoll_engine::report::{self, Outcome, Report, escape};
use plimsoll_engine::{Plugin, PluginOptions};
use serde::Serialize;
use serde_json::json;

use super::Format;
use super::figures::{count, quantile, size, time};
use crate::args::ReadArgs;
use crate::configuration::Configuration;
use crate::failure::{self, Failure, INCOMPLETE};
use crate::plugins;
use crate::progress::Progress;
use crate::terminal::{self, When};
use crate::{bundles, inputs, output};

const EXAMPLES: &str = "\
Examples:
  plimsoll plugin bench owners.wasm .
  plimsoll plugin bench owners.wasm image:api.tar --rounds 100
  plimsoll plugin bench owners.wasm . --format json | jq .time_us.p95

Documents are read and joined as for a check, and every rule of the plugin is run, with its
parameters at their defaults. The time of a document is the median of its rounds: writing its facts
as JSON, a new instance, the call, and reading what comes back. Fuel is counted, and the same on
every machine.

Exit status:
  0  it is measured
  2  a rule failed, or not everything could be read";

/// Each document is measured for this long at most, once it was judged twice.
const ENOUGH: Duration = Duration::from_secs(2);

/// Measure a plugin: time, fuel and memory for each document
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct BenchArgs {
    /// The plugin
    file: PathBuf,

    /// Files, folders, `-` for standard input; KIND:PATH says what a file is
    #[arg(value_name = "PATH", required = true)]
    paths: Vec<OsString>,

    /// How often each document is judged, unless that takes longer than two seconds
    #[arg(long, value_name = "N", default_value_t = 20)]
    #[arg(value_parser = clap::value_parser!(u32).range(1..=100_000))]
    rounds: u32,

    /// For people or for programs
    #[arg(long, value_enum, default_value_t = Format::Human)]
    format: Format,

    /// Keep no compiled code, and do not measure how fast it is loaded
    #[arg(long)]
    no_cache: bool,

    #[command(flatten)]
    read: ReadArgs,
}

/// Everything that was measured.
#[derive(Serialize)]
struct Figures<'a> {
    file: &'a str,
    name: &'a str,
    version: &'a str,
    digest: &'a str,
    load_us: Load,
    /// Documents that were read, and of those the ones that a rule judges.
    documents: usize,
    judged: usize,
    time_us: Spread,
    documents_per_second: f64,
    /// As JSON.
    facts_bytes: Spread,
    fuel: Bounded,
    memory_bytes: Bounded,
    rules: Vec<Row<'a>>,
}

/// How long loading takes.
#[derive(Serialize)]
struct Load {
    compiling: u64,
    /// Null without a cache.
    cached: Option<u64>,
}

/// Values of documents.
#[derive(Serialize)]
struct Spread {
    median: u64,
    p95: u64,
    max: u64,
}

/// As [`Spread`], and what is allowed.
#[derive(Serialize)]
struct Bounded {
    #[serde(flatten)]
    spread: Spread,
    limit: u64,
}

#[derive(Serialize)]
struct Row<'a> {
    id: &'a str,
    documents: usize,
    /// Subjects, by what came of them.
    fail: usize,
    unknown: usize,
    pass: usize,
    error: usize,
    /// When the rule is called alone.
    fuel: Spread,
}

/// What one document took.
struct Measured {
    time: Duration,
    facts: u64,
    usage: Usage,
    /// For each rule that judges it, the index, and the fuel of that rule alone.
    rules: Vec<(usize, u64)>,
}

pub(super) fn run(args: &BenchArgs, color: When) -> Result<u8, Failure> {
    let options = args.read.options()?;
    let (plugin, load) = loaded(args)?;
    let mut configuration = Configuration {
        settings: plimsoll_engine::config::Settings::default(),
        bundles: vec![bundles::default_bundle()?],
        plugins: vec![plugin.clone()],
    };
    let ids: Vec<String> = plugin.rules().iter().map(|rule| rule.id.clone()).collect();
    configuration.only(&ids)?;
    let engine = configuration.builder().build()?;
    let read = inputs::find(&args.paths, &args.read);
    let read = engine.pool().install(|| read.read(&options, &|_, _| {}));
    let mut linked = read.documents.clone();
    engine.link(&mut linked);
    let mut report = engine.check(read.documents);
    report.add_problems(read.problems);
    let evaluator = WasmEvaluator::load(std::slice::from_ref(&plugin), &json!({}))?;
    let measured = measure(&evaluator, &linked, args.rounds);
    if cfg!(debug_assertions) {
        let message = "this program is not optimised: its times say little";
        report.problems.push(Diagnostic::warning(message));
    }
    // What is odd about documents, `check` says.
    report.problems.retain(|problem| problem.level == Level::Error || problem.labels.is_empty());
    failure::tell(&report.problems, &report.masks, &color.stderr());
    if !measured.is_empty() {
        let figures = Figures::new(&plugin, load, &linked, &measured, &report);
        output::stdout(args.format == Format::Human, |out| match args.format {
            Format::Human => figures.write(out),
            Format::Json => report::write_json(out, &figures),
        })?;
    }
    Ok(if report.problems(Level::Error) > 0 { INCOMPLETE } else { 0 })
}

/// The plugin, and how long loading it takes.
fn loaded(args: &BenchArgs) -> Result<(Plugin, Load), Failure> {
    let open = |cache: Option<&CodeCache>| {
        let begun = Instant::now();
        let plugin = plugins::open_file(&args.file, PluginOptions::default(), cache)?;
        Ok::<_, Failure>((plugin, micros(begun.elapsed())))
    };
    let (plugin, compiling) = open(None)?;
    let cache = plugins::cache(args.no_cache);
    let cached = match cache {
        Some(cache) => {
            open(Some(&cache))?;
            Some(open(Some(&cache))?.1)
        }
        None => None,
    };
    Ok((plugin, Load { compiling, cached }))
}

/// Measures every document that a rule judges, one after the other.
fn measure(evaluator: &WasmEvaluator, documents: &[Document], rounds: u32) -> Vec<Measured> {
    let progress = Progress::new(terminal::redraws());
    let mut session = evaluator.session();
    let mut measured = Vec::new();
    for (at, document) in documents.iter().enumerate() {
        progress.tell("measuring", at, documents.len());
        let rules = evaluator.rules().iter().enumerate();
        let judges = |kinds: &[String]| kinds.iter().any(|kind| kind == document.kind);
        let wanted: Vec<usize> =
            rules.filter(|(_, rule)| judges(&rule.kinds)).map(|(at, _)| at).collect();
        if wanted.is_empty() {
            continue;
        }
        // The first call fills what later ones find warm.
        session.check(&document.facts, &wanted);
        let begun = Instant::now();
        let mut times = Vec::new();
        while times.is_empty() || (times.len() < rounds as usize && begun.elapsed() < ENOUGH) {
            let begun = Instant::now();
            session.check(&document.facts, &wanted);
            times.push(begun.elapsed());
        }
        times.sort_unstable();
        let alone = |&rule: &usize| (rule, evaluator.usage(&document.facts, &[rule]).fuel);
        measured.push(Measured {
            time: quantile(&times, 0.5),
            facts: serde_json::to_string(&document.facts).map_or(0, |json| json.len() as u64),
            usage: evaluator.usage(&document.facts, &wanted),
            rules: wanted.iter().map(alone).collect(),
        });
    }
    measured
}

impl<'a> Figures<'a> {
    fn new(
        plugin: &'a Plugin,
        load: Load,
        documents: &[Document],
        measured: &[Measured],
        report: &Report,
    ) -> Self {
        let of = |value: &dyn Fn(&Measured) -> u64| Spread::of(measured.iter().map(value));
        let total: Duration = measured.iter().map(|one| one.time).sum();
        let rate = measured.len() as f64 / total.as_secs_f64().max(1e-9);
        let limits = plugin.limits();
        let rules = plugin.rules().iter().enumerate();
        Figures {
            file: plugin.file(),
            name: plugin.name(),
            version: plugin.version(),
            digest: plugin.digest(),
            load_us: load,
            documents: documents.len(),
            judged: measured.len(),
            time_us: of(&|one| micros(one.time)),
            documents_per_second: rate.round(),
            facts_bytes: of(&|one| one.facts),
            fuel: Bounded { spread: of(&|one| one.usage.fuel), limit: limits.fuel },
            memory_bytes: Bounded {
                spread: of(&|one| one.usage.memory as u64),
                limit: limits.memory as u64,
            },
            rules: rules.map(|(at, rule)| Row::new(&rule.id, at, measured, report)).collect(),
        }
    }

    fn write(&self, out: &mut dyn Write) -> io::Result<()> {
        let micros = |micros: u64| time(Duration::from_micros(micros));
        let bytes = |bytes: u64| size(usize::try_from(bytes).unwrap_or(usize::MAX));
        let Figures { name, version, judged, documents, .. } = self;
        let line = |out: &mut dyn Write, name: &str, text: &str| writeln!(out, "  {name:9} {text}");
        writeln!(out, "{}: {name} {}", escape::line(self.file), escape::line(version))?;
        let cached = match self.load_us.cached {
            Some(cached) => format!(", {} from the cache", micros(cached)),
            None => String::new(),
        };
        line(out, "load", &format!("{} compiling{cached}", micros(self.load_us.compiling)))?;
        line(out, "judged", &format!("{judged} of {documents} documents"))?;
        line(out, "time", &format!("{} for a document", self.time_us.shown(micros)))?;
        let rate = self.documents_per_second;
        line(out, "rate", &format!("{rate:.0} documents a second, on one thread"))?;
        line(out, "facts", &format!("{} of JSON", self.facts_bytes.shown(bytes)))?;
        let (fuel, memory) = (&self.fuel, &self.memory_bytes);
        line(out, "fuel", &format!("{}, of {}", fuel.spread.shown(count), count(fuel.limit)))?;
        let limit = bytes(memory.limit);
        line(out, "memory", &format!("{}, of {limit}", memory.spread.shown(bytes)))?;
        let wide = self.rules.iter().map(|rule| rule.id.len()).max().unwrap_or_default().max(4);
        writeln!(
            out,
            "\n{:wide$}  documents    fail  unknown    pass   error  fuel (median, max)",
            "rule"
        )?;
        for Row { id, documents, fail, unknown, pass, error, fuel } in &self.rules {
            let (median, max) = (count(fuel.median), count(fuel.max));
            writeln!(
                out,
                "{id:wide$}  {documents:9}  {fail:6}  {unknown:7}  {pass:6}  {error:6}  {median}, {max}"
            )?;
        }
        Ok(())
    }
}

impl<'a> Row<'a> {
    fn new(id: &'a str, at: usize, measured: &[Measured], report: &Report) -> Self {
        let is_own = |rule: usize| report.rules.get(rule).is_some_and(|row| row.meta.id == id);
        let own: Vec<_> = report.outcomes.iter().filter(|row| is_own(row.rule)).collect();
        let of = |outcome: Outcome| own.iter().filter(|row| row.outcome == outcome).count();
        let fuel = measured.iter().flat_map(|one| &one.rules).filter(|(rule, _)| *rule == at);
        Row {
            id,
            documents: own.iter().map(|row| row.document).collect::<BTreeSet<_>>().len(),
            fail: of(Outcome::Fail),
            unknown: of(Outcome::Unknown),
            pass: of(Outcome::Pass),
            error: of(Outcome::Error),
            fuel: Spread::of(fuel.map(|(_, fuel)| *fuel)),
        }
    }
}

impl Spread {
    fn of(values: impl Iterator<Item = u64>) -> Self {
        let mut values: Vec<u64> = values.collect();
        values.sort_unstable();
        let at = |part: f64| quantile(&values, part);
        Spread { median: at(0.5), p95: at(0.95), max: at(1.0) }
    }

    fn shown(&self, one: impl Fn(u64) -> String) -> String {
        let [median, p95, max] = [self.median, self.p95, self.max].map(one);
        format!("median {median}, p95 {p95}, max {max}")
    }
}

fn micros(time: Duration) -> u64 {
    u64::try_from(time.as_micros()).unwrap_or(u64::MAX)
}
