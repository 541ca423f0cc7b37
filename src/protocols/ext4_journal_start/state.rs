//! One file on one ext4.

use super::config::Config;
use super::{CREDITS, DATA, HANDLES, NO_BUG, RANK, RAW_LOCK, SIZES};
use crate::kernel::class::{HANDLE, I_DATA_SEM, PAGE_LOCK, TRANSACTION};
use crate::kernel::functions as f;
use crate::kernel::{
    AddressSpace, Blocks, BufferHead, Buffers, Handle, Inode, Journal, JournalConfig, Logged,
    RawInode,
};
use crate::model::{Halt, Task, World};
use crate::spec::{Clause, Variant};

/// The commit thread's name.
pub(super) const KJOURNALD2: &str = "kjournald2";

/// A file on an ext4.
#[derive(Debug)]
pub(super) struct Filesystem {
    pub(super) mapping: AddressSpace,
    pub(super) inode: Inode,
    pub(super) journal: Journal,
    pub(super) config: Config,
    variant: Variant,
}

impl Filesystem {
    pub(super) fn new(world: &World, variant: &Variant, config: &Config) -> Self {
        let buffers: Vec<Buffers> = config.pages.iter().map(|page| Buffers::new(page)).collect();
        let heads = buffers.iter().flat_map(|page| page.heads.clone());
        let on_disk = heads
            .enumerate()
            .filter(|(_, head)| head.mapped && !head.delay);
        let blocks = Blocks::of(on_disk.map(|(block, _)| block));
        // The disk knows the blocks that it has in a row from the start.
        let disksize = (0..config.size).take_while(|b| blocks.contains(*b)).count();
        let raw = RawInode {
            size: disksize,
            blocks,
            orphan: false,
        };
        // A writer past the end of the file is what makes it grow.
        let truncated = config.truncate.is_some();
        let grows = truncated
            || (config.writers.iter())
                .any(|page| (page + 1) * buffers[0].heads.len() > config.size);
        Self {
            mapping: AddressSpace::new(world, &buffers, truncated),
            inode: Inode::new(world, config.size, raw, grows),
            journal: Journal::new(
                world,
                JournalConfig {
                    owners: config.owners(),
                    committer: KJOURNALD2,
                    max_transaction_buffers: config.transaction,
                    outstanding: config.used,
                    balance: HANDLES,
                },
            ),
            config: *config,
            variant: variant.clone(),
        }
    }

    /// Whether the variant has a clause.
    pub(super) fn has(&self, clause: &Clause) -> bool {
        self.variant.has(clause)
    }

    /// The blocks of a page.
    pub(super) fn blocks_per_page(&self) -> usize {
        self.config.pages.first().map_or(1, |page| page.len())
    }

    /// `ext4_writepage_trans_blocks`: the credits for writing one page, an allocation for each of
    /// its blocks and the inode.
    pub(super) fn trans_blocks(&self) -> u32 {
        // A page has a handful of blocks.
        u32::try_from(self.blocks_per_page()).unwrap_or(u32::MAX - 1) + 1
    }

    /// The first block of a page.
    pub(super) fn first_block(&self, page: usize) -> usize {
        page * self.blocks_per_page()
    }

    /// The blocks of a page that lie below a size.
    pub(super) fn blocks_below(&self, size: usize, page: usize) -> usize {
        size.saturating_sub(self.first_block(page))
            .min(self.blocks_per_page())
    }

    /// `ext4_journal_start` of a thread without a handle.
    pub(super) fn journal_start(&self, task: &Task, credits: u32) -> Result<Handle<'_>, Halt> {
        let _in = task.enter(f::EXT4_JOURNAL_START);
        let ranked_below = [PAGE_LOCK, I_DATA_SEM]
            .into_iter()
            .find(|class| task.holds(class));
        task.check(RANK, ranked_below.is_none(), || {
            format!(
                "starts a handle under a {}",
                ranked_below.unwrap_or_default()
            )
        });
        let destroyed = self.config.umount;
        task.bug_on(
            NO_BUG,
            destroyed,
            "starts a handle of a journal that is destroyed",
        )?;
        let mark = "start-waits-for-commit";
        let start = || self.journal.start(task, credits);
        match task.covering_waits_for(TRANSACTION, KJOURNALD2, mark, start)? {
            Err(error) => Err(task.bug(CREDITS, error.to_string())),
            Ok(handle) => {
                if handle.waited_for_room {
                    task.cover("start-waits-for-room");
                }
                Ok(handle)
            }
        }
    }

    /// `jbd2_journal_dirty_metadata`, as far as it costs a credit.
    pub(super) fn dirty_metadata(task: &Task, handle: &mut Handle<'_>) -> Result<(), Halt> {
        if handle.credits == 0 {
            let message = "J_ASSERT(handle->h_buffer_credits > 0): the handle has no credit left";
            return Err(task.bug(CREDITS, message));
        }
        handle.credits -= 1;
        Ok(())
    }

    /// `ext4_mark_inode_dirty`, after an allocation of `new` blocks: the first in a handle costs
    /// a credit.
    pub(super) fn mark_inode_dirty(
        &self,
        task: &Task,
        handle: &mut Handle<'_>,
        new: Blocks,
    ) -> Result<(), Halt> {
        let _in = task.enter(f::EXT4_MARK_INODE_DIRTY);
        if !handle.paid_for_inode {
            Self::dirty_metadata(task, handle)?;
            handle.paid_for_inode = true;
        }
        self.log(task, Logged::Allocation(new))
    }

    /// `ext4_mark_inode_dirty`, where credits are not counted.
    pub(super) fn log(&self, task: &Task, what: Logged) -> Result<(), Halt> {
        self.inode.log(task, what, self.has(&RAW_LOCK))
    }

    /// The first block below `size` that holds data and that `allocated` does not have. A hole
    /// that the file has from the start may stay one: it reads as zeroes after a crash, as before.
    pub(super) fn first_unallocated(&self, allocated: Blocks, size: usize) -> Option<usize> {
        let per_page = self.blocks_per_page();
        let is_hole = |block: usize| {
            let page = self.config.pages.get(block / per_page);
            let head = page.map(|page| page[block % per_page]);
            head == Some(BufferHead::HOLE) && block < self.config.size
        };
        (0..size).find(|block| !allocated.contains(*block) && !is_hole(*block))
    }

    /// The thread goes back to user space, or a kernel thread to its loop.
    pub(super) fn leave_kernel(task: &Task) {
        task.check(HANDLES, !task.holds(HANDLE), || {
            "leaves the kernel with a handle open".to_string()
        });
    }

    /// At the end, whatever was flushed is on disk, or will be found by the next flush; and the
    /// sizes agree.
    pub(super) fn check_at_rest(&self, task: &Task) {
        let (size, disksize) = self.inode.peek_sizes();
        let delayed = self
            .mapping
            .pages()
            .iter()
            .any(|page| page.peek(|_, _, buffers| buffers.heads.iter().any(|head| head.delay)));
        task.check(
            SIZES,
            disksize == size || (disksize < size && delayed),
            || format!("i_disksize is {disksize}, and i_size {size}"),
        );
        for page in self.mapping.pages() {
            if !page.peek_mapping() {
                continue;
            }
            let (unwritten, found) = page.peek(|flags, tagged, buffers| {
                (buffers.has_unwritten_content(), flags.dirty && tagged)
            });
            task.check(DATA, !unwritten || found, || {
                format!(
                    "the content of page {} is not on disk, and no flush will find the page",
                    page.index
                )
            });
        }
    }
}
