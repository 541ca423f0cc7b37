//! Every format of every pinned counterexample has its documented properties; three are pinned whole.

use crate::counterexamples::counterexample;
use crate::schema::errors;
use pagelock::render::{Format, Layout, RenderError, render, side_by_side, steps};
use pagelock::trace::{JSON_SCHEMA, SCHEMA, Trace};
use serde_json::Value;
use std::sync::LazyLock;

static SCHEMA_OF_TRACE: LazyLock<Value> =
    LazyLock::new(|| serde_json::from_str(JSON_SCHEMA).expect("a schema is JSON"));

/// Renders a counterexample in every way, and looks at what each promises.
pub(crate) fn all(trace: &Trace) {
    for format in Format::ALL.iter().copied() {
        for full in [false, true] {
            let shown = render(trace, format, Layout { width: 100, full });
            match (shown, &trace.cycle) {
                (Ok(text), _) => assert_format(trace, format, full, &text),
                (Err(RenderError::NoCycle { .. }), None) => {
                    assert!(matches!(format, Format::Lockdep | Format::Dept), "{format}");
                }
                (Err(error), _) => panic!("{format}: {error}"),
            }
        }
    }
    for full in [false, true] {
        let shown = side_by_side(trace, Layout { width: 100, full });
        match &trace.reference {
            None => assert_eq!(shown, Err(RenderError::NoReference)),
            Some(_) => assert!(shown.is_ok_and(|text| text.contains("<>"))),
        }
    }
    let texts = steps(trace, Layout::default());
    assert_eq!(
        texts.len(),
        trace.schedule.len() + 2,
        "a head, the steps, an end"
    );
}

fn assert_format(trace: &Trace, format: Format, full: bool, text: &str) {
    let widest = text
        .lines()
        .map(|line| line.chars().count())
        .max()
        .unwrap_or(0);
    match format {
        Format::Json => {
            let value = serde_json::from_str(text).expect("it is JSON");
            assert_eq!(errors(&SCHEMA_OF_TRACE, &value), [""; 0]);
            let back: Trace = serde_json::from_str(text).expect("a record is JSON");
            assert_eq!(&back, trace);
            assert_eq!(back.schema, SCHEMA);
        }
        Format::Changelog => assert!(widest <= 75, "{widest} columns:\n{text}"),
        Format::Mermaid => {
            let threads = text.matches("\n  participant ").count();
            assert!((1..=8).contains(&threads), "{threads} threads");
            let steps = text
                .lines()
                .filter(|line| line.contains("<br/>") || line.contains("-x"));
            assert!(steps.count() <= 40, "at most forty steps");
        }
        Format::Screen | Format::Lockdep | Format::Dept => {
            assert!(text.is_ascii(), "{format} survives mail");
        }
        _ => (),
    }
    // What is folded is there in full.
    if full && format == Format::Screen {
        let operations = trace.schedule.len();
        let shown = (1..=operations).all(|number| text.contains(&format!("\n{number:>4}  ")));
        assert!(shown, "every operation has a row");
    }
}

/// One of each kind: a deadlock, a lost store, an orphan.
#[test]
fn every_format_of_one_of_each_kind() {
    for (spec, design, scenario) in [
        ("ext4-journal-start", "old", "write"),
        ("page-mkwrite", "old", "lost-store"),
        ("nfs-coalesce", "old", "signal"),
    ] {
        let trace = counterexample(spec, design, scenario, None);
        for format in [
            Format::Mermaid,
            Format::Lockdep,
            Format::Dept,
            Format::Changelog,
        ] {
            if let Ok(text) = render(&trace, format, Layout::default()) {
                insta::assert_snapshot!(format!("{spec}-{format}"), text);
            }
        }
        let text = side_by_side(&trace, Layout::default()).expect("it has a reference");
        insta::assert_snapshot!(format!("{spec}-side-by-side"), text);
    }
}

#[test]
fn a_narrow_screen_is_as_narrow_as_that() {
    let trace = counterexample("ext4-journal-start", "old", "write", None);
    for width in [60, 80, 120] {
        let layout = Layout { width, full: false };
        let text = render(&trace, Format::Screen, layout).expect("every one has a screen");
        let mut lines = text.lines().filter(|line| !line.starts_with("  replay"));
        assert!(
            lines.all(|line| line.len() <= width),
            "{width} columns:\n{text}"
        );
    }
}
