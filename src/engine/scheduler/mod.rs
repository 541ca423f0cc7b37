//! Schedulers for the announced operations of shuttle's threads, one to a file.

use crate::engine::execution::ranked::unpoisoned;
use crate::engine::execution::shared::Shared;
use crate::trace::ThreadId;
use std::sync::{Arc, Mutex};

pub(crate) mod dfs;
pub(crate) mod enabled_only;
pub(crate) mod permutations;
pub(crate) mod random;
pub(crate) mod replay;

/// The execution that is under way, shared by the scheduler and the code that it schedules.
#[derive(Clone, Default)]
pub(crate) struct Current(Arc<Mutex<UnderWay>>);

#[derive(Default)]
struct UnderWay {
    shared: Option<Arc<Shared>>,
    spawned: bool,
    over: bool,
    /// In which order threads go to their first operations; those that it does not name, in their own order.
    starts: Vec<ThreadId>,
}

impl Current {
    /// Lets threads go to their first operations in this order. No operation takes place there, so it makes a difference
    /// only to a model that has hidden state.
    pub(crate) fn start_in(&self, order: &[ThreadId]) {
        unpoisoned(&self.0).starts = order.to_vec();
    }

    pub(crate) fn begin(&self, shared: &Arc<Shared>) {
        let mut state = unpoisoned(&self.0);
        state.shared = Some(Arc::clone(shared));
        state.spawned = false;
    }

    pub(crate) fn all_spawned(&self) {
        unpoisoned(&self.0).spawned = true;
    }

    /// What the threads of the execution under way share.
    pub(crate) fn shared(&self) -> Option<Arc<Shared>> {
        unpoisoned(&self.0).shared.clone()
    }

    /// Ends the execution, and the search too if `over`.
    pub(crate) fn end(&self, over: bool) {
        let mut state = unpoisoned(&self.0);
        state.shared = None;
        state.over |= over;
    }
}
