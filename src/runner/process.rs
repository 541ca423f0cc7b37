//! A worker as whoever asks it sees it.

use super::build::Build;
use super::outcome::not_begun;
use super::serve::{Answer, Greeting, Question, Reply, STOP};
use super::verify::Models;
use super::{Job, Request};
use crate::engine::{CutOff, Limits};
use crate::input::{self, brief, brief_error};
use crate::spec::{CheckError, Run};
use serde::de::DeserializeOwned;
use std::io::{self, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, ExitStatus, Stdio};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Where a worker is, or the next one will be.
pub(super) struct Workplace<'c> {
    program: &'c Program,
    limits: Limits,
    models: &'c Models,
    worker: Option<Worker>,
}

/// The executable of the workers.
pub(super) struct Program {
    path: PathBuf,
    /// The build that it is when the check begins. A worker of another one is not believed.
    build: io::Result<Build>,
}

impl Program {
    pub(super) fn new(path: PathBuf) -> Self {
        let build = Build::of(&path);
        Self { path, build }
    }
}

/// Why a worker has given no answer.
enum Failure {
    /// It says nothing more.
    Silence,
    /// It says what the worker that was started does not say.
    Unfit(String),
}

impl<'c> Workplace<'c> {
    pub(super) fn new(program: &'c Program, limits: Limits, models: &'c Models) -> Self {
        Self {
            program,
            limits,
            models,
            worker: None,
        }
    }

    pub(super) fn run(&mut self, job: &Job) -> Result<Run, CheckError> {
        let failed = |why: String| {
            CheckError::Elsewhere(format!(
                "{}/{} in `{}`: the worker process that was to search it {why}",
                job.spec.name, job.design.name, job.scenario.name
            ))
        };
        if self.limits.memory.is_some() {
            // What is measured is to be this search's own.
            self.worker = None;
        }
        if self.limits.stop.is_stopped() {
            return not_begun(job);
        }
        let path = self.program.path.display();
        let cannot_start = |error: &io::Error| failed(format!("cannot start ({path}): {error}"));
        let build = self.program.build.as_ref().map_err(cannot_start)?;
        let worker = match self.worker.take() {
            Some(worker) => Ok(worker),
            None => Worker::start(&self.program.path, &self.limits),
        };
        let mut worker = worker.map_err(|error| cannot_start(&error))?;
        let answer = worker.ask(job, &self.limits, build);
        let result = answer.and_then(|reply| reply.run(job, self.models).map_err(Failure::Unfit));
        match result {
            Ok(result) => {
                let stopped = |run: &Run| run.search.cut_off == Some(CutOff::Stopped);
                // One that was stopped runs nothing any more.
                self.worker = (!result.as_ref().is_ok_and(stopped)).then_some(worker);
                result
            }
            // The next search gets another one.
            Err(_) if self.limits.stop.is_stopped() => not_begun(job),
            Err(Failure::Unfit(why)) => Err(failed(format!("({path}) is not believed: {why}"))),
            Err(Failure::Silence) => match worker.end() {
                Ok(status) if is_ended_by_somebody(status) => not_begun(job),
                Ok(status) => Err(failed(format!("gave no answer and ended: {status}"))),
                Err(error) => Err(failed(format!("gave no answer: {error}"))),
            },
        }
    }
}

/// Whether a process was interrupted or terminated, as by a terminal, which tells every process of a group.
#[cfg(unix)]
fn is_ended_by_somebody(status: ExitStatus) -> bool {
    use std::os::unix::process::ExitStatusExt as _;
    // SIGINT and SIGTERM have these numbers on every system.
    matches!(status.signal(), Some(2 | 15))
}

#[cfg(not(unix))]
fn is_ended_by_somebody(_: ExitStatus) -> bool {
    false
}

/// Where a worker reads its questions; nothing, when it is asked no more.
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
    fn start(executable: &Path, limits: &Limits) -> io::Result<Self> {
        let mut command = Command::new(executable);
        let pipes = command
            .arg("worker")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped());
        let mut process = pipes.spawn()?;
        let piped = process.stdin.take().zip(process.stdout.take());
        let (questions, answers) = piped.ok_or(io::ErrorKind::BrokenPipe)?;
        let questions = Arc::new(Mutex::new(Some(questions)));
        let told = Arc::downgrade(&questions);
        limits.stop.on_stop(move || {
            if let Some(questions) = told.upgrade()
                && let Some(questions) = &mut *locked(&questions)
            {
                // Who does not hear it any more has ended.
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

    /// Asks for a search, and the first time for the build.
    fn ask(&mut self, job: &Job, limits: &Limits, build: &Build) -> Result<Reply, Failure> {
        let question = Question::new(job, limits);
        let line = serde_json::to_string(&question).map_err(io::Error::from)?;
        {
            let mut questions = locked(&self.questions);
            let questions = questions
                .as_mut()
                .ok_or(io::ErrorKind::BrokenPipe)
                .map_err(io::Error::from)?;
            // In one piece: the worker may be told to stop at any time.
            questions.write_all((line + "\n").as_bytes())?;
        }
        if !self.is_known {
            let greeting: Greeting = self.hear("say which build it is")?;
            if greeting.worker != *build {
                let (it, file) = (brief_error(&greeting.worker), build);
                let why = format!("it is of {it}, and its file was of {file} when the check began");
                return Err(Failure::Unfit(why));
            }
            self.is_known = true;
        }
        let answer: Answer = self.hear("answer")?;
        if answer.search != Request::from(job) {
            let why = "it answers another question than it was asked".to_string();
            return Err(Failure::Unfit(why));
        }
        Ok(answer.result)
    }

    /// The next line that it writes.
    fn hear<T: DeserializeOwned>(&mut self, what: &str) -> Result<T, Failure> {
        let line = input::line(&mut self.answers)?.ok_or(io::ErrorKind::UnexpectedEof);
        let line = line.map_err(io::Error::from)?;
        serde_json::from_str(&line).map_err(|error| {
            let (line, error) = (brief(&line), brief_error(&error));
            Failure::Unfit(format!("it does not {what}, but writes `{line}`: {error}"))
        })
    }

    /// How it has ended, or is made to.
    fn end(mut self) -> io::Result<ExitStatus> {
        self.kill();
        self.process.wait()
    }

    /// Ends it. What has ended already keeps its status, and no good worker has anything more to do; what has
    /// taken its place might never end by itself.
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
        // No thread is left to be told how it has ended.
        let _ = self.process.wait();
    }
}
