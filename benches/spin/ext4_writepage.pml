/*
 * ext4-writepage: what does writepage do with a dirty block that has no place on disk?
 *
 * Mirrors src/protocols/ext4_writepage/ and src/kernel/, for two of its scenarios: one atomic sequence here
 * is one operation there. What is local goes with the operation before it, releases included; so a
 * branch is taken inside the atomic sequence, by `goto`, and never between two.
 *
 * Switches, one of each of the first two:
 *   -DDESIGN_OLD, -DDESIGN_PATCHED
 *   -DSCENARIO_GROW         a file of one block of a page that has two, stored to: truncation to two
 *                           blocks, pdflush
 *   -DSCENARIO_FAULT_FLUSH  the same with a pte that has lost its write access: a store to the second
 *                           block, truncation to two blocks, pdflush
 *   -DCHECK_<PROPERTY>      asserts NO_BUG or STORE; the others are asked nowhere in these scenarios, or
 *                           hold by the text: no thread but page_mkwrite allocates, and no handle is
 *                           started under a page lock
 *   -DCHECK_LEFT_OUT        asserts that nothing that was left out can be reached
 * `no-deadlock` is Spin's own search for invalid end states; -E switches it off.
 *
 *   spin -o2 -a -DDESIGN_OLD -DSCENARIO_GROW -DCHECK_NO_BUG ext4_writepage.pml
 *   gcc -O2 -DSAFETY -o pan pan.c && ./pan -E -m1000000       # with -DNOREDUCE: every state
 *
 * -o2 keeps Spin from leaving variables out of the state that only a check would read: so the states
 * are those of the objects there, whatever is checked. A process that has returned blocks at a valid end
 * state, for its deletion would be one more step.
 *
 * Left out, for neither scenario gets there: the journal, delayed and unwritten blocks, truncation to
 * less (so the page stays in its file, with its buffers and its pte), and a second flusher, without
 * which no thread meets PG_writeback.
 */

#if defined(DESIGN_OLD) == defined(DESIGN_PATCHED) || defined(SCENARIO_GROW) == defined(SCENARIO_FAULT_FLUSH)
#error "one design and one scenario"
#endif

#define BLOCKS 2
#define NONE 0

mtype = { MAPPER, TRUNCATER, FLUSHER };

#ifndef CHECK_NO_BUG
#define CHECK_NO_BUG false
#endif
#define check(property, holds) assert(!(property) || (holds))
#ifdef CHECK_LEFT_OUT
#define left_out(condition) assert(!(condition))
#else
#define left_out(condition) skip
#endif

#ifdef SCENARIO_GROW
#define THREADS 2
#define WRITABLE true
#else
#define THREADS 3
#define WRITABLE false
#endif

/* The page. */
mtype page_lock;
bool page_dirty = true;
bool page_writeback;
/* Its slot in the radix tree: the lock, and the dirty tag. */
mtype tree_lock;
bool tagged = true;

/* Its buffers. The page was dirtied as a whole, beyond the end of the file. */
bool mapped[BLOCKS] = { true, false };
bool dirty[BLOCKS] = { true, true };
/* What the disk has of the file. i_data_sem is given up within the operation that takes it. */
bool allocated[BLOCKS] = { true, false };

/* The versions of each block: in the page, on disk, and the one that must not get lost. */
byte cached[BLOCKS] = { 1, 0 };
byte on_disk[BLOCKS];
byte promised[BLOCKS] = { 1, 0 };
/* The blocks that the file covers, as far as the processes know. */
byte covered = 1;

/* The pte, which is present. */
mtype pte_lock;
bool pte_write = WRITABLE;
bool pte_dirty = WRITABLE;

/* i_size, and as the holder of i_mutex has it. */
byte i_size = 1;
mtype i_mutex;
byte i_mutex_size = 1;
/* A reader takes a slot of its own, the writer one after the other. */
mtype i_alloc_sem[THREADS];

/* A function of where the threads are: for the check at the end. */
byte unfinished = THREADS;

/* The thread returns. */
inline finish() {
	unfinished--;
	goto end_returned
}

/* ftruncate to two blocks: notify_change. */
active proctype truncater() {
	byte slot;

	atomic { i_mutex == NONE -> i_mutex = TRUNCATER }
down_write:
	atomic {
		i_alloc_sem[slot] == NONE -> i_alloc_sem[slot] = TRUNCATER;
		slot++;
		if :: slot < THREADS -> goto down_write :: else -> slot = 0 fi
	}
	atomic { i_size = 2 }
	atomic {
		covered = 2;
		i_mutex_size = 2;
		do
		:: slot < THREADS -> i_alloc_sem[slot] = NONE; slot++
		:: else -> break
		od;
		slot = 0;
		i_mutex = NONE;
		finish()
	}
end_returned:
	false
}

#ifdef SCENARIO_FAULT_FLUSH
/* ext4_page_mkwrite returns, without the page lock. */
inline mkwrite_returns() {
	length = 0;
	i_alloc_sem[0] = NONE;
	goto lock_page
}

/* write_end is over. */
inline write_end() {
	page_lock = NONE;
	mkwrite_returns()
}

/* The page is dirty and tagged: the fault is over, and the processor tries again. */
inline fault_is_over() {
	page_lock = NONE;
	goto memory_store
}

/* A store to the second block through the mapping. */
active proctype mapper() {
	byte length;
	bool newly;

memory_store:
	atomic {
		pte_lock == NONE;
		if
		:: pte_write -> pte_dirty = true; pte_lock = MAPPER
		:: else -> goto page_mkwrite
		fi
	}
	atomic {
		cached[1]++;
		if :: covered > 1 -> promised[1] = cached[1] :: else fi;
		pte_lock = NONE;
		finish()
	}
page_mkwrite:
	atomic { i_alloc_sem[0] == NONE -> i_alloc_sem[0] = MAPPER }
	atomic { length = i_size }
	atomic {
		left_out(!mapped[0]);
		if :: length > 1 && !mapped[1] :: else -> mkwrite_returns() fi
	}
	/* write_begin: only the second block can be unmapped. */
	atomic { page_lock == NONE -> page_lock = MAPPER }
	atomic { left_out(mapped[1]); left_out(!mapped[0]) }
	atomic { allocated[1] = true }
	atomic { mapped[1] = true }
	/* block_commit_write */
	atomic {
		newly = !dirty[0] || !dirty[1];
		dirty[0] = true;
		dirty[1] = true;
		if :: newly -> newly = false :: else -> write_end() fi
	}
	atomic {
		if :: page_dirty -> write_end() :: else -> page_dirty = true fi
	}
	atomic {
		tree_lock == NONE -> tagged = true;
		write_end()
	}
lock_page:
	atomic { page_lock == NONE -> page_lock = MAPPER }
	atomic {
		pte_lock == NONE;
		left_out(pte_write || pte_dirty);
		pte_write = true;
		pte_dirty = true
	}
	/* __set_page_dirty_buffers, in three steps */
	atomic { dirty[0] = true; dirty[1] = true }
	atomic {
		if :: page_dirty -> fault_is_over() :: else -> page_dirty = true fi
	}
	atomic {
		tree_lock == NONE -> tagged = true;
		fault_is_over()
	}
end_returned:
	false
}
#endif

/* The flusher is done with its page. */
inline unlock_page() {
	page_lock = NONE;
	finish()
}

/* pdflush: write_cache_pages, and ->writepage of its page. */
active proctype flusher() {
	/* A sample of i_size; what is submitted, a bit for each block. */
	byte size, submitted;

	/* find_get_pages_tag */
	atomic {
		tree_lock == NONE;
		if :: tagged :: else -> finish() fi
	}
	atomic { page_lock == NONE -> page_lock = FLUSHER }
	atomic {
		if :: page_dirty :: else -> unlock_page() fi
	}
	atomic {
		if :: page_writeback -> unlock_page() :: else fi
	}
	/* page_mkclean */
	atomic {
		pte_lock == NONE;
		if
		:: pte_write || pte_dirty -> pte_write = false; pte_dirty = false
		:: else -> goto clear_page_dirty
		fi
	}
	atomic { dirty[0] = true; dirty[1] = true }
	atomic {
		if :: page_dirty -> goto clear_page_dirty :: else -> page_dirty = true fi
	}
	atomic { tree_lock == NONE -> tagged = true }
clear_page_dirty:
	atomic {
		left_out(!page_dirty);
		page_dirty = false
	}

	/*
	 * ext4_normal_writepage or ext4_writepage: is a block below the first sample of i_size unfinished
	 * work? Only the old one takes a hole for that; the other has no use for the sample here.
	 */
#ifdef DESIGN_OLD
	atomic { size = i_size }
	atomic {
		left_out(!mapped[0]);
		if
		:: size > 1 && dirty[1] && !mapped[1] -> size = 0; check(CHECK_NO_BUG, false); unlock_page()
		:: else -> size = 0
		fi
	}
#else
	atomic { skip }
	atomic { left_out(!mapped[0]) }
#endif
	/* block_write_full_page: the second sample says that the page is in the file. */
	atomic { i_size > 0 }
	/* __block_write_full_page */
	atomic { size = i_size }
	atomic {
		if
		:: size > 1 && dirty[1] && !mapped[1] -> size = 0
		:: size > 1 && (!dirty[1] || mapped[1]) -> size = 0; goto submit
		:: else -> dirty[1] = false; size = 0; goto submit
		fi
	}
	/* noalloc_get_block_write */
	atomic {
#ifdef DESIGN_OLD
		if :: !allocated[1] -> check(CHECK_NO_BUG, false); unlock_page() :: else fi
	}
	atomic { mapped[1] = true }
#else
		submitted = allocated[1]
	}
	atomic {
		mapped[1] = mapped[1] || submitted;
		submitted = 0
	}
#endif
	/* The thread that calls get_block takes BH_Delay away after it; there was none. */
	atomic { skip }
submit:
	atomic {
		submitted = (dirty[0] && mapped[0] -> 1 : 0) | (dirty[1] && mapped[1] -> 2 : 0);
		dirty[0] = dirty[0] && !mapped[0];
		dirty[1] = dirty[1] && !mapped[1];
		if :: submitted :: else -> goto set_writeback fi
	}
	atomic {
		if :: submitted & 1 -> on_disk[0] = cached[0] :: else fi;
		if :: submitted & 2 -> on_disk[1] = cached[1] :: else fi;
		submitted = 0
	}
	/* test_set_page_writeback: under the tree's lock, three steps. The I/O is done by then. */
set_writeback:
	atomic { tree_lock == NONE -> tree_lock = FLUSHER }
	atomic { page_writeback = true }
	atomic {
		tagged = tagged && page_dirty;
		tree_lock = NONE
	}
	atomic {
		page_writeback = false;
		unlock_page()
	}
end_returned:
	false
}

#ifdef CHECK_STORE
/* When all have returned: what was promised is on disk, or the next flush takes it there. */
active proctype at_the_end() {
	byte block;

end:
	atomic {
		unfinished == 0;
		do
		:: block < BLOCKS ->
			assert(promised[block] <= on_disk[block]
				|| (page_dirty && tagged && mapped[block] && dirty[block]));
			block++
		:: else -> break
		od
	}
}
#endif
