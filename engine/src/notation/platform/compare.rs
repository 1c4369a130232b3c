//! Which platforms can stand in for which, and which of them is the better.

use std::cmp::Ordering;

use super::Platform;

/// How many steps down from a variant are considered. Real variants have below ten; the numbers in
/// a hostile one are not counted through.
const STEPS_LIMIT: u32 = 64;

/// Accepts platforms, in order of preference.
#[derive(Clone, Debug)]
pub struct Matcher {
    /// What is accepted, the most preferred first.
    accepted: Vec<Platform>,
    /// Whether all of them are equally good.
    equal: bool,
}

impl Matcher {
    /// Accepts what can run where `platform` can: older variants, `386` on `amd64`, `arm` on
    /// `arm64` (`Only`).
    #[must_use]
    pub fn only(platform: &Platform) -> Self {
        Matcher { accepted: runnable(&platform.normalized()), equal: false }
    }

    /// Accepts this platform under all its names (`OnlyStrict`).
    #[must_use]
    pub fn only_strict(platform: &Platform) -> Self {
        Self::ordered([platform.clone()])
    }

    /// Accepts these platforms, in this order of preference (`Ordered`).
    #[must_use]
    pub fn ordered(platforms: impl IntoIterator<Item = Platform>) -> Self {
        let accepted = platforms.into_iter().map(|platform| platform.normalized()).collect();
        Matcher { accepted, equal: false }
    }

    /// Accepts these platforms, without preference (`Any`).
    #[must_use]
    pub fn any(platforms: impl IntoIterator<Item = Platform>) -> Self {
        Matcher { equal: true, ..Self::ordered(platforms) }
    }

    /// Whether the platform is accepted. `*` in an accepted platform accepts everything.
    #[must_use]
    pub fn matches(&self, platform: &Platform) -> bool {
        let platform = platform.normalized();
        self.accepted.iter().any(|accepted| accepts(accepted, &platform))
    }

    /// Orders platforms, the preferred first; `Equal` means no preference. It can be given to a
    /// stable sort.
    #[must_use]
    pub fn compare(&self, left: &Platform, right: &Platform) -> Ordering {
        let (mut left, mut right) = (left.normalized(), right.normalized());
        loop {
            let rank = (self.rank(&left), self.rank(&right));
            if rank != (None, None) {
                // Of two that fit equally well, the one that asks for more features.
                return rank_order(rank).then(right.os_features.len().cmp(&left.os_features.len()));
            }
            if left.os_features.is_empty() && right.os_features.is_empty() {
                return Ordering::Equal;
            }
            left.os_features.clear();
            right.os_features.clear();
        }
    }

    fn rank(&self, platform: &Platform) -> Option<usize> {
        let rank = self.accepted.iter().position(|accepted| accepts(accepted, platform))?;
        Some(if self.equal { 0 } else { rank })
    }
}

/// Accepts every architecture of one operating system, version and set of features (`OnlyOS`).
#[derive(Clone, Debug)]
pub struct OsMatcher(Platform);

impl OsMatcher {
    /// For the operating system of this platform; its architecture is preferred.
    #[must_use]
    pub fn new(platform: &Platform) -> Self {
        OsMatcher(platform.normalized())
    }

    /// Whether the platform is accepted.
    #[must_use]
    pub fn matches(&self, platform: &Platform) -> bool {
        accepts_os(&self.0, &platform.normalized())
    }

    /// Orders platforms, the preferred first; `Equal` means no preference.
    #[must_use]
    pub fn compare(&self, left: &Platform, right: &Platform) -> Ordering {
        match (self.matches(left), self.matches(right)) {
            (true, true) => Matcher::only_strict(&self.0).compare(left, right),
            (true, false) => Ordering::Less,
            (false, true) => Ordering::Greater,
            (false, false) => Ordering::Equal,
        }
    }
}

fn rank_order((left, right): (Option<usize>, Option<usize>)) -> Ordering {
    left.unwrap_or(usize::MAX).cmp(&right.unwrap_or(usize::MAX))
}

/// Whether a normalised platform is the accepted one, which is normalised too.
fn accepts(accepted: &Platform, platform: &Platform) -> bool {
    if !accepts_os(accepted, platform) {
        return false;
    }
    if accepted.architecture == "*" {
        return true;
    }
    accepted.architecture == platform.architecture
        && (accepted.variant == platform.variant || accepted.variant.as_deref() == Some("*"))
}

fn accepts_os(accepted: &Platform, platform: &Platform) -> bool {
    if accepted.os != "*" && accepted.os != platform.os {
        return false;
    }
    let windows = accepted.os == "windows";
    if windows
        && !windows_version_fits(accepted.os_version.as_deref(), platform.os_version.as_deref())
    {
        return false;
    }
    // Nano Server lacks win32k and runs nevertheless.
    platform
        .os_features
        .iter()
        .filter(|feature| !(windows && *feature == "win32k"))
        .all(|feature| accepted.os_features.contains(feature))
}

/// Whether a container of one Windows version runs on a host of another; see [version
/// compatibility]. An unknown version fits.
///
/// [version compatibility]: https://learn.microsoft.com/virtualization/windowscontainers/deploy-containers/version-compatibility
fn windows_version_fits(host: Option<&str>, container: Option<&str>) -> bool {
    /// Windows Server 2022, from which on hosts run containers of its and later builds.
    const STABLE_BUILD: u16 = 20348;
    let (Some(host), Some(container)) = (host.and_then(windows_version), container) else {
        return true;
    };
    // containerd compares a version that is not one as 0.0.0.
    let container = windows_version(container).unwrap_or_default();
    if (host.0, host.1) != (container.0, container.1) {
        return false;
    }
    if host.2 < STABLE_BUILD {
        return host.2 == container.2;
    }
    (STABLE_BUILD..=host.2).contains(&container.2)
}

/// Major, minor and build number.
fn windows_version(text: &str) -> Option<(u8, u8, u16)> {
    let mut parts = text.split('.');
    let major = parts.next()?.parse().ok()?;
    let minor = parts.next()?.parse().ok()?;
    let build = parts.next()?.parse().ok()?;
    Some((major, minor, build)).filter(|version| *version != (0, 0, 0))
}

/// The platform and what else it runs, the best first (`platformVector`).
fn runnable(platform: &Platform) -> Vec<Platform> {
    let mut list = vec![platform.clone()];
    let other = |architecture: &str, variant: Option<String>| Platform {
        architecture: architecture.to_owned(),
        variant,
        ..platform.clone()
    };
    let variant = platform.variant.as_deref().unwrap_or_default();
    match platform.architecture.as_str() {
        "amd64" => {
            list.extend(older(variant, 1).map(|version| other("amd64", Some(version))));
            list.push(other("386", None));
        }
        "arm" => list.extend(older(variant, 5).map(|version| other("arm", Some(version)))),
        "arm64" => {
            let variant = if variant.is_empty() { "v8" } else { variant };
            list.extend(older_arm64(variant).map(|version| other("arm64", version)));
            // All of them run 32-bit code of up to version 8.
            let generation = variant.starts_with("v8.") || variant.starts_with("v9.");
            let variant = if generation { "v8" } else { variant };
            list.extend(runnable(&other("arm", Some(variant.to_owned()))));
        }
        _ => {}
    }
    // `amd64/v1` and `arm64/v8` are written without a variant once normalised.
    list.into_iter().map(|platform| platform.normalized()).collect()
}

/// The versions below `vN` down to `vLOWEST`, the highest first.
fn older(variant: &str, lowest: u32) -> impl Iterator<Item = String> + use<> {
    let version = variant.strip_prefix('v').unwrap_or(variant).parse::<u32>().unwrap_or_default();
    let below = lowest..version.max(lowest).min(lowest + STEPS_LIMIT);
    below.rev().map(|version| format!("v{version}"))
}

/// The variants of 64-bit ARM that run on `vN.M`, the highest first. Version 9.M includes 8.(M+5),
/// and 8.9 is the last of its generation.
fn older_arm64(variant: &str) -> impl Iterator<Item = Option<String>> + use<> {
    let (major, minor) = variant.split_once('.').unwrap_or((variant, "0"));
    let major = major.strip_prefix('v').unwrap_or(major).parse::<u32>().unwrap_or_default();
    // containerd reads a minor version of one digit only.
    let minor = match minor.as_bytes() {
        [digit @ b'0'..=b'9'] if variant.len() == 4 => u32::from(digit - b'0'),
        _ => 0,
    };
    let below = |major: u32, minors: std::ops::Range<u32>| {
        minors.rev().map(move |minor| {
            Some(if minor == 0 { format!("v{major}") } else { format!("v{major}.{minor}") })
        })
    };
    let (own, eight) = match major {
        0..=7 => (0..0, 0..0),
        9 => (0..minor, 0..(minor + 6).min(10)),
        _ => (0..minor, 0..0),
    };
    below(major, own).chain(below(8, eight))
}
