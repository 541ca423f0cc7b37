//! One file on one NFS mount, and the threads that work on it.

use super::{DATA, NO_ORPHAN, SCENARIOS, SUBMITTED_AT_EXIT, callers, rpciod};
use crate::engine::{Encoding, Function, Halt, Task, World};
use crate::kernel::nfs::{Call, Descriptor, List, NfsFile, RPCIOD, Start};
use crate::spec::{Clause, Scenario, Variant, configured};
use std::sync::Arc;

/// What a thread does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// pdflush: `nfs_writepages` under `WB_SYNC_NONE`, so many times, from an index on.
    Flusher {
        /// Calls.
        rounds: usize,
        /// `mapping->writeback_index` of the first call.
        start: usize,
    },
    /// fsync: `nfs_wb_all`, so many times.
    Fsync {
        /// Calls.
        rounds: usize,
    },
    /// `nfs_writepages` under `WB_SYNC_ALL`, from an index on.
    Sync {
        /// The first index.
        start: usize,
    },
    /// `invalidate_inode_pages2` of one page: lock, wait for writeback, `nfs_wb_page`.
    Invalidate(usize),
    /// Reclaim of one page: `nfs_writepage` on its own.
    Reclaim(usize),
    /// `truncate_inode_pages` of one page: lock, wait for writeback.
    Truncate(usize),
    /// A store of new bytes through a mapping of one page.
    Store(usize),
    /// The same with bytes that the page has already: it is dirtied, and no more.
    Touch(usize),
    /// A signal for the interruptible thread, seen from every request that it may wait for.
    Signal(&'static [usize]),
}

/// A thread.
#[derive(Debug, Clone, Copy)]
pub struct Thread {
    /// Its name.
    pub name: &'static str,
    /// What it does.
    pub role: Role,
    /// Whether the signal is for it.
    pub interruptible: bool,
    /// Whether its first `nfs_writedata_alloc` fails.
    pub short_of_memory: bool,
}

/// How the writeback loop treats a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Loop {
    /// That of 2.6.21: it looks at `PageWriteback`, and wraps only if it has found no page at all.
    Of2007,
    /// One that no kernel has: it leaves `PageWriteback` to the filesystem, and always wraps once.
    Blind,
}

/// The threads and sizes of a scenario.
#[derive(Debug, Clone, Copy)]
pub struct Config {
    /// The pages.
    pub pages: &'static [Start],
    /// The threads, without rpciod.
    pub threads: &'static [Thread],
    /// The writeback loop.
    pub writeback: Loop,
    /// Whether the server answers a WRITE that does not ask for stable storage before it has the
    /// bytes there: a COMMIT is needed then.
    pub unstable: bool,
    /// The pages that an RPC holds: `wsize`.
    pub wsize: usize,
}

/// A file on an NFS mount.
#[derive(Debug)]
pub(super) struct Client {
    pub(super) file: NfsFile,
    pub(super) config: Config,
    variant: Variant,
}

impl Client {
    /// Whether the variant has a clause.
    pub(super) fn has(&self, clause: &Clause) -> bool {
        self.variant.has(clause)
    }

    /// Whether any thread of the scenario stores through a mapping.
    pub(super) fn has_stores(&self) -> bool {
        let stores = |thread: &Thread| matches!(thread.role, Role::Store(_) | Role::Touch(_));
        self.config.threads.iter().any(stores)
    }

    /// A descriptor of a call.
    pub(super) fn descriptor(&self, stable: bool) -> Descriptor {
        Descriptor::new(self.config.wsize, stable)
    }

    /// The call returns to its caller: the I/O that it has begun is submitted or cancelled.
    pub(super) fn leave(
        &self,
        task: &Task,
        call: &mut Call,
        function: Function,
    ) -> Result<(), Halt> {
        let owed = std::mem::take(&mut call.owed);
        if owed.is_empty() {
            return Ok(());
        }
        let section = self.file.req_lock(task, function)?;
        for page in owed {
            let (owed, orphan) = section.owes(task, page, function, call.who)?;
            task.check(SUBMITTED_AT_EXIT, !owed, || {
                format!("returns with page {page} under writeback and no I/O started")
            });
            task.check(NO_ORPHAN, !orphan, || {
                format!("leaves page {page} under writeback in nobody's hands")
            });
        }
        Ok(())
    }

    /// At the end no page is under writeback, and whatever was cleaned has been sent.
    fn check_end(&self, task: &Task) {
        for page in self.file.pages() {
            let index = page.index;
            let request = self.file.peek_request(index);
            let later = request.is_some_and(|req| req.need_flush && req.list == List::Commit);
            let unsent = self.file.rpcs.peek_unsent(index);
            let (writeback, found) =
                page.peek(|page| (page.writeback, (page.dirty && page.tagged) || later));
            task.check(NO_ORPHAN, !writeback, || {
                format!("page {index} is under writeback, and no thread is left")
            });
            task.check(DATA, !unsent || found, || {
                format!("the content of page {index} was not sent, and the page is not dirty again")
            });
        }
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
///
/// Two threads that call fsync at once, which no scenario has:
///
/// ```
/// use pagelock::engine::{Strategy, search};
/// use pagelock::protocols::nfs_coalesce::{BASE, Config, Role, SPEC, Thread, WRITTEN, encoding};
///
/// const fn fsync(name: &'static str) -> Thread {
///     let role = Role::Fsync { rounds: 1 };
///     Thread { name, role, interruptible: false, short_of_memory: false }
/// }
/// let config = Config { pages: &[WRITTEN], threads: &[const { fsync("one") }, const { fsync("other") }], ..BASE };
/// let patched = SPEC.design("patched").unwrap().into();
/// let found = search(&encoding(&patched, &config), &Strategy::States).unwrap();
/// assert!(found.receipt.complete && found.findings.is_empty());
/// ```
#[must_use]
pub fn encoding(variant: &Variant, config: &Config) -> Arc<dyn Encoding> {
    configured::encoding(build, variant, config)
}

fn build(world: &mut World, variant: &Variant, config: &Config) {
    let client = Arc::new(Client {
        file: NfsFile::new(world, config.pages),
        config: *config,
        variant: variant.clone(),
    });
    for thread in config.threads {
        let client = Arc::clone(&client);
        world.thread(thread.name, move |task| callers::run(task, &client, thread));
    }
    let served = Arc::clone(&client);
    world.thread(RPCIOD, move |task| rpciod::serve(task, &served));
    world.finally(move |task| client.check_end(task));
}
