//! A run that is not as its record says is noticed, and so is an engine that finds what a complete
//! search did not.

use pagelock::engine::{NO_DEADLOCK, Strategy};
use pagelock::protocols::ext4_journal_start::{RANK, SPEC};
use pagelock::spec::{Expectation, Expected, Run, Spec, check, disagreement};

const CYCLE: &str =
    "flusher (commit of TN) -> kjournald2 (handle of TN) -> writer (page N lock) -> flusher";

/// Checks a design in `write` against a record that the test makes up.
fn held_against(design: &'static str, outcome: Expected, loom_executions: Option<u64>) -> Run {
    let expectation = Expectation {
        design,
        scenario: "write",
        outcome,
        loom_executions,
        sentence: "",
    };
    // Leaked: a spec lives as long as the program.
    let expectations: &'static [Expectation] = vec![expectation].leak();
    let spec: &'static Spec = Box::leak(Box::new(Spec {
        expectations,
        ..SPEC
    }));
    let (design, scenario) = (spec.design(design), spec.scenario("write"));
    let (design, scenario) = (design.expect("listed"), scenario.expect("listed"));
    check(spec, design, scenario, &Strategy::LoomSleepSets).expect("a result")
}

fn difference(run: &Run) -> &str {
    run.differs.as_deref().unwrap_or("none")
}

#[test]
fn the_true_records_hold() {
    let violated = Expected::Violated {
        properties: &[NO_DEADLOCK, RANK],
        cycles: &[CYCLE],
    };
    assert_eq!(difference(&held_against("old", violated, Some(9))), "none");
    assert_eq!(
        difference(&held_against("patched", Expected::Pass, Some(10))),
        "none"
    );
}

#[test]
fn a_violation_that_is_not_on_record() {
    let run = held_against("old", Expected::Pass, Some(9));
    assert!(difference(&run).contains("is violated, and that is not expected"));
}

#[test]
fn a_violation_on_record_that_is_not_found() {
    let violated = Expected::Violated {
        properties: &[NO_DEADLOCK],
        cycles: &[CYCLE],
    };
    let run = held_against("patched", violated, Some(10));
    assert!(difference(&run).contains("`no-deadlock` is expected to be violated"));
}

#[test]
fn a_deadlock_for_another_reason() {
    let violated = Expected::Violated {
        properties: &[NO_DEADLOCK, RANK],
        cycles: &["one -> other"],
    };
    let run = held_against("old", violated, Some(9));
    assert!(difference(&run).contains(CYCLE), "{}", difference(&run));
}

#[test]
fn a_model_that_has_shrunk() {
    let run = held_against("patched", Expected::Pass, Some(11));
    assert!(difference(&run).contains("10 executions, and 11 are expected"));
}

#[test]
fn engines_that_disagree() {
    let whole = held_against("patched", Expected::Pass, Some(10));
    let mut sample = whole.clone();
    assert_eq!(disagreement(&whole, &sample), None);
    sample.search.outcomes.insert(7, [1, 0].into());
    let missed = disagreement(&whole, &sample).expect("an outcome that was missed");
    assert!(missed.contains("0000000000000007"), "{missed}");
    assert!(missed.contains("the schedule [1, 0]"), "{missed}");
    let failing = held_against("old", Expected::Pass, Some(9));
    let found = disagreement(&whole, &failing).expect("a violation that was missed");
    assert!(found.contains("no-deadlock"), "{found}");
}
