//! The events of a trace in lanes, one for each thread.

use super::screen::clip;
use super::{Event, EventKind, Trace};
use std::fmt::Write as _;

/// The columns of the screen.
pub(super) const WIDTH: usize = 100;
/// The lines of the screen.
pub(super) const MAX_LINES: usize = 40;
/// The least columns of the last column, which says what changed.
const CHANGED: usize = 33;
/// The most columns of a lane: the rest goes to the last column.
const LANE: usize = 28;
/// More threads than this do not fit a screen side by side.
const MOST_LANES: usize = 4;
/// The columns before the first lane.
const STEP: usize = 6;

/// One row of the table.
struct Row {
    step: String,
    lane: usize,
    text: String,
    changed: String,
}

/// Renders the table in at most `room` lines: header, rows, and what each thread holds at the end.
pub(super) fn render(trace: &Trace, room: usize) -> Vec<String> {
    let threads = shown(trace);
    let lanes = threads.len();
    let lane = ((WIDTH - STEP - CHANGED) / lanes).min(LANE);
    let last = WIDTH - STEP - lane * lanes;
    let (mut rows, elsewhere) = rows(trace, &threads);
    let held = holds(trace, &threads, lane);
    let fixed = 3 + held.len() + usize::from(elsewhere > 0);
    let dropped = rows.len().saturating_sub(room.saturating_sub(fixed + 1));
    let fits = rows.len() + fixed <= room;
    let note = if fits {
        None
    } else {
        // The end of a counterexample says more than its beginning.
        rows.drain(..dropped);
        Some(format!(
            "{}({dropped} earlier rows are left out; --format json has every event)",
            " ".repeat(STEP)
        ))
    };

    let line = |step: &str, cells: &[String], changed: &str| {
        let mut text = format!("{step:>4}  ");
        for cell in cells {
            let _ = write!(text, "{:<lane$}", clip(cell, lane - 1));
        }
        text.push_str(&clip(changed, last));
        text
    };
    let names: Vec<String> = threads.iter().map(|i| trace.threads[*i].clone()).collect();
    let entries: Vec<String> = threads.iter().map(|i| trace.entries[*i].clone()).collect();
    let mut lines = vec![
        line("step", &names, "changed"),
        line("", &entries, ""),
        line(
            "----",
            &vec!["-".repeat(lane - 1); lanes],
            &"-".repeat(last),
        ),
    ];
    lines.extend(note);
    if elsewhere > 0 {
        lines.push(format!(
            "{}({elsewhere} rows of threads outside the cycle are left out)",
            " ".repeat(STEP)
        ));
    }
    for row in rows {
        let mut cells = vec![String::new(); lanes];
        cells[row.lane] = row.text;
        lines.push(line(&row.step, &cells, &row.changed));
    }
    lines.extend(held.into_iter().map(|cells| line("", &cells, "")));
    lines
}

/// The threads that get a lane: all, or, where they are too many to read, those of the cycle.
fn shown(trace: &Trace) -> Vec<usize> {
    let all = 0..trace.threads.len();
    match &trace.cycle {
        Some(cycle) if trace.threads.len() > MOST_LANES => {
            let within = |i: &usize| {
                let name = &trace.threads[*i];
                let mut edges = cycle.edges.iter();
                edges.any(|edge| edge.thread == *name || edge.held_by == *name)
            };
            all.filter(within).collect()
        }
        _ => all.collect(),
    }
}

/// The rows that say something: operations that changed something, locks that stay held, waits. Also
/// how many such rows belong to threads without a lane.
fn rows(trace: &Trace, threads: &[usize]) -> (Vec<Row>, usize) {
    let mut rows = Vec::new();
    let mut elsewhere = 0;
    for (position, event) in trace.events.iter().enumerate() {
        let Some(changed) = changed(trace, position) else {
            continue;
        };
        let lane = threads
            .iter()
            .position(|i| trace.threads[*i] == event.thread);
        let Some(lane) = lane else {
            elsewhere += 1;
            continue;
        };
        rows.push(Row {
            step: match event.kind {
                EventKind::Wait => "wait".to_string(),
                _ => event
                    .operation
                    .map(|number| number.to_string())
                    .unwrap_or_default(),
            },
            lane,
            text: event.function.clone(),
            changed,
        });
    }
    (rows, elsewhere)
}

/// What an event changed, or `None` if it says nothing to a reader: a read, a wait that ended, or a
/// lock that is given up again under no name of its own, as semaphores and spinlocks are. Where
/// nobody waits for ever, every wait ends and every lock is given up.
fn changed(trace: &Trace, position: usize) -> Option<String> {
    let events = &trace.events;
    let stuck = trace.cycle.is_some();
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

/// What each thread holds after the last event of a deadlock, one lock to a line.
fn holds(trace: &Trace, threads: &[usize], lane: usize) -> Vec<Vec<String>> {
    if trace.cycle.is_none() {
        return Vec::new();
    }
    let held: Vec<Vec<String>> = (threads.iter())
        .map(|thread| {
            let thread = &trace.threads[*thread];
            let last = trace
                .events
                .iter()
                .rev()
                .find(|event| event.thread == *thread);
            last.map(|event| event.holds.clone()).unwrap_or_default()
        })
        .collect();
    let depth = held.iter().map(Vec::len).max().unwrap_or(0);
    (0..depth)
        .map(|row| {
            let cell = |locks: &Vec<String>| match locks.get(row) {
                Some(lock) => clip(&format!("holds: {lock}"), lane - 1),
                None => String::new(),
            };
            held.iter().map(cell).collect()
        })
        .collect()
}
