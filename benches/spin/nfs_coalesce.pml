/*
 * nfs-coalesce: requests that are marked for writeback in one pass and sent in another.
 *
 * Mirrors src/protocols/nfs_coalesce/ and src/kernel/nfs/, for two of its scenarios: one atomic sequence
 * here is one operation there. What is local goes with the operation before it, releases included; so
 * a branch is taken inside the atomic sequence, by `goto`, and never between two.
 *
 * Switches, one of each of the first two:
 *   -DDESIGN_OLD, -DDESIGN_PATCHED
 *   -DSCENARIO_SIGNAL     a written page and one in an RPC: an fsync, a signal for it, rpciod
 *   -DSCENARIO_WB_PAGES   two written pages: pdflush, invalidation of the first page, rpciod
 *   -DCHECK_<PROPERTY>    asserts NO_ORPHAN, SUBMITTED_AT_EXIT, BUSY_WHILE_WRITEBACK, NO_SELF_WAIT,
 *                         DATA or NO_BUG; `error-told` has nothing to say where no descriptor fails
 *   -DCHECK_LEFT_OUT      asserts that nothing that was left out can be reached
 * `no-deadlock` is Spin's own search for invalid end states; -E switches it off.
 *
 *   spin -o2 -a -DDESIGN_OLD -DSCENARIO_SIGNAL -DCHECK_NO_ORPHAN nfs_coalesce.pml
 *   gcc -O2 -DSAFETY -o pan pan.c && ./pan -E -m1000000       # with -DNOREDUCE: every state
 *
 * -o2 keeps Spin from leaving variables out of the state that only a check would read: so the states
 * are those of the objects there, whatever is checked. A process that has returned blocks at a valid end
 * state, for its deletion would be one more step.
 *
 * Left out, for neither scenario gets there: requests that are made anew (so a page has one generation
 * of them), PG_NEED_FLUSH, COMMITs, errors, descriptors that are full or out of order, stores.
 */

#if defined(DESIGN_OLD) == defined(DESIGN_PATCHED) || defined(SCENARIO_SIGNAL) == defined(SCENARIO_WB_PAGES)
#error "one design and one scenario"
#endif

#define PAGES 2
#define bit(page) (1 << (page))
#define NONE 0
#define FLUSH_STABLE bit(PAGES)

mtype = { PDFLUSH, FSYNC, INVALIDATE, RPCIOD };

#ifndef CHECK_NO_ORPHAN
#define CHECK_NO_ORPHAN false
#endif
#ifndef CHECK_SUBMITTED_AT_EXIT
#define CHECK_SUBMITTED_AT_EXIT false
#endif
#ifndef CHECK_BUSY_WHILE_WRITEBACK
#define CHECK_BUSY_WHILE_WRITEBACK false
#endif
#ifndef CHECK_NO_SELF_WAIT
#define CHECK_NO_SELF_WAIT false
#endif
#ifndef CHECK_DATA
#define CHECK_DATA false
#endif
#ifndef CHECK_NO_BUG
#define CHECK_NO_BUG false
#endif
#define check(property, holds) assert(!(property) || (holds))
#ifdef CHECK_LEFT_OUT
#define left_out(condition) assert(!(condition))
#else
#define left_out(condition) skip
#endif

/* The pages. The first is written in both scenarios; the second is in an RPC, or written as well. */
#ifdef SCENARIO_SIGNAL
#define SECOND_WRITTEN false
#define SECOND_IN_RPC true
#else
#define SECOND_WRITTEN true
#define SECOND_IN_RPC false
#endif
mtype page_lock[PAGES];
bool dirty[PAGES] = { true, SECOND_WRITTEN };
bool tagged[PAGES] = { true, SECOND_WRITTEN };
bool writeback[PAGES] = { false, SECOND_IN_RPC };

/* PG_BUSY of each page's request: who set it. The signal is shown to the thread that waits for the bit. */
#ifdef SCENARIO_SIGNAL
mtype busy[PAGES] = { NONE, RPCIOD };
bool signalled[PAGES];
#define signal_for(page) signalled[page]
#else
mtype busy[PAGES];
#define signal_for(page) false
#endif

/* req_lock, and what it guards: each page's request. */
mtype req_lock;
bool has_request[PAGES] = { true, true };
bool tag_writeback[PAGES] = { false, SECOND_IN_RPC };
bool on_dirty_list[PAGES];
/* For the properties: whose call put the page under writeback, whose scan took it off the list. */
mtype marked_by[PAGES];
mtype taken_by[PAGES];

/* The requests in a descriptor of the calling thread's. The old one it fills and sends at one go. */
#ifdef DESIGN_OLD
#define in_hand(page) false
#else
#define in_hand(page) ((owed & bit(page)) != 0)
#endif

/* The RPCs under way, each the bits of its pages and FLUSH_STABLE. */
#ifdef SCENARIO_SIGNAL
byte asked[2] = { 6, 0 };	/* FLUSH_STABLE | bit(1) */
#else
byte asked[2];
#endif
/* The one that is being completed, until the next. */
byte answered;
/* The pages with bytes that no RPC has carried. */
#ifdef SCENARIO_SIGNAL
byte unsent = 1;
#else
byte unsent = 3;
#endif

/* Functions of where the threads are: for the check at the end. */
byte unfinished = 2;
bool serving;

/* What can be under way at once are two RPCs: a page goes into one but once. */
inline rpc_execute(rpc) {
	left_out(asked[1]);
	if :: asked[0] -> asked[1] = rpc :: else -> asked[0] = rpc fi;
	unsent = unsent & ~(rpc)
}

/* The thread returns. Of the two pages it holds the lock of the first at most. */
inline finish(me) {
	if :: page_lock[0] == me -> page_lock[0] = NONE :: else fi;
	unfinished--;
	goto end_returned
}

inline leave_or_finish(me) {
	if :: owed -> goto leave :: else -> finish(me) fi
}

/* What `page`, and those after it, say of a call that leaves: stops where it takes a look at the RPCs. */
inline owes(me) {
	do
	:: page == PAGES -> break
	:: page < PAGES ->
		if
		:: !(owed & bit(page)) || marked_by[page] != me -> page++
		:: else ->
			if
			:: on_dirty_list[page] ->
				check(CHECK_SUBMITTED_AT_EXIT, false);
				check(CHECK_NO_ORPHAN, false);
				page++
			:: else -> break
			fi
		fi
	od;
	if
	:: page == PAGES ->
		page = 0;
		owed = 0;
		req_lock = NONE;
		finish(me)
	:: else
	fi
}

/* The return of an entry point that has put pages under writeback and has not sent them itself. */
inline leave_call(me) {
	atomic {
		req_lock == NONE -> req_lock = me;
		owes(me)
	}
looks_at_rpcs:
	atomic {
		if
		:: (asked[0] | asked[1] | answered) & bit(page)
		:: else ->
			check(CHECK_SUBMITTED_AT_EXIT, false);
			check(CHECK_NO_ORPHAN, taken_by[page] != NONE && taken_by[page] != me)
		fi;
		page++;
		owes(me);
		goto looks_at_rpcs
	}
}

/*
 * nfs_page_mark_flush or nfs_page_async_flush of a locked page whose dirty bit this thread has cleared:
 * the first operations. No thread has had the request since the page was dirtied.
 */
inline take_request(me, page) {
	atomic {
		req_lock == NONE -> req_lock = me;
		left_out(!has_request[page])
	}
	atomic {
		left_out(busy[page]);
		busy[page] = me
	}
}

/* The next one, up to where the section ends. In the patched design the request stays busy. */
inline test_set_page_writeback(me, page) {
	left_out(writeback[page]);
	check(CHECK_BUSY_WHILE_WRITEBACK, !writeback[page]);
	tagged[page] = tagged[page] && dirty[page];
	writeback[page] = true;
	marked_by[page] = me;
#ifdef DESIGN_OLD
	on_dirty_list[page] = true;
#else
	tag_writeback[page] = true;
#endif
	owed = owed | bit(page);
	req_lock = NONE
}

/* nfs_unlock_request, of the old design. */
inline unlock_request(page) {
	check(CHECK_NO_BUG, busy[page]);
	busy[page] = NONE
}

#ifdef DESIGN_OLD
/* What of a scan is local: where it goes from `page`. It is over at `end`. */
inline next_on_dirty_list(end) {
	do :: page < end && !on_dirty_list[page] -> page++ :: else -> break od
}

/* A scan comes to a request on the dirty list: takes it unless it is busy. */
inline scan_request(me, end) {
	if
	:: busy[page]
	:: else ->
		busy[page] = me;
		on_dirty_list[page] = false;
		tag_writeback[page] = true;
		taken_by[page] = me;
		taken = taken | bit(page)
	fi;
	page++;
	next_on_dirty_list(end)
}

/* What it has taken, this thread sends. */
inline end_of_scan() {
	page = 0;
	owed = owed & ~taken;
	req_lock = NONE
}
#endif

/*
 * nfs_sync_mapping_wait, from the first page to the end of the file; the old design starts the I/O of
 * what is on the dirty list up to `dirty_end`. `page` is not 0 where it has waited for a request.
 */
inline nfs_sync_mapping_wait(me, dirty_end, interruptible) {
	atomic {
		req_lock == NONE;
		do
		:: page < PAGES && !tag_writeback[page] -> page++
		:: page == PAGES && waited -> page = 0; waited = false
		:: else -> break
		od;
		if
		:: page < PAGES ->
			check(CHECK_NO_SELF_WAIT, !in_hand(page));
			goto wait_on_request
		:: else -> page = 0
		fi;
#ifdef DESIGN_OLD
		next_on_dirty_list(dirty_end);
		if
		:: page < dirty_end -> req_lock = me; goto sync_scan
		:: else -> page = 0
		fi;
#endif
		leave_or_finish(me)
	}
wait_on_request:
	atomic {
		!busy[page] || (interruptible && signal_for(page));
		if
		:: busy[page] -> page = 0; waited = false; leave_or_finish(me)
		:: else -> page++; waited = true; goto sync_mapping_wait
		fi
	}
#ifdef DESIGN_OLD
sync_scan:
	atomic {
		if :: busy[page] -> skipped = page + 1 :: else fi;
		scan_request(me, dirty_end);
		if :: page < dirty_end -> goto sync_scan :: else -> end_of_scan() fi;
		if :: taken -> skipped = 0 :: else -> goto wait_on_skipped fi
	}
	atomic {
		rpc_execute(taken);
		taken = 0;
		goto sync_mapping_wait
	}
wait_on_skipped:
	atomic {
		!busy[skipped - 1];
		skipped = 0;
		goto sync_mapping_wait
	}
#endif
}

/*
 * The thread that goes through generic_writepages, from the first page on: pdflush in nfs_writepages,
 * or an fsync in nfs_wb_all, under WB_SYNC_ALL.
 */
#ifdef SCENARIO_SIGNAL
#define FLUSHER FSYNC
#else
#define FLUSHER PDFLUSH
#endif

/* generic_writepages returns. */
inline written() {
	page = 0;
	scanned = false;
#ifdef DESIGN_PATCHED
	/* nfs_pageio_complete. What the call owes is what its descriptor has. */
	if :: owed -> goto complete :: else fi;
#endif
	after_writepages()
}

inline after_writepages() {
#ifdef SCENARIO_SIGNAL
	goto sync_mapping_wait
#elif defined(DESIGN_OLD)
	goto flush_mapping
#else
	finish(PDFLUSH)
#endif
}

/* A page of the pagevec has had its turn: the next, or a look-up of what comes after the last. */
inline next_page() {
	page_lock[page] = NONE;
	found = found & ~bit(page);
	page++;
	if
	:: page == PAGES -> written()
	:: page < PAGES && found -> goto lock_page
	:: else -> goto find_get_pages_tag
	fi
}

active proctype flusher() {
	byte page, found, owed;
	bool scanned;
#ifdef SCENARIO_SIGNAL
	bool waited;
#endif
#ifdef DESIGN_OLD
	byte taken;
#ifdef SCENARIO_SIGNAL
	byte skipped;
#endif
#endif

find_get_pages_tag:
	atomic {
		if :: tagged[page] -> found = found | bit(page) :: else fi;
		page++;
		if :: page < PAGES -> goto find_get_pages_tag :: else fi;
		if
		:: found ->
			scanned = true;
			page = (found & bit(0) -> 0 : 1)
		:: !found && !scanned ->
			/* Nothing up to the end of the file: once more from its start. */
			scanned = true;
			page = 0;
			goto find_get_pages_tag
		:: else -> written()
		fi
	}
lock_page:
	atomic {
		page_lock[page] == NONE -> page_lock[page] = FLUSHER;
#ifdef SCENARIO_SIGNAL
		check(CHECK_NO_SELF_WAIT, !in_hand(page))
	}
	atomic {
		/* wait_on_page_writeback */
		!writeback[page]
	}
	atomic {
		/* clear_page_dirty_for_io */
		if :: dirty[page] -> dirty[page] = false :: else -> next_page() fi
	}
#else
	}
	atomic {
		/* With the page locked no thread sets PG_writeback: a look at that, and one at the dirty bit. */
		if
		:: dirty[page] && !writeback[page] -> dirty[page] = false
		:: else -> next_page()
		fi
	}
#endif
	take_request(FLUSHER, page);
	atomic {
		test_set_page_writeback(FLUSHER, page);
#ifdef DESIGN_OLD
	}
	atomic {
		unlock_request(page);
#endif
		next_page()
	}

#ifdef DESIGN_PATCHED
complete:
	atomic {
		rpc_execute(owed);
		owed = 0;
		after_writepages()
	}
#endif
#ifdef SCENARIO_SIGNAL
sync_mapping_wait:
	nfs_sync_mapping_wait(FSYNC, PAGES, true);
#elif defined(DESIGN_OLD)
flush_mapping:
	atomic {
		req_lock == NONE;
		next_on_dirty_list(PAGES);
		if
		:: page == PAGES -> page = 0; leave_or_finish(PDFLUSH)
		:: else -> req_lock = PDFLUSH
		fi
	}
scan:
	atomic {
		scan_request(PDFLUSH, PAGES);
		if :: page < PAGES -> goto scan :: else -> end_of_scan() fi;
		if :: taken -> goto flush_one :: else -> leave_or_finish(PDFLUSH) fi
	}
flush_one:
	atomic {
		rpc_execute(taken);
		taken = 0;
		leave_or_finish(PDFLUSH)
	}
#endif
leave:
	leave_call(FLUSHER);
end_returned:
	false
}

#ifdef SCENARIO_WB_PAGES
/* invalidate_inode_pages2 of the first page, which launders it with nfs_wb_page. */
active proctype invalidate() {
	byte page, owed;
	bool waited;
#ifdef DESIGN_OLD
	byte taken, skipped;
#endif

	atomic { page_lock[0] == NONE -> page_lock[0] = INVALIDATE }
	atomic { !writeback[0] }
	atomic {
		if :: dirty[0] -> dirty[0] = false :: else -> goto has_request_now fi
	}
	take_request(INVALIDATE, 0);
	atomic {
		test_set_page_writeback(INVALIDATE, 0)
#ifdef DESIGN_OLD
	}
	atomic {
		unlock_request(0)
	}
	/* nfs_flush_mapping of the page */
	atomic {
		req_lock == NONE;
		if
		:: on_dirty_list[0] -> req_lock = INVALIDATE
		:: else -> goto has_request_now
		fi
	}
	atomic {
		scan_request(INVALIDATE, 1);
		end_of_scan();
		if :: taken :: else -> goto has_request_now fi
	}
	atomic {
		rpc_execute(taken | FLUSH_STABLE);
		taken = 0
	}
#else
	}
	/* nfs_pageio_complete */
	atomic {
		rpc_execute(owed);
		owed = 0
	}
#endif
has_request_now:
	atomic {
		req_lock == NONE;
		if :: has_request[0] :: else -> leave_or_finish(INVALIDATE) fi
	}
sync_mapping_wait:
	nfs_sync_mapping_wait(INVALIDATE, 1, false);
leave:
	leave_call(INVALIDATE);
end_returned:
	false
}
#endif

#ifdef SCENARIO_SIGNAL
active proctype send_signal() {
	atomic { signalled[0] = true }
	atomic { signalled[1] = true; unfinished-- }
end_returned:
	false
}
#endif

/* The completions of WRITEs: PG_writeback goes before the request is unlocked. */
active proctype rpciod() {
	byte page;

end:
next:
	atomic {
		asked[0] -> answered = asked[0];
		asked[0] = asked[1];
		asked[1] = 0;
		serving = true;
		page = (answered & bit(0) -> 0 : 1)
	}
completion:
	atomic { writeback[page] = false }
	atomic {
		/* nfs_inode_remove_request */
		req_lock == NONE;
		check(CHECK_NO_BUG, has_request[page]);
		left_out(on_dirty_list[page]);
		has_request[page] = false;
		tag_writeback[page] = false;
		marked_by[page] = NONE;
		taken_by[page] = NONE
	}
	atomic {
		check(CHECK_NO_BUG, busy[page]);
		busy[page] = NONE;
		page++;
		if
		:: page < PAGES && (answered & bit(page)) -> goto completion
		:: else -> page = 0; serving = false; goto next
		fi
	}
}

#if CHECK_NO_ORPHAN || CHECK_DATA
/* When all have returned, and the server has answered everything. */
active proctype at_the_end() {
	byte page;

end:
	atomic {
		unfinished == 0 && !serving && !asked[0];
		do
		:: page < PAGES ->
			check(CHECK_NO_ORPHAN, !writeback[page]);
			check(CHECK_DATA, !(unsent & bit(page)) || (dirty[page] && tagged[page]));
			page++
		:: else -> break
		od
	}
}
#endif
