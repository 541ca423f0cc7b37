//! A jbd2 journal: handles, transactions and the commit.
//!
//! Every wait is a held lock, which is what an exhaustive search can afford:
//!
//! - the *transaction lock* is held by the commit for as long as the running transaction is
//!   `T_LOCKED`, so that `start_this_handle` waits for it there. Starters hold it only while they
//!   join, as the kernel holds `j_state_lock`;
//! - each thread that can own a handle has a *slot*, which it holds from start to stop: one count of
//!   `t_updates`. The commit waits for `t_updates == 0` by taking each slot in turn; since no thread
//!   can join while it is `T_LOCKED`, their order does not matter.
//!
//! Mirrors `start_this_handle`, `jbd2_journal_stop` and `jbd2_journal_commit_transaction` (fs/jbd2,
//! 2.6.26). Left out: barriers, checkpoints and log space, synchronous handles, nested starts of
//! another journal, aborts, and the waits for the commit's own I/O (a handle that wants a buffer
//! which is being written; the commit that waits for the data it has submitted): that I/O ends
//! whatever is locked.
//!
//! A handle is open before a commit or after it, and never spans one:
//!
//! ```
//! use pagelock::engine::{Strategy, search};
//! use pagelock::model::{Encoding, World};
//! use pagelock::kernel::{Journal, JournalConfig};
//! use std::sync::Arc;
//!
//! let encoding: Arc<dyn Encoding> = Arc::new(|world: &mut World| {
//!     let journal = Journal::new(world, JournalConfig {
//!         owners: vec!["writer".into()],
//!         committer: "kjournald2",
//!         max_transaction_buffers: None,
//!         balance: "balance",
//!         outstanding: 0,
//!     });
//!     let other = journal.clone();
//!     world.thread("writer", move |task| {
//!         let handle = journal.start(task, 1)?.expect("any number of credits fits");
//!         task.cover(if handle.tid == 1 { "before" } else { "after" });
//!         journal.stop(task, handle)
//!     });
//!     world.thread("kjournald2", move |task| {
//!         let commit = other.lock_transaction(task)?;
//!         other.flush(task, commit)
//!     });
//! });
//! let found = search(&encoding, &Strategy::ExplicitState).unwrap();
//! assert_eq!(found.findings, []);
//! assert_eq!(found.reached.into_iter().collect::<Vec<_>>(), ["after", "before"]);
//! ```

use super::class::{HANDLE, TRANSACTION};
use super::functions as f;
use super::handle::{Handle, TooManyCredits};
use crate::model::{Cell, Function, Halt, Lock, State, Task, Wait, Word, World};

/// How a journal is set up.
#[derive(Debug, Clone)]
pub struct JournalConfig {
    /// The threads that may own a handle, by name.
    pub owners: Vec<String>,
    /// The thread that commits.
    pub committer: &'static str,
    /// `j_max_transaction_buffers`: the credits that a transaction holds, or `None` for so many
    /// that no scenario of this size can fill it.
    pub max_transaction_buffers: Option<u32>,
    /// The property that a handle violates which goes away without being stopped.
    pub balance: &'static str,
    /// The credits that handles before the start of the scenario have used of T1.
    pub outstanding: u32,
}

/// The running transaction, under the transaction lock.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Running {
    pub(super) tid: u32,
}

impl State for Running {
    fn show(&self) -> String {
        format!("running T{}", self.tid)
    }
}

/// The part of the journal that waiters for a commit look at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Progress {
    /// The running transaction.
    pub(super) running: u32,
    /// Its `t_outstanding_credits`.
    pub(super) outstanding: u32,
    /// `j_commit_request`: commit up to here.
    pub(super) request: u32,
    /// Threads that may still ask for a commit.
    pub(super) users: u32,
}

impl State for Progress {
    fn show(&self) -> String {
        format!(
            "T{} credits {} request T{}",
            self.running, self.outstanding, self.request
        )
    }

    fn words(&self) -> Vec<Word> {
        vec![
            Word::new("j_running_transaction", self.running),
            Word::new("t_outstanding_credits", self.outstanding),
            Word::new("j_commit_request", self.request),
            Word::new("threads that may ask", self.users),
        ]
    }
}

/// A journal (`journal_t`).
#[derive(Debug, Clone)]
pub struct Journal {
    pub(super) config: JournalConfig,
    pub(super) transaction: Lock<Running>,
    pub(super) slots: Vec<Lock<()>>,
    pub(super) progress: Cell<Progress>,
}

impl Journal {
    /// Makes a journal whose running transaction is T1.
    #[must_use]
    pub fn new(world: &World, config: JournalConfig) -> Self {
        let slot = |owner: &String| world.lock(format!("handle of {owner}"), HANDLE, ());
        let users = config
            .owners
            .iter()
            .filter(|owner| *owner != config.committer);
        let progress = Progress {
            running: 1,
            outstanding: config.outstanding,
            request: 0,
            // The committer asks no other thread. Owners are a handful.
            users: u32::try_from(users.count()).unwrap_or(u32::MAX),
        };
        Self {
            transaction: world.lock("transaction", TRANSACTION, Running { tid: 1 }),
            slots: config.owners.iter().map(slot).collect(),
            progress: world.cell("journal", progress),
            config,
        }
    }

    /// `start_this_handle`: joins the running transaction with `credits`.
    ///
    /// Waits while the transaction is `T_LOCKED`. If it has no room for the credits, requests
    /// its commit and waits for that. The caller has no handle yet.
    ///
    /// # Panics
    /// If the thread is not one of the journal's owners.
    #[track_caller]
    pub fn start(
        &self,
        task: &Task,
        credits: u32,
    ) -> Result<Result<Handle<'_>, TooManyCredits>, Halt> {
        let name = task.name();
        let slot = self.config.owners.iter().position(|owner| *owner == name);
        let slot = &self.slots[slot.expect("the thread is an owner of handles")];
        if let Some(most) = self.config.max_transaction_buffers
            && credits > most
        {
            let asked = credits;
            return Ok(Err(TooManyCredits { asked, most }));
        }
        let mut waited_for_room = false;
        loop {
            let running = task.acquire(&self.transaction, f::START_THIS_HANDLE)?;
            let tid = running.read(|running| running.tid);
            if !self.reserve(task, credits)? {
                drop(running);
                self.wait_for_commit(task, tid)?;
                waited_for_room = true;
                continue;
            }
            let slot = task.acquire(slot, f::START_THIS_HANDLE)?;
            let slot = slot.unlocked_by(f::JOURNAL_STOP);
            slot.show_as(format!("handle of T{tid}"));
            return Ok(Ok(Handle {
                tid,
                credits,
                paid_for_inode: false,
                waited_for_room,
                stopped: false,
                task: task.clone(),
                balance: self.config.balance,
                _slot: slot,
            }));
        }
    }

    /// `jbd2_journal_stop`: gives the unused credits back and leaves the transaction.
    #[track_caller]
    pub fn stop(&self, task: &Task, mut handle: Handle<'_>) -> Result<(), Halt> {
        if self.config.max_transaction_buffers.is_some() {
            let unused = handle.credits;
            // In one critical section with `t_updates--`: the slot is released next, and no other
            // thread is scheduled between this step and a release.
            task.step(&self.progress, f::JOURNAL_STOP, move |progress| {
                progress.outstanding -= unused;
            })?;
        }
        handle.stopped = true;
        Ok(())
    }

    /// The calling thread will start no more handles. Only a journal whose transactions can fill up
    /// counts these threads.
    #[track_caller]
    pub fn leave(&self, task: &Task, function: Function) -> Result<(), Halt> {
        if self.config.max_transaction_buffers.is_some() {
            task.step(&self.progress, function, |progress| progress.users -= 1)?;
        }
        Ok(())
    }

    /// Adds a handle's credits to the transaction if they fit, or asks for a commit.
    #[track_caller]
    fn reserve(&self, task: &Task, credits: u32) -> Result<bool, Halt> {
        let Some(most) = self.config.max_transaction_buffers else {
            return Ok(true);
        };
        task.step(&self.progress, f::START_THIS_HANDLE, move |progress| {
            let fits = progress.outstanding + credits <= most;
            if fits {
                progress.outstanding += credits;
            } else {
                progress.request = progress.running;
            }
            fits
        })
    }

    #[track_caller]
    fn wait_for_commit(&self, task: &Task, tid: u32) -> Result<(), Halt> {
        let wait = Wait::on(format!("commit of T{tid}")).woken_by(self.config.committer);
        task.step_when(
            &self.progress,
            f::START_THIS_HANDLE,
            &wait,
            move |progress| progress.running > tid,
            |_| (),
        )
    }
}
