//! The words of a value: what a step on an object may read or write one of.

use std::fmt;
use std::hash::{Hash, Hasher};

/// A word of a value: a field, or a bit that the mirrored system reads and writes by itself.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Word {
    /// What it is called, `PG_dirty`; within a value no other word is called so.
    pub name: String,
    /// What it holds.
    pub value: String,
}

impl Word {
    /// A word that holds a value.
    pub fn new(name: impl Into<String>, value: impl fmt::Debug) -> Self {
        Self {
            name: name.into(),
            value: format!("{value:?}"),
        }
    }

    /// What a value feeds to a hasher at a time.
    pub(crate) fn hashed(value: &(impl Hash + ?Sized)) -> Vec<Self> {
        let mut fields = Fields(Vec::new());
        value.hash(&mut fields);
        // By letters, since a report has one name for all numbers.
        let named = |(value, letter): (Vec<u8>, char)| Self::new(format!("word {letter}"), value);
        fields.0.into_iter().zip('a'..).map(named).collect()
    }
}

/// What a value feeds to a hasher, at a time.
struct Fields(Vec<Vec<u8>>);

impl Hasher for Fields {
    fn finish(&self) -> u64 {
        0
    }

    // Every provided method for an integer calls this once.
    fn write(&mut self, bytes: &[u8]) {
        self.0.push(bytes.to_vec());
    }
}
