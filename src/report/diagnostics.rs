//! Diagnostics of a check: everything that is not as expected.
//!
//! Each search by itself first, then all searches of a model together:
//! ```
//! use pagelock::engine::Strategy;
//! use pagelock::report::diagnostics::{of_all, of_each};
//! use pagelock::{protocols, spec};
//!
//! let spec = protocols::find("ext4-journal-start").unwrap();
//! let (old, scenario) = (spec.design("old").unwrap(), spec.scenario("write").unwrap());
//! // One sampled execution may pass, and that alone contradicts no expectation.
//! let sample = Strategy::Random { seed: 1, executions: 1 };
//! let results = [spec::check(spec, old, scenario, &sample)];
//! let (runs, diagnostics) = of_each(&results);
//! assert!(diagnostics.is_empty());
//! let [missed] = &of_all(&runs)[..] else { panic!("one diagnostic") };
//! assert!(missed.text().ends_with("no sample finds `no-deadlock` violated"));
//! ```

use super::table::{engine, model};
use crate::engine::CutOff;
use crate::runner;
use crate::spec::{self, CheckError, Run};

/// The kind of a diagnostic; the worst comes last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum DiagnosticKind {
    /// A verdict differs from the expected one, or a cover point is not reached.
    Differs,
    /// A search is not complete, or gave no result.
    Incomplete,
    /// Two engines say different things of the same model.
    Disagree,
}

impl DiagnosticKind {
    /// In a word or two.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Differs => "not as expected",
            Self::Incomplete => "incomplete",
            Self::Disagree => "engines disagree",
        }
    }
}

/// Something that is not as expected.
#[derive(Debug, Clone)]
pub struct Diagnostic<'r> {
    /// What kind it is.
    pub kind: DiagnosticKind,
    /// Where: `spec/design in scenario`, or nothing.
    pub place: String,
    /// The engine that says so, if one does alone.
    pub engine: Option<String>,
    /// What is wrong, in a sentence.
    pub what: String,
    /// What to do, after a semicolon, or nothing.
    pub advice: String,
    /// The run that shows it, or one of those that do; nothing, if there is no result.
    pub run: Option<&'r Run>,
    /// Whether several searches together show it, and none alone.
    pub together: bool,
}

impl Diagnostic<'_> {
    /// All of it in one sentence.
    #[must_use]
    pub fn text(&self) -> String {
        let engine = self.engine.as_ref().map(|engine| format!(" by {engine}"));
        let place = match self.place.as_str() {
            "" => String::new(),
            place => format!("{place}{}: ", engine.unwrap_or_default()),
        };
        format!("{place}{}{}", self.what, self.advice)
    }
}

/// The diagnostics of each search by itself, and the runs that have a result.
#[must_use]
pub fn of_each(results: &[Result<Run, CheckError>]) -> (Vec<&Run>, Vec<Diagnostic<'_>>) {
    let mut diagnostics = Vec::new();
    let mut runs = Vec::new();
    for result in results {
        match result {
            Ok(run) => runs.push(run),
            Err(error) => diagnostics.push(Diagnostic {
                kind: DiagnosticKind::Incomplete,
                place: String::new(),
                engine: None,
                what: error.to_string(),
                advice: String::new(),
                run: None,
                together: false,
            }),
        }
    }
    for run in &runs {
        let mut diagnose = |kind, what: String, advice| {
            diagnostics.push(Diagnostic {
                kind,
                place: model(run),
                engine: Some(engine(run)),
                what,
                advice,
                run: Some(run),
                together: false,
            });
        };
        if run.is_cut_off() {
            let why = run.search.cut_off.map_or(String::new(), |cut_off| {
                format!(": {cut_off}{}", advice(cut_off))
            });
            let what = format!("the search is not complete{why}");
            diagnose(DiagnosticKind::Incomplete, what, String::new());
        }
        if let Some(difference) = &run.differs {
            diagnose(DiagnosticKind::Differs, difference.clone(), what_to_do(run));
        }
    }
    (runs, diagnostics)
}

/// What allows the search to complete.
fn advice(cut_off: CutOff) -> &'static str {
    match cut_off {
        CutOff::States => "; allow more (--max-states), or make the scenario smaller",
        CutOff::Memory => "; allow more (--max-memory), make the scenario smaller, or sample it",
        CutOff::Stopped => "",
    }
}

/// What to do if a run differs from what is expected.
fn what_to_do(run: &Run) -> String {
    let expected = run.expectation.outcome.properties();
    let mut findings = run.search.findings.iter();
    let unexpected = findings.find(|finding| !expected.contains(&finding.property.as_str()));
    let is_lost = |property: &&str| run.search.finding(property).is_none();
    if unexpected.is_none() && expected.iter().any(is_lost) {
        return "; either the model has lost it, or the expected verdict was never true"
            .to_string();
    }
    let of_a_cycle = run.search.findings.iter().find(|f| f.cycle.is_some());
    let shown = unexpected.or(of_a_cycle);
    let (spec, design, scenario) = (run.spec.name, run.design.name, run.scenario.name);
    match shown {
        Some(finding) => format!(
            "; `trace {spec}/{design} --scenario {scenario} --property {}` shows how it happens: either the model \
             is wrong, or this is a finding",
            finding.property
        ),
        None => String::new(),
    }
}

/// The diagnostics of all searches of a model together: cover points that none reaches, reasons that no sample
/// finds, engines that disagree.
#[must_use]
pub fn of_all<'r>(runs: &[&'r Run]) -> Vec<Diagnostic<'r>> {
    let mut diagnostics = Vec::new();
    for group in runner::groups(runs) {
        let mut diagnose = |kind, what| {
            diagnostics.push(Diagnostic {
                kind,
                place: model(group[0]),
                engine: None,
                what,
                advice: String::new(),
                run: Some(group[0]),
                together: true,
            });
        };
        for point in spec::unreached_cover_points(&group) {
            let text = format!(
                "no execution reaches the cover point `{point}`, so the scenario does not show what \
                 it is there for: change its threads or sizes, or remove the cover point from it"
            );
            diagnose(DiagnosticKind::Differs, text);
        }
        if spec::reaches_nothing(&group) {
            let text = "it passes, and the scenario names no cover point, so nothing shows that it reaches what it is \
                        there for: name one (`Scenario::covering`, `Task::cover`)"
                .to_string();
            diagnose(DiagnosticKind::Differs, text);
        }
        if let Some(reason) = spec::violation_missed_by_samples(&group) {
            let text = format!("no sample finds `{reason}` violated");
            diagnose(DiagnosticKind::Differs, text);
        }
        for (complete, other) in runner::pairs(&group) {
            if let Some(disagreement) = spec::disagreement(complete, other) {
                diagnose(DiagnosticKind::Disagree, disagreement);
            }
        }
    }
    diagnostics.extend(of_specs(runs));
    diagnostics
}

/// Parts of a spec that no search has used.
fn of_specs<'r>(runs: &[&'r Run]) -> Vec<Diagnostic<'r>> {
    let mut firsts: Vec<&'r Run> = Vec::new();
    for run in runs.iter().copied() {
        if !firsts.iter().any(|first| first.spec.name == run.spec.name) {
            firsts.push(run);
        }
    }
    let of_spec = |first: &'r Run| {
        let texts = spec::unused(first.spec, runs).into_iter();
        texts.map(move |what| Diagnostic {
            kind: DiagnosticKind::Differs,
            place: String::new(),
            engine: None,
            what,
            advice: String::new(),
            run: Some(first),
            together: true,
        })
    };
    firsts.into_iter().flat_map(of_spec).collect()
}
