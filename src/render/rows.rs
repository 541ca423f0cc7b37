//! The rows of an execution: which events are shown, and in which words.

use crate::trace::{Cycle, Event, EventKind, Reference, Trace};

/// An event, and what it changed.
#[derive(Debug, Clone)]
pub(super) struct Row<'t> {
    pub(super) event: &'t Event,
    pub(super) changed: String,
    /// Of a wait: what for, and which thread has it. Of one that closes a cycle, as the cycle names both, which may have
    /// changed since the wait began.
    pub(super) waits: Option<(&'t str, Option<&'t str>)>,
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
        match (event.kind, self.waits) {
            (EventKind::Wait, Some((what, _))) => format!("{function} WAITS for {what}"),
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
    let mut rows = numbered(&trace.events, trace.is_stuck(), trace.cycle.as_ref(), full);
    let all = rows.len();
    rows.retain(|(place, _)| full || causes[*place]);
    Rows {
        apart: all - rows.len(),
        rows: rows.into_iter().map(|(_, row)| row).collect(),
    }
}

/// Every event of an execution that violates nothing.
pub(super) fn all(events: &[Event]) -> Vec<Row<'_>> {
    let rows = numbered(events, false, None, true);
    rows.into_iter().map(|(_, row)| row).collect()
}

/// The rows of a reference design's execution, which violates nothing.
pub(super) fn of_reference(reference: &Reference, full: bool) -> Vec<Row<'_>> {
    let rows = numbered(&reference.events, false, None, full);
    rows.into_iter().map(|(_, row)| row).collect()
}

/// The rows, each with the place of its event.
fn numbered<'t>(
    events: &'t [Event],
    stuck: bool,
    cycle: Option<&'t Cycle>,
    full: bool,
) -> Vec<(usize, Row<'t>)> {
    let row = |(place, event): (usize, &'t Event)| {
        let waits = waits(events, cycle, place);
        let changed = changed(events, stuck, waits, place);
        let changed = changed.or_else(|| full.then(|| silent(event)))?;
        let row = Row {
            event,
            changed,
            waits,
        };
        Some((place, row))
    };
    events.iter().enumerate().filter_map(row).collect()
}

/// What a wait is for, and which thread has that. A thread of a cycle waits at its end for what the cycle says, though the
/// wait may have begun for something else.
fn waits<'t>(
    events: &'t [Event],
    cycle: Option<&'t Cycle>,
    position: usize,
) -> Option<(&'t str, Option<&'t str>)> {
    let (event, later) = (&events[position], &events[position + 1..]);
    let wait = event.waits_for.as_ref()?;
    let ends = later.iter().any(|later| later.thread == event.thread);
    let cycle = cycle.filter(|_| !ends);
    let mut edges = cycle.map_or(&[][..], |cycle| &cycle.edges).iter();
    Some(match edges.find(|edge| edge.thread == event.thread) {
        Some(edge) => (&edge.waits_for, Some(&edge.held_by)),
        None => (&wait.what, wait.held_by.as_deref()),
    })
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
fn changed(
    events: &[Event],
    stuck: bool,
    waits: Option<(&str, Option<&str>)>,
    position: usize,
) -> Option<String> {
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
            let (what, holder) = waits?;
            // A wait that ended was only a delay.
            (stuck && later.next().is_none()).then(|| match holder {
                Some(holder) => format!("waits for {what} ({holder})"),
                None => format!("waits for {what}"),
            })
        }
    }
}

/// The words in which two states differ: common words at both ends are left out, as long as something of both is left. Of
/// a list, the parts between commas are its words.
fn difference(before: &str, after: &str) -> (String, String) {
    let is_list = before.contains(", ") || after.contains(", ");
    let between = if is_list { ", " } else { " " };
    let words = |text| -> Vec<&str> { str::split(text, between).collect() };
    let (before, after) = (words(before), words(after));
    let shorter = before.len().min(after.len());
    let start = (0..shorter).take_while(|i| before[*i] == after[*i]).count();
    let same_end = |i: &usize| before[before.len() - 1 - i] == after[after.len() - 1 - i];
    let end = (0..shorter - start).take_while(same_end).count();
    // A word that is only added or only removed says nothing without the one beside it.
    let (start, end) = match start + end == shorter && !is_list {
        true if start > 0 => (start - 1, end),
        true => (start, end.saturating_sub(1)),
        false => (start, end),
    };
    let middle = |words: &[&str]| {
        let middle = words[start..words.len() - end].join(between);
        if middle.is_empty() {
            "-".to_string()
        } else {
            middle
        }
    };
    (middle(&before), middle(&after))
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::difference;

    #[test]
    fn what_differs_is_said_in_words_that_stand_alone() {
        let of = |before, after| {
            let (before, after) = difference(before, after);
            format!("{before} -> {after}")
        };
        assert_eq!(of("free", "free signal"), "free -> free signal");
        assert_eq!(of("a busy b", "a free b"), "busy -> free");
        assert_eq!(of("a b", "b"), "a b -> b");
        assert_eq!(
            of("dirty 0, flush 0", "dirty 0, flush 1"),
            "flush 0 -> flush 1"
        );
        assert_eq!(of("x, y", "x"), "y -> -");
    }
}
