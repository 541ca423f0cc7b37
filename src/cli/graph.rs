//! `pagelock graph`.

use super::answer::{Answer, Exit};
use super::args::{Graph, GraphFormat};
use crate::lock_order;
use crate::report::graph as draw;
use crate::runner::find_design;
use crate::spec::Specs;

pub(super) fn run(specs: Specs, arguments: &Graph) -> Answer {
    let (spec, design) = match find_design(specs, &arguments.target) {
        Ok(found) => found,
        Err(error) => return Answer::bad(error.to_string()),
    };
    let graph = match lock_order::graph(spec, design) {
        Ok(graph) => graph,
        Err(error) => {
            return Answer {
                exit: Exit::Incomplete,
                ..Answer::bad(error.to_string())
            };
        }
    };
    Answer::good(match arguments.format {
        _ if arguments.json => draw::json(&graph),
        GraphFormat::Text => draw::text(&graph),
        GraphFormat::Dot => draw::dot(&graph),
        GraphFormat::Mermaid => draw::mermaid(&graph),
        GraphFormat::Svg => draw::svg(&graph),
    })
}
