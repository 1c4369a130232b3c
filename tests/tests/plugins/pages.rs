//! Every case on every page beside a plugin.
//!
//! `PLIMSOLL_BLESS=1` writes the outcomes back into the pages; read them before you commit.

use plimsoll_engine::policy_test::Runner;
use plimsoll_tests::pages::Pages;

use super::EXAMPLES;

/// Rules that no page can show a fault of, with the verdicts that it does show. The packages of an image
/// stand in its layers, which are no text; the tests of the plugin have them.
const OTHERS: &[(&str, &[&str])] = &[("licences/image/forbidden-licence", &["unknown"])];

#[test]
fn every_page_says_what_the_rule_does() {
    if EXAMPLES.is_empty() {
        return;
    }
    let mut pages = Pages::default();
    for (example, plugin) in &*EXAMPLES {
        let mut runner = Runner::new(Vec::new()).with_plugins(vec![plugin.clone()]);
        for (at, rule) in plugin.rules().iter().enumerate() {
            if !pages.wants(&rule.id) {
                continue;
            }
            let (page, file) = (plugin.page(at).expect("a page"), example.page(&rule.id));
            assert!(file.is_file(), "{} has no page", rule.id);
            let other = OTHERS.iter().find(|(id, _)| *id == rule.id);
            let verdicts = other.map_or(&["fail", "pass"][..], |(_, verdicts)| verdicts);
            pages.run(rule, page, &file, verdicts, &mut runner);
        }
    }
    pages.finish();
}
