//! The random suite: every scenario, every design, by random schedules and by PCT, with fixed
//! seeds; and the counterexamples, pinned.
#![cfg(not(loom))]

mod counterexamples;
mod records;

/// One module for each spec, with one test for each design: it samples every scenario and holds the
/// verdict, the reason, the cycles and the marks against the record.
macro_rules! suite {
    ($($module:ident = $spec:literal: $($design:ident),+;)+) => {
        $(mod $module {
            $(mod $design {
                #[test]
                fn shuttle() {
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

suite! {
    ext4_journal_start = "ext4-journal-start": old, patched, mended;
}

fn as_recorded(spec: &str, design: &str) {
    use pagelock::engine::Engine;
    use pagelock::spec::{Budget, Run, check, strategies, unreached_marks};
    let spec = pagelock::spec::find(spec).expect("the spec is listed");
    let design = spec.design(design).expect("the design is listed");
    for record in spec.records_of(design.name) {
        let scenario = spec
            .scenario(record.scenario)
            .expect("the scenario is listed");
        let runs: Vec<Run> = strategies(Engine::Shuttle, &Budget::default())
            .iter()
            .map(|strategy| check(spec, design, scenario, strategy).expect("a result"))
            .collect();
        for run in &runs {
            assert_eq!(run.differs, None, "{}", pagelock::report::place(run));
        }
        let runs: Vec<&Run> = runs.iter().collect();
        let none: [&str; 0] = [];
        assert_eq!(
            unreached_marks(&runs),
            none,
            "{}/{}",
            design.name,
            scenario.name
        );
    }
}
