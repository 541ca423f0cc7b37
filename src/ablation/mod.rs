//! Which clauses of a patch are needed, and for what.
//!
//! A [`Lattice`] is every set of a design's clauses in every scenario, by exhaustive search; a
//! [`Study`] reads off it what breaks without each clause, what each does alone, and the smallest sets
//! that keep everything that the design keeps. [`Merges`] is the same question asked of the models' own
//! steps: which violations would not be seen if two were one.
//!
//! The clauses of an NFS patch where a signal interrupts fsync, which is the first scenario of the spec:
//! ```
//! use pagelock::ablation;
//! use pagelock::protocols::{nfs_coalesce::SPEC};
//! use pagelock::spec::{Spec};
//!
//! static SIGNAL: Spec = Spec { scenarios: SPEC.scenarios.split_at(1).0, ..SPEC };
//! let study = ablation::patch(&SIGNAL, &|_, _| ()).unwrap();
//! assert_eq!((study.start.name, study.target.name), ("old", "patched"));
//! // The 2048 sets take a dozen searches: most clauses are never asked for there.
//! assert!(study.sets == 2048 && study.searches < 20);
//! assert_eq!(study.smallest, [["sync-through-writepages"]]);
//! ```

mod lattice;
mod merges;
mod study;

pub use lattice::{Broken, Lattice, Outcome, Set, UNBOUNDED};
pub use merges::{Hidden, Merges, merged};
pub use study::{Exception, Place, Row, Study, differences, later, patch};
