//! Deadlocks: who waits for whom, and whether that ends.

use super::NO_DEADLOCK;
use super::execution::{Arrival, ExecutionState, Status, Threads, WokenBy};
use super::view::StateView;
use super::wait_for::{Path, follow};
use crate::trace::{Cycle, WaitEdge};
use std::fmt::Write as _;

impl ExecutionState {
    /// A thread leaves for good; whoever waits for something of its own waits for ever.
    pub(crate) fn left(&mut self, thread: usize) {
        self.threads[thread].halted = true;
        self.threads[thread].status = Status::Left;
        self.running = None;
        self.access.close();
        self.mark_waits();
        for waiter in 0..self.threads.len() {
            self.look_for_deadlock(waiter);
        }
    }

    /// A thread that has come to a wait: whether a cycle of waits is closed now. A stateful search looks for
    /// itself, at every state that it comes to.
    pub(super) fn look_for_deadlock(&mut self, thread: usize) -> Arrival {
        if self.stateful {
            return Arrival::Proceed;
        }
        let deadlocks = deadlocks(self, thread);
        if deadlocks.is_empty() {
            return Arrival::Proceed;
        }
        for (message, cycle) in deadlocks {
            self.violated(NO_DEADLOCK.into(), message, Some(cycle));
        }
        Arrival::Deadlock
    }

    /// A thread has taken an operation: whether that has closed a cycle among others. What a wait waits for, and which
    /// threads have to act on it, may have changed.
    pub(super) fn look_for_other_deadlocks(&mut self, thread: usize) {
        if self.stateful {
            return;
        }
        for waiter in (0..self.threads.len()).filter(|waiter| *waiter != thread) {
            let may = match &self.threads[waiter].status {
                Status::Awaiting(awaiting) => !matches!(awaiting.by, WokenBy::Anybody),
                _ => false,
            };
            if may {
                self.look_for_deadlock(waiter);
            }
        }
    }
}

/// The cycles of waits that a thread is in, or a chain from it to a thread that has left, each with what happens there
/// in one sentence.
pub(super) fn deadlocks(view: &impl StateView, thread: usize) -> Vec<(String, Cycle)> {
    let next = |at: usize| match &view.thread(at).status {
        Status::Acquiring(object) => {
            let (name, by) = view.label(*object);
            let by = by.map(|f| f.name.to_string());
            let holder = view.holder(*object)?;
            Some((
                (name.to_string(), by.unwrap_or_default()),
                Threads::one(holder),
            ))
        }
        Status::Awaiting(awaiting) if !view.is_ready(at, awaiting) => {
            let what = (awaiting.what.to_string(), String::new());
            Some((what, view.wakers(at, awaiting)))
        }
        _ => None,
    };
    // A doomed thread is in a cycle on record already: a thread that waits behind it is not news.
    let gone = |at: usize| matches!(view.thread(at).status, Status::Left);
    let paths = follow(thread, next, gone).into_iter();
    paths
        .map(|(path, closed)| described(view, path, closed))
        .collect()
}

/// A path of waits as a cycle, and what happens there in one sentence.
fn described(view: &impl StateView, path: Path<(String, String)>, closed: bool) -> (String, Cycle) {
    let name = |index: usize| view.thread(index).name.to_string();
    let edges = path.into_iter().map(|(from, what, to)| WaitEdge {
        thread: name(from),
        waits_for: what.0,
        held_by: name(to),
        ended_by: what.1,
        waits_in: view.thread(from).pending.name.to_string(),
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
