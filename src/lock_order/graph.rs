//! The lock-order graph of a design.

use super::classes::{self, Class, ClassCycle, ClassEdge};
use super::cycles::{self, Cycle};
use super::edge::{Edge, ScenarioOrders, Witness};
use crate::engine::Order;
use crate::trace::Replay;
use serde::Serialize;

/// The shape of the graph as JSON. It changes when a field changes its meaning or goes away.
pub const SCHEMA: &str = "pagelock-graph/2";

/// Every order in which a design's threads acquire locks and wait for events, over all of its scenarios that
/// the explicit-state engine can exhaust.
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
    /// The classes, those that are held while others are acquired first.
    pub classes: Vec<Class>,
    /// The orders of classes, in the order of the classes.
    pub class_edges: Vec<ClassEdge>,
    /// The orders of single locks and events, by name.
    pub edges: Vec<Edge>,
    /// The cycles of single locks and events, one for each sequence of classes: those in which an
    /// execution deadlocks first. There are more cycles where several run through the same edges, but
    /// every edge that lies on a cycle lies on one of these.
    pub cycles: Vec<Cycle>,
    /// The scenarios in which executions end in a deadlock that is no cycle: a thread waits for an event
    /// that no thread is left to bring about. A lock order says nothing of those.
    pub without_cycle: Vec<String>,
    /// The cycles of classes that are no cycles of single locks and events.
    pub class_cycles: Vec<ClassCycle>,
}

impl Graph {
    /// The graph of the orders of all scenarios of a design.
    #[must_use]
    pub fn new(spec: &str, design: &str, scenarios: &[ScenarioOrders<'_>]) -> Self {
        let mut edges: Vec<Edge> = Vec::new();
        for scenario in scenarios {
            for order in scenario.orders {
                add(&mut edges, scenario, order);
            }
        }
        edges.sort_by(|a, b| (&a.held, &a.wanted).cmp(&(&b.held, &b.wanted)));
        let cycles = cycles::find(&mut edges, scenarios);
        let (classes, class_edges) = classes::of(&edges);
        let class_cycles = classes::class_cycles(&classes, &edges);
        let mut without_cycle = Vec::new();
        for scenario in scenarios {
            if scenario.deadlocked && scenario.deadlocks.is_empty() {
                without_cycle.push(scenario.scenario.to_string());
            }
        }
        Self {
            schema: SCHEMA,
            spec: spec.to_string(),
            design: design.to_string(),
            scenarios: (scenarios.iter())
                .map(|scenario| scenario.scenario.to_string())
                .collect(),
            classes,
            class_edges,
            edges,
            cycles,
            without_cycle,
            class_cycles,
        }
    }

    /// The design as the command line spells it.
    #[must_use]
    pub fn name(&self) -> String {
        format!("{}/{}", self.spec, self.design)
    }

    /// What is needed to see the execution of a witness again.
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
        let mut edges = self.class_edges.iter();
        edges.find(|edge| edge.held == held && edge.wanted == wanted)
    }
}

fn add(edges: &mut Vec<Edge>, of: &ScenarioOrders<'_>, order: &Order) {
    let scenario = of.scenario;
    let witness = Witness {
        scenario: scenario.to_string(),
        thread: order.thread.clone(),
        function: order.function.name.to_string(),
        file: order.function.file.to_string(),
        caller: order.caller.map(|caller| caller.name.to_string()),
        schedule: order.schedule.clone(),
        fingerprint: of.fingerprint.to_string(),
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
