//! `pagelock check`.

use super::args::Check;
use super::{Answer, Exit};
use crate::plan::{self, Asked, Job, Shard, Workers, run_all, write_shard};
use crate::report;
use crate::spec::{self, CheckError, Run, Verdict};
use std::io::{IsTerminal as _, Write as _};

pub(super) fn run(arguments: &Check) -> Answer {
    let asked = Asked {
        targets: arguments.targets.clone(),
        scenario: arguments.scenario.clone(),
        engine: arguments.engine.map(Into::into),
    };
    let jobs = match asked.jobs() {
        Ok(jobs) => jobs,
        Err(complaint) => return Answer::bad(complaint.to_string()),
    };
    let workers = Workers::of_this_program();
    match arguments.shard {
        Some(shard) => run_shard(shard, &asked, &jobs, &workers),
        None => conclude(&asked, &run_all(&jobs, &workers, &progress), arguments.json),
    }
}

/// Runs a shard. What only all of them together can tell, `merge` says.
fn run_shard(shard: Shard, asked: &Asked, jobs: &[Job], workers: &Workers) -> Answer {
    let own: Vec<Job> = shard.share(jobs).into_iter().map(|(_, job)| job).collect();
    let results = run_all(&own, workers, &progress);
    let mut said = Said::default();
    said.each(&results);
    match write_shard(shard, asked, jobs, results) {
        Ok(text) => said.with(text),
        Err(error) => Answer::bad(error.to_string()),
    }
}

/// Holds everything that was found against the records and against one another.
pub(super) fn conclude(asked: &Asked, results: &[Result<Run, CheckError>], json: bool) -> Answer {
    let mut said = Said::default();
    let runs = said.each(results);
    said.together(&runs);
    if json {
        return said.with(runs.iter().map(|run| report::json_line(run)).collect());
    }
    let mut text = report::screen(&runs);
    // The whole table is followed by the counterexample that the crate exists for.
    if *asked == Asked::default() {
        match report::first_counterexamples() {
            Ok(traces) => text.push_str(&traces),
            Err(error) => said.complain(Exit::Incomplete, error.to_string()),
        }
    }
    said.with(text)
}

/// What there is to complain of.
#[derive(Default)]
struct Said {
    complaints: Vec<String>,
    exit: Exit,
}

impl Said {
    fn complain(&mut self, exit: Exit, complaint: String) {
        self.complaints.push(complaint);
        self.exit = self.exit.max(exit);
    }

    /// What each search says by itself. Returns those that have a result.
    fn each<'r>(&mut self, results: &'r [Result<Run, CheckError>]) -> Vec<&'r Run> {
        let mut runs = Vec::new();
        for result in results {
            match result {
                Ok(run) => runs.push(run),
                Err(error) => self.complain(Exit::Incomplete, error.to_string()),
            }
        }
        for run in &runs {
            if run.verdict == Verdict::Incomplete {
                self.exit = self.exit.max(Exit::Incomplete);
            }
            if let Some(difference) = &run.differs {
                self.complain(
                    Exit::Differs,
                    format!("{}: {difference}", report::place(run)),
                );
            }
        }
        runs
    }

    /// What the searches of the same model say together.
    fn together(&mut self, runs: &[&Run]) {
        for group in plan::groups(runs) {
            let place = report::place(group[0]);
            for mark in spec::unreached_marks(&group) {
                let complaint = format!("{place}: no execution reaches the mark `{mark}`");
                self.complain(Exit::Differs, complaint);
            }
            if let Some(reason) = spec::missed_by_samples(&group) {
                let complaint = format!("{place}: no sample finds `{reason}` violated");
                self.complain(Exit::Differs, complaint);
            }
            for (complete, other) in plan::pairs(&group) {
                if let Some(disagreement) = spec::disagreement(complete, other) {
                    self.complain(Exit::Disagree, disagreement);
                }
            }
        }
    }

    fn with(self, text: String) -> Answer {
        Answer {
            text,
            complaints: self.complaints,
            exit: self.exit,
        }
    }
}

/// One line on a terminal, nothing elsewhere.
pub(super) fn progress(done: usize, all: usize) {
    let mut terminal = std::io::stderr();
    if !terminal.is_terminal() {
        return;
    }
    // Progress that cannot be shown is no error.
    let _ = if done == all {
        write!(terminal, "\r\x1b[K")
    } else {
        write!(terminal, "\rchecking: {done} of {all} searches done")
    };
    let _ = terminal.flush();
}
