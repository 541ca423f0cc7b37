//! Writeback: page locks, then a handle (old); a handle, then page locks (patched).

use super::allocate::da_get_block_write;
use super::filesystem::{Filesystem, Flush};
use super::writepage::{da_writepage, write_out};
use super::{CHUNKS, EARLY_RETURN, EXACT_CHUNKS, HANDLE_FIRST, UNLOCK_BEFORE_STOP};
use crate::engine::{Halt, Task};
use crate::kernel::class::PAGE_LOCK;
use crate::kernel::functions as f;
use crate::kernel::{BufferHead, Handle, LockedPage};

/// `wbc->sync_mode`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sync {
    /// `WB_SYNC_NONE`.
    None,
    /// `WB_SYNC_ALL`.
    All,
}

/// What `struct writeback_control` carries through a call.
pub(super) struct WritebackControl {
    pub(super) nr_to_write: i32,
    pub(super) sync: Sync,
    /// Where the next look-up starts: `writeback_index` or `range_start`.
    pub(super) index: usize,
    pub(super) pagevec: usize,
    pub(super) chunk: i32,
}

impl WritebackControl {
    pub(super) fn new(how: Flush, sync: Sync) -> Self {
        Self {
            nr_to_write: how.nr_to_write,
            sync,
            index: how.start,
            pagevec: how.pagevec,
            chunk: how.chunk,
        }
    }
}

/// The flusher: one call of `->writepages` (`__sync_single_inode`, fs/fs-writeback.c).
pub(super) fn background(task: &Task, fs: &Filesystem, how: Flush) -> Result<(), Halt> {
    da_writepages(task, fs, &mut WritebackControl::new(how, Sync::None))?;
    if fs.mapping.pages().is_empty() {
        task.reach("writepages-of-nothing");
    }
    Filesystem::leave_kernel(task);
    Ok(())
}

/// `ext4_da_writepages`.
pub(super) fn da_writepages(
    task: &Task,
    fs: &Filesystem,
    wbc: &mut WritebackControl,
) -> Result<(), Halt> {
    let _in = task.enter(f::EXT4_DA_WRITEPAGES);
    if fs.has(&EARLY_RETURN) && fs.mapping.pages().is_empty() {
        return Ok(());
    }
    if !fs.has(&HANDLE_FIRST) {
        let extent = mpage_da_writepages(task, fs, wbc, None)?;
        return submit_io(task, fs, extent, None, wbc.sync);
    }
    // EXT4_MAX_WRITEBACK_CREDITS: an allocation for each block of a chunk, and the inode.
    let credits = wbc.chunk.unsigned_abs() * (fs.trans_blocks() - 1) + 1;
    let mut to_write = wbc.nr_to_write;
    let mut chunks = 0;
    let mut left = Extent::default();
    while to_write != 0 {
        let mut handle = fs.journal_start(task, credits)?;
        chunks += 1;
        if fs.has(&CHUNKS) {
            wbc.nr_to_write = wbc.nr_to_write.min(wbc.chunk);
        }
        to_write -= wbc.nr_to_write;
        let extent = mpage_da_writepages(task, fs, wbc, Some(&mut handle))?;
        if chunks > 1 && !extent.is_empty() {
            task.reach("second-chunk");
        }
        if fs.has(&UNLOCK_BEFORE_STOP) {
            submit_io(task, fs, extent, Some(&mut handle), wbc.sync)?;
            fs.journal.stop(task, handle)?;
        } else {
            // What the last chunk left locked goes out with this one's handle; this one's pages stay
            // locked until there is another.
            let before = std::mem::replace(&mut left, extent);
            submit_io(task, fs, before, Some(&mut handle), wbc.sync)?;
            fs.journal.stop(task, handle)?;
        }
        if wbc.nr_to_write != 0 {
            // Nothing more to write; below zero if a pagevec went past the limit.
            break;
        }
        wbc.nr_to_write = to_write;
    }
    submit_io(task, fs, left, None, wbc.sync)
}

/// Pages in a row that are locked, and the blocks of them that are still to be mapped.
#[derive(Default)]
pub(super) struct Extent<'f> {
    pages: Vec<LockedPage<'f>>,
    /// `mpd->lbh`: the first block, how many, and whether they are delayed.
    blocks: Option<(usize, usize, bool)>,
}

impl Extent<'_> {
    fn is_empty(&self) -> bool {
        self.pages.is_empty()
    }
}

/// `mpage_da_writepages`, up to the submission of the last extent: that is returned with its
/// blocks mapped and its pages locked.
fn mpage_da_writepages<'f>(
    task: &Task,
    fs: &'f Filesystem,
    wbc: &mut WritebackControl,
    mut handle: Option<&mut Handle<'_>>,
) -> Result<Extent<'f>, Halt> {
    let _in = task.enter(f::MPAGE_DA_WRITEPAGES);
    let mut extent = Extent::default();
    let sync = wbc.sync;
    write_cache_pages(task, fs, wbc, |page| {
        da_writepage_to_extent(task, fs, handle.as_deref_mut(), &mut extent, page, sync)
    })?;
    map_blocks(task, fs, handle, &mut extent)?;
    Ok(extent)
}

/// `write_cache_pages` (mm/page-writeback.c, 2.6.26): hands each dirty page, locked and with its
/// dirty bit cleared, to `writepage`.
pub(super) fn write_cache_pages<'f>(
    task: &Task,
    fs: &'f Filesystem,
    wbc: &mut WritebackControl,
    mut writepage: impl FnMut(LockedPage<'f>) -> Result<(), Halt>,
) -> Result<(), Halt> {
    let _in = task.enter(f::WRITE_CACHE_PAGES);
    let (mut done, mut scanned) = (false, false);
    loop {
        while !done {
            let pages = fs
                .mapping
                .find_get_pages_tag(task, wbc.index, wbc.pagevec)?;
            let Some(last) = pages.last() else { break };
            wbc.index = last.index + 1;
            scanned = true;
            for page in pages {
                // By now the page may be clean, truncated, or somebody else's.
                let mark = "writeback-waits-for-page";
                let locked = task.marking_waits(PAGE_LOCK, mark, || page.lock_page(task))?;
                if !page.has_mapping(task, f::WRITE_CACHE_PAGES)?
                    || page.is_writeback(task, f::WRITE_CACHE_PAGES)?
                    || !page.test_clear_dirty(task)?
                {
                    locked.unlock_page();
                    continue;
                }
                writepage(locked)?;
                wbc.nr_to_write -= 1;
                if wbc.nr_to_write <= 0 {
                    done = true;
                    if fs.has(&EXACT_CHUNKS) && wbc.sync == Sync::None {
                        wbc.index = page.index + 1;
                        break;
                    }
                    // Without the clause the rest of the pagevec is written all the same.
                }
            }
        }
        if scanned || done {
            return Ok(());
        }
        // Nothing from here on: once more from the start of the file.
        scanned = true;
        wbc.index = 0;
    }
}

/// `__mpage_da_writepage`: adds a page to the extent, which stays locked.
fn da_writepage_to_extent<'f>(
    task: &Task,
    fs: &'f Filesystem,
    mut handle: Option<&mut Handle<'_>>,
    extent: &mut Extent<'f>,
    page: LockedPage<'f>,
    sync: Sync,
) -> Result<(), Halt> {
    let _in = task.enter(f::MPAGE_DA_WRITEPAGE);
    let index = page.page().index;
    let follows = |last: &LockedPage<'_>| last.page().index + 1 == index;
    if extent.pages.last().is_some_and(|last| !follows(last)) {
        map_blocks(task, fs, handle.as_deref_mut(), extent)?;
        submit_io(
            task,
            fs,
            std::mem::take(extent),
            handle.as_deref_mut(),
            sync,
        )?;
    }
    let dirty = page.with_buffers(task, f::MPAGE_DA_WRITEPAGE, |buffers| {
        let dirty = buffers
            .heads
            .iter()
            .enumerate()
            .filter(|(_, head)| head.dirty);
        let needs = dirty.map(|(block, head)| (block, head.is_unmapped_or_delay()));
        needs.collect::<Vec<(usize, bool)>>()
    })?;
    extent.pages.push(page);
    for (block, delayed) in dirty {
        let block = fs.first_block(index) + block;
        match &mut extent.blocks {
            Some((start, count, state)) if *start + *count == block && *state == delayed => {
                *count += 1;
            }
            Some(_) => {
                map_blocks(task, fs, handle.as_deref_mut(), extent)?;
                extent.blocks = Some((block, 1, delayed));
            }
            None => extent.blocks = Some((block, 1, delayed)),
        }
    }
    Ok(())
}

/// `mpage_da_map_blocks`: allocates the extent's blocks, in as many calls as it takes.
fn map_blocks(
    task: &Task,
    fs: &Filesystem,
    mut handle: Option<&mut Handle<'_>>,
    extent: &mut Extent<'_>,
) -> Result<(), Halt> {
    let Some((mut next, mut remain, true)) = extent.blocks.take() else {
        return Ok(());
    };
    let _in = task.enter(f::MPAGE_DA_MAP_BLOCKS);
    while remain > 0 {
        let mapped = da_get_block_write(task, fs, handle.as_deref_mut(), next, remain)?;
        if mapped < remain {
            task.reach("second-allocation");
        }
        for block in next..next + mapped {
            let (index, within) = (block / fs.blocks_per_page(), block % fs.blocks_per_page());
            let page = extent.pages.iter().find(|page| page.page().index == index);
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

/// `mpage_da_submit_io`: writes and unlocks every page of the extent.
fn submit_io(
    task: &Task,
    fs: &Filesystem,
    extent: Extent<'_>,
    mut handle: Option<&mut Handle<'_>>,
    sync: Sync,
) -> Result<(), Halt> {
    let _in = task.enter(f::MPAGE_DA_SUBMIT_IO);
    for page in extent.pages {
        let fragmented = fs.config.extent == 1;
        let confused = page.with_buffers(task, f::MPAGE_WRITEPAGE, move |buffers| {
            is_confusing(&buffers.heads, fragmented)
        })?;
        if confused {
            da_writepage(task, fs, page, handle.as_deref_mut(), sync)?;
        } else {
            write_out(task, fs, page)?;
        }
    }
    Ok(())
}

/// Whether `__mpage_writepage` leaves a page to `->writepage`: a dirty block without a place on
/// disk, a block with one that is clean, a hole before a block, or blocks that do not follow one
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
        // A clean block that has a place; a hole first; blocks that do not follow one another.
        assert!(is_confusing(&[BufferHead::ON_DISK], false));
        assert!(is_confusing(&[HOLE, DIRTY], false));
        assert!(is_confusing(&[DIRTY, DIRTY], true));
        assert!(!is_confusing(&[DIRTY, DIRTY], false));
        assert!(!is_confusing(&[DIRTY, HOLE], true));
    }
}
