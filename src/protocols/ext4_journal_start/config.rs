//! Threads and sizes: what a scenario sets.

use super::state::KJOURNALD2;
use crate::kernel::BufferHead;

/// How the flusher is called.
///
/// ```
/// use pagelock::protocols::ext4_journal_start::{Config, Flush};
///
/// // All three pages in one call, in chunks of two, from the last one on.
/// let flush = Flush { nr_to_write: 3, chunk: 2, pagevec: 14, start: 2 };
/// let config = Config { flush: Some(flush), ..Config::BASE };
/// assert!(config.flush.is_some_and(|flush| flush.chunk < flush.nr_to_write));
/// ```
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
    /// The page that reclaim reaches, if it runs.
    pub reclaim: Option<usize>,
    /// The page that a writer's own allocation of memory reclaims, if it does.
    pub direct_reclaim: Option<usize>,
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
    /// Whether the flusher is the last `iput` of the journal's own inode, in `jbd2_journal_destroy`.
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
        reclaim: None,
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
        owners.extend(self.flush.map(|_| "flusher".to_string()));
        owners.extend(self.reclaim.map(|_| "reclaim".to_string()));
        owners.extend(self.truncate.map(|_| "truncate".to_string()));
        // The commit owns one only where it writes the file's data.
        owners.extend(self.ordered.then(|| KJOURNALD2.to_string()));
        owners
    }
}
