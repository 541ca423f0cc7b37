//! The commit of a jbd2 transaction: what it does to the journal, and to the lists of data buffers.
//!
//! Mirrors fs/jbd2/commit.c of 2.6.26, and `kjournald2`.
//!
//! A whole commit, after which nothing is left for the next one:
//!
//! ```
//! # use pagelock::engine::{Strategy, search};
//! # use pagelock::model::{Encoding, World};
//! # use pagelock::kernel::{Journal, JournalConfig, JournalLists};
//! # use std::sync::Arc;
//! # let encoding: Arc<dyn Encoding> = Arc::new(|world: &mut World| {
//! # let config = JournalConfig { owners: vec!["kjournald2".into()], committer: "kjournald2", max_transaction_buffers: None, balance: "balance", outstanding: 0 };
//! let journal = Journal::new(world, config);
//! let lists = JournalLists::new(world, &[true], &[0], false, true); // Block 0 is part of T1.
//! world.thread("kjournald2", move |task| {
//!     let commit = journal.lock_transaction(task)?;
//!     let tid = commit.tid;
//!     lists.start_commit(task, tid)?;
//!     journal.flush(task, commit)?;
//!     assert!(lists.is_committed(task, 0, tid)?);
//!     lists.end_commit(task, tid)?;
//!     assert!(!lists.is_committed(task, 0, tid + 1)?); // No thread has dirtied it again.
//!     Ok(())
//! });
//! # });
//! # let found = search(&encoding, &Strategy::ExplicitState).unwrap();
//! # assert_eq!(found.findings, []);
//! ```

use super::functions as f;
use super::journal::{Journal, Running};
use super::journal_lists::JournalLists;
use crate::model::{Guard, Halt, Task, Wait};

/// A commit that has waited for every handle, and whose transaction is still `T_LOCKED`.
#[derive(Debug)]
pub struct Commit<'j> {
    /// The transaction that is committed.
    pub tid: u32,
    locked: Guard<'j, Running>,
}

impl Journal {
    /// The first part of `jbd2_journal_commit_transaction`: makes the running transaction
    /// `T_LOCKED` and waits until no handle is open in it.
    #[track_caller]
    pub fn lock_transaction(&self, task: &Task) -> Result<Commit<'_>, Halt> {
        let locked = task.acquire(&self.transaction, f::COMMIT_TRANSACTION)?;
        let locked = locked.unlocked_by(f::COMMIT_TRANSACTION);
        let tid = locked.read(move |running| running.tid);
        locked.show_as(format!("commit of T{tid}"));
        for slot in &self.slots {
            task.acquire(slot, f::COMMIT_TRANSACTION)?.release();
        }
        Ok(Commit { tid, locked })
    }

    /// The commit proceeds to `T_FLUSH`: a new transaction runs, and the threads that waited to start
    /// a handle are woken.
    #[track_caller]
    pub fn flush(&self, task: &Task, mut commit: Commit<'_>) -> Result<(), Halt> {
        let next = commit.tid + 1;
        commit.locked.update(move |running| running.tid = next);
        if self.config.max_transaction_buffers.is_some() {
            task.step(&self.progress, f::COMMIT_TRANSACTION, move |progress| {
                progress.running = next;
                progress.outstanding = 0;
            })?;
        }
        commit.locked.show_as("transaction");
        Ok(())
    }

    /// `kjournald2` between commits: waits until a thread requests one. Returns false when no
    /// thread is left that could.
    #[track_caller]
    pub fn wait_for_request(&self, task: &Task) -> Result<bool, Halt> {
        task.step_when(
            &self.progress,
            f::KJOURNALD2,
            &Wait::on("a request to commit"),
            |progress| progress.request >= progress.running || progress.users == 0,
            |progress| progress.request >= progress.running,
        )
    }
}

impl JournalLists {
    /// The commit of `tid` is past `T_LOCKED`: `j_committing_transaction` is set. One step.
    #[track_caller]
    pub fn start_commit(&self, task: &Task, tid: u32) -> Result<(), Halt> {
        self.set_committing(task, Some(tid))
    }

    /// Whether the commit of `tid` writes the block to the journal. One step.
    #[track_caller]
    pub fn is_committed(&self, task: &Task, block: usize, tid: u32) -> Result<bool, Halt> {
        let Some(head) = &self.heads[block] else {
            return Ok(false);
        };
        task.step(head, f::COMMIT_TRANSACTION, move |head| {
            head.transaction == Some(tid) && head.metadata
        })
    }

    /// The end of `jbd2_journal_commit_transaction`: each buffer goes on to the next transaction,
    /// if that wants it, and to the checkpoint list, if it was part of this one. One step for
    /// each; then the commit is over.
    #[track_caller]
    pub fn end_commit(&self, task: &Task, tid: u32) -> Result<(), Halt> {
        for head in self.heads.iter().flatten() {
            task.step(head, f::COMMIT_TRANSACTION, move |head| {
                if head.transaction == Some(tid) {
                    head.checkpoint = head.metadata && !head.freed;
                    head.freed = false;
                    head.transaction = head.next.take();
                    head.metadata = std::mem::take(&mut head.next_metadata);
                }
            })?;
        }
        self.set_committing(task, None)
    }

    #[track_caller]
    fn set_committing(&self, task: &Task, tid: Option<u32>) -> Result<(), Halt> {
        if let Some(mut guard) = self.lock_state(task)? {
            guard.update(move |now| {
                now.committing = tid;
                now.running = tid.map_or(now.running, |tid| tid + 1);
            });
        }
        Ok(())
    }
}
