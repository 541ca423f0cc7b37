//! `pagelock atomicity`.

use super::answer::{Answer, Exit};
use super::args::OfSpecs;
use super::clauses::asked;
use super::interrupt;
use super::progress::Progress;
use crate::ablation;
use crate::report::{atomicity_json, atomicity_screen};
use crate::spec::Specs;

pub(super) fn run(specs: Specs, arguments: &OfSpecs) -> Answer {
    let specs = match asked(specs, arguments.spec.as_deref(), "the list") {
        Ok(specs) => specs,
        Err(error) => return Answer::bad(error),
    };
    if let Err(error) = interrupt::exit_on_interrupt() {
        return Answer::bad(error);
    }
    let mut all = Vec::new();
    for spec in specs {
        let progress = Progress::new(format!("checking {}", spec.name), "searches");
        all.push(ablation::atomicity(spec, &|done, all| {
            progress.show(done, all);
        }));
    }
    let diagnostics: Vec<String> = all.iter().flat_map(|one| one.failed.clone()).collect();
    Answer {
        text: if arguments.json {
            atomicity_json(&all)
        } else {
            atomicity_screen(&all)
        },
        exit: if diagnostics.is_empty() {
            Exit::AsExpected
        } else {
            Exit::Incomplete
        },
        diagnostics,
    }
}
