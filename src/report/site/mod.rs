//! The whole report as a site: verdicts, clauses, lock orders and every counterexample, in files that need
//! no server.
//!
//! A site of one design and one of its searches. Nothing is written before `write` is called:
//! ```
//! use pagelock::engine::Strategy;
//! use pagelock::report::site::{Contents, site};
//! use pagelock::{lock_order, protocols, spec};
//!
//! let spec = protocols::find("ext4-journal-start").unwrap();
//! let (old, scenario) = (spec.design("old").unwrap(), spec.scenario("write").unwrap());
//! let run = spec::check(spec, old, scenario, &Strategy::States).unwrap();
//! let graphs = [lock_order::graph(spec, old).unwrap()];
//! let contents = Contents { designs: &[(spec, old)], runs: &[&run], graphs: &graphs, traces: &[], ablations: &[] };
//! let files = site(&contents);
//! let paths: Vec<&str> = files.iter().map(|file| &*file.path).collect();
//! assert_eq!(paths, ["index.html", "graphs/ext4-journal-start.html", "graphs/ext4-journal-start~old.svg"]);
//! ```

mod clauses;
mod graphs;
mod index;
mod traces;
mod write;

pub use crate::output::WriteError;
pub use traces::{Counterexample, counterexamples};
pub use write::{ready, write};

use crate::ablation::AblationReport;
use crate::escape::file_name;
use crate::lock_order::Graph;
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

/// What a site shows.
#[derive(Debug)]
pub struct Contents<'c> {
    /// The designs, those of a spec together.
    pub designs: &'c [(&'static Spec, &'static Design)],
    /// What the searches found.
    pub runs: &'c [&'c Run],
    /// Their lock orders.
    pub graphs: &'c [Graph],
    /// The counterexamples.
    pub traces: &'c [Counterexample],
    /// What the clauses are needed for.
    pub ablations: &'c [AblationReport],
}

impl Contents<'_> {
    /// The specs, each once.
    fn specs(&self) -> Vec<&'static Spec> {
        let mut specs: Vec<&'static Spec> = self.designs.iter().map(|(spec, _)| *spec).collect();
        specs.dedup_by_key(|spec| spec.name);
        specs
    }

    fn ablations_of(&self, spec: &Spec) -> Vec<&AblationReport> {
        let own = |report: &&AblationReport| report.spec.name == spec.name;
        self.ablations.iter().filter(own).collect()
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
        let ablations = contents.ablations_of(spec);
        if !ablations.is_empty() {
            files.push(clauses::page(spec, &ablations));
        }
        files.extend(graphs::files(contents, spec));
    }
    files.extend(contents.traces.iter().flat_map(traces::files));
    files
}

/// Where the page of a spec's clauses stands.
fn clauses_of(spec: &Spec) -> String {
    format!("clauses/{}.html", file_name(&[spec.name]))
}

/// Where the page of a spec's lock orders stands.
fn graphs_of(spec: &Spec) -> String {
    format!("graphs/{}.html", file_name(&[spec.name]))
}

/// A page below the site's folder, with a way back to the first one.
fn below(title: &str, body: &Markup) -> String {
    let body = html! { (back()) (body) };
    shell::page(title, false, &body)
}

fn back() -> Markup {
    html! { nav aria-label="Site" { a href="../index.html" { "All verdicts" } } }
}
