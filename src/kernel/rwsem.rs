//! A reader-writer semaphore: held by any number of readers, or by one writer.
//!
//! A semaphore is a part of the lock order as any other lock is:
//!
//! ```
//! # use pagelock::engine::{NO_DEADLOCK, Strategy, search};
//! # use pagelock::model::{Encoding, World};
//! # use pagelock::kernel::{Buffers, Page, RwSemaphore, functions as f};
//! # use std::sync::Arc;
//! # let encoding: Arc<dyn Encoding> = Arc::new(|world: &mut World| {
//! let semaphore = RwSemaphore::new(world, "mmap_sem", "mmap_sem");
//! let page = Page::new(world, 0, Buffers::default(), false);
//! let (same, same_page) = (semaphore.clone(), page.clone());
//! world.thread("fault", move |task| {
//!     let _read = semaphore.down_read(task, f::DOWN_READ)?;
//!     page.lock_page(task).map(drop)
//! });
//! world.thread("writer", move |task| {
//!     let _locked = same_page.lock_page(task)?;
//!     same.down_write(task, f::DOWN_WRITE).map(drop)
//! });
//! # });
//! let found = search(&encoding, &Strategy::ExplicitState).unwrap();
//! let cycle = &found.finding(NO_DEADLOCK).unwrap().cycles[0];
//! assert_eq!(cycle.shape(), "fault (page N lock) -> writer (mmap_sem) -> fault");
//! ```

use super::functions as f;
use crate::model::{Cell, Function, Halt, Hold, State, Task, Wait, Word, World};
use std::fmt;

/// A read-write semaphore (`struct rw_semaphore`, kernel/rwsem.c and lib/rwsem-spinlock.c of 2.6).
///
/// Writers exclude every other thread, readers exclude writers. It is fair by default, as the kernel's is: what cannot
/// have it at once joins a queue, and its releaser passes it on to the front of the queue, to a writer or to all
/// readers up to the next writer. So a writer that waits keeps out every later reader, also a thread that reads already:
/// to read twice is a deadlock if a writer comes between. [`unfair`](Self::unfair) makes one without a queue. Clones are
/// the same semaphore.
///
/// | operation | steps |
/// |---|---|
/// | `down_read`, `down_write` | one: take it, or join the queue; one more to go on, where it had to wait |
/// | `down_read` and `down_write` of an unfair one | one, when no holder excludes it |
/// | `down_read_trylock`, `down_write_trylock`, `downgrade_write` | one |
/// | `up_read`, `up_write`: a [`RwGuard`] is dropped | one |
#[derive(Debug, Clone)]
pub struct RwSemaphore {
    name: String,
    fair: bool,
    state: Cell<Holders>,
}

/// How a thread has a semaphore, or wants it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Mode {
    Read,
    Write,
}

/// The threads that have a semaphore, and those that wait for it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
struct Holders {
    writer: Option<&'static str>,
    /// A thread that reads twice is listed twice.
    readers: Vec<&'static str>,
    queue: Vec<(&'static str, Mode)>,
}

impl State for Holders {
    fn show(&self) -> String {
        let mut queue = Vec::new();
        for (name, mode) in &self.queue {
            queue.push(match mode {
                Mode::Read => format!("{name} to read"),
                Mode::Write => format!("{name} to write"),
            });
        }
        let held = match self.writer {
            Some(writer) => format!("written by {writer}"),
            None if self.readers.is_empty() => "free".to_string(),
            None => format!("read by {}", self.readers.join(" and ")),
        };
        if queue.is_empty() {
            held
        } else {
            format!("{held}; waiting: {}", queue.join(", "))
        }
    }

    fn words(&self) -> Vec<Word> {
        vec![
            Word::new("writer", self.writer),
            Word::new("readers", &self.readers),
            Word::new("queue", &self.queue),
        ]
    }
}

impl Holders {
    /// Whether no holder excludes it.
    fn admits(&self, mode: Mode) -> bool {
        self.writer.is_none() && (mode == Mode::Read || self.readers.is_empty())
    }

    fn take(&mut self, name: &'static str, mode: Mode) {
        match mode {
            Mode::Read => self.readers.push(name),
            Mode::Write => self.writer = Some(name),
        }
    }

    /// Takes it if that is possible at once: whether it was.
    fn try_take(&mut self, name: &'static str, mode: Mode) -> bool {
        let can = self.queue.is_empty() && self.admits(mode);
        if can {
            self.take(name, mode);
        }
        can
    }

    fn release(&mut self, name: &'static str, mode: Mode) {
        match mode {
            Mode::Read => {
                let own = self.readers.iter().position(|reader| *reader == name);
                own.map(|own| self.readers.remove(own));
            }
            Mode::Write => self.writer = None,
        }
        self.pass_on();
    }

    /// Gives it to those at the front of the queue that can have it now.
    fn pass_on(&mut self) {
        while let Some((name, mode)) = self.queue.first().copied() {
            if !self.admits(mode) {
                break;
            }
            self.queue.remove(0);
            self.take(name, mode);
        }
    }

    fn is_queued(&self, name: &str) -> bool {
        self.queue.iter().any(|(other, _)| *other == name)
    }

    /// The threads that all have to act before a thread gets it: those that have it and exclude the thread, and those
    /// that are before it in the queue and will.
    fn before(&self, name: &str, mode: Mode) -> Vec<&'static str> {
        let queue = self.queue.iter();
        let ahead = queue.take_while(|(other, _)| *other != name);
        let ahead = ahead.filter(|(_, other)| mode == Mode::Write || *other == Mode::Write);
        let readers = self.readers.iter().filter(|_| mode == Mode::Write);
        let holders = self.writer.iter().chain(readers).copied();
        holders.chain(ahead.map(|(other, _)| *other)).collect()
    }
}

impl RwSemaphore {
    /// Makes a semaphore that is fair.
    #[must_use]
    pub fn new(world: &World, name: impl Into<String>, class: &'static str) -> Self {
        let name = name.into();
        Self {
            state: world.lockable(name.clone(), class, Holders::default()),
            name,
            fair: true,
        }
    }

    /// Makes a semaphore without a queue: a reader gets it whenever no thread writes, even if a writer waits. Writers may starve, and
    /// reading twice is no deadlock, as with the kernel's `rwlock_t`.
    #[must_use]
    pub fn unfair(world: &World, name: impl Into<String>, class: &'static str) -> Self {
        Self {
            fair: false,
            ..Self::new(world, name, class)
        }
    }

    /// `down_read`.
    #[track_caller]
    pub fn down_read(&self, task: &Task, function: Function) -> Result<RwGuard, Halt> {
        self.down(task, function, Mode::Read)
    }

    /// `down_write`.
    #[track_caller]
    pub fn down_write(&self, task: &Task, function: Function) -> Result<RwGuard, Halt> {
        self.down(task, function, Mode::Write)
    }

    /// `down_read_trylock`: nothing, if a writer has it or waits for it.
    #[track_caller]
    pub fn down_read_trylock(
        &self,
        task: &Task,
        function: Function,
    ) -> Result<Option<RwGuard>, Halt> {
        self.trylock(task, function, Mode::Read)
    }

    /// `down_write_trylock`: nothing, if any thread has it or waits for it.
    #[track_caller]
    pub fn down_write_trylock(
        &self,
        task: &Task,
        function: Function,
    ) -> Result<Option<RwGuard>, Halt> {
        self.trylock(task, function, Mode::Write)
    }

    #[track_caller]
    fn trylock(
        &self,
        task: &Task,
        function: Function,
        mode: Mode,
    ) -> Result<Option<RwGuard>, Halt> {
        let name = task.name();
        let taken = task.step(&self.state, function, move |sem| sem.try_take(name, mode))?;
        Ok(taken.then(|| self.guard(task, mode)))
    }

    #[track_caller]
    fn down(&self, task: &Task, function: Function, mode: Mode) -> Result<RwGuard, Halt> {
        let name = task.name();
        let wait = Wait::on(self.name.clone())
            .woken_by_all(&self.state, move |sem| sem.before(name, mode));
        if self.fair {
            // A wait for nothing: so the thread stands in lock orders as one that acquires the semaphore.
            let taken = task.step_when(
                &self.state,
                function,
                &wait,
                |_| true,
                move |sem| {
                    let taken = sem.try_take(name, mode);
                    if !taken {
                        sem.queue.push((name, mode));
                    }
                    taken
                },
            )?;
            if !taken {
                let granted = move |sem: &Holders| !sem.is_queued(name);
                task.step_when(&self.state, function, &wait, granted, |_| ())?;
            }
        } else {
            let admits = move |sem: &Holders| sem.admits(mode);
            task.step_when(&self.state, function, &wait, admits, move |sem| {
                sem.take(name, mode);
            })?;
        }
        Ok(self.guard(task, mode))
    }

    fn guard(&self, task: &Task, mode: Mode) -> RwGuard {
        RwGuard {
            hold: task.hold(&self.state),
            state: self.state.clone(),
            mode,
        }
    }
}

/// A semaphore that a thread has. Dropping it is `up_read` or `up_write`, which is a step.
#[must_use = "a guard that is dropped at once holds nothing"]
pub struct RwGuard {
    hold: Hold,
    state: Cell<Holders>,
    mode: Mode,
}

impl RwGuard {
    /// `downgrade_write`: a writer goes on as a reader, together with the readers at the front of the queue. One step.
    ///
    /// # Panics
    /// If the thread has it as a reader.
    #[track_caller]
    pub fn downgrade_write(mut self, task: &Task, function: Function) -> Result<Self, Halt> {
        assert_eq!(self.mode, Mode::Write, "a reader has nothing to downgrade");
        let name = task.name();
        task.step(&self.state, function, move |sem| {
            sem.writer = None;
            sem.readers.push(name);
            sem.pass_on();
        })?;
        self.mode = Mode::Read;
        Ok(self)
    }
}

impl Drop for RwGuard {
    fn drop(&mut self) {
        let (name, mode) = (self.hold.task().name(), self.mode);
        let function = match mode {
            Mode::Read => f::UP_READ,
            Mode::Write => f::UP_WRITE,
        };
        (self.hold).release(&self.state, function, move |sem| sem.release(name, mode));
    }
}

impl fmt::Debug for RwGuard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RwGuard({:?})", self.mode)
    }
}
