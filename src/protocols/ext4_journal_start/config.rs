//! Threads and sizes: what a scenario sets.

use super::state::KJOURNALD2;
use crate::kernel::BufferHead;

/// How the flusher is called.
#[derive(Debug, Clone, Copy)]
pub struct Flush {
    /// `wbc->nr_to_write`, in pages.
    pub nr_to_write: i32,
    /// `EXT4_MAX_WRITEBACK_PAGES`: the pages of a chunk.
    pub chunk: i32,
    /// `PAGEVEC_SIZE`: the pages that one look-up returns at most.
    pub pagevec: usize,
    /// Where the first look-up starts: `mapping->writeback_index`.
    pub start: usize,
}

/// The threads and sizes of a scenario.
#[derive(Debug, Clone, Copy)]
pub struct Config {
    /// The blocks of each page. Dirty ones hold content that the disk does not have.
    pub pages: &'static [&'static [BufferHead]],
    /// `i_size`, in blocks.
    pub size: usize,
    /// The page that each writer writes whole.
    pub writers: &'static [usize],
    /// The page that each fault makes writable.
    pub faults: &'static [usize],
    /// The flusher, if there is one.
    pub flush: Option<Flush>,
    /// Another one beside it.
    pub second_flush: Option<Flush>,
    /// Whether `write_cache_pages` is that of 2.6.29, which starts again at the first page with what its caller has
    /// locked (31a12666d8f0).
    pub wraps: bool,
    /// The page that reclaim reaches, if it runs.
    pub reclaim: Option<usize>,
    /// The page that a writer's own allocation of memory reclaims, if it does.
    pub direct_reclaim: Option<usize>,
    /// A page whose block is on disk, and that was dirtied after reclaim had taken its buffers: no writer and no
    /// fault may reach it.
    pub without_buffers: Option<usize>,
    /// Whether the first writer finds no memory for its page.
    pub no_memory: bool,
    /// The blocks that the file is truncated to, if it is.
    pub truncate: Option<usize>,
    /// Commits that the timer starts.
    pub commits: usize,
    /// The credits of a transaction, if a scenario of this size can fill it.
    pub transaction: Option<u32>,
    /// The credits of T1 that are used up from the start.
    pub used: u32,
    /// data=ordered.
    pub ordered: bool,
    /// Whether the file is the journal's own, and the flusher's call the last `iput` of its inode, in
    /// `jbd2_journal_destroy`. It is a file without pages.
    pub umount: bool,
    /// The blocks that one allocation finds in a row: free space may be fragmented.
    pub extent: usize,
}

impl Config {
    /// A file of one page of one delayed block, a commit, and no other thread yet.
    pub const BASE: Self = Self {
        pages: &[&[BufferHead::DELAYED]],
        size: 1,
        writers: &[],
        faults: &[],
        flush: None,
        second_flush: None,
        wraps: false,
        reclaim: None,
        without_buffers: None,
        direct_reclaim: None,
        no_memory: false,
        truncate: None,
        commits: 1,
        transaction: None,
        used: 0,
        ordered: false,
        umount: false,
        extent: 1,
    };

    /// The blocks of a page.
    pub(super) fn blocks_per_page(&self) -> usize {
        self.pages.first().map_or(1, |page| page.len())
    }

    /// `i_disksize` at the start. A delayed block at the end of the file is one that write(2) has appended, which leaves
    /// `i_disksize` to the allocation; whatever else has moved `i_size` has moved `i_disksize` with it: truncation to
    /// more blocks (`ext4_ext_truncate`), and an allocation. A delayed block below that fills a hole.
    pub(super) fn disksize(&self) -> usize {
        let heads = self.pages.concat();
        let below = &heads[..self.size.min(heads.len())];
        match below.iter().position(|head| head.delay) {
            Some(first) if below.last().is_some_and(|last| last.delay) => {
                let allocated = |head: &BufferHead| head.mapped && !head.delay;
                let end = below
                    .iter()
                    .rposition(allocated)
                    .map_or(0, |block| block + 1);
                first.max(end)
            }
            _ => self.size,
        }
    }

    /// Whether a block was a hole, on disk, when the size on disk passed it: it reads as zeroes until it is filled, and
    /// allocated.
    pub(super) fn is_hole_on_disk(&self, block: usize) -> bool {
        let head = self.pages.iter().copied().flatten().nth(block);
        head.is_some_and(|head| {
            head.delay && block < self.disksize() || *head == BufferHead::HOLE && block < self.size
        })
    }

    /// The names of the threads that may own a handle, in their order.
    pub(super) fn owners(&self) -> Vec<String> {
        let numbered = |name: &str, count: usize| -> Vec<String> {
            let number = |i| match count {
                1 => name.to_string(),
                _ => format!("{name}{}", i + 1),
            };
            (0..count).map(number).collect()
        };
        let mut owners = numbered("writer", self.writers.len());
        owners.extend(numbered("fault", self.faults.len()));
        let flusher = if self.umount { "umount" } else { "flusher" };
        owners.extend(self.flush.map(|_| flusher.to_string()));
        owners.extend(self.second_flush.map(|_| "flusher2".to_string()));
        owners.extend(self.reclaim.map(|_| "reclaim".to_string()));
        owners.extend(self.truncate.map(|_| "truncate".to_string()));
        // The commit owns one only where it writes the file's data.
        owners.extend(self.ordered.then(|| KJOURNALD2.to_string()));
        owners
    }
}
