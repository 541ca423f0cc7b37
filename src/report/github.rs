//! A check as GitHub shows it: an annotation for each diagnostic, and a summary of the job.

use super::causes::{Cause, unexpected};
use super::table::{self, place};
use crate::escape::{annotation, annotation_property, code, markdown, xml};
use crate::render::{Format, Layout, render};
use crate::spec::{Run, counterexample, trace_of};
use crate::trace::{Source, Trace};
use std::fmt::Write as _;

/// One workflow command for each cause: `::error` with the line of the model step that breaks the
/// property, where there is one.
#[must_use]
pub fn annotations(causes: &[Cause<'_>]) -> String {
    let mut text = String::new();
    for cause in causes {
        let title = annotation_property(cause.kind.title());
        let source = cause.run.and_then(last_step);
        let at = source.map_or(String::new(), |source| {
            format!(
                "file={},line={},",
                annotation_property(&source.file),
                source.line
            )
        });
        let _ = writeln!(
            text,
            "::error {at}title={title}::{}",
            annotation(&format!("{}{}", cause.text, cause.advice))
        );
    }
    text
}

/// The step of the model that the first unexpected counterexample ends with.
fn last_step(run: &Run) -> Option<Source> {
    let trace = trace_of(run, unexpected(run)?).ok()?;
    let mut steps = trace.events.into_iter().rev();
    steps.find_map(|event| event.operation.and(event.model))
}

/// The summary of the job in Markdown: what is wrong, the verdict table, and diagrams of what fails; of
/// the first design that is expected to fail if all is as expected.
#[must_use]
pub fn summary(runs: &[&Run], causes: &[Cause<'_>]) -> String {
    let is_right = |run: &&&Run| run.differs.is_none() && !run.is_cut_off();
    let right = runs.iter().filter(is_right).count();
    let complete = runs.iter().filter(|run| run.search.statistics.complete);
    let mut text = format!(
        "## pagelock\n\n{}; {} searches: {right} as expected, {} not; {} exhaustive and complete\n",
        match causes.len() {
            0 => "All is as expected".to_string(),
            1 => "**1 thing is wrong**".to_string(),
            more => format!("**{more} things are wrong**"),
        },
        runs.len(),
        runs.len() - right,
        complete.count()
    );
    for cause in causes {
        let _ = writeln!(
            text,
            "\n- **{}**: {}",
            cause.kind.title(),
            markdown(&format!("{}{}", cause.text, cause.advice))
        );
    }
    let shown = causes.iter().filter_map(|cause| cause.run);
    for run in shown
        .filter(|run| run.differs.is_some())
        .take(MOST_DIAGRAMS)
    {
        if let Some(trace) = unexpected(run).and_then(|finding| trace_of(run, finding).ok()) {
            diagram(&mut text, &markdown(&place(run)), &trace);
        }
    }
    if causes.is_empty() {
        let mut failing = runs.iter().filter(|run| !run.search.findings.is_empty());
        let first = failing.next();
        let trace =
            first.and_then(|run| counterexample(run.spec, run.design, run.scenario, None).ok()?);
        if let (Some(run), Some(trace)) = (first, trace) {
            let design = markdown(&format!("{}/{}", run.spec.name, run.design.name));
            let name = format!("{design} in {}, as expected", code(run.scenario.name));
            diagram(&mut text, &name, &trace);
        }
    }
    for group in runs.chunk_by(|a, b| a.spec.name == b.spec.name) {
        let _ = write!(
            text,
            "\n<details><summary>{}</summary>\n\n{}\n</details>\n",
            xml(group[0].spec.name),
            table::markdown(group)
        );
    }
    text
}

/// GitHub draws a handful of diagrams in good time.
const MOST_DIAGRAMS: usize = 4;

fn diagram(text: &mut String, title: &str, trace: &Trace) {
    // Every counterexample has this format.
    let Ok(mermaid) = render(trace, Format::Mermaid, Layout::default()) else {
        return;
    };
    let _ = write!(
        text,
        "\n### {title}\n\n{}\n\n```mermaid\n{mermaid}```\n\n{}\n",
        markdown(&trace.sentence),
        code(&trace.replay().to_string())
    );
}
