//! The right name for a mistyped one.

/// The longest word that is compared, in bytes: no name is longer, and the comparison is quadratic.
const LONGEST: usize = 64;

/// The candidate that `word` was probably meant to be, if one is near enough; of equally near ones
/// the first.
///
/// Near enough is a third of the letters inserted, left out, replaced or swapped with a neighbour
/// (Damerau-Levenshtein), and always one. Upper and lower case, and `_` and `-`, are the same.
#[must_use]
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    if word.is_empty() || word.len() > LONGEST {
        return None;
    }
    let word = folded(word);
    let most = (word.chars().count() / 3).max(1);
    candidates
        .into_iter()
        .filter(|candidate| {
            candidate.len() <= LONGEST && candidate.len().abs_diff(word.len()) <= 4 * most
        })
        .map(|candidate| (strsim::damerau_levenshtein(&word, &folded(candidate)), candidate))
        .filter(|&(distance, _)| distance <= most)
        .min_by_key(|&(distance, _)| distance)
        .map(|(_, candidate)| candidate)
}

fn folded(word: &str) -> String {
    word.to_lowercase().replace('_', "-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_what_was_meant() {
        let cases = [
            ("fial-on", Some("fail-on")),
            ("fail_on", Some("fail-on")),
            ("FAIL-ON", Some("fail-on")),
            ("failon", Some("fail-on")),
            ("fail-on-unknow", Some("fail-on-unknown")),
            ("rule", Some("rules")),
            ("polices", Some("policies")),
            ("rëgion", Some("région")),
            ("x", None),
            ("", None),
            ("services", None),
        ];
        let known = ["extends", "policies", "rules", "fail-on", "fail-on-unknown", "région"];
        for (word, expected) in cases {
            assert_eq!(nearest(word, known), expected, "{word}");
        }
    }

    #[test]
    fn the_nearest_wins_and_then_the_first() {
        assert_eq!(nearest("abcd", ["abxx", "abcx", "abce"]), Some("abcx"));
        assert_eq!(nearest("abcdef", ["abxxef", "abcdex"]), Some("abcdex"));
        assert_eq!(nearest(&"a".repeat(65), ["a"]), None);
    }
}
