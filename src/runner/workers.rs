//! Searches on all cores of one machine, each in a worker process.
//!
//! An engine maps a stack for every thread of every execution and unmaps it again; in one process with several
//! threads each unmapping interrupts the other cores, and two threads achieve less than one. A process of its own has
//! another virtue: what aborts it is the error of one search, and not the end of the check.
//!
//! A worker is this program with the argument `worker`. It reads one [`Question`] to a line, and writes a [`Greeting`]
//! that says which build it is, and then an [`Answer`] to a line. No answer is taken on trust: see `verify.rs`.

use super::Job;
use super::build::Build;
use super::verify::{Fingerprints, verified};
use crate::engine::{CutOff, Limits, Search, Stop, Strategy};
use crate::input::{self, brief, brief_error};
use crate::parallel::for_each_with;
use crate::spec::{CheckError, Run, Specs, Verdict, check_within};
use crate::trace::SearchStatistics;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::{self, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, ExitStatus, Stdio};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, mpsc};
use std::time::Duration;

/// The line that makes a worker end its current search.
const STOP: &str = "stop";

/// The most characters of an error message from another process.
const LONGEST_ERROR: usize = 4_000;

/// What runs searches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Workers {
    /// Threads of this process, one for each core.
    Threads,
    /// Processes, one for each core, of an executable that calls [`work`] if its only argument is `worker`, as the
    /// command line of this crate does. An answer is an error of its search if the process is not what the file was
    /// when the searches began, or if the answer does not fit the search.
    Processes(PathBuf),
}

impl Workers {
    /// Processes of the running program, or threads if its file cannot be found.
    #[must_use]
    pub fn of_this_program() -> Self {
        match std::env::current_exe() {
            // Where it cannot be read, a worker could not say which build it is.
            Ok(program) if File::open(&program).is_ok() => Self::Processes(program),
            _ => Self::Threads,
        }
    }
}

/// Runs searches on all cores; the results are in the order of the jobs. `progress` is called with the number of
/// finished searches and of all.
///
/// A search that fails is an error in its place; the others are not affected:
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
/// let runs = run_all(&jobs, &Workers::Threads, &|done, all| assert!(done <= all));
/// assert_eq!(runs[1].as_ref().unwrap().strategy, jobs[1].strategy);
/// let missing = Workers::Processes("/no/such/program".into());
/// let error = run_all(&jobs, &missing, &|_, _| ())[0].as_ref().unwrap_err().to_string();
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

/// The same, each search within the limits. When the limits are stopped, the running searches end soon with what
/// they have found, and the others are incomplete without an execution. A limit of memory is one of each worker: a
/// process that has run a search is replaced then, since it may keep the memory that it had.
#[must_use]
pub fn run_all_within(
    jobs: &[Job],
    workers: &Workers,
    limits: &Limits,
    progress: &(dyn Fn(usize, usize) + Sync),
) -> Vec<Result<Run, CheckError>> {
    // The longest first, so that no core is left alone with one at the end.
    let mut order: Vec<usize> = (0..jobs.len()).collect();
    order.sort_by_key(|index| Reverse(jobs[*index].estimate()));
    let results = match workers {
        Workers::Threads => {
            let run = |(): &mut (), at: &usize| run_here(&jobs[*at], limits);
            for_each_with(&order, || (), run, progress)
        }
        Workers::Processes(program) => {
            let (build, fingerprints) = (Build::of(program), Fingerprints::default());
            let slot = || Slot {
                program,
                build: &build,
                limits,
                fingerprints: &fingerprints,
                worker: None,
            };
            for_each_with(&order, slot, |slot, at| slot.run(&jobs[*at]), progress)
        }
    };
    let mut results: Vec<_> = order.into_iter().zip(results).collect();
    results.sort_by_key(|(index, _)| *index);
    results.into_iter().map(|(_, result)| result).collect()
}

fn run_here(job: &Job, limits: &Limits) -> Result<Run, CheckError> {
    if limits.stop.is_stopped() {
        return not_begun(job, limits);
    }
    check_within(job.spec, job.design, job.scenario, &job.strategy, limits)
}

/// The names of a search.
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

/// The result of a search, as another process writes it. Lock orders, cycles of resources and the number of traces,
/// on which no verdict depends, are left out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Outcome {
    /// The verdict.
    pub verdict: Verdict,
    /// What differs from the expected result, in words.
    pub differs: Option<String>,
    /// The result.
    pub search: Search,
    /// The clauses that the encoding has consulted.
    pub consulted: BTreeSet<String>,
    /// How long it took.
    pub time: Duration,
}

impl From<Run> for Outcome {
    fn from(run: Run) -> Self {
        Self {
            verdict: run.verdict,
            differs: run.differs,
            search: run.search,
            consulted: run.asked,
            time: run.time,
        }
    }
}

impl Outcome {
    /// The run that this is the outcome of, after comparison with all that is known of the search here: the model's
    /// fingerprint, the engine, the expected result, and an execution of every counterexample.
    ///
    /// # Errors
    /// [`CheckError::Elsewhere`] if there is nothing to compare the result with, or it is not one of the search.
    pub fn run(self, job: &Job, limits: &Limits) -> Result<Run, CheckError> {
        verified(self, job, limits, &Fingerprints::default()).map_err(|why| {
            CheckError::Elsewhere(format!(
                "{}/{} in `{}`: the result is not one of the search: {why}",
                job.spec.name, job.design.name, job.scenario.name
            ))
        })
    }

    /// The outcome of a search that was stopped before it began: nothing is known, and the model was not even built.
    pub(super) fn not_begun(job: &Job, limits: &Limits) -> Self {
        let engine = job.strategy.engine();
        let statistics = SearchStatistics {
            engine: engine.name().to_string(),
            version: engine.version().to_string(),
            strategy: limits.describe(&job.strategy),
            bound: None,
            executions: 0,
            cut_short: 0,
            failing: 0,
            longest: 0,
            complete: false,
            states: None,
            fingerprint: String::new(),
        };
        Self {
            verdict: Verdict::Incomplete,
            differs: None,
            search: Search {
                statistics,
                findings: Vec::new(),
                reached: BTreeSet::new(),
                waits: BTreeSet::new(),
                checked: BTreeSet::new(),
                outcomes: BTreeMap::new(),
                traces: 0,
                orders: Vec::new(),
                deadlocks: Vec::new(),
                cut_off: Some(CutOff::Stopped),
            },
            consulted: BTreeSet::new(),
            time: Duration::ZERO,
        }
    }
}

fn not_begun(job: &Job, limits: &Limits) -> Result<Run, CheckError> {
    Outcome::not_begun(job, limits).run(job, limits)
}

/// The result of a search as a worker answers it, and as it stands in a shard's file.
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

    /// The run that it is of; that there is no result is a result too.
    ///
    /// # Errors
    /// What does not fit the search: see [`verified`].
    pub(super) fn run(
        self,
        job: &Job,
        limits: &Limits,
        fingerprints: &Fingerprints,
    ) -> Result<Result<Run, CheckError>, String> {
        match self {
            Self::Outcome(outcome) => verified(*outcome, job, limits, fingerprints).map(Ok),
            Self::Error(message) => {
                let message = message.chars().take(LONGEST_ERROR).collect();
                Ok(Err(CheckError::Elsewhere(message)))
            }
        }
    }
}

/// A search to run, as it is written to a worker.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Question {
    #[serde(flatten)]
    search: Request,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    max_states: Option<u64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    max_memory: Option<u64>,
}

/// The first line that a worker writes.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Greeting {
    worker: Build,
}

/// A worker's answer. It repeats the question, so that no answer is taken for that to another one.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Answer {
    search: Request,
    result: Reply,
}

/// Runs the searches that are asked for, one to a line, and answers each with a line, until there are no more or they
/// are stopped. The first line that is written says which build of the program this is.
///
/// # Errors
/// Those of reading and writing; [`io::ErrorKind::InvalidData`] for a line that asks for no search.
pub fn serve(
    specs: Specs,
    questions: impl IntoIterator<Item = io::Result<String>>,
    mut answers: impl Write,
    stop: &Stop,
) -> io::Result<()> {
    let worker = Build::own()?;
    write_line(&mut answers, &Greeting { worker })?;
    for line in questions {
        let question: Question = serde_json::from_str(&line?)
            .map_err(|error| io::Error::new(io::ErrorKind::InvalidData, brief_error(&error)))?;
        let limits = Limits {
            states: question.max_states,
            memory: question.max_memory,
            operations: None,
            stop: stop.clone(),
        };
        let search = question.search;
        let result = match search.job(specs) {
            Some(job) => check_within(job.spec, job.design, job.scenario, &job.strategy, &limits),
            None => Err(CheckError::Elsewhere(format!(
                "there is no {}/{} in `{}`",
                brief(&search.spec),
                brief(&search.design),
                brief(&search.scenario)
            ))),
        };
        let result = Reply::of(result);
        write_line(&mut answers, &Answer { search, result })?;
    }
    Ok(())
}

fn write_line(answers: &mut impl Write, line: &impl Serialize) -> io::Result<()> {
    writeln!(answers, "{}", serde_json::to_string(line)?)?;
    answers.flush()
}

/// The whole of a worker process: [`serve`] on standard input and output. When standard input says `stop`, the running
/// search ends and is answered with what it has found. When standard input ends, **the process exits** at once, since
/// its parent is gone: no worker outlives the process that has started it.
///
/// ```no_run
/// use pagelock::engine::Stop;
/// use pagelock::runner::work;
///
/// if std::env::args().nth(1).as_deref() == Some("worker") {
///     work(pagelock::protocols::ALL, &Stop::default()).expect("it is asked for searches");
/// }
/// ```
///
/// # Errors
/// As of [`serve`].
pub fn work(specs: Specs, stop: &Stop) -> io::Result<()> {
    // A parent asks one question at a time. Of a flood, no more is read than is answered.
    let (questions, received) = mpsc::sync_channel(1);
    let stop_search = stop.clone();
    std::thread::Builder::new().spawn(move || {
        let mut input = io::stdin().lock();
        while let Some(line) = input::line(&mut input).transpose() {
            if line.as_ref().is_ok_and(|line| line == STOP) {
                stop_search.stop();
                continue;
            }
            let is_unreadable = line.is_err();
            // No thread receives it if the process is about to end.
            if questions.send(line).is_err() || is_unreadable {
                // The error that ends the process says why.
                return;
            }
        }
        std::process::exit(0);
    })?;
    match serve(specs, received, io::stdout(), stop) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        other => other,
    }
}

/// One of the cores, with its worker or without one yet.
struct Slot<'c> {
    program: &'c Path,
    /// The build that the program is when the check begins. A worker of another one is not believed.
    build: &'c io::Result<Build>,
    limits: &'c Limits,
    fingerprints: &'c Fingerprints,
    worker: Option<Worker>,
}

/// Why a worker has given no answer.
enum Failure {
    /// It writes nothing more.
    Silence,
    /// It writes something that the worker that was started does not write.
    Unfit(String),
}

impl Slot<'_> {
    fn run(&mut self, job: &Job) -> Result<Run, CheckError> {
        let stop = &self.limits.stop;
        if self.limits.memory.is_some() {
            // The measured memory is to be this search's own.
            self.worker = None;
        }
        if stop.is_stopped() {
            return not_begun(job, self.limits);
        }
        let failed = |why: String| {
            CheckError::Elsewhere(format!(
                "{}/{} in `{}`: the worker process that was to search it {why}",
                job.spec.name, job.design.name, job.scenario.name
            ))
        };
        let path = self.program.display();
        let cannot_start = |error: &io::Error| failed(format!("cannot start ({path}): {error}"));
        let build = self.build.as_ref().map_err(cannot_start)?;
        let mut worker = match self.worker.take() {
            Some(worker) => worker,
            None => Worker::start(self.program, stop).map_err(|error| cannot_start(&error))?,
        };
        let reply = worker.ask(job, self.limits, build);
        match reply
            .and_then(|it| (it.run(job, self.limits, self.fingerprints)).map_err(Failure::Unfit))
        {
            Ok(result) => {
                let run = result.as_ref();
                if run.map_or(true, |run| run.search.cut_off != Some(CutOff::Stopped)) {
                    // One that was stopped would run nothing any more.
                    self.worker = Some(worker);
                }
                result
            }
            // The next search gets another one.
            Err(_) if stop.is_stopped() => not_begun(job, self.limits),
            Err(Failure::Unfit(why)) => Err(failed(format!("({path}) is not believed: {why}"))),
            Err(Failure::Silence) => match worker.end() {
                Ok(status) if was_interrupted(status) => not_begun(job, self.limits),
                Ok(status) => Err(failed(format!("gave no answer and ended: {status}"))),
                Err(error) => Err(failed(format!("gave no answer: {error}"))),
            },
        }
    }
}

/// Whether a process was interrupted or terminated, as by a terminal, which signals every process of a group.
#[cfg(unix)]
fn was_interrupted(status: ExitStatus) -> bool {
    use std::os::unix::process::ExitStatusExt as _;
    // SIGINT and SIGTERM have these numbers on every system.
    matches!(status.signal(), Some(2 | 15))
}

#[cfg(not(unix))]
fn was_interrupted(_: ExitStatus) -> bool {
    false
}

/// The standard input of a worker; `None` when it is asked nothing more.
type Questions = Mutex<Option<ChildStdin>>;

/// A process that answers. It ends when it is asked nothing more.
struct Worker {
    process: Child,
    questions: Arc<Questions>,
    answers: BufReader<ChildStdout>,
    /// Whether it has said that it is of the build that was to be started.
    is_known: bool,
}

fn locked(questions: &Questions) -> MutexGuard<'_, Option<ChildStdin>> {
    questions.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Worker {
    fn start(executable: &Path, stop: &Stop) -> io::Result<Self> {
        let mut command = Command::new(executable);
        command.arg("worker");
        command.stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut process = command.spawn()?;
        let pipes = process.stdin.take().zip(process.stdout.take());
        let (questions, answers) = pipes.ok_or(io::ErrorKind::BrokenPipe)?;
        let questions = Arc::new(Mutex::new(Some(questions)));
        let weak = Arc::downgrade(&questions);
        stop.on_stop(move || {
            if let Some(questions) = weak.upgrade()
                && let Some(questions) = &mut *locked(&questions)
            {
                // A worker that does not read it any more has ended.
                let _ = writeln!(questions, "{STOP}");
            }
        });
        Ok(Self {
            process,
            questions,
            answers: BufReader::new(answers),
            is_known: false,
        })
    }

    /// Asks for a search, and compares the build before the first answer.
    fn ask(&mut self, job: &Job, limits: &Limits, build: &Build) -> Result<Reply, Failure> {
        let question = Question {
            search: Request::from(job),
            max_states: limits.states,
            max_memory: limits.memory,
        };
        let line = serde_json::to_string(&question).map_err(io::Error::from)? + "\n";
        match &mut *locked(&self.questions) {
            // In one piece: `stop` may be written at any time.
            Some(questions) => questions.write_all(line.as_bytes())?,
            None => return Err(Failure::Silence),
        }
        if !self.is_known {
            let greeting: Greeting = self.read("say which build it is")?;
            if greeting.worker != *build {
                let it = brief_error(&greeting.worker);
                return Err(Failure::Unfit(format!(
                    "it is of {it}, and its file was of {build} when the check began"
                )));
            }
            self.is_known = true;
        }
        let answer: Answer = self.read("answer")?;
        if answer.search != question.search {
            let why = "it answers another question than it was asked".to_string();
            return Err(Failure::Unfit(why));
        }
        Ok(answer.result)
    }

    /// The next line that it writes.
    fn read<T: DeserializeOwned>(&mut self, what: &str) -> Result<T, Failure> {
        let line = input::line(&mut self.answers)?.ok_or(Failure::Silence)?;
        serde_json::from_str(&line).map_err(|error| {
            let (line, error) = (brief(&line), brief_error(&error));
            Failure::Unfit(format!("it does not {what}, but writes `{line}`: {error}"))
        })
    }

    /// Ends it, and returns its exit status.
    fn end(mut self) -> io::Result<ExitStatus> {
        self.kill();
        self.process.wait()
    }

    /// Kills it. A process that has ended keeps its status, and a good worker has nothing more to do; a program that
    /// has taken its place might never end by itself.
    fn kill(&mut self) {
        *locked(&self.questions) = None;
        let _ = self.process.kill();
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::InvalidData => Self::Unfit(error.to_string()),
            _ => Self::Silence,
        }
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        self.kill();
        // Its exit status is of no interest any more.
        let _ = self.process.wait();
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;
    use crate::engine::Engine;
    use crate::protocols;
    use crate::runner::jobs;
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

    fn errors(workers: &Workers) -> Vec<String> {
        let results = run_all(&few(), workers, &|_, _| ());
        let errors = results.into_iter().filter_map(Result::err);
        errors.map(|error| error.to_string()).collect()
    }

    #[test]
    fn a_worker_that_cannot_start_is_an_error_of_every_search() {
        let workers = Workers::Processes(PathBuf::from("/no/such/program"));
        let errors = errors(&workers);
        assert_eq!(errors.len(), 4);
        assert!(errors[0].starts_with("nfs-coalesce/old in `"), "{errors:?}");
        assert!(
            errors[0].contains("cannot start (/no/such/program)"),
            "{errors:?}"
        );
    }

    #[cfg(unix)]
    #[test]
    fn a_worker_that_ends_is_an_error_of_every_search_that_it_had() {
        let errors = errors(&Workers::Processes(PathBuf::from("/bin/false")));
        assert_eq!(errors.len(), 4);
        for error in errors {
            // It closes its output before it exits, and may be killed in between.
            assert!(error.contains("gave no answer and ended: "), "{error}");
        }
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
            let here = run_here(job, &Limits::default()).unwrap();
            let there = (answer
                .result
                .run(job, &Limits::default(), &Fingerprints::default())
                .unwrap())
            .unwrap();
            assert_eq!(there.search.findings, here.search.findings);
            assert_eq!(there.search.statistics, here.search.statistics);
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
