//! Reports over many runs: the verdict table, JSON, and the generated parts of the documents.

mod clauses;
mod documents;
pub mod graph;
mod lock_orders;
mod merges;
mod spec_tables;
mod table;

pub use clauses::{CLAUSES_SCHEMA, clauses_json, clauses_markdown, clauses_screen};
pub use documents::{
    DocumentError, GENERATED, command, generate, merges, sections, sections_from, studies,
};
pub use lock_orders::pictures;
pub use merges::{MERGES_SCHEMA, merges_json, merges_markdown, merges_screen};
pub use table::{first_counterexamples, json_line, markdown, place, screen};
