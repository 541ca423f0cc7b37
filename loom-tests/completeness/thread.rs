//! How far a thread has come, and what it knows.

use super::language::Action;
use super::lines::{Covering, Line, Operation};
use super::semaphore::Mode;

/// A frame of a thread: the thread itself, or a scope.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Frame {
    /// The local number before, which it is again at the end; of a scope with a result, nothing.
    pub(super) before: Option<i64>,
    pub(super) loops: usize,
    pub(super) covering: usize,
    pub(super) locks: Vec<usize>,
    pub(super) semaphores: Vec<(usize, Mode)>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Life {
    Runs,
    Returned,
    Left,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Thread {
    pub(super) life: Life,
    pub(super) line: usize,
    pub(super) local: i64,
    pub(super) loops: Vec<u8>,
    pub(super) covering: Vec<Covering>,
    pub(super) frames: Vec<Frame>,
    /// It has joined a queue, or has been granted what it queued for and has not noticed.
    pub(super) queued: bool,
}

impl Thread {
    pub(super) fn frame(&mut self) -> &mut Frame {
        self.frames.last_mut().expect("a thread has a frame")
    }

    /// The last guard of the frame for a semaphore.
    pub(super) fn guard(&mut self, semaphore: usize) -> Option<(usize, Mode)> {
        let guards = &self.frame().semaphores;
        let place = guards.iter().rposition(|(of, _)| *of == semaphore)?;
        Some((place, guards[place].1))
    }

    /// Whether there is nothing to do for it.
    pub(super) fn skips(&mut self, operation: Operation) -> bool {
        match operation {
            Operation::Semaphore(of, Action::Up) => self.guard(of).is_none(),
            Operation::Semaphore(of, Action::Downgrade) => {
                self.guard(of).is_none_or(|(_, mode)| mode == Mode::Read)
            }
            _ => false,
        }
    }

    /// Where it goes on: behind the line that it is at then.
    pub(super) fn jump(&mut self, line: Line) {
        let local = self.local;
        match line {
            Line::Jump(to) => self.line = to - 1,
            Line::JumpIf(condition, to) if condition.holds(local, local) => self.line = to - 1,
            Line::Push(times) => self.loops.push(times),
            Line::Next(head) => {
                let left = self.loops.last_mut().expect("it is in a loop");
                *left -= 1;
                if *left > 0 {
                    self.line = head - 1;
                }
            }
            Line::Pop => drop(self.loops.pop()),
            Line::Point(covering) => self.covering.push(covering),
            Line::Unmark => drop(self.covering.pop()),
            Line::Enter(keeps) => self.frames.push(Frame {
                before: (!keeps).then_some(local),
                loops: self.loops.len(),
                covering: self.covering.len(),
                locks: Vec::new(),
                semaphores: Vec::new(),
            }),
            _ => (),
        }
    }

    /// Nothing that it knew matters any more.
    pub(super) fn is_gone(&mut self, life: Life) {
        self.life = life;
        (self.line, self.local) = (0, 0);
        self.loops.clear();
        self.covering.clear();
        self.frames.clear();
    }
}
