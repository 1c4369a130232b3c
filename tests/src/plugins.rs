//! The example plugins as components: built by plimsoll-plugin-build.
//!
//! They are kept in `target/plugins/components`, by what they are made of: a second run builds nothing.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use plimsoll_engine::files::MemoryFiles;
use plimsoll_engine::{BuildError, Plugin, PluginOptions};
use plimsoll_plugin_build::{Options, Toolchain, Way};
use sha2::{Digest, Sha256};

use crate::{repository, skipped};

/// A plugin of the folder `plugins`.
#[derive(Clone, Debug)]
pub struct ExamplePlugin {
    /// Its name: `licences`.
    pub name: String,
    /// Its folder, with `rules` in it.
    pub folder: PathBuf,
    /// The component.
    pub component: Vec<u8>,
}

impl ExamplePlugin {
    /// The plugin as the host has it, with the pages of its rules.
    ///
    /// # Panics
    ///
    /// When it cannot be loaded.
    #[must_use]
    pub fn open(&self, options: &PluginOptions) -> Plugin {
        let name = format!("{}.wasm", self.name);
        let mut files = MemoryFiles::default().with(name.clone(), self.component.clone());
        let mut folders = vec![self.folder.join("rules")];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(&folder).expect("a folder of pages").flatten() {
                let path = entry.path();
                if path.is_dir() {
                    folders.push(path);
                } else {
                    let below = path.strip_prefix(&self.folder).expect("a path below").to_owned();
                    files = files.with(below.to_string_lossy(), fs::read(&path).expect("a page"));
                }
            }
        }
        let vocabulary = plimsoll_engine::engine::vocabulary();
        Plugin::open(&files, &name, &name, options, &vocabulary)
            .unwrap_or_else(|problems| panic!("{}", BuildError(problems)))
    }

    /// Where the page of a rule lies, by its id.
    #[must_use]
    pub fn page(&self, rule: &str) -> PathBuf {
        let stem = rule.split_once('/').map_or(rule, |(_, stem)| stem);
        self.folder.join("rules").join(format!("{stem}.md"))
    }
}

/// What the plugins in Rust are made of.
const SOURCES: [&str; 7] = [
    "Cargo.toml",
    "Cargo.lock",
    "plugins/Cargo.toml",
    "plugins/Cargo.lock",
    "plugins",
    "sdk",
    "cli/plugin-build",
];

/// The plugins in Rust, in the order of their names; built once. `None`, after saying so, where nothing
/// compiles for WebAssembly.
///
/// `PLIMSOLL_WASM` names a [`Way`] to build with: `installed`, `rustup` or `debian`.
///
/// # Panics
///
/// When they do not build, and when `PLIMSOLL_REQUIRE` asks for them.
#[must_use]
pub fn built() -> Option<&'static [ExamplePlugin]> {
    static BUILT: OnceLock<Option<Vec<ExamplePlugin>>> = OnceLock::new();
    BUILT.get_or_init(build).as_deref()
}

/// The plugin in C; built once. `None`, after saying so, without Zig, which `./test` installs.
///
/// # Panics
///
/// When it does not build, and when `PLIMSOLL_REQUIRE` asks for it.
#[must_use]
pub fn in_c() -> Option<&'static ExamplePlugin> {
    static BUILT: OnceLock<Option<ExamplePlugin>> = OnceLock::new();
    BUILT.get_or_init(build_in_c).as_ref()
}

fn build_in_c() -> Option<ExamplePlugin> {
    let zig = repository().join("target/zig");
    if !zig.join("done").exists() {
        skipped("zig", "tests/zig/install did not install it");
        return None;
    }
    let folder = repository().join("plugins/in-c");
    // Every test program has its own module: they may run at once.
    let module = zig.join(format!("in-c-{}.wasm", std::process::id()));
    let mut compile = Command::new(folder.join("compile"));
    compile.arg(&module).env("CC", format!("{} cc", zig.join("site/ziglang/zig").display()));
    compile.env("ZIG_GLOBAL_CACHE_DIR", zig.join("cache"));
    compile.env("ZIG_LOCAL_CACHE_DIR", zig.join("cache"));
    let output = compile.output().expect("plugins/in-c/compile runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let bytes = fs::read(&module).expect("a module");
    let _ = fs::remove_file(&module);
    let component = plimsoll_plugin_build::componentise(&bytes).expect("a component");
    Some(ExamplePlugin { name: "in-c".to_owned(), folder, component })
}

fn ways() -> Vec<Way> {
    match std::env::var("PLIMSOLL_WASM").as_deref() {
        Ok("installed") => vec![Way::Installed],
        Ok("rustup") => vec![Way::Rustup],
        Ok("debian") => vec![Way::Debian],
        Ok(other) if !other.is_empty() => panic!("PLIMSOLL_WASM: there is no `{other}`"),
        _ => Way::ALL.to_vec(),
    }
}

/// The way to build plugins on this machine. `None`, after saying so, where there is none.
///
/// # Panics
///
/// When `PLIMSOLL_REQUIRE` asks for it.
#[must_use]
pub fn toolchain() -> Option<Toolchain> {
    let cache = Toolchain::cache().unwrap_or_else(|| target().join("toolchains"));
    let tell = |what: &str| eprintln!("plugins: {what}");
    match Toolchain::find(&ways(), Some(&cache), &tell) {
        Ok(toolchain) => Some(toolchain),
        Err(error) => {
            skipped("wasm", &error.to_string());
            None
        }
    }
}

/// Where tests put what they compile for WebAssembly.
#[must_use]
pub fn target() -> PathBuf {
    repository().join("target").join("plugins")
}

fn build() -> Option<Vec<ExamplePlugin>> {
    let target = target();
    fs::create_dir_all(&target).expect("a folder in target");
    // Test programs that run at once build once.
    let lock = File::create(target.join("lock")).expect("a lock");
    lock.lock().expect("a lock");
    let toolchain = toolchain()?;
    let kept = target.join("components").join(key(&toolchain));
    if let Ok(plugins) = restore(&kept) {
        return Some(plugins);
    }
    let options = Options { target_dir: Some(target.clone()), locked: true, progress: false };
    let built = plimsoll_plugin_build::build(&repository().join("plugins"), &toolchain, &options);
    let built = built.unwrap_or_else(|error| panic!("the example plugins: {error}"));
    let partial = target.join("components").join("partial");
    let _ = fs::remove_dir_all(&partial);
    fs::create_dir_all(&partial).expect("a folder in target");
    for plugin in built {
        let file = partial.join(format!("{}.wasm", plugin.name));
        fs::write(file, plugin.component).expect("a file in target");
    }
    let _ = fs::remove_dir_all(&kept);
    fs::rename(&partial, &kept).expect("a folder in target");
    Some(restore(&kept).expect("what was just written"))
}

fn restore(kept: &Path) -> io::Result<Vec<ExamplePlugin>> {
    let mut plugins = Vec::new();
    for entry in fs::read_dir(kept)? {
        let path = entry?.path();
        let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let folder = repository().join("plugins").join(&name);
        plugins.push(ExamplePlugin { name, folder, component: fs::read(&path)? });
    }
    plugins.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(plugins)
}

/// A digest of everything that decides what comes out.
fn key(toolchain: &Toolchain) -> String {
    let rustc = Command::new("rustc").arg("-vV").output().expect("rustc runs");
    let mut digest = Sha256::new();
    digest.update(format!("{:?}\n{:?}\n", toolchain.way, rustc.stdout));
    let mut files = Vec::new();
    for source in SOURCES {
        collect(&repository().join(source), &mut files);
    }
    files.sort();
    files.dedup();
    for file in files {
        let text = fs::read(&file).expect("a source");
        digest.update(format!("{}\n{}\n", file.display(), text.len()));
        digest.update(text);
    }
    digest.finalize().iter().take(16).map(|byte| format!("{byte:02x}")).collect()
}

/// The files below a path that are compiled, or say how.
fn collect(path: &Path, files: &mut Vec<PathBuf>) {
    let name = path.file_name().unwrap_or_default();
    if path.is_dir() {
        if name != "target" && name != "tests" && name != "rules" {
            let entries = fs::read_dir(path).into_iter().flatten().flatten();
            entries.for_each(|entry| collect(&entry.path(), files));
        }
    } else if path
        .extension()
        .is_some_and(|e| e == "rs" || e == "wit" || e == "toml" || e == "lock")
    {
        files.push(path.to_owned());
    }
}
