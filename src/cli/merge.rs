//! `pagelock merge`.

use super::answer::Answer;
use super::args::Merge;
use super::check::conclude;
use crate::input;
use crate::runner::merge;
use crate::spec::Specs;

pub(super) fn run(specs: Specs, arguments: &Merge) -> Answer {
    let mut files = Vec::new();
    for path in &arguments.files {
        match input::file(path) {
            Ok(text) => files.push((path.display().to_string(), text)),
            Err(error) => return Answer::bad(format!("cannot read {error}")),
        }
    }
    match merge(specs, &files) {
        Ok((selection, results)) => {
            conclude(specs, &selection, &results, arguments.verdicts.format())
        }
        Err(error) => Answer::bad(error.to_string()),
    }
}
