//! Cycles of the wait-for graph.

use serde::{Deserialize, Serialize};

/// The property that every model has: no thread blocks forever.
pub const NO_DEADLOCK: &str = "no-deadlock";

/// One edge of the wait-for graph: a thread waits for something that one other thread holds or has to do.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct WaitEdge {
    /// The thread that waits.
    pub thread: String,
    /// What it waits for: a lock's name, or an event such as `commit of T1`.
    pub waits_for: String,
    /// The thread that holds it or has to bring it about.
    pub held_by: String,
    /// The function that would end the wait, where the holder has named it.
    pub ended_by: String,
    /// The function that waits.
    pub waits_in: String,
}

/// A chain of waits that never ends.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Cycle {
    /// The edges, each from a thread to the next. The last leads back to the first thread if
    /// `closed`, otherwise to a thread that has left without releasing what the others wait for.
    pub edges: Vec<WaitEdge>,
    /// Whether the chain closes on itself.
    pub closed: bool,
}

impl Cycle {
    /// The same cycle, begun at the thread whose name sorts first, so that equal cycles compare
    /// equal wherever the search entered them.
    #[must_use]
    pub fn canonical(&self) -> Self {
        let mut cycle = self.clone();
        if cycle.closed
            && let Some(first) = (0..cycle.edges.len()).min_by_key(|&i| &cycle.edges[i].thread)
        {
            cycle.edges.rotate_left(first);
        }
        cycle
    }

    /// The cycle without the numbers of its resources, so that it is the same whichever page or transaction it
    /// goes through: `writer2 (page N lock) -> kjournald2 (handle of TN) -> writer2`. Threads keep their names:
    /// a cycle of other threads is another deadlock.
    #[must_use]
    pub fn shape(&self) -> String {
        let cycle = self.canonical();
        let mut line: Vec<String> = (cycle.edges.iter())
            .map(|edge| format!("{} ({})", edge.thread, without_numbers(&edge.waits_for)))
            .collect();
        line.extend(cycle.edges.last().map(|edge| edge.held_by.clone()));
        line.join(" -> ")
    }

    /// The chain on one line: `a -> b -> a`.
    #[must_use]
    pub fn chain(&self) -> String {
        let mut line: Vec<&str> = self.edges.iter().map(|e| e.thread.as_str()).collect();
        line.extend(self.edges.last().map(|e| e.held_by.as_str()));
        line.join(" -> ")
    }
}

/// A text with an `N` for each of its numbers: `page N lock`.
#[must_use]
pub fn without_numbers(text: &str) -> String {
    let mut shape = String::new();
    for letter in text.chars() {
        if !letter.is_ascii_digit() {
            shape.push(letter);
        } else if !shape.ends_with('N') {
            shape.push('N');
        }
    }
    shape
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;

    #[test]
    fn canonical_form_does_not_depend_on_where_the_cycle_was_entered() {
        let edge = |a: &str, b: &str| WaitEdge {
            thread: a.into(),
            waits_for: "x".into(),
            held_by: b.into(),
            ended_by: String::new(),
            waits_in: String::new(),
        };
        let one = Cycle {
            edges: vec![edge("b", "a"), edge("a", "b")],
            closed: true,
        };
        let two = Cycle {
            edges: vec![edge("a", "b"), edge("b", "a")],
            closed: true,
        };
        assert_eq!(one.canonical(), two.canonical());
        assert_eq!(one.canonical().chain(), "a -> b -> a");
    }

    #[test]
    fn a_shape_keeps_the_names_of_threads_and_no_numbers_of_resources() {
        let edge = |thread: &str, waits_for: &str, held_by: &str| WaitEdge {
            thread: thread.into(),
            waits_for: waits_for.into(),
            held_by: held_by.into(),
            ended_by: String::new(),
            waits_in: String::new(),
        };
        let cycle = |threads: [&str; 2], pages: [u8; 2]| Cycle {
            edges: vec![
                edge(threads[0], &format!("page {} lock", pages[0]), threads[1]),
                edge(threads[1], &format!("page {} lock", pages[1]), threads[0]),
            ],
            closed: true,
        };
        let shape = cycle(["w 1", "w2"], [0, 1]).shape();
        assert_eq!(shape, "w 1 (page N lock) -> w2 (page N lock) -> w 1");
        assert_eq!(cycle(["w 1", "w2"], [7, 12]).shape(), shape);
        assert_ne!(cycle(["w 2", "w3"], [0, 1]).shape(), shape);
        let open = Cycle {
            closed: false,
            edges: vec![edge("kjournald2", "handle of T1", "w 3")],
        };
        assert_eq!(open.shape(), "kjournald2 (handle of TN) -> w 3");
    }
}
