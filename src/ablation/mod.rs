//! Which clauses of a patch are needed, and for what.
mod lattice;
pub use lattice::{Broken, Lattice, Outcome, Set};
