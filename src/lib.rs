//! Model-checked specifications of the Linux page cache's hardest lock-ordering problem.
//!
//! Historic kernel patches are encoded, each as the old design and the patched one, from one body.
//! Every encoding is interleaved exhaustively under loom and at random under shuttle. The old
//! designs must deadlock or race, for their expected reason; the patched ones must not.
//!
//! | room | what is in it |
//! |---|---|
//! | [`model`] | what an encoding writes: locks, cells, threads, waits |
//! | [`engine`] | the only place that names a checker: locks, steps, threads, searches |
//! | [`kernel`] | pages, ptes, buffer heads, inodes, a journal |
//! | [`spec`] | what a spec is: designs as sets of clauses over one body, scenarios, properties, records |
//! | [`protocols`] | the specs of the page cache |
//! | [`ablation`] | which clauses are needed, and for what: every set of them |
//! | [`explore`] | every scenario of a space, in every design, and what that says of each clause |
//! | [`lock_order`] | in which order a design acquires locks and waits for events, and the cycles of that order |
//! | [`runner`] | which searches a check consists of, on how many processes and machines |
//! | [`trace`] | the counterexample as data |
//! | [`render`] | its formats |
//! | [`export`] | every spec, model and verdict as one file, for other checkers |
//! | [`report`] | the verdict table and the generated parts of the documents |
//! | `cli` | the command line, thin over all that; the feature `cli`, on by default |
//!
//! # Check a design
//! ```
//! use pagelock::engine::Strategy;
//! use pagelock::{protocols, spec};
//! use pagelock::spec::{Verdict};
//!
//! let spec = protocols::find("ext4-journal-start").unwrap();
//! let scenario = spec.scenario("write").unwrap();
//!
//! let old = spec::check(spec, spec.design("old").unwrap(), scenario, &Strategy::LoomSleepSets).unwrap();
//! assert_eq!(old.verdict, Verdict::Violated);
//!
//! let patched =
//!     spec::check(spec, spec.design("patched").unwrap(), scenario, &Strategy::LoomSleepSets).unwrap();
//! assert_eq!(patched.verdict, Verdict::Pass);
//! assert!(patched.search.statistics.complete);
//! ```
//!
//! # Check a design of your own
//! Any `Fn(&mut World)` is an encoding: see [`engine`] for a whole example. With a
//! [`Spec`](spec::Spec) around it (designs, clauses, scenarios, properties, cover points, expectations; less than sixty
//! lines for a small one) it has all that the crate's own specs have: every engine, counterexamples with
//! their reference designs, ablations, lock orders, and the whole command line by one call of `cli::run`. The folder
//! `examples` has five.

#![forbid(unsafe_code)]

pub mod ablation;
#[cfg(feature = "cli")]
pub mod cli;
pub mod engine;
mod escape;
pub mod explore;
pub mod export;
mod input;
pub mod kernel;
pub mod lock_order;
pub mod model;
mod output;
mod parallel;
pub mod protocols;
pub mod render;
pub mod report;
pub mod runner;
pub mod spec;
pub mod trace;
