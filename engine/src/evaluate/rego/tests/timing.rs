//! Rough figures, by hand: `cargo test --release -p plimsoll-engine timing -- --ignored --nocapture`.

use std::time::Instant;

use super::super::{restore, store};
use super::*;

fn rules(number: usize) -> Vec<(String, String)> {
    (0..number)
        .map(|i| {
            let body = format!(
                r#"installs contains cmd if {{
	some run in input.build.runs
	run.shipped == true
	some cmd in run.commands
	cmd.name == "apt-get"
	"install" in cmd.args
}}

deny contains finding.at_field(cmd, "args", sprintf("%s {i}: `%s` is asked for", [cmd.name, arg])) if {{
	some cmd in installs
	some arg in cmd.args
	arg in input.params["image/rule-{i}"].names
}}

deny contains finding.at(ref, sprintf("`%s` has no tag", [ref.raw])) if {{
	some ref in input.references
	ref.shipped == true
	ref.kind == "image"
	ref.tag == "latest"
	ref.digest == null
}}

unknown contains finding.unknown(img, "the base is not known") if {{
	some img in input.images
	img.base.evidence == "unknown"
}}"#
            );
            let custom = "checklist: [S1:1-2, V4]\ncis: [\"5.5\"]\nequivalents: {kics: [a_b, c_d]}\n\
                params:\n  names:\n    type: list<string>\n    default: [NAME, wget, vim]\n    \
                description: Packages that are not wanted.";
            // One rule in ten finds something, as is usual.
            let custom = custom.replace("NAME", if i % 10 == 0 { "curl" } else { "nano" });
            rule(&format!("image/rule-{i}"), &custom, &body)
        })
        .collect()
}

fn time<T>(what: &str, rounds: u32, mut run: impl FnMut() -> T) -> T {
    let mut result = run();
    let mut best = std::time::Duration::MAX;
    for _ in 0..rounds {
        let start = Instant::now();
        result = run();
        best = best.min(start.elapsed());
    }
    println!("{what}: {best:?}");
    result
}

#[test]
#[ignore = "figures for people"]
fn timing() {
    for number in [40, 170] {
        println!("-- {number} rules");
        let files: Vec<(&'static str, &'static str)> = rules(number)
            .into_iter()
            .flat_map(|(path, text)| {
                let page = path.replace(".rego", ".md");
                [(path, text), (page, "# Page\n\nLong text.\n".repeat(200))]
            })
            .map(|(path, text)| (&*path.leak(), &*text.leak()))
            .collect();
        let files: &'static [(&'static str, &'static str)] = files.leak();
        let embedded = || Bundle::embedded("checklist", files, &VOCABULARY).expect("a bundle");
        let bundle = time("read the bundle", 5, embedded);
        let evaluator = time("check and compile it", 5, || loaded(&bundle));
        let stored: &'static [u8] = time("store it", 2, || store(&bundle).expect("stored")).leak();
        println!("stored: {} bytes", stored.len());
        let restored =
            time("restore the bundle", 300, || restore("checklist", files, stored).expect("x"));
        time("load the restored bundle", 300, || loaded(&restored));
        let facts = facts_with(12);
        let json = serde_json::to_string(&facts).expect("json");
        println!("facts: {} bytes", json.len());
        let mut converter = super::super::value::Converter::default();
        time("convert facts directly", 200, || converter.convert(&facts).expect("a value"));
        time("convert facts through JSON values", 200, || {
            regorus::Value::from(serde_json::to_value(&facts).expect("json"))
        });
        time("convert facts through text", 200, || {
            regorus::Value::from_json_str(&serde_json::to_string(&facts).expect("json"))
        })
        .expect("a value");
        let wanted: Vec<usize> = (0..number).collect();
        let mut session = evaluator.session();
        time("evaluate, bytecode", 300, || session.check(&facts, &wanted));
        time("first session, bytecode", 300, || evaluator.session().check(&facts, &wanted));
        drop(session);
        let evaluator = evaluator.interpreted();
        let mut session = evaluator.session();
        time("evaluate, interpreter", 200, || session.check(&facts, &wanted));
    }
}
