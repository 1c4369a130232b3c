//! Version 1 of the contract.

use plimsoll_sdk::Loc;
use plimsoll_sdk::finding::{RawFinding, RawPlace, RawRelated, RawUnknown};
use wasmtime::Store;
use wasmtime::component::HasSelf;

use super::contract::{Answer, Contract, Host, Linkable, Verdict, Wanted};
use super::plugin::LogLevel;

#[allow(missing_docs, unreachable_pub, unused_qualifications, clippy::all)]
mod bindings {
    wasmtime::component::bindgen!({ path: "../sdk/wit/v1", world: "plugin" });
}

use bindings::plimsoll::plugin::types;
use bindings::{Plugin, PluginImports, PluginPre};

pub(super) fn prepare(linkable: &Linkable<'_>) -> wasmtime::Result<Box<dyn Contract>> {
    let mut linker = linkable.linker();
    Plugin::add_to_linker::<_, HasSelf<_>>(&mut linker, |host: &mut Host| host)?;
    let pre = PluginPre::new(linker.instantiate_pre(linkable.component)?)?;
    Ok(Box::new(Prepared(pre)))
}

struct Prepared(PluginPre<Host>);

impl Contract for Prepared {
    fn describe(&self, store: &mut Store<Host>) -> wasmtime::Result<String> {
        let plugin = self.0.instantiate(&mut *store)?;
        plugin.call_describe(store)
    }

    fn check(
        &self,
        store: &mut Store<Host>,
        facts: &str,
        wanted: &[Wanted<'_>],
    ) -> wasmtime::Result<Vec<Answer>> {
        let plugin = self.0.instantiate(&mut *store)?;
        let wanted: Vec<types::Wanted> = (wanted.iter())
            .map(|one| types::Wanted { rule: one.rule.to_owned(), params: one.params.to_owned() })
            .collect();
        let answers = plugin.call_check(store, facts, &wanted)?;
        Ok(answers.into_iter().map(|answer| answer.map(verdict)).collect())
    }
}

impl types::Host for Host {}

impl PluginImports for Host {
    fn log(&mut self, level: types::Level, message: String) {
        let level = match level {
            types::Level::Debug => LogLevel::Debug,
            types::Level::Info => LogLevel::Info,
            types::Level::Warning => LogLevel::Warning,
            types::Level::Error => LogLevel::Error,
        };
        Host::log(self, level, &message);
    }
}

fn verdict(verdict: types::Verdict) -> Verdict {
    Verdict {
        findings: verdict.findings.into_iter().map(finding).collect(),
        unknowns: (verdict.unknowns.into_iter())
            .map(|unknown| RawUnknown { subject: Loc(unknown.subject), reason: unknown.reason })
            .collect(),
    }
}

fn finding(finding: types::Finding) -> RawFinding {
    RawFinding {
        place: place(finding.place),
        message: finding.message,
        subject: finding.subject.map(Loc),
        level: finding.level,
        related: (finding.related.into_iter())
            .map(|related| RawRelated { place: place(related.place), message: related.message })
            .collect(),
    }
}

fn place(place: types::Place) -> RawPlace {
    RawPlace { loc: Loc(place.loc), field: place.field, item: place.item }
}
