//! `pagelock atomicity`.

use super::args::OfSpecs;
use super::check::progress;
use super::clauses::asked;
use super::{Answer, Exit, interrupt};
use crate::ablation;
use crate::report::{atomicity_json, atomicity_screen};
use crate::spec::Specs;

pub(super) fn run(specs: Specs, arguments: &OfSpecs) -> Answer {
    let specs = match asked(specs, arguments.spec.as_deref(), "the list") {
        Ok(specs) => specs,
        Err(complaint) => return Answer::bad(complaint),
    };
    if let Err(complaint) = interrupt::ends_everything() {
        return Answer::bad(complaint);
    }
    let mut all = Vec::new();
    for spec in specs {
        all.push(ablation::atomicity(spec, &progress));
    }
    let complaints: Vec<String> = all.iter().flat_map(|one| one.failed.clone()).collect();
    Answer {
        text: if arguments.json {
            atomicity_json(&all)
        } else {
            atomicity_screen(&all)
        },
        exit: if complaints.is_empty() {
            Exit::AsRecorded
        } else {
            Exit::Incomplete
        },
        complaints,
    }
}
