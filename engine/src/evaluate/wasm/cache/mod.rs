//! Code that plugins were compiled to before.
//!
//! Compiled code is no WebAssembly any more: what is wrong with it, nobody finds out before it runs. So:
//!
//! - The folder is the user's own, as `folder` sees to; from another one nothing is taken.
//! - A file is named by the digest of the plugin, and by the version of wasmtime and all settings that
//!   decide what is compiled. It begins with the digest of its name and of the code: code that is damaged,
//!   or has the name of other code, is not taken.
//! - Whatever goes wrong, the plugin is compiled.
//!
//! Who can write files as the user can write such a file, too, but needs no cache to do harm.
//!
//! Here is the only `unsafe` of the project: wasmtime has to be promised that code is its own.

mod folder;

use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::path::PathBuf;

use rayon::prelude::*;
use sha2::{Digest as _, Sha256};
use wasmtime::Engine;
use wasmtime::component::Component;

use folder::OwnFolder;

/// The size of a digest, in bytes.
const DIGEST: usize = 32;

/// The pieces that are hashed at the same time, in bytes: hashing is a fourth of loading.
const PIECE: usize = 256 << 10;

/// The folder in which compiled code of plugins is kept from one start to the next. Cheap to make: nothing
/// is looked at before a plugin is loaded.
#[derive(Clone, Debug)]
pub struct CodeCache {
    base: PathBuf,
}

impl CodeCache {
    /// The cache in the folder `plimsoll/plugins` below `base`, the user's folder for what can be made
    /// again. It is made when a plugin is loaded.
    ///
    /// On Unix it is used only if it belongs to the user of this process and nobody else may write to it, and
    /// if nobody but the user and the system's administrator may write to `base`. Elsewhere, and where a
    /// file system has other permissions besides these, nothing is checked: there `base` has to be a folder
    /// that only the user can write to, for whoever writes there decides what runs.
    #[must_use]
    pub fn at(base: PathBuf) -> CodeCache {
        CodeCache { base }
    }

    /// The component of a plugin with this digest: of its code if that is kept here, and compiled
    /// otherwise.
    pub(super) fn component(
        &self,
        engine: &Engine,
        bytes: &[u8],
        digest: &str,
    ) -> wasmtime::Result<Component> {
        let Ok(folder) = OwnFolder::open(&self.base) else {
            return Component::from_binary(engine, bytes);
        };
        let name = name(engine, digest);
        if let Ok(file) = folder.read(&name)
            && let Some(code) = Code::unsealed(&name, &file)
        {
            // Compiling would give the same code: what an engine has no room for, it never has.
            return code.component(engine);
        }
        let code = engine.precompile_component(bytes)?;
        let code = Code(&code);
        // Without the file it is compiled again the next time: nothing that anybody has to be told.
        let _ = folder.write(&name, &[&seal(&name, code.0), code.0]);
        code.component(engine)
    }
}

/// How the code of a plugin is named: by its digest, and by everything else that decides what it is.
fn name(engine: &Engine, digest: &str) -> String {
    let mut settings = DefaultHasher::new();
    engine.precompile_compatibility_hash().hash(&mut settings);
    let digest = digest.rsplit(':').next().unwrap_or_default();
    format!("{digest}-{:016x}", settings.finish())
}

/// What a file with code of this name begins with.
fn seal(name: &str, code: &[u8]) -> [u8; DIGEST] {
    let pieces: Vec<_> = code.par_chunks(PIECE).map(Sha256::digest).collect();
    let digest = Sha256::new().chain_update(name).chain_update([0]);
    pieces.into_iter().fold(digest, Sha256::chain_update).finalize().into()
}

/// Code that wasmtime made: just now, or some time before and it is still the same.
struct Code<'a>(&'a [u8]);

impl<'a> Code<'a> {
    /// The code in a file, if it is what was written there.
    fn unsealed(name: &str, file: &'a [u8]) -> Option<Code<'a>> {
        let (found, code) = file.split_first_chunk::<DIGEST>()?;
        (*found == seal(name, code)).then_some(Code(code))
    }

    /// The component. Of another version wasmtime refuses only what another major version made; that a
    /// mistake of its compiler does not live on in the cache, [`name`] sees to.
    #[allow(unsafe_code)]
    fn component(&self, engine: &Engine) -> wasmtime::Result<Component> {
        // SAFETY: `deserialize` wants what `precompile_component` returned, unchanged. A `Code` is that, or
        // comes from a file that was sealed with it, of the user's own, in a folder to which only the user can
        // write; where that cannot be checked, the caller of `at` saw to it. It is copied from these very
        // bytes: nothing is read again that could have changed since.
        unsafe { Component::deserialize(engine, self.0) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_is_what_was_sealed_under_its_name() {
        let file = [&seal("name", b"code")[..], b"code"].concat();
        let is_taken = |name: &str, file: &[u8]| Code::unsealed(name, file).is_some();
        assert!(is_taken("name", &file));
        assert!(!is_taken("other", &file), "it has the name of other code");
        for end in 0..file.len() {
            assert!(!is_taken("name", &file[..end]), "cut after {end} bytes");
            let mut damaged = file.clone();
            damaged[end] ^= 1;
            assert!(!is_taken("name", &damaged), "byte {end}");
        }
        assert!(!is_taken("name", &[&file[..], b"!"].concat()));
    }

    #[test]
    fn every_piece_of_code_counts_where_it_is() {
        let code: Vec<u8> = (0..PIECE * 5 / 2).map(|at| (at / 1000) as u8).collect();
        let sealed = seal("name", &code);
        for at in [0, PIECE - 1, PIECE, 2 * PIECE, code.len() - 1] {
            let mut other = code.clone();
            other[at] ^= 1;
            assert_ne!(seal("name", &other), sealed, "byte {at}");
        }
        let (first, rest) = code.split_at(PIECE);
        let (second, third) = rest.split_at(PIECE);
        assert_ne!(seal("name", &[second, first, third].concat()), sealed);
        assert_ne!(seal("name", &code[..2 * PIECE]), sealed);
    }
}
