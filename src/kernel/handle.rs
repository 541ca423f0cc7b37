//! A handle of a journal: what a thread has between joining a transaction and leaving it.
//!
//! Handles of one transaction are held at the same time; the commit waits for them all:
//!
//! ```
//! # use pagelock::engine::{Strategy, search};
//! # use pagelock::model::{Encoding, World};
//! # use pagelock::kernel::{Journal, JournalConfig, functions as f};
//! # use std::sync::Arc;
//! # let encoding: Arc<dyn Encoding> = Arc::new(|world: &mut World| {
//! # let config = JournalConfig { owners: vec!["one".into(), "other".into()], committer: "kjournald2", max_transaction_buffers: None, balance: "balance", outstanding: 0 };
//! let journal = Journal::new(world, config);
//! let open = world.cell("open", 0_u8);
//! for name in ["one", "other"] {
//!     let (journal, open) = (journal.clone(), open.clone());
//!     world.thread(name, move |task| {
//!         let handle = journal.start(task, 1)?.expect("it fits");
//!         if task.step(&open, f::START_THIS_HANDLE, |open| { *open += 1; *open })? == 2 {
//!             task.cover("both in one transaction");
//!         }
//!         task.step(&open, f::JOURNAL_STOP, |open| *open -= 1)?;
//!         journal.stop(task, handle)
//!     });
//! }
//! world.thread("kjournald2", move |task| {
//!     let _commit = journal.lock_transaction(task)?;
//!     let open = task.step(&open, f::COMMIT_TRANSACTION, |open| *open)?;
//!     task.check("alone", open == 0, || format!("{open} handles are open"));
//!     Ok(())
//! });
//! # });
//! let found = search(&encoding, &Strategy::ExplicitState).unwrap();
//! assert!(found.findings.is_empty() && found.reached.contains("both in one transaction"));
//! ```

use crate::model::{Guard, Task};
use thiserror::Error;

/// A handle (`handle_t`), to be given to [`Journal::stop`](super::Journal::stop).
#[derive(Debug)]
#[must_use = "a handle has to be stopped"]
pub struct Handle<'j> {
    /// The transaction that the handle belongs to.
    pub tid: u32,
    /// `h_buffer_credits`: the metadata buffers that the handle may still dirty.
    pub credits: u32,
    /// Whether the handle has paid for the inode's buffer.
    pub paid_for_inode: bool,
    /// Whether `start_this_handle` had to wait for a commit to make room.
    pub waited_for_room: bool,
    pub(super) stopped: bool,
    pub(super) task: Task,
    pub(super) balance: &'static str,
    pub(super) _slot: Guard<'j, ()>,
}

impl Drop for Handle<'_> {
    fn drop(&mut self) {
        if !self.stopped && !self.task.is_over() {
            self.task.check(self.balance, false, || {
                format!("a handle of T{} was started and not stopped", self.tid)
            });
        }
    }
}

/// A handle asks for more credits than a transaction can hold: `-ENOSPC` from
/// `start_this_handle`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Error)]
#[error("a handle of {asked} credits does not fit a transaction of {most}")]
pub struct TooManyCredits {
    /// The credits asked for.
    pub asked: u32,
    /// The credits of a transaction.
    pub most: u32,
}
