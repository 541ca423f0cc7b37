//! The corpus: everything about every spec in one file, for other checkers.
//!
//! A [`Corpus`] needs nothing of this crate to be read: the designs, the clauses, the verdicts on record, and each
//! model as [`automata`](crate::engine::automata) with what the crate's own search has found there. Another
//! checker explores the automata and compares. docs/corpus.md says how, and what is not in the file.

mod build;
mod corpus;
mod describe;
mod statement;
#[cfg(all(test, not(loom)))]
mod tests_of_schema;
#[cfg(all(test, not(loom)))]
mod tests_of_statement;

pub use build::{Export, ModelOf, corpus, models};
pub use corpus::{
    Clause, Corpus, Design, Found, Function, JSON_SCHEMA, Mark, Model, Need, Origin, Property,
    Record, SCHEMA, Scenario, Spec, Unviolated, Violated,
};
pub use statement::statement;
