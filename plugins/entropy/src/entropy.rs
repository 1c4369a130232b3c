//! How random a text is.

use std::collections::BTreeMap;

/// Shannon's entropy of the characters of a text, in bits for each: 0 for one character repeated, at most
/// the binary logarithm of the length.
pub fn entropy(text: &str) -> f64 {
    let mut counts: BTreeMap<char, u32> = BTreeMap::new();
    for char in text.chars() {
        *counts.entry(char).or_default() += 1;
    }
    let length = f64::from(counts.values().sum::<u32>());
    // In the order of the characters, so that sums are the same everywhere.
    let bits = counts.values().map(|&count| {
        let share = f64::from(count) / length;
        -share * share.log2()
    });
    bits.sum()
}

/// The share of neighbours that are of different classes: small letters, capitals, digits, others. A small
/// letter after a capital is none: so words begin.
///
/// Random strings change at every second or third character; names, versions and files do not.
pub fn changes(text: &str) -> f64 {
    let class = |char: char| match char {
        'a'..='z' => Class::Small,
        'A'..='Z' => Class::Capital,
        '0'..='9' => Class::Digit,
        _ => Class::Other,
    };
    let classes: Vec<Class> = text.chars().map(class).collect();
    let pairs = classes.len().saturating_sub(1).max(1);
    let changes = |pair: &&[Class]| pair[0] != pair[1] && *pair != [Class::Capital, Class::Small];
    let changed = classes.windows(2).filter(changes).count();
    changed as f64 / pairs as f64
}

/// The classes of characters.
#[derive(Clone, Copy, PartialEq)]
enum Class {
    Small,
    Capital,
    Digit,
    Other,
}

#[cfg(test)]
mod tests {
    use super::{changes, entropy};

    #[test]
    fn entropy_is_what_shannon_says() {
        for (text, bits) in [("", 0.0), ("aaaa", 0.0), ("abab", 1.0), ("abcd", 2.0), ("aabc", 1.5)]
        {
            assert!((entropy(text) - bits).abs() < 1e-12, "{text}: {}", entropy(text));
        }
    }

    #[test]
    fn classes_change_in_random_strings() {
        for (text, share) in
            [("", 0.0), ("a", 0.0), ("ab", 0.0), ("aB", 1.0), ("aB1", 1.0), ("Ab", 0.0)]
        {
            assert!((changes(text) - share).abs() < 1e-12, "{text}: {}", changes(text));
        }
    }
}
