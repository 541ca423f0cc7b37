//! `pagelock check`.

use super::args::{Check, CheckFormat};
use super::{Answer, Exit, interrupt};
use crate::engine::{CutOff, Limits, resident_memory};
use crate::output;
use crate::report;
use crate::report::diagnostics::{self, Diagnostic, DiagnosticKind};
use crate::runner::{Job, Selection, Shard, Workers, run_all_within, write_shard};
use crate::spec::{CheckError, Run, Specs};
use std::path::Path;

pub(super) fn run(specs: Specs, arguments: &Check) -> Answer {
    let asked = Selection {
        targets: arguments.targets.clone(),
        scenario: arguments.scenario.clone(),
        engine: arguments.engine.map(Into::into),
        max_states: arguments.max_states,
        max_memory: arguments.max_memory,
    };
    let jobs = match asked.jobs(specs) {
        Ok(jobs) => jobs,
        Err(complaint) => return Answer::bad(complaint.to_string()),
    };
    if asked.max_memory.is_some() && resident_memory().is_none() {
        return Answer::bad("--max-memory: this system does not say how much memory a process has");
    }
    let stop = match interrupt::ends_what_is_under_way(tell_interrupted, interrupt::last_words) {
        Ok(stop) => stop,
        Err(complaint) => return Answer::bad(complaint),
    };
    let limits = Limits {
        memory: asked.max_memory,
        stop,
        ..Limits::default()
    };
    let workers = Workers::of_this_program();
    let search = |jobs: &[Job]| run_all_within(jobs, &workers, &limits, &progress);
    match arguments.shard {
        Some(shard) => {
            let own: Vec<Job> = shard.share(&jobs).into_iter().map(|(_, job)| job).collect();
            conclude_shard(shard, &asked, &jobs, search(&own))
        }
        None => conclude(specs, &asked, &search(&jobs), arguments.verdicts.format()),
    }
}

fn tell_interrupted() {
    clear_progress();
    output::note("interrupted: ending what is under way; once more ends at once");
}

/// Prints the file of a shard. What only all of them together can tell, `merge` says.
fn conclude_shard(
    shard: Shard,
    asked: &Selection,
    jobs: &[Job],
    results: Vec<Result<Run, CheckError>>,
) -> Answer {
    let (_, complaints) = diagnostics::of_each(&results);
    let answer = complained(&complaints, &results);
    match write_shard(shard, asked, jobs, results) {
        Ok(text) => Answer { text, ..answer },
        Err(error) => Answer::bad(error.to_string()),
    }
}

/// Holds everything that was found against the records and against one another.
pub(super) fn conclude(
    specs: Specs,
    asked: &Selection,
    results: &[Result<Run, CheckError>],
    format: CheckFormat,
) -> Answer {
    let (runs, mut complaints) = diagnostics::of_each(results);
    complaints.extend(diagnostics::of_all(&runs));
    let mut answer = complained(&complaints, results);
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
            if *asked == Selection::default() && stopped(results) == 0 {
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
    output::append(Path::new(&path), text)
        .map(|()| true)
        .map_err(|error| format!("{error} (GITHUB_STEP_SUMMARY)"))
}

/// The answer that has these complaints of these results, and no text yet. What was stopped is told in one
/// line, however many searches it is.
pub(super) fn complained(
    complaints: &[Diagnostic<'_>],
    results: &[Result<Run, CheckError>],
) -> Answer {
    let exit = |complaint: &Diagnostic<'_>| match complaint.kind {
        DiagnosticKind::Differs => Exit::Differs,
        DiagnosticKind::Incomplete => Exit::Incomplete,
        DiagnosticKind::Disagree => Exit::Disagree,
    };
    let told = |complaint: &&Diagnostic<'_>| {
        complaint.kind != DiagnosticKind::Incomplete || !complaint.run.is_some_and(is_stopped)
    };
    let mut texts: Vec<String> = (complaints.iter().filter(told))
        .map(|complaint| complaint.text.clone())
        .collect();
    let (all, stopped) = (results.len(), stopped(results));
    if stopped > 0 {
        let done = all - stopped;
        texts.push(format!(
            "interrupted: {done} of {all} searches done; what is not done is incomplete"
        ));
    }
    Answer {
        text: String::new(),
        exit: complaints.iter().map(exit).max().unwrap_or_default(),
        complaints: texts,
    }
}

fn is_stopped(run: &Run) -> bool {
    run.search.cut_off == Some(CutOff::Stopped)
}

/// How many searches were stopped.
fn stopped(results: &[Result<Run, CheckError>]) -> usize {
    let runs = results.iter().flatten();
    runs.filter(|run| is_stopped(run)).count()
}

/// One line on a terminal, nothing elsewhere.
pub(super) fn progress(done: usize, all: usize) {
    told("searches", done, all);
}

/// The same of something else than searches.
pub(super) fn told(what: &str, done: usize, all: usize) {
    if done == all {
        return clear_progress();
    }
    output::progress(&format!("\rchecking: {done} of {all} {what} done"));
}

/// Takes that line away.
pub(super) fn clear_progress() {
    output::progress("\r\x1b[K");
}
