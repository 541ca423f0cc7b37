//! What each clause is needed for: in the patched design, or in the last one for what came later.

use crate::spec::Need;

/// A row for each clause, in the order of the clauses.
pub(super) const NEEDS: &[Need] = &[
    Need::new(
        "handle-before-page-lock",
        &["data", "no-bug", "no-deadlock"],
        "The rest of the patch allocates with the caller's handle and BUGs where there is \
         none; with the old order there is none, and a flusher that has died of the BUG \
         requests no commit, for which kjournald2 waits (J-B1 itself comes back where callers-handle goes too).",
    ),
    Need::new(
        "callers-handle",
        &[],
        "Structure: a start with a handle open joins that handle, and in the patched design \
         there is always one. What it adds is the BUG_ON that handle-before-page-lock makes \
         true (asked in no scenario).",
    ),
    Need::new(
        "no-start-in-writepage",
        &["no-deadlock", "rank", "sizes"],
        "Reclaim has the page locked and starts a handle: it waits for the commit, the commit \
         for a writer's handle, the writer for the page (J-B3).",
    ),
    Need::new(
        "redirty",
        &["data", "no-bug"],
        "Reclaim comes to a delayed block without a handle, goes on to allocate it, and hits \
         BUG_ON(handle == NULL).",
    ),
    Need::new(
        "chunks",
        &["credits", "data", "unbounded"],
        "One handle for the whole range runs out of credits under the page locks, and with \
         ordered commits two starters ask each other for room for ever.",
    ),
    Need::new(
        "unlock-before-stop",
        &["rank"],
        "Pages that are still locked when a chunk's handle is stopped are locked when the \
         next one is started: the inversion is back between chunks.",
    ),
    Need::new(
        "bounded-disksize",
        &["sizes"],
        "writepage stores i_size, as it read it, to i_disksize when truncation has stored a \
         smaller one.",
    ),
    Need::new(
        "early-return",
        &["no-bug"],
        "The last iput of the journal's own inode calls writepages when the journal is gone; \
         it has no pages, and must not start a handle.",
    ),
    Need::new(
        "ordered-commit-writes-mapped",
        &["no-deadlock"],
        "A commit that writes ordered data through writepages starts a handle in the \
         transaction that it commits, and waits for itself.",
    ),
    Need::new(
        "no-allocation-in-writepage",
        &["credits", "data"],
        "Direct reclaim comes with somebody else's handle, which has paid for one block; \
         writepage allocates on it and runs out of credits.",
    ),
    Need::new(
        "stop-on-error",
        &["handles", "no-deadlock"],
        "write_begin finds no memory for its page, returns, and forgets its handle: the \
         commit waits for it for ever.",
    ),
    Need::new(
        "exact-chunks",
        &["credits", "data"],
        "A pagevec goes on past nr_to_write, and the chunk's handle has not paid for the \
         pages after it.",
    ),
    Need::new(
        "sizes-together",
        &["truncation"],
        "Writeback clamps its size against i_size before truncation lowers it, and against \
         i_disksize after: what truncation has logged is undone.",
    ),
    Need::new(
        "raw-inode-lock",
        &["truncation"],
        "ext4_mark_inode_dirty copies the inode in two steps, and a slower copy of the old \
         size overtakes truncation's.",
    ),
];
