//! One execution: its state and phase, its views and checks, its record, and the contracts with what runs and watches it.
//!
//! Start with [`state`]: everything here is about the [`ExecutionState`](state::ExecutionState).

pub(crate) mod access;
pub(crate) mod backend;
pub(crate) mod checks;
pub(crate) mod collector;
pub(crate) mod contracts;
pub(crate) mod deadlock;
pub(crate) mod determinism;
pub(crate) mod function;
pub(crate) mod halt;
pub(crate) mod hash;
pub(crate) mod ids;
pub(crate) mod model_error;
pub(crate) mod object;
pub(crate) mod observer;
pub(crate) mod panics;
pub(crate) mod parameters;
pub(crate) mod ranked;
pub(crate) mod recorder;
pub(crate) mod recording;
pub(crate) mod sets;
pub(crate) mod shared;
pub(crate) mod state;
pub(crate) mod thread;
pub(crate) mod transitions;
pub(crate) mod view;
pub(crate) mod wait_for;
pub(crate) mod word;
