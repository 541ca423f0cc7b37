//! `pagelock clauses`.

use super::answer::{Answer, Exit};
use super::args::OfSpecs;
use super::interrupt;
use super::progress::Progress;
use crate::ablation::{self, Ablation, AblationReport};
use crate::explore::{Exploration, Extent, add_needs, explore, sufficient};
use crate::report::{clauses_json, clauses_screen};
use crate::runner::find_designs;
use crate::spec::{Spec, Specs};

pub(super) fn run(specs: Specs, arguments: &OfSpecs) -> Answer {
    let specs = match asked(specs, arguments.spec.as_deref(), "the matrix") {
        Ok(specs) => specs,
        Err(error) => return Answer::bad(error),
    };
    if let Err(error) = interrupt::exit_on_interrupt() {
        return Answer::bad(error);
    }
    let mut reports: Vec<AblationReport> = Vec::new();
    for spec in specs {
        match of_spec(spec) {
            Ok(found) => reports.extend(found),
            Err(error) => return Answer::bad(error),
        }
    }
    let diagnostics: Vec<String> = reports.iter().flat_map(ablation::differences).collect();
    let exit = if diagnostics.is_empty() {
        Exit::AsExpected
    } else {
        Exit::Differs
    };
    let text = if arguments.json {
        clauses_json(&reports)
    } else {
        clauses_screen(&reports)
    };
    Answer {
        text,
        diagnostics,
        exit,
    }
}

/// The reports of a spec: over its space, if it declares one.
fn of_spec(spec: &'static Spec) -> Result<Vec<AblationReport>, String> {
    let ablations = [Ablation::patch(spec), Ablation::later(spec)];
    if spec.space.is_none() {
        let ablations = ablations.into_iter().flatten();
        let searched = Progress::new("checking", "searches");
        return Ok(ablations
            .map(|mut ablation| ablation.report(&|done, all| searched.show(done, all)))
            .collect());
    }
    let exploration = Exploration {
        classify: false,
        ..Exploration::of(spec, Extent::Gate)
    };
    let scenarios = Progress::new("checking", "scenarios");
    let in_space = |done, all| scenarios.show(done, all);
    let explored = explore(&exploration, &in_space).map_err(|error| error.to_string())?;
    let reports = ablations.into_iter().flatten().map(|ablation| {
        let mut report = sufficient(ablation, &exploration, &in_space);
        add_needs(&mut report, &exploration, &explored);
        report
    });
    Ok(reports.collect())
}

/// The spec of this name, or every one. What is shown is of a spec, not of a design.
pub(super) fn asked(
    specs: Specs,
    name: Option<&str>,
    shown: &str,
) -> Result<Vec<&'static Spec>, String> {
    match name {
        None => Ok(specs.iter().collect()),
        Some(name) if name.contains('/') => {
            let (spec, _) = name.split_once('/').unwrap_or_default();
            Err(format!(
                "`{name}` names a design; {shown} is of a spec: {spec}"
            ))
        }
        Some(name) => {
            let found = find_designs(specs, name).map_err(|error| error.to_string())?;
            Ok(found.into_iter().map(|(spec, _)| spec).take(1).collect())
        }
    }
}
