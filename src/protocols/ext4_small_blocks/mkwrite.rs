//! `ext4_page_mkwrite`: prepares the blocks of a page below the end of the file.

use super::config::{BLOCKS, Mode};
use super::journalled::{dirty_metadata, get_write_access};
use super::state::{Allocator, Filesystem};
use super::{FREED, GENERIC_MKWRITE, LOCKED_LOOK, LOCKED_MKWRITE};
use crate::kernel::functions as f;
use crate::kernel::{BufferHead, Found, Handle, LockedPage};
use crate::model::{Halt, Task};

/// What `->page_mkwrite` returns.
pub(super) enum Mkwrite<'f> {
    /// `VM_FAULT_SIGBUS`: the page has left the file.
    Sigbus,
    /// 0: done, and the page is not locked.
    Unlocked,
    /// `VM_FAULT_LOCKED`.
    Locked(LockedPage<'f>),
}

impl<'f> From<Option<LockedPage<'f>>> for Mkwrite<'f> {
    fn from(locked: Option<LockedPage<'f>>) -> Self {
        locked.map_or(Self::Unlocked, Self::Locked)
    }
}

/// `ext4_page_mkwrite` (fs/ext4/inode.c). Truncation is kept out by `i_alloc_sem` for as long as
/// this runs, and no longer.
pub(super) fn page_mkwrite<'f>(
    task: &Task,
    fs: &'f Filesystem,
    index: usize,
) -> Result<Mkwrite<'f>, Halt> {
    let _in = task.enter(f::EXT4_PAGE_MKWRITE);
    let page = fs.mapping.page(index);
    if fs.has(&GENERIC_MKWRITE) {
        return generic_page_mkwrite(task, fs, index);
    }
    let sem = fs.i_alloc_sem.down_read(task, f::DOWN_READ)?;
    let Some(len) = len_in_file(task, fs, index)? else {
        return Ok(Mkwrite::Sigbus);
    };
    let returns_locked = fs.has(&LOCKED_MKWRITE);
    let locked = if returns_locked || fs.has(&LOCKED_LOOK) {
        Some(page.lock_page(task)?)
    } else {
        None
    };
    let prepared = match &locked {
        Some(_) => is_prepared(task, fs, index, len)?,
        None => is_prepared_unlocked(task, fs, index, len)?,
    };
    if prepared {
        return Ok(locked.filter(|_| returns_locked).into());
    }
    task.cover("fault-prepares-blocks");
    if let Some(locked) = locked {
        locked.unlock_page();
    }
    let (handle, locked) = write_begin(task, fs, index, len)?;
    write_end(task, fs, len, handle, locked)?;
    let locked = if returns_locked {
        Some(page.lock_page(task)?)
    } else {
        None
    };
    drop(sem);
    Ok(locked.into())
}

/// `ext4_page_mkwrite` since 9ea7df534ed2: without `i_alloc_sem`. `__block_page_mkwrite` looks at
/// the mapping and at `i_size` under the page lock that it returns with.
fn generic_page_mkwrite<'f>(
    task: &Task,
    fs: &'f Filesystem,
    index: usize,
) -> Result<Mkwrite<'f>, Halt> {
    let page = fs.mapping.page(index);
    let locked = page.lock_page(task)?;
    let Some(len) = len_in_file(task, fs, index)? else {
        return Ok(Mkwrite::Sigbus);
    };
    if is_prepared(task, fs, index, len)? {
        return Ok(Mkwrite::Locked(locked));
    }
    locked.unlock_page();
    task.cover("fault-prepares-blocks");
    let handle = fs.journal_start(task)?;
    let locked = page.lock_page(task)?;
    let Some(len) = len_in_file(task, fs, index)? else {
        task.cover("truncated-in-the-fault");
        locked.unlock_page();
        fs.journal_stop(task, handle)?;
        return Ok(Mkwrite::Sigbus);
    };
    prepare(task, fs, &locked, len, handle.as_ref())?;
    commit_write(task, fs, &locked, len, handle.as_ref())?;
    fs.journal_stop(task, handle)?;
    Ok(Mkwrite::Locked(locked))
}

/// How much of a page lies in the file; nothing if the page has left it.
fn len_in_file(task: &Task, fs: &Filesystem, index: usize) -> Result<Option<usize>, Halt> {
    let size = fs.i_size_read(task)?;
    let page = fs.mapping.page(index);
    let inside = page.has_mapping(task, f::EXT4_PAGE_MKWRITE)? && size > index * BLOCKS;
    Ok(inside.then(|| Filesystem::len(size, index)))
}

/// The same without the page lock: whether there are buffers, and then each of them. Reclaim can take them in between.
/// Where no thread can change them meanwhile, all of it is one step.
fn is_prepared_unlocked(
    task: &Task,
    fs: &Filesystem,
    index: usize,
    len: usize,
) -> Result<bool, Halt> {
    if !fs.config.buffers_change_in_mkwrite() {
        return is_prepared(task, fs, index, len);
    }
    let page = fs.mapping.page(index);
    if !page.read_buffers(task, f::EXT4_PAGE_MKWRITE, |buffers| {
        !buffers.heads.is_empty()
    })? {
        return Ok(false);
    }
    let _in = task.enter(f::WALK_PAGE_BUFFERS);
    for b in 0..len {
        match page.read_buffers(task, f::WALK_PAGE_BUFFERS, move |buffers| {
            buffers.heads.get(b).map(|head| head.mapped)
        })? {
            Some(true) => {}
            Some(false) => return Ok(false),
            None => {
                let message =
                    "page_mkwrite follows the buffers of the page, which reclaim has freed";
                return Err(fs.bug(task, FREED, message));
            }
        }
    }
    Ok(true)
}

/// Whether the first `len` blocks of a page are allocated. One step, under the page lock.
fn is_prepared(task: &Task, fs: &Filesystem, index: usize, len: usize) -> Result<bool, Halt> {
    let page = fs.mapping.page(index);
    page.read_buffers(task, f::EXT4_PAGE_MKWRITE, move |buffers| {
        !buffers.heads.is_empty() && buffers.heads[..len].iter().all(|head| head.mapped)
    })
}

/// `->write_begin` for the first `len` blocks of a page: a handle, the page lock, then an allocation of
/// each block: allocated, or reserved with delayed allocation.
fn write_begin<'f>(
    task: &Task,
    fs: &'f Filesystem,
    index: usize,
    len: usize,
) -> Result<(Option<Handle<'f>>, LockedPage<'f>), Halt> {
    let delalloc = fs.config.mode == Mode::Delalloc;
    let _in = task.enter(if delalloc {
        f::EXT4_DA_WRITE_BEGIN
    } else {
        f::EXT4_WRITE_BEGIN
    });
    let handle = fs.journal_start(task)?;
    let page = fs.mapping.page(index).lock_by(task, f::GRAB_CACHE_PAGE)?;
    prepare(task, fs, &page, len, handle.as_ref())?;
    Ok((handle, page))
}

/// `block_write_begin` with the filesystem's `get_block`, under the page lock; in data=journal the
/// journal is asked for write access then.
fn prepare(
    task: &Task,
    fs: &Filesystem,
    page: &LockedPage<'_>,
    len: usize,
    handle: Option<&Handle<'_>>,
) -> Result<(), Halt> {
    let (index, delalloc) = (page.page().index, fs.config.mode == Mode::Delalloc);
    let unmapped = page.with_buffers(task, f::BLOCK_WRITE_BEGIN, move |buffers| {
        buffers.heads.resize(BLOCKS, BufferHead::HOLE);
        let unmapped = (0..len).filter(|b| !buffers.heads[*b].mapped);
        unmapped.collect::<Vec<usize>>()
    })?;
    for &b in &unmapped {
        let block = index * BLOCKS + b;
        if delalloc {
            let found = fs.extents.look_up(task, f::EXT4_DA_GET_BLOCK_PREP, block)?;
            page.with_buffers(task, f::EXT4_DA_GET_BLOCK_PREP, move |buffers| {
                let head = &mut buffers.heads[b];
                head.mapped = true;
                head.delay = found == Found::Hole;
                head.unwritten = found == Found::Unwritten;
            })?;
        } else {
            fs.allocate(task, Allocator::PageMkwrite, block, 1)?;
            page.with_buffers(task, f::EXT4_GET_BLOCK, move |buffers| {
                let head = &mut buffers.heads[b];
                head.mapped = true;
                head.unwritten = false;
            })?;
        }
    }
    if let (Some(lists), Some(handle)) = (&fs.lists, handle) {
        let _in = task.enter(f::DO_JOURNAL_GET_WRITE_ACCESS);
        for b in 0..len {
            let block = index * BLOCKS + b;
            if !lists.is_freed(task, block)? {
                get_write_access(task, lists, block, handle.tid, unmapped.contains(&b))?;
            }
        }
    }
    Ok(())
}

/// `->write_end` for the first `len` blocks of a page.
fn write_end(
    task: &Task,
    fs: &Filesystem,
    len: usize,
    handle: Option<Handle<'_>>,
    page: LockedPage<'_>,
) -> Result<(), Halt> {
    let _in = task.enter(match fs.config.mode {
        Mode::Ordered => f::EXT4_WRITE_END,
        Mode::Journalled => f::EXT4_JOURNALLED_WRITE_END,
        Mode::Delalloc => f::EXT4_DA_WRITE_END,
    });
    commit_write(task, fs, &page, len, handle.as_ref())?;
    page.unlock_page();
    fs.journal_stop(task, handle)
}

/// `block_commit_write`, or `write_end_fn` of each block in data=journal: the blocks are dirty.
fn commit_write(
    task: &Task,
    fs: &Filesystem,
    page: &LockedPage<'_>,
    len: usize,
    handle: Option<&Handle<'_>>,
) -> Result<(), Halt> {
    if let (Some(lists), Some(handle)) = (&fs.lists, handle) {
        for b in 0..len {
            let block = page.page().index * BLOCKS + b;
            if !lists.is_freed(task, block)? {
                dirty_metadata(task, lists, block, handle.tid)?;
            }
        }
    } else {
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
    }
    Ok(())
}
