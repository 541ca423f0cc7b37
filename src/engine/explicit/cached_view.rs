//! A state, asked like the state of an execution.

use crate::engine::execution::function::Function;
use crate::engine::execution::sets::Threads;
use crate::engine::execution::thread::{Awaiting, ThreadState};
use crate::engine::execution::view::StateView;
use crate::engine::explicit::state::State;
use crate::engine::explicit::transition_cache::{ByValues, Place, TransitionCache};
use std::borrow::Cow;
use std::cell::Cell;
use std::collections::BTreeSet;

/// A state as it is remembered. What was never asked of an execution is missing.
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

    /// Whether something was asked for that is not known: what was answered is worth nothing then.
    pub(crate) fn is_missing(&self) -> bool {
        self.missing.get()
    }

    fn known<T: Copy + Default>(&self, table: &ByValues<T>) -> T {
        table.get(self.state).copied().unwrap_or_else(|| {
            self.missing.set(true);
            T::default()
        })
    }

    fn at(&self, thread: usize) -> &Place {
        &self.cache.places[self.state.place(thread) as usize]
    }

    /// The threads that can go on.
    pub(crate) fn enabled(&self) -> Vec<u8> {
        let threads = 0..self.threads().count();
        let enabled = threads.filter(|thread| self.is_enabled(*thread));
        // There are a handful.
        enabled
            .map(|thread| u8::try_from(thread).unwrap_or(u8::MAX))
            .collect()
    }

    /// The marks of the wait that a thread has come to, as far as they are not known.
    pub(crate) fn new_marks(
        &self,
        thread: usize,
        known: &BTreeSet<Cow<'static, str>>,
    ) -> Vec<Cow<'static, str>> {
        let marks = self.marks_of_wait(thread);
        marks
            .filter(|mark| !known.contains(*mark))
            .map(Cow::Borrowed)
            .collect()
    }
}

impl StateView for CachedStateView<'_> {
    fn threads(&self) -> impl Iterator<Item = &ThreadState> {
        (0..self.state.threads()).map(|thread| self.thread(thread))
    }

    fn thread(&self, thread: usize) -> &ThreadState {
        &self.at(thread).thread_state
    }

    fn holder(&self, object: usize) -> Option<usize> {
        self.state.holder(object)
    }

    fn label(&self, object: usize) -> (&str, Option<Function>) {
        let [name, by] = self.state.label(object);
        let by = self.cache.releases[by as usize];
        (&self.cache.names[name as usize], by)
    }

    fn class(&self, object: usize) -> &'static str {
        self.cache.objects[object].class
    }

    fn is_ready(&self, thread: usize, _awaiting: &Awaiting) -> bool {
        self.known(&self.at(thread).ready)
    }

    fn named(&self, thread: usize, _awaiting: &Awaiting) -> Threads {
        self.known(&self.at(thread).named)
    }

    fn obligations(&self) -> impl Iterator<Item = (&Cow<'static, str>, Option<usize>)> {
        let obligations = self.cache.obligations.iter();
        obligations.map(|(what, owner)| (what, self.known(owner)))
    }
}
