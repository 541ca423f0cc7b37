//! The random suite: every scenario, every design, by random schedules and by PCT, with fixed
//! seeds; and the counterexamples, pinned.
#![cfg(not(loom))]

#[macro_use]
#[path = "../tests/common/designs.rs"]
mod designs;

mod counterexamples;
mod formats;
mod records;
#[path = "../tests/common/schema.rs"]
mod schema;

one_test_for_each_design!(shuttle);

/// Samples every scenario of a design by every strategy, and compares the verdict, the reason, the cycles
/// and the cover points with the expectation.
fn as_expected(spec: &str, design: &str) {
    use pagelock::engine::Engine;
    use pagelock::spec::{
        Budget, Run, check, strategies, unreached_cover_points, violation_missed_by_samples,
    };
    let spec = pagelock::protocols::find(spec).expect("the spec is listed");
    let design = spec.design(design).expect("the design is listed");
    for expectation in spec.expectations_of(design.name) {
        let scenario = spec
            .scenario(expectation.scenario)
            .expect("the scenario is listed");
        if !scenario.engines.has(Engine::Shuttle) {
            continue;
        }
        let runs: Vec<Run> = strategies(scenario, Engine::Shuttle, &Budget::default())
            .iter()
            .map(|strategy| check(spec, design, scenario, strategy).expect("a result"))
            .collect();
        for run in &runs {
            assert_eq!(run.differs, None, "{}", pagelock::report::place(run));
        }
        let runs: Vec<&Run> = runs.iter().collect();
        let none: [&str; 0] = [];
        assert_eq!(
            violation_missed_by_samples(&runs),
            None,
            "{}",
            pagelock::report::place(runs[0])
        );
        assert_eq!(
            unreached_cover_points(&runs),
            none,
            "{}/{}",
            design.name,
            scenario.name
        );
    }
}
