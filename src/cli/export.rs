//! `pagelock export`.

use super::args::Export;
use super::check::told;
use super::output::{deliver, ready};
use super::{Answer, Exit};
use crate::escape;
use crate::export::{corpus, models};
use crate::spec::Specs;

pub(super) fn run(specs: Specs, arguments: &Export) -> Answer {
    let scenario = arguments.scenario.as_deref();
    let models = match models(specs, &arguments.targets, scenario) {
        Ok(models) => models,
        Err(complaint) => return Answer::bad(complaint.to_string()),
    };
    // Before everything is searched in vain.
    if let Err(complaint) = ready(&arguments.output) {
        return Answer::bad(complaint);
    }
    let made = match corpus(&models, &|done, all| told("models", done, all)) {
        Ok(made) => made,
        Err(error) => {
            return Answer {
                exit: Exit::Incomplete,
                ..Answer::bad(error.to_string())
            };
        }
    };
    let text = if arguments.pretty {
        serde_json::to_string_pretty(&made.corpus)
    } else {
        serde_json::to_string(&made.corpus)
    };
    let mut answer = match text {
        Ok(text) => deliver(escape::json(&text) + "\n", &arguments.output),
        Err(error) => Answer::bad(error.to_string()),
    };
    for difference in made.differences {
        answer.complain(Exit::Differs, difference);
    }
    answer
}
