//! Threads and sizes: what a scenario sets.

use crate::kernel::{BufferHead, Found};

/// The blocks of a page.
pub(super) const BLOCKS: usize = 2;

/// How the filesystem treats data.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// data=ordered or data=writeback, nodelalloc: one and the same in every function here.
    Ordered,
    /// data=journal.
    Journalled,
    /// Delayed allocation, in either of the first two.
    Delalloc,
}

/// What a process does next.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Op {
    /// Stores to a block through its mapping.
    Store(usize),
    /// `ftruncate` to so many blocks.
    Truncate(usize),
    /// `fallocate` with `FALLOC_FL_ZERO_RANGE` of one block.
    Zero(usize),
    /// `fsync`.
    Fsync,
    /// `fsync` of another file, which commits the running transaction.
    SyncOther,
}

/// Who reclaims memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reclaim {
    /// kswapd, which holds nothing.
    Kswapd,
    /// A thread that needs memory while it has a handle open, for another file.
    HandleOwner,
}

impl Reclaim {
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Kswapd => "kswapd",
            Self::HandleOwner => "writer",
        }
    }
}

/// What the file's ptes are at the start.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mapped {
    /// None yet.
    No,
    /// Present, as a read or a finished writeback leaves them. The pages are clean.
    ReadOnly,
    /// Present and read-only, but the pages are dirty.
    Protected,
    /// Writable and dirty, as a store leaves them. The pages are dirty.
    Writable,
    /// There are none any more: the process has unmapped the file, whose pages are still dirty.
    Gone,
}

/// The threads and sizes of a scenario.
#[derive(Debug, Clone, Copy)]
pub struct Config {
    /// The mode.
    pub mode: Mode,
    /// What the disk has of each block.
    pub disk: &'static [Found],
    /// The buffers of every page, one after the other.
    pub buffers: &'static [BufferHead],
    /// `i_size`, in blocks.
    pub size: usize,
    /// The ptes.
    pub mapped: Mapped,
    /// The blocks that hold a store which is not on disk. Only of dirty pages.
    pub stored: &'static [usize],
    /// The blocks that are part of the transaction that is being committed, or else of the running
    /// one (data=journal).
    pub filed: &'static [usize],
    /// The processes, by name. They share one page table.
    pub processes: &'static [(&'static str, &'static [Op])],
    /// Whether pdflush writes the file back: `wbc->nr_to_write`, in pages.
    pub flusher: Option<i32>,
    /// Who reclaims the first page, if any thread does.
    pub reclaim: Option<Reclaim>,
    /// Whether the commit of the transaction before the running one has still to let go of its
    /// buffers.
    pub committing: bool,
    /// Commits that the timer starts.
    pub commits: usize,
}

impl Config {
    /// One page; a file of one block, to which the process has stored through the page; a hole
    /// beyond it. No other thread yet.
    pub const BASE: Self = Self {
        mode: Mode::Ordered,
        disk: &[Found::Written, Found::Hole],
        buffers: &[BufferHead::DIRTY, BufferHead::DIRTY_HOLE],
        size: 1,
        mapped: Mapped::Writable,
        stored: &[0],
        filed: &[],
        processes: &[],
        flusher: None,
        reclaim: None,
        committing: false,
        commits: 0,
    };

    /// The names of the threads, but for the commit, in their order.
    pub(super) fn threads(&self) -> Vec<String> {
        let mut names: Vec<String> = self.processes.iter().map(|p| p.0.to_string()).collect();
        names.extend(self.flusher.map(|_| "flusher".to_string()));
        names.extend(self.reclaim.map(|who| who.name().to_string()));
        names
    }

    fn any(&self, test: impl Fn(&Op) -> bool) -> bool {
        (self.processes.iter()).any(|(_, ops)| ops.iter().any(&test))
    }

    /// Whether any thread commits.
    pub(super) fn has_commits(&self) -> bool {
        self.committing
            || self.commits > 0
            || self.any(|op| matches!(op, Op::Fsync | Op::SyncOther))
    }

    pub(super) fn truncates(&self, test: impl Fn(usize) -> bool) -> bool {
        self.any(|op| matches!(op, Op::Truncate(size) if test(*size)))
    }

    /// Whether another thread can take a page's buffers, or unmap one, while `->page_mkwrite` looks at them: reclaim
    /// can, and zero-range. Truncation is kept out.
    pub(super) fn buffers_change_in_mkwrite(&self) -> bool {
        self.reclaim.is_some() || self.any(|op| matches!(op, Op::Zero(_)))
    }

    /// Whether a thread other than `kjournald2` commits, which then has to wait for the commit that the scenario
    /// starts in.
    pub(super) fn commits_after_another(&self) -> bool {
        self.committing && self.any(|op| matches!(op, Op::Fsync | Op::SyncOther))
    }

    /// Of each block, whether it can be journalled: it is allocated, or `page_mkwrite` allocates it, which
    /// prepares every block below `i_size` of the page that a process stores to.
    pub(super) fn journalled(&self) -> Vec<bool> {
        let ops = || self.processes.iter().flat_map(|(_, ops)| ops.iter());
        let sizes = ops().filter_map(|op| match op {
            Op::Truncate(size) => Some(*size),
            _ => None,
        });
        let longest = sizes.chain([self.size]).max().unwrap_or_default();
        let prepared = |block: usize| {
            let page = block / BLOCKS;
            block < longest && self.any(|op| matches!(op, Op::Store(b) if b / BLOCKS == page))
        };
        let blocks = self.disk.iter().enumerate();
        (blocks.map(|(block, found)| *found == Found::Written || prepared(block))).collect()
    }
}
