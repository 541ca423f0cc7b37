//! Many searches, on all cores.

use crate::engine::{Engine, Strategy};
use crate::parallel::for_each;
use crate::spec::{Budget, CheckError, Design, Run, Scenario, Spec, check, strategies};

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
    for record in spec.records_of(design.name) {
        let Some(scenario) = spec.scenario(record.scenario) else {
            continue;
        };
        for engine in engines
            .iter()
            .filter(|engine| scenario.engines.has(**engine))
        {
            jobs.extend(strategies(*engine, budget).into_iter().map(|strategy| Job {
                spec,
                design,
                scenario,
                strategy,
            }));
        }
    }
    jobs
}

/// Every search of every design of every spec, by every engine.
#[must_use]
pub fn all_jobs() -> Vec<Job> {
    let designs = |spec: &'static Spec| spec.designs.iter().map(move |design| (spec, design));
    let all = crate::spec::ALL.iter().flat_map(|spec| designs(spec));
    all.flat_map(|(spec, design)| jobs(spec, design, &Engine::ALL, &Budget::default()))
        .collect()
}

/// Runs searches on all cores; the results are in the order of the jobs. `progress` is told how
/// many are done, of how many.
#[must_use]
pub fn run_all(
    jobs: &[Job],
    progress: &(dyn Fn(usize, usize) + Sync),
) -> Vec<Result<Run, CheckError>> {
    let run = |job: &Job| check(job.spec, job.design, job.scenario, &job.strategy);
    for_each(jobs, run, progress)
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
    let complete = |run: &&&Run| run.search.receipt.complete;
    let mut pairs = Vec::new();
    for whole in group.iter().filter(complete) {
        let others = group.iter().filter(|run| run.engine != whole.engine);
        pairs.extend(others.map(|other| (*whole, *other)));
    }
    pairs
}
