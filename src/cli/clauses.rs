//! `pagelock clauses`.

use super::answer::{Answer, Exit};
use super::args::OfSpecs;
use super::check::progress;
use super::interrupt;
use crate::ablation::{self, AblationReport};
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
        reports.extend(ablation::patch(spec, &progress));
        reports.extend(ablation::later(spec, &progress));
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
