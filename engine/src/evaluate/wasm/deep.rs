//! Threads to read and compile on.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::OnceLock;

use super::limits::Limits;
use crate::diagnostic::Diagnostic;

/// The stack that reading and compiling may need, besides the plugin's own, in bytes.
const STACK: usize = 8 << 20;

/// Does work on threads of this module's own: the caller's stack may be too small for what is in somebody
/// else's file, and the caller's pool may be waiting for this. They are started once, for starting them
/// costs as much as loading a small plugin.
pub(super) fn install<T: Send>(
    work: impl FnOnce() -> Result<T, Diagnostic> + Send,
) -> Result<T, Diagnostic> {
    static POOL: OnceLock<rayon::ThreadPool> = OnceLock::new();
    let pool = match POOL.get() {
        Some(pool) => pool,
        // Not remembered when it fails: the system may have threads again another time.
        None => {
            let started =
                start().map_err(|_| Diagnostic::error("cannot start threads to read it"))?;
            POOL.get_or_init(|| started)
        }
    };
    catch_unwind(AssertUnwindSafe(|| pool.install(work)))
        .unwrap_or_else(|_| Err(Diagnostic::error("it made the WebAssembly engine panic")))
}

fn start() -> Result<rayon::ThreadPool, rayon::ThreadPoolBuildError> {
    let stack = STACK + Limits::STACK.end();
    let named = |at| format!("plimsoll-loading-{at}");
    rayon::ThreadPoolBuilder::new().stack_size(stack).thread_name(named).build()
}
