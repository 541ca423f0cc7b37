//! Reports over many runs: the verdict table, JSON, and the generated parts of the documents.

mod clauses;
pub mod complaints;
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
