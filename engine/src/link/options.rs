//! Credentials inside the options of drivers: `o: addr=10.0.0.5,username=app,password=…`, and
//! `device: //app:…@10.0.0.5/share`.
//!
//! What an option as a whole is called is judged by its name, like a variable. This is what stands
//! in its value.

use plimsoll_sdk::Loc;
use plimsoll_sdk::facts::{Facts, Label};
use plimsoll_sdk::finding::RawPlace;

use super::secrets::{SecretPatterns, as_variable, public_names};
use crate::document::Document;
use crate::source::{Place, Span};

/// Last words of the names of options that hold credentials, whatever the policy's table says of
/// variables with such names: those that the rule on them looks for.
const WORDS: [&str; 8] =
    ["key", "pass", "passphrase", "passwd", "password", "pwd", "secret", "token"];

/// Whether an option of this name, or a part of one, holds a credential.
fn is_name(patterns: &SecretPatterns, name: &str) -> bool {
    let name = name.trim().trim_end_matches(|digit: char| digit.is_ascii_digit());
    let last = name.rsplit(['-', '_', '.']).next().unwrap_or_default().to_ascii_lowercase();
    WORDS.contains(&last.as_str()) || patterns.is_name(&as_variable(name))
}

/// The credentials in an option, as parts of its value.
fn credentials<'v>(patterns: &SecretPatterns, key: Option<&str>, value: &'v str) -> Vec<&'v str> {
    let whole = key.filter(|key| is_name(patterns, key)).map(|_| value);
    let named = value.split(',').filter_map(|part| {
        let (name, value) = part.split_once('=')?;
        is_name(patterns, name).then(|| value.trim())
    });
    // `credentials=/etc/nas` names a file.
    let worth = |value: &&str| !value.is_empty() && !value.starts_with('/');
    whole.into_iter().chain(named).chain(password(value)).filter(worth).collect()
}

/// The password of a URL, or of a share: what stands between `:` and `@` before the first `/`.
fn password(value: &str) -> Option<&str> {
    let (_, rest) = value.split_once("//")?;
    let authority = rest.split('/').next()?;
    let (user, _) = authority.rsplit_once('@')?;
    Some(user.split_once(':')?.1)
}

/// The options of drivers, with the place of each.
fn options(facts: &Facts) -> impl Iterator<Item = &Label> {
    let of_containers = facts.containers.iter().flat_map(|it| &it.logging.options);
    let of_networks = facts.networks.iter().flat_map(|it| &it.options);
    let of_volumes = facts.volumes.iter().flat_map(|it| &it.options);
    let of_daemon = facts.daemon.iter().flat_map(|it| &it.log.options);
    of_containers.chain(of_networks).chain(of_volumes).chain(of_daemon)
}

/// Masks the credentials in options of drivers.
pub(super) fn mask(patterns: &SecretPatterns, document: &mut Document) {
    let mut found: Vec<(Loc, String)> = Vec::new();
    for option in options(&document.facts) {
        let Some(value) = &option.value else { continue };
        let parts = credentials(patterns, option.key.as_deref(), value).into_iter();
        found.extend(parts.map(|part| (option.loc, part.to_owned())));
    }
    if found.is_empty() {
        return;
    }
    let public = public_names(document);
    for (loc, secret) in found {
        let place = RawPlace { loc, field: Some("value".into()), item: None };
        let place = document.places.resolve(&place);
        patterns.hide(&mut document.masks, &secret, place.as_ref(), &public);
        let Some(place) = place else { continue };
        // Where escapes make it read differently, all of it is masked.
        let span = place.text().rfind(&secret).map_or(place.span, |at| {
            let start = place.span.start as usize + at;
            Span::new(start, start + secret.len())
        });
        document.masks.add_place(&Place::new(&place.source, span));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::{Input, ReadOptions, compose};
    use crate::source::Source;

    #[test]
    fn no_credential_is_shown() {
        let text = "services:\n  web:\n    image: app\n    logging:\n      driver: splunk\n      \
                    options: {splunk-token: horse-one, splunk-capath: /etc/ssl/ca}\n\
                    networks:\n  mesh:\n    driver_opts: {weave.password: horse-two}\n\
                    volumes:\n  a:\n    driver_opts: {o: \"user=me, password2=horse-three,key=/k\"}\n  \
                    b:\n    driver_opts: {device: '//me:horse-four@nas/b', public_key: horse-five}\n";
        let source = Source::new("compose.yaml", text);
        let input = Input { source: source.clone(), folder: None };
        let mut document = compose::read(&input, &ReadOptions::default()).remove(0);
        mask(&SecretPatterns::default(), &mut document);
        let shown = document.masks.source_text(&source).into_owned();
        assert!(!shown.contains("horse"), "{shown}");
        for plain in ["/etc/ssl/ca", "user=me", "key=/k", "//me:"] {
            assert!(shown.contains(plain), "{plain} in {shown}");
        }
        assert_eq!(document.masks.message("horse-one, horse-three"), "***, ***");
    }

    #[test]
    fn passwords_of_urls() {
        for (value, want) in [
            ("//app:s3cret@10.0.0.5/share", Some("s3cret")),
            ("https://app:s3:c@ret@example.com", Some("s3:c@ret")),
            ("//app@10.0.0.5/share", None),
            ("//10.0.0.5/share:x@y", None),
            ("/srv/a:b@c", None),
            (":/export", None),
        ] {
            assert_eq!(password(value), want, "{value}");
        }
    }
}
