//! How far two names are apart.

/// The distance up to which two names count as near, by the length of the shorter: a name of three letters
/// is one letter away from hundreds of others.
pub fn tolerance(length: usize) -> usize {
    match length {
        0..=3 => 0,
        4..=7 => 1,
        _ => 2,
    }
}

/// The number of letters to insert, delete, replace, or swap with their neighbour: the optimal string
/// alignment distance. `None` when it is more than `limit`.
///
/// Cost: the product of the lengths, and nothing when they differ by more than the limit.
pub fn distance(left: &str, right: &str, limit: usize) -> Option<usize> {
    let left: Vec<char> = left.chars().collect();
    let right: Vec<char> = right.chars().collect();
    if left.len().abs_diff(right.len()) > limit {
        return None;
    }
    // The rows of the table that the next one needs.
    let mut before = vec![0; right.len() + 1];
    let mut last: Vec<usize> = (0..=right.len()).collect();
    for (i, a) in left.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, b) in right.iter().enumerate() {
            let replaced = last[j] + usize::from(a != b);
            let mut cost = replaced.min(last[j + 1] + 1).min(row[j] + 1);
            if i > 0 && j > 0 && *a == right[j - 1] && left[i - 1] == *b {
                cost = cost.min(before[j - 1] + 1);
            }
            row.push(cost);
        }
        if row.iter().min().is_none_or(|&least| least > limit) {
            return None;
        }
        before = std::mem::replace(&mut last, row);
    }
    last.last().copied().filter(|&cost| cost <= limit)
}

#[cfg(test)]
mod tests {
    use super::distance;

    #[test]
    fn letters_are_counted() {
        let cases = [
            ("nginx", "nginx", Some(0)),
            ("nginx", "nginxx", Some(1)),
            ("nginx", "ngnix", Some(1)),
            ("nginx", "ngin", Some(1)),
            ("nginx", "nqinx", Some(1)),
            ("python", "pyhton3", Some(2)),
            ("requests", "reqeusts2", Some(2)),
            ("postgres", "redis", None),
            ("", "ab", Some(2)),
            ("", "abc", None),
            ("über", "uber", Some(1)),
        ];
        for (left, right, expected) in cases {
            assert_eq!(distance(left, right, 2), expected, "{left} {right}");
            assert_eq!(distance(right, left, 2), expected, "{right} {left}");
        }
    }
}
