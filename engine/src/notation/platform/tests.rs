use std::cmp::Ordering;

use proptest::prelude::*;

use super::*;

fn host() -> Platform {
    Platform::new("linux", "amd64")
}

fn parse(text: &str) -> Platform {
    Platform::parse(text, &host()).unwrap()
}

#[test]
fn the_default_is_an_argument() {
    let arm = Platform { variant: Some("v6".into()), ..Platform::new("freebsd", "arm") };
    assert_eq!(Platform::parse("linux", &arm).unwrap().to_string(), "linux/arm/v6");
    assert_eq!(Platform::parse("amd64", &arm).unwrap().to_string(), "freebsd/amd64");
    let usual = Platform { variant: Some("v7".into()), ..arm };
    assert_eq!(Platform::parse("linux", &usual).unwrap().to_string(), "linux/arm");
}

#[test]
fn aliases_and_variants() {
    let cases = [
        ("linux/x86_64", "linux/amd64", "linux/amd64"),
        ("Linux/X86-64/v1", "linux/amd64", "linux/amd64"),
        ("linux/amd64/v3", "linux/amd64/v3", "linux/amd64/v3"),
        ("linux/i386", "linux/386", "linux/386"),
        ("linux/aarch64", "linux/arm64", "linux/arm64"),
        ("linux/arm64/v8", "linux/arm64/v8", "linux/arm64"),
        ("linux/arm64/8", "linux/arm64/v8", "linux/arm64"),
        ("linux/armhf", "linux/arm", "linux/arm/v7"),
        ("linux/arm/7", "linux/arm/v7", "linux/arm/v7"),
        ("linux/armel", "linux/arm/v6", "linux/arm/v6"),
        ("macOS/arm64", "darwin/arm64", "darwin/arm64"),
        ("my_os/my.arch", "my_os/my.arch", "my_os/my.arch"),
        (
            "windows(10.0%2B1+b+a)/amd64",
            "windows(10.0%2B1+a+b)/amd64",
            "windows(10.0%2B1+a+b)/amd64",
        ),
    ];
    for (text, parsed, normalized) in cases {
        assert_eq!(parse(text).to_string(), parsed, "{text}");
        assert_eq!(parse(text).normalized().to_string(), normalized, "{text}");
    }
    assert_eq!(parse("windows(10.0+a)/amd64").short(), "windows/amd64");
    assert_eq!(Platform::default().to_string(), "unknown");
}

#[test]
fn refusals() {
    let cases = [
        ("", PlatformError::Os(String::new())),
        ("linux/", PlatformError::Component(String::new())),
        ("linux//v7", PlatformError::Component(String::new())),
        ("linux/arm 64", PlatformError::Component("arm 64".into())),
        ("linux(1/amd64", PlatformError::Os("linux(1".into())),
        ("linux(1)x/amd64", PlatformError::Os("linux(1)x".into())),
        ("linux(%2)/amd64", PlatformError::Encoding("%2".into())),
        ("potato", PlatformError::Unknown("potato".into())),
        ("linux/a/b/c", PlatformError::TooManyComponents),
        ("linux/*", PlatformError::Wildcard),
        ("$TARGETPLATFORM", PlatformError::Os("$TARGETPLATFORM".into())),
    ];
    for (text, error) in cases {
        assert_eq!(Platform::parse(text, &host()), Err(error), "{text}");
    }
}

#[test]
fn wildcards_in_selectors() {
    let cases = [
        ("*", "windows/arm/v5", true),
        ("*/arm64", "darwin/arm64", true),
        ("*/arm64", "darwin/amd64", false),
        ("linux/*", "linux/s390x", true),
        ("linux/*", "windows/s390x", false),
        ("linux/arm/*", "linux/arm/v5", true),
        ("linux/arm/*", "linux/arm64", false),
    ];
    for (selector, platform, expected) in cases {
        let matcher = Matcher::only_strict(&Platform::parse_selector(selector, &host()).unwrap());
        assert_eq!(matcher.matches(&parse(platform)), expected, "{selector} {platform}");
    }
}

#[test]
fn what_runs_where() {
    let cases = [
        ("linux/amd64/v3", "linux/amd64/v2", true),
        ("linux/amd64/v3", "linux/amd64", true),
        ("linux/amd64/v3", "linux/amd64/v4", false),
        ("linux/amd64", "linux/386", true),
        ("linux/arm64/v9.2", "linux/arm64/v9.1", true),
        ("linux/arm64/v9.2", "linux/arm64/v9", true),
        ("linux/arm64/v9.2", "linux/arm64/v8.7", true),
        ("linux/arm64/v9.2", "linux/arm64/v8.8", false),
        ("linux/arm64/v9.5", "linux/arm64/v8.9", true),
        ("linux/arm64/v8.2", "linux/arm64", true),
        ("linux/arm64/v8.2", "linux/arm/v8", true),
        ("linux/amd64/v4294967295", "linux/amd64/v2", true),
        ("windows(10.0.17763)/amd64", "windows(10.0.17763.1)/amd64", true),
        ("windows(10.0.17763)/amd64", "windows(10.0.17764)/amd64", false),
        ("windows(10.0.26100)/amd64", "windows(10.0.20348)/amd64", true),
        ("windows(10.0.26100)/amd64", "windows(10.0.17763)/amd64", false),
        ("windows(10.0.26100)/amd64", "windows/amd64", true),
        ("windows/amd64", "windows(10.0.1+win32k)/amd64", true),
        ("linux/amd64", "linux(+gpu)/amd64", false),
        ("linux(+gpu)/amd64", "linux/amd64", true),
    ];
    for (host, image, expected) in cases {
        assert_eq!(Matcher::only(&parse(host)).matches(&parse(image)), expected, "{host} {image}");
    }
}

#[test]
fn preferences() {
    let matcher = Matcher::only(&parse("linux/amd64"));
    let compare = |left, right| matcher.compare(&parse(left), &parse(right));
    assert_eq!(compare("linux/amd64", "linux/386"), Ordering::Less);
    assert_eq!(compare("linux/s390x", "linux/386"), Ordering::Greater);
    assert_eq!(compare("linux/s390x", "windows/amd64"), Ordering::Equal);
    let any = Matcher::any([parse("linux/amd64"), parse("linux/386")]);
    assert_eq!(any.compare(&parse("linux/386"), &parse("linux/amd64")), Ordering::Equal);
}

proptest! {
    #[test]
    fn arbitrary_text_never_panics(text in "\\PC*|[a-z0-9/*().+%v]{0,20}|linux/arm64/v[89.]{0,8}") {
        for parse in [Platform::parse, Platform::parse_selector] {
            let Ok(platform) = parse(&text, &host()) else { continue };
            let written = platform.to_string();
            let again = parse(&written, &host()).unwrap();
            prop_assert_eq!(again.normalized(), platform.normalized(), "{}", written);
            prop_assert!(Matcher::only(&platform).matches(&platform), "{}", written);
            prop_assert_eq!(
                Matcher::only(&platform).compare(&platform, &platform),
                Ordering::Equal
            );
        }
    }
}
