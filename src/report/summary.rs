//! The first screen of a check: what each spec's designs do, in two or three lines, and what to look at next.

use super::causes::Cause;
use super::diagnostics::DiagnosticKind;
use crate::escape::{printable, screen};
use crate::render::text::{beside, wrap_in};
use crate::runner::groups;
use crate::spec::{Design, Expected, Origin, Run, Spec};
use anstyle::{AnsiColor, Style};
use std::fmt::Write as _;
use std::time::Duration;

const GOOD: Style = Style::new().fg_color(Some(anstyle::Color::Ansi(AnsiColor::Green)));
const BAD: Style = Style::new().fg_color(Some(anstyle::Color::Ansi(AnsiColor::Red)));

/// What to print around the verdicts.
#[derive(Debug, Clone, Copy)]
pub struct Around<'p> {
    /// The program's name, for the commands that come next.
    pub program: &'p str,
    /// The columns.
    pub width: usize,
    /// How long the check took, if it was run here.
    pub elapsed: Option<Duration>,
}

/// The first screen.
#[must_use]
pub fn summary_screen(runs: &[&Run], causes: &[Cause<'_>], around: Around<'_>) -> String {
    let mut specs: Vec<&'static Spec> = Vec::new();
    for run in runs {
        if !specs.iter().any(|spec| spec.name == run.spec.name) {
            specs.push(run.spec);
        }
    }
    let names = specs.iter().map(|spec| spec.name.len());
    let longest = names.max().unwrap_or_default().max("fails in".len());
    let mut text = format!(
        "{:8} {:longest$}  {:10}{:10}{:10}in its space\n",
        "", "fails in", "old", "patched", "latest"
    );
    for spec in &specs {
        let own = runs
            .iter()
            .copied()
            .filter(|run| run.spec.name == spec.name);
        let own: Vec<&Run> = own.collect();
        let of_spec = |cause: &&Cause<'_>| cause.run.is_some_and(|run| run.spec.name == spec.name);
        let worst = causes.iter().filter(of_spec).map(|cause| cause.kind).max();
        text.push_str(&row(spec, &own, worst, longest, around.width));
    }
    let _ = write!(
        text,
        "\n{}\n\n{}",
        verdict(runs, causes, around),
        next(&specs, around)
    );
    text
}

/// Two lines or three: in how many scenarios its designs fail, and what mends the rest.
fn row(
    spec: &Spec,
    runs: &[&Run],
    worst: Option<DiagnosticKind>,
    longest: usize,
    width: usize,
) -> String {
    let (mark, style) = match worst {
        None => ("ok", GOOD),
        Some(DiagnosticKind::Differs) => ("DIFFERS", BAD),
        Some(DiagnosticKind::Incomplete) => ("cut off", BAD),
        Some(DiagnosticKind::Disagree) => ("engines", BAD),
    };
    let latest = spec.designs.last().filter(|last| {
        let patched = spec.patched();
        patched.is_some_and(|patched| patched.name != last.name)
    });
    let cell = |design: Option<&Design>| design.map_or("-".to_string(), |one| failing(one, runs));
    let scenarios = spec.space.map_or(0, |space| {
        let mut points = 0;
        space.each(space.bounds()[0], true, &mut |_| points += 1);
        points
    });
    let mut text = format!(
        "{style}{mark:8}{style:#} {:longest$}  {:10}{:10}{:10}{}\n",
        printable(spec.name),
        cell(spec.designs.first()),
        cell(spec.patched()),
        cell(latest),
        match scenarios {
            0 => "-".to_string(),
            _ => format!("{scenarios} scenarios"),
        }
    );
    let later = later(spec);
    if !later.is_empty() {
        let later = format!("mended since by {}", later.join(", "));
        for line in wrap_in(width, &later, 11) {
            // What is no command of a log before it is wrapped may be one after.
            text.push_str(&printable(&line));
            text.push('\n');
        }
    }
    text
}

/// In how many scenarios a design fails, of those in which it was checked.
fn failing(design: &Design, runs: &[&Run]) -> String {
    let own: Vec<&Run> = runs
        .iter()
        .copied()
        .filter(|run| run.design.name == design.name)
        .collect();
    let groups = groups(&own);
    let fails = |group: &&Vec<&Run>| group.iter().any(|run| !run.search.findings.is_empty());
    match groups.len() {
        0 => "-".to_string(),
        all => format!("{} of {all}", groups.iter().filter(fails).count()),
    }
}

/// The commits of the clauses that the last design has beyond the patched one.
fn later(spec: &Spec) -> Vec<&'static str> {
    let (Some(patched), Some(last)) = (spec.patched(), spec.designs.last()) else {
        return Vec::new();
    };
    let (before, after) = (patched.clauses(), last.clauses());
    let mut commits = Vec::new();
    for clause in spec.clauses {
        if let Origin::Later { commit, .. } = clause.origin
            && after.contains(&clause.name)
            && !before.contains(&clause.name)
            && !commits.contains(&commit)
        {
            commits.push(commit);
        }
    }
    commits
}

/// One sentence.
fn verdict(runs: &[&Run], causes: &[Cause<'_>], around: Around<'_>) -> String {
    let exhaustive = runs.iter().filter(|run| run.search.statistics.complete);
    let exhaustive = exhaustive.count();
    let time = around.elapsed.map_or(String::new(), |time| {
        format!(", in {:.1} s", time.as_secs_f64())
    });
    let what = match causes.len() {
        0 => "Every verdict is the expected one".to_string(),
        1 => "One thing is wrong".to_string(),
        more => format!("{more} things are wrong"),
    };
    let all = format!(
        "{what}: {} searches have a result, {exhaustive} of them of every schedule{time}.",
        runs.len()
    );
    wrap_in(around.width, &all, 0).join("\n")
}

/// The commands that one would want next.
fn next(specs: &[&'static Spec], around: Around<'_>) -> String {
    let program = around.program;
    let mut commands = Vec::new();
    if let Some((spec, design)) = headline(specs) {
        let what = "the counterexample to read first";
        commands.push((format!("{program} trace {spec}/{design}"), what));
    }
    if let Some(spec) = specs.iter().find(|spec| spec.space.is_some()) {
        let what = "every scenario of its space, beyond the named ones";
        commands.push((format!("{program} explore {}", spec.name), what));
    }
    let what = "every design in every scenario";
    commands.push((format!("{program} check --table"), what));
    screen(&beside(&commands)) + "\n"
}

/// The first design that is expected to deadlock, or else to fail, with its spec.
#[must_use]
pub fn headline(specs: &[&'static Spec]) -> Option<(&'static str, &'static str)> {
    let failing = || {
        let expectations = specs.iter().flat_map(|spec| {
            let all = spec.expectations.iter();
            all.map(move |expectation| (spec.name, expectation))
        });
        expectations.filter(|(_, expectation)| expectation.outcome != Expected::Pass)
    };
    let deadlock = failing().find(|(_, expectation)| match expectation.outcome {
        Expected::Violated { cycles, .. } => !cycles.is_empty(),
        Expected::Pass => false,
    });
    let found = deadlock.or_else(|| failing().next());
    found.map(|(spec, expectation)| (spec, expectation.design))
}
