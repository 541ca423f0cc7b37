//! Searches on all cores of one machine.
//!
//! Each worker is a process. An engine maps a stack for every thread of every execution and unmaps it
//! again; in one process with several threads each unmapping interrupts the other cores, and two threads
//! come to less than one. A process of its own has another virtue: what aborts it is one search's error,
//! and not the end of the check.

use super::Job;
use super::outcome::{not_begun, run};
use super::process::{Program, Workplace};
use super::verify::Models;
use crate::engine::Limits;
use crate::parallel::for_each_with;
use crate::spec::{CheckError, Run};
use std::fs::File;
use std::path::PathBuf;

/// Who runs searches.
///
/// ```
/// use pagelock::runner::Workers;
///
/// // A program whose `main` is the command line is a worker of itself.
/// let program = std::env::current_exe().unwrap();
/// assert_eq!(Workers::of_this_program(), Workers::Processes(program));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Workers {
    /// Threads of this process, one for each core.
    Threads,
    /// Processes, one for each core, of an executable that calls [`work`](super::work) if its only argument
    /// is `worker`: as the command line of this crate does. An answer of a process that is not what the file was when
    /// the searches began, or that does not fit the search, is an error of that search.
    Processes(PathBuf),
}

impl Workers {
    /// Processes of the program that is running, or threads if nobody can say where that is.
    #[must_use]
    pub fn of_this_program() -> Self {
        match std::env::current_exe() {
            // Where it cannot be read, a worker could not say which build it is.
            Ok(program) if File::open(&program).is_ok() => Self::Processes(program),
            _ => Self::Threads,
        }
    }
}

/// Runs searches on all cores; the results are in the order of the jobs. `progress` is told how
/// many are done, of how many.
///
/// A search that no worker can make is an error in its place; the others are not harmed:
/// ```
/// use pagelock::engine::Strategy;
/// use pagelock::runner::{Job, Workers, run_all};
/// use pagelock::protocols;
///
/// let spec = protocols::find("ext4-journal-start").unwrap();
/// let (design, scenario) = (spec.design("patched").unwrap(), spec.scenario("write").unwrap());
/// let jobs = [1, 2].map(|seed| {
///     Job { spec, design, scenario, strategy: Strategy::Random { seed, executions: 10 } }
/// });
/// let found = run_all(&jobs, &Workers::Threads, &|done, all| assert!(done <= all));
/// assert_eq!(found[1].as_ref().unwrap().strategy, jobs[1].strategy);
/// let nobody = Workers::Processes("/no/such/program".into());
/// let error = run_all(&jobs, &nobody, &|_, _| ())[0].as_ref().unwrap_err().to_string();
/// assert!(error.contains("cannot start (/no/such/program)"), "{error}");
/// ```
#[must_use]
pub fn run_all(
    jobs: &[Job],
    workers: &Workers,
    progress: &(dyn Fn(usize, usize) + Sync),
) -> Vec<Result<Run, CheckError>> {
    run_all_within(jobs, workers, &Limits::default(), progress)
}

/// The same, each search as far as the limits allow. When they are stopped, the searches under way end soon
/// with what they have found, and those that were not begun are incomplete with no execution. A limit of
/// memory is one of each worker: a process that has run a search gives way to a new one then, since it may
/// keep the memory that it had.
///
/// ```
/// use pagelock::engine::{Limits, Stop};
/// use pagelock::runner::{run_all_within, Asked, Workers};
/// use pagelock::protocols;
/// use pagelock::spec::{Verdict};
///
/// let asked = Asked { scenario: Some("crowd".to_string()), ..Asked::default() };
/// let limits = Limits::default();
/// limits.stop.stop();
/// let jobs = asked.jobs(protocols::ALL).unwrap();
/// for result in run_all_within(&jobs, &Workers::Threads, &limits, &|_, _| ()) {
///     assert_eq!(result.unwrap().verdict, Verdict::Incomplete);
/// }
/// ```
#[must_use]
pub fn run_all_within(
    jobs: &[Job],
    workers: &Workers,
    limits: &Limits,
    progress: &(dyn Fn(usize, usize) + Sync),
) -> Vec<Result<Run, CheckError>> {
    // The longest first, so that no core is left alone with one at the end.
    let mut order: Vec<usize> = (0..jobs.len()).collect();
    order.sort_by_key(|index| std::cmp::Reverse(jobs[*index].estimate()));
    let here = |job: &Job| {
        if limits.stop.is_stopped() {
            return not_begun(job);
        }
        run(job, limits)
    };
    let results = match workers {
        Workers::Threads => for_each_with(&order, || (), |(), at| here(&jobs[*at]), progress),
        Workers::Processes(executable) => {
            let (program, models) = (Program::new(executable.clone()), Models::default());
            for_each_with(
                &order,
                || Workplace::new(&program, limits.clone(), &models),
                |place, at| place.run(&jobs[*at]),
                progress,
            )
        }
    };
    let mut results: Vec<_> = order.into_iter().zip(results).collect();
    results.sort_by_key(|(index, _)| *index);
    results.into_iter().map(|(_, result)| result).collect()
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;
    use crate::engine::{Engine, Stop};
    use crate::protocols;
    use crate::runner::serve::{Answer, serve};
    use crate::runner::{Request, jobs};
    use crate::spec::Budget;

    fn few() -> Vec<Job> {
        let spec = protocols::find("nfs-coalesce").unwrap();
        let budget = Budget {
            executions: 10,
            ..Budget::default()
        };
        let mut jobs = jobs(spec, &spec.designs[0], &[Engine::Shuttle], &budget);
        jobs.truncate(4);
        jobs
    }

    fn complaints(workers: &Workers) -> Vec<String> {
        let results = run_all(&few(), workers, &|_, _| ());
        let errors = results.into_iter().filter_map(Result::err);
        errors.map(|error| error.to_string()).collect()
    }

    #[test]
    fn a_worker_that_cannot_start_is_an_error_of_every_search() {
        let workers = Workers::Processes(PathBuf::from("/no/such/program"));
        let complaints = complaints(&workers);
        assert_eq!(complaints.len(), 4);
        assert!(
            complaints[0].starts_with("nfs-coalesce/old in `"),
            "{complaints:?}"
        );
        assert!(
            complaints[0].contains("cannot start (/no/such/program)"),
            "{complaints:?}"
        );
    }

    #[cfg(unix)]
    #[test]
    fn a_worker_that_ends_is_an_error_of_every_search_that_it_had() {
        let complaints = complaints(&Workers::Processes(PathBuf::from("/bin/false")));
        assert_eq!(complaints.len(), 4);
        assert!(
            complaints[0].contains("ended: exit status: 1"),
            "{complaints:?}"
        );
    }

    #[test]
    fn what_is_served_is_what_is_found_here() {
        let jobs = few();
        let asked: Vec<String> = jobs
            .iter()
            .map(|job| serde_json::to_string(&Request::from(job)).unwrap())
            .collect();
        let mut answers = Vec::new();
        serve(
            protocols::ALL,
            asked.into_iter().map(Ok),
            &mut answers,
            &Stop::default(),
        )
        .unwrap();
        let answers = String::from_utf8(answers).unwrap();
        assert_eq!(answers.lines().count(), 5, "it says first who it is");
        for (line, job) in answers.lines().skip(1).zip(&jobs) {
            let answer: Answer = serde_json::from_str(line).unwrap();
            assert_eq!(answer.search, Request::from(job));
            let here = run(job, &Limits::default()).unwrap();
            let there = (answer.result.run(job, &Models::default()).unwrap()).unwrap();
            assert_eq!(there.search.findings, here.search.findings);
            assert_eq!(there.search.receipt, here.search.receipt);
            assert_eq!(there.search.ends(), here.search.ends());
            assert_eq!(there.differs, here.differs);
        }
    }

    #[test]
    fn what_asks_for_no_search_is_refused() {
        let line = [Ok("check everything".to_string())];
        let refused = serve(protocols::ALL, line, Vec::new(), &Stop::default()).unwrap_err();
        assert_eq!(refused.kind(), std::io::ErrorKind::InvalidData);
        let mut answers = Vec::new();
        let request = Request {
            design: "newest".to_string(),
            ..Request::from(&few()[0])
        };
        let line = serde_json::to_string(&request).unwrap();
        serve(protocols::ALL, [Ok(line)], &mut answers, &Stop::default()).unwrap();
        let answer = String::from_utf8(answers).unwrap();
        assert!(
            answer.contains("there is no nfs-coalesce/newest in"),
            "{answer}"
        );
    }
}
