//! What CI is shown of a check, when all is as expected and when it is not.

use super::diagnostics::{self, DiagnosticKind};
use super::{annotations, causes, junit, summary};
use crate::engine::Strategy;
use crate::protocols;
use crate::spec::{self, CheckError, Run, Verdict};

/// The old design of ext4-journal-start, in which there is something to see.
fn run(differs: Option<&str>) -> Result<Run, CheckError> {
    let spec = protocols::find("ext4-journal-start").expect("it is listed");
    let (design, scenario) = (spec.design("old"), spec.scenario("write"));
    let (design, scenario) = (design.expect("listed"), scenario.expect("listed"));
    let run = spec::check(spec, design, scenario, &Strategy::ExplicitState)?;
    Ok(Run {
        differs: differs.map(ToString::to_string),
        ..run
    })
}

#[test]
fn what_is_as_expected_is_no_error() {
    let results = [run(None)];
    let (runs, diagnostics) = diagnostics::of_each(&results);
    assert!(diagnostics.is_empty());
    assert_eq!(annotations(&causes(&diagnostics)), "");
    let xml = junit(&runs, &diagnostics).expect("XML");
    assert!(xml.contains("failures=\"0\" errors=\"0\""), "{xml}");
    assert!(
        xml.contains("classname=\"ext4_journal_start::old::stateful\""),
        "{xml}"
    );
    let summary = summary(&runs, &causes(&diagnostics));
    assert!(
        summary.contains("1 searches: 1 as expected, 0 not"),
        "{summary}"
    );
    assert!(summary.contains("```mermaid\nsequenceDiagram"), "{summary}");
    assert!(
        summary.contains("| old | write | fails: no-deadlock |"),
        "{summary}"
    );
}

#[test]
fn what_differs_is_annotated_at_the_step_of_the_model() {
    let results = [run(Some("100% of it, twice\nover"))];
    let (runs, diagnostics) = diagnostics::of_each(&results);
    assert_eq!(diagnostics.len(), 1);
    assert_eq!(diagnostics[0].kind, DiagnosticKind::Differs);
    let text = annotations(&causes(&diagnostics));
    let (head, said) = text.trim_end().split_once("::ext4").expect("a place");
    assert!(head.starts_with("::error file=src/"), "{head}");
    assert!(head.contains(",line="), "{head}");
    assert!(head.ends_with("title=not as expected"), "{head}");
    assert!(
        said.contains("100%25 of it, twice%0Aover [stateful]; `trace "),
        "{said}"
    );
    let xml = junit(&runs, &diagnostics).expect("XML");
    assert!(xml.contains("failures=\"1\" errors=\"0\""), "{xml}");
    assert!(xml.contains("<failure"), "{xml}");
    assert!(
        xml.contains("*** DEADLOCK ***") || xml.contains("cycle "),
        "{xml}"
    );
    assert!(
        summary(&runs, &causes(&diagnostics))
            .contains("- **not as expected**: ext4-journal-start/old")
    );
}

#[test]
fn what_has_no_result_is_an_error_and_has_no_line() {
    let incomplete = run(None).map(|mut run| {
        run.search.statistics.complete = false;
        run.verdict = Verdict::Incomplete;
        run
    });
    let results = [
        Err(CheckError::Elsewhere("a worker died".to_string())),
        incomplete,
    ];
    let (runs, diagnostics) = diagnostics::of_each(&results);
    assert_eq!(runs.len(), 1);
    assert!(
        diagnostics
            .iter()
            .all(|diagnostic| diagnostic.kind == DiagnosticKind::Incomplete)
    );
    let text = annotations(&causes(&diagnostics[..1]));
    assert_eq!(text, "::error title=incomplete::a worker died\n");
    let xml = junit(&runs, &diagnostics).expect("XML");
    assert!(
        xml.contains("tests=\"2\" skipped=\"0\" failures=\"0\" errors=\"2\""),
        "{xml}"
    );
}
