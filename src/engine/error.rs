//! Why a search has no result.

use crate::engine::environment::EnvironmentLimit;
use crate::engine::location::ModelLocation;
use crate::engine::strategy::{Engine, MAX_LOOM_THREADS, MAX_OPERATIONS, MAX_THREADS};
use crate::trace::Source;
use thiserror::Error;

/// Why a search has no result.
///
/// An error of a model names the place in the encoding:
///
/// ```
/// use pagelock::engine::{SearchError, Strategy, search};
/// use pagelock::model::{Encoding, Function, World};
/// use std::sync::Arc;
///
/// const READ: Function = Function::new("read", "a.c");
///
/// let model: Arc<dyn Encoding> = Arc::new(|world: &mut World| {
///     let (flag, other) = (world.cell("flag", true), world.cell("other", true));
///     world.thread("one", move |task| {
///         let is_set = task.step(&flag, READ, |flag| *flag)?;
///         // What `other` is at that moment is no part of the step on `flag`.
///         task.check("same", other.peek(|other| *other == is_set), || "they differ".into());
///         Ok(())
///     });
/// });
/// let Err(SearchError::ReadOutsideStep { location, object, .. }) = search(&model, &Strategy::ExplicitState) else {
///     panic!("the model is wrong");
/// };
/// assert_eq!((location.thread.as_str(), object.as_str()), ("one", "other"));
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum SearchError {
    /// A variable of the environment would bound or change the search.
    #[error(transparent)]
    Environment(#[from] EnvironmentLimit),
    /// The model has no threads.
    #[error("the model has no threads: add one with `World::thread`")]
    NoThreads,
    /// Two threads have the same name.
    #[error("two threads are called `{0}`: give each its own name")]
    SameName(String),
    /// More threads than the engine takes.
    #[error(
        "the model has {threads} threads, and {engine} takes at most {most}: make the scenario smaller, \
         or leave it to another engine (`Scenario::run_by`; loom takes {MAX_LOOM_THREADS}, the others \
         {MAX_THREADS})"
    )]
    TooManyThreads {
        /// The engine.
        engine: Engine,
        /// How many the model has.
        threads: usize,
        /// How many the engine takes.
        most: usize,
    },
    /// An execution does not end.
    #[error(
        "{location}: an execution did not end within {operations} operations, of which {own} are this thread's; at the end it \
         repeats {repeats}. If that loop has no bound, give it one, or wait for what it waits for by `Task::step_when`; if \
         it has, allow more operations (`Limits::operations`)"
    )]
    Unbounded {
        /// The thread that has taken the most operations, and the beginning of its loop.
        location: Box<ModelLocation>,
        /// The operations of the execution.
        operations: usize,
        /// The thread's own.
        own: usize,
        /// The operations that it repeats, in words.
        repeats: String,
    },
    /// The model behaves differently when the same schedule is run again.
    #[error(
        "the model is not deterministic: {0}. It may depend on nothing that outlives an execution, and on \
         no clock, random number, address or order of a hash map: make in `Encoding::build` whatever the \
         threads use"
    )]
    Nondeterministic(String),
    /// A thread does something else although it knows the same: something that is no object of the model
    /// decides.
    #[error(
        "hidden state, {location}: {now}; in another execution, where the thread's operations had returned the \
         same, {before}. Something that is no object of the model decides that (a static, a variable that \
         threads share): put it into a `Cell` or a `Lock`, and let a step return what the thread needs of it"
    )]
    HiddenState {
        /// The thread, and the operation after which it shows.
        location: Box<ModelLocation>,
        /// What it does in one execution.
        now: String,
        /// What it did in another.
        before: String,
    },
    /// A thread looks at an object outside of a step on it.
    #[error(
        "{location} reads `{object}` outside of a step ({}:{}): between its last operation and that moment any \
         thread may have changed it, and not every such order is run. Read it by `Task::step`, under its \
         lock by `Guard::read`, or in `World::finally`",
        at.file, at.line
    )]
    ReadOutsideStep {
        /// The thread, and the operation that it took last.
        location: Box<ModelLocation>,
        /// The object that it reads.
        object: String,
        /// Where it does.
        at: Source,
    },
    /// The guard of a wait reads another object than its own.
    #[error(
        "{location}: the guard of this wait reads `{object}` ({}:{}), which is not the object that it waits on: a wait is \
         looked at again when its own object changes, and at no other time. Put what it needs into that object",
        at.file, at.line
    )]
    GuardReads {
        /// The thread, and its wait.
        location: Box<ModelLocation>,
        /// The object that is read.
        object: String,
        /// Where it is.
        at: Source,
    },
    /// A thread has done what the contract of another thread's wait rules out.
    #[error("{location} breaks the contract of a wait: {wait} and {contract}")]
    WaitContract {
        /// The thread that breaks it, and its operation.
        location: Box<ModelLocation>,
        /// Which thread waits, and what for.
        wait: String,
        /// What its wait says, what happens, and what to do.
        contract: String,
    },
    /// The encoding names something that the model does not have.
    #[error("{place} names the {name}, and there is none; known: {known}")]
    UnknownName {
        /// What kind of thing it names, and the name.
        name: String,
        /// What names it: a wait, a function of the library, a cover point.
        place: String,
        /// What there is.
        known: String,
    },
    /// The check at the end reads something that is no object of the model.
    #[error(
        "the check at the end (`World::finally`) reads something that is no object of the model: it finds {}; in another \
         execution {reads}, which is all that it reads of the model, held the same, and it did not. Let threads leave what \
         it needs in `World::results`, or in a `Cell` or a `Lock`",
        if violated.is_empty() { "nothing violated".to_string() } else { format!("`{}` violated", violated.join("`, `")) }
    )]
    CheckReadsHiddenState {
        /// The objects of the model that it reads.
        reads: String,
        /// The properties that it finds violated.
        violated: Vec<String>,
    },
    /// The check at the end takes an operation.
    #[error(
        "{location}: the check at the end takes an operation, and no thread is left to take one: read the object by `peek`, or \
         take the operation at the end of a thread"
    )]
    OperationAtTheEnd {
        /// The operation.
        location: Box<ModelLocation>,
    },
    /// Two values of an object that are shown in different words have the same hash.
    #[error(
        "two values of `{object}` have the same hash and are not the same: one of them is shown as `{value}`, the other in \
         other words. A search by states would take them for one: let its `Hash` cover every field (`derive(Hash)`)"
    )]
    HashOmits {
        /// The object's name.
        object: String,
        /// One of the values.
        value: String,
    },
    /// A thread's task or guard is used by another thread.
    #[error(
        "{location}: a `Task`, or a guard made by it, is used outside of its own thread: every thread uses the task that its \
         body is given, and drops what it has acquired itself"
    )]
    TaskElsewhere {
        /// The thread that it belongs to, and its operation.
        location: Box<ModelLocation>,
    },
    /// A search was begun within a model.
    #[error("a search was begun while this thread runs a model: end one before another one begins")]
    Nested,
    /// A thread has returned and still holds a lock.
    #[error(
        "{location}: the thread returns and still holds `{lock}`: its guard was never dropped \
         (`std::mem::forget`, or a cycle of references). Drop it where the lock is released; a thread that \
         goes with the lock, as the mirrored system may, says so by `Task::leave`"
    )]
    NeverReleased {
        /// The thread, and the operation that it took last.
        location: Box<ModelLocation>,
        /// The lock's name.
        lock: String,
    },
    /// A thread goes on although an operation has returned `Halt`.
    #[error(
        "{location}: the thread goes on although this operation, `Task::bug` or `Task::leave` has returned `Halt`: pass it on \
         with `?` or `return Err(..)`, or the thread does what no execution does"
    )]
    HaltIgnored {
        /// The thread, and the operation that returned `Halt`.
        location: Box<ModelLocation>,
    },
    /// A thread returns a `Halt` that none of its operations has returned.
    #[error(
        "{location}: the thread returns a `Halt` that no operation of it has returned: a `Halt` that was kept says nothing. \
         Return `Ok(())` where the thread ends, `Task::bug` where an assertion fails, `Task::leave` where it goes with what \
         it holds"
    )]
    HaltKept {
        /// The thread, and the operation that it took last.
        location: Box<ModelLocation>,
    },
    /// A thread has not looked at whether its wait was interrupted.
    #[error(
        "{location}: the wait may have been interrupted, and the thread does not check that: ask `InterruptibleWait::by_signal` and return \
         the error, for what was waited for need not have happened"
    )]
    InterruptIgnored {
        /// The thread, and its wait.
        location: Box<ModelLocation>,
    },
    /// The encoding panicked.
    #[error(
        "the encoding panicked, {location}: {message}. A step that the mirrored system would not survive is \
         `Task::bug`"
    )]
    Panicked {
        /// The thread, and the operation that it was at; nothing, where the model was made or looked at.
        location: Box<ModelLocation>,
        /// The panic's message, and where it was.
        message: String,
    },
    /// A replayed schedule names a thread that cannot go on there.
    #[error("the schedule does not fit the model: its operation {0} cannot take place")]
    Diverged(usize),
    /// There is a limit of memory, and the system does not say how much the process has.
    #[error("how much memory a search takes cannot be known on this system: leave the limit out")]
    MemoryUnknown,
}

impl SearchError {
    /// What an engine's own panic means.
    pub(crate) fn of_the_engine(message: String) -> Self {
        if message.contains("exceeded maximum number of branches") || message.contains("max_steps")
        {
            return Self::Unbounded {
                location: Box::default(),
                operations: MAX_OPERATIONS,
                own: 0,
                repeats: "what the engine does not tell".to_string(),
            };
        }
        if message.contains("fully deterministic") {
            return Self::Nondeterministic(message);
        }
        Self::Panicked {
            location: Box::default(),
            message,
        }
    }
}
