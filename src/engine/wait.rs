//! What a step waits for.

use super::books::{Awaiting, Books, By, Ready};
use super::object::{Cell, State};
use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

/// An event that a step waits for, and the thread that alone can bring it about.
///
/// Who knows whom a wait is for finds the cycle that no lock order shows. The interrupt that ends the I/O needs
/// the lock of whoever waits for it:
///
/// ```
/// use pagelock::engine::{Encoding, Function, NO_DEADLOCK, Strategy, Wait, World, search};
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
///         let wait = Wait::on("the I/O").done_by("interrupt");
///         task.step_when(&writeback, WAIT, &wait, |on| !on, |_| ())
///     });
///     world.thread("interrupt", move |task| {
///         let _locked = task.acquire(&same_page, LOCK)?;
///         task.step(&same, END, |on| *on = false)
///     });
/// });
/// let found = search(&model, &Strategy::States).unwrap();
/// let cycle = &found.finding(NO_DEADLOCK).unwrap().cycles[0];
/// assert_eq!(cycle.shape(), "interrupt (page) -> truncate (the I/O) -> interrupt");
/// ```
#[derive(Clone)]
pub struct Wait {
    what: Cow<'static, str>,
    by: Option<Cow<'static, str>>,
    named: Option<Arc<dyn Fn() -> Option<&'static str> + Send + Sync>>,
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
    pub fn done_by(mut self, thread: impl Into<Cow<'static, str>>) -> Self {
        self.by = Some(thread.into());
        self
    }

    /// A wait for an event that needs whichever thread the object names at the time: as long as that
    /// thread does nothing, nobody else can bring the event about, in *any* of the ways in which the
    /// guard may become true. The thread may hand the object
    /// on to another; it is asked for whenever the wait-for graph is followed.
    #[must_use]
    pub fn done_by_owner<T: State>(
        mut self,
        cell: &Cell<T>,
        owner: impl Fn(&T) -> Option<&'static str> + Send + Sync + 'static,
    ) -> Self {
        let object = Arc::clone(&cell.0);
        self.named = Some(Arc::new(move || owner(&object.value())));
        self
    }

    /// A wait for work, by a thread that serves others and never returns: such a wait may last for
    /// ever. The program is over when nobody else is left. Work stays until the thread itself takes
    /// it: nobody else may make the condition false again.
    #[must_use]
    pub fn for_work(mut self) -> Self {
        self.idle = true;
        self
    }

    pub(crate) fn is_for_work(&self) -> bool {
        self.idle
    }

    pub(crate) fn awaiting(&self, books: &Books, object: usize, ready: Ready) -> Awaiting {
        let thread = |by: &Cow<'static, str>| books.threads.iter().position(|t| t.name == *by);
        let by = match (&self.named, self.by.as_ref().and_then(thread)) {
            (Some(named), _) => By::Named(Arc::clone(named)),
            (None, Some(thread)) => By::Thread(thread),
            (None, None) => By::Anybody,
        };
        Awaiting {
            object,
            what: self.what.clone(),
            by,
            idle: self.idle,
            ready,
        }
    }
}
