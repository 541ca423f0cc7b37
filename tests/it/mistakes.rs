//! Mistakes of an encoding: every engine reports them, in the same words, with the place.

use pagelock::engine::{Engine, SearchError, Strategy, replay, search};
use pagelock::model::{Encoding, Function, State, Wait, World};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

const LOCK: Function = Function::new("lock", "model.c");
const LOOK: Function = Function::new("look", "model.c");
const SET: Function = Function::new("set", "model.c");

/// A bit that a thread waits for, and whether a signal is pending.
#[derive(Debug, Hash)]
struct Bit(bool, bool);

impl State for Bit {
    fn show(&self) -> String {
        format!("{self:?}")
    }
}

pub(crate) const STRATEGIES: [Strategy; 5] = [
    Strategy::LoomSleepSets,
    Strategy::ExplicitState,
    Strategy::AllSchedules,
    Strategy::Random {
        seed: 1,
        executions: 100,
    },
    Strategy::Pct {
        seed: 1,
        depth: 3,
        executions: 100,
    },
];

pub(crate) fn encoding(build: impl Fn(&mut World) + Send + Sync + 'static) -> Arc<dyn Encoding> {
    Arc::new(build)
}

/// What an engine says of a mistake.
pub(crate) fn error_of(encoding: &Arc<dyn Encoding>, strategy: &Strategy) -> SearchError {
    match search(encoding, strategy) {
        Err(error) => error,
        Ok(found) => panic!("{strategy} has a result: {found:#?}"),
    }
}

/// The text of a mistake without lines, which change with every edit of this file; the same by every
/// engine.
fn text(encoding: &Arc<dyn Encoding>) -> String {
    let texts =
        STRATEGIES.map(|strategy| without_lines(&error_of(encoding, &strategy).to_string()));
    for (text, strategy) in texts.iter().zip(&STRATEGIES) {
        assert_eq!(*text, texts[0], "{strategy}");
    }
    texts[0].clone()
}

pub(crate) fn without_lines(text: &str) -> String {
    let (mut kept, mut rest) = (String::new(), text);
    while let Some(at) = rest.find(".rs:") {
        let (before, after) = rest.split_at(at + ".rs:".len());
        kept = kept + before + "LINE";
        rest = after.trim_start_matches(|c: char| c.is_ascii_digit());
    }
    kept + rest
}

#[test]
fn a_variable_that_threads_share_is_hidden_state() {
    let shared = encoding(|world| {
        let (cell, seen) = (world.cell("cell", 0_u8), Arc::new(AtomicU32::new(0)));
        for name in ["one", "two"] {
            let (cell, seen) = (cell.clone(), Arc::clone(&seen));
            world.thread(name, move |task| {
                task.step(&cell, SET, |cell| *cell = 1)?;
                if seen.fetch_add(1, Ordering::Relaxed) == 0 {
                    task.step(&cell, LOOK, |cell| *cell)?;
                }
                Ok(())
            });
        }
    });
    for strategy in STRATEGIES {
        let error = error_of(&shared, &strategy);
        let SearchError::HiddenState { location, .. } = &error else {
            panic!("{strategy}: {error}");
        };
        assert_eq!(location.function, "set");
        let text = error.to_string();
        assert!(
            text.contains("reaches `look` of `cell` (tests/it/mistakes.rs:"),
            "{text}"
        );
        assert!(text.contains("returns"), "{text}");
    }
}

#[test]
fn an_effect_that_depends_on_a_static_is_hidden_state() {
    static LAST: AtomicU32 = AtomicU32::new(0);
    let smuggles = encoding(|world| {
        LAST.store(0, Ordering::Relaxed);
        let cells = [world.cell("a", 0_u32), world.cell("b", 0_u32)];
        for (name, cell, id) in [("one", cells[0].clone(), 1), ("two", cells[1].clone(), 2)] {
            world.thread(name, move |task| {
                task.step(&cell, SET, move |cell| {
                    *cell = LAST.swap(id, Ordering::Relaxed);
                })
            });
        }
    });
    for strategy in STRATEGIES {
        // To loom the two steps are on different objects, so it need not try both orders; it tries the first
        // in its search, and the others when it is asked what the model is.
        let error = error_of(&smuggles, &strategy);
        assert!(matches!(error, SearchError::HiddenState { .. }), "{error}");
        let text = error.to_string();
        assert!(text.contains("left something else in it"), "{text}");
    }
}

#[test]
fn a_property_that_reads_a_static_is_hidden_state() {
    static RUNS: AtomicU32 = AtomicU32::new(0);
    let reads = encoding(|world| {
        RUNS.store(0, Ordering::Relaxed);
        let cell = world.cell("cell", 0_u8);
        for name in ["one", "two"] {
            let cell = cell.clone();
            world.thread(name, move |task| {
                task.step(&cell, SET, |cell| *cell = 1)?;
                let first = RUNS.fetch_add(1, Ordering::Relaxed) == 0;
                task.check("first", first, || "is second".to_string());
                Ok(())
            });
        }
    });
    for strategy in STRATEGIES {
        let error = error_of(&reads, &strategy);
        assert!(matches!(error, SearchError::HiddenState { .. }), "{error}");
        assert!(
            error.to_string().contains("finds properties violated")
                || error.to_string().contains("finds others"),
            "{error}"
        );
    }
}

#[test]
fn what_differs_from_run_to_run_is_no_model() {
    static RUN: AtomicU32 = AtomicU32::new(0);
    let counts = encoding(|world| {
        let cell = world.cell("cell", 0_u32);
        for name in ["one", "two"] {
            let cell = cell.clone();
            world.thread(name, move |task| {
                let value = RUN.fetch_add(1, Ordering::Relaxed);
                task.step(&cell, SET, move |cell| *cell = value)
            });
        }
    });
    for strategy in STRATEGIES {
        let error = error_of(&counts, &strategy);
        assert!(matches!(error, SearchError::Nondeterministic(_)), "{error}");
        assert!(error.to_string().contains("`set` of `cell`"), "{error}");
    }
}

#[test]
fn a_model_that_is_made_otherwise_each_time_is_no_model() {
    static MADE: AtomicU32 = AtomicU32::new(0);
    let grows = encoding(|world| {
        let cell = world.cell("cell", MADE.fetch_add(1, Ordering::Relaxed));
        world.thread("one", move |task| task.step(&cell, SET, |cell| *cell = 1));
    });
    insta::assert_snapshot!(text(&grows));
}

#[test]
fn a_loop_without_bound_is_told_with_its_thread() {
    let spins = encoding(|world| {
        let cell = world.cell("flag", false);
        world.thread("spins", move |task| {
            while !task.step(&cell, LOOK, |flag| *flag)? {}
            Ok(())
        });
    });
    for strategy in STRATEGIES {
        let error = error_of(&spins, &strategy);
        let SearchError::Unbounded {
            location,
            operations,
            own,
            ..
        } = &error
        else {
            panic!("{strategy}: {error}");
        };
        assert_eq!((operations, location.thread.as_str()), (own, "spins"));
    }
    insta::assert_snapshot!(without_lines(
        &error_of(&spins, &Strategy::ExplicitState).to_string()
    ));
}

#[test]
fn more_threads_than_an_engine_takes() {
    let crowd = |threads: usize| {
        encoding(move |world| {
            for thread in 0..threads {
                world.thread(format!("thread {thread}"), |_| Ok(()));
            }
        })
    };
    let five = crowd(5);
    insta::assert_snapshot!(error_of(&five, &Strategy::LoomSleepSets));
    assert!(search(&five, &Strategy::ExplicitState).is_ok());
    for strategy in &STRATEGIES[1..] {
        let error = error_of(&crowd(15), strategy);
        assert!(
            matches!(
                error,
                SearchError::TooManyThreads {
                    threads: 15,
                    most: 14,
                    ..
                }
            ),
            "{error}"
        );
    }
    assert!(replay(&crowd(15), &pagelock::trace::Schedule::default()).is_err());
}

#[test]
fn a_lock_that_is_never_released() {
    let forgets = encoding(|world| {
        let lock = world.lock("mutex", "mutex", ());
        world.thread("forgets", move |task| {
            std::mem::forget(task.acquire(&lock, LOCK)?);
            Ok(())
        });
    });
    insta::assert_snapshot!(text(&forgets));
}

#[test]
fn a_lock_that_its_thread_holds_already_is_a_deadlock_of_one() {
    let twice = encoding(|world| {
        let lock = world.lock("mutex", "mutex", ());
        world.thread("greedy", move |task| {
            let _outer = task.acquire(&lock, LOCK)?;
            let _inner = task.acquire(&lock, LOCK)?;
            Ok(())
        });
    });
    for strategy in STRATEGIES {
        let found = search(&twice, &strategy).unwrap();
        let finding = &found.findings[0];
        assert_eq!(
            finding.message,
            "greedy waits for mutex in `lock`, and holds it itself"
        );
        assert_eq!(finding.cycle.as_ref().unwrap().edges.len(), 1);
    }
}

#[test]
fn a_halt_at_the_end_of_an_execution_may_be_ignored_and_changes_nothing() {
    let opposite = |ignores: bool| {
        encoding(move |world| {
            let (a, b) = (world.lock("a", "mutex", ()), world.lock("b", "mutex", ()));
            for (name, first, second) in [("one", a.clone(), b.clone()), ("two", b, a)] {
                world.thread(name, move |task| {
                    let _first = task.acquire(&first, LOCK)?;
                    let second = task.acquire(&second, LOCK).map(drop);
                    if ignores { Ok(()) } else { second }
                });
            }
        })
    };
    for strategy in STRATEGIES {
        let ignored = search(&opposite(true), &strategy).unwrap();
        assert_eq!(
            ignored,
            search(&opposite(false), &strategy).unwrap(),
            "{strategy}"
        );
    }
}

#[test]
fn a_halt_of_a_failed_assertion_that_is_not_passed_on() {
    let ignores = encoding(|world| {
        let cell = world.cell("flag", false);
        world.thread("one", move |task| {
            task.step(&cell, SET, |flag| *flag = true)?;
            let _ = task.bug("bug", "it fails");
            Ok(())
        });
    });
    insta::assert_snapshot!(text(&ignores));
}

#[test]
fn a_thread_that_never_stops_trying_is_ended() {
    let tries = encoding(|world| {
        let cell = world.cell("flag", false);
        world.thread("tries", move |task| {
            let set = Wait::on("the flag");
            while task
                .step_when(&cell, LOOK, &set, |flag| *flag, |_| ())
                .is_err()
            {}
            Ok(())
        });
    });
    for strategy in STRATEGIES {
        let error = error_of(&tries, &strategy);
        assert!(matches!(error, SearchError::HaltIgnored { .. }), "{error}");
    }
}

#[test]
fn a_panic_is_told_with_its_step_and_its_place() {
    let overflows = encoding(|world| {
        let cell = world.cell("count", 0_u8);
        world.thread("one", move |task| {
            task.step(&cell, SET, |count| *count -= 1)
        });
    });
    insta::assert_snapshot!(text(&overflows));
}

#[test]
fn a_property_that_reads_outside_of_a_step() {
    let reads = encoding(|world| {
        let (a, b) = (world.cell("a", 0_u8), world.cell("b", 0_u8));
        let other = b.clone();
        world.thread("reader", move |task| {
            task.step(&a, SET, |a| *a = 1)?;
            let value = b.peek(|b| *b);
            task.check("b-is-old", value == 0, || "b is new".to_string());
            Ok(())
        });
        world.thread("writer", move |task| task.step(&other, SET, |b| *b = 1));
    });
    insta::assert_snapshot!(text(&reads));
}

#[test]
fn a_property_may_read_what_its_thread_has_hold_of() {
    let reads = encoding(|world| {
        let (a, lock) = (world.cell("a", 0_u8), world.lock("lock", "lock", 0_u8));
        world.thread("reader", move |task| {
            let held = task.acquire(&lock, LOCK)?;
            task.step(&a, SET, |a| *a = 1)?;
            let sum = a.peek(|a| *a) + lock.peek(|value| *value);
            task.check("sum", sum == 1, || "it is not".to_string());
            drop(held);
            Ok(())
        });
    });
    for strategy in STRATEGIES {
        assert!(search(&reads, &strategy).unwrap().findings.is_empty());
    }
}

#[test]
fn the_engines_have_names_in_errors() {
    let engines = Engine::ALL.map(|engine| engine.to_string());
    assert_eq!(engines, ["loom", "shuttle", "stateful"]);
}

#[test]
fn an_interrupt_that_is_never_checked() {
    let careless = |look: bool| {
        encoding(move |world| {
            let bit = world.cell("bit", Bit(true, false));
            let signalled = bit.clone();
            world.thread("waiter", move |task| {
                let wait = Wait::on("the bit");
                let woken =
                    task.wait_interruptible(&bit, LOOK, &wait, |bit| !bit.0, |bit| bit.1)?;
                if look && woken.by_signal() {
                    task.cover("interrupted");
                }
                Ok(())
            });
            world.thread("signal", move |task| {
                task.step(&signalled, SET, |bit| bit.1 = true)
            });
        })
    };
    insta::assert_snapshot!(text(&careless(false)));
    for strategy in STRATEGIES {
        let found = search(&careless(true), &strategy).unwrap();
        assert!(found.reached.contains("interrupted"), "{strategy}");
        assert!(found.findings.is_empty(), "{strategy}");
    }
}
