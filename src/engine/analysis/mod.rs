//! What is read off the graph of states besides verdicts.

pub(crate) mod atomicity;
pub mod automata;
pub(crate) mod extraction;
pub(crate) mod words;
