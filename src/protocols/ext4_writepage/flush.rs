//! Writeback: `generic_writepages`, `ext4_da_writepages`, and who calls them.

use super::config::Mode;
use super::filesystem::{Allocator, BLOCKS, Filesystem};
use super::writepage::{self, Written};
use super::{COLLECT, NO_BUG, PROGRESS, commit};
use crate::engine::{Halt, Task, Wait};
use crate::kernel::class::PAGE_LOCK;
use crate::kernel::cleaning::clear_page_dirty_for_io;
use crate::kernel::functions as f;
use crate::kernel::{BufferHead, Found, LockedPage};

/// What `struct writeback_control` carries through a call.
#[derive(Debug)]
pub(super) struct WritebackControl {
    /// `WB_SYNC_ALL`.
    sync: bool,
    nr_to_write: usize,
    /// `ext4_journal_current_handle()`: of the thread, in the kernel.
    pub(super) has_handle: bool,
}

impl WritebackControl {
    /// `WB_SYNC_NONE`.
    const fn background() -> Self {
        Self {
            sync: false,
            nr_to_write: usize::MAX,
            has_handle: false,
        }
    }

    /// That of reclaim.
    pub(super) const fn of_reclaim(has_handle: bool) -> Self {
        Self {
            has_handle,
            ..Self::background()
        }
    }
}

/// pdflush: one call of `->writepages`.
pub(super) fn background(task: &Task, fs: &Filesystem, pages: usize) -> Result<(), Halt> {
    let mut wbc = WritebackControl {
        nr_to_write: pages,
        ..WritebackControl::background()
    };
    writepages(task, fs, &mut wbc)
}

/// `fsync`: writes the file's dirty pages, waiting for those that are under writeback; then, in
/// data=journal, forces a commit (`ext4_sync_file`).
pub(super) fn fsync(task: &Task, fs: &Filesystem, stored: &[(usize, u8)]) -> Result<(), Halt> {
    let _in = task.enter(f::DO_FSYNC);
    let mut wbc = WritebackControl {
        sync: true,
        ..WritebackControl::background()
    };
    writepages(task, fs, &mut wbc)?;
    if fs.config.mode == Mode::Journalled {
        commit::commit_transaction(task, fs)?;
    }
    fs.check_synced(task, stored)
}

/// `do_writepages`.
fn writepages(task: &Task, fs: &Filesystem, wbc: &mut WritebackControl) -> Result<(), Halt> {
    if fs.config.mode == Mode::Delalloc {
        return da_writepages(task, fs, wbc);
    }
    let _in = task.enter(f::GENERIC_WRITEPAGES);
    write_cache_pages(task, fs, wbc.sync, |page| {
        writepage::writepage(task, fs, page, wbc)?;
        Ok(Go::On)
    })?;
    Ok(())
}

/// What the callback of `write_cache_pages` wants.
#[derive(PartialEq, Eq)]
enum Go {
    On,
    /// An error; with delayed allocation `MPAGE_DA_EXTENT_TAIL`.
    Stop,
}

/// `write_cache_pages` (mm/page-writeback.c, 2.6.30): hands each dirty page, locked and with its
/// dirty bit cleared, to `writepage`. Returns whether that stopped it.
fn write_cache_pages<'f>(
    task: &Task,
    fs: &'f Filesystem,
    sync: bool,
    mut writepage: impl FnMut(LockedPage<'f>) -> Result<Go, Halt>,
) -> Result<Go, Halt> {
    let _in = task.enter(f::WRITE_CACHE_PAGES);
    // One pagevec holds all pages of a file of this size.
    let pages = fs.mapping.find_get_pages_tag(task, 0, usize::MAX)?;
    for page in pages {
        let mark = "writeback-waits-for-page";
        let locked = task.marking_waits(PAGE_LOCK, mark, || page.lock_page(task))?;
        // By now the page may be truncated, or clean.
        if !page.has_mapping(task, f::WRITE_CACHE_PAGES)?
            || !page.is_dirty(task, f::WRITE_CACHE_PAGES)?
        {
            locked.unlock_page();
            continue;
        }
        if page.is_writeback(task, f::WRITE_CACHE_PAGES)? {
            if !sync {
                locked.unlock_page();
                continue;
            }
            page.wait_on_page_writeback(task)?;
        }
        if !clear_page_dirty_for_io(task, fs, &locked)? {
            locked.unlock_page();
            continue;
        }
        if writepage(locked)? == Go::Stop {
            return Ok(Go::Stop);
        }
    }
    Ok(Go::On)
}

/// `ext4_da_writepages`: round after round, until one finds no page, or enough is written. Each
/// round starts at the first dirty page and handles one extent of blocks, in one handle.
fn da_writepages(task: &Task, fs: &Filesystem, wbc: &mut WritebackControl) -> Result<(), Halt> {
    let _in = task.enter(f::EXT4_DA_WRITEPAGES);
    let mut at_rest = false;
    while wbc.nr_to_write > 0 {
        let handle = fs.journal_start(task)?;
        let mut round = Round::default();
        let sync = wbc.sync;
        let stopped =
            write_cache_pages(task, fs, sync, |page| round.add_page(task, fs, wbc, page))?;
        let more = stopped == Go::Stop || !round.pages.is_empty();
        if !round.pages.is_empty() {
            round.map_blocks(task, fs)?;
            round.submit_io(task, fs, wbc)?;
        }
        wbc.nr_to_write = wbc.nr_to_write.saturating_sub(round.pages_written);
        fs.journal_stop(task, handle)?;
        if !more {
            break;
        }
        if round.pages_written == 0 && round.allocated == 0 {
            // Every page was put back as it was found, and no block was found a place: unless
            // somebody else does something, the next round is this one again.
            if at_rest {
                let message = "a round found dirty pages, put all back as they were, allocated \
                               nothing and wrote nothing; nobody else is running, so the next \
                               round is the same, and nr_to_write never drops";
                return Err(task.bug(PROGRESS, message));
            }
            wait_for_rest(task, fs)?;
            at_rest = true;
        }
    }
    Ok(())
}

/// One round of `ext4_da_writepages` (`struct mpage_da_data`).
#[derive(Default)]
struct Round<'f> {
    /// Pages in a row, all locked.
    pages: Vec<LockedPage<'f>>,
    /// Blocks in a row that are alike: the first, how many, and `b_state`.
    extent: Option<(usize, usize, BlockState)>,
    io_done: bool,
    pages_written: usize,
    /// Blocks that were allocated or converted.
    allocated: usize,
}

/// What `mpage_add_bh_to_extent` compares of a buffer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct BlockState {
    mapped: bool,
    delay: bool,
    unwritten: bool,
}

impl From<BufferHead> for BlockState {
    fn from(head: BufferHead) -> Self {
        Self {
            mapped: head.mapped,
            delay: head.delay,
            unwritten: head.unwritten,
        }
    }
}

impl<'f> Round<'f> {
    /// `__mpage_da_writepage`: adds a page and its unfinished blocks; the page stays locked.
    fn add_page(
        &mut self,
        task: &Task,
        fs: &'f Filesystem,
        wbc: &WritebackControl,
        page: LockedPage<'f>,
    ) -> Result<Go, Halt> {
        let _in = task.enter(f::MPAGE_DA_WRITEPAGE);
        let index = page.page().index;
        let follows = |last: &LockedPage<'_>| last.page().index + 1 == index;
        if self.pages.last().is_some_and(|last| !follows(last)) {
            self.map_blocks(task, fs)?;
            self.submit_io(task, fs, wbc)?;
            fs.mapping.redirty_page_for_writepage(task, &page)?;
            page.unlock_page();
            return Ok(Go::Stop);
        }
        let holes_too = !fs.has(&COLLECT);
        let unfinished = page.with_buffers(task, f::MPAGE_DA_WRITEPAGE, move |buffers| {
            let wanted = |head: &BufferHead| {
                head.dirty && (head.is_delay_or_unwritten() || holes_too && !head.mapped)
            };
            let heads = buffers.heads.iter().enumerate();
            let wanted = heads.filter(|(_, head)| wanted(head));
            if buffers.heads.is_empty() {
                // A page without buffers: all of it, in one piece.
                return vec![(0, BLOCKS, BufferHead::HOLE.into())];
            }
            wanted
                .map(|(b, head)| (b, 1, BlockState::from(*head)))
                .collect::<Vec<_>>()
        })?;
        self.pages.push(page);
        for (b, count, state) in unfinished {
            self.add_block(task, fs, wbc, (index * BLOCKS + b, count, state))?;
            if self.io_done {
                return Ok(Go::Stop);
            }
        }
        Ok(Go::On)
    }

    /// `mpage_add_bh_to_extent`: blocks that do not fit are left to the next round.
    fn add_block(
        &mut self,
        task: &Task,
        fs: &'f Filesystem,
        wbc: &WritebackControl,
        (block, count, state): (usize, usize, BlockState),
    ) -> Result<(), Halt> {
        match &mut self.extent {
            None => self.extent = Some((block, count, state)),
            Some((first, length, extent_state))
                if *first + *length == block && *extent_state == state =>
            {
                *length += count;
            }
            Some(_) => {
                self.map_blocks(task, fs)?;
                self.submit_io(task, fs, wbc)?;
                self.io_done = true;
            }
        }
        Ok(())
    }

    /// `mpage_da_map_blocks`: allocates or converts the extent's blocks, as many as one call does;
    /// and tells the buffers, but only if the extent's were delayed or unwritten.
    fn map_blocks(&mut self, task: &Task, fs: &Filesystem) -> Result<(), Halt> {
        let Some((first, length, state)) = self.extent.take() else {
            return Ok(());
        };
        let _in = task.enter(f::MPAGE_DA_MAP_BLOCKS);
        let (was, count) = fs.allocate(task, Allocator::Writepages, first, length)?;
        if was != Found::Written {
            self.allocated += count;
        }
        if !state.delay && !state.unwritten {
            return Ok(());
        }
        for page in &self.pages {
            let start = page.page().index * BLOCKS;
            if start + BLOCKS <= first || first + count <= start {
                continue;
            }
            let number_changes =
                page.with_buffers(task, f::MPAGE_PUT_BNR_TO_BHS, move |buffers| {
                    let mut changes = false;
                    for (b, head) in buffers.heads.iter_mut().enumerate() {
                        if !(first..first + count).contains(&(start + b)) {
                            continue;
                        }
                        if head.delay {
                            head.delay = false;
                        } else if head.unwritten {
                            head.unwritten = false;
                            changes |= was == Found::Hole;
                        }
                    }
                    changes
                })?;
            if number_changes {
                let message = "BUG_ON(bh->b_blocknr != pblock): the unwritten block of this \
                               buffer was truncated";
                return Err(task.bug(NO_BUG, message));
            }
        }
        Ok(())
    }

    /// `mpage_da_submit_io`: writepage for each page, which unlocks it.
    fn submit_io(
        &mut self,
        task: &Task,
        fs: &Filesystem,
        wbc: &WritebackControl,
    ) -> Result<(), Halt> {
        let _in = task.enter(f::MPAGE_DA_SUBMIT_IO);
        for page in std::mem::take(&mut self.pages) {
            if writepage::writepage(task, fs, page, wbc)? == Written::Cleaned {
                self.pages_written += 1;
            }
        }
        Ok(())
    }
}

/// Waits until no other thread has anything left to do but to go round like this one. A round that
/// changes nothing may come any number of times; it is enough to look at the last of them.
fn wait_for_rest(task: &Task, fs: &Filesystem) -> Result<(), Halt> {
    let Some(active) = &fs.active else {
        return Ok(());
    };
    rest(task, fs)?;
    task.step_when(
        active,
        f::EXT4_DA_WRITEPAGES,
        &Wait::on("everybody else"),
        |active| *active == 0,
        |_| (),
    )
}

/// The thread has nothing left to do.
pub(super) fn rest(task: &Task, fs: &Filesystem) -> Result<(), Halt> {
    match &fs.active {
        Some(active) => task.step(active, f::EXT4_DA_WRITEPAGES, |active| {
            *active = active.saturating_sub(1);
        }),
        None => Ok(()),
    }
}
