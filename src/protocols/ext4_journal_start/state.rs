//! One file on one ext4.

use super::config::Config;
use super::{ALLOC_SEM, CREDITS, DATA, HANDLES, NO_BUG, RANK, RAW_LOCK, SIZES};
use crate::kernel::class::{HANDLE, I_ALLOC_SEM, I_DATA_SEM, PAGE_LOCK, TRANSACTION};
use crate::kernel::functions as f;
use crate::kernel::{
    AddressSpace, Blocks, BufferHead, Buffers, Handle, Inode, Journal, JournalConfig, LockedPage,
    Logged, Page, RawInode, RwGuard, RwSemaphore,
};
use crate::model::{Cell, Function, Halt, Task, World};
use crate::spec::{Clause, Variant};

/// The commit thread's name.
pub(super) const KJOURNALD2: &str = "kjournald2";

/// A file on an ext4.
#[derive(Debug)]
pub(super) struct Filesystem {
    pub(super) mapping: AddressSpace,
    pub(super) inode: Inode,
    pub(super) journal: Journal,
    /// `inode->i_alloc_sem`, in a scenario with truncation: without one no thread takes it for writing.
    i_alloc_sem: Option<RwSemaphore>,
    /// In `jbd2_journal_destroy`: whether its thread is gone, in bit 0, and whether a transaction has begun since, in bit 1.
    destroyed: Option<Cell<u8>>,
    pub(super) config: Config,
    variant: Variant,
}

impl Filesystem {
    pub(super) fn new(world: &World, variant: &Variant, config: &Config) -> Self {
        let heads: Vec<BufferHead> = config.pages.concat();
        let on_disk = heads.iter().enumerate();
        let on_disk = on_disk.filter(|(_, head)| head.mapped && !head.delay);
        let blocks = Blocks::of(on_disk.map(|(block, _)| block));
        let raw = RawInode {
            size: config.disksize(),
            blocks,
            orphan: false,
        };
        // A writer past the end of the file is what makes it grow.
        let truncated = config.truncate.is_some();
        let grows = truncated
            || (config.writers.iter())
                .any(|page| (page + 1) * config.blocks_per_page() > config.size);
        let sem = || RwSemaphore::new(world, "i_alloc_sem", I_ALLOC_SEM);
        let pages = config.pages.iter().enumerate();
        let pages = pages.map(|(index, heads)| page(world, config, index, heads));
        Self {
            mapping: AddressSpace::of(pages.collect()),
            i_alloc_sem: truncated.then(sem),
            destroyed: config.umount.then(|| world.cell("journal thread", 0)),
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
        self.config.blocks_per_page()
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
        let mark = "start-waits-for-commit";
        let start = || self.journal.start(task, credits);
        match task.covering_waits_for(TRANSACTION, KJOURNALD2, mark, start)? {
            Err(error) => Err(task.bug(CREDITS, error.to_string())),
            Ok(handle) => {
                if handle.waited_for_room {
                    task.cover("start-waits-for-room");
                }
                if let Some(journal) = &self.destroyed {
                    task.step(journal, f::START_THIS_HANDLE, |journal| {
                        *journal |= *journal << 1;
                    })?;
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

    /// The first block below the size in the inode's buffer that holds content and is not allocated there. A block
    /// without content reads as zeroes, as it has to. The caller has the transaction `T_LOCKED`: no thread with a
    /// handle changes the content meanwhile.
    pub(super) fn first_unallocated(
        &self,
        task: &Task,
        raw: RawInode,
    ) -> Result<Option<usize>, Halt> {
        let per_page = self.blocks_per_page();
        let missing =
            |block: &usize| !raw.blocks.contains(*block) && !self.config.is_hole_on_disk(*block);
        for block in (0..raw.size).filter(missing) {
            let Some(page) = self.mapping.pages().get(block / per_page) else {
                return Ok(Some(block));
            };
            let within = block % per_page;
            let content = page.read_buffers(task, f::COMMIT_TRANSACTION, move |buffers| {
                buffers.cached[within] != buffers.on_disk[within]
            })?;
            if content {
                return Ok(Some(block));
            }
        }
        Ok(None)
    }

    /// `page_has_buffers`.
    pub(super) fn has_buffers(
        &self,
        task: &Task,
        page: &LockedPage<'_>,
        function: Function,
    ) -> Result<bool, Halt> {
        let page = page.page();
        Ok(self.config.without_buffers != Some(page.index) || page.is_private(task, function)?)
    }

    /// `down_read` of `i_alloc_sem`, in a page fault.
    pub(super) fn alloc_sem_read(&self, task: &Task) -> Result<Option<RwGuard>, Halt> {
        let sem = self.i_alloc_sem.as_ref().filter(|_| self.has(&ALLOC_SEM));
        sem.map(|sem| sem.down_read(task, f::DOWN_READ)).transpose()
    }

    /// `down_write` of `i_alloc_sem`, in `notify_change`.
    pub(super) fn alloc_sem_write(&self, task: &Task) -> Result<Option<RwGuard>, Halt> {
        let Some(sem) = &self.i_alloc_sem else {
            return Ok(None);
        };
        let point = "truncation-waits-for-fault";
        let down = || sem.down_write(task, f::DOWN_WRITE);
        task.covering_waits(I_ALLOC_SEM, point, down).map(Some)
    }

    /// `journal_kill_thread`: from here on no transaction is committed.
    pub(super) fn kill_journal_thread(&self, task: &Task) -> Result<(), Halt> {
        match &self.destroyed {
            Some(journal) => task.step(journal, f::JOURNAL_DESTROY, |journal| *journal = 1),
            None => Ok(()),
        }
    }

    /// `kfree(journal)`: a transaction that has begun since has its timer set, and wakes a thread that is gone.
    pub(super) fn free_journal(&self, task: &Task) -> Result<(), Halt> {
        let Some(journal) = &self.destroyed else {
            return Ok(());
        };
        let begun = task.step(journal, f::JOURNAL_DESTROY, |journal| *journal > 1)?;
        task.bug_on(NO_BUG, begun, "frees a journal with a running transaction")
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

/// A page of a scenario.
fn page(world: &World, config: &Config, index: usize, heads: &[BufferHead]) -> Page {
    let truncated = config.truncate.is_some();
    if config.without_buffers != Some(index) {
        let buffers = Buffers::new(heads);
        return Page::new(world, index, buffers, truncated);
    }
    let bare = Buffers {
        cached: (0..heads.len())
            .map(|block| u8::from(index * heads.len() + block < config.size))
            .collect(),
        ..Buffers::new(&vec![BufferHead::HOLE; heads.len()])
    };
    Page::in_state(world, index, bare, true, truncated)
}
