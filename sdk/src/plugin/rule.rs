//! What a rule of a plugin declares, as constants: [`Rule`] and [`Param`].

use serde_json::Value;

use crate::Severity;
use crate::rule::{ParamMeta, RuleMeta};

/// What a rule declares about itself; a constant that becomes a [`RuleMeta`].
///
/// `description`, `kinds`, `subjects`, `profiles` and `remedy` are required: a rule without them does not
/// compile in [`export!`](crate::export).
///
/// ```
/// use plimsoll_sdk::{Param, Rule, Severity};
///
/// const RULE: Rule = Rule::new("image/missing-owner", "Image has no owner", Severity::Medium)
///     .description("Looks for a label that says who looks after the image.")
///     .remedy("Set the label `com.acme.owner`.")
///     .kinds(&["dockerfile", "image"])
///     .subjects(&["image"])
///     .profiles(&["baseline", "strict"])
///     .params(&[Param::string("label", "com.acme.owner", "The label that has to be there.")]);
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Rule {
    id: &'static str,
    title: &'static str,
    description: &'static str,
    severity: Severity,
    levels: &'static [(&'static str, Severity)],
    kinds: &'static [&'static str],
    subjects: &'static [&'static str],
    profiles: &'static [&'static str],
    needs: &'static [&'static str],
    checklist: &'static [&'static str],
    cis: &'static [&'static str],
    nist: &'static [&'static str],
    equivalents: &'static [(&'static str, &'static [&'static str])],
    remedy: &'static str,
    references: &'static [&'static str],
    params: &'static [Param],
    since: Option<&'static str>,
    raw: bool,
}

impl Rule {
    /// A rule. `id` is `area/name` and names the fault; the plugin's name comes in front of it by
    /// itself. `title` is the fault in a few words, `severity` how bad it is.
    #[must_use]
    pub const fn new(id: &'static str, title: &'static str, severity: Severity) -> Self {
        Rule {
            id,
            title,
            description: "",
            severity,
            levels: &[],
            kinds: &[],
            subjects: &[],
            profiles: &[],
            needs: &[],
            checklist: &[],
            cis: &[],
            nist: &[],
            equivalents: &[],
            remedy: "",
            references: &[],
            params: &[],
            since: None,
            raw: false,
        }
    }

    /// What it looks for, in a sentence or two.
    #[must_use]
    pub const fn description(mut self, text: &'static str) -> Self {
        self.description = text;
        self
    }

    /// What to do about a finding: one imperative sentence.
    #[must_use]
    pub const fn remedy(mut self, text: &'static str) -> Self {
        self.remedy = text;
        self
    }

    /// Kinds of documents it applies to: `dockerfile`, `compose`, `image`, `container` …
    #[must_use]
    pub const fn kinds(mut self, words: &'static [&'static str]) -> Self {
        self.kinds = words;
        self
    }

    /// What it judges: `image`, `build`, `container`, `reference` …
    #[must_use]
    pub const fn subjects(mut self, words: &'static [&'static str]) -> Self {
        self.subjects = words;
        self
    }

    /// Profiles in which it is on: `baseline`, `cis`, `strict`, `lint`.
    #[must_use]
    pub const fn profiles(mut self, words: &'static [&'static str]) -> Self {
        self.profiles = words;
        self
    }

    /// Dotted paths below the subject without which the verdict is unknown.
    #[must_use]
    pub const fn needs(mut self, paths: &'static [&'static str]) -> Self {
        self.needs = paths;
        self
    }

    /// Named severities, for findings that differ in weight.
    #[must_use]
    pub const fn levels(mut self, levels: &'static [(&'static str, Severity)]) -> Self {
        self.levels = levels;
        self
    }

    /// Its parameters.
    #[must_use]
    pub const fn params(mut self, params: &'static [Param]) -> Self {
        self.params = params;
        self
    }

    /// Where to read more: URLs.
    #[must_use]
    pub const fn references(mut self, urls: &'static [&'static str]) -> Self {
        self.references = urls;
        self
    }

    /// Lines of the container security checklist that it serves.
    #[must_use]
    pub const fn checklist(mut self, codes: &'static [&'static str]) -> Self {
        self.checklist = codes;
        self
    }

    /// Numbers of the CIS Docker Benchmark v1.6.
    #[must_use]
    pub const fn cis(mut self, numbers: &'static [&'static str]) -> Self {
        self.cis = numbers;
        self
    }

    /// Sections of NIST SP 800-190.
    #[must_use]
    pub const fn nist(mut self, sections: &'static [&'static str]) -> Self {
        self.nist = sections;
        self
    }

    /// Other tools' ids of the same check, by tool.
    #[must_use]
    pub const fn equivalents(
        mut self,
        tools: &'static [(&'static str, &'static [&'static str])],
    ) -> Self {
        self.equivalents = tools;
        self
    }

    /// The version of the plugin that first had it.
    #[must_use]
    pub const fn since(mut self, version: &'static str) -> Self {
        self.since = Some(version);
        self
    }

    /// It wants the parsed source, too: see [`Check::check_raw`](crate::Check::check_raw). No host gives it
    /// yet: this one refuses a plugin that asks for it.
    #[must_use]
    pub const fn raw(mut self) -> Self {
        self.raw = true;
        self
    }

    /// The same rule; a compile error in a constant when something required is missing.
    ///
    /// # Panics
    ///
    /// When it is: which is meant to happen while the plugin is compiled.
    #[must_use]
    pub(super) const fn complete(self) -> Self {
        assert!(!self.id.is_empty(), "a rule has an id, `area/name`");
        assert!(!self.title.is_empty(), "a rule has a title");
        assert!(!self.description.is_empty(), "a rule needs `.description(…)`");
        assert!(!self.remedy.is_empty(), "a rule needs `.remedy(…)`");
        assert!(!self.kinds.is_empty(), "a rule needs `.kinds(&[…])`");
        assert!(!self.subjects.is_empty(), "a rule needs `.subjects(&[…])`");
        assert!(!self.profiles.is_empty(), "a rule needs `.profiles(&[…])`");
        self
    }

    pub(super) fn wants_raw(&self) -> bool {
        self.raw
    }

    /// Its id in a plugin.
    #[must_use]
    pub fn id(&self, plugin: &str) -> String {
        format!("{plugin}/{}", self.id)
    }

    /// The parameters at their defaults, as a JSON object.
    #[must_use]
    pub fn defaults(&self) -> Value {
        self.params.iter().map(|param| (param.name.to_owned(), param.default.json())).collect()
    }

    /// The metadata in a plugin.
    #[must_use]
    pub fn meta(&self, plugin: &str) -> RuleMeta {
        let owned = |words: &[&str]| words.iter().map(|&word| word.to_owned()).collect();
        RuleMeta {
            id: self.id(plugin),
            title: self.title.to_owned(),
            description: self.description.to_owned(),
            severity: self.severity,
            levels: self.levels.iter().map(|&(name, level)| (name.to_owned(), level)).collect(),
            kinds: owned(self.kinds),
            subjects: owned(self.subjects),
            profiles: owned(self.profiles),
            needs: owned(self.needs),
            checklist: owned(self.checklist),
            cis: owned(self.cis),
            nist: owned(self.nist),
            equivalents: (self.equivalents.iter())
                .map(|&(tool, ids)| (tool.to_owned(), owned(ids)))
                .collect(),
            remedy: self.remedy.to_owned(),
            references: owned(self.references),
            params: (self.params.iter())
                .map(|param| (param.name.to_owned(), param.meta()))
                .collect(),
            since: self.since.map(str::to_owned),
            raw: self.raw,
        }
    }
}

/// A parameter of a rule: its name, its type, its value without configuration, and what it means.
///
/// The name has lower-case letters, digits and underscores.
#[derive(Clone, Copy, Debug)]
pub struct Param {
    name: &'static str,
    default: Literal,
    allowed: &'static [&'static str],
    description: &'static str,
}

/// A value that can stand in a constant, one variant for each type of parameters.
#[derive(Clone, Copy, Debug)]
enum Literal {
    Boolean(bool),
    Integer(i64),
    Number(f64),
    String(&'static str),
    Strings(&'static [&'static str]),
    Integers(&'static [i64]),
    Map(&'static [(&'static str, &'static str)]),
}

impl Param {
    const fn new(name: &'static str, default: Literal, description: &'static str) -> Self {
        Param { name, default, allowed: &[], description }
    }

    /// `true` or `false`.
    #[must_use]
    pub const fn boolean(name: &'static str, default: bool, description: &'static str) -> Self {
        Param::new(name, Literal::Boolean(default), description)
    }

    /// A whole number.
    #[must_use]
    pub const fn integer(name: &'static str, default: i64, description: &'static str) -> Self {
        Param::new(name, Literal::Integer(default), description)
    }

    /// A finite number.
    #[must_use]
    pub const fn number(name: &'static str, default: f64, description: &'static str) -> Self {
        Param::new(name, Literal::Number(default), description)
    }

    /// A text.
    #[must_use]
    pub const fn string(
        name: &'static str,
        default: &'static str,
        description: &'static str,
    ) -> Self {
        Param::new(name, Literal::String(default), description)
    }

    /// One of a few texts.
    #[must_use]
    pub const fn choice(
        name: &'static str,
        default: &'static str,
        allowed: &'static [&'static str],
        description: &'static str,
    ) -> Self {
        Param { name, default: Literal::String(default), allowed, description }
    }

    /// A list of texts.
    #[must_use]
    pub const fn strings(
        name: &'static str,
        default: &'static [&'static str],
        description: &'static str,
    ) -> Self {
        Param::new(name, Literal::Strings(default), description)
    }

    /// A list of whole numbers.
    #[must_use]
    pub const fn integers(
        name: &'static str,
        default: &'static [i64],
        description: &'static str,
    ) -> Self {
        Param::new(name, Literal::Integers(default), description)
    }

    /// Texts by name.
    #[must_use]
    pub const fn map(
        name: &'static str,
        default: &'static [(&'static str, &'static str)],
        description: &'static str,
    ) -> Self {
        Param::new(name, Literal::Map(default), description)
    }

    fn meta(&self) -> ParamMeta {
        let allowed: Vec<Value> = self.allowed.iter().map(|&word| word.into()).collect();
        ParamMeta {
            ty: self.default.ty().to_owned(),
            default: self.default.json(),
            description: self.description.to_owned(),
            allowed: (!allowed.is_empty()).then_some(allowed),
        }
    }
}

impl Literal {
    fn ty(&self) -> &'static str {
        match self {
            Literal::Boolean(_) => "boolean",
            Literal::Integer(_) => "integer",
            Literal::Number(_) => "number",
            Literal::String(_) => "string",
            Literal::Strings(_) => "list<string>",
            Literal::Integers(_) => "list<integer>",
            Literal::Map(_) => "map<string>",
        }
    }

    fn json(&self) -> Value {
        match *self {
            Literal::Boolean(value) => value.into(),
            Literal::Integer(value) => value.into(),
            Literal::Number(value) => value.into(),
            Literal::String(value) => value.into(),
            Literal::Strings(items) => items.iter().copied().collect(),
            Literal::Integers(items) => items.iter().copied().collect(),
            Literal::Map(pairs) => {
                pairs.iter().map(|&(name, value)| (name, Value::from(value))).collect()
            }
        }
    }
}
