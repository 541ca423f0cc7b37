//! Models that fail in few schedules only, so that each engine finds the failure in the middle of a search.

use crate::cases::{Bad, Case, Ends, LOCK, PANIC, SELDOM, STEP, case};
use pagelock::model::{Cell, Halt, Task, Wait, World};

/// Each of these models.
pub(crate) fn cases() -> Vec<Case> {
    vec![
        case("late panic in a thread", PANIC, |world| {
            late(world, "", |_, _| panic!("in a thread"));
        }),
        case("late panic in a step", PANIC, |world| {
            late(world, "", |task, value| {
                task.step(value, STEP, |_| panic!("in a step"))
            });
        }),
        case("late panic in a guard", PANIC, |world| {
            late(world, "guard", |_, _| Ok(()));
        }),
        case("late panic in an owner", PANIC, |world| {
            late(world, "owner", |_, _| Ok(()));
        }),
        case("late panic in an owed event", SELDOM, |world| {
            late(world, "owed", |_, _| Ok(()));
        }),
        case("late panic in show", SELDOM, |world| {
            late(world, "show", |_, _| Ok(()));
        }),
        case("late panic in hash", PANIC, |world| {
            late(world, "hash", |_, _| Ok(()));
        }),
        case("late panic in finally", PANIC, |world| {
            late(world, "finally", |_, _| Ok(()));
        }),
        case("late panic in a message", PANIC, |world| {
            late(world, "", |task, _| {
                task.check("fails", false, || panic!("in a message"));
                Ok(())
            });
        }),
        case(
            "late loop",
            Ends::Error("an execution did not end"),
            |world| {
                late(world, "", |task, value| {
                    loop {
                        task.step(value, STEP, |_| ())?;
                    }
                });
            },
        ),
    ]
}

/// What a thread does that has lost a race.
type Then = fn(&Task, &Cell<Bad>) -> Result<(), Halt>;

/// Two threads race, each with a lock in its hands. Who loses puts a word into a value, which panics where the
/// word says, and does something. A third one waits for work, with a lock that the loser then acquires.
fn late(world: &mut World, word: &'static str, then: Then) {
    let (counter, value) = (world.cell("counter", 0_u8), world.cell("value", Bad("")));
    let idle = world.lock("idle", "idle", ());
    for name in ["one", "two"] {
        let own = world.lock(name, "own", ());
        let (counter, value, idle) = (counter.clone(), value.clone(), idle.clone());
        world.thread(name, move |task| {
            let _own = task.acquire(&own, LOCK)?;
            let was = task.step(&counter, STEP, |counter| *counter)?;
            let now = task.step(&counter, STEP, |counter| {
                *counter += 1;
                *counter
            })?;
            if now == was + 1 {
                return Ok(());
            }
            task.step(&value, STEP, move |value| *value = Bad(word))?;
            then(task, &value)?;
            task.acquire(&idle, LOCK).map(drop)
        });
    }
    let (waited, held) = (value.clone(), idle);
    world.thread("three", move |task| {
        let _held = task.acquire(&held, LOCK)?;
        let wait = Wait::on("work").woken_by_owner(&waited, |value| {
            assert_ne!(value.0, "owner", "in an owner");
            None
        });
        let guard = |value: &Bad| {
            assert_ne!(value.0, "guard", "in a guard");
            false
        };
        task.step_when(&waited, STEP, &wait.for_work(), guard, |_| ())
    });
    let last = value.clone();
    world.obligation("work", move || {
        value.peek(|value| assert_ne!(value.0, "owed", "in an owed event"));
        None
    });
    world.finally(move |_| last.peek(|value| assert_ne!(value.0, "finally", "in finally")));
}
