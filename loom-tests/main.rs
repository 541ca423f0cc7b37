//! The exhaustive gate: every scenario that loom takes, every design, every interleaving.
//!
//! Run with `RUSTFLAGS="--cfg loom" cargo test --release`.
#![cfg(loom)]

#[macro_use]
#[path = "../tests/common/designs.rs"]
mod designs;

mod ablations;
mod agreement;
mod commands;
mod completeness;
mod documents;
mod preemptions;
mod space;
mod variants;

use pagelock::engine::Engine;
use pagelock::report::{self, Analyses};
use pagelock::runner::{self, Workers};
use pagelock::spec::{Run, disagreement, unreached_cover_points, violation_missed_by_samples};
use std::sync::OnceLock;

one_test_for_each_design!(loom);

/// The analyses of every spec, made once for all tests.
fn analyses() -> &'static Analyses {
    static ANALYSES: OnceLock<Analyses> = OnceLock::new();
    ANALYSES.get_or_init(|| Analyses::of_every_spec().expect("every search has a result"))
}

/// Every search, run once for all tests, on all cores.
fn runs() -> &'static [Run] {
    static RUNS: OnceLock<Vec<Run>> = OnceLock::new();
    RUNS.get_or_init(|| {
        let workers = Workers::Processes(env!("CARGO_BIN_EXE_pagelock").into());
        let results = runner::run_all(
            &runner::all_jobs(pagelock::protocols::ALL),
            &workers,
            &|_, _| (),
        )
        .into_iter();
        results
            .map(|result| result.expect("the search has a result"))
            .collect()
    })
}

/// Compares the verdict, the reason, the cycles and the number of executions of every search of a design
/// with the expectation, and the engines with each other.
fn as_expected(spec: &str, design: &str) {
    let own = runs()
        .iter()
        .filter(|run| run.spec.name == spec && run.design.name == design);
    let own: Vec<&Run> = own.collect();
    let mut searched = 0;
    for run in &own {
        assert_eq!(run.differs, None, "{}", report::place(run));
        if run.engine == Engine::Loom {
            assert!(
                run.search.statistics.complete,
                "the search has come to its end"
            );
            searched += 1;
        }
    }
    assert!(
        searched > 0,
        "loom runs at least one scenario of the design"
    );
    for group in runner::groups(&own) {
        let none: [&str; 0] = [];
        assert_eq!(
            unreached_cover_points(&group),
            none,
            "{}",
            report::place(group[0])
        );
        assert_eq!(
            violation_missed_by_samples(&group),
            None,
            "{}",
            report::place(group[0])
        );
        for (complete, sample) in runner::pairs(&group) {
            assert_eq!(disagreement(complete, sample), None, "the engines agree");
        }
    }
}
