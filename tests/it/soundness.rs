//! Models that an engine once took for something else than they are: every engine says the same of them, and what is right
//! stands here as it was worked out by hand.

use crate::mistakes::{STRATEGIES, encoding, error_of, without_lines};
use pagelock::engine::{Limits, NO_DEADLOCK, Search, SearchError, Strategy, search, search_within};
use pagelock::model::{Cell, Encoding, Function, Guard, Halt, State, Task, Wait, World};
use std::cell::RefCell;
use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::{Arc, Mutex};

const A: Function = Function::new("a", "model.c");
const B: Function = Function::new("b", "model.c");
const LOCK: Function = Function::new("lock", "model.c");

const EXHAUSTIVE: [Strategy; 4] = [
    Strategy::LoomSleepSets,
    Strategy::LoomPlain,
    Strategy::ExplicitState,
    Strategy::AllSchedules,
];

/// The properties that each exhaustive engine finds violated; all the same.
fn violated(encoding: &Arc<dyn Encoding>) -> BTreeSet<String> {
    let found = EXHAUSTIVE.map(|strategy| {
        let found =
            search(encoding, &strategy).unwrap_or_else(|error| panic!("{strategy}: {error}"));
        assert!(found.statistics.complete, "{strategy}");
        properties(&found)
    });
    for (strategy, properties) in EXHAUSTIVE.iter().zip(&found) {
        assert_eq!(*properties, found[0], "{strategy}");
    }
    found[0].clone()
}

fn properties(found: &Search) -> BTreeSet<String> {
    found
        .findings
        .iter()
        .map(|finding| finding.property.clone())
        .collect()
}

fn names(properties: &[&str]) -> BTreeSet<String> {
    properties.iter().map(ToString::to_string).collect()
}

/// The error that every engine gives, without lines.
fn error(encoding: &Arc<dyn Encoding>) -> String {
    let errors =
        STRATEGIES.map(|strategy| without_lines(&error_of(encoding, &strategy).to_string()));
    for (strategy, error) in STRATEGIES.iter().zip(&errors) {
        assert_eq!(*error, errors[0], "{strategy}");
    }
    errors[0].clone()
}

#[test]
fn behind_an_inner_scope_is_not_behind_the_outer_one() {
    let nested = encoding(|world| {
        let (x, y) = (world.cell("x", 0_u8), world.cell("y", 0_u8));
        world.thread("one", move |task| {
            task.scope(|| {
                task.scope(|| task.step(&x, A, |_| ()))?;
                task.step(&x, B, |x| *x = 1)
            })?;
            task.step(&y, B, |y| *y = 1)
        });
    });
    assert_eq!(violated(&nested), names(&[]));
}

#[test]
fn a_deadlock_behind_nested_scopes_is_found() {
    fn increase(task: &Task, cell: &Cell<u8>) -> Result<(), Halt> {
        task.step(cell, A, |value| *value += 1)
    }
    let waits = encoding(|world| {
        let (a, b) = (world.cell("a", 0_u8), world.cell("b", 0_u8));
        let other = b.clone();
        world.thread("one", move |task| {
            task.scope(|| {
                task.scope(|| task.step(&a, B, |_| ()))?;
                increase(task, &b)
            })?;
            increase(task, &b)?;
            task.step_when(&b, B, &Wait::on("not one"), |b| *b != 1, |_| ())
        });
        world.thread("two", move |task| task.step(&other, LOCK, |b| *b = 0));
    });
    assert_eq!(violated(&waits), names(&[NO_DEADLOCK]));
}

#[test]
fn a_loop_in_a_scope_and_one_around_a_scope_are_told_apart() {
    // Both threads learn the same results in the same order; only where scopes begin and end differs.
    let loops = encoding(|world| {
        let cell = world.cell("cell", 0_u8);
        for (name, around) in [("around", true), ("within", false)] {
            let cell = cell.clone();
            world.thread(name, move |task| {
                if around {
                    for _ in 0..2 {
                        task.scope(|| task.step(&cell, A, |cell| *cell += 1))?;
                    }
                } else {
                    task.scope(|| (0..2).try_for_each(|_| task.step(&cell, A, |cell| *cell += 1)))?;
                }
                task.step(&cell, B, |cell| *cell += 1)
            });
        }
    });
    assert_eq!(violated(&loops), names(&[]));
}

#[test]
fn a_variable_that_threads_share_for_the_check_at_the_end_is_an_error() {
    let shares = encoding(|world| {
        let x = world.cell("x", 0_u8);
        let seen: Arc<Mutex<Vec<u8>>> = Arc::default();
        for name in ["one", "two"] {
            let (x, seen) = (x.clone(), Arc::clone(&seen));
            world.thread(name, move |task| {
                let value = task.step(&x, A, |x| *x)?;
                task.step(&x, B, move |x| *x = value + 1)?;
                seen.lock().unwrap().push(value);
                Ok(())
            });
        }
        world.finally(move |task| {
            let sees = seen.lock().unwrap().iter().any(|value| *value != 0);
            task.check("sees", sees, || "neither saw the other".into());
        });
    });
    for strategy in STRATEGIES {
        let error = error_of(&shares, &strategy);
        let SearchError::CheckReadsHiddenState { reads, .. } = &error else {
            panic!("{strategy}: {error}");
        };
        assert_eq!(reads, "no object");
        assert!(error.to_string().contains("World::results"), "{error}");
    }
}

#[test]
fn results_are_handed_to_the_check_at_the_end() {
    let hands = encoding(|world| {
        let x = world.cell("x", 0_u8);
        let seen = world.results::<u8>("seen");
        for name in ["one", "two"] {
            let (x, seen) = (x.clone(), seen.clone());
            world.thread(name, move |task| {
                let value = task.step(&x, A, |x| *x)?;
                task.step(&x, B, move |x| *x = value + 1)?;
                seen.push(task, value);
                Ok(())
            });
        }
        world.finally(move |task| {
            let sees = seen.all().iter().any(|(_, values)| *values != [0]);
            task.check("sees", sees, || "neither saw the other".into());
            task.check("both", seen.all().len() == 2, || "one is missing".into());
        });
    });
    assert_eq!(violated(&hands), names(&["sees"]));
    // Each thread's two steps, in any order: six schedules, and in four of them both read before either writes.
    let found = search(&hands, &Strategy::AllSchedules).unwrap();
    assert_eq!(
        (found.statistics.executions, found.statistics.failing),
        (6, 4)
    );
    let found = search(&hands, &Strategy::ExplicitState).unwrap();
    assert_eq!(found.findings[0].executions, 4);
}

#[test]
fn every_check_at_the_end_runs() {
    let twice = encoding(|world| {
        let cell = world.cell("cell", 0_u8);
        world.thread("one", move |task| task.step(&cell, A, |cell| *cell += 1));
        world.finally(|task| task.check("first", false, || "the first".into()));
        world.finally(|task| task.check("second", false, || "the second".into()));
    });
    assert_eq!(violated(&twice), names(&["first", "second"]));
}

#[test]
fn an_operation_at_the_end_is_an_error() {
    let steps = encoding(|world| {
        let cell = world.cell("cell", 0_u8);
        let end = cell.clone();
        world.thread("one", move |task| task.step(&cell, A, |cell| *cell += 1));
        world.finally(move |task| {
            let _ = task.step(&end, B, |cell| *cell += 1);
        });
    });
    insta::assert_snapshot!(error(&steps));
}

/// Two threads that take work from one queue; each says so.
fn two_takers(items: u8) -> Arc<dyn Encoding> {
    encoding(move |world| {
        let (queue, other) = (world.cell("queue", items), world.cell("other", 0_u8));
        let work = Wait::on("work").for_work();
        let (own, wait) = (queue.clone(), work.clone());
        world.thread("b", move |task| {
            task.step_when(&own, A, &wait, |queue| *queue > 0, |queue| *queue -= 1)?;
            task.check("b never works", false, || "b".into());
            Ok(())
        });
        world.thread("a", move |task| {
            task.step(&other, A, |_| ())?;
            task.step_when(&queue, A, &work, |queue| *queue > 0, |queue| *queue -= 1)?;
            task.check("a never works", false, || "a".into());
            Ok(())
        });
    })
}

#[test]
fn two_threads_that_take_work_from_one_object_each_get_it() {
    for items in [1, 2] {
        let both = names(&["a never works", "b never works"]);
        assert_eq!(violated(&two_takers(items)), both, "{items}");
    }
}

#[test]
fn a_cycle_that_another_thread_closes_by_a_hand_over_is_found_where_it_closes() {
    let hands_over = encoding(|world| {
        let (event, later) = (world.cell("event", 0_u8), world.cell("later", 0_u8));
        let other = event.clone();
        // 0: two has to bring it about; 1: one has; 2: it has come about.
        world.thread("one", move |task| {
            let wait = Wait::on("event").woken_by_owner(&event, |event| match event {
                0 => Some("two"),
                1 => Some("one"),
                _ => None,
            });
            task.step_when(&event, A, &wait, |event| *event == 2, |_| ())
        });
        world.thread("two", move |task| {
            task.step(&other, B, |event| *event = 1)?;
            task.step(&later, B, |later| *later = 1)
        });
    });
    for strategy in EXHAUSTIVE {
        let found = search(&hands_over, &strategy).unwrap();
        let deadlock = found.finding(NO_DEADLOCK).unwrap();
        let cycles: Vec<String> = deadlock
            .cycles
            .iter()
            .map(pagelock::trace::Cycle::shape)
            .collect();
        assert_eq!(cycles, ["one (event) -> one"], "{strategy}");
        assert_eq!(
            deadlock.schedule,
            pagelock::trace::Schedule::from([1]),
            "{strategy}"
        );
    }
    let found = search(&hands_over, &Strategy::ExplicitState).unwrap();
    assert_eq!(found.findings[0].preemptions, Some(0));
}

#[test]
fn a_wait_that_another_thread_ends_than_it_says_is_an_error() {
    let lies = encoding(|world| {
        let (lock, event) = (world.lock("lock", "lock", ()), world.cell("event", 0_u8));
        let (own, set, killed) = (lock.clone(), event.clone(), event.clone());
        world.thread("waiter", move |task| {
            let _held = task.acquire(&lock, LOCK)?;
            let wait = Wait::on("event").woken_by("helper");
            let woken =
                task.wait_interruptible(&event, A, &wait, |e| e & 1 != 0, |e| e & 2 != 0)?;
            let _ = woken.by_signal();
            Ok(())
        });
        world.thread("helper", move |task| {
            let _held = task.acquire(&own, LOCK)?;
            task.step(&set, A, |event| *event |= 1)
        });
        world.thread("killer", move |task| {
            task.step(&killed, B, |event| *event |= 2)
        });
    });
    insta::assert_snapshot!(error(&lies));
}

#[test]
fn an_owner_that_another_thread_changes_is_an_error() {
    let redirects = encoding(|world| {
        // 0: free; 1: the holder has it; 2: the thief has.
        let (owner, other) = (world.cell("owner", 1_u8), world.cell("x", 0_u8));
        let (given, free) = (owner.clone(), owner.clone());
        world.thread("waiter", move |task| {
            let wait = Wait::on("the owner").woken_by_owner(&owner, |owner| match owner {
                1 => Some("holder"),
                2 => Some("thief"),
                _ => None,
            });
            task.step_when(&owner, A, &wait, |owner| *owner == 0, |_| ())
        });
        world.thread("holder", move |task| {
            task.step(&other, A, |x| *x = 1)?;
            task.step(&free, A, |owner| *owner = 0)
        });
        world.thread("thief", move |task| {
            task.step(&given, B, |owner| *owner = 2)?;
            task.step(&given, B, |owner| *owner = 0)
        });
    });
    for strategy in EXHAUSTIVE {
        let error = error_of(&redirects, &strategy);
        assert!(
            matches!(error, SearchError::WaitContract { .. }),
            "{strategy}: {error}"
        );
    }
}

#[test]
fn work_that_a_thread_takes_away_that_does_not_wait_for_it_is_an_error() {
    let steals = encoding(|world| {
        let work = world.cell("work", 0_u8);
        let (sent, stolen) = (work.clone(), work.clone());
        world.thread("server", move |task| {
            loop {
                let wait = Wait::on("work").for_work();
                task.step_when(&work, A, &wait, |work| *work > 0, |work| *work -= 1)?;
            }
        });
        world.thread("client", move |task| task.step(&sent, B, |work| *work += 1));
        world.thread("thief", move |task| task.step(&stolen, B, |work| *work = 0));
    });
    for strategy in EXHAUSTIVE {
        let error = error_of(&steals, &strategy);
        assert!(
            matches!(error, SearchError::WaitContract { .. }),
            "{strategy}: {error}"
        );
        assert!(
            error.to_string().contains("`thief` at `b` of `work`"),
            "{error}"
        );
    }
}

#[test]
fn a_guard_of_a_wait_that_reads_another_object_is_an_error() {
    let reads = encoding(|world| {
        let (x, y) = (world.cell("x", 0_u8), world.cell("y", false));
        let leaked: &'static Cell<bool> = Box::leak(Box::new(y.clone()));
        world.thread("waiter", move |task| {
            task.step_when(&x, A, &Wait::on("y"), move |_| leaked.peek(|y| *y), |_| ())
        });
        world.thread("setter", move |task| task.step(&y, B, |y| *y = true));
    });
    insta::assert_snapshot!(error(&reads));
}

#[test]
fn an_effect_that_reads_another_object_is_an_error() {
    let reads = encoding(|world| {
        let (x, y) = (world.cell("x", 0_u8), world.cell("y", 0_u8));
        let leaked: &'static Cell<u8> = Box::leak(Box::new(y.clone()));
        world.thread("reader", move |task| {
            task.step(&x, A, move |x| *x = leaked.peek(|y| *y))
        });
        world.thread("writer", move |task| task.step(&y, B, |y| *y = 1));
    });
    for strategy in STRATEGIES {
        let error = error_of(&reads, &strategy);
        assert!(
            matches!(error, SearchError::ReadOutsideStep { .. }),
            "{strategy}: {error}"
        );
    }
}

#[test]
fn what_a_thread_checks_on_its_way_out_is_no_part_of_the_model() {
    let checks = encoding(|world| {
        let (a, b) = (world.lock("a", "l", ()), world.lock("b", "l", ()));
        for (name, first, second) in [("one", a.clone(), b.clone()), ("two", b, a)] {
            world.thread(name, move |task| {
                let _first = task.acquire(&first, LOCK)?;
                let second = task.acquire(&second, LOCK);
                task.check("gets the second", second.is_ok(), || "no".into());
                if second.is_err() {
                    task.cover("without the second");
                }
                second.map(drop)
            });
        }
    });
    assert_eq!(violated(&checks), names(&[NO_DEADLOCK]));
    for strategy in EXHAUSTIVE {
        assert!(
            search(&checks, &strategy).unwrap().reached.is_empty(),
            "{strategy}"
        );
    }
}

#[test]
fn a_value_that_was_read_and_kept_is_a_part_of_what_the_thread_knows() {
    let keeps = encoding(|world| {
        let (x, z) = (world.cell("x", 0_u8), world.cell("z", 0_u8));
        let other = x.clone();
        world.thread("one", move |task| {
            task.step(&x, A, |_| ())?;
            let value = x.peek(|x| *x);
            for _ in 0..4 {
                task.step(&z, B, |_| ())?;
            }
            task.check("is not four", value != 4, || "it is".into());
            Ok(())
        });
        world.thread("two", move |task| {
            for _ in 0..4 {
                task.step(&other, A, |x| *x += 1)?;
            }
            task.step(&other, A, |x| *x = 0)
        });
    });
    assert_eq!(violated(&keeps), names(&["is not four"]));
}

#[test]
fn a_scope_that_leaves_something_in_a_variable_of_its_caller_is_hidden_state() {
    let smuggles = encoding(|world| {
        let (x, z) = (world.cell("x", 0_u8), world.cell("z", 0_u8));
        let y = x.clone();
        world.thread("one", move |task| {
            for _ in 0..4 {
                task.step(&x, A, |x| *x += 1)?;
            }
            task.step(&x, A, |x| *x = 0)
        });
        world.thread("two", move |task| {
            let out = AtomicU8::new(0);
            task.scope(|| {
                out.store(task.step(&y, B, |y| *y)?, Ordering::SeqCst);
                Ok(())
            })?;
            for _ in 0..4 {
                task.step(&z, B, |_| ())?;
            }
            let value = out.load(Ordering::SeqCst);
            task.check("is not four", value != 4, || "it is".into());
            Ok(())
        });
    });
    for strategy in EXHAUSTIVE {
        let error = error_of(&smuggles, &strategy);
        assert!(
            matches!(error, SearchError::HiddenState { .. }),
            "{strategy}: {error}"
        );
    }
}

#[test]
fn a_wait_for_a_thread_that_then_leaves_reaches_its_cover_point() {
    let leaves = encoding(|world| {
        let lock = world.lock("lock", "l", ());
        let other = lock.clone();
        world.thread("waiter", move |task| {
            task.covering_waits("l", "waits", || task.acquire(&lock, LOCK).map(drop))
        });
        world.thread("goes", move |task| {
            let _held = task.acquire(&other, LOCK)?;
            Err(task.leave())
        });
    });
    for strategy in [Strategy::ExplicitState, Strategy::AllSchedules] {
        let found = search(&leaves, &strategy).unwrap();
        assert_eq!(found.waits, names(&["waits"]), "{strategy}");
    }
}

#[test]
fn a_ticket_that_is_drawn_before_the_first_operation_is_hidden_state() {
    let draws = encoding(|world| {
        let tickets = Arc::new(AtomicU8::new(0));
        let cell = world.cell("cell", 0_u8);
        for (name, add) in [("a", 1_u8), ("b", 2)] {
            let (tickets, cell) = (Arc::clone(&tickets), cell.clone());
            world.thread(name, move |task| {
                let first = tickets.fetch_add(1, Ordering::SeqCst) == 0;
                task.step(&cell, A, move |cell| {
                    if first {
                        *cell = add;
                    }
                })
            });
        }
    });
    for strategy in STRATEGIES {
        let error = error_of(&draws, &strategy);
        assert!(
            matches!(error, SearchError::HiddenState { .. }),
            "{strategy}: {error}"
        );
    }
}

#[test]
fn a_hash_that_omits_a_field_is_an_error() {
    struct Pair(u8, u8);
    impl std::hash::Hash for Pair {
        fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
            self.0.hash(state);
        }
    }
    impl State for Pair {
        fn show(&self) -> String {
            format!("{} {}", self.0, self.1)
        }
    }
    let omits = encoding(|world| {
        let pair = world.cell("pair", Pair(0, 0));
        for (name, value) in [("x", 1_u8), ("y", 2)] {
            let pair = pair.clone();
            world.thread(name, move |task| {
                task.step(&pair, A, move |pair| pair.1 = value)
            });
        }
    });
    for strategy in STRATEGIES {
        let error = error_of(&omits, &strategy);
        assert!(
            matches!(error, SearchError::HashOmits { .. }),
            "{strategy}: {error}"
        );
    }
}

#[test]
fn names_that_the_model_does_not_have_are_errors() {
    let with = |build: fn(&mut World)| encoding(build);
    let woken_by = with(|world| {
        let cell = world.cell("cell", false);
        let set = cell.clone();
        world.thread("waiter", move |task| {
            let wait = Wait::on("the reply").woken_by("servr");
            task.step_when(&cell, A, &wait, |cell| *cell, |_| ())
        });
        world.thread("server", move |task| {
            task.step(&set, B, |cell| *cell = true)
        });
    });
    let owner = with(|world| {
        let cell = world.cell("cell", false);
        let set = cell.clone();
        world.thread("waiter", move |task| {
            let wait = Wait::on("the reply").woken_by_owner(&cell, |_| Some("servr"));
            task.step_when(&cell, A, &wait, |cell| *cell, |_| ())
        });
        world.thread("server", move |task| {
            task.step(&set, B, |cell| *cell = true)
        });
    });
    let holds = with(|world| {
        let lock = world.lock("page", "page lock", ());
        world.thread("writer", move |task| {
            let _held = task.acquire(&lock, LOCK)?;
            task.check("rank", !task.holds("page lok"), || {
                "under a page lock".into()
            });
            Ok(())
        });
    });
    let points = with(|world| {
        let lock = world.lock("page", "page lock", ());
        world.thread("writer", move |task| {
            let waits = || task.acquire(&lock, LOCK).map(drop);
            task.covering_waits("page lok", "waits", waits)
        });
    });
    for (model, name) in [
        (woken_by, "servr"),
        (owner, "servr"),
        (holds, "page lok"),
        (points, "page lok"),
    ] {
        for strategy in EXHAUSTIVE {
            let error = error_of(&model, &strategy);
            assert!(
                matches!(error, SearchError::UnknownName { .. }),
                "{strategy}: {error}"
            );
            assert!(error.to_string().contains(name), "{strategy}: {error}");
        }
    }
}

#[test]
fn a_name_that_is_declared_need_not_be_there() {
    let declares = encoding(|world| {
        world.declare(&["transaction"], &["kjournald2"]);
        let lock = world.lock("page", "page lock", ());
        world.thread("writer", move |task| {
            let _held = task.acquire(&lock, LOCK)?;
            task.check("rank", !task.holds("transaction"), || {
                "under a transaction".into()
            });
            Ok(())
        });
    });
    assert_eq!(violated(&declares), names(&[]));
}

#[test]
fn a_thread_that_goes_on_after_a_failed_assertion_is_an_error() {
    let goes_on = encoding(|world| {
        let cell = world.cell("cell", 0_u8);
        world.thread("one", move |task| {
            let _ = task.bug("bug", "it fails");
            let _ = task.step(&cell, A, |cell| *cell = 1);
            Ok(())
        });
    });
    for strategy in STRATEGIES {
        let error = error_of(&goes_on, &strategy);
        assert!(
            matches!(error, SearchError::HaltIgnored { .. }),
            "{strategy}: {error}"
        );
    }
}

#[test]
fn a_halt_that_was_kept_is_an_error() {
    let keeps = encoding(|world| {
        let (cell, kept) = (world.cell("cell", 0_u8), Arc::new(Mutex::new(None)));
        let own = Arc::clone(&kept);
        world.thread("fails", move |task| {
            let halt = task.bug("bug", "it fails");
            *own.lock().unwrap() = Some(halt);
            Err(halt)
        });
        world.thread("keeps", move |task| {
            task.step(&cell, A, |cell| *cell = 1)?;
            match *kept.lock().unwrap() {
                Some(halt) => Err(halt),
                None => Ok(()),
            }
        });
    });
    for strategy in STRATEGIES {
        let error = error_of(&keeps, &strategy);
        let right = matches!(
            error,
            SearchError::HaltKept { .. } | SearchError::HiddenState { .. }
        );
        assert!(right, "{strategy}: {error}");
    }
}

/// Gives a reference back when it is dropped, by a step.
struct Reference {
    task: Task,
    count: Cell<i32>,
}

impl Drop for Reference {
    fn drop(&mut self) {
        let _ = self.task.step(&self.count, B, |count| *count -= 1);
    }
}

#[test]
fn a_guard_of_ones_own_may_take_a_step_when_it_is_dropped() {
    let counts = encoding(|world| {
        let (count, lock) = (world.cell("count", 1_i32), world.lock("lock", "lock", ()));
        let end = count.clone();
        for name in ["one", "two"] {
            let (count, lock) = (count.clone(), lock.clone());
            world.thread(name, move |task| {
                task.step(&count, A, |count| *count += 1)?;
                let _reference = Reference {
                    task: task.clone(),
                    count,
                };
                let _held = task.acquire(&lock, LOCK)?;
                Ok(())
            });
        }
        world.finally(move |task| task.check("all back", end.peek(|n| *n == 1), || "no".into()));
    });
    assert_eq!(violated(&counts), names(&[]));
}

#[test]
fn a_panic_that_the_encoding_catches_is_an_error_all_the_same() {
    let catches = encoding(|world| {
        let cell = world.cell("cell", 0_u8);
        world.thread("one", move |task| {
            let step = || task.step(&cell, A, |cell| *cell -= 1);
            let _ = catch_unwind(AssertUnwindSafe(step));
            task.step(&cell, B, |cell| *cell = 1)
        });
    });
    insta::assert_snapshot!(error(&catches));
}

#[test]
fn a_guard_that_another_thread_drops_is_an_error() {
    thread_local! {
        static KEPT: RefCell<Option<Guard<'static, ()>>> = const { RefCell::new(None) };
    }
    let passes = encoding(|world| {
        KEPT.take();
        let lock: &'static _ = Box::leak(Box::new(world.lock("lock", "lock", ())));
        let cell = world.cell("cell", 0_u8);
        let other = cell.clone();
        world.thread("takes", move |task| {
            let held = task.acquire(lock, LOCK)?;
            KEPT.set(Some(held));
            task.step(&cell, A, |cell| *cell = 1)?;
            KEPT.take();
            Ok(())
        });
        world.thread("drops", move |task| {
            task.step(&other, B, |_| ())?;
            KEPT.take();
            Ok(())
        });
    });
    for strategy in EXHAUSTIVE {
        let error = error_of(&passes, &strategy);
        assert!(
            matches!(error, SearchError::TaskElsewhere { .. }),
            "{strategy}: {error}"
        );
    }
}

#[test]
fn a_task_that_another_thread_uses_is_an_error() {
    let lends = encoding(|world| {
        let (cell, lent) = (world.cell("cell", 0_u8), Arc::new(Mutex::new(None::<Task>)));
        let (own, other) = (Arc::clone(&lent), cell.clone());
        world.thread("lends", move |task| {
            *own.lock().unwrap() = Some(task.clone());
            task.step(&cell, A, |cell| *cell = 1)
        });
        world.thread("borrows", move |task| {
            let lent = lent.lock().unwrap().clone();
            lent.as_ref()
                .unwrap_or(task)
                .step(&other, B, |cell| *cell = 2)
        });
    });
    for strategy in EXHAUSTIVE {
        let error = error_of(&lends, &strategy);
        assert!(
            matches!(error, SearchError::TaskElsewhere { .. }),
            "{strategy}: {error}"
        );
    }
}

#[test]
fn a_task_on_another_thread_of_the_operating_system_is_an_error() {
    let moves = encoding(|world| {
        let cell = world.cell("cell", 0_u8);
        world.thread("one", move |task| {
            let task = task.clone();
            let joined = std::thread::spawn(move || task.step(&cell, A, |cell| *cell = 1)).join();
            joined.expect("it does not panic")
        });
    });
    for strategy in STRATEGIES {
        let error = error_of(&moves, &strategy);
        assert!(
            matches!(error, SearchError::TaskElsewhere { .. }),
            "{strategy}: {error}"
        );
    }
}

#[test]
fn a_search_within_a_model_is_an_error() {
    let nested = encoding(|world| {
        let inner = encoding(|world| world.thread("one", |_| Ok(())));
        let error = search(&inner, &Strategy::ExplicitState).unwrap_err();
        assert_eq!(error, SearchError::Nested);
        world.thread("one", |_| Ok(()));
    });
    assert_eq!(violated(&nested), names(&[]));
}

#[test]
fn a_long_loop_with_a_bound_is_allowed_if_it_is_said_so() {
    let counts = encoding(|world| {
        let count = world.cell("count", 0_u32);
        world.thread("one", move |task| {
            for _ in 0..1_100 {
                task.step(&count, A, |count| *count += 1)?;
            }
            Ok(())
        });
    });
    let error = error_of(&counts, &Strategy::ExplicitState).to_string();
    assert!(
        error.contains("it repeats `a` of `count` (tests/it/soundness.rs:"),
        "{error}"
    );
    assert!(error.contains("`Limits::operations`"), "{error}");
    let limits = Limits {
        operations: Some(1_100),
        ..Limits::default()
    };
    for strategy in EXHAUSTIVE {
        let found = search_within(&counts, &strategy, &limits).unwrap();
        assert!(found.statistics.complete, "{strategy}");
    }
}

#[test]
fn a_violation_in_more_schedules_than_can_be_counted_is_a_violation() {
    // Three threads of thirty steps each: 90! / (30!)^3 schedules, more than 10^40, in 31^3 states.
    let many = encoding(|world| {
        for thread in 0..3 {
            let cell = world.cell(format!("cell {thread}"), 0_u8);
            world.thread(format!("thread {thread}"), move |task| {
                for _ in 0..30 {
                    task.step(&cell, A, |cell| *cell += 1)?;
                }
                task.check("never", thread != 0, || "always".into());
                Ok(())
            });
        }
    });
    let found = search(&many, &Strategy::ExplicitState).unwrap();
    assert_eq!(found.statistics.out_of(), u64::MAX);
    assert_eq!(found.statistics.failing, u64::MAX);
    assert_eq!(
        pagelock::trace::counted(found.statistics.failing),
        "at least 18446744073709551615"
    );
}

#[test]
fn what_a_thread_has_read_before_it_leaves_is_not_what_the_next_one_knows() {
    let leaves = encoding(|world| {
        let (cell, other) = (world.cell("cell", 0_u8), world.cell("other", 0_u8));
        world.thread("leaves", move |task| {
            task.step(&cell, A, |cell| *cell = 1)?;
            let seen = cell.peek(|cell| *cell == 1);
            task.check("seen", seen, || "it is not one".into());
            Err(task.leave())
        });
        world.thread("stays", move |task| {
            task.step(&other, B, |other| *other = 1)?;
            task.step(&other, B, |other| *other = 2)
        });
    });
    assert_eq!(violated(&leaves), names(&[]));
}
