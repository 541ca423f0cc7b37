//! A model as data: one automaton for each thread, over the values of the shared objects.
//!
//! The explicit-state engine caches the *local states* of each thread (the thread, and what it has observed), and for
//! each of them the steps that it takes, by the values of the objects that a step touches. That is a system of
//! communicating automata, and it is complete: a checker that knows nothing of the encoding comes from it to
//! the same states.
//!
//! # What the automata mean
//! A *state* is a value of each object, a holder or none for each lock, and a local state of each thread. In the
//! first state every object has its [`initial`](Object::initial) value, no thread holds anything, and every
//! thread is in its [`initial`](Automaton::initial) local state.
//!
//! 1. A thread in a local state with an operation is *enabled* if the operation is a step; if it is an acquisition
//!    and no thread holds the lock; if it is a wait and the object's value is among those for which the local
//!    state [`opens`](LocalState::opens). A thread in a local state without an operation never is.
//! 2. If it goes on, exactly one [`Transition`] of its local state has every object at the value that it is for. The
//!    objects that it writes get their new values, the locks that it takes are the thread's, those that it
//!    releases are held by no thread, the properties that it names are violated, and the thread is in the next local
//!    state.
//! 3. A state in which no thread is enabled is an *end*. If a thread is at an acquisition there, or at a wait that
//!    is not for work, then [`NO_DEADLOCK`](crate::engine::NO_DEADLOCK) is violated.
//! 4. At an end at which every thread has returned or waits for work, the check at the end violates the
//!    properties of that entry of [`Automata::at_the_end`] whose objects have these values; if there is none,
//!    it violates nothing.
//!
//! Which thread can end a wait matters only for how a deadlock is described: a cycle of waits never opens, so every
//! schedule from where it has closed reaches an end of the third kind. What locks are called for a while, which
//! cover points are reached, and which obligations threads have is not in the automata.
//!
//! A thread that takes a lock and a step under it is in three local states, one after the other:
//!
//! ```
//! use pagelock::engine::automata;
//! use pagelock::model::{Encoding, Function, World};
//! use std::sync::Arc;
//!
//! const LOCK: Function = Function::new("mutex_lock", "kernel/locking/mutex.c");
//! const SET: Function = Function::new("set_bit", "a.c");
//!
//! let encoding: Arc<dyn Encoding> = Arc::new(|world: &mut World| {
//!     let (lock, bit) = (world.lock("lock", "mutex", ()), world.cell("bit", false));
//!     world.thread("one", move |task| {
//!         let _held = task.acquire(&lock, LOCK)?;
//!         task.step(&bit, SET, |bit| *bit = true)
//!     });
//! });
//! let automata = automata::of(&encoding).unwrap();
//! let [takes, steps, end] = &automata.threads[0].local_states[..] else { panic!("three") };
//! // The lock is object 0, the bit is object 1, and `true` is its value 1.
//! assert_eq!(takes.transitions[0].takes, [0]);
//! assert_eq!((&steps.transitions[0].writes[..], &steps.transitions[0].gives[..]), (&[(1, 1)][..], &[0][..]));
//! assert_eq!(end.end, Some(automata::End::Returned));
//! ```

use crate::engine::analysis::extraction::extract;
use crate::engine::error::SearchError;
use crate::model::Encoding;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// An object and one of its values: their numbers among the objects and among its values, from 0.
pub type ObjectValue = (u32, u32);

/// What the threads of a model do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Automata {
    /// The shared objects.
    pub objects: Vec<Object>,
    /// The threads.
    pub threads: Vec<Automaton>,
    /// The properties that are violated before the first operation.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub violated_at_first: Vec<String>,
    /// What the check at the end finds violated, by the values of the objects that it looks at.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub at_the_end: Vec<EndCheck>,
}

/// A shared object.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Object {
    /// The name that it is made under.
    pub name: String,
    /// Whether it can be held.
    pub kind: ObjectKind,
    /// Of a lock, its class in the lock order.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub class: String,
    /// Every value that it takes, in words; of a lock, what that protects. Two values that differ may read
    /// the same: a value is known by its place here.
    pub values: Vec<String>,
    /// The value that it has in the first state.
    pub initial: u32,
}

/// What kind of thing an object is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum ObjectKind {
    /// It is acquired and held by one thread at a time; only its holder touches what it protects.
    Lock,
    /// It is touched by atomic steps only, and no thread holds it.
    Cell,
}

/// A thread.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Automaton {
    /// The thread's name.
    pub name: String,
    /// Its operations, as the encoding spells them.
    pub operations: Vec<Operation>,
    /// Every local state that it reaches.
    pub local_states: Vec<LocalState>,
    /// The one that it is in in the first state: its number among them, from 0.
    pub initial: u32,
}

/// An operation of a thread, as the encoding spells it: what the same line does, called from the same functions
/// on the same object.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Operation {
    /// What kind of operation it is.
    pub kind: OperationKind,
    /// The function of the mirrored system that it stands for, `lock_page`.
    pub function: String,
    /// The file of the function.
    pub file: String,
    /// The functions that called it, outermost first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub callers: Vec<String>,
    /// The lock that it acquires, or the object that it takes its step on: its number among the objects.
    pub object: u32,
    /// Of a wait, what for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wait: Option<Wait>,
    /// Where it is in the encoding, `file:line:column`: of a call of a kernel primitive, that call.
    pub at: String,
    /// What it was seen to change, in words; what the thread changes behind the operation, up to its next
    /// one, is in it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub effects: Vec<Effect>,
}

/// What kind of operation a thread is at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum OperationKind {
    /// It takes a lock, once no thread holds it.
    Acquire,
    /// It takes an atomic step.
    Step,
    /// It takes an atomic step, once the object has a value for which the wait is over.
    Wait,
}

/// What a thread waits for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Wait {
    /// The event, in the encoding's words: `commit of T2`.
    pub event: String,
    /// Who can bring it about.
    pub ended_by: EndedBy,
    /// The thread serves others and waits for work: it may do so without end.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub for_work: bool,
}

/// Who can end a wait.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum EndedBy {
    /// Any thread.
    AnyThread,
    /// This thread alone.
    Thread(String),
    /// The thread alone that some object names at the time.
    Owner,
}

/// What an operation was seen to do to an object.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Effect {
    /// The object: its number.
    pub object: u32,
    /// Each value before, and what it became.
    pub changes: Vec<(String, String)>,
}

/// A local state of a thread: what it has observed determines where it is and what its variables hold.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct LocalState {
    /// The operation that it is at: its number among those of the thread, from 0.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub operation: Option<u32>,
    /// Where there is none, why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub end: Option<End>,
    /// Of a wait, the values of its object for which it is over.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub opens: Vec<u32>,
    /// What happens if the thread goes on.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub transitions: Vec<Transition>,
}

/// Why a thread goes nowhere any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum End {
    /// It has returned.
    Returned,
    /// It has left for good, and keeps what it holds: the check at the end does not run.
    Left,
}

/// What happens where a thread goes on, up to its next operation.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Transition {
    /// The values that it is for, of every object that is touched.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub when: Vec<ObjectValue>,
    /// The objects that change, with their values afterwards.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub writes: Vec<ObjectValue>,
    /// The locks that the thread holds afterwards and did not before.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub takes: Vec<u32>,
    /// The locks that it does not hold any more.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub gives: Vec<u32>,
    /// The properties that the thread finds violated.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub violates: Vec<String>,
    /// Where the thread is then: its number among those of the thread, from 0.
    pub to: u32,
}

/// What the check at the end finds violated.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct EndCheck {
    /// The values that this is for, of every object that the check looks at.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub when: Vec<ObjectValue>,
    /// The properties.
    pub violates: Vec<String>,
}

/// The automata of an encoding, from a search of all its states.
///
/// # Errors
/// [`SearchError`] if the search has no result.
pub fn of(encoding: &Arc<dyn Encoding>) -> Result<Automata, SearchError> {
    extract(encoding)
}
