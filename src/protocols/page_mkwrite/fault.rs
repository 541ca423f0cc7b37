//! A store through a mapping, and the two fault paths that it may take.

use super::mkwrite::{Mkwrite, page_mkwrite};
use super::state::File;
use super::writepages;
use super::{
    BALANCE_AFTER_UNLOCK, CALL_UNLOCKED, DIRTY_UNDER_LOCK, HOLD_UNTIL_DIRTY, LOCK_FOR_IT,
    LOCK_TO_DIRTY, LOCKS, MAPPING_BEFORE_UNLOCK, NO_NULL_MAPPING, PTE_SAME, RECHECK_IN_FAULT,
    RECHECK_IN_WP, TEST_MAPPING, TIME_AFTER_UNLOCK, UNLOCK_WHERE_LOST, WAIT_BEFORE_DIRTY,
};
use crate::kernel::class::PAGE_LOCK;
use crate::kernel::functions as f;
use crate::kernel::{LockedPage, Pte, PteState, SyncMode};
use crate::model::{Function, Guard, Halt, Task};

/// How a fault ends.
#[derive(Hash)]
enum Fault {
    /// The store is tried again.
    Retry,
    /// The page is no longer of the file, or cannot be made writable: the store never happens.
    Fails,
}

/// What a thread does to the page, once it finds its pte writable.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Access {
    /// It stores into the page.
    Store,
    /// It pins the page for a device (`get_user_pages` with `write`).
    Pin,
}

/// A thread of a program that maps the page: stores into it, through as many faults as it takes.
pub(super) fn store(task: &Task, file: &File, pte: usize) -> Result<(), Halt> {
    if access(task, file, pte, Access::Store)? {
        fsync(task, file)?;
    }
    Ok(())
}

/// A driver that has a device write into the user's page, as direct I/O and RDMA have: it pins the page by a write
/// fault; later the device stores, and the driver dirties the page (`set_page_dirty_lock`) and unpins it.
pub(super) fn pin(task: &Task, file: &File, pte: usize) -> Result<(), Halt> {
    let pinned = {
        let _in = task.enter(f::GET_USER_PAGES);
        access(task, file, pte, Access::Pin)?
    };
    if !pinned {
        return Ok(());
    }
    file.store(task, f::DEVICE_STORE)?;
    let _in = task.enter(f::SET_PAGE_DIRTY_LOCK);
    let page = file.page().lock_by(task, f::SET_PAGE_DIRTY_LOCK)?;
    file.set_page_dirty_checked(task)?;
    page.unlock_page();
    Ok(())
}

/// Whether the thread has accessed the page, and not failed.
fn access(task: &Task, file: &File, pte: usize, access: Access) -> Result<bool, Halt> {
    let pte = file.pte(pte);
    // balance_dirty_pages_ratelimited throttles one call in so many. Here that is the first, or none:
    // a thread that were throttled every time would clean its own page before each store.
    let mut throttle = file.config.throttled;
    loop {
        match task.scope(|| try_access(task, file, pte, access, throttle))? {
            None => return Ok(true),
            Some(Fault::Fails) => return Ok(false),
            Some(Fault::Retry) => throttle = false,
        }
    }
}

/// One critical section of the pte's lock: the hardware looks at the entry, sets its dirty bit and
/// stores, and `page_mkclean` waits until no processor still does. An access that faults reaches
/// `handle_pte_fault`, which takes the same lock and compares the entry with the one it came for; if that
/// has changed, the fault is as good as not taken. Returns the fault, if the access takes one.
fn try_access(
    task: &Task,
    file: &File,
    pte: &Pte,
    access: Access,
    throttle: bool,
) -> Result<Option<Fault>, Halt> {
    let function = match access {
        Access::Store => f::USER_STORE,
        Access::Pin => f::GET_USER_PAGES,
    };
    let mut guard = pte.lock(task, function)?;
    let entry = guard.read(|entry| *entry);
    if entry.write {
        if access == Access::Store {
            guard.update(|entry| entry.dirty = true);
            file.check_metadata(task, f::USER_STORE)?;
            file.store(task, f::USER_STORE)?;
        }
        return Ok(None);
    }
    let _in = task.enter(f::HANDLE_PTE_FAULT);
    if entry.present {
        do_wp_page(task, file, pte, guard, throttle).map(Some)
    } else {
        drop(guard);
        do_fault(task, file, pte, throttle).map(Some)
    }
}

fn fsync(task: &Task, file: &File) -> Result<(), Halt> {
    if file.config.fsync {
        let _in = task.enter(f::DO_FSYNC);
        writepages::writepages(task, file, SyncMode::All)?;
    }
    Ok(())
}

/// `do_wp_page` of a shared writable mapping, the pte's lock held on entry.
fn do_wp_page<'f>(
    task: &Task,
    file: &'f File,
    pte: &'f Pte,
    mut guard: Guard<'f, PteState>,
    throttle: bool,
) -> Result<Fault, Halt> {
    let _in = task.enter(f::DO_WP_PAGE);
    let mut locked = None;
    if file.has_page_mkwrite() {
        let orig = guard.read(|entry| *entry);
        drop(guard);
        let held = if is_called_locked(file) {
            Some(file.page().lock_by(task, f::DO_WP_PAGE)?)
        } else {
            None
        };
        locked = match page_mkwrite(task, file, held)? {
            Mkwrite::Failed | Mkwrite::NoPage => return Ok(Fault::Fails),
            Mkwrite::Locked(page) => Some(page),
            Mkwrite::Unlocked if file.has(&LOCK_FOR_IT) => {
                let page = lock_for_it(task, file)?;
                if file.has(&RECHECK_IN_WP) && !is_in_file(task, &page, f::DO_WP_PAGE)? {
                    return Ok(Fault::Retry);
                }
                Some(page)
            }
            // Old: the page is unlocked from here on.
            Mkwrite::Unlocked => None,
        };
        guard = pte.lock(task, f::DO_WP_PAGE)?;
        if file.has(&PTE_SAME) && guard.read(|entry| *entry) != orig {
            task.cover("pte-changed");
            drop(guard);
            if locked.is_some() && !file.has(&UNLOCK_WHERE_LOST) {
                return Err(File::forget_to_unlock(task));
            }
            return Ok(Fault::Retry);
        }
    }
    make_writable(task, file, f::DO_WP_PAGE, guard)?;
    match locked {
        None => {
            if !file.has(&TIME_AFTER_UNLOCK) {
                file_update_time(task, file)?;
            }
            dirty_unlocked(task, file)?;
            balance_dirty_pages(task, file, throttle, None)?;
            if file.has(&TIME_AFTER_UNLOCK) {
                file_update_time(task, file)?;
            }
        }
        Some(page) => {
            let under_lock = file.has(&HOLD_UNTIL_DIRTY);
            dirty_and_unlock(task, file, f::DO_WP_PAGE, page, under_lock, throttle)?;
        }
    }
    Ok(Fault::Retry)
}

/// `__do_fault` of a store into a shared mapping.
fn do_fault(task: &Task, file: &File, pte: &Pte, throttle: bool) -> Result<Fault, Halt> {
    let _in = task.enter(f::DO_FAULT);
    let Some(mut page) = filemap_fault(task, file)? else {
        return Ok(Fault::Fails);
    };
    if file.has_page_mkwrite() {
        let held = if is_called_locked(file) {
            Some(page)
        } else {
            page.unlock_page();
            None
        };
        page = match page_mkwrite(task, file, held)? {
            Mkwrite::Failed | Mkwrite::NoPage => return Ok(Fault::Fails),
            Mkwrite::Locked(page) => page,
            Mkwrite::Unlocked => {
                let page = lock_for_it(task, file)?;
                if file.has(&RECHECK_IN_FAULT) && !is_in_file(task, &page, f::DO_FAULT)? {
                    return Ok(Fault::Retry);
                }
                page
            }
        };
    }
    let guard = pte.lock(task, f::DO_FAULT)?;
    if guard.read(|entry| entry.present) {
        task.cover("pte-changed");
        return Ok(Fault::Retry);
    }
    make_writable(task, file, f::DO_FAULT, guard)?;
    let under_lock = if file.has_page_mkwrite() {
        file.has(&HOLD_UNTIL_DIRTY)
    } else {
        file.has(&DIRTY_UNDER_LOCK)
    };
    dirty_and_unlock(task, file, f::DO_FAULT, page, under_lock, throttle)?;
    Ok(Fault::Retry)
}

/// `filemap_fault`: the page, locked; `None` where the file has no such page any more.
fn filemap_fault<'f>(task: &Task, file: &'f File) -> Result<Option<LockedPage<'f>>, Halt> {
    let _in = task.enter(f::FILEMAP_FAULT);
    if file.is_beyond_end(task)? {
        return Ok(None);
    }
    let page = file.page().lock_by(task, f::FILEMAP_FAULT)?;
    // Without a mapping the page is looked up anew, and i_size, which is lower by then, is looked at
    // again: no page either.
    if !page.page().has_mapping(task, f::FILEMAP_FAULT)? || file.is_beyond_end(task)? {
        task.cover("fault-finds-no-page");
        return Ok(None);
    }
    Ok(Some(page))
}

/// Whether the VM keeps the page locked for the call of `->page_mkwrite`. It never did: this is
/// what the patch would be without the clause.
fn is_called_locked(file: &File) -> bool {
    file.has(&HOLD_UNTIL_DIRTY) && !file.has(&CALL_UNLOCKED)
}

fn lock_for_it<'f>(task: &Task, file: &'f File) -> Result<LockedPage<'f>, Halt> {
    let lock = || file.page().lock_page(task);
    task.covering_waits(PAGE_LOCK, "fault-waits-for-page", lock)
}

fn is_in_file(task: &Task, page: &LockedPage<'_>, function: Function) -> Result<bool, Halt> {
    let in_file = page.page().has_mapping(task, function)?;
    if !in_file {
        task.cover("page-left-file");
    }
    Ok(in_file)
}

/// Sets the pte, looks at P-I1, and releases its lock.
fn make_writable(
    task: &Task,
    file: &File,
    function: Function,
    mut guard: Guard<'_, PteState>,
) -> Result<(), Halt> {
    guard.update(|entry| {
        *entry = PteState {
            present: true,
            write: true,
            dirty: true,
        };
    });
    file.check_metadata(task, function)
}

/// `page->mapping`, for `balance_dirty_pages`, while the page is still locked: in a design that looks
/// at it there. Who is not throttled does nothing with it.
fn mapping_before_unlock(
    task: &Task,
    file: &File,
    function: Function,
    throttle: bool,
) -> Result<Option<bool>, Halt> {
    if !throttle || !file.has(&MAPPING_BEFORE_UNLOCK) {
        return Ok(None);
    }
    Ok(Some(file.page().has_mapping(task, function)?))
}

/// The end of a fault that has the page locked: the page becomes dirty, and is unlocked, in the
/// order of the design.
fn dirty_and_unlock(
    task: &Task,
    file: &File,
    function: Function,
    page: LockedPage<'_>,
    under_lock: bool,
    throttle: bool,
) -> Result<(), Halt> {
    let mapping = mapping_before_unlock(task, file, function, throttle)?;
    let throttle_first = !file.has(&BALANCE_AFTER_UNLOCK);
    if !under_lock {
        page.unlock_page();
        file_update_time(task, file)?;
        file.set_page_dirty_checked(task)?;
        return balance_dirty_pages(task, file, throttle, mapping);
    }
    if !file.has(&TIME_AFTER_UNLOCK) {
        file_update_time(task, file)?;
    }
    file.set_page_dirty_checked(task)?;
    if throttle_first {
        balance_dirty_pages(task, file, throttle, mapping)?;
    }
    page.unlock_page();
    if !throttle_first {
        balance_dirty_pages(task, file, throttle, mapping)?;
    }
    if file.has(&TIME_AFTER_UNLOCK) {
        file_update_time(task, file)?;
    }
    Ok(())
}

/// `set_page_dirty` of a thread that has not locked the page, in `do_wp_page`.
fn dirty_unlocked(task: &Task, file: &File) -> Result<(), Halt> {
    if !file.has_page_mkwrite() && file.has(&LOCK_TO_DIRTY) {
        let page = lock_for_it(task, file)?;
        file.set_page_dirty_checked(task)?;
        page.unlock_page();
        return Ok(());
    }
    if file.has(&WAIT_BEFORE_DIRTY) {
        wait_on_page_locked(task, file)?;
    }
    file.set_page_dirty_checked(task)
}

/// `wait_on_page_locked`: waits until it sees the page unlocked once, and does not keep it.
fn wait_on_page_locked(task: &Task, file: &File) -> Result<(), Halt> {
    let lock = || file.page().lock_by(task, f::WAIT_ON_PAGE_LOCKED);
    let page = task.covering_waits(PAGE_LOCK, "fault-waits-for-page", lock)?;
    page.unlock_page();
    Ok(())
}

/// `balance_dirty_pages_ratelimited`: where there are too many dirty pages, their maker writes some
/// back, this file's among them. It takes the page's mapping: one that was looked at before, or the
/// one that `set_page_dirty_balance` finds now, without a lock.
fn balance_dirty_pages(
    task: &Task,
    file: &File,
    throttle: bool,
    mapping: Option<bool>,
) -> Result<(), Halt> {
    if !throttle {
        return Ok(());
    }
    let mapping = match mapping {
        Some(mapping) => mapping,
        None => file.page().has_mapping(task, f::SET_PAGE_DIRTY_BALANCE)?,
    };
    if !mapping && file.has(&TEST_MAPPING) {
        return Ok(());
    }
    let _in = task.enter(f::BALANCE_DIRTY_PAGES);
    task.check(NO_NULL_MAPPING, mapping, || {
        "follows a page->mapping that is NULL".to_string()
    });
    task.check(LOCKS, !task.holds(PAGE_LOCK), || {
        "writes pages back while it has one locked".to_string()
    });
    writepages::writepages(task, file, SyncMode::None)
}

/// `file_update_time`: where the inode is journalled, that takes a handle.
fn file_update_time(task: &Task, file: &File) -> Result<(), Halt> {
    if file.config.filesystem != super::Filesystem::Journalled {
        return Ok(());
    }
    let _in = task.enter(f::FILE_UPDATE_TIME);
    let handle = file.journal_start(task)?;
    file.journal.stop(task, handle)
}
