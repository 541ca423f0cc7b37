//! Designs that no spec lists and no class of a space is about: several clauses taken away at once, which shows what
//! the fixes rely on, and what no fix must do. Single clauses are in [`space`](crate::space).

use crate::variants::{search_variant, variant, violated};
use pagelock::engine::{Strategy, search};
use pagelock::protocols::ext4_journalled_writepage::{GAP_SIZE, SPEC};
use pagelock::protocols::ext4_small_blocks as ext4;
use pagelock::protocols::ext4_small_blocks::{
    ACROSS_THE_GAP, AFTER_SIZE, ALLOCATE, FILED, FREED, FSYNC, GENERIC_MKWRITE, HOLES, KEEP_DIRTY,
    LOCK_KEPT, LOCKED_LOOK, LOCKED_MKWRITE, NO_ALLOCATION, NO_BUG, NO_BUG_ON, PROTECT_TAIL, RANK,
    RECHECK_MAPPING, RECHECK_SIZE, RELOCK, SKIP_DIRTY_ONLY, STILL_DIRTY, STORE, SUBMIT_ITSELF,
    UNMAP_CLEARS_UNWRITTEN,
};
use pagelock::protocols::nfs_coalesce as nfs;
use pagelock::spec::Clause;

const WRITEPAGE: &str = "ext4-writepage";
const JOURNALLED: &str = "ext4-journalled-writepage";

/// A design without some clauses and with others, and what it violates in a scenario.
#[derive(Clone, Copy)]
struct Row {
    spec: &'static str,
    design: &'static str,
    without: &'static [&'static Clause],
    with: &'static [&'static Clause],
    scenario: &'static str,
    violated: &'static [&'static str],
}

const fn row(
    spec: &'static str,
    design: &'static str,
    without: &'static [&'static Clause],
    scenario: &'static str,
    violated: &'static [&'static str],
) -> Row {
    Row {
        spec,
        design,
        without,
        with: &[],
        scenario,
        violated,
    }
}

const fn with(with: &'static [&'static Clause], row: Row) -> Row {
    Row { with, ..row }
}

#[rustfmt::skip]
const ROWS: &[Row] = &[
    // A hole that is unfinished work hits the BUG where unfinished work does.
    row(WRITEPAGE, "patched", &[&HOLES, &NO_BUG_ON], "grow", &[NO_BUG, STORE]),
    // The next fault makes the block anew, where the tail is write-protected.
    row(WRITEPAGE, "fixed", &[&UNMAP_CLEARS_UNWRITTEN, &PROTECT_TAIL], "unwritten-down", &[NO_BUG, STORE]),
    // A clean block counts as work only where writepages submits pages by itself.
    row(WRITEPAGE, "fixed", &[&SUBMIT_ITSELF, &SKIP_DIRTY_ONLY], "read-unwritten", &[]),
    row(WRITEPAGE, "fixed", &[&LOCKED_LOOK, &LOCKED_MKWRITE, &GENERIC_MKWRITE], "reclaimed", &[FREED]),
    row(WRITEPAGE, "fixed", &[&LOCKED_MKWRITE, &GENERIC_MKWRITE], "reclaimed", &[]),
    // To write-protect the tail helps if page_mkwrite returns the page locked.
    row(WRITEPAGE, "fixed", &[&LOCKED_MKWRITE, &GENERIC_MKWRITE], "fault", &[STORE]),
    // i_alloc_sem ordered the write protection and i_size, as long as there was one.
    row(WRITEPAGE, "fixed", &[&AFTER_SIZE, &GENERIC_MKWRITE], "fault", &[]),
    with(&[&ALLOCATE], row(WRITEPAGE, "fixed", &[], "grow", &[NO_ALLOCATION, RANK])),
    // The page lock keeps truncation out of the gap: references to the buffers do not, where a commit has one.
    row(JOURNALLED, "fixed2015", &[&RELOCK, &RECHECK_MAPPING], "truncate", &[FILED, NO_BUG, FREED]),
    row(JOURNALLED, "fixed2015", &[&RECHECK_MAPPING], "truncate", &[FREED]),
    row(JOURNALLED, "fixed2015", &[&RECHECK_MAPPING], "commit", &[FILED, NO_BUG, FREED]),
    // Since 2023 a page that has left the file is no longer dirty, and that is looked at.
    row(JOURNALLED, "fixed2021", &[&RECHECK_MAPPING], "truncate", &[NO_BUG]),
    row(JOURNALLED, "fixed", &[&RECHECK_MAPPING], "truncate", &[]),
    // To look whether the page is still dirty needs that it stays so, and not the other way round.
    row(JOURNALLED, "fixed", &[&KEEP_DIRTY, &STILL_DIRTY], "reclaim", &[NO_BUG, STORE]),
    row(JOURNALLED, "fixed", &[&KEEP_DIRTY, &STILL_DIRTY], "fsync", &[FSYNC]),
    row(JOURNALLED, "fixed", &[&KEEP_DIRTY], "fsync", &[FSYNC, STORE]),
    row(JOURNALLED, "fixed", &[&STILL_DIRTY], "reclaim", &[]),
    with(&[&LOCK_KEPT], row(JOURNALLED, "fixed", &[&RELOCK], "fsync", &[RANK])),
    with(&[&ACROSS_THE_GAP], row(JOURNALLED, "fixed", &[], "fsync", &["no-deadlock"])),
    // "Prevent deadlock!" matters where a loop wraps with requests in hand; if rpciod has the request, the wait ends.
    row("nfs-coalesce", "patched", &[&nfs::FLUSH_BEFORE_WAIT], "wrap-blind", &["no-deadlock", "no-self-wait"]),
    row("nfs-coalesce", "patched", &[&nfs::FLUSH_BEFORE_WAIT], "interrupted-pass", &["data"]),
];

#[test]
fn what_the_fixes_rely_on_and_must_not_do() {
    for row in ROWS {
        let exhaustive = Strategy::LoomSleepSets;
        let found = search_variant(
            row.spec,
            row.design,
            row.without,
            row.with,
            row.scenario,
            &exhaustive,
        );
        let without: Vec<&str> = row.without.iter().map(|clause| clause.name).collect();
        assert_eq!(
            violated(&found),
            row.violated,
            "{} without {without:?}",
            row.design
        );
    }
}

/// No point of the space up to the gate's bound needs this clause: a thread has to commit in the gap what the page fault
/// has filed.
#[test]
fn a_page_that_is_cleaned_has_to_be_written_up_to_its_present_end() {
    for (without, expected) in [(&[][..], &[][..]), (&[&RECHECK_SIZE][..], &[STORE][..])] {
        let encoding = ext4::encoding(&variant(&SPEC, "fixed", without, &[]), &GAP_SIZE);
        let found = search(&encoding, &Strategy::LoomSleepSets).expect("the search has a result");
        assert_eq!(violated(&found), expected);
    }
}
