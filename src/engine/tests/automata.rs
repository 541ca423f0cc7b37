//! Models as automata: what each kind of operation becomes.

use super::{Encoding, Function, SearchError, Wait, World};
use crate::engine::automata::{
    Automata, End, EndCheck, EndedBy, Object, ObjectKind, Operation, OperationKind, Transition, of,
};
use std::sync::Arc;

const STEP: Function = Function::new("step", "here.c");
const LOCK: Function = Function::new("lock", "here.c");
const OUTER: Function = Function::new("outer", "here.c");

fn automata(build: impl Fn(&mut World) + Send + Sync + 'static) -> Automata {
    let encoding: Arc<dyn Encoding> = Arc::new(build);
    of(&encoding).expect("the search ends")
}

/// The operation at a thread's first local state, and what happens there.
fn first(automata: &Automata, thread: usize) -> (&Operation, &[Transition]) {
    let thread = &automata.threads[thread];
    let local = &thread.local_states[thread.initial as usize];
    let operation = local.operation.expect("it is at one");
    (&thread.operations[operation as usize], &local.transitions)
}

#[test]
fn a_lock_is_taken_in_one_transition_and_given_up_in_another() {
    let found = automata(|world| {
        let lock = world.lock("a", "class", 7_u8);
        let cell = world.cell("c", 0_u8);
        world.thread("one", move |task| {
            let _outer = task.enter(OUTER);
            let mut held = task.acquire(&lock, LOCK)?;
            held.show_as("another name");
            held.update(|value| *value = 9);
            task.step(&cell, STEP, |cell| *cell = 1)?;
            held.release();
            task.step(&cell, STEP, |cell| *cell = 2)
        });
    });
    let lock = &found.objects[0];
    assert_eq!((lock.name.as_str(), lock.class.as_str()), ("a", "class"));
    assert_eq!(lock.kind, ObjectKind::Lock);
    assert_eq!(lock.values[lock.initial as usize], "7");
    assert_eq!(found.objects[1].kind, ObjectKind::Cell);
    let (operation, transitions) = first(&found, 0);
    assert_eq!(operation.kind, OperationKind::Acquire);
    assert_eq!(operation.callers, ["outer"]);
    assert!(operation.at.starts_with("src/engine/tests/automata.rs:"));
    // What is done under the lock is a part of what took it.
    assert_eq!(
        operation.effects[0].changes,
        [("7".to_string(), "9".to_string())]
    );
    assert_eq!(transitions.len(), 1);
    assert_eq!(transitions[0].takes, [0]);
    assert_eq!(transitions[0].writes, [(0, 1)]);
    let next = &found.threads[0].local_states[transitions[0].to as usize];
    assert_eq!(next.transitions[0].gives, [0]);
    assert_eq!(next.transitions[0].writes, [(1, 1)]);
}

#[test]
fn a_wait_opens_for_the_values_for_which_its_guard_holds() {
    let found = automata(|world| {
        let (items, owner) = (world.cell("items", 0_u8), world.cell("owner", ()));
        let put = items.clone();
        world.thread("producer", move |task| {
            task.step(&put, STEP, |items| *items += 1)?;
            task.step(&put, STEP, |items| *items += 1)
        });
        let waits = [
            ("any", Wait::on("two items")),
            ("thread", Wait::on("two items").woken_by("producer")),
            (
                "owner",
                Wait::on("two items").woken_by_owner(&owner, |()| None),
            ),
            ("work", Wait::on("two items").for_work()),
        ];
        for (name, wait) in waits {
            let items = items.clone();
            let opens = |items: &u8| *items == 2;
            world.thread(name, move |task| {
                task.step_when(&items, STEP, &wait, opens, |_| ())
            });
        }
    });
    let two = found.objects[0]
        .values
        .iter()
        .position(|value| value == "2");
    for (thread, by) in [
        (1, EndedBy::AnyThread),
        (2, EndedBy::Thread("producer".to_string())),
        (3, EndedBy::Owner),
        (4, EndedBy::AnyThread),
    ] {
        let (operation, _) = first(&found, thread);
        assert_eq!((operation.kind, operation.object), (OperationKind::Wait, 0));
        let wait = operation.wait.as_ref().expect("it waits");
        assert_eq!((&*wait.event, &wait.ended_by), ("two items", &by));
        assert_eq!(wait.for_work, thread == 4);
        let opens = found.threads[thread].local_states[0].opens.iter();
        let opens: Vec<usize> = opens.map(|value| *value as usize).collect();
        assert_eq!(opens, Vec::from_iter(two));
    }
}

#[test]
fn violations_stand_where_they_happen() {
    let found = automata(|world| {
        let cell = world.cell("c", 0_u8);
        let (access, leaves, breaks) = (cell.clone(), cell.clone(), cell.clone());
        world.thread("early", |task| {
            task.check("at-first", false, String::new);
            Ok(())
        });
        world.thread("late", move |task| {
            let seen = task.step(&access, STEP, |cell| *cell)?;
            task.check("unseen", seen == 1, String::new);
            task.check("unseen", seen == 1, String::new);
            Ok(())
        });
        world.thread("breaker", move |task| {
            task.step(&breaks, STEP, |cell| *cell = 1)
        });
        world.finally(move |task| {
            task.check("zero", leaves.peek(|cell| *cell) == 0, String::new);
        });
    });
    assert_eq!(found.violated_at_first, ["at-first"]);
    let (_, transitions) = first(&found, 1);
    let of = |value: u32| {
        let mut own = transitions.iter();
        let own = own.find(|one| one.when == [(0, value)]);
        own.expect("both values occur").violates.clone()
    };
    assert_eq!((of(0), of(1)), (vec!["unseen".to_string()], Vec::new()));
    let zero = EndCheck {
        when: vec![(0, 1)],
        violates: vec!["zero".to_string()],
    };
    assert_eq!(found.at_the_end, [zero]);
    let ends = found.threads.iter().flat_map(|thread| &thread.local_states);
    assert!(
        ends.filter(|local| local.operation.is_none())
            .all(|local| local.end == Some(End::Returned))
    );
}

#[test]
fn who_leaves_for_good_keeps_what_it_holds() {
    let found = automata(|world| {
        let lock = world.lock("a", "", ());
        let again = lock.clone();
        world.thread("leaver", move |task| {
            let _kept = task.acquire(&lock, LOCK)?;
            Err(task.leave())
        });
        world.thread("other", move |task| {
            task.acquire(&again, LOCK)?.release();
            Ok(())
        });
    });
    // It has no class, and is a lock all the same.
    assert_eq!(found.objects[0].kind, ObjectKind::Lock);
    let (_, transitions) = first(&found, 0);
    let left = &found.threads[0].local_states[transitions[0].to as usize];
    assert_eq!((left.end, left.operation), (Some(End::Left), None));
    assert_eq!(transitions[0].takes, [0]);
    // What is taken and given up between two operations changes nothing.
    let (_, transitions) = first(&found, 1);
    assert!(transitions[0].takes.is_empty() && transitions[0].gives.is_empty());
}

/// The engine keeps 64 bits of which objects were looked at; the last stands for all others.
#[test]
fn objects_beyond_the_sixty_fourth_are_told_apart() {
    let found = automata(|world| {
        let cells: Vec<_> = (0..70).map(|n| world.cell(format!("c{n}"), 0_u8)).collect();
        let (low, high, other) = (cells[3].clone(), cells[68].clone(), cells[66].clone());
        let waits = high.clone();
        world.thread("one", move |task| {
            task.step(&low, STEP, |cell| *cell = 1)?;
            task.step(&high, STEP, |cell| *cell = 1)
        });
        world.thread("two", move |task| task.step(&other, STEP, |cell| *cell = 1));
        world.thread("three", move |task| {
            task.step_when(&waits, STEP, &Wait::on("it"), |cell| *cell == 1, |_| ())
        });
    });
    let names: Vec<&str> = found
        .objects
        .iter()
        .map(|object: &Object| &*object.name)
        .collect();
    assert_eq!((names.len(), names[68]), (70, "c68"));
    let (operation, transitions) = first(&found, 1);
    assert_eq!(operation.object, 66);
    assert!(transitions.iter().all(|one| one.writes == [(66, 1)]));
    let three = &found.threads[2].local_states[0];
    assert_eq!(three.opens, [1]);
    assert!(
        three
            .transitions
            .iter()
            .all(|one| one.when.contains(&(68, 1)))
    );
}

#[test]
fn what_cannot_be_searched_has_no_automata() {
    let encoding: Arc<dyn Encoding> = Arc::new(|_: &mut World| ());
    assert_eq!(of(&encoding), Err(SearchError::NoThreads));
}
