//! The scenarios and marks, in words.

use crate::spec::{EngineSet, Mark, Scenario};

/// The scenarios.
pub(super) const SCENARIOS: &[Scenario] = &[
    Scenario {
        name: "read-only",
        summary: "a page mapped read-only: a store, and two rounds of the flusher",
        shows: "both windows of do_wp_page: before the pte is set, and before set_page_dirty",
        engines: EngineSet::All,
        marks: &[
            "mkwrite-waits-for-page",
            "writeback-waits-for-page",
            "mkwrite-waits-for-write",
            "page-written",
        ],
    },
    Scenario {
        name: "absent",
        summary: "a page that is not mapped: a store, and two rounds of the flusher",
        shows: "both windows of __do_fault",
        engines: EngineSet::All,
        marks: &[
            "mkwrite-waits-for-page",
            "writeback-waits-for-page",
            "mkwrite-waits-for-write",
            "page-written",
        ],
    },
    Scenario {
        name: "lost-store",
        summary: "a page mapped read-only: a store and then fsync by the same thread, and the flusher",
        shows: "what the window before the pte costs: fsync returns, and the store is not on disk",
        engines: EngineSet::All,
        marks: &[
            "mkwrite-waits-for-page",
            "writeback-waits-for-page",
            "page-written",
        ],
    },
    Scenario {
        name: "lost-store-absent",
        summary: "the same with a page that is not mapped",
        shows: "the same on the path of __do_fault",
        engines: EngineSet::All,
        marks: &[
            "mkwrite-waits-for-page",
            "writeback-waits-for-page",
            "page-written",
        ],
    },
    Scenario {
        name: "read-only-truncate",
        summary: "a page mapped read-only: a store, and truncation to nothing",
        shows: "the pte changes under do_wp_page, and page_mkwrite finds no page",
        engines: EngineSet::All,
        marks: &["mkwrite-finds-no-page", "pte-changed"],
    },
    Scenario {
        name: "absent-truncate",
        summary: "a page that is not mapped: a store, and truncation to nothing",
        shows: "the page leaves its file under __do_fault",
        engines: EngineSet::All,
        marks: &["mkwrite-finds-no-page", "fault-finds-no-page"],
    },
    Scenario {
        name: "truncate-flush",
        summary: "a page mapped read-only: a store, the flusher, and truncation to nothing",
        shows: "all three at once; what is wrong goes with the page in the end, but not before a store",
        engines: EngineSet::NotShuttle,
        marks: &["mkwrite-finds-no-page", "pte-changed", "page-written"],
    },
    Scenario {
        name: "truncate-flush-absent",
        summary: "the same with a page that is not mapped",
        shows: "the same on the path of __do_fault",
        engines: EngineSet::NotShuttle,
        marks: &[
            "mkwrite-finds-no-page",
            "fault-finds-no-page",
            "page-written",
        ],
    },
    Scenario {
        name: "same-pte",
        summary: "a page mapped read-only: two threads of one process store into it",
        shows: "the second fault finds the pte changed by the first",
        engines: EngineSet::All,
        marks: &["mkwrite-waits-for-page", "pte-changed"],
    },
    Scenario {
        name: "same-pte-absent",
        summary: "the same with a page that is not mapped",
        shows: "the same on the path of __do_fault",
        engines: EngineSet::All,
        marks: &["pte-changed"],
    },
    Scenario {
        name: "two-ptes",
        summary: "a page that two processes map, one read-only and one not yet: each stores into it",
        shows: "faults on both paths at once",
        engines: EngineSet::All,
        marks: &["mkwrite-waits-for-page"],
    },
    Scenario {
        name: "no-mkwrite",
        summary: "a filesystem without page_mkwrite, a dirty page mapped read-only: a store, and the \
                  flusher",
        shows: "do_wp_page without page_mkwrite, with the wait_on_page_locked that the patch keeps",
        engines: EngineSet::All,
        marks: &["fault-waits-for-page", "page-written"],
    },
    Scenario {
        name: "no-mkwrite-absent",
        summary: "the same with a page that is not mapped",
        shows: "__do_fault, where set_page_dirty comes under the page lock now",
        engines: EngineSet::All,
        marks: &["writeback-waits-for-page", "page-written"],
    },
    Scenario {
        name: "unconverted",
        summary: "a filesystem that returns with the page unlocked, a page mapped read-only: a store, \
                  and two rounds of the flusher",
        shows: "the patch closes the window before set_page_dirty alone; that before the pte stays open",
        engines: EngineSet::All,
        marks: &[
            "mkwrite-waits-for-page",
            "writeback-waits-for-page",
            "page-written",
        ],
    },
    Scenario {
        name: "unconverted-absent",
        summary: "the same with a page that is not mapped",
        shows: "the same on the path of __do_fault",
        engines: EngineSet::All,
        marks: &[
            "mkwrite-waits-for-page",
            "writeback-waits-for-page",
            "page-written",
        ],
    },
    Scenario {
        name: "unconverted-lost-store",
        summary: "a filesystem that returns with the page unlocked: a store and then fsync by the same \
                  thread, and the flusher",
        shows: "the store that NFS lost until its own patch",
        engines: EngineSet::All,
        marks: &[
            "mkwrite-waits-for-page",
            "writeback-waits-for-page",
            "page-written",
        ],
    },
    Scenario {
        name: "unconverted-truncate",
        summary: "a filesystem that returns with the page unlocked, a page mapped read-only: a store, \
                  and truncation to nothing",
        shows: "do_wp_page's new look at page->mapping",
        engines: EngineSet::All,
        marks: &["mkwrite-finds-no-page", "pte-changed"],
    },
    Scenario {
        name: "unconverted-truncate-absent",
        summary: "the same with a page that is not mapped",
        shows: "__do_fault's look at page->mapping, without which a pte maps a page of no file",
        engines: EngineSet::All,
        marks: &["mkwrite-finds-no-page", "fault-finds-no-page"],
    },
    Scenario {
        name: "journal",
        summary: "a filesystem that journals its metadata and the inode's times, a page mapped \
                  read-only: a store, a writer with a handle, and a commit",
        shows: "why page_mkwrite is called with the page unlocked, and file_update_time after that",
        engines: EngineSet::All,
        marks: &[
            "commit-waits-for-handle",
            "start-waits-for-commit",
            "mkwrite-waits-for-page",
            "write-waits-for-page",
        ],
    },
    Scenario {
        name: "journal-absent",
        summary: "the same with a page that is not mapped",
        shows: "the same on the path of __do_fault",
        engines: EngineSet::All,
        marks: &[
            "commit-waits-for-handle",
            "start-waits-for-commit",
            "mkwrite-waits-for-page",
            "write-waits-for-page",
        ],
    },
    Scenario {
        name: "journal-flush",
        summary: "a journalling filesystem that returns with the page unlocked, as ext4 did until 2011, a \
                  page mapped read-only: a store, and the flusher",
        shows: "the window before the pte, with a journal",
        engines: EngineSet::All,
        marks: &[
            "mkwrite-waits-for-page",
            "writeback-waits-for-page",
            "page-written",
        ],
    },
    Scenario {
        name: "careless",
        summary: "a filesystem that lets page_mkwrite attach metadata while a write of the page is under \
                  way, a page mapped read-only: a store, and the flusher",
        shows: "what every design relies on: page_mkwrite excludes the filesystem's own end of I/O",
        engines: EngineSet::All,
        marks: &["page-written"],
    },
    Scenario {
        name: "no-space-absent",
        summary: "a filesystem without space, a dirty page that is not mapped: a store, and the flusher",
        shows: "the same as `no-space` on the path of __do_fault",
        engines: EngineSet::All,
        marks: &["mkwrite-finds-no-space", "page-written"],
    },
    Scenario {
        name: "throttled-absent",
        summary: "a page that is not mapped: a store whose thread is throttled and writes the file back \
                  itself, and truncation to nothing",
        shows: "the same as `throttled` on the path of __do_fault",
        engines: EngineSet::All,
        marks: &["page-written"],
    },
    Scenario {
        name: "no-space",
        summary: "a filesystem without space, a dirty page mapped read-only: a store, and the flusher",
        shows: "page_mkwrite fails, and leaves no lock behind",
        engines: EngineSet::All,
        marks: &["mkwrite-finds-no-space", "page-written"],
    },
    Scenario {
        name: "wrapper",
        summary: "a filesystem that wraps block_page_mkwrite and takes 0 for its only success, a page \
                  mapped read-only: one thread stores, and calls fsync",
        shows: "a regression by the patch: the wrapper takes VM_FAULT_LOCKED for a failure (nilfs2)",
        engines: EngineSet::All,
        marks: &["page-written"],
    },
    Scenario {
        name: "throttled",
        summary: "a page mapped read-only: a store whose thread is throttled and writes the file back \
                  itself, and truncation to nothing",
        shows: "why balance_dirty_pages comes after the page is unlocked",
        engines: EngineSet::All,
        marks: &["page-written", "pte-changed"],
    },
    Scenario {
        name: "same-pte-flush",
        summary: "a page mapped read-only: two threads of one process store into it, and the flusher",
        shows: "the windows, with a second fault in them",
        engines: EngineSet::All,
        marks: &["mkwrite-waits-for-page", "pte-changed", "page-written"],
    },
    Scenario {
        name: "crowd",
        summary: "a page that two processes map, one read-only and one not yet: two threads of each store into it, two \
                  rounds of the flusher; more than loom takes",
        shows: "the windows at a larger size",
        engines: EngineSet::Sampled,
        marks: &["mkwrite-waits-for-page", "pte-changed", "page-written"],
    },
    Scenario {
        name: "journal-crowd",
        summary: "a journalling filesystem, a page that two processes map: both store into it, a \
                  writer, a commit, the flusher; more than loom takes",
        shows: "transactions and writeback at once",
        engines: EngineSet::Sampled,
        marks: &[
            "commit-waits-for-handle",
            "start-waits-for-commit",
            "mkwrite-waits-for-page",
            "page-written",
        ],
    },
];

/// The marks.
pub(super) const MARKS: &[Mark] = &[
    Mark {
        name: "mkwrite-waits-for-page",
        summary: "page_mkwrite finds the page locked",
    },
    Mark {
        name: "mkwrite-waits-for-write",
        summary: "page_mkwrite finds a write of the page under way",
    },
    Mark {
        name: "mkwrite-finds-no-page",
        summary: "page_mkwrite finds that the page has left its file, or lies beyond its end",
    },
    Mark {
        name: "mkwrite-finds-no-space",
        summary: "page_mkwrite fails",
    },
    Mark {
        name: "wrapper-takes-locked-for-failure",
        summary: "the filesystem around block_page_mkwrite takes VM_FAULT_LOCKED for a failure",
    },
    Mark {
        name: "fault-finds-no-page",
        summary: "filemap_fault finds no page of the file",
    },
    Mark {
        name: "fault-waits-for-page",
        summary: "the VM finds the page locked when it wants the lock, or waits for it, after the \
                  filesystem's part",
    },
    Mark {
        name: "page-left-file",
        summary: "the VM locks the page itself and finds that it has left its file",
    },
    Mark {
        name: "pte-changed",
        summary: "the pte is no longer the one that faulted",
    },
    Mark {
        name: "writeback-waits-for-page",
        summary: "write_cache_pages finds the page locked",
    },
    Mark {
        name: "page-written",
        summary: "writepage writes the page",
    },
    Mark {
        name: "write-waits-for-page",
        summary: "write(2) finds the page locked",
    },
    Mark {
        name: "commit-waits-for-handle",
        summary: "the transaction is T_LOCKED while a handle is open in it",
    },
    Mark {
        name: "start-waits-for-commit",
        summary: "somebody starts a handle while the transaction is T_LOCKED",
    },
];
