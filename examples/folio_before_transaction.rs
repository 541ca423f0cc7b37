//! Writeback through iomap takes the folio lock and then starts a transaction: the order that ext4's 61628a3f
//! turned round. It is sound on one condition, which XFS keeps: no thread that is in a transaction waits for a folio
//! lock. A buffered write that starts its transaction first breaks it.
//!
//! `cargo run --release --example folio_before_transaction -- diff folio-before-transaction`

use pagelock::engine::NO_DEADLOCK;
use pagelock::kernel::{Buffers, Journal, JournalConfig, Page};
use pagelock::model::{Encoding, Function, World};
use pagelock::spec::{Clause, CoverPoint, Design, Expectation, Property, Scenario, Spec, Variant};
use std::process::ExitCode;
use std::sync::Arc;

const ITER_WRITE: Function = Function::new("iomap_write_begin", "fs/iomap/buffered-io.c");
const WRITEPAGES: Function = Function::new("iomap_writepages", "fs/iomap/buffered-io.c");
const MAP_BLOCKS: Function = Function::new("map_blocks", "fs/example/aops.c");

const FOLIO_FIRST: Clause = Clause::new(
    "no-folio-lock-in-a-transaction",
    "a write ends its transaction before it locks a folio",
    ITER_WRITE,
);

pub(crate) static SPEC: Spec = Spec {
    clauses: &[FOLIO_FIRST],
    designs: &[
        Design::new("old", "a write locks its folio in a transaction", &[]),
        Design::new("patched", "never in one", &["no-folio-lock-in-a-transaction"]),
    ],
    scenarios: &[Scenario::new("write", "a write, writeback of the folio, and a commit")
        .covering(&["writeback-waits-for-commit"])],
    properties: &[Property::new(NO_DEADLOCK, "no thread waits forever", "at every wait")],
    cover_points: &[CoverPoint::new(
        "writeback-waits-for-commit",
        "writeback has the folio lock and cannot start",
    )],
    expectations: &[
        Expectation::violates("old", "write", &[NO_DEADLOCK])
            .by(&["committer (handle of TN) -> writer (page N lock) -> flusher (commit of TN) -> committer"])
            .because("Writeback waits for the commit, the commit for the writer, the writer for the folio."),
        Expectation::passes("patched", "write")
            .because("Writeback waits with the folio lock, and the thread that it waits for wants no folio."),
    ],
    ..Spec::new("folio-before-transaction", "folio lock, then transaction start", encode)
};

fn encode(variant: &Variant, _: &Scenario) -> Arc<dyn Encoding> {
    let folio_first = variant.has(&FOLIO_FIRST);
    Arc::new(move |world: &mut World| {
        let journal = Journal::new(
            world,
            JournalConfig {
                owners: vec!["writer".into(), "flusher".into()],
                committer: "committer",
                max_transaction_buffers: None,
                balance: "handles",
                outstanding: 0,
            },
        );
        let folio = Page::new(world, 0, Buffers::new(&[]), false);
        let (its_journal, its_folio) = (journal.clone(), folio.clone());
        world.thread("writer", move |task| {
            let handle = its_journal
                .start(task, 1)?
                .expect("transactions hold any number");
            if folio_first {
                its_journal.stop(task, handle)?;
                its_folio.lock_by(task, ITER_WRITE)?.unlock_page();
            } else {
                its_folio.lock_by(task, ITER_WRITE)?.unlock_page();
                its_journal.stop(task, handle)?;
            }
            Ok(())
        });
        let starts = journal.clone();
        world.thread("flusher", move |task| {
            let locked = folio.lock_by(task, WRITEPAGES)?;
            let _in = task.enter(MAP_BLOCKS);
            let start = || starts.start(task, 1);
            let point = "writeback-waits-for-commit";
            let handle = task.covering_waits("transaction", point, start)?;
            starts.stop(task, handle.expect("transactions hold any number"))?;
            locked.unlock_page();
            Ok(())
        });
        world.thread("committer", move |task| {
            let commit = journal.lock_transaction(task)?;
            journal.flush(task, commit)
        });
    })
}

fn main() -> ExitCode {
    static SPECS: [&Spec; 1] = [&SPEC];
    pagelock::cli::run(&SPECS)
}
