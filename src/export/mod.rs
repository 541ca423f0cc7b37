//! The corpus: everything about every spec in one file, for other checkers.
//!
//! A [`Corpus`] needs nothing of this crate to be read: the designs, the clauses, the verdicts on record, and each
//! model as [`automata`](crate::engine::automata) with what the crate's own search has found there. Another
//! checker explores the automata and compares. docs/corpus.md says how, and what is not in the file.

mod ask;
mod build;
mod corpus;
mod describe;
mod model;
mod statement;
#[cfg(all(test, not(loom)))]
mod tests_of_schema;
#[cfg(all(test, not(loom)))]
mod tests_of_statement;

pub use ask::{ModelOf, models};
pub use build::{Export, corpus};
pub use corpus::{
    Clause, Corpus, Design, Function, JSON_SCHEMA, Mark, Need, Origin, Property, Record, SCHEMA,
    Scenario, Spec, Unviolated,
};
pub use model::{Found, Model, Violated};
pub use statement::statement;
