//! How many calls of a plugin run at once.

use std::sync::{Condvar, Mutex, PoisonError};

/// The places of a pool, in which there is memory for one call each. Who finds them all taken waits: a pool
/// without a place is an error of wasmtime.
pub(super) struct Slots {
    free: Mutex<usize>,
    returned: Condvar,
}

impl Slots {
    pub(super) fn new(count: usize) -> Self {
        Slots { free: Mutex::new(count), returned: Condvar::new() }
    }

    pub(super) fn take(&self) -> Slot<'_> {
        let free = self.free.lock().unwrap_or_else(PoisonError::into_inner);
        let waited = self.returned.wait_while(free, |free| *free == 0);
        *waited.unwrap_or_else(PoisonError::into_inner) -= 1;
        Slot(self)
    }
}

/// A place, until it is dropped: after the store that it is for.
pub(super) struct Slot<'a>(&'a Slots);

impl Drop for Slot<'_> {
    fn drop(&mut self) {
        *self.0.free.lock().unwrap_or_else(PoisonError::into_inner) += 1;
        self.0.returned.notify_one();
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::thread;

    use super::*;

    #[test]
    fn as_many_as_there_are_places_run_at_once() {
        let (slots, running, most) = (Slots::new(2), AtomicUsize::new(0), AtomicUsize::new(0));
        let work = || {
            for _ in 0..200 {
                let _slot = slots.take();
                most.fetch_max(running.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                thread::yield_now();
                running.fetch_sub(1, Ordering::SeqCst);
            }
        };
        thread::scope(|scope| (0..6).for_each(|_| drop(scope.spawn(work))));
        assert!((1..=2).contains(&most.into_inner()));
        assert_eq!(*slots.free.lock().unwrap(), 2);
    }
}
