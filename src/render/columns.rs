//! The events of a trace in columns, one for each thread.

use super::format::Layout;
use super::rows::{self, Row, Rows};
use super::text::pieces;
use crate::trace::Trace;
use std::fmt::Write as _;

/// The least width of the last column, which says what changed.
const CHANGED: usize = 33;
/// The greatest width of a thread's column: the rest goes to the last column.
const WIDEST: usize = 28;
/// The least width of a thread's column: a narrower table is unreadable.
const LEAST: usize = 12;
/// More threads than this do not fit a screen side by side.
const MOST_THREADS: usize = 4;
/// The width before the first thread's column.
const STEP: usize = 6;

/// Renders the table in at most `room` lines: header, rows, and what each thread holds at the end.
pub(super) fn render(trace: &Trace, layout: Layout, room: usize) -> Vec<String> {
    let rows = rows::of(trace, layout.full);
    let threads = shown(trace, layout, &rows);
    let count = threads.len();
    let width = (layout.width.saturating_sub(STEP + CHANGED) / count.max(1)).clamp(LEAST, WIDEST);
    let last = layout.width.saturating_sub(STEP + width * count).max(LEAST);
    let mut table = Table::new(trace, &threads, rows);
    let held = holds(trace, &threads);
    // What is too long for its cell goes on in the next line.
    let line = |step: &str, cells: &[String], changed: &str| -> Vec<String> {
        let cells: Vec<Vec<String>> = cells.iter().map(|cell| pieces(cell, width - 1)).collect();
        let changed = pieces(changed, last);
        let deep = cells.iter().map(Vec::len).max().unwrap_or(0);
        let of_line = |number: usize| {
            let mut text = format!("{:>4}  ", if number == 0 { step } else { "" });
            let piece = |cell: &Vec<String>| cell.get(number).cloned().unwrap_or_default();
            for cell in &cells {
                let _ = write!(text, "{:<width$}", piece(cell));
            }
            text.push_str(&piece(&changed));
            text
        };
        (0..deep.max(changed.len()).max(1)).map(of_line).collect()
    };
    let of_row = |(column, row): &(usize, Row<'_>)| {
        let mut cells = vec![String::new(); count];
        cells[*column].clone_from(&row.event.function);
        line(&row.step(), &cells, &row.changed)
    };
    let names: Vec<String> = threads.iter().map(|i| trace.threads[*i].clone()).collect();
    let entries: Vec<String> = threads
        .iter()
        .map(|i| trace.entry(*i).to_string())
        .collect();
    let rule = vec!["-".repeat(width - 1); count];
    let mut lines: Vec<String> = [
        line("step", &names, "changed"),
        line("", &entries, ""),
        line("----", &rule, &"-".repeat(last)),
    ]
    .concat();
    let held: Vec<String> = held.iter().flat_map(|cells| line("", cells, "")).collect();
    let mut rendered: Vec<Vec<String>> = table.rows.iter().map(of_row).collect();
    let mut left = room.saturating_sub(lines.len() + held.len() + table.notes().len());
    if rendered.iter().map(Vec::len).sum::<usize>() > left {
        // The end of a counterexample says more than its beginning; one line says that it is cut.
        left = left.saturating_sub(1);
        let mut kept = 0;
        for row in rendered.iter().rev() {
            if row.len() > left {
                break;
            }
            left -= row.len();
            kept += 1;
        }
        table.earlier = rendered.len() - kept;
        rendered.drain(..table.earlier);
    }
    let notes = table.notes();
    lines.extend((notes.iter()).map(|note| format!("{}({note})", " ".repeat(STEP))));
    lines.extend(rendered.into_iter().flatten());
    lines.extend(held);
    lines
}

/// The threads that get a column: those that do something or are in the cycle, or, where they are too many to read, those
/// of the cycle alone. In full, all of them.
fn shown(trace: &Trace, layout: Layout, Rows { rows, .. }: &Rows<'_>) -> Vec<usize> {
    let is_busy = |i: &usize| {
        let name = &trace.threads[*i];
        layout.full || rows.is_empty() || rows.iter().any(|row| row.event.thread == *name)
    };
    let all = (0..trace.threads.len()).filter(is_busy);
    match &trace.cycle {
        Some(cycle) if trace.threads.len() > MOST_THREADS && !layout.full => {
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

/// The rows of the table, each with its column, and the numbers of rows that are left out.
struct Table<'t> {
    rows: Vec<(usize, Row<'t>)>,
    /// Rows of threads without a column.
    elsewhere: usize,
    /// Events that the failure does not depend on.
    apart: usize,
    /// Rows for which there is no room.
    earlier: usize,
}

impl<'t> Table<'t> {
    fn new(trace: &'t Trace, threads: &[usize], Rows { rows, apart }: Rows<'t>) -> Self {
        let all = rows.len();
        let column = |row: Row<'t>| {
            let mut columns = threads.iter();
            let column = columns.position(|i| trace.threads[*i] == row.event.thread)?;
            Some((column, row))
        };
        let rows: Vec<(usize, Row<'t>)> = rows.into_iter().filter_map(column).collect();
        Self {
            elsewhere: all - rows.len(),
            apart,
            earlier: 0,
            rows,
        }
    }

    /// What is left out, one line for each reason.
    fn notes(&self) -> Vec<String> {
        let left_out = [
            (self.earlier, "earlier rows are left out"),
            (
                self.apart,
                "rows are folded, since the failure does not depend on them",
            ),
            (
                self.elsewhere,
                "rows of threads outside the cycle are left out",
            ),
        ];
        let some = left_out.into_iter().filter(|(rows, _)| *rows > 0);
        some.map(|(rows, why)| format!("{rows} {why}; --full shows them"))
            .collect()
    }
}

/// What each thread holds after the last event of a deadlock, one lock to a line.
fn holds(trace: &Trace, threads: &[usize]) -> Vec<Vec<String>> {
    if !trace.is_stuck() {
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
                Some(lock) => format!("holds: {lock}"),
                None => String::new(),
            };
            held.iter().map(cell).collect()
        })
        .collect()
}
