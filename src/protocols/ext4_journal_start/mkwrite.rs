//! `ext4_page_mkwrite`: a handle, then the page lock, before and after the patch.

use super::state::Filesystem;
use super::write::{Begun, write_begin, write_end};
use crate::kernel::{Page, functions as f};
use crate::model::{Halt, Task};

/// `ext4_page_mkwrite` (61628a3f; the order is that of `cf108bca465d`, the same day).
///
/// What the VM does with the page after this returns is the subject of another patch.
pub(super) fn page_mkwrite(task: &Task, fs: &Filesystem, index: usize) -> Result<(), Halt> {
    let _in = task.enter(f::EXT4_PAGE_MKWRITE);
    let _sem = fs.alloc_sem_read(task)?;
    let page = fs.mapping.page(index);
    // None of these reads has the page lock.
    let size = fs.inode.i_size_read(task)?;
    let len = fs.blocks_below(size, index);
    if !page.has_mapping(task, f::EXT4_PAGE_MKWRITE)? || len == 0 {
        return Ok(());
    }
    if is_mapped(task, page, len)? {
        return Ok(());
    }
    task.cover("fault-fills-a-hole");
    match write_begin(task, fs, index, len, false)? {
        Begun::Ready(handle, locked) => write_end(task, fs, index, len, handle, locked)?,
        Begun::NoMemory(_) => {}
    }
    Filesystem::leave_kernel(task);
    Ok(())
}

/// `walk_page_buffers` with `ext4_bh_unmapped`: looks at one buffer after the other, without the page lock.
fn is_mapped(task: &Task, page: &Page, len: usize) -> Result<bool, Halt> {
    let _in = task.enter(f::WALK_PAGE_BUFFERS);
    for b in 0..len {
        let mapped = page.read_buffers(task, f::WALK_PAGE_BUFFERS, move |buffers| {
            buffers.heads.get(b).is_some_and(|head| head.mapped)
        })?;
        if !mapped {
            return Ok(false);
        }
    }
    Ok(true)
}
