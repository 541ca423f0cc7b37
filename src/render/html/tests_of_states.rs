//! How things stand step by step.

use super::sample::{deadlock, event};
use super::states::{Execution, Span, Waiting, spans};
use crate::trace::{EventKind, Wait};

#[test]
fn what_has_no_number_belongs_to_the_operation_before_it() {
    let trace = deadlock();
    let execution = Execution::failing(&trace);
    assert_eq!(execution.steps(), [1, 1, 2, 2, 3]);
    assert_eq!(execution.moments().len(), 4);
}

#[test]
fn there_are_no_more_steps_than_events_whatever_their_numbers() {
    let mut trace = deadlock();
    let events = trace.events.len();
    trace.events[events - 1].operation = Some(usize::MAX);
    let execution = Execution::failing(&trace);
    assert_eq!(execution.last(), events);
    assert_eq!(execution.moments().len(), events + 1);
}

#[test]
fn objects_change_where_an_event_says_so() {
    let trace = deadlock();
    let moments = Execution::failing(&trace).moments();
    let words = |object: usize| -> Vec<String> {
        let states = moments.iter().map(|moment| moment.objects[object].words());
        states.collect()
    };
    assert_eq!(words(0), ["free", "held by a", "held by a", "held by a"]);
    assert_eq!(words(2), ["clean", "dirty", "dirty", "dirty"]);
    let held: Vec<usize> = (moments.iter().map(|m| m.threads[0].holds().len())).collect();
    assert_eq!(held, [0, 1, 1, 1]);
}

#[test]
fn a_wait_lasts_until_the_threads_next_event_and_follows_its_object() {
    let trace = deadlock();
    let moments = Execution::failing(&trace).moments();
    assert_eq!(moments[1].threads[1].waits, None);
    let waits = |what: &str, by: &str| {
        Some(Waiting {
            what: what.to_string(),
            holders: vec![by.to_string()],
        })
    };
    assert_eq!(moments[2].threads[1].waits, waits("one", "a"));
    assert_eq!(moments[3].threads[0].waits, waits("two", "b"));
}

#[test]
fn a_lock_that_is_given_up_is_waited_for_no_more() {
    let mut trace = deadlock();
    let mut release = event(Some(3), "a", EventKind::Release, 0, "one");
    release.operation = Some(3);
    trace.events[4] = release;
    let moments = Execution::failing(&trace).moments();
    assert_eq!(moments[3].threads[1].waits, None);
    assert_eq!(moments[3].objects[0].words(), "free");
    // It has another name, and another thread has it.
    trace.threads.push("c".to_string());
    trace
        .events
        .push(event(Some(4), "c", EventKind::Acquire, 0, "other"));
    let moments = Execution::failing(&trace).moments();
    let waits = moments[4].threads[1].waits.as_ref().expect("it waits");
    assert_eq!(
        (waits.what.as_str(), &waits.holders[..]),
        ("other", &["c".to_string()][..])
    );
}

#[test]
fn what_is_no_lock_is_waited_for_as_recorded() {
    let mut trace = deadlock();
    let mut wait = event(None, "b", EventKind::Wait, 2, "page");
    wait.waits_for = Some(Wait {
        what: "writeback".to_string(),
        held_by: None,
    });
    trace.events[3] = wait;
    let moments = Execution::failing(&trace).moments();
    let waits = moments[2].threads[1].waits.as_ref().expect("it waits");
    assert_eq!((waits.what.as_str(), waits.holders.len()), ("writeback", 0));
}

#[test]
fn spans_are_the_times_between_changes() {
    let span = |from, to, value| Span { from, to, value };
    assert_eq!(
        spans(["x", "x", "y", "x"].into_iter()),
        [span(0, 1, "x"), span(2, 2, "y"), span(3, 3, "x")]
    );
    assert!(spans(std::iter::empty::<u8>()).is_empty());
}
