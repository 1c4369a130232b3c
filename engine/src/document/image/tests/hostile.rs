//! Archives that mean no good.

use std::io::Read;

use plimsoll_sdk::facts::Image;
use proptest::prelude::*;

use super::archive::{Header, Recipe, Tar, gzip, zstd};
use super::{errors, image, messages, paths, read, recipe};
use crate::document::image::tar::{self, Entries, Kind};
use crate::document::image::unpack::{Bounded, Compression, Hash, Meter, unpack};

#[test]
fn long_names_and_records() {
    let long = format!("{}/bin/bash", "d".repeat(150));
    let gnu = Tar::default()
        .raw(&Header::new("././@LongLink", b'L', 0), format!("{long}\0").as_bytes())
        .file("short", 0o755, "x");
    let path = format!("path={long}\n");
    let pax = |record: &str| {
        let length = record.len() + 4;
        format!("{length} {record}")
    };
    let pax = Tar::default()
        .raw(&Header::new("PaxHeaders/x", b'x', 0), pax(&path).as_bytes())
        .file("short", 0o755, "x");
    for layer in [gnu, pax] {
        let document = read(&Recipe::new("").layer(layer).layout().archive());
        assert_eq!(paths(&image(&document).files.shells), [format!("/{long}")]);
    }
}

#[test]
fn numbers_and_ends() {
    let first = |bytes: &[u8]| Entries::new(bytes).advance().map(|entry| entry.unwrap());
    let mut header = Header::new("x", b'0', 0o644).bytes();
    header[124..136].copy_from_slice(&[0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x02, 0x00]);
    let sum: u32 =
        (0..512).map(|at| if (148..156).contains(&at) { 32 } else { u32::from(header[at]) }).sum();
    header[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
    assert_eq!(first(&header).unwrap().size, 512);
    header[0] = b'y';
    assert!(first(&header).is_err());
    // A folder's size counts for nothing, and an archive may end without its empty blocks.
    let folder = Header { size: 10_000, ..Header::new("d/", b'5', 0o755) };
    let mut bytes = folder.bytes().to_vec();
    bytes.extend(Header::new("e", b'0', 0o644).bytes());
    let mut entries = Entries::new(bytes.as_slice());
    assert_eq!(entries.advance().unwrap().unwrap().kind, Kind::Folder);
    assert_eq!(entries.advance().unwrap().unwrap().path, "e");
    assert!(entries.advance().unwrap().is_none());
    // What is cut off is said.
    let mut cut = Tar::default().file("x", 0o644, vec![b'x'; 2000]).finish();
    cut.truncate(1000);
    let mut entries = Entries::new(cut.as_slice());
    entries.advance().unwrap();
    assert!(entries.advance().is_err());
}

#[test]
fn paths_are_cleaned() {
    for (path, cleaned) in [
        ("./a//b/", Some("a/b")),
        ("/a/./b", Some("a/b")),
        ("a/../b", Some("b")),
        ("../a", None),
        ("a/../../b", None),
        ("", Some("")),
    ] {
        assert_eq!(tar::clean(path).ok().as_deref(), cleaned, "{path}");
    }
    assert_eq!(tar::clean(&"a/".repeat(10_000)), Err(tar::Unusable::TooDeep));
    let layer = Tar::default()
        .file("../../etc/passwd", 0o4755, "")
        .file("/bin/sh", 0o755, "")
        .file("x/.wh...", 0, "")
        .raw(&Header::new("dev/sda", b'4', 0o660), b"");
    let document = read(&Recipe::new("").layer(layer).layout().archive());
    assert_eq!(errors(&document), <[&str; 0]>::default());
    assert_eq!(document.problems.len(), 2, "{:?}", messages(&document));
    let files = &document.facts.images[0].files;
    assert_eq!(paths(&files.shells), ["/bin/sh"]);
    assert_eq!(paths(&files.devices), ["/dev/sda"]);
    assert!(files.setuid.is_empty());
}

#[test]
fn a_name_of_any_length_is_not_read() {
    let header = Header { size: 1 << 40, ..Header::new("././@LongLink", b'L', 0) };
    let layer = Tar::default().file("bin/sh", 0o755, "").block(&header.bytes());
    let document = read(&Recipe::new("").layer(layer).layout().archive());
    assert!(errors(&document)[0].contains("is too long"), "{:?}", errors(&document));
    // What came before is known, and that it is not all.
    let files = &document.facts.images[0].files;
    assert_eq!(paths(&files.shells), ["/bin/sh"]);
    assert!(!files.available && files.incomplete.contains(&"setuid".to_owned()));
}

#[test]
fn a_file_that_is_too_deep_is_not_passed_over() {
    // GNU tar writes a long name as an entry before it.
    let name = format!("{}su", "d/".repeat(600));
    let long = Header { size: name.len() as u64, ..Header::new("././@LongLink", b'L', 0) };
    let mut bytes = name.into_bytes();
    bytes.resize(bytes.len().next_multiple_of(512), 0);
    let layer = Tar::default().block(&long.bytes()).block(&bytes).file("su", 0o4755, "");
    let document = read(&Recipe::new("").layer(layer).layout().archive());
    assert!(errors(&document)[0].contains("is too deep"), "{:?}", messages(&document));
    assert!(!document.facts.images[0].files.available);
    // No engine unpacks what leads out of the image.
    let layer = Tar::default().file("../su", 0o4755, "");
    let document = read(&Recipe::new("").layer(layer).layout().archive());
    assert_eq!(errors(&document), [""; 0]);
}

#[test]
fn sparse_files_do_not_shift_what_follows() {
    let mut header = Header { size: 512, ..Header::new("var/lib/dpkg/status", b'S', 0o644) };
    header.size = 512;
    let mut block = header.bytes();
    block[482] = 1;
    block[483..495].copy_from_slice(b"00000777777\0");
    let sum: u32 =
        (0..512).map(|at| if (148..156).contains(&at) { 32 } else { u32::from(block[at]) }).sum();
    block[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
    let layer =
        Tar::default().block(&block).block(&[0; 512]).block(&[b'x'; 512]).file("bin/sh", 0o755, "");
    let document = read(&Recipe::new("").layer(layer).layout().archive());
    let image = &document.facts.images[0];
    assert_eq!(paths(&image.files.shells), ["/bin/sh"]);
    assert!(image.incomplete.contains(&"packages".to_owned()));
}

#[test]
fn what_unpacks_to_too_much_stops() {
    let packed = gzip(&vec![0; 1 << 20]);
    let counted = |limit| {
        let meter = Meter::new(packed.as_slice(), Hash::Nothing);
        let counter = meter.counter();
        let mut bounded = Bounded::new(unpack(meter, Compression::Gzip), counter, limit);
        std::io::copy(&mut bounded, &mut std::io::sink()).map_err(|error| error.to_string())
    };
    assert_eq!(counted(1 << 20), Ok(1 << 20));
    assert_eq!(counted(1 << 19), Err("it has more than 524288 bytes".into()));
    let bounded = Bounded::new(std::io::repeat(0), std::rc::Rc::default(), u64::MAX);
    let read = std::io::copy(&mut bounded.take(1 << 30), &mut std::io::sink());
    assert!(read.unwrap_err().to_string().contains("200 times"));
}

#[test]
fn a_compressed_stream_that_is_damaged_is_an_error() {
    for pack in [gzip, zstd] {
        let mut recipe = recipe();
        let mut bytes = pack(&recipe.layers[0].1);
        bytes.truncate(bytes.len() - 20);
        recipe.layers[0].0 = bytes;
        let document = read(&recipe.layout().archive());
        assert!(errors(&document)[0].contains("cannot be used"), "{:?}", messages(&document));
        assert!(!document.facts.images[0].files.available);
    }
}

#[test]
fn links_in_circles_end() {
    let tar = Tar::default().link("a", b'2', "b").link("b", b'2', "a").file(
        "manifest.json",
        0o644,
        r#"[{"Config":"a","RepoTags":[],"Layers":["b"]}]"#,
    );
    assert_eq!(errors(&read(&tar.finish())), ["the configuration `a` is not there"]);
}

#[test]
fn indexes_that_lead_to_themselves_end() {
    // Its digest cannot be in it; one level that lists another many times can.
    let entry = recipe().entry("");
    let inner = super::index(&vec![entry; 100]);
    let media_type = "application/vnd.oci.image.index.v1+json";
    let outer = super::descriptor(media_type, inner.as_bytes(), "");
    let layout = super::Layout::new(&super::index(&vec![outer; 100]))
        .blobs(recipe().blobs())
        .blobs(vec![inner.into_bytes()]);
    assert_eq!(image(&read(&layout.archive())).layers.len(), 2);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    /// Whatever is changed or cut off: no panic, a place for the image, and never silence.
    #[test]
    fn damage_is_noticed(at in 0_usize..20_000, byte: u8, cut: bool) {
        let good = recipe().layout().archive();
        let mut bytes = good.clone();
        let at = at % bytes.len();
        if cut {
            bytes.truncate(at);
        } else {
            bytes[at] = byte;
        }
        let document = read(&bytes);
        let whole = read(&good).facts;
        if document.problems.is_empty() && !cut {
            // Names stand in the index, which no digest protects; all else is as it was.
            let held = |image: &Image| (image.digest.clone(), image.layers.len());
            let (found, wanted) = (&document.facts.images[0], &whole.images[0]);
            prop_assert_eq!(held(found), held(wanted));
            prop_assert_eq!(paths(&found.files.setuid), paths(&wanted.files.setuid));
            prop_assert_eq!(found.packages.len(), wanted.packages.len());
            prop_assert_eq!(&found.config.cmd, &wanted.config.cmd);
        }
        for image in &document.facts.images {
            prop_assert!(document.places.place(image.loc).is_some());
        }
    }

    #[test]
    fn any_bytes_are_survived(bytes: Vec<u8>) {
        let _ = read(&bytes);
        let _ = read(&gzip(&bytes));
        let layer = Recipe { layers: vec![(bytes.clone(), bytes)], ..Recipe::new("") };
        let _ = read(&layer.layout().archive());
    }
}
