//! Tables that a thread or an object is the key of.

use crate::trace::ThreadId;
use std::marker::PhantomData;
use std::ops::{Index, IndexMut};

/// A shared object of a model: its place, from 0, in the order in which the objects were made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct ObjectId(usize);

/// What numbers the entries of a [`Table`].
pub(crate) trait Id: Copy {
    fn at(index: usize) -> Self;
    fn place(self) -> usize;
}

impl ObjectId {
    pub(crate) const fn new(index: usize) -> Self {
        Self(index)
    }

    pub(crate) const fn index(self) -> usize {
        self.0
    }
}

impl Id for ObjectId {
    fn at(index: usize) -> Self {
        Self(index)
    }

    fn place(self) -> usize {
        self.0
    }
}

impl Id for ThreadId {
    fn at(index: usize) -> Self {
        Self::new(index)
    }

    fn place(self) -> usize {
        self.index()
    }
}

/// One entry for each thread, or for each object.
#[derive(Debug, Clone)]
pub(crate) struct Table<I, T> {
    entries: Vec<T>,
    ids: PhantomData<fn(I) -> I>,
}

impl<I, T> Default for Table<I, T> {
    fn default() -> Self {
        Self {
            entries: Vec::new(),
            ids: PhantomData,
        }
    }
}

impl<I: Id, T> Table<I, T> {
    /// Adds an entry. Returns its number.
    pub(crate) fn push(&mut self, entry: T) -> I {
        self.entries.push(entry);
        I::at(self.entries.len() - 1)
    }

    pub(crate) fn len(&self) -> usize {
        self.entries.len()
    }

    /// The number of each entry.
    pub(crate) fn ids(&self) -> impl DoubleEndedIterator<Item = I> + use<I, T> {
        (0..self.entries.len()).map(I::at)
    }

    pub(crate) fn get(&self, id: I) -> Option<&T> {
        self.entries.get(id.place())
    }

    pub(crate) fn iter(&self) -> std::slice::Iter<'_, T> {
        self.entries.iter()
    }

    /// Each entry with its number.
    pub(crate) fn enumerated(&self) -> impl Iterator<Item = (I, &T)> {
        self.entries
            .iter()
            .enumerate()
            .map(|(index, entry)| (I::at(index), entry))
    }
}

impl<I: Id, T> FromIterator<T> for Table<I, T> {
    fn from_iter<E: IntoIterator<Item = T>>(entries: E) -> Self {
        Self {
            entries: entries.into_iter().collect(),
            ids: PhantomData,
        }
    }
}

impl<I: Id, T> Index<I> for Table<I, T> {
    type Output = T;

    fn index(&self, id: I) -> &T {
        &self.entries[id.place()]
    }
}

impl<I: Id, T> IndexMut<I> for Table<I, T> {
    fn index_mut(&mut self, id: I) -> &mut T {
        &mut self.entries[id.place()]
    }
}

impl<'t, I, T> IntoIterator for &'t Table<I, T> {
    type Item = &'t T;
    type IntoIter = std::slice::Iter<'t, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.entries.iter()
    }
}

impl<'t, I, T> IntoIterator for &'t mut Table<I, T> {
    type Item = &'t mut T;
    type IntoIter = std::slice::IterMut<'t, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.entries.iter_mut()
    }
}
