//! The examples are user-defined specs: every engine, every format and the ablation must take them.

use pagelock::ablation;
use pagelock::export::{corpus, models};
use pagelock::render::{Format, Layout, RenderError, render, side_by_side};
use pagelock::report::diagnostics::{of_all, of_each};
use pagelock::runner::{Selection, Workers, run_all};
use pagelock::spec::{self, Expectation, Spec, Specs};

#[path = "../../examples/bounded_queue.rs"]
#[allow(dead_code, reason = "its `main` is not run here")]
mod bounded_queue;
#[path = "../../stateful-tests/explorer.rs"]
#[allow(dead_code, reason = "the stateful suite uses all of it")]
mod explorer;
#[path = "../../examples/folio_before_transaction.rs"]
#[allow(dead_code, reason = "its `main` is not run here")]
mod folio_before_transaction;
#[path = "../../examples/forgotten_fault_locked.rs"]
#[allow(dead_code, reason = "its `main` is not run here")]
mod forgotten_fault_locked;
#[path = "../../examples/hole_punch.rs"]
#[allow(dead_code, reason = "its `main` is not run here")]
mod hole_punch;
#[path = "../../examples/lock_programs.rs"]
#[allow(dead_code, reason = "its `main` is not run here")]
pub(crate) mod lock_programs;
#[path = "../../examples/two_locks.rs"]
#[allow(dead_code, reason = "its `main` is not run here")]
mod two_locks;

static SPECS: [&Spec; 6] = [
    &bounded_queue::SPEC,
    &folio_before_transaction::SPEC,
    &forgotten_fault_locked::SPEC,
    &hole_punch::SPEC,
    &lock_programs::SPEC,
    &two_locks::SPEC,
];

fn examples() -> Specs {
    Specs::from(&SPECS)
}

#[test]
fn every_example_is_here() {
    let files = std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/examples"));
    assert_eq!(files.expect("there are examples").count(), SPECS.len());
}

#[test]
fn the_smallest_is_under_sixty_lines() {
    let text = include_str!("../../examples/two_locks.rs");
    assert!(text.lines().count() < 60);
}

#[test]
fn every_engine_says_what_is_on_record() {
    let jobs = Selection::default()
        .jobs(examples())
        .expect("there are some");
    let results = run_all(&jobs, &Workers::Threads, &|_, _| ());
    let (runs, mut diagnostics) = of_each(&results);
    diagnostics.extend(of_all(&runs));
    let texts: Vec<String> = diagnostics
        .iter()
        .map(pagelock::report::diagnostics::Diagnostic::text)
        .collect();
    assert!(texts.is_empty(), "{texts:#?}");
}

#[test]
fn every_counterexample_has_every_format_and_runs_again() {
    for spec in examples() {
        let (old, scenario) = (&spec.designs[0], &spec.scenarios[0]);
        let trace = spec::counterexample(spec, old, scenario, None).expect("a result");
        let trace = trace.expect("the old design fails");
        for format in Format::ALL {
            match render(&trace, *format, Layout::default()) {
                Ok(text) if *format == Format::Screen => assert!(!text.contains("()"), "{text}"),
                Ok(text) => assert!(text.contains(spec.name) || *format == Format::Changelog),
                Err(RenderError::NoCycle { .. }) => assert!(trace.cycle.is_none()),
                Err(error) => panic!("{}, {format:?}: {error}", spec.name),
            }
        }
        let both = side_by_side(&trace, Layout::default()).expect("there is a reference");
        assert!(both.contains("patched: PASS"), "{both}");
        let again = spec::replay_trace(examples(), &trace, pagelock::engine::Engine::Loom);
        assert_eq!(again.expect("it fails again").property, trace.property);
    }
}

#[test]
fn another_checker_comes_to_the_same() {
    let asked = models(examples(), &[], None).expect("there are models");
    let made = corpus(&asked, &|_, _| ()).expect("the searches end");
    assert_eq!(made.differences, [""; 0]);
    let text = serde_json::to_string(&made.corpus).expect("it is JSON");
    let read: explorer::Corpus = serde_json::from_str(&text).expect("it is a corpus");
    for model in read.specs.iter().flat_map(|spec| &spec.models) {
        let automata = model.automata.as_ref().expect("examples are small");
        let explored = automata.explore().expect("the automata make sense");
        let found = model.result.as_ref().expect("it was searched");
        assert_eq!(
            (explored.states, explored.transitions),
            (found.states, found.transitions)
        );
        assert_eq!(explored.ends, found.ends);
        let violated = found.violated.iter().map(|one| one.property.clone());
        assert_eq!(explored.violated, violated.collect());
    }
}

#[test]
fn every_clause_of_an_example_is_needed() {
    for spec in examples() {
        let study = ablation::patch(spec, &|_, _| ()).expect("there are two designs");
        for row in &study.rows {
            assert!(
                !row.violates.is_empty(),
                "{} {}",
                spec.name,
                row.clause.name
            );
        }
        assert_eq!(ablation::differences(&study), [""; 0]);
    }
}

/// The result of a search is in the file whatever is expected, and the difference is reported.
#[test]
fn what_is_not_as_expected_is_reported() {
    static WRONG: Spec = Spec {
        expectations: &[Expectation::passes("old", "two")],
        ..two_locks::SPEC
    };
    static ONE: [&Spec; 1] = [&WRONG];
    let asked = models(Specs::from(&ONE), &[], None).expect("there is one");
    let made = corpus(&asked, &|_, _| ()).expect("the search ends");
    assert_eq!(
        made.differences,
        ["two-locks/old in `two`: `no-deadlock` is violated, and that is not expected"]
    );
    let found = made.corpus.specs[0].models[0].result.as_ref();
    let found = found.expect("it was searched");
    assert_eq!(found.verdict, spec::Verdict::Violated);
    assert!(found.differs.is_some());
}
