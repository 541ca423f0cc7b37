//! Deadlocks: cycles of waits, and waits for a thread that has left.

use crate::engine::execution::sets::Threads;
use crate::engine::execution::thread::Status;
use crate::engine::execution::view::StateView;
use crate::engine::execution::wait_for::{Path, follow};
use crate::trace::{Cycle, ThreadId, WaitEdge};
use std::fmt::Write as _;

/// The cycles of waits that a thread is in, or a chain from it to a thread that has left, each with what happens there
/// in one sentence.
pub(crate) fn deadlocks(view: &impl StateView, thread: ThreadId) -> Vec<(String, Cycle)> {
    let next = |at: ThreadId| match &view.thread(at).status {
        Status::Acquiring(object) => Some(((), Threads::one(view.holder(*object)?))),
        Status::Awaiting(awaiting) if !view.is_ready(at, awaiting) => {
            Some(((), view.wakers(at, awaiting)))
        }
        _ => None,
    };
    // A doomed thread is in a recorded cycle already: a thread that waits behind it is not news.
    let gone = |at: ThreadId| matches!(view.thread(at).status, Status::Left);
    let paths = follow(thread, next, gone).into_iter();
    paths
        .map(|(path, closed)| described(view, path, closed))
        .collect()
}

/// A path of waits as a cycle, and what happens there in one sentence.
fn described(view: &impl StateView, path: Path<()>, closed: bool) -> (String, Cycle) {
    let name = |index: ThreadId| view.thread(index).name.to_string();
    let edges = path.into_iter().map(|(from, (), to)| {
        let (waits_for, ended_by) = match &view.thread(from).status {
            Status::Acquiring(object) => {
                let (name, by) = view.label(*object);
                (name.to_string(), by.map(|f| f.name.to_string()))
            }
            Status::Awaiting(awaiting) => (awaiting.what.to_string(), None),
            _ => (String::new(), None),
        };
        WaitEdge {
            thread: name(from),
            waits_for,
            held_by: name(to),
            ended_by: ended_by.unwrap_or_default(),
            waits_in: view.thread(from).pending.name.to_string(),
        }
    });
    let cycle = Cycle {
        edges: edges.collect(),
        closed,
    };
    let mut message = String::new();
    for (i, edge) in cycle.edges.iter().enumerate() {
        if edge.thread == edge.held_by {
            let (thread, what) = (&edge.thread, &edge.waits_for);
            let function = &edge.waits_in;
            let _ = write!(
                message,
                "{thread} waits for {what} in `{function}`, and holds it itself"
            );
            continue;
        }
        let joint = if i == 0 { "" } else { ", " };
        let _ = write!(
            message,
            "{joint}{} waits for {} ({})",
            edge.thread, edge.waits_for, edge.held_by
        );
    }
    if !closed {
        message.push_str(", which is gone");
    }
    (message, cycle.canonical())
}
