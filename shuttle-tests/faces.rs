//! Every face of every pinned counterexample keeps its promises; three are pinned whole.

use crate::counterexamples::counterexample;
use jsonschema::Validator;
use pagelock::render::{Format, Layout, RenderError, beside, render, steps};
use pagelock::trace::{JSON_SCHEMA, SCHEMA, Trace};
use std::sync::LazyLock;

const SARIF: &str = include_str!("../tests/schemas/sarif-2.1.0.json");

static RECORD: LazyLock<Validator> = LazyLock::new(|| validator(JSON_SCHEMA));
static LOG: LazyLock<Validator> = LazyLock::new(|| validator(SARIF));

fn validator(schema: &str) -> Validator {
    let schema = serde_json::from_str(schema).expect("a schema is JSON");
    jsonschema::validator_for(&schema).expect("a schema")
}

fn assert_valid(validator: &Validator, text: &str) {
    let value = serde_json::from_str(text).expect("it is JSON");
    let errors: Vec<String> = (validator.iter_errors(&value))
        .map(|error| format!("{}: {error}", error.instance_path()))
        .collect();
    assert!(errors.is_empty(), "{errors:#?}");
}

/// Renders a counterexample in every way, and looks at what each promises.
pub(crate) fn all(trace: &Trace) {
    for format in Format::ALL.iter().copied() {
        for full in [false, true] {
            let shown = render(trace, format, Layout { width: 100, full });
            match (shown, &trace.cycle) {
                (Ok(text), _) => face(trace, format, full, &text),
                (Err(RenderError::NoCycle { .. }), None) => {
                    assert!(matches!(format, Format::Lockdep | Format::Dept), "{format}");
                }
                (Err(error), _) => panic!("{format}: {error}"),
            }
        }
    }
    for full in [false, true] {
        let shown = beside(trace, Layout { width: 100, full });
        match &trace.twin {
            None => assert_eq!(shown, Err(RenderError::NoTwin)),
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

fn face(trace: &Trace, format: Format, full: bool, text: &str) {
    let widest = text
        .lines()
        .map(|line| line.chars().count())
        .max()
        .unwrap_or(0);
    match format {
        Format::Json => {
            assert_valid(&RECORD, text);
            let back: Trace = serde_json::from_str(text).expect("a record is JSON");
            assert_eq!(&back, trace);
            assert_eq!(back.schema, SCHEMA);
        }
        Format::Sarif => assert_valid(&LOG, text),
        Format::Changelog => assert!(widest <= 75, "{widest} columns:\n{text}"),
        Format::Mermaid => {
            let lanes = text.matches("\n  participant ").count();
            assert!((1..=8).contains(&lanes), "{lanes} lanes");
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
fn every_face_of_one_of_each_kind() {
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
        let twin = beside(&trace, Layout::default()).expect("it has a twin");
        insta::assert_snapshot!(format!("{spec}-beside"), twin);
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
