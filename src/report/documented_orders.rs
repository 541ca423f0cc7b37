//! The lock orders that the kernel documents, compared with those of the models.
//!
//! `docs/documented-orders.txt` lists the documents, and says which classes of the models stand for a name.

use crate::escape::{code, markdown};
use crate::lock_order::{Edge, Graph, index};
use std::collections::BTreeSet;
use std::fmt::Write as _;

const TEXT: &str = include_str!("../../docs/documented-orders.txt");

/// A lock, a bit or an event as a document names it.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Name {
    kernel: String,
    /// The classes that stand for it where it is held; none if no model has it.
    held: Vec<String>,
    /// The classes that stand for it where it is acquired.
    wanted: Vec<String>,
}

impl Name {
    fn is_modelled(&self) -> bool {
        !self.held.is_empty()
    }
}

/// The pages that an order is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Pages {
    /// Any, or the order has nothing to do with pages.
    Any,
    /// One page: the first of page j comes before the second of page j.
    Same,
    /// Ascending pages: the first of page i comes before the second of page j for i < j only.
    Ascending,
}

/// A documented order of two names.
#[derive(Debug, Clone, PartialEq, Eq)]
struct DocumentedOrder {
    document: String,
    first: Name,
    second: Name,
    pages: Pages,
}

impl DocumentedOrder {
    fn is_modelled(&self) -> bool {
        self.first.is_modelled() && self.second.is_modelled()
    }

    fn is_forward(&self, edge: &Edge) -> bool {
        self.first.held.contains(&edge.held.class)
            && self.second.wanted.contains(&edge.wanted.class)
    }

    /// Whether the edge has this order.
    fn follows(&self, edge: &Edge) -> bool {
        self.is_forward(edge)
            && match self.pages {
                Pages::Any => true,
                Pages::Same => compared_pages(edge).is_some_and(std::cmp::Ordering::is_eq),
                Pages::Ascending => compared_pages(edge).is_some_and(std::cmp::Ordering::is_lt),
            }
    }

    /// Whether the edge has the contrary order. Where the first may be held only while the second of a higher
    /// page is acquired, the contrary is to acquire that of the same page or of a lower one.
    fn contradicts(&self, edge: &Edge) -> bool {
        let is_back = self.second.held.contains(&edge.held.class)
            && self.first.wanted.contains(&edge.wanted.class);
        let not_ascending = compared_pages(edge).is_some_and(std::cmp::Ordering::is_ge);
        match self.pages {
            Pages::Any => is_back,
            Pages::Same => is_back && not_ascending,
            Pages::Ascending => self.is_forward(edge) && not_ascending,
        }
    }
}

/// How the pages of an edge's ends compare.
fn compared_pages(edge: &Edge) -> Option<std::cmp::Ordering> {
    Some(index(&edge.held)?.cmp(&index(&edge.wanted)?))
}

/// Every order of two names that the documents state or imply, each once for each document.
///
/// # Errors
/// Names the line that cannot be read.
fn documented_orders(text: &str) -> Result<Vec<DocumentedOrder>, String> {
    let mut names: Vec<Name> = Vec::new();
    let mut document = String::new();
    let mut orders: Vec<DocumentedOrder> = Vec::new();
    for line in text.lines() {
        let (keyword, rest) = line.split_once(' ').unwrap_or((line, ""));
        match keyword {
            "" | "#" => {}
            "name" => names.push(parse_name(rest).ok_or_else(|| format!("no colon: {line}"))?),
            "document" => document = rest.to_string(),
            "order" => {
                let (chain, pages) = parse_pages(rest);
                let mut chained = Vec::new();
                for kernel in chain.split(" > ") {
                    let name = names.iter().find(|name| name.kernel == kernel);
                    chained.push(name.ok_or_else(|| format!("`{kernel}` is no name: {line}"))?);
                }
                for (place, first) in chained.iter().enumerate() {
                    for second in &chained[place + 1..] {
                        let order = DocumentedOrder {
                            document: document.clone(),
                            first: (*first).clone(),
                            second: (*second).clone(),
                            pages,
                        };
                        if !orders.contains(&order) {
                            orders.push(order);
                        }
                    }
                }
            }
            _ => return Err(format!("no such keyword: {line}")),
        }
    }
    Ok(orders)
}

fn parse_name(text: &str) -> Option<Name> {
    let (kernel, classes) = text.split_once(':')?;
    let list = |text: &str| -> Vec<String> {
        let names = text.split(',').map(str::trim);
        names
            .filter(|name| !name.is_empty())
            .map(str::to_string)
            .collect()
    };
    let (held, wanted) = classes.split_once('/').unwrap_or((classes, classes));
    Some(Name {
        kernel: kernel.to_string(),
        held: list(held),
        wanted: list(wanted),
    })
}

fn parse_pages(text: &str) -> (&str, Pages) {
    match text.rsplit_once(", ") {
        Some((chain, "same page")) => (chain, Pages::Same),
        Some((chain, "ascending pages")) => (chain, Pages::Ascending),
        _ => (text, Pages::Any),
    }
}

/// The document that compares them.
pub(super) fn document(graphs: &[Graph]) -> String {
    format!(
        "# Documented lock orders\n\nWritten by `cargo docs-update`, and checked by the exhaustive gate, from \
         `docs/documented-orders.txt` and `pagelock graph` of every design. *First* is acquired before *then* \
         by the document; a design exercises that if one of its threads holds the first and acquires the \
         second, and contradicts it the other way round. See \
         [proofs.md](../../proofs.md#lock-orders).\n\n{}",
        compared(graphs)
    )
}

/// Of each graph with an edge of the kind, the edge with the shortest witness.
fn examples(graphs: &[Graph], is_one: impl Fn(&Edge) -> bool) -> Vec<(&Graph, &Edge)> {
    let mut examples = Vec::new();
    for graph in graphs {
        let edges = graph.edges.iter().filter(|edge| is_one(edge));
        let example = edges.min_by_key(|edge| edge.witness.schedule.len());
        examples.extend(example.map(|edge| (graph, edge)));
    }
    examples
}

/// The documented orders of which the models have both parts, with the designs that show each or its contrary;
/// and the names that no model has.
///
/// # Panics
/// If `docs/documented-orders.txt` cannot be read; a test reads it.
fn compared(graphs: &[Graph]) -> String {
    let orders = documented_orders(TEXT).unwrap_or_else(|error| panic!("{error}"));
    let mut text = String::from(
        "| document | first | then | exercised by | contradicted by |\n|---|---|---|---|---|\n",
    );
    let mut absent = BTreeSet::new();
    let mut left_out = 0;
    for order in &orders {
        if !order.is_modelled() {
            left_out += 1;
            let names = [&order.first, &order.second].into_iter();
            absent.extend(
                names
                    .filter(|name| !name.is_modelled())
                    .map(|name| name.kernel.as_str()),
            );
            continue;
        }
        let pages = match order.pages {
            Pages::Any => "",
            Pages::Same => " of the same page",
            Pages::Ascending => " of a higher page",
        };
        let _ = writeln!(
            text,
            "| {} | {} | {}{pages} | {} | {} |",
            order.document,
            order.first.kernel,
            order.second.kernel,
            designs(
                &examples(graphs, |edge| order.follows(edge)),
                "never nested in a model"
            ),
            designs(&examples(graphs, |edge| order.contradicts(edge)), "-"),
        );
    }
    let absent: Vec<&str> = absent.into_iter().collect();
    let _ = writeln!(
        text,
        "\nOf {} documented orders, stated or implied, {left_out} are left out: they name {}, which no model has.",
        orders.len(),
        absent.join(", ")
    );
    text
}

/// `spec: design, design; spec: all`, with the function of an example.
fn designs(found: &[(&Graph, &Edge)], none: &str) -> String {
    let mut specs: Vec<(&str, Vec<&str>, &Edge)> = Vec::new();
    for (graph, edge) in found {
        match specs.last_mut().filter(|(spec, ..)| *spec == graph.spec) {
            Some((_, designs, _)) => designs.push(&graph.design),
            None => specs.push((&graph.spec, vec![&graph.design], edge)),
        }
    }
    if specs.is_empty() {
        return none.to_string();
    }
    let mut words = Vec::new();
    for (spec, designs, edge) in specs {
        let designs = markdown(&designs.join(", "));
        words.push(format!(
            "{} {designs} ({})",
            markdown(spec),
            code(&edge.witness.call())
        ));
    }
    words.join("; ")
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;
    use crate::engine::{Order, Resource};
    use crate::lock_order::ScenarioOrders;
    use crate::model::Function;
    use crate::trace::Schedule;

    /// The graph of a design in which one thread holds the first and acquires the second.
    fn graph(held: (&str, &str), wanted: (&str, &str)) -> Graph {
        let resource = |(name, class): (&str, &str)| Resource {
            name: name.to_string(),
            class: class.to_string(),
            event: false,
        };
        let order = Order {
            held: resource(held),
            wanted: resource(wanted),
            waits: true,
            thread: "thread".to_string(),
            function: Function::new("lock_page", "mm/filemap.c"),
            caller: None,
            schedule: Schedule::from([0]),
        };
        let scenario = ScenarioOrders {
            scenario: "one",
            fingerprint: "0123456789abcdef",
            orders: &[order],
            deadlocks: &[],
            deadlocked: false,
        };
        Graph::new("spec", "design", &[scenario])
    }

    fn row(graph: Graph, first: &str, second: &str) -> String {
        let start = format!("| {first} | {second} | ");
        let table = compared(&[graph]);
        let row = table
            .lines()
            .find(|row| row.contains(&start))
            .expect("listed");
        row.split_once(&start).expect("found").1.to_string()
    }

    #[test]
    fn a_chain_implies_every_order_of_two() {
        let orders = documented_orders(TEXT).expect("the file can be read");
        let has = |first: &str, second: &str| {
            (orders.iter())
                .any(|order| (&*order.first.kernel, &*order.second.kernel) == (first, second))
        };
        assert!(has("i_mutex", "i_alloc_sem") && has("i_alloc_sem", "mmap_sem"));
        assert!(has("i_mutex", "mmap_sem") && !has("mmap_sem", "i_mutex"));
        assert!(documented_orders("order a > b").is_err());
        assert!(documented_orders("nothing").is_err());
    }

    #[test]
    fn an_order_is_exercised_or_contradicted() {
        let forth = graph(("handle", "handle"), ("page 0 lock", "page lock"));
        assert_eq!(
            row(forth, "transaction start", "PG_locked"),
            "spec design (`lock_page`) | - |"
        );
        let back = graph(("page 0 lock", "page lock"), ("transaction", "transaction"));
        let row = row(back, "transaction start", "PG_locked");
        assert_eq!(row, "never nested in a model | spec design (`lock_page`) |");
    }

    #[test]
    fn a_request_may_be_held_for_a_higher_page_only() {
        for (held, exercised) in [
            ("request 0", true),
            ("request 1", false),
            ("request 2", false),
        ] {
            let graph = graph((held, "request N"), ("page 1 lock", "page lock"));
            let expected = if exercised {
                "spec design (`lock_page`) | - |"
            } else {
                "never nested in a model | spec design (`lock_page`) |"
            };
            assert_eq!(
                row(graph, "PG_BUSY", "PG_locked of a higher page"),
                expected,
                "{held}"
            );
        }
    }
}
