//! Writeback of the page: the flusher, `fsync`, and `->writepage`.

use super::config::Filesystem;
use super::state::File;
use super::{DIRTY_METADATA, METADATA};
use crate::kernel::functions as f;
use crate::kernel::writeback::{Lookups, OnWriteback, write_cache_pages};
use crate::kernel::{FileMapping, LockedPage, SyncMode, WritebackControl, WritebackLoop};
use crate::model::{Halt, Task};
use std::convert::Infallible;

/// The flusher: looks for dirty pages and writes them, as many times as the scenario says.
pub(super) fn flusher(task: &Task, file: &File) -> Result<(), Halt> {
    for _ in 0..file.config.flushes {
        task.scope(|| writepages(task, file, SyncMode::None))?;
    }
    Ok(())
}

/// `generic_writepages`: every page that is tagged dirty.
pub(super) fn writepages(task: &Task, file: &File, mode: SyncMode) -> Result<(), Halt> {
    let rules = WritebackLoop {
        // The file has one page.
        lookups: Lookups::One,
        // The filesystem's metadata says when the I/O is done: there is no bit to look at first.
        writeback: OnWriteback::Wait,
        ..WritebackLoop::V2_6_30
    };
    task.scope(|| {
        let mut wbc = WritebackControl::new(mode);
        let Ok(()) = write_cache_pages(task, file, &mut wbc, rules, |page, _, was_writable| {
            writepage(task, file, page, was_writable)?;
            Ok(Ok::<(), Infallible>(()))
        })?;
        Ok(())
    })
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
    if file.has_page_mkwrite() && !page.page().is_private(task, f::WRITEPAGE)? {
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
    // page_mkwrite may have the metadata while the write is under way, or has to wait.
    let held = (!file.waits_for_nothing()).then_some(metadata);
    written.end_page_writeback(task)?;
    drop(write);
    if file.config.filesystem != Filesystem::Allocated {
        written.set_private(task, f::WRITE_END_IO, false)?;
    }
    drop(held);
    task.cover("page-written");
    Ok(())
}
