//! One mapped page of one file, and the threads that work on it.

use super::{DIRTY_METADATA, LOCKS, MAPPING, METADATA, SCENARIOS, STORE, fault, others, writeback};
use crate::engine::{Encoding, Function, Halt, Task, World};
use crate::kernel::class::{PAGE_LOCK, TRANSACTION};
use crate::kernel::functions as f;
use crate::kernel::{
    AddressSpace, BufferHead, Buffers, FileMapping, Handle, Journal, JournalConfig, LockedPage,
    Metadata, Page, Pte, PteState, Variable,
};
use crate::spec::{Clause, Scenario, Variant, configured};
use std::sync::Arc;

/// The commit thread's name.
const KJOURNALD2: &str = "kjournald2";

/// What the filesystem does in `->page_mkwrite`.
///
/// ```
/// use pagelock::engine::{Strategy, search};
/// use pagelock::spec::Variant;
/// use pagelock::protocols::page_mkwrite::{Config, Filesystem, METADATA, SPEC, encoding};
///
/// // Nothing keeps such a filesystem's metadata while a write is under way, whatever the VM does.
/// let careless = Config { filesystem: Filesystem::Careless, flushes: 2, ..Config::BASE };
/// let fixed = Variant::from(SPEC.design("fixed").unwrap());
/// let found = search(&encoding(&fixed, &careless), &Strategy::States).unwrap();
/// assert!(found.finding(METADATA).is_some());
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Filesystem {
    /// It has none: it gets what it needs when it writes the page.
    WithoutPageMkwrite,
    /// Attaches the page's metadata, under the page lock.
    Plain,
    /// Does so too, and does not keep others from it while a write of the page is under way.
    Careless,
    /// Does so with a journal handle, and needs one for the inode's times.
    Journalled,
    /// Finds no space (`-ENOSPC`).
    Full,
    /// Attaches the metadata after `block_page_mkwrite` has returned to it, if that succeeded.
    Wrapper,
}

/// The threads and sizes of a scenario.
#[derive(Debug, Clone, Copy)]
pub struct Config {
    /// The filesystem.
    pub filesystem: Filesystem,
    /// Whether it returns with the page locked where the VM takes that.
    pub converted: bool,
    /// The ptes of the page.
    pub ptes: &'static [PteState],
    /// The pte that each faulting thread stores through.
    pub faults: &'static [usize],
    /// Whether each of these threads calls `fsync` after its store.
    pub fsync: bool,
    /// Whether each of these threads writes the file's pages back in `balance_dirty_pages`.
    pub throttled: bool,
    /// The page is dirty from the start: `write(2)` has been there, with metadata and all.
    pub dirty: bool,
    /// Rounds of the flusher.
    pub flushes: usize,
    /// Whether the file is truncated to nothing.
    pub truncate: bool,
    /// Whether a thread writes the page by `write(2)`, and a transaction commits meanwhile.
    pub commit: bool,
}

impl Config {
    /// A page that is mapped read-only, one thread that stores into it, one round of the flusher.
    pub const BASE: Self = Self {
        filesystem: Filesystem::Plain,
        converted: true,
        ptes: &[PteState::READ_ONLY],
        faults: &[0],
        fsync: false,
        throttled: false,
        dirty: false,
        flushes: 1,
        truncate: false,
        commit: false,
    };

    fn faulting_threads(&self) -> Vec<String> {
        let number = |i: usize| match self.faults.len() {
            1 => "fault".to_string(),
            _ => format!("fault{}", i + 1),
        };
        (0..self.faults.len()).map(number).collect()
    }
}

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
    fn new(world: &World, variant: &Variant, config: &Config) -> Self {
        let ptes = config.ptes.iter().enumerate();
        let mut owners = config.faulting_threads();
        owners.push("writer".to_string());
        // Of the buffers only the dirty bit counts, which makes the page dirty from the start: what
        // this filesystem keeps for a page is its metadata.
        let buffers = Buffers::new(if config.dirty {
            &[BufferHead::DELAYED]
        } else {
            &[]
        });
        let pages = AddressSpace::new(world, &[buffers], config.truncate);
        Self {
            pages,
            ptes: ptes
                .map(|(i, state)| Pte::new(world, &pte_name(i, config.ptes.len()), *state))
                .collect(),
            metadata: Metadata::new(world, 0, config.dirty, u8::from(config.dirty)),
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
        let handle = task.marking_waits_for(TRANSACTION, KJOURNALD2, mark, start)?;
        Ok(handle.expect("one credit fits"))
    }

    /// P-I1 at the moment of a store: a page that a thread stores into has metadata.
    pub(super) fn check_metadata_of_store(&self, task: &Task) -> Result<(), Halt> {
        if !self.has_page_mkwrite() {
            return Ok(());
        }
        task.scope(|| {
            let attached = self.metadata.is_attached(task, f::USER_STORE)?;
            task.check(METADATA, attached, || {
                "the store goes through, and the filesystem has no metadata for the page"
                    .to_string()
            });
            Ok(())
        })
    }

    /// The page is locked, and its thread goes back to user space: no thread will ever unlock it.
    pub(super) fn forget_to_unlock(task: &Task) -> Halt {
        task.check(LOCKS, false, || {
            "returns to user space with the page locked".to_string()
        });
        task.leave()
    }

    /// The properties that hold of every state in which no thread is at work.
    fn check(&self, task: &Task) {
        let ptes: Vec<PteState> = self.ptes.iter().map(|pte| pte.peek(|pte| *pte)).collect();
        let writable = ptes.iter().any(|pte| pte.present && pte.write);
        let mapped = ptes.iter().any(|pte| pte.present);
        if !self.page().peek_mapping() {
            task.check(MAPPING, !mapped, || {
                "a pte maps a page that is no longer of the file".to_string()
            });
            return;
        }
        let (dirty, found) = self
            .page()
            .peek(|flags, tagged, _| (flags.dirty, flags.dirty && tagged));
        let (attached, on_disk, content) =
            (self.metadata).peek(|attached, on_disk, content| (attached, on_disk, content));
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
        self.pages.set_page_dirty_nobuffers(task, page)
    }

    fn wait_on_page_writeback(&self, task: &Task, _: &LockedPage<'_>) -> Result<(), Halt> {
        self.metadata.wait_for_write(task)
    }

    fn invalidate_page(&self, task: &Task, _: &LockedPage<'_>, _: usize) -> Result<(), Halt> {
        let _metadata = self.metadata.lock(task, f::INVALIDATE)?;
        self.metadata.set_attached(task, f::INVALIDATE, false)
    }
}

/// Makes the encoding of a design in a scenario.
///
/// # Panics
/// If the scenario is none of this spec.
pub(super) fn encode(variant: &Variant, scenario: &Scenario) -> Arc<dyn Encoding> {
    encoding(variant, &scenario.config(SCENARIOS))
}

/// The encoding of a set of clauses with user-defined threads and sizes, which no scenario has.
#[must_use]
pub fn encoding(variant: &Variant, config: &Config) -> Arc<dyn Encoding> {
    configured::encoding(build, variant, config)
}

type Body = fn(&Task, &File) -> Result<(), Halt>;

fn build(world: &mut World, variant: &Variant, config: &Config) {
    world.declare(&[PAGE_LOCK, TRANSACTION], &[KJOURNALD2]);
    let file = Arc::new(File::new(world, variant, config));
    for (name, pte) in config.faulting_threads().into_iter().zip(config.faults) {
        let (file, pte) = (Arc::clone(&file), *pte);
        world.thread(name, move |task| fault::store(task, &file, pte));
    }
    let others: [(bool, &str, Function, Body); 4] = [
        (
            config.flushes > 0,
            "flusher",
            f::WB_KUPDATE,
            writeback::flusher,
        ),
        (
            config.truncate,
            "truncate",
            f::NOTIFY_CHANGE,
            others::truncate,
        ),
        (
            config.commit,
            "writer",
            f::GENERIC_FILE_AIO_WRITE,
            others::write,
        ),
        (config.commit, KJOURNALD2, f::KJOURNALD2, others::commit),
    ];
    for (_, name, function, body) in others.into_iter().filter(|(runs, ..)| *runs) {
        let file = Arc::clone(&file);
        world.thread(name, move |task| {
            let _in = task.enter(function);
            body(task, &file)
        });
    }
    world.finally(move |task| file.check(task));
}
