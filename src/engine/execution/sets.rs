//! Sets of threads and sets of objects, each as the bits of a word.

use crate::engine::execution::ids::ObjectId;
use crate::trace::ThreadId;

/// The places of the bits of a word, from the lowest.
fn bits(mut word: u64) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        let first = (word != 0).then(|| word.trailing_zeros())?;
        word &= word - 1;
        Some(first as usize)
    })
}

/// Threads, as the bits of a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Threads(u16);

impl Threads {
    /// One thread.
    pub(crate) fn one(thread: ThreadId) -> Self {
        Self(1 << thread.index())
    }

    pub(crate) fn insert(&mut self, thread: ThreadId) {
        self.0 |= Self::one(thread).0;
    }

    pub(crate) fn contains(self, thread: ThreadId) -> bool {
        self.0 & Self::one(thread).0 != 0
    }

    pub(crate) fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Those of them that are not among others.
    pub(crate) fn without(self, others: Self) -> Self {
        Self(self.0 & !others.0)
    }

    /// Each of them, in their order.
    pub(crate) fn iter(self) -> impl Iterator<Item = ThreadId> {
        bits(self.0.into()).map(ThreadId::new)
    }
}

/// Objects, as the bits of a word: the last bit represents all objects that have no bit of their own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Objects(pub(crate) u64);

impl Objects {
    pub(crate) const LAST: usize = 63;

    /// One object.
    pub(crate) fn one(object: ObjectId) -> Self {
        Self(1 << object.index().min(Self::LAST))
    }

    pub(crate) fn insert(&mut self, object: ObjectId) {
        self.0 |= Self::one(object).0;
    }

    /// The places of the objects, if they are four at most and each has a bit of its own.
    pub(crate) fn few(self) -> Option<impl Iterator<Item = usize>> {
        let is_few = self.0.count_ones() <= 4 && self.0 >> Self::LAST == 0;
        is_few.then(|| bits(self.0))
    }

    pub(crate) fn meets(self, others: Self) -> bool {
        self.0 & others.0 != 0
    }

    pub(crate) fn contains(self, object: ObjectId) -> bool {
        self.0 & Self::one(object).0 != 0
    }
}
