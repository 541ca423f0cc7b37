//! One mapped file on one ext4.

use super::config::{BLOCKS, Config, Mapped, Mode, Reclaim};
use super::unfinished::{self, Unfinished};
use super::{FSYNC, NO_ALLOCATION, RANK, STORE, truncate};
use crate::kernel::class::{I_ALLOC_SEM, I_DATA_SEM, I_MUTEX, PAGE_LOCK, TRANSACTION};
use crate::kernel::functions as f;
use crate::kernel::{
    AddressSpace, BufferHead, Buffers, ExtentMap, FileMapping, Found, Handle, Journal,
    JournalConfig, JournalLists, LockedPage, Page, Pte, PteState, RwSemaphore, Variable,
};
use crate::model::{Cell, Halt, Lock, State, Task, Word, World};
use crate::spec::{Clause, Variant};

/// The commit thread's name.
pub(super) const KJOURNALD2: &str = "kjournald2";

/// The content of a page. Each store to a block makes its version one more.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Content {
    /// The version in the page.
    pub(super) cached: [u8; BLOCKS],
    /// The version on disk, or in a committed transaction.
    pub(super) on_disk: [u8; BLOCKS],
    /// The version that must not get lost: that of the last store to a block which the file
    /// covered, as far as the process could know.
    pub(super) promised: [u8; BLOCKS],
    /// The blocks that the file covers, as far as the processes know: truncation to more takes
    /// effect here as it returns, to fewer as it begins.
    pub(super) covered: usize,
}

impl State for Content {
    fn show(&self) -> String {
        let blocks = (0..BLOCKS).map(|b| format!("v{}/{}", self.cached[b], self.on_disk[b]));
        blocks.collect::<Vec<_>>().join("; ")
    }

    fn words(&self) -> Vec<Word> {
        let mut words = vec![Word::new("covered", self.covered)];
        for block in 0..BLOCKS {
            for (name, versions) in [
                ("content", &self.cached),
                ("disk", &self.on_disk),
                ("promise", &self.promised),
            ] {
                words.push(Word::new(
                    format!("{name} of block {block}"),
                    versions[block],
                ));
            }
        }
        words
    }
}

/// The references that keep a page's buffers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub(super) struct Pins {
    /// `b_count`, of all buffers together.
    pub(super) buffers: usize,
}

impl State for Pins {
    fn show(&self) -> String {
        format!("b_count {}", self.buffers)
    }
}

/// Who allocates blocks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Allocator {
    /// `->page_mkwrite`, with a handle.
    PageMkwrite,
    /// `->writepages`, with a handle that it started before it locked any page.
    Writepages,
    /// `->writepage`, with a page that its caller has locked.
    Writepage,
}

/// A mapped file on an ext4.
#[derive(Debug)]
pub(super) struct Filesystem {
    pub(super) mapping: AddressSpace,
    ptes: Vec<[Pte; 1]>,
    pub(super) content: Vec<Cell<Content>>,
    /// `PageChecked` of each page, in data=journal.
    pub(super) checked: Vec<Variable<bool>>,
    pub(super) pins: Vec<Cell<Pins>>,
    /// `i_mutex`, with `i_size` as only its holder changes it.
    pub(super) i_mutex: Lock<usize>,
    pub(super) i_alloc_sem: RwSemaphore,
    /// `kjournald2` itself: one commit comes after the other.
    pub(super) committer: Lock<()>,
    /// Whether the commit that the scenario starts in is over, where another thread waits for that.
    pub(super) committed: Option<Cell<bool>>,
    size: Variable<usize>,
    pub(super) extents: ExtentMap,
    pub(super) journal: Option<Journal>,
    pub(super) lists: Option<JournalLists>,
    /// The threads that still have something to do, where a flush can livelock.
    pub(super) active: Option<Cell<usize>>,
    pub(super) config: Config,
    variant: Variant,
}

impl Filesystem {
    pub(super) fn new(world: &World, variant: &Variant, config: &Config) -> Self {
        let journalled = config.mode == Mode::Journalled;
        let write = config.mapped == Mapped::Writable;
        let dirty = write || matches!(config.mapped, Mapped::Protected | Mapped::Gone);
        let indices = || 0..config.buffers.len() / BLOCKS;
        let truncated = |page| config.truncates(|size| size <= page * BLOCKS);
        let page = |index: usize| {
            let heads = &config.buffers[index * BLOCKS..][..BLOCKS];
            let buffers = Buffers::without_content(heads);
            Page::in_state(world, index, buffers, dirty, truncated(index))
        };
        let pte = PteState {
            present: config.mapped != Mapped::No,
            write,
            dirty: write,
        };
        let owners = config.threads();
        let journal = JournalConfig {
            owners: owners.clone(),
            committer: KJOURNALD2,
            max_transaction_buffers: None,
            outstanding: 0,
            balance: RANK,
        };
        let with_journal =
            journalled || config.commits > 0 || config.reclaim == Some(Reclaim::HandleOwner);
        Self {
            mapping: AddressSpace::of(indices().map(page).collect()),
            ptes: (indices().filter(|_| config.mapped != Mapped::Gone))
                .map(|i| [Pte::new(world, &format!("pte {i}"), pte)])
                .collect(),
            content: (indices()
                .map(|i| world.cell(format!("page {i} content"), content(config, i))))
            .collect(),
            checked: (indices().filter(|_| journalled))
                .map(|i| Variable::new(world, format!("page {i} checked"), dirty, true))
                .collect(),
            pins: (indices().filter(|_| journalled))
                .map(|i| world.cell(format!("page {i} references"), Pins::default()))
                .collect(),
            i_mutex: world.lock("i_mutex", I_MUTEX, config.size),
            i_alloc_sem: RwSemaphore::new(world, "i_alloc_sem", I_ALLOC_SEM),
            committer: world.lock(KJOURNALD2, "committer", ()),
            committed: (config.commits_after_another())
                .then(|| world.cell("previous commit", false)),
            size: Variable::new(world, "i_size", config.size, config.truncates(|_| true)),
            extents: ExtentMap::new(world, config.disk),
            journal: with_journal.then(|| Journal::new(world, journal)),
            lists: journalled.then(|| {
                JournalLists::new(
                    world,
                    &config.journalled(),
                    config.filed,
                    config.committing,
                    config.has_commits(),
                )
            }),
            active: (config.mode == Mode::Delalloc)
                .then(|| world.cell("running threads", owners.len())),
            config: *config,
            variant: variant.clone(),
        }
    }

    /// Whether the variant has a clause.
    pub(super) fn has(&self, clause: &Clause) -> bool {
        self.variant.has(clause)
    }

    /// `i_size_read`: without any lock.
    pub(super) fn i_size_read(&self, task: &Task) -> Result<usize, Halt> {
        self.size.read(task, f::I_SIZE_READ)
    }

    /// `ext4_get_blocks` with `create`: see [`ExtentMap::create`]. `->writepage` must not
    /// call it.
    pub(super) fn allocate(
        &self,
        task: &Task,
        caller: Allocator,
        block: usize,
        most: usize,
    ) -> Result<(Found, usize), Halt> {
        task.check(NO_ALLOCATION, caller != Allocator::Writepage, || {
            format!("writepage allocates block {block} under the page lock")
        });
        let function = match caller {
            Allocator::Writepage | Allocator::PageMkwrite => f::EXT4_GET_BLOCK,
            Allocator::Writepages => f::MPAGE_DA_MAP_BLOCKS,
        };
        self.extents.create(task, function, block, most)
    }

    /// `i_size_write`, under `i_mutex`.
    pub(super) fn i_size_write(&self, task: &Task, new: usize) -> Result<(), Halt> {
        self.size.write(task, f::I_SIZE_WRITE, new)
    }

    /// How much of a page ext4 looks at for a size: up to the end of the file in the page that
    /// the end lies in, and all of every other page, also of those beyond it.
    pub(super) fn len(size: usize, page: usize) -> usize {
        if size / BLOCKS == page {
            size % BLOCKS
        } else {
            BLOCKS
        }
    }

    /// `ext4_journal_start` of a thread without a handle; `None` in scenarios without a journal, where
    /// no thread can wait for it.
    pub(super) fn journal_start(&self, task: &Task) -> Result<Option<Handle<'_>>, Halt> {
        let _in = task.enter(f::EXT4_JOURNAL_START);
        let ranked_below = [PAGE_LOCK, I_DATA_SEM]
            .into_iter()
            .find(|class| task.holds(class));
        task.check(RANK, ranked_below.is_none(), || {
            format!(
                "starts a handle under a {}",
                ranked_below.unwrap_or_default()
            )
        });
        let Some(journal) = &self.journal else {
            return Ok(None);
        };
        // Transactions are so large that no scenario of this size can fill one.
        let mark = "start-waits-for-commit";
        let start = || journal.start(task, 1);
        let handle = task.covering_waits_for(TRANSACTION, KJOURNALD2, mark, start)?;
        Ok(handle.ok())
    }

    /// The thread has nothing left to do: a flush that livelocks need not wait for it.
    pub(super) fn rest(&self, task: &Task) -> Result<(), Halt> {
        match &self.active {
            Some(active) => task.step(active, f::EXT4_DA_WRITEPAGES, |active| {
                *active = active.saturating_sub(1);
            }),
            None => Ok(()),
        }
    }

    /// A BUG: the thread is dead, and so at rest.
    pub(super) fn bug(&self, task: &Task, property: &'static str, message: &'static str) -> Halt {
        match self.rest(task) {
            Ok(()) => task.bug(property, message),
            Err(halt) => halt,
        }
    }

    /// `ext4_journal_stop`.
    pub(super) fn journal_stop(&self, task: &Task, handle: Option<Handle<'_>>) -> Result<(), Halt> {
        match (&self.journal, handle) {
            (Some(journal), Some(handle)) => journal.stop(task, handle),
            _ => Ok(()),
        }
    }

    /// Whether a block of a page, as it is now, can get to the disk without another page fault. What is mapped and
    /// neither delayed nor unwritten has to have its block.
    fn can_be_written(&self, block: usize, head: Option<&BufferHead>) -> bool {
        let found = self.extents.peek(block);
        let good = |head: &BufferHead| head.is_good_to_write() && found == Found::Written;
        match (head, self.config.mode) {
            // Without buffers, writepage makes them from the extents.
            (None, _) => found == Found::Written,
            (Some(head), Mode::Delalloc) => {
                let later = head.delay || head.unwritten && found == Found::Unwritten;
                head.dirty && head.mapped && (later || good(head))
            }
            (Some(head), Mode::Ordered) => head.dirty && good(head),
            (Some(head), Mode::Journalled) => good(head),
        }
    }

    /// Whether every flush puts a page back as it found it, for the sake of a block that no flush does anything about.
    fn is_redirtied(&self, index: usize, heads: &[BufferHead]) -> bool {
        let len = unfinished::len(self, self.size.peek(), index);
        let unfinished = Unfinished::new(self);
        let mut below = heads.iter().take(len);
        below.any(|head| {
            // writepages allocates what is delayed, and converts what is unwritten.
            let handled = self.config.mode == Mode::Delalloc && head.is_delay_or_unwritten();
            head.dirty && unfinished.is(*head) && !handled
        })
    }

    /// At the end, every store that was promised is on disk, or will get there.
    pub(super) fn check_stores(&self, task: &Task) {
        for page in self.mapping.pages() {
            let checked = self.checked.get(page.index).is_none_or(Variable::peek);
            for b in 0..BLOCKS {
                let block = page.index * BLOCKS + b;
                let (promised, on_disk) =
                    (self.content[page.index]).peek(|c| (c.promised[b], c.on_disk[b]));
                let filed = (self.lists.as_ref()).is_some_and(|lists| lists.peek_filed(block));
                let found = page.peek(|flags, tagged, buffers| {
                    let writable = self.can_be_written(block, buffers.heads.get(b));
                    let redirtied = self.is_redirtied(page.index, &buffers.heads);
                    flags.dirty && tagged && checked && writable && !redirtied
                });
                let stored = promised <= on_disk && self.extents.peek(block) == Found::Written;
                task.check(STORE, promised == 0 || stored || filed || found, || {
                    format!(
                        "the store to block {block} is not on disk, and no flush will take it \
                         there"
                    )
                });
            }
        }
    }

    /// As `fsync` returns, the versions that the process has stored are on disk, unless the file
    /// has lost their blocks since.
    pub(super) fn check_synced(&self, task: &Task, stored: &[(usize, u8)]) -> Result<(), Halt> {
        for &(block, version) in stored {
            let b = block % BLOCKS;
            let content = &self.content[block / BLOCKS];
            let synced = task.step(content, f::DO_FSYNC, move |content| {
                content.promised[b] < version || version <= content.on_disk[b]
            })?;
            task.check(FSYNC, synced, || {
                format!("fsync returns, and the store to block {block} is not on disk")
            });
        }
        Ok(())
    }
}

fn content(config: &Config, page: usize) -> Content {
    let covered = config.size.saturating_sub(page * BLOCKS).min(BLOCKS);
    let version = |b: usize| u8::from(config.stored.contains(&(page * BLOCKS + b)));
    let versions = std::array::from_fn(version);
    Content {
        cached: versions,
        on_disk: [0; BLOCKS],
        promised: versions,
        covered,
    }
}

impl FileMapping for Filesystem {
    fn pages(&self) -> &AddressSpace {
        &self.mapping
    }

    fn ptes(&self, page: usize) -> &[Pte] {
        self.ptes.get(page).map_or(&[], |ptes| &ptes[..])
    }

    fn blocks_per_page(&self) -> usize {
        BLOCKS
    }

    fn set_page_dirty(&self, task: &Task, page: &Page) -> Result<(), Halt> {
        let Some(checked) = self.checked.get(page.index) else {
            return self.mapping.set_page_dirty_buffers(task, page);
        };
        // The buffers' own bits would confuse the journal: writepage will make up for them.
        checked.write(task, f::EXT4_JOURNALLED_SET_PAGE_DIRTY, true)?;
        self.mapping.set_page_dirty_nobuffers(task, page)
    }

    fn invalidate_page(&self, task: &Task, page: &LockedPage<'_>, from: usize) -> Result<(), Halt> {
        truncate::invalidate_page(task, self, page, from..BLOCKS)
    }
}
