//! In place of `semaphores.rs` as long as the engine has no semaphore of that kind: there is none.

use super::language::{Action, Fairness};
use pagelock::engine::{Halt, Task, World};
use std::convert::Infallible;
use std::marker::PhantomData;

/// Whether programs may have semaphores.
pub(super) const ENABLED: bool = false;

#[derive(Clone)]
pub(super) struct Semaphore(Infallible);

pub(super) struct Held<'s>(Infallible, PhantomData<&'s ()>);

impl Semaphore {
    pub(super) fn new(_: &World, number: usize, fairness: Fairness) -> Self {
        panic!("semaphore {number} is {fairness:?}, and there are no semaphores");
    }

    pub(super) fn act<'s>(
        &'s self,
        _: &Task,
        _: usize,
        _: Action,
        _: &mut Vec<(usize, Held<'s>)>,
    ) -> Result<Option<bool>, Halt> {
        match self.0 {}
    }

    pub(super) fn is_held(&self, _: &Task) -> bool {
        match self.0 {}
    }
}

impl Drop for Held<'_> {
    fn drop(&mut self) {
        match self.0 {}
    }
}
