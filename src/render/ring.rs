//! The ring of waits of a deadlock as a picture that stands alone, for a document.

use crate::trace::{Cycle, WaitEdge};
use maud::{Markup, html};

const WIDTH: f64 = 760.0;
const HEIGHT: f64 = 330.0;
/// Half of a node's box.
const HALF: (f64, f64) = (112.0, 29.0);

/// For which background the picture is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Background {
    /// Nearly white.
    Light,
    /// Nearly black.
    Dark,
}

struct Colours {
    text: &'static str,
    quiet: &'static str,
    fill: &'static str,
    line: &'static str,
    wait: &'static str,
    halo: &'static str,
}

impl Background {
    const fn colours(self) -> Colours {
        match self {
            Self::Light => Colours {
                text: "#1f2328",
                quiet: "#59636e",
                fill: "#f6f8fa",
                line: "#d1d9e0",
                wait: "#cf222e",
                halo: "#ffffff",
            },
            Self::Dark => Colours {
                text: "#f0f6fc",
                quiet: "#9198a1",
                fill: "#151b23",
                line: "#3d444d",
                wait: "#ff7b72",
                halo: "#0d1117",
            },
        }
    }
}

/// The picture: each thread with what it holds, and an arrow to the thread that holds what it waits for.
pub(crate) fn ring(cycle: &Cycle, background: Background) -> String {
    let colours = background.colours();
    let places = places(cycle.edges.len());
    let names: Vec<&str> = cycle
        .edges
        .iter()
        .map(|edge| edge.thread.as_str())
        .collect();
    let title = format!("A ring of waits: {}", names.join(", "));
    let picture = html! {
        svg xmlns="http://www.w3.org/2000/svg" viewBox={ "0 0 " (WIDTH) " " (HEIGHT) } width=(WIDTH) height=(HEIGHT)
            role="img" font-family="ui-sans-serif, system-ui, sans-serif" font-size="15" {
            title { (title) }
            defs {
                marker id="head" viewBox="0 0 10 10" refX="8" refY="5" markerWidth="10" markerHeight="10"
                    markerUnits="userSpaceOnUse" orient="auto" { path fill=(colours.wait) d="M0 0L10 5L0 10z" {} }
            }
            @for (place, edge) in cycle.edges.iter().enumerate() {
                (arrow(edge, places[place], places[(place + 1) % places.len()], &colours))
            }
            @for (place, edge) in cycle.edges.iter().enumerate() {
                // What a thread holds is what the one before it waits for.
                @let before = (place + cycle.edges.len() - 1) % cycle.edges.len();
                (node(&edge.thread, &cycle.edges[before].waits_for, places[place], &colours))
            }
        }
    };
    picture.into_string() + "\n"
}

/// The middles of the boxes, the first at the top, the others clockwise.
fn places(count: usize) -> Vec<(f64, f64)> {
    let place = |number: usize| {
        let turn = std::f64::consts::TAU * (number as f64 / count as f64 - 0.25);
        (
            WIDTH / 2.0
                + (WIDTH / 2.0 - HALF.0 - 10.0)
                    * turn.cos()
                    * 1.12_f64.min(1.0 / turn.cos().abs().max(0.001)),
            HEIGHT / 2.0
                + (HEIGHT / 2.0 - HALF.1 - 6.0)
                    * turn.sin()
                    * 1.9_f64.min(1.0 / turn.sin().abs().max(0.001)),
        )
    };
    let rounded = |(x, y): (f64, f64)| (x.round(), y.round());
    (0..count).map(place).map(rounded).collect()
}

fn node(name: &str, holds: &str, (x, y): (f64, f64), colours: &Colours) -> Markup {
    html! {
        rect x=(whole(x - HALF.0)) y=(whole(y - HALF.1)) width=(whole(2.0 * HALF.0)) height=(whole(2.0 * HALF.1)) rx="8"
            fill=(colours.fill) stroke=(colours.line) {}
        text x=(whole(x)) y=(whole(y - 5.0)) text-anchor="middle" font-weight="600" fill=(colours.text) { (name) }
        text x=(whole(x)) y=(whole(y + 16.0)) text-anchor="middle" fill=(colours.quiet) { "holds " (holds) }
    }
}

fn arrow(edge: &WaitEdge, from: (f64, f64), to: (f64, f64), colours: &Colours) -> Markup {
    let (begin, end) = (border(from, to), border(to, from));
    let (x, y) = (f64::midpoint(begin.0, end.0), f64::midpoint(begin.1, end.1));
    html! {
        path fill="none" stroke=(colours.wait) stroke-width="2" marker-end="url(#head)"
            d={ "M" (whole(begin.0)) " " (whole(begin.1)) "L" (whole(end.0)) " " (whole(end.1)) } {}
        @for (line, text) in [(-4.0, format!("waits for {}", edge.waits_for)), (15.0, format!("in {}", edge.waits_in))] {
            text x=(whole(x)) y=(whole(y + line)) text-anchor="middle" fill=(colours.text) stroke=(colours.halo)
                stroke-width="5" paint-order="stroke" font-size="14" { (text) }
        }
    }
}

/// Where a line to another box leaves this one.
fn border(of: (f64, f64), toward: (f64, f64)) -> (f64, f64) {
    let (x, y) = (toward.0 - of.0, toward.1 - of.1);
    let share = ((HALF.0 + 4.0) / x.abs().max(0.1)).min((HALF.1 + 4.0) / y.abs().max(0.1));
    (of.0 + x * share, of.1 + y * share)
}

/// A coordinate, in whole pixels.
fn whole(coordinate: f64) -> String {
    format!("{coordinate:.0}")
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;

    /// What the picture has to say of a deadlock of two, worked out by hand.
    #[test]
    fn each_thread_holds_what_the_one_before_it_waits_for() {
        let edge = |thread: &str, waits_for: &str, held_by: &str| WaitEdge {
            thread: thread.to_string(),
            waits_for: waits_for.to_string(),
            held_by: held_by.to_string(),
            ended_by: String::new(),
            waits_in: "mutex_lock".to_string(),
        };
        let cycle = Cycle {
            edges: vec![edge("one", "b <x>", "two"), edge("two", "a", "one")],
            closed: true,
        };
        let picture = ring(&cycle, Background::Light);
        let texts: Vec<&str> = (picture.split("<text").skip(1))
            .filter_map(|part| part.split_once('>')?.1.split_once("</text>"))
            .map(|(text, _)| text)
            .collect();
        let expected = [
            ["waits for b &lt;x&gt;", "in mutex_lock"],
            ["waits for a", "in mutex_lock"],
            ["one", "holds a"],
            ["two", "holds b &lt;x&gt;"],
        ];
        assert_eq!(texts, expected.concat());
        assert_eq!(picture.matches("marker-end").count(), 2);
    }
}
