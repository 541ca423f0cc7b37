//! The flusher.

use super::file::{File, Filesystem};
use super::{DIRTY_METADATA, METADATA};
use crate::engine::{Halt, Task};
use crate::kernel::class::PAGE_LOCK;
use crate::kernel::cleaning::clean_ptes;
use crate::kernel::functions as f;
use crate::kernel::{FileMapping, LockedPage, Page};

/// What the caller of writeback wants (`wbc->sync_mode`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum SyncMode {
    /// `WB_SYNC_NONE`: a page that is being written is left alone.
    None,
    /// `WB_SYNC_ALL`: it is waited for.
    All,
}

/// The flusher: looks for dirty pages and writes them, as many times as the scenario says.
pub(super) fn flusher(task: &Task, file: &File) -> Result<(), Halt> {
    for _ in 0..file.config.flushes {
        task.scope(|| write_cache_pages(task, file, SyncMode::None))?;
    }
    Ok(())
}

/// `write_cache_pages` (2.6.30): every page that is tagged dirty.
pub(super) fn write_cache_pages(task: &Task, file: &File, mode: SyncMode) -> Result<(), Halt> {
    let _in = task.enter(f::WRITE_CACHE_PAGES);
    let found = file.pages().find_get_pages_tag(task, 0, usize::MAX)?;
    for page in found {
        task.scope(|| write_page(task, file, page, mode))?;
    }
    Ok(())
}

/// The body of its loop.
fn write_page(task: &Task, file: &File, page: &Page, mode: SyncMode) -> Result<(), Halt> {
    let mark = "writeback-waits-for-page";
    let locked = task.marking_waits(PAGE_LOCK, mark, || page.lock_page(task))?;
    if !page.has_mapping(task, f::WRITE_CACHE_PAGES)?
        || !page.is_dirty(task, f::WRITE_CACHE_PAGES)?
    {
        return Ok(());
    }
    match mode {
        SyncMode::None if page.is_writeback(task, f::WRITE_CACHE_PAGES)? => return Ok(()),
        SyncMode::None => {}
        SyncMode::All => file.wait_on_page_writeback(task, &locked)?,
    }
    let was_writable = clean_ptes(task, file, &locked)?;
    if page.test_clear_dirty(task)? {
        writepage(task, file, locked, was_writable)?;
    }
    Ok(())
}

/// `->writepage`: submits the page and unlocks it. Then the I/O; then its end, at which the
/// filesystem has no more use for the metadata.
fn writepage(
    task: &Task,
    file: &File,
    page: LockedPage<'_>,
    was_writable: bool,
) -> Result<(), Halt> {
    let _in = task.enter(f::WRITEPAGE);
    let mut metadata = file.metadata.lock(task, f::WRITEPAGE)?;
    if file.has_page_mkwrite() && !file.metadata.is_attached(task, f::WRITEPAGE)? {
        let property = if was_writable {
            METADATA
        } else {
            DIRTY_METADATA
        };
        task.check(property, false, || {
            "the page was dirty, and the filesystem has no metadata to write it by".to_string()
        });
        return Ok(());
    }
    let content = file.metadata.content(task, f::WRITEPAGE)?;
    metadata.update(move |on_disk| on_disk.0 = content);
    let write = file.metadata.start_write(task)?;
    file.pages().test_set_page_writeback(task, &page)?;
    let written = page.page();
    page.unlock_page();
    // A careless filesystem lets page_mkwrite have the metadata while the write is under way.
    let held = (file.config.filesystem != Filesystem::Careless).then_some(metadata);
    written.end_page_writeback(task)?;
    drop(write);
    file.metadata.set_attached(task, f::WRITE_END_IO, false)?;
    drop(held);
    task.reach("page-written");
    Ok(())
}
