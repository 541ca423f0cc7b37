//! The flusher.

use super::file::File;
use super::{DIRTY_METADATA, METADATA};
use crate::engine::{Halt, Task};
use crate::kernel::file_mapping::page_mkclean;
use crate::kernel::functions as f;
use crate::kernel::{FileMapping, LockedPage, Page};

/// The flusher: looks for dirty pages and writes them, as many times as the scenario says.
pub(super) fn flusher(task: &Task, file: &File) -> Result<(), Halt> {
    for _ in 0..file.config.flushes {
        write_cache_pages(task, file)?;
    }
    Ok(())
}

/// `write_cache_pages` (2.6.30) with `WB_SYNC_ALL`: every page that is tagged dirty.
pub(super) fn write_cache_pages(task: &Task, file: &File) -> Result<(), Halt> {
    let _in = task.enter(f::WRITE_CACHE_PAGES);
    let found = file.pages().find_get_pages_tag(task, 0, usize::MAX)?;
    for page in found {
        let locked = page.lock_page(task)?;
        if locked.waited_for().is_some() {
            task.reach("writeback-waits-for-page");
        }
        if !page.has_mapping(task, f::WRITE_CACHE_PAGES)?
            || !page.is_dirty(task, f::WRITE_CACHE_PAGES)?
        {
            continue;
        }
        if page.is_writeback(task, f::WRITE_CACHE_PAGES)? {
            page.wait_on_page_writeback(task)?;
        }
        let was_writable = clear_ptes_dirty(task, file, page)?;
        if page.test_clear_dirty(task)? {
            writepage(task, file, locked, was_writable)?;
        }
    }
    Ok(())
}

/// The steps of `clear_page_dirty_for_io` before its last, which is `TestClearPageDirty`. Returns
/// whether a pte was writable or dirty.
fn clear_ptes_dirty(task: &Task, file: &File, page: &Page) -> Result<bool, Halt> {
    let _in = task.enter(f::CLEAR_PAGE_DIRTY_FOR_IO);
    let was_writable = page_mkclean(task, file, page)?;
    if was_writable {
        file.set_page_dirty(task, page)?;
    }
    Ok(was_writable)
}

/// `->writepage`: submits the page and unlocks it; and the end of the write, at which the
/// filesystem has no more use for the metadata. See the module's *Abstracts away*.
fn writepage(
    task: &Task,
    file: &File,
    page: LockedPage<'_>,
    was_writable: bool,
) -> Result<(), Halt> {
    let _in = task.enter(f::WRITEPAGE);
    let mut metadata = file.metadata.lock(task, f::WRITEPAGE)?;
    if file.has_page_mkwrite() && !metadata.read(|state| state.attached) {
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
    metadata.update(move |state| state.on_disk = content);
    file.pages().test_set_page_writeback(task, &page)?;
    page.page().end_page_writeback(task)?;
    page.unlock_page();
    metadata.update(|state| state.attached = false);
    task.reach("page-written");
    Ok(())
}
