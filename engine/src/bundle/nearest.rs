//! The word that was probably meant.

/// The candidate nearest to a word that is none of them, if one is near enough to be a slip: at
/// most one edit in three characters, transpositions counted as one. The first one wins a tie.
pub(crate) fn nearest<'a>(
    word: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    // A name longer than this is no slip, and the distance is quadratic.
    if word.len() > 100 {
        return None;
    }
    let limit = (word.chars().count() / 3).max(1);
    let mut best: Option<(usize, &str)> = None;
    for candidate in candidates.into_iter().filter(|c| c.len() <= 100) {
        let distance = strsim::osa_distance(word, candidate);
        if distance <= limit && best.is_none_or(|(least, _)| distance < least) {
            best = Some((distance, candidate));
        }
    }
    best.map(|(_, candidate)| candidate)
}
