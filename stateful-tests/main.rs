//! The stateful suite: every scenario that can be exhausted, every design, every state.
#![cfg(not(loom))]

#[macro_use]
#[path = "../tests/common/designs.rs"]
mod designs;

mod agreement;
mod corpus;
mod experiments;
mod explorer;
mod graphs;
mod pins;
mod together;

use pagelock::engine::{Engine, Strategy};
use pagelock::report::place;
use pagelock::spec::{check, unreached_cover_points};

one_test_for_each_design!(stateful);

/// Visits every state of a design in every scenario, and compares the verdict, the properties, the cycles
/// and the cover points with the expectation.
fn as_expected(spec: &str, design: &str) {
    let spec = pagelock::protocols::find(spec).expect("the spec is listed");
    let design = spec.design(design).expect("the design is listed");
    for expectation in spec.expectations_of(design.name) {
        let scenario = spec
            .scenario(expectation.scenario)
            .expect("the scenario is listed");
        if !scenario.engines.has(Engine::Stateful) {
            continue;
        }
        let run = check(spec, design, scenario, &Strategy::ExplicitState).expect("a result");
        assert_eq!(run.differs, None, "{}", place(&run));
        assert!(run.search.statistics.complete, "{}", place(&run));
        let none: [&str; 0] = [];
        assert_eq!(unreached_cover_points(&[&run]), none, "{}", place(&run));
    }
}
