//! The counterexample in columns of call stacks, as changelogs of the kernel have them.

use super::rows::{self, Row};
use super::text::{clip, wrap_in};
use crate::trace::Trace;
use std::fmt::Write as _;

/// The columns of a line in a commit message.
const WIDTH: usize = 75;
/// The indent of a picture in a commit message.
const INDENT: usize = 2;
/// The blanks between two columns.
const GAP: usize = 2;
/// The most threads side by side.
const MOST: usize = 3;

/// At most three columns in 75, ready for a commit message: a row for each step, a blank line for each
/// switch of threads.
pub(super) fn render(trace: &Trace, full: bool) -> String {
    let rows::Rows { rows, apart } = rows::of(trace, full);
    let threads = chosen(trace, &rows);
    let columns = places(&threads, &rows);
    let mut text = String::new();
    for line in wrap_in(WIDTH, &trace.sentence, 0) {
        let _ = writeln!(text, "{line}");
    }
    text.push('\n');
    let entry = |thread: &&str| {
        let place = trace.threads.iter().position(|name| name == thread);
        place.map_or("", |place| trace.entry(place))
    };
    titles(&mut text, &columns, &threads);
    titles(
        &mut text,
        &columns,
        &threads.iter().map(entry).collect::<Vec<_>>(),
    );
    let mut last = None;
    let mut elsewhere = 0;
    for row in &rows {
        let thread = row.event.thread.as_str();
        let Some(place) = threads.iter().position(|other| *other == thread) else {
            elsewhere += 1;
            continue;
        };
        if last.is_some_and(|last| last != place) {
            text.push('\n');
        }
        last = Some(place);
        for cell in cell(row, columns[place].width) {
            line(&mut text, columns[place], &cell);
        }
    }
    text.push('\n');
    let end = match &trace.cycle {
        Some(cycle) => format!("deadlock: {}", cycle.chain()),
        None => format!("violated: {} ({})", trace.property_summary, trace.message),
    };
    let mut lines = vec![end];
    for (number, what) in [
        (apart, "do not lead to the failure"),
        (elsewhere, "are of other threads"),
    ] {
        if number > 0 {
            lines.push(format!("{number} steps {what} and are left out."));
        }
    }
    for line in lines.iter().flat_map(|line| wrap_in(WIDTH, line, 0)) {
        let _ = writeln!(text, "{line}");
    }
    text
}

/// The threads that get a column, in their order: those of the cycle, or those that act last.
fn chosen<'t>(trace: &'t Trace, rows: &[Row<'_>]) -> Vec<&'t str> {
    let within = |thread: &str| match &trace.cycle {
        Some(cycle) => cycle
            .edges
            .iter()
            .any(|edge| edge.thread == thread || edge.held_by == thread),
        None => false,
    };
    let acts = |thread: &str| rows.iter().rposition(|row| row.event.thread == thread);
    let mut ranked: Vec<&str> = trace.threads.iter().map(String::as_str).collect();
    ranked.retain(|thread| within(thread) || acts(thread).is_some());
    ranked.sort_by_key(|thread| std::cmp::Reverse((within(thread), acts(thread))));
    ranked.truncate(MOST);
    let order = trace.threads.iter().map(String::as_str);
    order.filter(|thread| ranked.contains(thread)).collect()
}

/// What stands in a column: the function, and what it does, on the next line if there is no room.
fn cell(row: &Row<'_>, column: usize) -> Vec<String> {
    let text = row.text();
    let mut lines = vec![text.clone()];
    if text.len() > column {
        let (function, rest) = text.split_at(row.event.function.len().min(text.len()));
        lines = vec![clip(function, column)];
        lines.extend(wrap_in(column, rest.trim_start_matches([':', ' ']), 2));
    }
    (lines.iter()).map(|line| clip(line, column)).collect()
}

/// Where a column begins, and how wide its lines may be.
#[derive(Debug, Clone, Copy)]
struct Column {
    offset: usize,
    width: usize,
}

/// The columns at even distances. A row has a text in one of them only, so a long name may reach into the
/// next; the last ones are moved to the left where their names would not fit.
fn places(threads: &[&str], rows: &[Row<'_>]) -> Vec<Column> {
    let distance = (WIDTH - INDENT) / threads.len().max(1);
    let longest = |thread: &str| {
        let own = rows.iter().filter(|row| row.event.thread == thread);
        let names = own.map(|row| row.event.function.len());
        names.chain([thread.len()]).max().unwrap_or_default()
    };
    let place = |(place, thread): (usize, &&str)| {
        let longest = longest(thread).min(WIDTH - INDENT);
        let offset = (INDENT + place * distance).min(WIDTH - longest);
        let width = longest.max(distance - GAP).min(WIDTH - offset);
        Column { offset, width }
    };
    threads.iter().enumerate().map(place).collect()
}

fn line(text: &mut String, column: Column, cell: &str) {
    let _ = writeln!(text, "{}{cell}", " ".repeat(column.offset));
}

/// A text over each column, cut where the next one begins.
fn titles(text: &mut String, columns: &[Column], titles: &[&str]) {
    let mut row = String::new();
    for (place, (column, title)) in columns.iter().zip(titles).enumerate() {
        let next = columns
            .get(place + 1)
            .map_or(WIDTH, |next| next.offset - GAP);
        let title = clip(title, next.saturating_sub(column.offset));
        row = format!("{row:<offset$}{title}", offset = column.offset);
    }
    let _ = writeln!(text, "{}", row.trim_end());
}
