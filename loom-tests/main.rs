//! The exhaustive gate: every scenario that loom takes, every design, every interleaving.
//!
//! Run with `RUSTFLAGS="--cfg loom" cargo test --release`.
#![cfg(loom)]

mod documents;
mod preemptions;

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

fn as_recorded(spec: &str, design: &str) {
    use pagelock::engine::{Engine, Strategy};
    let spec = pagelock::spec::find(spec).expect("the spec is listed");
    let design = spec.design(design).expect("the design is listed");
    let mut searched = 0;
    for record in spec.records_of(design.name) {
        let scenario = spec
            .scenario(record.scenario)
            .expect("the scenario is listed");
        if !scenario.engines.has(Engine::Loom) {
            continue;
        }
        let run = pagelock::spec::check(spec, design, scenario, &Strategy::Exhaustive)
            .expect("the search has a result");
        assert_eq!(run.differs, None, "{}", pagelock::report::place(&run));
        assert!(
            run.search.receipt.complete,
            "the search has come to its end"
        );
        searched += 1;
    }
    assert!(
        searched > 0,
        "loom runs at least one scenario of the design"
    );
}
