//! The example plugins in the real host: what their pages say, what they say of everything that there
//! are documents of, and that it is always the same.
#![allow(clippy::print_stdout)]

mod documents;
mod pages;
mod twin;

use std::sync::LazyLock;

use plimsoll_engine::{Plugin, PluginOptions};
use plimsoll_tests::plugins::{self, ExamplePlugin};

/// The example plugins that can be built here, each with what it was loaded as. What cannot be built
/// says so.
static EXAMPLES: LazyLock<Vec<(ExamplePlugin, Plugin)>> = LazyLock::new(|| {
    let built = plugins::built().unwrap_or_default().iter();
    let examples = built.chain(plugins::in_c());
    examples.map(|example| (example.clone(), example.open(&PluginOptions::default()))).collect()
});

fn loaded() -> Vec<Plugin> {
    EXAMPLES.iter().map(|(_, plugin)| plugin.clone()).collect()
}
