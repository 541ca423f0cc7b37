//! What is wrong with a check, each thing once, whichever engines say so, and what to do about it.

use super::diagnostics::{Diagnostic, DiagnosticKind};
use crate::engine::{Finding, Strategy};
use crate::escape::printable;
use crate::render::text::wrap_in;
use crate::render::{self, Layout};
use crate::runner;
use crate::spec::{Expected, Run, trace_of};
use crate::trace::Cycle;
use std::fmt::Write as _;

/// One thing that is wrong.
#[derive(Debug, Clone)]
pub struct Cause<'r> {
    /// What kind it is.
    pub kind: DiagnosticKind,
    /// Where it is, what it is, and in brackets the engines that say so.
    pub text: String,
    /// What to do, after a semicolon, or nothing.
    pub advice: String,
    /// The run that shows it best, if one does.
    pub run: Option<&'r Run>,
}

/// The causes of some diagnostics, in their order. What several engines say of one design in one scenario in the same
/// words has one cause.
#[must_use]
pub fn causes<'r>(diagnostics: &[Diagnostic<'r>]) -> Vec<Cause<'r>> {
    let mut groups: Vec<Vec<&Diagnostic<'r>>> = Vec::new();
    let key = |one: &Diagnostic<'_>| (one.kind, one.place.clone(), one.what.clone());
    for diagnostic in diagnostics {
        match groups
            .iter_mut()
            .find(|group| key(group[0]) == key(diagnostic))
        {
            Some(group) => group.push(diagnostic),
            None => groups.push(vec![diagnostic]),
        }
    }
    groups.iter().map(|group| cause(group)).collect()
}

fn cause<'r>(group: &[&Diagnostic<'r>]) -> Cause<'r> {
    let first = group[0];
    let runs: Vec<&'r Run> = group.iter().filter_map(|one| one.run).collect();
    let own = group.iter().filter(|one| one.engine.is_some());
    let mut engines: Vec<&str> = own.filter_map(|one| one.run).map(engine).collect();
    engines.dedup();
    let engines = match engines.join(", ").as_str() {
        "" => String::new(),
        engines => format!(" [{engines}]"),
    };
    let place = match first.place.as_str() {
        "" => String::new(),
        place => format!("{place}: "),
    };
    // The counterexample of a search of all states has the fewest preemptions.
    let exhaustive = runs
        .iter()
        .find(|run| run.strategy == Strategy::ExplicitState);
    Cause {
        kind: first.kind,
        text: format!("{place}{}{engines}", first.what),
        advice: first.advice.clone(),
        run: exhaustive.or(runs.first()).copied(),
    }
}

/// The engine, in a word or two.
fn engine(run: &Run) -> &'static str {
    match run.strategy {
        Strategy::Random { .. } => "shuttle random",
        Strategy::Pct { .. } => "shuttle PCT",
        _ => run.engine.name(),
    }
}

/// The first finding that is not expected, or else the first there is.
pub(super) fn unexpected(run: &Run) -> Option<&Finding> {
    let expected = run.expectation.outcome.properties();
    let mut findings = run.search.findings.iter();
    let new = findings.find(|finding| !expected.contains(&finding.property.as_str()));
    new.or(run.search.findings.first())
}

/// Whether a run has found a property violated, or a deadlock, that is not expected.
fn is_new(run: &Run) -> bool {
    let (properties, cycles) = match run.expectation.outcome {
        Expected::Pass => (&[][..], &[][..]),
        Expected::Violated { properties, cycles } => (properties, cycles),
    };
    run.search.findings.iter().any(|finding| {
        let mut shapes = finding.cycles.iter().map(Cycle::shape);
        !properties.contains(&finding.property.as_str())
            || shapes.any(|shape| !cycles.contains(&shape.as_str()))
    })
}

/// The counterexample of the first cause that has one, and the two things that one can do; nothing, if none has one.
#[must_use]
pub fn failure_screen(causes: &[Cause<'_>], runs: &[&Run], layout: Layout) -> String {
    let differs = causes
        .iter()
        .filter(|cause| cause.kind == DiagnosticKind::Differs);
    let mut shown = differs.filter_map(|cause| Some((cause, cause.run?)));
    let Some((cause, run)) = shown.find(|(_, run)| run.differs.is_some()) else {
        return String::new();
    };
    let lines = wrap_in(layout.width, &cause.text, 9);
    let lines: Vec<String> = lines.iter().map(|line| printable(line)).collect();
    let mut text = format!("\nDIFFERS  {}\n", lines.join("\n").trim_start());
    // Of a count that differs, there is no counterexample that was not expected.
    let trace = is_new(run).then(|| unexpected(run)).flatten();
    let trace = trace.and_then(|finding| trace_of(run, finding).ok());
    if let Some(trace) = &trace {
        let _ = write!(text, "\n{}", render::screen(trace, layout));
    }
    let (spec, design, scenario) = (run.spec.name, run.design.name, run.scenario.name);
    let again = trace.map_or(String::new(), |trace| {
        let command = format!(
            "trace {spec}/{design} --scenario {scenario} --property {}",
            trace.property
        );
        format!("; this shows it again:\n      {}", printable(&command))
    });
    let _ = write!(
        text,
        "\n  Either the model is wrong: mend it{again}\n  Or it is right, and this is what the design does: expect it, \
         with this line in the spec's\n  expectations in place of its own:\n      {}\n",
        printable(&expectation(run, runs))
    );
    text
}

/// The line of Rust that expects what the runs of a design in a scenario have found.
fn expectation(run: &Run, runs: &[&Run]) -> String {
    let groups = runner::groups(runs);
    let is_own = |group: &&Vec<&Run>| {
        (
            group[0].spec.name,
            group[0].design.name,
            group[0].scenario.name,
        ) == (run.spec.name, run.design.name, run.scenario.name)
    };
    let group = groups.iter().find(is_own);
    let mut found: Vec<&str> = (run.search.findings.iter())
        .map(|finding| finding.property.as_str())
        .collect();
    // The expected reason stays the first.
    found.sort_by_key(|property| Some(*property) != run.expectation.outcome.reason());
    let names = format!("{:?}, {:?}", run.design.name, run.scenario.name);
    let mut line = if found.is_empty() {
        format!("Expectation::passes({names})")
    } else {
        format!("Expectation::violates({names}, &{found:?})")
    };
    let cycles = run
        .search
        .findings
        .iter()
        .flat_map(|finding| &finding.cycles);
    let mut shapes: Vec<String> = cycles.map(Cycle::shape).collect();
    shapes.sort();
    shapes.dedup();
    if !shapes.is_empty() {
        let _ = write!(line, ".by(&{shapes:?})");
    }
    let loom = group
        .into_iter()
        .flatten()
        .find(|one| one.strategy == Strategy::LoomSleepSets && one.search.statistics.complete);
    if let (Some(loom), Some(_)) = (loom, run.expectation.loom_executions) {
        let _ = write!(line, ".pinned({})", loom.search.statistics.executions);
    }
    line + ".because(\"...\"),"
}
