//! What a thread does to shared objects: it acquires locks, takes steps, and waits.

use super::books::{Arrival, Books, Ready, Status};
use super::conduct::Before;
use super::mistake::Comes;
use super::object::{Cell, Lock, State};
use super::raw::RawGuard;
use super::turns::{await_turn, pass_turn};
use super::wait::Wait;
use super::world::{Kind, unpoisoned};
use super::{Function, Guard, Halt, SearchError, Task, loom, shuttle};
use crate::trace::EventKind;
use std::hash::Hash;
use std::panic::{AssertUnwindSafe, Location, catch_unwind, resume_unwind};
use std::sync::{Arc, MutexGuard};

impl Task {
    /// Acquires a lock, waiting for whoever holds it. One step.
    #[track_caller]
    pub fn acquire<'l, T: State>(
        &self,
        lock: &'l Lock<T>,
        function: Function,
    ) -> Result<Guard<'l, T>, Halt> {
        let comes = Comes {
            function,
            object: lock.0.id,
            at: Location::caller(),
        };
        self.told(self.take(lock, comes))
    }

    fn take<'l, T: State>(&self, lock: &'l Lock<T>, comes: Comes) -> Result<Guard<'l, T>, Halt> {
        let object = &*lock.0;
        let function = comes.function;
        let mut books = self.arrives(comes, false)?;
        let arrival = books.arrive_at_lock(self.id, comes);
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
        books.expect_contracts(self.id);
        books.granted(self.id, object.id, function);
        let frame = books.threads[self.id].stack.last().copied();
        self.unmistaken(books.bounded(), books)?;
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
        self.step_at(cell, (function, Location::caller()), false, effect)
    }

    /// The same, also for a thread whose assertion has failed, if it `releases` what it holds.
    pub(super) fn step_at<T: State, R: Hash>(
        &self,
        cell: &Cell<T>,
        (function, at): (Function, &'static Location<'static>),
        releases: bool,
        effect: impl Fn(&mut T) -> R + Copy + Send + Sync + 'static,
    ) -> Result<R, Halt> {
        let object = cell.0.id;
        let comes = Comes {
            function,
            object,
            at,
        };
        let arrived = self.arrives(comes, releases);
        let arrived = arrived.map(|mut books| books.arrive_at_step(self.id, comes, None));
        self.told(arrived.and_then(|()| self.attempt(cell, comes, None, effect)))
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
        self.step_when_at(cell, (function, Location::caller()), wait, guard, effect)
    }

    pub(super) fn step_when_at<T: State, R: Hash>(
        &self,
        cell: &Cell<T>,
        (function, at): (Function, &'static Location<'static>),
        wait: &Wait,
        guard: impl Fn(&T) -> bool + Copy + Send + Sync + 'static,
        effect: impl Fn(&mut T) -> R + Copy + Send + Sync + 'static,
    ) -> Result<R, Halt> {
        let comes = Comes {
            function,
            object: cell.0.id,
            at,
        };
        // Evaluated by the engine, and not as a part of any step: so it may read nothing else.
        let (value, looks) = (Arc::clone(&cell.0.value), Arc::clone(&cell.0.looks));
        let id = self.id;
        let ready: Ready = Arc::new(move || looks.guard(id, || guard(&unpoisoned(&value))));
        let arrived = self.arrives(comes, false).map(|mut books| {
            let object = (cell.0.id, cell.0.class);
            let awaiting = wait.awaiting(&mut books, object, Arc::clone(&ready));
            match self.shared.kind {
                // loom must see the attempt before it may learn that the guard does not hold.
                Kind::Loom => books.arrive_at_step(self.id, comes, Some(awaiting)),
                Kind::Shuttle => {
                    books.arrive_at_wait(self.id, awaiting, comes);
                }
            }
        });
        self.told(arrived.and_then(|()| self.attempt(cell, comes, Some(&(wait, ready)), effect)))
    }

    fn attempt<T: State, R: Hash>(
        &self,
        cell: &Cell<T>,
        comes: Comes,
        condition: Option<&(&Wait, Ready)>,
        effect: impl Fn(&mut T) -> R,
    ) -> Result<R, Halt> {
        let object = &*cell.0;
        let of = (object.id, object.class);
        loop {
            match self.shared.kind {
                Kind::Shuttle => shuttle::switch(),
                Kind::Loom => await_turn(self)?,
            }
            // Where no other thread can make the condition of a wait false, it makes no difference to any of them when
            // the thread looks at it in vain: so it looks only when there is something to see, and loom is spared the
            // order of the other looks. Not so where two threads take work from one object.
            if let (Kind::Loom, Some((wait, ready))) = (self.shared.kind, condition)
                && wait.is_for_work()
                && !loom::shares_work(self, object.id)
                && !ready()
            {
                let mut books = self.shared.books();
                let awaiting = wait.awaiting(&mut books, of, Arc::clone(ready));
                books.arrive_at_wait(self.id, awaiting.clone(), comes);
                drop(books);
                loom::park(self, Status::Awaiting(awaiting))?;
            }
            let raw = object.raw.take();
            let (mut books, raw) = self.scheduled(object.id, raw)?;
            match condition {
                Some((wait, ready)) if !ready() => {
                    let awaiting = wait.awaiting(&mut books, of, Arc::clone(ready));
                    let arrival = books.arrive_at_wait(self.id, awaiting.clone(), comes);
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
                _ => return self.take_effect(cell, comes, books, effect),
            }
        }
    }

    /// The step takes place now.
    fn take_effect<T: State, R: Hash>(
        &self,
        cell: &Cell<T>,
        comes: Comes,
        mut books: MutexGuard<'_, Books>,
        effect: impl Fn(&mut T) -> R,
    ) -> Result<R, Halt> {
        let object = &*cell.0;
        let recording = books.recorder.is_some();
        let before: Option<Before> = self.before(&mut books, object.id);
        books.expect_contracts(self.id);
        // What else the effect reads, no engine knows to be a part of the step.
        books.looks.open([object.id]);
        let happened = catch_unwind(AssertUnwindSafe(|| {
            let mut value = object.value();
            let before = recording.then(|| value.show());
            let result = effect(&mut value);
            (result, before.map(|before| (before, value.show())))
        }));
        let (result, change) = match happened {
            Ok(happened) => happened,
            Err(payload) => {
                // An encoding that catches the panic itself is wrong all the same.
                books.panicked(self.id, &*payload);
                drop(books);
                resume_unwind(payload)
            }
        };
        books.objects[object.id].digest = None;
        books.learn(self.id, &result);
        let function = comes.function;
        books.executed(self.id, Some(object.id), EventKind::Step, function, change);
        let effect = self.effect(&mut books, object.id, before);
        let effect = effect.and_then(|()| books.bounded());
        books.look_for_other_deadlocks(self.id);
        let woken = match self.shared.kind {
            Kind::Loom => books.ready_waiters(object.id),
            Kind::Shuttle => Vec::new(),
        };
        for thread in &woken {
            books.threads[*thread].status = Status::Stepping;
        }
        self.unmistaken(effect, books)?;
        loom::unpark(&self.shared, &woken);
        pass_turn(&self.shared);
        Ok(result)
    }

    /// The thread arrives at an operation, and the execution is not over.
    fn arrives(&self, comes: Comes, releases: bool) -> Result<MutexGuard<'_, Books>, Halt> {
        let mut books = self.shared.books();
        if books.at_the_end {
            let spot = books.spot_of(comes);
            books.mistaken(SearchError::OperationAtTheEnd { spot: spot.into() });
            return Err(Halt {});
        }
        let releases = releases && !matches!(books.threads[self.id].status, Status::Left);
        if books.stopping || (books.threads[self.id].halted && !releases) {
            books.threads[self.id].comes = Some(comes);
            return Err(Halt {});
        }
        let arrives = if let Some(mistake) = &books.mistake {
            Err(mistake.error.clone())
        } else if self.is_elsewhere(&books) {
            let spot = books.spot_at(self.id, Some(comes)).into();
            Err(SearchError::TaskElsewhere { spot })
        } else {
            self.settled(&mut books)
                .and_then(|()| self.conduct(&mut books, Some(comes)))
        };
        match arrives {
            Ok(()) => Ok(books),
            Err(mistake) => {
                drop(books);
                Err(self.mistaken(mistake))
            }
        }
    }

    /// The thread's last operation is over, with all that the thread does before its next one.
    pub(super) fn settled(&self, books: &mut Books) -> Result<(), SearchError> {
        books.learn_peeked(self.id);
        if let Some(stray) = books.looks.take_stray() {
            return Err(books.stray(self.id, stray));
        }
        books.kept_contracts(self.id)
    }

    /// Gives the books up, and the execution too if something has shown to be wrong with the encoding.
    fn unmistaken(
        &self,
        result: Result<(), SearchError>,
        books: MutexGuard<'_, Books>,
    ) -> Result<(), Halt> {
        drop(books);
        result.map_err(|mistake| self.mistaken(mistake))
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
}
