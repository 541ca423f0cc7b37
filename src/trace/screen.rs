//! The counterexample on one screen: at most 100 columns and 40 lines of ASCII.

use super::lanes::{self, WIDTH};
use super::{Cycle, Trace};
use std::fmt::Write as _;

/// Renders a trace for a terminal, a mail or a changelog: ASCII, at most 100 columns and 40 lines.
#[must_use]
pub fn render(trace: &Trace) -> String {
    let mut lines = head(trace);
    let tail = tail(trace);
    // What is left of the forty lines goes to the events.
    let room = lanes::MAX_LINES.saturating_sub(lines.len() + tail.len());
    lines.extend(lanes::render(trace, room));
    lines.extend(tail);
    let mut text = String::new();
    for line in lines {
        let _ = writeln!(text, "{}", line.trim_end());
    }
    text
}

/// Verdict and expectation, the design, and one plain sentence.
fn head(trace: &Trace) -> Vec<String> {
    let verdict = if trace.as_recorded {
        "FAIL as recorded"
    } else {
        "FAIL, not as recorded"
    };
    let name = format!("{}/{} in {}", trace.spec, trace.design, trace.scenario);
    let count = |number: usize, what: &str| {
        format!("{number} {what}{}", if number == 1 { "" } else { "s" })
    };
    let mut facts = Vec::new();
    facts.extend(
        trace
            .cycle
            .as_ref()
            .map(|cycle| count(cycle.edges.len(), "thread")),
    );
    facts.extend(trace.preemptions.map(|number| count(number, "preemption")));
    facts.push(count(trace.schedule.len(), "step"));
    let what = match trace.cycle {
        Some(_) => "deadlock",
        None => trace.property.as_str(),
    };
    let facts = format!("{what}: {}", facts.join(", "));
    let twin = trace.twin.as_ref().map_or_else(
        || "no twin passes".to_string(),
        |twin| format!("twin {}: {}", twin.design, twin.verdict.to_uppercase()),
    );
    let mut lines = vec![
        clip(&format!("{verdict}  {name}  {facts}"), WIDTH),
        format!("    {}; {twin}", trace.design_means),
        String::new(),
    ];
    lines.extend(wrap(&trace.sentence, 2));
    lines.push(String::new());
    lines
}

/// The cycle or the broken property, the receipt and the replay.
fn tail(trace: &Trace) -> Vec<String> {
    let mut lines = vec![String::new()];
    if let Some(cycle) = &trace.cycle {
        lines.extend(deadlock(cycle));
    } else {
        lines.extend(wrap(&format!("broken: {}", trace.property_means), 2));
        lines.extend(wrap(&format!("seen:   {}", trace.message), 2));
    }
    lines.push(String::new());
    lines.extend(receipt(trace));
    lines
}

/// DEPT's three letters for each thread, then lockdep's columns.
fn deadlock(cycle: &Cycle) -> Vec<String> {
    let edges = &cycle.edges;
    let held_by = |thread: &str| {
        // What a thread holds is what the one before it in the cycle waits for.
        edges.iter().find(|edge| edge.held_by == thread)
    };
    let wide = |texts: &mut dyn Iterator<Item = usize>| texts.max().unwrap_or(0);
    let name = wide(&mut edges.iter().map(|edge| edge.thread.len()));
    let object = wide(&mut edges.iter().map(|edge| edge.waits_for.len()));
    let mut lines = Vec::new();
    for (i, edge) in edges.iter().enumerate() {
        let title = if i == 0 { "cycle" } else { "" };
        let (holds, ends) = held_by(&edge.thread).map_or(("", ""), |before| {
            (before.waits_for.as_str(), before.ended_by.as_str())
        });
        let mut line = format!(
            "  {title:7} {:name$}  [S] {holds:object$}  [W] {:object$}",
            edge.thread, edge.waits_for
        );
        if !ends.is_empty() {
            let _ = write!(line, "  [E] {ends}");
        }
        lines.push(clip(&line, WIDTH));
    }
    let chain = if cycle.closed {
        cycle.chain()
    } else {
        format!("{}, which is gone", cycle.chain())
    };
    lines.push(format!("          {chain}"));
    if cycle.closed && edges.len() > 1 {
        lines.push(String::new());
        lines.extend(unsafe_scenario(cycle));
    }
    lines
}

/// lockdep's "Possible unsafe locking scenario", one column for each thread of the cycle.
fn unsafe_scenario(cycle: &Cycle) -> Vec<String> {
    let edges = &cycle.edges;
    let column = (WIDTH - 8) / edges.len();
    let row = |place: usize, text: &str| {
        let text = clip(text, column - 1);
        format!("        {}{text}", " ".repeat(column * place))
    };
    let names: Vec<String> = (edges.iter())
        .map(|edge| format!("{:<width$}", clip(&edge.thread, column - 1), width = column))
        .collect();
    let mut lines = vec![
        "  Possible unsafe locking scenario:".to_string(),
        format!("        {}", names.concat()),
    ];
    for (place, edge) in edges.iter().enumerate() {
        if let Some(before) = edges.iter().find(|other| other.held_by == edge.thread) {
            lines.push(row(place, &format!("lock({});", before.waits_for)));
        }
    }
    for (place, edge) in edges.iter().enumerate() {
        lines.push(row(place, &format!("lock({});", edge.waits_for)));
    }
    lines.push("        *** DEADLOCK ***".to_string());
    lines
}

fn receipt(trace: &Trace) -> Vec<String> {
    let run = &trace.receipt;
    let complete = if run.complete { "complete" } else { "a sample" };
    let mut first = format!("  receipt {}, {}, {complete}: ", run.engine, run.strategy);
    let what = match &run.states {
        Some(states) => {
            let _ = write!(first, "{} states, ", states.states);
            "schedules"
        }
        None => "executions",
    };
    let _ = write!(
        first,
        "{} of {} {what} fail so",
        trace.failing,
        run.out_of()
    );
    if let Some(twin) = &trace.twin {
        let (design, failing) = (&twin.design, twin.receipt.failing);
        let _ = write!(first, "; {design} {failing} of {}", twin.receipt.out_of());
    }
    let mut second = String::from("         ");
    if let Some(sampled) = &trace.sampled {
        let _ = write!(
            second,
            " shuttle {}: {} of {} fail, the first is {};",
            sampled.receipt.strategy, sampled.failing, sampled.receipt.executions, sampled.first
        );
    }
    let _ = write!(second, " model {}", run.fingerprint);
    let reached = format!("  reached {}", trace.reached.join(", "));
    let schedule: Vec<String> = trace.schedule.iter().map(ToString::to_string).collect();
    vec![
        clip(&first, WIDTH),
        clip(&second, WIDTH),
        clip(&reached, WIDTH),
        clip(
            &format!(
                "  replay  {}/{}@{}:{}",
                trace.spec,
                trace.design,
                trace.scenario,
                schedule.join(".")
            ),
            WIDTH,
        ),
    ]
}

/// Cuts a line that is too long and marks the cut.
pub(super) fn clip(text: &str, width: usize) -> String {
    if text.chars().count() <= width {
        return text.to_string();
    }
    let mut cut: String = text.chars().take(width.saturating_sub(1)).collect();
    cut.push('~');
    cut
}

/// Breaks a text at spaces into lines of at most a hundred columns, each indented by so many.
pub(crate) fn wrap(text: &str, indent: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = " ".repeat(indent);
    for word in text.split_whitespace() {
        if line.len() + 1 + word.len() > WIDTH && line.len() > indent {
            lines.push(std::mem::replace(&mut line, " ".repeat(indent)));
        }
        if line.len() > indent {
            line.push(' ');
        }
        line.push_str(word);
    }
    lines.push(line);
    lines
}
