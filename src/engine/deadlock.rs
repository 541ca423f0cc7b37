//! Deadlocks: who waits for whom, and whether that ends.

use super::NO_DEADLOCK;
use super::books::{Arrival, Books, By, Status};
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

    /// The thread that alone can end a wait, as things stand.
    pub(crate) fn ender(&self, by: &By) -> Option<usize> {
        match by {
            By::Anybody => None,
            By::Thread(thread) => Some(*thread),
            By::Named(name) => {
                let name = name()?;
                self.threads.iter().position(|thread| thread.name == name)
            }
        }
    }

    /// A thread that has come to a wait: whether a cycle of waits is closed now.
    pub(super) fn look_for_deadlock(&mut self, thread: usize) -> Arrival {
        let next = |at: usize| match &self.threads[at].status {
            Status::Acquiring(object) => {
                let book = &self.objects[*object];
                let by = book.released_by.map(|f| f.name.to_string());
                let what = (book.name.clone(), by.unwrap_or_default());
                Some((what, book.holder?))
            }
            Status::Awaiting(awaiting) if !(awaiting.ready)() => {
                let what = (awaiting.what.to_string(), String::new());
                Some((what, self.ender(&awaiting.by)?))
            }
            _ => None,
        };
        // A doomed thread is in a cycle on record already: whoever waits behind it is not news.
        let gone = |at: usize| matches!(self.threads[at].status, Status::Left);
        let Some((path, closed)) = follow(thread, next, gone) else {
            return Arrival::Proceed;
        };
        let name = |index: usize| self.threads[index].name.clone();
        let edges = path.into_iter().map(|(from, what, to)| WaitEdge {
            thread: name(from),
            waits_for: what.0,
            held_by: name(to),
            ended_by: what.1,
            waits_in: self.threads[from].pending.name.to_string(),
        });
        let cycle = Cycle {
            edges: edges.collect(),
            closed,
        };
        let mut message = String::new();
        for (i, edge) in cycle.edges.iter().enumerate() {
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
        self.violated(NO_DEADLOCK.into(), message, Some(cycle.canonical()));
        Arrival::Deadlock
    }
}
