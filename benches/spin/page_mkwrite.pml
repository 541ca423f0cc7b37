/*
 * `page-mkwrite` in two of its scenarios, written by hand for Spin.
 *
 * Mirrors src/protocols/page_mkwrite (fault.rs, mkwrite.rs, writeback.rs, file.rs) and what these call in
 * src/kernel. One atomic sequence is one operation there: the acquisition of a lock with what is done
 * to the lock's data, or one step on a cell; with it goes what the thread does by itself up to its
 * next operation, and so do releases. Shared variables are those of the Rust objects. A local variable
 * is 0 where no thread will read it again.
 *
 * Left out is what these scenarios never change: the page's mapping and i_size, the pte's present bit
 * (a thread maps the page all the time), the journal.
 *
 * Choose with -D, one of each:
 *   DESIGN_OLD  DESIGN_PATCHED
 *   SCENARIO_TWO_ROUNDS        one thread stores, two rounds of the flusher
 *   SCENARIO_SAME_PTE_FLUSH   two threads of one process store, one round of the flusher
 * and if wanted:
 *   CHECK_METADATA  CHECK_DIRTY_METADATA  CHECK_STORE  CHECK_LOCKS
 *                  asserts this property. The others of the spec need truncation; no-deadlock is
 *                  Spin's own search for invalid end states, to be run without any CHECK_
 *   SHOW_ENDS      prints what the shared variables hold when all threads are done (gcc -DPRINTF)
 *   HISTORY        each thread keeps a digest of everything that it has read, also of what it will
 *                  never use again: what an explicit-state search without scopes has to tell apart
 *
 * Run:
 *   spin -a -o2 -DDESIGN_OLD -DSCENARIO_TWO_ROUNDS page_mkwrite.pml
 *   gcc -O2 -fwrapv -DSAFETY -DNOREDUCE -o pan pan.c && ./pan -E -m1000000
 * With a CHECK_, ./pan -E as well; for deadlocks, ./pan without -E. -o2, because Spin leaves out of
 * the state what nothing but a printf or no thread reads, such as `on_disk` where no property asks for it.
 */

#if defined(SCENARIO_TWO_ROUNDS)
#define STORES 1
#define ROUNDS 2
#elif defined(SCENARIO_SAME_PTE_FLUSH)
#define STORES 2
#define ROUNDS 1
#else
#error "choose a scenario"
#endif

#if !defined(DESIGN_OLD) && !defined(DESIGN_PATCHED)
#error "choose a design"
#endif

#if defined(CHECK_METADATA) || defined(CHECK_DIRTY_METADATA) || defined(CHECK_STORE) || defined(SHOW_ENDS)
#define AT_END
byte returned;
#define count_return() returned++
#else
#define count_return() skip
#endif

#ifdef CHECK_METADATA
#define check_metadata(holds) assert(holds)
#else
#define check_metadata(holds) skip
#endif
#ifdef CHECK_DIRTY_METADATA
#define check_dirty_metadata(holds) assert(holds)
#else
#define check_dirty_metadata(holds) skip
#endif
#ifdef CHECK_STORE
#define check_store(holds) assert(holds)
#else
#define check_store(holds) skip
#endif
#ifdef CHECK_LOCKS
#define check_locks(holds) assert(holds)
#else
#define check_locks(holds) skip
#endif

#ifdef HISTORY
#define learn(value) seen = seen * 1000003 + 1 + (value)
#define HISTORY_OF_THREAD int seen;
#define forget() seen = 0
#else
#define learn(value) skip
#define HISTORY_OF_THREAD
#define forget() skip
#endif

/* A lock holds the number of its holder, or 0. */
#define ME (_pid + 1)
#define take(lock) lock == 0 -> lock = ME
#define release(lock) lock = 0
/* The thread acquires a lock next. */
#define come_for(lock) skip

byte page_lock;                 /* PG_locked */
bool page_dirty, page_writeback;
byte tree_lock;                 /* of the page's slot in the radix tree */
bool dirty_tag;                 /* under tree_lock */
byte pte_lock;
bool pte_write, pte_dirty;      /* under pte_lock */
#define PTE (2 * pte_write + pte_dirty)
byte metadata_lock;             /* held from writepage to the end of the write, as PG_BUSY is */
byte on_disk;                   /* under metadata_lock: the version of the content on disk */
byte write_under_way;           /* a lock: from before PageWriteback is set until it is cleared */
bool metadata;                  /* attached */
byte content;                   /* the version that the page has */

/* The thread has returned. */
inline leave()
{
    check_locks(page_lock != ME);
    forget();
    count_return()
}

/* The patched filesystem returns with the page locked (VM_FAULT_LOCKED). */
inline return_from_page_mkwrite()
{
#ifdef DESIGN_OLD
    release(page_lock);
#endif
    come_for(pte_lock)
}

/* The page stays locked until after set_page_dirty; old: it was not locked any more. */
inline return_from_fault()
{
#ifdef DESIGN_PATCHED
    release(page_lock);
#endif
    check_locks(page_lock != ME);
    come_for(pte_lock)
}

active [STORES] proctype fault()
{
    HISTORY_OF_THREAD

store:
    atomic {
        take(pte_lock);
        learn(PTE);
        if
        :: pte_write -> pte_dirty = true
        :: else ->                      /* do_wp_page */
            release(pte_lock);
            come_for(page_lock);
            goto page_mkwrite
        fi
    };
    atomic {
        learn(metadata);
        check_metadata(metadata)
    };
    atomic {
        content++;
        release(pte_lock);
        leave();
        goto end
    };

page_mkwrite:
    atomic {
        take(page_lock);
        come_for(metadata_lock)
    };
    atomic {
        take(metadata_lock);            /* waits for a write that is under way */
        learn(0)
    };
    atomic {
        metadata = true;
        release(metadata_lock)
    };
    atomic {                            /* __set_page_dirty_nobuffers: TestSetPageDirty ... */
        learn(page_dirty);
        if
        :: page_dirty ->
            return_from_page_mkwrite();
            goto wp_page
        :: else ->
            page_dirty = true;
            come_for(tree_lock)
        fi
    };
    atomic {                            /* ... and the tag */
        take(tree_lock);
        learn(0);
        dirty_tag = true;
        release(tree_lock);
        return_from_page_mkwrite()
    };

wp_page:
    atomic {
        take(pte_lock);
        learn(PTE);
        if
        :: PTE != 0 ->                  /* no longer the read-only pte that faulted */
            release(pte_lock);
#ifdef DESIGN_PATCHED
            release(page_lock);
#endif
            check_locks(page_lock != ME);
            come_for(pte_lock);
            goto store
        :: else ->
            pte_write = true;
            pte_dirty = true;
            release(pte_lock)
        fi;
#ifdef DESIGN_OLD
        come_for(page_lock)
#endif
    };
#ifdef DESIGN_OLD
    atomic {                            /* wait_on_page_locked */
        take(page_lock);
        release(page_lock)
    };
#endif
    atomic {                            /* __set_page_dirty_nobuffers */
        learn(page_dirty);
        if
        :: page_dirty ->
            return_from_fault();
            goto store
        :: else ->
            page_dirty = true;
            come_for(tree_lock)
        fi
    };
    atomic {
        take(tree_lock);
        learn(0);
        dirty_tag = true;
        release(tree_lock);
        return_from_fault();
        goto store
    };

end:
    false
}

inline end_of_round()
{
    rounds--;
    if
    :: rounds == 0 ->
        leave();
        goto end
    :: else ->
        come_for(tree_lock);
        goto look_up
    fi
}

active proctype flusher()
{
    byte rounds = ROUNDS;
    bool was_writable;
    HISTORY_OF_THREAD

look_up:
    atomic {                            /* find_get_pages_tag */
        take(tree_lock);
        learn(dirty_tag);
        release(tree_lock);
        if
        :: dirty_tag -> come_for(page_lock)
        :: else -> end_of_round()
        fi
    };
    atomic { take(page_lock) };
    atomic {
        learn(page_dirty);
        if
        :: page_dirty
        :: else ->
            release(page_lock);
            end_of_round()
        fi
    };
    atomic {                            /* WB_SYNC_NONE: what is being written is left alone */
        learn(page_writeback);
        if
        :: page_writeback ->
            release(page_lock);
            end_of_round()
        :: else -> come_for(pte_lock)
        fi
    };
    atomic {                            /* clear_page_dirty_for_io: page_mkclean ... */
        take(pte_lock);
        learn(PTE);
        was_writable = pte_write || pte_dirty;
        pte_write = false;
        pte_dirty = false;
        release(pte_lock);
        if
        :: was_writable
        :: else -> goto clear_dirty
        fi
    };
    atomic {                            /* ... what the pte knew goes to the page ... */
        learn(page_dirty);
        if
        :: page_dirty -> goto clear_dirty
        :: else ->
            page_dirty = true;
            come_for(tree_lock)
        fi
    };
    atomic {
        take(tree_lock);
        learn(0);
        dirty_tag = true;
        release(tree_lock)
    };
clear_dirty:
    atomic {                            /* ... TestClearPageDirty */
        learn(page_dirty);
        if
        :: page_dirty ->
            page_dirty = false;
            come_for(metadata_lock)
        :: else ->
            was_writable = false;
            release(page_lock);
            end_of_round()
        fi
    };

    /* writepage */
    atomic {
        take(metadata_lock);
        learn(0)
    };
    atomic {
        learn(metadata);
        if
        :: metadata -> was_writable = false
        :: else ->
            /* There is nothing to write the page by. */
            check_metadata(!was_writable);
            check_dirty_metadata(was_writable);
            was_writable = false;
            release(metadata_lock);
            release(page_lock);
            end_of_round()
        fi
    };
    atomic {
        learn(content);
        on_disk = content;
        come_for(write_under_way)
    };
    atomic {
        take(write_under_way);
        come_for(tree_lock)
    };
    atomic {                            /* test_set_page_writeback, in three operations */
        take(tree_lock);
        learn(0)
    };
    atomic { page_writeback = true };
    atomic {
        learn(page_dirty);
        dirty_tag = dirty_tag && page_dirty;
        release(tree_lock);
        release(page_lock)
    };
    atomic {                            /* end_page_writeback */
        page_writeback = false;
        release(write_under_way)
    };
    atomic {                            /* the write is done, and the metadata no longer needed */
        metadata = false;
        release(metadata_lock);
        end_of_round()
    };

end:
    false
}

#ifdef AT_END
active proctype at_end()
{
    atomic {
        returned == STORES + 1;
        check_metadata(metadata || !pte_write);
        check_dirty_metadata(metadata || pte_write || !page_dirty);
        /* On disk, or dirty and tagged so that the next flush finds it. */
        check_store(content == on_disk || (page_dirty && dirty_tag));
#ifdef SHOW_ENDS
        printf("end: pte %d%d dirty %d tag %d writeback %d metadata %d content %d on disk %d\n",
            pte_write, pte_dirty, page_dirty, dirty_tag, page_writeback, metadata, content, on_disk)
#endif
    };
end:
    false
}
#endif
