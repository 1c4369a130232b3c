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
    split.map(|part| part.trim_start_matches('-')).filter(|part| !part.is_empty() && !is_name(part))
}

/// Whether it begins like a path, or is divided like one or like a name: `x86_64-unknown-linux-musl`, a
/// UUID. Of the 64 characters of base64 two are such, so that credentials have few of them.
fn is_name(part: &str) -> bool {
    let dividers = part.bytes().filter(|byte| b"/_-".contains(byte)).count();
    part.starts_with('/') || dividers * 10 > part.len()
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
            ("x86_64-unknown-linux-musl", &[]),
            ("f81d4fae-7dec-11d0-a765-00a0c91e6bf6", &[]),
            ("wJalrXUtnFEMI/K7MDENG/bPxRfiCYab", &["wJalrXUtnFEMI/K7MDENG/bPxRfiCYab"]),
            ("${TOKEN}xyz", &["TOKEN", "xyz"]),
        ];
        for (word, expected) in cases {
            assert_eq!(candidates(word), *expected, "{word}");
        }
    }
}
