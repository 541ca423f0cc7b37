//! The world of one execution: its shared objects and its threads.

use crate::engine::execution::backend::Backend;
use crate::engine::execution::collector::Collector;
use crate::engine::execution::function::Function;
use crate::engine::execution::halt::Halt;
use crate::engine::execution::hash::Digest;
use crate::engine::execution::object::ObjectState;
use crate::engine::execution::ranked::{Rank, Ranked, unpoisoned};
use crate::engine::execution::recorder::Recorder;
use crate::engine::execution::shared::Shared;
use crate::engine::execution::state::ExecutionState;
use crate::engine::execution::thread::{Status, ThreadState};
use crate::model::Task;
use crate::model::object::{Cell, Lock, Object, State};
use crate::model::results::{ByThread, Results};
use std::borrow::Cow;
use std::collections::BTreeSet;
use std::fmt;
use std::sync::{Arc, Mutex};

/// A concurrent program, built anew for each execution.
///
/// It must build the same objects and threads every time, and its threads may depend on nothing
/// but the values that their own operations return. Any `Fn(&mut World)` is an encoding.
///
/// A model with a size, which a type holds:
///
/// ```
/// use pagelock::engine::thread_names;
/// use pagelock::model::{Encoding, World};
/// use std::sync::Arc;
///
/// struct Writers(usize);
///
/// impl Encoding for Writers {
///     fn build(&self, world: &mut World) {
///         for number in 1..=self.0 {
///             world.thread(format!("writer {number}"), |_| Ok(()));
///         }
///     }
/// }
///
/// let model: Arc<dyn Encoding> = Arc::new(Writers(2));
/// assert_eq!(thread_names(&model).unwrap(), ["writer 1", "writer 2"]);
/// ```
pub trait Encoding: Send + Sync + 'static {
    /// Makes the objects and the threads of one execution.
    fn build(&self, world: &mut World);
}

impl<F: Fn(&mut World) + Send + Sync + 'static> Encoding for F {
    fn build(&self, world: &mut World) {
        self(world);
    }
}

pub(crate) type Body = Box<dyn FnOnce(&Task) -> Result<(), Halt> + Send>;

pub(crate) type Check = Box<dyn FnOnce(&Task) + Send>;

/// Makes the shared objects and the threads of one execution.
///
/// Objects first, then the threads that share clones of them, then what has to hold in the end:
///
/// ```
/// use pagelock::engine::{Strategy, search};
/// use pagelock::model::{Encoding, Function, World};
/// use std::sync::Arc;
///
/// const LOCK: Function = Function::new("mutex_lock", "kernel/locking/mutex.c");
/// const SET: Function = Function::new("set_bit", "a.c");
///
/// let model: Arc<dyn Encoding> = Arc::new(|world: &mut World| {
///     let (size, dirty) = (world.lock("size", "i_mutex", 1_u8), world.cell("dirty", false));
///     let (end_size, end_dirty) = (size.clone(), dirty.clone());
///     world.thread("writer", move |task| {
///         task.acquire(&size, LOCK)?.update(|size| *size = 2);
///         task.step(&dirty, SET, |dirty| *dirty = true)
///     });
///     world.finally(move |task| {
///         let known = end_dirty.peek(|dirty| *dirty) || end_size.peek(|size| *size == 1);
///         task.check("dirty", known, || "the new size will never be written".into());
///     });
/// });
/// assert_eq!(search(&model, &Strategy::ExplicitState).unwrap().findings, []);
/// ```
pub struct World {
    pub(crate) shared: Arc<Shared>,
    pub(crate) bodies: Vec<Body>,
    pub(crate) checks: Vec<Check>,
}

impl fmt::Debug for World {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("World")
            .field("threads", &self.bodies.len())
            .finish_non_exhaustive()
    }
}

/// The name as it is shared by all executions: the memory of one is never given back, and a program has few.
fn interned(name: String) -> &'static str {
    static NAMES: Mutex<BTreeSet<&'static str>> = Mutex::new(BTreeSet::new());
    let mut names = unpoisoned(&NAMES);
    if let Some(known) = names.get(name.as_str()) {
        return known;
    }
    let name = &*name.leak();
    names.insert(name);
    name
}

impl World {
    pub(crate) fn new(
        backend: Arc<dyn Backend>,
        collector: &Arc<Ranked<Collector>>,
        record: bool,
    ) -> Self {
        let execution = {
            let collector = collector.lock();
            ExecutionState {
                recorder: record.then(Recorder::default),
                most_operations: collector.most_operations(),
                looks_at_states: collector.looks_at_states(),
                ..ExecutionState::default()
            }
        };
        let shared = Shared {
            backend,
            execution: Ranked::new(Rank::Execution, execution),
            collector: Arc::clone(collector),
        };
        Self {
            shared: Arc::new(shared),
            bodies: Vec::new(),
            checks: Vec::new(),
        }
    }

    /// Makes a lock that is acquired and held, with the data that it protects.
    ///
    /// `class` names the place of the lock in a lock order (`page lock`); several locks may share
    /// it, and [`Task::holds`] asks for it.
    pub fn lock<T: State>(
        &self,
        name: impl Into<String>,
        class: &'static str,
        value: T,
    ) -> Lock<T> {
        Lock(self.object(name.into(), (class, true), value))
    }

    /// Makes an object that is touched by atomic steps only.
    pub fn cell<T: State>(&self, name: impl Into<String>, value: T) -> Cell<T> {
        Cell(self.object(name.into(), ("", false), value))
    }

    /// Makes a cell by which threads acquire something in a way of their own, such as a semaphore. A wait on it is an
    /// acquisition, of this class in a lock order; a thread that has acquired it says so by
    /// [`Task::hold`](super::Task::hold).
    pub fn lockable<T: State>(
        &self,
        name: impl Into<String>,
        class: &'static str,
        value: T,
    ) -> Cell<T> {
        Cell(self.object(name.into(), (class, false), value))
    }

    /// Makes a list for each thread, in which it leaves values for the check at the end
    /// ([`finally`](Self::finally)): no other thread sees them, so leaving one is no operation.
    ///
    /// ```
    /// # use pagelock::engine::{Strategy, search};
    /// # use pagelock::model::{Encoding, Function, World};
    /// # use std::sync::Arc;
    /// # const ADD: Function = Function::new("fetch_add", "a.rs");
    /// let model: Arc<dyn Encoding> = Arc::new(|world: &mut World| {
    ///     let count = world.cell("count", 0_u8);
    ///     let tickets = world.results::<u8>("tickets");
    ///     for name in ["one", "two"] {
    ///         let (count, tickets) = (count.clone(), tickets.clone());
    ///         world.thread(name, move |task| {
    ///             let ticket = task.step(&count, ADD, |count| { *count += 1; *count })?;
    ///             tickets.push(task, ticket);
    ///             Ok(())
    ///         });
    ///     }
    ///     world.finally(move |task| {
    ///         let all = tickets.all();
    ///         task.check("once", all.iter().all(|(_, own)| own.len() == 1), || "a ticket is missing".into());
    ///         task.check("distinct", all[0].1 != all[1].1, || "both have the same".into());
    ///     });
    /// });
    /// assert_eq!(search(&model, &Strategy::ExplicitState).unwrap().findings, []);
    /// ```
    pub fn results<T: State + Clone>(&self, name: impl Into<String>) -> Results<T> {
        Results::new(self.object(name.into(), ("", false), ByThread::default()))
    }

    /// Says which lock classes and threads the system has, whether or not this model has a lock of each class and each of
    /// the threads: where one is named that is neither declared nor there, that is an error
    /// ([`SearchError::UnknownName`](crate::engine::SearchError::UnknownName)).
    pub fn declare(&self, classes: &[&'static str], threads: &[&'static str]) {
        let mut execution = self.shared.execution();
        execution.declared.extend(classes);
        execution.declared.extend(threads);
    }

    /// Declares which thread has to bring an event about, whether or not a thread waits for it: `owner` looks at
    /// objects by [`Cell::peek`], and names a thread or none. A lock order then has the event as held
    /// by that thread. `what` is the name that a [`Wait`](super::Wait) for it has.
    pub fn obligation(
        &self,
        what: impl Into<Cow<'static, str>>,
        owner: impl Fn() -> Option<&'static str> + Send + Sync + 'static,
    ) {
        self.shared
            .execution()
            .obligations
            .push((what.into(), Box::new(owner)));
    }

    /// Adds a thread. Threads run in any order; names must differ.
    pub fn thread(
        &mut self,
        name: impl Into<String>,
        body: impl FnOnce(&Task) -> Result<(), Halt> + Send + 'static,
    ) {
        let mut execution = self.shared.execution();
        // Two threads are never in the same local state.
        let mut observed = Digest::new();
        observed.add(&execution.threads.len());
        execution.threads.push(ThreadState {
            name: interned(name.into()),
            status: Status::Starting,
            holds: Vec::new(),
            stack: Vec::new(),
            pending: Function::new("", ""),
            at: None,
            operation: None,
            waits: None,
            covered_waits: Vec::new(),
            halted: false,
            observed,
            reported: Digest::new(),
            halted_at: None,
            halts: 0,
        });
        drop(execution);
        self.bodies.push(Box::new(body));
    }

    /// Adds a check that runs once, after the last thread has returned; several run in their order. It does not run
    /// where an execution ends in a deadlock, or where a thread has left for good ([`Task::leave`]): then not all
    /// threads return. It reads objects with [`Cell::peek`] and [`Lock::peek`], and what threads have left for it
    /// with [`Results::all`]; a variable that threads share is no object of the model, and an error
    /// ([`SearchError::CheckReadsHiddenState`](crate::engine::SearchError::CheckReadsHiddenState)).
    pub fn finally(&mut self, check: impl FnOnce(&Task) + Send + 'static) {
        self.checks.push(Box::new(check));
    }

    fn object<T: State>(
        &self,
        name: String,
        (class, is_lock): (&'static str, bool),
        value: T,
    ) -> Arc<Object<T>> {
        let exclusion = self.shared.backend.exclusion();
        let value = Arc::new(Mutex::new(value));
        let (hashed, shown) = (Arc::clone(&value), Arc::clone(&value));
        let split = Arc::clone(&value);
        let mut execution = self.shared.execution();
        let id = execution.objects.push(ObjectState {
            name,
            made_as: None,
            class,
            is_lock,
            holder: None,
            released_by: None,
            hash: Box::new(move |mut hasher| unpoisoned(&hashed).hash(&mut hasher)),
            show: Box::new(move || unpoisoned(&shown).show()),
            words: Box::new(move || unpoisoned(&split).words()),
            digest: None,
            visits: Digest::new(),
        });
        Arc::new(Object {
            id,
            class,
            exclusion,
            value,
            access: Arc::clone(&execution.access),
        })
    }
}
