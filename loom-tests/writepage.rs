//! `ext4-writepage` with single clauses taken away, or with what no fix must do: which property each
//! clause keeps, against whom, and what the fixes rely on.

use crate::variants::{search_variant, variant};
use pagelock::engine::{Strategy, search};
use pagelock::protocols::ext4_small_blocks::{
    AFTER_SIZE, ALLOCATE, COLLECT, Config, DIRTY_TAIL, FREED, FSYNC, GENERIC_MKWRITE, HOLES, LIMIT,
    LOCKED_LOOK, LOCKED_MKWRITE, NO_ALLOCATION, NO_BUG, NO_BUG_ON, NOALLOC_HOLES, ONE_FUNCTION,
    PROGRESS, PROTECT_TAIL, PROTECT_ZEROED, RANK, REDIRTY, SKIP_DIRTY_ONLY, STORE, SUBMIT_ITSELF,
    UNMAP_CLEARS_UNWRITTEN, WRITE_WITH_HANDLE, encoding,
};
use pagelock::protocols::ext4_writepage::{DELAYED_SECOND, SPEC};
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
    assert_eq!(
        without("patched", &[HOLES], "grow-delalloc"),
        [PROGRESS, STORE]
    );
    assert_eq!(
        without("patched", &[NOALLOC_HOLES], "grow"),
        [NO_BUG, STORE]
    );
    assert_eq!(without("patched", &[REDIRTY], "reclaim-delayed"), [STORE]);
    // Once holes are no work, there is nothing left for BUG_ON to find or for writepages to collect
    // in vain; the rest puts functions together that do the same, or writes earlier.
    for clause in [COLLECT, NO_BUG_ON, WRITE_WITH_HANDLE, ONE_FUNCTION] {
        for scenario in ["grow", "grow-delalloc", "handle", "hole"] {
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
fn a_buffer_that_stays_unwritten_keeps_a_number_that_is_no_longer_its_own() {
    let left = without("fixed", &[UNMAP_CLEARS_UNWRITTEN], "unwritten-down");
    assert_eq!(left, [NO_BUG, STORE]);
}

#[test]
fn a_clean_block_that_counts_as_unfinished_livelocks_where_writepages_submits_by_itself() {
    let counted = without("fixed", &[SKIP_DIRTY_ONLY], "read-unwritten");
    assert_eq!(counted, [PROGRESS]);
    let both = without("fixed", &[SUBMIT_ITSELF, SKIP_DIRTY_ONLY], "read-unwritten");
    assert_eq!(both, NOTHING);
}

#[test]
fn zero_range_has_to_make_the_next_store_fault() {
    let zeroed = without("fixed", &[PROTECT_ZEROED], "zero-range");
    assert_eq!(zeroed, [FSYNC, STORE]);
}

#[test]
fn buffers_are_looked_at_under_the_page_lock() {
    let looks = [LOCKED_LOOK, LOCKED_MKWRITE, GENERIC_MKWRITE];
    assert_eq!(without("fixed", &looks, "reclaimed"), [FREED]);
    for scenario in ["reclaimed", "reclaimed-delalloc"] {
        assert_eq!(without("fixed", &looks[1..], scenario), NOTHING);
    }
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
    for scenario in ["fault", "store", "down-up"] {
        assert_eq!(without("fixed", &[DIRTY_TAIL], scenario), NOTHING);
    }
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
