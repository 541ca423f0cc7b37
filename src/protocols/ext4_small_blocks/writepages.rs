//! Writeback of a file, by pdflush and by `fsync`: `generic_writepages` and `ext4_da_writepages`.

use super::config::{BLOCKS, Mode};
use super::state::{Allocator, Filesystem};
use super::writepage::{self, Written};
use super::{COLLECT, NO_BUG, PROGRESS, SKIP_DIRTY_ONLY, SUBMIT_ITSELF, commit};
use crate::kernel::functions as f;
use crate::kernel::mpage_da::{
    ExtentEnd, MpageDa, MpageDaData, Run, mpage_da_submit_io, mpage_da_writepage,
};
use crate::kernel::writeback::{Lookups, write_cache_pages};
use crate::kernel::{BufferHead, Found, LockedPage, SyncMode, WritebackControl, WritebackLoop};
use crate::model::{Halt, Task, Wait};
use std::convert::Infallible;

/// The loop of 2.6.30. One pagevec holds all pages of a file of this size.
const LOOP: WritebackLoop<'static> = WritebackLoop {
    lookups: Lookups::One,
    ..WritebackLoop::V2_6_30
};

/// pdflush: one call of `->writepages`.
pub(super) fn background(task: &Task, fs: &Filesystem, nr_to_write: i32) -> Result<(), Halt> {
    let mut wbc = WritebackControl {
        nr_to_write,
        ..WritebackControl::new(SyncMode::None)
    };
    writepages(task, fs, &mut wbc)
}

/// `fsync`: writes the file's dirty pages, waiting for those that are under writeback; then, in
/// data=journal, forces a commit (`ext4_sync_file`).
pub(super) fn fsync(task: &Task, fs: &Filesystem, stored: &[(usize, u8)]) -> Result<(), Halt> {
    let _in = task.enter(f::DO_FSYNC);
    writepages(task, fs, &mut WritebackControl::new(SyncMode::All))?;
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
    let Ok(()) = write_cache_pages(task, fs, wbc, LOOP, |page, _, _| {
        writepage::writepage(task, fs, page, None)?;
        Ok(Ok::<(), Infallible>(()))
    })?;
    Ok(())
}

/// `ext4_da_writepages`: round after round, until one finds no page, or enough is written. Each
/// round starts at the first dirty page and handles one extent of blocks, in one handle.
fn da_writepages(task: &Task, fs: &Filesystem, wbc: &mut WritebackControl) -> Result<(), Halt> {
    let _in = task.enter(f::EXT4_DA_WRITEPAGES);
    let mut at_rest = false;
    let unlimited = wbc.nr_to_write == i32::MAX;
    let mut rounds = 0;
    while wbc.nr_to_write > 0 {
        let handle = fs.journal_start(task)?;
        let mut round = Round { fs, allocated: 0 };
        let mut mpd = MpageDaData::default();
        // wbc->no_nrwrite_index_update: what is written is counted here, and not in the loop.
        let mut pass = WritebackControl::new(wbc.sync_mode);
        let tail = write_cache_pages(task, fs, &mut pass, LOOP, |page, _, _| {
            mpage_da_writepage(task, &mut round, &mut mpd, page)
        })?;
        let more = tail.is_err() || !mpd.pages.is_empty();
        if !mpd.pages.is_empty() {
            round.map_blocks(task, &mut mpd)?;
            mpage_da_submit_io(task, &mut round, &mut mpd)?;
        }
        if !unlimited {
            wbc.nr_to_write -= mpd.pages_written;
        }
        fs.journal_stop(task, handle)?;
        if !more {
            break;
        }
        rounds += 1;
        let idle = mpd.pages_written == 0 && round.allocated == 0;
        if unlimited && !idle && !at_rest && rounds > fs.mapping.pages().len() {
            // Another thread dirties pages as fast as they are written. It could do so for as long as the scheduler lets
            // it: a store that faults again each time that the page was cleaned before it took effect. The rounds from
            // here on are those after the other threads' last steps.
            wait_for_rest(task, fs)?;
            at_rest = true;
            continue;
        }
        if idle {
            // Every page was redirtied as it was found, and no block was allocated: unless another
            // thread does something, the next round is the same.
            if at_rest {
                let message = "a round found dirty pages, redirtied each as it was, allocated \
                               nothing and wrote nothing; no other thread runs, so the next \
                               round is the same, and nr_to_write never drops";
                return Err(task.bug(PROGRESS, message));
            }
            wait_for_rest(task, fs)?;
            at_rest = true;
        }
    }
    Ok(())
}

/// One round of `ext4_da_writepages`.
struct Round<'f> {
    fs: &'f Filesystem,
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

impl<'f> MpageDa<'f> for Round<'f> {
    type State = BlockState;
    const EXTENT_END: ExtentEnd = ExtentEnd::EndRound;

    /// The dirty blocks that are delayed or unwritten, and without the clause also those that are holes.
    fn unfinished(
        &mut self,
        task: &Task,
        page: &LockedPage<'f>,
    ) -> Result<Vec<Run<BlockState>>, Halt> {
        let start = page.page().index * BLOCKS;
        let holes_too = !self.fs.has(&COLLECT);
        page.with_buffers(task, f::MPAGE_DA_WRITEPAGE, move |buffers| {
            let run = |first, count, head: BufferHead| Run {
                first,
                count,
                state: BlockState::from(head),
            };
            if buffers.heads.is_empty() {
                // A page without buffers: all of it, in one piece.
                return vec![run(start, BLOCKS, BufferHead::HOLE)];
            }
            let mut unfinished = Vec::new();
            for (b, head) in buffers.heads.iter().enumerate() {
                let wanted = head.is_delay_or_unwritten() || holes_too && !head.mapped;
                if head.dirty && wanted {
                    unfinished.push(run(start + b, 1, *head));
                }
            }
            unfinished
        })
    }

    /// Allocates or converts the extent's blocks, as many as one call does; and writes the result to the
    /// buffers, but only if the extent's were delayed or unwritten.
    fn map_blocks(
        &mut self,
        task: &Task,
        mpd: &mut MpageDaData<'f, BlockState>,
    ) -> Result<(), Halt> {
        let Some(extent) = mpd.extent.take() else {
            return Ok(());
        };
        let first = extent.first;
        let _in = task.enter(f::MPAGE_DA_MAP_BLOCKS);
        let (was, count) = (self.fs).allocate(task, Allocator::Writepages, first, extent.count)?;
        if was != Found::Written {
            self.allocated += count;
        }
        if !extent.state.delay && !extent.state.unwritten {
            return Ok(());
        }
        for page in &mpd.pages {
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
                return Err(self.fs.bug(task, NO_BUG, message));
            }
        }
        Ok(())
    }

    /// `ext4_writepage`; since bd2d0210cf22 the same without it, after a look at all of the page's blocks.
    fn submit_page(&mut self, task: &Task, page: LockedPage<'f>) -> Result<bool, Halt> {
        if self.fs.has(&SUBMIT_ITSELF) {
            let clean_too = !self.fs.has(&SKIP_DIRTY_ONLY);
            let skips = page.with_buffers(task, f::MPAGE_DA_SUBMIT_IO, move |buffers| {
                let mut heads = buffers.heads.iter();
                heads.any(|head| (head.dirty || clean_too) && head.is_delay_or_unwritten())
            })?;
            if skips {
                writepage::redirty(task, self.fs, page)?;
                return Ok(false);
            }
        }
        Ok(writepage::writepage(task, self.fs, page, None)? == Written::Cleaned)
    }

    fn redirty(&mut self, task: &Task, page: &LockedPage<'f>) -> Result<(), Halt> {
        self.fs.mapping.redirty_page_for_writepage(task, page)
    }
}

/// Waits until every other thread is done, or livelocks like this one. A round that changes nothing may
/// be repeated any number of times; it is enough to look at the last of them.
fn wait_for_rest(task: &Task, fs: &Filesystem) -> Result<(), Halt> {
    let Some(active) = &fs.active else {
        return Ok(());
    };
    fs.rest(task)?;
    task.step_when(
        active,
        f::EXT4_DA_WRITEPAGES,
        &Wait::on("every other thread"),
        |active| *active == 0,
        |_| (),
    )
}
