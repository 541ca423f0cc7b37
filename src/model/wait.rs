//! What a step waits for.

use crate::engine::execution::ids::ObjectId;
use crate::engine::execution::state::ExecutionState;
use crate::engine::execution::thread::{Awaiting, Names, Ready, WokenBy};
use crate::model::object::{Cell, State};
use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

/// An event that a step waits for, and the thread that alone can bring it about.
///
/// Who knows whom a wait is for finds the cycle that no lock order shows. The interrupt that ends the I/O needs
/// the lock of the thread that waits for it:
///
/// ```
/// use pagelock::engine::{NO_DEADLOCK, Strategy, search};
/// use pagelock::model::{Encoding, Function, Wait, World};
/// use std::sync::Arc;
///
/// const LOCK: Function = Function::new("lock_page", "mm/filemap.c");
/// const WAIT: Function = Function::new("wait_on_page_writeback", "include/linux/pagemap.h");
/// const END: Function = Function::new("end_page_writeback", "mm/filemap.c");
///
/// let model: Arc<dyn Encoding> = Arc::new(|world: &mut World| {
///     let (page, writeback) = (world.lock("page", "page lock", ()), world.cell("writeback", true));
///     let (same_page, same) = (page.clone(), writeback.clone());
///     world.thread("truncate", move |task| {
///         let _locked = task.acquire(&page, LOCK)?;
///         let wait = Wait::on("the I/O").woken_by("interrupt");
///         task.step_when(&writeback, WAIT, &wait, |on| !on, |_| ())
///     });
///     world.thread("interrupt", move |task| {
///         let _locked = task.acquire(&same_page, LOCK)?;
///         task.step(&same, END, |on| *on = false)
///     });
/// });
/// let found = search(&model, &Strategy::ExplicitState).unwrap();
/// let cycle = &found.finding(NO_DEADLOCK).unwrap().cycles[0];
/// assert_eq!(cycle.shape(), "interrupt (page) -> truncate (the I/O) -> interrupt");
/// ```
#[derive(Clone)]
pub struct Wait {
    what: Cow<'static, str>,
    by: Option<Cow<'static, str>>,
    named: Option<Names>,
    idle: bool,
}

impl fmt::Debug for Wait {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Wait({})", self.what)
    }
}

impl Wait {
    /// A wait for an event that any thread may bring about.
    pub fn on(what: impl Into<Cow<'static, str>>) -> Self {
        Self {
            what: what.into(),
            by: None,
            named: None,
            idle: false,
        }
    }

    /// A wait for an event that only the named thread can bring about: the wait-for graph gets an
    /// edge to it.
    #[must_use]
    pub fn woken_by(mut self, thread: impl Into<Cow<'static, str>>) -> Self {
        self.by = Some(thread.into());
        self
    }

    /// A wait for an event that needs whichever thread the object names at the time: as long as that
    /// thread does nothing, no other thread can bring the event about, in *any* of the ways in which the
    /// guard may become true. The thread may hand the object
    /// on to another; it is asked for whenever the wait-for graph is followed.
    #[must_use]
    pub fn woken_by_owner<T: State>(
        self,
        cell: &Cell<T>,
        owner: impl Fn(&T) -> Option<&'static str> + Send + Sync + 'static,
    ) -> Self {
        self.woken_by_all(cell, owner)
    }

    /// A wait for an event that needs every thread that the object names at the time, such as all readers of a
    /// semaphore: as long as one of them does nothing, the event does not come about. A thread may take itself out of
    /// them, and another one may be added.
    #[must_use]
    pub fn woken_by_all<T: State, N: IntoIterator<Item = &'static str>>(
        mut self,
        cell: &Cell<T>,
        names: impl Fn(&T) -> N + Send + Sync + 'static,
    ) -> Self {
        let object = Arc::clone(&cell.0);
        self.named = Some(Arc::new(move |act| {
            object
                .access
                .owner(|| names(&object.value()).into_iter().for_each(&mut *act));
        }));
        self
    }

    /// A wait for work, by a thread that serves others and never returns: such a wait may last
    /// without end. The program is over when no other thread is left. Work stays until the thread itself takes
    /// it: no other thread may make the condition false again.
    #[must_use]
    pub fn for_work(mut self) -> Self {
        self.idle = true;
        self
    }

    pub(crate) fn is_for_work(&self) -> bool {
        self.idle
    }

    /// The wait for a condition of an object of this class. A thread that it names has to be there.
    pub(crate) fn awaiting(
        &self,
        execution: &mut ExecutionState,
        (object, class): (ObjectId, &'static str),
        ready: Ready,
    ) -> Awaiting {
        let thread = |by: &Cow<'static, str>| execution.index(by);
        let by = match (&self.named, self.by.as_ref().map(|by| (by, thread(by)))) {
            (Some(named), _) => WokenBy::Named(Arc::clone(named)),
            (None, Some((_, Some(thread)))) => WokenBy::Thread(thread),
            (None, Some((by, None))) => {
                execution.unknown_thread(by, &self.what);
                WokenBy::AnyThread
            }
            (None, None) => WokenBy::AnyThread,
        };
        Awaiting {
            object,
            class,
            what: self.what.clone(),
            by,
            idle: self.idle,
            ready,
        }
    }
}
