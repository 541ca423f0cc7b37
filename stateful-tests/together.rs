//! Clauses that are needed only together: what the sentences on single clauses refer to.

use pagelock::engine::{NO_DEADLOCK, Strategy, search};
use pagelock::spec::Variant;
use pagelock::spec::ext4_journal_start::{CALLERS_HANDLE, HANDLE_FIRST, SPEC};

/// What the patched design violates in `write` without some clauses.
fn violated(without: &[pagelock::spec::Clause]) -> Vec<String> {
    let patched = SPEC.designs[1].clauses.iter().copied();
    let mut variant = Variant::new(patched);
    for clause in without {
        variant = variant.without(clause);
    }
    let scenario = SPEC.scenario("write").expect("the scenario is listed");
    let encoding = (SPEC.encode)(&variant, scenario);
    let found = search(&encoding, &Strategy::States).expect("a result");
    found.findings.into_iter().map(|f| f.property).collect()
}

/// J-B1 hides behind the assertion of the other clause.
#[test]
fn the_inversion_is_back_where_neither_clause_is() {
    let none: [&str; 0] = [];
    assert_eq!(violated(&[CALLERS_HANDLE]), none);
    let first = violated(&[HANDLE_FIRST]);
    assert!(!first.contains(&NO_DEADLOCK.to_string()), "{first:?}");
    let both = violated(&[HANDLE_FIRST, CALLERS_HANDLE]);
    assert!(both.contains(&NO_DEADLOCK.to_string()), "{both:?}");
}
