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
pub fn junit(runs: &[&Run], complaints: &[Diagnostic<'_>]) -> Result<String, SerializeError> {
    let mut report = Report::new(env!("CARGO_PKG_NAME"));
    let about = |run: &Run| {
        let is_of = |complaint: &&Diagnostic<'_>| {
            let own = complaint.run.is_some_and(|other| std::ptr::eq(other, run));
            own && !complaint.together
        };
        complaints.iter().filter(is_of).collect::<Vec<_>>()
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
    let of_none = |complaint: &&Diagnostic<'_>| complaint.together || complaint.run.is_none();
    for complaint in complaints.iter().filter(of_none) {
        let mut case = TestCase::new(complaint.kind.title(), status(&[complaint]));
        case.set_classname(env!("CARGO_PKG_NAME"));
        others.add_test_case(case);
    }
    if !others.test_cases.is_empty() {
        report.add_test_suite(others);
    }
    // What a property or a name has in it, XML may not have.
    report.to_string().map(|xml| screen(&xml))
}

fn status(complaints: &[&Diagnostic<'_>]) -> TestCaseStatus {
    let Some(worst) = complaints.iter().max_by_key(|complaint| complaint.kind) else {
        return TestCaseStatus::success();
    };
    let kind = match worst.kind {
        DiagnosticKind::Incomplete => NonSuccessKind::Error,
        DiagnosticKind::Differs | DiagnosticKind::Disagree => NonSuccessKind::Failure,
    };
    let mut status = TestCaseStatus::non_success(kind);
    let texts = complaints
        .iter()
        .map(|complaint| printable(&complaint.text));
    let texts: Vec<String> = texts.collect();
    status.set_type(worst.kind.title());
    status.set_message(printable(&worst.text));
    status.set_description(texts.join("\n"));
    status
}

fn case(run: &Run, complaints: &[&Diagnostic<'_>]) -> TestCase {
    let name = format!("{} ({})", run.scenario.name, run.strategy);
    let mut case = TestCase::new(name, status(complaints));
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
        ("complete", run.search.receipt.complete.to_string()),
        ("executions", run.search.receipt.executions.to_string()),
        ("fingerprint", run.search.receipt.fingerprint.clone()),
    ] {
        case.add_property((name, value.as_str()));
    }
    if run.differs.is_some() {
        // What cannot be shown is not: the complaint stands.
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
