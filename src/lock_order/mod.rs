//! Lock orders: from all executions of a design, who comes for what while holding what.
//!
//! An *order* A -> B is a thread that holds A while it comes for B. Locks are nodes, and so are the
//! events that a thread waits for (`writeback of page 0`, `commit of T1`): an event is *held* by the
//! thread that has to bring it about, for as long as somebody waits for it, or, where the model says who
//! owes it, from when that thread has taken it on. That is how `PG_BUSY` and the commit get orders of
//! their own, which a validator of locks cannot see.
//!
//! The old ext4 comes round in the scenario of its patch, and the patched one does not:
//! ```
//! use pagelock::engine::Strategy;
//! use pagelock::lock_order::Graph;
//! use pagelock::{protocols, spec};
//!
//! let spec = protocols::find("ext4-journal-start").unwrap();
//! let scenario = spec.scenario("write").unwrap();
//! let graph = |design: &str| {
//!     let run = spec::check(spec, spec.design(design).unwrap(), scenario, &Strategy::States).unwrap();
//!     Graph::of(spec.name, design, &[&run])
//! };
//! assert_eq!(graph("old").cycles[0].line(), "handle -> page lock -> transaction -> handle");
//! assert!(graph("patched").cycles.is_empty());
//! ```
//!
//! # What it shows, and what not
//! - It holds what the executions of the searched scenarios do, all of them, and nothing else.
//! - A cycle is a *possible* deadlock. A lock that is held around both orders, or too few threads, may
//!   keep it from happening; orders that only different scenarios show may never meet. Whether it
//!   happens, the search says: each cycle names the scenarios in which executions end in it.
//! - No cycle means that threads which come for these locks in these orders never deadlock over them,
//!   however many threads of these kinds there are.
//! - A wait for what nobody will ever give is no cycle: see [`Graph::without_cycle`].
//! - Cycles are looked for among single locks, so several page locks in ascending order are none. Where
//!   only the classes come round, [`Round`] says whether the index explains it.
//! - Orders are of a lock, not of what it stands for at a time. One lock stands for the running
//!   transaction, whichever it is, and one for the handles of a thread, one after the other. A cycle
//!   could therefore join a handle of T1 with the start of T2; where it matters, look whether the
//!   search ends in it. What a thread waits for by name, the commit of T1 or of T2, are two events.
//! - An event that any thread may bring about is held by nobody. `PG_writeback` in the ext4 specs is
//!   one: its I/O ends whatever is locked.

mod classes;
mod compare;
mod cycles;
mod digraph;
mod documented;
mod graph;
mod ranks;
#[cfg(all(test, not(loom)))]
mod tests;

pub use classes::{Class, ClassEdge, Round, Within};
pub use compare::{Compared, compare};
pub use cycles::Cycle;
pub use documented::{DOCUMENTS, Document, Name, Pages, Ranked};
pub use graph::{Edge, Graph, Part, SCHEMA, Witness};

use crate::engine::{Engine, Strategy};
use crate::parallel::for_each;
use crate::spec::{CheckError, Design, Run, Scenario, Spec, check};

/// The graph of a design: searches every scenario that the stateful engine can exhaust, on all cores.
///
/// Over all scenarios, the patched ext4 still deadlocks over one event, which a later commit mends:
/// ```
/// use pagelock::{lock_order, protocols};
///
/// let spec = protocols::find("ext4-journal-start").unwrap();
/// let patched = lock_order::graph(spec, spec.design("patched").unwrap()).unwrap();
/// assert_eq!(patched.cycles[0].line(), "commit of TN -> commit of TN");
/// assert_eq!(patched.cycles[0].deadlocks, ["ordered"]);
/// assert!(lock_order::graph(spec, spec.design("fixed").unwrap()).unwrap().cycles.is_empty());
/// ```
///
/// # Errors
/// [`CheckError`] if a search has no result.
pub fn graph(spec: &'static Spec, design: &'static Design) -> Result<Graph, CheckError> {
    let scenarios: Vec<&'static Scenario> = (spec.scenarios.iter())
        .filter(|scenario| scenario.engines.has(Engine::Stateful))
        .collect();
    let run = |scenario: &&'static Scenario| check(spec, design, scenario, &Strategy::States);
    let runs: Result<Vec<Run>, CheckError> =
        for_each(&scenarios, run, &|_, _| ()).into_iter().collect();
    let runs = runs?;
    let runs: Vec<&Run> = runs.iter().collect();
    Ok(Graph::of(spec.name, design.name, &runs))
}
