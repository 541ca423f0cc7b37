//! `ext4-journalled-writepage` with single clauses taken away, or with what no fix must do: which property each
//! clause keeps, against whom, and what the fixes rely on.

use crate::variants::{search_variant, variant};
use pagelock::engine::{Strategy, search};
use pagelock::protocols::ext4_journalled_writepage::{GAP_SIZE, SPEC};
use pagelock::protocols::ext4_small_blocks::{
    ACROSS_THE_GAP, Config, DIRTY_TAIL, FILED, FREED, FSYNC, KEEP_DIRTY, LEN_ONCE, LOCK_KEPT,
    NO_BH_REFS, NO_BUG, ONE_FUNCTION, PUT_LATE, RANK, RECHECK_MAPPING, RECHECK_SIZE, RELOCK,
    STILL_DIRTY, STORE, encoding,
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
        "ext4-journalled-writepage",
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
fn the_clauses_of_the_patch_one_by_one() {
    // Functions that do the same are put together, and nothing is looked up a second time.
    for clause in [ONE_FUNCTION, LEN_ONCE] {
        let violated = without("patched", &[clause], "grow");
        assert_eq!(violated, NOTHING, "{}", clause.name);
    }
}

#[test]
fn a_dirty_pte_says_nothing_that_the_dirty_page_does_not() {
    assert_eq!(without("fixed", &[DIRTY_TAIL], "store"), NOTHING);
}

#[test]
fn what_keeps_truncation_out_of_the_gap_is_the_page_lock() {
    let in_2015 = without("fixed2015", &[RELOCK, RECHECK_MAPPING], "truncate");
    assert_eq!(in_2015, [FILED, NO_BUG, FREED]);
    // The buffers that truncation leaves are unmapped, and the walks pass over them: as long as
    // references keep them, the mapping need not be looked at.
    let unchecked = without("fixed2015", &[RECHECK_MAPPING], "truncate");
    assert_eq!(unchecked, [FREED]);
    // But a buffer that a commit still has stays mapped, and is forgotten when that ends.
    let unchecked = without("fixed2015", &[RECHECK_MAPPING], "commit");
    assert_eq!(unchecked, [FILED, NO_BUG, FREED]);
}

#[test]
fn references_that_are_put_after_the_unlock_come_too_late() {
    for scenario in ["truncate", "commit"] {
        assert_eq!(without("fixed2021a", &[PUT_LATE], scenario), NOTHING);
    }
}

#[test]
fn without_references_the_mapping_has_to_be_looked_at() {
    let in_2021 = without("fixed2021", &[RECHECK_MAPPING], "truncate");
    assert_eq!(in_2021, [NO_BUG]);
    // Since 2023, a page that has left the file is no longer dirty, and that is looked at too.
    let in_2023 = without("fixed", &[RECHECK_MAPPING], "truncate");
    assert_eq!(in_2023, NOTHING);
}

#[test]
fn references_by_a_stale_length_do_not_keep_the_buffers() {
    assert_eq!(without("fixed2021", &[NO_BH_REFS], "truncate"), [FREED]);
}

#[test]
fn a_page_that_is_cleaned_has_to_be_written_up_to_its_present_end() {
    // A thread has to commit in the gap what the page fault has filed.
    assert_eq!(without_in("fixed", &[RECHECK_SIZE], &GAP_SIZE), [STORE]);
    assert_eq!(without_in("fixed", &[], &GAP_SIZE), NOTHING);
}

#[test]
fn a_page_that_stays_dirty_keeps_fsync_and_reclaim_right() {
    let in_2021 = without("fixed", &[KEEP_DIRTY, STILL_DIRTY], "reclaim");
    assert_eq!(in_2021, [NO_BUG, STORE]);
    let in_2021 = without("fixed", &[KEEP_DIRTY, STILL_DIRTY], "fsync");
    assert_eq!(in_2021, [FSYNC]);
    // The second half needs the first, and not the other way round: without it, the page is right
    // and stays dirty.
    assert_eq!(without("fixed", &[KEEP_DIRTY], "fsync"), [FSYNC, STORE]);
    assert_eq!(without("fixed", &[STILL_DIRTY], "reclaim"), NOTHING);
    assert_eq!(without("fixed", &[STILL_DIRTY], "synced-store"), [STORE]);
}

#[test]
fn writepage_must_not_keep_the_page_locked() {
    let kept = violated(
        "fixed",
        &[RELOCK],
        &[LOCK_KEPT],
        "fsync",
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
        "again",
        &Strategy::LoomSleepSets,
    );
    assert_eq!(set, ["no-deadlock"]);
}
