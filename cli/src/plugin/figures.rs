//! Figures in words: sizes, times, units of fuel.

use std::time::Duration;

/// A number of bytes: `181 bytes`, `177.2 KiB`, `1.4 MiB`.
pub(super) fn size(bytes: usize) -> String {
    let of = |unit: usize| bytes as f64 / unit as f64;
    match bytes {
        0..1024 => format!("{bytes} bytes"),
        1024..1_048_576 => format!("{:.1} KiB", of(1 << 10)),
        _ => format!("{:.1} MiB", of(1 << 20)),
    }
}

/// A time, with three digits or so: `12 µs`, `1.24 ms`, `3.1 s`.
pub(super) fn time(time: Duration) -> String {
    let micros = time.as_secs_f64() * 1e6;
    match micros {
        _ if micros < 1000.0 => format!("{micros:.0} µs"),
        _ if micros < 1e6 => format!("{:.2} ms", micros / 1e3),
        _ => format!("{:.2} s", micros / 1e6),
    }
}

/// A large number: `812`, `64 k`, `1.3 M`.
pub(super) fn count(number: u64) -> String {
    let number_of = |unit: f64| number as f64 / unit;
    match number {
        0..10_000 => number.to_string(),
        10_000..1_000_000 => format!("{:.0} k", number_of(1e3)),
        1_000_000..100_000_000 => format!("{:.1} M", number_of(1e6)),
        _ => format!("{:.0} M", number_of(1e6)),
    }
}

/// The value that `part` of all, from 0 to 1, do not exceed: the nearest rank. `sorted` is.
pub(super) fn quantile<T: Copy + Default>(sorted: &[T], part: f64) -> T {
    let rank = (part * sorted.len() as f64).ceil() as usize;
    sorted.get(rank.saturating_sub(1)).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_short() {
        let sizes = [0, 1023, 1024, 1_048_575, 3 << 20].map(size);
        assert_eq!(sizes, ["0 bytes", "1023 bytes", "1.0 KiB", "1024.0 KiB", "3.0 MiB"]);
        let times = [0, 999, 1_000, 12_345, 2_500_000].map(|us| time(Duration::from_micros(us)));
        assert_eq!(times, ["0 µs", "999 µs", "1.00 ms", "12.35 ms", "2.50 s"]);
        let counts = [9_999, 10_000, 1_234_567, 1_000_000_000].map(count);
        assert_eq!(counts, ["9999", "10 k", "1.2 M", "1000 M"]);
    }

    #[test]
    fn quantiles_are_values_that_there_are() {
        let values: Vec<u32> = (1..=20).collect();
        assert_eq!([0.0, 0.5, 0.95, 1.0].map(|part| quantile(&values, part)), [1, 10, 19, 20]);
        assert_eq!(quantile(&[7], 0.5), 7);
        assert_eq!(quantile::<u32>(&[], 0.5), 0);
    }
}
