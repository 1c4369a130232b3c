//! What a misspelt name was meant to be.

/// The candidate at most two edits away from `name`, the nearest one, if there is one.
///
/// The bound is the one that BuildKit's `suggest` package has.
pub(super) fn nearest<'c>(
    name: &str,
    candidates: impl IntoIterator<Item = &'c str>,
) -> Option<&'c str> {
    const MAX_EDITS: usize = 2;
    // A longer name is no near one of any candidate; this bounds the work.
    const MAX_NAME: usize = 40;
    if name.len() > MAX_NAME {
        return None;
    }
    let close = candidates.into_iter().map(|candidate| (edits(name, candidate), candidate));
    let close = close.filter(|&(edits, _)| edits > 0 && edits <= MAX_EDITS);
    close.min_by_key(|&(edits, _)| edits).map(|(_, candidate)| candidate)
}

/// The Levenshtein distance, in characters.
fn edits(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut diagonal = i;
        let mut left = i + 1;
        for (y, cell) in b.iter().zip(row.iter_mut().skip(1)) {
            let here = (diagonal + usize::from(x != *y)).min(left + 1).min(*cell + 1);
            diagonal = *cell;
            *cell = here;
            left = here;
        }
        if let Some(first) = row.first_mut() {
            *first = i + 1;
        }
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances() {
        for (a, b, expected) in [
            ("", "abc", 3),
            ("abc", "", 3),
            ("abc", "abc", 0),
            ("kitten", "sitting", 3),
            ("ab", "ba", 2),
        ] {
            assert_eq!(edits(a, b), expected, "{a} {b}");
        }
        assert_eq!(nearest("FORM", ["FROM", "RUN"]), Some("FROM"));
        assert_eq!(nearest("FROM", ["FROM"]), None);
        assert_eq!(nearest("EXPERIMENT", ["RUN"]), None);
    }
}
