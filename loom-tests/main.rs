//! The exhaustive gate: every scenario that loom takes, every design, every interleaving.
//!
//! Run with `RUSTFLAGS="--cfg loom" cargo test --release`.
#![cfg(loom)]

mod ablations;
mod completeness;
mod documents;
mod preemptions;

use pagelock::engine::Engine;
use pagelock::report;
use pagelock::spec::{Run, disagreement, unreached_marks};
use std::sync::OnceLock;

/// One module for each spec, with one test for each design: it searches every scenario without a
/// bound and holds the verdict, the reason, the cycles and the number of executions against the
/// record.
macro_rules! gate {
    ($($module:ident = $spec:literal: $($design:ident),+;)+) => {
        $(mod $module {
            $(mod $design {
                #[test]
                fn loom() {
                    crate::as_recorded($spec, stringify!($design));
                }
            })+
        })+

        #[test]
        fn every_design_of_every_spec_has_a_test() {
            let tested: &[(&str, &[&str])] = &[$(($spec, &[$(stringify!($design)),+])),+];
            let listed: Vec<(&str, Vec<&str>)> = pagelock::spec::ALL
                .iter()
                .map(|spec| (spec.name, spec.designs.iter().map(|design| design.name).collect()))
                .collect();
            let tested: Vec<(&str, Vec<&str>)> =
                tested.iter().map(|(spec, designs)| (*spec, designs.to_vec())).collect();
            assert_eq!(tested, listed);
        }
    };
}

gate! {
    ext4_journal_start = "ext4-journal-start": old, patched, mended;
}

/// Every search, run once for all tests, on all cores.
fn runs() -> &'static [Run] {
    static RUNS: OnceLock<Vec<Run>> = OnceLock::new();
    RUNS.get_or_init(|| {
        let results = report::run_all(&report::all_jobs(), &|_, _| ()).into_iter();
        results
            .map(|result| result.expect("the search has a result"))
            .collect()
    })
}

fn as_recorded(spec: &str, design: &str) {
    let own = runs()
        .iter()
        .filter(|run| run.spec.name == spec && run.design.name == design);
    let own: Vec<&Run> = own.collect();
    let mut searched = 0;
    for run in &own {
        assert_eq!(run.differs, None, "{}", report::place(run));
        if run.engine == Engine::Loom {
            assert!(
                run.search.receipt.complete,
                "the search has come to its end"
            );
            searched += 1;
        }
    }
    assert!(
        searched > 0,
        "loom runs at least one scenario of the design"
    );
    for group in report::groups(&own) {
        let none: [&str; 0] = [];
        assert_eq!(unreached_marks(&group), none, "{}", report::place(group[0]));
        for (complete, sample) in report::pairs(&group) {
            assert_eq!(disagreement(complete, sample), None, "the engines agree");
        }
    }
}
