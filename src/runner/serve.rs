//! What a worker does.

use super::Job;
use super::build::Build;
use super::outcome::{Outcome, Request, run};
use super::verify::{Models, verified};
use crate::engine::{Limits, Stop};
use crate::input::{self, brief, brief_error};
use crate::spec::{CheckError, Run, Specs};
use serde::{Deserialize, Serialize};
use std::io::{self, Write};
use std::sync::mpsc;

/// The line by which a worker is told to end the search that it is at.
pub(super) const STOP: &str = "stop";

/// The most characters of why there is no result.
const MOST_TOLD: usize = 4_000;

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

/// What a worker says before its first answer.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Greeting {
    pub(super) worker: Build,
}

/// What a worker answers: the question comes back with it, so that no answer is taken for that to another one.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Answer {
    pub(super) search: Request,
    pub(super) result: Reply,
}

/// What came of a search, as a worker answers it, and as it stands in a shard's file.
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

    /// The run that it is of.
    ///
    /// # Errors
    /// What does not fit the search: see [`verified`]. That there is no result is a result.
    pub(super) fn run(self, job: &Job, models: &Models) -> Result<Result<Run, CheckError>, String> {
        match self {
            Self::Outcome(outcome) => verified(*outcome, job, models).map(Ok),
            Self::Error(message) => {
                let message = message.chars().take(MOST_TOLD).collect();
                Ok(Err(CheckError::Elsewhere(message)))
            }
        }
    }
}

/// Runs the searches of these specs that are asked for, one to a line, and answers each with a line, until
/// there are no more, or they are stopped. Before the first answer comes a line that says which build of the program
/// it is.
///
/// ```
/// use pagelock::engine::Stop;
/// use pagelock::runner::serve;
///
/// let question = r#"{"spec":"page-mkwrite","design":"old","scenario":"absent","strategy":"states"}"#;
/// let lines = [Ok(question.to_string())];
/// let mut answers = Vec::new();
/// serve(pagelock::protocols::ALL, lines, &mut answers, &Stop::default()).unwrap();
/// let answers = String::from_utf8(answers).unwrap();
/// let lines: Vec<serde_json::Value> = answers.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
/// assert_eq!(lines[0]["worker"]["version"], env!("CARGO_PKG_VERSION"));
/// assert_eq!(lines[1]["search"]["scenario"], "absent");
/// assert_eq!(lines[1]["result"]["outcome"]["verdict"], "violated");
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
    let greeting = Greeting {
        worker: Build::own()?,
    };
    writeln!(answers, "{}", serde_json::to_string(&greeting)?)?;
    answers.flush()?;
    for line in questions {
        let invalid = |error| io::Error::new(io::ErrorKind::InvalidData, brief_error(&error));
        let question: Question = serde_json::from_str(&line?).map_err(invalid)?;
        let limits = Limits {
            states: question.max_states,
            memory: question.max_memory,
            operations: None,
            stop: stop.clone(),
        };
        let search = question.search;
        let unknown = || {
            let [spec, design, scenario] =
                [&search.spec, &search.design, &search.scenario].map(|name| brief(name));
            Err(CheckError::Elsewhere(format!(
                "there is no {spec}/{design} in `{scenario}`"
            )))
        };
        let result = search
            .job(specs)
            .map_or_else(unknown, |job| run(&job, &limits));
        let answer = Answer {
            result: Reply::of(result),
            search,
        };
        writeln!(answers, "{}", serde_json::to_string(&answer)?)?;
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
    let (questions, asked) = mpsc::sync_channel(1);
    let told = stop.clone();
    std::thread::Builder::new().spawn(move || {
        let mut input = io::stdin().lock();
        while let Some(line) = input::line(&mut input).transpose() {
            match line {
                Ok(line) if line == STOP => told.stop(),
                line => {
                    let is_unreadable = line.is_err();
                    // No thread receives it if the process is about to end.
                    if questions.send(line).is_err() || is_unreadable {
                        // What ends the process says why.
                        return;
                    }
                }
            }
        }
        std::process::exit(0);
    })?;
    match serve(specs, asked, io::stdout(), stop) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        other => other,
    }
}
