//! The searches that a check consists of.

use crate::engine::{Engine, Strategy};
use crate::spec::{Budget, Design, Expectation, Run, Scenario, Spec, Specs, strategies};

/// One search to run.
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
    /// The expected result, if the spec has one.
    #[must_use]
    pub fn expectation(&self) -> Option<&'static Expectation> {
        self.spec.expectation(self.design.name, self.scenario.name)
    }

    /// An estimate of the search's time, in microseconds of a core, for an even distribution only. The only known
    /// measure of a model's size is loom's number of executions, if it has one.
    #[must_use]
    pub fn estimate(&self) -> u64 {
        let loom = self
            .expectation()
            .and_then(|expectation| expectation.loom_executions);
        match &self.strategy {
            Strategy::LoomSleepSets | Strategy::LoomPlain | Strategy::Preemptions(_) => {
                loom.unwrap_or(1_000) * 300
            }
            Strategy::Random { executions, .. } | Strategy::Pct { executions, .. } => {
                *executions as u64 * 50
            }
            // A model that loom does not run is large.
            Strategy::AllSchedules | Strategy::ExplicitState => loom.unwrap_or(5_000) * 150,
        }
    }
}

/// Every search of a design by the given engines: each of its records, by each engine that runs
/// the scenario.
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
#[must_use]
pub fn all_jobs(specs: Specs) -> Vec<Job> {
    let all = specs.designs();
    all.flat_map(|(spec, design)| jobs(spec, design, &Engine::ALL, &Budget::default()))
        .collect()
}

/// Runs by design and scenario, in their order.
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
#[must_use]
pub fn pairs<'r>(group: &[&'r Run]) -> Vec<(&'r Run, &'r Run)> {
    let complete = |run: &&&Run| run.search.statistics.complete;
    let mut pairs = Vec::new();
    for whole in group.iter().filter(complete) {
        let others = group.iter().filter(|run| run.engine != whole.engine);
        pairs.extend(others.map(|other| (*whole, *other)));
    }
    pairs
}
