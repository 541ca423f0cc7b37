//! The contracts of waits, checked at every operation.
//!
//! A cycle of waits is a deadlock only if it never opens, and every engine relies on that: a thread in a cycle is not
//! looked at again. So a wait that says which threads have to act on it ([`Wait::woken_by`](crate::model::Wait::woken_by),
//! [`Wait::woken_by_owner`](crate::model::Wait::woken_by_owner), [`Wait::woken_by_all`](crate::model::Wait::woken_by_all)) is held to it:
//! what another thread does neither ends the wait nor takes a thread out of those that have to act. And work stays until
//! a thread that waits for it takes it.
//!
//! An execution is checked from one operation of a thread to the next; an explicit-state search checks every transition.

use crate::engine::error::SearchError;
use crate::engine::execution::sets::Threads;
use crate::engine::execution::thread::Awaiting;
use crate::engine::execution::view::StateView;
use crate::engine::location::ModelLocation;
use crate::trace::ThreadId;

/// What a wait's contract forbids a thread to do in its next operation.
#[derive(Debug, Clone)]
pub(crate) struct Expected {
    waiter: ThreadId,
    still: Still,
}

/// What has to hold still afterwards.
#[derive(Debug, Clone, Copy)]
enum Still {
    /// These threads have to act.
    Enders(Threads),
    /// There is work.
    Work,
}

/// A contract that a thread's operation has broken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Breach {
    /// The wait is over.
    Ended { waiter: ThreadId },
    /// One of the threads that had to act need not any more.
    Redirected { waiter: ThreadId, from: ThreadId },
    /// The work is gone.
    Taken { waiter: ThreadId },
}

/// What the contracts of all waits forbid a thread to do in its next operation.
pub(crate) fn expected(view: &impl StateView, thread: ThreadId) -> Vec<Expected> {
    let mut expected = Vec::new();
    for (waiter, thread_state) in view.threads() {
        let Some(awaiting) = thread_state.waits.as_ref().filter(|_| waiter != thread) else {
            continue;
        };
        let is_ready = view.is_ready(waiter, awaiting);
        let still = if is_ready {
            let keeps = awaiting.idle && !takes_work(view, thread, awaiting);
            keeps.then_some(Still::Work)
        } else {
            let wakers = view.wakers(waiter, awaiting);
            let others = wakers.without(Threads::one(thread));
            (!others.is_empty()).then_some(Still::Enders(others))
        };
        expected.extend(still.map(|still| Expected { waiter, still }));
    }
    expected
}

/// Whether a thread waits for the same work.
fn takes_work(view: &impl StateView, thread: ThreadId, awaiting: &Awaiting) -> bool {
    let waits = view.thread(thread).waits.as_ref();
    waits.is_some_and(|own| own.idle && own.object == awaiting.object)
}

/// The first contract that was broken.
pub(crate) fn breach(expected: &[Expected], after: &impl StateView) -> Option<Breach> {
    expected.iter().find_map(|Expected { waiter, still }| {
        let waiter = *waiter;
        let awaiting = after.thread(waiter).waits.as_ref()?;
        let is_ready = after.is_ready(waiter, awaiting);
        match still {
            Still::Work => (!is_ready).then_some(Breach::Taken { waiter }),
            Still::Enders(_) if is_ready => Some(Breach::Ended { waiter }),
            Still::Enders(wakers) => {
                let gone = wakers.without(after.wakers(waiter, awaiting));
                let from = gone.iter().next()?;
                Some(Breach::Redirected { waiter, from })
            }
        }
    })
}

/// The error that a breach is, by a thread at its operation. `before` is what held before.
pub(crate) fn error(
    before: &impl StateView,
    expected: &[Expected],
    breach: Breach,
    location: ModelLocation,
) -> SearchError {
    let name = |thread: ThreadId| before.thread(thread).name;
    let waiter = match breach {
        Breach::Ended { waiter } | Breach::Redirected { waiter, .. } | Breach::Taken { waiter } => {
            waiter
        }
    };
    let still = expected.iter().find(|one| one.waiter == waiter);
    let wakers: Vec<&str> = match still.map(|one| one.still) {
        Some(Still::Enders(wakers)) => wakers.iter().map(name).collect(),
        _ => Vec::new(),
    };
    let wakers = wakers.join(" and ");
    let thread_state = before.thread(waiter);
    let what = thread_state
        .waits
        .as_ref()
        .map_or("", |awaiting| &*awaiting.what);
    let contract = match breach {
        Breach::Ended { .. } => format!(
            "says that `{wakers}` has to act for that, and this operation ends the wait: name every thread that may end it \
             by what the object holds (`Wait::woken_by_owner`), or none"
        ),
        Breach::Redirected { from, .. } => format!(
            "says that `{from}` has to act for that, and by this operation it need not any more: only a thread itself \
             hands on what it has to do",
            from = name(from)
        ),
        Breach::Taken { .. } => "says that it waits for work (`Wait::for_work`), and this operation takes the work away: \
             only a thread that waits for work at the same object may take it"
            .to_string(),
    };
    SearchError::WaitContract {
        location: location.into(),
        wait: format!("`{}` waits for `{what}`", thread_state.name),
        contract,
    }
}
