//! A check as GitHub shows it: an annotation for each diagnostic, and a summary of the job.

use super::diagnostics::Diagnostic;
use super::table::{self, place};
use crate::engine::Finding;
use crate::escape::{annotation, annotation_property, code, markdown, xml};
use crate::render::{Format, Layout, render};
use crate::spec::{Run, counterexample, trace_of};
use crate::trace::{Source, Trace};
use std::fmt::Write as _;

/// One workflow command for each diagnostic: `::error` with the line of the model step that breaks the
/// property, where there is one.
#[must_use]
pub fn annotations(diagnostics: &[Diagnostic<'_>]) -> String {
    let mut text = String::new();
    for diagnostic in diagnostics {
        let title = annotation_property(diagnostic.kind.title());
        let source = diagnostic.run.and_then(last_step);
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
            annotation(&diagnostic.text)
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

/// The first finding that is not expected, or else the first there is.
fn unexpected(run: &Run) -> Option<&Finding> {
    let expected = run.expectation.outcome.properties();
    let mut findings = run.search.findings.iter();
    let new = findings.find(|finding| !expected.contains(&finding.property.as_str()));
    new.or(run.search.findings.first())
}

/// The summary of the job in Markdown: what is wrong, the verdict table, and diagrams of what fails; of
/// the first design that is expected to fail if all is as expected.
#[must_use]
pub fn summary(runs: &[&Run], diagnostics: &[Diagnostic<'_>]) -> String {
    let differ = runs.iter().filter(|run| run.differs.is_some()).count();
    let complete = runs.iter().filter(|run| run.search.statistics.complete);
    let mut text = format!(
        "## pagelock\n\n{} searches: {} as expected, {differ} not; {} exhaustive and complete\n",
        runs.len(),
        runs.len() - differ,
        complete.count()
    );
    for diagnostic in diagnostics {
        let _ = writeln!(
            text,
            "\n- **{}**: {}",
            diagnostic.kind.title(),
            markdown(&diagnostic.text)
        );
    }
    for run in runs
        .iter()
        .filter(|run| run.differs.is_some())
        .take(MOST_DIAGRAMS)
    {
        if let Some(trace) = unexpected(run).and_then(|finding| trace_of(run, finding).ok()) {
            diagram(&mut text, &markdown(&place(run)), &trace);
        }
    }
    if diagnostics.is_empty() {
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
