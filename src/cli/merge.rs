//! `pagelock merge`.

use super::Answer;
use super::args::Merge;
use super::check::conclude;
use crate::plan::merge;
use crate::spec::Specs;
use std::fs;

pub(super) fn run(specs: Specs, arguments: &Merge) -> Answer {
    let mut files = Vec::new();
    for path in &arguments.files {
        match fs::read_to_string(path) {
            Ok(text) => files.push((path.display().to_string(), text)),
            Err(error) => return Answer::bad(format!("cannot read {}: {error}", path.display())),
        }
    }
    match merge(specs, &files) {
        Ok((asked, results)) => conclude(specs, &asked, &results, arguments.verdicts.format()),
        Err(error) => Answer::bad(error.to_string()),
    }
}
