//! What an explicit-state search remembers of a step, and what it must ask for again.

use super::*;
use std::sync::Arc;

const STEP: Function = Function::new("step", "here.c");

/// The explicit-state engine and every schedule agree on how many schedules there are and how many violate
/// what.
fn same_counts(encoding: impl Encoding) -> Search {
    let encoding: Arc<dyn Encoding> = Arc::new(encoding);
    let strategies = [Strategy::ExplicitState, Strategy::AllSchedules];
    let [states, all] = strategies.map(|strategy| search(&encoding, &strategy).unwrap());
    let counts = |found: &Search| -> Vec<(String, u64)> {
        let findings = found.findings.iter();
        findings
            .map(|finding| (finding.property.clone(), finding.executions))
            .collect()
    };
    assert_eq!(states.statistics.out_of(), all.statistics.executions);
    assert_eq!(counts(&states), counts(&all));
    assert_eq!(states.ends(), all.ends());
    assert_eq!(states.reached, all.reached);
    states
}

#[test]
fn a_step_whose_check_peeks_at_what_a_lock_protects_is_another_step_where_that_holds_something_else()
 {
    let found = same_counts(|world: &mut World| {
        let (mine, other) = (world.cell("mine", 0_u8), world.lock("other", "lock", 0_u8));
        let seen = other.clone();
        world.thread("checks", move |task| {
            let _held = task.acquire(&seen, STEP)?;
            task.step(&mine, STEP, |mine| *mine += 1)?;
            task.check("first", seen.peek(|seen| *seen == 0), String::new);
            Ok(())
        });
        world.thread("stores", move |task| {
            let mut other = task.acquire(&other, STEP)?;
            other.update(|other| *other = 1);
            Ok(())
        });
    });
    assert_eq!(found.finding("first").map(|f| f.executions), Some(1));
}

#[test]
fn what_a_lock_protects_is_a_part_of_the_step_that_reads_it() {
    let found = same_counts(|world: &mut World| {
        let lock = world.lock("lock", "lock", 0_u8);
        for name in ["one", "two", "three"] {
            let lock = lock.clone();
            world.thread(name, move |task| {
                let mut guard = task.acquire(&lock, STEP)?;
                let turn = guard.update(|turn| {
                    *turn += 1;
                    *turn
                });
                task.check("not-second", turn != 2 || task.name() != "two", String::new);
                Ok(())
            });
        }
    });
    assert_eq!(found.finding("not-second").map(|f| f.executions), Some(2));
}

#[test]
fn the_check_at_the_end_is_run_for_each_end() {
    let found = same_counts(|world: &mut World| {
        let cell = world.cell("cell", 1_u8);
        let (twice, more, last) = (cell.clone(), cell.clone(), cell);
        world.thread("doubles", move |task| {
            task.step(&twice, STEP, |cell| *cell *= 2)
        });
        world.thread("adds", move |task| {
            task.step(&more, STEP, |cell| *cell += 1)
        });
        world.finally(move |task| {
            let value = last.peek(|cell| *cell);
            task.cover(format!("ends-with-{value}"));
            task.check("four", value == 4, || format!("it is {value}"));
        });
    });
    assert_eq!(found.finding("four").map(|f| f.executions), Some(1));
    assert_eq!(found.reached.len(), 2);
}

#[test]
fn objects_without_a_bit_of_their_own_are_told_apart() {
    let found = same_counts(|world: &mut World| {
        let name = |object: &usize| format!("cell {object}");
        let cells: Vec<Cell<u8>> = (0..70).map(|object| world.cell(name(&object), 0)).collect();
        let (last, step) = (cells[69].clone(), cells[69].clone());
        let first = world.lock("lock", "lock", 0_u8);
        let seen = first.clone();
        world.thread("stores", move |task| {
            let mut first = task.acquire(&first, STEP)?;
            first.update(|value| *value = 1);
            Ok(())
        });
        world.thread("stores too", move |task| {
            task.step(&last, STEP, |cell| *cell = 1)
        });
        world.thread("checks", move |task| {
            let _held = task.acquire(&seen, STEP)?;
            let value = task.step(&step, STEP, |cell| *cell)?;
            let same = seen.peek(|seen| *seen == value);
            task.check("same", same, String::new);
            Ok(())
        });
    });
    assert_eq!(found.finding("same").map(|f| f.executions), Some(3));
}

#[test]
fn an_owner_that_another_object_names_is_asked_for_where_that_has_changed() {
    let found = same_counts(|world: &mut World| {
        let (object, owner) = (world.cell("object", false), world.cell("owner", 0_u8));
        let (free, mine) = (object.clone(), owner.clone());
        world.thread("waits", move |task| {
            let name = |owner: &u8| (*owner == 1).then_some("takes");
            let wait = Wait::on("object").woken_by_owner(&mine, name);
            task.step_when(&object, STEP, &wait, |free| *free, |_| ())
        });
        world.thread("takes", move |task| {
            task.step(&owner, STEP, |owner| *owner = 1)?;
            let wait = Wait::on("nothing").woken_by("waits");
            task.step_when(&free, STEP, &wait, |_| false, |_| ())
        });
    });
    let deadlock = found.finding(NO_DEADLOCK).expect("neither goes on");
    assert_eq!(deadlock.cycles.len(), 1);
}

#[test]
fn a_search_that_would_visit_more_states_is_not_complete() {
    let two: Arc<dyn Encoding> = Arc::new(|world: &mut World| {
        let cell = world.cell("cell", 0_u8);
        for name in ["one", "two"] {
            let cell = cell.clone();
            world.thread(name, move |task| task.step(&cell, STEP, |cell| *cell += 1));
        }
    });
    let all = search(&two, &Strategy::ExplicitState).unwrap().statistics;
    let states = all.states.expect("it counts states").states;
    assert!(all.complete);
    let up_to = |states| {
        let limits = Limits {
            states: Some(states),
            ..Limits::default()
        };
        search_within(&two, &Strategy::ExplicitState, &limits).unwrap()
    };
    assert!(up_to(states).statistics.complete);
    let fewer = up_to(states - 1);
    assert!(!fewer.statistics.complete);
    assert_eq!(fewer.statistics.states.expect("as many").states, states - 1);
}

#[test]
fn a_cycle_that_an_owner_closes_is_an_end_like_one_that_a_thread_closes() {
    // Whether the last of the cycle to come is the thread that waits or the owner that the object names,
    // the end is the same state.
    let found = same_counts(|world: &mut World| {
        let cells = ["object", "never", "counter", "own"].map(|name| world.cell(name, 0_u8));
        let [object, never, counter, own] = cells;
        let owner = world.cell("owner", 0_u8);
        let named = owner.clone();
        world.thread("X", move |task| task.step(&owner, STEP, |owner| *owner = 1));
        world.thread("Y", move |task| {
            task.step(&counter, STEP, |_| ())?;
            let wait = Wait::on("never").woken_by("W");
            task.step_when(&never, STEP, &wait, |_| false, |_| ())
        });
        world.thread("Z", move |task| task.step(&own, STEP, |_| ()));
        world.thread("W", move |task| {
            let name = |owner: &u8| (*owner == 1).then_some("Y");
            let wait = Wait::on("object").woken_by_owner(&named, name);
            task.step_when(&object, STEP, &wait, |_| false, |_| ())
        });
    });
    assert_eq!(found.finding(NO_DEADLOCK).map(|f| f.executions), Some(6));
}

#[test]
fn a_step_that_names_a_lock_leaves_who_gives_it_up_to_a_thread_that_said_that() {
    let cycles = |strategy: &Strategy| {
        let encoding: Arc<dyn Encoding> = Arc::new(|world: &mut World| {
            let (l, m) = (world.lock("l", "l", ()), world.lock("m", "m", ()));
            let (first, second, wanted) = (l.clone(), l.clone(), m.clone());
            world.thread("A", move |task| {
                drop(task.acquire(&first, STEP)?.unlocked_by(STEP));
                Ok(())
            });
            world.thread("C", move |task| {
                let held = task.acquire(&second, STEP)?;
                held.show_as("c");
                task.acquire(&wanted, STEP)?.release();
                Ok(())
            });
            world.thread("D", move |task| {
                let _held = task.acquire(&m, STEP)?;
                task.acquire(&l, STEP)?.release();
                Ok(())
            });
        });
        let found = search(&encoding, strategy).unwrap();
        found.finding(NO_DEADLOCK).unwrap().cycles.clone()
    };
    let all = cycles(&Strategy::AllSchedules);
    assert_eq!(all.len(), 2);
    assert_eq!(cycles(&Strategy::ExplicitState), all);
}
