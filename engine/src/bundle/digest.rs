//! A digest that notices change.

use super::layout::{self, Role};

/// A digest of the files that decide what a bundle says, whatever their order.
///
/// It only has to tell a stale copy from a fresh one, quickly: it is computed at every start. Each
/// file is hashed by itself, eight bytes at a step, and the hashes are added.
pub(super) fn digest<'a>(files: impl Iterator<Item = (&'a str, &'a str)>) -> u64 {
    files
        .filter(|(path, _)| {
            !matches!(layout::role(path), Role::Page(_) | Role::Test | Role::Ignored)
        })
        .map(|(path, text)| mix(mix(0, path.as_bytes()), text.as_bytes()))
        .fold(0, u64::wrapping_add)
}

fn mix(seed: u64, bytes: &[u8]) -> u64 {
    // The multiplier of xxHash64 (PRIME64_1); any odd number with many bits set would do.
    const FACTOR: u64 = 0x9E37_79B1_85EB_CA87;
    let step = |hash: u64, word: u64| (hash ^ word).wrapping_mul(FACTOR).rotate_left(31);
    let mut hash = step(seed, bytes.len() as u64);
    let (words, rest) = bytes.as_chunks::<8>();
    for word in words {
        hash = step(hash, u64::from_le_bytes(*word));
    }
    for &byte in rest {
        hash = step(hash, u64::from(byte));
    }
    hash.wrapping_mul(FACTOR) ^ (hash >> 29)
}
