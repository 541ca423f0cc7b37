//! Block allocation in the writeback paths.

use super::state::Filesystem;
use super::{CALLERS_HANDLE, NO_BUG, SIZES_TOGETHER};
use crate::kernel::functions as f;
use crate::kernel::{Blocks, Handle};
use crate::model::{Halt, Task};

/// `ext4_da_get_block_write`: maps up to `most` blocks from `block` on, and advances `i_disksize`.
/// Returns how many.
pub(super) fn da_get_block_write(
    task: &Task,
    fs: &Filesystem,
    handle: Option<&mut Handle<'_>>,
    block: usize,
    most: usize,
) -> Result<usize, Halt> {
    let _in = task.enter(f::EXT4_DA_GET_BLOCK_WRITE);
    let map = |handle: &mut Handle<'_>| {
        let mapped = get_blocks_wrap(task, fs, handle, block, most)?;
        advance_disksize(task, fs, handle, block + mapped)?;
        Ok(mapped)
    };
    match handle {
        // Old: a start with a handle open nests in it.
        Some(handle) => map(handle),
        None if fs.has(&CALLERS_HANDLE) => Err(task.bug(NO_BUG, "BUG_ON(handle == NULL)")),
        None => {
            // The inversion: the caller has page locks.
            let mut own = fs.journal_start(task, fs.trans_blocks())?;
            let mapped = map(&mut own)?;
            fs.journal.stop(task, own)?;
            Ok(mapped)
        }
    }
}

/// `ext4_get_blocks_wrap` with `create`: a look-up under `i_data_sem`, and an allocation under it, after
/// another look-up. Returns the blocks mapped in a row.
///
/// Neither look-up finds a block that was delayed: the thread that allocates it clears its `BH_Delay` before it
/// releases the page lock, which this thread has held since it saw the bit. The first one finds what is on disk below
/// a page without buffers.
pub(super) fn get_blocks_wrap(
    task: &Task,
    fs: &Filesystem,
    handle: &mut Handle<'_>,
    block: usize,
    most: usize,
) -> Result<usize, Halt> {
    let _in = task.enter(f::EXT4_GET_BLOCKS_WRAP);
    {
        let map = fs.inode.down_i_data_sem(task, f::EXT4_GET_BLOCKS_WRAP)?;
        if fs.config.without_buffers.is_some() && map.read(move |blocks| blocks.contains(block)) {
            return Ok(1);
        }
    }
    let mut map = fs.inode.down_i_data_sem(task, f::EXT4_GET_BLOCKS_WRAP)?;
    let found = map.read(move |blocks| blocks.contains(block));
    assert!(!found, "block {block} is delayed and allocated");
    let _in = task.enter(f::EXT4_EXT_GET_BLOCKS);
    Filesystem::dirty_metadata(task, handle)?;
    let count = most.min(fs.config.extent);
    map.update(move |blocks| (block..block + count).for_each(|b| blocks.insert(b)));
    fs.mark_inode_dirty(task, handle, Blocks::of(block..block + count))?;
    Ok(count)
}

/// The end of `ext4_da_get_block_write`: `i_disksize` advances to the end of the allocation, at
/// most to `i_size`. Not changed by the patch, whose bound on `i_disksize` in `get_blocks` is for
/// callers with `extend_disksize`.
fn advance_disksize(
    task: &Task,
    fs: &Filesystem,
    handle: &mut Handle<'_>,
    end: usize,
) -> Result<(), Halt> {
    if fs.has(&SIZES_TOGETHER) {
        return wb_update_disksize(task, fs, handle, end);
    }
    let mut disksize = end;
    // Two reads of i_size, without a lock: it may change in between.
    if disksize > fs.inode.i_size_read(task)? {
        disksize = fs.inode.i_size_read(task)?;
    }
    let read = || fs.inode.disksize(task, f::EXT4_DA_GET_BLOCK_WRITE);
    if disksize <= read()? {
        return Ok(());
    }
    {
        let _write = fs.inode.down_i_data_sem(task, f::EXT4_DA_GET_BLOCK_WRITE)?;
        if disksize > read()? {
            fs.inode
                .set_disksize(task, f::EXT4_DA_GET_BLOCK_WRITE, disksize)?;
        }
    }
    if read()? == disksize {
        fs.mark_inode_dirty(task, handle, Blocks::default())?;
    }
    Ok(())
}

/// `ext4_wb_update_i_disksize` of 90e775b71ac4, and what its caller does around it.
fn wb_update_disksize(
    task: &Task,
    fs: &Filesystem,
    handle: &mut Handle<'_>,
    end: usize,
) -> Result<(), Halt> {
    let _in = task.enter(f::EXT4_WB_UPDATE_I_DISKSIZE);
    let read = || fs.inode.disksize(task, f::EXT4_WB_UPDATE_I_DISKSIZE);
    if end <= read()? {
        return Ok(());
    }
    {
        let function = f::EXT4_WB_UPDATE_I_DISKSIZE;
        let _write = fs.inode.down_i_data_sem(task, function)?;
        let disksize = end.min(fs.inode.i_size_read(task)?);
        if disksize > read()? {
            fs.inode.set_disksize(task, function, disksize)?;
        }
    }
    fs.mark_inode_dirty(task, handle, Blocks::default())
}
