//! SARIF as the types of another library read it.

use pagelock::protocols;
use pagelock::render::{Format, Layout, render};
use pagelock::spec::counterexample;
use serde_json::Value;
use serde_sarif::sarif::Sarif;

/// One of each kind: a deadlock, a lost store, an orphan.
#[test]
fn every_field_is_one_of_the_standard() {
    for (name, design, scenario) in [
        ("ext4-journal-start", "old", "write"),
        ("page-mkwrite", "old", "lost-store"),
        ("nfs-coalesce", "old", "signal"),
    ] {
        let spec = protocols::find(name).expect("the spec is listed");
        let design = spec.design(design).expect("the design is listed");
        let scenario = spec.scenario(scenario).expect("the scenario is listed");
        let trace = counterexample(spec, design, scenario, None).expect("a result");
        let trace = trace.expect("it fails");
        let text = render(&trace, Format::Sarif, Layout::default()).expect("it has this format");
        let value: Value = serde_json::from_str(&text).expect("it is JSON");
        let log: Sarif = serde_json::from_value(value.clone()).expect("a log of SARIF 2.1.0");
        // A field that the types do not have would be lost.
        assert_eq!(serde_json::to_value(&log).expect("it is JSON"), value);
    }
}
