//! Made-up graphs, and the graph of one scenario.

use super::*;
use crate::engine::{Order, Resource, replay, search};
use crate::model::Function;
use crate::protocols;
use crate::trace::{EventKind, Schedule, ThreadId};

const FUNCTION: Function = Function::new("lock_page", "mm/filemap.c");

fn lock(name: &str) -> Resource {
    Resource {
        name: name.to_string(),
        class: name
            .trim_end_matches(|letter: char| letter.is_ascii_digit())
            .to_string(),
        event: false,
    }
}

fn order(held: &str, wanted: &str) -> Order {
    Order {
        held: lock(held),
        wanted: lock(wanted),
        waits: true,
        thread: "thread".to_string(),
        function: FUNCTION,
        caller: None,
        schedule: Schedule::from([0, 1]),
    }
}

/// The graph of scenarios, each of them pairs of what is held and what is acquired.
fn graph_of(scenarios: &[&[(&str, &str)]]) -> Graph {
    let orders: Vec<Vec<Order>> = (scenarios.iter())
        .map(|pairs| {
            pairs
                .iter()
                .map(|(held, wanted)| order(held, wanted))
                .collect()
        })
        .collect();
    let names = ["first", "second", "third"];
    let scenarios: Vec<ScenarioOrders<'_>> = (names.iter().zip(&orders))
        .map(|(scenario, orders)| ScenarioOrders {
            scenario,
            fingerprint: "0123456789abcdef",
            orders,
            deadlocks: &[],
            deadlocked: false,
        })
        .collect();
    Graph::new("spec", "design", &scenarios)
}

fn lines(graph: &Graph) -> Vec<String> {
    graph.cycles.iter().map(Cycle::line).collect()
}

#[test]
fn a_cycle_is_named_by_its_classes() {
    let graph = graph_of(&[&[("page0", "start"), ("start", "handle"), ("handle", "page0")]]);
    assert_eq!(lines(&graph), ["handle -> page -> start -> handle"]);
    assert_eq!(graph.cycles[0].together, ["first"]);
    assert!(graph.edges.iter().all(|edge| edge.in_cycle));
    assert!(graph.class_edges.iter().all(|edge| edge.in_cycle));
}

#[test]
fn a_cycle_of_several_scenarios_says_so() {
    let graph = graph_of(&[&[("a", "b")], &[("b", "a"), ("b", "c")]]);
    assert_eq!(lines(&graph), ["a -> b -> a"]);
    assert!(graph.cycles[0].together.is_empty());
    let apart = graph.class_edge("b", "c").expect("the order is there");
    assert!(!apart.in_cycle);
}

#[test]
fn pages_in_ascending_order_are_no_cycle() {
    let graph = graph_of(&[&[("page0", "page1"), ("page1", "page2"), ("page0", "page2")]]);
    assert!(graph.cycles.is_empty());
    let within = graph
        .class_edge("page", "page")
        .and_then(|edge| edge.within);
    assert_eq!(within, Some(Within::AscendingIndex));
    assert!(graph.class_cycles[0].by_index);
}

#[test]
fn pages_in_both_orders_are_a_cycle() {
    let graph = graph_of(&[&[("page0", "page1"), ("page1", "page0")]]);
    assert_eq!(lines(&graph), ["page -> page"]);
    let within = graph
        .class_edge("page", "page")
        .and_then(|edge| edge.within);
    assert_eq!(within, Some(Within::AnyOrder));
    assert!(graph.class_cycles.is_empty());
}

#[test]
fn a_thread_that_waits_for_what_it_has_is_a_cycle_of_one() {
    let graph = graph_of(&[&[("page0", "page0"), ("page1", "page1")]]);
    assert_eq!(lines(&graph), ["page -> page"]);
    let within = graph
        .class_edge("page", "page")
        .and_then(|edge| edge.within);
    assert_eq!(within, Some(Within::Itself));
}

#[test]
fn descending_pages_are_not_explained_by_the_index() {
    let graph = graph_of(&[&[("page1", "page0")]]);
    let within = graph
        .class_edge("page", "page")
        .and_then(|edge| edge.within);
    assert_eq!(within, Some(Within::OneOrder));
    assert!(!graph.class_cycles[0].by_index);
}

#[test]
fn classes_that_alternate_from_page_to_page_are_explained_by_the_index() {
    let graph = graph_of(&[&[("page0", "busy0"), ("busy0", "page1"), ("page1", "busy1")]]);
    assert!(graph.cycles.is_empty());
    assert_eq!(graph.class_cycles[0].classes.len(), 2);
    assert!(graph.class_cycles[0].by_index);
    // Of one page both ways round, over different threads' pages: no index explains that.
    let graph = graph_of(&[&[("page0", "busy0"), ("busy1", "page1")]]);
    assert!(graph.cycles.is_empty());
    assert!(!graph.class_cycles[0].by_index);
}

#[test]
fn the_shortest_witness_is_kept() {
    let (long, short) = (
        order("a", "b"),
        Order {
            schedule: Schedule::from([7]),
            ..order("a", "b")
        },
    );
    let of = |scenario, orders| ScenarioOrders {
        scenario,
        fingerprint: "0123456789abcdef",
        orders,
        deadlocks: &[],
        deadlocked: false,
    };
    let (long, short) = ([long], [short]);
    let scenarios = [of("long", &long[..]), of("short", &short[..])];
    let graph = Graph::new("spec", "design", &scenarios);
    let word = graph.replay(&graph.edges[0].witness).to_string();
    assert_eq!(word, "spec/design@short:0123456789abcdef:7");
    assert_eq!(graph.edges[0].scenarios, ["long", "short"]);
}

fn write(design: &str) -> (Graph, std::sync::Arc<dyn crate::model::Encoding>) {
    let spec = protocols::find("ext4-journal-start").expect("listed");
    let (design, scenario) = (spec.design(design), spec.scenario("write"));
    let (design, scenario) = (design.expect("listed"), scenario.expect("listed"));
    let encoding = spec.encoding(design, scenario);
    let found = search(&encoding, &Strategy::ExplicitState).expect("a result");
    let scenarios = [ScenarioOrders {
        scenario: scenario.name,
        fingerprint: &found.statistics.fingerprint,
        orders: &found.orders,
        deadlocks: &found.deadlocks,
        deadlocked: false,
    }];
    (Graph::new(spec.name, design.name, &scenarios), encoding)
}

#[test]
fn the_old_journal_start_has_its_cycle_and_the_patched_one_has_none() {
    let (old, _) = write("old");
    assert_eq!(
        lines(&old),
        ["handle -> page lock -> transaction -> handle"]
    );
    assert_eq!(old.cycles[0].deadlocks, ["write"]);
    let (patched, _) = write("patched");
    assert!(patched.cycles.is_empty());
    assert!(patched.class_edge("handle", "page lock").is_some());
    assert!(patched.class_edge("page lock", "transaction").is_none());
}

#[test]
fn the_schedule_of_a_witness_ends_before_its_thread_acquires_the_lock() {
    let (graph, encoding) = write("old");
    let names = crate::engine::thread_names(&encoding).expect("a result");
    for edge in &graph.edges {
        let witness = &edge.witness;
        let schedule = &witness.schedule;
        let thread = names.iter().position(|name| *name == witness.thread);
        let thread = ThreadId::new(thread.expect("listed"));
        // The thread takes its next step if it can; otherwise the replay shows it waiting there.
        let next = schedule.then(thread);
        let replayed = replay(&encoding, &next).or_else(|_| replay(&encoding, schedule));
        let events = replayed.expect("the schedule fits").events;
        let place = |event: &&crate::trace::Event| {
            event.thread == witness.thread && event.function == witness.function
        };
        let acquires = events.iter().filter(place).any(|event| {
            let here = event.kind == EventKind::Wait || event.operation == Some(next.len());
            here && event.holds.iter().any(|held| is(held, &edge.held))
        });
        assert!(acquires, "{} -> {}", edge.held.name, edge.wanted.name);
    }
}

/// Whether a name that a trace shows is that of a resource; a handle is called after its transaction.
fn is(shown: &str, resource: &Resource) -> bool {
    shown == resource.name || shown.starts_with("handle") || shown.starts_with("commit")
}
