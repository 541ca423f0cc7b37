//! Specs whose tables are wrong, or do not say what the searches find.

use pagelock::engine::{Engine, NO_DEADLOCK};
use pagelock::model::{Encoding, Function, World};
use pagelock::render::Layout;
use pagelock::report::diagnostics::{of_all, of_each};
use pagelock::report::{Around, causes, failure_screen, summary_screen};
use pagelock::runner::{Selection, Workers, run_all};
use pagelock::spec::{
    Change, Clause, CoverPoint, Design, Expectation, Hunk, Patch, Property, Scenario, Spec, Specs,
    Variant, WithoutHunk, counterexample,
};
use std::process::ExitCode;
use std::sync::Arc;

const LOCK: Function = Function::new("mutex_lock", "kernel/locking/mutex.c");
const SAME_ORDER: Clause = Clause::new("same-order", "both take a before b", LOCK);
const CYCLE: &str = "one (b) -> two (a) -> one";

/// Two locks, in opposite orders or in the same.
fn encode(variant: &Variant, _: &Scenario) -> Arc<dyn Encoding> {
    let same_order = variant.has(&SAME_ORDER);
    Arc::new(move |world: &mut World| {
        let (a, b) = (world.lock("a", "a", ()), world.lock("b", "b", ()));
        let turned = if same_order {
            (a.clone(), b.clone())
        } else {
            (b.clone(), a.clone())
        };
        for (name, (first, second)) in [("one", (a, b)), ("two", turned)] {
            world.thread(name, move |task| {
                let _first = task.acquire(&first, LOCK)?;
                let _second = task.acquire(&second, LOCK)?;
                task.cover("both");
                Ok(())
            });
        }
    })
}

const RIGHT: Spec = Spec {
    clauses: &[SAME_ORDER],
    designs: &[
        Design::new("old", "a before b, and b before a", &[]),
        Design::new("patched", "a before b", &["same-order"]),
    ],
    scenarios: &[Scenario::new("two", "two threads").covering(&["both"])],
    properties: &[Property::new(NO_DEADLOCK, "no thread waits", "at a wait")],
    cover_points: &[CoverPoint::new("both", "a thread has both locks")],
    expectations: &[
        Expectation::violates("old", "two", &[NO_DEADLOCK]).by(&[CYCLE]),
        Expectation::passes("patched", "two"),
    ],
    ..Spec::new("locks", "two locks in opposite orders", encode)
};

/// The same with other expectations.
const fn expecting(expectations: &'static [Expectation]) -> Spec {
    const ORDER: &[Property] = &[Property::new("order", "a before b", "at a lock")];
    Spec {
        properties: ORDER,
        expectations,
        ..RIGHT
    }
}

/// What there is to complain of after a check by one engine.
fn diagnostics(spec: Spec) -> Vec<String> {
    let spec: &'static Spec = Box::leak(Box::new(spec));
    let specs: &'static [&'static Spec] = Box::leak(Box::new([spec]));
    let asked = Selection {
        engine: Some(Engine::Stateful),
        ..Selection::default()
    };
    let jobs = asked.jobs(Specs::from(specs)).expect("there are some");
    let results = run_all(&jobs, &Workers::Threads, &|_, _| ());
    let (runs, mut diagnostics) = of_each(&results);
    diagnostics.extend(of_all(&runs));
    diagnostics
        .iter()
        .map(pagelock::report::diagnostics::Diagnostic::text)
        .collect()
}

#[test]
fn what_is_right_is_not_complained_of() {
    assert_eq!(diagnostics(RIGHT), [""; 0]);
}

#[test]
fn a_recorded_reason_that_does_not_match() {
    const SPECS: [Spec; 5] = [
        // Expected to pass.
        expecting(&[
            Expectation::passes("old", "two"),
            Expectation::passes("patched", "two"),
        ]),
        // By a cycle that there is not.
        expecting(&[
            Expectation::violates("old", "two", &[NO_DEADLOCK]).by(&["one (a) -> two (b) -> one"]),
            Expectation::passes("patched", "two"),
        ]),
        // For another reason too.
        expecting(&[
            Expectation::violates("old", "two", &[NO_DEADLOCK, "order"]).by(&[CYCLE]),
            Expectation::passes("patched", "two"),
        ]),
        // Expected to fail.
        expecting(&[
            Expectation::violates("old", "two", &[NO_DEADLOCK]).by(&[CYCLE]),
            Expectation::violates("patched", "two", &[NO_DEADLOCK]).by(&[CYCLE]),
        ]),
        // Not expected at all for one design.
        expecting(&[Expectation::passes("patched", "two").pinned(1)]),
    ];
    let texts = SPECS.map(|spec| diagnostics(spec).join("\n"));
    insta::assert_snapshot!(texts.join("\n--\n"));
}

#[test]
fn a_scenario_that_reaches_nothing() {
    const SPECS: [Spec; 3] = [
        // It names no cover point.
        Spec {
            scenarios: &[Scenario::new("two", "two threads")],
            ..RIGHT
        },
        // It names one that no execution reaches.
        Spec {
            scenarios: &[Scenario::new("two", "two threads").covering(&["three"])],
            cover_points: &[
                CoverPoint::new("both", "a thread has both locks"),
                CoverPoint::new("three", "three threads wait"),
            ],
            ..RIGHT
        },
        // It names another than the encoding.
        Spec {
            scenarios: &[Scenario::new("two", "two threads").covering(&["bath"])],
            cover_points: &[CoverPoint::new("bath", "a slip of the pen")],
            ..RIGHT
        },
    ];
    let texts = SPECS.map(|spec| diagnostics(spec).join("\n"));
    insta::assert_snapshot!(texts.join("\n--\n"));
}

#[test]
fn rows_that_nothing_uses() {
    const UNUSED: Clause = Clause::new("unused", "no encoding asks for it", LOCK);
    const SPECS: [Spec; 3] = [
        Spec {
            properties: &[
                Property::new(NO_DEADLOCK, "no thread blocks forever", "at a wait"),
                Property::new("never", "no execution checks it", "never"),
            ],
            ..RIGHT
        },
        Spec {
            clauses: &[SAME_ORDER, UNUSED],
            ..RIGHT
        },
        Spec {
            cover_points: &[
                CoverPoint::new("both", "a thread has both locks"),
                CoverPoint::new("unused", "nothing reaches it, and no scenario asks for it"),
            ],
            ..RIGHT
        },
    ];
    let texts = SPECS.map(|spec| diagnostics(spec).join("\n"));
    insta::assert_snapshot!(texts.join("\n--\n"));
}

#[test]
fn a_clause_that_no_table_has() {
    const STRAY: Clause = Clause::new("stray", "in no table", LOCK);
    fn asks(variant: &Variant, scenario: &Scenario) -> Arc<dyn Encoding> {
        let _ = variant.has(&STRAY);
        encode(variant, scenario)
    }
    let texts = diagnostics(Spec {
        encode: asks,
        ..RIGHT
    });
    let stray = texts
        .iter()
        .filter(|text| text.contains("asks for the clause `stray`"));
    assert_eq!(stray.count(), 2, "{texts:?}");
}

/// Two scenarios in which other threads deadlock over other locks.
fn pairs(_: &Variant, scenario: &Scenario) -> Arc<dyn Encoding> {
    let orders: [[usize; 2]; 3] = match scenario.name {
        "known" => [[0, 1], [1, 0], [2, 2]],
        _ => [[0, 0], [1, 2], [2, 1]],
    };
    Arc::new(move |world: &mut World| {
        let locks = [1, 2, 3].map(|number| world.lock(format!("lock {number}"), "lock", ()));
        for (number, [first, second]) in orders.into_iter().enumerate() {
            let (own, other) = (locks[first].clone(), locks[second].clone());
            world.thread(format!("w {number}"), move |task| {
                let _own = task.acquire(&own, LOCK)?;
                if first != second {
                    task.acquire(&other, LOCK)?.release();
                }
                Ok(())
            });
        }
    })
}

#[test]
fn the_record_of_one_deadlock_does_not_cover_that_of_other_threads() {
    const KNOWN: &str = "w 0 (lock N) -> w 1 (lock N) -> w 0";
    const SPEC: Spec = Spec {
        designs: &[Design::new(
            "old",
            "two of three locks in opposite orders",
            &[],
        )],
        scenarios: &[
            Scenario::new("known", "the first two"),
            Scenario::new("other", "the last two"),
        ],
        properties: &[Property::new(NO_DEADLOCK, "no thread waits", "at a wait")],
        expectations: &[
            Expectation::violates("old", "known", &[NO_DEADLOCK]).by(&[KNOWN]),
            Expectation::violates("old", "other", &[NO_DEADLOCK]).by(&[KNOWN]),
        ],
        ..Spec::new("pairs", "three locks and three threads", pairs)
    };
    let texts = diagnostics(SPEC);
    assert_eq!(texts.len(), 1, "{texts:?}");
    let other = "in `other` by stateful (every state, no bound): the deadlock w 1 (lock N) -> w 2 (lock N) -> w 1 is";
    assert!(texts[0].contains(other), "{texts:?}");
}

static WRONG: Spec = Spec {
    clauses: &[
        SAME_ORDER,
        SAME_ORDER.needed_for(&["no-property"], "It is not."),
    ],
    designs: &[
        Design::new("old", "nothing", &["no-clause"]),
        Design::new("new design", "unspeakable", &[]),
    ],
    scenarios: &[
        Scenario::new("two", "two threads").covering(&["no-point"]),
        Scenario::new("alone", "no thread checks it"),
    ],
    expectations: &[
        Expectation::violates("old", "two", &[]),
        Expectation::passes("old", "two"),
        Expectation::passes("older", "three"),
    ],
    patch: Some(
        Patch::new(&[
            Hunk::new("a.c", [1, 2, 1, 3], &[]),
            Hunk::new(
                "a.c",
                [9, 1, 10, 2],
                &[
                    Change::mirrored("lock", "names what is not there", &["no-hunk"]),
                    Change::mirrored("lock", "names nothing", &[]),
                ],
            ),
            Hunk::new(
                "a.c",
                [9, 1, 10, 2],
                &[Change::not_mirrored("lock", "is there again", "")],
            ),
        ])
        .without_hunk(&[
            WithoutHunk {
                clause: "no-hunk",
                reason: "a hunk names it",
            },
            WithoutHunk {
                clause: "no-clause",
                reason: "",
            },
        ]),
    ),
    ..Spec::new("wrong", "every table is wrong", encode)
};
static EMPTY: Spec = Spec::new("wrong", "a name that is taken, and nothing else", encode);
static SPECS: [&Spec; 2] = [&WRONG, &EMPTY];

#[test]
fn every_mistake_in_the_tables_is_told_at_once() {
    let mistakes = Specs::from(&SPECS).mistakes();
    let texts: Vec<String> = mistakes.iter().map(ToString::to_string).collect();
    insta::assert_snapshot!(texts.join("\n"));
}

#[test]
fn the_command_line_refuses_such_specs() {
    let run = |words: &[&str]| {
        let words = ["wrong"].into_iter().chain(words.iter().copied());
        let code = pagelock::cli::run_with(&SPECS, words.map(Into::into));
        format!("{code:?}")
    };
    let bad_input = format!("{:?}", ExitCode::from(2));
    assert_eq!(run(&["check"]), bad_input);
    assert_eq!(run(&["list"]), bad_input);
    assert_eq!(run(&["man"]), format!("{:?}", ExitCode::SUCCESS));
}

/// A deadlock that no expectation has is told once for all engines, shown, and with the line that would expect it; what
/// differs in a count alone has no counterexample.
#[test]
fn what_is_not_expected_is_shown_once_with_what_to_do() {
    static WRONG: Spec = Spec {
        expectations: &[
            Expectation::passes("old", "two"),
            Expectation::passes("patched", "two").pinned(1),
        ],
        ..RIGHT
    };
    static SPECS: [&Spec; 1] = [&WRONG];
    let specs = Specs::from(&SPECS);
    let jobs = Selection::default().jobs(specs).expect("there are some");
    let results = run_all(&jobs, &Workers::Threads, &|_, _| ());
    let (runs, mut all) = of_each(&results);
    all.extend(of_all(&runs));
    let causes = causes(&all);
    let texts: Vec<&str> = causes.iter().map(|cause| cause.text.as_str()).collect();
    let deadlock = "locks/old in `two`: `no-deadlock` is violated, and that is not expected \
                    [loom, shuttle random, shuttle PCT, stateful]";
    assert_eq!(texts[0], deadlock);
    assert!(
        texts[1].ends_with("1 are expected: the model or the engine has changed [loom]"),
        "{texts:?}"
    );
    assert_eq!(texts.len(), 2, "{texts:?}");

    let layout = Layout::default();
    let shown = failure_screen(&causes, &runs, layout);
    assert!(
        shown.contains("FAIL, not as expected") && shown.contains("one -> two -> one"),
        "{shown}"
    );
    let line =
        format!("Expectation::violates(\"old\", \"two\", &[\"no-deadlock\"]).by(&[{CYCLE:?}])");
    assert!(shown.contains(&line), "{shown}");
    let counted = failure_screen(&causes[1..], &runs, layout);
    assert!(
        counted.contains(".pinned(2)") && !counted.contains("FAIL"),
        "{counted}"
    );

    let around = Around {
        program: "locks",
        width: 80,
        elapsed: None,
    };
    let summary = summary_screen(&runs, &causes, around);
    assert!(
        summary.contains("DIFFERS") && summary.contains("2 things are wrong"),
        "{summary}"
    );
    assert!(!summary.contains("Every verdict"), "{summary}");

    let (old, two) = (&WRONG.designs[0], &WRONG.scenarios[0]);
    for property in [None, Some(NO_DEADLOCK)] {
        let trace = counterexample(&WRONG, old, two, property).expect("a result");
        assert!(!trace.expect("it deadlocks").as_expected);
    }
    let passes = counterexample(&WRONG, &WRONG.designs[1], two, None);
    assert!(passes.expect("a result").is_none());
}
