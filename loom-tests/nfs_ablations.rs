//! The patched NFS design without one of its clauses: what each clause is there for, and where the one
//! that the patch's own comment calls "Prevent deadlock!" matters.

use crate::variants::{search_variant, violated};
use pagelock::engine::{Search, Strategy, search};
use pagelock::protocols::nfs_coalesce as nfs;
use pagelock::spec::Clause;

/// The patched design without a clause, in a scenario.
fn without(clause: &Clause, scenario: &'static str) -> Search {
    search_patched(&[clause], scenario)
}

fn search_patched(without: &[&Clause], scenario: &'static str) -> Search {
    let exhaustive = Strategy::LoomSleepSets;
    search_variant(
        "nfs-coalesce",
        "patched",
        without,
        &[],
        scenario,
        &exhaustive,
    )
}

#[test]
fn prevent_deadlock_matters_where_a_loop_wraps_with_requests_in_hand() {
    let found = without(&nfs::FLUSH_BEFORE_WAIT, "wrap-blind");
    assert_eq!(violated(&found), ["no-deadlock", "no-self-wait"]);
}

#[test]
fn prevent_deadlock_does_not_matter_where_rpciod_has_the_request() {
    // The wait with requests in hand is there; it ends whatever is in them. The one violation is
    // that of the patched design.
    let found = without(&nfs::FLUSH_BEFORE_WAIT, "interrupted-pass");
    assert!(found.reached.contains("waits-with-requests-in-hand"));
    assert_eq!(violated(&found), ["data"]);
}

#[test]
fn prevent_deadlock_does_not_matter_to_the_loop_of_2007() {
    let scenarios = [
        "ascending",
        "wrap",
        "fsync",
        "wb-page",
        "reclaim",
        "commit-dirty",
        "three-pages",
    ];
    for scenario in scenarios {
        let found = without(&nfs::FLUSH_BEFORE_WAIT, scenario);
        assert!(violated(&found).is_empty(), "{scenario}");
    }
}

#[test]
fn a_request_that_is_unlocked_before_its_rpc_is_done() {
    let found = without(&nfs::BUSY_UNTIL_DONE, "wrap-blind");
    assert!(violated(&found).contains(&nfs::BUSY_WHILE_WRITEBACK));
    // Where no thread meets the request before the completion, nothing breaks.
    assert!(violated(&without(&nfs::BUSY_UNTIL_DONE, "error")).is_empty());
}

#[test]
fn a_descriptor_that_is_left_after_an_error() {
    let found = without(&nfs::ALWAYS_COMPLETE, "error");
    let expected = ["data", "no-orphan", "no-orphan-at-end", "submitted-at-exit"];
    assert_eq!(violated(&found), expected);
}

#[test]
fn a_single_page_whose_descriptor_is_left() {
    let found = without(&nfs::COMPLETE_AT_OUT, "reclaim");
    assert!(violated(&found).contains(&nfs::NO_ORPHAN));
    assert!(violated(&found).contains(&"no-deadlock"));
}

#[test]
fn a_commit_that_is_asked_for_with_requests_in_hand() {
    // nfs_wb_page waits for its own page and those after it; what is in hand comes before.
    let found = without(&nfs::FLUSH_BEFORE_COMMIT, "commit-dirty");
    assert!(violated(&found).is_empty());
    // All the same, it is another order of steps.
    let with = search_patched(&[], "commit-dirty");
    assert_ne!(found.statistics.fingerprint, with.statistics.fingerprint);
}

#[test]
fn an_error_of_the_descriptor_that_is_not_returned() {
    let found = without(&nfs::RETURN_PG_ERROR, "no-memory");
    assert!(violated(&found).contains(&nfs::ERROR_TOLD));
}

#[test]
fn a_store_to_a_page_with_a_request_does_not_dirty_the_page() {
    let patched = nfs::SPEC.design("patched").expect("listed").into();
    let found = search(
        &nfs::encoding(&patched, &nfs::STORE_ALONE),
        &Strategy::LoomSleepSets,
    );
    let found = found.expect("the search has a result");
    assert!(found.reached.is_empty(), "{:?}", found.reached);
    // The page stays dirty.
    assert!(violated(&found).is_empty());
}
