//! The generated parts that are made when a document asks for them, and the tables of steps.

use super::corpus;
use crate::engine::replay;
use crate::export::ModelOf;
use crate::protocols;
use crate::render::{Format, Layout, render, screen, side_by_side};
use crate::spec;
use crate::spec::{CheckError, Spec, counterexample};
use crate::trace::{Event, EventKind, Schedule};
use std::collections::BTreeSet;
use std::fmt::Write as _;
use thiserror::Error;

/// Why a document's generated parts cannot be made.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum DocumentError {
    /// A part has a name that the program does not print.
    #[error("the generated part `{0}` is unknown")]
    Unknown(String),
    /// A part has no end.
    #[error("the generated part `{0}` has no `<!-- end generated -->`")]
    Unended(String),
    /// A document cannot be read.
    #[error("{0}")]
    Unreadable(String),
    /// A check gave no result.
    #[error(transparent)]
    Check(#[from] CheckError),
}

/// A part that is made when a document names it: `SPEC counterexample DESIGN [SCENARIO [PROPERTY]]`,
/// `SPEC side-by-side DESIGN REFERENCE SCENARIO`, `SPEC format FORMAT DESIGN SCENARIO` or
/// `SPEC automata DESIGN SCENARIO`; `None` if there is no such thing.
pub(super) fn on_demand(name: &str) -> Result<Option<String>, DocumentError> {
    let words: Vec<&str> = name.split(' ').collect();
    let Some(spec) = words.first().and_then(|name| protocols::find(name)) else {
        return Ok(None);
    };
    match words[1..] {
        ["counterexample", design] => match first_failing(spec, design) {
            Some(scenario) => trace_of(spec, design, scenario, None),
            None => Ok(None),
        },
        ["counterexample", design, scenario] => trace_of(spec, design, scenario, None),
        ["counterexample", design, scenario, property] => {
            trace_of(spec, design, scenario, Some(property))
        }
        ["side-by-side", design, reference, scenario] => {
            side_by_side_of(spec, design, reference, scenario)
        }
        ["format", format, design, scenario] => format_of(spec, format, design, scenario),
        ["automata", design, scenario] => automata_of(spec, design, scenario),
        _ => Ok(None),
    }
}

/// The first scenario in which a design is expected to fail.
pub(super) fn first_failing(spec: &Spec, design: &str) -> Option<&'static str> {
    let mut expectations = spec.expectations_of(design);
    let failing = expectations.find(|expectation| expectation.outcome.reason().is_some())?;
    Some(failing.scenario)
}

pub(super) fn trace_of(
    spec: &'static Spec,
    design: &str,
    scenario: &str,
    property: Option<&str>,
) -> Result<Option<String>, DocumentError> {
    let (Some(design), Some(scenario)) = (spec.design(design), spec.scenario(scenario)) else {
        return Ok(None);
    };
    let trace = counterexample(spec, design, scenario, property)?;
    Ok(trace.map(|trace| format!("```text\n{}```\n", screen(&trace, Layout::default()))))
}

fn automata_of(
    spec: &'static Spec,
    design: &str,
    scenario: &str,
) -> Result<Option<String>, DocumentError> {
    let (Some(design), Some(scenario)) = (spec.design(design), spec.scenario(scenario)) else {
        return Ok(None);
    };
    Ok(corpus::steps(ModelOf {
        spec,
        design,
        scenario,
    })?)
}

fn side_by_side_of(
    spec: &'static Spec,
    design: &str,
    reference: &str,
    scenario: &str,
) -> Result<Option<String>, DocumentError> {
    let (Some(design), Some(reference)) = (spec.design(design), spec.design(reference)) else {
        return Ok(None);
    };
    let Some(scenario) = spec.scenario(scenario) else {
        return Ok(None);
    };
    let trace = spec::counterexample_against(spec, design, scenario, None, Some(reference))?;
    let shown = trace.and_then(|trace| side_by_side(&trace, Layout::default()).ok());
    Ok(shown.map(|text| format!("```text\n{text}```\n")))
}

fn format_of(
    spec: &'static Spec,
    format: &str,
    design: &str,
    scenario: &str,
) -> Result<Option<String>, DocumentError> {
    let format = Format::ALL
        .iter()
        .copied()
        .find(|other| other.name() == format);
    let (Some(design), Some(scenario)) = (spec.design(design), spec.scenario(scenario)) else {
        return Ok(None);
    };
    let (Some(format), Some(trace)) = (format, counterexample(spec, design, scenario, None)?)
    else {
        return Ok(None);
    };
    // GitHub draws what is in Mermaid.
    let language = if format == Format::Mermaid {
        "mermaid"
    } else {
        "text"
    };
    let shown = render(&trace, format, Layout::default()).ok();
    Ok(shown.map(|text| format!("```{language}\n{text}```\n")))
}

/// The steps of the threads of the old and the patched design, from the run in which they go one after the other.
/// Scenarios are chosen in the order of the spec, so that every kernel function that any of these runs executes is
/// in a table.
pub(super) fn step_tables(spec: &'static Spec) -> Result<String, DocumentError> {
    let mut text = String::from(
        "Between any two steps of a thread any other thread may run. A scenario is listed if it shows a kernel \
         function that none before it shows.\n",
    );
    let mut shown: BTreeSet<(&str, String)> = BTreeSet::new();
    for scenario in spec.scenarios {
        for design in spec.old_and_patched().into_iter().flatten() {
            let encoding = spec.encoding(design, scenario);
            let replayed =
                replay(&encoding, &Schedule::default()).map_err(|error| CheckError::Search {
                    spec: spec.name,
                    design: design.name,
                    scenario: scenario.name,
                    error,
                })?;
            let mut is_new = false;
            for event in &replayed.events {
                is_new |= shown.insert((design.name, event.function.clone()));
            }
            if is_new {
                let _ = writeln!(
                    text,
                    "\n<details><summary>{}, scenario {}</summary>\n\n{}\n</details>",
                    design.name,
                    scenario.name,
                    step_table(&replayed.events)
                );
            }
        }
    }
    Ok(text)
}

fn step_table(events: &[Event]) -> String {
    let mut text = String::from(
        "| step | thread | kernel function | called from | does | object |\n|---|---|---|---|---|---|\n",
    );
    for event in events {
        let does = match (event.kind, &event.change) {
            (EventKind::Drop, _) => continue,
            (EventKind::Acquire, _) => "acquires",
            (EventKind::Release, _) => "releases",
            (EventKind::Step, Some(_)) | (EventKind::Update, _) => "changes",
            (EventKind::Step, None) => "reads",
            (EventKind::Wait, _) => "waits for",
        };
        let number = event.operation.map(|number| number.to_string());
        let caller = event.callers.last().map(|caller| format!("`{caller}`"));
        let _ = writeln!(
            text,
            "| {} | {} | `{}` ({}) | {} | {does} | {} |",
            number.unwrap_or_default(),
            event.thread,
            event.function,
            event.file,
            caller.unwrap_or_default(),
            event.object.as_deref().unwrap_or_default(),
        );
    }
    text
}
