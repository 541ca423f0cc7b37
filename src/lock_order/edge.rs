//! The edges of a lock-order graph, and what they are made from.

use crate::engine::{Order, Resource};
use crate::trace::Schedule;
use serde::Serialize;

/// An order of two locks or events.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Edge {
    /// What is held, or owed to a thread that waits for it.
    pub held: Resource,
    /// What is acquired or waited for.
    pub wanted: Resource,
    /// Whether some thread has to wait there, in some execution.
    pub waits: bool,
    /// Whether it lies on a cycle.
    pub in_cycle: bool,
    /// The scenarios that show it.
    pub scenarios: Vec<String>,
    /// The shortest execution that shows it.
    pub witness: Witness,
}

/// Which thread acquires the second lock of an order, where, and how an execution gets there: the schedule leads to
/// the function that acquires it, and stops before it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Witness {
    /// The scenario.
    pub scenario: String,
    /// The thread.
    pub thread: String,
    /// The kernel function whose step acquires or waits.
    pub function: String,
    /// The file that it stands in.
    pub file: String,
    /// The function that calls it, if the model names one.
    pub caller: Option<String>,
    /// The thread of each operation until then.
    pub schedule: Schedule,
    /// The fingerprint of the model.
    pub fingerprint: String,
}

impl Witness {
    /// The function, with the one that calls it: `ext4_da_writepages > lock_page`.
    #[must_use]
    pub fn call(&self) -> String {
        match &self.caller {
            Some(caller) => format!("{caller} > {}", self.function),
            None => self.function.clone(),
        }
    }
}

/// The lock orders that the executions of one scenario show.
#[derive(Debug, Clone)]
pub struct ScenarioOrders<'s> {
    /// The scenario.
    pub scenario: &'s str,
    /// The fingerprint of the model.
    pub fingerprint: &'s str,
    /// Its orders.
    pub orders: &'s [Order],
    /// The cycles of waits that its executions deadlock over.
    pub deadlocks: &'s [Vec<Resource>],
    /// Whether some execution ends in a deadlock, with a cycle or without.
    pub deadlocked: bool,
}
