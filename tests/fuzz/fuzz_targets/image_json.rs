//! JSON texts of images of any bytes: reading never panics, and every place lies in the text.
#![no_main]

use libfuzzer_sys::fuzz_target;
use plimsoll_engine::document::{Input, ReadOptions, image};
use plimsoll_engine::source::Source;

fuzz_target!(|bytes: &[u8]| {
    let source = Source::from_bytes("image.json", bytes.to_vec());
    let detected = image::has_content(source.text());
    let input = Input { source, folder: None };
    for document in image::read_json(&input, &ReadOptions::default()) {
        for label in document.problems.iter().flat_map(|problem| &problem.labels) {
            assert!(label.place.source.text().get(label.place.span.range()).is_some());
        }
        for image in &document.facts.images {
            let place = document.places.place(image.loc).expect("an image has a place");
            assert!(place.source.text().get(place.span.range()).is_some());
            for line in &image.history {
                for command in &line.commands {
                    let place = document.places.place(command.loc).expect("a command has a place");
                    assert!(place.source.text().get(place.span.range()).is_some());
                }
            }
        }
        assert!(detected || document.facts.images.is_empty() || !document.problems.is_empty());
    }
});
