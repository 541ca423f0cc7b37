//! Atomicity analysis: which violations disappear if two operations of a thread are one atomic step.
//!
//! A model that takes two steps of the mirrored system as one has fewer interleavings: those in which
//! no other thread runs between the two. They are among the schedules of the graph that an explicit-state search
//! leaves, so nothing has to be run again.

use crate::engine::error::SearchError;
use crate::engine::explicit::graph::Graph;
use crate::engine::explicit::operation::Operation;
use crate::engine::explicit::search::states;
use crate::model::Encoding;
use crate::trace::ThreadId;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Two operations that a thread takes one right after the other.
pub type Pair = (Operation, Operation);

/// What a model's pairs of operations hide.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PairAnalysis {
    /// Whether the model as it is violates anything.
    pub is_violated: bool,
    /// For each pair, what is violated as the model is and not if no other thread can run between the two.
    pub masked: BTreeMap<Pair, BTreeSet<String>>,
}

/// Merges each pair of operations of a model. Where the second one has to wait, the other threads
/// go on as before: a lock that is held cannot be taken in the same step.
///
/// A counter that is read and written in two steps loses an update; a model with one step would not tell:
/// ```
/// use pagelock::engine::atomicity;
/// use pagelock::model::{Encoding, Function, World};
/// use std::sync::Arc;
///
/// const READ: Function = Function::new("READ_ONCE", "counter.c");
/// const WRITE: Function = Function::new("WRITE_ONCE", "counter.c");
/// let model: Arc<dyn Encoding> = Arc::new(|world: &mut World| {
///     let counter = world.cell("counter", 0_u8);
///     for name in ["one", "two"] {
///         let counter = counter.clone();
///         world.thread(name, move |task| {
///             let was = task.step(&counter, READ, |counter| *counter)?;
///             task.step(&counter, WRITE, move |counter| *counter = was + 1)
///         });
///     }
///     world.finally(move |task| {
///         task.check("lost-update", counter.peek(|counter| *counter) == 2, String::new);
///     });
/// });
/// let found = atomicity(&model).unwrap();
/// let masking: Vec<_> = found.masked.iter().filter(|(_, masked)| !masked.is_empty()).collect();
/// let [((first, second), masked)] = masking[..] else { panic!("one pair") };
/// assert_eq!((first.function, second.function), ("READ_ONCE", "WRITE_ONCE"));
/// assert!(masked.contains("lost-update"));
/// ```
///
/// # Errors
/// [`SearchError`] as for [`search`](crate::engine::search) by [`Strategy::ExplicitState`](crate::engine::Strategy::ExplicitState).
pub fn atomicity(encoding: &Arc<dyn Encoding>) -> Result<PairAnalysis, SearchError> {
    let graph = states(encoding)?;
    let all = violated(&graph, None);
    let masked = |pair: (u16, u16)| {
        // Of nothing, nothing can be masked.
        let merged = (!all.is_empty()).then(|| violated(&graph, Some(pair)));
        let masked = all.difference(merged.as_ref().unwrap_or(&all));
        masked.map(ToString::to_string).collect()
    };
    let operation = |place: u16| graph.operations[usize::from(place)];
    let pairs = pairs(&graph).into_iter();
    Ok(PairAnalysis {
        is_violated: !all.is_empty(),
        masked: pairs
            .map(|pair| ((operation(pair.0), operation(pair.1)), masked(pair)))
            .collect(),
    })
}

/// Every two operations that some thread takes one right after the other.
fn pairs(graph: &Graph) -> BTreeSet<(u16, u16)> {
    let mut pairs = BTreeSet::new();
    for node in (0_u32..).take(graph.len()) {
        for (thread, to, _) in graph.edges(node) {
            let (first, second) = (graph.operation(node, thread), graph.operation(to, thread));
            pairs.extend(first.zip(second));
        }
    }
    pairs
}

/// What is violated in the schedules in which no other thread runs between the two operations of a pair.
fn violated(graph: &Graph, pair: Option<(u16, u16)>) -> BTreeSet<&str> {
    let mut found: BTreeSet<&str> = graph.violated_at_first().collect();
    // For each state a bit for having come there free, and one for each thread that has to go on.
    let mut seen = vec![0_u16; graph.len()];
    let bit = |due: Option<ThreadId>| due.map_or(1, |thread| 2 << thread.index());
    let mut open: Vec<(u32, Option<ThreadId>)> = Vec::new();
    if let Some(first) = seen.first_mut() {
        *first = bit(None);
        open.push((0, None));
    }
    while let Some((node, due)) = open.pop() {
        for (thread, to, violations) in graph.edges(node) {
            if due.is_some_and(|due| due != thread) {
                continue;
            }
            found.extend(violations);
            let first = graph.operation(node, thread);
            let together = pair.is_some() && first.zip(graph.operation(to, thread)) == pair;
            let due = together.then_some(thread);
            if seen[to as usize] & bit(due) == 0 {
                seen[to as usize] |= bit(due);
                open.push((to, due));
            }
        }
    }
    found
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;
    use crate::model::{Function, World};

    const READ: Function = Function::new("read", "a.c");
    const LOOK: Function = Function::new("look", "a.c");
    const WRITE: Function = Function::new("write", "a.c");

    /// Two threads that each add one to a counter, in two steps.
    fn counters(world: &mut World) {
        let counter = world.cell("counter", 0_u8);
        for name in ["one", "two"] {
            let counter = counter.clone();
            world.thread(name, move |task| {
                let was = task.step(&counter, READ, |counter| *counter)?;
                task.step(&counter, WRITE, move |counter| *counter = was + 1)?;
                Ok(())
            });
        }
        world.finally(move |task| {
            task.check("lost", counter.peek(|counter| *counter) == 2, String::new);
        });
    }

    /// The same with a step in between: one merged pair leaves a window after it.
    #[test]
    fn a_window_of_two_operations_outlives_one_merge() {
        let encoding: Arc<dyn Encoding> = Arc::new(|world: &mut World| {
            let (counter, other) = (world.cell("counter", 0_u8), world.cell("other", 0_u8));
            for name in ["one", "two"] {
                let (counter, other) = (counter.clone(), other.clone());
                world.thread(name, move |task| {
                    let was = task.step(&counter, READ, |counter| *counter)?;
                    task.step(&other, LOOK, |other| *other)?;
                    task.step(&counter, WRITE, move |counter| *counter = was + 1)
                });
            }
            world.finally(move |task| {
                task.check("lost", counter.peek(|counter| *counter) == 2, String::new);
            });
        });
        let found = atomicity(&encoding).unwrap();
        assert!(found.is_violated);
        assert_eq!(found.masked.len(), 2);
        assert!(found.masked.values().all(BTreeSet::is_empty));
    }

    #[test]
    fn a_lost_update_is_not_seen_if_reading_and_writing_are_one_step() {
        let encoding: Arc<dyn Encoding> = Arc::new(counters);
        let found = atomicity(&encoding).unwrap();
        let found: Vec<_> = (found.masked.iter())
            .map(|((first, second), masked)| (first.function, second.function, masked.len()))
            .collect();
        assert_eq!(found, [("read", "write", 1)]);
    }
}
