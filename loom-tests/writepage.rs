//! `ext4-writepage` with single clauses taken away, or with what no fix must do: which property each
//! clause keeps, against whom, and what the fixes rely on.

use crate::variants::{search_variant, variant};
use pagelock::engine::{Strategy, search};
use pagelock::protocols::ext4_writepage::{
    ACROSS_THE_GAP, AFTER_SIZE, ALLOCATE, COLLECT, Config, DELAYED_SECOND, DIRTY_TAIL, FILED,
    FREED, FSYNC, GAP_SIZE, GENERIC_MKWRITE, HOLES, KEEP_DIRTY, LEN_ONCE, LIMIT, LOCK_KEPT,
    LOCKED_MKWRITE, NO_ALLOCATION, NO_BH_REFS, NO_BUG, NO_BUG_ON, NOALLOC_HOLES, ONE_FUNCTION,
    PROGRESS, PROTECT_TAIL, PUT_LATE, RANK, RECHECK_MAPPING, RECHECK_SIZE, REDIRTY, RELOCK, SPEC,
    STILL_DIRTY, STORE, UNMAP_CLEARS_UNWRITTEN, WRITE_WITH_HANDLE, encoding,
};
use pagelock::spec::Clause;

/// The properties that a design violates in a scenario without some of its clauses and with others.
fn violated(
    design: &str,
    without: &[Clause],
    with: &[Clause],
    scenario: &'static str,
    strategy: &Strategy,
) -> Vec<String> {
    let (without, with): (Vec<_>, Vec<_>) = (without.iter().collect(), with.iter().collect());
    let found = search_variant(
        "ext4-writepage",
        design,
        &without,
        &with,
        scenario,
        strategy,
    );
    let findings = found.findings.into_iter();
    findings.map(|finding| finding.property).collect()
}

/// The same with threads and sizes that no scenario has.
fn without_in(design: &str, clauses: &[Clause], config: &Config) -> Vec<String> {
    let clauses: Vec<_> = clauses.iter().collect();
    let encoding = encoding(&variant(&SPEC, design, &clauses, &[]), config);
    let found = search(&encoding, &Strategy::LoomSleepSets).expect("the search has a result");
    let findings = found.findings.into_iter();
    findings.map(|finding| finding.property).collect()
}

/// The same in an exhaustive search.
fn without(design: &str, clauses: &[Clause], scenario: &'static str) -> Vec<String> {
    violated(design, clauses, &[], scenario, &Strategy::LoomSleepSets)
}

const NOTHING: [&str; 0] = [];

#[test]
fn the_functions_before_the_limit_bug_whenever_a_page_reaches_past_the_end() {
    assert_eq!(without("old", &[LIMIT], "grow"), [NO_BUG, STORE]);
}

#[test]
fn the_clauses_of_the_patch_one_by_one() {
    assert_eq!(without("patched", &[HOLES], "grow-delalloc"), [PROGRESS]);
    assert_eq!(
        without("patched", &[NOALLOC_HOLES], "grow"),
        [NO_BUG, STORE]
    );
    assert_eq!(without("patched", &[REDIRTY], "reclaim-delayed"), [STORE]);
    // Once holes are no work, there is nothing left for BUG_ON to find or for writepages to collect
    // in vain; the rest puts functions together that do the same, or writes earlier.
    for clause in [
        COLLECT,
        NO_BUG_ON,
        WRITE_WITH_HANDLE,
        ONE_FUNCTION,
        LEN_ONCE,
    ] {
        for scenario in ["grow", "grow-journalled", "grow-delalloc", "handle", "hole"] {
            let violated = without("patched", &[clause], scenario);
            assert_eq!(violated, NOTHING, "{} in {scenario}", clause.name);
        }
    }
}

#[test]
fn a_hole_that_is_unfinished_work_bugs_where_unfinished_work_does() {
    assert_eq!(
        without("patched", &[HOLES, NO_BUG_ON], "grow"),
        [NO_BUG, STORE]
    );
}

#[test]
fn a_delayed_block_that_is_not_put_back_is_lost() {
    for scenario in ["reclaim-delayed", "delayed-row"] {
        assert_eq!(without("patched", &[REDIRTY], scenario), [STORE]);
    }
    assert_eq!(without_in("patched", &[REDIRTY], &DELAYED_SECOND), [STORE]);
}

#[test]
fn a_look_up_that_must_not_fail_bugs() {
    assert_eq!(
        without("patched", &[NOALLOC_HOLES], "grow"),
        [NO_BUG, STORE]
    );
}

#[test]
fn without_clearing_unwritten_only_the_next_fault_helps() {
    // With the tail write-protected, the store to the first block faults, and page_mkwrite makes
    // the second block anew.
    assert_eq!(
        without("fixed", &[UNMAP_CLEARS_UNWRITTEN], "unwritten-down-up"),
        NOTHING
    );
    assert_eq!(
        without(
            "fixed",
            &[UNMAP_CLEARS_UNWRITTEN, PROTECT_TAIL],
            "unwritten-down-up"
        ),
        [NO_BUG, STORE]
    );
}

#[test]
fn protecting_the_tail_needs_a_page_mkwrite_that_returns_the_page_locked() {
    assert_eq!(
        without("fixed", &[LOCKED_MKWRITE, GENERIC_MKWRITE], "fault"),
        [STORE]
    );
    assert_eq!(without("fixed", &[GENERIC_MKWRITE], "fault"), NOTHING);
}

#[test]
fn protecting_the_tail_comes_after_i_size_once_i_alloc_sem_is_gone() {
    assert_eq!(without("fixed", &[AFTER_SIZE], "fault"), [STORE]);
    let with_the_semaphore = [AFTER_SIZE, GENERIC_MKWRITE];
    assert_eq!(without("fixed", &with_the_semaphore, "fault"), NOTHING);
}

#[test]
fn a_dirty_pte_says_nothing_that_the_dirty_page_does_not() {
    // page_mkwrite's page is dirty for as long as a pte of it is writable.
    for scenario in ["fault", "store", "down-up", "store-journalled"] {
        assert_eq!(without("fixed", &[DIRTY_TAIL], scenario), NOTHING);
    }
}

#[test]
fn what_keeps_truncation_out_of_the_gap_is_the_page_lock() {
    let in_2015 = without(
        "fixed2015",
        &[RELOCK, RECHECK_MAPPING],
        "journalled-truncate",
    );
    assert_eq!(in_2015, [FILED, NO_BUG, FREED]);
    // The buffers that truncation leaves are unmapped, and the walks pass over them: as long as
    // references keep them, the mapping need not be looked at.
    let unchecked = without("fixed2015", &[RECHECK_MAPPING], "journalled-truncate");
    assert_eq!(unchecked, [FREED]);
    // But a buffer that a commit still has stays mapped, and is forgotten when that ends.
    let unchecked = without("fixed2015", &[RECHECK_MAPPING], "journalled-commit");
    assert_eq!(unchecked, [FILED, NO_BUG, FREED]);
}

#[test]
fn references_that_are_put_after_the_unlock_come_too_late() {
    for scenario in ["journalled-truncate", "journalled-commit"] {
        assert_eq!(without("fixed2021a", &[PUT_LATE], scenario), NOTHING);
    }
}

#[test]
fn without_references_the_mapping_has_to_be_looked_at() {
    let in_2021 = without("fixed2021", &[RECHECK_MAPPING], "journalled-truncate");
    assert_eq!(in_2021, [NO_BUG]);
    // Since 2023, a page that has left the file is no longer dirty, and that is looked at too.
    let in_2023 = without("fixed", &[RECHECK_MAPPING], "journalled-truncate");
    assert_eq!(in_2023, NOTHING);
}

#[test]
fn references_by_a_stale_length_do_not_keep_the_buffers() {
    assert_eq!(
        without("fixed2021", &[NO_BH_REFS], "journalled-truncate"),
        [FREED]
    );
}

#[test]
fn a_page_that_is_cleaned_has_to_be_written_up_to_its_present_end() {
    // A thread has to commit in the gap what the page fault has filed.
    assert_eq!(without_in("fixed", &[RECHECK_SIZE], &GAP_SIZE), [STORE]);
    assert_eq!(without_in("fixed", &[], &GAP_SIZE), NOTHING);
}

#[test]
fn a_page_that_stays_dirty_keeps_fsync_and_reclaim_right() {
    let in_2021 = without("fixed", &[KEEP_DIRTY, STILL_DIRTY], "journalled-reclaim");
    assert_eq!(in_2021, [NO_BUG, STORE]);
    let in_2021 = without("fixed", &[KEEP_DIRTY, STILL_DIRTY], "journalled-fsync");
    assert_eq!(in_2021, [FSYNC]);
    // The second half needs the first, and not the other way round: without it, the page is right
    // and stays dirty.
    assert_eq!(
        without("fixed", &[KEEP_DIRTY], "journalled-fsync"),
        [FSYNC, STORE]
    );
    assert_eq!(
        without("fixed", &[STILL_DIRTY], "journalled-reclaim"),
        NOTHING
    );
}

#[test]
fn writepage_must_not_fill_the_hole() {
    let exhaustive = Strategy::LoomSleepSets;
    let filled = search_variant(
        "ext4-writepage",
        "fixed",
        &[],
        &[&ALLOCATE],
        "store",
        &exhaustive,
    );
    let properties: Vec<&str> = (filled.findings.iter())
        .map(|finding| finding.property.as_str())
        .collect();
    assert_eq!(properties, [NO_ALLOCATION, RANK]);
    let message = &filled.finding(NO_ALLOCATION).expect("violated").message;
    assert!(message.contains("allocates block 1 under"), "{message}");
}

#[test]
fn writepage_must_not_keep_the_page_locked() {
    let kept = violated(
        "fixed",
        &[RELOCK],
        &[LOCK_KEPT],
        "journalled-fsync",
        &Strategy::LoomSleepSets,
    );
    assert_eq!(kept, [RANK]);
}

#[test]
fn page_writeback_must_not_be_set_across_the_gap() {
    let set = violated(
        "fixed",
        &[],
        &[ACROSS_THE_GAP],
        "journalled-again",
        &Strategy::LoomSleepSets,
    );
    assert_eq!(set, ["no-deadlock"]);
}
