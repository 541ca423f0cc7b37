//! `ext4_da_writepage`.

use super::allocate::{da_get_block_write, get_blocks_wrap};
use super::state::Filesystem;
use super::{
    BUFFERS_FIRST, NO_ALLOCATION_IN_WRITEPAGE, NO_BUG, NO_DISKSIZE_IN_WRITEPAGE,
    NO_START_IN_WRITEPAGE, ORDERED_COMMIT, REDIRTY,
};
use crate::kernel::functions as f;
use crate::kernel::{Blocks, Buffers, Handle, LockedPage, SyncMode};
use crate::model::{Halt, Task};

/// Starts the I/O of a page's mapped blocks and unlocks it. The I/O is done at once: see the
/// module's *Abstracts away*.
pub(super) fn write_out(task: &Task, fs: &Filesystem, page: LockedPage<'_>) -> Result<(), Halt> {
    page.with_buffers(task, f::MPAGE_WRITEPAGE, Buffers::submit)?;
    fs.mapping.test_set_page_writeback(task, &page)?;
    page.page().end_page_writeback(task)?;
    page.unlock_page();
    Ok(())
}

/// `ext4_da_writepage`, called with the page locked and its dirty bit cleared.
pub(super) fn da_writepage(
    task: &Task,
    fs: &Filesystem,
    page: LockedPage<'_>,
    handle: Option<&mut Handle<'_>>,
    sync_mode: SyncMode,
) -> Result<(), Halt> {
    let _in = task.enter(f::EXT4_DA_WRITEPAGE);
    make_buffers(task, fs, &page)?;
    if !fs.has(&NO_START_IN_WRITEPAGE) {
        if handle.is_some() {
            return redirty(task, fs, page);
        }
        let mut own = fs.journal_start(task, fs.trans_blocks())?;
        write_full_page(task, fs, page, Some(&mut own))?;
        if !fs.has(&NO_DISKSIZE_IN_WRITEPAGE) {
            blind_disksize(task, fs, Some(&mut own))?;
        }
        return fs.journal.stop(task, own);
    }
    if handle.is_none() || fs.has(&NO_ALLOCATION_IN_WRITEPAGE) {
        let size = fs.inode.i_size_read(task)?;
        let len = fs.blocks_below(size, page.page().index);
        // f0e6c98593eb also stops looking at clean blocks.
        let only_dirty = fs.has(&NO_ALLOCATION_IN_WRITEPAGE);
        let needs = page.with_buffers(task, f::EXT4_DA_WRITEPAGE, move |buffers| {
            let mut heads = buffers.heads[..len].iter();
            heads.any(|head| head.is_unmapped_or_delay() && (head.dirty || !only_dirty))
        })?;
        if needs && fs.has(&REDIRTY) {
            if sync_mode == SyncMode::All && !fs.has(&ORDERED_COMMIT) {
                return Err(task.bug(NO_BUG, "BUG_ON(wbc->sync_mode != WB_SYNC_NONE)"));
            }
            task.cover("writepage-redirties");
            return redirty(task, fs, page);
        }
    }
    let mut handle = handle;
    write_full_page(task, fs, page, handle.as_deref_mut())?;
    if !fs.has(&NO_DISKSIZE_IN_WRITEPAGE) {
        blind_disksize(task, fs, handle)?;
    }
    Ok(())
}

/// The buffers of a page that has none. The old design leaves them to `block_write_full_page`, and the patched one asks
/// for them.
fn make_buffers(task: &Task, fs: &Filesystem, page: &LockedPage<'_>) -> Result<(), Halt> {
    if fs.has_buffers(task, page, f::EXT4_DA_WRITEPAGE)? {
        return Ok(());
    }
    if fs.has(&NO_START_IN_WRITEPAGE) && !fs.has(&BUFFERS_FIRST) {
        return Err(task.bug(NO_BUG, "page_buffers: BUG_ON(!PagePrivate(page))"));
    }
    task.cover("page-without-buffers");
    let _in = task.enter(f::BLOCK_PREPARE_WRITE);
    let size = fs.inode.i_size_read(task)?;
    let first = fs.first_block(page.page().index);
    let map = fs.inode.down_i_data_sem(task, f::EXT4_GET_BLOCKS_WRAP)?;
    let blocks = map.read(|blocks| *blocks);
    drop(map);
    page.with_buffers(task, f::BLOCK_PREPARE_WRITE, move |buffers| {
        for (block, head) in buffers.heads.iter_mut().enumerate() {
            head.mapped = blocks.contains(first + block);
            head.dirty = first + block < size;
        }
    })?;
    page.page().set_private(task, f::BLOCK_PREPARE_WRITE, true)
}

fn redirty(task: &Task, fs: &Filesystem, page: LockedPage<'_>) -> Result<(), Halt> {
    fs.mapping.redirty_page_for_writepage(task, &page)?;
    page.unlock_page();
    Ok(())
}

/// `block_write_full_page`: allocates what is missing below `i_size`, writes, unlocks.
fn write_full_page(
    task: &Task,
    fs: &Filesystem,
    page: LockedPage<'_>,
    mut handle: Option<&mut Handle<'_>>,
) -> Result<(), Halt> {
    let _in = task.enter(f::BLOCK_WRITE_FULL_PAGE);
    let index = page.page().index;
    let len = fs.blocks_below(fs.inode.i_size_read(task)?, index);
    if len == 0 {
        task.cover("page-behind-the-end");
    }
    let missing = page.with_buffers(task, f::BLOCK_WRITE_FULL_PAGE, move |buffers| {
        let heads = buffers.heads[..len].iter().enumerate();
        let missing = heads.filter(|(_, head)| head.dirty && head.is_unmapped_or_delay());
        missing.map(|(block, _)| block).collect::<Vec<usize>>()
    })?;
    for block in missing {
        let file_block = fs.first_block(index) + block;
        match handle.as_deref_mut() {
            // Old: ext4_get_block, which leaves i_disksize alone.
            Some(handle) if !fs.has(&NO_START_IN_WRITEPAGE) => {
                get_blocks_wrap(task, fs, handle, file_block, 1)?;
            }
            handle => {
                da_get_block_write(task, fs, handle, file_block, 1)?;
            }
        }
        page.with_buffers(task, f::BLOCK_WRITE_FULL_PAGE, move |buffers| {
            buffers.heads[block].mapped = true;
            buffers.heads[block].delay = false;
        })?;
    }
    write_out(task, fs, page)
}

/// The end of the old `ext4_da_writepage`: `i_disksize = i_size`, whatever is allocated. The page
/// is unlocked by now, and nothing else is locked.
fn blind_disksize(
    task: &Task,
    fs: &Filesystem,
    handle: Option<&mut Handle<'_>>,
) -> Result<(), Halt> {
    let size = fs.inode.i_size_read(task)?;
    if size > fs.inode.disksize(task, f::EXT4_DA_WRITEPAGE)? {
        fs.inode.set_disksize(task, f::EXT4_DA_WRITEPAGE, size)?;
        if let Some(handle) = handle {
            fs.mark_inode_dirty(task, handle, Blocks::default())?;
        }
    }
    Ok(())
}
