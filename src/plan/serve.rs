//! What a worker does.

use super::Job;
use super::outcome::{Outcome, Request, run};
use crate::engine::{Limits, Stop};
use crate::spec::{CheckError, Run, Specs};
use serde::{Deserialize, Serialize};
use std::io::{self, Write};
use std::sync::mpsc;

/// The line by which a worker is told to end the search that it is at.
pub(super) const STOP: &str = "stop";

/// What a worker is asked.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Question {
    #[serde(flatten)]
    search: Request,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    max_states: Option<u64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    max_memory: Option<u64>,
}

impl Question {
    pub(super) fn new(job: &Job, limits: &Limits) -> Self {
        Self {
            search: Request::from(job),
            max_states: limits.states,
            max_memory: limits.memory,
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

/// Runs the searches of these specs that are asked for, one to a line, and answers each with a line, until
/// there are no more, or they are stopped.
///
/// ```
/// use pagelock::engine::Stop;
/// use pagelock::plan::serve;
///
/// let question = r#"{"spec":"page-mkwrite","design":"old","scenario":"absent","strategy":"states"}"#;
/// let lines = [Ok(question.to_string())];
/// let mut answers = Vec::new();
/// serve(pagelock::spec::ALL, lines, &mut answers, &Stop::default()).unwrap();
/// assert!(String::from_utf8(answers).unwrap().starts_with(r#"{"outcome":{"verdict":"violated""#));
/// ```
///
/// # Errors
/// Those of reading and writing; [`io::ErrorKind::InvalidData`] for a line that asks for no search.
pub fn serve(
    specs: Specs,
    questions: impl IntoIterator<Item = io::Result<String>>,
    mut answers: impl Write,
    stop: &Stop,
) -> io::Result<()> {
    for line in questions {
        let question: Question = serde_json::from_str(&line?)?;
        let request = question.search;
        let limits = Limits {
            states: question.max_states,
            memory: question.max_memory,
            operations: None,
            stop: stop.clone(),
        };
        let unknown = || {
            let message = format!(
                "there is no {}/{} in `{}`",
                request.spec, request.design, request.scenario
            );
            Err(CheckError::Elsewhere(message))
        };
        let job = request.job(specs);
        let reply = Reply::of(job.map_or_else(unknown, |job| run(&job, &limits)));
        writeln!(answers, "{}", serde_json::to_string(&reply)?)?;
        answers.flush()?;
    }
    Ok(())
}

/// Does what a process of [`Workers::Processes`](super::Workers::Processes) has to do: [`serve`] on standard
/// input and output. When standard input says so, or `stop`, the search under way ends and is answered with
/// what it has found. When standard input ends, **the process ends** at once, whatever it is at, since nobody is left to be
/// answered: so no worker outlives who has started it.
///
/// ```no_run
/// use pagelock::engine::Stop;
/// use pagelock::plan::work;
///
/// if std::env::args().nth(1).as_deref() == Some("worker") {
///     work(pagelock::spec::ALL, &Stop::default()).expect("it is asked for searches");
/// }
/// ```
///
/// # Errors
/// As of [`serve`].
pub fn work(specs: Specs, stop: &Stop) -> io::Result<()> {
    let (questions, asked) = mpsc::channel();
    let told = stop.clone();
    std::thread::Builder::new().spawn(move || {
        for line in io::stdin().lines() {
            match line {
                Ok(line) if line == STOP => told.stop(),
                // Nobody receives it if the process is about to end.
                line => drop(questions.send(line)),
            }
        }
        std::process::exit(0);
    })?;
    match serve(specs, asked, io::stdout(), stop) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        other => other,
    }
}
