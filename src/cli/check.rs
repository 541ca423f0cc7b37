//! `pagelock check`.

use super::args::{Check, CheckFormat};
use super::{Answer, Exit};
use crate::plan::{Asked, Job, Shard, Workers, run_all, write_shard};
use crate::report;
use crate::report::complaints::{self, Complaint, Kind};
use crate::spec::{CheckError, Run, Specs};
use std::fs::OpenOptions;
use std::io::{IsTerminal as _, Write as _};

pub(super) fn run(specs: Specs, arguments: &Check) -> Answer {
    let asked = Asked {
        targets: arguments.targets.clone(),
        scenario: arguments.scenario.clone(),
        engine: arguments.engine.map(Into::into),
        max_states: arguments.max_states,
    };
    let jobs = match asked.jobs(specs) {
        Ok(jobs) => jobs,
        Err(complaint) => return Answer::bad(complaint.to_string()),
    };
    let workers = Workers::of_this_program();
    match arguments.shard {
        Some(shard) => run_shard(shard, &asked, &jobs, &workers),
        None => conclude(
            specs,
            &asked,
            &run_all(&jobs, &workers, &progress),
            arguments.verdicts.format(),
        ),
    }
}

/// Runs a shard. What only all of them together can tell, `merge` says.
fn run_shard(shard: Shard, asked: &Asked, jobs: &[Job], workers: &Workers) -> Answer {
    let own: Vec<Job> = shard.share(jobs).into_iter().map(|(_, job)| job).collect();
    let results = run_all(&own, workers, &progress);
    let (_, complaints) = complaints::of_each(&results);
    let answer = complained(&complaints);
    match write_shard(shard, asked, jobs, results) {
        Ok(text) => Answer { text, ..answer },
        Err(error) => Answer::bad(error.to_string()),
    }
}

/// Holds everything that was found against the records and against one another.
pub(super) fn conclude(
    specs: Specs,
    asked: &Asked,
    results: &[Result<Run, CheckError>],
    format: CheckFormat,
) -> Answer {
    let (runs, mut complaints) = complaints::of_each(results);
    complaints.extend(complaints::of_all(&runs));
    let mut answer = complained(&complaints);
    match format {
        CheckFormat::Json => answer.text = runs.iter().map(|run| report::json_line(run)).collect(),
        CheckFormat::Junit => match report::junit(&runs, &complaints) {
            Ok(text) => answer.text = text,
            Err(error) => answer.complain(Exit::BadInput, error.to_string()),
        },
        CheckFormat::Github => {
            let summary = report::summary(&runs, &complaints);
            match summarize(&summary) {
                Ok(true) => (),
                Ok(false) => answer.text = summary,
                Err(complaint) => {
                    answer.text = summary;
                    answer.complain(Exit::BadInput, complaint);
                }
            }
            answer.text.push_str(&report::annotations(&complaints));
        }
        CheckFormat::Screen => {
            answer.text = report::screen(&runs);
            // The whole table is followed by the counterexample that the crate exists for.
            if *asked == Asked::default() {
                match report::first_counterexamples(specs) {
                    Ok(traces) => answer.text.push_str(&traces),
                    Err(error) => answer.complain(Exit::Incomplete, error.to_string()),
                }
            }
        }
    }
    answer
}

/// Appends to the summary of the job, if GitHub has said where that is.
fn summarize(text: &str) -> Result<bool, String> {
    let Some(path) = std::env::var_os("GITHUB_STEP_SUMMARY").filter(|path| !path.is_empty()) else {
        return Ok(false);
    };
    let file = OpenOptions::new().append(true).create(true).open(&path);
    file.and_then(|mut file| file.write_all(text.as_bytes()))
        .map(|()| true)
        .map_err(|error| format!("{} (GITHUB_STEP_SUMMARY): {error}", path.display()))
}

/// The answer that has these complaints, and no text yet.
pub(super) fn complained(complaints: &[Complaint<'_>]) -> Answer {
    let exit = |complaint: &Complaint<'_>| match complaint.kind {
        Kind::Differs => Exit::Differs,
        Kind::Incomplete => Exit::Incomplete,
        Kind::Disagree => Exit::Disagree,
    };
    Answer {
        text: String::new(),
        exit: complaints.iter().map(exit).max().unwrap_or_default(),
        complaints: (complaints.iter())
            .map(|complaint| complaint.text.clone())
            .collect(),
    }
}

/// One line on a terminal, nothing elsewhere.
pub(super) fn progress(done: usize, all: usize) {
    told("searches", done, all);
}

/// The same of something else than searches.
pub(super) fn told(what: &str, done: usize, all: usize) {
    let mut terminal = std::io::stderr();
    if !terminal.is_terminal() {
        return;
    }
    // Progress that cannot be shown is no error.
    let _ = if done == all {
        write!(terminal, "\r\x1b[K")
    } else {
        write!(terminal, "\rchecking: {done} of {all} {what} done")
    };
    let _ = terminal.flush();
}
