//! Truncation of the file.

use super::SIZES_TOGETHER;
use super::state::Filesystem;
use crate::kernel::functions as f;
use crate::kernel::truncation::truncate_inode_pages;
use crate::kernel::{AddressSpace, BufferHead, FileMapping, LockedPage, Logged, Page, Pte};
use crate::model::{Halt, Task};

/// `ext4_setattr` to fewer blocks: in a first transaction the inode goes to the orphan list with its
/// new size; then the pages go, and in a second one the blocks.
pub(super) fn setattr(task: &Task, fs: &Filesystem, size: usize) -> Result<(), Halt> {
    let _i_mutex = fs.inode.lock_i_mutex(task, f::NOTIFY_CHANGE)?;
    let _sem = fs.alloc_sem_write(task)?;
    let _in = task.enter(f::EXT4_SETATTR);
    let handle = fs.journal_start(task, 3)?;
    if fs.has(&SIZES_TOGETHER) {
        let _write = fs.inode.down_i_data_sem(task, f::EXT4_SETATTR)?;
        fs.inode.set_disksize(task, f::EXT4_SETATTR, size)?;
        fs.log(task, Logged::Orphan)?;
        fs.inode.i_size_write(task, size)?;
    } else {
        fs.inode.set_disksize(task, f::EXT4_SETATTR, size)?;
        fs.log(task, Logged::Orphan)?;
    }
    fs.journal.stop(task, handle)?;
    {
        let _in = task.enter(f::VMTRUNCATE);
        if !fs.has(&SIZES_TOGETHER) {
            fs.inode.i_size_write(task, size)?;
        }
        truncate_inode_pages(task, fs, size)?;
        ext_truncate(task, fs)?;
    }
    Filesystem::leave_kernel(task);
    Ok(())
}

/// `ext4_ext_truncate`: under `i_data_sem`, `i_disksize` becomes `i_size`, and the blocks beyond it
/// are freed.
fn ext_truncate(task: &Task, fs: &Filesystem) -> Result<(), Halt> {
    let _in = task.enter(f::EXT4_EXT_TRUNCATE);
    let handle = fs.journal_start(task, fs.trans_blocks() + 3)?;
    let size = {
        let mut map = fs.inode.down_i_data_sem(task, f::EXT4_EXT_TRUNCATE)?;
        let size = fs.inode.i_size_read(task)?;
        fs.inode.set_disksize(task, f::EXT4_EXT_TRUNCATE, size)?;
        fs.log(task, Logged::Orphan)?;
        map.update(move |blocks| blocks.truncate(size));
        size
    };
    fs.log(task, Logged::Freed(size))?;
    fs.journal.stop(task, handle)
}

/// The file as the VM sees it. No process maps it here.
impl FileMapping for Filesystem {
    fn pages(&self) -> &AddressSpace {
        &self.mapping
    }

    fn ptes(&self, _page: usize) -> &[Pte] {
        &[]
    }

    fn blocks_per_page(&self) -> usize {
        Self::blocks_per_page(self)
    }

    fn set_page_dirty(&self, task: &Task, page: &Page) -> Result<(), Halt> {
        self.mapping.set_page_dirty_buffers(task, page)
    }

    /// `ext4_da_invalidatepage`: reservations and buffers go.
    fn invalidate_page(&self, task: &Task, page: &LockedPage<'_>, from: usize) -> Result<(), Halt> {
        page.with_buffers(task, f::EXT4_DA_INVALIDATEPAGE, move |buffers| {
            for block in from..buffers.heads.len() {
                buffers.heads[block] = BufferHead::HOLE;
                buffers.cached[block] = buffers.on_disk[block];
            }
        })
    }
}
