//! Sets of threads and sets of objects, each as the bits of a word.

use crate::engine::execution::ids::ObjectId;
use crate::trace::ThreadId;

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
        let mut rest = self.0;
        std::iter::from_fn(move || {
            let first = (rest != 0).then_some(rest.trailing_zeros())?;
            rest &= rest - 1;
            Some(ThreadId::new(first as usize))
        })
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

    pub(crate) fn meets(self, others: Self) -> bool {
        self.0 & others.0 != 0
    }

    pub(crate) fn contains(self, object: ObjectId) -> bool {
        self.0 & Self::one(object).0 != 0
    }
}
