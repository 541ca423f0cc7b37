//! What runs the threads of an execution: loom and shuttle, each behind the trait
//! [`Backend`](crate::engine::execution::backend::Backend).

pub(crate) mod final_check;
pub(crate) mod loom;
pub(crate) mod loom_replay;
pub(crate) mod panic_hook;
pub(crate) mod shuttle;
pub(crate) mod sleep_sets;
pub(crate) mod threads;
pub(crate) mod watchdog;
