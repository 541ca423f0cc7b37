//! Ablations: which clauses of a patch are needed, and for what.
//!
//! An [`AblationMatrix`] decides every set of a design's clauses in every scenario, by exhaustive search. An
//! [`AblationReport`] derives from it what is violated without each clause, what each does alone, and the smallest
//! sets that keep everything that the design keeps. [`Atomicity`] asks the same of a model's own steps: which
//! violations would be masked if two steps were one.
//!
//! The clauses of an NFS patch where a signal interrupts fsync, which is the first scenario of the spec:
//! ```
//! use pagelock::ablation;
//! use pagelock::protocols::nfs_coalesce::SPEC;
//! use pagelock::spec::Spec;
//!
//! static SIGNAL: Spec = Spec { scenarios: SPEC.scenarios.split_at(1).0, ..SPEC };
//! let report = ablation::patch(&SIGNAL, &|_, _| ()).unwrap();
//! assert_eq!((report.start.name, report.target.name), ("old", "patched"));
//! // Thousands of sets take a few searches: the scenario consults few of the clauses.
//! assert!(report.sets >= 2048 && report.searches * 20 < report.sets);
//! assert_eq!(report.smallest, [["sync-through-writepages"]]);
//! ```

mod atomicity;
mod matrix;
mod report;
mod splits;

pub use atomicity::{Atomicity, Masked, atomicity};
pub use matrix::{AblationMatrix, ClauseSet, ViolationKind, Violations};
pub use report::{
    Ablation, AblationReport, AblationRow, NeededIn, SpoiledSet, ViolationIn, differences, later,
    patch,
};
pub use splits::{Split, Splits, splits};
