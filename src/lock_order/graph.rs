//! The lock-order graph of a design.

use super::classes::{self, Class, ClassEdge, Round};
use super::cycles::{self, Cycle};
use crate::engine::{NO_DEADLOCK, Order, Resource};
use crate::spec::Run;
use crate::trace::Replay;
use serde::Serialize;

/// The shape of the graph as JSON. It changes when a field changes its meaning or goes away.
pub const SCHEMA: &str = "pagelock-graph/1";

/// Every order in which a design's threads come for locks and events, over all of its scenarios that
/// the stateful engine can exhaust.
///
/// The graph of one search. It has the orders by name, and those by class:
/// ```
/// use pagelock::engine::Strategy;
/// use pagelock::lock_order::Graph;
/// use pagelock::{protocols, spec};
///
/// let spec = protocols::find("page-mkwrite").unwrap();
/// let (patched, scenario) = (spec.design("patched").unwrap(), spec.scenario("read-only").unwrap());
/// let run = spec::check(spec, patched, scenario, &Strategy::States).unwrap();
/// let graph = Graph::of(spec.name, patched.name, &[&run]);
/// assert_eq!((graph.name().as_str(), &graph.scenarios[..]), ("page-mkwrite/patched", &["read-only".to_string()][..]));
/// // The patch: the page lock is held until the pte is changed.
/// let nested = graph.class_edge("page lock", "pte lock").unwrap();
/// assert!(graph.edges.iter().any(|edge| edge.held.class == nested.held && edge.wanted.class == nested.wanted));
/// // A random search collects no orders.
/// let sampled = spec::check(spec, patched, scenario, &Strategy::Random { seed: 1, executions: 5 }).unwrap();
/// assert!(Graph::of(spec.name, patched.name, &[&sampled]).edges.is_empty());
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Graph {
    /// [`SCHEMA`].
    pub schema: &'static str,
    /// The spec's name.
    pub spec: String,
    /// The design's name.
    pub design: String,
    /// The scenarios searched.
    pub scenarios: Vec<String>,
    /// The classes, those that are held while others are come for first.
    pub classes: Vec<Class>,
    /// The orders of classes, in the order of the classes.
    pub class_edges: Vec<ClassEdge>,
    /// The orders of single locks and events, by name.
    pub edges: Vec<Edge>,
    /// The cycles of single locks and events, one for each sequence of classes: those in which an
    /// execution deadlocks first. There are more cycles where several run through the same edges, but
    /// every edge that lies on a cycle lies on one of these.
    pub cycles: Vec<Cycle>,
    /// The scenarios in which executions end in a deadlock that is no cycle: somebody waits for what
    /// nobody is left to give. A lock order says nothing of those.
    pub without_cycle: Vec<String>,
    /// The classes that come round although their locks and events do not.
    pub rounds: Vec<Round>,
}

/// An order of two locks or events.
///
/// Where the flusher of the old ext4 comes for a transaction with a page locked:
/// ```
/// use pagelock::engine::Strategy;
/// use pagelock::lock_order::Graph;
/// use pagelock::{protocols, spec};
///
/// let spec = protocols::find("ext4-journal-start").unwrap();
/// let (old, scenario) = (spec.design("old").unwrap(), spec.scenario("write").unwrap());
/// let run = spec::check(spec, old, scenario, &Strategy::States).unwrap();
/// let graph = Graph::of(spec.name, old.name, &[&run]);
/// let of = |held: &str, wanted: &str| {
///     graph.edges.iter().find(|edge| edge.held.name == held && edge.wanted.name == wanted).unwrap()
/// };
/// assert!(of("page 0 lock", "transaction").in_cycle);
/// // For the lock of the tags nobody with the page locked ever has to wait.
/// assert!(!of("page 0 lock", "page 0 tag").waits);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Edge {
    /// What is held, or owed to somebody who waits for it.
    pub held: Resource,
    /// What is come for.
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

/// Who comes for the second lock of an order, where, and how an execution gets there.
///
/// The schedule of a witness leads to the function that comes for the lock, and stops before it:
/// ```
/// use pagelock::engine::{Strategy, replay};
/// use pagelock::lock_order::Graph;
/// use pagelock::{protocols, spec};
///
/// let spec = protocols::find("ext4-journal-start").unwrap();
/// let (old, scenario) = (spec.design("old").unwrap(), spec.scenario("write").unwrap());
/// let run = spec::check(spec, old, scenario, &Strategy::States).unwrap();
/// let graph = Graph::of(spec.name, old.name, &[&run]);
/// let witness = &graph.class_edge("page lock", "transaction").unwrap().witness;
/// assert_eq!(witness.call(), "ext4_journal_start > start_this_handle");
/// let word = graph.replay(witness);
/// assert!(word.to_string().starts_with("ext4-journal-start/old@write:") && word.to_string().ends_with(":1x5"));
/// let events = replay(&spec.encoding(old, scenario), &witness.schedule).unwrap().events;
/// let before = events.iter().rfind(|event| event.operation == Some(witness.schedule.len())).unwrap();
/// assert_eq!((before.thread.as_str(), before.function.as_str()), (&*witness.thread, "__mpage_da_writepage"));
/// ```
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
    /// The thread of each operation up to there.
    pub schedule: crate::trace::Schedule,
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

/// What one scenario adds to a graph.
///
/// Two scenarios that each show one order make a cycle that neither has alone:
/// ```
/// use pagelock::engine::{Function, Order, Resource};
/// use pagelock::lock_order::{Graph, Part};
///
/// let lock = |name: &str| Resource { name: name.into(), class: name.into(), event: false };
/// let order = |held: &str, wanted: &str| Order {
///     held: lock(held),
///     wanted: lock(wanted),
///     waits: false,
///     thread: "one".to_string(),
///     function: Function::new("mutex_lock", "kernel/locking/mutex.c"),
///     caller: None,
///     schedule: vec![0],
/// };
/// let (forth, back) = ([order("a", "b")], [order("b", "a")]);
/// let part = |scenario, orders| Part { scenario, fingerprint: "", orders, deadlocks: &[], deadlocked: false };
/// let graph = Graph::from_parts("two-locks", "old", &[part("forth", &forth), part("back", &back)]);
/// assert_eq!(graph.cycles[0].line(), "a -> b -> a");
/// assert!(graph.cycles[0].deadlocks.is_empty() && graph.cycles[0].together.is_empty());
/// ```
#[derive(Debug, Clone)]
pub struct Part<'s> {
    /// The scenario.
    pub scenario: &'s str,
    /// The fingerprint of the model.
    pub fingerprint: &'s str,
    /// Its orders.
    pub orders: &'s [Order],
    /// The cycles of waits that its executions end in.
    pub deadlocks: &'s [Vec<Resource>],
    /// Whether some execution ends in a deadlock, of whatever kind.
    pub deadlocked: bool,
}

impl Graph {
    /// The graph of a design, from its runs by the stateful engine; the others' are left out, for they
    /// collect no orders.
    #[must_use]
    pub fn of(spec: &str, design: &str, runs: &[&Run]) -> Self {
        let own = runs.iter().filter(|run| {
            run.spec.name == spec
                && run.design.name == design
                && run.search.receipt.states.is_some()
        });
        let parts: Vec<Part<'_>> = own
            .map(|run| Part {
                scenario: run.scenario.name,
                fingerprint: &run.search.receipt.fingerprint,
                orders: &run.search.orders,
                deadlocks: &run.search.deadlocks,
                deadlocked: run.search.finding(NO_DEADLOCK).is_some(),
            })
            .collect();
        Self::from_parts(spec, design, &parts)
    }

    /// The graph of what the scenarios show.
    #[must_use]
    pub fn from_parts(spec: &str, design: &str, parts: &[Part<'_>]) -> Self {
        let mut edges: Vec<Edge> = Vec::new();
        for part in parts {
            for order in part.orders {
                add(&mut edges, part, order);
            }
        }
        edges.sort_by(|a, b| (&a.held, &a.wanted).cmp(&(&b.held, &b.wanted)));
        let cycles = cycles::find(&mut edges, parts);
        let (classes, class_edges) = classes::of(&edges);
        let rounds = classes::rounds(&classes, &edges);
        let without_cycle = parts
            .iter()
            .filter(|part| part.deadlocked && part.deadlocks.is_empty());
        let without_cycle = without_cycle.map(|part| part.scenario.to_string());
        Self {
            schema: SCHEMA,
            spec: spec.to_string(),
            design: design.to_string(),
            scenarios: parts.iter().map(|part| part.scenario.to_string()).collect(),
            classes,
            class_edges,
            edges,
            cycles,
            without_cycle: without_cycle.collect(),
            rounds,
        }
    }

    /// The design as the command line spells it.
    #[must_use]
    pub fn name(&self) -> String {
        format!("{}/{}", self.spec, self.design)
    }

    /// What somebody needs to see the execution of a witness again.
    #[must_use]
    pub fn replay(&self, witness: &Witness) -> Replay {
        Replay {
            spec: self.spec.clone(),
            design: self.design.clone(),
            without: Vec::new(),
            scenario: witness.scenario.clone(),
            fingerprint: witness.fingerprint.clone(),
            schedule: witness.schedule.clone(),
        }
    }

    /// The order of two classes, if there is one.
    #[must_use]
    pub fn class_edge(&self, held: &str, wanted: &str) -> Option<&ClassEdge> {
        let edges = self.class_edges.iter();
        edges
            .clone()
            .find(|edge| edge.held == held && edge.wanted == wanted)
    }
}

fn add(edges: &mut Vec<Edge>, part: &Part<'_>, order: &Order) {
    let scenario = part.scenario;
    let witness = Witness {
        scenario: scenario.to_string(),
        thread: order.thread.clone(),
        function: order.function.name.to_string(),
        file: order.function.file.to_string(),
        caller: order.caller.map(|caller| caller.name.to_string()),
        schedule: order.schedule.clone(),
        fingerprint: part.fingerprint.to_string(),
    };
    let known = edges
        .iter_mut()
        .find(|edge| edge.held == order.held && edge.wanted == order.wanted);
    let Some(edge) = known else {
        edges.push(Edge {
            held: order.held.clone(),
            wanted: order.wanted.clone(),
            waits: order.waits,
            in_cycle: false,
            scenarios: vec![scenario.to_string()],
            witness,
        });
        return;
    };
    edge.waits |= order.waits;
    edge.scenarios.push(scenario.to_string());
    // Of equally long ones the first scenario's, in the order of the spec.
    if witness.schedule.len() < edge.witness.schedule.len() {
        edge.witness = witness;
    }
}
