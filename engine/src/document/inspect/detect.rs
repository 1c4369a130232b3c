//! Whether a text is what `docker inspect` prints, without reading all of it.
//!
//! Owns a scanner that collects the keys of the first objects. It takes any text: one that is cut
//! off, or broken further on, is still recognised, so that its reader can say what is wrong.

use std::collections::BTreeSet;

use super::objects::{self, Kind};

/// How much of a text is looked at, in bytes.
const LOOK: usize = 1 << 20;

/// How many objects are looked at.
const OBJECTS: usize = 8;

/// Whether one of the first objects has the keys of something that is inspected, or listed.
pub(super) fn has_content(text: &str) -> bool {
    let text = text.trim_start();
    if !text.starts_with(['{', '[']) {
        return false;
    }
    let end = text.floor_char_boundary(LOOK.min(text.len()));
    let text = text.get(..end).unwrap_or_default();
    let mut scanner = Scanner { text, at: 0, depth: 0, base: usize::from(text.starts_with('[')) };
    for _ in 0..OBJECTS {
        let Some((keys, spec)) = scanner.object() else { return false };
        let certain = match objects::kind(&keys, &spec) {
            Kind::Unknown => false,
            Kind::Other(what) => !matches!(what, "plugin" | "context"),
            // A network has members, however few: others have drivers, too.
            Kind::Network => ["Containers", "Scope", "network_interface", "dns_enabled"]
                .iter()
                .any(|key| keys.contains(key)),
            Kind::Volume => keys.contains("Scope"),
            Kind::Image => keys.contains("Id"),
            _ => true,
        };
        if certain {
            return true;
        }
    }
    false
}

struct Scanner<'t> {
    text: &'t str,
    at: usize,
    /// Brackets that are open.
    depth: usize,
    /// Brackets that are open around an object.
    base: usize,
}

impl<'t> Scanner<'t> {
    /// The keys of the next object, and those of its `Spec`; `None` when there is no object.
    fn object(&mut self) -> Option<(BTreeSet<&'t str>, BTreeSet<&'t str>)> {
        let (mut keys, mut spec) = (BTreeSet::new(), BTreeSet::new());
        let mut key = None;
        let mut inside = false;
        while let Some(&byte) = self.text.as_bytes().get(self.at) {
            self.at += 1;
            match byte {
                b'{' | b'[' => {
                    self.depth += 1;
                    inside |= byte == b'{' && self.depth == self.base + 1;
                }
                b'}' | b']' => {
                    self.depth = self.depth.checked_sub(1)?;
                    if inside && self.depth == self.base {
                        return Some((keys, spec));
                    }
                    // After an array, objects may follow without one, and the other way round.
                    if self.depth == 0 {
                        self.base = 0;
                    }
                }
                b'"' => {
                    let text = self.string()?;
                    let is_key = self.text.get(self.at..)?.trim_start().starts_with(':');
                    if is_key && self.depth == self.base + 1 {
                        keys.insert(text);
                        key = Some(text);
                    } else if is_key && self.depth == self.base + 2 && key == Some("Spec") {
                        spec.insert(text);
                    }
                }
                _ => {}
            }
        }
        // The end of what is looked at: what was seen may be enough.
        (!keys.is_empty()).then_some((keys, spec))
    }

    /// What stands up to the next quote, escapes as they are written; after it is where it goes on.
    fn string(&mut self) -> Option<&'t str> {
        let start = self.at;
        let mut escaped = false;
        for (offset, byte) in self.text.as_bytes().get(start..)?.iter().enumerate() {
            match byte {
                _ if escaped => escaped = false,
                b'\\' => escaped = true,
                b'"' => {
                    self.at = start + offset + 1;
                    return self.text.get(start..start + offset);
                }
                _ => {}
            }
        }
        None
    }
}
