//! The example plugins are built, by plimsoll-plugin-build.

use plimsoll_plugin_build::componentise;
use plimsoll_tests::plugins;

/// The first bytes of a component: the magic, the version 13, the layer 1.
const COMPONENT: &[u8] = b"\0asm\x0d\0\x01\0";

/// The largest plugin in Rust that is no surprise, in bytes.
const LARGEST: usize = 900_000;

#[test]
fn the_plugins_in_rust_are_built() {
    let Some(built) = plugins::built() else { return };
    let names: Vec<_> = built.iter().map(|plugin| plugin.name.as_str()).collect();
    assert_eq!(names, ["entropy", "licences", "typosquat"]);
    for plugin in built {
        let (name, size) = (&plugin.name, plugin.component.len());
        assert!(plugin.component.starts_with(COMPONENT), "{name}");
        assert!(size < LARGEST, "{name} has {size} bytes");
        assert!(plugin.folder.join("rules").is_dir(), "{name} has no pages");
        // Nothing says where it was built.
        let root = plimsoll_tests::repository().display().to_string();
        let home = std::env::var("HOME").unwrap_or(root.clone());
        for path in [root, home].iter().filter(|path| path.len() > 4) {
            let bytes = path.as_bytes();
            let named = plugin.component.windows(bytes.len()).any(|window| window == bytes);
            assert!(!named, "{name} names {path}");
        }
    }
}

#[test]
fn a_plugin_in_c_is_built_without_bindings() {
    let Some(plugin) = plugins::in_c() else { return };
    assert!(plugin.component.starts_with(COMPONENT));
    assert!(plugin.component.len() < 20_000, "{} bytes", plugin.component.len());
    let again = componentise(&plugin.component);
    assert_eq!(again, Err("it is a component already".to_owned()));
}

#[test]
fn what_exports_no_plugin_is_none() {
    // The shortest module, and no module at all.
    for bytes in [&b"\0asm\x01\0\0\0"[..], b"", b"\0asm", b"#!/bin/sh"] {
        let reason = componentise(bytes).expect_err("no plugin");
        assert!(!reason.is_empty());
    }
    let reason = componentise(b"\0asm\x01\0\0\0").expect_err("no plugin");
    assert!(reason.contains("describe") || reason.contains("check"), "{reason}");
}
