//! What each clause is needed for: in the patched design, or in the last one for what came later.

use crate::spec::Need;

/// A row for each clause, in the order of the clauses.
pub(super) const NEEDS: &[Need] = &[
    Need::new(
        "recheck-in-do-fault",
        &["mapping", "metadata"],
        "A filesystem that returns the page unlocked lets truncation take it in between: \
         without a look at the mapping under the new lock, a pte maps a page that has left \
         its file.",
    ),
    Need::new(
        "wait-before-dirty",
        &["store"],
        "Where there is no page_mkwrite the pte is installed outside the page lock: writeback \
         comes between page_mkclean and TestClearPageDirty, set_page_dirty changes nothing, \
         and the dirty bit goes with the store.",
    ),
    Need::new(
        "test-mapping",
        &[],
        "Defensive here: with mapping-before-unlock the page is in its file when its mapping is \
         read. Without both, truncation clears it before balance_dirty_pages follows it. The \
         patch says what else it is for: drivers whose pages have no mapping.",
    ),
    Need::new(
        "return-locked",
        &["metadata", "store"],
        "Writeback fits between page_mkwrite and the pte: it cleans the page, the filesystem \
         drops its metadata, and the pte becomes writable all the same.",
    ),
    Need::new(
        "lock-for-it",
        &["dirty-metadata"],
        "A filesystem that does not return the page locked has nobody to lock it until \
         set_page_dirty: the page is dirtied when writeback has taken its metadata.",
    ),
    Need::new(
        "recheck-in-do-wp-page",
        &[],
        "Defensive: truncation takes the pte away before it clears the mapping, and pte_same, \
         looked at under the pte lock, fails wherever the page has left its file. In \
         __do_fault there is no pte yet, and the same look is needed.",
    ),
    Need::new(
        "unlock-where-pte-changed",
        &["locks", "no-deadlock"],
        "The fault that finds its pte changed returns with the page locked, and whoever locks \
         it next waits for ever.",
    ),
    Need::new(
        "hold-until-dirty",
        &["dirty-metadata"],
        "With the page unlocked between the pte and set_page_dirty, writeback cleans it \
         there, and set_page_dirty dirties a page without metadata (P-B3).",
    ),
    Need::new(
        "call-unlocked",
        &["locks", "no-deadlock"],
        "page_mkwrite starts a transaction; called under the page lock it waits for the \
         commit, which waits for a handle whose owner wants the page.",
    ),
    Need::new(
        "balance-after-unlock",
        &["locks", "no-deadlock"],
        "balance_dirty_pages waits for writeback, which waits for the page that the throttled \
         thread has locked.",
    ),
    Need::new(
        "time-after-unlock",
        &["locks", "no-deadlock"],
        "file_update_time starts a transaction, which ranks above the page lock.",
    ),
    Need::new(
        "mapping-before-unlock",
        &[],
        "With test-mapping nothing breaks without it: a thread that finds the mapping gone is \
         not throttled. Without both, truncation clears it before balance_dirty_pages follows \
         it.",
    ),
    Need::new(
        "dirty-under-lock",
        &[],
        "Tidiness: without a page_mkwrite there is no metadata to lose, and wait-before-dirty \
         already keeps writeback out of the middle of set_page_dirty.",
    ),
    Need::new(
        "unlock-on-error",
        &["locks", "no-deadlock"],
        "block_page_mkwrite fails with the page locked, its caller takes that for an error \
         and returns, and the lock is never given up.",
    ),
    Need::new(
        "converted",
        &["metadata", "store"],
        "The patch changes the contract; a filesystem that is not converted still returns the \
         page unlocked, and has the race of the old design between its own unlock and the \
         VM's lock.",
    ),
    Need::new(
        "locked-is-success",
        &["metadata", "store"],
        "A wrapper that takes VM_FAULT_LOCKED for a failure returns before its own work is \
         done, and the store goes to a page without metadata.",
    ),
];
