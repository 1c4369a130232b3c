//! What makes plugins look at the clock: a thread that counts epochs while one may be running.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use wasmtime::Engine;

/// How long an epoch lasts.
const TICK: Duration = Duration::from_millis(10);

/// Counts the epochs of some engines, as long as somebody holds a [`Ticking`].
pub(super) struct Ticker {
    engines: Arc<[Engine]>,
    shared: Arc<Shared>,
}

#[derive(Default)]
struct Shared {
    state: Mutex<State>,
    changed: Condvar,
    /// How many ticks there were.
    ticks: AtomicU64,
}

#[derive(Default)]
struct State {
    users: usize,
    /// The number of the thread that is to run; another one ends.
    turn: u64,
    thread: Option<JoinHandle<()>>,
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Ticker {
    pub(super) fn new(engines: Vec<Engine>) -> Self {
        Ticker { engines: engines.into(), shared: Arc::default() }
    }

    /// Epochs pass until what this gives is dropped. Where no thread can be started none do: fuel
    /// still ends everything.
    pub(super) fn start(&self) -> Ticking {
        let mut state = self.shared.lock();
        state.users += 1;
        if state.users == 1 {
            let (engines, shared) = (Arc::clone(&self.engines), Arc::clone(&self.shared));
            let turn = state.turn;
            let thread = thread::Builder::new().name("plimsoll-ticker".into());
            state.thread = thread.spawn(move || tick(&engines, &shared, turn)).ok();
        }
        Ticking { shared: Arc::clone(&self.shared) }
    }

    /// Tells when a time that begins now is over, as far as somebody holds a [`Ticking`].
    ///
    /// An epoch of an engine is no measure of time: everybody who has evaluators of a plugin counts on
    /// the same engine.
    pub(super) fn deadline(&self, time: Duration) -> impl Fn() -> bool + Send + Sync + 'static {
        let shared = Arc::clone(&self.shared);
        let ticks = u64::try_from(time.as_millis() / TICK.as_millis()).unwrap_or(u64::MAX);
        let start = shared.ticks.load(Ordering::Relaxed);
        // The tick that comes next may be very near.
        move || shared.ticks.load(Ordering::Relaxed).wrapping_sub(start) > ticks
    }

    /// Whether a thread is running.
    #[cfg(test)]
    pub(super) fn is_running(&self) -> bool {
        self.shared.lock().thread.is_some()
    }
}

/// The epochs of an engine pass.
pub(super) struct Ticking {
    shared: Arc<Shared>,
}

impl Drop for Ticking {
    fn drop(&mut self) {
        let mut state = self.shared.lock();
        state.users -= 1;
        if state.users > 0 {
            return;
        }
        state.turn += 1;
        let thread = state.thread.take();
        drop(state);
        self.shared.changed.notify_all();
        if let Some(thread) = thread {
            let _ = thread.join();
        }
    }
}

fn tick(engines: &[Engine], shared: &Shared, turn: u64) {
    let mut state = shared.lock();
    while state.turn == turn {
        let (next, waited) =
            shared.changed.wait_timeout(state, TICK).unwrap_or_else(PoisonError::into_inner);
        state = next;
        if waited.timed_out() {
            shared.ticks.fetch_add(1, Ordering::Relaxed);
            engines.iter().for_each(Engine::increment_epoch);
        }
    }
}
