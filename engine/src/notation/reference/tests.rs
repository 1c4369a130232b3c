use proptest::prelude::*;

use super::*;

const HEX: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

fn parse(text: &str) -> Reference {
    Reference::parse_normalized(text).unwrap()
}

#[test]
fn implicit_latest_is_not_written_latest() {
    assert_eq!(parse("python").tag(), None);
    assert_eq!(parse("python:latest").tag(), Some("latest"));
    assert_eq!(parse("python").tagged().tag(), Some("latest"));
    assert_eq!(parse(&format!("python@sha256:{HEX}")).tagged().tag(), None);
}

#[test]
fn forms_of_a_name() {
    let cases = [
        ("python", "docker.io/library/python", "python", "docker.io/library/python", true),
        ("me/app:1", "docker.io/me/app:1", "me/app:1", "docker.io/me/app:1", false),
        ("library/a/b", "docker.io/library/a/b", "library/a/b", "docker.io/library/a/b", false),
        (
            "registry-1.docker.io/library/python:3",
            "registry-1.docker.io/library/python:3",
            "registry-1.docker.io/library/python:3",
            "docker.io/library/python:3",
            true,
        ),
        (
            "Registry.Hub.Docker.com:443/me/app",
            "Registry.Hub.Docker.com:443/me/app",
            "Registry.Hub.Docker.com:443/me/app",
            "docker.io/me/app",
            false,
        ),
        ("quay.io/library/x", "quay.io/library/x", "quay.io/library/x", "quay.io/library/x", false),
    ];
    for (text, full, familiar, canonical, official) in cases {
        let reference = parse(text);
        assert_eq!(reference.to_string(), full, "{text}");
        assert_eq!(reference.familiar(), familiar, "{text}");
        assert_eq!(reference.canonical(), canonical, "{text}");
        assert_eq!(reference.is_official(), official, "{text}");
    }
}

#[test]
fn hosts_and_ports() {
    let cases = [
        ("localhost:5000/app", Some("localhost"), Some(5000)),
        ("[fc00::1]:5000/app", Some("[fc00::1]"), Some(5000)),
        ("[fc00::1]/app", Some("[fc00::1]"), None),
        ("host:99999/app", Some("host"), None),
        ("app:5000", Some("docker.io"), None),
        ("a_b.c/app", None, None),
    ];
    for (text, host, port) in cases {
        let reference = parse(text);
        assert_eq!((reference.host(), reference.port()), (host, port), "{text}");
    }
}

#[test]
fn errors_point_at_the_part() {
    let long = "a".repeat(256);
    let cases = [
        ("", Fault::Empty, ""),
        ("python:", Fault::Format(""), ""),
        ("python:.x", Fault::Format(""), ".x"),
        ("quay.io/Org/app", Fault::Uppercase, "Org/app"),
        ("quay.io/a//app", Fault::Format(""), ""),
        ("index.docker.io/a$b", Fault::Format(""), "a$b"),
        ("app:${TAG}", Fault::Format(""), "${TAG}"),
        ("app:${TAG:-x}", Fault::Format(""), "${TAG:-x}"),
        (HEX, Fault::Identifier, HEX),
        (&long, Fault::NameTooLong, &long),
        ("app@sha256:abc", Fault::Format(""), "sha256:abc"),
        (
            "app@sha256:00000000000000000000000000000000",
            Fault::DigestLength { expected: 64, found: 32 },
            "00000000000000000000000000000000",
        ),
        (
            "app@md5:00000000000000000000000000000000",
            Fault::DigestUnsupported,
            "md5:00000000000000000000000000000000",
        ),
    ];
    for (text, fault, part) in cases {
        let error = Reference::parse_normalized(text).unwrap_err();
        let same = std::mem::discriminant(error.fault()) == std::mem::discriminant(&fault);
        assert!(same, "{text}: {error:?}");
        assert_eq!(text.get(error.range()), Some(part), "{text}: {error:?}");
    }
}

#[test]
fn digests_of_every_registered_algorithm() {
    for (algorithm, digits) in [("sha256", 64), ("sha384", 96), ("sha512", 128)] {
        let good = format!("{algorithm}:{}", "0f".repeat(digits / 2));
        assert_eq!(Digest::parse(&good).unwrap().algorithm(), algorithm);
        let upper = format!("{algorithm}:{}", "0F".repeat(digits / 2));
        assert_eq!(Digest::parse(&upper).unwrap_err().fault(), &Fault::DigestFormat);
        assert!(Digest::parse(&format!("{good}0")).is_err());
        assert!(Reference::parse_with(&format!("a@{good}"), &[]).is_err());
    }
}

#[test]
fn separators_within_components() {
    for good in ["a.b", "a_b", "a__b", "a---b", "0/1", "a-b_c.d"] {
        assert!(Reference::parse(good).is_ok(), "{good}");
    }
    for bad in ["a..b", "a___b", "a._b", "a_-b", "-a", "a-", ".a", "a.", "a/_b", "a/", "/a"] {
        assert!(Reference::parse(bad).is_err(), "{bad}");
    }
}

#[test]
fn ids_and_digests_are_references_too() {
    assert!(matches!(AnyReference::parse(HEX), Ok(AnyReference::Digest(_))));
    assert!(matches!(AnyReference::parse(&format!("sha256:{HEX}")), Ok(AnyReference::Digest(_))));
    assert!(matches!(AnyReference::parse("python"), Ok(AnyReference::Named(_))));
}

proptest! {
    #[test]
    fn arbitrary_text_never_panics(text in "\\PC*") {
        check_any(&text)?;
    }

    #[test]
    fn nearly_references_never_panic(text in "[aA0._:/@$\\[\\]é-]{0,24}") {
        check_any(&text)?;
    }

    #[test]
    fn what_was_formatted_parses_to_the_same(
        domain in prop::option::of("([a-zA-Z0-9]{1,4}\\.[a-z]{2,3}|localhost|\\[::[0-9a-f]{1,4}\\])(:[0-9]{1,4})?"),
        path in "[a-z0-9]{1,3}([._]|__|-{1,3})[a-z0-9]{1,3}(/[a-z0-9]{1,4}){0,2}",
        tag in prop::option::of("[A-Za-z0-9_][A-Za-z0-9_.-]{0,8}"),
        digest in prop::option::of("sha256:[0-9a-f]{64}"),
    ) {
        let mut text = domain.map(|domain| domain + "/").unwrap_or_default() + &path;
        if let Some(tag) = &tag {
            text = format!("{text}:{tag}");
        }
        if let Some(digest) = &digest {
            text = format!("{text}@{digest}");
        }
        let reference = Reference::parse_normalized(&text).unwrap();
        prop_assert_eq!(reference.tag(), tag.as_deref());
        prop_assert_eq!(reference.digest().map(Digest::as_str), digest.as_deref());
        check_any(&text)?;
        prop_assert_eq!(&Reference::parse_canonical(&reference.to_string()).unwrap(), &reference);
    }
}

/// What holds for every text.
fn check_any(text: &str) -> Result<(), TestCaseError> {
    let _ = AnyReference::parse(text);
    for parse in [Reference::parse, Reference::parse_normalized] {
        match parse(text) {
            Ok(reference) => {
                prop_assert_eq!(&Reference::parse(&reference.to_string()).unwrap(), &reference);
                let again = Reference::parse_normalized(&reference.familiar()).unwrap();
                prop_assert_eq!(again.tag(), reference.tag());
                let _ = (reference.port(), reference.canonical(), reference.is_official());
            }
            Err(error) => {
                let range = error.range();
                prop_assert!(range.start <= range.end && range.end <= text.len());
                prop_assert!(!error.to_string().is_empty());
            }
        }
    }
    Ok(())
}
