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
//! let run = spec::check(spec, old, scenario, &Strategy::ExplicitState).unwrap();
//! let graphs = [lock_order::graph(spec, old).unwrap()];
//! let contents = Contents { designs: &[(spec, old)], runs: &[&run], graphs: &graphs, traces: &[], ablations: &[] };
//! let files = site(&contents);
//! let paths: Vec<&str> = files.iter().map(|file| &*file.path).collect();
//! assert_eq!(paths, ["index.html", "graphs/ext4-journal-start.html", "graphs/ext4-journal-start~old.svg"]);
//! ```

mod clauses;
mod contents;
mod graphs;
mod index;
mod traces;
mod write;

pub use crate::output::WriteError;
pub use contents::{Contents, Counterexample, File};
pub use traces::counterexamples;
pub use write::{ready, write};

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
