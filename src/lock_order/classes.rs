//! The graph with its numbers left out: classes of locks and kinds of events.

use super::digraph::Digraph;
use super::graph::{Edge, Witness};
use crate::engine::Resource;
use serde::Serialize;
use std::collections::BTreeMap;

/// A class of locks, or a kind of events.
///
/// ```
/// use pagelock::engine::Strategy;
/// use pagelock::lock_order::Graph;
/// use pagelock::{protocols, spec};
///
/// let spec = protocols::find("ext4-journal-start").unwrap();
/// let (patched, scenario) = (spec.design("patched").unwrap(), spec.scenario("write").unwrap());
/// let run = spec::check(spec, patched, scenario, &Strategy::States).unwrap();
/// let graph = Graph::of(spec.name, patched.name, &[&run]);
/// let rank = |name: &str| graph.classes.iter().find(|class| class.name == name).unwrap().rank;
/// // What the patch is about, as a hierarchy.
/// assert!(rank("i_mutex") < rank("transaction") && rank("handle") < rank("page lock"));
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Class {
    /// `page lock`, or `writeback of page N`.
    pub name: String,
    /// Whether it is an event, and no lock.
    pub event: bool,
    /// How many classes can be held one in another before it; on a cycle, with the fewest orders of
    /// the cycle taken for the wrong way round.
    pub rank: usize,
}

/// An order of two classes.
///
/// The order that the patch turned round, before it and after it:
/// ```
/// use pagelock::engine::Strategy;
/// use pagelock::lock_order::Graph;
/// use pagelock::{protocols, spec};
///
/// let spec = protocols::find("ext4-journal-start").unwrap();
/// let scenario = spec.scenario("write").unwrap();
/// let [old, patched] = ["old", "patched"].map(|design| {
///     let run = spec::check(spec, spec.design(design).unwrap(), scenario, &Strategy::States).unwrap();
///     Graph::of(spec.name, design, &[&run])
/// });
/// let edge = old.class_edge("page lock", "transaction").unwrap();
/// assert!(edge.in_cycle && edge.waits);
/// assert_eq!(edge.witness.thread, "flusher");
/// assert!(patched.class_edge("page lock", "transaction").is_none());
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ClassEdge {
    /// The class held.
    pub held: String,
    /// The class come for.
    pub wanted: String,
    /// Whether some thread has to wait there, in some execution.
    pub waits: bool,
    /// Whether an order of two locks or events of these classes lies on a cycle.
    pub in_cycle: bool,
    /// Of a class and itself, in which order its locks are taken.
    pub within: Option<Within>,
    /// How many orders of two locks or events it stands for.
    pub orders: usize,
    /// The shortest execution that shows one of them.
    pub witness: Witness,
}

/// In which order the locks of one class are taken, one in another.
///
/// How a model takes several locks of one class:
/// ```
/// use pagelock::engine::{Encoding, Function, Strategy, World, search};
/// use pagelock::lock_order::{Graph, Part, Within};
/// use std::sync::Arc;
///
/// const LOCK_PAGE: Function = Function::new("lock_page", "mm/filemap.c");
/// let within = |pages: [usize; 2]| {
///     let model: Arc<dyn Encoding> = Arc::new(move |world: &mut World| {
///         let lock = |page: usize| world.lock(format!("page {page} lock"), "page lock", ());
///         let [first, second] = pages.map(lock);
///         world.thread("one", move |task| {
///             let _first = task.acquire(&first, LOCK_PAGE)?;
///             let _second = task.acquire(&second, LOCK_PAGE)?;
///             Ok(())
///         });
///     });
///     let orders = search(&model, &Strategy::States).unwrap().orders;
///     let part = Part { scenario: "two", fingerprint: "", orders: &orders, deadlocks: &[], deadlocked: false };
///     Graph::from_parts("pages", "one", &[part]).class_edge("page lock", "page lock").unwrap().within.unwrap()
/// };
/// assert_eq!(within([0, 1]), Within::AscendingIndex);
/// assert_eq!(within([1, 0]), Within::OneOrder);
/// assert_eq!(within([0, 1]).words(), "ascending index");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Within {
    /// By ascending number, always.
    AscendingIndex,
    /// Not by number, and never in a cycle.
    OneOrder,
    /// In a cycle.
    AnyOrder,
    /// Never one in another, but one in itself: a thread waits for what it has.
    Itself,
}

impl Within {
    /// In words.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::AscendingIndex => "ascending index",
            Self::OneOrder => "one order",
            Self::AnyOrder => "any order",
            Self::Itself => "the same one",
        }
    }
}

/// Classes that come round although their locks and events do not.
///
/// Page locks in ascending order come round as a class, and in no cycle of locks:
/// ```
/// use pagelock::engine::Strategy;
/// use pagelock::lock_order::{Graph, Round};
/// use pagelock::{protocols, spec};
///
/// let spec = protocols::find("ext4-journal-start").unwrap();
/// let (patched, scenario) = (spec.design("patched").unwrap(), spec.scenario("pagevec").unwrap());
/// let run = spec::check(spec, patched, scenario, &Strategy::States).unwrap();
/// let graph = Graph::of(spec.name, patched.name, &[&run]);
/// assert_eq!(graph.rounds, [Round { classes: vec!["page lock".to_string()], by_index: true }]);
/// assert!(graph.cycles.is_empty());
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Round {
    /// The classes.
    pub classes: Vec<String>,
    /// Whether the index explains it, whatever the number of pages: no order among these classes goes
    /// from a higher number to a lower, and those between equal numbers do not come round.
    pub by_index: bool,
}

/// The classes by rank, and their orders.
pub(super) fn of(edges: &[Edge]) -> (Vec<Class>, Vec<ClassEdge>) {
    let mut groups: BTreeMap<(&str, &str), Vec<&Edge>> = BTreeMap::new();
    let mut names: BTreeMap<&str, bool> = BTreeMap::new();
    for edge in edges {
        let ends = (edge.held.class.as_str(), edge.wanted.class.as_str());
        groups.entry(ends).or_default().push(edge);
        for end in [&edge.held, &edge.wanted] {
            *names.entry(&end.class).or_default() |= end.event;
        }
    }
    let nodes: Vec<&str> = names.keys().copied().collect();
    let number = |name: &str| nodes.binary_search(&name).unwrap_or_default();
    let numbers: Vec<(usize, usize)> = groups.keys().map(|(a, b)| (number(a), number(b))).collect();
    let ranks = super::ranks::of(nodes.len(), &numbers);
    let mut classes: Vec<Class> = (names.iter().zip(&ranks))
        .map(|((name, event), rank)| Class {
            name: (*name).to_string(),
            event: *event,
            rank: *rank,
        })
        .collect();
    classes.sort_by(|a, b| (a.rank, &a.name).cmp(&(b.rank, &b.name)));
    let mut class_edges: Vec<ClassEdge> = groups
        .into_iter()
        .filter_map(|((held, wanted), edges)| class_edge(held, wanted, &edges))
        .collect();
    let place = |name: &str| classes.iter().position(|class| class.name == name);
    class_edges.sort_by_key(|edge| (place(&edge.held), place(&edge.wanted)));
    (classes, class_edges)
}

fn class_edge(held: &str, wanted: &str, edges: &[&Edge]) -> Option<ClassEdge> {
    let in_cycle = edges.iter().any(|edge| edge.in_cycle);
    let ascends = |edge: &&Edge| match (index(&edge.held), index(&edge.wanted)) {
        (Some(held), Some(wanted)) => held < wanted,
        _ => false,
    };
    let within = (held == wanted).then(|| {
        if edges.iter().all(ascends) {
            Within::AscendingIndex
        } else if edges.iter().all(|edge| edge.held == edge.wanted) {
            Within::Itself
        } else if in_cycle {
            Within::AnyOrder
        } else {
            Within::OneOrder
        }
    });
    // One on a cycle says more.
    let telling = |edge: &&&Edge| (!edge.in_cycle, edge.witness.schedule.len());
    Some(ClassEdge {
        held: held.to_string(),
        wanted: wanted.to_string(),
        waits: edges.iter().any(|edge| edge.waits),
        in_cycle,
        within,
        orders: edges.len(),
        witness: edges.iter().min_by_key(telling)?.witness.clone(),
    })
}

/// The number in a name: the index of the page.
pub(super) fn index(resource: &Resource) -> Option<u64> {
    let digits = |letter: char| letter.is_ascii_digit();
    let from = resource.name.find(digits)?;
    let rest = &resource.name[from..];
    let end = rest.find(|letter| !digits(letter)).unwrap_or(rest.len());
    rest[..end].parse().ok()
}

/// The sets of classes that come round without a cycle of their locks and events.
pub(super) fn rounds(classes: &[Class], edges: &[Edge]) -> Vec<Round> {
    let number = |name: &str| classes.iter().position(|class| class.name == name);
    let ends = |edge: &Edge| Some((number(&edge.held.class)?, number(&edge.wanted.class)?));
    let numbers: Vec<Option<(usize, usize)>> = edges.iter().map(ends).collect();
    let all: Vec<(usize, usize)> = numbers.iter().flatten().copied().collect();
    let mut rounds = Vec::new();
    for component in Digraph::new(classes.len(), &all).components() {
        let inside =
            |ends: &(usize, usize)| component.contains(&ends.0) && component.contains(&ends.1);
        let own: Vec<(&Edge, (usize, usize))> = (edges.iter().zip(&numbers))
            .filter_map(|(edge, ends)| Some((edge, ends.filter(inside)?)))
            .collect();
        if own.iter().any(|(edge, _)| edge.in_cycle) {
            continue;
        }
        let step = |edge: &Edge| Some((index(&edge.held)?, index(&edge.wanted)?));
        let ascend = own
            .iter()
            .all(|(edge, _)| step(edge).is_some_and(|(a, b)| a <= b));
        let level: Vec<(usize, usize)> = (own.iter())
            .filter(|(edge, _)| step(edge).is_some_and(|(a, b)| a == b))
            .map(|(_, ends)| *ends)
            .collect();
        rounds.push(Round {
            classes: component
                .iter()
                .map(|class| classes[*class].name.clone())
                .collect(),
            by_index: ascend && !Digraph::new(classes.len(), &level).has_cycle(),
        });
    }
    rounds
}
