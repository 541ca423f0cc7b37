//! The fingerprint of a model: sixteen digits that change with what its threads do.

use crate::engine::backend::shuttle::sample_as;
use crate::engine::backend::threads::few_threads;
use crate::engine::error::SearchError;
use crate::engine::execution::collector::{Collector, take_model_error};
use crate::engine::execution::determinism::DeterminismChecker;
use crate::engine::execution::hash::StableHasher;
use crate::engine::execution::model_error::ModelError;
use crate::engine::scheduler::Current;
use crate::engine::scheduler::permutations::Permutations;
use crate::engine::strategy::Engine;
use crate::model::Encoding;
use crate::trace::{Event, EventKind, ThreadId};
use std::hash::Hasher as _;
use std::sync::Arc;

/// The most threads whose every order is run; beyond it, every rotation of the first order is.
const ALL_ORDERS: usize = 4;

/// A fingerprint of what a model does.
///
/// It covers every event (thread, function, object, change, locks held) of the sequential runs: for
/// each order of the threads, the run in which the first thread that can go on always goes on. It
/// does not depend on the text of the encoding, on addresses or on the machine. Two models that
/// differ only where threads interleave more finely than in those runs have the same fingerprint;
/// pinned execution counts tell these apart.
///
/// ```
/// use pagelock::engine::fingerprint;
/// use pagelock::model::{Encoding, Function, World};
/// use std::sync::Arc;
///
/// const SET: Function = Function::new("set_bit", "lib/bitmap.c");
/// // A thread that sets a bit, or only says so.
/// let model = |sets: bool| -> Arc<dyn Encoding> {
///     Arc::new(move |world: &mut World| {
///         let bit = world.cell("bit", false);
///         world.thread("one", move |task| task.step(&bit, SET, move |bit| *bit |= sets));
///     })
/// };
/// assert_eq!(fingerprint(&model(true)), fingerprint(&model(true)));
/// assert_ne!(fingerprint(&model(true)), fingerprint(&model(false)));
/// ```
///
/// # Errors
/// [`SearchError`] if the model cannot be run.
pub fn fingerprint(encoding: &Arc<dyn Encoding>) -> Result<String, SearchError> {
    fingerprint_of(encoding, &mut DeterminismChecker::default())
        .map_err(|model_error| model_error.error)
}

/// The same; what the threads do is added to what is known of them.
pub(crate) fn fingerprint_of(
    encoding: &Arc<dyn Encoding>,
    determinism: &mut DeterminismChecker,
) -> Result<String, ModelError> {
    let count = few_threads(encoding, Engine::Shuttle).map_err(ModelError::from)?;
    let orders = if count <= ALL_ORDERS {
        permutations(count)
    } else {
        let rotate = |first| {
            (0..count)
                .map(|i| ThreadId::new((first + i) % count))
                .collect()
        };
        (0..count).map(rotate).collect()
    };
    let mut hasher = StableHasher::new();
    for order in orders {
        let collector = Collector {
            determinism: Some(std::mem::take(determinism)),
            ..Collector::default()
        }
        .into_shared();
        // Threads start in that order too.
        let current = Current::default();
        current.start_in(&order);
        let order = Box::new(Permutations::new(vec![order]));
        take_model_error(
            &collector,
            sample_as(encoding, order, &collector, true, current),
        )?;
        let mut collector = collector.lock();
        *determinism = collector.determinism.take().unwrap_or_default();
        let last = collector.last.take();
        for event in last.into_iter().flat_map(|last| last.events) {
            hasher.write(text(&event).as_bytes());
        }
    }
    Ok(format!("{:016x}", hasher.finish()))
}

/// What an event is to a model: not its place in the encoding, which changes with every line above,
/// nor that a lock was dropped, which no thread sees.
fn text(event: &Event) -> String {
    if event.kind == EventKind::Drop {
        return String::new();
    }
    let what = (
        event.operation,
        &event.thread,
        event.kind,
        &event.object,
        &event.class,
    );
    let whence = (&event.function, &event.file, &event.callers);
    let effect = (&event.change, &event.waits_for, &event.holds);
    format!("{what:?} {whence:?} {effect:?}")
}

/// Every order of `count` things, in lexicographic order.
fn permutations(count: usize) -> Vec<Vec<ThreadId>> {
    let mut orders: Vec<Vec<ThreadId>> = vec![Vec::new()];
    for _ in 0..count {
        let mut longer = Vec::new();
        for order in &orders {
            for next in (0..count).map(ThreadId::new).filter(|i| !order.contains(i)) {
                longer.push([order.as_slice(), &[next]].concat());
            }
        }
        orders = longer;
    }
    orders
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;

    #[test]
    fn all_orders_of_three() {
        let orders = permutations(3);
        assert_eq!(orders.len(), 6);
        assert_eq!(orders[0], [0, 1, 2].map(ThreadId::new));
        assert_eq!(orders[5], [2, 1, 0].map(ThreadId::new));
    }
}
