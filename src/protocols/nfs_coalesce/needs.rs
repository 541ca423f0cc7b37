//! What each clause is needed for: in the patched design, or in the last one for what came later.

use crate::spec::Need;

/// A row for each clause, in the order of the clauses.
pub(super) const NEEDS: &[Need] = &[
    Need::new(
        "own-descriptor",
        &["data", "no-deadlock", "no-orphan", "submitted-at-exit"],
        "Requests go back to a list that only the second pass empties, and every exit before \
         it leaves them under writeback in nobody's hands (N-B1, N-B2).",
    ),
    Need::new(
        "busy-until-done",
        &[
            "busy-while-writeback",
            "data",
            "no-bug",
            "no-deadlock",
            "no-orphan",
            "unbounded",
        ],
        "A request that is unlocked while its page is under writeback is taken again: it is \
         put under writeback twice, and who waits for it to be unlocked does not wait at all \
         and goes round for ever.",
    ),
    Need::new(
        "always-complete",
        &["data", "no-deadlock", "no-orphan", "submitted-at-exit"],
        "generic_writepages fails or is interrupted, and what the descriptor holds by then is \
         never sent (N-B2).",
    ),
    Need::new(
        "complete-at-out",
        &[
            "data",
            "no-deadlock",
            "no-orphan",
            "no-self-wait",
            "submitted-at-exit",
        ],
        "The descriptor of a single page goes out of scope with its request in it; \
         nfs_wb_page then waits for that request.",
    ),
    Need::new(
        "flush-before-wait",
        &["no-deadlock", "no-self-wait"],
        "\"Prevent deadlock!\": a loop that wraps with requests in hand comes to one of its \
         own and waits for it. The loop of 2007 does not wrap so; only wrap-blind, whose loop \
         no kernel of the time has, needs it.",
    ),
    Need::new(
        "flush-before-commit",
        &[],
        "nfs_wb_page waits for its own page and those after it, and what is in hand comes \
         before: commit-dirty, made for it, passes without it.",
    ),
    Need::new(
        "sync-through-writepages",
        &["data", "no-deadlock", "no-orphan", "submitted-at-exit"],
        "nfs_wb_all calls generic_writepages without a descriptor, and the wait after it \
         starts no I/O any more: nobody does.",
    ),
    Need::new(
        "need-flush-under-lock",
        &[],
        "Whoever has the request busy is the only one to clear PG_NEED_FLUSH; read later, it \
         can only be set where it was not, and then the page is flushed once more.",
    ),
    Need::new(
        "bug-if-writeback",
        &[],
        "An assertion that busy-until-done makes true: no scenario of the patched design \
         reaches it with the page under writeback.",
    ),
    Need::new(
        "return-pg-error",
        &["error-told"],
        "The descriptor could not send what it had, and writepages returns 0: fsync tells its \
         caller that all is well.",
    ),
    Need::new(
        "stable-for-reclaim",
        &[],
        "How the server stores what it is sent: it saves reclaim a COMMIT, and nobody waits \
         for either here.",
    ),
    Need::new(
        "cond-complete",
        &["no-deadlock", "no-self-wait"],
        "One thread has put a request into its descriptor and comes to it again, by \
         PG_NEED_FLUSH or by wrapping: it waits for itself, and nothing has been sent (N-A1).",
    ),
    Need::new(
        "undo-refused",
        &["data", "no-deadlock", "no-orphan", "submitted-at-exit"],
        "A descriptor that cannot send what it has refuses the next request, which stays \
         busy, under writeback and in no list.",
    ),
];
