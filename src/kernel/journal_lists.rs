//! The journal's lists of data buffers (data=journal): which transaction a buffer is filed to.
//!
//! A truncation during the commit of the block's transaction leaves the buffer to the commit:
//!
//! ```
//! use pagelock::engine::{Strategy, search};
//! use pagelock::model::{Encoding, World};
//! use pagelock::kernel::{JournalLists, Unmapped};
//! use std::sync::Arc;
//!
//! let encoding: Arc<dyn Encoding> = Arc::new(|world: &mut World| {
//!     let lists = JournalLists::new(world, &[true], &[0], true, true); // Block 0 is part of T0.
//!     let other = lists.clone();
//!     world.thread("truncate", move |task| {
//!         let unmapped = lists.unmap_buffer(task, 0)?;
//!         task.cover(if unmapped == Unmapped::Freed { "during" } else { "after" });
//!         Ok(())
//!     });
//!     world.thread("kjournald2", move |task| other.end_commit(task, 0));
//! });
//! let found = search(&encoding, &Strategy::ExplicitState).unwrap();
//! assert_eq!(found.findings, []);
//! assert_eq!(found.reached.len(), 2);
//! ```

use super::functions as f;
use super::journal_head::{DirtyMetadata, JournalHead, Transactions, Unmapped};
use crate::model::{Cell, Guard, Halt, Lock, Task, World};

/// The journal's lists of data buffers, one buffer for each block of a file.
///
/// What is done to a buffer is one step under its `jbd_lock_bh_state`. The order of buffers on a
/// list matters to no property, so the list's own lock (`j_list_lock`) is left out. Where the scenario
/// has no commit, the running transaction is always T1.
#[derive(Debug, Clone)]
pub struct JournalLists {
    /// `None` for a block that no thread of the scenario can journal: its buffer has no
    /// `journal_head`.
    pub(super) heads: Vec<Option<Cell<JournalHead>>>,
    committing: Option<Lock<Transactions>>,
}

impl JournalLists {
    /// Makes the lists for the blocks of a file: `journalled` says of each whether any thread can
    /// journal it. Those of `filed` are part of the transaction that is being committed, T0, if
    /// `committing`; otherwise of the running one, T1. `commits` says whether any thread of the
    /// scenario commits.
    #[must_use]
    pub fn new(
        world: &World,
        journalled: &[bool],
        filed: &[usize],
        committing: bool,
        commits: bool,
    ) -> Self {
        let mut heads = Vec::new();
        for (block, journalled) in journalled.iter().enumerate() {
            let head = JournalHead {
                transaction: filed.contains(&block).then_some(u32::from(!committing)),
                metadata: filed.contains(&block),
                ..JournalHead::default()
            };
            heads.push(journalled.then(|| world.cell(format!("journal head {block}"), head)));
        }
        Self {
            heads,
            committing: commits.then(|| {
                let state = Transactions {
                    committing: committing.then_some(0),
                    running: 1,
                };
                world.lock("committing transaction", "j_state_lock", state)
            }),
        }
    }

    /// Reads `BH_Freed`. One step, where there are commits: nothing else sets it.
    #[track_caller]
    pub fn is_freed(&self, task: &Task, block: usize) -> Result<bool, Halt> {
        if self.committing.is_none() || self.heads[block].is_none() {
            return Ok(false);
        }
        task.step(self.head(block), f::BUFFER_FREED, |head| head.freed)
    }

    /// `jbd2_journal_get_write_access`: files the buffer to the handle's transaction, or to be
    /// filed there when the commit is done with it. Returns whether truncation had taken the
    /// block from the file by then, if it was filed. `mapped_anew`: the caller has just mapped
    /// the buffer, under the page lock. One step.
    #[track_caller]
    pub fn get_write_access(
        &self,
        task: &Task,
        block: usize,
        tid: u32,
        mapped_anew: bool,
    ) -> Result<Option<bool>, Halt> {
        task.step(self.head(block), f::GET_WRITE_ACCESS, move |head| {
            head.truncated &= !mapped_anew;
            if head.transaction == Some(tid) || head.next == Some(tid) {
                return None;
            }
            if head.transaction.is_none() {
                head.transaction = Some(tid);
                head.metadata = false;
            } else {
                // Only the committing transaction is older than that of an open handle.
                head.next = Some(tid);
                head.next_metadata = false;
            }
            Some(head.truncated)
        })
    }

    /// `jbd2_journal_dirty_metadata`: the buffer's content becomes part of the handle's
    /// transaction. One step.
    #[track_caller]
    pub fn dirty_metadata(
        &self,
        task: &Task,
        block: usize,
        tid: u32,
    ) -> Result<DirtyMetadata, Halt> {
        task.step(self.head(block), f::JOURNAL_DIRTY_METADATA, move |head| {
            if head.transaction == Some(tid) {
                head.metadata = true;
            } else if head.transaction.is_some() && head.next == Some(tid) {
                head.next_metadata = true;
            } else {
                return DirtyMetadata::BadHead;
            }
            DirtyMetadata::Filed {
                truncated: head.truncated,
            }
        })
    }

    /// `journal_unmap_buffer`, up to the unmapping: the block is truncated. One step, and one
    /// for `j_state_lock` where there are commits.
    #[track_caller]
    pub fn unmap_buffer(&self, task: &Task, block: usize) -> Result<Unmapped, Halt> {
        let Some(head) = &self.heads[block] else {
            return Ok(Unmapped::Zap);
        };
        let guard = self.lock_state(task)?;
        let now = guard.as_ref().map(|guard| guard.read(move |now| *now));
        let committing = now.and_then(|now| now.committing);
        let running = now.map_or(1, |now| now.running);
        task.step(head, f::JOURNAL_UNMAP_BUFFER, move |head| {
            head.truncated = true;
            if head.transaction.is_some() && head.transaction == committing {
                head.freed = true;
                head.next = None;
                head.next_metadata = false;
                return Unmapped::Freed;
            }
            // `__dispose_buffer`: what the disk's copy may still overwrite goes to BJ_Forget of
            // the running transaction; everything else is forgotten at once.
            head.transaction = head.checkpoint.then_some(running);
            head.metadata = false;
            Unmapped::Zap
        })
    }

    /// Whether the journal still needs the block's buffer, so that reclaim must not free it. One step.
    #[track_caller]
    pub fn is_busy(&self, task: &Task, block: usize) -> Result<bool, Halt> {
        let Some(head) = &self.heads[block] else {
            return Ok(false);
        };
        task.step(head, f::TRY_TO_FREE_BUFFERS, |head| {
            head.transaction.is_some() || head.checkpoint
        })
    }

    /// Whether a transaction will write the block's content. From outside the program.
    #[track_caller]
    #[must_use]
    pub fn peek_filed(&self, block: usize) -> bool {
        self.heads[block].as_ref().is_some_and(|head| {
            head.peek(|head| {
                let next = head.next.is_some() && head.next_metadata;
                head.transaction.is_some() && head.metadata || next
            })
        })
    }

    fn head(&self, block: usize) -> &Cell<JournalHead> {
        let head = self.heads[block].as_ref();
        head.expect("the scenario says that the block can be journalled")
    }

    #[track_caller]
    pub(super) fn lock_state(&self, task: &Task) -> Result<Option<Guard<'_, Transactions>>, Halt> {
        let lock = self.committing.as_ref();
        lock.map(|lock| task.acquire(lock, f::J_STATE_LOCK))
            .transpose()
    }
}
