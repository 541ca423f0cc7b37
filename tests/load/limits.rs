//! A search takes more memory than it may, or its result has nowhere to go.

use crate::Test;
use crate::model::count;
use crate::program::Program;
use pagelock::engine::{CutOff, Limits, Strategy, search, search_within};
use pagelock::model::{Encoding, World};
use std::sync::Arc;

pub(crate) const TESTS: [Test; 3] = [
    ("a_check_gives_it_up", a_check_gives_it_up),
    (
        "a_search_gives_it_up_and_the_next_is_not_hit",
        a_search_gives_it_up_and_the_next_is_not_hit,
    ),
    (
        "a_name_that_is_too_long_is_known_before_any_search",
        a_name_that_is_too_long_is_known_before_any_search,
    ),
];

const SEARCHES: [&str; 5] = ["check", "counters", "--engine", "stateful", "--json"];

fn a_check_gives_it_up() {
    let ended = Program::start(&[&SEARCHES[..], &["--max-memory", "32M"]].concat()).end();
    assert_eq!(ended.code, Some(3), "{}", ended.said);
    for line in ended.lines() {
        if line["scenario"] == "endless" {
            assert_eq!(
                (&line["cut_off"], &line["verdict"]),
                (&"memory".into(), &"incomplete".into())
            );
            assert!(line["states"]["states"].as_u64() > Some(1_000), "{line}");
        } else {
            assert_eq!(
                (&line["complete"], &line["verdict"]),
                (&true.into(), &"pass".into())
            );
        }
    }
    let advice = "it takes more memory than it may; allow more (--max-memory), make the scenario smaller, or \
                  sample it";
    assert!(ended.said.contains(advice), "{}", ended.said);
}

fn a_search_gives_it_up_and_the_next_is_not_hit() {
    let endless: Arc<dyn Encoding> = Arc::new(|world: &mut World| count(world, 4, 60));
    let small: Arc<dyn Encoding> = Arc::new(|world: &mut World| count(world, 3, 3));
    let whole = search(&small, &Strategy::ExplicitState).expect("a result");
    let limits = Limits {
        memory: Some(24 << 20),
        ..Limits::default()
    };
    for _ in 0..3 {
        let part = search_within(&endless, &Strategy::ExplicitState, &limits).expect("a result");
        assert_eq!(part.cut_off, Some(CutOff::Memory));
        assert!(!part.statistics.complete);
        let next = search_within(&small, &Strategy::ExplicitState, &limits).expect("a result");
        assert_eq!((next.cut_off, &next.statistics), (None, &whole.statistics));
    }
}

/// A search of this model says that it has begun, and does not end.
fn a_name_that_is_too_long_is_known_before_any_search() {
    let long = "n".repeat(300);
    for command in [
        &["trace", "stuck/only", "--scenario", "stuck", "-o"][..],
        &["diff", "stuck", "only", "only", "--scenario", "stuck", "-o"],
        &["replay", "stuck/only@stuck:0123456789abcdef:0", "-o"],
        &["export", "stuck", "-o"],
        &["report", "stuck", "-o"],
    ] {
        let mut program = Program::start(&[command, &[&long]].concat());
        let said = program.line();
        let diagnostic = format!("error: cannot write {long}: File name too long");
        assert!(said.starts_with(&diagnostic), "{command:?}: {said}");
        assert_eq!(program.end().code, Some(2));
    }
    let nowhere = [
        "trace",
        "stuck/only",
        "--scenario",
        "stuck",
        "-o",
        "no/such/folder",
    ];
    let said = Program::start(&nowhere).line();
    assert!(
        said.starts_with("error: cannot write no/such/folder: No such file"),
        "{said}"
    );
}
