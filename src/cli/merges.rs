//! `pagelock merges`.

use super::Answer;
use super::args::Merges;
use super::check::progress;
use super::clauses::specs;
use crate::ablation;
use crate::report::{merges_json, merges_screen};

pub(super) fn run(arguments: &Merges) -> Answer {
    let specs = match specs(arguments.spec.as_deref(), "the list") {
        Ok(specs) => specs,
        Err(complaint) => return Answer::bad(complaint),
    };
    let merges = specs
        .into_iter()
        .map(|spec| ablation::merged(spec, &progress));
    let merges: Vec<ablation::Merges> = merges.collect();
    Answer::good(if arguments.json {
        merges_json(&merges)
    } else {
        merges_screen(&merges)
    })
}
