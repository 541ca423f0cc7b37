//! A cached state, seen through the same read-only view as a running execution.

use crate::engine::execution::function::Function;
use crate::engine::execution::ids::ObjectId;
use crate::engine::execution::sets::Threads;
use crate::engine::execution::thread::{Awaiting, ThreadState};
use crate::engine::execution::view::StateView;
use crate::engine::explicit::state::State;
use crate::engine::explicit::transition_cache::{ByValues, Place, TransitionCache};
use crate::trace::ThreadId;
use std::borrow::Cow;
use std::cell::Cell;
use std::collections::BTreeSet;

/// A cached state. What was never asked of an execution is missing.
#[derive(Debug)]
pub(crate) struct CachedStateView<'m> {
    cache: &'m TransitionCache,
    state: &'m State,
    missing: Cell<bool>,
}

impl<'m> CachedStateView<'m> {
    pub(crate) fn new(cache: &'m TransitionCache, state: &'m State) -> Self {
        Self {
            cache,
            state,
            missing: Cell::new(false),
        }
    }

    /// Whether something was asked for that is not cached: the answers are invalid then.
    pub(crate) fn is_missing(&self) -> bool {
        self.missing.get()
    }

    fn known<T: Copy + Default>(&self, table: &ByValues<T>) -> T {
        let known = self.cache.look_up(table, self.state);
        known.copied().unwrap_or_else(|| {
            self.missing.set(true);
            T::default()
        })
    }

    fn at(&self, thread: ThreadId) -> &Place {
        &self.cache.places[self.state.place(thread) as usize]
    }

    /// The threads that are enabled.
    pub(crate) fn enabled(&self) -> Threads {
        let mut enabled = Threads::default();
        let threads = self.state.threads();
        threads
            .filter(|thread| self.is_enabled(*thread))
            .for_each(|thread| enabled.insert(thread));
        enabled
    }

    /// The cover points of the wait that a thread is at, as far as they are not known.
    pub(crate) fn newly_covered(
        &self,
        thread: ThreadId,
        known: &BTreeSet<Cow<'static, str>>,
    ) -> Vec<Cow<'static, str>> {
        let points = self.covered_by_wait(thread);
        points
            .filter(|point| !known.contains(*point))
            .map(Cow::Borrowed)
            .collect()
    }
}

impl StateView for CachedStateView<'_> {
    fn threads(&self) -> impl Iterator<Item = (ThreadId, &ThreadState)> {
        let threads = self.state.threads();
        threads.map(|thread| (thread, self.thread(thread)))
    }

    fn thread(&self, thread: ThreadId) -> &ThreadState {
        &self.at(thread).thread_state
    }

    fn holder(&self, object: ObjectId) -> Option<ThreadId> {
        self.state.holder(object)
    }

    fn label(&self, object: ObjectId) -> (&str, Option<Function>) {
        let [name, by] = self.state.label(object);
        let by = self.cache.releases[by as usize];
        (&self.cache.names[name as usize], by)
    }

    fn class(&self, object: ObjectId) -> &'static str {
        self.cache.objects[object].class
    }

    fn is_ready(&self, thread: ThreadId, _awaiting: &Awaiting) -> bool {
        self.known(&self.at(thread).ready)
    }

    fn named(&self, thread: ThreadId, _awaiting: &Awaiting) -> Threads {
        self.known(&self.at(thread).named)
    }

    fn obligations(&self) -> impl Iterator<Item = (&Cow<'static, str>, Option<ThreadId>)> {
        let obligations = self.cache.obligations.iter();
        obligations.map(|(what, owner)| (what, self.known(owner)))
    }
}
