//! `pagelock check`.

use super::answer::{Answer, Exit};
use super::args::{Check, CheckFormat, Verdicts};
use super::interrupt;
use super::output::screen_width;
use super::progress::{self, Progress};
use crate::engine::{CutOff, resident_memory};
use crate::output;
use crate::render::Layout;
use crate::report;
use crate::report::diagnostics::{self, DiagnosticKind};
use crate::report::{Around, Cause, causes};
use crate::runner::{Job, Selection, Shard, Workers, run_all_within, write_shard};
use crate::spec::{CheckError, Run, Specs};
use std::path::Path;
use std::time::{Duration, Instant};

pub(super) fn run(specs: Specs, arguments: &Check, program: &str) -> Answer {
    let selection = Selection {
        targets: arguments.targets.clone(),
        scenario: arguments.scenario.clone(),
        engine: arguments.engine.map(Into::into),
        max_states: arguments.max_states,
        max_memory: arguments.max_memory,
    };
    let jobs = match selection.jobs(specs) {
        Ok(jobs) => jobs,
        Err(error) => return Answer::bad(error.to_string()),
    };
    if selection.max_memory.is_some() && resident_memory().is_none() {
        return Answer::bad("--max-memory: this system does not say how much memory a process has");
    }
    let stop = match interrupt::stop_on_interrupt(note_interrupt, interrupt::print_interrupted) {
        Ok(stop) => stop,
        Err(error) => return Answer::bad(error),
    };
    let limits = selection.limits(stop);
    let workers = Workers::of_this_program();
    let progress = Progress::new("checking", "searches");
    let show = |done, all| progress.show(done, all);
    let search = |jobs: &[Job]| run_all_within(jobs, &workers, &limits, &show);
    let started = Instant::now();
    if let Some(shard) = arguments.shard {
        let own: Vec<Job> = shard.share(&jobs).into_iter().map(|(_, job)| job).collect();
        return conclude_shard(shard, &selection, &jobs, search(&own));
    }
    let results = search(&jobs);
    conclude(
        &selection,
        &results,
        &arguments.verdicts,
        Some(started.elapsed()),
        program,
    )
}

fn note_interrupt() {
    progress::clear();
    output::note("interrupted: waiting for running searches; press Ctrl-C again to quit");
}

/// Prints the file of a shard. `merge` compares the searches of all shards with one another.
fn conclude_shard(
    shard: Shard,
    selection: &Selection,
    jobs: &[Job],
    results: Vec<Result<Run, CheckError>>,
) -> Answer {
    let (_, diagnostics) = diagnostics::of_each(&results);
    let answer = diagnosed(&causes(&diagnostics), &results, true);
    match write_shard(shard, selection, jobs, results) {
        Ok(text) => Answer { text, ..answer },
        Err(error) => Answer::bad(error.to_string()),
    }
}

/// Compares all results with the expected ones and with one another.
pub(super) fn conclude(
    selection: &Selection,
    results: &[Result<Run, CheckError>],
    verdicts: &Verdicts,
    took: Option<Duration>,
    program: &str,
) -> Answer {
    let (runs, mut diagnostics) = diagnostics::of_each(results);
    diagnostics.extend(diagnostics::of_all(&runs));
    let causes = causes(&diagnostics);
    let format = verdicts.format();
    let mut answer = diagnosed(&causes, results, !matches!(format, CheckFormat::Screen));
    match format {
        CheckFormat::Json => answer.text = runs.iter().map(|run| report::json_line(run)).collect(),
        CheckFormat::Junit => match report::junit(&runs, &diagnostics) {
            Ok(text) => answer.text = text,
            Err(error) => answer.add(Exit::BadInput, error.to_string()),
        },
        CheckFormat::Github => {
            let summary = report::summary(&runs, &causes);
            match summarize(&summary) {
                Ok(true) => (),
                Ok(false) => answer.text = summary,
                Err(error) => {
                    answer.text = summary;
                    answer.add(Exit::BadInput, error);
                }
            }
            answer.text.push_str(&report::annotations(&causes));
        }
        CheckFormat::Screen => {
            let width = screen_width();
            // The design of a lone spec may stand without the spec's name.
            let is_lone = |target: &String| runs.iter().any(|run| run.design.name == *target);
            let is_design = |target: &String| target.contains('/') || is_lone(target);
            let of_designs = selection.targets.iter().any(is_design);
            answer.text = if verdicts.table || of_designs || selection.scenario.is_some() {
                report::screen(&runs, took)
            } else {
                let around = Around {
                    program,
                    width,
                    elapsed: took,
                };
                report::summary_screen(&runs, &causes, around)
            };
            let layout = Layout { width, full: false };
            answer
                .text
                .push_str(&report::failure_screen(&causes, &runs, layout));
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

/// The answer with these causes, and no text yet. Stopped searches have one line, however many they are.
pub(super) fn diagnosed(
    causes: &[Cause<'_>],
    results: &[Result<Run, CheckError>],
    with_advice: bool,
) -> Answer {
    let exit = |cause: &Cause<'_>| match cause.kind {
        DiagnosticKind::Differs => Exit::Differs,
        DiagnosticKind::Incomplete => Exit::Incomplete,
        DiagnosticKind::Disagree => Exit::Disagree,
    };
    let is_shown = |cause: &&Cause<'_>| {
        cause.kind != DiagnosticKind::Incomplete || !cause.run.is_some_and(is_stopped)
    };
    let advice = |cause: &Cause<'_>| {
        if with_advice {
            cause.advice.clone()
        } else {
            String::new()
        }
    };
    let mut texts: Vec<String> = (causes.iter().filter(is_shown))
        .map(|cause| cause.text.clone() + &advice(cause))
        .collect();
    let (all, stopped) = (results.len(), stopped(results));
    if stopped > 0 {
        let done = all - stopped;
        texts.push(format!(
            "interrupted: {done} of {all} searches finished; the others are incomplete"
        ));
    }
    Answer {
        text: String::new(),
        exit: causes.iter().map(exit).max().unwrap_or_default(),
        diagnostics: texts,
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
