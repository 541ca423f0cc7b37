//! Reports over many runs: the verdict table, JSON, and the generated parts of the documents.
//!
//! From a search to a row of the verdict table, and to what there is to complain of:
//! ```
//! use pagelock::engine::Strategy;
//! use pagelock::report::{complaints, markdown};
//! use pagelock::{protocols, spec};
//!
//! let spec = protocols::find("ext4-journal-start").unwrap();
//! let scenario = spec.scenario("write").unwrap();
//! let results: Vec<_> = ["old", "patched"]
//!     .map(|design| spec::check(spec, spec.design(design).unwrap(), scenario, &Strategy::States))
//!     .into();
//! let (runs, complaints) = complaints::of_each(&results);
//! assert!(complaints.is_empty());
//! let table = markdown(&runs);
//! assert!(table.contains("| old | write | fails: no-deadlock | 563 <0.1% | - | - | - |"), "{table}");
//! assert!(table.contains("| patched | write | pass | "));
//! ```

mod clauses;
pub mod complaints;
mod corpus;
mod documents;
mod github;
pub mod graph;
mod junit;
mod lock_orders;
mod merges;
mod on_demand;
pub mod site;
mod spec_tables;
mod table;
#[cfg(all(test, not(loom)))]
mod tests_of_gating;

pub use clauses::{CLAUSES_SCHEMA, clauses_json, clauses_markdown, clauses_screen};
pub use documents::{
    DocumentError, GENERATED, command, generate, merges, sections, sections_from, studies,
};
pub use github::{annotations, summary};
pub use junit::junit;
pub use lock_orders::pictures;
pub use merges::{MERGES_SCHEMA, merges_json, merges_markdown, merges_screen};
pub use table::{first_counterexamples, json_line, markdown, place, screen};
