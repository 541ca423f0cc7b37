//! Which clauses of a patch are needed, and for what.
//!
//! A [`Lattice`] is every set of a design's clauses in every scenario, by exhaustive search; a
//! [`Study`] reads off it what breaks without each clause, what each does alone, and the smallest sets
//! that keep everything that the design keeps. [`Merges`] is the same question asked of the models' own
//! steps: which violations would not be seen if two were one.

mod lattice;
mod merges;
mod study;

pub use lattice::{Broken, Lattice, Outcome, Set, UNBOUNDED};
pub use merges::{Hidden, Merges, merged};
pub use study::{Exception, Place, Row, Study, differences, later, patch};
