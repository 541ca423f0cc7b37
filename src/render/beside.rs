//! Two designs in the same schedule, side by side.

use super::Layout;
use super::rows::{self, Row};
use super::text::{clip, titled, wrap_in};
use crate::trace::{Trace, Twin, counted};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

/// The columns between the two sides: the step where they part is marked there.
const GAP: usize = 4;

/// The failing design on the left, its twin on the right, a row for each operation, and why they part.
pub(super) fn render(trace: &Trace, twin: &Twin, layout: Layout) -> String {
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
    let passes = format!("{}: {}", twin.design, twin.verdict.to_uppercase());
    row(&fails, "", &passes);
    if !trace.mirrors.is_empty() {
        let (mine, its) = (
            format!("mirrors {}", trace.mirrors),
            format!("mirrors {}", twin.mirrors),
        );
        row(&mine, "", &its);
    }
    row(&"-".repeat(side), "", &"-".repeat(side));

    let threads = trace.threads.iter().map(String::len).max().unwrap_or(0);
    let cells = |rows: Vec<Row<'_>>| by_operation(&rows, side, threads);
    let left = cells(rows::of(trace, layout.full).rows);
    let mut right = cells(rows::of_twin(twin, layout.full));
    let last = trace.schedule.len();
    let beyond = if layout.full {
        0
    } else {
        twin.schedule.len().saturating_sub(last)
    };
    if beyond > 0 {
        right.retain(|operation, _| *operation <= last);
    }
    let parting = twin.parting.operation;
    let steps: BTreeSet<usize> = left
        .keys()
        .chain(right.keys())
        .copied()
        .chain([parting])
        .collect();
    let none = Vec::new();
    for step in steps {
        let (own, other) = (
            left.get(&step).unwrap_or(&none),
            right.get(&step).unwrap_or(&none),
        );
        for line in 0..own.len().max(other.len()).max(usize::from(step == parting)) {
            let at = |cells: &Vec<String>| cells.get(line).cloned().unwrap_or_default();
            let mark = if step == parting && line == 0 {
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
    lines.extend(reasons(trace, twin, width));
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
        None => format!("{} is broken", trace.property),
    }
}

/// What stands on a side, for each operation: its own row, and the rows that belong to it.
fn by_operation(rows: &[Row<'_>], side: usize, threads: usize) -> BTreeMap<usize, Vec<String>> {
    let mut cells: BTreeMap<usize, Vec<String>> = BTreeMap::new();
    let mut operation = 0;
    for row in rows {
        operation = row.event.operation.unwrap_or(operation);
        let head = format!("{:>4}  {:threads$}  ", row.step(), row.event.thread);
        let mut lines = wrap_in(side, &row.said(), head.len());
        if let Some(first) = lines.first_mut() {
            first.replace_range(..head.len(), &head);
        }
        cells.entry(operation).or_default().extend(lines);
    }
    cells
}

/// Where and why they part, which clauses do it, and both receipts.
fn reasons(trace: &Trace, twin: &Twin, width: usize) -> Vec<String> {
    let parting = &twin.parting;
    let mut lines = titled(
        width,
        "<>",
        &format!(
            "step {}: {}",
            parting.operation,
            parting.sentence(&twin.design)
        ),
    );
    for clause in &parting.clauses {
        let text = format!("{}: {}", clause.title(), clause.summary);
        lines.extend(titled(width, "because", &text));
    }
    for missing in &parting.impossible {
        let text = format!(
            "in no execution of {} does anybody come for {} with {}",
            twin.design, missing.wanted, missing.held
        );
        lines.extend(titled(width, "never", &text));
    }
    for (design, receipt) in [
        (trace.design_name(), &trace.receipt),
        (twin.design.clone(), &twin.receipt),
    ] {
        let text = format!(
            "{design}: {}, {}, {}: {} of {} fail; model {}",
            receipt.engine,
            receipt.strategy,
            receipt.extent(),
            receipt.failing,
            counted(receipt.out_of()),
            receipt.fingerprint
        );
        lines.extend(titled(width, "receipt", &text));
    }
    lines.push(format!("  replay  {}", trace.replay()));
    lines
}
