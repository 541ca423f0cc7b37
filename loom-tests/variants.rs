//! Designs that no spec lists: one of a spec's without some of its clauses, or with others.

use pagelock::engine::{Search, Strategy, search};
use pagelock::protocols;
use pagelock::spec::{Clause, Spec, Variant};

/// A search of a design without some clauses and with others.
pub(crate) fn search_variant(
    spec: &str,
    design: &str,
    without: &[&Clause],
    with: &[&Clause],
    scenario: &str,
    strategy: &Strategy,
) -> Search {
    let spec = protocols::find(spec).expect("the spec is listed");
    let variant = variant(spec, design, without, with);
    let scenario = spec.scenario(scenario).expect("the scenario is listed");
    search(&(spec.encode)(&variant, scenario), strategy).expect("the search has a result")
}

/// A design without some clauses and with others.
pub(crate) fn variant(spec: &Spec, design: &str, without: &[&Clause], with: &[&Clause]) -> Variant {
    let base = spec.design(design).expect("the design is listed");
    let mut variant = Variant::from(base);
    for clause in without {
        assert!(variant.has(clause), "{design} has {}", clause.name);
        variant = variant.without(clause);
    }
    for clause in with {
        variant = variant.with(clause);
    }
    variant
}

/// The properties that a search found violated, in the order of their names.
pub(crate) fn violated(found: &Search) -> Vec<&str> {
    let findings = found.findings.iter();
    let mut names: Vec<&str> = findings.map(|finding| finding.property.as_str()).collect();
    names.sort_unstable();
    names
}
