//! What stands under a [`Lock`](super::Lock) or a [`Cell`](super::Cell) in each engine.

use ::loom::sync::{Mutex, MutexGuard};

/// The exclusion that an engine gives to one shared object.
#[derive(Debug)]
pub(crate) enum Raw {
    /// Under loom every object is a native mutex: all its accesses depend on one another, which
    /// is the case that loom's record of the *last* access handles completely.
    Loom(Mutex<()>),
    /// Under shuttle the scheduler runs a thread only when its announced operation can go
    /// through, so the object itself needs no exclusion.
    EnabledOnly,
}

/// Exclusive access to an object for as long as it lives.
#[derive(Debug)]
pub(crate) enum RawGuard<'a> {
    /// Dropping it is not a visible operation under loom, so a guard of ours may drop anywhere.
    Loom {
        _guard: MutexGuard<'a, ()>,
    },
    EnabledOnly,
}

impl Raw {
    /// Takes the object, waiting for whoever holds it.
    pub(crate) fn take(&self) -> RawGuard<'_> {
        match self {
            // loom's lock never reports poison: it returns `Ok` or panics inside.
            Self::Loom(mutex) => RawGuard::Loom {
                _guard: mutex.lock().expect("loom mutexes are not poisoned"),
            },
            Self::EnabledOnly => RawGuard::EnabledOnly,
        }
    }

    /// Tells loom of an attempt that cannot succeed.
    ///
    /// A thread that is about to close a cycle does not block, yet loom must see that it raced for
    /// the object, or it would not try the other order. The holder is in the same cycle and does
    /// not release before the execution is over, so the false deadlocks of loom's `try_lock`
    /// (tokio-rs/loom#376: another thread takes the mutex while the attempt is pending) cannot
    /// happen: whoever takes it during the unwinding gives it back.
    pub(crate) fn attempt_in_vain(&self) {
        if let Self::Loom(mutex) = self {
            drop(mutex.try_lock());
        }
    }
}
