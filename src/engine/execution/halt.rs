//! How a thread leaves its body where the execution is over for it.

/// Carries a thread out of its body: the execution is over for it.
///
/// An encoding passes it on with `?` and never makes one, except through [`Task::bug`](crate::model::Task::bug) and
/// [`Task::leave`](crate::model::Task::leave).
///
/// A failed assertion ends its thread, and `?` is how the thread gets out:
///
/// ```
/// use pagelock::engine::{Strategy, search};
/// use pagelock::model::{Encoding, Function, Halt, Task, World};
/// use std::sync::Arc;
///
/// const TEST: Function = Function::new("test", "a.c");
///
/// let model: Arc<dyn Encoding> = Arc::new(|world: &mut World| {
///     let dirty = world.cell("dirty", false);
///     let assert_dirty = move |task: &Task| -> Result<(), Halt> {
///         if !task.step(&dirty, TEST, |dirty| *dirty)? {
///             return Err(task.bug("dirty", "a clean page is written"));
///         }
///         Ok(())
///     };
///     world.thread("flusher", move |task| {
///         assert_dirty(task)?;
///         task.cover("behind the assertion");
///         Ok(())
///     });
/// });
/// let found = search(&model, &Strategy::ExplicitState).unwrap();
/// assert!(found.finding("dirty").is_some() && found.reached.is_empty());
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Halt {}

/// The payload by which a thread is ended that goes on and on after an operation has returned `Halt`.
pub(crate) struct IgnoresHalt;

/// Whether a panic is the encoding's own: loom ends its threads by panics with a payload of its own type.
pub(crate) fn is_of_the_encoding(payload: &(dyn std::any::Any + Send)) -> bool {
    payload.is::<String>() || payload.is::<&str>() || payload.is::<IgnoresHalt>()
}
