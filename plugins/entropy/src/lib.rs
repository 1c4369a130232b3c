//! A plugin of Plimsoll: credentials in RUN that no pattern knows, because they look like noise.
//!
//! What Rego does badly: logarithms, and counting every character of every word.

mod candidates;
mod entropy;

use plimsoll_sdk::facts::Run;
use plimsoll_sdk::pattern::matches_any;
use plimsoll_sdk::{Check, Facts, Findings, Loc, Param, Params, Rule, Severity};

use candidates::candidates;
use entropy::{changes, entropy};

plimsoll_sdk::export!(RandomArgument);

/// The least share of neighbours of different classes: below it are names in CamelCase.
const LEAST_CHANGES: f64 = 0.25;

/// Words of commands that look like noise.
pub struct RandomArgument {
    min_length: i64,
    min_entropy: f64,
    hexadecimal: bool,
    ignored_commands: Vec<String>,
    ignored_values: Vec<String>,
}

impl Check for RandomArgument {
    const RULE: Rule = Rule::new(
        "secret/random-argument",
        "RUN has a random string",
        Severity::Medium,
    )
    .description(
        "Looks for words of commands that are as random as generated credentials are. Whatever \
             stands in a RUN can be read in the history of the image.",
    )
    .remedy("Give the credential to the build with `RUN --mount=type=secret`.")
    .references(&["https://docs.docker.com/build/building/secrets/"])
    .kinds(&["dockerfile"])
    .subjects(&["build"])
    .profiles(&["strict"])
    .params(&[
        Param::integer("min_length", 20, "The least length of what is looked at, in characters."),
        Param::number(
            "min_entropy",
            3.7,
            "The least entropy, in bits for each character: at most 4.3 for 20 characters, 4.7 for \
                 26.",
        ),
        Param::boolean(
            "hexadecimal",
            false,
            "Whether hexadecimal strings count, too: most of them are checksums and commits.",
        ),
        Param::strings(
            "ignored_commands",
            &[
                "apt-key",
                "cosign",
                "gpg",
                "gpg2",
                "gpgv",
                "md5sum",
                "sha1sum",
                "sha256sum",
                "sha512sum",
            ],
            "Commands whose words are not looked at, as patterns.",
        ),
        Param::strings("ignored_values", &[], "What is not looked at, as patterns."),
    ])
    .since("0.1.0");

    fn new(params: &Params) -> Self {
        RandomArgument {
            min_length: params.integer("min_length"),
            min_entropy: params.number("min_entropy"),
            hexadecimal: params.boolean("hexadecimal"),
            ignored_commands: params.strings("ignored_commands"),
            ignored_values: params.strings("ignored_values"),
        }
    }

    fn check(&self, facts: &Facts, findings: &mut Findings) {
        let Some(build) = &facts.build else { return };
        for run in &build.runs {
            self.judge(run, findings);
            if run.incomplete.iter().any(|list| list == "commands") {
                findings.unknown(build.loc, "not all commands of a RUN could be read");
            }
        }
    }
}

impl RandomArgument {
    fn judge(&self, run: &Run, findings: &mut Findings) {
        for command in &run.commands {
            let name = command.name.value().map_or("", String::as_str);
            for assignment in &command.assignments {
                let what = format!("the value of `{}`", assignment.name);
                self.word(&assignment.value, &what, findings, assignment.loc, "value", None);
            }
            if matches_any(&self.ignored_commands, name) {
                continue;
            }
            for (index, word) in command.args.iter().enumerate() {
                let what = format!("an argument of `{name}`");
                let item = u32::try_from(index).ok();
                self.word(word, &what, findings, command.loc, "args", item);
            }
        }
    }

    /// The message never shows what was found.
    fn word(
        &self,
        word: &str,
        what: &str,
        findings: &mut Findings,
        loc: Loc,
        field: &str,
        item: Option<u32>,
    ) {
        let Some(bits) = candidates(word).into_iter().find_map(|part| self.noise(part)) else {
            return;
        };
        let message =
            format!("{what} looks like a credential: {bits:.1} bits of entropy per character");
        match item {
            Some(item) => findings.at_item(loc, field, item, message),
            None => findings.at_field(loc, field, message),
        };
    }

    /// The entropy of what is noise.
    fn noise(&self, part: &str) -> Option<f64> {
        let long = i64::try_from(part.len()).is_ok_and(|length| length >= self.min_length);
        if !long || matches_any(&self.ignored_values, part) {
            return None;
        }
        let bits = entropy(part);
        if part.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            // Sixteen characters have four bits at most.
            return (self.hexadecimal && bits >= self.min_entropy.min(3.0)).then_some(bits);
        }
        let has = |class: fn(&u8) -> bool| part.as_bytes().iter().any(class);
        let mixed = has(u8::is_ascii_digit) && has(u8::is_ascii_alphabetic);
        (mixed && bits >= self.min_entropy && changes(part) >= LEAST_CHANGES).then_some(bits)
    }
}

#[cfg(test)]
mod tests;
