//! A modelled thread, as its body sees it.

use super::Function;
use super::books::{Arrival, Books, Ready, Status, Step, WaitMark};
use super::hash::Digest;
use super::raw::RawGuard;
use super::turns::{await_turn, pass_turn};
use super::wait::Wait;
use super::world::{Cell, Guard, Kind, Lock, Shared, State, unpoisoned};
use super::{loom, shuttle};
use crate::trace::{AT_THE_END, EventKind};
use std::borrow::Cow;
use std::fmt;
use std::hash::Hash;
use std::panic::Location;
use std::sync::{Arc, MutexGuard};

/// Carries a thread out of its body: the execution is over for it.
///
/// An encoding passes it on with `?` and never makes one, except through [`Task::bug`] and
/// [`Task::leave`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Halt {}

/// A modelled thread.
#[derive(Clone)]
pub struct Task {
    pub(crate) id: usize,
    pub(crate) shared: Arc<Shared>,
}

impl fmt::Debug for Task {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Task({})", self.id)
    }
}

impl Task {
    /// The thread's name.
    #[must_use]
    pub fn name(&self) -> String {
        self.shared.books().threads[self.id].name.clone()
    }

    /// Acquires a lock, waiting for whoever holds it. One step.
    #[track_caller]
    pub fn acquire<'l, T: State>(
        &self,
        lock: &'l Lock<T>,
        function: Function,
    ) -> Result<Guard<'l, T>, Halt> {
        let object = &*lock.0;
        let mut books = self.shared.books();
        if books.stopping {
            return Err(Halt {});
        }
        let arrival = books.arrive_at_lock(self.id, object.id, function, Location::caller());
        books.mark_wait(self.id);
        drop(books);
        let raw = match (self.shared.kind, arrival) {
            (Kind::Loom, Arrival::Proceed) => {
                loom::end_if_quiescent(&self.shared);
                await_turn(self)?;
                object.raw.take()
            }
            (Kind::Loom, Arrival::Deadlock) => {
                object.raw.attempt_in_vain();
                loom::attempted(self, object.id);
                return Err(loom::wait_for_the_end(self, Status::Doomed));
            }
            (Kind::Shuttle, _) => {
                shuttle::switch();
                object.raw.take()
            }
        };
        let (mut books, raw) = self.scheduled(object.id, raw)?;
        books.granted(self.id, object.id, function);
        let frame = books.threads[self.id].stack.last().copied();
        drop(books);
        pass_turn(&self.shared);
        Ok(Guard {
            object,
            task: self.clone(),
            unlock: None,
            taken: (function, frame),
            _raw: raw,
        })
    }

    /// Takes one atomic step on a shared object.
    ///
    /// `effect` may capture nothing but plain copies, and its result is all that the thread learns:
    /// so the future of an execution is a function of the objects and of what each thread has seen.
    #[track_caller]
    pub fn step<T: State, R: Hash>(
        &self,
        cell: &Cell<T>,
        function: Function,
        effect: impl Fn(&mut T) -> R + Copy + Send + Sync + 'static,
    ) -> Result<R, Halt> {
        let step = (function, Location::caller());
        self.shared.books().arrive_at_step(self.id, step);
        self.attempt(cell, step, None, effect)
    }

    /// Waits until `guard` holds of the object, and takes one atomic step on it then.
    #[track_caller]
    pub fn step_when<T: State, R: Hash>(
        &self,
        cell: &Cell<T>,
        function: Function,
        wait: &Wait,
        guard: impl Fn(&T) -> bool + Copy + Send + Sync + 'static,
        effect: impl Fn(&mut T) -> R + Copy + Send + Sync + 'static,
    ) -> Result<R, Halt> {
        let step = (function, Location::caller());
        // Looked at by whoever schedules, and not as a part of any step.
        let value = Arc::clone(&cell.0.value);
        let ready: Ready = Arc::new(move || guard(&unpoisoned(&value)));
        match self.shared.kind {
            // loom must see the attempt before it may learn that the guard does not hold.
            Kind::Loom => self.shared.books().arrive_at_step(self.id, step),
            Kind::Shuttle => {
                let mut books = self.shared.books();
                let awaiting = wait.awaiting(&books, cell.0.id, Arc::clone(&ready));
                books.arrive_at_wait(self.id, awaiting, step);
            }
        }
        self.attempt(cell, step, Some(&(wait, ready)), effect)
    }

    fn attempt<T: State, R: Hash>(
        &self,
        cell: &Cell<T>,
        step: Step,
        condition: Option<&(&Wait, Ready)>,
        effect: impl Fn(&mut T) -> R,
    ) -> Result<R, Halt> {
        let object = &*cell.0;
        if self.shared.books().stopping {
            return Err(Halt {});
        }
        loop {
            match self.shared.kind {
                Kind::Shuttle => shuttle::switch(),
                Kind::Loom => await_turn(self)?,
            }
            // Where nobody but the thread itself can undo its condition, when it looks makes no
            // difference to anybody: so it looks only when there is something to see, and loom is
            // spared the order of the looks in vain.
            if let (Kind::Loom, Some((wait, ready))) = (self.shared.kind, condition)
                && wait.is_for_work()
                && !ready()
            {
                let mut books = self.shared.books();
                let awaiting = wait.awaiting(&books, object.id, Arc::clone(ready));
                books.arrive_at_wait(self.id, awaiting.clone(), step);
                drop(books);
                loom::park(self, Status::Awaiting(awaiting))?;
            }
            let raw = object.raw.take();
            let (mut books, raw) = self.scheduled(object.id, raw)?;
            match condition {
                Some((wait, ready)) if !ready() => {
                    let awaiting = wait.awaiting(&books, object.id, Arc::clone(ready));
                    let arrival = books.arrive_at_wait(self.id, awaiting.clone(), step);
                    drop(books);
                    drop(raw);
                    // Nothing lies between giving the object up and parking that loom could
                    // schedule another thread at, so no wakeup is lost.
                    let status = match arrival {
                        Arrival::Proceed => Status::Awaiting(awaiting),
                        Arrival::Deadlock => Status::Doomed,
                    };
                    loom::park(self, status)?;
                }
                _ => {
                    let recording = books.recorder.is_some();
                    let (result, change) = {
                        let mut value = object.value();
                        let before = recording.then(|| value.show());
                        let result = effect(&mut value);
                        (result, before.map(|before| (before, value.show())))
                    };
                    if books.stateful {
                        books.objects[object.id].digest = None;
                        books.learn(self.id, &result);
                    }
                    books.executed(self.id, Some(object.id), EventKind::Step, step.0, change);
                    let woken = match self.shared.kind {
                        Kind::Loom => books.ready_waiters(object.id),
                        Kind::Shuttle => Vec::new(),
                    };
                    for thread in &woken {
                        books.threads[*thread].status = Status::Stepping;
                    }
                    drop(books);
                    loom::unpark(&self.shared, &woken);
                    pass_turn(&self.shared);
                    return Ok(result);
                }
            }
        }
    }

    /// The thread's operation takes place now, unless the execution is over, or ends here since all that
    /// can follow is known.
    fn scheduled<'o>(
        &self,
        object: usize,
        raw: RawGuard<'o>,
    ) -> Result<(MutexGuard<'_, Books>, RawGuard<'o>), Halt> {
        let mut books = self.shared.books();
        if books.stopping {
            drop((books, raw));
            return Err(loom::unwound(self));
        }
        if self.shared.kind == Kind::Loom && loom::is_known(self, object, &mut books) {
            drop(books);
            return Err(loom::cut_short(&self.shared));
        }
        Ok((books, raw))
    }

    /// Enters a function of the mirrored system: until the frame is dropped, traces show the
    /// thread's steps as called from there.
    pub fn enter(&self, function: Function) -> Frame {
        self.shared.books().threads[self.id].stack.push(function);
        Frame { task: self.clone() }
    }

    /// Whether the thread holds a lock of this class.
    #[must_use]
    pub fn holds(&self, class: &str) -> bool {
        let books = self.shared.books();
        let held = &books.threads[self.id].holds;
        held.iter().any(|lock| books.objects[*lock].class == class)
    }

    /// Marks that an execution got here. Scenarios name the marks that must be reached.
    pub fn reach(&self, mark: impl Into<Cow<'static, str>>) {
        let mut books = self.shared.books();
        // What runs after an execution was cut short is the unwinding, not the program.
        if !books.pruned {
            books.reached.insert(mark.into());
        }
    }

    /// Does something whose local variables die with it: of all that the thread learns in it, it keeps the
    /// result. So a stateful search need not tell apart what is forgotten.
    ///
    /// `work` can change nothing outside: it is called by shared reference, and what it captures can be
    /// shared between threads, so no variable of the caller takes anything out of it. What is not in the
    /// result is gone.
    pub fn scope<R: Hash>(
        &self,
        work: impl Fn() -> Result<R, Halt> + Send + Sync,
    ) -> Result<R, Halt> {
        let before = self.shared.books().threads[self.id].seen;
        let result = work()?;
        self.shared.books().threads[self.id].seen = before;
        // With the mark of a scope's end: to have come out of it with a result is another place than to
        // be in it and to have learnt the same from the first operation.
        self.learn(&("end of a scope", Digest::of(&result)));
        Ok(result)
    }

    /// Does something, and marks every wait for a lock of this class in it.
    pub fn marking_waits<R>(
        &self,
        class: &'static str,
        mark: &'static str,
        work: impl FnOnce() -> R,
    ) -> R {
        self.marking(class, None, mark, work)
    }

    /// Does something, and marks every wait in it for a lock of this class that `holder` holds.
    pub fn marking_waits_for<R>(
        &self,
        class: &'static str,
        holder: &'static str,
        mark: &'static str,
        work: impl FnOnce() -> R,
    ) -> R {
        self.marking(class, Some(holder), mark, work)
    }

    fn marking<R>(
        &self,
        class: &'static str,
        holder: Option<&'static str>,
        mark: &'static str,
        work: impl FnOnce() -> R,
    ) -> R {
        let mark = WaitMark {
            class,
            holder,
            mark,
        };
        self.shared.books().threads[self.id].wait_marks.push(mark);
        let result = work();
        self.shared.books().threads[self.id].wait_marks.pop();
        result
    }

    /// Whoever searches states is told all that a thread learns.
    pub(crate) fn learn(&self, value: &impl Hash) {
        let mut books = self.shared.books();
        if books.stateful {
            books.learn(self.id, value);
        }
    }

    /// Records a violation of `property` unless `holds`. The thread goes on either way: a property
    /// watches, it does not change what the model does.
    pub fn check(
        &self,
        property: impl Into<Cow<'static, str>>,
        holds: bool,
        message: impl FnOnce() -> String,
    ) {
        if !holds {
            let message = format!("{}: {}", self.place(), message());
            self.shared.books().violated(property.into(), message, None);
        }
    }

    /// An assertion of the mirrored system has failed (`BUG_ON`): records the violation and ends
    /// the thread. Its guards are released as it returns.
    #[must_use = "pass it on: `return Err(task.bug(..))`"]
    pub fn bug(&self, property: impl Into<Cow<'static, str>>, message: impl Into<String>) -> Halt {
        let message = message.into();
        self.check(property, false, || message);
        self.shared.books().threads[self.id].halted = true;
        Halt {}
    }

    /// The thread leaves the mirrored system for good although it still holds something: nobody
    /// else will ever get that. Returns when the execution is over.
    #[must_use = "pass it on: `return Err(task.leave())`"]
    pub fn leave(&self) -> Halt {
        self.shared.books().left(self.id);
        match self.shared.kind {
            Kind::Loom => loom::wait_for_the_end(self, Status::Left),
            Kind::Shuttle => {
                shuttle::switch();
                Halt {}
            }
        }
    }

    /// Whether the thread is on its way out: the execution is over, or it has failed an assertion
    /// or left. A guard that drops then was not given up by the program.
    #[must_use]
    pub fn is_over(&self) -> bool {
        let books = self.shared.books();
        books.stopping || books.threads[self.id].halted
    }

    fn place(&self) -> String {
        let books = self.shared.books();
        let thread = &books.threads[self.id];
        match thread.stack.last() {
            _ if matches!(thread.status, Status::Finished) => AT_THE_END.to_string(),
            Some(function) => format!("{} in {}", thread.name, function.name),
            None => thread.name.clone(),
        }
    }
}

/// A function that a thread is in; leaves it when dropped.
#[derive(Debug)]
#[must_use = "a frame that is dropped at once leaves the function at once"]
pub struct Frame {
    task: Task,
}

impl Drop for Frame {
    fn drop(&mut self) {
        self.task.shared.books().threads[self.task.id].stack.pop();
    }
}
