//! The VM's steps on a mapped file, on all engines.

use super::cleaning::clear_page_dirty_for_io;
use super::functions as f;
use super::tests::all;
use super::truncation::unmap_and_truncate;
use super::*;
use crate::model::{Halt, Task, World};

const WRITTEN: PteState = PteState {
    present: true,
    write: true,
    dirty: true,
};

/// A file whose pages each have one pte.
#[derive(Clone)]
struct Mapped {
    pages: AddressSpace,
    ptes: Vec<[Pte; 1]>,
    blocks: usize,
}

impl Mapped {
    fn new(world: &World, pages: usize, blocks: usize, pte: PteState) -> Self {
        let buffers = vec![Buffers::new(&vec![BufferHead::ON_DISK; blocks]); pages];
        let ptes = (0..pages).map(|i| [Pte::new(world, &format!("pte {i}"), pte)]);
        Self {
            pages: AddressSpace::new(world, &buffers, true),
            ptes: ptes.collect(),
            blocks,
        }
    }
}

impl FileMapping for Mapped {
    fn pages(&self) -> &AddressSpace {
        &self.pages
    }

    fn ptes(&self, page: usize) -> &[Pte] {
        &self.ptes[page]
    }

    fn blocks_per_page(&self) -> usize {
        self.blocks
    }

    fn set_page_dirty(&self, task: &Task, page: &Page) -> Result<(), Halt> {
        self.pages.set_page_dirty_nobuffers(task, page)
    }

    fn invalidate_page(&self, task: &Task, page: &LockedPage<'_>, from: usize) -> Result<(), Halt> {
        page.with_buffers(task, f::INVALIDATEPAGE, move |buffers| {
            for head in &mut buffers.heads[from..] {
                *head = BufferHead::HOLE;
            }
        })
    }
}

#[test]
fn cleaning_for_io_takes_what_the_pte_knows() {
    for found in all(|world: &mut World| {
        let file = Mapped::new(world, 1, 1, WRITTEN);
        let end = file.clone();
        world.thread("flusher", move |task| {
            let page = file.pages.page(0).lock_page(task)?;
            let was_dirty = clear_page_dirty_for_io(task, &file, &page)?;
            task.check("found", was_dirty, || "the dirty pte was overlooked".into());
            Ok(())
        });
        world.finally(move |task| {
            let pte = end.ptes[0][0].peek(|pte| *pte);
            task.check("read-only", pte == PteState::READ_ONLY, || {
                "still writable".into()
            });
        });
    }) {
        assert_eq!(found.findings, []);
    }
}

#[test]
fn cleaning_for_io_is_not_atomic() {
    // The race of 2007: the pte is set between page_mkclean and TestClearPageDirty, and
    // set_page_dirty comes before the latter too.
    for found in all(|world: &mut World| {
        let file = Mapped::new(world, 1, 1, WRITTEN);
        let (fault, end) = (file.clone(), file.clone());
        world.thread("flusher", move |task| {
            let page = file.pages.page(0).lock_page(task)?;
            clear_page_dirty_for_io(task, &file, &page).map(drop)
        });
        world.thread("fault", move |task| {
            let mut pte = fault.ptes[0][0].lock(task, f::DO_WP_PAGE)?;
            pte.update(|pte| *pte = WRITTEN);
            drop(pte);
            fault.set_page_dirty(task, fault.pages.page(0))
        });
        world.finally(move |task| {
            let writable = end.ptes[0][0].peek(|pte| pte.write);
            let dirty = end.pages.page(0).peek(|flags, _, _| flags.dirty);
            task.cover(format!("writable {writable}, dirty {dirty}"));
        });
    }) {
        assert!(found.reached.contains("writable true, dirty false"));
    }
}

#[test]
fn truncation_takes_whole_pages_and_leaves_the_pte_of_the_last() {
    for found in all(|world: &mut World| {
        let file = Mapped::new(world, 2, 2, WRITTEN);
        let end = file.clone();
        world.thread("truncate", move |task| unmap_and_truncate(task, &end, 1));
        world.finally(move |task| {
            let ptes = [0, 1].map(|page| file.ptes[page][0].peek(|pte| pte.present));
            task.check("ptes", ptes == [true, false], || format!("{ptes:?}"));
            let mapped = [0, 1].map(|page| file.pages.page(page).peek_mapping());
            task.check("mapping", mapped == [true, false], || format!("{mapped:?}"));
            let heads = file
                .pages
                .page(0)
                .peek(|_, _, buffers| buffers.heads.clone());
            let expected = [BufferHead::ON_DISK, BufferHead::HOLE];
            task.check("blocks", heads == expected, || format!("{heads:?}"));
            let dirty = file.pages.page(1).peek(|flags, _, _| flags.dirty);
            task.check("clean", !dirty, || "a truncated page is dirty".into());
        });
    }) {
        assert_eq!(found.findings, []);
    }
}

#[test]
fn metadata_waits_for_the_write_that_is_under_way() {
    for found in all(|world: &mut World| {
        let metadata = Metadata::new(world, 0, 1);
        let page = Page::counted(world, 0, true, true, false);
        let (other, same) = (metadata.clone(), page.clone());
        world.thread("flusher", move |task| {
            let mut held = metadata.lock(task, f::WRITEPAGE)?;
            let content = metadata.content(task, f::WRITEPAGE)?;
            held.update(move |on_disk| on_disk.0 = content);
            page.set_private(task, f::WRITE_END_IO, false)
        });
        world.thread("fault", move |task| {
            let held = other.lock(task, f::PAGE_MKWRITE)?;
            let on_disk = held.read(|on_disk| on_disk.0);
            let attached = same.is_private(task, f::PAGE_MKWRITE)?;
            // Before the write or after it, and never in between.
            task.check("whole", attached == (on_disk == 0), || {
                format!("attached {attached}, version {on_disk} on disk")
            });
            Ok(())
        });
    }) {
        assert_eq!(found.findings, []);
    }
}
