//! Patterns in parameters, as the rules of the default bundle understand them.

/// Whether the whole text fits the pattern: `*` stands for any run of characters, none included, also
/// for `/`; every other character stands for itself, and case matters.
///
/// ```
/// use plimsoll_sdk::pattern::matches;
/// assert!(matches("registry.example.com/*:1.*", "registry.example.com/shop/api:1.4"));
/// assert!(!matches("latest", "latest-slim"));
/// ```
#[must_use]
pub fn matches(pattern: &str, text: &str) -> bool {
    let Some((first, rest)) = pattern.split_once('*') else { return pattern == text };
    let (middle, last) = rest.rsplit_once('*').unwrap_or(("", rest));
    let Some(inside) = text.strip_prefix(first).and_then(|text| text.strip_suffix(last)) else {
        return false;
    };
    // What is found as early as possible leaves the most for what follows.
    let mut left = inside;
    middle.split('*').all(|part| match left.find(part) {
        Some(at) => {
            left = left.get(at + part.len()..).unwrap_or_default();
            true
        }
        None => false,
    })
}

/// Whether the text fits one of the patterns.
#[must_use]
pub fn matches_any(patterns: &[String], text: &str) -> bool {
    patterns.iter().any(|pattern| matches(pattern, text))
}

#[cfg(test)]
mod tests {
    use super::matches;

    #[test]
    fn a_star_stands_for_any_run_of_characters() {
        let fits = [
            ("", ""),
            ("*", ""),
            ("*", "a/b"),
            ("a", "a"),
            ("a*", "a"),
            ("*a", "ba"),
            ("a*c", "abc"),
            ("a**c", "ac"),
            ("a*b*c", "a-b-b-c"),
            ("*ab*ab*", "xababx"),
            ("ü*", "ü!"),
        ];
        for (pattern, text) in fits {
            assert!(matches(pattern, text), "{pattern} {text}");
        }
        let misses = [
            ("", "a"),
            ("a", "ab"),
            ("a", "A"),
            ("ab*ba", "aba"),
            ("a*", "ba"),
            ("*ab*ab*", "abxa"),
            ("a*b*c", "acb"),
            ("a.c", "abc"),
        ];
        for (pattern, text) in misses {
            assert!(!matches(pattern, text), "{pattern} {text}");
        }
    }
}
