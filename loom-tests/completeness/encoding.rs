//! A protocol as an encoding on the engine's facade, and what the engine says of it.

use super::brute_force::{Edge, Object};
use super::language::{Action, Ending, Instruction, Place, Protocol};
use pagelock::engine::{
    Cell, Encoding, Function, Guard, Halt, Lock, NO_DEADLOCK, StableHasher, Strategy, Task, Wait,
    World, endings, replay, search,
};
use pagelock::trace::WaitEdge;
use std::collections::BTreeSet;
use std::hash::{Hash, Hasher};
use std::sync::{Arc, Mutex, PoisonError};

const LINE: Function = Function::new("line", "protocol");

/// What a search says of a protocol.
#[derive(Debug)]
pub(super) struct Searched {
    /// The marks of every place and of every ending.
    pub(super) marks: BTreeSet<String>,
    /// The engine's own hashes of the outcomes.
    pub(super) outcomes: BTreeSet<u64>,
    pub(super) cycles: BTreeSet<BTreeSet<Edge>>,
    pub(super) deadlock: bool,
    pub(super) complete: bool,
    /// How many executions differ in more than the order of independent operations.
    pub(super) traces: u64,
}

/// The hash that the engine is to give to an outcome: of the hashes of all objects, in the order
/// in which they are made.
pub(super) fn outcome_hash(ending: &Ending) -> u64 {
    let mut hasher = StableHasher::new();
    for number in ending.locks.iter().chain(&ending.cells) {
        let mut object = StableHasher::new();
        number.hash(&mut object);
        hasher.write_u64(object.finish());
    }
    hasher.finish()
}

/// Runs a strategy of the engine on a protocol.
///
/// Endings are told by marks: in [`World::finally`] where all threads have returned, and by the last thread
/// to come to rest where they have not.
pub(super) fn run(protocol: &Protocol, strategy: &Strategy) -> Searched {
    let built = protocol.clone();
    let encoding: Arc<dyn Encoding> = Arc::new(move |world: &mut World| build(&built, world));
    let mut found = search(&encoding, strategy).expect("the search has a result");
    if *strategy == Strategy::States {
        // It does not run executions to their ends: so they are run here, a schedule for each.
        for schedule in endings(&encoding).expect("the search has a result") {
            let again = replay(&encoding, &schedule).expect("the schedule leads there");
            found.reached.extend(again.reached);
        }
    }
    let deadlock = found.finding(NO_DEADLOCK);
    let closed = deadlock.iter().flat_map(|finding| &finding.cycles);
    Searched {
        cycles: closed
            .filter(|cycle| cycle.closed)
            .map(|cycle| cycle.edges.iter().map(edge).collect())
            .collect(),
        deadlock: deadlock.is_some(),
        complete: found.receipt.complete,
        traces: found.traces,
        outcomes: found.ends(),
        marks: found.reached,
    }
}

fn edge(edge: &WaitEdge) -> Edge {
    let number = |name: &str| -> usize {
        let number = name.rsplit(' ').next().and_then(|last| last.parse().ok());
        number.expect("every name ends in a number")
    };
    let object = if edge.waits_for.starts_with("lock") {
        Object::Lock
    } else {
        Object::Cell
    };
    (
        number(&edge.thread),
        object(number(&edge.waits_for)),
        number(&edge.held_by),
    )
}

/// The objects of one execution, and where its threads have come to rest.
#[derive(Clone)]
struct Scene {
    locks: Vec<Lock<i64>>,
    cells: Vec<Cell<i64>>,
    ends: Arc<Mutex<Vec<Option<Place>>>>,
}

fn build(protocol: &Protocol, world: &mut World) {
    let lock = |(i, value): (usize, &i64)| world.lock(format!("lock {i}"), "lock", *value);
    let locks = protocol.locks.iter().enumerate().map(lock).collect();
    let cell = |(i, value): (usize, &i64)| world.cell(format!("cell {i}"), *value);
    let scene = Scene {
        locks,
        cells: protocol.cells.iter().enumerate().map(cell).collect(),
        ends: Arc::new(Mutex::new(vec![None; protocol.threads.len()])),
    };
    for (thread, program) in protocol.threads.iter().enumerate() {
        let (scene, program) = (scene.clone(), program.clone());
        world.thread(format!("thread {thread}"), move |task| {
            let mut place = Place {
                thread,
                line: 0,
                local: 0,
            };
            let result = walk(task, &scene, &program, &mut place);
            come_to_rest(task, &scene, place);
            result
        });
    }
    world.finally(move |task| mark_the_ending(task, &scene));
}

/// Executes a thread's program. Where the thread is halted, `place` is left at that line.
fn walk(
    task: &Task,
    scene: &Scene,
    program: &[Instruction],
    place: &mut Place,
) -> Result<(), Halt> {
    let mut guards: Vec<Option<Guard<'_, i64>>> = scene.locks.iter().map(|_| None).collect();
    task.reach(place.to_string());
    for instruction in program {
        let local = place.local;
        if instruction.only_if.is_none_or(|only| only == local) {
            match instruction.action {
                Action::Acquire(lock) => {
                    guards[lock] = Some(task.acquire(&scene.locks[lock], LINE)?);
                }
                Action::Release(lock) => guards[lock] = None,
                Action::Touch(lock, effect) => {
                    let guard = guards[lock].as_mut().expect("the thread holds the lock");
                    place.local = guard.update(move |number| effect.apply(number, local));
                }
                Action::Step(cell, effect) => {
                    let effect = move |number: &mut i64| effect.apply(number, local);
                    place.local = task.step(&scene.cells[cell], LINE, effect)?;
                }
                Action::Await {
                    cell,
                    until,
                    effect,
                    by,
                } => {
                    let mut wait = Wait::on(format!("cell {cell}"));
                    if let Some(by) = by {
                        wait = wait.done_by(format!("thread {by}"));
                    }
                    let guard = move |number: &i64| until.holds(*number, local);
                    let effect = move |number: &mut i64| effect.apply(number, local);
                    let cell = &scene.cells[cell];
                    place.local = task.step_when(cell, LINE, &wait, guard, effect)?;
                }
                Action::Leave => return Err(task.leave()),
            }
        }
        place.line += 1;
        task.reach(place.to_string());
    }
    Ok(())
}

/// The last thread to come to rest in a wait marks the ending. No number changes while an execution that
/// has ended in a deadlock unwinds, so the numbers are those of its end.
fn come_to_rest(task: &Task, scene: &Scene, place: Place) {
    let mut ends = scene.ends.lock().unwrap_or_else(PoisonError::into_inner);
    ends[place.thread] = Some(place);
    drop(ends);
    if task.is_over() {
        mark_the_ending(task, scene);
    }
}

fn mark_the_ending(task: &Task, scene: &Scene) {
    let ends = scene.ends.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(places) = ends.iter().copied().collect() {
        let ending = Ending {
            places,
            locks: scene.locks.iter().map(|lock| lock.peek(|n| *n)).collect(),
            cells: scene.cells.iter().map(|cell| cell.peek(|n| *n)).collect(),
        };
        task.reach(ending.to_string());
    }
}
