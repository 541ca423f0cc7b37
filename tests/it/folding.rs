//! What is folded in a counterexample has no part in the failure: without it, the schedule fails in the same way.

use pagelock::engine::{NO_DEADLOCK, replay};
use pagelock::kernel::{Buffers, Journal, JournalConfig, Page};
use pagelock::model::{Encoding, Function, Wait, World};
use pagelock::render::{Layout, screen};
use pagelock::spec::{Design, Expectation, Property, Scenario, Spec, Variant, counterexample};
use pagelock::trace::{Cycle, Event, Schedule, ThreadId, Trace, WaitEdge};
use std::sync::Arc;

const STEP: Function = Function::new("step", "a.c");
const LOCK: Function = Function::new("mutex_lock", "kernel/locking/mutex.c");
const ALLOCATE: Function = Function::new("alloc_pages", "mm/page_alloc.c");

/// A model in one scenario that ends in a deadlock.
const DEPARTED: Spec = Spec {
    designs: &[Design::new("only", "it deadlocks", &[])],
    scenarios: &[Scenario::new("one", "a deadlock")],
    properties: &[Property::new(
        NO_DEADLOCK,
        "no thread blocks forever",
        "at a wait",
    )],
    expectations: &[Expectation::violates("only", "one", &[NO_DEADLOCK])],
    ..Spec::new("departed", "a deadlock", departed)
};
static SPECS: [Spec; 3] = [
    DEPARTED,
    Spec {
        name: "turned-back",
        encode: turned_back,
        ..DEPARTED
    },
    Spec {
        name: "handed",
        encode: handed,
        ..DEPARTED
    },
];

/// A thread that finds no memory leaves with its handle, for which the commit waits.
fn departed(_: &Variant, _: &Scenario) -> Arc<dyn Encoding> {
    Arc::new(|world: &mut World| {
        let journal = Journal::new(
            world,
            JournalConfig {
                owners: vec!["writer".into()],
                committer: "kjournald2",
                max_transaction_buffers: None,
                balance: "balance",
                outstanding: 0,
            },
        );
        let page = Page::new(world, 0, Buffers::default(), false);
        let memory = world.cell("memory", true);
        let (its, gone) = (journal.clone(), memory.clone());
        world.thread("writer", move |task| {
            let handle = its.start(task, 1)?.expect("there is room");
            if !task.step(&memory, ALLOCATE, |memory| *memory)? {
                let halt = task.leave();
                drop(handle);
                return Err(halt);
            }
            page.lock_page(task)?.unlock_page();
            its.stop(task, handle)
        });
        world.thread("hog", move |task| {
            task.step(&gone, ALLOCATE, |memory| *memory = false)
        });
        world.thread("kjournald2", move |task| {
            let commit = journal.lock_transaction(task)?;
            journal.flush(task, commit)
        });
        bystander(world);
    })
}

/// What a thread waits for comes, and is taken back by a third one before it has looked.
fn turned_back(_: &Variant, _: &Scenario) -> Arc<dyn Encoding> {
    Arc::new(|world: &mut World| {
        let (lock, cell) = (world.lock("lock", "lock", ()), world.cell("cell", 0_u8));
        let (same, its, back) = (lock.clone(), cell.clone(), cell.clone());
        world.thread("waits", move |task| {
            let _locked = task.acquire(&lock, LOCK)?;
            let two = Wait::on("two").woken_by("sets");
            task.step_when(&cell, STEP, &two, |cell| *cell == 2, |_| ())
        });
        world.thread("sets", move |task| {
            task.step(&its, STEP, |cell| *cell = 2)?;
            task.acquire(&same, LOCK)?.release();
            Ok(())
        });
        world.thread("takes back", move |task| {
            task.step(&back, STEP, |cell| *cell = cell.saturating_sub(1))
        });
        bystander(world);
    })
}

/// One thread of a cycle takes its way because of what another one, outside of the cycle, has stored.
fn handed(_: &Variant, _: &Scenario) -> Arc<dyn Encoding> {
    Arc::new(|world: &mut World| {
        let (a, b) = (world.lock("a", "lock", ()), world.lock("b", "lock", ()));
        let turned = world.cell("turned", false);
        let (same_a, same_b, announced) = (a.clone(), b.clone(), turned.clone());
        world.thread("one", move |task| {
            let _first = task.acquire(&a, LOCK)?;
            let _second = task.acquire(&b, LOCK)?;
            Ok(())
        });
        world.thread("two", move |task| {
            let turned = task.step(&turned, STEP, |turned| *turned)?;
            let (first, second) = if turned {
                (same_b, same_a)
            } else {
                (same_a, same_b)
            };
            let _first = task.acquire(&first, LOCK)?;
            let _second = task.acquire(&second, LOCK)?;
            Ok(())
        });
        world.thread("three", move |task| {
            task.step(&announced, STEP, |turned| *turned = true)
        });
        bystander(world);
    })
}

/// A thread that has nothing to do with anything.
fn bystander(world: &mut World) {
    let own = world.cell("its own", 0_u8);
    world.thread("bystander", move |task| {
        task.step(&own, STEP, |own| *own += 1)
    });
}

/// The operations on which the failure depends.
fn kept(trace: &Trace) -> Schedule {
    let operations = trace.events.iter().zip(trace.causes());
    let operations = operations.filter(|(event, _)| event.operation.is_some());
    let turns = trace.schedule.iter().zip(operations);
    let kept = turns.filter(|(_, (_, matters))| *matters);
    kept.map(|(turn, _)| *turn).collect()
}

/// Whether the threads of the cycle wait as they do in it where nothing more can happen after the schedule.
fn is_stuck(encoding: &Arc<dyn Encoding>, schedule: &Schedule, cycle: &Cycle) -> bool {
    let again = replay(encoding, schedule).expect("what is left fits");
    let waits = |edge: &WaitEdge| {
        let last = again
            .events
            .iter()
            .rfind(|event| event.thread == edge.thread);
        let wait = last.and_then(|event| event.waits_for.as_ref());
        wait.is_some_and(|wait| wait.what == edge.waits_for)
    };
    cycle.edges.iter().all(waits)
}

/// The same counterexample with a turn of the bystander before all others, of which the shortest has none, and with
/// its cycle.
fn with_bystander(trace: &Trace, encoding: &Arc<dyn Encoding>) -> (Trace, Cycle) {
    let mut trace = trace.clone();
    let bystander = trace.threads.iter().position(|name| name == "bystander");
    let bystander = ThreadId::new(bystander.expect("it is there"));
    let others = trace.schedule.iter().copied();
    let others = others.filter(|thread| *thread != bystander);
    trace.schedule = std::iter::once(bystander).chain(others).collect();
    let turns = trace.schedule.len();
    let is_beyond = |event: &Event| event.operation.is_some_and(|number| number > turns);
    trace.events = replay(encoding, &trace.schedule).expect("it fits").events;
    let end = trace.events.iter().position(is_beyond);
    trace.events.truncate(end.unwrap_or(trace.events.len()));
    // An engine need not see that the step of a third thread has closed a cycle: then the waits tell.
    let waits = trace.events.iter().filter_map(|event| {
        let wait = event.waits_for.as_ref()?;
        Some(WaitEdge {
            thread: event.thread.clone(),
            waits_for: wait.what.clone(),
            held_by: wait.held_by.clone()?,
            ended_by: String::new(),
            waits_in: event.function.clone(),
        })
    });
    let edges = waits.collect();
    let known = trace.cycle.clone();
    let cycle = known.unwrap_or(Cycle {
        edges,
        closed: true,
    });
    trace.cycle = Some(cycle.clone());
    (trace, cycle)
}

#[test]
fn without_what_is_folded_it_fails_in_the_same_way() {
    for spec in &SPECS {
        let (design, scenario) = (&spec.designs[0], &spec.scenarios[0]);
        let found = counterexample(spec, design, scenario, None).expect("a result");
        let encoding = spec.encoding(design, scenario);
        let (trace, cycle) = with_bystander(&found.expect("it deadlocks"), &encoding);
        let kept = kept(&trace);
        // The bystander is folded, and nothing else.
        assert_eq!(kept[..], trace.schedule[1..], "{}: {cycle:?}", spec.name);
        assert!(
            is_stuck(&encoding, &trace.schedule, &cycle),
            "{}",
            spec.name
        );
        assert!(is_stuck(&encoding, &kept, &cycle), "{}", spec.name);
        let shown = screen(&trace, Layout::default());
        assert!(
            shown.contains("1 rows are folded, since the failure does not depend on them"),
            "{shown}"
        );
    }
}

#[test]
fn what_a_departed_thread_has_read_is_shown() {
    let (design, scenario) = (&SPECS[0].designs[0], &SPECS[0].scenarios[0]);
    let trace = counterexample(&SPECS[0], design, scenario, None).expect("a result");
    let trace = trace.expect("it deadlocks");
    assert!(!trace.cycle.as_ref().expect("a chain").closed);
    let shown = screen(&trace, Layout::default());
    assert!(shown.contains("memory: true -> false"), "{shown}");
}
