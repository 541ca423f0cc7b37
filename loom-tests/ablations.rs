//! The patched design without one of its clauses: the properties bite, and the clauses are asked for
//! at the lines that the patch changed.

use pagelock::engine::{Strategy, search};
use pagelock::spec::ext4_journal_start::{self as journal_start, NO_BUG};
use pagelock::spec::{self, Clause, Design};

/// The properties that the patched design violates in a scenario when it lacks a clause.
fn violated_without(clause: &Clause, scenario: &str) -> Vec<String> {
    let spec = spec::find("ext4-journal-start").expect("the spec is listed");
    let patched = spec.design("patched").expect("the design is listed");
    let rest: Vec<&str> = (patched.clauses.iter().copied())
        .filter(|name| *name != clause.name)
        .collect();
    assert_eq!(
        rest.len() + 1,
        patched.clauses.len(),
        "the patch has the clause"
    );
    let ablated = Design {
        name: "ablated",
        summary: "",
        clauses: rest.leak(),
    };
    let scenario = spec.scenario(scenario).expect("the scenario is listed");
    let found = search(&(spec.encode)(&ablated, scenario), &Strategy::Exhaustive);
    let found = found.expect("the search has a result");
    found
        .findings
        .into_iter()
        .map(|finding| finding.property)
        .collect()
}

#[test]
fn without_the_handle_first_allocation_finds_no_handle() {
    let violated = violated_without(&journal_start::HANDLE_FIRST, "write");
    assert!(violated.contains(&NO_BUG.to_string()), "{violated:?}");
}

#[test]
fn without_redirtying_reclaim_allocates_without_a_handle() {
    let violated = violated_without(&journal_start::REDIRTY, "reclaim");
    assert!(violated.contains(&NO_BUG.to_string()), "{violated:?}");
}

#[test]
fn with_a_start_in_writepage_reclaim_deadlocks() {
    let violated = violated_without(&journal_start::NO_START_IN_WRITEPAGE, "reclaim");
    assert_eq!(violated, ["no-deadlock", "rank"]);
}

#[test]
fn without_chunks_a_handle_runs_out_of_credits() {
    let violated = violated_without(&journal_start::CHUNKS, "chunks");
    assert!(
        violated.contains(&journal_start::CREDITS.to_string()),
        "{violated:?}"
    );
}
