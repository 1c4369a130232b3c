//! A line on the terminal that says how far the work is, when it takes long.

use std::io::Write;
use std::sync::Mutex;
use std::time::{Duration, Instant};

/// Work that takes less is not worth a line.
const SILENT: Duration = Duration::from_secs(1);

/// How often the line is redrawn at most.
const PAUSE: Duration = Duration::from_millis(100);

/// The line. Dropping it clears it.
pub(crate) struct Progress {
    begun: Instant,
    /// When the line was last drawn; `None` when it was not.
    drawn: Mutex<Option<Instant>>,
    enabled: bool,
}

impl Progress {
    pub(crate) fn new(enabled: bool) -> Self {
        Progress { begun: Instant::now(), drawn: Mutex::new(None), enabled }
    }

    /// Says that `done` of `total` are done.
    pub(crate) fn tell(&self, doing: &str, done: usize, total: usize) {
        if !self.enabled || self.begun.elapsed() < SILENT {
            return;
        }
        // Whoever comes while another draws has nothing to add.
        let Ok(mut drawn) = self.drawn.try_lock() else { return };
        if drawn.is_some_and(|last| last.elapsed() < PAUSE) {
            return;
        }
        *drawn = Some(Instant::now());
        let _ = write!(std::io::stderr(), "\r\x1b[K{doing} {done} of {total}");
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if self.drawn.lock().is_ok_and(|drawn| drawn.is_some()) {
            let _ = write!(std::io::stderr(), "\r\x1b[K");
        }
    }
}
