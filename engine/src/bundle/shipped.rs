//! Rules as shipped, whatever they are written in.

use std::sync::Arc;

use plimsoll_sdk::rule::RuleMeta;

use super::{Bundle, RuleModule};
use crate::source::{Place, Source};

/// The rules of a bundle or of a plugin, as whoever configures and lists them sees them.
#[derive(Clone, Debug)]
pub struct Shipped {
    /// What ships them: `bundle` or `plugin`.
    pub what: &'static str,
    /// Its name, with which the ids of its rules begin.
    pub name: String,
    /// How the user knows it: "the bundle `x`", "the file `x.wasm`".
    pub file: String,
    /// The rules, sorted by id.
    pub rules: Vec<ShippedRule>,
}

/// A rule as shipped.
#[derive(Clone, Debug)]
pub struct ShippedRule {
    meta: Arc<RuleMeta>,
    text: Text,
}

#[derive(Clone, Debug)]
enum Text {
    Module(Box<RuleModule>),
    Page(Arc<Source>),
}

impl ShippedRule {
    /// A rule of which there is a page, and no text that it could be pointed at in.
    #[must_use]
    pub fn new(meta: Arc<RuleMeta>, page: Arc<Source>) -> Self {
        ShippedRule { meta, text: Text::Page(page) }
    }

    /// What the rule declares.
    #[must_use]
    pub fn meta(&self) -> &Arc<RuleMeta> {
        &self.meta
    }

    /// The rule's id.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.meta.id
    }

    /// Its page, in Markdown.
    #[must_use]
    pub fn page(&self) -> &Arc<Source> {
        match &self.text {
            Text::Module(module) => module.page(),
            Text::Page(page) => page,
        }
    }

    /// The place of a key of what it declares; `None` where that is no text.
    #[must_use]
    pub fn place(&self, key: &str) -> Option<Place> {
        match &self.text {
            Text::Module(module) => module.place(key),
            Text::Page(_) => None,
        }
    }
}

impl Bundle {
    /// Its rules, as those of a bundle.
    #[must_use]
    pub fn shipped(&self) -> Shipped {
        let rule = |module: &RuleModule| ShippedRule {
            meta: Arc::clone(module.meta()),
            text: Text::Module(Box::new(module.clone())),
        };
        let rules = self.rules().iter().map(rule).collect();
        let name = self.name().to_owned();
        Shipped { what: "bundle", file: format!("the bundle `{name}`"), name, rules }
    }
}
