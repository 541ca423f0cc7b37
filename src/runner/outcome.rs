//! A search and what came out of it, as JSON: what goes to a worker and comes back, and what a shard's
//! file consists of.

use super::Job;
use super::verify::{Models, verified};
use crate::engine::{CutOff, Finding, Limits, Search, Strategy};
use crate::spec::{CheckError, Run, Specs, Verdict, check_within};
use crate::trace::Receipt;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

/// A search by its names.
///
/// A search as it is sent to another process, and found again there:
/// ```
/// use pagelock::engine::Strategy;
/// use pagelock::runner::{Job, Request};
/// use pagelock::protocols;
/// use pagelock::spec::{Specs};
///
/// let spec = protocols::find("nfs-coalesce").unwrap();
/// let (design, scenario) = (spec.design("old").unwrap(), spec.scenario("signal").unwrap());
/// let request = Request::from(&Job { spec, design, scenario, strategy: Strategy::States });
/// let line = serde_json::to_string(&request).unwrap();
/// assert_eq!(line, r#"{"spec":"nfs-coalesce","design":"old","scenario":"signal","strategy":"states"}"#);
/// let there: Request = serde_json::from_str(&line).unwrap();
/// assert_eq!(there.job(protocols::ALL).unwrap().scenario.summary, scenario.summary);
/// assert!(there.job(Specs::new(&[&protocols::page_mkwrite::SPEC])).is_none());
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Request {
    /// The spec's name.
    pub spec: String,
    /// The design's name.
    pub design: String,
    /// The scenario's name.
    pub scenario: String,
    /// The strategy.
    pub strategy: Strategy,
}

impl From<&Job> for Request {
    fn from(job: &Job) -> Self {
        Self {
            spec: job.spec.name.to_string(),
            design: job.design.name.to_string(),
            scenario: job.scenario.name.to_string(),
            strategy: job.strategy.clone(),
        }
    }
}

impl Request {
    /// The search that has these names, if these specs have it.
    #[must_use]
    pub fn job(&self, specs: Specs) -> Option<Job> {
        let spec = specs.find(&self.spec)?;
        Some(Job {
            spec,
            design: spec.design(&self.design)?,
            scenario: spec.scenario(&self.scenario)?,
            strategy: self.strategy.clone(),
        })
    }
}

/// What a check looks at of a [`Run`]. Left out are lock orders, cycles of resources and the number of
/// traces, which no verdict depends on: a run that is made of an outcome has none.
///
/// What comes back, and the run that is made of it:
/// ```
/// use pagelock::engine::Strategy;
/// use pagelock::runner::{Job, Outcome};
/// use pagelock::{protocols, spec};
///
/// let spec = protocols::find("ext4-journal-start").unwrap();
/// let (design, scenario) = (spec.design("old").unwrap(), spec.scenario("write").unwrap());
/// let job = Job { spec, design, scenario, strategy: Strategy::States };
/// let there = spec::check(spec, design, scenario, &job.strategy).unwrap();
/// let line = serde_json::to_string(&Outcome::from(there.clone())).unwrap();
/// let here = serde_json::from_str::<Outcome>(&line).unwrap().run(&job).unwrap();
/// assert_eq!((here.verdict, here.reason()), (there.verdict, there.reason()));
/// assert_eq!(here.search.findings, there.search.findings);
/// // Lock orders are not sent.
/// assert!(here.search.orders.is_empty() && !there.search.orders.is_empty());
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Outcome {
    /// The verdict.
    pub verdict: Verdict,
    /// What is different from the record, in words.
    pub differs: Option<String>,
    /// What the search did.
    pub receipt: Receipt,
    /// The properties violated, by name.
    pub findings: Vec<Finding>,
    /// The marks reached.
    pub reached: BTreeSet<String>,
    /// Of these, the marks of waits for locks.
    pub waits: BTreeSet<String>,
    /// The properties that some execution has checked.
    #[serde(default)]
    pub checked: BTreeSet<String>,
    /// The clauses that the encoding has asked for.
    #[serde(default)]
    pub asked: BTreeSet<String>,
    /// The hashes of the final states, each with a schedule that ends in it.
    pub outcomes: BTreeMap<u64, crate::trace::Schedule>,
    /// Which limit ended the search, if one did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cut_off: Option<CutOff>,
    /// How long it took.
    pub time: Duration,
}

impl From<Run> for Outcome {
    fn from(run: Run) -> Self {
        Self {
            verdict: run.verdict,
            differs: run.differs,
            receipt: run.search.receipt,
            findings: run.search.findings,
            reached: run.search.reached,
            waits: run.search.waits,
            checked: run.search.checked,
            asked: run.asked,
            outcomes: run.search.outcomes,
            cut_off: run.search.cut_off,
            time: run.time,
        }
    }
}

impl Outcome {
    /// The run that this came out of, compared with all that is known of the search here: the model's
    /// fingerprint, the engine, the record, and what every counterexample does when it is executed.
    ///
    /// An outcome of another search is not one of this one:
    /// ```
    /// use pagelock::engine::Strategy;
    /// use pagelock::runner::{Job, Outcome};
    /// use pagelock::{protocols, spec};
    ///
    /// let spec = protocols::find("ext4-journal-start").unwrap();
    /// let (design, scenario) = (spec.design("old").unwrap(), spec.scenario("write").unwrap());
    /// let job = Job { spec, design, scenario, strategy: Strategy::States };
    /// let there = spec::check(spec, design, scenario, &Strategy::Exhaustive).unwrap();
    /// let error = Outcome::from(there).run(&job).unwrap_err().to_string();
    /// assert!(error.ends_with("its engine is `loom`, and should be `stateful`"), "{error}");
    /// ```
    ///
    /// # Errors
    /// [`CheckError::Elsewhere`] if there is nothing to compare the result with, or it is not one of the search.
    pub fn run(self, job: &Job) -> Result<Run, CheckError> {
        let why = |why| {
            let Job { spec, design, .. } = job;
            let (spec, design, scenario) = (spec.name, design.name, job.scenario.name);
            CheckError::Elsewhere(format!(
                "{spec}/{design} in `{scenario}`: the result is not one of the search: {why}"
            ))
        };
        verified(self, job, &Models::default()).map_err(why)
    }

    /// The search, without what follows from it, the clauses that were asked for, and how long it took.
    pub(super) fn parts(self) -> (Search, BTreeSet<String>, Duration) {
        let search = Search {
            receipt: self.receipt,
            findings: self.findings,
            reached: self.reached,
            waits: self.waits,
            checked: self.checked,
            outcomes: self.outcomes,
            traces: 0,
            orders: Vec::new(),
            deadlocks: Vec::new(),
            cut_off: self.cut_off,
        };
        (search, self.asked, self.time)
    }
}

/// Runs a search here.
pub(super) fn run(job: &Job, limits: &Limits) -> Result<Run, CheckError> {
    let Job { spec, design, .. } = *job;
    check_within(spec, design, job.scenario, &job.strategy, limits)
}

/// What is to be said of a search that was stopped before it began: nothing is known, and the model was
/// not even built.
pub(super) fn not_begun(job: &Job) -> Result<Run, CheckError> {
    nothing(job).run(job)
}

/// The outcome of a search that was stopped before it began.
pub(super) fn nothing(job: &Job) -> Outcome {
    let engine = job.strategy.engine();
    Outcome {
        verdict: Verdict::Incomplete,
        differs: None,
        receipt: Receipt {
            engine: engine.name().to_string(),
            version: engine.version().to_string(),
            strategy: job.strategy.to_string(),
            bound: None,
            executions: 0,
            cut_short: 0,
            failing: 0,
            longest: 0,
            complete: false,
            states: None,
            fingerprint: String::new(),
        },
        findings: Vec::new(),
        reached: BTreeSet::new(),
        waits: BTreeSet::new(),
        checked: BTreeSet::new(),
        asked: BTreeSet::new(),
        outcomes: BTreeMap::new(),
        cut_off: Some(CutOff::Stopped),
        time: Duration::ZERO,
    }
}
