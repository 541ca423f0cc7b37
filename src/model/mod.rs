//! What an encoding writes: one screen of API, the same under every engine.
//!
//! | part | what it is |
//! |---|---|
//! | [`World`] | makes the shared objects and the threads of one execution |
//! | [`Lock`] | acquire and hold; the guard releases on drop |
//! | [`Cell`] | a shared object that is touched by atomic steps only |
//! | [`Task`] | a modelled thread: it acquires, steps, waits, reaches cover points and reports violations |
//! | [`Halt`] | what `?` carries out of a thread that cannot go on |
//!
//! An encoding never learns which checker runs it.

pub(crate) mod body;
pub(crate) mod guard;
pub(crate) mod hold;
pub(crate) mod interruptible;
pub(crate) mod object;
pub(crate) mod operation;
pub(crate) mod results;
pub(crate) mod task;
pub(crate) mod wait;
pub(crate) mod world;

pub use crate::engine::execution::function::Function;
pub use crate::engine::execution::halt::Halt;
pub use crate::engine::execution::word::Word;
pub use guard::Guard;
pub use hold::Hold;
pub use interruptible::InterruptibleWait;
pub use object::{Cell, Lock, State};
pub use results::Results;
pub use task::{Frame, Task};
pub use wait::Wait;
pub use world::{Encoding, World};
