//! The verdict table, for people and for programs.

use crate::engine::{Engine, Finding, Strategy};
use crate::escape::{self, printable};
use crate::runner::groups;
use crate::spec::{Run, Spec, Verdict};
use crate::trace::Replay;
use crate::trace::Schedule;
use anstyle::{AnsiColor, Style};
use serde_json::json;
use std::fmt::Write as _;
use std::time::Duration;

const GOOD: Style = Style::new().fg_color(Some(anstyle::Color::Ansi(AnsiColor::Green)));
const BAD: Style = Style::new().fg_color(Some(anstyle::Color::Ansi(AnsiColor::Red)));

/// Where a run was made: `spec/design in scenario by engine`.
#[must_use]
pub fn place(run: &Run) -> String {
    format!("{} by {}", model(run), engine(run))
}

/// The design and the scenario of a run.
pub(super) fn model(run: &Run) -> String {
    format!(
        "{}/{} in `{}`",
        run.spec.name, run.design.name, run.scenario.name
    )
}

/// The engine of a run, with its strategy.
pub(super) fn engine(run: &Run) -> String {
    format!("{} ({})", run.engine, run.search.statistics.strategy)
}

/// The columns of designs, scenarios and verdicts, with a space after the longest.
fn widths(spec: &Spec) -> [usize; 3] {
    let longest = |names: &mut dyn Iterator<Item = &'static str>, least: usize| {
        names.map(str::len).max().unwrap_or_default().max(least) + 1
    };
    [
        longest(&mut spec.designs.iter().map(|design| design.name), 8),
        longest(&mut spec.scenarios.iter().map(|scenario| scenario.name), 15),
        longest(
            &mut spec.properties.iter().map(|property| property.name),
            14,
        ) + "fails: ".len(),
    ]
}

/// The verdict table as text, with colours for a terminal that wants them.
#[must_use]
pub fn screen(runs: &[&Run], took: Option<Duration>) -> String {
    let mut text = String::new();
    let (mut spec, mut width) = ("", [0; 3]);
    for group in groups(runs) {
        let first = group[0];
        if first.spec.name != spec {
            if !spec.is_empty() {
                text.push('\n');
            }
            spec = first.spec.name;
            let headline = format!("{spec}: {}", first.spec.headline());
            let _ = writeln!(text, "{}\n", printable(&headline));
            width = widths(first.spec);
            let [design, scenario, fails] = width;
            let _ = writeln!(
                text,
                "  {:9}{:design$}{:scenario$}{:fails$}{:15}{:14}{:15}shuttle PCT",
                "", "design", "scenario", "verdict", "states", "loom", "shuttle random"
            );
        }
        text.push_str(&screen_row(&group, width));
    }
    text + &screen_totals(runs, took)
}

/// The row of a design in a scenario.
fn screen_row(group: &[&Run], [design, scenario, fails]: [usize; 3]) -> String {
    let first = group[0];
    let as_expected = group.iter().all(|run| run.differs.is_none());
    let is_whole = group.iter().all(|run| !run.is_cut_off());
    let style = if as_expected && is_whole { GOOD } else { BAD };
    let is_first = first.spec.designs[0].name == first.design.name;
    let mark = match (as_expected, is_whole, verdict_of(group)) {
        (false, ..) => "DIFFERS",
        (_, false, _) => "cut off",
        (_, _, Verdict::Violated) if !is_first => "known",
        _ => "ok",
    };
    let reason = first.expectation.outcome.reason().unwrap_or_default();
    let verdict = match (verdict_of(group), as_expected) {
        (Verdict::Violated, true) => format!("fails: {reason}"),
        (verdict, _) => verdict.to_string(),
    };
    let [states, loom, random, pct] = columns(group, reason);
    let row = format!(
        "  {style}{mark:9}{style:#}{:design$}{:scenario$}{:fails$}{states:15}{loom:14}{random:15}{pct}",
        printable(first.design.name),
        printable(first.scenario.name),
        printable(&verdict)
    );
    row.trim_end().to_string() + "\n"
}

fn screen_totals(runs: &[&Run], took: Option<Duration>) -> String {
    let (mut as_expected, mut differ, mut cut_off, mut complete) = (0, 0, 0, 0);
    for run in runs {
        differ += usize::from(run.differs.is_some());
        cut_off += usize::from(run.is_cut_off());
        as_expected += usize::from(run.differs.is_none() && !run.is_cut_off());
        complete += usize::from(run.search.statistics.complete);
    }
    let incomplete = match cut_off {
        0 => String::new(),
        _ => format!("{cut_off} incomplete; "),
    };
    let took = took.map_or(String::new(), |took| {
        format!("; {:.1} s", took.as_secs_f64())
    });
    format!(
        "\n  {} searches: {as_expected} as expected, {differ} not; {incomplete}{complete} exhaustive without a \
         bound and complete\n  known: a later design that fails, as expected; states: of the model, and the \
         share of schedules that fail;\n  loom: executions to the end (failing of all); shuttle: failing of all, \
         first failing{took}\n",
        runs.len()
    )
}

/// The worst verdict of the searches of one design in one scenario.
pub(super) fn verdict_of(group: &[&Run]) -> Verdict {
    let has = |verdict| group.iter().any(|run| run.verdict == verdict);
    [Verdict::Violated, Verdict::Incomplete]
        .into_iter()
        .find(|verdict| has(*verdict))
        .unwrap_or(Verdict::Pass)
}

/// The share of the schedules or executions in which a property is violated: by the explicit-state engine,
/// by loom, by shuttle at random, by shuttle's PCT.
pub(super) fn columns(group: &[&Run], property: &str) -> [String; 4] {
    let mut cells = ["-"; 4].map(str::to_string);
    for run in group {
        let column = match run.strategy {
            Strategy::ExplicitState => 0,
            Strategy::LoomSleepSets => 1,
            Strategy::Random { .. } => 2,
            Strategy::Pct { .. } => 3,
            _ => continue,
        };
        if cells[column] == "-" {
            cells[column] = cell(run, property);
        }
    }
    cells
}

fn cell(run: &Run, property: &str) -> String {
    let executions = run.search.statistics.executions;
    if run.is_cut_off() {
        return "incomplete".to_string();
    }
    match (run.engine, run.verdict, run.search.finding(property)) {
        (Engine::Stateful, ..) => states(run, property),
        (Engine::Loom, Verdict::Pass, _) => executions.to_string(),
        (_, _, None) => format!("0/{executions}"),
        (Engine::Loom, _, Some(finding)) => format!("{}/{executions}", finding.executions),
        (Engine::Shuttle, _, Some(finding)) => {
            let first = finding.first.as_ref().map_or(0, |first| first.execution);
            format!("{}/{executions} #{first}", finding.executions)
        }
    }
}

/// The number of states, and the share of the schedules that violate the property.
fn states(run: &Run, property: &str) -> String {
    let Some(states) = &run.search.statistics.states else {
        return "-".to_string();
    };
    match run.search.finding(property) {
        None => states.states.to_string(),
        Some(finding) => {
            let share = share(finding.executions, states.schedules);
            format!("{} {share}", states.states)
        }
    }
}

/// A share as a percentage of at most five characters; `many` where the numbers are too large to be
/// counted.
fn share(part: u64, all: u64) -> String {
    if all == u64::MAX {
        return "many".to_string();
    }
    let percent = part as f64 / (all as f64) * 100.0;
    if part == all {
        "100%".to_string()
    } else if percent < 0.1 {
        "<0.1%".to_string()
    } else if percent > 99.9 {
        ">99%".to_string()
    } else {
        format!("{percent:.1}%")
    }
}

/// The verdict table in Markdown: a row for each property that a design violates in a scenario, the
/// expected reason first, or one if it violates none.
#[must_use]
pub fn markdown(runs: &[&Run]) -> String {
    let mut text = String::from(
        "| design | scenario | verdict | states, schedules | loom executions | shuttle random | \
         shuttle PCT |\n|---|---|---|---|---|---|---|\n",
    );
    for group in groups(runs) {
        let first = group[0];
        let differs = if group.iter().any(|run| run.differs.is_some()) {
            ", **not as expected**"
        } else {
            ""
        };
        let mut row = |verdict: &str, property: &str| {
            let [states, loom, random, pct] = columns(&group, property);
            let _ = writeln!(
                text,
                "| {} | {} | {}{differs} | {states} | {loom} | {random} | {pct} |",
                escape::markdown(first.design.name),
                escape::markdown(first.scenario.name),
                escape::markdown(verdict)
            );
        };
        let violated = all_properties(&group);
        for property in &violated {
            row(&format!("fails: {property}"), property);
        }
        if violated.is_empty() {
            row(&verdict_of(&group).to_string(), "");
        }
    }
    text
}

/// The properties that any search of a group found violated, the expected reason first.
pub(super) fn all_properties<'r>(group: &[&'r Run]) -> Vec<&'r str> {
    let reason = group[0].expectation.outcome.reason();
    let found = group.iter().flat_map(|run| &run.search.findings);
    let mut names: Vec<&str> = found.map(|finding| finding.property.as_str()).collect();
    names.sort_unstable();
    names.dedup();
    names.sort_by_key(|name| Some(*name) != reason);
    names
}

/// The first schedule that violated the property, or the one that an explicit-state search picks.
fn replayed(finding: &Finding) -> &Schedule {
    let first = finding.first.as_ref();
    first.map_or(&finding.schedule, |first| &first.schedule)
}

/// What is needed to see an execution again.
fn replay_word(run: &Run, schedule: &Schedule) -> String {
    let replay = Replay {
        spec: run.spec.name.to_string(),
        design: run.design.name.to_string(),
        without: Vec::new(),
        scenario: run.scenario.name.to_string(),
        fingerprint: run.search.statistics.fingerprint.clone(),
        schedule: schedule.clone(),
    };
    replay.to_string()
}

/// One run as one line of JSON. The replay of a finding is its first failing execution's, its
/// schedule the shortest one's.
///
/// ```
/// use pagelock::engine::Strategy;
/// use pagelock::report::json_line;
/// use pagelock::{protocols, spec};
/// use pagelock::trace::Replay;
///
/// let spec = protocols::find("ext4-journal-start").unwrap();
/// let (old, scenario) = (spec.design("old").unwrap(), spec.scenario("write").unwrap());
/// let run = spec::check(spec, old, scenario, &Strategy::ExplicitState).unwrap();
/// let line: serde_json::Value = serde_json::from_str(&json_line(&run)).unwrap();
/// assert_eq!((&line["verdict"], &line["as_expected"], &line["complete"]), (&"violated".into(), &true.into(), &true.into()));
/// let word = line["findings"][0]["replay"].as_str().unwrap();
/// assert_eq!(word.parse::<Replay>().unwrap().scenario, "write");
/// ```
#[must_use]
pub fn json_line(run: &Run) -> String {
    let statistics = &run.search.statistics;
    let findings: Vec<_> = (run.search.findings.iter())
        .map(|finding| {
            json!({
                "property": finding.property,
                "message": finding.message,
                "executions": finding.executions,
                "first": finding.first.as_ref().map(|first| first.execution),
                "preemptions": finding.preemptions,
                "cycle": finding.cycle,
                "schedule": finding.schedule,
                "replay": replay_word(run, replayed(finding)),
            })
        })
        .collect();
    let object = json!({
        "spec": run.spec.name,
        "design": run.design.name,
        "scenario": run.scenario.name,
        "engine": run.engine.name(),
        "engine_version": statistics.version,
        "strategy": statistics.strategy,
        "expected": run.expected(),
        "verdict": run.verdict,
        "as_expected": run.differs.is_none(),
        "differs": run.differs,
        "reason": run.reason(),
        "bound": statistics.bound,
        "complete": statistics.complete,
        "cut_off": run.search.cut_off,
        "executions": statistics.executions,
        "cut_short": statistics.cut_short,
        "failing": statistics.failing,
        "states": statistics.states,
        "longest": statistics.longest,
        "seconds": run.time.as_secs_f64(),
        "fingerprint": statistics.fingerprint,
        "reached": run.search.reached,
        "findings": findings,
    });
    escape::json(&format!("{object}\n"))
}
