//! `plimsoll facts`: what rules get to see of a document.

use std::ffi::OsString;

use clap::Args;
use plimsoll_engine::bundle::Bundle;
use plimsoll_engine::diagnostic::{Diagnostic, Level};
use plimsoll_engine::document::Document;
use plimsoll_engine::link::{self, Tables};
use plimsoll_engine::mask::Masks;
use plimsoll_engine::report;
use serde_json::Value;

use crate::args::{PolicyArgs, ReadArgs, parse_now};
use crate::failure::{self, Failure, INCOMPLETE};
use crate::terminal::When;
use crate::{configuration, inputs, output};

const EXAMPLES: &str = "\
Examples:
  plimsoll facts Dockerfile
  plimsoll facts --build-arg VERSION=1.4 Dockerfile | jq '.images[].config.user'
  plimsoll facts compose.yaml daemon.json       joined with each other
  docker inspect web | plimsoll facts -

One document gives an object, several give an array of objects. `plimsoll schema facts` says what
the fields mean. Credentials are shown as ***.";

/// Print the facts of documents as JSON: what rules read as `input`
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct FactsArgs {
    /// Files, folders, `-` for standard input; KIND:PATH says what a file is
    #[arg(value_name = "PATH", required = true)]
    paths: Vec<OsString>,

    #[command(flatten)]
    policy: PolicyArgs,

    /// Time to judge by, RFC 3339; without it, the facts have none
    #[arg(long, value_name = "TIME", help_heading = "Policy", value_parser = parse_now)]
    now: Option<String>,

    #[command(flatten)]
    read: ReadArgs,

    /// Print credentials as they are
    #[arg(long, help_heading = "Output")]
    show_secrets: bool,
}

pub(crate) fn run(args: &FactsArgs, color: When) -> Result<u8, Failure> {
    let first = inputs::first_path(&args.paths);
    let configuration = configuration::load(&args.policy, &first)?;
    let (bundles, settings) = (&configuration.bundles, &configuration.settings);
    let tables = Tables::new(bundles.as_slice() as &[Bundle])?;
    let found = inputs::find(&args.paths, &args.read);
    let mut read = found.read(&args.read.options()?, &|_, _| {});
    let mut masks = Masks::default();
    let mut problems: Vec<Diagnostic> = Vec::new();
    let mut facts = Vec::with_capacity(read.documents.len());
    link::link(&mut read.documents, &tables, settings.unknown_base());
    for document in &mut read.documents {
        document.facts.meta.now.clone_from(&args.now);
        document.facts.meta.profile = settings.profile().as_str().into();
        facts.push(value(document, args.show_secrets)?);
        problems.append(&mut document.problems);
        masks.merge(std::mem::take(&mut document.masks));
    }
    problems.append(&mut read.problems);
    failure::tell(&problems, &masks, &color.stderr());
    let printed = output::stdout(false, |out| match facts.as_slice() {
        [] => Ok(()),
        [one] => report::write_json(out, one),
        several => report::write_json(out, &several),
    });
    let incomplete = problems.iter().any(|problem| problem.level == Level::Error);
    match printed {
        Err(Failure::ClosedPipe) | Ok(()) => Ok(if incomplete { INCOMPLETE } else { 0 }),
        Err(failure) => Err(failure),
    }
}

fn value(document: &Document, show_secrets: bool) -> Result<Value, Failure> {
    let mut value = serde_json::to_value(&document.facts)
        .map_err(|error| Diagnostic::error(format!("the facts have no JSON form: {error}")))?;
    if !show_secrets {
        mask(&mut value, &document.masks);
    }
    Ok(value)
}

fn mask(value: &mut Value, masks: &Masks) {
    match value {
        Value::String(text) => {
            if let std::borrow::Cow::Owned(masked) = masks.message(text) {
                *text = masked;
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| mask(item, masks)),
        Value::Object(fields) => {
            if is_credential(fields, masks) {
                fields.insert("value".into(), Value::from("***"));
            }
            fields.values_mut().for_each(|field| mask(field, masks));
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// Whether a pair of a name and a value is a credential, though its value is a word like any other.
fn is_credential(pair: &serde_json::Map<String, Value>, masks: &Masks) -> bool {
    let text = |key: &str| pair.get(key).and_then(Value::as_str);
    let Some(value) = text("value").filter(|value| !value.is_empty()) else { return false };
    let is_classified = text("secret").is_some();
    let name = text("name").or_else(|| text("key")).unwrap_or_default();
    is_classified || masks.message(&format!("{name}={value}")).ends_with("=***")
}
