//! The whole report as a site: verdicts, clauses, lock orders and every counterexample, in files that need
//! no server.

mod clauses;
mod graphs;
mod index;
mod traces;
mod write;

pub use traces::{Found, counterexamples};
pub use write::{WriteError, ready, write};

use crate::ablation::Study;
use crate::order::Graph;
use crate::render::html::shell;
use crate::spec::{Design, Run, Spec};
use maud::{Markup, html};

/// A file of the site, with its path from the site's folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// The path, with slashes.
    pub path: String,
    /// What is in it.
    pub text: String,
}

/// What a site tells of.
#[derive(Debug)]
pub struct Contents<'c> {
    /// The designs, those of a spec together.
    pub designs: &'c [(&'static Spec, &'static Design)],
    /// What the searches found.
    pub runs: &'c [&'c Run],
    /// Their lock orders.
    pub graphs: &'c [Graph],
    /// The counterexamples.
    pub traces: &'c [Found],
    /// What the clauses are needed for.
    pub studies: &'c [Study],
}

impl Contents<'_> {
    /// The specs, each once.
    fn specs(&self) -> Vec<&'static Spec> {
        let mut specs: Vec<&'static Spec> = self.designs.iter().map(|(spec, _)| *spec).collect();
        specs.dedup_by_key(|spec| spec.name);
        specs
    }

    fn studies_of(&self, spec: &Spec) -> Vec<&Study> {
        let own = |study: &&Study| study.spec.name == spec.name;
        self.studies.iter().filter(own).collect()
    }
}

/// Every file of the site, the first page first.
#[must_use]
pub fn site(contents: &Contents<'_>) -> Vec<File> {
    let mut files = vec![File {
        path: "index.html".to_string(),
        text: index::page(contents),
    }];
    for spec in contents.specs() {
        let studies = contents.studies_of(spec);
        if !studies.is_empty() {
            files.push(clauses::page(spec, &studies));
        }
        files.extend(graphs::files(contents, spec));
    }
    files.extend(contents.traces.iter().flat_map(traces::files));
    files
}

/// A page below the site's folder, with a way back to the first one.
fn below(title: &str, body: &Markup) -> String {
    let body = html! { (back()) (body) };
    shell::page(title, false, &body)
}

fn back() -> Markup {
    html! { nav aria-label="Site" { a href="../index.html" { "All verdicts" } } }
}
