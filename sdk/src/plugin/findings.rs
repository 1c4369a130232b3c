//! What a rule says of a document, while it says it.

use crate::Loc;
use crate::finding::{RawFinding, RawPlace, RawRelated, RawUnknown};

/// What a rule found in one document.
///
/// ```
/// # use plimsoll_sdk::{Findings, Loc};
/// # let (package, layer, image) = (Loc(3), Loc(2), Loc(1));
/// # let mut findings = Findings::default();
/// findings.at_field(package, "licence", "package `bash` is under GPL-3.0");
/// findings
///     .at(package, "package `bash` comes from elsewhere")
///     .level("grave")
///     .related(layer, "this layer brings it");
/// findings.unknown(image, "its packages are not known");
/// ```
#[derive(Debug, Default)]
pub struct Findings {
    findings: Vec<RawFinding>,
    unknowns: Vec<RawUnknown>,
    error: Option<String>,
}

impl Findings {
    /// A fault of a whole object of the facts.
    ///
    /// A message is one sentence that begins in lower case and has no full stop.
    pub fn at(&mut self, fact: Loc, message: impl Into<String>) -> Finding<'_> {
        self.add(RawPlace::object(fact), message.into())
    }

    /// A fault of one field of an object.
    pub fn at_field(
        &mut self,
        fact: Loc,
        field: impl Into<String>,
        message: impl Into<String>,
    ) -> Finding<'_> {
        self.add(RawPlace::field(fact, field), message.into())
    }

    /// A fault of one item, counted from 0, of a list that is a field of an object.
    pub fn at_item(
        &mut self,
        fact: Loc,
        field: impl Into<String>,
        item: u32,
        message: impl Into<String>,
    ) -> Finding<'_> {
        self.add(RawPlace::item(fact, field, item), message.into())
    }

    /// A subject that the rule cannot judge, and what is not known.
    pub fn unknown(&mut self, subject: Loc, reason: impl Into<String>) {
        self.unknowns.push(RawUnknown { subject, reason: reason.into() });
    }

    /// The rule cannot judge this document at all. It makes the run incomplete: a fault of the rule or
    /// of its parameters, not of the document. Only the first one counts, and nothing else then does.
    pub fn error(&mut self, reason: impl Into<String>) {
        self.error.get_or_insert(reason.into());
    }

    fn add(&mut self, place: RawPlace, message: String) -> Finding<'_> {
        let finding =
            RawFinding { place, message, subject: None, level: None, related: Vec::new() };

        let index = self.findings.len();
        self.findings.push(finding);
        Finding(&mut self.findings[index])
    }

    pub(super) fn finish(self) -> Result<Verdict, String> {
        match self.error {
            Some(reason) => Err(reason),
            None => Ok(Verdict { findings: self.findings, unknowns: self.unknowns }),
        }
    }
}

/// A finding that was just made, to say more about it.
#[derive(Debug)]
pub struct Finding<'f>(&'f mut RawFinding);

impl Finding<'_> {
    /// It has the severity of one of the levels that the rule declares.
    pub fn level(self, name: impl Into<String>) -> Self {
        self.0.level = Some(name.into());
        self
    }

    /// It is about a subject that does not contain its place.
    pub fn of(self, subject: Loc) -> Self {
        self.0.subject = Some(subject);
        self
    }

    /// Another object of the facts that helps to understand it.
    pub fn related(self, fact: Loc, message: impl Into<String>) -> Self {
        self.related_place(RawPlace::object(fact), message.into())
    }

    /// One field of another object that helps to understand it.
    pub fn related_field(
        self,
        fact: Loc,
        field: impl Into<String>,
        message: impl Into<String>,
    ) -> Self {
        self.related_place(RawPlace::field(fact, field), message.into())
    }

    fn related_place(self, place: RawPlace, message: String) -> Self {
        self.0.related.push(RawRelated { place, message });
        self
    }
}

/// What a rule said of a document, in the order in which it said it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Verdict {
    /// The faults.
    pub findings: Vec<RawFinding>,
    /// The subjects that could not be judged.
    pub unknowns: Vec<RawUnknown>,
}

impl Verdict {
    /// The messages of the faults, which is what most tests want to see.
    #[must_use]
    pub fn messages(&self) -> Vec<&str> {
        self.findings.iter().map(|finding| finding.message.as_str()).collect()
    }
}
