//! Which clauses of a patch are needed, and for what.
//!
//! A [`Lattice`] is every set of a design's clauses in every scenario, by exhaustive search; a
//! [`Study`] reads off it what breaks without each clause, what each does alone, and the smallest sets
//! that keep everything that the design keeps.

mod lattice;
mod study;

pub use lattice::{Broken, Lattice, Outcome, Set, UNBOUNDED};
pub use study::{Exception, Place, Row, Study, differences, later, patch};
