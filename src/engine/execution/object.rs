//! The state of a shared object: its value, its holder and its names.

use crate::engine::execution::function::Function;
use crate::engine::execution::hash::{Digest, Hasher128, StableHasher};
use crate::engine::execution::word::Word;
use crate::trace::ThreadId;
use std::hash::Hasher;

/// Shows a value to a reader of a trace.
pub(crate) type Show = Box<dyn Fn() -> String + Send + Sync>;

/// The words of a value.
pub(crate) type Words = Box<dyn Fn() -> Vec<Word> + Send + Sync>;

/// Feeds a value to a hasher.
pub(crate) type Hash = Box<dyn Fn(&mut dyn Hasher) + Send + Sync>;

/// A shared object as the execution state see it.
pub(crate) struct ObjectState {
    pub(crate) name: String,
    /// The name that it was made under, if it has another one now.
    pub(crate) made_as: Option<String>,
    /// The class that its lock order belongs to, `page lock`.
    pub(crate) class: &'static str,
    /// Whether it is a lock, and no cell.
    pub(crate) is_lock: bool,
    pub(crate) holder: Option<ThreadId>,
    /// The function that releases it, if the holder has named one.
    pub(crate) released_by: Option<Function>,
    /// Feeds the value to a hasher.
    pub(crate) hash: Hash,
    /// Shows the value.
    pub(crate) show: Show,
    /// The words of the value.
    pub(crate) words: Words,
    /// The digest of the value, if it was asked for since the value was last touched.
    pub(crate) digest: Option<u128>,
    /// Every thread that has taken an operation on it, in order.
    pub(crate) visits: Digest,
}

impl ObjectState {
    /// The name that it was made under.
    pub(crate) fn first_name(&self) -> &str {
        self.made_as.as_ref().unwrap_or(&self.name)
    }

    /// The hash of the value that an outcome is made of.
    pub(crate) fn stable_hash(&self) -> u64 {
        let mut hasher = StableHasher::new();
        (self.hash)(&mut hasher);
        hasher.finish()
    }

    /// The digest of the value.
    pub(crate) fn digest(&mut self) -> u128 {
        let hash = &self.hash;
        *self.digest.get_or_insert_with(|| {
            let mut hasher = Hasher128::new();
            hash(&mut hasher);
            Digest::finish(hasher).0
        })
    }
}
