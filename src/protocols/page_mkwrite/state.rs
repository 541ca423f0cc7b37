//! One mapped page of one file.

use super::config::{Config, Filesystem};
use super::{
    DIRTY_MAPPING, DIRTY_METADATA, LOCKS, MAPPING, METADATA, NR_FILE_DIRTY, STABLE, STORE,
};
use crate::kernel::class::{PAGE_LOCK, TRANSACTION};
use crate::kernel::functions as f;
use crate::kernel::{
    AddressSpace, FileMapping, Handle, Journal, JournalConfig, LockedPage, Metadata, Page, Pte,
    PteState, Variable,
};
use crate::model::{Function, Halt, Task, World};
use crate::spec::{Clause, Variant};

/// The commit thread's name.
pub(super) const KJOURNALD2: &str = "kjournald2";

/// A file of one page, mapped.
#[derive(Debug)]
pub(super) struct File {
    pages: AddressSpace,
    ptes: Vec<Pte>,
    pub(super) metadata: Metadata,
    /// `i_size`, in pages.
    pub(super) size: Variable<usize>,
    pub(super) journal: Journal,
    pub(super) config: Config,
    variant: Variant,
}

impl File {
    pub(super) fn new(world: &World, variant: &Variant, config: &Config) -> Self {
        let ptes = config.ptes.iter().enumerate();
        let mut owners = config.faulting_threads();
        owners.push("writer".to_string());
        let page = Page::counted(world, 0, config.dirty, config.dirty, config.truncate);
        Self {
            pages: AddressSpace::of(vec![page]),
            ptes: ptes
                .map(|(i, state)| Pte::new(world, &pte_name(i, config.ptes.len()), *state))
                .collect(),
            metadata: Metadata::new(world, 0, u8::from(config.dirty)),
            size: Variable::new(world, "i_size", 1, config.truncate),
            journal: Journal::new(
                world,
                JournalConfig {
                    owners,
                    committer: KJOURNALD2,
                    max_transaction_buffers: None,
                    balance: LOCKS,
                    outstanding: 0,
                },
            ),
            config: *config,
            variant: variant.clone(),
        }
    }

    /// Whether the variant has a clause.
    pub(super) fn has(&self, clause: &Clause) -> bool {
        self.variant.has(clause)
    }

    /// The page.
    pub(super) fn page(&self) -> &Page {
        self.pages.page(0)
    }

    /// A pte of the page.
    pub(super) fn pte(&self, index: usize) -> &Pte {
        &self.ptes[index]
    }

    /// Whether the filesystem has a `->page_mkwrite`.
    pub(super) fn has_page_mkwrite(&self) -> bool {
        self.config.filesystem != Filesystem::WithoutPageMkwrite
    }

    /// Whether its `->page_mkwrite` takes what it keeps for a page while a write of the page is under way.
    pub(super) fn waits_for_nothing(&self) -> bool {
        matches!(
            self.config.filesystem,
            Filesystem::Careless | Filesystem::Allocated
        )
    }

    /// Whether the page lies beyond the end of the file. One step, without a lock, where the
    /// scenario changes `i_size`.
    pub(super) fn is_beyond_end(&self, task: &Task) -> Result<bool, Halt> {
        Ok(self.page().index >= self.size.read(task, f::I_SIZE_READ)?)
    }

    /// Starts a journal handle, which ranks above the page lock.
    pub(super) fn journal_start(&self, task: &Task) -> Result<Handle<'_>, Halt> {
        task.check(LOCKS, !task.holds(PAGE_LOCK), || {
            "starts a transaction under the page lock".to_string()
        });
        // The journal of these scenarios never fills up.
        let mark = "start-waits-for-commit";
        let start = || self.journal.start(task, 1);
        let handle = task.covering_waits_for(TRANSACTION, KJOURNALD2, mark, start)?;
        Ok(handle.expect("one credit fits"))
    }

    /// The first half of P-I1, under the lock of a pte that maps the page writable.
    pub(super) fn check_metadata(&self, task: &Task, function: Function) -> Result<(), Halt> {
        if !self.has_page_mkwrite() {
            return Ok(());
        }
        task.scope(|| {
            let attached = self.page().is_private(task, function)?;
            task.check(METADATA, attached, || {
                "the pte is writable, and the filesystem has no metadata for the page".to_string()
            });
            Ok(())
        })
    }

    /// A store into the page: through a pte, whose lock the caller holds, or by a device.
    pub(super) fn store(&self, task: &Task, function: Function) -> Result<(), Halt> {
        self.metadata.store(task, function)?;
        if !self.waits_for_nothing() {
            return Ok(());
        }
        // page_mkclean waits for the pte's lock: where the page is under writeback now, it was at the store.
        task.scope(|| {
            let writeback = self.page().is_writeback(task, function)?;
            task.check(STABLE, !writeback, || {
                "the page changes while it is under writeback".to_string()
            });
            Ok(())
        })
    }

    /// `__set_page_dirty_nobuffers`: `TestSetPageDirty`; then, if the page was clean and is still of its file, the
    /// count and the tag. The kernel's looks at the mapping in between can only end it sooner. Whether the page has
    /// become dirty without metadata.
    fn set_page_dirty_nobuffers(task: &Task, page: &Page) -> Result<bool, Halt> {
        task.scope(|| {
            let function = f::SET_PAGE_DIRTY_NOBUFFERS;
            let (was_dirty, attached) = page.test_set_dirty_and_look(task, function)?;
            if !was_dirty && !page.account_dirtied(task, function)? {
                task.cover("dirtied-without-mapping");
            }
            Ok(!was_dirty && !attached)
        })
    }

    /// `set_page_dirty` by a thread that does not take the dirty bit of a pte to the page, with the second half of
    /// P-I1. Where a pte maps the page writable, the first half has been violated.
    pub(super) fn set_page_dirty_checked(&self, task: &Task) -> Result<(), Halt> {
        let without = Self::set_page_dirty_nobuffers(task, self.page())?;
        if !without || !self.has_page_mkwrite() {
            return Ok(());
        }
        let mut writable = false;
        for pte in &self.ptes {
            writable |= pte
                .lock(task, f::SET_PAGE_DIRTY_NOBUFFERS)?
                .read(|pte| pte.write);
        }
        task.check(DIRTY_METADATA, writable, || {
            "the page becomes dirty, and the filesystem has no metadata for it".to_string()
        });
        Ok(())
    }

    /// The page is locked, and its thread goes back to user space: no thread will ever unlock it.
    pub(super) fn forget_to_unlock(task: &Task) -> Halt {
        task.check(LOCKS, false, || {
            "returns to user space with the page locked".to_string()
        });
        task.leave()
    }

    /// The properties that hold of every state in which no thread is at work.
    pub(super) fn check(&self, task: &Task) {
        let ptes: Vec<PteState> = self.ptes.iter().map(|pte| pte.peek(|pte| *pte)).collect();
        let writable = ptes.iter().any(|pte| pte.present && pte.write);
        let mapped = ptes.iter().any(|pte| pte.present);
        let of_file = self.page().peek_mapping();
        let (dirty, found) = self
            .page()
            .peek(|flags, tagged, _| (flags.dirty, flags.dirty && tagged));
        if let Some(counted) = self.page().peek_nr_file_dirty() {
            let is = i32::from(dirty && of_file);
            task.check(NR_FILE_DIRTY, counted == is, || {
                format!("NR_FILE_DIRTY is {counted}, and {is} pages of files are dirty")
            });
        }
        if !of_file {
            task.check(MAPPING, !mapped, || {
                "a pte maps a page that is no longer of the file".to_string()
            });
            task.check(DIRTY_MAPPING, !dirty, || {
                "a page that is no longer of the file is dirty".to_string()
            });
            return;
        }
        let attached = self.page().peek_private();
        let (on_disk, content) = (self.metadata).peek(|on_disk, content| (on_disk, content));
        task.check(STORE, content == on_disk || found, || {
            format!("the page has version {content}, the disk has {on_disk}, and no flush will find the page")
        });
        if self.has_page_mkwrite() {
            task.check(METADATA, attached || !writable, || {
                "a pte maps the page writable, and the filesystem has no metadata for it"
                    .to_string()
            });
            task.check(DIRTY_METADATA, attached || writable || !dirty, || {
                "the page is dirty, and the filesystem has no metadata for it".to_string()
            });
        }
    }
}

fn pte_name(index: usize, of: usize) -> String {
    match of {
        1 => "pte".to_string(),
        _ => format!("pte {}", index + 1),
    }
}

impl FileMapping for File {
    fn pages(&self) -> &AddressSpace {
        &self.pages
    }

    fn ptes(&self, _page: usize) -> &[Pte] {
        &self.ptes
    }

    fn blocks_per_page(&self) -> usize {
        1
    }

    fn set_page_dirty(&self, task: &Task, page: &Page) -> Result<(), Halt> {
        Self::set_page_dirty_nobuffers(task, page).map(drop)
    }

    fn wait_on_page_writeback(&self, task: &Task, _: &LockedPage<'_>) -> Result<(), Halt> {
        self.metadata.wait_for_write(task)
    }

    fn invalidate_page(&self, task: &Task, _: &LockedPage<'_>, _: usize) -> Result<(), Halt> {
        let _metadata = self.metadata.lock(task, f::INVALIDATE)?;
        self.page().set_private(task, f::INVALIDATE, false)
    }
}
