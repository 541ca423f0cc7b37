//! The states of a program, and what an operation does.
//!
//! An operation is an acquisition, a step, a wait that ends, or what a semaphore has for one. What a thread does from
//! there to its next operation belongs to it: local code, and releases of locks.

use super::language::{Action, By, Condition, Fairness, Of, Program, owner, point, returned};
use super::lines::{Line, Operation, lines};
use super::semaphore::{Mode, Semaphore};
use super::thread::{Frame, Life, Thread};
use std::collections::BTreeSet;

/// A program, ready to be run.
pub(super) struct Machine {
    threads: Vec<Vec<Line>>,
    fairness: Vec<Fairness>,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct State {
    pub(super) locks: Vec<i64>,
    pub(super) holders: Vec<Option<usize>>,
    pub(super) cells: Vec<i64>,
    semaphores: Vec<Semaphore>,
    threads: Vec<Thread>,
}

/// What is seen of an operation.
#[derive(Debug, Default)]
pub(super) struct Seen {
    pub(super) properties: Vec<usize>,
    pub(super) bug: bool,
    pub(super) points: BTreeSet<String>,
}

/// What a thread waits at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Object {
    Lock(usize),
    Cell(usize),
    Semaphore(usize),
}

/// One edge of the wait-for graph: the thread that waits, for what, and a thread that has to act.
pub(super) type Edge = (usize, Object, usize);

impl Machine {
    /// The machine of a program, and its first state, in which each thread is at its first operation.
    pub(super) fn new(program: &Program) -> (Self, State, Seen) {
        let machine = Self {
            threads: program.threads.iter().map(|body| lines(body)).collect(),
            fairness: program.semaphores.clone(),
        };
        let frame = Frame {
            before: None,
            loops: 0,
            covering: 0,
            locks: Vec::new(),
            semaphores: Vec::new(),
        };
        let thread = Thread {
            life: Life::Runs,
            line: 0,
            local: 0,
            loops: Vec::new(),
            covering: Vec::new(),
            frames: vec![frame],
            queued: false,
        };
        let mut state = State {
            locks: program.locks.clone(),
            holders: vec![None; program.locks.len()],
            cells: program.cells.clone(),
            semaphores: vec![Semaphore::default(); program.semaphores.len()],
            threads: vec![thread; program.threads.len()],
        };
        let mut seen = Seen::default();
        for thread in 0..state.threads.len() {
            machine.run(&mut state, thread, &mut seen);
        }
        (machine, state, seen)
    }

    /// The operation that a thread is at.
    pub(super) fn operation(&self, state: &State, thread: usize) -> Option<Operation> {
        let at = &state.threads[thread];
        match (at.life, self.threads[thread][at.line]) {
            (Life::Runs, Line::Operation(operation)) => Some(operation),
            (Life::Runs, Line::Exit) => {
                let (semaphore, _) = at.frames.last()?.semaphores.last()?;
                Some(Operation::Semaphore(*semaphore, Action::Up))
            }
            _ => None,
        }
    }

    /// The threads whose operation can take place.
    pub(super) fn enabled(&self, state: &State) -> Vec<usize> {
        let threads = 0..state.threads.len();
        threads.filter(|t| self.is_enabled(state, *t)).collect()
    }

    pub(super) fn is_enabled(&self, state: &State, thread: usize) -> bool {
        let Some(operation) = self.operation(state, thread) else {
            return false;
        };
        let local = state.threads[thread].local;
        match operation {
            Operation::Acquire(lock) => state.holders[lock].is_none(),
            Operation::Step(..) => true,
            Operation::Wait { cell, until, .. } => until.holds(state.cells[cell], local),
            Operation::Interruptible {
                cell,
                done,
                signalled,
                ..
            } => {
                let number = state.cells[cell];
                done.holds(number, local) || signalled.holds(number, local)
            }
            Operation::Semaphore(semaphore, action) => {
                let object = &state.semaphores[semaphore];
                match (Mode::of(action), self.fairness[semaphore]) {
                    (None, _) => true,
                    (Some(mode), Fairness::Unfair) => object.is_free_for(mode),
                    (Some(_), Fairness::Fair) => {
                        !state.threads[thread].queued || object.is_granted(thread)
                    }
                }
            }
        }
    }

    /// The state after a thread's operation, which can take place.
    pub(super) fn after(&self, state: &State, thread: usize) -> (State, Seen) {
        let mut state = state.clone();
        let operation = self.operation(&state, thread);
        self.take(
            &mut state,
            thread,
            operation.expect("it is at an operation"),
        );
        let mut seen = Seen::default();
        self.run(&mut state, thread, &mut seen);
        (state, seen)
    }

    fn take(&self, state: &mut State, thread: usize, operation: Operation) {
        let own = &mut state.threads[thread];
        let local = own.local;
        match operation {
            Operation::Acquire(lock) => {
                state.holders[lock] = Some(thread);
                own.frame().locks.push(lock);
            }
            Operation::Step(cell, effect) | Operation::Wait { cell, effect, .. } => {
                own.local = effect.apply(&mut state.cells[cell], local);
            }
            Operation::Interruptible { cell, done, .. } => {
                own.local = i64::from(!done.holds(state.cells[cell], local));
            }
            Operation::Semaphore(semaphore, action) => {
                let object = &mut state.semaphores[semaphore];
                match action {
                    Action::DownRead | Action::DownWrite => {
                        let mode = Mode::of(action).expect("it takes the semaphore");
                        let fair = self.fairness[semaphore] == Fairness::Fair;
                        if own.queued {
                            own.queued = false;
                        } else if !object.take(thread, mode, fair) {
                            own.queued = true;
                            return;
                        }
                        own.frame().semaphores.push((semaphore, mode));
                    }
                    Action::TryRead => {
                        let has = object.is_free_for(Mode::Read) && object.is_queue_empty();
                        if has {
                            object.take(thread, Mode::Read, false);
                            own.frame().semaphores.push((semaphore, Mode::Read));
                        }
                        own.local = i64::from(has);
                    }
                    Action::Up => {
                        let (place, mode) = own.guard(semaphore).expect("the frame has a guard");
                        own.frame().semaphores.remove(place);
                        object.up(thread, mode);
                        if matches!(self.threads[thread][own.line], Line::Exit) {
                            return;
                        }
                    }
                    Action::Downgrade => {
                        let (place, _) = own.guard(semaphore).expect("the frame has a guard");
                        own.frame().semaphores[place].1 = Mode::Read;
                        object.downgrade(thread);
                    }
                }
            }
        }
        own.line += 1;
    }

    /// Runs a thread to its next operation, or until it is gone.
    fn run(&self, state: &mut State, thread: usize, seen: &mut Seen) {
        while state.threads[thread].life == Life::Runs {
            let line = self.threads[thread][state.threads[thread].line];
            match line {
                Line::Operation(operation) if !state.threads[thread].skips(operation) => return,
                Line::Exit => {
                    if !state.threads[thread].frame().semaphores.is_empty() {
                        return;
                    }
                    exit(state, thread, seen);
                }
                Line::Release(_) | Line::Touch(..) | Line::Bug | Line::Leave => {
                    local(state, thread, line, seen);
                }
                Line::Check(property, of, holds) => {
                    if !check(state, thread, of, holds) {
                        seen.properties.push(property);
                    }
                }
                Line::Reach(number) => {
                    let own = state.threads[thread].local;
                    seen.points.insert(point(number, thread, own));
                }
                _ => state.threads[thread].jump(line),
            }
            let own = &mut state.threads[thread];
            if own.life == Life::Runs {
                own.line += 1;
            }
        }
    }

    /// What a thread waits for, and the threads that have to act.
    pub(super) fn waits_for(&self, state: &State, thread: usize) -> Vec<Edge> {
        let operation = self.operation(state, thread);
        let Some(operation) = operation.filter(|_| !self.is_enabled(state, thread)) else {
            return Vec::new();
        };
        let (object, threads) = match operation {
            Operation::Acquire(lock) => (Object::Lock(lock), Vec::from_iter(state.holders[lock])),
            Operation::Wait { cell, by, .. } | Operation::Interruptible { cell, by, .. } => {
                let by = match by {
                    By::Thread(by) => Some(by),
                    By::Owner => owner(state.cells[cell]),
                    By::AnyThread | By::Work => None,
                };
                (Object::Cell(cell), Vec::from_iter(by))
            }
            Operation::Semaphore(semaphore, action) => {
                let mode = Mode::of(action).expect("it takes the semaphore");
                let waits_for = state.semaphores[semaphore].waits_for(thread, mode);
                (Object::Semaphore(semaphore), waits_for)
            }
            Operation::Step(..) => return Vec::new(),
        };
        let edge = |by| (thread, object, by);
        threads.into_iter().map(edge).collect()
    }

    /// The points of the waits for locks, of all threads.
    pub(super) fn covered_waits(&self, state: &State) -> BTreeSet<usize> {
        let mut points = BTreeSet::new();
        for (thread, own) in state.threads.iter().enumerate() {
            if let Some(Operation::Acquire(lock)) = self.operation(state, thread)
                && let Some(holder) = state.holders[lock]
            {
                let meant = own.covering.iter().filter(|covering| {
                    covering.lock == lock && covering.holder.is_none_or(|named| named == holder)
                });
                points.extend(meant.map(|covering| covering.point));
            }
        }
        points
    }
}

impl State {
    pub(super) fn has_left(&self, thread: usize) -> bool {
        self.threads[thread].life == Life::Left
    }

    pub(super) fn threads(&self) -> usize {
        self.threads.len()
    }
}

/// The frame ends: its locks are released.
fn exit(state: &mut State, thread: usize, seen: &mut Seen) {
    let own = &mut state.threads[thread];
    let frame = own.frames.pop().expect("a thread has a frame");
    frame
        .locks
        .iter()
        .for_each(|lock| state.holders[*lock] = None);
    own.loops.truncate(frame.loops);
    own.covering.truncate(frame.covering);
    own.local = frame.before.unwrap_or(own.local);
    if own.frames.is_empty() {
        seen.points.insert(returned(thread, own.local));
        own.is_gone(Life::Returned);
    }
}

fn local(state: &mut State, thread: usize, line: Line, seen: &mut Seen) {
    let own = &mut state.threads[thread];
    match line {
        Line::Release(lock) => {
            if let Some(place) = own.frame().locks.iter().position(|held| *held == lock) {
                own.frame().locks.remove(place);
                state.holders[lock] = None;
            }
        }
        Line::Touch(lock, effect) if own.frame().locks.contains(&lock) => {
            own.local = effect.apply(&mut state.locks[lock], own.local);
        }
        Line::Bug if own.frames.iter().all(|frame| frame.semaphores.is_empty()) => {
            seen.bug = true;
            for lock in own.frames.iter().flat_map(|frame| &frame.locks) {
                state.holders[*lock] = None;
            }
            own.is_gone(Life::Returned);
        }
        Line::Leave => own.is_gone(Life::Left),
        _ => (),
    }
}

/// Whether a property holds; one of a lock that the frame does not hold is not looked at.
fn check(state: &mut State, thread: usize, of: Of, holds: Condition) -> bool {
    let own = &mut state.threads[thread];
    let local = own.local;
    match of {
        Of::Local => holds.holds(local, local),
        Of::Cell(cell) => holds.holds(state.cells[cell], local),
        Of::Lock(lock) => {
            !own.frame().locks.contains(&lock) || holds.holds(state.locks[lock], local)
        }
    }
}
