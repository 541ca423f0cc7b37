//! A store through a mapping, and the page faults that it takes.

use super::config::BLOCKS;
use super::mkwrite::{self, Mkwrite};
use super::state::Filesystem;
use crate::kernel::functions as f;
use crate::kernel::{FileMapping as _, LockedPage, Pte, PteState};
use crate::model::{Halt, Task};

/// A store to a block through the mapping, with the faults that it takes. Returns the block and the
/// version that it makes, if the file covers the block.
pub(super) fn store(
    task: &Task,
    fs: &Filesystem,
    block: usize,
) -> Result<Option<(usize, u8)>, Halt> {
    let (index, b) = (block / BLOCKS, block % BLOCKS);
    let pte = &fs.ptes(index)[0];
    loop {
        // The processor sets the dirty bit and stores in one go, as seen from page_mkclean, which
        // flushes the TLB under the pte's lock.
        let mut guard = pte.lock(task, f::MEMORY_STORE)?;
        let was = guard.read(|pte| *pte);
        if was.present && was.write {
            guard.update(|pte| pte.dirty = true);
            let promised = task.step(&fs.content[index], f::MEMORY_STORE, move |content| {
                content.cached[b] += 1;
                let promised = b < content.covered;
                if promised {
                    content.promised[b] = content.cached[b];
                }
                promised.then_some(content.cached[b])
            })?;
            return Ok(promised.map(|version| (block, version)));
        }
        drop(guard);
        task.cover("store-faults");
        // The fault looks at the pte once more. Nothing was decided since, so that is no step.
        match task.scope(|| handle_pte_fault(task, fs, index, pte, was))? {
            Fault::Retry => {}
            Fault::Over => return Ok(None),
        }
    }
}

/// The result of a page fault.
#[derive(PartialEq, Eq, Hash)]
enum Fault {
    /// The processor tries again.
    Retry,
    /// `SIGBUS`; or the page has left the file, and the next one would be another page: see
    /// *Abstracts away*.
    Over,
}

/// `handle_pte_fault` of a store (mm/memory.c, b827e496).
fn handle_pte_fault(
    task: &Task,
    fs: &Filesystem,
    index: usize,
    pte: &Pte,
    was: PteState,
) -> Result<Fault, Halt> {
    let page = fs.mapping.page(index);
    let _in = if was.present {
        task.enter(f::DO_WP_PAGE)
    } else {
        let frame = task.enter(f::DO_FAULT);
        if filemap_fault(task, fs, index)? == Fault::Over {
            return Ok(Fault::Over);
        }
        frame
    };
    // The page is not locked where ->page_mkwrite is called.
    let locked = match mkwrite::page_mkwrite(task, fs, index)? {
        Mkwrite::Sigbus => return Ok(Fault::Over),
        Mkwrite::Locked(locked) => locked,
        Mkwrite::Unlocked => {
            let locked = page.lock_page(task)?;
            if !page.has_mapping(task, f::DO_WP_PAGE)? {
                task.cover("truncated-in-the-fault");
                locked.unlock_page();
                return Ok(Fault::Over);
            }
            locked
        }
    };
    make_writable(task, fs, pte, was, locked)
}

/// The end of both faults: the pte, if it is still what it was, and the dirty bit, under the page
/// lock.
fn make_writable(
    task: &Task,
    fs: &Filesystem,
    pte: &Pte,
    was: PteState,
    page: LockedPage<'_>,
) -> Result<Fault, Halt> {
    let mut guard = pte.lock(task, f::HANDLE_PTE_FAULT)?;
    if guard.read(|pte| *pte) != was {
        drop(guard);
        page.unlock_page();
        return Ok(Fault::Retry);
    }
    guard.update(|pte| {
        *pte = PteState {
            present: true,
            write: true,
            dirty: true,
        };
    });
    drop(guard);
    fs.set_page_dirty(task, page.page())?;
    page.unlock_page();
    Ok(Fault::Retry)
}

/// `filemap_fault` of a cached page: looks at its mapping and at `i_size` under its lock, which
/// `__do_fault` releases again before it calls `->page_mkwrite`.
fn filemap_fault(task: &Task, fs: &Filesystem, index: usize) -> Result<Fault, Halt> {
    let _in = task.enter(f::FILEMAP_FAULT);
    let page = fs.mapping.page(index);
    let locked = page.lock_page(task)?;
    let there = page.has_mapping(task, f::FILEMAP_FAULT)?;
    let inside = index < fs.i_size_read(task)?.div_ceil(BLOCKS);
    locked.unlock_page();
    Ok(if there && inside {
        Fault::Retry
    } else {
        Fault::Over
    })
}
