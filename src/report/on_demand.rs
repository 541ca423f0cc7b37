//! The generated parts that are made when a document asks for them: counterexamples and tables of steps.

use super::{DocumentError, corpus};
use crate::engine::replay;
use crate::export::ModelOf;
use crate::protocols;
use crate::render::{Format, Layout, render, screen, side_by_side};
use crate::spec;
use crate::spec::{CheckError, Scenario, Spec, counterexample};
use crate::trace::{Event, EventKind};
use std::fmt::Write as _;

/// A part that is made when a document asks for it: `SPEC counterexample DESIGN SCENARIO [PROPERTY]`,
/// `SPEC beside DESIGN TWIN SCENARIO`, `SPEC face FORMAT DESIGN SCENARIO`, `SPEC automata DESIGN SCENARIO` or
/// `SPEC steps SCENARIO...`; `None` if there is no such thing.
pub(super) fn on_demand(name: &str) -> Result<Option<String>, DocumentError> {
    let words: Vec<&str> = name.split(' ').collect();
    let Some(spec) = words.first().and_then(|name| protocols::find(name)) else {
        return Ok(None);
    };
    match words[1..] {
        ["counterexample", design, scenario] => trace_of(spec, design, scenario, None),
        ["counterexample", design, scenario, property] => {
            trace_of(spec, design, scenario, Some(property))
        }
        ["beside", design, twin, scenario] => beside_of(spec, design, twin, scenario),
        ["face", format, design, scenario] => face_of(spec, format, design, scenario),
        ["automata", design, scenario] => automata_of(spec, design, scenario),
        ["steps", ref scenarios @ ..] => {
            let found: Option<Vec<&Scenario>> =
                scenarios.iter().map(|name| spec.scenario(name)).collect();
            found.map(|scenarios| steps(spec, &scenarios)).transpose()
        }
        _ => Ok(None),
    }
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

fn beside_of(
    spec: &'static Spec,
    design: &str,
    twin: &str,
    scenario: &str,
) -> Result<Option<String>, DocumentError> {
    let (Some(design), Some(twin)) = (spec.design(design), spec.design(twin)) else {
        return Ok(None);
    };
    let Some(scenario) = spec.scenario(scenario) else {
        return Ok(None);
    };
    let trace = spec::counterexample_against(spec, design, scenario, None, Some(twin))?;
    let shown = trace.and_then(|trace| side_by_side(&trace, Layout::default()).ok());
    Ok(shown.map(|text| format!("```text\n{text}```\n")))
}

fn face_of(
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

/// The steps of each thread of the old and the patched design, from the run in which the threads
/// go one after the other.
fn steps(spec: &'static Spec, scenarios: &[&Scenario]) -> Result<String, DocumentError> {
    let mut text = String::new();
    for design in &spec.designs[..2] {
        for scenario in scenarios {
            let encoding = spec.encoding(design, scenario);
            let replayed = replay(&encoding, &[]).map_err(|error| CheckError::Search {
                spec: spec.name,
                design: design.name,
                scenario: scenario.name,
                error,
            })?;
            let _ = writeln!(
                text,
                "\n<details><summary>{}, scenario {}</summary>\n\n\
                 | step | thread | kernel function | called from | does | object |\n\
                 |---|---|---|---|---|---|",
                design.name, scenario.name
            );
            let told = |event: &&Event| event.kind != EventKind::Drop;
            for event in replayed.events.iter().filter(told) {
                let does = match (event.kind, &event.change) {
                    (EventKind::Acquire, _) => "takes",
                    (EventKind::Release, _) => "gives up",
                    (EventKind::Step, Some(_)) | (EventKind::Update, _) => "changes",
                    (EventKind::Step, None) => "reads",
                    (EventKind::Wait, _) => "waits for",
                    (EventKind::Drop, _) => "drops",
                };
                let number = event.operation.map(|number| number.to_string());
                let _ = writeln!(
                    text,
                    "| {} | {} | `{}` ({}) | {} | {does} | {} |",
                    number.unwrap_or_default(),
                    event.thread,
                    event.function,
                    event.file,
                    event
                        .callers
                        .last()
                        .map(|c| format!("`{c}`"))
                        .unwrap_or_default(),
                    event.object.as_deref().unwrap_or_default(),
                );
            }
            text.push_str("\n</details>\n");
        }
    }
    Ok(text)
}
