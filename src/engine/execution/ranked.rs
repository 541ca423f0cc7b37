//! Mutexes that are locked in one order.
//!
//! The engine has three: the state of an execution, the collector of its search, and the graph of states that an
//! explicit-state search builds. A thread locks them in this order and never across a switch to another coroutine, so
//! the engine cannot deadlock over its own mutexes. Debug builds assert it.

use std::cell::Cell;
use std::ops::{Deref, DerefMut};
use std::sync::{Mutex, MutexGuard, PoisonError, TryLockError};

/// The place of a mutex in the order in which they are locked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Rank {
    /// The [`ExecutionState`](super::state::ExecutionState) of one execution.
    Execution,
    /// The [`Collector`](super::collector::Collector) of a search.
    Collector,
    /// What an explicit-state search has explored.
    Exploration,
}

thread_local! {
    /// The ranks that this thread of the operating system holds, each as a bit.
    static HELD: Cell<u8> = const { Cell::new(0) };
}

/// A mutex with a rank. It is poisoned only if an encoding panicked, which ends the search with an error of its own.
#[derive(Debug)]
pub(crate) struct Ranked<T> {
    rank: Rank,
    mutex: Mutex<T>,
}

impl<T> Ranked<T> {
    pub(crate) const fn new(rank: Rank, value: T) -> Self {
        Self {
            rank,
            mutex: Mutex::new(value),
        }
    }

    /// Locks it.
    ///
    /// # Panics
    /// In debug builds, if this thread holds a mutex of the same or of a later rank.
    pub(crate) fn lock(&self) -> RankedGuard<'_, T> {
        let bit = 1 << self.rank as u8;
        let held = HELD.get();
        debug_assert!(
            held < bit,
            "{:?} is locked while a mutex of its rank or of a later one is held ({held:#b})",
            self.rank
        );
        let guard = unpoisoned(&self.mutex);
        HELD.set(held | bit);
        RankedGuard { guard, bit }
    }

    /// Locks it if no thread of the operating system holds it, for an observer from outside of the model's thread.
    pub(crate) fn try_lock(&self) -> Option<MutexGuard<'_, T>> {
        match self.mutex.try_lock() {
            Ok(guard) => Some(guard),
            Err(TryLockError::Poisoned(poisoned)) => Some(poisoned.into_inner()),
            Err(TryLockError::WouldBlock) => None,
        }
    }
}

/// A mutex that is locked.
pub(crate) struct RankedGuard<'a, T> {
    guard: MutexGuard<'a, T>,
    bit: u8,
}

impl<T> Deref for RankedGuard<'_, T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.guard
    }
}

impl<T> DerefMut for RankedGuard<'_, T> {
    fn deref_mut(&mut self) -> &mut T {
        &mut self.guard
    }
}

impl<T> Drop for RankedGuard<'_, T> {
    fn drop(&mut self) {
        HELD.set(HELD.get() & !self.bit);
    }
}

/// Locks a mutex of the engine's that is held for a moment only. It is poisoned only if an encoding panicked, which ends
/// the search with an error of its own.
pub(crate) fn unpoisoned<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;

    #[test]
    fn the_order_of_ranks_is_asserted() {
        let state = Ranked::new(Rank::Execution, ());
        let collector = Ranked::new(Rank::Collector, ());
        {
            let _state = state.lock();
            let _collector = collector.lock();
        }
        let wrong = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            let _collector = collector.lock();
            let _state = state.lock();
        }));
        assert!(wrong.is_err());
        let twice = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            let _one = state.lock();
            let _two = state.lock();
        }));
        assert!(twice.is_err());
        // What was held while the assertion failed is released.
        drop((state.lock(), ()));
    }
}
