//! The most memory that reading an archive of a gigabyte takes.
//!
//! `cargo run -p plimsoll-tests --example image_memory`; on Linux it prints the peak, and fails when
//! it is above the bound.
#![allow(clippy::print_stdout)]

use plimsoll_engine::document::{ReadOptions, image};
use plimsoll_tests::generated_images::{Layers, stream};

const BOUND_KIB: u64 = 150 << 10;

/// The most memory the process ever had, in KiB.
fn peak() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().strip_suffix(" kB")?.trim().parse().ok()
}

fn main() {
    let cases = [
        Layers { layers: 8, files: 32, bytes: 4 << 20 },
        Layers { layers: 10, files: 50_000, bytes: 1500 },
    ];
    for layers in cases {
        let mut archive = stream(layers);
        let documents = image::read_archive("image.tar", &mut archive, &ReadOptions::default());
        let image = documents.first().and_then(|document| document.facts.images.first());
        let seen = image.map_or(0, |image| image.files.setuid.len());
        let size = image.and_then(|image| image.size_bytes).unwrap_or_default() >> 20;
        let peak = peak().unwrap_or_default();
        println!("{layers}: {size} MiB, {seen} files of interest, peak {} MiB", peak >> 10);
        assert!(seen > 0 && peak < BOUND_KIB, "the peak is {peak} KiB");
    }
}
