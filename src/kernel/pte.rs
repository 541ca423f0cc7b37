//! A page table entry that maps a page.

use super::class::PTE_LOCK;
use super::functions as f;
use crate::engine::{Function, Guard, Halt, Lock, State, Task, World};

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
    pub fn peek<R>(&self, read: impl FnOnce(&PteState) -> R) -> R {
        self.0.peek(read)
    }
}
