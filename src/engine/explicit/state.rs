//! A state, as an explicit-state search goes through it: small numbers in place of values.

use crate::engine::execution::hash::{Digest, Hasher128};
use crate::engine::execution::ids::ObjectId;
use crate::engine::execution::sets::Objects;
use crate::trace::ThreadId;
use std::hash::Hasher as _;

/// An odd number: the golden ratio, in 128 bits.
const SPREAD: u128 = 0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835;

/// What every object holds, who holds it and what it is called, and where every thread is: each a number
/// that the [`TransitionCache`](super::transition_cache::TransitionCache) of the search has given out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct State {
    /// Values, holders (0 for none), local states, and then labels.
    slots: Vec<u32>,
    objects: usize,
    threads: usize,
}

impl State {
    pub(crate) fn new(
        values: &[u32],
        holders: &[u32],
        places: &[u32],
        labels: &[[u32; 2]],
    ) -> Self {
        Self {
            slots: [values, holders, places, labels.as_flattened()].concat(),
            objects: values.len(),
            threads: places.len(),
        }
    }

    pub(crate) fn objects(&self) -> impl Iterator<Item = ObjectId> + use<> {
        (0..self.objects).map(ObjectId::new)
    }

    pub(crate) fn threads(&self) -> impl Iterator<Item = ThreadId> + use<> {
        (0..self.threads).map(ThreadId::new)
    }

    pub(crate) fn value(&self, object: ObjectId) -> u32 {
        self.slots[object.index()]
    }

    pub(crate) fn set_value(&mut self, object: ObjectId, value: u32) {
        self.slots[object.index()] = value;
    }

    pub(crate) fn holder(&self, object: ObjectId) -> Option<ThreadId> {
        (self.slots[self.objects + object.index()] as usize)
            .checked_sub(1)
            .map(ThreadId::new)
    }

    pub(crate) fn raw_holder(&self, object: ObjectId) -> u32 {
        self.slots[self.objects + object.index()]
    }

    pub(crate) fn set_raw_holder(&mut self, object: ObjectId, holder: u32) {
        self.slots[self.objects + object.index()] = holder;
    }

    pub(crate) fn place(&self, thread: ThreadId) -> u32 {
        self.slots[2 * self.objects + thread.index()]
    }

    pub(crate) fn set_place(&mut self, thread: ThreadId, place: u32) {
        self.slots[2 * self.objects + thread.index()] = place;
    }

    /// What a lock is called, and the function that releases it.
    pub(crate) fn label(&self, object: ObjectId) -> [u32; 2] {
        let at = 2 * (self.objects + object.index()) + self.threads;
        [self.slots[at], self.slots[at + 1]]
    }

    pub(crate) fn set_label(&mut self, object: ObjectId, half: usize, label: u32) {
        self.slots[2 * (self.objects + object.index()) + self.threads + half] = label;
    }

    /// Everything but what locks are called: that decides nothing but the words of a cycle.
    fn identity(&self) -> &[u32] {
        &self.slots[..2 * self.objects + self.threads]
    }

    /// The digest of the state.
    pub(crate) fn digest(&self) -> u128 {
        let mut hasher = Hasher128::new();
        for pair in self.identity().chunks(2) {
            let high = pair.get(1).copied().unwrap_or_default();
            hasher.write_u64(u64::from(pair[0]) | u64::from(high) << 32);
        }
        Digest::finish(hasher).0
    }

    /// The digest of what some objects hold: of a few, their values themselves, spread over the bits by a bijection.
    pub(crate) fn digest_of(&self, objects: Objects) -> u128 {
        if let Some(few) = objects.few() {
            let values = few.map(|object| u128::from(self.slots[object]));
            let packed = values.fold(0, |packed, value| packed << 32 | value);
            let spread = packed.wrapping_mul(SPREAD);
            return spread ^ spread >> 64;
        }
        let mut hasher = Hasher128::new();
        let mut rest = objects.0;
        while rest != 0 {
            let object = rest.trailing_zeros() as usize;
            if object == Objects::LAST {
                let others = self.slots[..self.objects].iter().skip(Objects::LAST);
                others.for_each(|value| hasher.write_u32(*value));
            } else {
                hasher.write_u32(self.slots[object]);
            }
            rest &= rest - 1;
        }
        Digest::finish(hasher).0
    }

    /// The objects that hold something else than in another state.
    pub(crate) fn changed(&self, other: &Self) -> Objects {
        let mut changed = Objects::default();
        let pairs = self.slots[..self.objects].iter().zip(&other.slots);
        let differ = pairs.enumerate().filter(|(_, (one, other))| one != other);
        differ.for_each(|(object, _)| changed.insert(ObjectId::new(object)));
        changed
    }

    /// What some objects hold.
    pub(crate) fn values_of(&self, objects: Objects) -> Box<[u32]> {
        let values = self.slots[..self.objects].iter().enumerate();
        let asked = values.filter(|(object, _)| objects.contains(ObjectId::new(*object)));
        asked.map(|(_, value)| *value).collect()
    }

    /// Whether both are the same state.
    pub(crate) fn is_same_state(&self, other: &Self) -> bool {
        self.identity() == other.identity()
    }
}
