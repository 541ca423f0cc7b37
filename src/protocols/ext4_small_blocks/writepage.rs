//! `->writepage`: three functions before the patches, one after.

use super::config::{BLOCKS, Mode};
use super::state::{Allocator, Filesystem};
use super::unfinished::{Unfinished, len};
use super::{
    ALLOCATE, NO_BUG, NO_BUG_ON, NOALLOC_HOLES, ONE_FUNCTION, WRITE_WITH_HANDLE, journalled,
};
use crate::kernel::functions as f;
use crate::kernel::{BufferHead, FileMapping as _, Found, LockedPage};
use crate::model::{Halt, Task};

/// What became of a page that writepage was given. Its dirty bit was cleared before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Written {
    /// It stays clean.
    Cleaned,
    /// It was redirtied.
    Redirtied,
}

/// The functions that `a_ops->writepage` is, with the page locked: `ext4_writepage`, or, before the
/// patches, `ext4_normal_writepage`, `ext4_journalled_writepage` or `ext4_da_writepage`. `current` is the transaction of
/// `ext4_journal_current_handle()` where the caller is not `ext4_da_writepages`: 0, where the scenario has no journal.
pub(super) fn writepage(
    task: &Task,
    fs: &Filesystem,
    page: LockedPage<'_>,
    current: Option<u32>,
) -> Result<Written, Halt> {
    let mode = fs.config.mode;
    let _in = task.enter(match mode {
        _ if fs.has(&ONE_FUNCTION) => f::EXT4_WRITEPAGE,
        Mode::Ordered => f::EXT4_NORMAL_WRITEPAGE,
        Mode::Journalled => f::EXT4_JOURNALLED_WRITEPAGE,
        Mode::Delalloc => f::EXT4_DA_WRITEPAGE,
    });
    let index = page.page().index;
    // The first sample of i_size.
    let size = fs.i_size_read(task)?;
    let len = len(fs, size, index);
    let rules = Unfinished::new(fs);
    let unfinished = page.with_buffers(task, f::EXT4_WRITEPAGE, move |buffers| {
        let mut heads = buffers.heads.iter().take(len);
        (!buffers.heads.is_empty()).then(|| heads.any(|head| head.dirty && rules.is(*head)))
    })?;
    match unfinished {
        Some(true) if mode != Mode::Delalloc && !fs.has(&NO_BUG_ON) => {
            let message = "BUG_ON(walk_page_buffers(.., ext4_bh_unmapped_or_delay)): a dirty block \
                           below i_size is unmapped, delayed or unwritten";
            return Err(fs.bug(task, NO_BUG, message));
        }
        Some(true) => return redirty(task, fs, page),
        None if mode == Mode::Delalloc || fs.has(&ONE_FUNCTION) => {
            block_prepare_write(task, fs, &page, len)?;
            let dirties = page.with_buffers(task, f::BLOCK_COMMIT_WRITE, move |buffers| {
                let heads = &mut buffers.heads[..len];
                let any = !heads.is_empty();
                for head in heads {
                    head.dirty = true;
                }
                any
            })?;
            // The kernel looks for delayed and unwritten blocks first; those just made are clean.
            if dirties && !page.page().test_set_dirty(task, f::MARK_BUFFER_DIRTY)? {
                fs.mapping
                    .tag_dirty(task, page.page(), f::MARK_BUFFER_DIRTY)?;
            }
        }
        // Nothing unfinished; or no buffers, and block_write_full_page will make them.
        _ => {}
    }
    if current.is_some() {
        task.cover("reclaim-under-a-handle");
        if mode != Mode::Delalloc && !fs.has(&WRITE_WITH_HANDLE) {
            return redirty(task, fs, page);
        }
    }
    if let Some(checked) = fs.checked.get(index)
        && checked.read(task, f::EXT4_WRITEPAGE)?
    {
        return journalled::writepage(task, fs, page, len, current);
    }
    block_write_full_page(task, fs, page, size)
}

/// `redirty_page_for_writepage` and `unlock_page`.
pub(super) fn redirty(task: &Task, fs: &Filesystem, page: LockedPage<'_>) -> Result<Written, Halt> {
    task.cover("writepage-redirties");
    fs.mapping.redirty_page_for_writepage(task, &page)?;
    page.unlock_page();
    Ok(Written::Redirtied)
}

/// `block_prepare_write` with `noalloc_get_block_write`, for the first `len` blocks: makes buffers
/// if there are none, and looks up those that are not mapped.
pub(super) fn block_prepare_write(
    task: &Task,
    fs: &Filesystem,
    page: &LockedPage<'_>,
    len: usize,
) -> Result<(), Halt> {
    let _in = task.enter(f::BLOCK_PREPARE_WRITE);
    let unmapped = page.with_buffers(task, f::BLOCK_PREPARE_WRITE, move |buffers| {
        buffers.heads.resize(BLOCKS, BufferHead::HOLE);
        let unmapped = (0..len).filter(|b| !buffers.heads[*b].mapped);
        unmapped.collect::<Vec<usize>>()
    })?;
    for b in unmapped {
        noalloc_get_block_write(task, fs, page, b)?;
    }
    Ok(())
}

/// `noalloc_get_block_write`, called with `create`: looks a block up. A hole stays unmapped, and so
/// does an unwritten block, which is marked as such.
fn noalloc_get_block_write(
    task: &Task,
    fs: &Filesystem,
    page: &LockedPage<'_>,
    b: usize,
) -> Result<Found, Halt> {
    let _in = task.enter(f::NOALLOC_GET_BLOCK_WRITE);
    let block = page.page().index * BLOCKS + b;
    let found = (fs.extents).look_up(task, f::NOALLOC_GET_BLOCK_WRITE, block)?;
    if found == Found::Hole && !fs.has(&NOALLOC_HOLES) {
        return Err(fs.bug(
            task,
            NO_BUG,
            "BUG_ON(create && ret == 0): the block is a hole",
        ));
    }
    page.with_buffers(task, f::NOALLOC_GET_BLOCK_WRITE, move |buffers| {
        let head = &mut buffers.heads[b];
        match found {
            Found::Hole => {}
            Found::Unwritten => head.unwritten = true,
            Found::Written => head.mapped = true,
        }
    })?;
    Ok(found)
}

/// `block_write_full_page` (fs/buffer.c): the second sample of `i_size` says whether the page is in
/// the file at all.
fn block_write_full_page(
    task: &Task,
    fs: &Filesystem,
    page: LockedPage<'_>,
    first_sample: usize,
) -> Result<Written, Halt> {
    let _in = task.enter(f::BLOCK_WRITE_FULL_PAGE);
    let size = fs.i_size_read(task)?;
    if size < first_sample {
        task.cover("size-falls-in-writepage");
    }
    if size <= page.page().index * BLOCKS {
        // The page lies beyond EOF: truncation is about to take it.
        task.cover("page-behind-the-end");
        fs.invalidate_page(task, &page, 0)?;
        page.unlock_page();
        return Ok(Written::Cleaned);
    }
    block_write_full_page_inner(task, fs, page, size)
}

/// `__block_write_full_page`: dirty blocks beyond EOF, by a third sample of
/// `i_size`, are clean; others are looked up if they are not mapped yet; those that are mapped then
/// are written.
fn block_write_full_page_inner(
    task: &Task,
    fs: &Filesystem,
    page: LockedPage<'_>,
    second_sample: usize,
) -> Result<Written, Halt> {
    let _in = task.enter(f::BLOCK_WRITE_FULL_PAGE_INNER);
    let first = page.page().index * BLOCKS;
    let size = fs.i_size_read(task)?;
    if size < second_sample {
        task.cover("size-falls-in-writepage");
    }
    // `(i_size - 1) >> blkbits`, as an unsigned number.
    let last_block = size.checked_sub(1).unwrap_or(usize::MAX);
    let missing = page.with_buffers(task, f::BLOCK_WRITE_FULL_PAGE_INNER, move |buffers| {
        // create_empty_buffers makes dirty ones.
        buffers.heads.resize(BLOCKS, BufferHead::DIRTY_HOLE);
        let mut missing = Vec::new();
        for (b, head) in buffers.heads.iter_mut().enumerate() {
            if first + b > last_block {
                head.dirty = false;
            } else if head.dirty && (!head.mapped || head.delay) {
                missing.push(b);
            }
        }
        missing
    })?;
    let mut nowhere = 0_u32;
    for b in missing {
        let found = if fs.has(&ALLOCATE) {
            allocate(task, fs, &page, b)?
        } else {
            noalloc_get_block_write(task, fs, &page, b)?
        };
        if found == Found::Hole {
            task.cover("dirty-hole");
        }
        // The caller takes whatever get_block did for an allocation.
        let was_delay =
            page.with_buffers(task, f::BLOCK_WRITE_FULL_PAGE_INNER, move |buffers| {
                std::mem::take(&mut buffers.heads[b].delay)
            })?;
        if was_delay && found != Found::Written {
            nowhere |= 1 << b;
        }
    }
    let submitted = page.with_buffers(task, f::BLOCK_WRITE_FULL_PAGE_INNER, |buffers| {
        let mut submitted = 0_u32;
        for (b, head) in buffers.heads.iter_mut().enumerate() {
            if head.mapped && head.dirty {
                head.dirty = false;
                submitted |= u32::from(!head.unwritten) << b;
            }
        }
        submitted
    })? & !nowhere;
    submit(task, fs, &page, submitted)?;
    page.unlock_page();
    Ok(Written::Cleaned)
}

/// Writes blocks to the disk. The I/O is done where it is submitted, before any thread can see the
/// page under writeback or without its dirty tag: so `fsync` has nothing left to wait for.
fn submit(task: &Task, fs: &Filesystem, page: &LockedPage<'_>, blocks: u32) -> Result<(), Halt> {
    if blocks != 0 {
        let content = &fs.content[page.page().index];
        task.step(content, f::BLOCK_WRITE_FULL_PAGE_INNER, move |content| {
            for b in (0..BLOCKS).filter(|b| blocks >> b & 1 == 1) {
                content.on_disk[b] = content.cached[b];
            }
        })?;
    }
    fs.mapping.test_set_page_writeback(task, page)?;
    page.page().end_page_writeback(task)
}

/// What writepage must not do: fills a hole under the page lock.
fn allocate(task: &Task, fs: &Filesystem, page: &LockedPage<'_>, b: usize) -> Result<Found, Halt> {
    let _in = task.enter(f::EXT4_GET_BLOCK);
    let block = page.page().index * BLOCKS + b;
    let handle = fs.journal_start(task)?;
    fs.allocate(task, Allocator::Writepage, block, 1)?;
    page.with_buffers(task, f::EXT4_GET_BLOCK, move |buffers| {
        buffers.heads[b].mapped = true;
        buffers.heads[b].unwritten = false;
    })?;
    fs.journal_stop(task, handle)?;
    Ok(Found::Written)
}
