//! `pagelock patch`.

use super::answer::{Answer, Exit};
use super::args::PatchOf;
use super::clauses::asked;
use super::interrupt;
use super::output::screen_width;
use super::progress::Progress;
use crate::ablation::Ablation;
use crate::explore::{Exploration, Extent, explore};
use crate::report::{PatchReport, patch_json, patch_screen};
use crate::spec::{Spec, Specs};

pub(super) fn run(specs: Specs, arguments: &PatchOf) -> Answer {
    let name = arguments.spec.as_deref();
    let mut asked = match asked(specs, name, "the list of hunks") {
        Ok(specs) => specs,
        Err(error) => return Answer::bad(error),
    };
    asked.retain(|spec| spec.patch.is_some());
    if asked.is_empty() {
        let which = name.unwrap_or("no spec");
        let does = if name.is_some() {
            "does not list"
        } else {
            "lists"
        };
        return Answer::bad(format!(
            "{which} {does} the hunks of its patch: see `Spec::patch`"
        ));
    }
    if let Err(error) = interrupt::exit_on_interrupt() {
        return Answer::bad(error);
    }
    let mut answer = Answer::good(String::new());
    let mut reports = Vec::new();
    for spec in asked {
        match of_spec(spec, &mut answer) {
            Ok(report) => reports.extend(report),
            Err(error) => return Answer::bad(error),
        }
    }
    answer.text = if arguments.json {
        patch_json(&reports)
    } else {
        patch_screen(&reports, arguments.width.unwrap_or_else(screen_width))
    };
    answer
}

/// The report of a spec: over its space, if it declares one. What has no result is added to the answer.
fn of_spec(spec: &'static Spec, answer: &mut Answer) -> Result<Option<PatchReport>, String> {
    if spec.space.is_none() {
        let ablations = [Ablation::patch(spec), Ablation::later(spec)];
        let reports = ablations.into_iter().flatten();
        let searched = Progress::new("checking", "searches");
        let reports: Vec<_> = reports
            .map(|mut ablation| ablation.report(&|done, all| searched.show(done, all)))
            .collect();
        return Ok(PatchReport::in_scenarios(spec, &reports));
    }
    let exploration = Exploration {
        classify: false,
        ..Exploration::of(spec, Extent::Gate)
    };
    let scenarios = Progress::new("checking", "scenarios");
    let in_space = |done, all| scenarios.show(done, all);
    let explored = explore(&exploration, &in_space).map_err(|error| error.to_string())?;
    for failure in explored.failures.values() {
        let scenarios = failure.scenarios.scenarios;
        answer.add(
            Exit::Incomplete,
            format!(
                "{}: no result in {scenarios} scenarios: {}",
                spec.name, failure.message
            ),
        );
    }
    Ok(PatchReport::in_space(&exploration, &explored))
}
