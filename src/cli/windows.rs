//! `pagelock windows`.

use super::args::OfSpecs;
use super::check::progress;
use super::clauses::asked;
use super::{Answer, Exit, interrupt};
use crate::ablation;
use crate::report::{merges_json, merges_screen};
use crate::spec::Specs;

pub(super) fn run(specs: Specs, arguments: &OfSpecs) -> Answer {
    let specs = match asked(specs, arguments.spec.as_deref(), "the list") {
        Ok(specs) => specs,
        Err(complaint) => return Answer::bad(complaint),
    };
    if let Err(complaint) = interrupt::ends_everything() {
        return Answer::bad(complaint);
    }
    let merges = specs
        .into_iter()
        .map(|spec| ablation::merged(spec, &progress));
    let merges: Vec<ablation::Merges> = merges.collect();
    let complaints: Vec<String> = merges.iter().flat_map(|all| all.failed.clone()).collect();
    Answer {
        text: if arguments.json {
            merges_json(&merges)
        } else {
            merges_screen(&merges)
        },
        exit: if complaints.is_empty() {
            Exit::AsRecorded
        } else {
            Exit::Incomplete
        },
        complaints,
    }
}
