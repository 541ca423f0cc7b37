//! A semaphore that many readers or one writer can have.
//!
//! A semaphore is a part of the lock order as any other lock is:
//!
//! ```
//! # use pagelock::engine::{Encoding, NO_DEADLOCK, Strategy, World, search};
//! # use pagelock::kernel::{Buffers, Page, RwSemaphore, functions as f};
//! # use std::sync::Arc;
//! # let encoding: Arc<dyn Encoding> = Arc::new(|world: &mut World| {
//! let semaphore = RwSemaphore::new(world, "mmap_sem", "mmap_sem", &["fault".to_string()]);
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
//! let found = search(&encoding, &Strategy::States).unwrap();
//! let cycle = &found.finding(NO_DEADLOCK).unwrap().cycles[0];
//! assert_eq!(cycle.shape(), "fault (page N lock) -> writer (mmap_sem of fault) -> fault");
//! ```

use crate::engine::{Function, Guard, Halt, Lock, Task, World};

/// A read-write semaphore (`struct rw_semaphore`).
///
/// Each thread that may read has a slot, which it holds from `down_read` to `up_read`; the writer
/// takes every slot in turn. So readers do not meet, and every wait is a held lock. A writer that
/// waits keeps later readers out, as the kernel's does.
///
/// Readers do not wait for one another, and the writer waits for them all:
///
/// ```
/// use pagelock::engine::{Encoding, Strategy, World, search};
/// use pagelock::kernel::{RwSemaphore, functions as f};
/// use std::sync::Arc;
///
/// let encoding: Arc<dyn Encoding> = Arc::new(|world: &mut World| {
///     let readers = ["one", "other"].map(String::from);
///     let semaphore = RwSemaphore::new(world, "mmap_sem", "mmap_sem", &readers);
///     let inside = world.cell("readers", 0_u8);
///     for name in readers {
///         let (semaphore, inside) = (semaphore.clone(), inside.clone());
///         world.thread(name, move |task| {
///             let _read = semaphore.down_read(task, f::DOWN_READ)?;
///             if task.step(&inside, f::DOWN_READ, |inside| { *inside += 1; *inside })? == 2 {
///                 task.reach("together");
///             }
///             task.step(&inside, f::DOWN_READ, |inside| *inside -= 1)
///         });
///     }
///     world.thread("writer", move |task| {
///         let _write = semaphore.down_write(task, f::DOWN_WRITE)?;
///         let readers = task.step(&inside, f::DOWN_WRITE, |inside| *inside)?;
///         task.check("alone", readers == 0, || format!("with {readers} readers"));
///         Ok(())
///     });
/// });
/// let found = search(&encoding, &Strategy::States).unwrap();
/// assert_eq!(found.findings, []);
/// assert!(found.reached.contains("together"));
/// ```
#[derive(Debug, Clone)]
pub struct RwSemaphore {
    slots: Vec<(String, Lock<()>)>,
}

impl RwSemaphore {
    /// Makes a semaphore that the named threads may read.
    ///
    /// ```
    /// # use pagelock::engine::{Encoding, Strategy, World, search};
    /// # use pagelock::kernel::{RwSemaphore, functions as f};
    /// # use std::sync::Arc;
    /// # let encoding: Arc<dyn Encoding> = Arc::new(|world: &mut World| {
    /// let semaphore = RwSemaphore::new(world, "i_alloc_sem", "i_alloc_sem", &["fault".to_string()]);
    /// world.thread("fault", move |task| {
    ///     let _read = semaphore.down_read(task, f::DOWN_READ)?;
    ///     assert!(task.holds("i_alloc_sem")); // By its class, as it stands in a lock order.
    ///     Ok(())
    /// });
    /// # });
    /// # let found = search(&encoding, &Strategy::States).unwrap();
    /// # assert_eq!(found.findings, []);
    /// ```
    #[must_use]
    pub fn new(world: &World, name: &str, class: &'static str, readers: &[String]) -> Self {
        let slot = |reader: &String| {
            let lock = world.lock(format!("{name} of {reader}"), class, ());
            (reader.clone(), lock)
        };
        Self {
            slots: readers.iter().map(slot).collect(),
        }
    }

    /// `down_read`. One step.
    ///
    /// To read twice is to wait for oneself, as it is in the kernel once a writer waits between:
    ///
    /// ```
    /// # use pagelock::engine::{Encoding, NO_DEADLOCK, Strategy, World, search};
    /// # use pagelock::kernel::{RwSemaphore, functions as f};
    /// # use std::sync::Arc;
    /// # let encoding: Arc<dyn Encoding> = Arc::new(|world: &mut World| {
    /// let semaphore = RwSemaphore::new(world, "mmap_sem", "mmap_sem", &["fault".to_string()]);
    /// world.thread("fault", move |task| {
    ///     let _read = semaphore.down_read(task, f::DOWN_READ)?;
    ///     let _again = semaphore.down_read(task, f::DOWN_READ)?;
    ///     Ok(())
    /// });
    /// # });
    /// let found = search(&encoding, &Strategy::States).unwrap();
    /// assert!(found.finding(NO_DEADLOCK).is_some());
    /// ```
    ///
    /// # Panics
    /// If the thread is not one of the readers.
    #[track_caller]
    pub fn down_read(&self, task: &Task, function: Function) -> Result<Guard<'_, ()>, Halt> {
        let name = task.name();
        let own = self.slots.iter().find(|(reader, _)| *reader == name);
        task.acquire(&own.expect("the thread is a reader").1, function)
    }

    /// `down_write`: waits for every reader. One step for each slot.
    ///
    /// ```
    /// # use pagelock::engine::{Encoding, Strategy, World, search};
    /// # use pagelock::kernel::{RwSemaphore, functions as f};
    /// # use std::sync::Arc;
    /// # let encoding: Arc<dyn Encoding> = Arc::new(|world: &mut World| {
    /// let readers = ["one", "other"].map(String::from);
    /// let semaphore = RwSemaphore::new(world, "mmap_sem", "mmap_sem", &readers);
    /// world.thread("writer", move |task| {
    ///     // Held for as long as the guards are: a `let _ =` would give them up at once.
    ///     let write = semaphore.down_write(task, f::DOWN_WRITE)?;
    ///     assert_eq!(write.len(), 2); // One for each thread that may read.
    ///     drop(write);
    ///     assert!(!task.holds("mmap_sem"));
    ///     Ok(())
    /// });
    /// # });
    /// # let found = search(&encoding, &Strategy::States).unwrap();
    /// # assert_eq!(found.findings, []);
    /// ```
    #[track_caller]
    pub fn down_write(&self, task: &Task, function: Function) -> Result<Vec<Guard<'_, ()>>, Halt> {
        let take = |(_, slot)| task.acquire(slot, function);
        self.slots
            .iter()
            .map(|(name, slot)| (name, slot))
            .map(take)
            .collect()
    }
}
