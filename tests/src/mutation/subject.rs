//! A rule with what it needs to run by itself, and the cases of its page.

use std::collections::BTreeSet;

use plimsoll_engine::BuildError;
use plimsoll_engine::bundle::{Bundle, RuleModule};
use plimsoll_engine::document::{Document, FORMATS};
use plimsoll_engine::evaluate::Evaluator;
use plimsoll_engine::evaluate::rego::mutation::{Mutant, sample};
use plimsoll_engine::evaluate::rego::{Limits, RegoEvaluator};
use plimsoll_engine::finding::{self, Judged, Subjects};
use plimsoll_engine::policy_test::{self, Case, Runner};
use plimsoll_engine::source::Source;
use serde_json::{Map, Value, json};

/// A rule that is tried.
pub(super) struct Subject<'b> {
    rule: &'b RuleModule,
    /// The rule, those whose parameters it reads, and their libraries.
    bundle: Bundle,
    /// The tables that these read.
    tables: Value,
    /// By the parameters that they set; those that find something first, as they notice most.
    cases: Vec<Prepared>,
}

/// A case whose documents have been read and joined: a mutant changes neither.
struct Prepared {
    name: String,
    params: Map<String, Value>,
    documents: Vec<Document>,
    outcomes: BTreeSet<String>,
}

impl<'b> Subject<'b> {
    /// Reads the cases of a rule's page and runs them. An error when one is not what the page says:
    /// nothing that follows would mean anything.
    pub(super) fn new(
        bundle: &Bundle,
        rule: &'b RuleModule,
        paths: &BTreeSet<String>,
    ) -> Result<Self, String> {
        let complain = |problems| format!("{}: {}", rule.id(), BuildError(problems));
        let kinds: Vec<&str> = FORMATS.iter().map(|format| format.name).collect();
        let page = policy_test::parse(rule.page(), &kinds).map_err(complain)?;
        let own = bundle.narrowed(|path| paths.contains(path), None).verified();
        let mut runner = Runner::new(vec![own.clone()]);
        let tables = crate::tables_of(&own);
        let mut subject = Subject { rule, bundle: own, tables, cases: Vec::new() };
        for case in &page.cases {
            let outcome = runner.run(rule.id(), case).map_err(complain)?;
            if outcome.actual != case.expected {
                return Err(format!("{}: `{}` is not as the page says", rule.id(), case.name));
            }
            subject.cases.push(Prepared {
                name: case.name.clone(),
                params: params(case),
                documents: outcome.documents,
                outcomes: BTreeSet::new(),
            });
        }
        let fails = |name: &str| {
            let case = page.cases.iter().find(|case| case.name == name);
            case.is_some_and(|case| case.expected.iter().any(|line| line.starts_with("fail ")))
        };
        subject.cases.sort_by_key(|case| (!case.params.is_empty(), !fails(&case.name)));
        let outcomes = subject.outcomes(&subject.bundle, None, &mut |_, _| true);
        let outcomes = outcomes.map_err(|()| format!("{}: does not load by itself", rule.id()))?;
        for (case, outcomes) in subject.cases.iter_mut().zip(outcomes) {
            case.outcomes = outcomes;
        }
        Ok(subject)
    }

    /// Whether a case gives another outcome with a mutant in the module of that path, or with another
    /// default of a parameter. An error when that does not load.
    pub(super) fn notices(
        &self,
        mutant: Option<(&str, &Mutant)>,
        default: Option<(&str, &Value)>,
    ) -> Result<bool, ()> {
        let mutated = match mutant {
            None => None,
            Some((path, mutant)) => {
                let text = mutant.apply(self.source(path).ok_or(())?);
                Some(self.bundle.narrowed(|_| true, Some((path, text))).verified())
            }
        };
        let mut noticed = false;
        self.outcomes(mutated.as_ref().unwrap_or(&self.bundle), default, &mut |case, outcomes| {
            noticed = case.outcomes != *outcomes;
            !noticed
        })?;
        Ok(noticed)
    }

    /// What the rule says of each case, as long as `go_on` says so.
    fn outcomes(
        &self,
        bundle: &Bundle,
        default: Option<(&str, &Value)>,
        go_on: &mut dyn FnMut(&Prepared, &BTreeSet<String>) -> bool,
    ) -> Result<Vec<BTreeSet<String>>, ()> {
        let mut all = Vec::new();
        let mut evaluators: Vec<(Map<String, Value>, RegoEvaluator)> = Vec::new();
        for case in &self.cases {
            let mut params = case.params.clone();
            if let Some((name, value)) = default {
                params.entry(name.to_owned()).or_insert_with(|| value.clone());
            }
            let at = match evaluators.iter().position(|(known, _)| *known == params) {
                Some(at) => at,
                None => {
                    let given = json!({self.rule.id(): params});
                    let (bundles, tables) = ([bundle], self.tables.clone());
                    let loaded = RegoEvaluator::load(&bundles, given, tables, Limits::default());
                    evaluators.push((params, loaded.map_err(|_| ())?));
                    evaluators.len() - 1
                }
            };
            let outcomes = self.judge(&evaluators[at].1, &case.documents);
            let on = go_on(case, &outcomes);
            all.push(outcomes);
            if !on {
                break;
            }
        }
        Ok(all)
    }

    /// What an evaluator says of documents, in the form of a page's outcomes.
    fn judge(&self, evaluator: &RegoEvaluator, documents: &[Document]) -> BTreeSet<String> {
        let meta = self.rule.meta();
        let index = evaluator.rules().iter().position(|rule| rule.id == meta.id);
        let mut session = evaluator.session();
        let mut said = BTreeSet::new();
        for document in
            documents.iter().filter(|document| meta.kinds.iter().any(|kind| kind == document.kind))
        {
            let subjects = Subjects::of(&document.facts);
            for (_, output) in session.check(&document.facts, index.as_slice()) {
                let placed = output.map_err(|error| error.message).and_then(|output| {
                    finding::place(document, meta, meta.severity, &subjects, &output)
                });
                match placed {
                    Err(message) => _ = said.insert(format!("error {message}")),
                    Ok((findings, judged)) => {
                        said.extend(findings.iter().map(|finding| {
                            let (place, severity) = (&finding.place, finding.severity.as_str());
                            let (name, start) = (place.source.name(), place.start());
                            format!("fail {name}:{start} {} {severity}", finding.message)
                        }));
                        said.extend(judged.into_iter().filter_map(|judged| match judged {
                            Judged::Pass(subject) => Some(format!("pass {subject}")),
                            Judged::Unknown(subject, why) => {
                                Some(format!("unknown {subject} {why}"))
                            }
                            Judged::Fail(..) => None,
                        }));
                    }
                }
            }
        }
        said
    }

    fn source(&self, path: &str) -> Option<&Source> {
        let rule = self.bundle.rules().iter().find(|rule| rule.path() == path);
        let library = self.bundle.libraries().iter().find(|library| library.path() == path);
        let rule = rule.map(|rule| &**rule.source());
        rule.or_else(|| library.map(|library| &**library.source()))
    }
}

/// The parameters that a case sets. Its `config` fence has been read before.
fn params(case: &Case) -> Map<String, Value> {
    let source = case.config.as_ref();
    let config: Option<Value> = source.and_then(|source| serde_yaml::from_str(source.text()).ok());
    config.and_then(|config| config.get("params")?.as_object().cloned()).unwrap_or_default()
}

/// Other values than a default, each with what is changed.
pub(super) fn other_values(default: &Value) -> Vec<(Value, String)> {
    match default {
        Value::Bool(flag) => vec![(json!(!flag), format!("{flag} → {}", !flag))],
        Value::Number(number) => number
            .as_i64()
            .into_iter()
            .flat_map(|number| [number.saturating_add(1), number.saturating_sub(1)])
            .map(|other| (json!(other), format!("{number} → {other}")))
            .collect(),
        Value::String(text) => {
            vec![(json!(format!("{text}~")), format!("`{text}` → `{text}~`"))]
        }
        Value::Array(items) => sample(items.len())
            .into_iter()
            .map(|at| {
                let mut other = items.clone();
                let gone = other.remove(at);
                (Value::Array(other), format!("drop {gone}"))
            })
            .collect(),
        Value::Object(fields) => sample(fields.len())
            .into_iter()
            .filter_map(|at| {
                let (name, value) = fields.iter().nth(at)?;
                let mut other = fields.clone();
                other.shift_remove(name);
                Some((Value::Object(other), format!("drop {name}: {value}")))
            })
            .collect(),
        Value::Null => Vec::new(),
    }
}
