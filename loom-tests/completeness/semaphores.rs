//! What the engine's reader-writer semaphore has for the statements of a program.

use super::encoding::LINE;
use super::language::{Action, Fairness};
use pagelock::kernel::{RwGuard, RwSemaphore};
use pagelock::model::{Halt, Task, World};

#[derive(Clone)]
pub(super) struct Semaphore {
    semaphore: RwSemaphore,
    class: &'static str,
}

/// A guard, and whether it is a writer's.
pub(super) struct Held {
    guard: RwGuard,
    writes: bool,
}

const CLASSES: [&str; 2] = ["semaphore class 0", "semaphore class 1"];

impl Semaphore {
    pub(super) fn new(world: &World, number: usize, fairness: Fairness) -> Self {
        let (name, class) = (format!("semaphore {number}"), CLASSES[number]);
        let semaphore = match fairness {
            Fairness::Fair => RwSemaphore::new(world, name, class),
            Fairness::Unfair => RwSemaphore::unfair(world, name, class),
        };
        Self { semaphore, class }
    }

    /// Takes the semaphore, or does something to the last guard for it: of a trial, whether it succeeds.
    pub(super) fn act(
        &self,
        task: &Task,
        number: usize,
        action: Action,
        held: &mut Vec<(usize, Held)>,
    ) -> Result<Option<bool>, Halt> {
        let semaphore = &self.semaphore;
        let taken = |guard, writes| (number, Held { guard, writes });
        match action {
            Action::DownRead => held.push(taken(semaphore.down_read(task, LINE)?, false)),
            Action::DownWrite => held.push(taken(semaphore.down_write(task, LINE)?, true)),
            Action::TryRead => {
                let guard = semaphore.down_read_trylock(task, LINE)?;
                let has = guard.is_some();
                held.extend(guard.map(|guard| taken(guard, false)));
                return Ok(Some(has));
            }
            Action::Up => {
                if let Some(place) = held.iter().rposition(|(of, _)| *of == number) {
                    drop(held.remove(place));
                }
            }
            Action::Downgrade => {
                let last = held.iter().rposition(|(of, _)| *of == number);
                if let Some(place) = last.filter(|place| held[*place].1.writes) {
                    let (_, held_for_writing) = held.remove(place);
                    let guard = held_for_writing.guard.downgrade_write(task, LINE)?;
                    held.insert(place, taken(guard, false));
                }
            }
        }
        Ok(None)
    }

    pub(super) fn is_held(&self, task: &Task) -> bool {
        task.holds(self.class)
    }
}
