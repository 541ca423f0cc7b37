//! A small trace for the tests.

use crate::trace::{
    Cycle, Event, EventKind, Object, SCHEMA, SearchStatistics, Source, Trace, Wait, WaitEdge,
};

pub(super) fn event(
    operation: Option<usize>,
    thread: &str,
    kind: EventKind,
    object: usize,
    name: &str,
) -> Event {
    Event {
        operation,
        thread: thread.to_string(),
        kind,
        function: "lock_page".to_string(),
        file: "mm/filemap.c".to_string(),
        commit: "61628a3f3a37^".to_string(),
        model: Some(Source {
            file: "src/kernel/page.rs".to_string(),
            line: 7,
        }),
        callers: Vec::new(),
        object: Some(name.to_string()),
        object_index: Some(object),
        class: None,
        change: None,
        waits_for: None,
        holds: Vec::new(),
    }
}

fn object(name: &str, class: &str, value: &str) -> Object {
    Object {
        name: name.to_string(),
        class: class.to_string(),
        value: value.to_string(),
    }
}

fn edge(thread: &str, waits_for: &str, held_by: &str) -> WaitEdge {
    WaitEdge {
        thread: thread.to_string(),
        waits_for: waits_for.to_string(),
        held_by: held_by.to_string(),
        ended_by: "unlock_page".to_string(),
        waits_in: "lock_page".to_string(),
    }
}

/// `a` takes one and dirties a page, `b` takes two, each waits for the other's.
pub(super) fn deadlock() -> Trace {
    let held = |mut event: Event, holds: &str| {
        event.holds = vec![holds.to_string()];
        event
    };
    let waits = |mut event: Event, what: &str, by: &str| {
        event.waits_for = Some(Wait {
            what: what.to_string(),
            held_by: Some(by.to_string()),
        });
        event
    };
    let mut update = held(event(None, "a", EventKind::Update, 2, "page"), "one");
    update.change = Some(("clean".to_string(), "dirty".to_string()));
    let one = held(event(Some(1), "a", EventKind::Acquire, 0, "one"), "one");
    let two = held(event(Some(2), "b", EventKind::Acquire, 1, "two"), "two");
    let b_waits = held(event(None, "b", EventKind::Wait, 0, "one"), "two");
    let a_waits = held(event(Some(3), "a", EventKind::Wait, 1, "two"), "one");
    Trace {
        schema: SCHEMA.to_string(),
        spec: "sample".to_string(),
        commit: "61628a3f3a37".to_string(),
        design: "old".to_string(),
        without: Vec::new(),
        mirrors: "61628a3f3a37^".to_string(),
        design_summary: "before the patch".to_string(),
        clauses: Vec::new(),
        scenario: "two".to_string(),
        scenario_summary: "two threads".to_string(),
        verdict: "violated".to_string(),
        property: "no-deadlock".to_string(),
        property_summary: "no thread blocks forever".to_string(),
        as_expected: true,
        sentence: "A <b> & \"c\" sentence.".to_string(),
        message: "a waits for two".to_string(),
        cycle: Some(Cycle {
            edges: vec![edge("a", "two", "b"), edge("b", "one", "a")],
            closed: true,
        }),
        threads: vec!["a".to_string(), "b".to_string()],
        entries: vec!["write".to_string(), "kjournald2".to_string()],
        objects: vec![
            object("one", "page lock", ""),
            object("two", "page lock", ""),
            object("page", "", "clean"),
        ],
        events: vec![
            one,
            update,
            two,
            waits(b_waits, "one", "a"),
            waits(a_waits, "two", "b"),
        ],
        schedule: crate::trace::Schedule::from([0, 1, 0]),
        preemptions: Some(1),
        statistics: SearchStatistics {
            engine: "stateful".to_string(),
            version: "0".to_string(),
            strategy: "every state".to_string(),
            bound: None,
            executions: 4,
            cut_short: 0,
            failing: 2,
            longest: 3,
            complete: true,
            states: None,
            fingerprint: "00ff00ff00ff00ff".to_string(),
        },
        failing: 2,
        reached: vec!["a-cover-point".to_string()],
        reference: None,
        sampled: None,
    }
}
