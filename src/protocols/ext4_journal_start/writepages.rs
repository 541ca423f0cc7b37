//! Writeback: page locks, then a handle (old); a handle, then page locks (patched).

use super::allocate::da_get_block_write;
use super::config::Flush;
use super::state::Filesystem;
use super::writepage::{da_writepage, write_out};
use super::{CHUNKS, EARLY_RETURN, EXACT_CHUNKS, HANDLE_FIRST, UNLOCK_BEFORE_STOP, WRAP_OUTSIDE};
use crate::kernel::functions as f;
use crate::kernel::mpage_da::{
    ExtentEnd, ExtentTail, MpageDa, MpageDaData, Run, mpage_da_submit_io, mpage_da_writepage,
};
use crate::kernel::writeback::{self, Ends, OnWriteback, Wraps};
use crate::kernel::{BufferHead, Handle, LockedPage, SyncMode, WritebackControl, WritebackLoop};
use crate::model::{Halt, Task};

impl Flush {
    /// What the call tells writeback.
    const fn control(self, sync_mode: SyncMode) -> WritebackControl {
        WritebackControl {
            nr_to_write: self.nr_to_write,
            index: self.start,
            ..WritebackControl::new(sync_mode)
        }
    }
}

/// The flusher: one call of `->writepages` (`__sync_single_inode`, fs/fs-writeback.c).
pub(super) fn background(task: &Task, fs: &Filesystem, how: Flush) -> Result<(), Halt> {
    da_writepages(task, fs, how, SyncMode::None)?;
    Filesystem::leave_kernel(task);
    Ok(())
}

/// `jbd2_journal_destroy`: the journal's thread goes, and then the last `iput` of the journal's own inode calls
/// `->writepages`.
pub(super) fn journal_destroy(task: &Task, fs: &Filesystem, how: Flush) -> Result<(), Halt> {
    let _in = task.enter(f::JOURNAL_DESTROY);
    fs.kill_journal_thread(task)?;
    da_writepages(task, fs, how, SyncMode::None)?;
    task.cover("writepages-after-the-journal-thread");
    fs.free_journal(task)?;
    Filesystem::leave_kernel(task);
    Ok(())
}

/// `ext4_da_writepages`.
pub(super) fn da_writepages(
    task: &Task,
    fs: &Filesystem,
    how: Flush,
    sync_mode: SyncMode,
) -> Result<(), Halt> {
    let _in = task.enter(f::EXT4_DA_WRITEPAGES);
    if fs.has(&EARLY_RETURN) && fs.mapping.pages().is_empty() {
        return Ok(());
    }
    let mut wbc = how.control(sync_mode);
    let mut delalloc = Delalloc {
        fs,
        handle: None,
        sync_mode,
    };
    if !fs.has(&HANDLE_FIRST) {
        let mut mpd = mpage_da_writepages(task, &mut delalloc, &mut wbc, how.pagevec)?;
        return mpage_da_submit_io(task, &mut delalloc, &mut mpd);
    }
    let written = in_chunks(task, &mut delalloc, how, &mut wbc)?;
    // Since 2acf2c261b82 the file is gone through again here, when all pages are unlocked.
    if fs.config.wraps && fs.has(&WRAP_OUTSIDE) && how.start > 0 && !written {
        task.cover("wraps");
        wbc.index = 0;
        in_chunks(task, &mut delalloc, how, &mut wbc)?;
    }
    Ok(())
}

/// The loop of `ext4_da_writepages`: a handle, and the pages that it pays for. Whether that was as many as there were
/// to write.
fn in_chunks(
    task: &Task,
    delalloc: &mut Delalloc<'_>,
    how: Flush,
    wbc: &mut WritebackControl,
) -> Result<bool, Halt> {
    let fs = delalloc.fs;
    // EXT4_MAX_WRITEBACK_CREDITS: an allocation for each block of a chunk, and the inode.
    let credits = how.chunk.unsigned_abs() * (fs.trans_blocks() - 1) + 1;
    let mut to_write = wbc.nr_to_write;
    let mut chunks = 0;
    while to_write != 0 {
        delalloc.handle = Some(fs.journal_start(task, credits)?);
        chunks += 1;
        if fs.has(&CHUNKS) {
            wbc.nr_to_write = wbc.nr_to_write.min(how.chunk);
        }
        to_write -= wbc.nr_to_write;
        let mut mpd = mpage_da_writepages(task, delalloc, wbc, how.pagevec)?;
        if chunks > 1 && !mpd.pages.is_empty() {
            task.cover("second-chunk");
        }
        // To submit the pages takes no handle, if they are mapped: a design may stop it first.
        if !fs.has(&UNLOCK_BEFORE_STOP) {
            stop(task, delalloc)?;
        }
        mpage_da_submit_io(task, delalloc, &mut mpd)?;
        stop(task, delalloc)?;
        if wbc.nr_to_write != 0 {
            // Nothing more to write; below zero if a pagevec went past the limit.
            wbc.nr_to_write += to_write;
            return Ok(wbc.nr_to_write <= 0);
        }
        wbc.nr_to_write = to_write;
    }
    Ok(true)
}

fn stop(task: &Task, delalloc: &mut Delalloc<'_>) -> Result<(), Halt> {
    match delalloc.handle.take() {
        Some(handle) => delalloc.fs.journal.stop(task, handle),
        None => Ok(()),
    }
}

/// `mpage_da_writepages`, up to the submission of the last extent: that is returned with its
/// blocks mapped and its pages locked.
fn mpage_da_writepages<'f>(
    task: &Task,
    delalloc: &mut Delalloc<'f>,
    wbc: &mut WritebackControl,
    pagevec: usize,
) -> Result<MpageDaData<'f, Delayed>, Halt> {
    let _in = task.enter(f::MPAGE_DA_WRITEPAGES);
    let mut mpd = MpageDaData::default();
    write_cache_pages(task, delalloc.fs, wbc, pagevec, |page, _| {
        mpage_da_writepage(task, delalloc, &mut mpd, page)
    })?;
    delalloc.map_blocks(task, &mut mpd)?;
    Ok(mpd)
}

/// `write_cache_pages` of 2.6.26, with the change that makes it stop at `nr_to_write` as a clause.
pub(super) fn write_cache_pages<'f>(
    task: &Task,
    fs: &'f Filesystem,
    wbc: &mut WritebackControl,
    pagevec: usize,
    mut writepage: impl FnMut(LockedPage<'f>, &WritebackControl) -> Result<Result<(), ExtentTail>, Halt>,
) -> Result<(), Halt> {
    let ends = || {
        if fs.has(&EXACT_CHUNKS) {
            Ends::AtOnce
        } else {
            Ends::AfterPagevec
        }
    };
    let rules = WritebackLoop {
        pagevec,
        // The I/O is done where it is submitted, under the page lock.
        writeback: OnWriteback::Skip,
        ends: &ends,
        wraps: match fs.config.wraps {
            false => Wraps::IfNoneFound,
            true if fs.has(&WRAP_OUTSIDE) => Wraps::Never,
            true => Wraps::UnlessFromStart,
        },
        ..WritebackLoop::V2_6_26
    };
    let writepage = |page, wbc: &WritebackControl, _was_mapped| writepage(page, wbc);
    let _ = writeback::write_cache_pages(task, fs, wbc, rules, writepage)?;
    Ok(())
}

/// Writeback with delayed allocation.
struct Delalloc<'f> {
    fs: &'f Filesystem,
    /// `ext4_journal_current_handle()`.
    handle: Option<Handle<'f>>,
    sync_mode: SyncMode,
}

/// What `mpage_add_bh_to_extent` compares of a buffer: whether its block is delayed or unmapped.
type Delayed = bool;

impl<'f> MpageDa<'f> for Delalloc<'f> {
    type State = Delayed;
    const EXTENT_END: ExtentEnd = ExtentEnd::StartAnother;

    /// Every dirty block; a page without buffers is taken for full of them.
    fn unfinished(
        &mut self,
        task: &Task,
        page: &LockedPage<'f>,
    ) -> Result<Vec<Run<Delayed>>, Halt> {
        let start = self.fs.first_block(page.page().index);
        if !self.fs.has_buffers(task, page, f::MPAGE_DA_WRITEPAGE)? {
            return Ok(vec![Run {
                first: start,
                count: self.fs.blocks_per_page(),
                state: true,
            }]);
        }
        let dirty = page.with_buffers(task, f::MPAGE_DA_WRITEPAGE, |buffers| {
            let mut dirty: Vec<(usize, Delayed)> = Vec::new();
            for (block, head) in buffers.heads.iter().enumerate() {
                if head.dirty {
                    dirty.push((block, head.is_unmapped_or_delay()));
                }
            }
            dirty
        })?;
        let run = |(block, state)| Run {
            first: start + block,
            count: 1,
            state,
        };
        Ok(dirty.into_iter().map(run).collect())
    }

    /// Allocates the extent's blocks, in as many calls as it takes.
    fn map_blocks(&mut self, task: &Task, mpd: &mut MpageDaData<'f, Delayed>) -> Result<(), Halt> {
        let fs = self.fs;
        let Some(extent) = mpd.extent.take().filter(|extent| extent.state) else {
            return Ok(());
        };
        let _in = task.enter(f::MPAGE_DA_MAP_BLOCKS);
        let (mut next, mut remain) = (extent.first, extent.count);
        while remain > 0 {
            let mapped = da_get_block_write(task, fs, self.handle.as_mut(), next, remain)?;
            if mapped < remain {
                task.cover("second-allocation");
            }
            for block in next..next + mapped {
                let (index, within) = (block / fs.blocks_per_page(), block % fs.blocks_per_page());
                let page = mpd.pages.iter().find(|page| page.page().index == index);
                if let Some(page) = page {
                    page.with_buffers(task, f::MPAGE_PUT_BNR_TO_BHS, move |buffers| {
                        buffers.heads[within].delay = false;
                    })?;
                }
            }
            next += mapped;
            remain -= mapped;
        }
        Ok(())
    }

    /// `__mpage_writepage`, which leaves some pages to `->writepage`.
    fn submit_page(&mut self, task: &Task, page: LockedPage<'f>) -> Result<bool, Halt> {
        if !self.fs.has_buffers(task, &page, f::MPAGE_WRITEPAGE)? {
            self.submit_without_buffers(task, page)?;
            return Ok(true);
        }
        let fragmented = self.fs.config.extent == 1;
        let confused = page.with_buffers(task, f::MPAGE_WRITEPAGE, move |buffers| {
            is_confusing(&buffers.heads, fragmented)
        })?;
        if confused {
            da_writepage(task, self.fs, page, self.handle.as_mut(), self.sync_mode)?;
        } else {
            write_out(task, self.fs, page)?;
        }
        Ok(true)
    }

    fn redirty(&mut self, task: &Task, page: &LockedPage<'f>) -> Result<(), Halt> {
        self.fs.mapping.redirty_page_for_writepage(task, page)
    }
}

impl Delalloc<'_> {
    /// `__mpage_writepage` of a page without buffers: it asks `get_block` for every block below `i_size`, and makes no
    /// buffers.
    fn submit_without_buffers(&mut self, task: &Task, page: LockedPage<'_>) -> Result<(), Halt> {
        let _in = task.enter(f::MPAGE_WRITEPAGE);
        let (fs, index) = (self.fs, page.page().index);
        let len = fs.blocks_below(fs.inode.i_size_read(task)?, index);
        for block in 0..len {
            da_get_block_write(
                task,
                fs,
                self.handle.as_mut(),
                fs.first_block(index) + block,
                1,
            )?;
        }
        page.with_buffers(task, f::MPAGE_WRITEPAGE, move |buffers| {
            buffers.heads[..len].fill(BufferHead::DIRTY);
        })?;
        write_out(task, fs, page)
    }
}

/// Whether `__mpage_writepage` leaves a page to `->writepage`: a dirty block that is not
/// allocated on disk, an allocated one that is clean, a hole before a block, or blocks that do not follow one
/// another on disk. Those of one page do not where free space is fragmented.
fn is_confusing(heads: &[BufferHead], fragmented: bool) -> bool {
    let mapped = |head: &&BufferHead| head.mapped;
    let count = heads.iter().filter(mapped).count();
    let hole_before = heads.iter().take(count).any(|head| !head.mapped);
    heads.iter().any(|head| head.dirty != head.mapped) || hole_before || (fragmented && count > 1)
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;

    #[test]
    fn what_makes_a_page_confusing() {
        const HOLE: BufferHead = BufferHead::HOLE;
        const DIRTY: BufferHead = BufferHead::DIRTY;
        // A clean block that is allocated; a hole first; blocks that do not follow one another.
        assert!(is_confusing(&[BufferHead::ON_DISK], false));
        assert!(is_confusing(&[HOLE, DIRTY], false));
        assert!(is_confusing(&[DIRTY, DIRTY], true));
        assert!(!is_confusing(&[DIRTY, DIRTY], false));
        assert!(!is_confusing(&[DIRTY, HOLE], true));
    }
}
