//! A check as JUnit XML, which most CI services show.

use super::diagnostics::{Diagnostic, DiagnosticKind};
use crate::escape::{printable, screen};
use crate::render::{self, Layout};
use crate::spec::{Run, trace_of};
use quick_junit::{NonSuccessKind, Report, SerializeError, TestCase, TestCaseStatus, TestSuite};

/// A suite for each spec, a case for each search, named as the tests are: `{spec}::{design}::{engine}`, with
/// the scenario. What differs from its record fails; what has no result is an error. What only several
/// searches together can tell has a suite of its own.
///
/// # Errors
/// [`SerializeError`] if a text does not fit into XML.
pub fn junit(runs: &[&Run], diagnostics: &[Diagnostic<'_>]) -> Result<String, SerializeError> {
    let mut report = Report::new(env!("CARGO_PKG_NAME"));
    let about = |run: &Run| {
        let is_of = |diagnostic: &&Diagnostic<'_>| {
            let own = diagnostic.run.is_some_and(|other| std::ptr::eq(other, run));
            own && !diagnostic.together
        };
        diagnostics.iter().filter(is_of).collect::<Vec<_>>()
    };
    for group in runs.chunk_by(|a, b| a.spec.name == b.spec.name) {
        let mut suite = TestSuite::new(group[0].spec.name);
        for run in group {
            suite.add_test_case(case(run, &about(run)));
        }
        report.add_test_suite(suite);
    }
    // Also what has no result, and so no case.
    let mut others = TestSuite::new("all searches together");
    let of_none = |diagnostic: &&Diagnostic<'_>| diagnostic.together || diagnostic.run.is_none();
    for diagnostic in diagnostics.iter().filter(of_none) {
        let mut case = TestCase::new(diagnostic.kind.title(), status(&[diagnostic]));
        case.set_classname(env!("CARGO_PKG_NAME"));
        others.add_test_case(case);
    }
    if !others.test_cases.is_empty() {
        report.add_test_suite(others);
    }
    // What a property or a name has in it, XML may not have.
    report.to_string().map(|xml| screen(&xml))
}

fn status(diagnostics: &[&Diagnostic<'_>]) -> TestCaseStatus {
    let Some(worst) = diagnostics.iter().max_by_key(|diagnostic| diagnostic.kind) else {
        return TestCaseStatus::success();
    };
    let kind = match worst.kind {
        DiagnosticKind::Incomplete => NonSuccessKind::Error,
        DiagnosticKind::Differs | DiagnosticKind::Disagree => NonSuccessKind::Failure,
    };
    let mut status = TestCaseStatus::non_success(kind);
    let texts = diagnostics
        .iter()
        .map(|diagnostic| printable(&diagnostic.text()));
    let texts: Vec<String> = texts.collect();
    status.set_type(worst.kind.title());
    status.set_message(printable(&worst.text()));
    status.set_description(texts.join("\n"));
    status
}

fn case(run: &Run, diagnostics: &[&Diagnostic<'_>]) -> TestCase {
    let name = format!("{} ({})", run.scenario.name, run.strategy);
    let mut case = TestCase::new(name, status(diagnostics));
    let module = |name: &str| name.replace('-', "_");
    case.set_classname(format!(
        "{}::{}::{}",
        module(run.spec.name),
        module(run.design.name),
        run.engine
    ));
    case.set_time(run.time);
    for (name, value) in [
        ("verdict", run.verdict.to_string()),
        ("expected", run.expected().to_string()),
        ("complete", run.search.statistics.complete.to_string()),
        ("executions", run.search.statistics.executions.to_string()),
        ("fingerprint", run.search.statistics.fingerprint.clone()),
    ] {
        case.add_property((name, value.as_str()));
    }
    if run.differs.is_some() {
        // What cannot be shown is not: the diagnostic stands.
        let traces = (run.search.findings.iter()).filter_map(|finding| trace_of(run, finding).ok());
        let screens: Vec<String> = traces
            .map(|trace| render::screen(&trace, Layout::default()))
            .collect();
        if !screens.is_empty() {
            case.set_system_out(screens.join("\n"));
        }
    }
    case
}
