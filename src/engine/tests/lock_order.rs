//! In which orders threads acquire locks and events.

use super::{Encoding, Function, Search, Strategy, Wait, World, replay, search};
use crate::trace::Schedule;
use std::sync::Arc;

const LOCK: Function = Function::new("lock", "here.c");
const STEP: Function = Function::new("step", "here.c");
const CALLER: Function = Function::new("caller", "here.c");

fn states(encoding: impl Fn(&mut World) + Send + Sync + 'static) -> (Search, Arc<dyn Encoding>) {
    let encoding: Arc<dyn Encoding> = Arc::new(encoding);
    (
        search(&encoding, &Strategy::ExplicitState).unwrap(),
        encoding,
    )
}

fn pairs(found: &Search) -> Vec<(&str, &str)> {
    let orders = found.orders.iter();
    orders
        .map(|order| (order.held.name.as_str(), order.wanted.name.as_str()))
        .collect()
}

/// Two threads that take two locks in opposite orders, both under a third if `gated`.
fn opposite(gated: bool) -> impl Fn(&mut World) {
    move |world: &mut World| {
        let (a, b) = (world.lock("a", "mutex", ()), world.lock("b", "mutex", ()));
        let gate = world.lock("gate", "mutex", ());
        for (name, first, second) in [("one", a.clone(), b.clone()), ("two", b, a)] {
            let gate = gate.clone();
            world.thread(name, move |task| {
                let _gate = gated.then(|| task.acquire(&gate, LOCK)).transpose()?;
                let _caller = task.enter(CALLER);
                let _first = task.acquire(&first, LOCK)?;
                let _second = task.acquire(&second, LOCK)?;
                Ok(())
            });
        }
    }
}

#[test]
fn opposite_orders_are_both_seen_with_their_deadlock() {
    let (found, encoding) = states(opposite(false));
    assert_eq!(pairs(&found), [("a", "b"), ("b", "a")]);
    let names: Vec<Vec<&str>> = (found.deadlocks.iter())
        .map(|cycle| cycle.iter().map(|one| one.name.as_str()).collect())
        .collect();
    assert_eq!(names, [["b", "a"]]);
    for (order, (thread, schedule)) in found.orders.iter().zip([("one", [0]), ("two", [1])]) {
        assert_eq!(order.thread, thread);
        assert_eq!((order.function, order.caller), (LOCK, Some(CALLER)));
        assert_eq!(order.schedule, Schedule::from(schedule), "the shortest");
        assert!(order.waits);
        assert!(replay(&encoding, &order.schedule).is_ok());
    }
}

#[test]
fn a_gate_keeps_the_deadlock_away_and_not_the_orders() {
    let (found, _) = states(opposite(true));
    assert!(found.deadlocks.is_empty());
    let all = pairs(&found);
    assert!(all.contains(&("a", "b")) && all.contains(&("b", "a")));
    let inner = found
        .orders
        .iter()
        .filter(|order| order.held.name != "gate");
    assert!(inner.clone().count() == 2 && inner.clone().all(|order| !order.waits));
}

#[test]
fn only_a_stateful_search_collects_orders() {
    let encoding: Arc<dyn Encoding> = Arc::new(opposite(false));
    let sampled = Strategy::Random {
        seed: 1,
        executions: 50,
    };
    for strategy in [Strategy::LoomSleepSets, sampled] {
        let found = search(&encoding, &strategy).unwrap();
        assert!(found.orders.is_empty() && found.deadlocks.is_empty());
    }
}

/// A thread waits for an event under a lock; another has to bring it about, and acquires that lock
/// before it does.
fn event(world: &mut World, obligations: bool, waited_for: bool) {
    let lock = world.lock("lock 0", "lock", ());
    let done = world.cell("done", false);
    if obligations {
        let done = done.clone();
        world.obligation("end of 0", move || {
            (!done.peek(|done| *done)).then_some("ender")
        });
    }
    let (outer, seen) = (lock.clone(), done.clone());
    world.thread("waiter", move |task| {
        let _lock = task.acquire(&outer, LOCK)?;
        if !waited_for {
            return Ok(());
        }
        let wait = Wait::on("end of 0").woken_by("ender");
        task.step_when(&seen, STEP, &wait, |done| *done, |_| ())
    });
    world.thread("ender", move |task| {
        task.acquire(&lock, LOCK)?.release();
        task.step(&done, STEP, |done| *done = true)
    });
}

#[test]
fn an_event_that_a_thread_waits_for_is_held_by_its_ender() {
    let (found, _) = states(|world: &mut World| event(world, false, true));
    assert_eq!(
        pairs(&found),
        [("end of 0", "lock 0"), ("lock 0", "end of 0")]
    );
    let held = &found.orders[0].held;
    assert_eq!((held.class.as_str(), held.event), ("end of N", true));
    assert_eq!(found.orders[0].thread, "ender");
    assert_eq!(found.deadlocks.len(), 1);
}

#[test]
fn an_event_that_says_who_owes_it_is_held_though_no_thread_waits() {
    let (found, _) = states(|world: &mut World| event(world, false, false));
    assert!(found.orders.is_empty());
    let (found, _) = states(|world: &mut World| event(world, true, false));
    assert_eq!(pairs(&found), [("end of 0", "lock 0")]);
}

#[test]
fn nothing_is_seen_after_the_end_of_an_execution() {
    // The thread acquires the second lock only when its wait, which never ends, is over.
    let (found, _) = states(|world: &mut World| {
        let (a, b) = (world.lock("a", "mutex", ()), world.lock("b", "mutex", ()));
        let never = world.cell("never", false);
        world.thread("one", move |task| {
            let _a = task.acquire(&a, LOCK)?;
            let wait = Wait::on("nothing");
            let waited = task.step_when(&never, STEP, &wait, |never| *never, |_| ());
            let second = task.acquire(&b, LOCK);
            assert!(second.is_err() || waited.is_ok());
            waited
        });
    });
    assert_eq!(pairs(&found), [("a", "nothing")]);
}

#[test]
fn a_lock_keeps_the_name_that_it_was_made_under() {
    let (found, _) = states(|world: &mut World| {
        let (a, b) = (world.lock("a", "mutex", ()), world.lock("b", "mutex", ()));
        world.thread("one", move |task| {
            let first = task.acquire(&a, LOCK)?;
            first.show_as("another");
            task.acquire(&b, LOCK).map(drop)
        });
    });
    assert_eq!(pairs(&found), [("a", "b")]);
}
