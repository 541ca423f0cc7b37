//! A state, asked like the books of an execution.

use super::memory::{ByValues, Memory, Place};
use super::situation::Situation;
use crate::engine::Function;
use crate::engine::books::{Awaiting, ThreadBook, Threads};
use crate::engine::standing::Standing;
use std::borrow::Cow;
use std::cell::Cell;
use std::collections::BTreeSet;

/// A state as it is remembered. What was never asked of an execution is missing.
#[derive(Debug)]
pub(super) struct Remembered<'m> {
    memory: &'m Memory,
    situation: &'m Situation,
    missing: Cell<bool>,
}

impl<'m> Remembered<'m> {
    pub(super) fn new(memory: &'m Memory, situation: &'m Situation) -> Self {
        Self {
            memory,
            situation,
            missing: Cell::new(false),
        }
    }

    /// Whether something was asked for that is not known: what was answered is worth nothing then.
    pub(super) fn is_missing(&self) -> bool {
        self.missing.get()
    }

    fn known<T: Copy + Default>(&self, table: &ByValues<T>) -> T {
        table.get(self.situation).copied().unwrap_or_else(|| {
            self.missing.set(true);
            T::default()
        })
    }

    fn at(&self, thread: usize) -> &Place {
        &self.memory.places[self.situation.place(thread) as usize]
    }

    /// The threads that can go on.
    pub(super) fn enabled(&self) -> Vec<u8> {
        let threads = 0..self.threads().count();
        let enabled = threads.filter(|thread| self.is_enabled(*thread));
        // There are a handful.
        enabled
            .map(|thread| u8::try_from(thread).unwrap_or(u8::MAX))
            .collect()
    }

    /// The marks of the wait that a thread has come to, as far as they are not known.
    pub(super) fn new_marks(
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

impl Standing for Remembered<'_> {
    fn threads(&self) -> impl Iterator<Item = &ThreadBook> {
        (0..self.situation.threads()).map(|thread| self.thread(thread))
    }

    fn thread(&self, thread: usize) -> &ThreadBook {
        &self.at(thread).book
    }

    fn holder(&self, object: usize) -> Option<usize> {
        self.situation.holder(object)
    }

    fn label(&self, object: usize) -> (&str, Option<Function>) {
        let [name, by] = self.situation.label(object);
        let by = self.memory.releases[by as usize];
        (&self.memory.names[name as usize], by)
    }

    fn class(&self, object: usize) -> &'static str {
        self.memory.objects[object].class
    }

    fn is_ready(&self, thread: usize, _awaiting: &Awaiting) -> bool {
        self.known(&self.at(thread).ready)
    }

    fn named(&self, thread: usize, _awaiting: &Awaiting) -> Threads {
        self.known(&self.at(thread).named)
    }

    fn owed(&self) -> impl Iterator<Item = (&Cow<'static, str>, Option<usize>)> {
        let owed = self.memory.owed.iter();
        owed.map(|(what, owner)| (what, self.known(owner)))
    }
}
