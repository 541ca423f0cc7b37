//! Waits for work, and waits for an owner that changes.

use super::searches::all;
use super::{Encoding, Function, NO_DEADLOCK, Strategy, Wait, World, search};
use std::sync::Arc;

const STEP: Function = Function::new("step", "here.c");

/// Two threads put an item each into a queue, the first after a step on something else; a server takes
/// them out and writes down in which order, and looks at what else there is.
fn served(idle: bool) -> impl Fn(&mut World) {
    move |world: &mut World| {
        let queue = world.cell("queue", 0_u32);
        let (log, side) = (world.cell("log", 0_u32), world.cell("side", 0_u32));
        for (name, item) in [("one", 1_u32), ("two", 2)] {
            let (queue, side) = (queue.clone(), side.clone());
            world.thread(name, move |task| {
                task.step(&side, STEP, move |side| *side = *side * 10 + item)?;
                task.step(&queue, STEP, move |queue| *queue = *queue * 10 + item)?;
                task.step(&side, STEP, move |side| *side = *side * 10 + item)
            });
        }
        world.thread("server", move |task| {
            let mut done = 0;
            while idle || done < 2 {
                let wait = Wait::on("an item");
                let wait = if idle { wait.for_work() } else { wait };
                let item = task.step_when(
                    &queue,
                    STEP,
                    &wait,
                    |queue| *queue > 0,
                    |queue| {
                        let item = *queue % 10;
                        *queue /= 10;
                        item
                    },
                )?;
                let seen = task.step(&side, STEP, |side| *side)?;
                task.step(&log, STEP, move |log| {
                    *log = *log * 100 + item * 10 + seen % 10;
                })?;
                done += 1;
            }
            Ok(())
        });
    }
}

#[test]
fn a_server_that_never_returns_sees_what_one_that_counts_its_items_sees() {
    let outcomes = |idle, strategy: &Strategy| {
        let encoding: Arc<dyn Encoding> = Arc::new(served(idle));
        let found = search(&encoding, strategy).unwrap();
        assert_eq!(found.findings, []);
        found.ends()
    };
    let counted = outcomes(false, &Strategy::LoomSleepSets);
    assert!(counted.len() > 10, "{}", counted.len());
    assert_eq!(outcomes(true, &Strategy::LoomSleepSets), counted);
    let random = Strategy::Random {
        seed: 1,
        executions: 3_000,
    };
    assert!(outcomes(true, &random).is_subset(&counted));
}

#[test]
fn a_thread_that_waits_beside_an_idle_server_is_stuck_all_the_same() {
    for found in all(|world: &mut World| {
        let (queue, never) = (world.cell("queue", 0_u32), world.cell("never", false));
        world.thread("server", move |task| {
            let work = Wait::on("an item").for_work();
            task.step_when(&queue, STEP, &work, |queue| *queue > 0, |_| ())
        });
        world.thread("stuck", move |task| {
            task.step_when(
                &never,
                STEP,
                &Wait::on("what never comes"),
                |it| *it,
                |_| (),
            )
        });
    }) {
        let finding = found.finding(NO_DEADLOCK).expect("a thread waits forever");
        assert!(finding.message.contains("stuck waits for what never comes"));
        assert!(!finding.message.contains("server"));
    }
}

#[test]
fn the_check_at_the_end_runs_when_only_servers_are_left() {
    for found in all(|world: &mut World| {
        let queue = world.cell("queue", 0_u32);
        let end = queue.clone();
        world.thread("server", move |task| {
            let work = Wait::on("an item").for_work();
            task.step_when(&queue, STEP, &work, |queue| *queue > 0, |_| ())
        });
        world.finally(move |task| task.check("full", end.peek(|queue| *queue > 0), String::new));
    }) {
        assert_eq!(found.findings[0].property, "full");
    }
}

#[test]
fn a_cycle_goes_through_the_owner_that_an_object_names_at_the_time() {
    // The object is handed from the first thread to the second, which wants what the waiter holds.
    for found in all(|world: &mut World| {
        let object = world.cell("object", 1_u32);
        let lock = world.lock("lock", "lock", ());
        let (mine, other) = (object.clone(), lock.clone());
        world.thread("waiter", move |task| {
            let _held = task.acquire(&lock, STEP)?;
            let name = |owner: &u32| match owner {
                0 => None,
                1 => Some("first"),
                _ => Some("second"),
            };
            let wait = Wait::on("object").woken_by_owner(&mine, name);
            task.step_when(&mine, STEP, &wait, |owner| *owner == 0, |_| ())
        });
        let handed = object.clone();
        world.thread("first", move |task| {
            task.step(&handed, STEP, |owner| *owner = 2)
        });
        world.thread("second", move |task| {
            let wait = Wait::on("its turn").woken_by("first");
            task.step_when(&object, STEP, &wait, |owner| *owner == 2, |_| ())?;
            let _wanted = task.acquire(&other, STEP)?;
            task.step(&object, STEP, |owner| *owner = 0)
        });
    }) {
        let finding = found
            .finding(NO_DEADLOCK)
            .expect("some executions deadlock");
        let shapes: Vec<String> = finding
            .cycles
            .iter()
            .map(crate::trace::Cycle::shape)
            .collect();
        assert_eq!(shapes, ["second (lock) -> waiter (object) -> second"]);
        assert!(finding.executions < found.receipt.out_of());
    }
}

#[test]
fn a_wait_for_a_lock_reaches_its_mark_where_the_thread_comes_to_it() {
    let encoding = |world: &mut World| {
        let lock = world.lock("lock", "lock", ());
        let other = world.lock("other", "other", ());
        let count = world.cell("count", 0_u8);
        let held = lock.clone();
        world.thread("holder", move |task| {
            let _held = task.acquire(&held, STEP)?;
            task.step(&count, STEP, |count| *count += 1)
        });
        world.thread("waiter", move |task| {
            drop(task.covering_waits("lock", "never", || task.acquire(&other, STEP))?);
            let lock = || task.acquire(&lock, STEP);
            let theirs = || task.covering_waits_for("lock", "waiter", "for itself", lock);
            drop(task.covering_waits("lock", "waits", theirs)?);
            task.cover("done");
            Ok(())
        });
    };
    let [_, sample, states] = super::searches::all(encoding);
    for found in [sample, states] {
        let reached: Vec<&str> = found.reached.iter().map(String::as_str).collect();
        assert_eq!(reached, ["done", "waits"]);
    }
}
