//! A worker as whoever asks it sees it.

use super::Job;
use super::outcome::not_begun;
use super::serve::{Question, Reply, STOP};
use crate::engine::{CutOff, Limits};
use crate::spec::{CheckError, Run};
use std::io::{self, BufRead, BufReader, Write};
use std::path::PathBuf;
use std::process::{Child, ChildStdin, ChildStdout, Command, ExitStatus, Stdio};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Where a worker is, or the next one will be.
pub(super) struct Workplace {
    executable: PathBuf,
    limits: Limits,
    worker: Option<Worker>,
}

impl Workplace {
    pub(super) fn new(executable: PathBuf, limits: Limits) -> Self {
        Self {
            executable,
            limits,
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
        let worker = match self.worker.take() {
            Some(worker) => Ok(worker),
            None => Worker::start(&self.executable, &self.limits),
        };
        let path = self.executable.display();
        let mut worker =
            worker.map_err(|error| failed(format!("cannot start ({path}): {error}")))?;
        match worker.ask(job, &self.limits) {
            Ok(reply) => {
                let run = reply.run(job);
                let stopped = |run: &Run| run.search.cut_off == Some(CutOff::Stopped);
                // One that was stopped runs nothing any more.
                self.worker = (!run.as_ref().is_ok_and(stopped)).then_some(worker);
                run
            }
            // The next search gets another one.
            Err(_) if self.limits.stop.is_stopped() => not_begun(job),
            Err(_) => match worker.end() {
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
}

fn locked(questions: &Questions) -> MutexGuard<'_, Option<ChildStdin>> {
    questions.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Worker {
    fn start(executable: &PathBuf, limits: &Limits) -> io::Result<Self> {
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
        })
    }

    fn ask(&mut self, job: &Job, limits: &Limits) -> io::Result<Reply> {
        let question = serde_json::to_string(&Question::new(job, limits))?;
        {
            let mut questions = locked(&self.questions);
            let questions = questions.as_mut().ok_or(io::ErrorKind::BrokenPipe)?;
            // In one piece: the worker may be told to stop at any time.
            questions.write_all((question + "\n").as_bytes())?;
        }
        let mut line = String::new();
        self.answers.read_line(&mut line)?;
        Ok(serde_json::from_str(&line)?)
    }

    /// How it has ended, or is made to.
    fn end(mut self) -> io::Result<ExitStatus> {
        *locked(&self.questions) = None;
        self.process.wait()
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        *locked(&self.questions) = None;
        // It ends by itself; nobody is left to be told how.
        let _ = self.process.wait();
    }
}
