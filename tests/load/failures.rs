//! Models that violate something, or that no engine takes.

use crate::cases::{LOCK, STEP};
use pagelock::model::{Wait, World};
use std::cell::Cell as Local;

pub(crate) fn deadlock(world: &mut World) {
    let (a, b) = (world.lock("a", "a", ()), world.lock("b", "b", ()));
    for (name, first, second) in [("one", a.clone(), b.clone()), ("two", b, a)] {
        world.thread(name, move |task| {
            let _outer = task.acquire(&first, LOCK)?;
            let _inner = task.acquire(&second, LOCK)?;
            Ok(())
        });
    }
}

pub(crate) fn lost_wakeup(world: &mut World) {
    let cell = world.cell("flag", 0_u8);
    let other = cell.clone();
    world.thread("one", move |task| {
        task.step_when(
            &cell,
            STEP,
            &Wait::on("the flag"),
            |flag| *flag == 1,
            |_| (),
        )
    });
    world.thread("two", move |task| {
        task.step(&other, STEP, |flag| *flag = 1)?;
        task.step(&other, STEP, |flag| *flag = 0)
    });
}

pub(crate) fn violation(world: &mut World) {
    let counter = world.cell("counter", 0_u8);
    for name in ["one", "two"] {
        let counter = counter.clone();
        world.thread(name, move |task| {
            let was = task.step(&counter, STEP, |counter| *counter)?;
            task.step(&counter, STEP, move |counter| *counter = was + 1)
        });
    }
    world.finally(move |task| {
        task.check("lost", counter.peek(|counter| *counter) == 2, String::new);
    });
}

pub(crate) fn failed_assertion(world: &mut World) {
    let cell = world.cell("counter", 0_u8);
    for name in ["one", "two"] {
        let cell = cell.clone();
        world.thread(name, move |task| {
            let count = task.step(&cell, STEP, |count| {
                *count += 1;
                *count
            })?;
            if count == 2 {
                return Err(task.bug("no-two", "two came"));
            }
            Ok(())
        });
    }
}

pub(crate) fn unbounded(world: &mut World) {
    let cell = world.cell("cell", 0_u8);
    world.thread("one", move |task| {
        loop {
            task.step(&cell, STEP, |_| ())?;
        }
    });
}

pub(crate) fn crowd(world: &mut World) {
    let cell = world.cell("counter", 0_u8);
    for name in ["one", "two", "three", "four", "five", "six"] {
        let cell = cell.clone();
        world.thread(name, move |task| {
            task.step(&cell, STEP, |count| *count += 1)
        });
    }
    world.finally(|task| task.check("fails", false, String::new));
}

thread_local! {
    static RUNS: Local<u32> = const { Local::new(0) };
}

/// A model that does more every other time that it is built.
pub(crate) fn nondeterministic(world: &mut World) {
    let runs = RUNS.get();
    RUNS.set(runs + 1);
    let cell = world.cell("counter", 0_u32);
    for name in ["one", "two"] {
        let cell = cell.clone();
        world.thread(name, move |task| {
            task.step(&cell, STEP, |_| ())?;
            if runs % 2 == 1 {
                task.step(&cell, STEP, |_| ())?;
            }
            task.step(&cell, STEP, |_| ())
        });
    }
}

/// What is done on a thread from here on does not depend on what was done there before.
pub(crate) fn forget() {
    RUNS.set(0);
}
