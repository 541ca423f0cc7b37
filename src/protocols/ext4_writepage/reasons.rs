//! Why designs pass or fail, where more than one record says the same.

pub(super) const ANEW: &str = "The store to the first block faults, and page_mkwrite reserves the second block anew; the buffer remembers nothing.";
pub(super) const ANY_THREAD: &str =
    "writepage allocates nothing, so that any thread may write the page.";
pub(super) const BOTH_WALKS: &str = "Both walks are under the page lock, which the fault needs.";
pub(super) const BUGS: &str = "The page is dirty as a whole, and its second block has no place: writepage takes that for a state that cannot be, and BUGs. What it was given stays clean and unwritten.";
pub(super) const DISCARDED: &str = "Truncation discards the buffers while writepage waits for its handle, or between its two walks: a buffer is filed that is no longer of the file, or has lost its journal_head.";
pub(super) const FAULTS: &str =
    "Every store faults first, and page_mkwrite finds its block a place.";
pub(super) const GIVES_UP: &str = "Truncation is kept out while page_mkwrite runs, and may come before the fault has the page lock: the fault looks at the mapping then, and gives up.";
pub(super) const INTO_THE_GAP: &str = "Truncation or a page fault comes into the gap.";
pub(super) const IN_A_ROW: &str =
    "kswapd puts the page back, and the flusher allocates both of its blocks at once.";
pub(super) const IN_NO_TRANSACTION: &str = "The page is clean, not under writeback and in no transaction: fsync finds nothing to write and nothing to wait for, and commits without it.";
pub(super) const KEPT_BUFFERS: &str = "The fault has the page lock from its last look at the buffers until the page is dirty: kswapd takes them before that, and page_mkwrite makes new ones, or finds the page dirty and writes it.";
pub(super) const KEPT_OUT: &str =
    "A sample: the page lock and what is looked at under it keep everybody out of the gap.";
pub(super) const LEFT_UNWRITTEN: &str = "Truncation leaves the second buffer unwritten, though its block is gone; writepages allocates another, and finds that the number is not the buffer's.";
pub(super) const LIVELOCK: &str = "writepages allocates the second block, and does not tell its buffer; writepage puts the page back; so it goes on, and the first block is never written.";
pub(super) const LOCKED: &str = "page_mkwrite returns with the page locked: the pte becomes writable before the file can take write access away, or page_mkwrite sees the longer file.";
pub(super) const LOCKED_AGAIN: &str =
    "The page is locked again, and has left the file or has nothing below its end.";
pub(super) const LOOKS_AGAIN: &str = "page_mkwrite looks at the mapping and at i_size each time that it has locked the page, and returns with the page locked.";
pub(super) const LOOK_UP: &str = "The length is sampled again, the second block is looked up for writing, and the look-up takes a hole for a BUG.";
pub(super) const LOST: &str = "The pte is still writable: the store takes no fault, and nobody finds its block a place. writepage passes over the hole and cleans the page.";
pub(super) const NO_BUFFERS: &str = "kswapd takes the buffers after page_mkwrite has looked at them, and the page is dirty without any: writepage makes new ones, and looks their blocks up.";
pub(super) const PASSED_OVER: &str =
    "The hole is passed over, the first block is written, and the page is clean.";
pub(super) const PROTECTED: &str = "The file grows, and then the pte loses its write access: the next store faults, and page_mkwrite finds its block a place.";
pub(super) const PUT_BACK: &str = "kswapd puts the page back, and the flusher allocates its block.";
pub(super) const REFERENCES: &str = "References keep the buffers across the gap.";
pub(super) const SAMPLE: &str =
    "A sample. The file shrinks or grows, and what is promised gets to the disk.";
pub(super) const SAMPLES: &str = "The samples of i_size differ, and each function is right for its own: what truncation cuts off is cleaned or written, and then discarded.";
pub(super) const STALE_LENGTH: &str = "i_size was nothing already when it was sampled: no buffer got a reference, truncation frees them, and the last walk follows them.";
pub(super) const STAYS_DIRTY: &str = "The page stays dirty across the gap: fsync writes it itself.";
pub(super) const UNDER_THE_LOCK: &str = "The page is locked again, and left alone if it has left the file; the references go \
    while it is locked, or never.";
pub(super) const UNLOCKED: &str = "page_mkwrite has looked at the shorter file and returned without the page lock; the file grows; the pte becomes writable all the same, and the store to the second block takes no fault.";
