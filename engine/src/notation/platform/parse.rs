//! Reading platforms and the names that parts of them go by.

use std::fmt;

use super::Platform;

/// Why a text is not a platform.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum PlatformError {
    /// `*` outside a selector.
    Wildcard,
    /// The first part, given here, is not `os[(version+feature…)]`.
    Os(String),
    /// A later part, given here, has characters that none may have.
    Component(String),
    /// A version or feature, given here, has a malformed percent encoding.
    Encoding(String),
    /// A single part, given here, that is neither a known operating system nor architecture.
    Unknown(String),
    /// More than three parts.
    TooManyComponents,
}

impl fmt::Display for PlatformError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            PlatformError::Wildcard => f.write_str("a platform cannot contain `*`"),
            PlatformError::Os(part) => write!(f, "`{part}` is not an operating system"),
            PlatformError::Component(part) => {
                write!(f, "`{part}` is not an architecture or a variant")
            }
            PlatformError::Encoding(part) => write!(f, "`{part}` is not percent-encoded"),
            PlatformError::Unknown(part) => {
                write!(f, "`{part}` is neither an operating system nor an architecture")
            }
            PlatformError::TooManyComponents => {
                f.write_str("a platform has at most three parts, os/architecture/variant")
            }
        }
    }
}

impl std::error::Error for PlatformError {}

/// Parses a platform in which `*` may be a part.
pub(super) fn parse(text: &str, default: &Platform) -> Result<Platform, PlatformError> {
    let mut parts = text.split('/');
    let first = parts.next().unwrap_or_default();
    let (architecture, variant) = (parts.next(), parts.next());
    let mut platform = parse_os(first)?;
    for part in [architecture, variant].into_iter().flatten() {
        let word = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'.' | b'-');
        if part != "*" && (part.is_empty() || !part.bytes().all(word)) {
            return Err(PlatformError::Component(part.to_owned()));
        }
    }
    if parts.next().is_some() {
        return Err(PlatformError::TooManyComponents);
    }
    match (architecture, variant) {
        (None, _) => complete(&mut platform, first, default)?,
        (Some(architecture), None) => {
            (platform.architecture, platform.variant) = without_usual_arm(architecture);
        }
        (Some(architecture), Some(variant)) => {
            let (architecture, variant) = normalize_architecture(architecture, Some(variant));
            // A variant that was written stays written.
            let usual = (architecture == "arm64").then(|| "v8".to_owned());
            platform.variant = variant.or(usual);
            platform.architecture = architecture;
        }
    }
    Ok(platform)
}

/// Fills in what a platform of one part does not say.
fn complete(platform: &mut Platform, text: &str, default: &Platform) -> Result<(), PlatformError> {
    if platform.os == "*" {
        "*".clone_into(&mut platform.architecture);
        return Ok(());
    }
    if is_known_os(&platform.os) {
        platform.architecture.clone_from(&default.architecture);
        if default.architecture == "arm" {
            platform.variant = default.variant.clone().filter(|variant| variant != "v7");
        }
        return Ok(());
    }
    let (architecture, variant) = without_usual_arm(text);
    if !is_known_architecture(&architecture) {
        return Err(PlatformError::Unknown(text.to_owned()));
    }
    *platform = Platform { variant, ..Platform::new(&default.os, &architecture) };
    Ok(())
}

/// An architecture alone: 32-bit ARM without a variant stays without.
fn without_usual_arm(architecture: &str) -> (String, Option<String>) {
    let (architecture, variant) = normalize_architecture(architecture, None);
    let variant = variant.filter(|variant| architecture != "arm" || variant != "v7");
    (architecture, variant)
}

/// `os[(version+feature…)]`.
fn parse_os(text: &str) -> Result<Platform, PlatformError> {
    if text == "*" {
        return Ok(Platform::new("*", ""));
    }
    let fail = || PlatformError::Os(text.to_owned());
    let (os, options) = match text.split_once('(') {
        Some((os, options)) => (os, Some(options.strip_suffix(')').ok_or_else(fail)?)),
        None => (text, None),
    };
    let name = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
    let value = |byte: u8| name(byte) || matches!(byte, b'.' | b'%');
    if os.is_empty() || !os.bytes().all(name) {
        return Err(fail());
    }
    let mut platform = Platform::new(&normalize_os(os), "");
    let mut options = options.unwrap_or_default().split('+');
    let version = options.next().unwrap_or_default();
    if !version.bytes().all(value) {
        return Err(fail());
    }
    platform.os_version = Some(decode_option(version)?).filter(|version| !version.is_empty());
    for feature in options {
        if !feature.bytes().all(value) {
            return Err(fail());
        }
        platform.os_features.push(decode_option(feature)?);
    }
    Ok(platform)
}

pub(super) fn normalize_os(os: &str) -> String {
    match os.to_lowercase() {
        os if os == "macos" => "darwin".to_owned(),
        os => os,
    }
}

pub(super) fn normalize_architecture(
    architecture: &str,
    variant: Option<&str>,
) -> (String, Option<String>) {
    let architecture = architecture.to_lowercase();
    let variant = variant.map(str::to_lowercase).filter(|variant| !variant.is_empty());
    let (architecture, variant) = match (architecture.as_str(), variant.as_deref()) {
        ("i386", _) => ("386", None),
        ("x86_64" | "x86-64" | "amd64", Some("v1")) => ("amd64", None),
        ("x86_64" | "x86-64" | "amd64", variant) => ("amd64", variant),
        ("aarch64" | "arm64", Some("8" | "v8")) => ("arm64", None),
        ("aarch64" | "arm64", variant) => ("arm64", variant),
        ("armhf", _) | ("arm", None | Some("7")) => ("arm", Some("v7")),
        ("armel", _) | ("arm", Some("6")) => ("arm", Some("v6")),
        ("arm", Some("5")) => ("arm", Some("v5")),
        ("arm", Some("8")) => ("arm", Some("v8")),
        (architecture, variant) => (architecture, variant),
    };
    (architecture.to_owned(), variant.map(str::to_owned))
}

/// Writes a version or feature so that it can be read back.
pub(super) fn encode_option(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '%' => encoded.push_str("%25"),
            '+' => encoded.push_str("%2B"),
            '(' => encoded.push_str("%28"),
            ')' => encoded.push_str("%29"),
            '/' => encoded.push_str("%2F"),
            character => encoded.push(character),
        }
    }
    encoded
}

fn decode_option(text: &str) -> Result<String, PlatformError> {
    crate::notation::percent::decode(text).ok_or_else(|| PlatformError::Encoding(text.to_owned()))
}

/// The operating systems that Go knows, as containerd lists them.
fn is_known_os(os: &str) -> bool {
    matches!(
        os,
        "aix"
            | "android"
            | "darwin"
            | "dragonfly"
            | "freebsd"
            | "hurd"
            | "illumos"
            | "ios"
            | "js"
            | "linux"
            | "nacl"
            | "netbsd"
            | "openbsd"
            | "plan9"
            | "solaris"
            | "windows"
            | "zos"
    )
}

/// The architectures that Go knows, as containerd lists them.
fn is_known_architecture(architecture: &str) -> bool {
    matches!(
        architecture,
        "386"
            | "amd64"
            | "amd64p32"
            | "arm"
            | "armbe"
            | "arm64"
            | "arm64be"
            | "ppc64"
            | "ppc64le"
            | "loong64"
            | "mips"
            | "mipsle"
            | "mips64"
            | "mips64le"
            | "mips64p32"
            | "mips64p32le"
            | "ppc"
            | "riscv"
            | "riscv64"
            | "s390"
            | "s390x"
            | "sparc"
            | "sparc64"
            | "wasm"
    )
}
