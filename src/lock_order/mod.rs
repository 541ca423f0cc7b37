//! Lock orders: what a design's threads hold while they acquire something else, over all of its executions.
//!
//! An *order* A -> B is a thread that holds A while it acquires B, whether or not it has to wait. Locks are nodes,
//! and so are the events that a thread waits for (`writeback of page 0`, `commit of T1`): an event is *held* by the
//! thread that has to bring it about, for as long as another thread waits for it, or, where the model says which
//! thread owes it, from when that thread has taken on the obligation. So `PG_BUSY` and the commit have orders of
//! their own, which a validator of locks cannot see.
//!
//! The old ext4 deadlocks over the cycle that its patch removes:
//! ```
//! use pagelock::{lock_order, protocols};
//!
//! let spec = protocols::find("ext4-journal-start").unwrap();
//! let graph = |design: &str| lock_order::graph(spec, spec.design(design).unwrap()).unwrap();
//! let cycle = |graph: &lock_order::Graph, line: &str| graph.cycles.iter().any(|cycle| cycle.line() == line);
//! let of_the_patch = "handle -> page lock -> transaction -> handle";
//! assert!(cycle(&graph("old"), of_the_patch));
//! assert!(!cycle(&graph("patched"), of_the_patch));
//! ```
//!
//! # What it shows, and what it does not
//! - It holds what the executions of the searched scenarios do, all of them, and nothing else.
//! - A cycle is a *possible* deadlock. A lock that is held around both orders, or too few threads, may
//!   keep it from happening; orders that only different scenarios show may never meet. The search says
//!   whether it happens: each cycle names the scenarios in which executions deadlock over it.
//! - No cycle means that threads which acquire these locks in these orders never deadlock over them,
//!   however many threads of these kinds there are.
//! - A wait for an event that no thread is left to bring about is no cycle: see [`Graph::without_cycle`].
//! - Cycles are looked for among single locks, so several page locks in ascending order are none. Where
//!   only the classes form a cycle, [`ClassCycle`] says whether the index explains it.
//! - An order is of a lock, not of what it stands for at a time. One lock stands for the running
//!   transaction, whichever it is, and one for the handles of a thread, one after the other. A cycle
//!   could therefore join a handle of T1 with the start of T2; where that matters, look whether the
//!   search deadlocks over it. What a thread waits for by name, the commit of T1 or of T2, are two events.
//! - An event that any thread may bring about is held by none. `PG_writeback` in the ext4 specs is
//!   one: its I/O ends whatever is locked.

mod classes;
mod cycles;
mod digraph;
mod edge;
mod graph;
mod ranks;
#[cfg(all(test, not(loom)))]
mod tests;

pub(crate) use classes::index;
pub use classes::{Class, ClassCycle, ClassEdge, Within};
pub use cycles::Cycle;
pub use edge::{Edge, ScenarioOrders, Witness};
pub use graph::{Graph, SCHEMA};

use crate::engine::{Engine, NO_DEADLOCK, Strategy};
use crate::parallel::for_each;
use crate::spec::{CheckError, Design, Run, Scenario, Spec, check};

/// The graph of a design: searches every scenario that the explicit-state engine can exhaust, on all cores.
///
/// This is the only way from a design to its graph. The searches are made in this process, because the result of a
/// search by a worker process does not carry its lock orders.
///
/// # Errors
/// [`CheckError`] if a search has no result.
pub fn graph(spec: &'static Spec, design: &'static Design) -> Result<Graph, CheckError> {
    let scenarios: Vec<&'static Scenario> = (spec.scenarios.iter())
        .filter(|scenario| scenario.engines.has(Engine::Stateful))
        .collect();
    let run =
        |scenario: &&'static Scenario| check(spec, design, scenario, &Strategy::ExplicitState);
    let runs: Result<Vec<Run>, CheckError> =
        for_each(&scenarios, run, &|_, _| ()).into_iter().collect();
    let runs = runs?;
    let mut scenarios = Vec::new();
    for run in &runs {
        scenarios.push(ScenarioOrders {
            scenario: run.scenario.name,
            fingerprint: &run.search.statistics.fingerprint,
            orders: &run.search.orders,
            deadlocks: &run.search.deadlocks,
            deadlocked: run.search.finding(NO_DEADLOCK).is_some(),
        });
    }
    Ok(Graph::new(spec.name, design.name, &scenarios))
}
