//! `struct journal_head`, what the journal keeps for a data buffer, and the transactions it may be filed to.
//!
//! A buffer that is truncated while its transaction commits stays with the journal until the commit ends:
//!
//! ```
//! # use pagelock::engine::{Strategy, search};
//! # use pagelock::model::{Encoding, World};
//! # use pagelock::kernel::{JournalLists, Unmapped};
//! # use std::sync::Arc;
//! # let encoding: Arc<dyn Encoding> = Arc::new(|world: &mut World| {
//! let lists = JournalLists::new(world, &[true], &[0], true, true); // Block 0 is part of T0.
//! world.thread("one", move |task| {
//!     assert_eq!(lists.unmap_buffer(task, 0)?, Unmapped::Freed);
//!     assert!(lists.is_freed(task, 0)? && lists.is_busy(task, 0)?);
//!     lists.end_commit(task, 0)?;
//!     assert!(!lists.is_busy(task, 0)?);
//!     Ok(())
//! });
//! # });
//! # let found = search(&encoding, &Strategy::ExplicitState).unwrap();
//! # assert_eq!(found.findings, []);
//! ```

use crate::model::{State, Word};

/// The journal's part of a buffer (`struct journal_head`), with `BH_Freed`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub(super) struct JournalHead {
    /// `b_transaction`.
    pub(super) transaction: Option<u32>,
    /// `b_next_transaction`: filed there when `transaction` has committed.
    pub(super) next: Option<u32>,
    /// On `BJ_Metadata`: its content is part of the transaction. Otherwise `BJ_Reserved`, or
    /// `BJ_Forget`.
    pub(super) metadata: bool,
    /// Part of `next` likewise.
    pub(super) next_metadata: bool,
    /// Committed, and not yet in its place on disk (`b_cp_transaction`).
    pub(super) checkpoint: bool,
    /// `BH_Freed`: truncated while `transaction` was committing.
    pub(super) freed: bool,
    /// Truncation has taken the block from the file. The kernel has no such bit; it is here for a
    /// property.
    pub(super) truncated: bool,
}

impl State for JournalHead {
    fn show(&self) -> String {
        let mut shown = Vec::new();
        if let Some(tid) = self.transaction {
            let list = if self.metadata { "" } else { " reserved" };
            shown.push(format!("T{tid}{list}"));
        }
        shown.extend(self.next.map(|tid| format!("next T{tid}")));
        shown.extend(self.checkpoint.then(|| "checkpoint".to_string()));
        shown.extend(self.freed.then(|| "freed".to_string()));
        if shown.is_empty() {
            shown.push("none".to_string());
        }
        shown.extend(self.truncated.then(|| "(truncated)".to_string()));
        shown.join(" ")
    }

    fn words(&self) -> Vec<Word> {
        vec![
            Word::new("b_transaction", self.transaction),
            Word::new("b_next_transaction", self.next),
            Word::new("b_jlist", self.metadata),
            Word::new("b_jlist in the next transaction", self.next_metadata),
            Word::new("b_cp_transaction", self.checkpoint),
            Word::new("BH_Freed", self.freed),
            Word::new("of the file", self.truncated),
        ]
    }
}

/// `j_committing_transaction` and `j_running_transaction`, under `j_state_lock`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Transactions {
    pub(super) committing: Option<u32>,
    pub(super) running: u32,
}

impl State for Transactions {
    fn show(&self) -> String {
        match self.committing {
            Some(tid) => format!("T{tid} commits, T{} runs", self.running),
            None => format!("T{} runs", self.running),
        }
    }
}

/// The result of `jbd2_journal_dirty_metadata` for a buffer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DirtyMetadata {
    /// The buffer is part of the transaction. `truncated`: its block is no longer of the file.
    Filed {
        /// Whether truncation has taken the block from the file.
        truncated: bool,
    },
    /// The buffer has no `journal_head`, or one of another transaction: an oops, or
    /// `J_ASSERT_JH`.
    BadHead,
}

/// The result of `journal_unmap_buffer` for a buffer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Unmapped {
    /// The buffer is to be unmapped.
    Zap,
    /// The buffer is being committed: it is marked `BH_Freed` and stays.
    Freed,
}
