//! What there is to complain of after a check.
//!
//! Each search by itself first, then all searches of a model together:
//! ```
//! use pagelock::engine::Strategy;
//! use pagelock::report::complaints::{of_all, of_each};
//! use pagelock::{protocols, spec};
//!
//! let spec = protocols::find("ext4-journal-start").unwrap();
//! let (old, scenario) = (spec.design("old").unwrap(), spec.scenario("write").unwrap());
//! // A single execution may pass, and says nothing of the record by itself.
//! let sample = Strategy::Random { seed: 1, executions: 1 };
//! let results = [spec::check(spec, old, scenario, &sample)];
//! let (runs, complaints) = of_each(&results);
//! assert!(complaints.is_empty());
//! let [missed] = &of_all(&runs)[..] else { panic!("one complaint") };
//! assert!(missed.text.ends_with("no sample finds `no-deadlock` violated"));
//! ```

use super::table::place;
use crate::engine::CutOff;
use crate::runner;
use crate::spec::{self, CheckError, Run};

/// What kind of complaint it is; the worst comes last.
///
/// What is worst decides how a program ends:
/// ```
/// use pagelock::report::complaints::Kind;
///
/// let found = [Kind::Differs, Kind::Disagree, Kind::Incomplete];
/// assert_eq!(found.iter().max(), Some(&Kind::Disagree));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// A verdict differs from its record, or a mark is not reached.
    Differs,
    /// A search did not come to its end, or gave no result.
    Incomplete,
    /// Two engines say different things of the same model.
    Disagree,
}

impl Kind {
    /// In a word or two.
    ///
    /// ```
    /// use pagelock::report::complaints::Kind;
    ///
    /// let titles = [Kind::Differs, Kind::Incomplete, Kind::Disagree].map(Kind::title);
    /// assert_eq!(titles, ["not as recorded", "incomplete", "engines disagree"]);
    /// ```
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Differs => "not as recorded",
            Self::Incomplete => "incomplete",
            Self::Disagree => "engines disagree",
        }
    }
}

/// Something that is not as it should be.
///
/// A search that was given up is not a pass:
/// ```
/// use pagelock::engine::Strategy;
/// use pagelock::report::complaints::{Kind, of_each};
/// use pagelock::{protocols, spec};
///
/// let spec = protocols::find("ext4-journal-start").unwrap();
/// let (patched, scenario) = (spec.design("patched").unwrap(), spec.scenario("write").unwrap());
/// let results = [spec::check(spec, patched, scenario, &Strategy::StatesUpTo(10))];
/// let (_, complaints) = of_each(&results);
/// let complaint = &complaints[0];
/// assert_eq!((complaint.kind, complaint.together), (Kind::Incomplete, false));
/// assert_eq!(complaint.run.unwrap().design.name, "patched");
/// assert!(complaint.text.contains("the search did not come to its end"));
/// assert!(complaint.text.ends_with("allow more (--max-states), or make the scenario smaller"));
/// ```
#[derive(Debug, Clone)]
pub struct Complaint<'r> {
    /// What kind it is.
    pub kind: Kind,
    /// What is wrong and where, in a sentence.
    pub text: String,
    /// The run that shows it, or one of those that do; nothing, if there is no result.
    pub run: Option<&'r Run>,
    /// Whether several searches together show it, and none alone.
    pub together: bool,
}

/// Holds everything that was found against the records: what each search says by itself. Also the runs
/// that have a result.
///
/// One search that finds what is not on record, and one that has no result:
/// ```
/// use pagelock::engine::Strategy;
/// use pagelock::report::complaints::{Kind, of_each};
/// use pagelock::protocols::{ext4_journal_start::SPEC};
/// use pagelock::spec::{self, CheckError, Expectation, Spec};
///
/// // Whoever edits the record to say that the old design passes is found out.
/// static EDITED: Spec = Spec { expectations: &[Expectation::passes("old", "write")], ..SPEC };
/// let (old, scenario) = (EDITED.design("old").unwrap(), EDITED.scenario("write").unwrap());
/// let run = spec::check(&EDITED, old, scenario, &Strategy::States);
/// let lost = Err(CheckError::Elsewhere("the machine went away".to_string()));
/// let results = [run, lost];
/// let (runs, complaints) = of_each(&results);
/// assert_eq!(runs.len(), 1);
/// let kinds: Vec<Kind> = complaints.iter().map(|complaint| complaint.kind).collect();
/// assert_eq!(kinds, [Kind::Incomplete, Kind::Differs]);
/// assert!(complaints[1].text.contains("is violated, and that is not on record; `trace "));
/// ```
#[must_use]
pub fn of_each(results: &[Result<Run, CheckError>]) -> (Vec<&Run>, Vec<Complaint<'_>>) {
    let mut complaints = Vec::new();
    let mut runs = Vec::new();
    for result in results {
        match result {
            Ok(run) => runs.push(run),
            Err(error) => complaints.push(Complaint {
                kind: Kind::Incomplete,
                text: error.to_string(),
                run: None,
                together: false,
            }),
        }
    }
    for run in &runs {
        let mut complain = |kind, what: &str| {
            complaints.push(Complaint {
                kind,
                text: format!("{}: {what}", place(run)),
                run: Some(run),
                together: false,
            });
        };
        if run.is_cut_off() {
            let why = run.search.cut_off.map_or(String::new(), |cut_off| {
                format!(": {cut_off}{}", advice(cut_off))
            });
            let what = format!("the search did not come to its end{why}");
            complain(Kind::Incomplete, &what);
        }
        if let Some(difference) = &run.differs {
            complain(Kind::Differs, &format!("{difference}{}", what_to_do(run)));
        }
    }
    (runs, complaints)
}

/// What somebody can do who wants the search to come to its end.
fn advice(cut_off: CutOff) -> &'static str {
    match cut_off {
        CutOff::States => "; allow more (--max-states), or make the scenario smaller",
        CutOff::Memory => "; allow more (--max-memory), make the scenario smaller, or sample it",
        CutOff::Stopped => "",
    }
}

/// What to do where a run differs from its record.
fn what_to_do(run: &Run) -> String {
    let recorded = run.expectation.outcome.properties();
    let mut findings = run.search.findings.iter();
    let unexpected = findings.find(|finding| !recorded.contains(&finding.property.as_str()));
    let is_lost = |property: &&str| run.search.finding(property).is_none();
    if unexpected.is_none() && recorded.iter().any(is_lost) {
        return "; either the model has lost it, or the record was never true".to_string();
    }
    let of_a_cycle = run.search.findings.iter().find(|f| f.cycle.is_some());
    let shown = unexpected.or(of_a_cycle);
    let (spec, design, scenario) = (run.spec.name, run.design.name, run.scenario.name);
    match shown {
        Some(finding) => format!(
            "; `trace {spec}/{design} --scenario {scenario} --property {}` shows how it comes about: either the \
             model is wrong, or that is a finding",
            finding.property
        ),
        None => String::new(),
    }
}

/// What the searches of the same model say together: marks that none reaches, reasons that no sample
/// finds, engines that disagree.
///
/// A design that passes without ever coming to the window in question has shown nothing:
/// ```
/// use pagelock::engine::Strategy;
/// use pagelock::report::complaints::{Kind, of_all};
/// use pagelock::{protocols, spec};
///
/// let spec = protocols::find("ext4-journal-start").unwrap();
/// let (patched, scenario) = (spec.design("patched").unwrap(), spec.scenario("write").unwrap());
/// let run = |strategy| spec::check(spec, patched, scenario, &strategy).unwrap();
/// let little = run(Strategy::Random { seed: 1, executions: 1 });
/// let complaints = of_all(&[&little]);
/// assert_eq!(complaints[0].kind, Kind::Differs);
/// assert!(complaints[0].text.contains("no execution reaches the mark `"));
/// // With a search of every state beside it, every mark is reached.
/// assert!(of_all(&[&little, &run(Strategy::States)]).is_empty());
/// ```
#[must_use]
pub fn of_all<'r>(runs: &[&'r Run]) -> Vec<Complaint<'r>> {
    let mut complaints = Vec::new();
    for group in runner::groups(runs) {
        let mut complain = |kind, text| {
            complaints.push(Complaint {
                kind,
                text,
                run: Some(group[0]),
                together: true,
            });
        };
        let place = place(group[0]);
        for mark in spec::unreached_marks(&group) {
            let text = format!(
                "{place}: no execution reaches the mark `{mark}`, so the scenario does not show what it is \
                 there for: change its threads or sizes, or take the mark off it"
            );
            complain(Kind::Differs, text);
        }
        if spec::reaches_nothing(&group) {
            let text = format!(
                "{place}: it passes, and the scenario names no mark, so nothing says that it has come to \
                 what it is there for: name one (`Scenario::reaching`, `Task::reach`)"
            );
            complain(Kind::Differs, text);
        }
        if let Some(reason) = spec::missed_by_samples(&group) {
            let text = format!("{place}: no sample finds `{reason}` violated");
            complain(Kind::Differs, text);
        }
        for (complete, other) in runner::pairs(&group) {
            if let Some(disagreement) = spec::disagreement(complete, other) {
                complain(Kind::Disagree, disagreement);
            }
        }
    }
    complaints.extend(of_specs(runs));
    complaints
}

/// What no search of a whole spec has used.
fn of_specs<'r>(runs: &[&'r Run]) -> Vec<Complaint<'r>> {
    let mut firsts: Vec<&'r Run> = Vec::new();
    for run in runs.iter().copied() {
        if !firsts.iter().any(|first| first.spec.name == run.spec.name) {
            firsts.push(run);
        }
    }
    let of_spec = |first: &'r Run| {
        let texts = spec::unused(first.spec, runs).into_iter();
        texts.map(move |text| Complaint {
            kind: Kind::Differs,
            text,
            run: Some(first),
            together: true,
        })
    };
    firsts.into_iter().flat_map(of_spec).collect()
}
