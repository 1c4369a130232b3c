//! A plugin of Plimsoll: images have an owner who can be written to.

use plimsoll_sdk::facts::Image;
use plimsoll_sdk::pattern::matches_any;
use plimsoll_sdk::{Check, Facts, Findings, Param, Params, Rule, Severity};

plimsoll_sdk::export!(MissingOwner);

/// Images whose label does not have the address of an owner.
pub struct MissingOwner {
    label: String,
    domains: Vec<String>,
}

impl Check for MissingOwner {
    const RULE: Rule = Rule::new(
        "image/missing-owner",
        "Image has no owner",
        Severity::Medium,
    )
    .description("Looks for a label with the mail address of those who look after the image.")
    .remedy("Set the label in the Dockerfile: `LABEL org.opencontainers.image.authors=team@…`.")
    .kinds(&["dockerfile", "image"])
    .subjects(&["image"])
    .profiles(&["baseline", "strict"])
    .needs(&["config.labels"])
    .params(&[
        Param::string(
            "label",
            "org.opencontainers.image.authors",
            "The label with the address.",
        ),
        Param::strings(
            "domains",
            &["*"],
            "What may stand behind the `@`, as patterns.",
        ),
    ]);

    fn new(params: &Params) -> Self {
        MissingOwner {
            label: params.string("label"),
            domains: params.strings("domains"),
        }
    }

    fn check(&self, facts: &Facts, findings: &mut Findings) {
        for image in &facts.images {
            self.judge(image, findings);
        }
    }
}

impl MissingOwner {
    fn judge(&self, image: &Image, findings: &mut Findings) {
        let (config, key) = (&image.config, &self.label);
        let Some(label) = config.labels.iter().find(|l| l.key.as_ref() == Some(key)) else {
            // Of some images not all labels are known. Then this rule is silent, and because it
            // `needs` them, the verdict is unknown.
            if !config.incomplete.iter().any(|field| field == "labels") {
                let message = format!("label `{key}` is missing");
                findings.at_field(config.loc, "labels", message);
            }
            return;
        };
        match &label.value {
            Some(value) if self.is_address(value) => {}
            Some(value) => {
                let message = format!("`{value}` is no address of an owner");
                findings.at_field(label.loc, "value", message);
            }
            None => {
                let reason = format!("the value of label `{key}` is not known");
                findings.unknown(image.loc, reason);
            }
        }
    }

    /// `team@example.com`, or `The Team <team@example.com>`.
    fn is_address(&self, value: &str) -> bool {
        let address = match value.rsplit_once('<') {
            Some((_, rest)) => rest.strip_suffix('>'),
            None => Some(value),
        };
        let parts = address.and_then(|address| address.trim().split_once('@'));
        parts.is_some_and(|(name, domain)| {
            let is_word = |text: &str| !text.is_empty() && !text.contains([' ', '@', ',']);
            is_word(name) && is_word(domain) && matches_any(&self.domains, domain)
        })
    }
}

#[cfg(test)]
mod tests;
