//! What the journal keeps for a data buffer, and which transactions there are.

use crate::engine::State;

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
    /// Truncation has taken the block from the file. Nobody in the kernel knows this; a property
    /// does.
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
