//! The searches that a check consists of.

use crate::engine::{Engine, Strategy};
use crate::spec::{Budget, Design, Expectation, Run, Scenario, Spec, Specs, strategies};

/// One search to run.
///
/// ```
/// use pagelock::engine::Strategy;
/// use pagelock::runner::Job;
/// use pagelock::protocols;
///
/// let spec = protocols::find("ext4-journal-start").unwrap();
/// let (design, scenario) = (spec.design("old").unwrap(), spec.scenario("write").unwrap());
/// let job = |strategy| Job { spec, design, scenario, strategy };
/// let all = job(Strategy::Exhaustive);
/// assert_eq!(all.expectation().unwrap().outcome.reason(), Some("no-deadlock"));
/// // A sample takes longer with more executions, and an exhaustive search longer than a small one.
/// let sample = |executions| job(Strategy::Random { seed: 1, executions });
/// assert!(sample(10).estimate() < sample(20).estimate());
/// assert!(sample(10).estimate() < all.estimate());
/// ```
#[derive(Debug, Clone)]
pub struct Job {
    /// The spec.
    pub spec: &'static Spec,
    /// The design.
    pub design: &'static Design,
    /// The scenario.
    pub scenario: &'static Scenario,
    /// The strategy.
    pub strategy: Strategy,
}

impl Job {
    /// What the result is checked against, if the spec expects anything.
    #[must_use]
    pub fn expectation(&self) -> Option<&'static Expectation> {
        self.spec.expectation(self.design.name, self.scenario.name)
    }

    /// About how long the search takes, in microseconds of a core: good for an even distribution and for
    /// nothing else. Of a model's size nothing is known but loom's number of executions, if it has one.
    #[must_use]
    pub fn estimate(&self) -> u64 {
        let loom = self
            .expectation()
            .and_then(|expectation| expectation.loom_executions);
        match &self.strategy {
            Strategy::Exhaustive | Strategy::Unaided | Strategy::Preemptions(_) => {
                loom.unwrap_or(1_000) * 300
            }
            Strategy::Random { executions, .. } | Strategy::Pct { executions, .. } => {
                *executions as u64 * 50
            }
            // What loom leaves alone is large.
            Strategy::Schedules | Strategy::States | Strategy::StatesUpTo(_) => {
                loom.unwrap_or(5_000) * 150
            }
        }
    }
}

/// Every search of a design by the given engines: each of its records, by each engine that runs
/// the scenario.
///
/// Where an engine does not run a scenario there is nothing for it to do:
/// ```
/// use pagelock::engine::Engine;
/// use pagelock::runner::jobs;
/// use pagelock::protocols;
/// use pagelock::spec::{Budget, EngineSet};
///
/// let spec = protocols::find("page-mkwrite").unwrap();
/// let design = spec.design("patched").unwrap();
/// let by = |engine| jobs(spec, design, &[engine], &Budget::default());
/// assert!(by(Engine::Loom).iter().all(|job| job.scenario.engines != EngineSet::Sampled));
/// assert!(by(Engine::Shuttle).iter().any(|job| job.scenario.engines == EngineSet::Sampled));
/// // shuttle samples each scenario in two ways: at random, and by probabilistic concurrency testing.
/// let of = |name: &str| by(Engine::Shuttle).iter().filter(|job| job.scenario.name == name).count();
/// assert_eq!(of("read-only"), 2);
/// ```
#[must_use]
pub fn jobs(
    spec: &'static Spec,
    design: &'static Design,
    engines: &[Engine],
    budget: &Budget,
) -> Vec<Job> {
    let mut jobs = Vec::new();
    for expectation in spec.expectations_of(design.name) {
        let Some(scenario) = spec.scenario(expectation.scenario) else {
            continue;
        };
        for engine in engines
            .iter()
            .filter(|engine| scenario.engines.has(**engine))
        {
            jobs.extend(
                strategies(scenario, *engine, budget)
                    .into_iter()
                    .map(|strategy| Job {
                        spec,
                        design,
                        scenario,
                        strategy,
                    }),
            );
        }
    }
    jobs
}

/// Every search of every design of every spec, by every engine.
///
/// ```
/// use pagelock::runner::all_jobs;
/// use pagelock::protocols;
/// use pagelock::spec::{Specs};
///
/// let mine = Specs::new(&[&protocols::nfs_coalesce::SPEC]);
/// let (own, all) = (all_jobs(mine), all_jobs(protocols::ALL));
/// assert!(own.iter().all(|job| job.spec.name == "nfs-coalesce"));
/// assert_eq!(own.len(), all.iter().filter(|job| job.spec.name == "nfs-coalesce").count());
/// ```
#[must_use]
pub fn all_jobs(specs: Specs) -> Vec<Job> {
    let all = specs.designs();
    all.flat_map(|(spec, design)| jobs(spec, design, &Engine::ALL, &Budget::default()))
        .collect()
}

/// Runs by design and scenario, in their order.
///
/// ```
/// use pagelock::engine::Strategy;
/// use pagelock::runner::groups;
/// use pagelock::{protocols, spec};
/// use pagelock::spec::{Run};
///
/// let spec = protocols::find("ext4-journal-start").unwrap();
/// let scenario = spec.scenario("write").unwrap();
/// let run = |design: &str, strategy| spec::check(spec, spec.design(design).unwrap(), scenario, &strategy).unwrap();
/// let sample = Strategy::Random { seed: 1, executions: 10 };
/// let runs = [run("old", Strategy::States), run("patched", Strategy::States), run("old", sample)];
/// let runs: Vec<&Run> = runs.iter().collect();
/// let sizes: Vec<usize> = groups(&runs).iter().map(Vec::len).collect();
/// // The two searches of the old design stand together.
/// assert_eq!(sizes, [2, 1]);
/// ```
#[must_use]
pub fn groups<'r>(runs: &[&'r Run]) -> Vec<Vec<&'r Run>> {
    let mut groups: Vec<Vec<&Run>> = Vec::new();
    let same = |a: &Run, b: &Run| {
        (a.spec.name, a.design.name, a.scenario.name)
            == (b.spec.name, b.design.name, b.scenario.name)
    };
    for run in runs {
        match groups.iter_mut().find(|group| same(group[0], run)) {
            Some(group) => group.push(run),
            None => groups.push(vec![run]),
        }
    }
    groups
}

/// Every pair of a complete search and one by another engine in a group: what the other one finds, the
/// complete one must find too.
///
/// ```
/// use pagelock::engine::{Engine, Strategy};
/// use pagelock::runner::pairs;
/// use pagelock::{protocols, spec};
///
/// let spec = protocols::find("ext4-journal-start").unwrap();
/// let (old, scenario) = (spec.design("old").unwrap(), spec.scenario("write").unwrap());
/// let run = |strategy| spec::check(spec, old, scenario, &strategy).unwrap();
/// let (all, some) = (run(Strategy::States), run(Strategy::Random { seed: 1, executions: 50 }));
/// let [(complete, sample)] = pairs(&[&some, &all])[..] else { panic!("one pair") };
/// assert_eq!((complete.engine, sample.engine), (Engine::Stateful, Engine::Shuttle));
/// assert_eq!(spec::disagreement(complete, sample), None);
/// ```
#[must_use]
pub fn pairs<'r>(group: &[&'r Run]) -> Vec<(&'r Run, &'r Run)> {
    let complete = |run: &&&Run| run.search.receipt.complete;
    let mut pairs = Vec::new();
    for whole in group.iter().filter(complete) {
        let others = group.iter().filter(|run| run.engine != whole.engine);
        pairs.extend(others.map(|other| (*whole, *other)));
    }
    pairs
}
