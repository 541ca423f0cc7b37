//! Reclaim of one page: under its lock, a dirty page is written, and a clean one may be freed.
//!
//! *Mirrors* `shrink_page_list` and `pageout` of mm/vmscan.c, for one page.
//!
//! *Abstracts away* the list, the page's age and its references. The kernel only tries the page lock; a
//! try that fails is the execution in which reclaim does not run, so here the lock is waited for.

use super::functions as f;
use super::writeback::{DirtyPages, MappedPages, WritebackControl};
use super::{FileMapping, LockedPage, Page, PteState};
use crate::model::{Halt, Task};
use std::convert::Infallible;

/// What reclaim looks at before it writes a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PageChecks {
    /// `page->mapping`, `PageWriteback`, the ptes, `PageDirty`: each in a step of its own, as in the kernel.
    All,
    /// `PageDirty` alone: for a model in which a truncated page is clean, a page is never under
    /// writeback without its lock, and no pte maps it.
    DirtyOnly,
    /// `PageWriteback` and `PageDirty` in one step, in which `PageDirty` is cleared: for a model in
    /// which no page is truncated and no pte maps it.
    OneStep,
}

/// `shrink_page_list` of one page: a dirty page is written by `pageout`; a clean one is left to `release`
/// (`try_to_release_page`), locked.
pub fn shrink_page_list<P: DirtyPages>(
    task: &Task,
    file: &mut P,
    page: P::Page,
    checks: PageChecks,
    release: impl FnOnce(P::Locked) -> Result<(), Halt>,
) -> Result<(), Halt> {
    let by = f::SHRINK_PAGE_LIST;
    let _in = task.enter(by);
    let locked = file.lock_page(task, page)?;
    if checks == PageChecks::OneStep {
        if file.clear_unless_writeback(task, page, &locked, by)? {
            pageout(task, file, locked)?;
        }
        return Ok(());
    }
    if checks == PageChecks::All {
        if !file.has_mapping(task, page, by)? || file.is_writeback(task, page, by)? {
            return Ok(());
        }
        file.try_to_unmap(task, page)?;
    }
    if !file.is_dirty(task, page, by)? {
        return release(locked);
    }
    let _in = task.enter(f::PAGEOUT);
    if file.clear_page_dirty_for_io(task, &locked)? {
        pageout(task, file, locked)?;
    }
    Ok(())
}

/// The end of `pageout`: what `->writepage` returns goes to the state of the mapping.
fn pageout<P: DirtyPages>(task: &Task, file: &mut P, page: P::Locked) -> Result<(), Halt> {
    let _ = file.writepage(task, page, &WritebackControl::reclaim())?;
    Ok(())
}

/// [`shrink_page_list`] of a page of a mapped file, with a closure for `->writepage`.
pub fn reclaim_page<'f, F: FileMapping>(
    task: &Task,
    file: &'f F,
    page: usize,
    checks: PageChecks,
    mut writepage: impl FnMut(LockedPage<'f>, &WritebackControl) -> Result<(), Halt>,
    release: impl FnOnce(LockedPage<'f>) -> Result<(), Halt>,
) -> Result<(), Halt> {
    let writepage = |page, wbc: &WritebackControl, _was_mapped| {
        writepage(page, wbc)?;
        Ok(Ok::<(), Infallible>(()))
    };
    let mut pages = MappedPages::new(file, writepage);
    let page = file.pages().page(page);
    shrink_page_list(task, &mut pages, page, checks, release)
}

/// `try_to_unmap` (mm/rmap.c): takes a page's ptes away. The dirty bit of a pte goes to the page, under the
/// pte's lock.
#[track_caller]
pub fn try_to_unmap(task: &Task, file: &impl FileMapping, page: &Page) -> Result<(), Halt> {
    for pte in file.ptes(page.index) {
        let mut guard = pte.lock(task, f::TRY_TO_UNMAP)?;
        let was: PteState = guard.update(std::mem::take);
        if was.dirty {
            file.set_page_dirty(task, page)?;
        }
    }
    Ok(())
}
