//! Every case on every page of the default bundle, run for real.
//!
//! `PLIMSOLL_BLESS=1` writes the outcomes back into the pages; read them before you commit.

use plimsoll_engine::policy_test::Runner;
use plimsoll_tests::pages::Pages;

#[test]
fn every_page_says_what_the_rule_does() {
    let bundle = plimsoll_tests::checklist();
    let folder = plimsoll_tests::repository().join("policies/checklist");
    let mut pages = Pages::default();
    for rule in bundle.rules() {
        if !pages.wants(rule.id()) {
            continue;
        }
        let mut runner = Runner::new(vec![plimsoll_tests::alone(&bundle, rule.path())]);
        let file = folder.join(rule.path()).with_extension("md");
        pages.run(rule.meta(), rule.page(), &file, &["fail", "pass"], &mut runner);
    }
    pages.finish();
}
