//! Platforms such as `linux/arm64/v8`, as [containerd/platforms] parses and compares them.
//!
//! Owns the text form, its normalisation and the matchers. Where containerd takes the missing part
//! from the host, the caller says which platform to assume; the machine is never asked.
//!
//! [containerd/platforms]: https://github.com/containerd/platforms

mod compare;
mod parse;

use std::fmt;

pub use compare::{Matcher, OsMatcher};
pub use parse::PlatformError;

/// A platform, or a pattern of one in [`Platform::parse_selector`].
///
/// Absent parts are unknown, or, for an architecture that has variants, the usual one.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Platform {
    /// Operating system in Go's terms, such as `linux`.
    pub os: String,
    /// Architecture in Go's terms, such as `amd64`.
    pub architecture: String,
    /// Variant of the architecture, such as `v7`.
    pub variant: Option<String>,
    /// Version of the operating system, such as `10.0.17763`.
    pub os_version: Option<String>,
    /// Features that are required of the operating system, such as `win32k`.
    pub os_features: Vec<String>,
}

impl Platform {
    /// A platform without variant, version and features, as it is.
    #[must_use]
    pub fn new(os: &str, architecture: &str) -> Self {
        Platform { os: os.to_owned(), architecture: architecture.to_owned(), ..Self::default() }
    }

    /// Parses `os[(version+feature…)][/architecture[/variant]]` or an architecture alone, and
    /// normalises the parts. What is missing comes from `default`.
    ///
    /// # Errors
    ///
    /// When a part has other characters than the grammar allows, there are too many, or a single
    /// one is neither a known operating system nor a known architecture. `*` is refused.
    pub fn parse(text: &str, default: &Platform) -> Result<Self, PlatformError> {
        if text.contains('*') {
            return Err(PlatformError::Wildcard);
        }
        parse::parse(text, default)
    }

    /// Parses a platform in which `*` may stand for any operating system, architecture or variant.
    ///
    /// containerd specifies this and does not implement it yet.
    ///
    /// # Errors
    ///
    /// As [`Platform::parse`].
    pub fn parse_selector(text: &str, default: &Platform) -> Result<Self, PlatformError> {
        parse::parse(text, default)
    }

    /// The canonical form: `x86_64` is `amd64`, features are sorted and unique, the usual variant
    /// of `amd64` and `arm64` is left out and that of `arm` is written (`Normalize`).
    #[must_use]
    pub fn normalized(&self) -> Self {
        let (architecture, variant) =
            parse::normalize_architecture(&self.architecture, self.variant.as_deref());
        let mut os_features = self.os_features.clone();
        os_features.sort();
        os_features.dedup();
        Platform {
            os: parse::normalize_os(&self.os),
            architecture,
            variant,
            os_version: self.os_version.clone(),
            os_features,
        }
    }

    /// The text form without version and features (`Format`).
    #[must_use]
    pub fn short(&self) -> String {
        if self.os.is_empty() {
            return "unknown".to_owned();
        }
        self.join(&self.os)
    }

    fn join(&self, os: &str) -> String {
        [os, &self.architecture, self.variant.as_deref().unwrap_or_default()]
            .into_iter()
            .filter(|part| !part.is_empty())
            .collect::<Vec<_>>()
            .join("/")
    }
}

/// The text form with version and sorted features (`FormatAll`).
impl fmt::Display for Platform {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut options = parse::encode_option(self.os_version.as_deref().unwrap_or_default());
        let mut features: Vec<&String> = self.os_features.iter().collect();
        features.sort();
        for feature in features {
            options.push('+');
            options.push_str(&parse::encode_option(feature));
        }
        if options.is_empty() || self.os.is_empty() {
            return f.write_str(&self.short());
        }
        f.write_str(&self.join(&format!("{}({options})", self.os)))
    }
}

#[cfg(test)]
mod tests;
