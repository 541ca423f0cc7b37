//! Deadlocks: who waits for whom, and whether that ends.

use super::NO_DEADLOCK;
use super::books::{Arrival, Books, Status};
use super::standing::Standing;
use super::wait_for::follow;
use crate::trace::{Cycle, WaitEdge};
use std::fmt::Write as _;

impl Books {
    /// A thread leaves for good; whoever waits for something of its own waits for ever.
    pub(crate) fn left(&mut self, thread: usize) {
        self.threads[thread].halted = true;
        self.threads[thread].status = Status::Left;
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
        match deadlock(self, thread) {
            None => Arrival::Proceed,
            Some((message, cycle)) => {
                self.violated(NO_DEADLOCK.into(), message, Some(cycle));
                Arrival::Deadlock
            }
        }
    }
}

/// The cycle of waits that a thread closes by its wait, or the chain to a thread that has left, and what
/// happens there in one sentence.
pub(super) fn deadlock(standing: &impl Standing, thread: usize) -> Option<(String, Cycle)> {
    let next = |at: usize| match &standing.thread(at).status {
        Status::Acquiring(object) => {
            let (name, by) = standing.label(*object);
            let by = by.map(|f| f.name.to_string());
            let what = (name.to_string(), by.unwrap_or_default());
            Some((what, standing.holder(*object)?))
        }
        Status::Awaiting(awaiting) if !standing.is_ready(at, awaiting) => {
            let what = (awaiting.what.to_string(), String::new());
            Some((what, standing.ender(at, awaiting)?))
        }
        _ => None,
    };
    // A doomed thread is in a cycle on record already: whoever waits behind it is not news.
    let gone = |at: usize| matches!(standing.thread(at).status, Status::Left);
    let (path, closed) = follow(thread, next, gone)?;
    let name = |index: usize| standing.thread(index).name.clone();
    let edges = path.into_iter().map(|(from, what, to)| WaitEdge {
        thread: name(from),
        waits_for: what.0,
        held_by: name(to),
        ended_by: what.1,
        waits_in: standing.thread(from).pending.name.to_string(),
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
    Some((message, cycle.canonical()))
}
