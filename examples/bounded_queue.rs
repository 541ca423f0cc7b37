//! A queue of one place, with nothing of a kernel in it: its consumer looks, and then sleeps. What is put
//! in between wakes no thread.
//!
//! `cargo run --release --example bounded_queue -- trace bounded-queue/old`

use pagelock::engine::NO_DEADLOCK;
use pagelock::model::{Encoding, Function, Wait, World};
use pagelock::spec::{Clause, CoverPoint, Design, Expectation, Property, Scenario, Spec, Variant};
use std::process::ExitCode;
use std::sync::Arc;

const PUT: Function = Function::new("put", "queue.rs");
const TAKE: Function = Function::new("take", "queue.rs");
const SLEEP: Function = Function::new("sleep", "queue.rs");

const ANNOUNCE: Clause = Clause::new("announce", "says that it sleeps before it looks", TAKE);

pub(crate) static SPEC: Spec = Spec {
    clauses: &[ANNOUNCE],
    designs: &[
        Design::new("old", "looks, and says then that it sleeps", &[]),
        Design::new(
            "patched",
            "says that it sleeps, and looks then",
            &["announce"],
        ),
    ],
    scenarios: &[Scenario::new("one-each", "one is put, one is taken").covering(&["put-unseen"])],
    properties: &[Property::new(
        NO_DEADLOCK,
        "no thread sleeps forever",
        "at the end",
    )],
    cover_points: &[CoverPoint::new(
        "put-unseen",
        "the consumer finds nothing, and sleeps",
    )],
    expectations: &[
        Expectation::violates("old", "one-each", &[NO_DEADLOCK])
            .because("The item comes between the look and the sleep, and no thread is woken."),
        Expectation::passes("patched", "one-each")
            .because("The thread that puts knows of the sleeper."),
    ],
    ..Spec::new(
        "bounded-queue",
        "a wakeup between the look and the sleep",
        encode,
    )
};

fn encode(variant: &Variant, _: &Scenario) -> Arc<dyn Encoding> {
    let announces = variant.has(&ANNOUNCE);
    Arc::new(move |world: &mut World| {
        let items = world.cell("items", 0_u8);
        let (sleeps, awake) = (world.cell("sleeper", false), world.cell("wakeup", false));
        let (its_items, its_sleeps, its_awake) = (items.clone(), sleeps.clone(), awake.clone());
        world.thread("producer", move |task| {
            task.step(&its_items, PUT, |items| *items += 1)?;
            if task.step(&its_sleeps, PUT, |sleeps| *sleeps)? {
                task.step(&its_awake, PUT, |awake| *awake = true)?;
            }
            Ok(())
        });
        world.thread("consumer", move |task| {
            if announces {
                task.step(&sleeps, SLEEP, |sleeps| *sleeps = true)?;
            }
            if task.step(&items, TAKE, |items| *items == 0)? {
                task.cover("put-unseen");
                if !announces {
                    task.step(&sleeps, SLEEP, |sleeps| *sleeps = true)?;
                }
                task.step_when(&awake, SLEEP, &Wait::on("a wakeup"), |awake| *awake, |_| ())?;
            }
            task.step(&items, TAKE, |items| *items -= 1)
        });
    })
}

fn main() -> ExitCode {
    static SPECS: [&Spec; 1] = [&SPEC];
    pagelock::cli::run(&SPECS)
}
