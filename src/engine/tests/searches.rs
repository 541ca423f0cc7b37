//! What the facade promises, on programs of a few lines.

use super::*;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

const STEP: Function = Function::new("step", "tests.rs");
const RANDOM: Strategy = Strategy::Random {
    seed: 1,
    executions: 200,
};

pub(super) fn all(encoding: impl Encoding) -> [Search; 3] {
    let encoding: Arc<dyn Encoding> = Arc::new(encoding);
    let strategies = [Strategy::LoomSleepSets, RANDOM, Strategy::ExplicitState];
    strategies.map(|strategy| search(&encoding, &strategy).unwrap())
}

/// Two threads that take two locks in opposite orders, and a third that counts.
fn opposite_orders_and_a_bystander(world: &mut World) {
    let (a, b) = (world.lock("a", "lock", ()), world.lock("b", "lock", ()));
    let count = world.cell("count", 0_u8);
    for (name, first, second) in [("one", a.clone(), b.clone()), ("two", b, a)] {
        world.thread(name, move |task| {
            let _outer = task.acquire(&first, STEP)?;
            let _inner = task.acquire(&second, STEP)?;
            Ok(())
        });
    }
    world.thread("bystander", move |task| {
        for _ in 0..3 {
            task.step(&count, STEP, |count| *count += 1)?;
        }
        task.cover("bystander-done");
        Ok(())
    });
}

#[test]
fn a_deadlock_does_not_end_the_search_or_the_other_threads() {
    for found in all(opposite_orders_and_a_bystander) {
        let deadlock = found.finding(NO_DEADLOCK).expect("the cycle is found");
        assert!(
            deadlock.executions < found.receipt.out_of(),
            "some executions pass"
        );
        assert_eq!(deadlock.cycles.len(), 1);
        assert_eq!(deadlock.cycles[0].chain(), "one -> two -> one");
        assert!(found.reached.contains("bystander-done"));
    }
}

#[test]
fn exhaustive_and_random_agree_on_outcomes() {
    let [whole, sample, states] = all(opposite_orders_and_a_bystander);
    assert!(states.receipt.complete);
    assert_eq!(whole.ends(), states.ends());
    assert!(whole.receipt.complete);
    assert!(!sample.receipt.complete);
    assert_eq!(whole.ends(), sample.ends());
}

#[test]
fn a_counterexample_of_loom_replays_under_shuttle() {
    let encoding: Arc<dyn Encoding> = Arc::new(opposite_orders_and_a_bystander);
    let found = search(&encoding, &Strategy::LoomSleepSets).unwrap();
    let schedule = &found.finding(NO_DEADLOCK).unwrap().schedule;
    let replayed = replay(&encoding, schedule).unwrap();
    let (property, _, cycle, at) = &replayed.violations[0];
    assert_eq!(property, NO_DEADLOCK);
    assert_eq!(cycle.as_ref().unwrap().chain(), "one -> two -> one");
    assert_eq!(*at, schedule.len());
}

#[test]
fn a_thread_that_takes_a_lock_twice_waits_for_itself() {
    for found in all(|world: &mut World| {
        let lock = world.lock("lock", "lock", ());
        world.thread("one", move |task| {
            let _first = task.acquire(&lock, STEP)?;
            let _second = task.acquire(&lock, STEP)?;
            Ok(())
        });
    }) {
        assert_eq!(found.findings[0].cycles[0].chain(), "one -> one");
    }
}

#[test]
fn a_wakeup_that_never_comes_is_a_deadlock_without_a_cycle() {
    for found in all(|world: &mut World| {
        let flag = world.cell("flag", false);
        world.thread("waiter", move |task| {
            task.step_when(&flag, STEP, &Wait::on("the flag"), |flag| *flag, |_| ())
        });
    }) {
        let finding = &found.findings[0];
        assert_eq!(finding.property, NO_DEADLOCK);
        assert!(finding.cycle.is_none());
        assert!(
            finding.message.contains("waiter waits for the flag"),
            "{}",
            finding.message
        );
    }
}

#[test]
fn a_wait_for_a_named_thread_is_an_edge_of_the_cycle() {
    for found in all(|world: &mut World| {
        let (lock, flag) = (world.lock("lock", "lock", ()), world.cell("flag", false));
        let (other_lock, other_flag) = (lock.clone(), flag.clone());
        world.thread("waiter", move |task| {
            let _held = task.acquire(&lock, STEP)?;
            let wait = Wait::on("the flag").woken_by("setter");
            task.step_when(&flag, STEP, &wait, |flag| *flag, |_| ())
        });
        world.thread("setter", move |task| {
            let _held = task.acquire(&other_lock, STEP)?;
            task.step(&other_flag, STEP, |flag| *flag = true)
        });
    }) {
        assert_eq!(
            found.findings[0].cycles[0].chain(),
            "setter -> waiter -> setter"
        );
    }
}

#[test]
fn a_condition_that_becomes_true_wakes_its_waiter() {
    for found in all(|world: &mut World| {
        let full = world.cell("full", 0_u8);
        let other = full.clone();
        world.thread("consumer", move |task| {
            for _ in 0..2 {
                task.step_when(&full, STEP, &Wait::on("an item"), |n| *n > 0, |n| *n -= 1)?;
            }
            Ok(())
        });
        world.thread("producer", move |task| {
            for _ in 0..2 {
                task.step_when(&other, STEP, &Wait::on("room"), |n| *n < 1, |n| *n += 1)?;
            }
            Ok(())
        });
    }) {
        assert_eq!(found.findings, [], "no thread waits forever");
        assert_eq!(found.outcomes.len(), 1);
    }
}

#[test]
fn who_leaves_with_a_lock_blocks_the_others() {
    for found in all(|world: &mut World| {
        let lock = world.lock("lock", "lock", ());
        let other = lock.clone();
        world.thread("leaver", move |task| {
            let _held = task.acquire(&lock, STEP)?;
            Err(task.leave())
        });
        world.thread("waiter", move |task| task.acquire(&other, STEP).map(drop));
    }) {
        let deadlock = found.finding(NO_DEADLOCK).unwrap();
        assert!(!deadlock.cycles[0].closed);
        assert_eq!(deadlock.cycles[0].chain(), "waiter -> leaver");
    }
}

#[test]
fn a_failed_assertion_ends_its_thread_only() {
    for found in all(|world: &mut World| {
        let count = world.cell("count", 0_u8);
        world.thread("one", |task| Err(task.bug("no-bug", "BUG_ON(true)")));
        world.thread("two", move |task| {
            task.step(&count, STEP, |count| *count += 1)?;
            task.cover("two-done");
            Ok(())
        });
    }) {
        assert_eq!(found.receipt.failing, found.receipt.executions);
        assert!(found.reached.contains("two-done"));
    }
}

#[test]
fn the_final_check_runs_in_every_execution_that_ends() {
    for found in all(|world: &mut World| {
        let value = world.cell("value", 0_u8);
        for name in ["one", "two"] {
            let value = value.clone();
            world.thread(name, move |task| {
                let read = task.step(&value, STEP, |value| *value)?;
                task.step(&value, STEP, move |value| *value = read + 1)
            });
        }
        world.finally(move |task| {
            task.check("sum", value.peek(|value| *value == 2), || {
                "an update was lost".into()
            });
        });
    }) {
        let lost = found.finding("sum").expect("the lost update is found");
        assert!(lost.executions < found.receipt.out_of());
        assert_eq!(found.outcomes.len(), 2);
        assert_eq!(lost.message, "at the end: an update was lost");
    }
}

#[test]
fn a_preemption_bound_of_loom_is_never_called_complete() {
    let encoding: Arc<dyn Encoding> = Arc::new(opposite_orders_and_a_bystander);
    let bounded = search(&encoding, &Strategy::Preemptions(0)).unwrap();
    assert_eq!(bounded.findings, [], "the deadlock needs a preemption");
    assert!(!bounded.receipt.complete);
}

#[test]
fn the_least_number_of_preemptions_is_exact() {
    let encoding: Arc<dyn Encoding> = Arc::new(opposite_orders_and_a_bystander);
    let states = search(&encoding, &Strategy::ExplicitState).unwrap();
    let finding = states.finding(NO_DEADLOCK).unwrap();
    assert_eq!(finding.preemptions, Some(1));
    assert_eq!(
        finding.schedule,
        crate::trace::Schedule::from([0, 1]),
        "one takes a, two takes b"
    );
}

#[test]
fn equal_seeds_give_equal_searches() {
    let encoding: Arc<dyn Encoding> = Arc::new(opposite_orders_and_a_bystander);
    for strategy in [
        RANDOM,
        Strategy::Pct {
            seed: 3,
            depth: 2,
            executions: 100,
        },
    ] {
        assert_eq!(search(&encoding, &strategy), search(&encoding, &strategy));
    }
}

#[test]
fn a_search_can_stop_at_the_first_violation() {
    let encoding: Arc<dyn Encoding> = Arc::new(opposite_orders_and_a_bystander);
    for strategy in [Strategy::LoomSleepSets, RANDOM] {
        let found = search_until_violation(&encoding, &strategy).unwrap();
        assert_eq!(found.receipt.failing, 1);
        assert!(!found.receipt.complete);
    }
}

#[test]
fn a_panic_in_an_encoding_is_an_error_with_its_message() {
    let encoding: Arc<dyn Encoding> = Arc::new(|world: &mut World| {
        let lock = world.lock("lock", "lock", ());
        let other = lock.clone();
        world.thread("fine", move |task| task.acquire(&lock, STEP).map(drop));
        world.thread("panics", move |task| {
            let _held = task.acquire(&other, STEP)?;
            panic!("index out of bounds")
        });
    });
    for strategy in [Strategy::LoomSleepSets, RANDOM] {
        match search(&encoding, &strategy) {
            Err(SearchError::Panicked { message, .. }) => {
                assert!(message.contains("index out of bounds"), "{message}");
            }
            other => panic!("not an error of the encoding: {other:?}"),
        }
    }
}

#[test]
fn a_loop_without_end_is_an_error() {
    let encoding: Arc<dyn Encoding> = Arc::new(|world: &mut World| {
        let cell = world.cell("cell", 0_u64);
        world.thread("spins", move |task| {
            loop {
                task.step(&cell, STEP, |cell| *cell += 1)?;
            }
        });
    });
    for strategy in [Strategy::LoomSleepSets, RANDOM] {
        assert!(matches!(
            search(&encoding, &strategy),
            Err(SearchError::Unbounded { .. })
        ));
    }
}

#[test]
fn bad_models_are_refused_with_a_reason() {
    let nothing: Arc<dyn Encoding> = Arc::new(|_: &mut World| ());
    assert_eq!(search(&nothing, &RANDOM), Err(SearchError::NoThreads));
    let twins: Arc<dyn Encoding> = Arc::new(|world: &mut World| {
        world.thread("same", |_| Ok(()));
        world.thread("same", |_| Ok(()));
    });
    assert_eq!(
        search(&twins, &RANDOM),
        Err(SearchError::SameName("same".into()))
    );
    let crowd: Arc<dyn Encoding> = Arc::new(|world: &mut World| {
        for i in 0..5 {
            world.thread(format!("thread {i}"), |_| Ok(()));
        }
    });
    assert_eq!(
        search(&crowd, &Strategy::LoomSleepSets),
        Err(SearchError::TooManyThreads {
            engine: Engine::Loom,
            threads: 5,
            most: 4
        })
    );
    assert!(search(&crowd, &RANDOM).is_ok());
}

#[test]
fn a_schedule_that_does_not_fit_is_refused() {
    let encoding: Arc<dyn Encoding> = Arc::new(opposite_orders_and_a_bystander);
    assert_eq!(
        replay(&encoding, &crate::trace::Schedule::from([0, 7])),
        Err(SearchError::Diverged(2))
    );
}

#[test]
fn a_fingerprint_tells_models_apart_and_is_stable() {
    let model = |by: u8| -> Arc<dyn Encoding> {
        Arc::new(move |world: &mut World| {
            let cell = world.cell("cell", 0_u8);
            world.thread("one", move |task| {
                task.step(&cell, STEP, move |cell| *cell += by)
            });
        })
    };
    assert_eq!(fingerprint(&model(1)), fingerprint(&model(1)));
    assert_ne!(fingerprint(&model(1)), fingerprint(&model(2)));
}

#[test]
fn thousands_of_failing_executions_in_parallel_threads_do_not_mix() {
    let failed = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                for _ in 0..50 {
                    for found in all(opposite_orders_and_a_bystander) {
                        assert!(found.finding(NO_DEADLOCK).is_some());
                        failed.fetch_add(1, Ordering::Relaxed);
                    }
                }
            });
        }
    });
    assert_eq!(
        failed.into_inner(),
        4 * 50 * 3,
        "searches by every strategy"
    );
}

#[test]
fn two_cycles_in_one_execution_are_both_on_record() {
    for found in all(|world: &mut World| {
        for pair in ["first", "second"] {
            let (a, b) = (world.lock("a", "lock", ()), world.lock("b", "lock", ()));
            for (name, outer, inner) in [("one", a.clone(), b.clone()), ("two", b, a)] {
                world.thread(format!("{pair} {name}"), move |task| {
                    let _outer = task.acquire(&outer, STEP)?;
                    let _inner = task.acquire(&inner, STEP)?;
                    Ok(())
                });
            }
        }
    }) {
        assert_eq!(found.findings[0].cycles.len(), 2);
    }
}
