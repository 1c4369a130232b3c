//! containerd/platforms.

use std::cmp::Ordering;

use plimsoll_engine::notation::platform::{Matcher, OsMatcher, Platform};
use plimsoll_tests::{ratchet, suites};
use serde_json::Value;

use super::{Outcome, all, equal, list, text, unknown};

/// The platform that rows mean with `runtime.GOOS` and `runtime.GOARCH`.
fn host() -> Platform {
    Platform::new("linux", "amd64")
}

/// A cell, in which a few Go expressions stand for parts of the host.
fn cell(value: &Value) -> Result<String, String> {
    let host = host();
    let (os, architecture) = (host.os, host.architecture);
    match value["$go"].as_str() {
        None => Ok(text(value).to_owned()),
        Some("runtime.GOOS" | "defaultOS") => Ok(os),
        Some("runtime.GOARCH" | "defaultArch") => Ok(architecture),
        Some("cpuVariant()" | "defaultVariant") => Ok(String::new()),
        Some(go) => {
            let arguments = go.strip_prefix("path.Join(").and_then(|go| go.strip_suffix(')'));
            let arguments = arguments.ok_or_else(|| format!("unknown Go code {go}"))?;
            let parts = arguments.split(", ").map(|argument| match argument {
                "defaultOS" => Ok(os.as_str()),
                "defaultArch" => Ok(architecture.as_str()),
                "defaultVariant" => Ok(""),
                quoted => quoted
                    .strip_prefix('"')
                    .and_then(|quoted| quoted.strip_suffix('"'))
                    .ok_or_else(|| format!("unknown Go code {go}")),
            });
            let parts = parts.collect::<Result<Vec<_>, _>>()?;
            Ok(parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("/"))
        }
    }
}

/// A platform written as a Go struct.
fn platform(value: &Value) -> Result<Platform, String> {
    let optional = |name: &str| cell(&value[name]).map(|cell| Some(cell).filter(|c| !c.is_empty()));
    Ok(Platform {
        os: cell(&value["OS"])?,
        architecture: cell(&value["Architecture"])?,
        variant: optional("Variant")?,
        os_version: optional("OSVersion")?,
        os_features: list(&value["OSFeatures"]).into_iter().map(str::to_owned).collect(),
    })
}

fn parse_platform(specifier: &str) -> Result<Platform, String> {
    Platform::parse(specifier, &host()).map_err(|error| format!("{specifier}: {error}"))
}

#[test]
fn platforms() {
    let Some(rows) = suites::rows("03-refs-patterns/platforms.jsonl") else { return };
    let sorted: Vec<_> =
        rows.iter().map(|row| &row["case"]).filter(|case| case["platforms"].is_array()).collect();
    ratchet::check(
        "03-platforms",
        rows.iter().map(|row| (text(&row["id"]).to_owned(), platform_row(row, &sorted))),
    );
}

fn platform_row(row: &Value, sorted: &[&Value]) -> Outcome {
    let case = &row["case"];
    match text(&row["test"]) {
        "TestParseSelector" => selector(case),
        "TestParseSelectorInvalid" => {
            let got = Platform::parse(text(&case["input"]), &host());
            equal("refused", got.is_err(), true)
        }
        "TestFormatAllEncoding" => {
            let platform = platform(&case["platform"])?;
            let got = platform.to_string();
            all([
                equal("text", got.as_str(), text(&case["expected"])),
                equal("again", Platform::parse(&got, &host()).ok(), Some(platform)),
            ])
        }
        "TestOnly" => accepted(case, |host| {
            let matcher = Matcher::only(&host);
            move |platform| matcher.matches(platform)
        }),
        "TestOnlyStrict" => accepted(case, |host| {
            let matcher = Matcher::only_strict(&host);
            move |platform| matcher.matches(platform)
        }),
        "TestOnlyOS" => accepted(case, |host| {
            let matcher = OsMatcher::new(&host);
            move |platform| matcher.matches(platform)
        }),
        "TestOnlyOSLess" => order(case, |host| {
            let matcher = OsMatcher::new(&host);
            move |left, right| matcher.compare(left, right)
        }),
        "TestCompareOSFeatures" if case["platforms"].is_array() => {
            all(["only", "only strict", "ordered", "any"].map(|name| features(case, name)))
        }
        // The other half of that test: a comparer for all of its lists.
        "TestCompareOSFeatures" => {
            let lists = sorted.iter().filter(|case| text(&case["platform"]).contains("(+"));
            all(lists.map(|list| features(list, text(&case["name"]))))
        }
        _ => unknown(row),
    }
}

fn selector(case: &Value) -> Outcome {
    // The Go tests skip the rows with wildcards, which containerd does not support yet.
    let parse = if case["skip"] == true { Platform::parse_selector } else { Platform::parse };
    let got = parse(text(&case["input"]), &host()).map_err(|error| error.to_string())?;
    let formatted = if case["useV2Format"] == true { got.to_string() } else { got.short() };
    let matcher = Matcher::only_strict(&got);
    all([
        equal("platform", &got, &platform(&case["expected"])?),
        equal("text", formatted, cell(&case["formatted"])?),
        equal(
            "again",
            parse(&got.to_string(), &host()).ok().map(|again| again.normalized()),
            Some(got.normalized()),
        ),
        all(case["matches"]
            .as_array()
            .into_iter()
            .flatten()
            .map(|value| equal(&value.to_string(), matcher.matches(&platform(value)?), true))),
    ])
}

fn accepted<M: Fn(&Platform) -> bool>(case: &Value, matcher: impl Fn(Platform) -> M) -> Outcome {
    let matches = matcher(parse_platform(text(&case["platform"]))?);
    all([("True", true), ("False", false)].into_iter().flat_map(|(column, want)| {
        let specifiers = list(&case["matches"][column]);
        let check = |specifier| equal(specifier, matches(&parse_platform(specifier)?), want);
        specifiers.into_iter().map(check).collect::<Vec<_>>()
    }))
}

fn order<C: Fn(&Platform, &Platform) -> Ordering>(
    case: &Value,
    comparer: impl Fn(Platform) -> C,
) -> Outcome {
    let compare = comparer(parse_platform(text(&case["platform"]))?);
    let mut platforms =
        list(&case["platforms"]).into_iter().map(parse_platform).collect::<Result<Vec<_>, _>>()?;
    platforms.sort_by(compare);
    let got: Vec<_> = platforms.iter().map(Platform::to_string).collect();
    equal("order", got.iter().map(String::as_str).collect(), list(&case["expected"]))
}

fn features(case: &Value, name: &str) -> Outcome {
    order(case, |host| {
        let matcher = match name {
            "only" => Matcher::only(&host),
            "only strict" => Matcher::only_strict(&host),
            "ordered" => Matcher::ordered([host]),
            _ => Matcher::any([host]),
        };
        move |left, right| matcher.compare(left, right)
    })
}
