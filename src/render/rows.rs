//! The rows of an execution: which events are shown, and in which words.

use crate::trace::{Event, EventKind, Reference, Trace};

/// An event, and what it changed.
#[derive(Debug, Clone)]
pub(super) struct Row<'t> {
    pub(super) event: &'t Event,
    pub(super) changed: String,
}

impl Row<'_> {
    /// The operation's number, `wait` for a wait, nothing for an event that belongs to the operation before.
    pub(super) fn step(&self) -> String {
        match (self.event.kind, self.event.operation) {
            (EventKind::Wait, _) => "wait".to_string(),
            (_, number) => number.map(|number| number.to_string()).unwrap_or_default(),
        }
    }

    /// The row in one line, where the thread is known: what it calls, and what that does.
    pub(super) fn text(&self) -> String {
        let (event, function) = (self.event, &self.event.function);
        let object = event.object.as_deref().unwrap_or_default();
        match (event.kind, &event.waits_for) {
            (EventKind::Wait, Some(wait)) => format!("{function} WAITS for {}", wait.what),
            (EventKind::Acquire | EventKind::Release, _) => format!("{function}({object})"),
            (EventKind::Drop, _) => format!("{object} is released"),
            _ => format!("{function}: {}", self.changed),
        }
    }
}

/// The rows of a counterexample.
pub(super) struct Rows<'t> {
    pub(super) rows: Vec<Row<'t>>,
    /// How many were folded, since the failure does not depend on them.
    pub(super) apart: usize,
}

/// The rows of a counterexample: operations that changed something, locks that stay held, waits. In full, every
/// event.
pub(super) fn of(trace: &Trace, full: bool) -> Rows<'_> {
    let causes = trace.causes();
    let mut rows = numbered(&trace.events, trace.is_stuck(), full);
    let all = rows.len();
    rows.retain(|(place, _)| full || causes[*place]);
    Rows {
        apart: all - rows.len(),
        rows: rows.into_iter().map(|(_, row)| row).collect(),
    }
}

/// Every event of an execution that violates nothing.
pub(super) fn all(events: &[Event]) -> Vec<Row<'_>> {
    let rows = numbered(events, false, true);
    rows.into_iter().map(|(_, row)| row).collect()
}

/// The rows of a reference design's execution, which violates nothing.
pub(super) fn of_reference(reference: &Reference, full: bool) -> Vec<Row<'_>> {
    let rows = numbered(&reference.events, false, full);
    rows.into_iter().map(|(_, row)| row).collect()
}

/// The rows, each with the place of its event.
fn numbered(events: &[Event], stuck: bool, full: bool) -> Vec<(usize, Row<'_>)> {
    let row = |(place, event)| {
        let changed = changed(events, stuck, place);
        let changed = changed.or_else(|| full.then(|| silent(event)))?;
        Some((place, Row { event, changed }))
    };
    events.iter().enumerate().filter_map(row).collect()
}

/// An event that changes nothing, as the full form shows it.
fn silent(event: &Event) -> String {
    let object = event.object.as_deref().unwrap_or_default();
    match event.kind {
        EventKind::Acquire => format!("{object}: {}", event.thread),
        EventKind::Drop | EventKind::Release => format!("{object}: free"),
        EventKind::Step | EventKind::Update => format!("{object}: unchanged"),
        EventKind::Wait => match &event.waits_for {
            Some(wait) => format!("{} has not happened yet", wait.what),
            None => String::new(),
        },
    }
}

/// What an event changed, or `None` for a read, a wait that ended, or a lock that a guard releases when it is dropped.
/// Where no thread blocks forever, every wait ends and every lock is released.
fn changed(events: &[Event], stuck: bool, position: usize) -> Option<String> {
    let event = &events[position];
    let object = event.object.as_deref().unwrap_or_default();
    let mut later = events[position + 1..]
        .iter()
        .filter(|e| e.thread == event.thread);
    match event.kind {
        EventKind::Acquire => {
            let released = |e: &&Event| e.kind == EventKind::Release && e.object == event.object;
            let gone = |e: &Event| !e.holds.iter().any(|held| held == object);
            let named = later.clone().find(released).is_some();
            (named || (stuck && !later.any(gone))).then(|| format!("{object}: {}", event.thread))
        }
        EventKind::Drop => None,
        EventKind::Release => Some(format!("{object}: free")),
        EventKind::Step | EventKind::Update => {
            let (before, after) = event.change.as_ref()?;
            let (before, after) = difference(before, after);
            Some(format!("{object}: {before} -> {after}"))
        }
        EventKind::Wait => {
            let wait = event.waits_for.as_ref()?;
            // A wait that ended was only a delay.
            (stuck && later.next().is_none()).then(|| match &wait.held_by {
                Some(holder) => format!("waits for {} ({holder})", wait.what),
                None => format!("waits for {}", wait.what),
            })
        }
    }
}

/// The words in which two states differ: common words at both ends are left out.
fn difference(before: &str, after: &str) -> (String, String) {
    let (before, after): (Vec<&str>, Vec<&str>) =
        (before.split(' ').collect(), after.split(' ').collect());
    let shorter = before.len().min(after.len());
    let start = (0..shorter).take_while(|i| before[*i] == after[*i]).count();
    let same_end = |i: &usize| before[before.len() - 1 - i] == after[after.len() - 1 - i];
    let end = (0..shorter - start).take_while(same_end).count();
    let middle = |words: &[&str]| {
        let middle = words[start..words.len() - end].join(" ");
        if middle.is_empty() {
            "-".to_string()
        } else {
            middle
        }
    };
    (middle(&before), middle(&after))
}
