//! `pagelock windows`.

use super::answer::{Answer, Exit};
use super::args::OfSpecs;
use super::check::progress;
use super::clauses::asked;
use super::interrupt;
use crate::ablation;
use crate::report::{merges_json, merges_screen};
use crate::spec::Specs;

pub(super) fn run(specs: Specs, arguments: &OfSpecs) -> Answer {
    let specs = match asked(specs, arguments.spec.as_deref(), "the list") {
        Ok(specs) => specs,
        Err(error) => return Answer::bad(error),
    };
    if let Err(error) = interrupt::exit_on_interrupt() {
        return Answer::bad(error);
    }
    let merges = specs
        .into_iter()
        .map(|spec| ablation::merged(spec, &progress));
    let merges: Vec<ablation::Merges> = merges.collect();
    let diagnostics: Vec<String> = merges.iter().flat_map(|all| all.failed.clone()).collect();
    Answer {
        text: if arguments.json {
            merges_json(&merges)
        } else {
            merges_screen(&merges)
        },
        exit: if diagnostics.is_empty() {
            Exit::AsExpected
        } else {
            Exit::Incomplete
        },
        diagnostics,
    }
}
