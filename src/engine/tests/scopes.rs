//! What a thread forgets at the end of a scope, and what it must not.

use super::*;
use std::sync::Arc;

const STEP: Function = Function::new("step", "here.c");

/// The explicit-state engine, and every schedule without pruning.
fn both(encoding: impl Encoding) -> [Search; 2] {
    let encoding: Arc<dyn Encoding> = Arc::new(encoding);
    [Strategy::ExplicitState, Strategy::AllSchedules]
        .map(|strategy| search(&encoding, &strategy).unwrap())
}

/// Three looks at an object that no thread changes, two of them in a scope, before a store that a thread
/// else's store may come before or after.
fn looks_in_a_scope(world: &mut World) {
    let (constant, value) = (world.cell("constant", 0_u8), world.cell("value", 0_u8));
    let other = value.clone();
    world.thread("looks", move |task| {
        let look = || task.step(&constant, STEP, |_| ());
        task.scope(|| look().and_then(|()| look()))?;
        look()?;
        task.step(&value, STEP, |value| *value = *value * 2 + 1)
    });
    world.thread("stores", move |task| {
        task.step(&other, STEP, |value| *value += 3)
    });
}

#[test]
fn the_end_of_a_scope_is_another_place_than_its_middle() {
    let [states, schedules] = both(looks_in_a_scope);
    assert_eq!(states.ends(), schedules.ends());
    assert_eq!(states.outcomes.len(), 2);
    assert_eq!(
        states.statistics.states.map(|states| states.schedules),
        Some(schedules.statistics.executions)
    );
}

/// A thread looks at a value that changes, and does something with what it saw, or not.
fn looks_at_what_changes(keeps: bool) -> impl Encoding {
    move |world: &mut World| {
        let (value, result) = (world.cell("value", 0_u8), world.cell("result", 9_u8));
        let other = value.clone();
        world.thread("looks", move |task| {
            let look = || task.step(&value, STEP, |value| *value);
            let seen = task.scope(|| Ok(if keeps { look()? } else { look()? / 8 }))?;
            task.step(&result, STEP, move |result| *result = seen)?;
            task.step(&result, STEP, |_| ())
        });
        world.thread("counts", move |task| {
            task.step(&other, STEP, |value| *value += 1)?;
            task.step(&other, STEP, |value| *value += 1)
        });
    }
}

#[test]
fn what_a_scope_gives_back_is_kept_and_the_rest_forgotten() {
    let [kept, schedules] = both(looks_at_what_changes(true));
    assert_eq!(kept.ends(), schedules.ends());
    assert_eq!(kept.outcomes.len(), 3);
    let [forgotten, schedules] = both(looks_at_what_changes(false));
    assert_eq!(forgotten.ends(), schedules.ends());
    assert_eq!(forgotten.outcomes.len(), 1);
    let states = |found: &Search| found.statistics.states.map(|states| states.states);
    assert!(states(&forgotten) < states(&kept));
}
