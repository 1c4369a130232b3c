//! Debian's compiler, where rustup cannot download: its packages are unpacked, not installed.
//!
//! `rustc-web` is what Debian builds browsers with, and new enough also in older releases. It has no
//! standard library for WebAssembly, but its sources, which cargo compiles along (`build-std`). Cargo and
//! the linker are those of rustup's toolchain.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use crate::process::{done, printed};
use crate::toolchain::{Toolchain, Way, rustc};

/// The oldest compiler that compiles the SDK: 1.95.
const OLDEST: (u32, u32) = (1, 95);

/// How long one step may take.
const STEP: Duration = Duration::from_secs(900);

/// A file that says that everything is unpacked.
const DONE: &str = "done";

pub(crate) fn toolchain(cache: Option<&Path>, tell: &dyn Fn(&str)) -> Result<Toolchain, String> {
    let cache = cache.ok_or("there is no folder to keep Debian's compiler in")?;
    let host = host().ok_or("`rustc` does not say what machine this is")?;
    let libraries = match host.as_str() {
        "x86_64-unknown-linux-gnu" => "usr/lib/x86_64-linux-gnu",
        "aarch64-unknown-linux-gnu" => "usr/lib/aarch64-linux-gnu",
        _ => return Err(format!("Debian's compiler does not run on {host}")),
    };
    let linker = linker(&host).ok_or("the Rust toolchain has no `rust-lld`")?;
    let prefix = prefix(cache, tell)?;
    let compiler = prefix.join("usr/bin/rustc");
    let libraries = prefix.join(libraries);
    printed(Command::new(&compiler).arg("-vV").env("LD_LIBRARY_PATH", &libraries))
        .ok_or("Debian's compiler does not run on this machine")?;
    Ok(Toolchain::new(Way::Debian)
        .with("RUSTC", compiler)
        .with("LD_LIBRARY_PATH", libraries)
        // The option below is unstable, and this is how Debian's own builds ask for such.
        .with("RUSTC_BOOTSTRAP", "1")
        .with("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", linker)
        .argument("-Zbuild-std=std,panic_abort")
        .hide(&prefix, "debian"))
}

fn host() -> Option<String> {
    let about = printed(rustc().arg("-vV"))?;
    about.lines().find_map(|line| line.strip_prefix("host: ")).map(str::to_owned)
}

fn linker(host: &str) -> Option<PathBuf> {
    let sysroot = printed(rustc().args(["--print", "sysroot"]))?;
    let linker = Path::new(sysroot.trim()).join("lib/rustlib").join(host).join("bin/rust-lld");
    linker.exists().then_some(linker)
}

/// The folder with the unpacked packages; made when it is not there.
fn prefix(cache: &Path, tell: &dyn Fn(&str)) -> Result<PathBuf, String> {
    let wrong = |error: std::io::Error| format!("`{}`: {error}", cache.display());
    private_folder(cache).map_err(wrong)?;
    // Two builds at once make it once.
    let lock = File::create(cache.join("debian.lock")).map_err(wrong)?;
    lock.lock().map_err(wrong)?;
    if let Some(there) = unpacked(cache) {
        return Ok(there);
    }
    for program in ["apt-get", "apt-cache", "dpkg-deb"] {
        if printed(Command::new(program).arg("--version")).is_none() {
            return Err(format!("there is no `{program}` to have Debian's compiler from"));
        }
    }
    tell("downloading Debian's compiler, 140 MB, once");
    let fetched = fetch(cache).or_else(|_| {
        // The lists of packages are missing or old; only root may renew them.
        done(Command::new("apt-get").args(["update", "-qq"]), STEP)?;
        fetch(cache)
    });
    fetched.map_err(|why| format!("Debian's compiler cannot be had: {why}"))
}

fn private_folder(path: &Path) -> std::io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}

/// The newest one that is there as a whole.
fn unpacked(cache: &Path) -> Option<PathBuf> {
    let folders = fs::read_dir(cache).ok()?.flatten().map(|entry| entry.path());
    let debian = |path: &PathBuf| {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        name.starts_with("debian-") && path.join(DONE).exists()
    };
    folders.filter(debian).max()
}

/// Downloads and unpacks what is on offer. `apt-get` checks signatures and digests.
fn fetch(cache: &Path) -> Result<PathBuf, String> {
    let version = candidate("rustc-web").ok_or("no `rustc-web` is on offer")?;
    let numbers: Vec<u32> = version.split('.').map_while(|part| part.parse().ok()).collect();
    let [major, minor, ..] = numbers[..] else {
        return Err(format!("`{version}` is no version of a compiler"));
    };
    if (major, minor) < OLDEST {
        return Err(format!("its version is {major}.{minor}"));
    }
    let library = format!("libstd-rust-web-{major}.{minor}");
    let mut packages = vec!["rustc-web".to_owned(), "rust-web-src".into()];
    packages.extend(["libstd-rust-web-dev".to_owned(), library.clone()]);
    packages.extend(needed(&library));

    let partial = cache.join("partial");
    let archives = partial.join("archives");
    let wrong = |error: std::io::Error| format!("`{}`: {error}", partial.display());
    if partial.exists() {
        fs::remove_dir_all(&partial).map_err(wrong)?;
    }
    private_folder(&archives).map_err(wrong)?;
    let mut download = Command::new("apt-get");
    done(download.args(["download", "-qq"]).args(&packages).current_dir(&archives), STEP)?;
    for archive in fs::read_dir(&archives).map_err(wrong)?.flatten() {
        let mut unpack = Command::new("dpkg-deb");
        done(unpack.arg("--extract").arg(archive.path()).arg(&partial), STEP)?;
    }
    fs::remove_dir_all(&archives).map_err(wrong)?;
    fs::write(partial.join(DONE), version.as_bytes()).map_err(wrong)?;
    let folder = cache.join(format!("debian-{major}.{minor}"));
    if folder.exists() {
        fs::remove_dir_all(&folder).map_err(wrong)?;
    }
    fs::rename(&partial, &folder).map_err(wrong)?;
    Ok(folder)
}

/// The version that would be installed: `1.96.0+dfsg1-1~deb12u2`.
fn candidate(package: &str) -> Option<String> {
    let policy = printed(Command::new("apt-cache").args(["policy", package]))?;
    let version = policy.lines().find_map(|line| line.trim().strip_prefix("Candidate: "))?;
    (version != "(none)").then(|| version.trim().to_owned())
}

/// The LLVM of the library, and what that needs and this machine lacks.
fn needed(library: &str) -> Vec<String> {
    let depends = printed(Command::new("apt-cache").args(["depends", library])).unwrap_or_default();
    let mut names = depends.lines().filter_map(|line| line.trim().strip_prefix("Depends: "));
    let Some(llvm) = names.find(|name| name.starts_with("libllvm")) else { return Vec::new() };
    let mut install = Command::new("apt-get");
    install.args(["install", "--print-uris", "-qq", "--no-install-recommends", llvm]);
    let uris = printed(&mut install).unwrap_or_default();
    // 'http://…' libllvm22_22.1.8_amd64.deb 29378692 SHA256:…; nothing when it is installed.
    let files = uris.lines().filter_map(|line| line.split_whitespace().nth(1));
    files.filter_map(|file| file.split('_').next()).map(str::to_owned).collect()
}
