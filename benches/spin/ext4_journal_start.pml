/*
 * `ext4-journal-start` in two of its scenarios and a larger one, written by hand for Spin.
 *
 * Mirrors src/protocols/ext4_journal_start (write.rs, flush.rs, allocate.rs, writepage.rs, commit.rs,
 * filesystem.rs) and what these call in src/kernel. One atomic sequence is one operation there: the
 * acquisition of a lock with what is done to the lock's data, or one step on a cell; with it goes what
 * the thread does by itself up to its next operation, and so do releases. Shared variables are those of
 * the Rust objects; sets of blocks are bits. A local variable is 0 where no thread will read it again.
 *
 * Left out is what these scenarios never change: the page's mapping and i_size, and the credits of the
 * transaction, which never fills up. The file does not grow, so write_end dirties no metadata.
 *
 * Choose with -D, one of each:
 *   DESIGN_OLD  DESIGN_PATCHED
 *   SCENARIO_WRITE         a page of one delayed block: a writer, the flusher, a commit
 *   SCENARIO_WRITE_FAULT   a page of one delayed block and a hole: a writer, a fault, the flusher, a
 *                          commit
 *   SCENARIO_THREE_FAULTS  the same with three faults of the page
 * and if wanted:
 *   CHECK_RANK  CHECK_CREDITS  CHECK_DISKSIZE  CHECK_SIZES  CHECK_DATA  CHECK_HANDLES  CHECK_NO_BUG
 *                  asserts this property. The other of the spec needs truncation; no-deadlock is
 *                  Spin's own search for invalid end states, to be run without any CHECK_
 *   SHOW_ENDS      prints what the shared variables hold when all threads are done (gcc -DPRINTF)
 *   HISTORY        each thread keeps a digest of everything that it has read, also of what it will
 *                  never use again: what an explicit-state search without scopes has to tell apart
 *
 * Run:
 *   spin -a -o2 -DDESIGN_OLD -DSCENARIO_WRITE ext4_journal_start.pml
 *   gcc -O2 -fwrapv -DSAFETY -DNOREDUCE -o pan pan.c && ./pan -E -m1000000
 * With a CHECK_, ./pan -E as well; for deadlocks, ./pan without -E. -o2, because Spin leaves out of
 * the state what nothing but a printf or no thread reads, such as `on_disk` where no property asks for it.
 */

#if defined(SCENARIO_WRITE)
#define BLOCKS 1                /* of the page, and of the file: i_size */
#define FAULTS 0
#elif defined(SCENARIO_WRITE_FAULT)
#define BLOCKS 2
#define FAULTS 1
#elif defined(SCENARIO_THREE_FAULTS)
#define BLOCKS 2
#define FAULTS 3
#else
#error "choose a scenario"
#endif
/* Of handles: the writer, the faults, the flusher, numbered in this order. */
#define OWNERS (FAULTS + 2)

#if !defined(DESIGN_OLD) && !defined(DESIGN_PATCHED)
#error "choose a design"
#endif

#if defined(CHECK_SIZES) || defined(CHECK_DATA) || defined(SHOW_ENDS)
#define AT_END
byte returned;
#define count_return() returned++
#else
#define count_return() skip
#endif

#ifdef CHECK_RANK
#define check_rank(holds) assert(holds)
#else
#define check_rank(holds) skip
#endif
#ifdef CHECK_CREDITS
#define check_credits(holds) assert(holds)
#else
#define check_credits(holds) skip
#endif
#ifdef CHECK_DISKSIZE
#define check_disksize(holds) assert(holds)
#else
#define check_disksize(holds) skip
#endif
#ifdef CHECK_SIZES
#define check_sizes(holds) assert(holds)
#else
#define check_sizes(holds) skip
#endif
#ifdef CHECK_DATA
#define check_data(holds) assert(holds)
#else
#define check_data(holds) skip
#endif
#ifdef CHECK_HANDLES
#define check_handles(holds) assert(holds)
#else
#define check_handles(holds) skip
#endif
#ifdef CHECK_NO_BUG
#define check_no_bug(holds) assert(holds)
#else
#define check_no_bug(holds) skip
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
/* What comes next is no lock. */
#define NO_LOCK 0

#define ALL ((1 << BLOCKS) - 1)
#define DELAYED 1               /* the set of the first block: delayed, dirty, and not on disk yet */
#define HOLES (ALL & ~DELAYED)  /* what the file does not have at the start */
#define HAS(set, block) (((set) >> (block)) & 1)

byte i_mutex;
byte page_lock;                 /* PG_locked */
bool page_dirty = true, page_writeback;
byte tree_lock;                 /* of the page's slot in the radix tree */
bool dirty_tag = true;          /* under tree_lock */
byte mapped = DELAYED, delay = DELAYED, dirty = DELAYED;    /* the page's buffers */
#if BLOCKS == 1
byte cached[BLOCKS] = { 1 };    /* the version of the content of each block */
#else
byte cached[BLOCKS] = { 1, 0 };
#endif
byte on_disk[BLOCKS];           /* and that on disk */
byte i_data_sem;
byte allocated;                 /* under i_data_sem */
byte disksize;                  /* i_disksize, in blocks */
byte raw_size, raw_blocks;      /* the inode's buffer in the running transaction */
byte transaction;               /* a lock: the commit has it while the transaction is T_LOCKED */
byte tid = 1;                   /* under it */
byte handle[OWNERS];            /* a lock of each owner, by its number: its handle is open */

#define UNMAPPED_OR_DELAY (ALL & (~mapped | delay))
#if BLOCKS == 1
#define HAS_UNWRITTEN_CONTENT (cached[0] != on_disk[0])
#define IS_CONFUSING (dirty != mapped)
#else
#define HAS_UNWRITTEN_CONTENT (cached[0] != on_disk[0] || cached[1] != on_disk[1])
/* Also where the first block is a hole, and where there are two, which free space keeps apart. */
#define IS_CONFUSING (dirty != mapped || mapped > DELAYED)
#endif

/* The thread returns. */
inline finish()
{
    forget();
    count_return()
}

/* An owner of handles goes back to user space. */
inline leave_kernel()
{
    check_handles(handle[_pid] != ME);
    finish()
}

/* The thread starts a handle next. */
inline come_for_handle()
{
    check_rank(page_lock != ME && i_data_sem != ME);
    come_for(transaction)
}

/* start_this_handle: joins the running transaction. */
inline journal_start(asked, next_lock)
{
    atomic {
        take(transaction);
        learn(tid);
        come_for(handle[_pid])
    };
    atomic {
        take(handle[_pid]);
        release(transaction);
        credits = asked;
        come_for(next_lock)
    }
}

inline journal_stop()
{
    credits = 0;
    paid_for_inode = false;
    release(handle[_pid])
}

/* ext4_da_write_begin of the writer and the fault, which have the label `prepared` after it. */
inline write_begin()
{
    journal_start(1, page_lock);
    atomic { take(page_lock) };
    atomic {                            /* block_write_begin */
        unmapped = ALL & ~mapped;
        learn(unmapped);
        if
        :: unmapped != 0 -> come_for(i_data_sem)
        :: else -> goto prepared
        fi
    };
    /* One block at most: the first is mapped from the start. */
    atomic {                            /* ext4_get_blocks_wrap */
        take(i_data_sem);
        learn(allocated);
        is_allocated = allocated & unmapped;
        release(i_data_sem)
    };
    atomic {                            /* ext4_da_get_block_prep */
        mapped = mapped | unmapped;
        delay = (delay & ~unmapped) | (unmapped & ~is_allocated);
        unmapped = 0;
        is_allocated = 0
    }
}

inline return_from_write_end()
{
    release(page_lock);
    journal_stop();
    if
    :: i_mutex == ME -> release(i_mutex)
    :: else
    fi;
    leave_kernel();
    goto end
}

/* ext4_da_write_end of the whole page. */
inline write_end()
{
    atomic {
        learn(disksize);
        if
        :: BLOCKS > disksize
        :: else -> goto commit_write
        fi
    };
    atomic {
        learn(UNMAPPED_OR_DELAY != 0);
        if
        :: UNMAPPED_OR_DELAY != 0 -> goto commit_write
        :: else
        fi
    };
    atomic { disksize = BLOCKS };
commit_write:
    atomic {                            /* __block_commit_write */
        learn(dirty != ALL);
        if
        :: dirty != ALL -> dirty = ALL
        :: else -> return_from_write_end()
        fi
    };
    atomic {                            /* mark_buffer_dirty: TestSetPageDirty ... */
        learn(page_dirty);
        if
        :: page_dirty -> return_from_write_end()
        :: else ->
            page_dirty = true;
            come_for(tree_lock)
        fi
    };
    atomic {                            /* ... and the tag */
        take(tree_lock);
        learn(dirty_tag);
        dirty_tag = true;
        release(tree_lock);
        return_from_write_end()
    }
}

active proctype writer()                /* generic_file_aio_write */
{
    byte unmapped, is_allocated, credits;
    bool paid_for_inode;
    HISTORY_OF_THREAD

    atomic {
        take(i_mutex);
        come_for_handle()
    };
    write_begin();
prepared:
    atomic {                            /* iov_iter_copy_from_user_atomic */
        cached[0]++;
#if BLOCKS == 2
        cached[1]++
#endif
    };
    write_end();
end:
    false
}

#if FAULTS > 0
active [FAULTS] proctype fault()        /* ext4_page_mkwrite */
{
    byte unmapped, is_allocated, credits;
    bool paid_for_inode;
    HISTORY_OF_THREAD

    atomic {                            /* without the page lock */
        learn(mapped == ALL);
        if
        :: mapped == ALL ->
            leave_kernel();
            goto end
        :: else -> come_for_handle()
        fi
    };
    write_begin();
prepared:
    write_end();
end:
    false
}
#endif

/* jbd2_journal_dirty_metadata: costs a credit. */
inline dirty_metadata()
{
    if
    :: credits == 0 ->                  /* J_ASSERT: the thread ends, and its locks with it */
        check_credits(false);
        next = 0;
        remain = 0;
        found = 0;
        missing = 0;
        in_writepage = false;
        release(i_data_sem);
        release(page_lock);
        journal_stop();
        finish();
        goto end
    :: else -> credits--
    fi
}

/* ext4_mark_inode_dirty: the first in a handle costs a credit. */
inline pay_for_inode()
{
    if
    :: paid_for_inode
    :: else ->
        dirty_metadata();
        paid_for_inode = true
    fi
}

/* How many blocks in a row the file has from `next` on, of those wanted. */
#define IN_A_ROW (HAS(allocated, next) * (1 + (remain == 2 && HAS(allocated, next + 1))))

inline first_of(blocks)
{
    if
    :: HAS(blocks, 0) -> next = 0
    :: else -> next = 1
    fi
}

#ifdef DESIGN_OLD

/* map_blocks starts a handle for each call of get_block, under the page lock: the inversion. */
#define come_for_blocks() come_for_handle()
#define get_blocks_for_map start_for_map

/* Old: from ->writepage it is called as ext4_get_block, which leaves i_disksize alone. */
inline return_from_get_blocks()
{
    if
    :: in_writepage -> goto map_buffer
    :: else -> goto advance
    fi
}

inline return_from_get_block_write()
{
    journal_stop();
    goto put_numbers
}

inline return_from_writepages()
{
    leave_kernel();
    goto end
}

#else

#define come_for_blocks() come_for(i_data_sem)
#define get_blocks_for_map get_blocks

inline return_from_get_blocks()
{
    goto advance
}

inline return_from_get_block_write()
{
    if
    :: in_writepage -> goto map_buffer
    :: else -> goto put_numbers
    fi
}

inline return_from_writepages()
{
    journal_stop();
    leave_kernel();
    goto end
}

#endif

active proctype flusher()               /* ext4_da_writepages */
{
    bool scanned;                       /* write_cache_pages has been over the file once */
    byte next, remain;                  /* blocks to be mapped */
    byte found;                         /* how many of them are by now */
    byte missing;                       /* blocks that ->writepage has to map */
    bool in_writepage;
    byte credits;                       /* h_buffer_credits of the handle */
    bool paid_for_inode;
    byte size;                          /* i_disksize, on its way to the inode's buffer */
    HISTORY_OF_THREAD

#ifdef DESIGN_PATCHED
    journal_start(BLOCKS + 1, tree_lock);       /* first of all */
#endif

look_up:
    atomic {                            /* find_get_pages_tag */
        take(tree_lock);
        learn(dirty_tag);
        release(tree_lock);
        if
        :: dirty_tag ->
            scanned = false;
            come_for(page_lock)
        :: !dirty_tag && !scanned ->    /* once more from the start of the file */
            scanned = true;
            come_for(tree_lock);
            goto look_up
        :: else ->
            scanned = false;
            return_from_writepages()
        fi
    };
    atomic { take(page_lock) };
    atomic {
        learn(page_writeback);
        if
        :: page_writeback ->
            release(page_lock);
            return_from_writepages()
        :: else
        fi
    };
    atomic {                            /* clear_page_dirty_for_io */
        learn(page_dirty);
        if
        :: page_dirty -> page_dirty = false
        :: else ->
            release(page_lock);
            return_from_writepages()
        fi
    };
    atomic {                            /* __mpage_da_writepage; for map_blocks is what is delayed */
        learn(4 * dirty + (dirty & UNMAPPED_OR_DELAY));
        if
        :: (dirty & UNMAPPED_OR_DELAY) == 0 -> goto submit_io
        :: else ->
            first_of(dirty & UNMAPPED_OR_DELAY);
            remain = HAS(dirty & UNMAPPED_OR_DELAY, 0) + HAS(dirty & UNMAPPED_OR_DELAY, 1);
            come_for_blocks()
        fi
    };

    /* mpage_da_map_blocks, and ext4_da_get_block_write for each block: one allocation finds one. */
#ifdef DESIGN_OLD
start_for_map:
    journal_start(BLOCKS + 1, i_data_sem);
#endif
get_blocks:
    atomic {                            /* ext4_get_blocks_wrap: looks the blocks up ... */
        take(i_data_sem);
#ifdef DESIGN_PATCHED
        check_no_bug(handle[_pid] == ME);
#endif
        learn(allocated);
        found = IN_A_ROW;
        release(i_data_sem);
        if
        :: found != 0 -> return_from_get_blocks()
        :: else -> come_for(i_data_sem)
        fi
    };
    atomic {                            /* ... and again, and allocates */
        take(i_data_sem);
        learn(allocated);
        found = IN_A_ROW;
        if
        :: found != 0 ->
            release(i_data_sem);
            return_from_get_blocks()
        :: else ->
            dirty_metadata();
            allocated = allocated | (1 << next);
            pay_for_inode()
        fi
    };
    atomic {                            /* ext4_mark_inode_dirty, in two operations */
        size = disksize;
        learn(size)
    };
    atomic {
        raw_size = size;
        raw_blocks = raw_blocks | (1 << next);
        size = 0;
        found = 1;
        release(i_data_sem);
        return_from_get_blocks()
    };

advance:                                /* the end of ext4_da_get_block_write */
    atomic {
        learn(disksize);
        if
        :: next + found > disksize -> come_for(i_data_sem)
        :: else -> return_from_get_block_write()
        fi
    };
    atomic {
        take(i_data_sem);
        learn(allocated)
    };
    atomic {
        learn(disksize);
        if
        :: next + found > disksize
        :: else ->
            release(i_data_sem);
            goto advanced
        fi
    };
    atomic {
        disksize = next + found;
        release(i_data_sem)
    };
advanced:
    atomic {
        learn(disksize);
        if
        :: disksize == next + found -> pay_for_inode()
        :: else -> return_from_get_block_write()
        fi
    };
    atomic {
        size = disksize;
        learn(size)
    };
    atomic {
        raw_size = size;
        size = 0;
        return_from_get_block_write()
    };

put_numbers:
    atomic {                            /* mpage_put_bnr_to_bhs: one operation for each block */
        delay = delay & ~(1 << next);
        next++;
        remain--;
        found--;
        if
        :: found > 0 -> goto put_numbers
        :: found == 0 && remain > 0 ->
            come_for_blocks();
            goto get_blocks_for_map
        :: else -> next = 0
        fi
    };

submit_io:
    atomic {                            /* __mpage_writepage leaves some pages to ->writepage */
        learn(IS_CONFUSING);
        if
        :: IS_CONFUSING ->
            in_writepage = true;
#ifdef DESIGN_OLD
            come_for_handle()
#endif
        :: else -> goto write_out
        fi
    };

    /* ext4_da_writepage */
#ifdef DESIGN_OLD
    journal_start(BLOCKS + 1, NO_LOCK);
#endif
    atomic {                            /* block_write_full_page: what has to be mapped */
        missing = dirty & UNMAPPED_OR_DELAY;
        learn(missing);
        if
        :: missing != 0 ->
            first_of(missing);
            remain = 1;
            come_for(i_data_sem);
            goto get_blocks
        :: else -> goto write_out
        fi
    };
map_buffer:
    atomic {
        mapped = mapped | (1 << next);
        delay = delay & ~(1 << next);
        missing = missing & ~(1 << next);
        found = 0;
        if
        :: missing != 0 ->
            first_of(missing);
            come_for(i_data_sem);
            goto get_blocks
        :: else ->
            next = 0;
            remain = 0
        fi
    };

write_out:
    atomic {                            /* submits the dirty blocks that have a place on disk */
#ifdef DESIGN_PATCHED
        in_writepage = false;
#endif
        if
        :: HAS(dirty & ~UNMAPPED_OR_DELAY, 0) -> on_disk[0] = cached[0]
        :: else
        fi;
#if BLOCKS == 2
        if
        :: HAS(dirty & ~UNMAPPED_OR_DELAY, 1) -> on_disk[1] = cached[1]
        :: else
        fi;
#endif
        dirty = dirty & UNMAPPED_OR_DELAY;
        come_for(tree_lock)
    };
    atomic {                            /* test_set_page_writeback, in three operations */
        take(tree_lock);
        learn(dirty_tag)
    };
    atomic { page_writeback = true };
    atomic {
        learn(page_dirty);
        dirty_tag = dirty_tag && page_dirty;
        release(tree_lock)
    };
    atomic {                            /* end_page_writeback: the I/O is done at once */
        page_writeback = false;
        release(page_lock);
#ifdef DESIGN_OLD
        if
        :: in_writepage -> in_writepage = false
        :: else -> return_from_writepages()
        fi
#else
        return_from_writepages()
#endif
    };
#ifdef DESIGN_OLD
    atomic {                            /* i_disksize becomes i_size, whatever is allocated */
        learn(disksize);
        if
        :: BLOCKS > disksize
        :: else ->
            journal_stop();
            return_from_writepages()
        fi
    };
    atomic {
        disksize = BLOCKS;
        pay_for_inode()
    };
    atomic {
        size = disksize;
        learn(size)
    };
    atomic {
        raw_size = size;
        size = 0;
        journal_stop();
        return_from_writepages()
    };
#endif
end:
    false
}

/* jbd2_journal_commit_transaction waits for this owner's handle. */
inline drain(owner, next_lock)
{
    atomic {
        take(handle[owner]);
        release(handle[owner]);
        come_for(next_lock)
    }
}

active proctype kjournald2()
{
    HISTORY_OF_THREAD

    atomic {                            /* T_LOCKED */
        take(transaction);
        learn(tid);
        come_for(handle[0])
    };
    drain(0, handle[1]);
#if OWNERS > 2
    drain(1, handle[2]);
#endif
#if OWNERS > 3
    drain(2, handle[3]);
    drain(3, handle[4]);
#endif
    drain(OWNERS - 1, NO_LOCK);
    atomic {                            /* the inode that is committed; T_FLUSH */
        check_disksize((((1 << raw_size) - 1) & ~(raw_blocks | HOLES)) == 0);
        tid++;
        release(transaction);
        finish()
    };
end:
    false
}

#ifdef AT_END
active proctype at_end()
{
    atomic {
        returned == OWNERS + 1;
        check_sizes(disksize == BLOCKS || (disksize < BLOCKS && delay != 0));
        /* On disk, or dirty and tagged so that the next flush finds it. */
        check_data(!HAS_UNWRITTEN_CONTENT || (page_dirty && dirty_tag));
#ifdef SHOW_ENDS
        printf("end: dirty %d tag %d writeback %d mapped %d delay %d dirty %d cached %d %d on disk %d %d allocated %d disksize %d raw %d %d T%d\n",
            page_dirty, dirty_tag, page_writeback, mapped, delay, dirty, cached[0], cached[BLOCKS - 1],
            on_disk[0], on_disk[BLOCKS - 1], allocated, disksize, raw_size, raw_blocks, tid)
#endif
    };
end:
    false
}
#endif
