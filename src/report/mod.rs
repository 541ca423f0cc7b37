//! Reports over many runs: the verdict table, JSON, and the generated parts of the documents.

mod documents;
pub mod graph;
mod jobs;
mod lock_orders;
mod table;

pub use documents::{DocumentError, GENERATED, command, generate, sections, sections_from};
pub use jobs::{Job, all_jobs, groups, jobs, pairs, run_all};
pub use lock_orders::pictures;
pub use table::{first_counterexamples, json_line, markdown, place, screen};
