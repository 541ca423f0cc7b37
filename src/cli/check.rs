//! `pagelock check`.

use super::args::{Check, EngineName};
use super::{Answer, Exit};
use crate::engine::Engine;
use crate::report::{self, Job};
use crate::spec::{self, Budget, Design, Run, Spec, Verdict};
use std::io::{IsTerminal as _, Write as _};

pub(super) fn run(arguments: &Check) -> Answer {
    let jobs = match jobs(arguments) {
        Ok(jobs) => jobs,
        Err(complaint) => return Answer::bad(complaint),
    };
    let results = report::run_all(&jobs, &progress);
    let mut complaints = Vec::new();
    let mut exit = Exit::AsRecorded;
    let mut worse = |new: Exit| {
        if new as u8 > exit as u8 {
            exit = new;
        }
    };
    let mut runs: Vec<&Run> = Vec::new();
    for result in &results {
        match result {
            Ok(run) => runs.push(run),
            Err(error) => {
                complaints.push(error.to_string());
                worse(Exit::Incomplete);
            }
        }
    }
    for run in &runs {
        if run.verdict == Verdict::Incomplete {
            worse(Exit::Incomplete);
        }
        if let Some(difference) = &run.differs {
            complaints.push(format!("{}: {difference}", report::place(run)));
            worse(Exit::Differs);
        }
    }
    for group in report::groups(&runs) {
        for mark in spec::unreached_marks(&group) {
            let place = report::place(group[0]);
            complaints.push(format!("{place}: no execution reaches the mark `{mark}`"));
            worse(Exit::Differs);
        }
        if let Some(reason) = spec::missed_by_samples(&group) {
            let place = report::place(group[0]);
            complaints.push(format!("{place}: no sample finds `{reason}` violated"));
            worse(Exit::Differs);
        }
        for pair in report::pairs(&group) {
            if let Some(disagreement) = spec::disagreement(pair.0, pair.1) {
                complaints.push(disagreement);
                worse(Exit::Disagree);
            }
        }
    }
    let text = if arguments.json {
        runs.iter().map(|run| report::json_line(run)).collect()
    } else {
        let mut text = report::screen(&runs);
        // The whole table is followed by the counterexample that the crate exists for.
        if arguments.targets.is_empty() && arguments.scenario.is_none() {
            match report::first_counterexamples() {
                Ok(traces) => text.push_str(&traces),
                Err(error) => {
                    complaints.push(error.to_string());
                    worse(Exit::Incomplete);
                }
            }
        }
        text
    };
    Answer {
        text,
        complaints,
        exit,
    }
}

/// Every search that the arguments ask for.
fn jobs(arguments: &Check) -> Result<Vec<Job>, String> {
    let mut designs: Vec<(&'static Spec, &'static Design)> = Vec::new();
    for target in &arguments.targets {
        designs.extend(find_designs(target)?);
    }
    if arguments.targets.is_empty() {
        designs = all_designs();
    }
    if let Some(name) = &arguments.scenario {
        find_scenario(&designs, name)?;
    }
    let engines: Vec<Engine> = match arguments.engine {
        Some(EngineName::Loom) => vec![Engine::Loom],
        Some(EngineName::Stateful) => vec![Engine::Stateful],
        Some(EngineName::Shuttle) => vec![Engine::Shuttle],
        None => Engine::ALL.to_vec(),
    };
    let wanted = |job: &Job| match &arguments.scenario {
        Some(name) => job.scenario.name == name,
        None => true,
    };
    let all = designs
        .into_iter()
        .flat_map(|(spec, design)| report::jobs(spec, design, &engines, &Budget::default()));
    let jobs: Vec<Job> = all.filter(wanted).collect();
    if jobs.is_empty() {
        return Err("nothing to check: no such engine runs that scenario".to_string());
    }
    Ok(jobs)
}

fn all_designs() -> Vec<(&'static Spec, &'static Design)> {
    let designs = |spec: &'static Spec| spec.designs.iter().map(move |design| (spec, design));
    spec::ALL.iter().flat_map(|spec| designs(spec)).collect()
}

/// The designs that `SPEC` or `SPEC/DESIGN` names.
pub(super) fn find_designs(target: &str) -> Result<Vec<(&'static Spec, &'static Design)>, String> {
    let (name, design) = match target.split_once('/') {
        Some((name, design)) => (name, Some(design)),
        None => (target, None),
    };
    let spec = spec::find(name).ok_or_else(|| {
        let known: Vec<&str> = spec::ALL.iter().map(|spec| spec.name).collect();
        format!("there is no spec `{name}`; known: {}", known.join(", "))
    })?;
    let Some(design) = design else {
        return Ok(spec.designs.iter().map(|design| (spec, design)).collect());
    };
    let found = spec.design(design).ok_or_else(|| {
        let known: Vec<&str> = spec.designs.iter().map(|design| design.name).collect();
        format!(
            "{name} has no design `{design}`; known: {}",
            known.join(", ")
        )
    })?;
    Ok(vec![(spec, found)])
}

/// The one design that `SPEC/DESIGN` names.
pub(super) fn find_design(target: &str) -> Result<(&'static Spec, &'static Design), String> {
    let found = find_designs(target)?;
    if let [one] = found[..] {
        return Ok(one);
    }
    let known: Vec<String> = found
        .iter()
        .map(|(_, design)| format!("{target}/{}", design.name))
        .collect();
    Err(format!(
        "`{target}` names a spec; name one of its designs too: {}",
        known.join(", ")
    ))
}

/// Whether one of the designs' specs has the scenario.
pub(super) fn find_scenario(
    designs: &[(&'static Spec, &'static Design)],
    name: &str,
) -> Result<&'static spec::Scenario, String> {
    let mut found = designs.iter().filter_map(|(spec, _)| spec.scenario(name));
    found.next().ok_or_else(|| {
        let all = designs.iter().flat_map(|(spec, _)| spec.scenarios);
        let mut known: Vec<&str> = all.map(|scenario| scenario.name).collect();
        known.sort_unstable();
        known.dedup();
        format!("there is no scenario `{name}`; known: {}", known.join(", "))
    })
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
