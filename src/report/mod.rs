//! Reports over many runs: the verdict table, JSON, and the generated parts of the documents.

mod documents;
pub mod graph;
mod jobs;
mod table;

pub use documents::{
    DocumentError, GENERATED, command, generate, pictures, sections, sections_from,
};
pub use jobs::{Job, all_jobs, groups, jobs, pairs, run_all};
pub use table::{first_counterexamples, json_line, markdown, place, screen};
