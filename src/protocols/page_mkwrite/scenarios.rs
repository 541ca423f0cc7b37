//! The scenarios, each with its configuration, and the cover points.

use super::config::{Config, Filesystem};
use crate::kernel::PteState;
use crate::spec::{Configured, CoverPoint, EngineSet, Scenario};

const NOT_PRESENT: &[PteState] = &[PteState::NONE];

/// The scenarios.
pub const SCENARIOS: &[Configured<Config>] = &[
    Scenario::new(
        "read-only",
        "a page mapped read-only: a store, and the flusher",
    )
    .showing("both windows of do_wp_page: before the pte is set, and before set_page_dirty")
    .covering(&[
        "mkwrite-waits-for-page",
        "writeback-waits-for-page",
        "mkwrite-waits-for-write",
        "page-written",
    ])
    .with(Config {
        ..Config::BASE
    }),
    Scenario::new(
        "absent",
        "a page that is not mapped: a store, and the flusher",
    )
    .showing("both windows of __do_fault")
    .covering(&[
        "mkwrite-waits-for-page",
        "writeback-waits-for-page",
        "mkwrite-waits-for-write",
        "page-written",
    ])
    .with(Config {
        ptes: NOT_PRESENT,
        ..Config::BASE
    }),
    Scenario::new(
        "lost-store",
        "a page mapped read-only: a store and then fsync by the same thread, and the flusher",
    )
    .showing("what the window before the pte costs: fsync returns, and the store is not on disk")
    .covering(&[
        "mkwrite-waits-for-page",
        "writeback-waits-for-page",
        "page-written",
    ])
    .with(Config {
        fsync: true,
        ..Config::BASE
    }),
    Scenario::new(
        "read-only-truncate",
        "a page mapped read-only: a store, and truncation to nothing",
    )
    .showing("the pte changes under do_wp_page, and page_mkwrite finds no page")
    .covering(&["mkwrite-finds-no-page", "pte-changed"])
    .with(Config {
        flushes: 0,
        truncate: true,
        ..Config::BASE
    }),
    Scenario::new(
        "absent-truncate",
        "a page that is not mapped: a store, and truncation to nothing",
    )
    .showing("the page leaves its file under __do_fault")
    .covering(&["mkwrite-finds-no-page", "fault-finds-no-page"])
    .with(Config {
        ptes: NOT_PRESENT,
        flushes: 0,
        truncate: true,
        ..Config::BASE
    }),
    Scenario::new(
        "truncate-flush",
        "a page mapped read-only: a store, the flusher, and truncation to nothing",
    )
    .showing(
        "all three at once; what is wrong goes with the page in the end, but not before a \
             store",
    )
    .run_by(EngineSet::NotShuttle)
    .covering(&["mkwrite-finds-no-page", "pte-changed", "page-written"])
    .with(Config {
        truncate: true,
        ..Config::BASE
    }),
    Scenario::new(
        "same-pte",
        "a page mapped read-only: two threads of one process store into it",
    )
    .showing("the second fault finds the pte changed by the first")
    .covering(&["mkwrite-waits-for-page", "pte-changed"])
    .with(Config {
        faults: &[0, 0],
        flushes: 0,
        ..Config::BASE
    }),
    Scenario::new(
        "no-mkwrite",
        "a filesystem without page_mkwrite, a dirty page mapped read-only: a store, and the \
             flusher",
    )
    .showing("do_wp_page without page_mkwrite, with the wait_on_page_locked that the patch keeps")
    .covering(&["fault-waits-for-page", "page-written"])
    .with(Config {
        filesystem: Filesystem::WithoutPageMkwrite,
        dirty: true,
        ..Config::BASE
    }),
    Scenario::new(
        "no-mkwrite-truncate",
        "a filesystem without page_mkwrite, a page mapped read-only: a store, and truncation to \
             nothing",
    )
    .showing("set_page_dirty against truncation, which counts the page down first (P-A2)")
    .covering(&["dirtied-without-mapping"])
    .with(Config {
        filesystem: Filesystem::WithoutPageMkwrite,
        flushes: 0,
        truncate: true,
        ..Config::BASE
    }),
    Scenario::new(
        "no-mkwrite-truncate-absent",
        "the same with a page that is not mapped",
    )
    .showing("__do_fault, where the page lock keeps truncation out of set_page_dirty now")
    .covering(&["fault-finds-no-page"])
    .with(Config {
        filesystem: Filesystem::WithoutPageMkwrite,
        ptes: NOT_PRESENT,
        flushes: 0,
        truncate: true,
        ..Config::BASE
    }),
    Scenario::new(
        "stable",
        "a filesystem that does not wait for I/O in page_mkwrite, a dirty page mapped read-only: a \
             store, and the flusher",
    )
    .showing("the page changes while a device reads it (P-A3)")
    .covering(&["mkwrite-waits-for-page", "page-written"])
    .with(Config {
        filesystem: Filesystem::Allocated,
        dirty: true,
        ..Config::BASE
    }),
    Scenario::new(
        "pinned",
        "a page mapped read-only: a driver pins it, its device stores into it later; the flusher",
    )
    .showing("a page that is dirtied long after page_mkwrite (P-A8), open to this day")
    .covering(&["page-written"])
    .with(Config {
        faults: &[],
        pinned: true,
        ..Config::BASE
    }),
    Scenario::new(
        "unconverted",
        "a filesystem that returns with the page unlocked, a page mapped read-only: a store, and the flusher",
    )
    .showing(
        "the patch closes the window before set_page_dirty alone; that before the pte stays \
             open",
    )
    .covering(&[
        "mkwrite-waits-for-page",
        "writeback-waits-for-page",
        "page-written",
    ])
    .with(Config {
        converted: false,
        ..Config::BASE
    }),
    Scenario::new(
        "unconverted-lost-store",
        "a filesystem that returns with the page unlocked: a store and then fsync by the \
             same thread, and the flusher",
    )
    .showing("the store that NFS lost until its own patch")
    .covering(&[
        "mkwrite-waits-for-page",
        "writeback-waits-for-page",
        "page-written",
    ])
    .with(Config {
        converted: false,
        fsync: true,
        ..Config::BASE
    }),
    Scenario::new(
        "unconverted-truncate",
        "a filesystem that returns with the page unlocked, a page mapped read-only: a store, \
             and truncation to nothing",
    )
    .showing("do_wp_page's new look at page->mapping")
    .covering(&["mkwrite-finds-no-page", "pte-changed"])
    .with(Config {
        converted: false,
        flushes: 0,
        truncate: true,
        ..Config::BASE
    }),
    Scenario::new(
        "unconverted-truncate-absent",
        "the same with a page that is not mapped",
    )
    .showing("__do_fault's look at page->mapping, without which a pte maps a page of no file")
    .covering(&["mkwrite-finds-no-page", "fault-finds-no-page"])
    .with(Config {
        converted: false,
        ptes: NOT_PRESENT,
        flushes: 0,
        truncate: true,
        ..Config::BASE
    }),
    Scenario::new(
        "journal",
        "a filesystem that journals its metadata and the inode's times, a page mapped \
             read-only: a store, a writer with a handle, and a commit",
    )
    .showing("why page_mkwrite is called with the page unlocked, and file_update_time after that")
    .covering(&[
        "commit-waits-for-handle",
        "start-waits-for-commit",
        "mkwrite-waits-for-page",
        "write-waits-for-page",
    ])
    .with(Config {
        filesystem: Filesystem::Journalled,
        flushes: 0,
        commit: true,
        ..Config::BASE
    }),
    Scenario::new(
        "careless",
        "a filesystem that lets page_mkwrite attach metadata while a write of the page is \
             under way, a page mapped read-only: a store, and the flusher",
    )
    .showing("what every design relies on: page_mkwrite excludes the filesystem's own end of I/O")
    .covering(&["page-written"])
    .with(Config {
        filesystem: Filesystem::Careless,
        ..Config::BASE
    }),
    Scenario::new(
        "no-space",
        "a filesystem without space, a dirty page mapped read-only: a store, and the flusher",
    )
    .showing("page_mkwrite fails, and leaves no lock behind")
    .covering(&["mkwrite-finds-no-space", "page-written"])
    .with(Config {
        filesystem: Filesystem::Full,
        dirty: true,
        ..Config::BASE
    }),
    Scenario::new(
        "wrapper",
        "a filesystem that wraps block_page_mkwrite and takes 0 for its only success, a page \
             mapped read-only: one thread stores, and calls fsync",
    )
    .showing("a regression by the patch: the wrapper takes VM_FAULT_LOCKED for a failure (nilfs2)")
    .covering(&["page-written"])
    .with(Config {
        filesystem: Filesystem::Wrapper,
        flushes: 0,
        fsync: true,
        ..Config::BASE
    }),
    Scenario::new(
        "throttled",
        "a page mapped read-only: a store whose thread is throttled and writes the file back \
             itself, and truncation to nothing",
    )
    .showing("why balance_dirty_pages comes after the page is unlocked")
    .covering(&["page-written", "pte-changed"])
    .with(Config {
        throttled: true,
        flushes: 0,
        truncate: true,
        ..Config::BASE
    }),
    Scenario::new(
        "stress",
        "a page that two processes map, one read-only and one not yet: two threads of each \
             store into it, two rounds of the flusher; more than loom takes",
    )
    .showing("the windows at a larger size")
    .run_by(EngineSet::Sampled)
    .covering(&["mkwrite-waits-for-page", "pte-changed", "page-written"])
    .with(Config {
        ptes: &[PteState::READ_ONLY, PteState::NONE],
        faults: &[0, 0, 1, 1],
        flushes: 2,
        ..Config::BASE
    }),
];

/// The cover points.
pub(super) const COVER_POINTS: &[CoverPoint] = &[
    CoverPoint::new(
        "mkwrite-waits-for-page",
        "page_mkwrite finds the page locked",
    ),
    CoverPoint::new(
        "mkwrite-waits-for-write",
        "page_mkwrite finds a write of the page under way",
    ),
    CoverPoint::new(
        "mkwrite-finds-no-page",
        "page_mkwrite finds that the page has left its file, or lies beyond its end",
    ),
    CoverPoint::new("mkwrite-finds-no-space", "page_mkwrite fails"),
    CoverPoint::new(
        "wrapper-takes-locked-for-failure",
        "the filesystem around block_page_mkwrite takes VM_FAULT_LOCKED for a failure",
    ),
    CoverPoint::new(
        "fault-finds-no-page",
        "filemap_fault finds no page of the file",
    ),
    CoverPoint::new(
        "fault-waits-for-page",
        "the VM finds the page locked when it wants the lock, or waits for it, after the \
         filesystem's part",
    ),
    CoverPoint::new(
        "dirtied-without-mapping",
        "a page becomes dirty that has left its file",
    ),
    CoverPoint::new(
        "page-left-file",
        "the VM locks the page itself and finds that it has left its file",
    ),
    CoverPoint::new("pte-changed", "the pte is no longer the one that faulted"),
    CoverPoint::new(
        "writeback-waits-for-page",
        "write_cache_pages finds the page locked",
    ),
    CoverPoint::new("page-written", "writepage writes the page"),
    CoverPoint::new("write-waits-for-page", "write(2) finds the page locked"),
    CoverPoint::new(
        "commit-waits-for-handle",
        "the transaction is T_LOCKED while a handle is open in it",
    ),
    CoverPoint::new(
        "start-waits-for-commit",
        "a thread starts a handle while the transaction is T_LOCKED",
    ),
];
