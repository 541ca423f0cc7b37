//! `pagelock diff`.

use super::answer::{Answer, Exit};
use super::args::Diff;
use super::output::{deliver, ready, screen_width};
use crate::render::{Format, Layout, render, side_by_side};
use crate::runner::{find_design, find_designs, find_scenario};
use crate::spec::{self, Design, Expected, Scenario, Spec, Specs};

pub(super) fn run(specs: Specs, arguments: &Diff) -> Answer {
    // Before any search: a refusal must not come after it.
    if let Err(error) = ready(&arguments.output) {
        return Answer::bad(error);
    }
    let designs = match designs(specs, arguments) {
        Ok(found) => found,
        Err(error) => return Answer::bad(error),
    };
    let (spec, old, new) = designs;
    let scenario = match scenario(arguments, spec, old, new) {
        Ok(found) => found,
        Err(error) => return Answer::bad(error),
    };
    let property = arguments.property.as_deref();
    let trace = match spec::counterexample_against(spec, old, scenario, property, Some(new)) {
        Err(error) => {
            return Answer {
                exit: Exit::Incomplete,
                ..Answer::bad(error.to_string())
            };
        }
        Ok(None) => {
            return Answer::bad(format!(
                "{}/{} has no such counterexample in `{}`",
                spec.name, old.name, scenario.name
            ));
        }
        Ok(Some(trace)) => trace,
    };
    let layout = Layout {
        width: arguments.width.unwrap_or_else(screen_width),
        full: arguments.full,
    };
    let text = if arguments.json {
        render(&trace, Format::Json, layout)
    } else {
        side_by_side(&trace, layout)
    };
    match text {
        Ok(text) => deliver(text, &arguments.output),
        Err(error) => Answer::bad(error.to_string()),
    }
}

type Two = (&'static Spec, &'static Design, &'static Design);

/// The spec and its two designs; left out, the old and the patched one.
fn designs(specs: Specs, arguments: &Diff) -> Result<Two, String> {
    let all = find_designs(specs, &arguments.spec).map_err(|error| error.to_string())?;
    // A spec has designs; of one of them alone, the spec is what counts.
    let spec = all[0].0;
    let design = |name: &Option<String>, or: Option<&'static Design>| match name {
        Some(name) => {
            let target = format!("{}/{name}", spec.name);
            let found = find_design(specs, &target).map_err(|error| error.to_string());
            found.map(|(_, design)| design)
        }
        None => or.ok_or_else(|| {
            format!(
                "{} has one design: there is nothing to compare it with",
                spec.name
            )
        }),
    };
    let old = design(&arguments.old, spec.designs.first())?;
    Ok((spec, old, design(&arguments.new, spec.patched())?))
}

/// The scenario that was asked for, or the first in which the one fails and the other does not, or the
/// first in which the one fails.
fn scenario(
    arguments: &Diff,
    spec: &'static Spec,
    old: &'static Design,
    new: &'static Design,
) -> Result<&'static Scenario, String> {
    if let Some(name) = &arguments.scenario {
        return find_scenario(&[(spec, old)], name).map_err(|error| error.to_string());
    }
    let verdict = |design: &Design, scenario: &str| {
        let expectation = spec.expectation(design.name, scenario);
        expectation.map(|expectation| expectation.outcome)
    };
    let fails = |scenario: &&Scenario| {
        let properties =
            verdict(old, scenario.name).map_or(&[][..], |verdict| verdict.properties());
        match &arguments.property {
            Some(property) => properties.contains(&property.as_str()),
            None => !properties.is_empty(),
        }
    };
    let passes = |scenario: &&Scenario| verdict(new, scenario.name) == Some(Expected::Pass);
    let mut failing = spec.scenarios.iter().filter(fails);
    let first = failing.next();
    let clear = first.into_iter().chain(failing).find(passes);
    clear.or(first).ok_or_else(|| {
        format!(
            "{}/{} passes in every scenario: there is nothing to compare",
            spec.name, old.name
        )
    })
}
