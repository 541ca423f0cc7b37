//! Hole punch against a page fault in ext4: the hole is cut out of the page cache first and out of the extents
//! then, and a fault in between brings the page back, onto a block that is about to be freed. ext4
//! ea3d7209ca01 (2015) has the fault read, and the punch write, a semaphore around both.
//!
//! `cargo run --release --example hole_punch -- clauses`

use pagelock::kernel::{ExtentMap, Found, RwSemaphore};
use pagelock::model::{Encoding, Function, World};
use pagelock::spec::{Clause, CoverPoint, Design, Expectation, Property, Scenario, Spec, Variant};
use std::process::ExitCode;
use std::sync::Arc;

const PUNCH_HOLE: Function = Function::new("ext4_punch_hole", "fs/ext4/inode.c");
const TRUNCATE: Function = Function::new("truncate_pagecache_range", "mm/truncate.c");
const REMOVE_SPACE: Function = Function::new("ext4_ext_remove_space", "fs/ext4/extents.c");
const FILEMAP_FAULT: Function = Function::new("filemap_fault", "mm/filemap.c");
const EXT4_FAULT: Function = Function::new("ext4_filemap_fault", "fs/ext4/inode.c");
const READPAGE: Function = Function::new("ext4_readpage", "fs/ext4/inode.c");

const FAULT_READS: Clause = Clause::new(
    "fault-reads",
    "a fault takes i_mmap_sem to read",
    EXT4_FAULT,
);
const PUNCH_WRITES: Clause = Clause::new(
    "punch-writes",
    "a punch takes i_mmap_sem to write",
    PUNCH_HOLE,
);

pub(crate) static SPEC: Spec = Spec {
    commit: "ea3d7209ca01",
    before: "ea3d7209ca01^",
    subject: "ext4: fix races between page faults and hole punching",
    clauses: &[FAULT_READS, PUNCH_WRITES],
    designs: &[
        Design::new("old", "nothing keeps faults out of a punch", &[]),
        Design::new(
            "patched",
            "i_mmap_sem does",
            &["fault-reads", "punch-writes"],
        ),
    ],
    scenarios: &[Scenario::new(
        "read-fault",
        "a block is punched out while its page is faulted in",
    )
    .covering(&["block-was-there", "block-was-gone"])],
    properties: &[Property::new(
        "no-stale-page",
        "a page in the page cache has no block that was freed",
        "at the end",
    )],
    cover_points: &[
        CoverPoint::new("block-was-there", "the fault finds the block"),
        CoverPoint::new("block-was-gone", "the fault finds the hole"),
    ],
    expectations: &[
        Expectation::violates("old", "read-fault", &["no-stale-page"])
            .because("The page comes back after it was cut out, and before its block is freed."),
        Expectation::passes("patched", "read-fault")
            .because("It comes before both, or after both."),
    ],
    ..Spec::new(
        "hole-punch",
        "a page fault between the two halves of a hole punch",
        encode,
    )
};

fn encode(variant: &Variant, _: &Scenario) -> Arc<dyn Encoding> {
    let (fault_reads, punch_writes) = (variant.has(&FAULT_READS), variant.has(&PUNCH_WRITES));
    Arc::new(move |world: &mut World| {
        let sem = RwSemaphore::new(world, "i_mmap_sem", "i_mmap_sem");
        let extents = ExtentMap::new(world, &[Found::Written]);
        // Whether the page is in the page cache with a buffer that is mapped to the block.
        let page = world.lock("page 0", "page lock", true);
        let (its_sem, its_extents, its_page) = (sem.clone(), extents.clone(), page.clone());
        world.thread("fault", move |task| {
            let _in = task.enter(EXT4_FAULT);
            let _sem = fault_reads
                .then(|| its_sem.down_read(task, EXT4_FAULT))
                .transpose()?;
            let mut page = task.acquire(&its_page, FILEMAP_FAULT)?;
            if page.read(|mapped| *mapped) {
                task.cover("block-was-there");
                return Ok(());
            }
            let found = its_extents.look_up(task, READPAGE, 0)?;
            let there = found == Found::Written;
            let point = if there {
                "block-was-there"
            } else {
                "block-was-gone"
            };
            task.cover(point);
            page.update(move |mapped| *mapped = there);
            Ok(())
        });
        let (left, freed) = (page.clone(), extents.clone());
        world.thread("punch", move |task| {
            let _in = task.enter(PUNCH_HOLE);
            let _sem = punch_writes
                .then(|| sem.down_write(task, PUNCH_HOLE))
                .transpose()?;
            task.acquire(&page, TRUNCATE)?
                .update(|mapped| *mapped = false);
            extents.truncate(task, REMOVE_SPACE, 0)
        });
        world.finally(move |task| {
            let stale = left.peek(|mapped| *mapped) && freed.peek(0) == Found::Hole;
            task.check("no-stale-page", !stale, || {
                "page 0 has a block that was freed".into()
            });
        });
    })
}

fn main() -> ExitCode {
    static SPECS: [&Spec; 1] = [&SPEC];
    pagelock::cli::run(&SPECS)
}
