//! From a module to a component.

use wit_component::{ComponentEncoder, StringEncoding, embed_component_metadata};
use wit_parser::Resolve;

/// The interface of plugins, version 1.
pub const WIT: &str = include_str!("../../../sdk/wit/v1/plugin.wit");

/// The name of the section in which bindings say what a module implements.
const SECTION: &[u8] = b"component-type";

/// Makes a component of a module that exports what [`WIT`] asks for.
///
/// What bindings say of the interface is used; a module without bindings, such as one in C, is taken at its
/// exports: their names are those of the interface, their signatures those of the
/// [canonical ABI](https://github.com/WebAssembly/component-model/blob/main/design/mvp/CanonicalABI.md).
///
/// # Errors
///
/// When the module is broken, or does not implement the interface: one sentence.
pub fn componentise(module: &[u8]) -> Result<Vec<u8>, String> {
    if module.starts_with(b"\0asm\x0d\0\x01\0") {
        return Err("it is a component already".into());
    }
    let mut module = module.to_vec();
    if !module.windows(SECTION.len()).any(|bytes| bytes == SECTION) {
        embed(&mut module)?;
    }
    let encoder = ComponentEncoder::default().validate(true).module(&module);
    encoder.and_then(|mut encoder| encoder.encode()).map_err(|error| format!("{error:#}"))
}

/// Says in the module that it implements [`WIT`].
fn embed(module: &mut Vec<u8>) -> Result<(), String> {
    let mut resolve = Resolve::default();
    let package = resolve.push_str("plugin.wit", WIT).map_err(|error| format!("{error:#}"))?;
    let world = resolve.select_world(&[package], Some("plugin"));
    let world = world.map_err(|error| format!("{error:#}"))?;
    embed_component_metadata(module, &resolve, world, StringEncoding::UTF8)
        .map_err(|error| format!("{error:#}"))
}
