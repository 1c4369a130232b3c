//! A plugin of Plimsoll: whether the licences of installed packages are what an organisation allows.
//!
//! What Rego does badly: a licence is an expression with operators and parentheses, which wants a parser.

mod expression;

use plimsoll_sdk::facts::{Image, InstalledPackage};
use plimsoll_sdk::pattern::matches_any;
use plimsoll_sdk::{Check, Facts, Findings, Param, Params, Rule, Severity};

use expression::{Expression, Licence, Standing};

plimsoll_sdk::export!(ForbiddenLicence);

/// Packages whose licence the policy denies, or does not allow.
pub struct ForbiddenLicence {
    allow: Vec<String>,
    deny: Vec<String>,
    ignored_packages: Vec<String>,
    unrecorded: String,
}

impl Check for ForbiddenLicence {
    const RULE: Rule = Rule::new(
        "image/forbidden-licence",
        "Package has a forbidden licence",
        Severity::Medium,
    )
    .description(
        "Reads the licences that the package databases of an image record, as expressions, and \
                 compares them with what the organisation allows and denies.",
    )
    .remedy("Replace the package, or have its licence reviewed and add it to `allow`.")
    .references(&[
        "https://spdx.github.io/spdx-spec/v3.0.1/annexes/spdx-license-expressions/",
        "https://spdx.org/licenses/",
    ])
    .kinds(&["image"])
    .subjects(&["image"])
    .profiles(&["baseline", "strict"])
    .needs(&["packages"])
    .levels(&[("denied", Severity::High), ("unlisted", Severity::Medium)])
    .params(&[
        Param::strings(
            "deny",
            &["AGPL-*", "BUSL-*", "CC-BY-NC-*", "Elastic-*", "SSPL-*"],
            "Licences that must not be used, as patterns. A pattern may name an exception: \
                     `GPL-2.0-* WITH *`.",
        ),
        Param::strings(
            "allow",
            &[],
            "Licences that may be used, as patterns; every one that is not denied, when it is \
                     empty. What is named here exactly may be used even when a pattern denies it.",
        ),
        Param::strings("ignored_packages", &[], "Packages that are not judged, as patterns."),
        Param::choice(
            "unrecorded",
            "ignore",
            &["ignore", "unknown"],
            "What is said of packages whose database records no licence, as that of dpkg.",
        ),
    ])
    .since("0.1.0");

    fn new(params: &Params) -> Self {
        ForbiddenLicence {
            allow: params.strings("allow"),
            deny: params.strings("deny"),
            ignored_packages: params.strings("ignored_packages"),
            unrecorded: params.string("unrecorded"),
        }
    }

    fn check(&self, facts: &Facts, findings: &mut Findings) {
        for image in &facts.images {
            let judged =
                |package: &&InstalledPackage| !matches_any(&self.ignored_packages, &package.name);
            let mut unrecorded = 0;
            for package in image.packages.iter().filter(judged) {
                match package.licence.value() {
                    Some(licence) => self.judge(image, package, licence, findings),
                    None => unrecorded += 1,
                }
            }
            if unrecorded > 0 && self.unrecorded == "unknown" {
                let reason = format!("the licences of {unrecorded} packages are not recorded");
                findings.unknown(image.loc, reason);
            }
        }
    }
}

impl ForbiddenLicence {
    fn judge(
        &self,
        image: &Image,
        package: &InstalledPackage,
        licence: &str,
        findings: &mut Findings,
    ) {
        let name = &package.name;
        let Some(expression) = Expression::parse(licence) else {
            let reason = format!("`{licence}`, the licence of package `{name}`, is no expression");
            return findings.unknown(image.loc, reason);
        };
        let (standing, due) = expression.judge(&|licence| self.standing(licence));
        let (level, verdict) = match standing {
            Standing::Allowed => return,
            Standing::Unlisted => ("unlisted", "which nobody has allowed"),
            Standing::Denied => ("denied", "which must not be used"),
        };
        let due: Vec<String> = due.iter().map(|licence| format!("`{licence}`")).collect();
        let message = format!("package `{name}` is under {}, {verdict}", due.join(" and "));
        findings.at_field(package.loc, "licence", message).of(image.loc).level(level);
    }

    /// An exception only ever permits more, so a licence with one stands no worse than without; but a
    /// pattern that names it decides.
    fn standing(&self, licence: &Licence) -> Standing {
        let whole = licence.to_string();
        let exactly = |text: &str| self.allow.iter().any(|allowed| allowed == text);
        let listed = |list: &[String], text: &str| matches_any(list, text);
        if exactly(&whole) {
            Standing::Allowed
        } else if listed(&self.deny, &whole) {
            Standing::Denied
        } else if listed(&self.allow, &whole) {
            Standing::Allowed
        } else if licence.exception.is_some() {
            self.standing(&Licence { id: licence.id.clone(), exception: None })
        } else if self.allow.is_empty() {
            Standing::Allowed
        } else {
            Standing::Unlisted
        }
    }
}

#[cfg(test)]
mod tests;
