//! The corpus: everything about every spec in one file, for other checkers.
//!
//! A [`Corpus`] needs nothing of this crate to be read: the designs, the clauses, the verdicts on record, and each
//! model as [`automata`](crate::engine::automata) with what the crate's own search has found there. Another
//! checker explores the automata and compares. docs/corpus.md says how, and what is not in the file.
//!
//! The corpus of one model, written and read again:
//!
//! ```
//! use pagelock::export::{self, Corpus};
//! use pagelock::protocols;
//!
//! let asked = ["page-mkwrite/old".to_string()];
//! let models = export::models(protocols::ALL, &asked, Some("wrapper")).unwrap();
//! let corpus = export::corpus(&models, &|_, _| ()).unwrap().corpus;
//! let file = serde_json::to_string(&corpus).unwrap();
//! let read: Corpus = serde_json::from_str(&file).unwrap();
//! assert_eq!(read, corpus);
//! let model = &read.specs[0].models[0];
//! assert_eq!((model.design.as_str(), model.automata.is_some()), ("old", true));
//! ```

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
