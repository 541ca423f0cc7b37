//! `->page_mkwrite`: the filesystem gets what it needs to write the page later.

use super::config::Filesystem;
use super::state::File;
use super::{CONVERTED, LOCKED_IS_SUCCESS, RETURN_LOCKED, UNLOCK_ON_ERROR, WAIT_FOR_WRITEBACK};
use crate::kernel::class::{METADATA, PAGE_LOCK};
use crate::kernel::functions as f;
use crate::kernel::{FileMapping, LockedPage};
use crate::model::{Halt, Task};

/// What `->page_mkwrite` returns.
pub(super) enum Mkwrite<'f> {
    /// `VM_FAULT_LOCKED`: done, and the page is locked.
    Locked(LockedPage<'f>),
    /// 0: done, and the page is unlocked.
    Unlocked,
    /// `VM_FAULT_NOPAGE`: the page is no longer of the file.
    NoPage,
    /// `VM_FAULT_SIGBUS` and the like.
    Failed,
}

/// `->page_mkwrite`. `held` is the page where the VM has locked it already, as it never does.
pub(super) fn page_mkwrite<'f>(
    task: &Task,
    file: &'f File,
    held: Option<LockedPage<'f>>,
) -> Result<Mkwrite<'f>, Halt> {
    let _in = task.enter(f::PAGE_MKWRITE);
    match file.config.filesystem {
        Filesystem::Journalled => {
            let handle = file.journal_start(task)?;
            let done = block_page_mkwrite(task, file, held)?;
            // The handle goes first: to stop one waits for no thread, whatever is locked.
            file.journal.stop(task, handle)?;
            Ok(done)
        }
        Filesystem::Wrapper => {
            let done = block_page_mkwrite(task, file, held)?;
            match done {
                // The wrapper asks for 0, which was the only success there was.
                Mkwrite::Locked(_) if !file.has(&LOCKED_IS_SUCCESS) => {
                    task.cover("wrapper-takes-locked-for-failure");
                }
                Mkwrite::Locked(_) | Mkwrite::Unlocked => attach(task, file)?,
                Mkwrite::NoPage | Mkwrite::Failed => {}
            }
            Ok(done)
        }
        Filesystem::Plain
        | Filesystem::Careless
        | Filesystem::Allocated
        | Filesystem::Full
        | Filesystem::WithoutPageMkwrite => block_page_mkwrite(task, file, held),
    }
}

/// The part under the page lock, in the shape of `block_page_mkwrite` (fs/buffer.c): the page must
/// still be of the file and lie below `i_size`; then the metadata; then the page is dirty. A page that
/// begins where the file ends lies beyond it, as NFS and ext4 have it.
fn block_page_mkwrite<'f>(
    task: &Task,
    file: &'f File,
    held: Option<LockedPage<'f>>,
) -> Result<Mkwrite<'f>, Halt> {
    let page = if let Some(page) = held {
        page
    } else {
        let mark = "mkwrite-waits-for-page";
        task.covering_waits(PAGE_LOCK, mark, || file.page().lock_page(task))?
    };
    let gone = !page.page().has_mapping(task, f::PAGE_MKWRITE)? || file.is_beyond_end(task)?;
    let no_space = file.config.filesystem == Filesystem::Full;
    if gone || no_space {
        if returns_locked(file) && !file.has(&UNLOCK_ON_ERROR) {
            return Err(File::forget_to_unlock(task));
        }
        task.cover(if gone {
            "mkwrite-finds-no-page"
        } else {
            "mkwrite-finds-no-space"
        });
        return Ok(if gone {
            Mkwrite::NoPage
        } else {
            Mkwrite::Failed
        });
    }
    if file.config.filesystem == Filesystem::Wrapper {
        // What it attaches comes after this, and is nothing that the page is dirty without.
        file.set_page_dirty(task, page.page())?;
    } else {
        if file.waits_for_nothing() && file.has(&WAIT_FOR_WRITEBACK) {
            file.metadata.wait_for_write(task)?;
        }
        attach(task, file)?;
        file.set_page_dirty_checked(task)?;
    }
    if returns_locked(file) {
        Ok(Mkwrite::Locked(page))
    } else {
        page.unlock_page();
        Ok(Mkwrite::Unlocked)
    }
}

/// Gets the metadata, after any write of the page that is still under way.
fn attach(task: &Task, file: &File) -> Result<(), Halt> {
    let lock = || file.metadata.lock(task, f::PAGE_MKWRITE);
    let _metadata = task.covering_waits(METADATA, "mkwrite-waits-for-write", lock)?;
    file.page().set_private(task, f::PAGE_MKWRITE, true)
}

/// Whether the filesystem returns with the page locked: if the VM takes that, and it knows of it.
fn returns_locked(file: &File) -> bool {
    file.has(&RETURN_LOCKED) && (file.config.converted || file.has(&CONVERTED))
}
