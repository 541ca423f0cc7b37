//! `pagelock merge`.

use super::answer::Answer;
use super::args::{CheckFormat, Merge};
use super::check::conclude;
use super::explore;
use crate::explore::{is_explored_part, merge_explored};
use crate::input;
use crate::runner::merge;
use crate::spec::Specs;

pub(super) fn run(specs: Specs, arguments: &Merge, program: &str) -> Answer {
    let mut files = Vec::new();
    for path in &arguments.files {
        match input::file(path) {
            Ok(text) => files.push((path.display().to_string(), text)),
            Err(error) => return Answer::bad(format!("cannot read {error}")),
        }
    }
    if files.iter().any(|(_, text)| is_explored_part(text)) {
        let json = matches!(arguments.verdicts.format(), CheckFormat::Json);
        return match merge_explored(specs, &files) {
            Ok(results) => explore::conclude(&results, json, None),
            Err(error) => Answer::bad(error.to_string()),
        };
    }
    match merge(specs, &files) {
        Ok((selection, results)) => {
            conclude(&selection, &results, &arguments.verdicts, None, program)
        }
        Err(error) => Answer::bad(error.to_string()),
    }
}
