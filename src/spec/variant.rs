//! A set of clauses, as an encoding asks for them.

use super::data::{Clause, Design};
use crate::engine::execution::parameters;
use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};

/// A set of clauses under check: a design's, or a design's with some taken away or added.
///
/// It remembers which clauses were asked for. An encoding has no other way to learn which it has: so
/// two variants that agree on every clause that was asked for behave in the same way, whatever the
/// others are. Clones share that memory.
///
/// ```
/// use pagelock::protocols::{ext4_journal_start::{CHUNKS, RAW_LOCK, SPEC}};
/// use pagelock::spec::{Variant};
///
/// let patched = Variant::from(SPEC.design("patched").unwrap());
/// let less = patched.without(&CHUNKS).with(&RAW_LOCK);
/// assert!(less.has(&RAW_LOCK) && !less.has(&CHUNKS));
/// // Which of them an execution depends on: it has asked for no other.
/// assert_eq!(less.asked().into_iter().collect::<Vec<_>>(), ["chunks", "raw-inode-lock"]);
/// assert_eq!(less.clauses().len(), patched.clauses().len());
/// ```
#[derive(Debug, Clone)]
pub struct Variant {
    clauses: Arc<[&'static str]>,
    asked: Arc<Mutex<BTreeSet<&'static str>>>,
}

impl Variant {
    /// The variant with the clauses of these names.
    #[must_use]
    pub fn new(clauses: impl IntoIterator<Item = &'static str>) -> Self {
        Self {
            clauses: clauses.into_iter().collect(),
            asked: Arc::default(),
        }
    }

    /// The variant without a clause; nothing has been asked of it.
    #[must_use]
    pub fn without(&self, clause: &Clause) -> Self {
        let clauses = self.clauses.iter().copied();
        Self::new(clauses.filter(|name| *name != clause.name))
    }

    /// The variant with another clause; nothing has been asked of it.
    #[must_use]
    pub fn with(&self, clause: &Clause) -> Self {
        Self::new(
            self.without(clause)
                .clauses
                .iter()
                .copied()
                .chain([clause.name]),
        )
    }

    /// Whether the variant has the clause.
    #[must_use]
    pub fn has(&self, clause: &Clause) -> bool {
        let mut asked = self.asked.lock().unwrap_or_else(PoisonError::into_inner);
        asked.insert(clause.name);
        let has = self.clauses.contains(&clause.name);
        parameters::ask((clause.name, has));
        has
    }

    /// The names of the clauses that it has.
    #[must_use]
    pub fn clauses(&self) -> &[&'static str] {
        &self.clauses
    }

    /// The names of the clauses that were asked for so far.
    #[must_use]
    pub fn asked(&self) -> BTreeSet<&'static str> {
        let asked = self.asked.lock().unwrap_or_else(PoisonError::into_inner);
        asked.clone()
    }
}

impl From<&Design> for Variant {
    fn from(design: &Design) -> Self {
        Self::new(design.clauses())
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;
    use crate::protocols::ext4_journal_start::{CHUNKS, HANDLE_FIRST};

    #[test]
    fn remembers_what_it_was_asked_for_whether_or_not_it_has_it() {
        let variant = Variant::new([CHUNKS.name]);
        assert!(variant.clone().has(&CHUNKS));
        assert!(!variant.has(&HANDLE_FIRST));
        assert_eq!(
            variant.asked(),
            BTreeSet::from([CHUNKS.name, HANDLE_FIRST.name])
        );
        assert!(variant.with(&HANDLE_FIRST).asked().is_empty());
    }

    #[test]
    fn clauses_come_and_go() {
        let variant = Variant::new([CHUNKS.name]);
        assert!(variant.with(&HANDLE_FIRST).has(&HANDLE_FIRST));
        assert!(!variant.without(&CHUNKS).has(&CHUNKS));
        assert_eq!(variant.with(&CHUNKS).clauses(), [CHUNKS.name]);
    }
}
