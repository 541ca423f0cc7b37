//! The wait-for graph as a picture: threads, and an arrow from each that waits to the one it waits for.

use super::side::Side;
use super::states::{Span, spans};
use super::waits::{Edge, sentence};
use crate::trace::Trace;
use maud::{Markup, html};

const WIDTH: f64 = 440.0;
const MIDDLE: f64 = WIDTH / 2.0;
/// Half the height of a node.
const HALF: f64 = 16.0;
/// How far an arrow bows out, so that two threads that wait for each other have two arrows.
const BOW: f64 = 30.0;
/// A little more than a letter needs.
const LETTER: f64 = 8.2;

/// A point of the picture.
#[derive(Debug, Clone, Copy)]
struct Point {
    x: f64,
    y: f64,
}

/// A thread, or, where no holder is known, what is waited for.
struct Node<'n> {
    name: &'n str,
    thread: bool,
    at: Point,
}

fn nodes<'n>(threads: &'n [String], all: &'n [Edge]) -> Vec<Node<'n>> {
    let mut names: Vec<&str> = threads.iter().map(String::as_str).collect();
    for edge in all {
        if !names.contains(&edge.to.as_str()) {
            names.push(&edge.to);
        }
    }
    let count = names.len();
    let high = height(count);
    let place = |(i, name): (usize, &'n str)| {
        // Two stand side by side; more stand round, the first at the top.
        let begin = if count == 2 { 0.5 } else { 0.25 };
        let turn = std::f64::consts::TAU * (i as f64 / count as f64 - begin);
        Node {
            name,
            thread: threads.iter().any(|thread| thread == name),
            at: Point {
                x: MIDDLE + 150.0 * turn.cos(),
                y: high / 2.0 + (high / 2.0 - 26.0) * turn.sin(),
            },
        }
    };
    names.into_iter().enumerate().map(place).collect()
}

fn height(nodes: usize) -> f64 {
    match nodes {
        0..=2 => 120.0,
        3 => 240.0,
        more => 60.0 * more as f64 + 60.0,
    }
}

pub(super) fn picture(
    trace: &Trace,
    side: &Side<'_>,
    all: &[Edge],
    moments: &[Vec<Edge>],
) -> Markup {
    let nodes = nodes(side.execution.threads, all);
    let heads = format!("{}-head", side.key);
    html! {
        svg viewBox={ "0 0 " (WIDTH) " " (height(nodes.len())) } role="img" aria-labelledby={ (side.key) "-waits" } {
            defs {
                @for (id, class) in [(heads.clone(), "head"), (format!("{heads}-cycle"), "head cycle")] {
                    marker id=(id) viewBox="0 0 8 8" refX="7" refY="4" markerWidth="9" markerHeight="9"
                        markerUnits="userSpaceOnUse" orient="auto" { path class=(class) d="M0 0L8 4L0 8z" {} }
                }
            }
            @for edge in all {
                @for span in spans(moments.iter().map(|now| now.contains(edge))) {
                    @if span.value { (arrow(trace, side, &nodes, edge, &span, &heads)) }
                }
            }
            @for node in &nodes {
                @let half = half_width(node.name);
                rect class={ "node" @if !node.thread { " thing" } } x=(whole(node.at.x - half))
                    y=(whole(node.at.y - HALF)) width=(whole(half * 2.0)) height=(whole(HALF * 2.0))
                    rx=(if node.thread { 4 } else { 16 }) {}
                text x=(whole(node.at.x)) y=(whole(node.at.y + 5.0)) text-anchor="middle" { (node.name) }
            }
        }
    }
}

fn arrow(
    trace: &Trace,
    side: &Side<'_>,
    nodes: &[Node<'_>],
    edge: &Edge,
    span: &Span<bool>,
    heads: &str,
) -> Markup {
    let find = |name: &str| nodes.iter().find(|node| node.name == name);
    let (Some(from), Some(to)) = (find(&edge.thread), find(&edge.to)) else {
        return html! {};
    };
    let bend = bend(from.at, to.at);
    let begin = border(from, bend);
    let end = border(to, bend);
    let middle = Point {
        x: begin.x / 4.0 + bend.x / 2.0 + end.x / 4.0,
        y: begin.y / 4.0 + bend.y / 2.0 + end.y / 4.0,
    };
    let room = edge.what.chars().count() as f64 * LETTER / 2.0 + 4.0;
    let path = format!(
        "M{} {}Q{} {} {} {}",
        whole(begin.x),
        whole(begin.y),
        whole(bend.x),
        whole(bend.y),
        whole(end.x),
        whole(end.y)
    );
    let (class, head) = if of_cycle(trace, side, edge) {
        ("edge cycle", format!("{heads}-cycle"))
    } else {
        ("edge", heads.to_string())
    };
    html! {
        g class=(class) data-from=(span.from) data-to=(span.to)
            hidden[span.to < side.last()] {
            title { (sentence(edge)) }
            path d=(path) marker-end={ "url(#" (head) ")" } {}
            text x=(whole(middle.x.clamp(room, (WIDTH - room).max(room)))) y=(whole(middle.y + 4.0))
                text-anchor="middle" { (edge.what) }
        }
    }
}

/// Whether the edge is one of the cycle's.
fn of_cycle(trace: &Trace, side: &Side<'_>, edge: &Edge) -> bool {
    let cycle = trace.cycle.as_ref().filter(|_| side.reference.is_none());
    let mut edges = cycle.map_or(&[][..], |cycle| &cycle.edges).iter();
    edges.any(|known| {
        (&known.thread, &known.waits_for, &known.held_by) == (&edge.thread, &edge.what, &edge.to)
    })
}

/// The control point of an arrow, to the left of its direction.
fn bend(from: Point, to: Point) -> Point {
    let (x, y) = (to.x - from.x, to.y - from.y);
    let length = x.hypot(y).max(1.0);
    Point {
        x: f64::midpoint(from.x, to.x) + y / length * BOW * 2.0,
        y: f64::midpoint(from.y, to.y) - x / length * BOW * 2.0,
    }
}

/// Where a line from a node's middle leaves its box.
fn border(node: &Node<'_>, toward: Point) -> Point {
    let (x, y) = (toward.x - node.at.x, toward.y - node.at.y);
    let (wide, high) = (half_width(node.name) + 3.0, HALF + 3.0);
    let share = (wide / x.abs().max(0.1)).min(high / y.abs().max(0.1));
    Point {
        x: node.at.x + x * share,
        y: node.at.y + y * share,
    }
}

fn half_width(name: &str) -> f64 {
    name.chars().count() as f64 * LETTER / 2.0 + 10.0
}

/// A coordinate, in whole pixels.
fn whole(coordinate: f64) -> String {
    format!("{coordinate:.0}")
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;

    #[test]
    fn a_resource_without_a_known_holder_is_a_node() {
        let threads = ["a".to_string()];
        let edge = Edge {
            thread: "a".to_string(),
            what: "work".to_string(),
            to: "work".to_string(),
        };
        assert_eq!(sentence(&edge), "a waits for work.");
        let all = [edge];
        let nodes = nodes(&threads, &all);
        assert_eq!(nodes.len(), 2);
        assert!(nodes[0].thread && !nodes[1].thread);
    }
}
