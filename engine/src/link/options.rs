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

/// The credentials in an option's value, as parts of it.
fn credentials<'v>(patterns: &SecretPatterns, value: &'v str) -> Vec<&'v str> {
    let named = value.split(',').filter_map(|part| {
        let (name, value) = part.split_once('=')?;
        // `credentials=/etc/nas` names a file.
        let is_credential = patterns.is_name(&as_variable(name.trim())) && !value.starts_with('/');
        is_credential.then(|| value.trim())
    });
    named.chain(password(value)).filter(|value| !value.is_empty()).collect()
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
        let parts = credentials(patterns, value).into_iter();
        found.extend(parts.map(|part| (option.loc, part.to_owned())));
    }
    if found.is_empty() {
        return;
    }
    let public = public_names(document);
    for (loc, secret) in found {
        if patterns.is_worth_hiding(&secret, &public) {
            document.masks.add_value(&secret);
        }
        let place = RawPlace { loc, field: Some("value".into()), item: None };
        let Some(place) = document.places.resolve(&place) else { continue };
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
