//! Searches on all cores of one machine.
//!
//! Each worker is a process. An engine maps a stack for every thread of every execution and unmaps it
//! again; in one process with several threads each unmapping interrupts the other cores, and two threads
//! come to less than one. A process of its own has another virtue: what aborts it is one search's error,
//! and not the end of the check.

use super::Job;
use super::outcome::{Outcome, Request, run};
use crate::parallel::for_each_with;
use crate::spec::{CheckError, Run, Specs};
use serde::{Deserialize, Serialize};
use std::io::{self, BufRead, BufReader, Write};
use std::path::PathBuf;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

/// Who runs searches.
///
/// ```
/// use pagelock::plan::Workers;
///
/// // A program whose `main` is the command line is a worker of itself.
/// let program = std::env::current_exe().unwrap();
/// assert_eq!(Workers::of_this_program(), Workers::Processes(program));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Workers {
    /// Threads of this process, one for each core.
    Threads,
    /// Processes, one for each core, of an executable that does what [`serve`] does if its only argument
    /// is `worker`: as the command line of this crate does.
    Processes(PathBuf),
}

impl Workers {
    /// Processes of the program that is running, or threads if nobody can say where that is.
    #[must_use]
    pub fn of_this_program() -> Self {
        match std::env::current_exe() {
            Ok(program) if program.is_file() => Self::Processes(program),
            _ => Self::Threads,
        }
    }
}

/// What a worker answers, and what stands in a shard's file.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Reply {
    Outcome(Box<Outcome>),
    /// Why there is none.
    Error(String),
}

impl Reply {
    pub(super) fn of(result: Result<Run, CheckError>) -> Self {
        match result {
            Ok(run) => Self::Outcome(Box::new(run.into())),
            Err(error) => Self::Error(error.to_string()),
        }
    }

    pub(super) fn run(self, job: &Job) -> Result<Run, CheckError> {
        match self {
            Self::Outcome(outcome) => outcome.run(job),
            Self::Error(message) => Err(CheckError::Elsewhere(message)),
        }
    }
}

/// Runs searches on all cores; the results are in the order of the jobs. `progress` is told how
/// many are done, of how many.
///
/// A search that no worker can make is an error in its place; the others are not harmed:
/// ```
/// use pagelock::engine::Strategy;
/// use pagelock::plan::{Job, Workers, run_all};
/// use pagelock::spec;
///
/// let spec = spec::find("ext4-journal-start").unwrap();
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
    // The longest first, so that no core is left alone with one at the end.
    let mut order: Vec<usize> = (0..jobs.len()).collect();
    order.sort_by_key(|index| std::cmp::Reverse(jobs[*index].estimate()));
    let results = match workers {
        Workers::Threads => for_each_with(&order, || (), |(), index| run(&jobs[*index]), progress),
        Workers::Processes(executable) => for_each_with(
            &order,
            || Workplace::new(executable.clone()),
            |place, index| place.run(&jobs[*index]),
            progress,
        ),
    };
    let mut results: Vec<_> = order.into_iter().zip(results).collect();
    results.sort_by_key(|(index, _)| *index);
    results.into_iter().map(|(_, result)| result).collect()
}

/// Runs the searches of these specs that are asked for, one to a line, and answers each with a line, until there are no
/// more.
///
/// One question, one answer. What there is no model for is answered too:
/// ```
/// use pagelock::engine::Strategy;
/// use pagelock::plan::{Request, serve};
/// use pagelock::spec;
///
/// let ask = |design: &str| {
///     let request = Request {
///         spec: "ext4-journal-start".to_string(),
///         design: design.to_string(),
///         scenario: "write".to_string(),
///         strategy: Strategy::Random { seed: 1, executions: 5 },
///     };
///     serde_json::to_string(&request).unwrap() + "\n"
/// };
/// let mut answers = Vec::new();
/// serve(spec::ALL, (ask("patched") + &ask("newest")).as_bytes(), &mut answers).unwrap();
/// let answers = String::from_utf8(answers).unwrap();
/// let lines: Vec<&str> = answers.lines().collect();
/// assert!(lines[0].starts_with(r#"{"outcome":{"verdict":"pass""#));
/// assert_eq!(lines[1], r#"{"error":"there is no ext4-journal-start/newest in `write`"}"#);
/// ```
///
/// # Errors
/// Those of reading and writing; [`io::ErrorKind::InvalidData`] for a line that asks for no search.
pub fn serve(specs: Specs, questions: impl BufRead, mut answers: impl Write) -> io::Result<()> {
    for line in questions.lines() {
        let request: Request = serde_json::from_str(&line?)?;
        let unknown = || {
            let message = format!(
                "there is no {}/{} in `{}`",
                request.spec, request.design, request.scenario
            );
            Err(CheckError::Elsewhere(message))
        };
        let reply = Reply::of(request.job(specs).map_or_else(unknown, |job| run(&job)));
        writeln!(answers, "{}", serde_json::to_string(&reply)?)?;
        answers.flush()?;
    }
    Ok(())
}

/// Where a worker is, or the next one will be.
struct Workplace {
    executable: PathBuf,
    worker: Option<Worker>,
}

impl Workplace {
    fn new(executable: PathBuf) -> Self {
        Self {
            executable,
            worker: None,
        }
    }

    fn run(&mut self, job: &Job) -> Result<Run, CheckError> {
        let failed = |why: String| {
            CheckError::Elsewhere(format!(
                "{}/{} in `{}`: the worker process that was to search it {why}",
                job.spec.name, job.design.name, job.scenario.name
            ))
        };
        if self.worker.is_none() {
            let worker = Worker::start(&self.executable);
            let path = self.executable.display();
            self.worker =
                Some(worker.map_err(|error| failed(format!("cannot start ({path}): {error}")))?);
        }
        let reply = self.worker.as_mut().map(|worker| worker.ask(job));
        match reply {
            Some(Ok(reply)) => reply.run(job),
            // The next search gets another one.
            _ => Err(failed(
                self.worker.take().map_or_else(String::new, Worker::end),
            )),
        }
    }
}

/// A process that answers. It ends when it is asked nothing more.
struct Worker {
    process: Child,
    questions: Option<ChildStdin>,
    answers: BufReader<ChildStdout>,
}

impl Worker {
    fn start(executable: &PathBuf) -> io::Result<Self> {
        let mut command = Command::new(executable);
        let pipes = command
            .arg("worker")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped());
        let mut process = pipes.spawn()?;
        let piped = process.stdin.take().zip(process.stdout.take());
        let (questions, answers) = piped.ok_or(io::ErrorKind::BrokenPipe)?;
        Ok(Self {
            process,
            questions: Some(questions),
            answers: BufReader::new(answers),
        })
    }

    fn ask(&mut self, job: &Job) -> io::Result<Reply> {
        let questions = self.questions.as_mut().ok_or(io::ErrorKind::BrokenPipe)?;
        writeln!(questions, "{}", serde_json::to_string(&Request::from(job))?)?;
        let mut line = String::new();
        self.answers.read_line(&mut line)?;
        Ok(serde_json::from_str(&line)?)
    }

    /// How it has ended, or is made to.
    fn end(mut self) -> String {
        self.questions = None;
        match self.process.wait() {
            Ok(status) => format!("gave no answer and ended: {status}"),
            Err(error) => format!("gave no answer: {error}"),
        }
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        self.questions = None;
        // It ends by itself; nobody is left to be told how.
        let _ = self.process.wait();
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;
    use crate::engine::Engine;
    use crate::plan::jobs;
    use crate::spec::{self, Budget};

    fn few() -> Vec<Job> {
        let spec = spec::find("nfs-coalesce").unwrap();
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
        let complaints = complaints(&Workers::Processes(PathBuf::from("false")));
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
        serve(spec::ALL, asked.join("\n").as_bytes(), &mut answers).unwrap();
        let answers = String::from_utf8(answers).unwrap();
        assert_eq!(answers.lines().count(), 4);
        for (line, job) in answers.lines().zip(&jobs) {
            let reply: Reply = serde_json::from_str(line).unwrap();
            let (there, here) = (reply.run(job).unwrap(), run(job).unwrap());
            assert_eq!(there.search.findings, here.search.findings);
            assert_eq!(there.search.receipt, here.search.receipt);
            assert_eq!(there.search.ends(), here.search.ends());
            assert_eq!(there.differs, here.differs);
        }
    }

    #[test]
    fn what_asks_for_no_search_is_refused() {
        let refused = serve(spec::ALL, "check everything\n".as_bytes(), Vec::new()).unwrap_err();
        assert_eq!(refused.kind(), io::ErrorKind::InvalidData);
        let mut answers = Vec::new();
        let request = Request {
            design: "newest".to_string(),
            ..Request::from(&few()[0])
        };
        let line = serde_json::to_string(&request).unwrap();
        serve(spec::ALL, line.as_bytes(), &mut answers).unwrap();
        let answer = String::from_utf8(answers).unwrap();
        assert!(
            answer.contains("there is no nfs-coalesce/newest in"),
            "{answer}"
        );
    }
}
