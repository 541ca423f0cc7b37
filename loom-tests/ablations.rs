//! The patched design without one of its clauses: the properties bite, and the clauses are asked for
//! at the lines that the patch changed.

use crate::variants::{search_variant, violated};
use pagelock::engine::{NO_DEADLOCK, Strategy};
use pagelock::protocols::ext4_journal_start::{self as journal_start, NO_BUG};
use pagelock::protocols::page_mkwrite::{
    self as mkwrite, DIRTY_MAPPING, DIRTY_METADATA, LOCKS, MAPPING, METADATA, NR_FILE_DIRTY, STORE,
};
use pagelock::spec::Clause;

const EXT4_JOURNAL_START: &str = "ext4-journal-start";
const PAGE_MKWRITE: &str = "page-mkwrite";

/// The properties that the patched design violates in a scenario when it lacks a clause.
fn violated_without(spec: &str, clause: &Clause, scenario: &'static str) -> Vec<String> {
    violated_by(spec, "patched", clause, scenario)
}

/// The properties that a design violates in a scenario when it lacks a clause.
fn violated_by(spec: &str, design: &str, clause: &Clause, scenario: &'static str) -> Vec<String> {
    let exhaustive = Strategy::LoomSleepSets;
    let found = search_variant(spec, design, &[clause], &[], scenario, &exhaustive);
    violated(&found).into_iter().map(String::from).collect()
}

#[test]
fn without_the_handle_first_allocation_finds_no_handle() {
    let violated = violated_without(EXT4_JOURNAL_START, &journal_start::HANDLE_FIRST, "write");
    assert!(violated.contains(&NO_BUG.to_string()), "{violated:?}");
}

#[test]
fn without_redirtying_reclaim_allocates_without_a_handle() {
    let violated = violated_without(EXT4_JOURNAL_START, &journal_start::REDIRTY, "reclaim");
    assert!(violated.contains(&NO_BUG.to_string()), "{violated:?}");
}

#[test]
fn with_a_start_in_writepage_reclaim_deadlocks() {
    let violated = violated_without(
        EXT4_JOURNAL_START,
        &journal_start::NO_START_IN_WRITEPAGE,
        "reclaim",
    );
    assert_eq!(violated, ["no-deadlock", "rank"]);
}

#[test]
fn without_chunks_a_handle_runs_out_of_credits() {
    let violated = violated_without(EXT4_JOURNAL_START, &journal_start::CHUNKS, "chunks");
    assert!(
        violated.contains(&journal_start::CREDITS.to_string()),
        "{violated:?}"
    );
}

#[test]
fn without_the_raw_inode_lock_writeback_logs_the_size_from_before_truncation() {
    let (spec, clause) = (EXT4_JOURNAL_START, &journal_start::RAW_LOCK);
    let violated = violated_by(spec, "fixed", clause, "truncate");
    assert_eq!(violated, [journal_start::TRUNCATION]);
}

/// What `page-mkwrite`'s patched design violates without each of its clauses.
#[test]
fn page_mkwrite_without_each_of_its_clauses() {
    let table: &[(&Clause, &'static str, &[&str])] = &[
        (&mkwrite::RETURN_LOCKED, "read-only", &[METADATA, STORE]),
        (&mkwrite::RETURN_LOCKED, "absent", &[METADATA, STORE]),
        (
            &mkwrite::LOCK_FOR_IT,
            "unconverted",
            &[DIRTY_METADATA, METADATA, STORE],
        ),
        (
            &mkwrite::RECHECK_IN_FAULT,
            "unconverted-truncate-absent",
            &[DIRTY_MAPPING, MAPPING, METADATA],
        ),
        // pte_same fails wherever the page has left its file: truncation takes the pte away first.
        (&mkwrite::RECHECK_IN_WP, "unconverted-truncate", &[]),
        (
            &mkwrite::UNLOCK_WHERE_LOST,
            "read-only-truncate",
            &[LOCKS, NO_DEADLOCK],
        ),
        (&mkwrite::UNLOCK_WHERE_LOST, "same-pte", &[LOCKS]),
        (&mkwrite::HOLD_UNTIL_DIRTY, "read-only", &[DIRTY_METADATA]),
        (&mkwrite::HOLD_UNTIL_DIRTY, "absent", &[DIRTY_METADATA]),
        (&mkwrite::CALL_UNLOCKED, "journal", &[LOCKS, NO_DEADLOCK]),
        (
            &mkwrite::CALL_UNLOCKED,
            "journal-absent",
            &[LOCKS, NO_DEADLOCK],
        ),
        (
            &mkwrite::BALANCE_AFTER_UNLOCK,
            "throttled",
            &[LOCKS, NO_DEADLOCK],
        ),
        (
            &mkwrite::TIME_AFTER_UNLOCK,
            "journal",
            &[LOCKS, NO_DEADLOCK],
        ),
        (
            &mkwrite::TIME_AFTER_UNLOCK,
            "journal-absent",
            &[LOCKS, NO_DEADLOCK],
        ),
        (
            &mkwrite::BALANCE_AFTER_UNLOCK,
            "throttled-absent",
            &[LOCKS, NO_DEADLOCK],
        ),
        (
            &mkwrite::UNLOCK_ON_ERROR,
            "no-space-absent",
            &[LOCKS, NO_DEADLOCK],
        ),
        (&mkwrite::DIRTY_UNDER_LOCK, "no-mkwrite-absent", &[]),
        (
            &mkwrite::DIRTY_UNDER_LOCK,
            "no-mkwrite-truncate-absent",
            &[DIRTY_MAPPING, NR_FILE_DIRTY],
        ),
        (&mkwrite::UNLOCK_ON_ERROR, "no-space", &[LOCKS, NO_DEADLOCK]),
        (&mkwrite::WAIT_BEFORE_DIRTY, "no-mkwrite", &[STORE]),
    ];
    for (clause, scenario, properties) in table {
        let violated = violated_without(PAGE_MKWRITE, clause, scenario);
        assert_eq!(violated, *properties, "{} in {scenario}", clause.name);
    }
}
