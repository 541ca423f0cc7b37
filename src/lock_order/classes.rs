//! The graph with its numbers left out: classes of locks and kinds of events.

use super::digraph::Digraph;
use super::edge::{Edge, Witness};
use crate::engine::Resource;
use serde::Serialize;
use std::collections::BTreeMap;

/// A class of locks, or a kind of events.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Class {
    /// `page lock`, or `writeback of page N`.
    pub name: String,
    /// Whether it is an event, and no lock.
    pub event: bool,
    /// How many classes can be held one in another before it; on a cycle, with the fewest orders of
    /// the cycle left out.
    pub rank: usize,
}

/// An order of two classes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ClassEdge {
    /// The class held.
    pub held: String,
    /// The class acquired or waited for.
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

/// In which order several locks of one class are acquired while others of it are held.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Within {
    /// By ascending number, always.
    AscendingIndex,
    /// Not by number, and never in a cycle.
    OneOrder,
    /// In a cycle.
    AnyOrder,
    /// Never one within another, only one within itself: a thread waits for what it holds.
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

/// A cycle of classes that is no cycle of single locks and events.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ClassCycle {
    /// The classes.
    pub classes: Vec<String>,
    /// Whether the index explains it, whatever the number of pages: no order among these classes goes
    /// from a higher number to a lower, and those between equal numbers form no cycle.
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
    // An order on a cycle is the better example.
    let by_example = |edge: &&&Edge| (!edge.in_cycle, edge.witness.schedule.len());
    Some(ClassEdge {
        held: held.to_string(),
        wanted: wanted.to_string(),
        waits: edges.iter().any(|edge| edge.waits),
        in_cycle,
        within,
        orders: edges.len(),
        witness: edges.iter().min_by_key(by_example)?.witness.clone(),
    })
}

/// The number in a name: the index of the page.
pub(crate) fn index(resource: &Resource) -> Option<u64> {
    let digits = |letter: char| letter.is_ascii_digit();
    let from = resource.name.find(digits)?;
    let rest = &resource.name[from..];
    let end = rest.find(|letter| !digits(letter)).unwrap_or(rest.len());
    rest[..end].parse().ok()
}

/// The cycles of classes without a cycle of their locks and events.
pub(super) fn class_cycles(classes: &[Class], edges: &[Edge]) -> Vec<ClassCycle> {
    let number = |name: &str| classes.iter().position(|class| class.name == name);
    let ends = |edge: &Edge| Some((number(&edge.held.class)?, number(&edge.wanted.class)?));
    let numbers: Vec<Option<(usize, usize)>> = edges.iter().map(ends).collect();
    let all: Vec<(usize, usize)> = numbers.iter().flatten().copied().collect();
    let mut class_cycles = Vec::new();
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
        class_cycles.push(ClassCycle {
            classes: component
                .iter()
                .map(|class| classes[*class].name.clone())
                .collect(),
            by_index: ascend && !Digraph::new(classes.len(), &level).has_cycle(),
        });
    }
    class_cycles
}
