//! The pages of the lock orders.

use super::contents::{Contents, File, below, graphs_of};
use crate::escape::file_name;
use crate::lock_order::Graph;
use crate::report::graph::{svg, text};
use crate::spec::Spec;
use maud::html;

/// The page of a spec, and the picture of each of its designs.
pub(super) fn files(contents: &Contents<'_>, spec: &Spec) -> Vec<File> {
    let own = contents.graphs.iter();
    let graphs: Vec<&Graph> = own.filter(|graph| graph.spec == spec.name).collect();
    let name = |graph: &Graph| file_name(&[&graph.spec, &graph.design]) + ".svg";
    let body = html! {
        h1 { "Lock orders of " (spec.name) }
        p class="lead" { (spec.title) }
        p { "An arrow leads from what a thread holds to what it acquires. Arrows on a cycle are red, dashed "
            "and numbered." }
        @for graph in &graphs {
            section aria-labelledby=(graph.design) {
                h2 id=(graph.design) { (graph.design) }
                div class="box" role="region" tabindex="0" aria-labelledby=(graph.design) {
                    a href=(name(graph)) {
                        img src=(name(graph)) alt={ "Lock order of " (graph.name()) ", as a picture" };
                    }
                }
                details { summary { "In words" } div class="box" { pre { code { (text(graph)) } } } }
            }
        }
    };
    let page = File {
        path: graphs_of(spec),
        text: below(&format!("Lock orders of {}", spec.name), &body),
    };
    let pictures = graphs.iter().map(|graph| File {
        path: format!("graphs/{}", name(graph)),
        text: svg(graph),
    });
    std::iter::once(page).chain(pictures).collect()
}
