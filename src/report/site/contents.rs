//! What a site is made from, and the files that it is made of.

use crate::ablation::AblationReport;
use crate::escape::file_name;
use crate::lock_order::Graph;
use crate::render::html::shell;
use crate::spec::{Design, Run, Spec};
use crate::trace::Trace;
use maud::{Markup, html};

/// A file of the site, with its path from the site's folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// The path, with slashes.
    pub path: String,
    /// What is in it.
    pub text: String,
}

/// A counterexample of the site.
#[derive(Debug, Clone)]
pub struct Counterexample {
    /// Its place in the site, without its ending.
    pub path: String,
    /// The counterexample itself.
    pub trace: Trace,
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
    pub(super) fn specs(&self) -> Vec<&'static Spec> {
        let mut specs: Vec<&'static Spec> = self.designs.iter().map(|(spec, _)| *spec).collect();
        specs.dedup_by_key(|spec| spec.name);
        specs
    }

    pub(super) fn ablations_of(&self, spec: &Spec) -> Vec<&AblationReport> {
        let own = |report: &&AblationReport| report.spec.name == spec.name;
        self.ablations.iter().filter(own).collect()
    }
}

/// Where the page of a spec's clauses stands.
pub(super) fn clauses_of(spec: &Spec) -> String {
    format!("clauses/{}.html", file_name(&[spec.name]))
}

/// Where the page of a spec's lock orders stands.
pub(super) fn graphs_of(spec: &Spec) -> String {
    format!("graphs/{}.html", file_name(&[spec.name]))
}

/// A page below the site's folder, with a way back to the first one.
pub(super) fn below(title: &str, body: &Markup) -> String {
    let body = html! { (back()) (body) };
    shell::page(title, false, &body)
}

pub(super) fn back() -> Markup {
    html! { nav aria-label="Site" { a href="../index.html" { "All verdicts" } } }
}
