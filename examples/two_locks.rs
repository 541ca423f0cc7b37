//! As small as a spec gets: two locks, taken in opposite orders.
//!
//! `cargo run --release --example two_locks`

use pagelock::engine::NO_DEADLOCK;
use pagelock::model::{Encoding, Function, World};
use pagelock::spec::{Clause, CoverPoint, Design, Expectation, Property, Scenario, Spec, Variant};
use std::process::ExitCode;
use std::sync::Arc;

const LOCK: Function = Function::new("mutex_lock", "kernel/locking/mutex.c");
const SAME_ORDER: Clause = Clause::new("same-order", "both take a before b", LOCK);

pub(crate) static SPEC: Spec = Spec {
    clauses: &[SAME_ORDER],
    designs: &[
        Design::new("old", "a before b, and b before a", &[]),
        Design::new("patched", "a before b", &["same-order"]),
    ],
    scenarios: &[Scenario::new("two", "two threads").covering(&["waits"])],
    properties: &[Property::new(NO_DEADLOCK, "no thread waits", "at a wait")],
    cover_points: &[CoverPoint::new("waits", "a thread waits for a")],
    expectations: &[
        Expectation::violates("old", "two", &[NO_DEADLOCK]).by(&["one (b) -> two (a) -> one"]),
        Expectation::passes("patched", "two"),
    ],
    ..Spec::new("two-locks", "two locks in opposite orders", encode)
};

fn encode(variant: &Variant, _: &Scenario) -> Arc<dyn Encoding> {
    let same_order = variant.has(&SAME_ORDER);
    Arc::new(move |world: &mut World| {
        let (a, b) = (world.lock("a", "a", ()), world.lock("b", "b", ()));
        let turned = if same_order {
            (a.clone(), b.clone())
        } else {
            (b.clone(), a.clone())
        };
        for (name, (first, second)) in [("one", (a, b)), ("two", turned)] {
            world.thread(name, move |task| {
                let _first = task.covering_waits("a", "waits", || task.acquire(&first, LOCK))?;
                let _second = task.acquire(&second, LOCK)?;
                Ok(())
            });
        }
    })
}

fn main() -> ExitCode {
    static SPECS: [&Spec; 1] = [&SPEC];
    pagelock::cli::run(&SPECS)
}
