//! `write(2)`: a handle, then the page lock, before and after the patch.

use super::state::Filesystem;
use super::{STOP_ON_ERROR, reclaim};
use crate::kernel::class::PAGE_LOCK;
use crate::kernel::functions as f;
use crate::kernel::{Blocks, Handle, LockedPage};
use crate::model::{Halt, Task};

/// The result of `ext4_da_write_begin`.
pub(super) enum Begun<'f> {
    /// The page is locked and its blocks are prepared.
    Ready(Handle<'f>, LockedPage<'f>),
    /// There is no memory for the page; a handle in here was forgotten.
    NoMemory(Option<Handle<'f>>),
}

/// `write(2)` of one whole page (`generic_file_aio_write`, mm/filemap.c).
pub(super) fn write(
    task: &Task,
    fs: &Filesystem,
    page: usize,
    no_memory: bool,
) -> Result<(), Halt> {
    let _in = task.enter(f::GENERIC_FILE_AIO_WRITE);
    let i_mutex = fs.inode.lock_i_mutex(task, f::GENERIC_FILE_AIO_WRITE)?;
    let blocks = fs.blocks_per_page();
    let (handle, locked) = match write_begin(task, fs, page, blocks, no_memory)? {
        Begun::Ready(handle, locked) => (handle, locked),
        Begun::NoMemory(None) => return Ok(()),
        Begun::NoMemory(Some(forgotten)) => {
            // `write(2)` returns -ENOMEM; `current->journal_info` still has the handle.
            drop(i_mutex);
            Filesystem::leave_kernel(task);
            let halt = task.leave();
            drop(forgotten);
            return Err(halt);
        }
    };
    locked.with_buffers(task, f::COPY_FROM_USER, move |buffers| {
        (0..blocks).for_each(|block| buffers.cached[block] += 1);
    })?;
    write_end(task, fs, page, blocks, handle, locked)?;
    drop(i_mutex);
    Filesystem::leave_kernel(task);
    Ok(())
}

/// `ext4_da_write_begin` for the first `len` blocks of a page.
pub(super) fn write_begin<'f>(
    task: &Task,
    fs: &'f Filesystem,
    index: usize,
    len: usize,
    no_memory: bool,
) -> Result<Begun<'f>, Halt> {
    let _in = task.enter(f::EXT4_DA_WRITE_BEGIN);
    let mut handle = fs.journal_start(task, 1)?;
    // __grab_cache_page may allocate, and an allocation may reclaim, with the handle open.
    if let Some(victim) = fs.config.direct_reclaim {
        reclaim::shrink_page_list(task, fs, victim, Some(&mut handle))?;
    }
    if no_memory {
        task.cover("write-without-memory");
        if fs.has(&STOP_ON_ERROR) {
            fs.journal.stop(task, handle)?;
            return Ok(Begun::NoMemory(None));
        }
        // `return -ENOMEM`, before and after the patch.
        return Ok(Begun::NoMemory(Some(handle)));
    }
    let lock = || fs.mapping.page(index).lock_by(task, f::GRAB_CACHE_PAGE);
    let page = task.covering_waits(PAGE_LOCK, "lock-page-waits", lock)?;
    prepare(task, fs, &page, len)?;
    Ok(Begun::Ready(handle, page))
}

/// `block_write_begin` with `ext4_da_get_block_prep`: unmapped blocks are looked up, and reserved
/// if the file does not have them.
fn prepare(task: &Task, fs: &Filesystem, page: &LockedPage<'_>, len: usize) -> Result<(), Halt> {
    let _in = task.enter(f::BLOCK_WRITE_BEGIN);
    let unmapped = page.with_buffers(task, f::BLOCK_WRITE_BEGIN, move |buffers| {
        let unmapped = (0..len).filter(|block| !buffers.heads[*block].mapped);
        unmapped.collect::<Vec<usize>>()
    })?;
    for block in unmapped {
        let file_block = fs.first_block(page.page().index) + block;
        let allocated = (fs.inode.down_i_data_sem(task, f::EXT4_GET_BLOCKS_WRAP)?)
            .read(move |blocks| blocks.contains(file_block));
        page.with_buffers(task, f::EXT4_DA_GET_BLOCK_PREP, move |buffers| {
            buffers.heads[block].mapped = true;
            buffers.heads[block].delay = !allocated;
        })?;
    }
    Ok(())
}

/// `ext4_da_write_end` for the first `len` blocks of a page.
pub(super) fn write_end(
    task: &Task,
    fs: &Filesystem,
    index: usize,
    len: usize,
    mut handle: Handle<'_>,
    page: LockedPage<'_>,
) -> Result<(), Halt> {
    let _in = task.enter(f::EXT4_DA_WRITE_END);
    let new_size = fs.first_block(index) + len;
    // Compared and stored without i_data_sem, in two steps.
    if new_size > fs.inode.disksize(task, f::EXT4_DA_WRITE_END)? {
        let delayed = page.with_buffers(task, f::EXT4_DA_WRITE_END, move |buffers| {
            buffers.heads[..len]
                .iter()
                .any(|head| head.is_unmapped_or_delay())
        })?;
        if !delayed {
            task.cover("write-end-advances-disksize");
            fs.inode
                .set_disksize(task, f::EXT4_DA_WRITE_END, new_size)?;
        }
    }
    let _in = task.enter(f::GENERIC_WRITE_END);
    let newly_dirty = page.with_buffers(task, f::BLOCK_COMMIT_WRITE, move |buffers| {
        let heads = &mut buffers.heads[..len];
        let newly = heads.iter().any(|head| !head.dirty);
        for head in heads {
            head.dirty = true;
        }
        newly
    })?;
    if newly_dirty && !page.page().test_set_dirty(task, f::MARK_BUFFER_DIRTY)? {
        fs.mapping
            .tag_dirty(task, page.page(), f::MARK_BUFFER_DIRTY)?;
    }
    let grows = new_size > fs.inode.i_size_read(task)?;
    if grows {
        fs.inode.i_size_write(task, new_size)?;
    }
    page.unlock_page();
    if grows {
        fs.mark_inode_dirty(task, &mut handle, Blocks::default())?;
    }
    fs.journal.stop(task, handle)
}
