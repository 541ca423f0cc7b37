//! `pagelock export`.

use super::answer::{Answer, Exit};
use super::args::Export;
use super::output::{deliver, ready};
use super::progress::Progress;
use crate::escape;
use crate::export::{corpus, models};
use crate::spec::Specs;

pub(super) fn run(specs: Specs, arguments: &Export) -> Answer {
    let scenario = arguments.scenario.as_deref();
    let models = match models(specs, &arguments.targets, scenario) {
        Ok(models) => models,
        Err(error) => return Answer::bad(error.to_string()),
    };
    // Before any search: a refusal must not come after it.
    if let Err(error) = ready(&arguments.output) {
        return Answer::bad(error);
    }
    let models_done = Progress::new("exporting", "models");
    let made = match corpus(&models, &|done, all| models_done.show(done, all)) {
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
        answer.add(Exit::Differs, difference);
    }
    answer
}
