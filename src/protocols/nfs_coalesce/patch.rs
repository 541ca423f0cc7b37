//! c63c7b051395, hunk by hunk.

use super::{
    ALWAYS_COMPLETE, BUG_IF_WRITEBACK, BUSY_UNTIL_DONE, COMPLETE_AT_OUT, FLUSH_BEFORE_COMMIT,
    FLUSH_BEFORE_WAIT, NEED_FLUSH_UNDER_LOCK, NO_DIRTY_SCAN, OWN_DESCRIPTOR, RETURN_PG_ERROR,
    STABLE_FOR_RECLAIM, SYNC_THROUGH_WRITEPAGES,
};
use crate::spec::{Change, Hunk, Patch};

const WRITE: &str = "fs/nfs/write.c";

/// The hunks of fs/nfs/write.c.
pub(super) const PATCH: Patch = Patch::new(&[
    Hunk::new(
        WRITE,
        [38, 7, 38, 8],
        &[Change::not_mirrored(
            "",
            "declares nfs_pageio_init_write, and nfs_flush_mapping no more",
            "a declaration",
        )],
    ),
    Hunk::new(
        WRITE,
        [201, 7, 202, 7],
        &[Change::mirrored(
            "wb_priority",
            "a write for reclaim asks for stable storage",
            &[STABLE_FOR_RECLAIM.name],
        )],
    ),
    Hunk::new(
        WRITE,
        [251, 7, 252, 8],
        &[Change::mirrored(
            "nfs_page_async_flush",
            "nfs_page_mark_flush gets its caller's descriptor, and this name",
            &[OWN_DESCRIPTOR.name],
        )],
    ),
    Hunk::new(
        WRITE,
        [273, 6, 275, 8],
        &[Change::mirrored(
            "nfs_page_async_flush",
            "the I/O of the descriptor starts before the wait for a busy request",
            &[FLUSH_BEFORE_WAIT.name],
        )],
    ),
    Hunk::new(WRITE, [283, 21, 287, 18], ASYNC_FLUSH),
    Hunk::new(
        WRITE,
        [306, 6, 307, 7],
        &[Change::not_mirrored(
            "nfs_writepage_locked",
            "a descriptor among the local variables",
            "a declaration",
        )],
    ),
    Hunk::new(
        WRITE,
        [314, 7, 316, 14],
        &[Change::mirrored(
            "nfs_writepage_locked",
            "takes the descriptor of nfs_writepages, or makes one for the single page",
            &[OWN_DESCRIPTOR.name],
        )],
    ),
    Hunk::new(
        WRITE,
        [331, 12, 340, 12],
        &[
            Change::mirrored(
                "nfs_writepage_locked",
                "the second flush of the page gets the descriptor too",
                &[OWN_DESCRIPTOR.name],
            ),
            Change::mirrored(
                "nfs_writepage_locked",
                "every way out completes the single page's descriptor, and flushes no list",
                &[COMPLETE_AT_OUT.name],
            ),
            Change::mirrored(
                "nfs_writepage_locked",
                "a single page is no longer written to stable storage for every caller",
                &[STABLE_FOR_RECLAIM.name],
            ),
        ],
    ),
    Hunk::new(WRITE, [352, 20, 361, 20], WRITEPAGES),
    Hunk::new(
        WRITE,
        [536, 18, 545, 6],
        &[Change::not_mirrored(
            "nfs_cancel_dirty_list",
            "removed: FLUSH_INVALIDATE cancelled the requests of the dirty list and did not send them",
            "abstracted away: FLUSH_INVALIDATE, in both designs. A request that is on no list cannot be cancelled \
             from one; whether a caller relies on that is not shown",
        )],
    ),
    Hunk::new(WRITE, [936, 33, 933, 15], INIT_WRITE),
    Hunk::new(
        WRITE,
        [1286, 31, 1265, 7],
        &[
            Change::mirrored(
                "nfs_flush_mapping",
                "removed: the second pass, which made RPCs of the dirty list",
                &[OWN_DESCRIPTOR.name],
            ),
            Change::not_mirrored(
                "nfs_commit_list",
                "the stub of a build without NFSv3 and NFSv4 goes to the next hunk",
                "moved; a build without COMMIT is not modelled",
            ),
        ],
    ),
    Hunk::new(
        WRITE,
        [1327, 6, 1282, 11],
        &[Change::not_mirrored(
            "nfs_commit_list",
            "the stub of a build without NFSv3 and NFSv4",
            "moved; a build without COMMIT is not modelled",
        )],
    ),
    Hunk::new(
        WRITE,
        [1360, 19, 1320, 6],
        &[
            Change::mirrored(
                "nfs_sync_mapping_wait",
                "looks for no requests on the dirty list, sends none, and does not start again where it skipped one",
                &[NO_DIRTY_SCAN.name],
            ),
            Change::not_mirrored(
                "nfs_sync_mapping_wait",
                "does not cancel requests for FLUSH_INVALIDATE",
                "abstracted away: FLUSH_INVALIDATE, in both designs",
            ),
        ],
    ),
    Hunk::new(
        WRITE,
        [1412, 7, 1359, 7],
        &[Change::mirrored(
            "nfs_wb_all",
            "calls nfs_writepages and not generic_writepages",
            &[SYNC_THROUGH_WRITEPAGES.name],
        )],
    ),
    Hunk::new(
        WRITE,
        [1435, 11, 1382, 9],
        &[
            Change::not_mirrored(
                "nfs_sync_mapping_range",
                "calls nfs_writepages and not generic_writepages",
                "abstracted away: no thread of the model syncs a part of a file in this way; sync-through-writepages \
                 (N-C7) is the same change in nfs_wb_all",
            ),
            Change::not_mirrored(
                "nfs_sync_mapping_range",
                "writes the pages also where FLUSH_NOWRITEPAGE forbade it",
                "abstracted away: FLUSH_NOWRITEPAGE, in both designs",
            ),
        ],
    ),
    Hunk::new(
        WRITE,
        [1462, 7, 1407, 7],
        &[Change::not_mirrored(
            "nfs_wb_page_priority",
            "writes the page also where FLUSH_NOWRITEPAGE forbade it",
            "abstracted away: FLUSH_NOWRITEPAGE. The model's nfs_wb_page writes the page in both designs",
        )],
    ),
])
.not_listing("the hunks of other files, with declarations and with helpers that lose their last caller");

/// The middle of `nfs_page_async_flush`.
const ASYNC_FLUSH: &[Change] = &[
    Change::mirrored(
        "nfs_page_async_flush",
        "the I/O of the descriptor starts before the caller is sent to wait for a COMMIT",
        &[FLUSH_BEFORE_COMMIT.name],
    ),
    Change::mirrored(
        "nfs_page_async_flush",
        "a page that is under writeback already is a BUG",
        &[BUG_IF_WRITEBACK.name],
    ),
    Change::mirrored(
        "nfs_page_async_flush",
        "the request goes into the descriptor, tagged as locked for I/O; not onto the inode's dirty list, and the \
         inode is not marked dirty",
        &[OWN_DESCRIPTOR.name],
    ),
    Change::mirrored(
        "nfs_page_async_flush",
        "PG_NEED_FLUSH is read before req_lock is released",
        &[NEED_FLUSH_UNDER_LOCK.name],
    ),
    Change::mirrored(
        "nfs_page_async_flush",
        "the request is not unlocked",
        &[BUSY_UNTIL_DONE.name],
    ),
    Change::not_mirrored(
        "nfs_page_async_flush",
        "what nfs_pageio_add_request returns is not looked at",
        "mirrored by the base body, which does not look at it either; undo-refused (N-U2) is the later fix",
    ),
];

/// `nfs_writepages`.
const WRITEPAGES: &[Change] = &[
    Change::mirrored(
        "nfs_writepages",
        "makes a descriptor for all its pages; there is no second pass",
        &[OWN_DESCRIPTOR.name],
    ),
    Change::mirrored(
        "nfs_writepages",
        "completes the descriptor also after an error of generic_writepages",
        &[ALWAYS_COMPLETE.name],
    ),
    Change::mirrored(
        "nfs_writepages",
        "returns the descriptor's error",
        &[RETURN_PG_ERROR.name],
    ),
    Change::not_mirrored(
        "nfs_writepages",
        "no longer counts the pages that the second pass has sent",
        "abstracted away: statistics",
    ),
];

/// `nfs_flush_list`, of which `nfs_pageio_init_write` is left.
const INIT_WRITE: &[Change] = &[
    Change::mirrored(
        "nfs_pageio_init_write",
        "is what is left of nfs_flush_list: the caller's descriptor is initialised, and no list is put into one",
        &[OWN_DESCRIPTOR.name],
    ),
    Change::mirrored(
        "nfs_flush_list",
        "where a descriptor has failed, the requests that are left are no longer cancelled",
        &[OWN_DESCRIPTOR.name],
    ),
    Change::not_mirrored(
        "nfs_flush_list",
        "a file whose requests fit one RPC is no longer written to stable storage for that reason",
        "abstracted away: stable writes of such a file, in both designs. It costs a COMMIT",
    ),
    Change::not_mirrored(
        "nfs_pageio_init_write",
        "wsize chooses between nfs_flush_multi and nfs_flush_one, as before",
        "abstracted away: nfs_flush_multi, a wsize below a page",
    ),
];
