//! `pagelock trace`.

use super::answer::{Answer, Exit};
use super::args::Trace;
use super::output::{deliver, ready, screen_width};
use crate::engine::Engine;
use crate::render::{Layout, render};
use crate::report::headline;
use crate::runner::{SelectionError, find_design, find_scenario, known};
use crate::spec::{
    Design, Expected, Scenario, Spec, Specs, counterexample, counterexample_without,
};

pub(super) fn run(specs: Specs, arguments: &Trace) -> Answer {
    // Before any search: a refusal must not come after it.
    if let Err(error) = ready(&arguments.output) {
        return Answer::bad(error);
    }
    let (spec, design) = match target(specs, arguments.target.as_deref()) {
        Ok(found) => found,
        Err(error) => return Answer::bad(error.to_string()),
    };
    let failing: Vec<&str> = (spec.expectations_of(design.name))
        .filter(|expectation| expectation.outcome != Expected::Pass)
        .map(|expectation| expectation.scenario)
        .collect();
    let name = match (&arguments.scenario, failing.first()) {
        (Some(name), _) => name.as_str(),
        (None, Some(first)) => first,
        (None, None) => {
            return Answer::bad(format!(
                "{}/{} passes in every scenario: there is no counterexample to show",
                spec.name, design.name
            ));
        }
    };
    let scenario = match find_scenario(&[(spec, design)], name) {
        Ok(scenario) => scenario,
        Err(error) => return Answer::bad(error.to_string()),
    };
    let property = arguments.property.as_deref();
    if let Some(name) = property
        && spec.property(name).is_none()
    {
        return Answer::bad(format!(
            "{} has no property `{name}`; {}",
            spec.name,
            known(name, spec.properties.iter().map(|property| property.name))
        ));
    }
    if !arguments.without.is_empty() {
        return without(arguments, spec, design, scenario);
    }
    match counterexample(spec, design, scenario, property) {
        Err(error) => Answer {
            exit: Exit::Incomplete,
            ..Answer::bad(error.to_string())
        },
        Ok(None) if property.is_some() && failing.contains(&name) => Answer::bad(format!(
            "{}/{} keeps `{}` in `{name}`; there it violates: {}",
            spec.name,
            design.name,
            property.unwrap_or_default(),
            violated(spec, design, name).join(", ")
        )),
        Ok(None) => Answer::bad(format!(
            "{}/{} passes in `{name}`: there is no counterexample to show; it fails in: {}",
            spec.name,
            design.name,
            failing.join(", ")
        )),
        Ok(Some(trace)) => shown(&trace, arguments),
    }
}

/// The design that is asked for, or the one whose counterexample is worth reading first.
fn target(
    specs: Specs,
    asked: Option<&str>,
) -> Result<(&'static Spec, &'static Design), SelectionError> {
    let first = headline(&specs.iter().collect::<Vec<_>>())
        .map(|(spec, design)| format!("{spec}/{design}"));
    find_design(specs, asked.or(first.as_deref()).unwrap_or_default())
}

/// The counterexample of a design without some clauses.
fn without(
    arguments: &Trace,
    spec: &'static Spec,
    design: &'static Design,
    scenario: &'static Scenario,
) -> Answer {
    let mut clauses = Vec::new();
    for name in &arguments.without {
        match spec
            .clause(name)
            .filter(|_| design.clauses().contains(&name.as_str()))
        {
            Some(clause) => clauses.push(clause),
            None => {
                return Answer::bad(format!(
                    "{}/{} has no clause `{name}`; it has: {}",
                    spec.name,
                    design.name,
                    design.clauses().join(", ")
                ));
            }
        }
    }
    if !scenario.engines.has(Engine::Stateful) {
        return Answer::bad(format!(
            "`{}` has more states than can be exhausted; variants are searched exhaustively",
            scenario.name
        ));
    }
    let property = arguments.property.as_deref();
    match counterexample_without(spec, design, &clauses, scenario, property) {
        Err(error) => Answer {
            exit: Exit::Incomplete,
            ..Answer::bad(error.to_string())
        },
        Ok(None) => Answer::bad(format!(
            "{}/{} breaks nothing more in `{}` without {}",
            spec.name,
            design.name,
            scenario.name,
            arguments.without.join(", ")
        )),
        Ok(Some(trace)) => shown(&trace, arguments),
    }
}

fn shown(trace: &crate::trace::Trace, arguments: &Trace) -> Answer {
    let layout = Layout {
        width: arguments.shape.width.unwrap_or_else(screen_width),
        full: arguments.shape.full,
    };
    match render(trace, arguments.shape.format, layout) {
        Ok(text) => deliver(text, &arguments.output),
        Err(error) => Answer::bad(error.to_string()),
    }
}

/// The properties that a design is expected to violate in a scenario.
fn violated(spec: &Spec, design: &Design, scenario: &str) -> &'static [&'static str] {
    spec.expectation(design.name, scenario)
        .map_or(&[], |expectation| expectation.outcome.properties())
}
