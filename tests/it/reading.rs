//! The tables of docs/reading-a-counterexample.md are written by hand: they must tell of what happens in the
//! picture above them, at the steps that they name.

use pagelock::protocols;
use pagelock::spec;
use pagelock::trace::{Event, Trace};
use std::ops::RangeInclusive;

fn document() -> String {
    let path = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/docs/reading-a-counterexample.md"
    );
    std::fs::read_to_string(path).expect("the document is there")
}

/// The counterexample that a generated part shows.
fn counterexample(marker: &str) -> Option<Trace> {
    let words: Vec<&str> = marker.split(' ').collect();
    let [spec, "counterexample", design, scenario] = words[..] else {
        return None;
    };
    let spec = protocols::find(spec)?;
    let (design, scenario) = (spec.design(design)?, spec.scenario(scenario)?);
    spec::counterexample(spec, design, scenario, None).expect("a result")
}

/// The steps that a row is about: all up to a single number after `to`, all where it names none.
fn steps(cell: &str, last: usize) -> RangeInclusive<usize> {
    let words = cell.split(|c: char| !c.is_ascii_digit());
    let numbers: Vec<usize> = words.filter_map(|word| word.parse().ok()).collect();
    match (numbers.first(), numbers.last()) {
        (Some(first), Some(end)) if first == end && cell.contains("to ") => 0..=*end,
        (Some(first), Some(end)) => *first..=*end,
        _ => 0..=last,
    }
}

/// The functions in backquotes.
fn functions(cell: &str) -> impl Iterator<Item = &str> {
    cell.split('`').skip(1).step_by(2)
}

fn is_in(event: &Event, function: &str) -> bool {
    let callers = event.callers.iter();
    callers
        .chain([&event.function])
        .any(|name| name.contains(function))
}

#[test]
fn hand_written_tables_tell_of_what_happens() {
    let document = document();
    let mut shown: Option<Trace> = None;
    let mut rows = 0;
    for line in document.lines() {
        if let Some(marker) = line.strip_prefix("<!-- generated: ") {
            let found = counterexample(marker.trim_end_matches(" -->"));
            shown = found.or(shown);
        }
        let cells: Vec<&str> = line.split('|').map(str::trim).collect();
        let (Some(trace), [_, when, what, _]) = (&shown, &cells[..]) else {
            continue;
        };
        let range = steps(when, trace.schedule.len());
        assert!(*range.end() <= trace.schedule.len(), "{line}");
        for function in functions(what) {
            let mut number = 0;
            let happens = trace.events.iter().any(|event| {
                number = event.operation.unwrap_or(number);
                range.contains(&number) && is_in(event, function)
            });
            assert!(
                happens,
                "{function} is not at {when} of the picture: {line}"
            );
            rows += 1;
        }
    }
    assert!(rows > 10, "there are tables");
}
