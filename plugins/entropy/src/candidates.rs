//! The parts of a word of a shell that could be a credential.

/// The parts of a word that are written in the alphabet of base64 and of its variant for URLs: what is
/// neither a path nor the name of a host. Of a URL that is its user, its query and its fragment.
pub fn candidates(word: &str) -> Vec<&str> {
    match word.split_once("://") {
        Some((_, rest)) => {
            let (place, query) = rest.split_once(['?', '#']).unwrap_or((rest, ""));
            let authority = place.split('/').next().unwrap_or_default();
            let user = authority.rsplit_once('@').map_or("", |(user, _)| user);
            [user, query].into_iter().flat_map(parts).collect()
        }
        None => parts(word).collect(),
    }
}

fn parts(text: &str) -> impl Iterator<Item = &str> {
    let inside = |char: char| char.is_ascii_alphanumeric() || "+/_-".contains(char);
    let split = text.split(move |char| !inside(char));
    split.map(|part| part.trim_start_matches('-')).filter(|part| !part.is_empty() && !is_path(part))
}

/// Whether it begins or is divided like a path: credentials in base64 have few slashes.
fn is_path(part: &str) -> bool {
    part.starts_with('/') || part.matches('/').count() * 10 > part.len()
}

#[cfg(test)]
mod tests {
    use super::candidates;

    #[test]
    fn what_could_be_a_credential_is_cut_out() {
        let cases: &[(&str, &[&str])] = &[
            ("--token=abc123", &["token", "abc123"]),
            ("Authorization: Bearer x.y", &["Authorization", "Bearer", "x", "y"]),
            ("https://user:pw@host.example/a/b?key=v#f", &["user", "pw", "key", "v", "f"]),
            ("https://host.example/a/b", &[]),
            ("/usr/share/doc", &[]),
            ("a/b/c", &[]),
            ("wJalrXUtnFEMI/K7MDENG/bPxRfiCYab", &["wJalrXUtnFEMI/K7MDENG/bPxRfiCYab"]),
            ("${TOKEN}xyz", &["TOKEN", "xyz"]),
        ];
        for (word, expected) in cases {
            assert_eq!(candidates(word), *expected, "{word}");
        }
    }
}
