//! Layers on top of one another: what is still there in the end, and who hid the rest.
//!
//! <https://github.com/opencontainers/image-spec/blob/main/layer.md#applying-changesets>

use std::collections::HashMap;

use super::layer::{Effect, LayerFile, LayerFiles, PathKey};
use super::records::Record;

/// What became of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    Present,
    /// A file of the same path in this layer took its place.
    Replaced(usize),
    /// This layer took it out, or a folder that it was in.
    Removed(usize),
}

/// What upper layers do to a path; the lowest of them counts, which is the first to do it.
#[derive(Clone, Copy, Default)]
struct Cover {
    /// To the path itself.
    replaced: Option<usize>,
    removed: Option<usize>,
    /// To everything below it.
    cleared: Option<usize>,
}

/// A file or record with the number of its layer and what became of it.
pub(super) struct Found<'l, T> {
    pub(super) layer: usize,
    pub(super) fate: Fate,
    pub(super) item: &'l T,
}

/// What all layers say, in their order.
#[derive(Default)]
pub(super) struct Overlay<'l> {
    pub(super) files: Vec<Found<'l, LayerFile>>,
    pub(super) records: Vec<Found<'l, (String, Record)>>,
}

/// Lays the layers on one another; the lowest is the first. One that was not read hides nothing.
pub(super) fn lay<'l>(layers: &[Option<&'l LayerFiles>]) -> Overlay<'l> {
    // Only what lies on the way to a file that matters has to be remembered.
    let mut covers = HashMap::from([(PathKey::root(), Cover::default())]);
    for layer in layers.iter().flatten() {
        let files = layer.files.iter().map(|file| file.path.as_str());
        for path in files.chain(layer.records.iter().map(|(path, _)| path.as_str())) {
            for key in PathKey::way(path) {
                covers.entry(key).or_default();
            }
        }
    }
    let mut overlay = Overlay::default();
    for (number, layer) in layers.iter().enumerate().rev() {
        let Some(layer) = layer else { continue };
        for file in layer.files.iter().rev() {
            let fate = fate(&covers, &file.path);
            overlay.files.push(Found { layer: number, fate, item: file });
        }
        for record in layer.records.iter().rev() {
            let fate = fate(&covers, &record.0);
            overlay.records.push(Found { layer: number, fate, item: record });
        }
        for (key, effect) in &layer.effects {
            let Some(cover) = covers.get_mut(key) else { continue };
            match effect {
                Effect::Folder => cover.replaced = Some(number),
                Effect::File => (cover.replaced, cover.cleared) = (Some(number), Some(number)),
                Effect::Whiteout => (cover.removed, cover.cleared) = (Some(number), Some(number)),
                Effect::Opaque => cover.cleared = Some(number),
            }
        }
    }
    overlay.files.reverse();
    overlay.records.reverse();
    overlay
}

fn fate(covers: &HashMap<PathKey, Cover>, path: &str) -> Fate {
    let cover = |key: &PathKey| covers.get(key).copied().unwrap_or_default();
    let way: Vec<PathKey> = PathKey::way(path).collect();
    let Some((own, folders)) = way.split_last() else { return Fate::Present };
    let (own, root) = (cover(own), cover(&PathKey::root()));
    let above = folders.iter().filter_map(|key| cover(key).cleared).chain(root.cleared);
    let removed = above.chain(own.removed).min();
    match (own.replaced, removed) {
        (None, None) => Fate::Present,
        // A layer that takes it out and puts another one there replaces it.
        (Some(replaced), Some(removed)) if removed < replaced => Fate::Removed(removed),
        (Some(replaced), _) => Fate::Replaced(replaced),
        (None, Some(removed)) => Fate::Removed(removed),
    }
}
