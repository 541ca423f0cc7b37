//! A filesystem's `->page_mkwrite` that returns with the page locked, as the mm has wanted since b827e496c893,
//! and forgets to say so by `VM_FAULT_LOCKED`: the mm locks the page once more, and waits for itself.
//!
//! `cargo run --release --example forgotten_fault_locked -- trace forgotten-fault-locked/old`

use pagelock::engine::NO_DEADLOCK;
use pagelock::kernel::{Buffers, Page, Pte, PteState};
use pagelock::model::{Encoding, Function, World};
use pagelock::spec::{Clause, CoverPoint, Design, Expectation, Property, Scenario, Spec, Variant};
use std::process::ExitCode;
use std::sync::Arc;

const PAGE_MKWRITE: Function = Function::new("page_mkwrite", "fs/example/file.c");
const DO_WP_PAGE: Function = Function::new("do_wp_page", "mm/memory.c");
const FLUSHER: Function = Function::new("write_cache_pages", "mm/page-writeback.c");

const RETURN_LOCKED: Clause = Clause::new(
    "return-locked",
    "page_mkwrite returns VM_FAULT_LOCKED for the page that it has locked",
    PAGE_MKWRITE,
);

pub(crate) static SPEC: Spec = Spec {
    clauses: &[RETURN_LOCKED],
    designs: &[
        Design::new("old", "page_mkwrite returns 0 with the page locked", &[]),
        Design::new("patched", "it returns VM_FAULT_LOCKED", &["return-locked"]),
    ],
    scenarios: &[Scenario::new("flush", "a fault and a flusher").covering(&["fault-waits"])],
    properties: &[Property::new(
        NO_DEADLOCK,
        "no thread waits forever",
        "at every wait",
    )],
    cover_points: &[CoverPoint::new(
        "fault-waits",
        "the fault finds the page locked by the flusher",
    )],
    expectations: &[
        Expectation::violates("old", "flush", &[NO_DEADLOCK])
            .by(&["fault (page N lock) -> fault"])
            .because("The mm takes the lock that the filesystem holds for it."),
        Expectation::passes("patched", "flush")
            .because("The mm goes on with the lock that it is given."),
    ],
    ..Spec::new(
        "forgotten-fault-locked",
        "a page locked twice by one fault",
        encode,
    )
};

fn encode(variant: &Variant, _: &Scenario) -> Arc<dyn Encoding> {
    let returns_locked = variant.has(&RETURN_LOCKED);
    Arc::new(move |world: &mut World| {
        let page = Page::new(world, 0, Buffers::new(&[]), false);
        let (its, pte) = (page.clone(), Pte::new(world, "pte", PteState::READ_ONLY));
        world.thread("fault", move |task| {
            let _in = task.enter(DO_WP_PAGE);
            drop(pte.lock(task, DO_WP_PAGE)?);
            let waits = || its.lock_by(task, PAGE_MKWRITE);
            let locked = task.covering_waits_for("page lock", "flusher", "fault-waits", waits)?;
            its.test_set_dirty(task, PAGE_MKWRITE)?;
            if !returns_locked {
                its.lock_by(task, DO_WP_PAGE)?.unlock_page();
            }
            locked.unlock_page();
            Ok(())
        });
        world.thread("flusher", move |task| {
            let locked = page.lock_by(task, FLUSHER)?;
            page.test_clear_dirty(task)?;
            locked.unlock_page();
            Ok(())
        });
    })
}

fn main() -> ExitCode {
    static SPECS: [&Spec; 1] = [&SPEC];
    pagelock::cli::run(&SPECS)
}
