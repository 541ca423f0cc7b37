//! A page table entry that maps a page.
//!
//! Two processes map a page. The flusher cleans one entry after the other, and a store may take effect in
//! between:
//!
//! ```
//! # use pagelock::engine::{Strategy, search};
//! # use pagelock::model::{Encoding, World};
//! # use pagelock::kernel::{Pte, PteState, functions as f};
//! # use std::sync::Arc;
//! # let encoding: Arc<dyn Encoding> = Arc::new(|world: &mut World| {
//! let ptes = ["parent", "child"].map(|name| {
//!     Pte::new(world, name, PteState { write: true, ..PteState::READ_ONLY })
//! });
//! let (parent, end) = (ptes[0].clone(), ptes[0].clone());
//! world.thread("store", move |task| {
//!     parent.lock(task, f::MEMORY_STORE)?.update(|pte| pte.dirty = pte.write);
//!     Ok(())
//! });
//! world.thread("flusher", move |task| ptes.iter().try_for_each(|pte| pte.mkclean(task).map(drop)));
//! // A store that is too late finds the entry write-protected, and faults: no store is lost.
//! world.finally(move |_| assert_eq!(end.peek(|pte| *pte), PteState::READ_ONLY));
//! # });
//! # let found = search(&encoding, &Strategy::ExplicitState).unwrap();
//! # assert_eq!(found.findings, []);
//! ```

use super::class::PTE_LOCK;
use super::functions as f;
use crate::model::{Function, Guard, Halt, Lock, State, Task, World};
use std::hash::Hash;

/// The bits of a page table entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct PteState {
    /// The entry maps the page.
    pub present: bool,
    /// Stores go through without a fault.
    pub write: bool,
    /// A store went through since the entry was last cleaned.
    pub dirty: bool,
}

impl PteState {
    /// No page.
    pub const NONE: Self = Self {
        present: false,
        write: false,
        dirty: false,
    };

    /// The page, write-protected.
    pub const READ_ONLY: Self = Self {
        present: true,
        write: false,
        dirty: false,
    };
}

impl State for PteState {
    fn show(&self) -> String {
        match (self.present, self.write, self.dirty) {
            (false, _, _) => "none".to_string(),
            (true, write, dirty) => {
                let access = if write { "writable" } else { "read-only" };
                format!("{access}{}", if dirty { " dirty" } else { "" })
            }
        }
    }
}

/// A page table entry under its lock.
#[derive(Debug, Clone)]
pub struct Pte(Lock<PteState>);

impl Pte {
    /// Makes an entry.
    #[must_use]
    pub fn new(world: &World, name: &str, state: PteState) -> Self {
        Self(world.lock(name, PTE_LOCK, state))
    }

    /// Takes the entry's lock. One step.
    #[track_caller]
    pub fn lock(&self, task: &Task, function: Function) -> Result<Guard<'_, PteState>, Halt> {
        task.acquire(&self.0, function)
    }

    /// `page_mkclean` of this entry, the first of the steps of `clear_page_dirty_for_io`: takes
    /// write access and the dirty bit away; returns whether there was either. One step.
    #[track_caller]
    pub fn mkclean(&self, task: &Task) -> Result<bool, Halt> {
        let mut pte = task.acquire(&self.0, f::PAGE_MKCLEAN)?;
        Ok(pte.update(|pte| {
            let changed = pte.present && (pte.write || pte.dirty);
            pte.write = false;
            pte.dirty = false;
            changed
        }))
    }

    /// Looks at the entry from outside the program.
    #[track_caller]
    pub fn peek<R: Hash>(&self, read: impl Fn(&PteState) -> R) -> R {
        self.0.peek(read)
    }
}
