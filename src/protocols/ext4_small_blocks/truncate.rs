//! `ftruncate`, up and down, and `fallocate` that zeroes.

use super::config::{BLOCKS, Mode};
use super::state::Filesystem;
use super::{AFTER_SIZE, DIRTY_TAIL, PROTECT_TAIL, PROTECT_ZEROED, UNMAP_CLEARS_UNWRITTEN};
use crate::kernel::cleaning::page_mkclean;
use crate::kernel::functions as f;
use crate::kernel::truncation::unmap_and_truncate;
use crate::kernel::{FileMapping as _, LockedPage, Unmapped};
use crate::model::{Halt, Task};
use std::ops::Range;

/// `notify_change` with a new size, down to `vmtruncate` and `ext4_truncate`: under `i_mutex` and
/// with `i_alloc_sem` for writing.
pub(super) fn notify_change(task: &Task, fs: &Filesystem, new: usize) -> Result<(), Halt> {
    let _in = task.enter(f::NOTIFY_CHANGE);
    let mut i_mutex = task.acquire(&fs.i_mutex, f::NOTIFY_CHANGE)?;
    let _sem = fs.i_alloc_sem.down_write(task, f::DOWN_WRITE)?;
    let old = i_mutex.read(move |size| *size);
    if new < old {
        cover(task, fs, new)?;
        fs.i_size_write(task, new)?;
        unmap_and_truncate(task, fs, new)?;
        fs.extents.truncate(task, f::EXT4_TRUNCATE, new)?;
    } else {
        if fs.has(&PROTECT_TAIL) && !fs.has(&AFTER_SIZE) {
            isize_extended(task, fs, old, new)?;
        }
        fs.i_size_write(task, new)?;
        if fs.has(&PROTECT_TAIL) && fs.has(&AFTER_SIZE) {
            isize_extended(task, fs, old, new)?;
        }
        cover(task, fs, new)?;
    }
    i_mutex.update(move |size| *size = new);
    Ok(())
}

/// From here on the processes know the file to have so many blocks. One step for each page of
/// which this changes something; the kernel has none.
fn cover(task: &Task, fs: &Filesystem, size: usize) -> Result<(), Halt> {
    for (index, content) in fs.content.iter().enumerate() {
        let covered = size.saturating_sub(index * BLOCKS).min(BLOCKS);
        task.step(content, f::NOTIFY_CHANGE, move |content| {
            content.covered = covered;
            (covered..BLOCKS).for_each(|b| content.promised[b] = 0);
        })?;
    }
    Ok(())
}

/// `pagecache_isize_extended` (90a8020278c1): where the old end lies inside a page, the next store
/// to that page faults again.
fn isize_extended(task: &Task, fs: &Filesystem, from: usize, to: usize) -> Result<(), Halt> {
    if from >= to || from.is_multiple_of(BLOCKS) {
        return Ok(());
    }
    let _in = task.enter(f::PAGECACHE_ISIZE_EXTENDED);
    let page = fs.mapping.page(from / BLOCKS);
    let locked = page.lock_page(task)?;
    if page_mkclean(task, fs, page)? {
        task.cover("tail-protected");
        if fs.has(&DIRTY_TAIL) {
            fs.set_page_dirty(task, page)?;
        }
    }
    locked.unlock_page();
    Ok(())
}

/// `ext4_zero_range` of one block inside the file, under `i_mutex`: its buffer goes, and its extent becomes unwritten.
///
/// From the first step to the last the kernel keeps page faults out by `i_mmap_sem` (ea3d7209ca01); here the page lock,
/// which a fault needs to make a pte writable, does.
pub(super) fn zero_range(task: &Task, fs: &Filesystem, block: usize) -> Result<(), Halt> {
    let _in = task.enter(f::EXT4_ZERO_RANGE);
    let (index, b) = (block / BLOCKS, block % BLOCKS);
    let i_mutex = task.acquire(&fs.i_mutex, f::EXT4_ZERO_RANGE)?;
    if block >= i_mutex.read(move |size| *size) {
        return Ok(());
    }
    let page = fs.mapping.page(index);
    let locked = page.lock_page(task)?;
    if fs.has(&PROTECT_ZEROED) && page_mkclean(task, fs, page)? {
        task.cover("zeroed-protected");
        fs.set_page_dirty(task, page)?;
    }
    // What was stored before is to be zeroes; and so is what is stored until the block is gone.
    forget(task, fs, index, b)?;
    if page.has_mapping(task, f::EXT4_ZERO_RANGE)? {
        invalidate_page(task, fs, &locked, b..b + 1)?;
    }
    fs.extents.zero(task, f::EXT4_ZERO_RANGE, block)?;
    forget(task, fs, index, b)?;
    locked.unlock_page();
    drop(i_mutex);
    Ok(())
}

/// No version of the block has to get to the disk any more.
fn forget(task: &Task, fs: &Filesystem, index: usize, b: usize) -> Result<(), Halt> {
    task.step(&fs.content[index], f::EXT4_ZERO_RANGE, move |content| {
        content.promised[b] = 0;
    })
}

/// `->invalidatepage`: `ext4_invalidatepage` and what it calls, after `ext4_da_invalidatepage` has
/// dropped reservations.
pub(super) fn invalidate_page(
    task: &Task,
    fs: &Filesystem,
    page: &LockedPage<'_>,
    blocks: Range<usize>,
) -> Result<(), Halt> {
    let index = page.page().index;
    let whole = blocks == (0..BLOCKS);
    let Range { start, end } = blocks;
    if fs.config.mode == Mode::Delalloc {
        page.with_buffers(task, f::EXT4_DA_INVALIDATEPAGE, move |buffers| {
            let heads = buffers.heads.iter_mut().take(end).skip(start);
            heads.for_each(|head| head.delay = false);
        })?;
    }
    let _in = task.enter(f::EXT4_INVALIDATEPAGE);
    if whole && let Some(checked) = fs.checked.get(index) {
        checked.write(task, f::EXT4_INVALIDATEPAGE, false)?;
    }
    let _in = task.enter(f::JOURNAL_INVALIDATEPAGE);
    let clears_unwritten = fs.has(&UNMAP_CLEARS_UNWRITTEN);
    let mut may_free = true;
    for b in blocks {
        let unmapped = match &fs.lists {
            Some(lists) => lists.unmap_buffer(task, index * BLOCKS + b)?,
            None => Unmapped::Zap,
        };
        if unmapped == Unmapped::Freed {
            may_free = false;
            continue;
        }
        page.with_buffers(task, f::JOURNAL_UNMAP_BUFFER, move |buffers| {
            if let Some(head) = buffers.heads.get_mut(b) {
                head.dirty = false;
                head.mapped = false;
                head.unwritten &= !clears_unwritten;
            }
        })?;
    }
    if whole && may_free {
        free_buffers(task, fs, page)?;
    }
    Ok(())
}

/// `try_to_free_buffers`: the page loses its buffers, unless one of them is dirty or another thread has a
/// reference. Both are read under the page lock, without which no thread takes a reference.
pub(super) fn free_buffers(
    task: &Task,
    fs: &Filesystem,
    page: &LockedPage<'_>,
) -> Result<bool, Halt> {
    if let Some(pins) = fs.pins.get(page.page().index)
        && task.step(pins, f::DROP_BUFFERS, |pins| pins.buffers > 0)?
    {
        return Ok(false);
    }
    page.with_buffers(task, f::DROP_BUFFERS, |buffers| {
        let busy = buffers.heads.iter().any(|head| head.dirty);
        if !busy {
            buffers.heads.clear();
        }
        !busy
    })
}
