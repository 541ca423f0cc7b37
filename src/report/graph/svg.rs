//! The graph as a self-contained SVG picture.
//!
//! The classes stand one below the other, by rank; an order is an arc, to the right of them if it leads
//! down, to the left if it leads back up. So no arc crosses a node, and every arc on the left lies on
//! a cycle. Orders on a cycle are red, dashed and numbered; below, each number has its functions.

use crate::escape::xml as escaped;
use crate::lock_order::{ClassEdge, Cycle, Graph};
use std::fmt::Write as _;

/// Pixels from one row to the next.
const ROW: usize = 46;
/// The height of a node.
const HEIGHT: usize = 26;
/// The columns of a letter, a little more than it needs.
const LETTER: usize = 8;
/// How far an arc goes out for each row that it passes.
const REACH: usize = 17;
/// The space above the first row.
const TOP: usize = 50;
/// The space for a line of the legend.
const LINE: usize = 18;

const STYLE: &str = "\
text{font:13px ui-monospace,Menlo,Consolas,monospace;fill:#1f2328}\
.ground{fill:#ffffff}\
.node{fill:#f6f8fa;stroke:#57606a}\
.event{stroke-dasharray:2 2}\
.arc{fill:none;stroke:#57606a;stroke-opacity:.55}\
.cycle{fill:none;stroke:#cf222e;stroke-width:2;stroke-dasharray:6 4}\
.head{fill:#57606a}\
.red{fill:#cf222e}\
text.tag{fill:#ffffff;font-size:11px;font-weight:bold}\
@media(prefers-color-scheme:dark){\
text{fill:#e6edf3}\
.ground{fill:#0d1117}\
.node{fill:#161b22;stroke:#8b949e}\
.arc{stroke:#8b949e}\
.cycle{stroke:#ff7b72}\
.head{fill:#8b949e}\
.red{fill:#ff7b72}\
text.tag{fill:#0d1117}}";

/// Where the things of a picture are.
struct Layout {
    /// The left and the right edge of the nodes.
    sides: (usize, usize),
    width: usize,
    height: usize,
}

/// Draws the graph.
#[must_use]
pub fn svg(graph: &Graph) -> String {
    let legend = legend(graph);
    let layout = layout(graph, &legend);
    let Layout { width, height, .. } = layout;
    let mut text = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" \
         width=\"{width}\" height=\"{height}\" role=\"img\" aria-labelledby=\"title desc\">\n\
         <title id=\"title\">Lock order of {}</title>\n<desc id=\"desc\">{}</desc>\n\
         <style>{STYLE}</style>\n<defs>\n{}{}</defs>\n\
         <rect class=\"ground\" width=\"{width}\" height=\"{height}\"/>\n\
         <text x=\"16\" y=\"26\" font-weight=\"bold\">{}</text>\n",
        escaped(&graph.name()),
        escaped(&description(graph)),
        marker("head"),
        marker("red"),
        escaped(&format!("{}: {}", graph.name(), count(graph))),
    );
    let mut number = 0;
    for edge in &graph.class_edges {
        number += usize::from(edge.in_cycle);
        text.push_str(&arc(graph, &layout, edge, number));
    }
    for (place, class) in graph.classes.iter().enumerate() {
        let (left, right) = layout.sides;
        let kind = if class.event { "node event" } else { "node" };
        let round = if class.event { HEIGHT / 2 } else { 3 };
        let _ = write!(
            text,
            "<rect class=\"{kind}\" x=\"{left}\" y=\"{}\" width=\"{}\" height=\"{HEIGHT}\" \
             rx=\"{round}\"/>\n<text x=\"{}\" y=\"{}\" text-anchor=\"middle\">{}</text>\n",
            row(place) - HEIGHT / 2,
            right - left,
            left.midpoint(right),
            row(place) + 5,
            escaped(&class.name),
        );
    }
    let below = row(graph.classes.len());
    for (place, line) in legend.iter().enumerate() {
        let y = below + place * LINE;
        let _ = writeln!(text, "<text x=\"16\" y=\"{y}\">{}</text>", escaped(line));
    }
    text.push_str("</svg>\n");
    text
}

/// The middle of a row.
fn row(place: usize) -> usize {
    TOP + HEIGHT / 2 + place * ROW
}

fn layout(graph: &Graph, legend: &[String]) -> Layout {
    let longest = graph.classes.iter().map(|class| class.name.chars().count());
    let node = longest.max().unwrap_or_default() * LETTER + 20;
    let (mut left, mut right) = (1, 1);
    for edge in &graph.class_edges {
        let (from, to) = (place(graph, &edge.held), place(graph, &edge.wanted));
        if from < to {
            right = right.max(to - from);
        } else {
            left = left.max(from - to);
        }
    }
    // A cubic arc goes out three quarters as far as its handles.
    let begin = 40 + left * REACH;
    let sides = (begin, begin + node);
    let lines = legend.iter().map(|line| line.chars().count() * LETTER + 32);
    let wide = lines.max().unwrap_or_default();
    Layout {
        sides,
        width: (sides.1 + right * REACH + 40).max(wide).max(360),
        height: row(graph.classes.len()) + legend.len() * LINE,
    }
}

/// The row of a class. Every end of an order is a class.
fn place(graph: &Graph, name: &str) -> usize {
    let mut classes = graph.classes.iter();
    classes
        .position(|class| class.name == name)
        .unwrap_or_default()
}

/// An order as an arc, with the number that it has in the legend if it lies on a cycle.
fn arc(graph: &Graph, layout: &Layout, edge: &ClassEdge, number: usize) -> String {
    let (from, to) = (place(graph, &edge.held), place(graph, &edge.wanted));
    let down = from < to;
    let reach = 24 + from.abs_diff(to) * REACH * 4 / 3;
    let (side, out) = if down {
        (layout.sides.1, layout.sides.1 + reach)
    } else {
        (layout.sides.0, layout.sides.0.saturating_sub(reach))
    };
    // An arc leaves a node on the side to which it leads, and arrives on the other.
    let (leave, arrive) = if down {
        (row(from) + 6, row(to) - 6)
    } else {
        (row(from) - 6, row(to) + 6)
    };
    let (class, head) = if edge.in_cycle {
        ("cycle", "red")
    } else {
        ("arc", "head")
    };
    let title = format!(
        "{} -> {}: {}",
        edge.held,
        edge.wanted,
        super::words::label(edge)
    );
    let mut text = format!(
        "<path class=\"{class}\" d=\"M{side} {leave}C{out} {leave} {out} {arrive} {side} {arrive}\" \
         marker-end=\"url(#{head})\"><title>{}</title></path>\n",
        escaped(&title)
    );
    if edge.in_cycle {
        let x = if down {
            side + reach * 3 / 4
        } else {
            side - (side - out) * 3 / 4
        };
        let y = leave.midpoint(arrive);
        let _ = write!(
            text,
            "<circle class=\"red\" cx=\"{x}\" cy=\"{y}\" r=\"9\"/>\n\
             <text class=\"tag\" x=\"{x}\" y=\"{}\" text-anchor=\"middle\">{number}</text>\n",
            y + 4
        );
    }
    text
}

fn marker(class: &str) -> String {
    format!(
        "<marker id=\"{class}\" viewBox=\"0 0 8 8\" refX=\"8\" refY=\"4\" markerWidth=\"8\" \
         markerHeight=\"8\" markerUnits=\"userSpaceOnUse\" orient=\"auto\">\
         <path class=\"{class}\" d=\"M0 0L8 4L0 8z\"/></marker>\n"
    )
}

fn count(graph: &Graph) -> String {
    match graph.cycles.len() {
        0 => "no cycle".to_string(),
        1 => "1 cycle".to_string(),
        many => format!("{many} cycles"),
    }
}

/// The picture in words, for readers who cannot see it.
fn description(graph: &Graph) -> String {
    let orders = graph.class_edges.iter();
    let orders: Vec<String> = orders
        .map(|edge| format!("{} before {}", edge.held, edge.wanted))
        .collect();
    let cycles: Vec<String> = graph.cycles.iter().map(Cycle::line).collect();
    let cycles = if cycles.is_empty() {
        "none".to_string()
    } else {
        cycles.join("; ")
    };
    format!("Cycles: {cycles}. Orders: {}.", orders.join("; "))
}

/// The orders on a cycle, by number.
fn legend(graph: &Graph) -> Vec<String> {
    let red = graph.class_edges.iter().filter(|edge| edge.in_cycle);
    (1..)
        .zip(red)
        .map(|(number, edge)| {
            let within = edge.within.map(|within| format!(" ({})", within.words()));
            let within = within.unwrap_or_default();
            let witness = &edge.witness;
            format!("{number}  {}: {}{within}", witness.thread, witness.call())
        })
        .collect()
}
