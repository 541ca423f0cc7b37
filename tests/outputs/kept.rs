//! Records and shards in which every text is hostile.

use crate::hostile::{HOSTILE, SPECS};
use crate::{Test, folder, program, safe};
use pagelock::render::{Format, Layout, render, side_by_side, steps};
use pagelock::report::{annotations, causes, diagnostics, json_line, junit, screen, summary};
use pagelock::spec::counterexample;
use pagelock::trace::Trace;
use serde_json::Value;
use std::fs;

pub(crate) const TESTS: [Test; 3] = [
    (
        "a_record_whose_every_text_is_hostile",
        a_record_whose_every_text_is_hostile,
    ),
    (
        "a_record_with_a_hostile_text_is_shown_or_refused",
        a_record_with_a_hostile_text_is_shown_or_refused,
    ),
    (
        "a_shard_with_a_hostile_text_is_merged_or_refused",
        a_shard_with_a_hostile_text_is_merged_or_refused,
    ),
];

/// Every way to a text in a document.
fn texts(value: &Value, way: &str, found: &mut Vec<String>) {
    match value {
        Value::String(_) => found.push(way.to_string()),
        Value::Array(parts) => {
            for (place, part) in parts.iter().enumerate() {
                texts(part, &format!("{way}/{place}"), found);
            }
        }
        Value::Object(fields) => {
            for (name, part) in fields {
                texts(part, &format!("{way}/{name}"), found);
            }
        }
        _ => (),
    }
}

fn record(scenario: &str) -> Trace {
    let spec = SPECS.find("Hostile_1.0").expect("it is listed");
    let (design, scenario) = (spec.design("v1.2"), spec.scenario(scenario));
    let (design, scenario) = (design.expect("listed"), scenario.expect("listed"));
    let trace = counterexample(spec, design, scenario, None).expect("a result");
    trace.expect("it fails")
}

fn a_record_whose_every_text_is_hostile() {
    for scenario in ["two", "waits", "breaks"] {
        let mut value = serde_json::to_value(record(scenario)).expect("it is JSON");
        let mut ways = Vec::new();
        texts(&value, "", &mut ways);
        for way in ways {
            let text = value.pointer_mut(&way).expect("it is there");
            let named = text.as_str().unwrap_or_default();
            // What names a kind of thing cannot be another text; names of threads must still fit together.
            if !way.ends_with("/kind") {
                *text = format!("{HOSTILE}{named}").into();
            }
        }
        let trace: Trace = serde_json::from_value(value).expect("it is a record");
        for full in [false, true] {
            let layout = Layout {
                full,
                ..Layout::default()
            };
            for format in Format::ALL {
                let what = format!("{scenario} {format}");
                let Ok(text) = render(&trace, *format, layout) else {
                    assert!(trace.cycle.is_none(), "{what}");
                    continue;
                };
                match format {
                    Format::Json => {
                        safe::json(&text, &what);
                        assert_eq!(
                            serde_json::from_str::<Trace>(&text).expect("a record"),
                            trace
                        );
                    }
                    Format::Sarif => drop(safe::json(&text, &what)),
                    Format::Mermaid => safe::mermaid(&text, &what),
                    Format::Html => safe::html(&text, &what),
                    _ => safe::lines(&text, &what),
                }
            }
            for text in steps(&trace, layout) {
                safe::lines(&text, "steps");
            }
            if let Ok(text) = side_by_side(&trace, layout) {
                safe::lines(&text, "side_by_side");
            }
        }
    }
}

/// One text at a time, so that what is looked at first does not keep the others from being looked at.
fn a_record_with_a_hostile_text_is_shown_or_refused() {
    let folder = folder("records");
    let value = serde_json::to_value(record("breaks")).expect("it is JSON");
    let mut ways = Vec::new();
    texts(&value, "", &mut ways);
    let file = folder.join("record.json").display().to_string();
    let mut refused = 0;
    for way in ways {
        let mut other = value.clone();
        *other.pointer_mut(&way).expect("it is there") = HOSTILE.into();
        fs::write(&file, other.to_string()).expect("it is written");
        let said = program(&["replay", &file]);
        safe::lines(&said.out, &way);
        safe::lines(&said.err, &way);
        assert!(matches!(said.code, Some(0..=2)), "{way}: {}", said.err);
        refused += usize::from(said.code != Some(0));
    }
    assert!(refused > 5);
}

fn a_shard_with_a_hostile_text_is_merged_or_refused() {
    let folder = folder("shard");
    let asked = ["check", "a/b-x", "--engine", "stateful", "--shard", "1/1"];
    let text = program(&asked).out;
    let lines: Vec<Value> = (text.lines())
        .map(|line| serde_json::from_str(line).expect("each line is JSON"))
        .collect();
    let file = folder.join("shard.jsonl").display().to_string();
    let mut merged = 0;
    for (number, line) in lines.iter().enumerate() {
        let mut ways = Vec::new();
        texts(line, "", &mut ways);
        for way in ways {
            let mut others = lines.clone();
            *others[number].pointer_mut(&way).expect("it is there") = HOSTILE.into();
            let text: Vec<String> = others.iter().map(Value::to_string).collect();
            let text = text.join("\n");
            fs::write(&file, &text).expect("it is written");
            let said = program(&["merge", &file]);
            safe::lines(&said.out, &way);
            safe::lines(&said.err, &way);
            merged += usize::from(library(&text, &way));
        }
    }
    // Nearly every text is compared with what it should be, and refused.
    assert!(merged > 0, "{merged}");
}

/// The same in every format; whether it was merged.
fn library(text: &str, way: &str) -> bool {
    let Ok((_, results)) = pagelock::runner::merge(SPECS, &[("one".to_string(), text.to_string())])
    else {
        return false;
    };
    let (runs, mut all) = diagnostics::of_each(&results);
    all.extend(diagnostics::of_all(&runs));
    let plain = ["\u{1b}[31m", "\u{1b}[32m", "\u{1b}[0m"]
        .iter()
        .fold(screen(&runs, None), |text, colour| text.replace(colour, ""));
    safe::lines(&plain, way);
    for run in &runs {
        let line = json_line(run);
        safe::lines(&line, way);
        serde_json::from_str::<Value>(&line).expect("it is JSON");
    }
    safe::xml(&junit(&runs, &all).expect("it is XML"), way);
    safe::markdown(&summary(&runs, &causes(&all)), way);
    safe::annotations(&annotations(&causes(&all)), causes(&all).len(), way);
    true
}
