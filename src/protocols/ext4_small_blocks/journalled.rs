//! `__ext4_journalled_writepage` (data=journal): unlock the page, start a handle, file the buffers.

use super::config::BLOCKS;
use super::state::Filesystem;
use super::writepage::{Written, block_prepare_write};
use super::{
    ACROSS_THE_GAP, FILED, FREED, KEEP_DIRTY, LEN_ONCE, LOCK_KEPT, NO_BH_REFS, NO_BUG, PUT_LATE,
    RECHECK_MAPPING, RECHECK_SIZE, RELOCK, STILL_DIRTY,
};
use crate::kernel::cleaning::clear_page_dirty_for_io;
use crate::kernel::functions as f;
use crate::kernel::{DirtyMetadata, JournalLists, LockedPage, Page};
use crate::model::{Halt, Task};

/// `__ext4_journalled_writepage`, with the page locked, its dirty bit cleared and `PageChecked`
/// set. `len` blocks of it lie below the end of the file, by the caller's sample of `i_size`. A thread that has a handle,
/// of the transaction `current`, joins it: `jbd2_journal_start` counts one more user, and waits for nothing.
pub(super) fn writepage(
    task: &Task,
    fs: &Filesystem,
    locked: LockedPage<'_>,
    len: usize,
    current: Option<u32>,
) -> Result<Written, Halt> {
    let page = locked.page();
    let checked = &fs.checked[page.index];
    if !fs.has(&KEEP_DIRTY) {
        checked.write(task, f::EXT4_WRITEPAGE, false)?;
    }
    let _in = task.enter(f::EXT4_JOURNALLED_WRITEPAGE_INNER);
    let mut len = len;
    if !fs.has(&LEN_ONCE) {
        len = Filesystem::len(fs.i_size_read(task)?, page.index);
        block_prepare_write(task, fs, &locked, len)?;
    }
    if !fs.has(&NO_BH_REFS) {
        let refs = len;
        task.step(&fs.pins[page.index], f::GET_BH, move |pins| {
            pins.buffers += refs;
        })?;
    }
    if fs.has(&KEEP_DIRTY) {
        fs.mapping.redirty_page_for_writepage(task, &locked)?;
    }
    if fs.has(&ACROSS_THE_GAP) {
        fs.mapping.test_set_page_writeback(task, &locked)?;
    }
    // The gap: transaction start ranks above page lock.
    let mut locked = Some(locked);
    if !fs.has(&LOCK_KEPT) {
        drop(locked.take());
    }
    let handle = match current {
        None => fs.journal_start(task)?,
        Some(_) => None,
    };
    let tid = current.or(handle.as_ref().map(|handle| handle.tid));
    if fs.has(&RELOCK) {
        locked = Some(page.lock_page(task)?);
    }
    let still = still_to_write(task, fs, page, locked.as_ref(), len)?;
    if let (Some(len), Some(lists), Some(tid)) = (still, &fs.lists, tid) {
        file_buffers(task, fs, page, lists, tid, len)?;
    }
    fs.journal_stop(task, handle)?;
    // bdf96838aea6 puts its references under the lock, and keeps those of a page that has left the
    // file forever.
    let late = locked.is_none() || fs.has(&PUT_LATE);
    if !late && still.is_some() {
        put_buffers(task, fs, page, len)?;
    }
    drop(locked);
    if fs.has(&ACROSS_THE_GAP) {
        page.end_page_writeback(task)?;
    }
    if late {
        put_buffers(task, fs, page, len)?;
    }
    Ok(Written::Cleaned)
}

/// `bput_one` of each buffer that `bget_one` was called for. The walk goes over all buffers of the
/// page, however many it puts.
fn put_buffers(task: &Task, fs: &Filesystem, page: &Page, refs: usize) -> Result<(), Halt> {
    if fs.has(&NO_BH_REFS) {
        return Ok(());
    }
    touch_buffers(task, page)?;
    task.step(&fs.pins[page.index], f::PUT_BH, move |pins| {
        pins.buffers -= refs;
    })
}

/// After the gap: whether the page is still to be written, and how much of it. Without the lock
/// there is nothing to ask.
fn still_to_write(
    task: &Task,
    fs: &Filesystem,
    page: &Page,
    locked: Option<&LockedPage<'_>>,
    len: usize,
) -> Result<Option<usize>, Halt> {
    let Some(locked) = locked else {
        return Ok(Some(len));
    };
    if fs.has(&KEEP_DIRTY) {
        fs.checked[page.index].write(task, f::EXT4_JOURNALLED_WRITEPAGE_INNER, false)?;
    }
    let first = page.index * BLOCKS;
    let mut len = len;
    if fs.has(&RECHECK_MAPPING) && !page.has_mapping(task, f::EXT4_JOURNALLED_WRITEPAGE_INNER)? {
        task.cover("truncated-in-the-gap");
        return Ok(None);
    }
    if fs.has(&RECHECK_SIZE) {
        let size = fs.i_size_read(task)?;
        // 5c48a7df9149 lets a page pass that begins at the end of the file: there is nothing of
        // it to file then.
        if first > size || (fs.has(&STILL_DIRTY) && first == size) {
            return Ok(None);
        }
        let now = Filesystem::len(size, page.index);
        if now != len {
            task.cover("size-changes-in-the-gap");
        }
        len = now;
    }
    if fs.has(&STILL_DIRTY) && !clear_page_dirty_for_io(task, fs, locked)? {
        return Ok(None);
    }
    Ok(Some(len))
}

/// The two walks over the buffers: `do_journal_get_write_access`, then `write_end_fn`.
fn file_buffers(
    task: &Task,
    fs: &Filesystem,
    page: &Page,
    lists: &JournalLists,
    tid: u32,
    len: usize,
) -> Result<(), Halt> {
    if fs.has(&NO_BH_REFS) && buffers(task, page, 0)?.is_none() {
        return Err(task.bug(NO_BUG, "page_buffers(): BUG_ON(!PagePrivate(page))"));
    }
    let first = page.index * BLOCKS;
    for b in 0..len {
        let _in = task.enter(f::DO_JOURNAL_GET_WRITE_ACCESS);
        if !is_mapped(task, page, b)? {
            task.cover("walk-past-a-hole");
        } else if !lists.is_freed(task, first + b)? {
            get_write_access(task, lists, first + b, tid, false)?;
        }
    }
    for b in 0..len {
        let _in = task.enter(f::WRITE_END_FN);
        if is_mapped(task, page, b)? && !lists.is_freed(task, first + b)? {
            dirty_metadata(task, lists, first + b, tid)?;
        }
    }
    Ok(())
}

/// `jbd2_journal_get_write_access`.
pub(super) fn get_write_access(
    task: &Task,
    lists: &JournalLists,
    block: usize,
    tid: u32,
    mapped_anew: bool,
) -> Result<(), Halt> {
    let truncated = lists.get_write_access(task, block, tid, mapped_anew)?;
    check_filed(task, block, tid, truncated == Some(true));
    Ok(())
}

/// `jbd2_journal_dirty_metadata`.
pub(super) fn dirty_metadata(
    task: &Task,
    lists: &JournalLists,
    block: usize,
    tid: u32,
) -> Result<(), Halt> {
    match lists.dirty_metadata(task, block, tid)? {
        DirtyMetadata::Filed { truncated } => check_filed(task, block, tid, truncated),
        DirtyMetadata::BadHead => {
            let message = format!("the buffer of block {block} is on no list of T{tid}: bad jh");
            return Err(task.bug(NO_BUG, message));
        }
    }
    Ok(())
}

fn check_filed(task: &Task, block: usize, tid: u32, truncated: bool) {
    task.check(FILED, !truncated, || {
        format!("files the buffer of block {block} to T{tid}; the block was truncated before")
    });
}

/// Whether a buffer is mapped, with or without the page lock.
fn is_mapped(task: &Task, page: &Page, b: usize) -> Result<bool, Halt> {
    match buffers(task, page, b)? {
        Some(mapped) => Ok(mapped),
        None => Err(freed(task)),
    }
}

/// Follows the list of the page's buffers.
fn touch_buffers(task: &Task, page: &Page) -> Result<(), Halt> {
    match buffers(task, page, 0)? {
        Some(_) => Ok(()),
        None => Err(freed(task)),
    }
}

fn freed(task: &Task) -> Halt {
    task.bug(FREED, "follows the buffers of the page, which are freed")
}

/// Whether a buffer is mapped, if the page still has buffers.
fn buffers(task: &Task, page: &Page, b: usize) -> Result<Option<bool>, Halt> {
    page.read_buffers(task, f::WALK_PAGE_BUFFERS, move |buffers| {
        buffers.heads.get(b).map(|head| head.mapped)
    })
}
