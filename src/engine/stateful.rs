//! The stateful engine: every schedule, depth first, and none twice from the same state.
//!
//! A scheduler for the announced operations of shuttle's threads. At each choice it takes the digest
//! of the state; where that was seen before, the execution ends, for everything that can follow has
//! been explored or is about to be. The states and what leads from one to another are kept, so that
//! shortest counterexamples and numbers of schedules can be read off them.

use super::books::Books;
use super::collect::Collector;
use super::environment::refuse_environment_limits;
use super::graph::Graph;
use super::merge::Operation;
use super::orders::Orders;
use super::replay::replay;
use super::schedulers::Current;
use super::search::{Finding, SearchError, failure, thread_names};
use super::shuttle;
use super::world::{Encoding, unpoisoned};
use ::shuttle::scheduler::{Schedule, Scheduler, Task, TaskId};
use std::collections::HashMap;
use std::sync::{Arc, Mutex};

/// What a stateful search has explored, and where it is.
#[derive(Debug, Default)]
pub(crate) struct Exploration {
    pub(super) graph: Graph,
    /// What the states show of the order of locks.
    pub(super) orders: Orders,
    known: HashMap<u128, u32>,
    /// The states of the present execution and the operation taken in each: its place among those
    /// that can take place there.
    path: Vec<(u32, u128, usize)>,
    position: usize,
    /// Executions begun.
    executions: u64,
    /// The model behaved differently when it was run again.
    pub(super) diverged: Option<String>,
}

impl Exploration {
    /// Prepares the next execution; whether there is one.
    fn next_execution(&mut self) -> bool {
        self.position = 0;
        self.executions += 1;
        if self.executions == 1 {
            return true;
        }
        while let Some((node, _, taken)) = self.path.last_mut() {
            *taken += 1;
            if *taken < self.graph.enabled(*node).len() {
                return true;
            }
            self.path.pop();
        }
        false
    }

    /// The thread to go on with, or `None` if what follows is known.
    fn choose(&mut self, books: &mut Books, enabled: &[u8]) -> Option<u8> {
        if self.position < self.path.len() {
            let (node, digest, taken) = self.path[self.position];
            self.position += 1;
            // What was violated on the way is on record.
            books.violations.clear();
            // A digest holds all that came before: the last one before new ground is enough.
            if self.position == self.path.len() && books.state() != digest {
                self.diverged.get_or_insert_with(|| {
                    format!("operation {} was another one before", self.position)
                });
            }
            let thread = self.graph.enabled(node).get(taken).copied();
            let possible = thread.filter(|thread| enabled.contains(thread));
            if possible.is_none() {
                self.diverged.get_or_insert_with(|| {
                    format!("operation {} cannot take place again", self.position)
                });
            }
            return possible;
        }
        let digest = books.state();
        let (node, new) = self.arrive(digest, enabled, books);
        if !new {
            // A thread always learns something, so this is a digest that does not tell two states apart.
            if self.path.iter().any(|(before, ..)| *before == node) {
                self.diverged.get_or_insert_with(|| {
                    format!("operation {} led back to an earlier state", self.position)
                });
            }
            return None;
        }
        self.orders.add(node, books.sightings(), books);
        self.path.push((node, digest, 0));
        self.position += 1;
        enabled.first().copied()
    }

    /// Takes in the state that the last operation has led to.
    fn arrive(&mut self, digest: u128, enabled: &[u8], books: &mut Books) -> (u32, bool) {
        let mut new = false;
        let node = *self.known.entry(digest).or_insert_with(|| {
            new = true;
            let threads = enabled.iter().map(|thread| usize::from(*thread));
            let operations = threads.map(|thread| Operation::of(&books.threads[thread]));
            self.graph.add(enabled.to_vec(), operations)
        });
        let violations = std::mem::take(&mut books.violations);
        match self.path.last() {
            Some((from, _, taken)) => {
                let thread = self.graph.enabled(*from)[*taken];
                self.graph.connect(*from, thread, node, violations);
            }
            None => self.graph.begin(violations),
        }
        (node, new)
    }

    /// Takes in the end of an execution that was not cut short.
    pub(crate) fn end(&mut self, books: &mut Books) {
        if let Some(digest) = books.end {
            let (node, new) = self.arrive(digest, &[], books);
            if new {
                let sightings = std::mem::take(&mut books.end_sightings);
                self.orders.add(node, sightings, books);
            }
        }
    }
}

/// Explores every state of an encoding. `Ok(false)` if the collector ended the search.
pub(super) fn explore(
    encoding: &Arc<dyn Encoding>,
    collector: &Arc<Mutex<Collector>>,
) -> Result<bool, SearchError> {
    unpoisoned(collector).exploration = Some(Exploration::default());
    let current = Current::default();
    let depth_first = Box::new(DepthFirst {
        collector: Arc::clone(collector),
        current: current.clone(),
    });
    let complete = shuttle::sample_as(encoding, depth_first, collector, false, current)
        .map_err(|message| failure(collector, message))?;
    let exploration = &mut unpoisoned(collector).exploration;
    match exploration.as_mut().and_then(|e| e.diverged.take()) {
        Some(message) => Err(SearchError::Nondeterministic(message)),
        None => Ok(complete),
    }
}

/// The states of an encoding.
pub(super) fn states(encoding: &Arc<dyn Encoding>) -> Result<Graph, SearchError> {
    refuse_environment_limits()?;
    thread_names(encoding)?;
    let collector = Arc::new(Mutex::new(Collector::default()));
    explore(encoding, &collector)?;
    let mut collector = unpoisoned(&collector);
    if let Some((thread, message)) = collector.panicked.take() {
        return Err(SearchError::Panicked { thread, message });
    }
    let exploration = collector.exploration.take();
    Ok(exploration.unwrap_or_default().graph)
}

/// The properties that some schedule violates, each with the schedule that is easiest to follow.
pub(super) fn findings(
    encoding: &Arc<dyn Encoding>,
    graph: &Graph,
) -> Result<Vec<Finding>, SearchError> {
    let mut findings = Vec::new();
    for (property, cycles) in graph.violated() {
        let (preemptions, schedule) = graph.fewest_preemptions(&property).unwrap_or_default();
        let again = replay(encoding, &schedule)?;
        let violation = (again.violations.into_iter()).find(|(name, ..)| *name == property);
        let (_, message, cycle, _) = violation.ok_or(SearchError::Diverged(schedule.len()))?;
        findings.push(Finding {
            executions: graph.schedules(Some(&property)).1,
            property: property.into_owned(),
            message,
            cycle,
            cycles: cycles.into_iter().collect(),
            schedule,
            preemptions: Some(preemptions),
            first: None,
        });
    }
    Ok(findings)
}

/// Explores depth first.
pub(super) struct DepthFirst {
    pub(super) collector: Arc<Mutex<Collector>>,
    pub(super) current: Current,
}

impl Scheduler for DepthFirst {
    fn new_execution(&mut self) -> Option<Schedule> {
        let mut collector = unpoisoned(&self.collector);
        let exploration = collector.exploration.as_mut()?;
        (exploration.diverged.is_none() && exploration.next_execution()).then(|| Schedule::new(0))
    }

    fn next_task(
        &mut self,
        enabled: &[&Task],
        _current: Option<TaskId>,
        _is_yielding: bool,
    ) -> Option<TaskId> {
        let first = enabled.first()?.id();
        let shared = self.current.shared()?;
        // The thread with index i is the task i + 1, and there are a handful.
        let index = |task: &&Task| u8::try_from(usize::from(task.id()) - 1).unwrap_or(u8::MAX);
        let threads: Vec<u8> = enabled.iter().map(index).collect();
        let mut collector = unpoisoned(&self.collector);
        let exploration = collector.exploration.as_mut()?;
        let mut books = shared.books();
        if let Some(thread) = exploration.choose(&mut books, &threads) {
            return Some(TaskId::from(usize::from(thread) + 1));
        }
        (books.stopping, books.pruned) = (true, true);
        Some(first)
    }

    fn next_u64(&mut self) -> u64 {
        0
    }
}
