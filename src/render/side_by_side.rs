//! Two designs in the same schedule, side by side.

use super::format::Layout;
use super::rows::{self, Row};
use super::text::{clip, titled, wrap_in};
use crate::trace::{Reference, Trace, counted};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

/// The columns between the two sides, in which the step where they diverge is marked.
const GAP: usize = 4;

/// The failing design on the left, the reference design on the right, a row for each operation, and why they diverge.
pub(super) fn render(trace: &Trace, reference: &Reference, layout: Layout) -> String {
    let side = (layout.width - GAP) / 2;
    let width = layout.width;
    let mut lines = vec![
        format!("{} in {}", trace.spec, trace.scenario),
        String::new(),
    ];
    if !trace.sentence.is_empty() {
        lines.extend(wrap_in(width, &trace.sentence, 2));
        lines.push(String::new());
    }
    let mut row = |left: &str, mark: &str, right: &str| {
        let (left, right) = (clip(left, side), clip(right, side));
        lines.push(format!("{left:<side$}{mark:^GAP$}{right}"));
    };
    let fails = format!("{}: FAIL, {}", trace.design_name(), what(trace));
    let passes = format!("{}: {}", reference.design, reference.verdict.to_uppercase());
    row(&fails, "", &passes);
    if !trace.mirrors.is_empty() {
        let (mine, its) = (
            format!("mirrors {}", trace.mirrors),
            format!("mirrors {}", reference.mirrors),
        );
        row(&mine, "", &its);
    }
    row(&"-".repeat(side), "", &"-".repeat(side));

    let threads = trace.threads.iter().map(String::len).max().unwrap_or(0);
    let cells = |rows: Vec<Row<'_>>| by_operation(&rows, side, threads);
    let left = cells(rows::of(trace, layout.full).rows);
    let mut right = cells(rows::of_reference(reference, layout.full));
    let last = trace.schedule.len();
    let beyond = if layout.full {
        0
    } else {
        reference.schedule.len().saturating_sub(last)
    };
    if beyond > 0 {
        right.retain(|operation, _| *operation <= last);
    }
    let divergence = reference.divergence.operation;
    let steps: BTreeSet<usize> = left
        .keys()
        .chain(right.keys())
        .copied()
        .chain([divergence])
        .collect();
    let none = Vec::new();
    for step in steps {
        let (own, other) = (
            left.get(&step).unwrap_or(&none),
            right.get(&step).unwrap_or(&none),
        );
        for line in 0..own
            .len()
            .max(other.len())
            .max(usize::from(step == divergence))
        {
            let at = |cells: &Vec<String>| cells.get(line).cloned().unwrap_or_default();
            let mark = if step == divergence && line == 0 {
                "<>"
            } else {
                ""
            };
            row(&at(own), mark, &at(other));
        }
    }
    let end = match beyond {
        0 => String::new(),
        more => format!("... and {more} more operations, to the end"),
    };
    row(&format!("*** {} ***", what(trace)), "", &end);
    lines.push(String::new());
    lines.extend(reasons(trace, reference, width));
    let mut text = String::new();
    for line in lines {
        let _ = writeln!(text, "{}", line.trim_end());
    }
    text
}

/// The failure in a word or two.
fn what(trace: &Trace) -> String {
    match &trace.cycle {
        Some(cycle) => format!("deadlock of {} threads", cycle.edges.len()),
        None => format!("{} is violated", trace.property),
    }
}

/// The lines of a side, for each operation: its own row, and the rows that belong to it.
fn by_operation(rows: &[Row<'_>], side: usize, threads: usize) -> BTreeMap<usize, Vec<String>> {
    let mut cells: BTreeMap<usize, Vec<String>> = BTreeMap::new();
    let mut operation = 0;
    for row in rows {
        operation = row.event.operation.unwrap_or(operation);
        let head = format!("{:>4}  {:threads$}  ", row.step(), row.event.thread);
        let mut lines = wrap_in(side, &row.text(), head.len());
        if let Some(first) = lines.first_mut() {
            first.replace_range(..head.len(), &head);
        }
        cells.entry(operation).or_default().extend(lines);
    }
    cells
}

/// Where and why they diverge, which clauses cause it, and the statistics of both searches.
fn reasons(trace: &Trace, reference: &Reference, width: usize) -> Vec<String> {
    let divergence = &reference.divergence;
    let mut lines = titled(
        width,
        "<>",
        &format!(
            "step {}: {}",
            divergence.operation,
            divergence.sentence(&reference.design)
        ),
    );
    for clause in &divergence.clauses {
        let text = format!("{}: {}", clause.title(), clause.summary);
        lines.extend(titled(width, "because", &text));
    }
    for missing in &divergence.impossible {
        let text = format!(
            "in no execution of {} does a thread acquire {} while it holds {}",
            reference.design, missing.wanted, missing.held
        );
        lines.extend(titled(width, "never", &text));
    }
    for (design, statistics) in [
        (trace.design_name(), &trace.statistics),
        (reference.design.clone(), &reference.statistics),
    ] {
        let text = format!(
            "{design}: {}, {}, {}: {} of {} fail; model {}",
            statistics.engine,
            statistics.strategy,
            statistics.extent(),
            statistics.failing,
            counted(statistics.out_of()),
            statistics.fingerprint
        );
        lines.extend(titled(width, "search", &text));
    }
    lines.push(format!("  replay   {}", trace.replay()));
    lines
}
