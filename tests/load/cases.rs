//! Models that fail, each in its own way.

use crate::failures::{
    crowd, deadlock, failed_assertion, lost_wakeup, nondeterministic, unbounded, violation,
};
use crate::late;
use pagelock::engine::{Search, SearchError, Strategy};
use pagelock::model::{Cell, Encoding, Function, State, Wait, World};
use std::hash::{Hash, Hasher};
use std::sync::Arc;

pub(crate) const STEP: Function = Function::new("step", "lib/step.c");
pub(crate) const LOCK: Function = Function::new("lock", "lib/lock.c");

/// How a search of a failing model ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ends {
    /// With a finding.
    Violated,
    /// With an error that says this.
    Error(&'static str),
    /// With an error by an engine that finds it, and with a result by another.
    Perhaps(&'static str),
}

/// A failing model.
pub(crate) struct Case {
    pub(crate) name: &'static str,
    pub(crate) ends: Ends,
    pub(crate) encoding: Arc<dyn Encoding>,
}

pub(crate) const PANIC: Ends = Ends::Error("the encoding panicked, ");

/// An engine that does not look there has a result.
pub(crate) const SELDOM: Ends = Ends::Perhaps("the encoding panicked, ");

impl Case {
    /// Whether its searches take a good part of a second.
    pub(crate) fn is_long(&self) -> bool {
        self.name == "unbounded loop"
    }

    /// Whether a search has ended as it must. A sample may miss what comes late.
    pub(crate) fn is_as_expected(
        &self,
        strategy: &Strategy,
        result: &Result<Search, SearchError>,
    ) -> bool {
        let misses = self.name.starts_with("late") && !strategy.is_exhaustive();
        match (self.ends, result) {
            (Ends::Violated, Ok(search)) => !search.findings.is_empty(),
            (Ends::Violated, Err(_)) => false,
            (Ends::Error(_), Ok(_)) => misses,
            (Ends::Perhaps(_), Ok(_)) => true,
            (Ends::Error(why) | Ends::Perhaps(why), Err(error)) => error.to_string().contains(why),
        }
    }
}

/// What every engine is asked for.
pub(crate) fn strategies() -> Vec<Strategy> {
    let (seed, executions) = (1, 20);
    vec![
        Strategy::LoomSleepSets,
        Strategy::LoomPlain,
        Strategy::Preemptions(1),
        Strategy::Random { seed, executions },
        Strategy::Pct {
            seed,
            depth: 2,
            executions,
        },
        Strategy::AllSchedules,
        Strategy::ExplicitState,
    ]
}

/// Every failing model.
pub(crate) fn cases() -> Vec<Case> {
    [failures(), panics(), late::cases()]
        .into_iter()
        .flatten()
        .collect()
}

pub(crate) fn case(name: &'static str, ends: Ends, build: fn(&mut World)) -> Case {
    Case {
        name,
        ends,
        encoding: Arc::new(build),
    }
}

fn failures() -> Vec<Case> {
    vec![
        case("deadlock", Ends::Violated, deadlock),
        case("lost wakeup", Ends::Violated, lost_wakeup),
        case("violation", Ends::Violated, violation),
        case("failed assertion", Ends::Violated, failed_assertion),
        case(
            "unbounded loop",
            Ends::Error("an execution did not end"),
            unbounded,
        ),
        case("no thread", Ends::Error("the model has no threads"), |_| ()),
        case(
            "same name",
            Ends::Error("two threads are called"),
            |world| {
                world.thread("one", |_| Ok(()));
                world.thread("one", |_| Ok(()));
            },
        ),
        case(
            "too many threads",
            Ends::Perhaps("the model has 6 threads"),
            crowd,
        ),
        case(
            "nondeterministic",
            Ends::Error("the model is not deterministic"),
            nondeterministic,
        ),
    ]
}

fn panics() -> Vec<Case> {
    vec![
        case("panic in build", PANIC, |_| panic!("in build")),
        case("panic in a thread", PANIC, |world| {
            two(world, |_| panic!("in a thread"));
        }),
        case("panic of another type", PANIC, |world| {
            two(world, |_| std::panic::panic_any(7_u8));
        }),
        case("panic under a lock", PANIC, panic_under_a_lock),
        case("panic in a step", PANIC, |world| {
            stepping(world, Bad(""), |_| panic!("in a step"));
        }),
        case("panic in a guard", PANIC, |world| {
            guarded(world, |_| panic!("in a guard"), |_| None);
        }),
        case("panic in an owner", PANIC, |world| {
            guarded(world, |value| value.0 == "never", |_| panic!("in an owner"));
        }),
        case("panic in an owed event", SELDOM, panic_in_owed),
        case("panic in finally", PANIC, |world| {
            two(world, |_| ());
            world.finally(|_| panic!("in finally"));
        }),
        case("panic in a message", PANIC, |world| {
            two(world, |_| ());
            world.finally(|task| task.check("fails", false, || panic!("in a message")));
        }),
        case("panic in show", PANIC, |world| {
            stepping(world, Bad("show"), |_| ());
        }),
        case("panic in hash", PANIC, |world| {
            stepping(world, Bad("hash"), |_| ());
        }),
        case("panic in scope", PANIC, panic_in_scope),
    ]
}

/// A value that panics where its word says.
#[derive(Clone, Copy)]
pub(crate) struct Bad(pub(crate) &'static str);

impl Hash for Bad {
    fn hash<H: Hasher>(&self, state: &mut H) {
        assert_ne!(self.0, "hash", "in hash");
        self.0.hash(state);
    }
}

impl State for Bad {
    fn show(&self) -> String {
        assert_ne!(self.0, "show", "in show");
        self.0.to_string()
    }
}

/// Two threads with a step, the second of which does something bad then.
fn two(world: &mut World, bad: fn(u8)) {
    let cell = world.cell("counter", 0_u8);
    for name in ["one", "two"] {
        let cell = cell.clone();
        world.thread(name, move |task| {
            let count = task.step(&cell, STEP, |count| {
                *count += 1;
                *count
            })?;
            if count == 2 {
                bad(count);
            }
            task.step(&cell, STEP, |_| ())
        });
    }
}

fn stepping(world: &mut World, value: Bad, effect: fn(&mut Bad)) {
    let cell = world.cell("value", value);
    for name in ["one", "two"] {
        let cell: Cell<Bad> = cell.clone();
        world.thread(name, move |task| {
            task.step(&cell, STEP, |_| ())?;
            task.step(&cell, STEP, effect)
        });
    }
}

fn guarded(world: &mut World, guard: fn(&Bad) -> bool, owner: fn(&Bad) -> Option<&'static str>) {
    let (value, lock) = (world.cell("value", Bad("")), world.lock("a", "a", ()));
    let waited = value.clone();
    let held = lock.clone();
    world.thread("one", move |task| {
        let _held = task.acquire(&held, LOCK)?;
        let wait = Wait::on("an event").woken_by_owner(&waited, owner);
        task.step_when(&waited, STEP, &wait, guard, |_| ())
    });
    world.thread("two", move |task| {
        task.step(&value, STEP, |_| ())?;
        let _held = task.acquire(&lock, LOCK)?;
        Ok(())
    });
}

fn panic_in_owed(world: &mut World) {
    world.obligation("an event", || panic!("in an owed event"));
    two(world, |_| ());
}

fn panic_under_a_lock(world: &mut World) {
    let (a, b) = (world.lock("a", "a", 0_u8), world.lock("b", "b", ()));
    for name in ["one", "two", "three"] {
        let (a, b) = (a.clone(), b.clone());
        world.thread(name, move |task| {
            let mut outer = task.acquire(&a, LOCK)?;
            let _inner = task.acquire(&b, LOCK)?;
            let count = outer.update(|count| {
                *count += 1;
                *count
            });
            assert_ne!(count, 2, "under two locks");
            Ok(())
        });
    }
}

fn panic_in_scope(world: &mut World) {
    let cell = world.cell("counter", 0_u8);
    for name in ["one", "two"] {
        let cell = cell.clone();
        world.thread(name, move |task| {
            task.scope(|| {
                let count = task.step(&cell, STEP, |count| {
                    *count += 1;
                    *count
                })?;
                assert_eq!(count, 1, "in a scope");
                Ok(())
            })
        });
    }
}
