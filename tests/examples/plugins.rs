//! Builds the example plugins and says how large they are: `plugins [FOLDER]` also writes them there.
#![allow(clippy::print_stdout)]

use std::path::PathBuf;

fn main() {
    let folder = std::env::args_os().nth(1).map(PathBuf::from);
    for plugin in plimsoll_tests::plugins::built().unwrap_or_default() {
        println!("{} {} bytes", plugin.name, plugin.component.len());
        if let Some(folder) = &folder {
            let path = folder.join(format!("{}.wasm", plugin.name));
            std::fs::write(path, &plugin.component).expect("a file");
        }
    }
}
