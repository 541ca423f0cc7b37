//! The specs: what was wrong, what the patch did, and what a checker must find.
//!
//! A spec is one body with *clauses*, asked for at the line that the patch changed. A *design* is a
//! named set of clauses: `old` has none, `patched` has all of its patch. A *scenario* is threads
//! and sizes. A *property* is a named condition. The *expectations* say what each design must do in
//! each scenario, and why. Everything else, the command line, the tests and the documents, reads
//! these tables.
//!
//! From a spec to the counterexample of its old design, and to what the patched one does instead:
//!
//! ```
//! use pagelock::{protocols, spec};
//!
//! let spec = protocols::find("page-mkwrite").unwrap();
//! let (old, scenario) = (spec.design("old").unwrap(), spec.scenario("lost-store").unwrap());
//! let trace = spec::counterexample(spec, old, scenario, None).unwrap().unwrap();
//! assert!(trace.as_expected && trace.property == "store");
//! // In the patched design the thread takes another step there, by a clause of the patch.
//! let divergence = trace.reference.unwrap().divergence;
//! assert!(!divergence.clauses.is_empty());
//! ```

mod bound;
mod budget;
mod builders;
mod check;
mod compare;
pub(crate) mod configured;
mod counterexample;
mod data;
mod declared_names;
mod divergence;
mod expectation;
mod one_step;
mod patch;
mod replay;
mod space;
mod specs;
mod unused;
mod validate;
mod variant;

pub use budget::{Budget, strategies};
pub use check::{CheckError, Run, Verdict, check, check_within};
pub(crate) use check::{Searched, judged};
pub use compare::{
    disagreement, reaches_nothing, unreached_cover_points, violation_missed_by_samples,
};
pub use counterexample::{
    counterexample, counterexample_against, counterexample_without, trace_of,
};

pub use bound::{Bound, Restriction, Size, bound_text};
pub use configured::{Configured, scenarios_of};
pub use data::{
    Clause, CoverPoint, Design, EngineSet, ExpectedAblation, OpenFailure, Origin, Property,
    Scenario, Spec, UNBOUNDED, Unviolated,
};
pub use expectation::{Expectation, Expected};
pub use one_step::OneStep;
pub use patch::{Change, Hunk, HunkLines, Mirror, Patch, WithoutHunk};
pub use replay::{ReplayError, execution, replay, replay_trace};
pub use space::{
    Dimension, DimensionInfo, Point, PointError, Rule, ScenarioSpace, Space, Value, Values,
    interned, interned_text,
};
pub use specs::Specs;
pub use unused::unused;
pub use validate::SpecMistake;
pub use variant::Variant;
