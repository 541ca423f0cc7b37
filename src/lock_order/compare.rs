//! Documented orders against those of the models.

use super::classes::index;
use super::documented::{DOCUMENTS, Document, Pages, Ranked};
use super::graph::{Edge, Graph};

/// A documented order, and the designs that show it or its contrary.
///
/// Documents also rank locks that no model has:
/// ```
/// use pagelock::lock_order::compare;
///
/// let all = compare(&[]);
/// let of = |first: &str| all.iter().find(|one| one.order.first.kernel == first).unwrap();
/// assert!(of("i_mutex").is_modelled());
/// assert!(!of("mmap_sem").is_modelled());
/// assert!(of("i_mutex").exercised.is_empty());
/// ```
#[derive(Debug, Clone)]
pub struct Compared<'g> {
    /// The document.
    pub document: &'static Document,
    /// The order.
    pub order: Ranked,
    /// The designs whose threads come in this order, each with an example.
    pub exercised: Vec<(&'g Graph, &'g Edge)>,
    /// The designs whose threads come in the contrary order.
    pub contradicted: Vec<(&'g Graph, &'g Edge)>,
}

impl Compared<'_> {
    /// Whether the models have both.
    #[must_use]
    pub fn is_modelled(&self) -> bool {
        self.order.first.is_modelled() && self.order.second.is_modelled()
    }
}

/// Compares every documented order with the graphs.
///
/// The comment of the patch of 2008 puts the start of a transaction before the page lock; the design
/// before it contradicts that:
/// ```
/// use pagelock::engine::Strategy;
/// use pagelock::lock_order::{Graph, compare};
/// use pagelock::{protocols, spec};
///
/// let spec = protocols::find("ext4-journal-start").unwrap();
/// let (old, scenario) = (spec.design("old").unwrap(), spec.scenario("write").unwrap());
/// let run = spec::check(spec, old, scenario, &Strategy::States).unwrap();
/// let graphs = [Graph::of(spec.name, old.name, &[&run])];
/// let all = compare(&graphs);
/// let rule = all.iter().find(|one| one.document.source.starts_with("ext4 61628a3f3a37")).unwrap();
/// let (_, edge) = rule.contradicted[0];
/// assert_eq!((&*edge.held.name, &*edge.wanted.name), ("page 0 lock", "transaction"));
/// // The writer comes in the documented order.
/// assert_eq!(rule.exercised[0].1.witness.thread, "writer");
/// ```
#[must_use]
pub fn compare(graphs: &[Graph]) -> Vec<Compared<'_>> {
    let mut all = Vec::new();
    for document in DOCUMENTS {
        for order in document.orders() {
            all.push(Compared {
                document,
                order,
                exercised: examples(graphs, order, follows),
                contradicted: examples(graphs, order, contradicts),
            });
        }
    }
    all
}

/// Of each graph with an edge that holds, the edge with the shortest witness.
fn examples(
    graphs: &[Graph],
    order: Ranked,
    holds: impl Fn(Ranked, &Edge) -> bool,
) -> Vec<(&Graph, &Edge)> {
    let mut examples = Vec::new();
    for graph in graphs {
        let edges = graph.edges.iter().filter(|edge| holds(order, edge));
        let example = edges.min_by_key(|edge| edge.witness.schedule.len());
        examples.extend(example.map(|edge| (graph, edge)));
    }
    examples
}

/// How the pages of an edge's ends compare.
fn pages(edge: &Edge) -> Option<std::cmp::Ordering> {
    Some(index(&edge.held)?.cmp(&index(&edge.wanted)?))
}

fn forward(order: Ranked, edge: &Edge) -> bool {
    order.first.held.contains(&edge.held.class.as_str())
        && order.second.wanted.contains(&edge.wanted.class.as_str())
}

/// Whether the edge is of the documented order.
fn follows(order: Ranked, edge: &Edge) -> bool {
    forward(order, edge)
        && match order.pages {
            Pages::Any => true,
            Pages::Same => pages(edge).is_some_and(std::cmp::Ordering::is_eq),
            Pages::Ascending => pages(edge).is_some_and(std::cmp::Ordering::is_lt),
        }
}

/// Whether the edge is of the contrary order. Where one page's second may be held while the first of a
/// higher page is come for, the contrary of that is to come for the same or a lower one.
fn contradicts(order: Ranked, edge: &Edge) -> bool {
    let not_ascending = || pages(edge).is_some_and(std::cmp::Ordering::is_ge);
    let back = || {
        order.second.held.contains(&edge.held.class.as_str())
            && order.first.wanted.contains(&edge.wanted.class.as_str())
    };
    match order.pages {
        Pages::Any => back(),
        Pages::Same => back() && not_ascending(),
        Pages::Ascending => forward(order, edge) && not_ascending(),
    }
}
